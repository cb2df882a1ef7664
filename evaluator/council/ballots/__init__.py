"""Pages of a vote: its ballots of every kind, its papers, its count."""
