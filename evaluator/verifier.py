"""Checks an evidence bundle of a council's session: `python -m evaluator.verifier BUNDLE.zip`.

One file, the standard library only, none of the code it checks: it reads the bundle, redoes every hash, every count
and every verdict with code of its own, and names the first thing that does not hold. It needs no network and no
database; hand it to anybody. The checks are V1 to V8 of the council's voting digest as far as open and paper votes go;
V9 and V10 concern sealed electronic ballots and receipts, of which these sessions have none.
"""

import hashlib
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree as ET

EVIDENCE, MINUTES, PAPER, MANIFEST, README = (
    "evidence.json",
    "minutes.json",
    "minutes.docx",
    "manifest.json",
    "README.txt",
)
STAMP = (1980, 1, 1, 0, 0, 0)
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SEAL = re.compile(r"sổ biểu quyết:\s*([0-9a-f ]{8,})")  # before the head of the ledger, as the minutes print it
CHOICES = {"yes", "no", "abstain"}

Document = dict[str, Any]


class Broken(Exception):
    """Something in a bundle does not hold."""


def hold(condition: object, what: str) -> None:
    """Go on if the condition is true.

    Raises:
        Broken: it is not; ``what`` says what does not hold.
    """
    if not condition:
        raise Broken(what)


# --- bytes and hashes -----------------------------------------------------------------------------


def canonical(value: Any) -> bytes:
    """Return the one byte form of plain data."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(tag: str, value: Any) -> str:
    """Return the tagged SHA-256 of a value."""
    return hashlib.sha256(tag.encode() + b"\0" + canonical(value)).hexdigest()


def packed(files: dict[str, bytes]) -> bytes:
    """Return the archive of these files as a bundle is written: stored, sorted, without times of its own."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, STAMP)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, files[name])
    return buffer.getvalue()


