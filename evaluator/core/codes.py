"""Public codes: what stands in addresses and on papers instead of database ids."""

import secrets

# No letters or digits that are mistaken for one another on paper or on the telephone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def random_code(length: int = 8) -> str:
    """Return a code that tells nothing and cannot be guessed from another."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def token() -> str:
    """Return a secret for a link, with 256 bits."""
    return secrets.token_urlsafe(32)
