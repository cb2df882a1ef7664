"""What the stages and locks of a sealed vote are called on screen."""

from evaluator.core.text import N_

STAGE_NAMES = {
    "draft": N_("Waiting for the keys"),
    "frozen": N_("Frozen, not open yet"),
    "open": N_("The box is open"),
    "shut": N_("The box is shut"),
    "half-opened": N_("The outer lock is off"),
    "opened": N_("Opened and counted"),
}
LOCK_NAMES = {"A": N_("Outer lock"), "B": N_("Inner lock")}
