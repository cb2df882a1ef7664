"""Keys of the sealed ballot: the service signs receipts, key-holders sign what they opened; locks are only looked at."""

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs the receipts of one vote with a key that follows from the service's secret and is stored nowhere."""

    private: Ed25519PrivateKey

    @classmethod
    def of(cls, secret: str, key: str) -> "Signer":
        """Return the signer of the vote with this random key."""
        seed = HKDF(SHA256(), 32, salt=None, info=f"cv1.receipts\0{key}".encode()).derive(secret.encode())
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def public(self) -> str:
        """The public key, hexadecimal; it stands in the frozen definition."""
        return self.private.public_key().public_bytes_raw().hex()

    def sign(self, digest: str) -> str:
        """Return the signature over a digest, hexadecimal."""
        return self.private.sign(digest.encode()).hex()


def is_signed(digest: str, signature: str, public: str) -> bool:
    """Whether a signature over a digest is that of a public key."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), digest.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def is_lock(text: str) -> bool:
    """Whether a text is a public key of the suite: an uncompressed point of P-256, hexadecimal in small letters."""
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), bytes.fromhex(text))
    except ValueError:
        return False
    return len(text) == 130 and text == text.lower()


def is_signing_key(text: str) -> bool:
    """Whether a text is the public key of a holder's signature."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    except ValueError:
        return False
    return True
