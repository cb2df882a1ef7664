"""Where bytes lie: a folder, content under its own hash, behind four methods."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Protocol

from evaluator.core.errors import NotFound


class Storage(Protocol):
    """What another store (an object storage) would have to do."""

    def put(self, data: bytes) -> str:
        """Keep bytes and return their key; the same bytes twice are kept once."""

    def get(self, key: str) -> bytes:
        """Return the bytes behind a key."""

    def has(self, key: str) -> bool:
        """Return whether there are bytes behind a key."""

    def remove(self, key: str) -> None:
        """Forget the bytes behind a key."""


class Store:
    """The local store: ``ab/cdef…`` named by SHA-256, so a file can be checked against its own name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes) -> str:
        """Keep bytes and return their key. Safe on disk before it returns; written aside, then renamed."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
        return digest

    def get(self, key: str) -> bytes:
        """Return the bytes behind a key.

        Raises:
            NotFound: there are none.
        """
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            raise NotFound from None

    def has(self, key: str) -> bool:
        """Return whether there are bytes behind a key."""
        return self._path(key).exists()

    def remove(self, key: str) -> None:
        """Forget the bytes behind a key; nothing happens if there are none."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if len(key) != hashlib.sha256().digest_size * 2 or not key.isalnum():
            raise NotFound
        return self.folder / key[:2] / key[2:]
