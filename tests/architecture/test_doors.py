"""Every door is closed unless written out here; addresses are typed and tidy."""

import pytest
from flask import Flask
from werkzeug.routing import BaseConverter
from werkzeug.routing.converters import NumberConverter

from tests.architecture import habits

# Whoever has not signed in may come to these, and to no others.
PUBLIC = {
    "static",
    "assets.serve",
    "certificates.index",
    "certificates.show",
    "compendium.book",
    "compendium.entry",
    "compendium.file",
    "compendium.index",
    "home.choose_language",
    "home.health",
    "people.forgotten_password",
    "people.login",
    "people.reset_password",
    "release.announced",
}


def rules(app: Flask):
    return list(app.url_map.iter_rules())


def anything(converter: BaseConverter) -> str | int:
    """Return something that this part of an address could be."""
    if isinstance(converter, NumberConverter):
        return 1
    return next(iter(getattr(converter, "items", ["x" * 24])))


def test_the_public_endpoints_are_these(app: Flask):
    views = app.view_functions
    marked = {name for name, view in views.items() if getattr(view, "is_public", False)} | {"static"}
    assert marked == PUBLIC


def test_every_other_endpoint_asks_to_sign_in(app: Flask, client):
    asked = 0
    for rule in rules(app):
        if rule.endpoint in PUBLIC:
            continue
        with app.test_request_context():
            address = app.url_for(rule.endpoint, **{name: anything(each) for name, each in rule._converters.items()})
        method = next(each for each in ("GET", "POST", "PUT") if each in rule.methods)
        answer = client.open(method, address)
        signed_out = answer.status == 303 and answer.location.startswith("/login")
        assert signed_out or answer.status == 403, f"{rule.endpoint} at {address} answered {answer.status}"
        asked += 1
    assert asked > 0


def test_every_address_is_typed_and_tidy(app: Flask):
    found = {rule.rule: habits.untyped_or_untidy(rule.rule) for rule in rules(app) if rule.endpoint != "static"}
    assert {address: problems for address, problems in found.items() if problems} == {}


@pytest.mark.parametrize("bad", ["/initiatives/<code>", "/initiatives/<int:initiative_id>", "/score_sheets", "/Rounds"])
def test_an_untidy_address_is_found(bad):
    assert len(habits.untyped_or_untidy(bad)) == 1
