"""What the history calls things on a page; an event without words here is shown by its code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evaluator.core.text import N_
from evaluator.rules.roles import ROLE_NAMES
from evaluator.rules.vietnamese import points

EVENTS = {
    "account.created": N_("Account opened"),
    "account.deactivated": N_("Account closed"),
    "account.edited": N_("Account changed"),
    "account.invited": N_("Invitation sent"),
    "account.language-chosen": N_("Language chosen"),
    "account.reactivated": N_("Account opened again"),
    "ballot.dropped": N_("Draft of a sealed vote thrown away"),
    "ballot.key-given": N_("Public key of a sealed vote given in"),
    "ballot.lock-off": N_("Lock of a sealed vote taken off"),
    "ballot.lock-tried": N_("Holder handed in what the key opened"),
    "ballot.on-paper": N_("Member votes on paper"),
    "ballot.opened": N_("Sealed vote opened for casting"),
    "ballot.part-void": N_("Member taken out of an item at the vote"),
    "ballot.prepared": N_("Sealed vote prepared"),
    "ballot.purged": N_("Envelopes of a sealed vote destroyed"),
    "ballot.key-destroyed": N_("Destruction of a key stated"),
    "ballot.shut": N_("Box of a sealed vote shut"),
    "assignment-rules.set": N_("Rules of assigning decided"),
    "assignment.ended": N_("Assignment ended"),
    "assignment.given": N_("Dossier given to a reviewer"),
    "assignment.handed-back": N_("Dossier handed back by a reviewer"),
    "certificates.issued": N_("Certificates issued"),
    "compendium.build-asked": N_("Compendium to be built"),
    "compendium.front-edited": N_("Front pages of the compendium edited"),
    "compendium.opened": N_("Compendium begun"),
    "compendium.published": N_("Compendium published"),
    "compendium.taken-back": N_("Compendium taken back"),
    "conflict-statement.signed": N_("Statement on conflicts of interest signed"),
    "conflict.declared": N_("Conflict of interest declared"),
    "council.founded": N_("Council founded"),
    "council.members-changed": N_("Members of the council changed"),
    "council.refused-below-the-gate": N_("Initiatives below the score gate closed"),
    "entry.approved": N_("Entry of the compendium approved"),
    "entry.edited": N_("Entry of the compendium edited"),
    "form.retired": N_("Form of the office taken out of use"),
    "form.taken": N_("Form of the office taken"),
    "identity.seen": N_("Names of the authors opened"),
    "initiative.accepted": N_("Dossier accepted"),
    "initiative.begun": N_("Dossier begun"),
    "initiative.copy-replaced": N_("Reviewers' copy replaced"),
    "initiative.file-added": N_("File added to a dossier"),
    "initiative.file-removed": N_("File removed from a dossier"),
    "initiative.imported": N_("Dossier taken from a list"),
    "initiative.refused": N_("Dossier refused"),
    "initiative.submitted": N_("Dossier submitted"),
    "initiative.supplement-asked": N_("Supplement asked for"),
    "initiative.supplemented": N_("Supplement handed in"),
    "initiative.withdrawn": N_("Dossier withdrawn"),
    "intake.taken": N_("List of dossiers taken"),
    "intake.uploaded": N_("List of dossiers uploaded"),
    "item.added": N_("Item added by hand"),
    "item.decided": N_("Decision declared"),
    "item.discussed": N_("Discussion noted"),
    "item.postponed": N_("Item postponed"),
    "item.reconsidered": N_("Decision taken back"),
    "item.sent-back": N_("Item sent back for a supplement"),
    "item.supplemented": N_("Supplement recorded"),
    "item.taken-up": N_("Item taken up again"),
    "item.vote-again": N_("Item to be voted on again"),
    "item.withdrawn": N_("Item withdrawn"),
    "names.assignment-taken": N_("List of who is to review what taken along"),
    "names.history-taken": N_("History taken along"),
    "names.intake-taken": N_("List of dossiers taken along"),
    "names.scores-taken": N_("Score sheets with names taken along"),
    "notice.given-up": N_("Message given up: it could not be delivered"),
    "notice.handed-over": N_("Message handed over by a person"),
    "notice.retried": N_("Message sent again"),
    "opinion.recorded": N_("Opinion recorded"),
    "pair.released": N_("Settled pair let go"),
    "pairs.settled": N_("Pairs of reviewers and dossiers settled"),
    "paper.registered": N_("Number and date of a paper registered"),
    "paper.scan-dropped": N_("Scan of a signed paper taken away"),
    "paper.scan-kept": N_("Scan of a signed paper kept"),
    "papers.batch-asked": N_("All papers of a kind asked for"),
    "papers.built": N_("All papers of a kind built"),
    "papers.entered": N_("Papers entered"),
    "password.changed": N_("Password changed"),
    "password.reset-asked": N_("Link for a new password asked for"),
    "password.set-by-link": N_("Password set by a link"),
    "poll.annulled": N_("Vote broken off"),
    "poll.counted": N_("Vote counted"),
    "poll.lot-drawn": N_("Tie decided by lot"),
    "poll.no-quorum": N_("No decision for want of a quorum"),
    "poll.part-withdrawn": N_("Item withdrawn while at the vote"),
    "poll.put": N_("Item put to the vote"),
    "poll.recused": N_("Member stepped aside from an open vote"),
    "poll.removed": N_("Member left the roll of an open vote"),
    "poll.run-off": N_("Run-off put to the vote"),
    "poll.tie-broken": N_("Casting vote of the chair"),
    "poll.vote-cast": N_("Member voted"),
    "poll.votes-recorded": N_("Votes recorded by name"),
    "proposal.announced": N_("Assignment announced"),
    "proposal.changed": N_("Proposed assignment changed"),
    "proposal.discarded": N_("Proposed assignment discarded"),
    "proposal.made": N_("Assignment proposed"),
    "proposal.recalled": N_("Announced assignment recalled"),
    "proposal.undone": N_("Last change of a proposed assignment undone"),
    "release.drafted": N_("Letters with the results drafted"),
    "release.released": N_("Results released"),
    "release.undone": N_("Drafted letters taken back"),
    "remarking.accepted": N_("Re-marking granted"),
    "remarking.answered": N_("Result of the re-marking"),
    "remarking.asked": N_("Re-marking asked for"),
    "remarking.refused": N_("Re-marking refused"),
    "reviewer.described": N_("Fields of a reviewer described"),
    "reviewer.released": N_("Reviewer released"),
    "role.granted": N_("Role given"),
    "role.revoked": N_("Role taken away"),
    "round.audience-set": N_("Who sees what of the results set"),
    "round.changed": N_("Round changed"),
    "round.closed": N_("Round closed"),
    "round.created": N_("Round prepared"),
    "round.date-moved": N_("Date of a round moved"),
    "round.opened": N_("Round opened, its rules frozen"),
    "rubric.changed": N_("Rubric changed"),
    "rubric.created": N_("Rubric made"),
    "rubric.version-saved": N_("Version of a rubric saved"),
    "scoring.closed": N_("Scoring closed"),
    "scoring.opened-again": N_("Scoring opened again"),
    "facts.entered": N_("Public votes and categories entered"),
    "seat.proxy-given": N_("Proxy recorded"),
    "seat.substituted": N_("Substitute seated"),
    "seat.taken-back": N_("Seat taken back from a substitute"),
    "session.agenda-made": N_("Agenda filled from the ranking"),
    "session.closed": N_("Session closed"),
    "session.opened": N_("Session opened"),
    "session.paused": N_("Session paused"),
    "session.resumed": N_("Session resumed"),
    "session.roll-called": N_("Roll called"),
    "session.seats-changed": N_("Seats of the session changed by a decision"),
    "session.tellers-named": N_("Counting team named"),
    "sheet.extended": N_("More time given for a score sheet"),
    "sheet.reopened": N_("Signed score sheet reopened"),
    "sheet.signed": N_("Score sheet signed"),
    "sheet.time-asked": N_("More time asked for a score sheet"),
    "sign-in.done": N_("Signed in"),
    "sign-in.failed": N_("Sign-in failed"),
    "sign-in.refused": N_("Sign-in refused: the account is closed"),
    "unit.closed": N_("Unit closed"),
    "unit.corrected": N_("Unit put right"),
    "unit.created": N_("Unit added"),
    "unit.renamed": N_("Unit renamed"),
    "units.imported": N_("List of units imported"),
    "wishes.said": N_("Wishes said by a reviewer"),
}

FACTS = {
    "account": N_("account"),
    "added": N_("added"),
    "address": N_("network address"),
    "after": N_("after"),
    "already": N_("there already"),
    "before": N_("before"),
    "changed": N_("changed"),
    "changes": N_("changes"),
    "content": N_("fingerprint of the content"),
    "count": N_("number"),
    "created": N_("added"),
    "date": N_("date"),
    "decision": N_("decision"),
    "digest": N_("fingerprint"),
    "dossiers": N_("dossiers"),
    "entries": N_("entries"),
    "entry": N_("entry number"),
    "fields": N_("fields"),
    "fingerprint": N_("fingerprint of the key"),
    "former": N_("former vote"),
    "gap": N_("gap to the best"),
    "head": N_("head of the body"),
    "is_cross_unit": N_("readers of different units"),
    "needs_expert": N_("somebody of the field"),
    "granted": N_("given"),
    "had_it": N_("had been given it"),
    "initiative": N_("initiative"),
    "items": N_("items"),
    "layer": N_("lock"),
    "locks": N_("number of locks"),
    "kind": N_("kind"),
    "language": N_("language"),
    "member": N_("member"),
    "members": N_("members"),
    "mode": N_("way of voting"),
    "most": N_("at most"),
    "moved": N_("moved"),
    "name": N_("name"),
    "number": N_("number"),
    "on": N_("day"),
    "pairs": N_("assignments"),
    "parent": N_("under"),
    "part": N_("part"),
    "place": N_("place"),
    "points": N_("points"),
    "present": N_("present"),
    "reading": N_("for reading"),
    "reason": N_("reason"),
    "receipt": N_("receipt number"),
    "withheld": N_("files withheld from the reviewers"),
    "let_stand": N_("traces let stand"),
    "removed": N_("removed"),
    "reviewer": N_("reviewer"),
    "revoked": N_("taken away"),
    "role": N_("role"),
    "roles": N_("roles"),
    "round": N_("round"),
    "seats": N_("seats left"),
    "seed": N_("seed"),
    "selected": N_("selected"),
    "sha256": N_("fingerprint of the file"),
    "size": N_("size"),
    "struck": N_("files in which traces were struck out"),
    "successor": N_("successor"),
    "taken": N_("taken"),
    "tellers": N_("tellers"),
    "template": N_("kind of message"),
    "tie": N_("what was settled"),
    "title": N_("title"),
    "unblinding": N_("told earlier than usual"),
    "until": N_("until"),
    "verdicts": N_("verdicts"),
    "votes": N_("votes"),
    "voting": N_("for voting"),
    "wishes": N_("wishes"),
    "why": N_("reason"),
    "works": N_("works"),
}

KINDS = {
    "account": N_("account"),
    "assignment": N_("assignment"),
    "compendium": N_("compendium"),
    "council": N_("council"),
    "council_item": N_("item on the agenda"),
    "council_poll": N_("vote"),
    "council_session": N_("session"),
    "sealed_poll": N_("sealed vote"),
    "decision": N_("decision of the council"),
    "editorial_text": N_("entry of the compendium"),
    "initiative": N_("initiative"),
    "intake_sheet": N_("list of dossiers"),
    "notice": N_("message"),
    "proposal": N_("proposed assignment"),
    "remarking": N_("re-marking"),
    "result_release": N_("release of results"),
    "round": N_("round"),
    "saved_rubric": N_("rubric"),
    "score_sheet": N_("score sheet"),
    "unit": N_("unit"),
}


# Values that have words of their own.
VALUES = {role.value: name for role, name in ROLE_NAMES.items()} | {
    "False": N_("No"),
    "True": N_("Yes"),
    "checking_closes_at": N_("Checking ends at the end of"),
    "council_at": N_("The council meets on"),
    "email": N_("e-mail"),
    "failed": N_("failed"),
    "job_title": N_("job title"),
    "language": FACTS["language"],
    "name": FACTS["name"],
    "no-decision": N_("no decision"),
    "open": N_("by name"),
    "paper": N_("on paper"),
    "sealed": N_("sealed electronically"),
    "passed": N_("passed"),
    "publication_at": N_("Publication on"),
    "reserved": N_("reserved opinion"),
    "review_closes_at": N_("Score sheets are due at the end of"),
    "submission_closes_at": N_("Submission closes at the end of"),
    "submission_opens_at": N_("Submission opens on"),
    "unit_id": KINDS["unit"],
    "authors": N_("authors"),
    "council": KINDS["council"],
    "decided": N_("after the decision"),
    "never": N_("never"),
    "reviewers": N_("reviewers"),
    "scored": N_("after scoring"),
    "written": N_("written opinion"),
}

_FINGERPRINT = re.compile(r"[0-9a-f]{40,}")


@dataclass(frozen=True, slots=True)
class Said:
    """One value of a fact, with the name it goes by if it has one: ``Said("passed", "149")``."""

    value: str
    name: str = ""


def shown(facts: dict[str, Any]) -> Iterator[tuple[str, list[Said] | datetime]]:
    """Yield name and values of each fact that says something; a moment as a moment, points as people write them."""
    for name, value in facts.items():
        if name == "points" and isinstance(value, dict):
            yield name, [Said(points(each) if isinstance(each, int) else str(each), key) for key, each in value.items()]
        elif value not in ("", None, [], {}):
            yield name, _moment(value) or list(_said(value))


def _said(value: Any, name: str = "") -> Iterator[Said]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _said(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from _said(each, name)
    else:
        text = str(value)
        yield Said(f"{text[:12]}…" if _FINGERPRINT.fullmatch(text) else text, name)


def _moment(value: Any) -> datetime | None:
    """Return the moment a text stands for, as the chain writes moments."""
    if not (isinstance(value, str) and value.endswith("+00:00")):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None