def opened(bundle: bytes) -> dict[str, bytes]:
    """Return the files of a bundle; every byte of the archive must be as it was written."""
    try:
        with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
            names = archive.namelist()
            hold(len(set(names)) == len(names), "the archive holds a file twice")
            files = {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise Broken(f"the archive cannot be read: {error}") from error
    hold({EVIDENCE, MINUTES, MANIFEST} <= set(files), "the archive lacks evidence.json, minutes.json or manifest.json")
    hold(packed(files) == bundle, "the archive itself was changed: its bytes are not those of its files")
    return files


def parsed(files: dict[str, bytes], name: str) -> Document:
    """Return a JSON file in its canonical form."""
    try:
        document = json.loads(files[name])
    except ValueError as error:
        raise Broken(f"{name} is not JSON: {error}") from error
    hold(isinstance(document, dict), f"{name} is not an object")
    hold(canonical(document) == files[name], f"{name} is not in canonical form: it was changed by hand")
    return document


# --- the checks -----------------------------------------------------------------------------------


def check_manifest(files: dict[str, bytes]) -> str:
    """Every file is listed with its hash, and no other is there."""
    listed = parsed(files, MANIFEST).get("files", {})
    hold(
        sorted(listed) == sorted(set(files) - {MANIFEST}), "manifest.json does not list exactly the files of the bundle"
    )
    for name, expected in listed.items():
        hold(hashlib.sha256(files[name]).hexdigest() == expected, f"{name} is not the file that manifest.json names")
    return f"V0 the {len(listed)} files are those of the manifest"


def check_definitions(evidence: Document) -> str:
    """V1: each definition hashes to what the ledger froze; its roll is that of the session."""
    frozen = {
        entry["body"]["poll"]: entry["body"]["poll_hash"] for entry in evidence["ledger"] if entry["kind"] == "freeze"
    }
    seats = {member["seat"]: member["name"] for member in evidence["session"]["members"]}
    polls = evidence["polls"]
    hold(
        sorted(frozen) == sorted(poll["definition"]["poll"] for poll in polls),
        "V1 the votes are not those the ledger froze",
    )
    for poll in polls:
        definition = poll["definition"]
        name = f"V1 vote {definition['poll']}"
        hold(
            digest("cv1.poll", definition) == frozen[definition["poll"]],
            f"{name}: its definition is not the frozen one",
        )
        roll = {line["seat"]: line["name"] for line in definition["roll"]}
        hold(roll == seats and len(roll) == len(definition["roll"]), f"{name}: its roll is not that of the council")
        changed = {key for key, value in evidence["session"]["rule"].items() if definition["rule"].get(key) != value}
        hold(
            changed <= ({"k", "k_since"} if definition["former"] else set()),
            f"{name}: its rule is not that of the round",
        )
        parts = [part["part"] for part in definition["parts"]]
        hold(len(set(parts)) == len(parts), f"{name}: an item stands on it twice")
    return f"V1 {len(polls)} definitions are as frozen, each with the roll of the council"


def check_ledger(evidence: Document, minutes: Document) -> str:
    """V2: numbers without gaps, each entry sealing the one before, the head as printed."""
    before = digest("cv1.session", evidence["session"])
    for place, entry in enumerate(evidence["ledger"], start=1):
        hold(entry["number"] == place, f"V2 ledger: entry {place} is missing or out of place")
        before = digest("cv1.led", [before, place, entry["kind"], entry["body"], entry["at"]])
        hold(
            entry["hash"] == before,
            f"V2 ledger: entry {place} ({entry['kind']}) does not follow from the one before it",
        )
    hold(evidence["head"] == before, "V2 ledger: the head is not the hash of the last entry")
    hold(minutes["head"] == before, "V2 ledger: the head on the minutes is another one")
    return f"V2 the ledger of {len(evidence['ledger'])} entries is whole; its head is {before[:16]}…"


STEPS = {
    ("", "freeze"): "open",
    ("open", "record"): "open",
    ("open", "papers"): "open",
    ("open", "close"): "counted",
    ("open", "annul"): "annulled",
    ("counted", "decide"): "counted",
    ("counted", "reconsider"): "counted",
    ("", "end"): "ended",  # of the session itself, which stands here as vote 0
}


def check_order(evidence: Document) -> str:
    """V3: each vote was frozen, given, counted or annulled, and decided, in this order; nothing after the count."""
    states: dict[int, str] = {}
    for entry in evidence["ledger"]:
        poll, kind = entry["body"]["poll"], entry["kind"]
        state = STEPS.get((states.get(poll, ""), kind))
        hold(state, f"V3 order: “{kind}” of vote {poll} in entry {entry['number']} cannot come where it stands")
        states[poll] = str(state)
    for poll in evidence["polls"]:
        number = poll["definition"]["poll"]
        hold(
            states[number] == poll["state"],
            f"V3 order: vote {number} is said to be {poll['state']}, by the ledger it is {states[number]}",
        )
    hold(evidence["ledger"] and evidence["ledger"][-1]["kind"] == "end", "V3 order: the session was not closed last")
    hold(
        evidence["ledger"][-1]["body"]["closed_at"] == evidence["closed_at"],
        "V3 order: the session was closed at another time",
    )
    return "V3 every vote went its legal way"


def check_reconciliation(evidence: Document) -> str:
    """V4: nobody voted who could not, nobody twice; papers add up; two people entered the same."""
    given = 0
    for poll in evidence["polls"]:
        definition = poll["definition"]
        name = f"V4 vote {definition['poll']}"
        entitled = {line["seat"] for line in definition["roll"] if line["status"] == "entitled"}
        hold(
            {line["status"] for line in definition["roll"]} <= {"entitled", "recused", "absent"},
            f"{name}: an unknown status on the roll",
        )
        if poll["state"] != "counted":
            continue
        if definition["mode"] == "open":
            given += _open_votes(poll, entitled, name)
        else:
            given += _papers(poll, len(entitled), name, evidence["ledger"])
        closing = next(
            entry["body"]
            for entry in evidence["ledger"]
            if entry["kind"] == "close" and entry["body"]["poll"] == definition["poll"]
        )
        hold(
            digest("cv1.votes", poll["papers"] or poll["votes"]) == closing["votes_hash"],
            f"{name}: its votes are not those that were counted",
        )
    return f"V4 {given} votes and papers reconcile with the rolls"


def _open_votes(poll: Document, entitled: set[int], name: str) -> int:
    parts = {part["part"] for part in poll["definition"]["parts"]}
    seen = set()
    for part, seat, choice in poll["votes"]:
        hold(seat in entitled, f"{name}: seat {seat} voted without being entitled")
        hold(part in parts, f"{name}: a vote on item {part}, which is not on it")
        hold((part, seat) not in seen, f"{name}: seat {seat} voted twice on item {part}")
        hold(choice in CHOICES, f"{name}: “{choice}” is no vote")
        seen.add((part, seat))
    return len(seen)


def _papers(poll: Document, entitled: int, name: str, ledger: list[Document]) -> int:
    papers = poll["papers"]
    hold(papers["issued"] <= entitled, f"{name}: more papers issued than members entitled")
    hold(papers["returned"] <= papers["issued"], f"{name}: more papers collected than issued")
    hold(
        papers["valid"] + papers["invalid"] == papers["returned"],
        f"{name}: valid and invalid do not make the papers collected",
    )
    hold(
        not papers["causes"] or sum(papers["causes"].values()) == papers["invalid"],
        f"{name}: the causes do not make the invalid papers",
    )
    hold(
        sorted(map(int, papers["lines"])) == sorted(part["part"] for part in poll["definition"]["parts"]),
        f"{name}: the papers are about other items",
    )
    for part, line in papers["lines"].items():
        hold(
            sum(line) == papers["valid"] and min(line) >= 0,
            f"{name}: the votes on item {part} do not make the valid papers",
        )
    number = poll["definition"]["poll"]
    entries = [entry["body"] for entry in ledger if entry["kind"] == "papers" and entry["body"]["poll"] == number]
    second = [entry for entry in entries if entry["place"] == 2]
    first = [entry for entry in entries if entry["place"] == 1]
    hold(first and len(second) == 1, f"{name}: its papers were not entered twice")
    hold(
        first[-1]["totals_hash"] == second[0]["totals_hash"] == digest("cv1.votes", papers),
        f"{name}: the two entries are not equal",
    )
    hold(first[-1]["by"] != second[0]["by"], f"{name}: one person entered both times")
    return int(papers["returned"])


def check_parsing(evidence: Document) -> str:
    """V5, V6: there are no sealed ballots to open; what there is can be read."""
    modes = {poll["definition"]["mode"] for poll in evidence["polls"]}
    hold(modes <= {"open", "paper"}, f"V6 a way of voting this verifier does not know: {', '.join(sorted(modes))}")
    return "V5 V6 no sealed ballots; every vote and total can be read"


def check_count(evidence: Document) -> str:
    """V7: quorum, base, number needed and verdict of every part, counted anew."""
    closings = {entry["body"]["poll"]: entry["body"] for entry in evidence["ledger"] if entry["kind"] == "close"}
    parts = 0
    for poll in evidence["polls"]:
        if poll["state"] != "counted":
            continue
        number = poll["definition"]["poll"]
        mine, theirs = counted(poll), poll["result"]
        hold(
            [line["part"] for line in mine] == [line["part"] for line in theirs],
            f"V7 vote {number}: the result is about other items",
        )
        for one, other in zip(mine, theirs, strict=True):
            for key, value in one.items():
                said = f"V7 vote {number}, item {one['part']}: {key} is said to be {other.get(key)}, counted anew it is {value}"
                hold(other.get(key) == value, said)
        hold(
            digest("cv1.result", theirs) == closings[number]["result_hash"],
            f"V7 vote {number}: the result is not the one that was declared",
        )
        parts += len(mine)
    return f"V7 {parts} results counted anew, all equal"


def check_decisions(evidence: Document) -> str:
    """Each decision follows from the count of its vote and from the score gate."""
    polls = {poll["definition"]["poll"]: poll for poll in evidence["polls"]}
    standing: dict[int, Document] = {}
    for entry in evidence["ledger"]:
        if entry["kind"] in {"decide", "reconsider"}:
            before = standing.pop(entry["body"]["item"], None)
            hold(entry["kind"] == "decide" or before, "V7 decisions: one was taken back that did not stand")
        if entry["kind"] == "decide":
            standing[entry["body"]["item"]] = entry["body"]
    hold(list(standing.values()) == evidence["decisions"], "V7 decisions: they are not those of the ledger")
    for decision in evidence["decisions"]:
        name = f"V7 the decision on item {decision['item']}"
        poll = polls[decision["poll"]]
        part = next((part for part in poll["definition"]["parts"] if part["part"] == decision["item"]), None)
        line = next((line for line in poll["result"] or () if line["part"] == decision["item"]), None)
        hold(part and line, f"{name} rests on a vote that was not about it")
        hold(part["initiative"] == decision["initiative"], f"{name} is about another initiative")  # type: ignore[index]  # held above
        selected = line["verdict"] == "passed" and part["score_passed"]  # type: ignore[index]  # held above
        hold(line["verdict"] in {"passed", "failed"}, f"{name} was taken although the vote decided nothing")  # type: ignore[index]  # held above
        hold(decision["selected"] == selected, f"{name} does not follow from its vote and its score")
    return f"V7 {len(evidence['decisions'])} decisions follow from vote and score"


def check_minutes(evidence: Document, minutes: Document, files: dict[str, bytes]) -> str:
    """V8: the minutes' machine block equals the result; the counts in the text equal the block."""
    last: dict[int, tuple[Document, Document]] = {}
    for poll in evidence["polls"]:
        for part, line in zip(poll["definition"]["parts"], poll["result"] or (), strict=False):
            by_part = {each["part"]: each for each in poll["result"]}
            last[part["part"]] = (part, by_part.get(part["part"], line))
    decided = {decision["item"]: decision["selected"] for decision in evidence["decisions"]}
    keys = ("yes", "no", "abstain", "base", "needed", "verdict")
    expected = [
        {
            "item": item,
            "initiative": part["initiative"],
            "title": part["title"],
            "selected": decided.get(item),
            **{key: line[key] for key in keys},
        }
        for item, (part, line) in sorted(last.items())
    ]
    hold(minutes["items"] == expected, "V8 the machine block of the minutes is not the result")
    if PAPER not in files:
        return f"V8 the machine block of the minutes equals the result for {len(expected)} items"
    text = words_of(files[PAPER])
    printed = SEAL.search(text)
    if printed:
        head = printed[1].replace(" ", "")
        hold(evidence["head"].startswith(head), f"V2 ledger: the minutes print another head: {head}")
    for item in expected:
        hold(item["title"] in text, f"V8 the minutes do not name item {item['item']} as the vote did: {item['title']}")
        tail = text[text.index(item["title"]) :]
        hold(
            re.search(rf"\b{item['yes']}/{item['base']}\b", tail),
            f"V8 the minutes give item {item['item']} other votes than {item['yes']}/{item['base']}",
        )
    return f"V8 machine block and text of the minutes equal the result for {len(expected)} items"


def words_of(paper: bytes) -> str:
    """Return the text of a .docx."""
    try:
        with zipfile.ZipFile(io.BytesIO(paper)) as archive:
            tree = ET.fromstring(archive.read("word/document.xml"))  # noqa: S314 - a paper of our own, its hash was checked
    except (zipfile.BadZipFile, KeyError, ET.ParseError) as error:
        raise Broken(f"V8 minutes.docx cannot be read: {error}") from error
    return "\n".join(
        "".join(text.text or "" for text in paragraph.iter(f"{WORD}t")) for paragraph in tree.iter(f"{WORD}p")
    )


# --- counting anew --------------------------------------------------------------------------------


def counted(poll: Document) -> list[Document]:
    """Return the results of a vote, part by part, in the form of the bundle."""
    rule = poll["definition"]["rule"]
    lines = [_line(poll, part["part"]) for part in sorted(poll["definition"]["parts"], key=lambda part: part["part"])]
    if rule["method"] == "choose":
        return _chosen(poll, rule, lines)
    if rule["method"] != "threshold":
        raise Broken(f"V7 a way of counting this verifier does not know: {rule['method']}")
    return [line | _verdict(poll, rule, line) | {"tied": False} for line in lines]


def _line(poll: Document, part: int) -> Document:
    if poll["definition"]["mode"] == "paper":
        yes, no, abstain = poll["papers"]["lines"][str(part)]
    else:
        choices = [choice for at, _seat, choice in poll["votes"] if at == part]
        yes, no, abstain = (choices.count(each) for each in ("yes", "no", "abstain"))
    said = next((line.get("casting") for line in poll["result"] if line["part"] == part), None)
    return {"part": part, "yes": yes, "no": no, "abstain": abstain, "casting": said}


def _base(poll: Document, base: str, line: Document) -> int:
    roll = poll["definition"]["roll"]
    papers = poll["papers"] or {}
    returned = papers.get("returned", line["yes"] + line["no"] + line["abstain"])
    return {
        "members": len(roll),
        "members_entitled": sum(each["status"] != "recused" for each in roll),
        "present": sum(each["status"] == "entitled" for each in roll),
        "returned": returned,
        "valid": returned - papers.get("invalid", 0),
        "yes_no": line["yes"] + line["no"],
    }[base]


def _needed(fraction: list[int], compare: str, base: int) -> int:
    """The smallest whole number that meets the share, by exact fractions."""
    exact = Fraction(*fraction) * base
    least = exact.numerator // exact.denominator
    if compare == ">":
        return least + 1
    return least if exact.denominator == 1 else least + 1


def _has_quorum(poll: Document, rule: Document, line: Document) -> bool:
    definition = poll["definition"]
    present = sum(each["status"] == "entitled" for each in definition["roll"])
    for quorum in rule["quorum"]:
        returned = _base(poll, "returned", line)
        members = len(definition["roll"])
        there, base = {
            "members": (present, members),
            "members_entitled": (present, _base(poll, "members_entitled", line)),
            "present": (returned, present),
            "returned": (returned, members),
        }[quorum["of"]]
        if there < _needed(quorum["fraction"], quorum["compare"], base):
            return False
        if any(not set(role.split("|")) & set(definition["roles"]) for role in quorum["roles"]):
            return False
    return True


def _verdict(poll: Document, rule: Document, line: Document) -> Document:
    base = _base(poll, rule["base"], line)
    needed = _needed(rule["threshold"], rule["compare"], base)
    more = rule["min_yes"]
    if isinstance(more, dict):
        needed = max(needed, _needed(more["fraction"], more["compare"], _base(poll, more["of"], line)))
    elif more is not None:
        needed = max(needed, more)
    nothing = (
        not _has_quorum(poll, rule, line)
        or _base(poll, "returned", line) == 0
        or base == 0
        or _base(poll, "members_entitled", line) == 0
    )
    passed = line["yes"] >= needed
    if line["yes"] == line["no"] and not passed and rule["chair_casts"] and line["casting"]:
        passed = line["casting"] == "yes"
    return {"base": base, "needed": needed, "verdict": "no-decision" if nothing else "passed" if passed else "failed"}


def _chosen(poll: Document, rule: Document, lines: list[Document]) -> list[Document]:
    """The threshold filters, the first k are taken, those who share the last place wait."""
    found: list[Document] = []
    has_filter = rule["threshold"] is not None
    for line in lines:
        plain = {"base": len(poll["definition"]["roll"]), "needed": 0, "verdict": "passed"}
        found.append(line | (_verdict(poll, rule, line) if has_filter else plain))
    nothing = not _has_quorum(poll, rule, lines[0]) or _base(poll, "returned", lines[0]) == 0
    if nothing or any(line["verdict"] == "no-decision" for line in found):
        return [line | {"verdict": "no-decision", "tied": False} for line in found]
    able = [line for line in found if line["verdict"] == "passed" and line["yes"] > 0]
    places = len(lines) if rule["k"] is None else rule["k"]
    taken = {line["part"] for line in able if sum(other["yes"] >= line["yes"] for other in able) <= places}
    left = places - len(taken)
    rest = [line for line in able if line["part"] not in taken]
    best = max((line["yes"] for line in rest), default=-1)
    tied = {line["part"] for line in rest if line["yes"] == best} if left else set()
    if rule["tie"] == "take-all":
        taken, tied = taken | tied, set()
    elif rule["tie"] == "take-none":
        tied = set()
    verdicts = dict.fromkeys(taken, "passed") | dict.fromkeys(tied, "no-decision")
    return [line | {"verdict": verdicts.get(line["part"], "failed"), "tied": line["part"] in tied} for line in found]


# --- running --------------------------------------------------------------------------------------


def verify(bundle: bytes) -> Iterator[str]:
    """Yield a line per check that holds.

    Raises:
        Broken: the first thing that does not.
    """
    files = opened(bundle)
    yield check_manifest(files)
    evidence, minutes = parsed(files, EVIDENCE), parsed(files, MINUTES)
    hold(
        evidence.get("format") == "evaluator-evidence" and evidence.get("v") == 1,
        "V1 this is no evidence of a kind this verifier knows",
    )
    checks: list[Callable[[], str]] = [
        lambda: check_definitions(evidence),
        lambda: check_ledger(evidence, minutes),
        lambda: check_order(evidence),
        lambda: check_reconciliation(evidence),
        lambda: check_parsing(evidence),
        lambda: check_count(evidence),
        lambda: check_decisions(evidence),
        lambda: check_minutes(evidence, minutes, files),
    ]
    try:
        for check in checks:
            yield check()
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, StopIteration) as error:
        raise Broken(f"the evidence lacks something or has it in a wrong form: {error!r}") from error


def main(arguments: list[str]) -> int:
    """Check the bundle named on the command line; 0 it holds, 1 it does not, 2 usage."""
    if len(arguments) != 1:
        print("usage: python -m evaluator.verifier BUNDLE.zip", file=sys.stderr)
        return 2
    try:
        with open(arguments[0], "rb") as file:  # noqa: PTH123 - nothing but what is needed
            bundle = file.read()
        for line in verify(bundle):
            print(f"ok  {line}")
    except OSError as error:
        print(f"{arguments[0]}: {error.strerror}", file=sys.stderr)
        return 1
    except Broken as broken:
        print(f"{arguments[0]}: {broken}", file=sys.stderr)
        return 1
    print("The bundle holds.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
