"""Kill what saves, again and again, and look for what it had confirmed: `python -m tests.store_kill`.

A child opens a store and saves numbered documents as fast as it can; after each save it reports the number. The parent
kills with -9 at a random moment, from the child's first opening on, opens the store itself, and checks: what was
reported is there, every revision is whole, none is missing between them, the database is sound. Every few kills a new
store begins, so that its making is hit as well.

On SQLite it is the child that is killed. On PostgreSQL (`--database postgres`) it is by turns of chance the child, the
server's process for the child, the whole server, or the server stopped as in a power cut; then the server is started
again, and the child, still the same, must get over it and save on.
"""

import argparse
import contextlib
import os
import random
import select
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg

from core.store import DocumentId, Store, StoreUnavailable
from tests.databases import Cluster, database_of, running_cluster

KILLS_A_STORE = 10
OPENING_SECONDS = 0.6
"""A kill during the opening comes within so many seconds of the child's start."""
SAVING_SECONDS = 0.15
"""Any other kill comes within so many seconds of the first confirmed save."""
GOES_ON_WITHIN_SECONDS = 60
REPORT_BYTES = 8
SERVER_KILLS = ("server", "backend", "stop")


class Tally(NamedTuple):
    """What a run came to."""

    kills: int
    while_opening: int
    confirmed: int
    losses: list[str]


def document_of(number: int) -> bytes:
    """Make the document with a number; its length varies from a few bytes to several pages of the database."""
    pattern = f"{number:08d}.".encode()
    return pattern * (1 + number * 7919 % 4000)


def number_of(document: bytes) -> int:
    """Read the number of a document; ValueError where it is not whole."""
    number = int(document[:8])
    if document != document_of(number):
        raise ValueError(f"document {number} is not whole")
    return number


def save_for_ever(where: str) -> None:
    """Be the child: go on from what is there, and report each number once its save has returned."""
    store: Store | None = None
    while True:
        try:
            store = store or Store.open(where)
            _save_on(store)
        except StoreUnavailable:
            if "://" not in where:  # nobody kills a file
                raise
            time.sleep(0.01)


def _save_on(store: Store) -> None:
    document_id = store.default_document()
    if document_id is None:
        document_id = store.create(document_of(1))
    revision = store.latest(document_id)
    while True:
        os.write(sys.stdout.fileno(), f"{revision.number:>{REPORT_BYTES}}".encode())
        revision = store.save(document_id, document_of(revision.number + 1), revision.number)


class Target:
    """Where the stores are, and what is killed; here a file each, and the child."""

    def __init__(self, folder: Path) -> None:
        """Use an empty folder."""
        self._folder = folder
        self._count = 0

    def new_place(self) -> str:
        """Give the place of the next store."""
        self._count += 1
        return str(self._folder / f"store-{self._count}" / "ashore.db")

    def strike(self, rng: random.Random, where: str, child: subprocess.Popen[bytes]) -> bytes:
        """Kill, at last the child, and give what it reported in between."""
        child.kill()
        return b""

    def faults(self, where: str) -> list[str]:
        """Say what the database itself finds wrong."""
        with contextlib.closing(sqlite3.connect(where)) as connection:
            verdict = connection.execute("PRAGMA integrity_check").fetchall()
        return [] if verdict == [("ok",)] else [f"integrity_check: {verdict}"]


class ServerTarget(Target):
    """Databases of a server that writes to the disk what it confirms."""

    def __init__(self, cluster: Cluster) -> None:
        """Use a server that runs."""
        self._cluster = cluster

    def new_place(self) -> str:
        """Make a database."""
        return self._cluster.new_database()

    def strike(self, rng: random.Random, where: str, child: subprocess.Popen[bytes]) -> bytes:
        """Kill the child, or the server first and then, once it has got over that, the child."""
        reports = b""
        what = rng.choice(("child", *SERVER_KILLS))
        if what != "child":
            if what == "backend":
                self._cluster.kill_backend(database_of(where))
            else:
                self._cluster.kill() if what == "server" else self._cluster.stop("immediate")
                self._cluster.start()
            self._cluster.wait()
            reports = _next_reports(child)
            time.sleep(rng.uniform(0, SAVING_SECONDS))
        child.kill()
        return reports

    def faults(self, where: str) -> list[str]:
        """Look whether every index leads to every row."""
        with self._cluster.admin(database_of(where)) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
            try:
                connection.execute(
                    "SELECT bt_index_check(index.indexrelid, true) FROM pg_index index "
                    "JOIN pg_class ON pg_class.oid = index.indrelid WHERE relnamespace = 'public'::regnamespace"
                )
            except psycopg.Error as error:
                return [f"amcheck: {error}"]
        return []


