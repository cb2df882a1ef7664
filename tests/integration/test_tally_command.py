"""`flask tally`: the fixed format, one result per file, exit codes, one line per problem; without a database."""

import json

import pytest

from evaluator.cli.tally import tally
from evaluator.rules import ranking

CIRCULAR_18 = {
    "quorum": {"fraction": [2, 3], "of": "members", "roles": ["chair|vice", "secretary"]},
    "base": "members",
    "threshold": [2, 3],
    "compare": ">=",
    "min_yes": None,
}
ITEMS = {
    "method": "threshold",
    "rule": CIRCULAR_18,
    "members": 7,
    "present": 7,
    "items": [{"id": "SK-1", "yes": 5, "no": 2}, {"id": "SK-2", "yes": 4, "no": 2, "abstain": 1}],
}
LIST = {
    "method": "choose",
    "k": 2,
    "exactly": False,
    "rule": None,
    "ballots": [{"count": 3, "choice": ["a", "b"]}, {"count": 3, "choice": ["a", "c"]}, {"choice": ["a", "b", "c"]}],
}
RANKED = {
    "candidates": ["a", "b", "c"],
    "ballots": [{"count": 4, "ranking": [["a"], ["b"], ["c"]]}, {"count": 3, "ranking": [["b", "c"]]}],
}


@pytest.fixture
def run(app, tmp_path):
    def run_it(*documents, options=("--json", "--language", "en"), text=None):
        paths = []
        for number, document in enumerate(documents):
            path = tmp_path / f"{number}.json"
            path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
            paths.append(str(path))
        result = app.test_cli_runner().invoke(tally, [*(paths or ["-"]), *options], input=text)
        return result.exit_code, result.stdout, result.stderr

    return run_it


def result_of(run, document) -> dict:
    code, out, err = run(document)
    assert (code, err) == (0, "")
    return json.loads(out)


def test_items_are_decided_and_the_rule_is_repeated_in_words_and_numbers(run):
    found = result_of(run, ITEMS)
    assert [{key: item[key] for key in ("id", "verdict", "base", "needed", "for")} for item in found["items"]] == [
        {"id": "SK-1", "verdict": "passed", "base": 7, "needed": 5, "for": 5},
        {"id": "SK-2", "verdict": "failed", "base": 7, "needed": 5, "for": 4},
    ]
    assert found["items"][0]["why"] == "5 in favour, 5 needed; the base is 7, all members of the council."
    assert found["rule"]["threshold"] == [2, 3]
    assert found["rule_in_words"].startswith(
        "An item passes with at least 2/3 of all members of the council in favour."
    )


def test_several_files_give_a_list_and_one_gives_one(run):
    code, out, _ = run(ITEMS, LIST)
    assert (code, [each["method"] for each in json.loads(out)]) == (0, ["threshold", "choose"])


def test_a_document_is_read_from_standard_input(run):
    code, out, _ = run(text=json.dumps(ITEMS))
    assert (code, json.loads(out)["items"][0]["verdict"]) == (0, "passed")


def test_without_json_people_read_it(run):
    code, out, _ = run(ITEMS, LIST, options=("--language", "en"))
    assert code == 0
    assert "  SK-1: passed. 5 in favour, 5 needed; the base is 7, all members of the council." in out.splitlines()
    assert "  tied: b, c" in out.splitlines()


def test_it_speaks_vietnamese_first(run):
    _, out, _ = run(ITEMS, options=())
    assert "Có 5 tán thành, cần 5; mẫu số là 7, tổng số thành viên Hội đồng." in out


def test_a_tie_at_the_cut_off_of_a_list_is_returned(run):
    found = result_of(run, LIST)
    assert (found["chosen"], found["tied"], found["order"]) == (["a"], ["b", "c"], [["a"], ["b", "c"]])
    assert (found["seats_left"], found["invalid"]) == (1, {"too-many": 1})


def test_a_list_can_be_given_as_totals_with_a_threshold_as_filter(run):
    document = {
        "method": "choose",
        "k": 2,
        "rule": {"base": "returned", "threshold": [1, 2], "compare": ">"},
        "members": 9,
        "returned": 9,
        "items": [{"id": "a", "yes": 8}, {"id": "b", "yes": 4}, {"id": "c", "yes": 5}],
    }
    found = result_of(run, document)
    assert (found["chosen"], [item["verdict"] for item in found["items"]]) == (
        ["a", "c"],
        ["passed", "failed", "passed"],
    )


def test_a_lot_is_drawn_by_the_seed_that_is_given(run):
    first = result_of(run, {**LIST, "tie": "lot", "seed": "22.11.2026"})
    assert first == result_of(run, {**LIST, "tie": "lot", "seed": "22.11.2026"})
    assert (len(first["chosen"]), first["tied"]) == (2, [])


@pytest.mark.parametrize(
    ("more", "winners", "order"),
    [
        ({"method": "borda"}, ["b"], [["b"], ["a"], ["c"]]),
        ({"method": "borda", "points": [5, 3, 1]}, ["b"], [["b"], ["a"], ["c"]]),
        ({"method": "schulze"}, ["a"], [["a"], ["b"], ["c"]]),
        ({"method": "schulze", "strength": "margins"}, ["a"], [["a"], ["b"], ["c"]]),
        ({"method": "irv"}, ["a"], [["a"], ["b", "c"]]),
        ({"method": "plurality-rounds"}, ["a"], [["a"], ["b", "c"]]),
        ({"method": "plurality-rounds", "keep": 2}, ["a"], [["a"], ["b", "c"]]),
    ],
)
def test_rankings_give_winners_order_rounds_and_matrix(run, more, winners, order):
    found = result_of(run, {**RANKED, **more})
    assert (found["winners"], found["order"]) == (winners, order)
    assert found["matrix"]["a"] == {"b": 4, "c": 4}
    assert found["rounds"]


