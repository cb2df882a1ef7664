"""Checks an evidence bundle of a council's session: `python -m evaluator.verifier BUNDLE.zip`.

One file, the standard library only, none of the code it checks: it reads the bundle, redoes every hash, every count
and every verdict with code of its own, and names the first thing that does not hold. It needs no network and no
database; hand it to anybody. The checks are V1 to V8 of the council's voting digest; V9 with a member's own receipt
(`--receipt FILE`). V10, opening the sealed ballots once more, needs the key of a lock: `python -m evaluator.opener redo`.
"""

import base64
import hashlib
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
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
SUITE = "DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM"
FLAWS = {"locked", "length", "form", "other-vote", "choice", "too-many", "too-few", "paper"}
PUBLISHED_FROM = 20

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


def list_hash(hashes: Iterable[str], salt: str = "") -> str:
    """Return the hash of a list of envelopes or ballots in their canonical order."""
    return digest("cv1.list", [salt, sorted(hashes)])


def fingerprint(public_key: str) -> str:
    """Return the short form of a public key, six groups of four."""
    short = hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:24]
    return " ".join(short[place : place + 4] for place in range(0, 24, 4))


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
    seats_at = _seats_at_freeze(evidence)
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
        hold(
            roll == seats_at[definition["poll"]] and len(roll) == len(definition["roll"]),
            f"{name}: its roll is not that of the council",
        )
        changed = {key for key, value in evidence["session"]["rule"].items() if definition["rule"].get(key) != value}
        hold(
            changed <= ({"k", "k_since"} if definition["former"] else set()),
            f"{name}: its rule is not that of the round",
        )
        parts = [part["part"] for part in definition["parts"]]
        hold(len(set(parts)) == len(parts), f"{name}: an item stands on it twice")
    return f"V1 {len(polls)} definitions are as frozen, each with the roll of the council"


def chain(session: Document, ledger: list[Document]) -> str:
    """Return the head of a ledger whose entries each seal the one before, from the session itself on."""
    before = digest("cv1.session", session)
    for place, entry in enumerate(ledger, start=1):
        hold(entry["number"] == place, f"V2 ledger: entry {place} is missing or out of place")
        before = digest("cv1.led", [before, place, entry["kind"], entry["body"], entry["at"]])
        hold(
            entry["hash"] == before,
            f"V2 ledger: entry {place} ({entry['kind']}) does not follow from the one before it",
        )
    return before


def _seats_at_freeze(evidence: Document) -> dict[int, dict[int, str]]:
    """Return, by vote, whose seats counted when it was frozen; decisions change them while a session runs."""
    seats = {member["seat"]: member["name"] for member in evidence["session"]["members"]}
    found = {}
    for entry in evidence["ledger"]:
        body = entry["body"]
        if entry["kind"] == "seats":
            seats = {seat: name for seat, name in seats.items() if seat not in body["left"]}
            seats |= {member["seat"]: member["name"] for member in body["joined"]}
        elif entry["kind"] == "freeze":
            found[body["poll"]] = seats
    return found


def check_ledger(evidence: Document, minutes: Document) -> str:
    """V2: numbers without gaps, each entry sealing the one before, the head as printed."""
    before = chain(evidence["session"], evidence["ledger"])
    hold(evidence["head"] == before, "V2 ledger: the head is not the hash of the last entry")
    hold(minutes["head"] == before, "V2 ledger: the head on the minutes is another one")
    return f"V2 the ledger of {len(evidence['ledger'])} entries is whole; its head is {before[:16]}…"


STEPS = {
    ("", "freeze"): "open",
    ("open", "record"): "open",
    ("open", "papers"): "open",
    ("open", "close"): "counted",
    ("open", "annul"): "annulled",
    ("counted", "casting"): "counted",
    ("counted", "lot"): "counted",
    ("counted", "decide"): "counted",
    ("counted", "reconsider"): "counted",
    ("open", "roll"): "open",
    ("open", "open"): "casting",  # of a sealed vote
    ("open", "on-paper"): "open",
    ("open", "void"): "open",
    ("open", "withdraw"): "open",
    ("casting", "cast"): "casting",
    ("casting", "replace"): "casting",
    ("casting", "on-paper"): "casting",
    ("casting", "void"): "casting",
    ("casting", "withdraw"): "casting",
    ("casting", "annul"): "annulled",
    ("casting", "shut"): "shut",
    ("shut", "strip"): "shut",
    ("shut", "papers"): "shut",
    ("shut", "annul"): "annulled",
    ("shut", "close"): "counted",
    ("", "seats"): "running",  # of the session itself, which stands here as vote 0
    ("", "substitute"): "running",
    ("running", "seats"): "running",
    ("running", "substitute"): "running",
    ("running", "end"): "ended",
    ("", "end"): "ended",
}


def walked(ledger: list[Document]) -> dict[int, str]:
    """Return the state in which a ledger leaves each vote; every step must be a legal one."""
    states: dict[int, str] = {}
    for entry in ledger:
        poll, kind = entry["body"]["poll"], entry["kind"]
        state = STEPS.get((states.get(poll, ""), kind))
        hold(state, f"V3 order: “{kind}” of vote {poll} in entry {entry['number']} cannot come where it stands")
        states[poll] = str(state)
    return states


def check_order(evidence: Document) -> str:
    """V3: each vote was frozen, given, counted or annulled, and decided, in this order; nothing after the count."""
    states = walked(evidence["ledger"])
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


def at_close(evidence: Document) -> list[Document]:
    """Return the votes as they stood when they were counted: the roll followed, withdrawn items gone, ties settled."""
    found = []
    for poll in evidence["polls"]:
        definition = dict(poll["definition"])
        own = [entry for entry in evidence["ledger"] if entry["body"]["poll"] == definition["poll"]]
        changes = [entry["body"] for entry in own if entry["kind"] == "roll"]
        status = {change["seat"]: change["status"] for change in changes}
        definition["roll"] = [
            line | {"status": status.get(line["seat"], line["status"])}
            for line in definition["roll"]
            if status.get(line["seat"]) != "removed"
        ]
        definition["roles"] = changes[-1]["roles"] if changes else definition["roles"]
        gone = {entry["body"]["part"] for entry in own if entry["kind"] == "withdraw"}
        definition["parts"] = [part for part in definition["parts"] if part["part"] not in gone]
        settled = {entry["kind"]: entry["body"] for entry in own if entry["kind"] in {"close", "casting", "lot"}}
        found.append(poll | {"definition": definition, "settled": settled})
    return found


