"""The example of the handbook is a rubric that holds together, and the reference is complete."""

import re

from evaluator.cli.rubric_docs import reference
from evaluator.rules import rubric_document
from evaluator.rules.procedure import GATE, STEP, TIE_BREAK
from evaluator.rules.rubric import CRITERION
from evaluator.rules.rubric_checks import problems
from tests.rubric_builder import RUBRICS, outcome, sheet


def test_the_example_of_the_handbook_holds_together_and_computes():
    (example,) = re.findall(r"```toml\n(.*?)```", (RUBRICS / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    rubric = rubric_document.from_toml(example)

    assert problems(rubric) == []
    assert outcome(rubric, *(sheet(f"r{n}", new=35, effect="45.5") for n in range(3))).score == 80.5


def test_the_handbook_names_every_preset():
    text = (RUBRICS / "README.md").read_text(encoding="utf-8")

    assert [path.stem for path in RUBRICS.glob("*.toml") if f"`{path.stem}`" not in text] == []


def test_the_reference_names_every_kind_and_what_is_usual():
    text = reference()

    for codec in (CRITERION, STEP, GATE, TIE_BREAK):
        for kind in codec.inside:
            assert f'kind `"{kind}"`' in text
    assert "| `step` | number, two decimals at most | `1` |" in text
    assert '| `total` | one of `sum`, `mean` | `"sum"` |' in text
    assert "| `kills` | true or false | `true` |" in text
    assert '| `of` | text | `"total"` |' in text
    assert "| `bands` | list of Band | must be written |" in text
