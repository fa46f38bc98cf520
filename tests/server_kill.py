"""Kill a hosted server while people save, and look for what their screens had confirmed: `python -m tests.server_kill`.

Visitors come through the page itself, by the protocol that a browser speaks: each makes a plan of its own by changing
an example, then saves numbered changes as fast as it can. A save counts as confirmed once the page has come back with
its notice and without a complaint. The server is killed with -9 at a random moment and started again on the same
database; then the store is opened and looked through, each plan is opened by the link that its visitor's tab kept, and
the visitors go on in the page that they had. Every few kills a new database begins.
"""

import argparse
import asyncio
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from websockets.exceptions import WebSocketException

from benchmarks.people import Log, Person
from benchmarks.serving import free_port, settings, start, wait_for
from benchmarks.visitor import Broken
from core.household import parse_household
from core.sharing import Book, Owner, SharingError, read_secret
from core.store import Store, StoreError
from tests import loops

KILLS_A_STORE = 20
PEOPLE = 3
SAVING_SECONDS = 1.5
"""A kill comes within so many seconds of the moment from which all save."""
_FEN_IN_A_YUAN = 100
_LIMITS = {f"ASHORE_LIMIT_{name}": "1000000" for name in ("WRITES_PER_MINUTE", "PLANS_PER_HOUR", "GUESSES_PER_MINUTE")}


class Tally(NamedTuple):
    """What a run came to."""

    kills: int
    confirmed: int
    losses: list[str]


class Saver(Person):
    """Somebody who saves numbers, and knows which one the page has confirmed last."""

    def __init__(self, number: int, address: str) -> None:
        """Be the person of a number."""
        super().__init__(number, address, Log(), 0.0)
        self.confirmed = self.tried = 0
        self.count = 0

    async def begin(self) -> None:
        """Come, or come back by the link of the tab, as a page does whose server was away."""
        if self.visitor.session:
            await self.visitor.come_back()
        else:
            await self.arrive()
        if self.visitor.link is None:
            await self.open_example()

    async def open_example(self) -> None:
        """Open an example; the first number that is saved makes a plan of it."""
        sample = self.visitor.find("sample.", "button")
        if sample is not None:  # else it is open already
            await self.visitor.press(sample)

    async def save_for_ever(self) -> None:
        """Save the next number, and the next, until the connection breaks."""
        while True:
            self.tried += 1
            await self.save(self.tried)
            self.confirmed = self.tried
            self.count += 1

    def losses(self, book: Book) -> list[str]:
        """Look whether the plan of the tab's link holds what was confirmed last, or what was tried since."""
        link = self.visitor.link
        if link is None:
            return [f"person {self.number}: confirmed {self.confirmed} without a link"] if self.confirmed else []
        try:
            owner = book.open(link["plan"], read_secret(link["secret"]), "")
            if not isinstance(owner, Owner):
                return [f"person {self.number}: the link opens no plan"]
            held: list[int] = []
            for info in owner.history():
                document = parse_household(owner.revision(info.number).document)
                held.append(document.plan.household.cash // _FEN_IN_A_YUAN)
        except (SharingError, StoreError, ValueError) as error:
            return [f"person {self.number}: {error}"]
        if self.confirmed and not self.confirmed <= held[0] <= self.tried:
            return [f"person {self.number}: {held[0]} is there, {self.confirmed} was confirmed, {self.tried} tried"]
        return []


async def use_until_killed(everybody: list[Saver], process: subprocess.Popen[bytes], wait: float) -> list[str]:
    """Let everybody save, and kill the server after so many seconds; what went wrong before that."""
    wrong: list[str] = []

    async def live(person: Saver) -> None:
        try:
            await person.begin()
            await person.save_for_ever()
        except (Broken, OSError, WebSocketException) as error:
            if process.poll() is None and not killed.is_set():
                wrong.append(f"person {person.number}, before the kill: {error}")

    killed = asyncio.Event()
    tasks = [asyncio.create_task(live(person)) for person in everybody]
    counts = [person.count for person in everybody]
    give_up = time.monotonic() + 30
    while [person.count for person in everybody] == counts and time.monotonic() < give_up and not wrong:
        await asyncio.sleep(0.01)
    await asyncio.sleep(wait)
    killed.set()
    process.send_signal(signal.SIGKILL)
    process.wait(20)
    await asyncio.gather(*tasks)
    for person in everybody:
        with suppress(Exception):  # a connection that is gone cannot be closed in good order
            await person.visitor.close()
    return wrong


def faults(database: Path) -> list[str]:
    """Say what the database itself finds wrong."""
    with closing(sqlite3.connect(database)) as connection:
        verdict = connection.execute("PRAGMA integrity_check").fetchall()
    return [] if verdict == [("ok",)] else [f"integrity_check: {verdict}"]


def losses_in(database: Path, everybody: list[Saver]) -> list[str]:
    """Look for what is wrong with a database after a kill; nobody else has it open."""
    found: list[str] = []
    with Store.open(database) as store:
        book = Book(store)
        for person in everybody:
            found += person.losses(book)
        for info in store.documents():
            numbers = [one.number for one in store.history(info.id)]
            if numbers != list(range(info.number, info.number - len(numbers), -1)):
                found.append(f"the newest revisions are {numbers}")
            for number in numbers:
                store.revision(info.id, number)  # raises where it is not whole
    return [*found, *faults(database)]


async def _run(kills: int, rng: random.Random, folder: Path) -> Tally:
    # What a visitor still waited for when the connection broke is nobody's to fetch.
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    losses: list[str] = []
    confirmed, port = 0, free_port()
    address = f"http://localhost:{port}"
    everybody: list[Saver] = []
    place = folder
    for kill in range(kills):
        if kill % KILLS_A_STORE == 0:
            confirmed += sum(person.count for person in everybody)
            place = folder / f"store-{kill}"
            everybody = [Saver(number, address) for number in range(PEOPLE)]
        own = {**settings(address), **_LIMITS, "ASHORE_DATA_DIR": str(place)}
        process = start("app.py", port, **own)
        try:
            await asyncio.to_thread(wait_for, f"{address}/_stcore/health")
            wait = rng.uniform(0, SAVING_SECONDS)
            losses += [f"kill {kill}: {one}" for one in await use_until_killed(everybody, process, wait)]
        finally:
            process.kill()
            process.wait(20)
        losses += [f"kill {kill}: {one}" for one in losses_in(place / "ashore.db", everybody)]
    return Tally(kills, confirmed + sum(person.count for person in everybody), losses)


def run(kills: int, seed: int) -> Tally:
    """Kill so many times.

    Args:
        kills: How often.
        seed: Of the moments.
    """
    with tempfile.TemporaryDirectory(prefix="ashore-kill-") as name:
        return loops.run(_run(kills, random.Random(seed), Path(name)))


def main() -> int:
    """Run from the command line; 1 where anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.server_kill", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    began = time.monotonic()
    tally = run(options.kills, options.seed)
    for loss in tally.losses:
        print(loss)
    print(
        f"{tally.kills} kills (seed {options.seed}), {tally.confirmed} saves confirmed on the page, "
        f"{len(tally.losses)} losses; {time.monotonic() - began:.0f} s"
    )
    return 1 if tally.losses else 0


if __name__ == "__main__":
    sys.exit(main())