def check_reconciliation(evidence: Document) -> str:
    """V4: nobody voted who could not, nobody twice; papers add up; two people entered the same."""
    given = 0
    for poll in at_close(evidence):
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
        elif definition["mode"] == "sealed":
            shut = sealed_roll(definition, evidence["ledger"])
            given += sum(part["cast"] for part in shut["parts"])
        else:
            given += _papers(poll, len(entitled), name, evidence["ledger"])
        closing = next(
            entry["body"]
            for entry in evidence["ledger"]
            if entry["kind"] == "close" and entry["body"]["poll"] == definition["poll"]
        )
        hold(
            digest("cv1.votes", given_in(poll)) == closing["votes_hash"],
            f"{name}: its votes are not those that were counted",
        )
    return f"V4 {given} votes and papers reconcile with the rolls"


def given_in(poll: Document) -> Any:
    """Return what was counted: totals of papers or of sealed ballots, or the votes by name."""
    if poll["definition"]["mode"] == "sealed":
        return poll["sealed"]["totals"]
    return poll["papers"] or poll["votes"]


def _open_votes(poll: Document, entitled: set[int], name: str) -> int:
    if poll["definition"]["rule"]["method"] in RANKED:
        return _open_rankings(poll, entitled, name)
    parts = {part["part"] for part in poll["definition"]["parts"]}
    seen = set()
    for part, seat, choice in poll["votes"]:
        hold(seat in entitled, f"{name}: seat {seat} voted without being entitled")
        hold(part in parts, f"{name}: a vote on item {part}, which is not on it")
        hold((part, seat) not in seen, f"{name}: seat {seat} voted twice on item {part}")
        hold(choice in CHOICES, f"{name}: “{choice}” is no vote")
        seen.add((part, seat))
    return len(seen)


def _open_rankings(poll: Document, entitled: set[int], name: str) -> int:
    parts = {part["part"] for part in poll["definition"]["parts"]}
    seats = [seat for seat, _ranking in poll["votes"]]
    hold(set(seats) <= entitled, f"{name}: somebody ranked without being entitled")
    hold(len(set(seats)) == len(seats), f"{name}: a seat ranked twice")
    for seat, ranking in poll["votes"]:
        named = [part for group in ranking for part in group]
        hold(named and set(named) <= parts and len(set(named)) == len(named), f"{name}: seat {seat} gave no ranking")
    return len(seats)


