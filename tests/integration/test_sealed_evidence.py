"""The evidence of a sealed vote: whatever is changed in it is named, by anybody, also by a holder who opens it again."""

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evaluator import opener, verifier
from evaluator.core.db import transaction
from evaluator.council import evidence
from evaluator.council import service as council
from evaluator.council.polls import deciding
from evaluator.rules.evidence import VOTES, digest, link
from evaluator.verifier import Broken, canonical
from tests.factories_council import a_council, a_session, an_item
from tests.factories_sealed import an_open_sealed_vote

ROOT = Path(__file__).parents[2]
WORDS = ["na mít khế sen", "cá tôm cò vạc", "trà mía dừa cam", "núi sông hồ suối", "đèn nến sao trăng"]


@pytest.fixture
def vote(app, clock):
    """A vote whose ballots are shown beside words, opened, declared, its session closed."""
    held = a_session(a_council())
    vote = an_open_sealed_vote(
        held, [an_item(held, number=1), an_item(held, number=2)], now=clock.now(), publication="tracked"
    )
    vote.receipts = [
        vote.cast(place, {1: "yes", 2: ("no", "yes")[place % 2]}, tracker=words) for place, words in enumerate(WORDS)
    ]
    vote.shut()
    vote.boxes = {}
    for layer in ("A", "B"):
        vote.boxes[layer] = vote.box(layer)
        vote.take_off(layer)
    with transaction():
        deciding.decide_all(held, by=vote.chair, now=vote.now)
        council.close_session(held, conclusion="Hội đồng nhất trí.", by=vote.chair, now=vote.now)
    vote.bundle = evidence.bundle(held)
    return vote


def failure(bundle: bytes, receipt: dict | None = None) -> str:
    with pytest.raises(Broken) as broken:
        list(verifier.verify(bundle, json.dumps(receipt).encode() if receipt else None))
    return str(broken.value)


def repacked(bundle: bytes, **changed: dict) -> bytes:
    """The bundle with these documents, manifest and archive in order again: a forger knows how."""
    files = verifier.opened(bundle)
    files |= {name.replace("_", "."): canonical(document) for name, document in changed.items()}
    listed = {
        name: verifier.hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name != verifier.MANIFEST
    }
    files[verifier.MANIFEST] = canonical({"v": 1, "files": listed})
    return verifier.packed(files)


def leaves(value: Any, path: tuple = ()) -> Iterator[tuple]:
    if isinstance(value, dict):
        for key in value:
            yield from leaves(value[key], (*path, key))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from leaves(each, (*path, place))
    else:
        yield path


