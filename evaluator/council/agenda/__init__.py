"""What can happen to an item of the agenda beside its vote: sent back, voted on again, left for want of a quorum."""
