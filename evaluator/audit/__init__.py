"""Who did what, when: an append-only history in which every row seals the one before."""
