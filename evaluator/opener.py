"""Makes the keys of a sealed vote and takes its locks off, on a machine without a network: `python -m evaluator.opener`.

It needs Python, the package `cryptography`, this file and its neighbour verifier.py; it shares no code with the service.
Two members hold the key of each lock. Together they make it, each protects the own copy with a passphrase, and each
opens the box alone: what both hand in must be equal, or nothing is opened. docs/ballot.md is the runbook.
"""

import argparse
import base64
import getpass
import hashlib
import hmac
import json
import os
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from evaluator import verifier
from evaluator.verifier import Broken, Document, canonical, digest, hold

SUITE_NAME = "DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM"
SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_128_GCM)
SCRYPT = {"n": 2**15, "r": 8, "p": 1}
SHORTEST = 8  # characters of a passphrase


# --- key files ------------------------------------------------------------------------------------


class Key:
    """The private half of a lock and the signature of one of its holders."""

    def __init__(self, header: Document, lock: EllipticCurvePrivateKey, signing: Ed25519PrivateKey) -> None:
        self.header, self.lock, self.signing = header, lock, signing

    @property
    def public(self) -> str:
        """The public half of the lock, hexadecimal."""
        return self.lock.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint).hex()

    @property
    def secret(self) -> bytes:
        """The private number of the lock."""
        return self.lock.private_numbers().private_value.to_bytes(32, "big")

    def salt(self, poll_hash: str, part: int) -> str:
        """Return what makes the hash of a list of opened ballots impossible to guess; both holders get the same."""
        return hmac.new(self.secret, f"cv1.salt\0{poll_hash}\0{part}".encode(), hashlib.sha256).hexdigest()

    def file(self, passphrase: str) -> bytes:
        """Return the key as a file that only the passphrase opens."""
        salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
        content = json.dumps({"lock": self.secret.hex(), "signing": self.signing.private_bytes_raw().hex()}).encode()
        closed = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, content, canonical(self.header))
        kept = {"salt": salt.hex(), "nonce": nonce.hex(), "content": closed.hex()}
        return json.dumps(self.header | kept, ensure_ascii=False, indent=1).encode()

    @classmethod
    def read(cls, path: Path, passphrase: str) -> "Key":
        """Return the key in a file.

        Raises:
            Broken: it is no key file, or the passphrase is another one.
        """
        document = _read(path, "evaluator-sealed-key-file")
        header = {name: value for name, value in document.items() if name not in {"salt", "nonce", "content"}}
        secret = _stretched(passphrase, bytes.fromhex(document["salt"]))
        nonce, closed = bytes.fromhex(document["nonce"]), bytes.fromhex(document["content"])
        try:
            content = json.loads(AESGCM(secret).decrypt(nonce, closed, canonical(header)))
        except InvalidTag:
            raise Broken(f"{path}: the passphrase is another one, or the file is damaged") from None
        return cls(header, _lock(bytes.fromhex(content["lock"])), _signing(bytes.fromhex(content["signing"])))


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt, 32, **SCRYPT).derive(passphrase.encode())


def _lock(secret: bytes) -> EllipticCurvePrivateKey:
    return derive_private_key(int.from_bytes(secret, "big"), SECP256R1())