def test_real_rounds_say_who_goes_on(run):
    document = {"method": "plurality-rounds", "rounds": [{"votes": {"a": 4, "b": 3, "c": 2}}]}
    assert result_of(run, document)["next"] == {"goes_on": ["a", "b"], "tied": []}


def test_seven_members_two_recused_four_present_under_every_base(run):
    verdicts = {}
    for base in ("members", "members_entitled", "present", "returned", "valid", "yes_no"):
        rule = {"base": base, "threshold": [2, 3], "compare": ">="}
        item = {"id": "x", "yes": 4, "recused": 2}
        found = result_of(run, {**ITEMS, "rule": rule, "present": 4, "items": [item]})["items"][0]
        verdicts[base] = (found["base"], found["needed"], found["verdict"])
    assert verdicts == {
        "members": (7, 5, "failed"),
        "members_entitled": (5, 4, "passed"),
        "present": (4, 3, "passed"),
        "returned": (4, 3, "passed"),
        "valid": (4, 3, "passed"),
        "yes_no": (4, 3, "passed"),
    }


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("{", "Expecting property name"),
        ([], ": -: The document must be a JSON object."),
        ({"method": "guess"}, ": method: “guess” is not known here; use one of: threshold, choose,"),
        ({**ITEMS, "memebrs": 7}, ": memebrs: This key is not known here"),
        ({**ITEMS, "rule": {**CIRCULAR_18, "threshold": 0.67}}, ": rule.threshold: Write a fraction"),
        ({**ITEMS, "rule": [1]}, ": rule: The rule must be a JSON object."),
        ({**ITEMS, "members": None}, ": members: The rule counts the members of the council"),
        ({**ITEMS, "present": None}, ": present: The rule counts the members present"),
        ({**ITEMS, "present": -1}, ": present: This must be a whole number from 0."),
        ({**ITEMS, "roles_present": "chair"}, ": roles_present: The roles present are a list of names."),
        ({**ITEMS, "items": []}, ": items: This must be a list with at least one object."),
        ({**ITEMS, "items": [{"yes": 1}]}, ": items[0].id: Each item needs an id, a text of its own."),
        ({**ITEMS, "items": [{"id": "a", "yes": "5"}]}, ": items[0].yes: This must be a whole number from 0."),
        ({**ITEMS, "items": [{"id": "a"}, {"id": "a"}]}, ": items: “a” stands here twice."),
        ({**ITEMS, "items": [{"id": "a", "yse": 5}]}, ": items[0].yse: This key is not known here"),
        ({**ITEMS, "items": [{"id": "a", "casting": "maybe"}]}, ": items[0].casting: “maybe” is not known here"),
        ({**ITEMS, "items": [{"id": "a", "yes": 8}]}, ": items[0]: 8 votes, but only 7 members may vote on this item"),
        ({**ITEMS, "items": [{"id": "a", "yes": 5, "returned": 6}]}, ": items[0]: 6 ballots returned, but the votes"),
        ({**LIST, "k": None}, ": rule.k: Say how many are to be chosen"),
        ({**LIST, "k": 0}, ": k: This must be a whole number from 1."),
        ({**LIST, "ballots": [{"choice": "a"}]}, ": ballots[0].choice: A choice is a list of ids."),
        ({**LIST, "candidates": ["a", "a"]}, ": candidates: The candidates are a list of different ids."),
        ({**RANKED, "method": "irv", "candidates": None}, ": candidates: The candidates are a list of different ids."),
        ({**RANKED, "method": "irv", "candidates": ["a"]}, ": ballots: Ballot 1 ranks “b”, who is not a candidate."),
        ({**RANKED, "method": "irv", "ballots": [{"ranking": [1]}]}, ": ballots[0].ranking: A ranking is a list of"),
        ({"method": "plurality-rounds", "rounds": [{"votes": {"a": -1}}]}, ": rounds[0].votes: Each round gives"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_is_counted(run, document, said):
    code, out, err = run(document)
    assert (code, out) == (1, "")
    assert said in err


def test_a_file_that_is_not_there_is_named(app):
    result = app.test_cli_runner().invoke(tally, ["/nowhere.json", "--language", "en"])
    assert (result.exit_code, "/nowhere.json: No such file or directory" in result.stderr) == (1, True)


def test_a_good_file_beside_a_bad_one_is_not_reported_alone(run):
    code, out, err = run(ITEMS, {"method": "guess"})
    assert (code, out, len(err.splitlines())) == (1, "", 1)


def test_a_ranking_may_be_written_as_plain_names(run):
    document = {"method": "irv", "candidates": ["a", "b"], "ballots": [{"count": 2, "ranking": ["b", "a"]}]}
    assert result_of(run, document)["winners"] == ["b"]


def test_a_list_without_the_number_of_papers_counts_what_is_given(run):
    document = {"method": "choose", "k": 1, "rule": None, "items": [{"id": "a", "yes": 3}, {"id": "b", "yes": 2}]}
    assert result_of(run, document)["chosen"] == ["a"]


def test_ties_too_deep_to_follow_are_told(run, monkeypatch):
    monkeypatch.setattr(ranking, "MAX_BRANCHES", 1)
    document = {
        **RANKED,
        "method": "irv",
        "ballots": [{"ranking": ["a", "b"]}, {"ranking": ["b", "c"]}, {"ranking": ["c", "a"]}],
    }
    code, _, err = run(document)
    assert (code, "hold a run-off ballot" in err) == (1, True)
