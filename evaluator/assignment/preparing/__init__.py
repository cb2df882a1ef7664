"""What is settled before anything is proposed: the rules of a round, fixed pairs, and whether enough people remain."""
