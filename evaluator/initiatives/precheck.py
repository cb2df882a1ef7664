"""The check before reviewers read: where a dossier tells of its authors, and the copy in which it no longer does."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from evaluator.core.text import N_
from evaluator.initiatives.models import Attachment, Initiative
from evaluator.rules.dossier import TEXT_NAMES
from evaluator.rules.precheck import Hit, Needles, Trace, find, masked, needles
from evaluator.rules.vietnamese import nfc, search_key

AROUND = 60  # letters shown before and behind a find
MOST_IN_A_FILE = 20
READ = {
    "title": N_("Name of the initiative"),
    "scope": N_("Where it is used now"),
    **{name: heading for name, heading in TEXT_NAMES.items() if name != "participants"},
}


@dataclass(frozen=True, slots=True)
class Found:
    """One trace in its place; ``key`` names it and all its repetitions in the same part."""

    part: str
    heading: str
    before: str
    text: str
    after: str
    trace: Trace
    key: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """What was found in one file; a scan without words is not clean but unreadable."""

    attachment: Attachment
    found: list[Found]
    is_readable: bool


def in_texts(initiative: Initiative) -> list[Found]:
    """Return every trace in what reviewers will read, each spelling once a part."""
    wanted = _needles(initiative)
    seen: dict[str, Found] = {}
    for part, text in _read(initiative):
        for hit in find(text, wanted):
            found = _found(part, READ[part], text, hit)
            seen.setdefault(found.key, found)
    return list(seen.values())


def in_files(initiative: Initiative) -> list[FileReport]:
    """Return what was found in each file; pictures have no words to be read."""
    wanted = _needles(initiative)
    return [
        FileReport(
            attachment,
            [
                _found(attachment.code, "", attachment.words, hit)
                for hit in find(attachment.words, wanted)[:MOST_IN_A_FILE]
            ],
            is_readable=bool(attachment.words),
        )
        for attachment in initiative.attachments
    ]


def blind_copy(initiative: Initiative, *, let_stand: Collection[str] = ()) -> dict[str, str]:
    """Return what reviewers will read, by part, with every trace masked but those that are let stand."""
    wanted = _needles(initiative)
    copy = {}
    for part, text in _read(initiative):
        hits = [hit for hit in find(text, wanted) if _key(part, hit) not in let_stand]
        copy[part] = masked(text, hits)
    return copy


def _read(initiative: Initiative) -> Iterator[tuple[str, str]]:
    for part in READ:
        yield part, getattr(initiative, part)


def _needles(initiative: Initiative) -> Needles:
    people = {author.name for author in initiative.authors if author.name}
    units = {initiative.unit_name, *(author.workplace for author in initiative.authors)}
    return needles(people, units - {""})


def _found(part: str, heading: str, text: str, hit: Hit) -> Found:
    written = nfc(text)
    return Found(
        part=part,
        heading=heading,
        before=_end_of(written[: hit.start]),
        text=hit.text,
        after=_beginning_of(written[hit.end :]),
        trace=hit.trace,
        key=_key(part, hit),
    )


def _key(part: str, hit: Hit) -> str:
    return f"{part}:{search_key(hit.text)}"


def _end_of(text: str) -> str:
    """Return the last words of a text; "…" in front when there are more."""
    if len(text) <= AROUND:
        return text
    return "… " + text[-AROUND:].partition(" ")[2]


def _beginning_of(text: str) -> str:
    """Return the first words of a text; "…" behind when there are more."""
    if len(text) <= AROUND:
        return text
    return text[:AROUND].rpartition(" ")[0] + " …"
