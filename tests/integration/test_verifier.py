"""The evidence of a session proves itself: it holds as written, and whatever is changed in it is named."""

import hashlib
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import delete

from evaluator import verifier
from evaluator.cli.evidence import evidence as evidence_command
from evaluator.cli.evidence import verify as verify_command
from evaluator.core.db import db, transaction
from evaluator.core.errors import Conflict
from evaluator.council import evidence, ledger, queries
from evaluator.council import service as council
from evaluator.council.models import CouncilRole, PaperCount, Session, Vote
from evaluator.council.polls import deciding
from evaluator.council.polls import service as polls
from evaluator.council.polls.papers import PaperList
from evaluator.rules.evidence import canonical, digest
from evaluator.rules.lifecycle import InitiativeState
from evaluator.rules.vote_rule import Mode
from tests.factories import actor_of, an_author
from tests.factories_council import a_session, account_of, an_item, seat, the_secretary, under

ROOT = Path(__file__).parents[2]


def votes(poll, against: int) -> dict[int, Vote]:
    return {member: Vote.NO if place < against else Vote.YES for place, member in enumerate(poll.roll)}


@pytest.fixture
def held(app, clock) -> Session:
    """A closed session: one item passed, one failed with a recusal, a broken-off vote, a list on paper."""
    session, by = a_session(), the_secretary()
    teller = seat(session.council, CouncilRole.CRITIC)
    authors = {2: [an_author(account_id=seat(session.council, CouncilRole.MEMBER).account_id)]}
    items = [
        an_item(
            session,
            number=number,
            title=f"Sáng kiến thử số {number}",
            **({"authors": authors[number]} if number in authors else {}),
        )
        for number in (1, 2, 3, 4)
    ]
    with transaction():
        council.name_tellers(session, members=[teller.id], by=by, now=clock.now())
        broken = polls.put(session, items[:1], mode=Mode.OPEN, by=by, now=clock.now())[0]
        polls.annul(broken, reason="Đọc nhầm tên", by=by, now=clock.now())
        for poll in polls.put(session, items[:2], mode=Mode.OPEN, by=by, now=clock.now()):
            against = 1 if poll.lines[0].item.number == 1 else 3
            polls.cast_by_name(poll, votes(poll, against), by=by, now=clock.now())
            polls.close(poll, by=by, now=clock.now())
        paper = polls.put(session, items[2:], mode=Mode.PAPER, by=by, now=clock.now())[0]
        totals = PaperList(7, 7, 6, 1, lines={3: (5, 1, 0), 4: (3, 2, 1)}, causes={"unclear": 1})
        polls.enter_papers(paper, totals, by=by, now=clock.now())
        polls.enter_papers(paper, totals, by=actor_of(account_of(teller)), now=clock.now())
        polls.close(paper, by=by, now=clock.now())
        deciding.decide_all(session, by=by, now=clock.now())
        council.close_session(session, conclusion="Nhất trí.", by=by, now=clock.now())
    return session


def failure(bundle: bytes) -> str:
    with pytest.raises(verifier.Broken) as broken:
        list(verifier.verify(bundle))
    return str(broken.value)


def changed(bundle: bytes, change, name: str = verifier.EVIDENCE) -> bytes:
    """The bundle after somebody changed a document and put manifest and archive in order again."""
    files = verifier.opened(bundle)
    document = json.loads(files[name])
    change(document)
    files[name] = canonical(document)
    listed = {each: hashlib.sha256(content).hexdigest() for each, content in files.items() if each != verifier.MANIFEST}
    files[verifier.MANIFEST] = canonical({"v": 1, "files": listed})
    return verifier.packed(files)


def test_a_bundle_holds_as_it_was_written_and_is_the_same_twice(held):
    bundle = evidence.bundle(held)
    lines = list(verifier.verify(bundle))
    assert [line.split()[0] for line in lines] == ["V0", "V1", "V2", "V3", "V4", "V5", "V7", "V7", "V8"]
    assert lines[4] == "V4 20 votes and papers reconcile with the rolls"
    assert lines[6] == "V7 4 results counted anew, all equal"
    assert lines[8] == "V8 machine block and text of the minutes equal the result for 4 items"
    assert evidence.bundle(held) == bundle


