"""Counting votes on items: quorum, base, threshold, recusal, papers. Integers only; nothing is rounded to decide.

Sources: Circular 18/2013 article 8, Circular 33/2014, and the table of edge cases in the council's voting digest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from evaluator.core.text import N_, Sentence
from evaluator.rules.vote_rule import BASE_NAMES, Base, Quorum, Share, VoteRule, roles_words


class Verdict(StrEnum):
    """What a vote decided; without a quorum, or without a vote, it decided nothing."""

    PASSED = "passed"
    FAILED = "failed"
    NO_DECISION = "no-decision"


VERDICT_NAMES = {
    Verdict.PASSED: N_("Passed"),
    Verdict.FAILED: N_("Not passed"),
    Verdict.NO_DECISION: N_("No decision"),
}


@dataclass(frozen=True, slots=True)
class Attendance:
    """How many belong to the council, how many are in the room, and which roles are there (None: nobody said)."""

    members: int
    present: int
    roles: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted for one item. ``returned`` is the sum of the votes unless it is given."""

    id: str
    yes: int = 0
    no: int = 0
    abstain: int = 0
    blank: int = 0
    invalid: int = 0
    issued: int | None = None
    returned: int | None = None
    recused: int = 0
    casting: str | None = None  # the chair's own casting vote after a tie, "yes" or "no"

    @property
    def cast(self) -> int:
        """Every vote or paper counted under some heading."""
        return self.yes + self.no + self.abstain + self.blank + self.invalid

    @property
    def box(self) -> int:
        """The papers found in the box."""
        return self.cast if self.returned is None else self.returned

    @property
    def surplus(self) -> int:
        """Papers in the box beyond those issued."""
        return max(0, self.box - self.issued) if self.issued is not None else 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on one item, the numbers it rests on, and why in words."""

    id: str
    verdict: Verdict
    base: int
    needed: int
    votes_for: int
    why: tuple[Sentence, ...]


def base_of(base: Base, counts: Counts, attendance: Attendance, *, blank_is_valid: bool = False) -> int:
    """Return how many a share is counted against, in votes or heads."""
    valid = counts.box - counts.invalid - (0 if blank_is_valid else counts.blank)
    return {
        Base.MEMBERS: attendance.members,
        Base.MEMBERS_ENTITLED: attendance.members - counts.recused,
        Base.PRESENT: attendance.present,
        Base.RETURNED: counts.box,
        Base.VALID: valid,
        Base.YES_NO: counts.yes + counts.no,
    }[base]


def percentage(part: int, whole: int) -> int:
    """Return ``part`` of ``whole`` in hundredths of a percent, rounded half up once; for print, never to decide."""
    return (2 * part * 10_000 + whole) // (2 * whole) if whole else 0


# --- before counting: can these numbers be? -----------------------------------------------------


def problems_with(rule: VoteRule, counts: Counts, attendance: Attendance) -> list[Sentence]:
    """Return what cannot be true of the numbers of one item, in words that say where to look."""
    numbers = [counts.yes, counts.no, counts.abstain, counts.blank, counts.invalid, counts.recused]
    numbers += [number for number in (counts.issued, counts.returned) if number is not None]
    found: list[Sentence] = []
    if min(numbers) < 0 or min(attendance.members, attendance.present) < 0:
        found.append(Sentence(N_("A count is below zero; correct it.")))
    if attendance.present > attendance.members:
        found.append(
            Sentence(
                N_("%(present)s present, but the council has only %(members)s members; correct one of the two."),
                {"present": attendance.present, "members": attendance.members},
            )
        )
    if counts.recused > attendance.members:
        found.append(
            Sentence(
                N_("%(recused)s recused, but the council has only %(members)s members; correct one of the two."),
                {"recused": counts.recused, "members": attendance.members},
            )
        )
    if counts.box != counts.cast:
        found.append(
            Sentence(
                N_("%(returned)s ballots returned, but the votes add up to %(sum)s; count again."),
                {"returned": counts.box, "sum": counts.cast},
            )
        )
    return found + _too_many_votes(rule, counts, attendance)


def _too_many_votes(rule: VoteRule, counts: Counts, attendance: Attendance) -> list[Sentence]:
    """A surplus over the papers issued is judged by the margin; votes beyond the people are a mistake of input."""
    if counts.issued is None and counts.box > attendance.members - counts.recused:
        pattern = N_("%(votes)s votes, but only %(entitled)s members may vote on this item; correct one of the two.")
        return [Sentence(pattern, {"votes": counts.box, "entitled": attendance.members - counts.recused})]
    if rule.share is not None and rule.share.of is Base.PRESENT and counts.box - counts.surplus > attendance.present:
        pattern = N_("%(votes)s votes, but only %(present)s members are present; correct one of the two.")
        return [Sentence(pattern, {"votes": counts.box, "present": attendance.present})]
    return []


@dataclass(frozen=True, slots=True)
class PaperTotals:
    """What the counting team writes down for one secret ballot on paper (domain 2.5)."""

    issued: int
    returned: int
    valid: int
    invalid: int
    yes: int
    no: int
    abstain: int
    causes: dict[str, int] = field(default_factory=dict)
    blank: int = 0
    surplus: str = ""  # what the counting board says about more papers than were issued


def paper_problems(totals: PaperTotals, *, entitled: int) -> dict[str, Sentence]:
    """Return what does not add up, by the field to correct.

    Checked: issued at most the members entitled and in the room; issued at least collected, unless the counting board
    has listed the surplus; collected = valid + blank + invalid; yes + no + no opinion = valid; invalid = the sum of
    its causes, once any is given.
    """
    found: dict[str, Sentence] = {}
    for name in ("issued", "returned", "valid", "blank", "invalid", "yes", "no", "abstain"):
        if getattr(totals, name) < 0:
            found[name] = Sentence(N_("A count is below zero; correct it."))
    if totals.issued > entitled:
        found["issued"] = Sentence(
            N_("%(issued)s papers issued, but only %(entitled)s members in the room may vote on this item."),
            {"issued": totals.issued, "entitled": entitled},
        )
    if totals.returned > totals.issued and not totals.surplus.strip():
        found["returned"] = Sentence(
            N_(
                "%(returned)s papers collected, but only %(issued)s were issued; count the papers again. If it is so, the counting board lists the surplus."
            ),
            {"returned": totals.returned, "issued": totals.issued},
        )
    if totals.valid + totals.blank + totals.invalid != totals.returned:
        found["invalid"] = Sentence(
            N_(
                "%(valid)s valid, %(blank)s blank and %(invalid)s invalid make %(sum)s, but %(returned)s papers were collected."
            ),
            {
                "valid": totals.valid,
                "blank": totals.blank,
                "invalid": totals.invalid,
                "sum": totals.valid + totals.blank + totals.invalid,
                "returned": totals.returned,
            },
        )
    votes = totals.yes + totals.no + totals.abstain
    if votes != totals.valid:
        found["valid"] = Sentence(
            N_("For, against and no opinion make %(sum)s, but %(valid)s papers are valid."),
            {"sum": votes, "valid": totals.valid},
        )
    if totals.causes and sum(totals.causes.values()) != totals.invalid:
        found["causes"] = Sentence(
            N_("The causes make %(sum)s, but %(invalid)s papers are invalid."),
            {"sum": sum(totals.causes.values()), "invalid": totals.invalid},
        )
    return found


# --- yes or no on an item -----------------------------------------------------------------------


def decide(rule: VoteRule, counts: Counts, attendance: Attendance) -> Outcome:
    """Return the verdict on one item under a rule with a threshold.

    No quorum, nobody entitled, nobody voting, or a base of nothing give "no decision", never "failed". A surplus of
    papers decides nothing unless the verdict is the same without them. Exactly at the threshold is as the rule's
    comparison says. Call ``problems_with`` first; impossible numbers are not looked for here.
    """
    if rule.share is None:
        msg = "a threshold is needed to decide an item"
        raise ValueError(msg)
    missing = quorum_missing(rule.quorums, counts, attendance)
    base = base_of(rule.share.of, counts, attendance, blank_is_valid=rule.blank_is_valid)
    needed = _needed(rule, base, counts, attendance)
    if attendance.members - counts.recused <= 0:
        missing = (Sentence(N_("Nobody on the council is entitled to vote on this item.")),)
    elif not missing and counts.box == 0:
        missing = (Sentence(N_("Nobody voted.")),)
    elif not missing and base == 0:
        missing = (Sentence(N_("The base is zero: %(base)s."), {"base": Sentence(BASE_NAMES[rule.share.of])}),)
    if missing:
        return Outcome(counts.id, Verdict.NO_DECISION, base, needed, counts.yes, missing)
    verdict, why = _verdict(rule, counts, base, needed)
    if counts.surplus and not _holds_without_surplus(rule, counts, attendance, verdict):
        why = Sentence(
            N_(
                "%(surplus)s more papers were returned than issued, and without them the verdict could differ; the counting board decides."
            ),
            {"surplus": counts.surplus},
        )
        verdict = Verdict.NO_DECISION
    return Outcome(counts.id, verdict, base, needed, counts.yes, (why,))


def _needed(rule: VoteRule, base: int, counts: Counts, attendance: Attendance) -> int:
    """The threshold and the minimum of yes votes hold at once: the larger number decides."""
    share = rule.share
    needed = share.needed(base) if share is not None else 0
    if isinstance(rule.min_yes, Share):
        other = base_of(rule.min_yes.of, counts, attendance, blank_is_valid=rule.blank_is_valid)
        return max(needed, rule.min_yes.needed(other))
    return max(needed, rule.min_yes or 0)


def _verdict(rule: VoteRule, counts: Counts, base: int, needed: int) -> tuple[Verdict, Sentence]:
    numbers = {
        "yes": counts.yes,
        "base": base,
        "base_name": Sentence(BASE_NAMES[rule.share.of]) if rule.share else "",
        "needed": needed,
    }
    tied = counts.yes == counts.no and counts.yes < needed
    if tied and rule.chair_casts and counts.casting in {"yes", "no"}:
        passed = counts.casting == "yes"
        pattern = (
            N_("As many for as against (%(yes)s each); the chair's casting vote decided for.")
            if passed
            else N_("As many for as against (%(yes)s each); the chair's casting vote decided against.")
        )
        return (Verdict.PASSED if passed else Verdict.FAILED), Sentence(pattern, numbers)
    if counts.yes >= needed:
        return Verdict.PASSED, Sentence(
            N_("%(yes)s in favour, %(needed)s needed; the base is %(base)s, %(base_name)s."), numbers
        )
    return Verdict.FAILED, Sentence(
        N_("Only %(yes)s in favour, %(needed)s needed; the base is %(base)s, %(base_name)s."), numbers
    )


def _holds_without_surplus(rule: VoteRule, counts: Counts, attendance: Attendance, verdict: Verdict) -> bool:
    """Take the surplus away where it hurts the verdict most, from either side, and look again."""
    for order in (("yes",), ("no", "abstain", "blank", "invalid"), ("abstain", "no", "blank", "invalid")):
        left, changed = counts.surplus, counts
        for name in order:
            taken = min(left, getattr(changed, name))
            changed = replace(changed, **{name: getattr(changed, name) - taken})
            left -= taken
        changed = replace(changed, returned=None, issued=None)
        if decide(rule, changed, attendance).verdict is not verdict:
            return False
    return True


def quorum_missing(quorums: Sequence[Quorum], counts: Counts, attendance: Attendance) -> tuple[Sentence, ...]:
    """Return, in words, each part of the quorum that is not met at the moment of the vote; empty when all is."""
    found: list[Sentence] = []
    for quorum in quorums:
        there, base = _quorum_numbers(quorum, counts, attendance)
        needed = quorum.share.needed(base)
        if there < needed:
            pattern = N_("No quorum: %(there)s took part, %(needed)s of %(base)s were needed.")
            found.append(Sentence(pattern, {"there": there, "needed": needed, "base": base}))
        absent = tuple(role for role in quorum.roles if not _role_present(role, attendance))
        if absent:
            found.append(Sentence(N_("No quorum: %(roles)s must be present."), {"roles": roles_words(absent)}))
    return tuple(found)


def _quorum_numbers(quorum: Quorum, counts: Counts, attendance: Attendance) -> tuple[int, int]:
    return {
        Base.MEMBERS: (attendance.present, attendance.members),
        Base.MEMBERS_ENTITLED: (attendance.present, attendance.members - counts.recused),
        Base.PRESENT: (counts.box, attendance.present),
        Base.RETURNED: (counts.box, attendance.members),
    }[quorum.share.of]


def _role_present(alternatives: tuple[str, ...], attendance: Attendance) -> bool:
    """Everybody being present, every role is; otherwise the roles present must have been said."""
    if attendance.roles is None:
        return attendance.present >= attendance.members
    return not attendance.roles.isdisjoint(alternatives)
