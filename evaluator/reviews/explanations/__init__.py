"""One page and one paper per dossier that carry every number from the points to the rank."""
