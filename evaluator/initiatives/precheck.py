"""The check before reviewers read: where a dossier tells of its authors, and the copies in which it no longer does."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from evaluator.core.files import Passage, Place, Reading, Store, read, struck
from evaluator.core.text import N_
from evaluator.initiatives.blind import COPIED
from evaluator.initiatives.models import Attachment, Initiative
from evaluator.rules.conflicts import mentioned
from evaluator.rules.dossier import TEXT_NAMES
from evaluator.rules.precheck import Hit, Needles, Trace, find, masked, needles
from evaluator.rules.vietnamese import nfc, search_key

AROUND = 60  # letters shown before and behind a find
MOST_IN_A_FILE = 50
STRIKEABLE = frozenset({"docx", "xlsx", "pptx"})
READ = {
    "title": N_("Name of the initiative"),
    "scope": N_("Where it is used now"),
    **{name: TEXT_NAMES[name] for name in COPIED if name in TEXT_NAMES},
}
PLACES = {
    Place.TEXT: N_("in the text"),
    Place.PAGE: N_("on page %(where)s"),
    Place.SLIDE: N_("on slide %(where)s"),
    Place.HEADER: N_("in a header or footer"),
    Place.COMMENT: N_("in a comment"),
    Place.CHANGE: N_("in a tracked change"),
    Place.NOTE: N_("in a note"),
    Place.HIDDEN: N_("hidden in the file: an address, a name of a sheet, the description of a picture"),
    Place.PROPERTY: N_("in the properties of the file"),
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
    where: str = ""
    is_repeated: bool = False  # the same words stand in another place before: one choice covers both


@dataclass(frozen=True, slots=True)
class FileReport:
    """What was found in one file, what goes by itself, and how much of it nobody can search."""

    attachment: Attachment
    found: list[Found]  # these stand in what reviewers would open
    gone: list[Found]  # these stood in its properties, which reviewers never get
    in_name: list[Found]  # and these in its name, for which reviewers get a number
    has_words: bool
    pictures: int
    unread: int

    @property
    def is_strikeable(self) -> bool:
        """Whether what was found can be struck out inside the file."""
        return self.attachment.kind in STRIKEABLE


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a file in which traces were struck out, looked at once more."""

    stored_as: str
    size: int
    reading: Reading


def in_texts(initiative: Initiative) -> list[Found]:
    """Return every trace in what reviewers will read, each spelling once a part."""
    wanted = _needles(initiative)
    return _once(_found(part, READ[part], text, hit) for part, text in _read(initiative) for hit in find(text, wanted))


def in_files(initiative: Initiative) -> list[FileReport]:
    """Return what was found in each file: what can be read of it, its properties, its name."""
    wanted = _needles(initiative)
    return [_report(attachment, wanted) for attachment in initiative.attachments]


def in_text(initiative: Initiative, text: str, heading: str) -> list[Found]:
    """Return the traces of the authors in any other text, each spelling once."""
    return _once(_found(heading, heading, text, hit) for hit in find(text, _needles(initiative)))


def blind_copy(initiative: Initiative, *, let_stand: Collection[str] = ()) -> dict[str, str]:
    """Return what reviewers will read, by part, with every trace masked but those that are let stand."""
    wanted = _needles(initiative)
    copy = {}
    for part, text in _read(initiative):
        hits = [hit for hit in find(text, wanted) if _key(part, hit) not in let_stand]
        copy[part] = masked(text, hits)
    return copy


def struck_copies(
    initiative: Initiative, *, let_stand: Collection[str], withhold: Collection[str], store: Store
) -> dict[str, Copy]:
    """Return, by the code of each file that needs it, a copy with every trace struck out but those let stand.

    Done before the transaction opens: writing a large file anew takes its time. Files that cannot be struck are left
    as they are; accepting refuses them.

    Raises:
        Invalid: on ``files``: a trace stands where it cannot be struck out safely.
    """
    wanted = _needles(initiative)
    copies = {}
    for attachment in initiative.attachments:
        is_wanted = attachment.code not in withhold and attachment.kind in STRIKEABLE
        if is_wanted and remaining(attachment, reading_of(attachment), wanted, let_stand):
            copies[attachment.code] = _struck(attachment, wanted, let_stand, store)
    return copies


