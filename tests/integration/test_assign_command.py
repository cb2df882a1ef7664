"""``flask assign``: files in, a file out, or the reason why not."""

import csv
import json

import pytest

A = """initiative,reviewer,affinity
SK1,An,0.9
SK1,Binh,0.5
SK1,Chi,0.1
SK2,An,0.8
SK2,Binh,0.7
SK2,Chi,0.3
"""


@pytest.fixture
def run(app, tmp_path):
    def _run(*options, affinity=A, **files):
        arguments = ["assign", "--out", str(tmp_path / "plan.csv")]
        for name, text in {"affinity": affinity, **files}.items():
            path = tmp_path / f"{name}.csv"
            path.write_text(text, encoding="utf-8")
            arguments += [f"--{name}", str(path)]
        return app.test_cli_runner().invoke(args=[*arguments, *options])

    _run.plan = lambda: list(csv.reader((tmp_path / "plan.csv").read_text(encoding="utf-8").splitlines()))
    _run.made = (tmp_path / "plan.csv").exists
    return _run


def test_the_best_plan_is_written_with_its_figures(run):
    result = run("--reviews", "1", "--max-load", "1", "--json")
    assert result.exit_code == 0
    figures = json.loads(result.stdout)
    assert figures.pop("seconds") >= 0
    assert figures == {
        "total": 1.6,
        "mean": 0.8,
        "min_initiative": 0.7,
        "loads": {"min": 0, "max": 1},
        "optimal": True,
        "gap": "0",
    }
    assert run.plan() == [["initiative", "reviewer", "affinity"], ["SK1", "An", "0.9"], ["SK2", "Binh", "0.7"]]


def test_without_a_limit_everybody_gets_the_best(run):
    assert run("--reviews", "1").exit_code == 0
    assert run.plan()[1:] == [["SK1", "An", "0.9"], ["SK2", "An", "0.8"]]


def test_forbidden_and_forced_pairs_are_obeyed(run):
    assert run("--reviews", "1", conflicts="initiative,reviewer,value\nSK1,An,-1\nSK2,Chi,1\n").exit_code == 0
    assert run.plan()[1:] == [["SK1", "Binh", "0.5"], ["SK2", "Chi", "0.3"]]


def test_a_conflict_without_a_value_forbids(run):
    assert run("--reviews", "1", conflicts="SK1,An\nSK2,An\n").exit_code == 0
    assert run.plan()[1:] == [["SK1", "Binh", "0.5"], ["SK2", "Binh", "0.7"]]


def test_loads_of_single_reviewers_go_before_the_common_ones(run):
    assert run("--reviews", "1", "--max-load", "2", loads="reviewer,max,min\nAn,1\nChi,2,1\n").exit_code == 0
    assert run.plan()[1:] == [["SK1", "An", "0.9"], ["SK2", "Chi", "0.3"]]


def test_a_reviewer_known_only_by_load_may_be_assigned(run):
    assert run("--reviews", "1", "--max-load", "0", loads="Dung,2\n").exit_code == 0
    assert run.plan()[1:] == [["SK1", "Dung", "0.0"], ["SK2", "Dung", "0.0"]]


def test_the_least_load_is_kept(run):
    assert run("--reviews", "1", "--max-load", "1", "--min-load", "0").exit_code == 0
    assert run("--reviews", "2", "--max-load", "2", "--min-load", "1").exit_code == 0
    assert sorted({row[1] for row in run.plan()[1:]}) == ["An", "Binh", "Chi"]


def test_drawing_by_lot_tells_the_expected_total(run):
    result = run("--reviews", "1", "--max-load", "1", "--randomize", "0.5", "--seed", "3", "--json")
    figures = json.loads(result.stdout)
    assert figures["expected_total"] == 1.45
    assert len(run.plan()) == 3


def test_the_order_of_the_file_does_not_matter(run):
    even = "".join(f"SK{row},R{column},0.5\n" for row in range(6) for column in range(4))
    run("--reviews", "2", "--max-load", "3", affinity=even)
    first = sorted(run.plan())
    head, *lines = even.splitlines()
    run("--reviews", "2", "--max-load", "3", affinity="\n".join([*lines[::-1], head]) + "\n")
    assert sorted(run.plan()) == first


def test_too_few_places_are_told_with_what_would_help(run):
    result = run("--reviews", "2", "--max-load", "1")
    assert result.exit_code == 1
    assert result.stderr == (
        "all initiatives: 4 reviews are needed, the reviewers can take 3, 1 are lacking; add 1 reviewers, "
        "or let each take 1 more\n"
    )
    assert not run.made()


def test_an_initiative_that_nobody_may_read_is_named(run):
    result = run("--reviews", "2", conflicts="SK2,An\nSK2,Chi\n")
    assert result.exit_code == 1
    assert result.stderr == (
        "initiative SK2: lacks 1 of 2 reviewers, 1 may read it; "
        "add reviewers without conflict or ask for fewer reviews\n"
    )


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"affinity": A + "SK3,An,viel\n"}, "row 8: affinity 'viel'"),
        ({"affinity": A + "SK1,An,0.9\n"}, "row 8: pair given twice 'SK1,An'"),
        ({"affinity": ""}, "no rows"),
        ({"conflicts": "SK9,An\n"}, "row 1: initiative 'SK9' has no affinity row"),
        ({"conflicts": "SK1,Em\n"}, "row 1: reviewer 'Em' has no affinity row"),
        ({"conflicts": "SK1,An,2\n"}, "row 1: 'SK1,An,2'"),
        ({"conflicts": "SK1,An,1\nSK1,An,-1\n"}, "forced and forbidden"),
        ({"loads": "An,viel\n"}, "row 1: 'An,viel'"),
        ({"loads": "An,1,2\n"}, "row 1: from 2 to 1 is no range"),
    ],
)
def test_wrong_input_is_told_with_its_row_and_nothing_is_written(run, files, said):
    result = run("--reviews", "1", **files)
    assert result.exit_code == 1
    assert said in result.stderr
    assert not run.made()


def test_a_missing_file_is_told(app, tmp_path):
    out = str(tmp_path / "o.csv")
    result = app.test_cli_runner().invoke(args=["assign", "--affinity", "/nowhere.csv", "--reviews", "1", "--out", out])
    assert (result.exit_code, result.stderr) == (
        1,
        "/nowhere.csv: No such file or directory; name a file that can be read\n",
    )


def test_a_misspelt_command_is_exit_two(app):
    assert app.test_cli_runner().invoke(args=["assign", "--reviews", "0"]).exit_code == 2
