"""The council decides: members, sessions, roll calls, votes, counts, decisions."""