def another(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if value is None:
        return "x"
    return ("1" if value[:1] == "0" else "0") + value[1:] if value else "x"


def put(document: Any, path: tuple, change: Any) -> Any:
    changed = copy.deepcopy(document)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = change(place[path[-1]])
    return changed


def test_every_value_of_the_evidence_is_held_by_something(vote):
    whole = json.loads(verifier.opened(vote.bundle)[verifier.EVIDENCE])
    unheld = []
    for path in leaves(whole):
        broken = repacked(vote.bundle, evidence_json=put(whole, path, another))
        try:
            list(verifier.verify(broken))
        except Broken:
            continue
        unheld.append(path)

    assert unheld == []


def test_one_changed_byte_of_any_file_is_noticed(vote):
    for name, content in verifier.opened(vote.bundle).items():
        files = verifier.opened(vote.bundle)
        files[name] = bytes([content[0] ^ 1]) + content[1:]
        assert failure(verifier.packed(files))
        assert failure(vote.bundle.replace(content, content[:-1] + bytes([content[-1] ^ 1]), 1))


def resealed(whole: dict) -> dict:
    """The evidence with its ledger chained anew, as somebody could who holds the server."""
    before = digest("cv1.session", whole["session"])
    for entry in whole["ledger"]:
        entry["hash"] = before = link(before, entry["number"], entry["kind"], entry["body"], entry["at"])
    whole["head"] = before
    return whole


def forged(vote, change) -> bytes:
    """A bundle in which the server's keeper changed something and put every hash in order that needs no key."""
    files = verifier.opened(vote.bundle)
    whole, minutes = json.loads(files[verifier.EVIDENCE]), json.loads(files[verifier.MINUTES])
    change(whole)
    close = next(entry["body"] for entry in whole["ledger"] if entry["kind"] == "close")
    close["votes_hash"] = digest(VOTES, whole["polls"][0]["sealed"]["totals"])
    resealed(whole)
    minutes["head"] = whole["head"]
    return repacked(vote.bundle, evidence_json=whole, minutes_json=minutes)


def entry_of(whole: dict, kind: str) -> dict:
    return next(entry["body"] for entry in whole["ledger"] if entry["kind"] == kind)


def stuff(whole: dict) -> None:
    """Put in a ballot for somebody who did not vote."""
    shut = entry_of(whole, "shut")
    shut["voted"].append(6)
    for part in shut["parts"]:
        part["cast"], part["not_cast"] = part["cast"] + 1, part["not_cast"] - 1
        part["envelopes"] = sorted([*part["envelopes"], "ab" * 32 if part["part"] == 1 else "cd" * 32])


def swap_a_ballot(whole: dict) -> None:
    """Show another choice beside the words of one member, and count it."""
    whole["polls"][0]["sealed"]["ballots"][0]["ballots"][0][1] = "no"
    whole["polls"][0]["sealed"]["totals"]["parts"][0]["votes"] = {"no": 1, "yes": 4}


def drop_an_envelope(whole: dict) -> None:
    part = entry_of(whole, "shut")["parts"][0]
    part["envelopes"].pop()
    part["cast"], part["not_cast"] = part["cast"] - 1, part["not_cast"] + 1


def open_alone(whole: dict) -> None:
    """One holder for both."""
    strips = [entry["body"] for entry in whole["ledger"] if entry["kind"] == "strip"]
    strips[1]["signature"] = strips[0]["signature"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (stuff, "V4 vote 1: 5 ballots are live, 6 members voted"),
        (swap_a_ballot, "V6 vote 1, part 1: the ballots shown are not those that came out of the envelopes"),
        (drop_an_envelope, "V5 vote 1, lock A, part 1: not the envelopes that were in the box"),
        (open_alone, "V5 vote 1, lock A: seat 3 did not sign it"),
    ],
)
def test_who_holds_the_server_cannot_put_this_in_order(vote, change, said):
    assert failure(forged(vote, change)) == said


def test_the_receipt_of_a_ballot_that_was_left_out_betrays_it(vote):
    lost = {**vote.receipts[0], "envelopes": [[1, "ab" * 32], [2, "cd" * 32]]}
    assert failure(vote.bundle, lost) == "V9 the receipt was not signed by the service"
    assert failure(vote.bundle, {**vote.receipts[0], "poll_hash": "0" * 64}) == (
        "V9 the receipt is of a vote that is not in this evidence"
    )
    assert "V9" in list(verifier.verify(vote.bundle, json.dumps(vote.receipts[0]).encode()))[-1]


def test_a_receipt_names_no_choice_and_no_key(vote):
    said = json.dumps(vote.receipts[0])

    assert set(vote.receipts[0]) == {
        "format", "v", "session", "poll", "poll_hash", "envelopes", "nonce", "commit", "entry", "head", "replaced", "signature"
    }  # fmt: skip
    assert not any(word in said for word in ("yes", 'no"', *WORDS))


# --- the opening tool, run as its holders run it ----------------------------------------------------


def run(*arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "evaluator.opener", *arguments]
    return subprocess.run(command, cwd=ROOT, input=said, capture_output=True, text=True, check=False)


