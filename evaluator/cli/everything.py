"""The list of all commands, registered with the application."""

from flask import Flask

from evaluator.cli.assign import COMMANDS as ASSIGN
from evaluator.cli.backup import COMMANDS as BACKUP
from evaluator.cli.compendium import COMMANDS as COMPENDIUM
from evaluator.cli.database import COMMANDS as DATABASE
from evaluator.cli.demo import COMMANDS as DEMO
from evaluator.cli.docs import COMMANDS as DOCS
from evaluator.cli.evidence import COMMANDS as EVIDENCE
from evaluator.cli.initiatives import COMMANDS as INITIATIVES
from evaluator.cli.notices import COMMANDS as NOTICES
from evaluator.cli.operation import COMMANDS as OPERATION
from evaluator.cli.people import COMMANDS as PEOPLE
from evaluator.cli.rubrics import COMMANDS as RUBRICS
from evaluator.cli.tally import COMMANDS as TALLY

COMMANDS = (
    *ASSIGN,
    *BACKUP,
    *COMPENDIUM,
    *DATABASE,
    *DEMO,
    *DOCS,
    *EVIDENCE,
    *INITIATIVES,
    *NOTICES,
    *OPERATION,
    *PEOPLE,
    *RUBRICS,
    *TALLY,
)


def init_app(app: Flask) -> None:
    """Register every command."""
    for command in COMMANDS:
        app.cli.add_command(command)
