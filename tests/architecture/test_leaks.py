"""docs/leaks.md says of each of the 51 leaks what stands against it, and names only tests that exist."""

import re

from tests.architecture import habits

PAGE = (habits.ROOT / "docs" / "leaks.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+) \| (.+) \| (.+) \|$", re.MULTILINE)
NUMBER = range(1, 52)


def the_tests() -> set[str]:
    """Return the names of all tests."""
    sources = (habits.ROOT / "tests").rglob("test_*.py")
    return {name for path in sources for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)}


def test_every_leak_stands_in_the_page_once():
    assert [int(number) for number, _what, _how in ROW.findall(PAGE)] == list(NUMBER)


def test_every_leak_has_a_test_or_a_structure():
    ways = ("`test_", "structure:", "two worlds")
    assert [number for number, _what, how in ROW.findall(PAGE) if not any(way in how for way in ways)] == []


def test_every_test_the_page_names_exists():
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert named - the_tests() == set()
    assert len(named) > len(NUMBER) // 2
