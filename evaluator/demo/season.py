"""The dossiers and people of a demonstration: from an office's workbook, or the season that ships with the service."""

import csv
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from evaluator.initiatives.intake import service as intake
from evaluator.initiatives.intake.council import MemberRow
from evaluator.initiatives.intake.dossiers import AuthorRow, DossierRow, Reading
from evaluator.initiatives.intake.season import Season
from evaluator.policy import Actor
from evaluator.rounds.models import Round
from evaluator.rules.dossier import NEEDED_TEXTS, Kind
from evaluator.units.service import UnitPlan

OWN = Path(__file__).with_name("season.toml")
PROVINCE = Path(__file__).with_name("units.csv")
KINDS = {"Sáng kiến": Kind.INITIATIVE, "Giải pháp": Kind.SOLUTION, "Mô hình": Kind.MODEL, "Ý tưởng": Kind.IDEA}
LOAD = 12  # dossiers one reviewer of our own season takes at most


Reader = Callable[[Round, Actor, datetime], Season]


@dataclass(frozen=True, slots=True)
class Material:
    """What a demonstration is made from: the units there are, and how its dossiers and people are read."""

    units: tuple[UnitPlan, ...]
    read: Reader


def own_season() -> Material:
    """Return the season that ships with the service."""
    told = tomllib.loads(OWN.read_text(encoding="utf-8"))
    units = {unit["code"]: unit for unit in told["unit"]}
    dossiers = [_dossier(number, each, units) for number, each in enumerate(told["initiative"], 1)]
    members = [
        MemberRow(
            row=number,
            code=f"HD{number:03}",
            name=each["name"],
            unit=units[each["unit"]]["name"],
            fields=tuple(each["fields"]),
            email=each["email"],
            load=LOAD,
        )
        for number, each in enumerate(told["reviewer"], 1)
    ]
    plans = tuple(
        UnitPlan(
            code=unit["code"],
            name=unit["name"],
            level=unit["level"],
            kind=unit["kind"],
            parent=unit.get("parent", "" if unit["level"] == 1 else "P"),
        )
        for unit in told["unit"]
    )
    return Material(plans, lambda _round, _by, _now: Season(Reading(dossiers, []), members, []))


def from_workbook(path: Path) -> Material:
    """Return what an office's workbook holds, read as the intake reads it, in the province it plays in."""
    data = path.read_bytes()
    return Material(province(), lambda a_round, by, now: intake.read(data, a_round, by=by, now=now))


def province() -> tuple[UnitPlan, ...]:
    """Return the units of the province the made-up seasons play in, as they were until 2024."""
    with PROVINCE.open(encoding="utf-8", newline="") as file:
        return tuple(
            UnitPlan(
                code=row["id"],
                name=row["name"],
                level=int(row["level"]),
                parent=row["parent_id"],
                kind=row["kind"],
                state_code=row["code"],
            )
            for row in csv.DictReader(file)
        )


def _dossier(number: int, told: dict[str, Any], units: dict[str, Any]) -> DossierRow:
    """Return one dossier of our own season as the intake would read it."""
    return DossierRow(
        row=number,
        code=f"DKST-2026-{number:04}",
        title=told["title"],
        kind=KINDS[told["kind"]],
        field=told["field"],
        texts={name: told.get(name, "") for name in {*NEEDED_TEXTS, "conditions", "benefit_author", "novelty"}},
        money_benefit=told["money_benefit"] or None,
        applied_on=told.get("applied_on"),
        applier=told.get("benefit_applier", ""),
        authors=[
            AuthorRow(
                row=number,
                name=author["name"],
                birth_date=None,
                workplace=units[author["unit"]]["name"],
                is_new_unit=False,
                job_title=author["job_title"],
                qualification="",
                share=author["share"],
                phone="",
                email=author.get("email", ""),
            )
            for author in told["author"]
        ],
    )