def _papers(poll: Document, entitled: int, name: str, ledger: list[Document]) -> int:
    papers = poll["papers"]
    ranked = poll["definition"]["rule"]["method"] in RANKED
    hold(papers["issued"] <= entitled, f"{name}: more papers issued than members entitled")
    hold(papers["returned"] <= papers["issued"] or papers.get("surplus"), f"{name}: more papers collected than issued")
    hold(
        papers["valid"] + papers.get("blank", 0) + papers["invalid"] == papers["returned"],
        f"{name}: valid and invalid do not make the papers collected",
    )
    hold(
        not papers["causes"] or sum(papers["causes"].values()) == papers["invalid"],
        f"{name}: the causes do not make the invalid papers",
    )
    parts = sorted(part["part"] for part in poll["definition"]["parts"])
    hold(ranked or sorted(map(int, papers["lines"])) == parts, f"{name}: the papers are about other items")
    if ranked:
        hold(
            sum(number for number, _ in papers["rankings"]) == papers["valid"],
            f"{name}: the rankings do not make the valid papers",
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


def check_sealed(evidence: Document) -> str:
    """V5, V6: each lock was taken off by two holders with one result; the ballots that are shown can be read."""
    modes = {poll["definition"]["mode"] for poll in evidence["polls"]}
    hold(
        modes <= {"open", "paper", "sealed"},
        f"V6 a way of voting this verifier does not know: {', '.join(sorted(modes))}",
    )
    number, remarks = 0, []
    for poll in evidence["polls"]:
        if poll["definition"]["mode"] != "sealed":
            continue
        check_sealed_definition(poll["definition"])
        if poll["state"] == "counted":
            number += 1
            outputs = check_strips(poll["definition"], evidence["ledger"])
            remarks += check_ballots(poll, outputs, sealed_roll(poll["definition"], evidence["ledger"]))
    said = f"V5 V6 {number} sealed votes were opened by the holders of every lock alike"
    return "; ".join([said if number else "V5 V6 no sealed ballots; every vote and total can be read", *remarks])


def check_count(evidence: Document) -> str:
    """V7: quorum, base, number needed and verdict of every part, counted anew."""
    closings = {
        entry["body"]["poll"]: entry["body"]
        for entry in evidence["ledger"]
        if entry["kind"] in {"close", "casting", "lot"}
    }
    parts = 0
    for poll in at_close(evidence):
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
        if poll["definition"]["rule"].get("tiers"):
            selected = selected and bool(decision["tier"])
        hold(line["verdict"] in {"passed", "failed"}, f"{name} was taken although the vote decided nothing")  # type: ignore[index]  # held above
        hold(decision["selected"] == selected, f"{name} does not follow from its vote and its score")
    _check_tiers(evidence, polls)
    return f"V7 {len(evidence['decisions'])} decisions follow from vote and score"


def _check_tiers(evidence: Document, polls: dict[int, Document]) -> None:
    """Prizes go down by score and votes: nobody below has a higher one, and no quota is overrun but by a tie."""
    ranked = []
    tiers: list[Document] = []
    for decision in evidence["decisions"]:
        poll = polls[decision["poll"]]
        tiers = poll["definition"]["rule"].get("tiers") or tiers
        part = next(part for part in poll["definition"]["parts"] if part["part"] == decision["item"])
        line = next(line for line in poll["result"] if line["part"] == decision["item"])
        if tiers and line["verdict"] == "passed" and part["score_passed"]:
            ranked.append(((Fraction(part["score"]), line["yes"]), decision))
    order = {tier["name"]: place for place, tier in enumerate(tiers)} | {"": len(tiers)}
    keys: dict[str, list[tuple[Fraction, int]]] = {}
    highest = 0
    for key, decision in sorted(ranked, key=lambda each: each[0], reverse=True):
        name = f"V7 the prize of item {decision['item']}"
        hold(decision["tier"] in order, f"{name} is none of the rule")
        hold(order[decision["tier"]] >= highest, f"{name} is higher than that of an item with more points or votes")
        highest = order[decision["tier"]]
        keys.setdefault(decision["tier"], []).append(key)
    for tier in tiers:
        given = keys.get(tier["name"], [])
        over = tier["quota"] is not None and len(given) > tier["quota"]
        tie = over and given[tier["quota"] - 1] == given[-1]
        hold(not over or tie, f"V7 “{tier['name']}” was given more often than the rule allows")


def check_minutes(evidence: Document, minutes: Document, files: dict[str, bytes]) -> str:
    """V8: the minutes' machine block equals the result; the counts in the text equal the block."""
    last: dict[int, tuple[Document, Document]] = {}
    for poll in evidence["polls"]:
        by_part = {line["part"]: line for line in poll["result"] or ()}
        last |= {
            part["part"]: (part, by_part[part["part"]])
            for part in poll["definition"]["parts"]
            if part["part"] in by_part
        }
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
        line = last[item["item"]][1]
        if item["verdict"] == "no-decision" or (line.get("place") and not line["needed"]):
            continue  # left for another vote, or ranked: the minutes say so in words
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
    if rule["method"] == "plurality-rounds":
        return _round(poll, rule, lines)
    if rule["method"] in RANKED:
        return _by_rank(poll, rule, lines)
    if rule["method"] != "threshold":
        raise Broken(f"V7 a way of counting this verifier does not know: {rule['method']}")
    return [line | _verdict(poll, rule, line) | {"tied": False} for line in lines]


def _line(poll: Document, part: int) -> Document:
    if poll["definition"]["mode"] == "sealed":
        yes, no, abstain = _sealed_votes(poll, part)
    elif poll["definition"]["mode"] == "paper":
        yes, no, abstain = poll["papers"]["lines"].get(str(part), (0, 0, 0))
    elif poll["definition"]["rule"]["method"] in RANKED:
        yes = no = abstain = 0
    else:
        choices = [choice for at, _seat, choice in poll["votes"] if at == part]
        yes, no, abstain = (choices.count(each) for each in ("yes", "no", "abstain"))
    said = next((line.get("casting") for line in poll["result"] if line["part"] == part), None)
    cast = poll.get("settled", {}).get("casting", {}).get("vote")
    hold(said is None or said == cast, f"V7 a casting vote on item {part} that the ledger does not know")
    return {"part": part, "yes": yes, "no": no, "abstain": abstain, "casting": said}


def _base(poll: Document, base: str, line: Document) -> int:
    roll = poll["definition"]["roll"]
    if poll["definition"]["mode"] == "sealed":
        return _sealed_base(poll, base, line)
    papers = poll["papers"] or {}
    returned = papers.get("returned", line["yes"] + line["no"] + line["abstain"])
    return {
        "members": len(roll),
        "members_entitled": sum(each["status"] != "recused" for each in roll),
        "present": sum(each["status"] == "entitled" for each in roll),
        "returned": returned,
        "valid": returned - papers.get("invalid", 0) - _blank_papers(poll),
        "yes_no": line["yes"] + line["no"],
    }[base]


def _blank_papers(poll: Document) -> int:
    """Blank papers that do not count as valid."""
    return 0 if poll["definition"]["rule"]["blank_is_valid"] else (poll["papers"] or {}).get("blank", 0)


def _needed(fraction: list[int], compare: str, base: int) -> int:
    """The smallest whole number that meets the share, by exact fractions."""
    exact = Fraction(*fraction) * base
    least = exact.numerator // exact.denominator
    if compare == ">":
        return least + 1
    return least if exact.denominator == 1 else least + 1


def _has_quorum(poll: Document, rule: Document, line: Document) -> bool:
    definition = poll["definition"]
    present, roles = _base(poll, "present", line), set(definition["roles"])
    if definition["mode"] == "sealed":
        roles = set(_sealed_part(definition, line.get("part"))["roles"])
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
        if any(not set(role.split("|")) & roles for role in quorum["roles"]):
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
    nothing = nothing or not _holds_without_surplus(poll, rule, line, passed="passed" if passed else "failed")
    return {"base": base, "needed": needed, "verdict": "no-decision" if nothing else "passed" if passed else "failed"}


def _holds_without_surplus(poll: Document, rule: Document, line: Document, *, passed: str) -> bool:
    """Papers beyond those issued decide nothing: take them from either side and look again."""
    papers = poll["papers"] or {}
    surplus = papers.get("returned", 0) - papers.get("issued", 0)
    if surplus <= 0:
        return True
    seen = set()
    for order in (("yes",), ("no", "abstain", "blank", "invalid"), ("abstain", "no", "blank", "invalid")):
        counts = {key: line[key] for key in ("yes", "no", "abstain")}
        counts |= {key: papers.get(key, 0) for key in ("blank", "invalid")}
        left = surplus
        for key in order:
            taken = min(left, counts[key])
            counts[key] -= taken
            left -= taken
        fewer = {"returned": sum(counts.values()), "issued": sum(counts.values())}
        less = poll | {"papers": papers | fewer | {key: counts[key] for key in ("blank", "invalid")}}
        seen.add(_verdict(less, rule, line | {key: counts[key] for key in ("yes", "no", "abstain")})["verdict"])
    return seen == {passed}


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
    taken, tied = _settled(poll, rule, taken, tied, left)
    verdicts = dict.fromkeys(taken, "passed") | dict.fromkeys(tied, "no-decision")
    return [line | {"verdict": verdicts.get(line["part"], "failed"), "tied": line["part"] in tied} for line in found]


def _settled(poll: Document, rule: Document, taken: set[int], tied: set[int], left: int) -> tuple[set[int], set[int]]:
    """Return who is taken and who stays tied after what the rule says of a tie; a lot is drawn from its public seed."""
    if rule["tie"] == "take-all":
        taken, tied = taken | tied, set()
    elif rule["tie"] == "take-none":
        tied = set()
    elif rule["tie"] == "lot" and tied and "lot" in poll.get("settled", {}):
        seed = poll.get("settled", {})["lot"]["seed"]
        drawn = sorted(tied, key=lambda part: hashlib.sha256(f"{seed}\n{part}".encode()).hexdigest())
        taken, tied = taken | set(drawn[:left]), set()
    return taken, tied


def _round(poll: Document, rule: Document, lines: list[Document]) -> list[Document]:
    """One round: who reaches the share alone is chosen; else the last leaves, or only the first few go on."""
    votes = {line["part"]: line["yes"] for line in lines}
    total = sum(votes.values())
    blank = lines[0]["abstain"] if poll["papers"] is None else poll["papers"].get("blank", 0)
    invalid = (poll["papers"] or {}).get("invalid", 0)
    if poll["definition"]["mode"] == "sealed":
        invalid = sum(_sealed_totals(poll, None)["invalid"].values())
    counted_as_blank = 0 if rule["blank_is_valid"] else blank
    box = {"yes": total, "no": 0, "abstain": 0}
    bases = {"returned": total + blank + invalid, "valid": total + blank - counted_as_blank, "yes_no": total}
    of = rule["base"] or "valid"  # a rule that names no share asks for more than half of the valid ballots
    base = bases[of] if of in bases else _base(poll, of, box)
    needed = _needed(rule["threshold"] or [1, 2], rule["compare"] or ">", base)
    ranks = sorted(votes.values(), reverse=True)
    plain = [line | {"base": base, "needed": needed, "place": 1 + ranks.index(line["yes"])} for line in lines]
    whole = box | {"abstain": blank + invalid} if poll["papers"] is None else box
    if total == 0 or not _has_quorum(poll, rule, whole):
        return [line | {"verdict": "no-decision", "tied": False} for line in plain]
    leaders = [part for part, number in votes.items() if number == ranks[0]]
    if ranks[0] >= needed and len(leaders) == 1:
        return [
            line | {"verdict": "passed" if line["part"] == leaders[0] else "failed", "tied": False} for line in plain
        ]
    if rule["keep"] is None:
        on = {part for part, number in votes.items() if number > ranks[-1]}
        last = set(votes) - on
        on = on if len(last) == 1 else set(votes)
    else:
        on = {part for part, number in votes.items() if number >= ranks[min(rule["keep"], len(ranks)) - 1]}
    return [
        line | {"verdict": "no-decision" if line["part"] in on else "failed", "tied": line["part"] in on}
        for line in plain
    ]


# --- ranked ballots -------------------------------------------------------------------------------

RANKED = {"borda", "schulze", "irv"}
Ballots = list[tuple[int, list[list[int]]]]


def _by_rank(poll: Document, rule: Document, lines: list[Document]) -> list[Document]:
    parts = [part["part"] for part in poll["definition"]["parts"]]
    named = [(1, ranking) for _seat, ranking in poll["votes"]]
    ballots: Ballots = [tuple(each) for each in poll["papers"]["rankings"]] if poll["papers"] else named
    given = sum(number for number, _ in ballots)
    if poll["definition"]["mode"] == "sealed":
        ballots = _sealed_rankings(poll)
        given = _sealed_totals(poll, None)["valid"] - _sealed_totals(poll, None)["votes"].get("blank", 0)
    lines = [line | {"base": given, "needed": 0} for line in lines]
    if not given or not _has_quorum(poll, rule, {"yes": given, "no": 0, "abstain": 0}):
        return [line | {"verdict": "no-decision", "tied": False} for line in lines]
    whole = [(number, _whole(ranking, parts)) for number, ranking in ballots]
    if poll["definition"]["mode"] == "sealed" and not ballots:
        order = _by_pairs(parts, _sealed_totals(poll, None)["pairs"], given, rule)
    else:
        order = {"borda": _borda, "schulze": _schulze, "irv": _irv}[rule["method"]](parts, whole, rule)
    taken: set[int] = set()
    tied: set[int] = set()
    places = rule["k"] or 1
    for group in order:
        if len(taken) + len(group) <= places:
            taken |= group
        else:
            tied = group if len(taken) < places else set()
            break
    taken, tied = _settled(poll, rule, taken, tied, places - len(taken))
    verdicts = dict.fromkeys(taken, "passed") | dict.fromkeys(tied, "no-decision")
    above = 0
    at: dict[int, int] = {}
    for group in order:
        at |= dict.fromkeys(group, above + 1)
        above += len(group)
    return [
        line
        | {"verdict": verdicts.get(line["part"], "failed"), "tied": line["part"] in tied, "place": at[line["part"]]}
        for line in lines
    ]


def _whole(ranking: list[list[int]], parts: list[int]) -> list[list[int]]:
    named = {part for group in ranking for part in group}
    rest = [part for part in parts if part not in named]
    return [*(group for group in ranking if group), *([rest] if rest else [])]


def _levels(numbers: dict[int, Any]) -> list[set[int]]:
    return [
        {part for part, each in numbers.items() if each == number}
        for number in sorted(set(numbers.values()), reverse=True)
    ]


def _borda(parts: list[int], ballots: Ballots, rule: Document) -> list[set[int]]:
    scale = rule["points"] if rule["points"] is not None else list(range(len(parts) - 1, -1, -1))
    worth = dict(enumerate(scale))
    total = dict.fromkeys(parts, Fraction())
    for number, ranking in ballots:
        place = 0
        for group in ranking:
            points = sum(worth.get(place + step, 0) for step in range(len(group)))
            for part in group:
                total[part] += Fraction(number * points, len(group))
            place += len(group)
    return _levels(total)


def _schulze(parts: list[int], ballots: Ballots, _rule: Document) -> list[set[int]]:
    """Widest paths over winning votes; the order counts whom each one beats along them."""
    wins = {(a, b): 0 for a in parts for b in parts if a != b}
    for number, ranking in ballots:
        level = {part: place for place, group in enumerate(ranking) for part in group}
        for a, b in wins:
            wins[a, b] += number if level[a] < level[b] else 0
    return _widest(parts, wins)


def _by_pairs(parts: list[int], pairs: Document, given: int, rule: Document) -> list[set[int]]:
    """The order from the pairs alone, where the ballots are not shown."""
    wins = {(a, b): pairs[str(a)][str(b)] for a in parts for b in parts if a != b}
    for (a, b), votes in wins.items():
        hold(votes >= 0 and votes + wins[b, a] <= given, "V7 more ballots in a pair than there are")
    if rule["method"] == "schulze":
        return _widest(parts, wins)
    if rule["method"] != "borda" or rule["points"] is not None:
        raise Broken("V7 this rule counts ballot by ballot, and they are not shown")
    others = {a: [b for b in parts if b != a] for a in parts}
    total = {a: sum(wins[a, b] + Fraction(given - wins[a, b] - wins[b, a], 2) for b in others[a]) for a in parts}
    return _levels(total)


def _sealed_rankings(poll: Document) -> Ballots:
    """The rankings of a sealed vote, where they are shown; its pairs must be those of the ballots."""
    tracked = poll["definition"]["sealed"]["publication"] == "tracked"
    shown = [ballot[1] if tracked else ballot for part in poll["sealed"]["ballots"] for ballot in part["ballots"]]
    ballots: Ballots = [(1, ranking) for ranking in shown if ranking]
    parts = [part["part"] for part in poll["definition"]["parts"]]
    if ballots:
        pairs = {str(a): {str(b): 0 for b in parts if b != a} for a in parts}
        for _one, ranking in ballots:
            level = {part: place for place, group in enumerate(_whole(ranking, parts)) for part in group}
            for a in parts:
                for b in parts:
                    if level[a] < level[b]:
                        pairs[str(a)][str(b)] += 1
        hold(pairs == _sealed_totals(poll, None)["pairs"], "V6 the pairs of a ranking are not those of its ballots")
    return ballots


def _widest(parts: list[int], wins: dict[tuple[int, int], int]) -> list[set[int]]:
    path = {pair: votes if votes > wins[pair[::-1]] else 0 for pair, votes in wins.items()}
    for middle in parts:
        for a, b in wins:
            if middle not in (a, b):
                path[a, b] = max(path[a, b], min(path[a, middle], path[middle, b]))
    left, order = set(parts), []
    while left:
        best = {a for a in left if all(path[a, b] >= path[b, a] for b in left if b != a)}
        order.append(best)
        left -= best
    return order


def _irv(parts: list[int], ballots: Ballots, _rule: Document) -> list[set[int]]:
    """The last leaves until somebody has more than half; a tie that matters is followed in every way."""
    left = frozenset(parts)
    gone: list[set[int]] = []
    while True:
        votes = _tops(left, ballots)
        if _has_half(votes):
            return [*_levels(votes), *reversed(gone)]
        last, together = _last(votes)
        if not together:
            break
        gone.append(last)
        left -= last
    winners = set(_winners(left, ballots))
    rest = set(left) - winners
    return [winners, *([rest] if rest else []), *reversed(gone)]


def _tops(left: frozenset[int], ballots: Ballots) -> dict[int, Fraction]:
    votes = dict.fromkeys(sorted(left), Fraction())
    for number, ranking in ballots:
        best = next((there for group in ranking if (there := left & set(group))), frozenset())
        for part in best:
            votes[part] += Fraction(number, len(best))
    return votes


def _has_half(votes: dict[int, Fraction]) -> bool:
    return len(votes) == 1 or 2 * max(votes.values()) > sum(votes.values()) > 0


def _last(votes: dict[int, Fraction]) -> tuple[set[int], bool]:
    """Return who has the fewest, and whether they can leave together whatever happens among them."""
    levels = _levels(votes)
    fewest = levels[-1]
    if len(fewest) == 1:
        return fewest, True
    return fewest, len(levels) > 1 and sum(votes[part] for part in fewest) < votes[min(levels[-2])]


def _winners(left: frozenset[int], ballots: Ballots) -> frozenset[int]:
    votes = _tops(left, ballots)
    if sum(votes.values()) == 0:
        return left
    if _has_half(votes):
        return frozenset([max(votes, key=lambda part: votes[part])])
    last, together = _last(votes)
    nexts = [left - last] if together else [left - {part} for part in last]
    return frozenset().union(*(_winners(each, ballots) for each in nexts))


# --- sealed ballots -------------------------------------------------------------------------------


def _sealed_part(definition: Document, item: int | None) -> Document:
    """Return the sealed part that an item belongs to: its own, or the one list; without an item the first."""
    parts = definition["sealed"]["parts"]
    if item is None:
        return parts[0]
    return next(part for part in parts if item in part["options"])


def check_sealed_definition(definition: Document) -> None:
    """V1: keys, holders, parts and rolls of a sealed vote go together."""
    sealed, name = definition["sealed"], f"V1 vote {definition['poll']}"
    hold(sealed["suite"] == SUITE, f"{name}: sealed in a way this verifier does not know: {sealed['suite']}")
    hold(sealed["publication"] in {"totals", "ballots", "tracked"}, f"{name}: an unknown level of publication")
    hold(
        [each["layer"] for each in sealed["layers"]] in (["A"], ["A", "B"]), f"{name}: its locks are not A, or A and B"
    )
    holders = [holder["seat"] for layer in sealed["layers"] for holder in layer["holders"]]
    hold(
        len(holders) == 2 * len(sealed["layers"]) == len(set(holders)), f"{name}: a lock has not two holders of its own"
    )
    for layer in sealed["layers"]:
        hold(
            layer["fingerprint"] == fingerprint(layer["public_key"]),
            f"{name}: the fingerprint of lock {layer['layer']} is not that of its key",
        )
    present = {line["seat"] for line in definition["roll"] if line["status"] == "entitled"}
    seats = {line["seat"] for line in definition["roll"]}
    items = [item for part in sealed["parts"] for item in part["options"]]
    hold(
        sorted(items) == sorted(part["part"] for part in definition["parts"]),
        f"{name}: its sealed parts are not its items",
    )
    entitled: set[int] = set()
    for part in sealed["parts"]:
        entitled |= set(part["entitled"])
        hold(set(part["recused"]) <= seats, f"{name}: somebody is recused who has no seat")
        hold(not set(part["entitled"]) & set(part["recused"]), f"{name}: somebody is entitled and recused at once")
        hold(len(part["entitled"]) == len(set(part["entitled"])), f"{name}: a seat stands twice on the roll of a part")
    hold(entitled == present, f"{name}: the rolls of its parts are not its roll")


def sealed_roll(definition: Document, ledger: list[Document]) -> Document:
    """V4: what the ledger says went into the box is what lay in it when it was shut. Returns that entry."""
    number, name = definition["poll"], f"V4 vote {definition['poll']}"
    entries = [entry for entry in ledger if entry["body"]["poll"] == number]
    parts = {part["part"]: part for part in definition["sealed"]["parts"]}
    live: set[str] = set()
    voids, withdrawn, on_paper = dict.fromkeys(parts, 0), set(), set()
    for entry in entries:
        kind, body = entry["kind"], entry["body"]
        if kind == "cast":
            hold(body["commit"] not in live, f"{name}: one ballot was taken twice (entry {entry['number']})")
            live.add(body["commit"])
        elif kind == "replace" or (kind == "void" and body["old"]):
            hold(body["old"] in live, f"{name}: entry {entry['number']} replaces a ballot that was not there")
            live = live - {body["old"]} | ({body["new"]} if body["new"] else set())
        if kind == "void":
            voids[body["part"]] += 1
        elif kind == "withdraw":
            withdrawn.add(body["part"])
        elif kind == "on-paper":
            on_paper.add(body["seat"])
    shuts = [entry["body"] for entry in entries if entry["kind"] == "shut"]
    hold(len(shuts) == 1, f"{name}: its box was not shut once")
    shut: Document = shuts[0]
    papers = [entry["body"] for entry in entries if entry["kind"] == "papers"]
    if papers:
        last = {body["place"]: body for body in papers}
        hold(
            set(last) == {1, 2} and last[1]["totals_hash"] == last[2]["totals_hash"],
            f"{name}: the two entries of its papers are not equal",
        )
        hold(last[1]["by"] != last[2]["by"], f"{name}: one person entered its papers both times")
    hold(
        len(live) == len(shut["voted"]) == len(set(shut["voted"])),
        f"{name}: {len(live)} ballots are live, {len(shut['voted'])} members voted",
    )
    roll = {seat for part in parts.values() for seat in part["entitled"]}
    hold(set(shut["voted"]) <= roll - on_paper, f"{name}: somebody voted who was not on the roll, or votes on paper")
    hold([each["part"] for each in shut["parts"]] == list(parts), f"{name}: the box was shut with other parts")
    seen: set[str] = set()
    for each in shut["parts"]:
        part, envelopes = parts[each["part"]], each["envelopes"]
        where = f"{name}, part {each['part']}"
        hold(each["withdrawn"] == (each["part"] in withdrawn), f"{where}: withdrawn or not, the ledger says both")
        hold(
            each["entitled"] == len(part["entitled"]) - voids[each["part"]],
            f"{where}: not as many entitled as the roll says",
        )
        hold(
            each["recused"] == len(part["recused"]) + voids[each["part"]],
            f"{where}: not as many recused as the roll says",
        )
        hold(
            each["cast"] + each["paper"] + each["not_cast"] == each["entitled"],
            f"{where}: cast, on paper and not cast do not make the entitled",
        )
        hold(min(each["cast"], each["paper"], each["not_cast"]) >= 0, f"{where}: a count is below zero")
        hold(
            len(envelopes) == (0 if each["withdrawn"] else each["cast"]), f"{where}: not as many envelopes as were cast"
        )
        hold(
            envelopes == sorted(set(envelopes)) and not seen & set(envelopes),
            f"{where}: an envelope twice, or out of order",
        )
        seen |= set(envelopes)
    return shut


def check_strips(definition: Document, ledger: list[Document]) -> dict[int, Document]:
    """V5: the lists chain from the shut box to the ballots; both holders of each lock signed equal hashes."""
    number, name = definition["poll"], f"V5 vote {definition['poll']}"
    poll_hash = digest("cv1.poll", definition)
    shut = sealed_roll(definition, ledger)
    before = {
        each["part"]: (each["cast"], list_hash(each["envelopes"])) for each in shut["parts"] if not each["withdrawn"]
    }
    locked: dict[int, int] = dict.fromkeys(before, 0)
    last: dict[int, Document] = {}
    for layer in definition["sealed"]["layers"]:
        where = f"{name}, lock {layer['layer']}"
        keys = {holder["seat"]: holder["key"] for holder in layer["holders"]}
        strips = {
            entry["body"]["seat"]: entry["body"]
            for entry in ledger
            if entry["kind"] == "strip" and (entry["body"]["poll"], entry["body"]["layer"]) == (number, layer["layer"])
        }
        hold(set(strips) == set(keys), f"{where}: it was not taken off by its two holders")
        for seat, strip in strips.items():
            signed = {"poll_hash": poll_hash, "layer": layer["layer"], "parts": strip["parts"]}
            hold(
                is_signed(digest("cv1.strip", signed), strip["signature"], keys[seat]),
                f"{where}: seat {seat} did not sign it",
            )
        one, other = strips.values()
        hold(one["parts"] == other["parts"], f"{where}: its two holders got different lists")
        hold([part["part"] for part in one["parts"]] == sorted(before), f"{where}: it was taken off other parts")
        for part in one["parts"]:
            count, listed = before[part["part"]]
            hold(
                (part["n"], part["in_hash"]) == (count, listed),
                f"{where}, part {part['part']}: not the envelopes that were in the box",
            )
            hold(all(why == "locked" for _, why in part["invalid"]), f"{where}, part {part['part']}: an unknown reason")
            locked[part["part"]] += len(part["invalid"])
            before[part["part"]] = (part["n"] - len(part["invalid"]), part["out_hash"])
            last[part["part"]] = part | {"opened": part["n"] - len(part["invalid"]), "locked": locked[part["part"]]}
    return last


def check_ballots(poll: Document, outputs: dict[int, Document], shut: Document) -> list[str]:
    """V6: totals add up to what came out of the envelopes; ballots that are shown are those, and make the totals."""
    definition, remarks = poll["definition"], []
    sealed, name = definition["sealed"], f"V6 vote {definition['poll']}"
    totals = {each["part"]: each for each in poll["sealed"]["totals"]["parts"]}
    shown = {each["part"]: each["ballots"] for each in poll["sealed"]["ballots"]}
    counts = {each["part"]: {key: each[key] for key in each if key != "envelopes"} for each in shut["parts"]}
    hold(list(totals) == [part["part"] for part in sealed["parts"]], f"{name}: its totals are about other parts")
    for part in sealed["parts"]:
        number = part["part"]
        each, where = totals[number], f"{name}, part {number}"
        same = ("part", "withdrawn", "entitled", "recused", "cast", "paper", "not_cast")
        hold({key: each[key] for key in same} == counts[number], f"{where}: its counts are not those of the shut box")
        if number not in outputs:
            hold(
                each["withdrawn"] and not each["valid"] and not each["votes"],
                f"{where}: it was withdrawn and yet counted",
            )
            continue
        out = outputs[number]
        hold(
            set(each["invalid"]) <= FLAWS and each["invalid"].get("locked", 0) == out["locked"],
            f"{where}: unknown reasons, or not as many that do not open",
        )
        unread = sum(each["invalid"].values()) - out["locked"] - each["invalid"].get("paper", 0)
        papers = each["paper_valid"] + each["invalid"].get("paper", 0)
        hold(0 <= papers <= each["paper"], f"{where}: more papers were counted than members vote on paper")
        hold(
            each["valid"] - each["paper_valid"] + unread == out["opened"],
            f"{where}: valid and invalid do not make the ballots that came out",
        )
        hold(
            min([each["valid"], *each["votes"].values(), *each["invalid"].values()]) >= 0,
            f"{where}: a count is below zero",
        )
        _check_votes(part, each, where)
        if sealed["publication"] == "totals" or (
            sealed["publication"] == "ballots" and each["valid"] - each["paper_valid"] < PUBLISHED_FROM
        ):
            hold(number not in shown, f"{where}: ballots are shown that were not to be shown")
            continue
        remarks += _check_shown(poll, part, each, shown[number], out, unread=unread)
    return remarks


def _check_votes(part: Document, totals: Document, where: str) -> None:
    votes = totals["votes"]
    if part["kind"] == "yes-no":
        hold(set(votes) <= CHOICES, f"{where}: an unknown vote")
        hold(sum(votes.values()) == totals["valid"], f"{where}: the votes do not make the valid ballots")
    elif part["kind"] == "choose":
        hold(
            set(votes) <= {"blank", *map(str, part["options"])},
            f"{where}: a vote for something that is not on the list",
        )
        named = totals["valid"] - votes.get("blank", 0)
        picks = [number for option, number in votes.items() if option != "blank"]
        hold(named >= 0 and all(number <= named for number in picks), f"{where}: more votes for one than ballots")
        if part["k"] is not None:
            least = named * min(part["k"], len(part["options"])) if part["exactly"] else 0
            hold(least <= sum(picks) <= named * part["k"], f"{where}: the votes do not fit as many ballots")


def _check_shown(
    poll: Document, part: Document, totals: Document, ballots: list[Any], out: Document, *, unread: int
) -> list[str]:
    """The ballots that are shown, written anew, must be those that came out of the envelopes."""
    definition, where = poll["definition"], f"V6 vote {poll['definition']['poll']}, part {part['part']}"
    tracked = definition["sealed"]["publication"] == "tracked"
    poll_hash, pad = digest("cv1.poll", definition), definition["sealed"]["pad"]
    choices, hashes, words = [], [], []
    for ballot in ballots:
        content = {"v": 1, "poll": poll_hash, "part": part["part"], "choice": ballot[1] if tracked else ballot}
        if tracked:
            content["tracker"] = ballot[0]
            words.append(ballot[0])
        hold(is_choice(content["choice"], part), f"{where}: a ballot is shown that is none")
        choices.append(content["choice"])
        hashes.append(hashlib.sha256(canonical(content).ljust(pad, b"\0")).hexdigest())
    hold(
        len(ballots) == totals["valid"] - totals["paper_valid"], f"{where}: not as many ballots are shown as are valid"
    )
    hold(
        unread or list_hash(hashes) == out["out_hash"],
        f"{where}: the ballots shown are not those that came out of the envelopes",
    )
    shown = votes_in(choices, part)
    fewer = all(number <= totals["votes"].get(name, 0) for name, number in shown.items())
    hold(
        fewer if totals["paper_valid"] else shown == totals["votes"],
        f"{where}: the ballots shown do not make the totals",
    )
    twice = sorted({each for each in words if words.count(each) > 1})
    return [f"part {part['part']}: words that stand twice: {', '.join(twice)}"] if twice else []


def is_choice(choice: Any, part: Document) -> bool:
    """Whether a choice is one that a part allows."""
    if part["kind"] == "yes-no":
        return choice in ("yes", "no", "abstain")
    named = choice if part["kind"] == "choose" else [each for group in choice for each in group]
    if len(set(named)) < len(named) or not set(named) <= set(part["options"]):
        return False
    most = part["k"] if part["k"] is not None else len(part["options"])
    return part["kind"] == "rank" or (
        len(named) <= most and (not part["exactly"] or not named or len(named) == min(most, len(part["options"])))
    )


def votes_in(choices: list[Any], part: Document) -> dict[str, int]:
    """Return the totals of ballots as a bundle gives them."""
    votes: dict[str, int] = {}
    for choice in choices:
        named = (
            [choice]
            if part["kind"] == "yes-no"
            else ["blank"]
            if not choice
            else choice
            if part["kind"] == "choose"
            else []
        )
        for each in named:
            votes[str(each)] = votes.get(str(each), 0) + 1
    return votes


def _sealed_totals(poll: Document, item: int | None) -> Document:
    number = _sealed_part(poll["definition"], item)["part"]
    return next(each for each in poll["sealed"]["totals"]["parts"] if each["part"] == number)


def _sealed_votes(poll: Document, item: int) -> tuple[int, int, int]:
    totals, part = _sealed_totals(poll, item), _sealed_part(poll["definition"], item)
    votes = totals["votes"]
    if part["kind"] == "yes-no":
        return votes.get("yes", 0), votes.get("no", 0), votes.get("abstain", 0)
    if part["kind"] == "rank":
        return 0, 0, 0
    blank, yes = votes.get("blank", 0), votes.get(str(item), 0)
    return yes, totals["valid"] - blank - yes, blank


def _sealed_base(poll: Document, base: str, line: Document) -> int:
    totals = _sealed_totals(poll, line.get("part"))
    returned = totals["valid"] + sum(totals["invalid"].values())
    members = len(poll["definition"]["roll"])
    return {
        "members": members,
        "members_entitled": members - totals["recused"],
        "present": totals["entitled"],
        "returned": returned,
        "valid": returned - sum(totals["invalid"].values()) - _blank(poll, line.get("part")),
        "yes_no": line["yes"] + line["no"],
    }[base]


def _blank(poll: Document, item: int | None) -> int:
    """Blank ballots of a list, unless the rule calls them valid; no opinion on one item is a vote."""
    if poll["definition"]["rule"]["blank_is_valid"] or _sealed_part(poll["definition"], item)["kind"] == "yes-no":
        return 0
    return int(_sealed_totals(poll, item)["votes"].get("blank", 0))


def verify_box(box: Document) -> Iterator[str]:
    """Yield a line per check of a box that holds, before its lock is taken off: V1 to V4.

    Raises:
        Broken: the first thing that does not.
    """
    definition, ledger = box["definition"], box["ledger"]
    number, poll_hash = definition["poll"], digest("cv1.poll", definition)
    frozen = [
        entry["body"]["poll_hash"] for entry in ledger if entry["kind"] == "freeze" and entry["body"]["poll"] == number
    ]
    hold(frozen == [poll_hash], f"V1 vote {number}: its definition is not the frozen one")
    check_sealed_definition(definition)
    yield f"V1 the definition is as frozen; its hash is {poll_hash[:16]}…"
    head = chain(box["session"], ledger)
    yield f"V2 the ledger of {len(ledger)} entries is whole; its head is {head[:16]}…"
    hold(walked(ledger).get(number) == "shut", f"V3 vote {number}: its box is not shut")
    yield "V3 the vote went its legal way"
    shut = {each["part"]: each for each in sealed_roll(definition, ledger)["parts"] if not each["withdrawn"]}
    hold([part["part"] for part in box["parts"]] == sorted(shut), f"V4 vote {number}: the box holds other parts")
    expected = {part: list_hash(each["envelopes"]) for part, each in shut.items()}
    layers = [layer["layer"] for layer in definition["sealed"]["layers"]]
    if box["layer"] != layers[0]:
        before = layers[layers.index(box["layer"]) - 1]
        bodies = [entry["body"] for entry in ledger if entry["kind"] == "strip" and entry["body"]["poll"] == number]
        expected = {
            part["part"]: part["out_hash"] for body in bodies if body["layer"] == before for part in body["parts"]
        }
    for part in box["parts"]:
        hashes = [hashlib.sha256(base64.b64decode(text)).hexdigest() for text in part["inputs"]]
        hold(
            list_hash(hashes) == expected[part["part"]],
            f"V4 vote {number}, part {part['part']}: the envelopes are not those of the ledger",
        )
    yield f"V4 {sum(len(part['inputs']) for part in box['parts'])} envelopes are those of the ledger"


def check_receipt(evidence: Document, receipt: Document) -> str:
    """V9: a member's receipt is signed, its ballot was live when the box was shut, its envelopes were in it."""
    hold(receipt.get("format") == "evaluator-receipt", "V9 this is no receipt")
    poll = next(
        (each for each in evidence["polls"] if digest("cv1.poll", each["definition"]) == receipt["poll_hash"]), None
    )
    hold(poll, "V9 the receipt is of a vote that is not in this evidence")
    definition: Document = poll["definition"]  # type: ignore[index]  # held above
    said = {name: value for name, value in receipt.items() if name != "signature"}
    hold(
        is_signed(digest("cv1.receipt", said), receipt["signature"], definition["sealed"]["receipts"]),
        "V9 the receipt was not signed by the service",
    )
    hashes = sorted(name for _part, name in receipt["envelopes"])
    hold(
        digest("cv1.cast", [receipt["nonce"], hashes]) == receipt["commit"],
        "V9 the mark on the receipt is not that of its envelopes",
    )
    entry = evidence["ledger"][receipt["entry"] - 1]
    hold(entry["hash"] == receipt["head"], "V9 the ledger was another one when the receipt was given")
    hold(
        receipt["commit"] in {entry["body"].get("commit"), entry["body"].get("new")},
        "V9 the ledger does not know the ballot of the receipt",
    )
    later = [each["body"] for each in evidence["ledger"][receipt["entry"] :] if each["kind"] in {"replace", "void"}]
    hold(
        all(body["old"] != receipt["commit"] for body in later),
        "V9 this ballot was replaced or void later: use the last receipt",
    )
    shut = sealed_roll(definition, evidence["ledger"])
    inside = {each["part"]: each["envelopes"] for each in shut["parts"] if not each["withdrawn"]}
    for part, name in receipt["envelopes"]:
        hold(
            part not in inside or name in inside[part],
            f"V9 the envelope on part {part} was not in the box when it was shut",
        )
    return f"V9 the {len(hashes)} envelopes of the receipt were in the box when it was shut"


# --- signatures: Ed25519 (RFC 8032), to check only ------------------------------------------------

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME
ROOT = pow(2, (PRIME - 1) // 4, PRIME)
Point = tuple[int, int, int, int]


def is_signed(message: str, signature: str, public: str) -> bool:
    """Whether a signature over a text is that of a public key."""
    try:
        signed, key = bytes.fromhex(signature), bytes.fromhex(public)
    except ValueError:
        return False
    if len(signed) != 64 or len(key) != 32:
        return False
    point, nonce, scalar = _point(key), _point(signed[:32]), int.from_bytes(signed[32:], "little")
    if point is None or nonce is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signed[:32] + key + message.encode()).digest(), "little") % ORDER
    base = _point((4 * pow(5, PRIME - 2, PRIME) % PRIME).to_bytes(32, "little"))
    assert base is not None  # noqa: S101 - the base point of the curve
    left, right = _times(scalar, base), _plus(nonce, _times(challenge, point))
    return (left[0] * right[2] - right[0] * left[2]) % PRIME == 0 == (left[1] * right[2] - right[1] * left[2]) % PRIME