def test_a_session_that_still_runs_has_no_evidence_yet(app):
    with pytest.raises(Conflict):
        evidence.bundle(a_session())


def test_one_changed_byte_anywhere_is_noticed(held):
    bundle = evidence.bundle(held)
    chance = random.Random(5)  # noqa: S311 - which bytes to try, the same each time
    places = {*range(40), *range(len(bundle) - 60, len(bundle)), *chance.sample(range(len(bundle)), 200)}
    unnoticed = []
    for place in sorted(places):
        broken = bytearray(bundle)
        broken[place] ^= 1 << chance.randrange(8)
        try:
            list(verifier.verify(bytes(broken)))
        except verifier.Broken:
            continue
        unnoticed.append(place)
    assert unnoticed == []


def first(kind: str):
    return lambda document: next(entry for entry in document["ledger"] if entry["kind"] == kind)


def counted_poll(document, mode: str = "open"):
    return next(poll for poll in document["polls"] if poll["state"] == "counted" and poll["definition"]["mode"] == mode)


def swap_vote(document):
    counted_poll(document)["votes"][0][2] = "abstain"


def drop_vote(document):
    counted_poll(document)["votes"].pop()


def vote_twice(document):
    poll = counted_poll(document)
    poll["votes"].append(list(poll["votes"][0]))


def vote_of_the_recused(document):
    poll = document["polls"][2]
    recused = next(line["seat"] for line in poll["definition"]["roll"] if line["status"] == "recused")
    poll["votes"].append([2, recused, "yes"])


def unknown_choice(document):
    counted_poll(document)["votes"][0][2] = "maybe"


def better_result(document):
    counted_poll(document)["result"][0]["yes"] += 1


def lower_needed(document):
    counted_poll(document, "paper")["result"][1] |= {"needed": 3, "verdict": "passed"}


def papers_off(document):
    counted_poll(document, "paper")["papers"]["lines"]["3"] = [6, 1, 0]


def papers_other(document):
    counted_poll(document, "paper")["papers"]["lines"]["4"] = [5, 0, 1]


def other_title(document):
    counted_poll(document)["definition"]["parts"][0]["title"] = "Sáng kiến khác"


def softer_rule(document):
    counted_poll(document)["definition"]["rule"]["threshold"] = [1, 2]


def dropped_entry(document):
    del document["ledger"][4]


def later(document):
    document["ledger"][3]["at"] = "2027-01-01T00:00:00+00:00"


def reversed_decision(document):
    document["decisions"][0]["selected"] = not document["decisions"][0]["selected"]


def other_member(document):
    document["session"]["members"][0]["name"] = "Người khác"


def hidden_poll(document):
    del document["polls"][0]


def other_closing(document):
    document["closed_at"] = None


def missing_key(document):
    del counted_poll(document)["definition"]["mode"]