def _signing(secret: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(secret)


def make_keys(
    vote: str, layer: str, holders: Sequence[str], *, lock: EllipticCurvePrivateKey | None = None
) -> list[Key]:
    """Return one key per holder: the same lock, a signature of one's own."""
    lock = lock or generate_private_key(SECP256R1())
    keys = []
    for place, name in enumerate(holders, start=1):
        header = {
            "format": "evaluator-sealed-key-file",
            "v": 1,
            "vote": vote,
            "layer": layer,
            "holder": place,
            "name": name,
        }
        keys.append(Key(header, lock, Ed25519PrivateKey.generate()))
    return keys


def public_file(keys: Sequence[Key]) -> Document:
    """Return what goes to the service: public halves only."""
    header = keys[0].header
    return {
        "format": "evaluator-sealed-key",
        "v": 1,
        "suite": SUITE_NAME,
        "vote": header["vote"],
        "layer": header["layer"],
        "public_key": keys[0].public,
        "signing_keys": [key.signing.public_key().public_bytes_raw().hex() for key in keys],
    }


def recovery(keys: Sequence[Key]) -> str:
    """Return the paper that goes into a sealed cover: from it both key files can be made again."""
    header = keys[0].header
    lines = [
        "RECOVERY COPY: print once, put into a sealed cover, then delete this file.",
        f"vote {header['vote']} layer {header['layer']} fingerprint {verifier.fingerprint(keys[0].public)}",
        f"lock {keys[0].secret.hex()}",
    ]
    lines += [
        f"holder {key.header['holder']} {key.signing.private_bytes_raw().hex()} {key.header['name']}" for key in keys
    ]
    return "\n".join(lines) + "\n"


def recovered(text: str) -> list[Key]:
    """Return the keys of a recovery copy.

    Raises:
        Broken: it is none, or a figure of it was misread: the fingerprint says so.
    """
    try:
        _title, about, lock_line, *holder_lines = [line for line in text.splitlines() if line.strip()]
        words = about.split()
        vote, layer, expected = words[1], words[3], " ".join(words[5:])
        lock = _lock(bytes.fromhex(lock_line.split()[1]))
        named = [line.split(maxsplit=3) for line in holder_lines]
        keys = make_keys(vote, layer, [name for *_rest, name in named], lock=lock)
        for key, (_word, _place, signing, _name) in zip(keys, named, strict=True):
            key.signing = _signing(bytes.fromhex(signing))
    except (ValueError, IndexError) as error:
        raise Broken(f"this is no recovery copy: {error}") from error
    hold(verifier.fingerprint(keys[0].public) == expected, "a figure of the recovery copy was misread")
    return keys


# --- taking a lock off ----------------------------------------------------------------------------


def opened(key: Key, box: Document) -> Document:
    """Return what a holder hands in: the lock taken off every envelope, in canonical order, signed.

    Raises:
        Broken: the box is not as the ledger says, or it is for another key.
    """
    definition = box["definition"]
    sealed = definition["sealed"]
    layers = sealed["layers"]
    place = next((place for place, each in enumerate(layers) if each["layer"] == box["layer"]), None)
    hold(place is not None and box["layer"] == key.header["layer"], "the box is for the holders of the other lock")
    hold(sealed["vote"] == key.header["vote"], "the box is of another vote than the key")
    hold(layers[place]["public_key"] == key.public, "the box was sealed with another key than this one")
    is_last = place == len(layers) - 1
    poll_hash = digest("cv1.poll", definition)
    salted = is_last and sealed["publication"] == "totals"
    parts = [_part(key, box["layer"], poll_hash, part, is_last=is_last, salted=salted) for part in box["parts"]]
    signed = [{name: part[name] for name in ("part", "n", "in_hash", "out_hash", "invalid")} for part in parts]
    digested = digest("cv1.strip", {"poll_hash": poll_hash, "layer": box["layer"], "parts": signed})
    return {
        "format": "evaluator-sealed-strip",
        "v": 1,
        "poll_hash": poll_hash,
        "layer": box["layer"],
        "parts": parts,
        "signature": key.signing.sign(digested.encode()).hex(),
    }


def _part(key: Key, layer: str, poll_hash: str, part: Document, *, is_last: bool, salted: bool) -> Document:
    number, inputs = part["part"], [base64.b64decode(text) for text in part["inputs"]]
    outputs, invalid = [], []
    info = f"cv1.seal\0{layer}\0{poll_hash}\0{number}".encode()
    for content in inputs:
        try:
            outputs.append(SUITE.decrypt(content, key.lock, info=info))
        except (InvalidTag, ValueError):
            invalid.append([_hash(content), "locked"])
    # The inner envelopes look random: ordered by their hash they are shuffled, and everybody gets the same order.
    outputs.sort(key=None if is_last else _hash)
    salt = key.salt(poll_hash, number) if salted else ""
    return {
        "part": number,
        "n": len(inputs),
        "in_hash": verifier.list_hash(map(_hash, inputs)),
        "out_hash": verifier.list_hash(map(_hash, outputs), salt),
        "invalid": sorted(invalid),
        "salt": salt,
        "outputs": [base64.b64encode(content).decode() for content in outputs],
    }


def destroyed(key: Key) -> Document:
    """Return the signed statement that a holder's copy of a key is gone."""
    statement = {
        "format": "evaluator-sealed-destroyed",
        "v": 1,
        "vote": key.header["vote"],
        "layer": key.header["layer"],
        "holder": key.header["holder"],
        "public_key": key.public,
    }
    return statement | {"signature": key.signing.sign(digest("cv1.destroyed", statement).encode()).hex()}


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# --- commands -------------------------------------------------------------------------------------


def cmd_keys(given: argparse.Namespace) -> None:
    """Make the key of a lock: one protected file per holder, one public file, one recovery copy."""
    hold(len(set(given.holders)) == 2, "a lock has two different holders")
    _write_keys(make_keys(given.vote, given.layer, given.holders), given.out)


def cmd_recover(given: argparse.Namespace) -> None:
    """Make the key files again from the recovery copy."""
    _write_keys(recovered(given.recovery.read_text(encoding="utf-8")), given.out)


def _write_keys(keys: Sequence[Key], out: Path) -> None:
    header = keys[0].header
    name = f"{header['vote'][:8]}-{header['layer']}"
    out.mkdir(parents=True, exist_ok=True)
    for key in keys:
        path = out / f"{name}-{key.header['holder']}.key.json"
        _write(path, key.file(_new_passphrase(key.header["name"])), private=True)
        print(f"{path}: the key of {key.header['name']}")
    _write(out / f"{name}.public.json", json.dumps(public_file(keys), indent=1).encode())
    _write(out / f"{name}.recovery.txt", recovery(keys).encode(), private=True)
    print(f"{out / name}.public.json: give this one in; fingerprint {verifier.fingerprint(keys[0].public)}")
    print(f"{out / name}.recovery.txt: print it, put it into a sealed cover, delete the file")


def cmd_check(given: argparse.Namespace) -> None:
    """Check a box without opening anything: definition, ledger, order, counts."""
    for line in verifier.verify_box(_read(given.box, "evaluator-sealed-box")):
        print(f"ok  {line}")


def cmd_open(given: argparse.Namespace) -> None:
    """Check a box, take the lock off, write the file to hand in."""
    box = _read(given.box, "evaluator-sealed-box")
    cmd_check(given)
    result = opened(Key.read(given.key, _passphrase("Passphrase of the key")), box)
    path = given.out or given.box.with_name(f"{given.box.stem}.opened.json")
    _write(path, json.dumps(result).encode(), private=True)
    for part in result["parts"]:
        print(
            f"item {part['part']}: {part['n']} envelopes, {len(part['invalid'])} do not open, list {part['out_hash'][:16]}…"
        )
        if len(set(part["outputs"])) < len(part["outputs"]) and not part["salt"]:
            print(f"item {part['part']}: some came out equal to the last byte; tell the counting team")
    print(f"{path}: hand this one in; the other holder's must be equal")


def cmd_redo(given: argparse.Namespace) -> None:
    """V10: open a kept box again and compare with what the ledger of the evidence says was opened."""
    box, bundle = _read(given.box, "evaluator-sealed-box"), given.bundle.read_bytes()
    result = opened(Key.read(given.key, _passphrase("Passphrase of the key")), box)
    evidence = json.loads(verifier.opened(bundle)[verifier.EVIDENCE])
    number = box["definition"]["poll"]
    strips = [
        entry["body"] for entry in evidence["ledger"]
        if entry["kind"] == "strip" and (entry["body"]["poll"], entry["body"]["layer"]) == (number, box["layer"])
    ]  # fmt: skip
    hold(strips, "V10 the ledger of the evidence does not know that this lock was taken off")
    mine = [{name: part[name] for name in ("part", "n", "in_hash", "out_hash", "invalid")} for part in result["parts"]]
    for strip in strips:
        hold(strip["parts"] == mine, f"V10 seat {strip['seat']} handed in something else than this box opens to")
    print(f"ok  V10 the lock {box['layer']} of vote {number} opens to the same lists again")


def cmd_destroy(given: argparse.Namespace) -> None:
    """Overwrite and delete a key file, and write the statement that it is gone."""
    key = Key.read(given.key, _passphrase("Passphrase of the key"))
    statement = destroyed(key)
    with given.key.open("r+b") as file:
        file.write(secrets.token_bytes(given.key.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    given.key.unlink()
    path = given.out or given.key.with_name(f"{given.key.name.removesuffix('.key.json')}.destroyed.json")
    _write(path, json.dumps(statement).encode())
    print(f"{given.key} is gone. {path}: hand this statement in. Destroy the recovery copy too.")


def _read(path: Path, kind: str) -> Document:
    try:
        document: Any = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Broken(f"{path} cannot be read: {error}") from error
    hold(isinstance(document, dict) and document.get("format") == kind, f"{path} is not a file of the kind {kind}")
    return dict(document)


def _write(path: Path, content: bytes, *, private: bool = False) -> None:
    path.write_bytes(content)
    if private:
        path.chmod(0o600)


def _passphrase(prompt: str) -> str:
    """Return a line that is not shown on the screen; from a script, the next line of the input."""
    return getpass.getpass(f"{prompt}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def _new_passphrase(name: str) -> str:
    first = _passphrase(f"{name}, choose a passphrase")
    hold(len(first) >= SHORTEST, f"a passphrase has at least {SHORTEST} characters")
    hold(not sys.stdin.isatty() or first == _passphrase("once more"), "the two passphrases are not equal")
    return first


def parser() -> argparse.ArgumentParser:
    """Return what can be said on the command line."""
    whole = argparse.ArgumentParser(prog="python -m evaluator.opener", description=__doc__)
    commands = whole.add_subparsers(required=True)

    def command(name: str, verb: Any, *options: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=verb.__doc__, description=verb.__doc__)
        added.set_defaults(verb=verb)
        for option in options:
            added.add_argument(f"--{option}", type=Path, required=True)
        return added

    keys = command("keys", cmd_keys)
    keys.add_argument("--vote", required=True)
    keys.add_argument("--layer", required=True, choices=["A", "B"])
    keys.add_argument("--holders", required=True, nargs=2, metavar="NAME")
    keys.add_argument("--out", type=Path, default=Path())
    command("recover", cmd_recover, "recovery").add_argument("--out", type=Path, default=Path())
    command("check", cmd_check, "box")
    command("open", cmd_open, "key", "box").add_argument("--out", type=Path)
    command("redo", cmd_redo, "key", "box", "bundle")
    command("destroy", cmd_destroy, "key").add_argument("--out", type=Path)
    return whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; 0 done, 1 refused with the reason."""
    given = parser().parse_args(arguments)
    try:
        given.verb(given)
    except Broken as broken:
        print(f"refused: {broken}", file=sys.stderr)
        return 1
    except (KeyError, TypeError, ValueError, IndexError) as error:
        print(f"refused: a file lacks something or has it in a wrong form: {error!r}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
