"""What waits for a person today: exceptions only, each with its one act."""

from dataclasses import dataclass
from datetime import datetime

from evaluator.core import schema
from evaluator.core.text import Sentence
from evaluator.policy import Actor
from evaluator.rounds import queries as rounds
from evaluator.rounds.models import Round


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the day: what waits, why, and the one thing to press."""

    what: Sentence
    why: Sentence | None
    endpoint: str
    values: dict[str, str]
    act: str  # a message id


@dataclass(frozen=True, slots=True)
class Day:
    """What one person sees first."""

    round: Round | None
    tasks: list[Task]


def waiting_for(actor: Actor, *, now: datetime) -> Day:
    """Return the day of an actor."""
    del now
    return Day(rounds.maybe_current(actor), [])


def is_current() -> bool:
    """Return whether the database answers and has had every migration."""
    return schema.is_current()
