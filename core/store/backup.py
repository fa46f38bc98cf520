"""A store in one file, to be kept elsewhere and put back, into either kind of database.

The file is text, packed: a line that says what it is, then for each table a line with its columns and a line for each
row, at the end the number of rows and a checksum over everything before. It holds what the store holds, neither more
nor less sealed. It is written while the store is in use, and shows it at one moment.
"""

import base64
import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from sqlalchemy import ColumnClause, Connection, Table, column, insert, select, table

from core.store import databases, schema
from core.store.documents import Store
from core.store.errors import BackupError
from core.store.tables import SCHEMA_VERSION, metadata

FORMAT = "ashore.backup/1"

_BYTES = "base64"  # JSON has no bytes: they are an object with this one key
_PACKING = 3  # of 9; what is sealed hardly packs at all
_ROWS_AT_ONCE = 20  # a row may have several megabytes
_FILE_MODE = 0o600
_DAMAGE = (gzip.BadGzipFile, EOFError, zlib.error, ValueError, LookupError, TypeError, AttributeError, RecursionError)

Counts = dict[str, int]
"""How many rows each table has."""


def back_up(store: Store, path: Path) -> Counts:
    """Write a store to a file, which must not exist yet; it is there whole or not at all.

    Raises:
        BackupError: The file exists already, or cannot be written.
        StoreUnavailable: The store cannot be read.
    """
    counts: Counts = {}
    with _new_file(path) as raw, gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=_PACKING, mtime=0) as packed:
        digest = hashlib.sha256()

        def write(value: object) -> None:
            line = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            digest.update(line)
            packed.write(line)

        write({"format": FORMAT, "schema": SCHEMA_VERSION, "at": datetime.now(UTC).isoformat(timespec="seconds")})
        with store.reading_at_one_moment() as connection:
            for each in metadata.sorted_tables:
                write({"table": each.name, "columns": [found.name for found in each.columns]})
                counts[each.name] = 0
                for row in _rows(connection, each):
                    write([_packed(value) for value in row])
                    counts[each.name] += 1
        write({"rows": sum(counts.values()), "sha256": digest.hexdigest()})
    return counts


def put_back(store: Store, path: Path) -> Counts:
    """Fill an empty store from a backup, all of it or nothing; one of an earlier version is brought up to date.

    Raises:
        BackupError: The file cannot be read, is damaged, or of a later version; or the store is not empty.
        StoreUnavailable: The store cannot be written; it is as empty as before.
    """
    version = _looked_through(path)
    counts: Counts = {}
    with store.writing() as connection:
        databases.wait_turn(connection)
        if any(connection.execute(select(1).select_from(each)).first() for each in metadata.sorted_tables):
            raise BackupError("not_empty", store.place)
        if not schema.build(connection, version, lambda: counts.update(_fill(connection, path))):
            raise BackupError("backup_newer", path=path)
    return counts


def _rows(connection: Connection, each: Table) -> Iterator[Sequence[Any]]:
    query = select(each).order_by(*each.primary_key.columns)
    return iter(connection.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE}))


def _fill(connection: Connection, path: Path) -> Counts:
    counts: Counts = {}
    name, columns = "", list[str]()
    rows: list[dict[str, Any]] = []

    def lay_down() -> None:
        if rows:
            # The columns are the backup's, which may be of an earlier version than the tables in the code.
            targets: list[ColumnClause[Any]] = [column(found) for found in columns]
            connection.execute(insert(table(name, *targets)), rows)
            rows.clear()

    with _opened(path) as lines:
        next(lines)
        for line in lines:
            value = json.loads(line)
            if isinstance(value, list):
                rows.append(dict(zip(columns, map(_unpacked, cast("list[Any]", value)), strict=True)))
                counts[name] += 1
                if len(rows) == _ROWS_AT_ONCE:
                    lay_down()
            elif "table" in value:
                lay_down()
                name, columns = value["table"], value["columns"]
                counts[name] = 0
    lay_down()
    return counts


def _looked_through(path: Path) -> str:
    """Read a backup to its end, before anything is done with it, and give the version of its tables."""
    digest = hashlib.sha256()
    rows = 0
    with _opened(path) as lines:
        last = next(lines)
        head = json.loads(last)
        if not head["format"].startswith("ashore.backup/"):
            raise ValueError(head["format"])
        for line in lines:
            digest.update(last)
            rows += last.startswith(b"[")
            last = line
        if head["format"] != FORMAT:  # which only a file that is whole can tell
            raise BackupError("backup_newer", path=path)
        if json.loads(last) != {"rows": rows, "sha256": digest.hexdigest()}:
            raise ValueError("checksum")
    return str(head["schema"])


@contextmanager
def _opened(path: Path) -> Generator[Iterator[bytes], None, None]:
    """Give the lines of a backup; what is wrong with the file is put into words."""
    try:
        with gzip.open(path, "rb") as packed:
            yield iter(packed)
    except (*_DAMAGE, StopIteration) as damage:
        raise BackupError("backup_damaged", path=path) from damage
    except OSError as failure:
        raise BackupError("backup_unreadable", path=path) from failure


@contextmanager
def _new_file(path: Path) -> Generator[BinaryIO, None, None]:
    """Give a file that gets its name once it is whole and on the disk, and that nobody else can read."""
    begun = path.with_name(f"{path.name}.part")
    try:
        if path.exists():
            raise BackupError("backup_exists", path=path)
        begun.unlink(missing_ok=True)
        with os.fdopen(os.open(begun, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _FILE_MODE), "wb") as raw:
            yield raw
            raw.flush()
            os.fsync(raw.fileno())
        begun.rename(path)
    except BaseException as failure:
        with suppress(OSError):
            begun.unlink()
        if isinstance(failure, OSError):
            raise BackupError("backup_unwritable", path=path) from failure
        raise


def _packed(value: Any) -> Any:
    if value is None or isinstance(value, int | str):
        return value
    if isinstance(value, bytes):
        return {_BYTES: base64.b64encode(value).decode()}
    raise TypeError(f"a backup holds no {type(value).__name__}")


def _unpacked(value: Any) -> Any:
    return base64.b64decode(cast("Mapping[str, str]", value)[_BYTES]) if isinstance(value, dict) else value