def test_the_tool_makes_keys_opens_a_box_redoes_it_and_destroys_the_key(app, clock, tmp_path):
    held = a_session(a_council())
    vote = an_open_sealed_vote(held, [an_item(held)], now=clock.now(), locks=1)
    made = run(
        "keys",
        "--vote",
        vote.sealed.key,
        "--layer",
        "A",
        "--holders",
        "Một",
        "Hai",
        "--out",
        str(tmp_path),
        said="mật khẩu một\nmật khẩu hai\n",
    )
    assert made.returncode == 0, made.stderr
    name = f"{vote.sealed.key[:8]}-A"
    public = json.loads((tmp_path / f"{name}.public.json").read_text())
    recovered = run(
        "recover",
        "--recovery",
        str(tmp_path / f"{name}.recovery.txt"),
        "--out",
        str(tmp_path / "again"),
        said="mật khẩu ba\nmật khẩu bốn\n",
    )
    assert recovered.returncode == 0, recovered.stderr
    assert json.loads((tmp_path / "again" / f"{name}.public.json").read_text()) == public

    for place, key in enumerate(vote.keys["A"]):
        (tmp_path / f"{place}.key.json").write_bytes(key.file("mật khẩu dài"))
    for place in range(4):
        vote.cast(place, {1: "yes"})
    vote.shut()
    box = tmp_path / "box.json"
    box.write_text(json.dumps(vote.box("A")))
    assert run("check", "--box", str(box)).returncode == 0
    wrong = run("open", "--key", str(tmp_path / "0.key.json"), "--box", str(box), said="không phải\n")
    assert (wrong.returncode, "the passphrase is another one" in wrong.stderr) == (1, True)
    for place in (0, 1):
        out = tmp_path / f"{place}.opened.json"
        opened = run(
            "open",
            "--key",
            str(tmp_path / f"{place}.key.json"),
            "--box",
            str(box),
            "--out",
            str(out),
            said="mật khẩu dài\n",
        )
        assert opened.returncode == 0, opened.stderr
        assert vote.hand_in("A", place, json.loads(out.read_text())) is bool(place)
    with transaction():
        deciding.decide_all(held, by=vote.chair, now=vote.now)
        council.close_session(held, conclusion="", by=vote.chair, now=vote.now)
    bundle = tmp_path / "evidence.zip"
    bundle.write_bytes(evidence.bundle(held))
    redone = run(
        "redo", "--key", str(tmp_path / "1.key.json"), "--box", str(box), "--bundle", str(bundle), said="mật khẩu dài\n"
    )
    assert (redone.returncode, redone.stdout) == (0, "ok  V10 the lock A of vote 1 opens to the same lists again\n"), (
        redone.stderr
    )
    gone = run("destroy", "--key", str(tmp_path / "0.key.json"), said="mật khẩu dài\n")
    assert gone.returncode == 0, gone.stderr
    assert not (tmp_path / "0.key.json").exists()
    assert json.loads((tmp_path / "0.destroyed.json").read_text())["vote"] == vote.sealed.key


def test_a_box_that_was_changed_is_not_opened(vote, tmp_path):
    for change in (
        lambda box: box["parts"][0]["inputs"].pop(),
        lambda box: box["parts"][0]["inputs"].append(box["parts"][1]["inputs"][0]),
        lambda box: box["definition"]["rule"].update(threshold=[1, 2]),
        lambda box: box["ledger"].pop(2),
    ):
        box = copy.deepcopy(vote.boxes["A"])
        change(box)
        with pytest.raises(Broken):
            list(verifier.verify_box(box))


def test_a_holder_finds_out_by_opening_again_that_something_else_was_handed_in(vote):
    result = opener.opened(vote.keys["B"][0], vote.boxes["B"])
    strip = next(
        entry["body"]
        for entry in json.loads(verifier.opened(vote.bundle)[verifier.EVIDENCE])["ledger"]
        if entry["kind"] == "strip" and entry["body"]["layer"] == "B"
    )

    assert [part["out_hash"] for part in result["parts"]] == [part["out_hash"] for part in strip["parts"]]
    with pytest.raises(Broken, match="another key"):
        opener.opened(opener.make_keys(vote.sealed.key, "B", ["Một", "Hai"])[0], vote.boxes["B"])
