"""How a command tells that its input is wrong: a line for each problem, and exit status 1."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from evaluator.core.errors import EvaluatorError, Invalid
from evaluator.web.language import say_in


@contextmanager
def refusing(about: object, language: str = "vi") -> Iterator[None]:
    """Tell an expected failure as lines on standard error, each beginning with what it is about, and end with 1."""
    try:
        yield
    except EvaluatorError as error:
        fields = error.fields if isinstance(error, Invalid) else {}
        lines = [say_in(language, message) for messages in fields.values() for message in messages]
        for line in lines or [say_in(language, error.sentence)]:
            click.echo(f"{about}: {line}", err=True)
        sys.exit(1)