def _next_reports(child: subprocess.Popen[bytes]) -> bytes:
    """Read what a child has reported, and wait for one report more: it has not given up."""
    assert child.stdout is not None
    pipe = child.stdout.fileno()
    said_before = os.read(pipe, 1 << 16) if select.select([pipe], [], [], 0)[0] else b""
    if not select.select([pipe], [], [], GOES_ON_WITHIN_SECONDS)[0]:
        raise RuntimeError("the child does not go on")
    return said_before + os.read(pipe, 1 << 16)


def kill_once(target: Target, where: str, rng: random.Random) -> list[int]:
    """Start a child, kill it, and give the numbers that it reported."""
    command = [sys.executable, "-m", "tests.store_kill", "--child", where]
    with subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0) as child:
        assert child.stdout is not None
        reports = b""
        if rng.random() < 1 / 3:
            time.sleep(rng.uniform(0, OPENING_SECONDS))
        else:
            reports = child.stdout.read(REPORT_BYTES)
            time.sleep(rng.uniform(0, SAVING_SECONDS))
        if child.poll() is not None:
            raise RuntimeError(f"the child ended by itself with {child.returncode}")
        reports += target.strike(rng, where, child)
        while piece := child.stdout.read(1 << 16):
            reports += piece
    whole = len(reports) // REPORT_BYTES * REPORT_BYTES
    return [int(reports[at : at + REPORT_BYTES]) for at in range(0, whole, REPORT_BYTES)]


def losses_in(target: Target, where: str, confirmed: int) -> list[str]:
    """Look for what is wrong with a store after a kill.

    Args:
        target: Knows the database.
        where: Its place; nobody else has it open.
        confirmed: The last number that was reported; 0 if none ever was.
    """
    found: list[str] = []
    with Store.open(where) as store:
        documents = store.documents()
        if len(documents) != (1 if confirmed else len(documents[:1])):
            found.append(f"{len(documents)} documents")
        for info in documents:
            found += _losses_of(store, info.id, confirmed)
    return [*found, *target.faults(where)]


def _losses_of(store: Store, document_id: DocumentId, confirmed: int) -> list[str]:
    found: list[str] = []
    history = store.history(document_id)
    latest = store.latest(document_id)
    if not confirmed <= latest.number <= confirmed + 1:
        found.append(f"revision {latest.number} is the newest, {confirmed} was confirmed")
    numbers = [info.number for info in history]
    if numbers != list(range(latest.number, latest.number - len(numbers), -1)):
        found.append(f"the newest revisions are {numbers}")
    for info in history:
        try:
            if number_of(store.revision(document_id, info.number).document) != info.number:
                found.append(f"revision {info.number} holds another one's document")
        except ValueError as error:
            found.append(f"revision {info.number}: {error}")
    return found


def run(kills: int, seed: int, target: Target) -> Tally:
    """Kill so many times and count what was lost.

    Args:
        kills: How often.
        seed: Decides the moments, as far as a moment can be decided.
        target: Where, and what.
    """
    rng = random.Random(seed)
    confirmed = total = while_opening = 0
    losses: list[str] = []
    where = ""
    for kill in range(kills):
        if kill % KILLS_A_STORE == 0:
            where, confirmed = target.new_place(), 0
        reports = kill_once(target, where, rng)
        while_opening += not reports
        for before, after in zip([confirmed, *reports], reports, strict=False):
            if after < before:  # a child that finds less than was confirmed would save the same again
                losses.append(f"kill {kill}: revision {after} was the newest after {before} was confirmed")
        reported = max(reports, default=0)
        total += max(reported - confirmed, 0)
        confirmed = max(reported, confirmed)
        losses += [f"kill {kill}: {loss}" for loss in losses_in(target, where, confirmed)]
        with Store.open(where) as store:
            # An unreported save may have reached the disk; from here on it counts.
            confirmed = max([confirmed, *(info.number for info in store.documents())])
    return Tally(kills, while_opening, total, losses)


@contextlib.contextmanager
def target_of(database: str) -> Iterator[Target]:
    """Give where to kill: `sqlite` or `postgres`; nothing of it is left behind."""
    if database == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield Target(Path(folder))
    else:
        with running_cluster(is_safe=True) as cluster:
            yield ServerTarget(cluster)


def main() -> int:
    """Run from the command line; 1 where anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.store_kill", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--child", metavar="PATH", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child is not None:
        save_for_ever(options.child)
    start = time.monotonic()
    with target_of(options.database) as target:
        tally = run(options.kills, options.seed, target)
    for loss in tally.losses:
        print(loss)
    print(
        f"{options.database}: {tally.kills} kills (seed {options.seed}), "
        f"{tally.while_opening} of them before the first confirmed save; "
        f"{tally.confirmed} saves confirmed, {len(tally.losses)} losses; {time.monotonic() - start:.0f} s"
    )
    return 1 if tally.losses else 0


if __name__ == "__main__":
    sys.exit(main())
