"""Who reviews what: the best plan under conflicts and loads, with a proof that none is better.

Import it only where a plan is made: it brings numpy and OR-tools, which no page needs.
"""
