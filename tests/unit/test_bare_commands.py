"""Commands on files start without the service behind them."""

import subprocess
import sys
from pathlib import Path

import pytest

from evaluator.cli import bare

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("arguments", "enough"),
    [
        (["/venv/bin/flask", "assign", "--reviews", "3"], True),
        (["/venv/bin/flask", "--app", "wsgi", "assign"], True),
        (["/venv/bin/flask", "-A", "wsgi", "--debug", "assign"], True),
        (["/lib/flask/__main__.py", "assign"], True),
        (["/venv/bin/flask", "serve"], False),
        (["/venv/bin/flask", "--app", "assign", "serve"], False),
        (["/venv/bin/flask"], False),
        (["/venv/bin/gunicorn", "assign"], False),
        ([], False),
    ],
)
def test_only_commands_on_files_need_no_more(arguments, enough):
    assert bare.is_enough(arguments) is enough


def test_assigning_from_files_loads_neither_database_nor_pages(tmp_path):
    (tmp_path / "a.csv").write_text("a,x,0.5\n")
    program = (
        "import sys; sys.argv = ['flask', 'assign', '--affinity', sys.argv[1], '--reviews', '1', '--out', '-']\n"
        "from flask.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    print(sorted({'sqlalchemy', 'wtforms', 'alembic'} & sys.modules.keys()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "a.csv")], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "initiative,reviewer,affinity\na,x,0.5\n[]\n"
