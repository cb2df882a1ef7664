"""A bare application for commands that only read and write files: neither database nor pages, a tenth of the start."""

from pathlib import Path

from flask import Flask

from evaluator.cli.assign import COMMANDS

_TAKE_A_VALUE = {"-A", "--app", "-e", "--env-file"}


def is_enough(arguments: list[str]) -> bool:
    """Return whether this is ``flask`` asked for one of these commands, by the arguments of the process."""
    program, *words = arguments or [""]
    return "flask" in {Path(program).name, Path(program).parent.name} and _command(words) in {
        command.name for command in COMMANDS
    }


def _command(words: list[str]) -> str:
    """Return the first word that is no option of ``flask`` itself."""
    skip = False
    for word in words:
        if not skip and not word.startswith("-"):
            return word
        skip = word in _TAKE_A_VALUE
    return ""


def make() -> Flask:
    """Return an application that has these commands and nothing else."""
    app = Flask("evaluator", static_folder=None)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app