def _point(encoded: bytes) -> Point | None:
    number = int.from_bytes(encoded, "little")
    y, sign = number & (2**255 - 1), number >> 255
    if y >= PRIME:
        return None
    squared = (y * y - 1) * pow(CURVE * y * y + 1, PRIME - 2, PRIME) % PRIME
    x = pow(squared, (PRIME + 3) // 8, PRIME)
    if (x * x - squared) % PRIME:
        x = x * ROOT % PRIME
    if (x * x - squared) % PRIME or (x == 0 and sign):
        return None
    x = PRIME - x if x % 2 != sign else x
    return x, y, 1, x * y % PRIME


def _plus(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % PRIME
    b = (one[1] + one[0]) * (other[1] + other[0]) % PRIME
    c = 2 * one[3] * other[3] * CURVE % PRIME
    d = 2 * one[2] * other[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def _times(scalar: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = _plus(total, point)
        point, scalar = _plus(point, point), scalar >> 1
    return total


# --- running --------------------------------------------------------------------------------------


def verify(bundle: bytes, receipt: bytes | None = None) -> Iterator[str]:
    """Yield a line per check that holds; with a member's receipt also whether that ballot was counted in.

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
        lambda: check_sealed(evidence),
        lambda: check_count(evidence),
        lambda: check_decisions(evidence),
        lambda: check_minutes(evidence, minutes, files),
    ]
    try:
        for check in checks:
            yield check()
        if receipt is not None:
            yield check_receipt(evidence, json.loads(receipt))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, StopIteration) as error:
        raise Broken(f"the evidence lacks something or has it in a wrong form: {error!r}") from error


def read(name: str) -> bytes:
    """Return the bytes of a file."""
    with open(name, "rb") as file:  # noqa: PTH123 - nothing but what is needed
        return file.read()


def main(arguments: list[str]) -> int:
    """Check the bundle named on the command line; 0 it holds, 1 it does not, 2 usage."""
    if len(arguments) != 1 and (len(arguments) != 3 or arguments[1] != "--receipt"):
        print("usage: python -m evaluator.verifier BUNDLE.zip [--receipt RECEIPT.json]", file=sys.stderr)
        return 2
    try:
        bundle, *receipt = [read(name) for name in (arguments[0], *arguments[2:])]
        for line in verify(bundle, *receipt):
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
