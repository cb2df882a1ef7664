"""Whatever the history records can be read in words."""

import ast
from pathlib import Path

from evaluator.audit.events import EVENTS, FACTS

SOURCE = Path(__file__).parents[2] / "evaluator"


def recorded(text: str) -> set[str]:
    """Return the events that a module records, as far as they are written out."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and node.args]
    named = [call.args[0] for call in calls if ast.unparse(call.func) == "audit.record"]
    return {each.value for each in named if isinstance(each, ast.Constant)}


def facts(text: str) -> set[str]:
    """Return the names of the facts that a module records."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    recording = [call for call in calls if ast.unparse(call.func) == "audit.record"]
    return {each.arg for call in recording for each in call.keywords if each.arg} - {"about", "by", "now"}


def sources() -> list[str]:
    """Return the modules but the one that holds the words."""
    return [path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py") if path.name != "events.py"]


def test_every_event_has_words():
    found = {event for text in sources() for event in recorded(text)}
    assert found - set(EVENTS) == set()


def test_every_fact_has_words():
    found = {fact for text in sources() for fact in facts(text)}
    assert found - set(FACTS) == set()


def test_no_words_are_left_of_an_event_that_happens_no_more():
    whole = "".join(sources())
    assert [event for event in EVENTS if f'"{event}"' not in whole] == []


def test_an_event_without_words_is_found():
    assert recorded('audit.record("sheet.lost", about=None, by=by, now=now)') == {"sheet.lost"}


def test_a_fact_without_words_is_found():
    assert facts('audit.record("sheet.lost", about=None, by=by, now=now, whereabouts=1)') == {"whereabouts"}
