"""Two worlds that differ only in what somebody may not know look the same to that person, byte for byte.

The test walks the route map. A route without a rule here fails it, so no page is added without being asked. This
covers leaks 1–5, 7, 8, 14–17, 20–23, 28, 34–37, 40, 41, 43, 45, 46, 48–50 of the list in leaks.md at once.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from tests import world as worlds
from tests.page_client import PageClient
from tests.world import World, a_world

Arguments = dict[str, str]
Rule = Callable[[World], list[Arguments]]


def once(_world: World) -> list[Arguments]:
    """A page without arguments."""
    return [{}]


def rounds(world: World) -> list[Arguments]:
    return [{"code": world.a_round.code}]


def blind_codes(world: World) -> list[Arguments]:
    return [{"code": each.blind_code} for each in (world.first, world.second, world.third) if each.blind_code]


def results(world: World) -> list[Arguments]:
    return [{"code": world.a_round.code, "initiative": each.code} for each in (world.first, world.third)]


def accounts(world: World) -> list[Arguments]:
    return [{"code": person.code} for person in world.people.values()]


def units(world: World) -> list[Arguments]:
    return [{"code": world.unit.code}]


def dossiers(world: World) -> list[Arguments]:
    return [{"code": each.code} for each in (world.first, world.third, world.draft)]


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

# How each page is asked for. Whoever adds a route says here with which things of the world.
PAGES: dict[str, Rule] = {
    "accounts.create": once,
    "accounts.index": once,
    "accounts.show": accounts,
    "audit.export": once,
    "audit.index": once,
    "compendium.book": rounds,
    "compendium.entry": entries,
    "compendium.file": edition_files,
    "compendium.index": once,
    "editing.entry": entries,
    "editing.file": edition_files,
    "editing.front": rounds,
    "editing.index": once,
    "editing.preview": entries,
    "editing.show": rounds,
    "editing.take_back": rounds,
    "home.health": once,
    "home.start": once,
    "initiatives.edit": dossiers,
    "initiatives.file": dossier_files,
    "initiatives.index": once,
    "initiatives.new": once,
    "initiatives.receipt": lambda world: [{**each, "kind": "docx"} for each in dossiers(world)],
    "initiatives.show": dossiers,
    "initiatives.withdraw": dossiers,
    "intake.index": once,
    "intake.original": nothing,
    "intake.report": nothing,
    "intake.show": nothing,
    "intake.template": once,
    "notices.index": once,
    "notices.show": nothing,
    "people.change_password": once,
    "people.forgotten_password": once,
    "people.login": once,
    "people.my_account": once,
    "records.count": lambda world: [{**each, "number": 1, "which": 1, "kind": "pdf"} for each in rounds(world)],
    "records.session_minutes": lambda world: [{**each, "number": 1, "kind": "docx"} for each in rounds(world)],
    "results.index": once,
    "results.listed": rounds,
    "results.reviewers": rounds,
    "results.scores": rounds,
    "results.show": results,
    "reviews.file": files_by_name,
    "reviews.sheet": blind_codes,
    "reviews.statement": rounds,
    "reviews.todo": once,
    "reviews_api.show": blind_codes,
    "rounds.create": once,
    "rounds.edit": rounds,
    "rounds.index": once,
    "rounds.move_date": rounds,
    "rounds.show": rounds,
    "units.close": units,
    "units.create": units,
    "units.edit": units,
    "units.import_list": once,
    "units.index": once,
    "units.rename": units,
    "units.show": units,
    "work.progress": nothing,
    "work.show": nothing,
}

# Addresses that only change things. Whoever may not know the thing must hear the same as of a thing that is not there.
CHANGES: dict[str, Rule] = {
    "accounts.deactivate": accounts,
    "accounts.invite": accounts,
    "accounts.reactivate": accounts,
    "audit.verify": once,
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
    "people.logout": once,
    "results.close": rounds,
    "results.extend": lambda world: [{**each, "reviewer": world.people["colleague"].code} for each in results(world)],
    "results.open_scoring": rounds,
    "results.rank": rounds,
    "results.remind": lambda world: [{"code": world.a_round.code, "reviewer": world.people["colleague"].code}],
    "results.reopen": lambda world: [{**each, "reviewer": world.people["colleague"].code} for each in results(world)],
    "reviews.ask_time": blind_codes,
    "reviews.conflict": blind_codes,
    "reviews.give_back": blind_codes,
    "reviews_api.keep": blind_codes,
    "rounds.close": rounds,
    "rounds.open_round": rounds,
}

# Who looks, and what is changed that this person may not know.
VIEWERS: dict[str, list[Callable[[World], None]]] = {
    "reviewer": [worlds.change_authors, worlds.change_judging],
    "stand-in": [worlds.change_authors],
    "author": [worlds.change_reviewers, worlds.change_strangers],
    "nobody": [worlds.change_reviewers, worlds.change_authors, worlds.change_strangers],
}
PASSING = re.compile(
    rb'(name="[\w-]*csrf_token"[^>]*value=")[^"]+|(name="once"[^>]*value=")[^"]+'  # what is new with every page
)
PASSING_HEADERS = {"x-request-id", "date", "set-cookie", "content-length", "etag"}


def test_every_route_has_a_rule(app: Flask):
    routes = {rule.endpoint: rule.methods for rule in app.url_map.iter_rules()}
    read = {endpoint for endpoint, methods in routes.items() if "GET" in methods} - NOT_OURS_TO_TELL
    assert read == set(PAGES), "a page without a rule, or a rule without a page"
    assert set(routes) - read - NOT_OURS_TO_TELL == set(CHANGES), "a change without a rule, or a rule without a change"


def addresses(app: Flask, world: World, rules: dict[str, Rule]) -> Iterator[tuple[str, str]]:
    """Yield every endpoint with each address it is asked at."""
    with app.test_request_context():
        for endpoint, rule in rules.items():
            for arguments in rule(world):
                yield endpoint, app.url_for(endpoint, **arguments)


def everything(client: PageClient, pages: list[tuple[str, str]]) -> dict[str, tuple[Any, ...]]:
    """Return what somebody is answered at every address, without what is new with every answer."""
    seen = {}
    for _endpoint, address in pages:
        page = client.get(address)
        headers = sorted((name, value) for name, value in page.headers if name.lower() not in PASSING_HEADERS)
        seen[address] = (page.status, headers, PASSING.sub(rb"\1\2", page.body))
    return seen


def viewer(client: PageClient, world: World, name: str) -> PageClient:
    return client if name == "nobody" else client.sign_in(world.people[name])


@pytest.mark.parametrize("name", VIEWERS)
def test_what_is_hidden_from_somebody_changes_nothing_for_that_person(app: Flask, client, name):
    world = a_world()
    pages = list(addresses(app, world, PAGES))
    person = viewer(client, world, name)
    before = everything(person, pages)
    assert {status for status, *_ in before.values()} >= {200, 303} or name != "nobody"
    for change in VIEWERS[name]:
        change(world)
    after = everything(person, pages)
    assert [address for address in before if before[address] != after[address]] == []


def test_the_two_worlds_differ_for_the_secretary(app: Flask, client):
    world = a_world()
    pages = list(addresses(app, world, PAGES))
    person = viewer(client, world, "secretary")
    before = everything(person, pages)
    for change in (worlds.change_authors, worlds.change_judging):
        change(world)
    after = everything(person, pages)
    assert [address for address in before if before[address] != after[address]] != []


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
        for code in hidden:
            answers = []
            for each in (code, "NONE-" + "X" * len(code)):
                with app.test_request_context():
                    address = app.url_for(rule.endpoint, code=each)
                method = "GET" if "GET" in rule.methods else "POST"
                page = person.open(method, address)
                body = PASSING.sub(rb"\1\2", page.body).replace(each.encode(), b"CODE")
                answers.append((page.status, page.headers.get("Location", "").replace(each, "CODE"), body))
            assert answers[0] == answers[1], f"{rule.endpoint} tells {name} that {code} is there"
