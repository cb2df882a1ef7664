"""The audit of pages finds what it is there to find."""

import pytest

from tests.audit_page import problems
from tests.markup import BadMarkup, read

GOOD = """<!doctype html>
<html lang="vi"><head><title>Đợt xét – Hội đồng</title></head>
<body><main><h1>Đợt xét</h1>{}</main></body></html>"""

WRONG = {
    "<h1>Lại nữa</h1>": "2 <h1> instead of one: ['Đợt xét', 'Lại nữa']",
    "<h3>Sâu quá</h3>": "heading level jumps from 1 to 3",
    '<p id="a"></p><p id="a"></p>': "id 'a' stands 2 times",
    '<a href="#nowhere">Đi</a>': "link '#nowhere' leads nowhere on the page",
    '<p aria-describedby="hint"></p>': "<p aria-describedby='hint'> points to nothing",
    '<input name="title">': "field 'title' has no label",
    "<button>Gửi</button>": "button 'Gửi' does not say its type",
    '<button type="button"></button>': "a button without words",
    '<form method="post" action="/x"></form>': "form to '/x' has no token",
    '<form action="/x"></form>': "form to '/x' does not say its method",
    '<p style="color: red"></p>': "inline 'style' on <p>",
    '<p onclick="go()"></p>': "inline 'onclick' on <p>",
    "<style></style>": "an inline <style>",
    "<script>go()</script>": "an inline <script>",
    '<img src="/a.png">': "image '/a.png' has no alt",
    "<table><tr><td>1</td></tr></table>": "a table without caption or headings",
    '<a href="/x"></a>': "link '/x' has no words",
    "<a>Đi</a>": "link 'Đi' has no address",
    '<a href="javascript:go()">Đi</a>': "link 'javascript:go()' is not an address",
    "<p>Sign out</p>": "not translated: 'Sign out'",
    '<input aria-label="Sign out" name="x">': "not translated: 'Sign out'",
}


def test_a_good_page_has_no_problems():
    page = GOOD.format('<form method="get"><label>Tìm <input name="q"></label></form>')
    assert problems(read(page), language="vi") == []


@pytest.mark.parametrize("fragment", WRONG)
def test_a_wrong_page_is_found(fragment):
    assert problems(read(GOOD.format(fragment)), language="vi") == [WRONG[fragment]]


def test_english_is_no_fault_on_an_english_page_or_where_it_says_so():
    assert problems(read(GOOD.format("<p>Sign out</p>")), language="en") == []
    assert problems(read(GOOD.format('<a lang="en" href="/">Sign out</a>')), language="vi") == []


@pytest.mark.parametrize(
    "bad",
    ["<p>", "<p></div></p>", "<b><i></b></i>", "</p>", "<div/>", '<p class="a" class="b"></p>', "<br></br>"],
)
def test_bad_markup_is_refused(bad):
    with pytest.raises(BadMarkup):
        read(bad)


def test_a_page_without_heading_title_main_and_language_is_found():
    assert problems(read("<html><body></body></html>"), language="en") == [
        "no <html lang>",
        "0 <h1> instead of one: []",
        "no <title>",
        "no <main>",
    ]
