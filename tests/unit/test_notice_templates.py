"""Every kind of message has its three texts, which ask only for what is given."""

import re

import pytest

from evaluator.notices.templates import TEMPLATES

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_short_text_leads_where_the_mail_leads(name):
    template = TEMPLATES[name]
    assert ("link" in PLACEHOLDER.findall(template.short)) == ("link" in PLACEHOLDER.findall(template.body))


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_text_without_its_values_is_noticed(name):
    template = TEMPLATES[name]
    values = dict.fromkeys(template.needs | {"link", "name"}, "…")
    for text in (template.subject, template.body, template.short, template.path):
        assert "%(" not in text % values


def test_only_links_that_set_a_password_are_secret():
    assert {name for name, template in TEMPLATES.items() if template.secret} == {"account-invited", "password-reset"}
