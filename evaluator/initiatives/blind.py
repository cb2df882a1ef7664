"""What a reviewer may know of an initiative: frozen values under a blind code, and the only way to make them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from evaluator.core.errors import NotFound
from evaluator.initiatives.models import Attachment, Initiative
from evaluator.rules.dossier import TEXT_NAMES, Kind


@dataclass(frozen=True, slots=True)
class BlindFile:
    """A file under a neutral name; its bytes carry no metadata."""

    name: str
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class BlindText:
    """One part of the description with its heading (a message id)."""

    name: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class BlindInitiative:
    """A dossier without author, unit, file names or database id."""

    code: str
    title: str
    field: str
    kind: Kind | None
    applied_on: date | None
    money_benefit: int | None
    scope: str
    texts: tuple[BlindText, ...]
    confidential: str
    files: tuple[BlindFile, ...]


# What reviewers read as the title, for lists; and the condition under which there is anything for them to read.
BLIND_TITLE = Initiative.blind_title
HAS_COPY = Initiative.blind_title != ""
COPIED = ("scope", *(name for name in TEXT_NAMES if name != "participants"))


def blind(initiative: Initiative) -> BlindInitiative:
    """Return the blind value of an accepted initiative: its frozen copy, never what its author wrote.

    An empty text is a text; a missing one is none to be read. Who took part in the first application is left out:
    such lists name people.

    Raises:
        NotFound: it has no blind code, or its copy lacks a part.
    """
    texts = initiative.blind_copy or {}
    if initiative.blind_code is None or not initiative.blind_title or not texts.keys() >= set(COPIED):
        raise NotFound
    return BlindInitiative(
        code=initiative.blind_code,
        title=initiative.blind_title,
        field=initiative.field,
        kind=initiative.kind,
        applied_on=initiative.applied_on,
        money_benefit=initiative.money_benefit,
        scope=texts["scope"],
        texts=tuple(
            BlindText(name, heading, texts[name])
            for name, heading in TEXT_NAMES.items()
            if name in COPIED and name != "confidential" and texts[name]
        ),
        confidential=texts["confidential"],
        files=blind_files(initiative.attachments),
    )


def blind_files(attachments: Sequence[Attachment]) -> tuple[BlindFile, ...]:
    """Return files under neutral names: tep-01.pdf, tep-02.jpeg."""
    return tuple(
        BlindFile(neutral_name(each), each.kind, each.blind_size) for each in attachments if not each.is_withheld
    )


def blind_bytes_key(initiative: Initiative, name: str) -> str:
    """Return where the scrubbed bytes behind a neutral name are stored.

    Raises:
        NotFound: the initiative has no such file.
    """
    for each in initiative.attachments:
        if neutral_name(each) == name and not each.is_withheld:
            return each.blind_stored_as
    raise NotFound


def neutral_name(attachment: Attachment) -> str:
    """Return the name a reviewer sees: its number and its kind, nothing of the author's."""
    return f"tep-{attachment.position:02d}.{attachment.kind}"
