"""A demonstration: invented dossiers and people, taken through a round by the same verbs the pages use."""