def still_told(
    initiative: Initiative, copies: Mapping[str, Copy], *, let_stand: Collection[str], withhold: Collection[str]
) -> list[Attachment]:
    """Return the files that would tell reviewers of the authors, after what was struck out."""
    wanted = _needles(initiative)
    return [
        attachment
        for attachment in initiative.attachments
        if attachment.code not in withhold
        and remaining(
            attachment,
            copies[attachment.code].reading if attachment.code in copies else reading_of(attachment),
            wanted,
            let_stand,
        )
    ]


def remaining(
    attachment: Attachment, reading: Reading, wanted: Needles, let_stand: Collection[str]
) -> list[tuple[Passage, Hit]]:
    """Return the traces in what reviewers would open, without those that are let stand."""
    return [
        (passage, hit)
        for passage, hit in _hits(reading, wanted)
        if passage.place is not Place.PROPERTY and _key(attachment.code, hit) not in let_stand
    ]


def reading_of(attachment: Attachment) -> Reading:
    """Return what can be read in a file; files that came before places were kept have only words."""
    if attachment.reading is not None:
        return Reading.from_document(attachment.reading)
    return Reading((Passage(Place.TEXT, "", attachment.words),), unread=not attachment.words)


def _struck(attachment: Attachment, wanted: Needles, let_stand: Collection[str], store: Store) -> Copy:
    def places(text: str, is_prose: bool) -> list[tuple[int, int]]:  # noqa: FBT001 - the shape core.files asks for
        hits = find(text, wanted, is_prose=is_prose)
        return [(hit.start, hit.end) for hit in hits if _key(attachment.code, hit) not in let_stand]

    data = struck(store.get(attachment.blind_stored_as), places)
    kept = tuple(each for each in reading_of(attachment).passages if each.place is Place.PROPERTY)
    reading = read(data, attachment.kind)
    return Copy(store.put(data), len(data), Reading((*reading.passages, *kept), reading.pictures, reading.unread))


def _report(attachment: Attachment, wanted: Needles) -> FileReport:
    reading = reading_of(attachment)
    seen = [
        (passage, _found(attachment.code, PLACES[passage.place], passage.text, hit, where=passage.where))
        for passage, hit in _hits(reading, wanted)
    ]
    return FileReport(
        attachment,
        found=_in_every_place(found for passage, found in seen if passage.place is not Place.PROPERTY),
        gone=_once(found for passage, found in seen if passage.place is Place.PROPERTY),
        in_name=_once(
            _found(attachment.code, N_("in the name of the file"), attachment.name, hit)
            for hit in find(attachment.name, wanted)
        ),
        has_words=reading.has_words,
        pictures=reading.pictures,
        unread=reading.unread,
    )


def _hits(reading: Reading, wanted: Needles) -> Iterator[tuple[Passage, Hit]]:
    for passage in reading.passages:
        for hit in find(passage.text, wanted, is_prose=passage.place.is_prose):
            yield passage, hit


def _read(initiative: Initiative) -> Iterator[tuple[str, str]]:
    for part in READ:
        yield part, getattr(initiative, part)


def _needles(initiative: Initiative) -> Needles:
    people = {author.name for author in initiative.authors if author.name}
    units = {initiative.unit_name, *(author.workplace for author in initiative.authors)}
    contacts = {contact for author in initiative.authors for contact in (author.phone, author.email) if contact}
    # Whoever advised the authors or put the work forward tells of them as much as their own names do.
    near = mentioned(f"{initiative.advised_by}\n{initiative.nominated_by}")
    people |= {each for each in near if "@" not in each}
    contacts |= {each for each in near if "@" in each}
    return needles(people, units - {""}, contacts)


def _once(found: Iterable[Found]) -> list[Found]:
    """Return each spelling once a part, where it stands first."""
    return list({each.key: each for each in reversed(list(found))}.values())[::-1]


def _in_every_place(found: Iterable[Found]) -> list[Found]:
    """Return each spelling once a place, those that were in another place before marked."""
    places: dict[tuple[str, str, str], Found] = {}
    keys: set[str] = set()
    for each in found:
        place = (each.key, each.heading, each.where)
        if place not in places:
            places[place] = replace(each, is_repeated=each.key in keys)
            keys.add(each.key)
    return list(places.values())[:MOST_IN_A_FILE]


def _found(part: str, heading: str, text: str, hit: Hit, *, where: str = "") -> Found:
    written = nfc(text)
    return Found(
        part=part,
        heading=heading,
        before=_end_of(written[: hit.start]),
        text=hit.text,
        after=_beginning_of(written[hit.end :]),
        trace=hit.trace,
        key=_key(part, hit),
        where=where,
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
