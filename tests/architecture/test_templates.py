"""Our habits in the templates: they compile, name themselves, and hold no style, script or unescaped text."""

import pytest
from flask import Flask

from tests.architecture import habits

# Fragments that a script fetches and puts into a page that has a title.
FRAGMENTS: set[str] = set()


def by_name() -> dict[str, str]:
    return {path.split("/templates/", 1)[1]: text for path, text in habits.templates().items()}


def is_page(name: str, text: str) -> bool:
    return "{% extends" in text and not name.startswith(("layouts/", "macros/"))


def test_every_template_compiles(app: Flask):
    for name in by_name():
        app.jinja_env.get_template(name)


def test_no_template_hides_another():
    names = [path.split("/templates/", 1)[1] for path in habits.templates()]
    assert sorted(names) == sorted(set(names))


def test_every_page_defines_a_title():
    all_of_them = by_name()
    without = [
        name
        for name, text in all_of_them.items()
        if is_page(name, text) and name not in FRAGMENTS and not habits.has_title(text, all_of_them)
    ]
    assert without == []


def test_a_page_without_title_is_found():
    assert not habits.has_title('{% extends "layouts/page.html" %}', {})


def test_no_template_holds_style_script_or_unescaped_text():
    found = {name: habits.inline_code(text) for name, text in by_name().items()}
    assert {name: problems for name, problems in found.items() if problems} == {}


@pytest.mark.parametrize(
    "bad",
    [
        '<p class="x" style="color: red">',
        '<button onclick="go()">',
        "<style>p {}</style>",
        "<script>go()</script>",
        "{{ text|safe }}",
        "{% autoescape false %}",
    ],
)
def test_inline_code_is_found(bad):
    assert len(habits.inline_code(bad)) == 1
