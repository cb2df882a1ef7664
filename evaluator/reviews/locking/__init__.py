"""Locking results: each locking keeps what was decided, unlocking needs the chair and a reason, changes are listed."""
