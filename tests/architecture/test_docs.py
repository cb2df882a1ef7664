"""The generated pages are current, and what they should name they name."""

import re
import tomllib

import pytest
from flask import Flask

from evaluator.cli import docs
from evaluator.core.db import db
from tests.architecture import habits


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("name", docs.PAGES)
def test_a_generated_page_is_current(app: Flask, name):
    path = habits.ROOT / "docs" / name
    assert path.read_text(encoding="utf-8") == docs.PAGES[name](), f"docs/{name} is not current: run `make docs`"


@pytest.mark.engines("sqlite")
def test_a_stale_page_is_found(app: Flask, monkeypatch):
    monkeypatch.setitem(docs.PAGES, "cli.md", lambda: "something else")
    result = app.test_cli_runner().invoke(args=["docs", "--check"])
    assert (result.exit_code, result.stderr) == (1, "docs/cli.md is not current: run `make docs`\n")


@pytest.mark.engines("sqlite")
def test_every_command_has_help_and_an_example_and_stands_in_the_docs(app: Flask):
    printed = (habits.ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    for name, command in app.cli.commands.items():
        assert command.help, f"flask {name} has no help"
        leaves = command.commands.items() if hasattr(command, "commands") else [("", command)]
        for part, leaf in leaves:
            whole = f"flask {name} {part}".strip()
            assert f"`{whole}`" in printed
            assert leaf.help, f"{whole} has no help"
            assert "Example:" in leaf.help, f"{whole} has no example"


@pytest.mark.engines("sqlite")
def test_every_model_and_every_feature_stands_in_the_glossary(app: Flask):
    terms = tomllib.loads(docs.GLOSSARY.read_text(encoding="utf-8"))["term"]
    assert len({term["english"] for term in terms}) == len(terms), "a word that is explained twice"
    known = {name for term in terms for name in term.get("code", [])}
    models = {mapper.class_.__name__ for mapper in db.Model.registry.mappers}
    features = {path.parent.name for path in habits.PACKAGE.glob("*/models.py")}
    assert (models | features) - known == set()


def test_the_documents_link_only_to_what_is_there():
    found = []
    pages = [*habits.ROOT.glob("*.md"), *(habits.ROOT / "docs").rglob("*.md"), *habits.ROOT.glob("*/README.md")]
    for page in pages:
        targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        ours = [target for target in targets if "://" not in target and not target.startswith("mailto:")]
        found += [f"{page.relative_to(habits.ROOT)}: {each}" for each in ours if not (page.parent / each).exists()]
    assert found == []
    assert pages
