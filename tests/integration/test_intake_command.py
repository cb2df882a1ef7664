"""`flask initiatives import`: the same verbs as the pages, for operators."""

import csv

import pytest
from flask import Flask
from sqlalchemy import func, select

from evaluator.core.db import db
from evaluator.initiatives.models import Initiative
from evaluator.rounds.models import Round
from tests.factories import a_round, a_unit
from tests.factories_intake import FIELDS, UNITS, a_row, a_workbook


@pytest.fixture
def in_round(app: Flask) -> Round:
    for name in UNITS:
        a_unit(name=name)
    return a_round(fields=list(FIELDS))


@pytest.fixture
def workbook(tmp_path):
    path = tmp_path / "season.xlsx"
    path.write_bytes(a_workbook([a_row(1), a_row(2, Email="hai@@example.org"), a_row(3)]))
    return path


def run(app: Flask, *args: object):
    return app.test_cli_runner().invoke(args=["initiatives", "import", *map(str, args)])


def how_many() -> int:
    db.session.expire_all()
    return db.session.scalar(select(func.count(Initiative.id))) or 0


def test_the_good_dossiers_are_taken_and_the_report_is_written(app, in_round, workbook, tmp_path):
    report = tmp_path / "report.csv"

    done = run(app, workbook, "--round", in_round.code, "--report", report)

    assert (done.exit_code, how_many()) == (0, 2)
    assert done.output == "Đã nhập 2 hồ sơ; 0 hồ sơ đã có từ trước; 1 hồ sơ cần người sửa.\n"
    with report.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["row"], row["column"], row["severity"]) for row in rows] == [("3", "U", "error")]
    assert list(rows[0]) == ["row", "column", "problem", "remedy", "severity"]


def test_a_dry_run_reports_and_writes_nothing(app, in_round, workbook):
    done = run(app, workbook, "--round", in_round.code, "--dry-run", "--report", "-")

    assert (done.exit_code, how_many()) == (0, 0)
    assert done.stdout.splitlines()[0] == "row,column,problem,remedy,severity"
    assert "Chưa ghi gì." in done.stderr


def test_running_it_again_takes_nothing_twice(app, in_round, workbook):
    run(app, workbook, "--round", in_round.code)

    again = run(app, workbook, "--round", in_round.code, "--language", "en")

    assert (again.exit_code, how_many()) == (0, 2)
    assert again.output == "0 dossiers were taken, 2 were there already, 1 need a person to correct them.\n"


def test_a_file_that_is_no_spreadsheet_ends_with_one_line_and_exit_code_1(app, in_round, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_text("words")

    done = run(app, path, "--round", in_round.code)

    assert (done.exit_code, done.stdout, how_many()) == (1, "", 0)
    assert done.stderr == f"{path}: Đây không phải bảng tính. Hãy chọn tệp .xlsx.\n"


def test_a_round_that_is_not_there_ends_with_exit_code_1(app, in_round, workbook):
    assert run(app, workbook, "--round", "KHONG-CO").exit_code == 1


def test_a_missing_argument_is_a_matter_of_usage(app, in_round, workbook):
    assert run(app, workbook).exit_code == 2
