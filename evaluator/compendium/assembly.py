"""Makes an edition from rows: everything a reader may see, and nothing else."""

from collections.abc import Iterable
from datetime import datetime

from evaluator.compendium.edition import Board, Contributor, Edition, Entry, Figures, Seat, Section, Work
from evaluator.compendium.models import Compendium, EditorialText
from evaluator.compendium.words import EDITORIAL_BOARD, KINDS, SECTIONS
from evaluator.council.models import Council, CouncilRole
from evaluator.initiatives.models import Author
from evaluator.rules.calendar import day_of
from evaluator.rules.vietnamese import long_date

OFFICES = {
    CouncilRole.CHAIR: "Chủ tịch Hội đồng",
    CouncilRole.VICE: "Phó Chủ tịch Hội đồng",
    CouncilRole.SECRETARY: "Ủy viên thư ký",
    CouncilRole.CRITIC: "Ủy viên phản biện",
    CouncilRole.MEMBER: "Ủy viên",
}


def fields_in_order(listed: Iterable[str], used: Iterable[str]) -> tuple[str, ...]:
    """Return the fields of the book: those of the round in its order, then any other in use, each once."""
    return tuple(dict.fromkeys((*listed, *used)))


def edition(
    book: Compendium,
    texts: Iterable[EditorialText],
    *,
    council: Council | None,
    decided: dict[int, datetime],
    figures: Figures,
) -> Edition:
    """Return the book as a frozen value. ``texts`` come in the order of decision, ``decided`` tells when by initiative."""
    texts = list(texts)
    fields = fields_in_order(book.round.fields, (text.field for text in texts))
    full = sorted((text for text in texts if text.in_full), key=lambda text: (fields.index(text.field), text.number))
    numbers = {text.id: number for number, text in enumerate(full, 1)}
    return Edition(
        code=book.code,
        title=book.title,
        subtitle=book.subtitle,
        year=book.year,
        unit=book.unit_name,
        parent=book.parent_name,
        council=book.council_name,
        place=book.place,
        preface=book.preface,
        preface_by=Seat(book.preface_name, book.preface_office) if book.preface_name else None,
        announcement=book.announcement,
        publication=tuple((label, value) for label, value in book.publication if value),
        boards=tuple(_boards(book, council)),
        figures=figures,
        fields=fields,
        entries=tuple(
            entry(text, number=numbers[text.id], decided_at=decided.get(text.initiative_id)) for text in full
        ),
        works=tuple(
            Work(
                title=text.title,
                authors=tuple(author.name for author in by_contribution(text.initiative.authors)),
                unit=text.initiative.unit_name,
                field=text.field,
                entry=numbers.get(text.id),
            )
            for text in texts
        ),
    )


def entry(text: EditorialText, *, number: int, decided_at: datetime | None) -> Entry:
    """Return one work as the book prints it: the editors' words, the authors' names, no address of theirs."""
    initiative = text.initiative
    return Entry(
        code=initiative.code,
        number=number,
        title=text.title,
        kind=KINDS[initiative.kind] if initiative.kind is not None else "",
        field=text.field,
        authors=tuple(
            Contributor(author.name, author.qualification, author.job_title, author.workplace)
            for author in by_contribution(initiative.authors)
        ),
        unit=initiative.unit_name,
        sections=tuple(
            Section(heading, words) for name, heading in SECTIONS.items() if (words := getattr(text, name).strip())
        ),
        benefit=text.money_benefit,
        decision=f"Được Hội đồng công nhận {long_date(day_of(decided_at))}" if decided_at is not None else "",
    )


def by_contribution(authors: Iterable[Author]) -> list[Author]:
    """Return the authors in the order of their shares; equal shares keep the order of the dossier."""
    return sorted(authors, key=lambda author: (-(author.share or 0), author.position))


def _boards(book: Compendium, council: Council | None) -> Iterable[Board]:
    if council is not None:
        yield Board(council.title, tuple(Seat(who.name, OFFICES[who.role], who.job_title) for who in council.members))
    if book.editors:
        yield Board(EDITORIAL_BOARD, tuple(Seat(name, office) for name, office in book.editors))
