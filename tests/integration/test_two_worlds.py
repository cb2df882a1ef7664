"""Two worlds that differ only in what somebody may not know look the same to that person, byte for byte.

The test walks the route map. A route without a rule here fails it, so no page is added without being asked. This
covers leaks 1–5, 7, 8, 14–17, 20–23, 28, 34–37, 40, 41, 43, 45, 46, 48–50 of the list in leaks.md at once.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from evaluator.core.db import db
from evaluator.rules.calendar import Phase
from tests import world as worlds
from tests.page_client import PageClient
from tests.world import World, a_world

Arguments = dict[str, Any]
Rule = Callable[[World], list[Arguments]]
Answer = tuple[int, list[tuple[str, str]], bytes]


def once(_world: World) -> list[Arguments]:
    """A page without arguments."""
    return [{}]


def rounds(world: World) -> list[Arguments]:
    return [{"code": world.a_round.code}]


def many(rule: Rule, **more: Any) -> Rule:
    """The same with more parts of the address, the same for each."""
    return lambda world: [{**each, **more} for each in rule(world)]


def colleague(rule: Rule) -> Rule:
    """The same with somebody who reviews."""
    return lambda world: [{**each, "reviewer": world.people["colleague"].code} for each in rule(world)]


def sessions(world: World) -> list[Arguments]:
    return [{"code": world.held.code, "number": 1}]


def councils(world: World) -> list[Arguments]:
    return [{"code": each.code} for each in (world.held, world.a_round)]


def blind_codes(world: World) -> list[Arguments]:
    return [
        {"code": each.blind_code} for each in (world.first, world.second, world.third, world.written) if each.blind_code
    ]


def results(world: World) -> list[Arguments]:
    return [{"code": world.a_round.code, "initiative": each.code} for each in (world.first, world.third, world.kept)]


def sheets(world: World) -> list[Arguments]:
    return [{"initiative": each.code} for each in (world.first, world.third)]


def accounts(world: World) -> list[Arguments]:
    return [{"code": world.people[name].code} for name in ("author", "colleague", "secretary")]


def units(world: World) -> list[Arguments]:
    return [{"code": world.unit.code}]


def dossiers(world: World) -> list[Arguments]:
    return [
        {"code": each.code} for each in (world.first, world.second, world.third, world.written, world.kept, world.draft)
    ]


def dossier_files(world: World) -> list[Arguments]:
    return [
        {"code": world.first.code, "file_code": world.own_file.code},
        {"code": world.third.code, "file_code": world.other_file.code},
        {"code": world.first.code, "file_code": world.other_file.code},
    ]


def nothing(_world: World) -> list[Arguments]:
    """Nothing of this kind is in the world."""
    return [{"code": "NONE"}]


def files_by_name(world: World) -> list[Arguments]:
    return [
        {"code": each.blind_code or "", "name": name}
        for each in (world.first, world.third)
        for name in ("tai-lieu-1.pdf", "khong-co.pdf")
    ]


def entries(world: World) -> list[Arguments]:
    return [{"code": world.a_round.code, "entry_code": world.first.code}]


def edition_files(world: World) -> list[Arguments]:
    return [{"code": world.a_round.code, "name": "book.pdf"}]


NOT_OURS_TO_TELL = {"static", "assets.serve", "people.reset_password"}  # the same bytes for everybody, or a secret link


def works(world: World) -> list[Arguments]:
    """The initiatives of both councils, as their papers name them."""
    return [
        {"code": world.held.code, "initiative": world.selected.code},
        {"code": world.a_round.code, "initiative": world.first.code},
    ]


item, vote = many(sessions, place=1), many(sessions, which=1)
sealed_votes = many(sessions, place=1)

# How each page is asked for. Whoever adds a route says here with which things of the world.
PAGES: dict[str, Rule] = {
    "accounts.create": once,
    "accounts.create_several": once,
    "accounts.index": once,
    "accounts.show": accounts,
    "assignment.conflicts": rounds,
    "assignment.given": rounds,
    "assignment.reviewer": colleague(rounds),
    "assignment.reviewers": rounds,
    "audit.export": once,
    "audit.index": once,
    "audit.take": once,
    "audit.verify": once,
    "certificates.index": once,
    "certificates.show": nothing,
    "compendium.book": rounds,
    "compendium.entry": entries,
    "compendium.file": edition_files,
    "compendium.index": once,
    "agenda.lots": vote,
    "agenda.recuse": vote,
    "agenda.send_back": item,
    "agenda.supplement": item,
    "agenda.vote_again": item,
    "seats.show": sessions,
    "council.add_item": sessions,
    "council.close": sessions,
    "council.found": councils,
    "council.index": once,
    "council.item": item,
    "council.members": councils,
    "council.open_session": councils,
    "council.postpone": item,
    "council.proof": sessions,
    "council.reconsider": item,
    "council.roll": sessions,
    "council.screen": sessions,
    "council.session": sessions,
    "council.show": councils,
    "council.study": item,
    "council.withdraw": item,
    "desk.check": dossiers,
    "desk.copy": dossier_files,
    "desk.next_to_check": once,
    "desk.register": once,
    "editing.entry": entries,
    "editing.file": edition_files,
    "editing.front": rounds,
    "editing.index": once,
    "editing.preview": entries,
    "editing.show": rounds,
    "editing.take_back": rounds,
    "explanations.author": dossiers,
    "explanations.author_pdf": dossiers,
    "explanations.council": results,
    "explanations.council_pdf": results,
    "exports.take": many(rounds, what="scores"),
    "facts.show": rounds,
    "handover.release": colleague(rounds),
    "handover.replace": colleague(results),
    "home.health": once,
    "home.start": once,
    "initiatives.edit": dossiers,
    "initiatives.file": dossier_files,
    "initiatives.index": once,
    "initiatives.new": once,
    "initiatives.receipt": many(dossiers, kind="docx"),
    "initiatives.show": dossiers,
    "initiatives.withdraw": dossiers,
    "intake.index": once,
    "intake.original": nothing,
    "intake.report": nothing,
    "intake.show": nothing,
    "intake.template": once,
    "locking.index": rounds,
    "locking.show": many(rounds, number=1),
    "locking.unlock": rounds,
    "looks.authors": dossiers,
    "looks.names": rounds,
    "notices.index": once,
    "notices.show": nothing,
    "papers.batch": many(councils, kind="notice"),
    "papers.certificate": many(works, form="pdf"),
    "papers.consistency": councils,
    "papers.example_form": many(councils, kind="decision"),
    "papers.index": councils,
    "papers.minutes": many(councils, number=1),
    "papers.notice": many(works, form="docx"),
    "papers.office_forms": councils,
    "papers.paper": many(councils, kind="decision", form="docx"),
    "papers.preview_form": many(councils, kind="decision"),
    "papers.register_paper": many(councils, kind="decision"),
    "papers.scan": many(councils, kind="decision"),
    "people.change_password": once,
    "people.forgotten_password": once,
    "people.login": once,
    "people.my_account": once,
    "polls.annul": vote,
    "polls.ballot": vote,
    "polls.by_name": vote,
    "polls.papers": vote,
    "polls.record": vote,
    "preview.show": nothing,
    "preparing.pairs": rounds,
    "preparing.pairs_table": rounds,
    "preparing.remaining": rounds,
    "preparing.rules": rounds,
    "proposals.announce": rounds,
    "proposals.dossier": results,
    "proposals.export": rounds,
    "proposals.proposal": rounds,
    "proposals.start": rounds,
    "proposals.table": rounds,
    "records.attendance": many(sessions, kind="docx"),
    "records.ballots": many(sessions, which=1, kind="pdf"),
    "records.count": many(sessions, which=1, kind="pdf"),
    "records.session_minutes": many(sessions, kind="docx"),
    "release.announced": rounds,
    "release.audience": councils,
    "release.own_notice": works,
    "release.show": councils,
    "remarking.ask": dossiers,
    "remarking.decide": results,
    "remarking.index": rounds,
    "results.index": once,
    "results.listed": rounds,
    "results.reviewers": rounds,
    "results.scores": rounds,
    "results.show": results,
    "reviews.file": files_by_name,
    "reviews.next_sheet": once,
    "reviews.sheet": blind_codes,
    "reviews.statement": rounds,
    "reviews.todo": once,
    "reviews_api.show": blind_codes,
    "rounds.create": once,
    "rounds.edit": rounds,
    "rounds.index": once,
    "rounds.move_date": rounds,
    "rounds.show": rounds,
    "rubrics.change": many(nothing, place="p"),
    "rubrics.create": once,
    "rubrics.draft_toml": nothing,
    "rubrics.index": once,
    "rubrics.preset_toml": lambda _world: [{"key": "r01-provincial"}],
    "rubrics.settings": nothing,
    "rubrics.show": nothing,
    "rubrics.try_out": nothing,
    "rubrics.version_toml": many(nothing, number=1),
    "sealed.ballot": sealed_votes,
    "sealed.box": many(sealed_votes, layer="A"),
    "sealed.definition": sealed_votes,
    "sealed.enter_papers": sealed_votes,
    "sealed.of_vote": vote,
    "sealed.prepare": sessions,
    "sealed.receipt": sealed_votes,
    "sealed.receipt_file": sealed_votes,
    "sealed.recuse": sealed_votes,
    "sealed.show": sealed_votes,
    "sealed.withdraw": sealed_votes,
    "statistics.show": rounds,
    "units.close": units,
    "units.create": units,
    "units.edit": units,
    "units.import_list": once,
    "units.index": once,
    "units.merge": units,
    "units.rename": units,
    "units.show": units,
    "wishing.page": rounds,
    "work.progress": nothing,
    "work.show": nothing,
}

# Addresses that only change things. Whoever may not know the thing must hear the same as of a thing that is not there.
CHANGES: dict[str, Rule] = {
    "accounts.deactivate": accounts,
    "accounts.invite": accounts,
    "accounts.reactivate": accounts,
    "agenda.casting": vote,
    "agenda.no_quorum": sessions,
    "seats.give_proxy": sessions,
    "seats.substitute": sessions,
    "seats.take_back": item,
    "council.agenda": sessions,
    "council.decide": sessions,
    "council.note": item,
    "council.opinion": item,
    "council.pause": sessions,
    "council.put": sessions,
    "council.refuse": councils,
    "council.resume": sessions,
    "council.take_up": item,
    "editing.approve": entries,
    "editing.approve_all": rounds,
    "editing.build": rounds,
    "editing.open_edition": rounds,
    "editing.publish": rounds,
    "home.choose_language": once,
    "initiatives.autosave": dossiers,
    "intake.take": nothing,
    "notices.hand_over": nothing,
    "notices.try_again": nothing,
    "papers.build": many(councils, kind="notice"),
    "papers.compare": councils,
    "papers.drop_scan": many(councils, kind="decision"),
    "papers.issue": councils,
    "papers.retire_form": many(councils, kind="decision"),
    "people.logout": once,
    "polls.count": vote,
    "polls.run_off": vote,
    "preparing.release_pair": many(rounds, pair="NONE"),
    "preparing.settle_table": rounds,
    "proposals.apply": rounds,
    "proposals.discard": rounds,
    "proposals.recall": rounds,
    "proposals.undo": rounds,
    "release.draft": councils,
    "release.send": councils,
    "release.undo": councils,
    "results.close": rounds,
    "results.rank": rounds,
    "results.remind": colleague(rounds),
    "reviews.ask_time": blind_codes,
    "reviews.conflict": blind_codes,
    "reviews.extend": colleague(sheets),
    "reviews.give_back": blind_codes,
    "reviews.reopen": colleague(sheets),
    "reviews_api.keep": blind_codes,
    "rounds.close": rounds,
    "rounds.open_round": rounds,
    "rubrics.bring_in": once,
    "rubrics.move": many(nothing, place="p"),
    "rubrics.save_version": nothing,
    "rubrics.take_out": many(nothing, place="p"),
    "sealed.cast": sealed_votes,
    "sealed.destroyed": many(sealed_votes, layer="A"),
    "sealed.drop": sealed_votes,
    "sealed.freeze": sealed_votes,
    "sealed.give_key": many(sealed_votes, layer="A"),
    "sealed.on_paper": sealed_votes,
    "sealed.open_voting": sealed_votes,
    "sealed.opened": many(sealed_votes, layer="A"),
    "sealed.shut": sealed_votes,
}

# Who looks, and what is changed that this person may not know.
VIEWERS: dict[str, list[Callable[[World], None]]] = {
    "reviewer": [worlds.change_authors, worlds.change_judging],
    "stand-in": [worlds.change_authors],
    "author": [worlds.change_reviewers, worlds.change_strangers],
    "councillor": [worlds.change_authors, worlds.change_reviewers],
    "secretary who writes": [partial(worlds.change_own_judging, of="kept")],
    "secretary who reviews": [worlds.change_beside],
    "councillor in conflict": [worlds.change_authors, worlds.change_draft_decision],
    "nobody": [worlds.change_reviewers, worlds.change_authors, worlds.change_strangers],
    "member": [worlds.change_authors, worlds.change_reviewers, worlds.change_ranking, worlds.change_draft_decision],
    "author who reviews": [
        partial(worlds.change_authors, but="author who reviews"),
        partial(worlds.change_judging, but="author who reviews"),
        worlds.change_own_judging,
        worlds.change_ranking,
        worlds.change_draft_decision,
    ],
    "member who reviews": [
        worlds.change_authors,
        partial(worlds.change_judging, but="member who reviews"),
        worlds.change_ranking,
        worlds.change_draft_decision,
    ],
}
# The same at other stages of the round: what is hidden there from whom. At the stage of review see above.
STAGES: dict[tuple[Phase, str], list[Callable[[World], None]]] = {
    (Phase.SUBMISSION, "reviewer"): [worlds.change_authors, worlds.change_strangers],
    (Phase.SUBMISSION, "author"): [worlds.change_strangers],
    (Phase.CHECKING, "member"): [worlds.change_authors, worlds.change_strangers],
    (Phase.CHECKING, "author who reviews"): [partial(worlds.change_authors, but="author who reviews")],
    (Phase.COUNCIL, "reviewer"): [worlds.change_authors, worlds.change_ranking],
    (Phase.COUNCIL, "author"): [
        worlds.change_provisional_decision,
        worlds.change_names_of_reviewers,
        worlds.change_ranking,
        worlds.change_draft_decision,
    ],
    (Phase.COUNCIL, "member"): [worlds.change_authors, worlds.change_ranking, worlds.change_names_of_reviewers],
    (Phase.PUBLICATION, "reviewer"): [worlds.change_authors],
    (Phase.PUBLICATION, "author"): [worlds.change_names_of_reviewers],
    (Phase.PUBLICATION, "author who reviews"): [worlds.change_names_of_reviewers],
}
PASSING = re.compile(
    rb'(name="[\w-]*csrf_token"[^>]*value=")[^"]+|(name="once"[^>]*value=")[^"]+'  # what is new with every page
)
DOCUMENT, PAGE = {"Accept": "application/json"}, {"Accept": "text/html"}
AS_PAGE = " as a page"
PASSING_HEADERS = {"x-request-id", "date", "set-cookie", "content-length", "etag"}


@dataclass(frozen=True)
class Read:
    """One statement that was sent to the database, and with what."""

    statement: str
    parameters: Any

    def __hash__(self) -> int:
        return hash((self.statement, repr(self.parameters)))


def test_every_route_has_a_rule(app: Flask):
    routes = {rule.endpoint: rule.methods for rule in app.url_map.iter_rules()}
    read = {endpoint for endpoint, methods in routes.items() if "GET" in methods} - NOT_OURS_TO_TELL
    assert read == set(PAGES), "a page without a rule, or a rule without a page"
    assert set(routes) - read - NOT_OURS_TO_TELL == set(CHANGES), "a change without a rule, or a rule without a change"


def addresses(app: Flask, world: World, rules: dict[str, Rule], name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every endpoint with each address it is asked at.

    Dossiers of people with two roles are asked for by those people only: to anybody else they are like the third.
    """
    authors = {"author who reviews": world.written, "secretary who writes": world.kept}
    twins = [each for author, each in authors.items() if name not in {"", author}]
    with app.test_request_context():
        for endpoint, rule in rules.items():
            for arguments in rule(world):
                address = app.url_for(endpoint, **arguments)
                if not any(f"/{code}" in address for each in twins for code in (each.code, each.blind_code)):
                    yield endpoint, address


