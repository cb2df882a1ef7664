"""Counting votes from files; needs no database."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from evaluator.core.text import Sentence
from evaluator.rules import tally as counting
from evaluator.web.language import LANGUAGES, say_in


@click.command("tally")
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output and nothing else.")
@click.option(
    "--language", type=click.Choice(list(LANGUAGES)), default="vi", show_default=True, help="Of the sentences."
)
@with_appcontext
def tally(files: tuple[str, ...], *, as_json: bool, language: str) -> None:
    """Count the votes in each of FILES by the rule written in it; ``-`` is standard input.

    \b
    Example:
        flask tally ballot.json --json
    """
    results, problems = [], []
    for name in files:
        try:
            results.append(_told(language, counting.count(json.loads(_text(name)))))
        except OSError as error:
            problems.append(f"{name}: {error.strerror}")
        except ValueError as error:
            problems.append(f"{name}: {error}")
        except counting.Unreadable as error:
            problems += [f"{name}: {problem.at}: {say_in(language, problem.what)}" for problem in error.problems]
    if problems:
        click.echo("\n".join(problems), err=True)
        sys.exit(1)
    if as_json:
        click.echo(json.dumps(results if len(results) > 1 else results[0], ensure_ascii=False, indent=1))
        return
    for name, result in zip(files, results, strict=True):
        click.echo("\n".join(_lines(name, result)))


def _text(name: str) -> str:
    return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")


def _told(language: str, value: Any) -> Any:
    """Return the result with every sentence told."""
    if isinstance(value, Sentence):
        return say_in(language, value)
    if isinstance(value, dict):
        return {key: _told(language, each) for key, each in value.items()}
    if isinstance(value, list):
        told = [_told(language, each) for each in value]
        return " ".join(told) if value and all(isinstance(each, Sentence) for each in value) else told
    return value


def _lines(name: str, result: dict[str, Any]) -> list[str]:
    """Return a result for people to read."""
    lines = [f"{name}: {result['rule_in_words']}"]
    lines += [f"  {item['id']}: {item['verdict']}. {item['why']}" for item in result.get("items", [])]
    for key in ("chosen", "winners"):
        if key in result:
            lines.append(f"  {key}: {', '.join(result[key]) or '-'}")
    for key in ("tied",):
        if result.get(key):
            lines.append(f"  {key}: {', '.join(result[key])}")
    if "order" in result:
        lines.append("  " + " > ".join(" = ".join(group) for group in result["order"]))
    if "why" in result:
        lines.append(f"  {result['why']}")
    return lines


COMMANDS = (tally,)
