"""Passwords: what makes a good one, and the slow hash. Never called while a transaction is open."""

from typing import NewType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from evaluator.core.errors import Invalid
from evaluator.core.text import N_
from evaluator.rules.vietnamese import fold, nfc

SealedPassword = NewType("SealedPassword", str)

SHORTEST, LONGEST = 8, 200
COMMON = frozenset({
    "12345678", "123456789", "1234567890", "12341234", "87654321", "11111111", "00000000", "password", "password1",
    "qwertyui", "qwerty123", "matkhau1", "matkhau123", "iloveyou", "abcd1234", "abc12345", "anhyeuem",
})  # fmt: skip


class Passwords:
    """Hashes and checks with argon2id; the cost is set once, by the application."""

    def __init__(self) -> None:
        self.configure(memory_kib=65536, rounds=3)

    def configure(self, *, memory_kib: int, rounds: int) -> None:
        """Set the cost of one hash: 64 MB and 3 rounds where nothing else is said (RFC 9106, second choice)."""
        self._hasher = PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1)
        self._nobody = ""

    def seal(self, password: str) -> SealedPassword:
        """Return the hash of a password. Letters typed as combinations count as the composed ones."""
        return SealedPassword(self._hasher.hash(nfc(password)))

    def fits(self, sealed: str, password: str) -> bool:
        """Return whether the password is the one; takes as long when there is none at all."""
        if not sealed:
            self._nobody = self._nobody or self.seal("nobody has this password")
        try:
            self._hasher.verify(sealed or self._nobody, nfc(password))
        except (VerificationError, InvalidHashError):
            return False
        return bool(sealed)


passwords = Passwords()


def check_strength(password: str, *, email: str = "", name: str = "") -> None:
    """Do nothing if the password is good enough (NIST SP 800-63B: long, not common, not one's own name).

    Raises:
        Invalid: on the field ``password``, with what to do.
    """
    if len(password) < SHORTEST:
        raise Invalid.on(
            "password", N_("Use at least %(count)s characters; a short sentence is easy to keep."), count=SHORTEST
        )
    if len(password) > LONGEST:
        raise Invalid.on("password", N_("Use at most %(count)s characters."), count=LONGEST)
    folded = fold(password).replace(" ", "")
    own = {fold(email), fold(email).partition("@")[0], fold(name).replace(" ", "")} - {""}
    if folded in COMMON or folded in own or len(set(folded)) <= 2:
        raise Invalid.on(
            "password", N_("This password is guessed at once. Choose another, for example a short sentence.")
        )
