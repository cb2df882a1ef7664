"""`flask rubrics check` and `flask score`: the fixed formats, exit codes and words, without a database."""

import json

import pytest

from evaluator.cli.rubrics import rubrics, score
from tests.rubric_builder import RUBRICS

R1 = str(RUBRICS / "r01-provincial.toml")
HEADER = "initiative,reviewer,criterion,points\n"


@pytest.fixture
def run(app):
    def run_it(command, *args, text=None):
        result = app.test_cli_runner().invoke(command, [*args, "--language", "en"], input=text)
        return result.exit_code, result.stdout, result.stderr

    return run_it


@pytest.fixture
def write(tmp_path):
    def write_it(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write_it


def a_sheet(initiative, reviewer, *points):
    keys = ("novelty", "application", "benefit")
    return "".join(f"{initiative},{reviewer},{key},{each}\n" for key, each in zip(keys, points, strict=True))


def test_all_shipped_rubrics_hold_together(run):
    code, out, err = run(rubrics, "check")

    assert (code, err) == (0, "")
    assert len(out.splitlines()) == len(list(RUBRICS.glob("*.toml")))
    assert "“Tài năng khoa học trẻ Việt Nam” holds together; 7 criteria, digest " in out


def test_a_rubric_may_come_from_standard_input(run):
    code, out, _err = run(rubrics, "check", "-", text=(RUBRICS / "r09-school.toml").read_text(encoding="utf-8"))

    assert code == 0
    assert out.startswith("-: “Phiếu chấm sáng kiến kinh nghiệm trường học, thang 20 điểm” holds together")


def test_a_mistake_is_told_with_file_place_and_remedy(run, write):
    gap = (RUBRICS / "r01-provincial.toml").read_text(encoding="utf-8").replace("least = 27", "least = 28", 1)
    name, broken, missing = write("gap.toml", gap), write("broken.toml", "key = "), write("no.toml", "") + "x"
    code, out, err = run(rubrics, "check", name, broken, missing, R1)

    assert code == 1
    assert out.startswith(R1)
    assert err.splitlines()[0] == (
        f"{name}: criteria[0].bands: Points between 26 and 28 belong to no band. "
        "Let the next band begin one step above the one before."
    )
    assert err.splitlines()[1].startswith(f"{broken}: The file is not TOML: ")
    assert err.splitlines()[2] == f"{missing}: No such file or directory"


def test_a_file_that_is_not_utf_8_is_refused(run, tmp_path):
    path = tmp_path / "latin.toml"
    path.write_bytes(b'title = "\xe9"')

    assert run(rubrics, "check", str(path)) == (1, "", f"{path}: This is not UTF-8 text. Save it as UTF-8.\n")


def test_scores_come_as_json_best_first(run, write):
    sheets = write(
        "sheets.csv",
        "\ufeff"
        + HEADER
        + a_sheet("B", "r1", 21, 21, 28)
        + a_sheet("A", "r1", 30, 30, '"40,0"')
        + a_sheet("A", "r2", 30, 30, "35.0"),
    )
    code, out, err = run(score, "--rubric", R1, sheets, "--json")
    found = json.loads(out)["initiatives"]

    assert (code, err) == (0, "")
    assert [(each["initiative"], each["score"], each["rank"], each["tied"], each["passed"]) for each in found] == [
        ("A", "97.50", 1, False, True),
        ("B", "70.00", 2, False, True),
    ]
    assert found[0]["sheets"] == [
        {"reviewer": "r2", "total": "95.00", "counted": "95.00", "weight": "1", "used": True, "why": ""},
        {"reviewer": "r1", "total": "100.00", "counted": "100.00", "weight": "1", "used": True, "why": ""},
    ]
    assert [(gate["gate"], gate["value"], gate["needed"], gate["met"]) for gate in found[1]["gates"]] == [
        ("novelty", "21.00", "21.00", True),
        ("application", "21.00", "21.00", True),
        ("benefit", "28.00", "25.00", True),
        ("total", "70.00", "70.00", True),
    ]
    assert [step["step"] for step in found[0]["steps"]] == ["least-sheets", "combine", "round"]


def test_scores_are_told_in_words_without_json(run, write):
    sheets = write("sheets.csv", HEADER + a_sheet("A", "r1", 21, 21, 28))
    code, out, _err = run(score, "--rubric", R1, sheets)

    assert code == 0
    assert out.splitlines()[:3] == ["A:", "  Sheet of r1: 70 points.", "    Tính mới, tính sáng tạo: 21 points."]
    assert "  Score: 70 points." in out.splitlines()
    assert out.splitlines()[-1] == "  Rank 1."


def test_the_order_of_the_rows_never_matters(run, write):
    rows = (a_sheet("A", "r1", 21, 21, 28) + a_sheet("B", "r2", 30, 20, 28)).splitlines()
    there = run(score, "--rubric", R1, write("a.csv", HEADER + "\n".join(rows)), "--json")
    back = run(score, "--rubric", R1, write("b.csv", HEADER + "\n".join(reversed(rows))), "--json")

    assert there == back


def test_a_comma_left_without_quotation_marks_in_the_last_column_is_still_a_comma(run, write):
    r9 = str(RUBRICS / "r09-school.toml")
    most = {
        "i1": "0,75",
        "i2": "0.75",
        "i3": "0,25",
        "i4": "0",
        "situation": "1,5",
        "content": "2,5",
        "measures": "8",
        "results": "2",
        "iii1": "1",
        "iii2": "1",
        "IV": "2",
    }
    sheets = write("sheets.csv", HEADER + "".join(f"A,r1,{key},{points}\n" for key, points in most.items()))
    _code, out, _err = run(score, "--rubric", r9, sheets, "--json")

    assert json.loads(out)["initiatives"][0]["score"] == "19.75"


def test_facts_bring_votes_categories_dates_and_dossiers_without_sheets(run, write):
    r4 = str(RUBRICS / "r04-thai-nguyen.toml")
    rows = "".join(f"{code},r1,{key},20\n" for code in "AB" for key in ("innovation", "effect", "application"))
    facts = write("facts.csv", "initiative,votes,submitted_on,council_votes\nA,100,2026-08-01,3\nB,50,,\n\nC,,,\n")
    code, out, _err = run(score, "--rubric", r4, "--facts", facts, "-", "--json", text=HEADER + rows)
    found = json.loads(out)["initiatives"]

    assert code == 0
    assert [(each["initiative"], each["score"], each["rank"]) for each in found] == [
        ("A", "80.00", 1),
        ("B", "70.00", 2),
        ("C", None, None),
    ]
    assert found[2]["unscored"] == "Only 0 sheets count, but 1 are needed. Ask for another sheet."


def test_everything_wrong_in_the_rows_is_told_and_nothing_is_written(run, write):
    sheets = write(
        "sheets.csv",
        HEADER.replace("points", "points,role")
        + "A,r1,novelty,31,\nA,r1,application,NaN,\nA,r1,application,8,x,9\nA,r1,benefit,30,chair\n"
        + "A,,novelty,3,\nA,r2,beauty,3,\nA,r3,novelty,3,\nA,r3,novelty,4,\n",
    )
    code, out, err = run(score, "--rubric", R1, sheets)

    assert (code, out) == (1, "")
    assert err.splitlines() == [
        f"{sheets}: 2: Give from 0 to 30 points.",
        f"{sheets}: 3: “NaN” is not a number of points. Write it like 8,5 or 8.5, with at most two decimals.",
        f"{sheets}: 4: This row has more columns than the first one. Put a number with a comma in quotation marks.",
        f"{sheets}: 5: This reviewer has another role in an earlier row. Write the same one.",
        f"{sheets}: 6: “reviewer” is empty. Fill it in.",
        f"{sheets}: 7: The rubric has no criterion “beauty”. Write one of: novelty, application, benefit.",
        f"{sheets}: 9: “novelty” was already marked on this sheet. Keep one of the rows.",
    ]


def test_a_missing_criterion_is_told_by_dossier_reviewer_and_criterion(run, write):
    sheets = write("sheets.csv", HEADER + "A,r1,novelty,25\nA,r1,application,\n")
    code, out, err = run(score, "--rubric", R1, sheets, "--json")

    assert (code, out) == (1, "")
    assert err.splitlines() == [
        f"{sheets}: A / r1 / application: This criterion has not been marked yet. Mark it.",
        f"{sheets}: A / r1 / benefit: This criterion has not been marked yet. Mark it.",
    ]


def test_columns_must_be_there_and_be_known(run, write):
    sheets = write("sheets.csv", "initiative,reviewer,criterion,colour\nA,r1,novelty,25\n")
    code, _out, err = run(score, "--rubric", R1, sheets)

    assert code == 1
    assert err.splitlines() == [
        f"{sheets}: 1: The column “points” is missing. Add it to the first row.",
        f"{sheets}: 1: There is no column “colour”. Take it out, or write one of: criterion, initiative, points, reviewer, role.",
    ]
    empty = write("empty.csv", "")
    assert run(score, "--rubric", R1, empty)[0] == 1


def test_facts_that_cannot_be_read_are_told(run, write):
    sheets = write("sheets.csv", HEADER + a_sheet("A", "r1", 21, 21, 28))
    facts = write("facts.csv", "initiative,votes,category,submitted_on\nA,-1,,\nA,2,,\nB,,boss,\nC,,,30/8/2026\n,1,,\n")
    code, _out, err = run(score, "--rubric", R1, "--facts", facts, sheets)

    assert code == 1
    assert [line.removeprefix(f"{facts}: ") for line in err.splitlines()] == [
        "2: “-1” is no number of votes. Write a whole number from 0.",
        "3: This dossier already stands in an earlier row. Keep one of them.",
        "4: The rubric has no category “boss”. Write one of: .",
        "5: “30/8/2026” is no date. Write it like 2026-08-30.",
        "6: “initiative” is empty. Fill it in.",
    ]


def test_a_sheet_file_that_is_not_there_or_not_utf_8_is_told(run, tmp_path):
    path = tmp_path / "latin.csv"
    path.write_bytes(b"initiative\xe9")

    assert run(score, "--rubric", R1, "nowhere.csv")[::2] == (1, "nowhere.csv: No such file or directory\n")
    assert run(score, "--rubric", R1, str(path))[::2] == (1, f"{path}: This is not UTF-8 text. Save it as UTF-8.\n")
    assert run(score, "--rubric", "nowhere.toml", str(path))[0] == 1


def test_wrong_usage_exits_with_2(run):
    assert run(score)[0] == 2


def test_a_first_that_is_not_clearly_ahead_is_told(run, write):
    text = (
        (RUBRICS / "r01-provincial.toml")
        .read_text(encoding="utf-8")
        .replace("maximum = 100", "maximum = 100\nclear_lead = 1", 1)
    )
    rubric = write("close.toml", text)
    sheets = write("sheets.csv", HEADER + a_sheet("A", "r1", 21, 21, 28) + a_sheet("B", "r1", 21, 21, 28))
    told = "The first is 0 points ahead, but 1 are needed: hold a second round."

    assert json.loads(run(score, "--rubric", rubric, sheets, "--json")[1])["close_race"] == told
    assert run(score, "--rubric", rubric, sheets)[1].splitlines()[-1] == told
    assert json.loads(run(score, "--rubric", R1, sheets, "--json")[1])["close_race"] == ""
