"""The whole service in one file: every table as lines of JSON, and every stored file. Reads on either database.

A backup is taken from one snapshot while the service goes on. Stored files are named by their content and never
change, so copying them after the snapshot misses nothing that it mentions.
"""

import base64
import io
import json
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

import zstandard
from sqlalchemy import Column, Connection, Date, LargeBinary, Table, func, insert, select, text, update

from evaluator.core import schema
from evaluator.core.db import UTCDateTime, db, is_sqlite
from evaluator.core.errors import Conflict, Invalid
from evaluator.core.text import N_

FORMAT = 1
CHUNK = 500  # rows of one INSERT
LEVEL = 6  # of compression: near the best for text, at the speed of a disk


def write(target: IO[bytes], *, files: Path, settings: dict[str, str], now: datetime) -> dict[str, int]:
    """Write everything to a stream as .tar.zst; return the number of rows by table."""
    counts: dict[str, int] = {}
    compressor = zstandard.ZstdCompressor(level=LEVEL)
    with compressor.stream_writer(target, closefd=False) as packed, tarfile.open(fileobj=packed, mode="w|") as tar:
        with _snapshot() as connection:
            revision = schema.current(connection)  # the first read opens the snapshot
            for table in db.metadata.sorted_tables:
                with tempfile.TemporaryFile() as spool:
                    rows = connection.execution_options(yield_per=CHUNK).execute(
                        select(table).order_by(*table.primary_key)
                    )
                    counts[table.name] = sum(spool.write(_line(row)) > 0 for row in rows.mappings())
                    _add(tar, f"tables/{table.name}.jsonl", spool, now)
        manifest = {
            "format": FORMAT,
            "revision": revision,
            "taken_at": now.isoformat(),
            "rows": counts,
            "settings": settings,
        }
        _add(tar, "manifest.json", io.BytesIO(json.dumps(manifest, ensure_ascii=False, indent=1).encode()), now)
        for path in sorted(each for each in files.rglob("*") if each.is_file()):
            tar.add(path, arcname=f"files/{path.relative_to(files).as_posix()}", recursive=False)
    return counts


def _snapshot() -> Connection:
    """Open a connection whose reads all see one moment: SQLite's do so by themselves."""
    connection = db.engine.connect()
    return connection if is_sqlite() else connection.execution_options(isolation_level="REPEATABLE READ")


def is_empty() -> bool:
    """Return whether no table holds a row."""
    return all(db.session.execute(select(table).limit(1)).first() is None for table in db.metadata.sorted_tables)


def read(source: IO[bytes], *, files: Path) -> dict[str, int]:
    """Put everything of a backup in the place of what is there; inside the caller's transaction.

    Raises:
        Invalid: it is no backup of ours.
        Conflict: it was taken by another version of the service.
    """
    with tempfile.TemporaryDirectory() as folder:
        unpacked = Path(folder)
        _unpack(source, unpacked)
        try:
            manifest = json.loads((unpacked / "manifest.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise Invalid(N_("This file is no backup of this service.")) from None
        if manifest.get("format") != FORMAT or manifest.get("revision") != schema.head():
            raise Conflict(
                N_(
                    "This backup was taken at %(theirs)s; this service stands at %(ours)s. Restore it with the version that took it, then upgrade."
                ),
                theirs=manifest.get("revision"),
                ours=schema.head(),
            )
        for table in reversed(db.metadata.sorted_tables):
            db.session.execute(_without_inner_links(table))
            db.session.execute(table.delete())
        for table in db.metadata.sorted_tables:
            _load(table, unpacked / "tables" / f"{table.name}.jsonl")
        for path in (each for each in (unpacked / "files").rglob("*") if each.is_file()):
            target = files / path.relative_to(unpacked / "files")
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                path.replace(target) if _same_disk(path, files) else target.write_bytes(path.read_bytes())
        rows: dict[str, int] = manifest["rows"]
        return rows


def _same_disk(path: Path, folder: Path) -> bool:
    folder.mkdir(parents=True, exist_ok=True)
    return path.stat().st_dev == folder.stat().st_dev


def _unpack(source: IO[bytes], folder: Path) -> None:
    """Unpack a .tar.zst, nothing outside the folder."""
    try:
        with (
            zstandard.ZstdDecompressor().stream_reader(source) as packed,
            tarfile.open(fileobj=packed, mode="r|") as tar,
        ):
            tar.extractall(folder, filter="data")
    except (zstandard.ZstdError, tarfile.TarError, EOFError):
        raise Invalid(N_("This file is no backup of this service, or it is damaged.")) from None


def _add(tar: tarfile.TarFile, name: str, content: IO[bytes], now: datetime) -> None:
    info = tarfile.TarInfo(name)
    info.size = content.seek(0, io.SEEK_END)
    info.mtime = int(now.timestamp())
    content.seek(0)
    tar.addfile(info, content)


def _line(row: Any) -> bytes:
    """Return a row as a line of JSON."""
    return (json.dumps(dict(row), ensure_ascii=False, default=_plain) + "\n").encode()


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    msg = f"a column holds {type(value).__name__}, which a backup cannot say"
    raise TypeError(msg)


def _inner_links(table: Table) -> list[Column[Any]]:
    """Return the columns that point to other rows of the same table."""
    return [column for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]


def _without_inner_links(table: Table) -> Any:
    links = _inner_links(table)
    return update(table).values(dict.fromkeys(links)) if links else text("SELECT 1")


def _load(table: Table, path: Path) -> None:
    """Insert the rows of a table; links between its own rows come last, when all of them are there."""
    links = _inner_links(table)
    for chunk in _chunks(path):
        rows = [{column.name: _typed(column, row.get(column.name)) for column in table.columns} for row in chunk]
        db.session.execute(insert(table), [row | {column.name: None for column in links} for row in rows])
    for chunk in _chunks(path) if links else ():
        for row in chunk:
            values = {column.name: row[column.name] for column in links if row[column.name] is not None}
            if values:
                db.session.execute(update(table).where(table.c.id == row["id"]).values(values))
    if not is_sqlite() and "id" in table.columns:
        highest = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
        sequence = func.pg_get_serial_sequence(table.name, "id")
        db.session.execute(select(func.setval(sequence, highest, False)).where(sequence.is_not(None)))


def _typed(column: Column[Any], value: Any) -> Any:
    """Return a value of a line as its column wants it."""
    if isinstance(value, str) and isinstance(column.type, UTCDateTime):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and isinstance(column.type, LargeBinary):
        return base64.b64decode(value)
    if isinstance(value, str) and isinstance(column.type, Date):
        return date.fromisoformat(value)
    return value


def _chunks(path: Path) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a file in pieces; a table that the backup does not know has none."""
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        chunk: list[dict[str, Any]] = []
        for line in lines:
            chunk.append(json.loads(line))
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
        if chunk:
            yield chunk