def everything(client: PageClient, addresses: Iterable[str]) -> tuple[dict[str, Answer], dict[str, set[Read]]]:
    """Return what somebody is answered at every address, without what is new with every answer, and what was read for it.

    Asks the browser itself: reading and auditing every page, as the page client does, would take twice the time. A
    refusal is asked for as a document, which says all that its page says; the first one as a page as well.
    """
    seen: dict[str, Answer] = {}
    read: dict[str, set[Read]] = {}
    asked = list(addresses)
    for key in asked:
        address, form = (key.removesuffix(AS_PAGE), PAGE) if key.endswith(AS_PAGE) else (key, DOCUMENT)
        with reading() as read[key]:
            answer = Context().run(client.browser.get, address, buffered=True, headers=form)
        assert answer.status_code != 500, f"{address}: a fault of ours"
        if answer.status_code >= 400 and not asked[-1].endswith(AS_PAGE):
            asked.append(f"{address}{AS_PAGE}")
        headers = sorted((name, value) for name, value in answer.headers if name.lower() not in PASSING_HEADERS)
        seen[key] = (answer.status_code, headers, PASSING.sub(rb"\1\2", answer.data))
    return seen, read


def changed(client: PageClient, pages: list[tuple[str, str]], world: World, changes: list[Any]) -> list[str]:
    """Return the addresses at which somebody is answered otherwise after these changes.

    An answer is made of the request, the moment and what was read from the database: where every statement still
    brings the same rows, the answer is the same, and only the others are asked for again.
    """
    before, read = everything(client, [address for _endpoint, address in pages])
    rows_before = rows_of(read.values())
    for change in changes:
        change(world)
    rows_after = rows_of(read.values())
    touched = [key for key in before if any(rows_before[each] != rows_after[each] for each in read[key])]
    after, _read = everything(client, touched)
    return [address for address in touched if before[address] != after[address]]