def other_format(document):
    document["format"] = "other"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (swap_vote, "V4 vote 2: its votes are not those that were counted"),
        (drop_vote, "V4 vote 2: its votes are not those that were counted"),
        (vote_twice, "V4 vote 2: seat 1 voted twice on item 1"),
        (vote_of_the_recused, "V4 vote 3: seat 6 voted without being entitled"),
        (unknown_choice, "V4 vote 2: “maybe” is no vote"),
        (better_result, "V7 vote 2, item 1: yes is said to be 7, counted anew it is 6"),
        (lower_needed, "V7 vote 4, item 4: needed is said to be 3, counted anew it is 5"),
        (papers_off, "V4 vote 4: the votes on item 3 do not make the valid papers"),
        (papers_other, "V4 vote 4: the two entries are not equal"),
        (other_title, "V1 vote 2: its definition is not the frozen one"),
        (softer_rule, "V1 vote 2: its definition is not the frozen one"),
        (dropped_entry, "V2 ledger: entry 5 is missing or out of place"),
        (later, "V2 ledger: entry 4 (freeze) does not follow from the one before it"),
        (reversed_decision, "V7 decisions: they are not those of the ledger"),
        (other_member, "V1 vote 1: its roll is not that of the council"),
        (hidden_poll, "V1 the votes are not those the ledger froze"),
        (other_closing, "V3 order: the session was closed at another time"),
        (missing_key, "V1 vote 2: its definition is not the frozen one"),
        (other_format, "V1 this is no evidence of a kind this verifier knows"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_change_behind_a_new_manifest_is_named(held, change, said):
    assert failure(changed(evidence.bundle(held), change)) == said


def rewritten(document) -> None:
    """A forger who also rewrites the ledger from the change on: only the head on the minutes is left to betray it."""
    poll = counted_poll(document)
    poll["votes"][0][2] = "yes"
    poll["result"][0] |= {"yes": 7, "no": 0}
    closing = next(e["body"] for e in document["ledger"] if e["kind"] == "close" and e["body"]["poll"] == 2)
    closing["votes_hash"] = digest("cv1.votes", poll["votes"])
    closing["result_hash"] = digest("cv1.result", poll["result"])
    before = digest("cv1.session", document["session"])
    for entry in document["ledger"]:
        before = digest("cv1.led", [before, entry["number"], entry["kind"], entry["body"], entry["at"]])
        entry["hash"] = before
    document["head"] = before


def test_a_rewritten_ledger_is_betrayed_by_the_head_on_the_minutes(held):
    assert failure(changed(evidence.bundle(held), rewritten)) == "V2 ledger: the head on the minutes is another one"


def test_minutes_that_say_something_else_are_named(held):
    bundle = evidence.bundle(held)
    machine = changed(bundle, lambda document: document["items"][0].update(yes=7), verifier.MINUTES)
    assert failure(machine) == "V8 the machine block of the minutes is not the result"
    files = verifier.opened(bundle)
    other = a_paper_saying(files[verifier.PAPER], "6/7", "7/7")
    listed = {name: content for name, content in files.items() if name != verifier.MANIFEST} | {verifier.PAPER: other}
    manifest = {"v": 1, "files": {name: hashlib.sha256(content).hexdigest() for name, content in listed.items()}}
    forged = verifier.packed(listed | {verifier.MANIFEST: canonical(manifest)})
    assert failure(forged) == "V8 the minutes give item 1 other votes than 6/7"


def test_minutes_with_another_head_are_named(held):
    bundle = evidence.bundle(held)
    files = verifier.opened(bundle)
    head = json.loads(files[verifier.EVIDENCE])["head"]
    other = a_paper_saying(files[verifier.PAPER], head[:12], "0" * 12)
    listed = {name: content for name, content in files.items() if name != verifier.MANIFEST} | {verifier.PAPER: other}
    manifest = {"v": 1, "files": {name: hashlib.sha256(content).hexdigest() for name, content in listed.items()}}
    forged = verifier.packed(listed | {verifier.MANIFEST: canonical(manifest)})
    assert failure(forged).startswith("V2 ledger: the minutes print another head: 000000000000")


def a_paper_saying(paper: bytes, old: str, new: str) -> bytes:
    import io
    import zipfile

    source, target = zipfile.ZipFile(io.BytesIO(paper)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as out:
        for name in source.namelist():
            content = source.read(name)
            out.writestr(name, content.replace(old.encode(), new.encode()) if name == "word/document.xml" else content)
    return target.getvalue()


def test_a_change_in_the_database_after_the_vote_is_named(held):
    poll = db.session.query(type(held_polls(held)[0])).filter_by(number=2).one()
    poll.lines[0].votes[0].vote = Vote.ABSTAIN
    db.session.commit()
    assert failure(evidence.bundle(held)) == "V4 vote 2: its votes are not those that were counted"


def held_polls(held):
    from evaluator.council.records.queries import paper_polls

    return paper_polls(held)


def test_a_run_off_of_a_list_is_counted_anew(app, clock):
    rule = {"method": "choose", "k": 2, "base": "returned", "threshold": [1, 3], "compare": ">", "modes": ["paper"]}
    session, by = under(a_session(), **rule), the_secretary()
    teller = seat(session.council, CouncilRole.CRITIC)
    items = [an_item(session, number=number, title=f"Công trình số {number}") for number in (1, 2, 3)]

    def count(poll, *yes: int):
        lines = {line.item.number: (count, 7 - count, 0) for line, count in zip(poll.lines, yes, strict=True)}
        for actor in (by, actor_of(account_of(teller))):
            polls.enter_papers(poll, PaperList(7, 7, 7, 0, lines=lines), by=actor, now=clock.now())
        polls.close(poll, by=by, now=clock.now())

    with transaction():
        council.name_tellers(session, members=[teller.id], by=by, now=clock.now())
        poll = polls.put(session, items, mode=Mode.PAPER, by=by, now=clock.now())[0]
        count(poll, 6, 4, 4)
        count(polls.run_off(poll, by=by, now=clock.now()), 3, 4)
        deciding.decide_all(session, by=by, now=clock.now())
        council.close_session(session, by=by, now=clock.now())
    lines = list(verifier.verify(evidence.bundle(session)))
    assert lines[6] == "V7 5 results counted anew, all equal"


def test_a_session_without_a_vote_has_evidence_too(app, clock):
    session = a_session()
    with transaction():
        council.close_session(session, by=the_secretary(), now=clock.now())
    assert len(list(verifier.verify(evidence.bundle(session)))) == 9
    assert [entry.kind for entry in ledger.entries_of(session)] == ["end"]


@pytest.mark.parametrize("bundle", [b"", b"not a zip", verifier.packed({"evidence.json": b"{}"})])
def test_what_is_no_bundle_is_refused(bundle):
    assert failure(bundle).startswith("the archive")


def test_the_command_writes_and_checks_a_bundle(app, held, tmp_path):
    out = tmp_path / "evidence.zip"
    run = app.test_cli_runner().invoke
    written = run(evidence_command, ["--round", held.council.code, "--session", "1", "--out", str(out)])
    assert written.exit_code == 0, written.output
    assert run(verify_command, [str(out)]).exit_code == 0
    out.write_bytes(out.read_bytes()[:-1] + b"\1")
    refused = run(verify_command, [str(out)])
    assert (refused.exit_code, str(out) in refused.stderr) == (1, True)


def test_the_verifier_runs_alone_with_nothing_but_python(held, tmp_path):
    alone = tmp_path / "verifier.py"
    alone.write_bytes((ROOT / "evaluator" / "verifier.py").read_bytes())
    bundle = tmp_path / "evidence.zip"
    bundle.write_bytes(evidence.bundle(held))
    ran = subprocess.run(
        [sys.executable, "-I", "-S", str(alone), str(bundle)], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout.splitlines()[-1], ran.stderr) == (0, "The bundle holds.", "")
    assert subprocess.run([sys.executable, "-I", "-S", str(alone)], capture_output=True, check=False).returncode == 2
    missing = subprocess.run([sys.executable, "-I", "-S", str(alone), "/nowhere"], capture_output=True, check=False)
    assert missing.returncode == 1


# --- the same, watched over all the time --------------------------------------------------------


def test_a_touched_ledger_is_found_by_the_watch(held):
    entry = list(ledger.entries_of(held))[3]
    written, entry.kind = entry.kind, "other"
    db.session.flush()
    assert ledger.broken() == [f"{held.code}: 4"]
    entry.kind = written
    db.session.commit()
    assert ledger.broken() == []


def test_papers_entered_by_one_person_are_found_by_the_watch(held):
    poll = held_polls(held)[0]
    second = poll.entries[1]
    db.session.execute(delete(PaperCount).where(PaperCount.id == second.id))
    assert queries.papers_entered_once() == [poll.code]
    db.session.rollback()
    assert queries.papers_entered_once() == []


def test_an_initiative_that_stands_otherwise_than_decided_is_found_by_the_watch(held):
    decided = queries.decided(held.council.round)[0]
    decided.state = InitiativeState.NOT_SELECTED
    db.session.flush()
    assert queries.contradicted_decisions() == [decided.code]
    db.session.rollback()
    assert queries.contradicted_decisions() == []
