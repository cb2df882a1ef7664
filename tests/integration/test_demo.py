"""The demonstration: the same workbook and seed give the same round, by the same verbs the pages use."""

import json
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from evaluator.demo.timetable import TODAY, Days, Stage
from evaluator.rules.calendar import Phase
from evaluator.verifier import main as verify
from tests.factories_intake import FIELDS, a_co_author, a_row, a_workbook

FILES = {
    "certificates.pdf", "compendium.docx", "compendium.epub", "compendium.pdf", "decision.docx", "decision.pdf",
    "evidence.zip", "minutes.docx", "minutes.pdf", "site", "submission.docx", "submission.pdf", "summary.json",
}  # fmt: skip


@pytest.fixture
def season(tmp_path: Path) -> Path:
    """A small workbook: eight dossiers, two of them by several authors, and five reviewers."""
    rows = []
    for number in range(1, 9):
        head = a_row(
            number, **{"Lĩnh vực": FIELDS[number % len(FIELDS)], "Tỷ lệ đóng góp (%)": 60 if number < 3 else 100}
        )
        rows += [head, a_co_author(head)] if number < 3 else [head]
    headings = ["Mã thành viên", "Họ và tên", "Đơn vị", "Lĩnh vực chuyên môn", "Email", "Số hồ sơ tối đa"]
    council = [
        [f"HD{n}", f"Lê Thị Chấm {n}", f"Sở số {n} tỉnh Thanh Hóa", FIELDS[n % 4], f"cham{n}@hoidong.example", 8]
        for n in range(5)
    ]
    path = tmp_path / "season.xlsx"
    path.write_bytes(a_workbook(rows, sheets={"Hội đồng": [headings, *council]}))
    return path


def run(app: Flask, *args: str):
    return app.test_cli_runner().invoke(args=["demo", *args])


def summary(folder: Path) -> dict:
    found = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return {name: value for name, value in found.items() if name != "seconds"}


def test_a_whole_round_leaves_the_book_the_papers_and_the_evidence(app, season, tmp_path, capsys):
    result = run(app, "run", "--xlsx", str(season), "--out", str(tmp_path / "out"))

    assert result.exit_code == 0, result.output
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    counts = summary(tmp_path / "out")["counts"]
    assert (counts["imported"], counts["assigned"], counts["sheets_signed"]) == (8, 24, 24)
    assert counts["selected"] == counts["published"] > 0
    assert verify([str(tmp_path / "out" / "evidence.zip")]) == 0
    capsys.readouterr()


def test_a_database_in_use_is_left_alone(app, season, tmp_path):
    run(app, "load", "--xlsx", str(season), "--stage", "submitted", "--accounts", str(tmp_path / "a.json"))

    again = run(app, "run", "--xlsx", str(season), "--out", str(tmp_path / "out"))

    assert (again.exit_code, (tmp_path / "out").exists()) == (2, False)


def test_the_accounts_of_a_stage_cover_every_role_and_two_double_ones(app, season, tmp_path):
    accounts = tmp_path / "accounts.json"
    run(app, "load", "--xlsx", str(season), "--stage", "review", "--accounts", str(accounts))

    people = json.loads(accounts.read_text(encoding="utf-8"))
    roles = [frozenset(person["roles"]) for person in people]

    assert {role for each in roles for role in each} >= {"author", "reviewer", "member", "chair", "secretary", "admin"}
    assert any({"author", "reviewer"} <= each for each in roles)
    assert any({"reviewer", "member"} <= each for each in roles)
    assert all(person["initiatives"] for person in people if person["roles"] == ["reviewer"])
    assert set(people[0]) == {"email", "password", "name", "roles", "initiatives"}


def test_a_file_that_is_no_spreadsheet_is_refused_with_a_line(app, tmp_path):
    wrong = tmp_path / "wrong.xlsx"
    wrong.write_text("không phải bảng tính", encoding="utf-8")

    result = run(app, "load", "--xlsx", str(wrong), "--stage", "review", "--accounts", str(tmp_path / "a.json"))

    assert result.exit_code == 1
    assert result.output.startswith(str(wrong))


def test_a_workbook_without_reviewers_is_refused_and_nothing_is_half_made(app, tmp_path):
    path = tmp_path / "only-dossiers.xlsx"
    path.write_bytes(a_workbook([a_row()]))

    result = run(app, "load", "--xlsx", str(path), "--stage", "review", "--accounts", str(tmp_path / "a.json"))

    assert result.exit_code == 1
    assert "Hội đồng" in result.output
    assert not (tmp_path / "a.json").exists()


@pytest.mark.engines("sqlite")
def test_the_first_start_fills_in_a_round_and_a_second_changes_nothing(app, monkeypatch):
    monkeypatch.delenv("DEMO", raising=False)
    first, second = run(app, "first-start"), run(app, "first-start")

    assert "Filling in the demonstration round" in first.output
    assert second.output == first.output.split("\n", 1)[1]


@pytest.mark.engines("sqlite")
def test_no_demonstration_is_made_where_none_is_wanted(app, monkeypatch):
    monkeypatch.setenv("DEMO", "0")

    assert run(app, "first-start").output == ""


@pytest.mark.parametrize(
    ("stage", "phase"),
    [
        (Stage.SUBMITTED, Phase.SUBMISSION),
        (Stage.REVIEW, Phase.REVIEW),
        (Stage.SCORED, Phase.COUNCIL),
        (Stage.VOTING, Phase.COUNCIL),
        (Stage.DECIDED, Phase.COUNCIL),
        (Stage.PUBLISHED, Phase.PUBLICATION),
    ],
)
def test_today_lies_in_the_phase_of_the_stage(stage, phase):
    days = Days.with_today_at(stage, date(2026, 11, 22))

    assert days.day(TODAY[stage]) == date(2026, 11, 22)
    assert days.timetable().phase(days.at(TODAY[stage], 12)) is phase
