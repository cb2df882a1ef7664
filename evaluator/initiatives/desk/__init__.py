"""The secretary's desk: the register of all dossiers of a round, and the checking of each."""
