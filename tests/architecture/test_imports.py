"""The import contracts are kept, and each has been seen red."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import habits

FORWARD = "The process runs forward, imports run back"
PURE = "The regulation and the policy are pure"
WEBLESS = "Models, queries and commands know nothing of the web"
DOORS = "Doors ask queries and services, not the database"
RINGLESS = "No rings, at any depth"

# Where one line is added, and which contracts it breaks.
PLANTED = {
    "rules/roles.py": ("import sqlalchemy", {PURE}),
    "policy.py": ("import evaluator.core.db", {PURE}),
    "units/queries.py": ("import evaluator.rounds.models", {FORWARD, RINGLESS}),
    "rounds/service.py": ("import wtforms", {WEBLESS}),
    "rounds/views.py": ("import evaluator.rounds.models", {DOORS}),
    "jobs.py": ("import sqlalchemy", {DOORS}),
    "core/text.py": ("import evaluator.core.errors", {RINGLESS}),
}


def broken_contracts(folder: Path) -> set[str]:
    """Return the names of the contracts that a copy of the house breaks."""
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([program, "--no-cache", "--no-logo"], cwd=folder, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    assert "Contracts" in lines, done.stdout + done.stderr
    return {line.split(" BROKEN")[0] for line in lines if " BROKEN" in line}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the modules and the settings."""
    for name in habits.sources():
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(habits.ROOT / name, target)
    shutil.copyfile(habits.ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def test_the_contracts_are_kept(house):
    assert broken_contracts(house) == set()


@pytest.mark.parametrize("where", PLANTED)
def test_a_planted_import_breaks_its_contract(house, where):
    line, contracts = PLANTED[where]
    path = house / "evaluator" / where
    path.write_text(path.read_text() + f"\n{line}\n")
    assert broken_contracts(house) >= contracts


def test_a_package_without_a_place_is_found(house):
    (house / "evaluator" / "stray").mkdir()
    (house / "evaluator" / "stray" / "__init__.py").touch()
    assert FORWARD in broken_contracts(house)
