"""The papers of a session: its minutes and the records of its paper ballots."""
