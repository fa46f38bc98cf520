"""The one place that knows which database it is: SQLite in a file, or a PostgreSQL server.

Either is set up so that a confirmed save survives anything. SQLite: a write-ahead log, so that readers never wait; a
full sync with every commit, so that neither kill -9 nor a power cut takes back what was confirmed; writers queue from
the beginning of their transaction, so that what they read is still true when they write. PostgreSQL, whose writers
queue for a document alone, is set up in `core.store.postgresql`. Everything else in this package is plain SQLAlchemy.
"""

import errno
import os
import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from core.store import postgresql
from core.store.errors import FAILURES, StoreUnavailable, reason_of
from core.store.places import Place, place_of

WRITES = "ashore_writes"
"""The execution option of engines whose transactions write."""

BUSY_SECONDS = 5.0
_RETRY_SECONDS = 0.02
_CONNECTIONS = 8
_PRAGMAS = (
    "PRAGMA synchronous=FULL",
    "PRAGMA fullfsync=ON",  # on a Mac, FULL alone does not reach the disk
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # what is deleted is overwritten: a household's debts are nobody's business
)
_COMPANIONS = ("-wal", "-shm", "")
"""What belongs to a database file; the log first, or a new file under the old name would meet an old log."""


def connect(place: Place) -> Engine:
    """Make an engine for a place; a file must exist.

    Nothing is opened yet: whatever is wrong with the database shows when it is first used.
    """
    if place.url is not None:
        return postgresql.connect(place.url)
    engine = create_engine(
        "sqlite://",
        creator=_opener(place.path, "rw"),
        poolclass=QueuePool,
        pool_size=_CONNECTIONS,
        hide_parameters=True,
    )

    def set_up(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        record.info["file"] = _identity(place.path)
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    def begin(connection: Connection) -> None:
        # Where the file was moved or deleted under a running program, SQLite would go on writing to nowhere.
        if connection.info["file"] != _identity(place.path):
            raise FileNotFoundError(errno.ENOENT, "the database file has been moved")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(WRITES) else "BEGIN")

    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", begin)
    return engine


@contextmanager
def snapshot(engine: Engine) -> Generator[Connection, None, None]:
    """Give a connection that sees the database as it was at its first look, whoever writes meanwhile."""
    if engine.dialect.name == "sqlite":  # which reads in no other way
        with engine.connect() as connection:
            yield connection
        return
    options = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with options.connect() as connection:
        postgresql.take_time(connection)
        yield connection


def wait_turn(connection: Connection) -> None:
    """Wait, in a transaction that writes, until nobody else changes the tables."""
    if connection.dialect.name != "sqlite":  # where a transaction that writes is alone from its beginning
        postgresql.wait_turn(connection)


def check(place: Place) -> None:
    """Look a file through for damage before anyone relies on it, and before anything touches it; a server does so.

    Raises:
        sqlite3.DatabaseError: It is damaged; neither it nor its log has been changed.
    """
    if not place.is_file:
        return
    # A connection that may write would, when it is closed, move the log's pages into the damaged file.
    with closing(_opener(place.path, "ro")()) as connection:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != ("ok",):
        damage = sqlite3.DatabaseError(f"{found}")
        damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damage


def use_log(engine: Engine) -> None:
    """Switch a file to the write-ahead log, once for good."""
    if engine.dialect.name != "sqlite":
        return
    deadline = time.monotonic() + BUSY_SECONDS
    with closing(engine.raw_connection()) as connection:
        while True:  # SQLite itself does not wait here for others who are at the same
            try:
                connection.cursor().execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError as error:
                if reason_of(error) != "locked" or time.monotonic() > deadline:
                    raise
                time.sleep(_RETRY_SECONDS)
            else:
                return


def set_broken_aside(where: str | os.PathLike[str] | Place, now: datetime) -> Path | None:
    """Rename a damaged file, so that a new one can begin in its place; nothing of it is changed or lost.

    Args:
        where: The place of the file.
        now: For its new name.

    Returns:
        Where it is now; None where there is nothing damaged, and nothing was done.

    Raises:
        StoreUnavailable: The disk does not allow it.
    """
    place = place_of(where)
    try:
        if not _is_broken(place):
            return None
        stem, ending = place.path.stem, place.path.suffix
        stamps = (f"{now:%Y%m%d-%H%M%S}{more}" for more in ("", *(f"-{count}" for count in range(1, 100))))
        names = (place.path.with_name(f"{stem}.broken-{stamp}{ending}") for stamp in stamps)
        aside = next(name for name in names if not name.exists())
        for companion in _COMPANIONS:
            with suppress(FileNotFoundError):
                os.rename(f"{place.path}{companion}", f"{aside}{companion}")
    except FAILURES as failure:
        raise StoreUnavailable.after(failure, place) from failure
    return aside


def _is_broken(place: Place) -> bool:
    try:
        check(place)
    except sqlite3.Error as failure:
        if reason_of(failure) == "broken":
            return True
        raise
    return False


def _opener(path: Path, mode: Literal["ro", "rw"]) -> Callable[[], sqlite3.Connection]:
    # Neither mode makes a file: one that is gone is an error. The pool hands connections from thread to thread.
    address = f"{path.as_uri()}?mode={mode}"
    return lambda: sqlite3.connect(
        address, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )


def _identity(path: Path) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_dev, found.st_ino
