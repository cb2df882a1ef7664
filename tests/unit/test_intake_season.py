"""The season of 300 dossiers that others planted faults in: all are found, and what is taken is what was meant."""

import csv
from datetime import date
from pathlib import Path

import pytest

from evaluator.demo.season import province
from evaluator.initiatives.intake.season import Season, read_season
from evaluator.rules.dossier import FIELDS
from evaluator.rules.vietnamese import same_tone_place

SEASONS = Path(__file__).parents[3] / "shared" / "data" / "generated"
SEVERITY = {"auto": "fixed", "warn": "warning", "error": "error"}

pytestmark = pytest.mark.skipif(not SEASONS.exists(), reason="the seasons lie beside the repository, not in it")


def season(name: str) -> Season:
    units = [unit.name for unit in province()]
    return read_season((SEASONS / name).read_bytes(), units=units, fields=FIELDS, latest=date(2026, 11, 22))


def planted() -> list[dict[str, str]]:
    with (SEASONS / "season-300-dirty-defects.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def alike(one: object, other: object) -> bool:
    """TCVN3 has no capitals with marks, and shouted titles lose theirs: case does not count here."""
    if isinstance(one, str) and isinstance(other, str):
        return same_tone_place(one).casefold() == same_tone_place(other).casefold()
    return one == other


def test_the_clean_season_is_taken_whole():
    clean = season("season-300.xlsx")

    assert (len(clean.good), len(clean.members), len(clean.conflicts)) == (300, 30, 44)
    # A real title bears a Cyrillic letter in its source, and two spell hoà with the tone behind.
    assert sorted({each.code for each in clean.findings}) == ["homoglyph", "tone_placement"]


def test_every_planted_fault_is_reported_in_its_cell_with_its_gravity():
    reported = {(each.row, each.column, each.severity.value) for each in season("season-300-dirty.xlsx").findings}

    unseen = [
        (each["row"], each["col"], each["defect"])
        for each in planted()
        if (int(each["row"]), each["col"], SEVERITY[each["class"]]) not in reported
    ]

    assert unseen == []


def test_only_dossiers_with_a_planted_error_wait():
    dirty = season("season-300-dirty.xlsx")
    wrong = {int(each["row"]) for each in planted() if each["class"] == "error" and each["defect"] != "duplicate_row"}

    waiting = [dossier for dossier in dirty.reading.dossiers if not dossier.is_good]

    rows_of = {dossier.row: {dossier.row, *(author.row for author in dossier.authors)} for dossier in waiting}
    assert [row for row, rows in rows_of.items() if not rows & wrong] == []
    assert len(dirty.good) == 259


def test_what_is_taken_from_the_dirty_season_is_what_stood_in_the_clean_one():
    meant = {dossier.code: dossier for dossier in season("season-300.xlsx").good}
    rounded = {
        each["ma_ho_so"]: each["expected"].rpartition(": ")[2]
        for each in planted()
        if each["defect"].startswith("money")
    }

    different = []
    for taken in season("season-300-dirty.xlsx").good:
        wanted = meant[taken.code]
        for name in ("title", "kind", "field", "applied_on", "applier", "texts"):
            pairs = (
                zip(taken.texts.values(), wanted.texts.values(), strict=True)
                if name == "texts"
                else [(getattr(taken, name), getattr(wanted, name))]
            )
            different += [(taken.row, name, one, other) for one, other in pairs if not alike(one, other)]
        money = rounded.get(taken.code, str(wanted.money_benefit))
        if taken.money_benefit != (None if money in {"trống", "None"} else int(float(money))):
            different.append((taken.row, "money", taken.money_benefit, money))
        for one, other in zip(taken.authors, wanted.authors, strict=True):
            for name in ("name", "birth_date", "workplace", "job_title", "qualification", "share", "phone", "email"):
                if not alike(getattr(one, name), getattr(other, name)):
                    different.append((one.row, name, getattr(one, name), getattr(other, name)))

    assert different == []
