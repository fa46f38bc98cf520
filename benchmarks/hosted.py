"""Many households on two replicas, one of which dies: `python -m benchmarks.hosted [--people 30] [--seconds 60]`.

Two server processes behind nginx, with the configuration of `hosting/`, on one throw-away PostgreSQL that writes to its
disk what it confirms. People move controls and now and then save a change that can be told from all others; in the
middle one process is ended with -9 and stays away. At the end every change whose saving was confirmed must be there.
"""

import argparse
import asyncio
import json
import os
import platform
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import people
from benchmarks.people import Log, Person, told
from benchmarks.serving import free_port, proxied, settings, start, wait_for
from benchmarks.visitor import Broken, Visitor, settled
from core.household import parse_household
from core.store import Store
from tests.databases import running_cluster

MOVES_A_SAVE = 3
_FEN_IN_A_YUAN = 100
_NUMBERS_A_PERSON = 1000
# One address stands for many here.
_LIMITS = {f"ASHORE_LIMIT_{name}": "1000000" for name in ("WRITES_PER_MINUTE", "PLANS_PER_HOUR", "GUESSES_PER_MINUTE")}


class Saver(Person):
    """Somebody who saves numbered changes in between, and knows which were confirmed."""

    def __init__(self, number: int, address: str, log: Log, every: float, *, hosted: bool) -> None:
        """Be the person of a number."""
        super().__init__(number, address, log, every)
        self.hosted = hosted
        self.confirmed: list[int] = []
        self.tried = 0
        self._steps = 0

    async def step(self) -> None:
        """Move a control; each third time save a change instead."""
        self._steps += 1
        if self._steps % MOVES_A_SAVE:
            await super().step()
            return
        self._moves_left = 0  # this is another page now: the next move begins by going on to the next one
        self.tried = _NUMBERS_A_PERSON * (self.number + 1) + self._steps
        answer = await self.save(self.tried)
        self.confirmed.append(self.tried)
        self.log.moves["household, saved"].append(answer.seconds)

    async def open_again(self) -> None:
        """Open the household in a new session; a hosted one comes by the link that the tab keeps."""
        if not self.hosted:
            await super().open_again()


def missing_from_store(everybody: list[Saver], database: str) -> list[int]:
    """Look in the store itself for all that was confirmed; what lies there is readable at home only."""
    found: set[int] = set()
    with Store.open(database) as store:
        for info in store.documents():
            for revision in store.history(info.id, limit=_NUMBERS_A_PERSON):
                document = parse_household(store.revision(info.id, revision.number).document)
                found.add(document.plan.household.cash // _FEN_IN_A_YUAN)
    return [cash for person in everybody for cash in person.confirmed if cash not in found]


async def missing_by_link(everybody: list[Saver]) -> list[int]:
    """Open each household anew by its link, and see whether it is as it was confirmed last, or tried since."""
    missing: list[int] = []
    for person in everybody:
        if not person.confirmed:
            continue
        anew = Person(person.number, person.visitor.address, Log(), person.every)
        anew.visitor = Visitor(person.visitor.address)
        anew.visitor.link = person.visitor.link
        try:
            await anew.arrive()
            await settled(anew.visitor)
            if not person.confirmed[-1] <= await anew.cash() <= person.tried:
                missing.append(person.confirmed[-1])
        except Broken:
            missing.append(person.confirmed[-1])
        await anew.visitor.close()
    return missing


async def use(
    address: str, killed: subprocess.Popen[bytes], database: str, given: argparse.Namespace
) -> tuple[Log, list[Saver], list[int]]:
    """Let people use the replicas, end one of them in the middle, and look for what was confirmed."""
    log, hosted = Log(), given.mode == "hosted"
    everybody = [Saver(number, address, log, given.every, hosted=hosted) for number in range(given.people)]
    for person in everybody:
        await person.arrive()
        await person.open_household()
    until = asyncio.get_running_loop().time() + given.seconds

    async def kill() -> None:
        await asyncio.sleep(given.seconds / 2)
        killed.send_signal(signal.SIGKILL)

    await asyncio.gather(kill(), *(person.live(until) for person in everybody))
    if hosted:
        missing = await missing_by_link(everybody)
    else:
        missing = await asyncio.to_thread(missing_from_store, everybody, database)
    for person in everybody:
        await person.visitor.close()
    return log, everybody, missing


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """Start everything, measure, and leave nothing behind."""
    with running_cluster(is_safe=True) as cluster, tempfile.TemporaryDirectory(dir="/tmp") as name:
        database, folder, front = cluster.new_database(), Path(name), free_port()
        own = {"ASHORE_DATABASE_URL": database, "ASHORE_DATA_DIR": name}
        if given.mode == "hosted":
            own |= {**settings(f"http://localhost:{front}"), **_LIMITS, "ASHORE_DATABASE_URL": database}
        ports = (free_port(), free_port())
        replicas = [start("app.py", port, **own) for port in ports]
        try:
            for port in ports:
                wait_for(f"http://localhost:{port}/_stcore/health")
            with proxied(folder, front, ports, hosted=given.mode == "hosted") as address:
                log, everybody, missing = asyncio.run(use(address, replicas[0], database, given))
        finally:
            for process in replicas:
                process.kill()
                process.wait(20)
    confirmed = sum(len(person.confirmed) for person in everybody)
    return {**log.in_short(), "confirmed": confirmed, "missing": missing}


def main() -> None:
    """Run the command."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--people", type=int, default=30)
    reader.add_argument("--seconds", type=float, default=60)
    reader.add_argument("--every", type=float, default=people.SECONDS_A_MOVE, help="seconds between a person's moves")
    reader.add_argument("--mode", choices=("hosted", "home"), default="hosted")
    reader.add_argument("--json", action="store_true")
    given = reader.parse_args()
    result = measure(given)
    if given.json:
        print(json.dumps({"machine": platform.platform(), "load": os.getloadavg(), **result}, indent=2))
    else:
        print(
            f"{given.people} people on two replicas for {given.seconds:.0f} s, one killed in the middle ({given.mode})"
        )
        print(told(result))
        print(f"{result['confirmed']} changes confirmed, {len(result['missing'])} lost")
    if result["missing"] or result["errors"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