@contextmanager
def reading() -> Iterator[set[Read]]:
    """Collect the statements, with their parameters, that read from the database in the block."""
    found: set[Read] = set()

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            found.add(Read(statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def rows_of(reads: Iterable[set[Read]]) -> dict[Read, str]:
    """Return what each statement brings at this moment."""
    with db.engine.connect() as connection:
        return {
            each: repr(connection.exec_driver_sql(each.statement, each.parameters).fetchall())
            for each in set().union(*reads)
        }


def viewer(client: PageClient, world: World, name: str) -> PageClient:
    return client if name == "nobody" else client.sign_in(world.people[name])


@pytest.mark.parametrize("name", VIEWERS)
def test_what_is_hidden_from_somebody_changes_nothing_for_that_person(app: Flask, client, name):
    world = a_world()
    pages = list(addresses(app, world, PAGES, name))

    assert changed(viewer(client, world, name), pages, world, VIEWERS[name]) == []


@pytest.mark.parametrize(("phase", "name"), STAGES)
def test_what_is_hidden_stays_hidden_at_every_stage(app: Flask, client, phase, name):
    world = worlds.stand_in(a_world(), phase)
    pages = list(addresses(app, world, PAGES, name))

    assert changed(viewer(client, world, name), pages, world, STAGES[phase, name]) == []


@pytest.mark.parametrize("name", ["member", "chair"])
def test_whoever_reads_released_scores_judges_works_and_not_people(app: Flask, client, name):
    world = worlds.release_scores(a_world())
    pages = list(addresses(app, world, PAGES, name))
    changes = [partial(worlds.change_authors, but="secretary who writes")]

    assert changed(viewer(client, world, name), pages, world, changes) == []


def test_the_two_worlds_differ_for_the_secretary(app: Flask, client):
    world = a_world()
    shown = {"desk.register", "results.show", "council.item", "assignment.given"}
    pages = [(name, address) for name, address in addresses(app, world, PAGES) if name in shown]
    changes = [worlds.change_authors, worlds.change_judging, worlds.change_ranking, worlds.change_draft_decision]

    assert {name for name, _address in pages} == shown
    assert changed(viewer(client, world, "secretary"), pages, world, changes) != []


@pytest.mark.parametrize("name", ["reviewer", "author", "stranger", "member"])
def test_a_hidden_thing_is_answered_like_one_that_is_not_there(app: Flask, client, name):
    """Leaks 13 and 14: neither the status nor a word of the refusal tells whether there is something."""
    world = a_world()
    person = viewer(client, world, name)
    hidden = {
        "reviewer": [world.third.blind_code, world.first.code, world.draft.code],
        "author": [world.first.blind_code, world.third.code, world.draft.code],
        "stranger": [world.first.blind_code, world.first.code],
        "member": [world.first.blind_code, world.draft.code],
    }[name]
    for rule in app.url_map.iter_rules():
        if rule.endpoint in NOT_OURS_TO_TELL or len(rule.arguments) != 1 or "code" not in rule.arguments:
            continue
        for place, code in enumerate(hidden):
            answers = []
            for each in (code, "NONE-" + "X" * len(code)):
                with app.test_request_context():
                    address = app.url_for(rule.endpoint, code=each)
                method = "GET" if "GET" in rule.methods else "POST"
                form = DOCUMENT if place else PAGE  # a refusal as a document says all that its page says
                answer = Context().run(person.browser.open, address, method=method, buffered=True, headers=form)
                body = PASSING.sub(rb"\1\2", answer.data).replace(each.encode(), b"CODE")
                answers.append((answer.status_code, answer.headers.get("Location", "").replace(each, "CODE"), body))
            assert answers[0] == answers[1], f"{rule.endpoint} tells {name} that {code} is there"
