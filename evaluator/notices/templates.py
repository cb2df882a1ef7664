"""The texts of every message: subject, body, a short form for Zalo, and where its link leads.

A message is queued under its name; its words are chosen in the reader's language when it is sent.
``path`` may name the same placeholders; ``%(link)s`` in a text is the whole address. ``secret`` marks links that
open a door: they are not kept once the message is out.
"""

import re
from dataclasses import dataclass

from evaluator.core.text import N_


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of message."""

    subject: str
    body: str
    short: str
    path: str = ""
    secret: bool = False

    @property
    def needs(self) -> frozenset[str]:
        """Return the names of the placeholders that must be given."""
        texts = f"{self.subject} {self.body} {self.short} {self.path}"
        return frozenset(re.findall(r"%\((\w+)\)s", texts)) - {"link", "name"}


TEMPLATES: dict[str, Template] = {
    "account-invited": Template(
        N_("Your account for the selection of initiatives"),
        N_(
            "An account was opened for you on the service of the initiative council.\n\n"
            "Choose your password here, until %(until)s:\n%(link)s\n\n"
            "Afterwards you sign in with this e-mail address."
        ),
        N_("Your account on the initiative service is ready. Choose a password by %(until)s: %(link)s"),
        path="/reset-password/%(secret)s",
        secret=True,
    ),
    "password-reset": Template(
        N_("Choose a new password"),
        N_(
            "Somebody, we think it was you, has asked for a new password.\n\n"
            "Choose it here, until %(until)s:\n%(link)s\n\n"
            "The link works once. If it was not you, do nothing: your old password stays."
        ),
        N_("Choose a new password by %(until)s: %(link)s"),
        path="/reset-password/%(secret)s",
        secret=True,
    ),
    "password-changed": Template(
        N_("Your password was changed"),
        N_(
            "The password of your account was changed on %(at)s.\n\n"
            "If it was not you, ask for a new password at once and tell the secretariat:\n%(link)s"
        ),
        N_("Your password was changed on %(at)s. Not you? Ask for a new one: %(link)s"),
        path="/forgotten-password",
    ),
    "initiative-submitted": Template(
        N_("Your dossier %(code)s was received"),
        N_(
            "The dossier “%(title)s” was received on %(at)s under the number %(receipt)s.\n\n"
            "Keep this number. Here you see at any time where the dossier stands and what comes next:\n%(link)s"
        ),
        N_("Dossier %(code)s received on %(at)s, number %(receipt)s: %(link)s"),
        path="/initiatives/%(code)s",
    ),
    "supplement-asked": Template(
        N_("Please complete your dossier %(code)s by %(until)s"),
        N_(
            "The secretariat has checked the dossier “%(title)s” and asks for this:\n\n%(reason)s\n\n"
            "Complete it by %(until)s, then submit it again:\n%(link)s"
        ),
        N_("Dossier %(code)s must be completed by %(until)s: %(link)s"),
        path="/initiatives/%(code)s",
    ),
    "initiative-accepted": Template(
        N_("Your dossier %(code)s goes to the reviewers"),
        N_(
            "The dossier “%(title)s” is complete and was accepted for review.\n\n"
            "You need not do anything now. Here you see what comes next:\n%(link)s"
        ),
        N_("Dossier %(code)s was accepted for review: %(link)s"),
        path="/initiatives/%(code)s",
    ),
    "initiative-refused": Template(
        N_("Your dossier %(code)s was not accepted"),
        N_(
            "The dossier “%(title)s” cannot be taken into this round, for this reason:\n\n%(reason)s\n\n"
            "If you think this is a mistake, answer the secretariat. The dossier stays here:\n%(link)s"
        ),
        N_("Dossier %(code)s was not accepted. The reason stands here: %(link)s"),
        path="/initiatives/%(code)s",
    ),
    "review-assigned": Template(
        N_("%(count)s dossiers to review by %(until)s"),
        N_(
            "You were asked to review %(count)s dossiers of the round “%(round)s” by %(until)s.\n\n"
            "Start here; the next dossier opens by itself:\n%(link)s\n\n"
            "If you know an author or cannot judge a dossier, say so on its page."
        ),
        N_("Please review %(count)s dossiers of %(round)s by %(until)s: %(link)s"),
        path="/reviews/",
    ),
    "conflict-declared": Template(
        N_("A conflict of interest was declared on dossier %(code)s"),
        N_(
            "%(who)s has declared a conflict of interest on the dossier %(code)s of the round “%(round)s” and no longer "
            "sees it.\n\nReason given: %(reason)s\n\nFind another reviewer here:\n%(link)s"
        ),
        N_("%(who)s has declared a conflict on %(code)s (%(round)s). Find another reviewer: %(link)s"),
        path="/rounds/%(round_code)s/assignment",
    ),
    "dossier-given-back": Template(
        N_("The dossier %(code)s was given back"),
        N_(
            "%(who)s has given the dossier %(code)s of the round “%(round)s” back.\n\nReason given: %(reason)s\n\n"
            "Find another reviewer here:\n%(link)s"
        ),
        N_("%(who)s has given %(code)s back (%(round)s). Find another reviewer: %(link)s"),
        path="/rounds/%(round_code)s/assignment",
    ),
    "review-reminder": Template(
        N_("%(count)s dossiers still wait for your review until %(until)s"),
        N_(
            "%(count)s dossiers of the round “%(round)s” still wait for your score sheet. "
            "The last day is %(until)s.\n\nGo on here:\n%(link)s"
        ),
        N_("%(count)s dossiers of %(round)s still wait for you until %(until)s: %(link)s"),
        path="/reviews/",
    ),
    "review-time-asked": Template(
        N_("A reviewer asks for more time"),
        N_(
            "%(reviewer)s asks for more time for a score sheet of the round “%(round)s”.\n\nReason given: %(why)s\n\n"
            "Give more time, or find another reviewer, here:\n%(link)s"
        ),
        N_("%(reviewer)s asks for more time (%(round)s): %(why)s. Answer here: %(link)s"),
        path="/results/%(round_code)s/reviewers",
    ),
    "reviews-complete": Template(
        N_("All score sheets of the round “%(round)s” are signed"),
        N_("All score sheets of the round “%(round)s” are signed. The results stand here:\n%(link)s"),
        N_("All score sheets of %(round)s are signed: %(link)s"),
        path="/results/%(code)s",
    ),
    "council-joined": Template(
        N_("You sit on the council of the round “%(round)s”"),
        N_(
            "By decision %(decision)s you are a member of the council of the round “%(round)s”. "
            "It is to meet on %(at)s.\n\n"
            "Members, session and the dossiers on the agenda stand here:\n%(link)s"
        ),
        N_("You sit on the council of %(round)s, which is to meet on %(at)s: %(link)s"),
        path="/council/%(code)s",
    ),
    "initiative-selected": Template(
        N_("Your initiative %(code)s was selected"),
        N_(
            "The council has selected “%(title)s” in the round “%(round)s”. Congratulations.\n\n"
            "Result and reasons stand here:\n%(link)s"
        ),
        N_("Initiative %(code)s was selected in %(round)s: %(link)s"),
        path="/initiatives/%(code)s",
    ),
    "initiative-not-selected": Template(
        N_("Result for your initiative %(code)s"),
        N_(
            "The council has not selected “%(title)s” in the round “%(round)s”. Thank you for your work.\n\n"
            "The scores, the vote and the reasons stand here:\n%(link)s"
        ),
        N_("The result for initiative %(code)s in %(round)s stands here: %(link)s"),
        path="/initiatives/%(code)s",
    ),
    "council-asks-supplement": Template(
        N_("The council asks for a supplement to your initiative %(code)s"),
        N_(
            "The council has talked about “%(title)s” and asks you to add or explain the following by %(until)s:\n\n"
            "%(asked)s\n\nAnswer the secretariat of the council. Your initiative stands here:\n%(link)s"
        ),
        N_("The council asks for a supplement to initiative %(code)s by %(until)s: %(link)s"),
        path="/initiatives/%(code)s",
    ),
    "edition-published": Template(
        N_("The compendium “%(title)s” is published"),
        N_("The compendium “%(title)s” is published. Read it or take it with you here:\n%(link)s"),
        N_("The compendium “%(title)s” is published: %(link)s"),
        path="/compendium/%(code)s",
    ),
}

GREETING = N_("Dear %(name)s,")
CLOSING = N_("The secretariat of the initiative council")

# Whom a message of each kind is for.
READERS: dict[str, str] = {
    "account-invited": "person",
    "password-reset": "person",
    "password-changed": "person",
    "initiative-submitted": "author",
    "supplement-asked": "author",
    "initiative-accepted": "author",
    "initiative-refused": "author",
    "review-assigned": "reviewer",
    "conflict-declared": "secretary",
    "dossier-given-back": "secretary",
    "review-reminder": "reviewer",
    "review-time-asked": "secretary",
    "reviews-complete": "secretary",
    "council-joined": "member",
    "council-asks-supplement": "author",
    "initiative-selected": "author",
    "initiative-not-selected": "author",
    "edition-published": "author",
}
