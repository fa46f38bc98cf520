"""Kill a process that saves, again and again, and look for what it had confirmed: `python -m tests.store_kill`.

A child opens a store and saves numbered documents as fast as it can; after each save it reports the number. The parent
kills it at a random moment, from its first opening on, opens the store itself, and checks: what was reported is there,
every revision is whole, none is missing between them, the database is sound. Every few kills a new store begins, so
that its making is hit as well.
"""

import argparse
import contextlib
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from core.store import DocumentId, Store

KILLS_A_STORE = 10
OPENING_SECONDS = 0.6
"""A kill during the opening comes within so many seconds of the child's start."""
SAVING_SECONDS = 0.15
"""Any other kill comes within so many seconds of the first confirmed save."""
REPORT_BYTES = 8


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


def save_for_ever(path: str) -> None:
    """Be the child: go on from what is there, and report each number once its save has returned."""
    store = Store.open(path)
    document_id = store.default_document()
    if document_id is None:
        document_id = store.create(document_of(1))
    revision = store.latest(document_id)
    while True:
        os.write(sys.stdout.fileno(), f"{revision.number:>{REPORT_BYTES}}".encode())
        revision = store.save(document_id, document_of(revision.number + 1), revision.number)


def kill_once(path: Path, rng: random.Random) -> int | None:
    """Start a child, kill it, and give the last number that it reported; None where it came to none."""
    command = [sys.executable, "-m", "tests.store_kill", "--child", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        reports = b""
        if rng.random() < 1 / 3:
            time.sleep(rng.uniform(0, OPENING_SECONDS))
        else:
            reports = child.stdout.read(REPORT_BYTES)
            time.sleep(rng.uniform(0, SAVING_SECONDS))
        if child.poll() is not None:
            raise RuntimeError(f"the child ended by itself with {child.returncode}")
        child.kill()
        reports += child.stdout.read()
    whole = len(reports) // REPORT_BYTES * REPORT_BYTES
    return int(reports[whole - REPORT_BYTES : whole]) if whole else None


def losses_in(path: Path, confirmed: int) -> list[str]:
    """Look for what is wrong with a store after a kill.

    Args:
        path: Its file; nobody else has it open.
        confirmed: The last number that was reported; 0 if none ever was.
    """
    found: list[str] = []
    with Store.open(path) as store:
        documents = store.documents()
        if len(documents) != (1 if confirmed else len(documents[:1])):
            found.append(f"{len(documents)} documents")
        for info in documents:
            found += _losses_of(store, info.id, confirmed)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        verdict = connection.execute("PRAGMA integrity_check").fetchall()
    return found if verdict == [("ok",)] else [*found, f"integrity_check: {verdict}"]


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


def run(kills: int, seed: int, folder: Path) -> Tally:
    """Kill so many times and count what was lost.

    Args:
        kills: How often.
        seed: Decides the moments, as far as a moment can be decided.
        folder: An empty folder for the stores.
    """
    rng = random.Random(seed)
    confirmed = total = while_opening = 0
    losses: list[str] = []
    path = folder
    for kill in range(kills):
        if kill % KILLS_A_STORE == 0:
            path, confirmed = folder / f"store-{kill}" / "ashore.db", 0
        reported = kill_once(path, rng)
        while_opening += reported is None
        total += max((reported or 0) - confirmed, 0)
        confirmed = max(reported or 0, confirmed)
        losses += [f"kill {kill}: {loss}" for loss in losses_in(path, confirmed)]
        with Store.open(path) as store:
            # An unreported save may have reached the disk; from here on it counts.
            confirmed = max([confirmed, *(info.number for info in store.documents())])
    return Tally(kills, while_opening, total, losses)


def main() -> int:
    """Run from the command line; 1 where anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.store_kill", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--child", metavar="PATH", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child is not None:
        save_for_ever(options.child)
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        tally = run(options.kills, options.seed, Path(folder))
    for loss in tally.losses:
        print(loss)
    print(
        f"{tally.kills} kills (seed {options.seed}), {tally.while_opening} of them before the first confirmed save; "
        f"{tally.confirmed} saves confirmed, {len(tally.losses)} losses; {time.monotonic() - start:.0f} s"
    )
    return 1 if tally.losses else 0


if __name__ == "__main__":
    sys.exit(main())
