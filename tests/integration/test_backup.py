"""A backup brings everything back: rows, files, links between rows of one table, and the search."""

import io
import json
import tarfile

import pytest
import zstandard

from evaluator.core import archive
from evaluator.core.db import db, transaction
from evaluator.core.errors import Conflict, Invalid
from evaluator.initiatives import indexing
from evaluator.initiatives.models import Initiative
from evaluator.rules.lifecycle import InitiativeState
from tests.factories import a_round, a_unit, an_initiative


def packed(files, clock) -> bytes:
    target = io.BytesIO()
    archive.write(target, files=files, settings={"base_url": "http://localhost"}, now=clock.now())
    return target.getvalue()


def parts(backup: bytes) -> dict[str, bytes]:
    with (
        zstandard.ZstdDecompressor().stream_reader(io.BytesIO(backup)) as raw,
        tarfile.open(fileobj=raw, mode="r|") as tar,
    ):
        return {member.name: tar.extractfile(member).read() for member in tar}


def repacked(contents: dict[str, bytes]) -> io.BytesIO:
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar:
        for name, content in contents.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return io.BytesIO(zstandard.compress(plain.getvalue()))


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "files"
    (folder / "ab").mkdir(parents=True)
    (folder / "ab" / "cd").write_bytes("Bản mô tả".encode())
    return folder


def restore(backup: bytes, files) -> None:
    with transaction():
        archive.read(io.BytesIO(backup), files=files)
        indexing.rebuild()


def test_a_restored_backup_holds_the_same_rows(app, clock, files, tmp_path):
    child = a_unit(parent=a_unit())
    initiative = an_initiative(in_round=a_round(), unit=child)
    before = parts(packed(files, clock))
    backup = packed(files, clock)
    with transaction():
        db.session.get(Initiative, initiative.id).title = "Đã bị sửa"

    restore(backup, tmp_path / "elsewhere")

    assert parts(packed(tmp_path / "elsewhere", clock)) == before


def test_new_rows_after_a_restore_get_numbers_of_their_own(app, clock, files, tmp_path):
    first = an_initiative()
    restore(packed(files, clock), files)

    assert an_initiative().id > first.id


def test_a_restored_dossier_is_found_again(app, clock, files):
    initiative = an_initiative(state=InitiativeState.SUBMITTED, title="Béc phun tưới mía")
    with transaction():
        indexing.put([initiative])
    restore(packed(files, clock), files)

    assert indexing.INDEX.best("bec phun", scope=indexing.scope_of(initiative.round_id)) == [initiative.id]


def test_a_file_that_is_no_backup_changes_nothing(app, clock, files):
    initiative = an_initiative()
    with pytest.raises(Invalid):
        restore(b"PK\x03\x04 something else", files)

    assert db.session.get(Initiative, initiative.id) is not None


def test_a_backup_of_another_version_changes_nothing(app, clock, files):
    initiative = an_initiative()
    contents = parts(packed(files, clock))
    contents["manifest.json"] = json.dumps(json.loads(contents["manifest.json"]) | {"revision": "0000_other"}).encode()
    with pytest.raises(Conflict), transaction():
        archive.read(repacked(contents), files=files)

    assert db.session.get(Initiative, initiative.id) is not None


def test_the_commands_refuse_to_overwrite_without_yes(app, clock, files, tmp_path):
    an_initiative()
    runner, out = app.test_cli_runner(), str(tmp_path / "b.tar.zst")

    assert runner.invoke(args=["backup", out]).exit_code == 0
    assert runner.invoke(args=["restore", out]).exit_code == 2
    assert runner.invoke(args=["restore", out, "--yes"]).exit_code == 0


def test_a_backup_holds_no_secret_of_the_service(app, clock, files, tmp_path):
    out = tmp_path / "b.tar.zst"
    app.test_cli_runner().invoke(args=["backup", str(out)])

    assert b"only-for-tests" not in b"".join(parts(out.read_bytes()).values())
