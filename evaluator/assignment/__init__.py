"""Who reviews what: conflicts on record; proposing, adjusting and announcing."""
