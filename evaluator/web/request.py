"""Who asks, and when: the two things every door hands to the hallway."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask, current_app, g

from evaluator.core.clock import Clock
from evaluator.policy import ANYONE, Actor

ActorLoader = Callable[[], Actor]


def init_app(app: Flask, *, clock: Clock, load_actor: ActorLoader) -> None:
    """Keep the clock and the way to know who asks."""
    app.extensions["clock"] = clock
    app.extensions["load_actor"] = load_actor
    app.jinja_env.globals["me"] = me
    app.jinja_env.globals["now"] = now


def now() -> datetime:
    """Return the moment of this request, the same from its beginning to its end."""
    if "now" not in g:
        g.now = current_app.extensions["clock"].now()
    moment: datetime = g.now
    return moment


def me() -> Actor:
    """Return who asks; somebody who has not signed in is ``ANYONE``."""
    if "actor" not in g:
        g.actor = ANYONE  # while loading, nobody is signed in
        g.actor = current_app.extensions["load_actor"]()
    actor: Actor = g.actor
    return actor


def forget_me() -> None:
    """Ask again who this is: after signing in or out, or a change of rights."""
    g.pop("actor", None)
