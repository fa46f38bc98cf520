"""What one server carries: `python -m benchmarks.people [--people 10] [--seconds 60] [--every 3] [ADDRESS]`.

Simulated people, each with a household of its own, go from page to page and move whatever controls they find there.
Timed is each move, from the message sent to the end of the script's run with everything received; a page opened counts
apart. Without an address a server of its own is started; with one, that server is visited.
"""

import argparse
import asyncio
import json
import math
import os
import platform
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState

from app import HOME, PAGES
from benchmarks.serving import cpu_seconds, free_port, memory_mb, start, wait_for
from benchmarks.visitor import Answer, Broken, Interrupted, Shown, Visitor, settled, state_of
from pages.shared import session
from pages.shared.words import words_in

MEDIAN_SECONDS_MAX = 0.3
SECONDS_A_MOVE = 3.0
MOVES_A_PAGE = 3
ADDRESSES = [entry.address for entry in (HOME, *PAGES)]
_CONTROLS = ("slider", "selectbox", "radio", "checkbox", "button_group")
# Not moved: what every page has at its head, and what only shows another part of the household's own page.
_LEFT_ALONE = ("privacy.", "session.language", "files.", "upload.")
_CASH = "money_cash_"
_LIVE = "ashore_live"


@dataclass
class Log:
    """What was measured.

    Attributes:
        moves, pages: Seconds by page: of controls moved, of the page opened.
        controls: The keys of what was moved, by page.
        sizes: Bytes that came for each move.
        returns: Seconds until a page was there again after a connection was lost.
        interrupted: How often a connection was lost while a page was on its way.
        errors: What went wrong, in words.
        cpu_seconds, memory_mb: What the server's process has used meanwhile, and the most memory it had; None where
            that is not known.
    """

    moves: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    pages: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    controls: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    sizes: list[int] = field(default_factory=list)
    returns: list[float] = field(default_factory=list)
    interrupted: int = 0
    errors: list[str] = field(default_factory=list)
    cpu_seconds: float | None = None
    memory_mb: int | None = None

    def in_short(self) -> dict[str, Any]:
        """Give all of it in figures."""
        moved = [seconds for times in self.moves.values() for seconds in times]
        opened = [seconds for times in self.pages.values() for seconds in times]
        return {
            "moves": in_short(moved),
            "moves_by_page": {page: in_short(times) for page, times in sorted(self.moves.items())},
            "pages": in_short(opened),
            "pages_by_page": {page: in_short(times) for page, times in sorted(self.pages.items())},
            "controls_by_page": {page: sorted(keys) for page, keys in sorted(self.controls.items())},
            "bytes_a_move": round(statistics.mean(self.sizes)) if self.sizes else 0,
            "returns": in_short(self.returns),
            "interrupted": self.interrupted,
            "cpu_ms_a_run": self._cpu_ms(len(moved) + len(opened)),
            "memory_mb": self.memory_mb,
            "errors": self.errors,
        }

    def _cpu_ms(self, runs: int) -> float | None:
        return None if self.cpu_seconds is None or not runs else round(1000 * self.cpu_seconds / runs, 1)


def in_short(times: Sequence[float]) -> dict[str, float]:
    """Give count, median, 95th percentile and the worst, in milliseconds."""
    if not times:
        return {"count": 0}
    ordered = sorted(times)
    at_95 = ordered[math.ceil(0.95 * len(ordered)) - 1]
    parts = {"median_ms": statistics.median(ordered), "p95_ms": at_95, "worst_ms": ordered[-1]}
    return {"count": len(ordered), **{name: round(1000 * value, 1) for name, value in parts.items()}}


class Person:
    """Somebody with a household who tries things out."""

    def __init__(self, number: int, address: str, log: Log, every: float) -> None:
        """Be the person of a number; the same number always does the same."""
        self.visitor = Visitor(address)
        self.number = number
        self.log = log
        self.every = every
        self.chance = random.Random(number)
        self.page = ADDRESSES[number % len(ADDRESSES)]
        self._moves_left = 0

    async def arrive(self) -> None:
        """Open the app; nothing is opened in it yet."""
        await self.visitor.connect()
        await self.visitor.ask()

    async def open_household(self) -> None:
        """Open an example, and make it this person's own: nobody else's answers are worked out from the same plan."""
        names = session.samples()
        key = f"sample.{names[self.number % len(names)]}"
        sample = self.visitor.find(key, "button")
        if sample is None:
            await self.show_section("files")
            sample = self.visitor.find(key, "button")
        if sample is None:
            raise Broken("no example to open")
        await self.visitor.press(sample)
        await self.save(1000 + self.number)
        await self.visitor.go("")
        await settled(self.visitor)

    async def open_again(self) -> None:
        """Open the household in a new session; at home another copy, since a new session opens what was opened last."""
        await self.open_household()

    async def save(self, cash: int) -> Answer:
        """Save a change that can be told from all others: so many yuan of cash.

        Raises:
            Broken: It has not been confirmed.
        """
        typed = await self._cash_field()
        answer = await self.visitor.ask(state_of(typed.proto, str(cash)), fragment=typed.fragment)
        blocks = [one.key for one in self.visitor.of_kind("block")]
        if not any(key.startswith("notice_") for key in blocks):
            raise Broken("a save that was not confirmed")
        wrong = {"saved_failure", "saved_conflict"}.intersection(blocks)
        if wrong:
            raise Broken(f"a save that failed: {wrong}")
        return answer

    async def cash(self) -> int:
        """Read how many yuan of cash the household has."""
        typed = await self._cash_field()
        return int(self.visitor.state(typed).string_value.partition(".")[0].replace(",", "") or 0)

    async def _cash_field(self) -> Shown:
        await self.show_section("money")
        typed = self.visitor.find(_CASH, "text_input")
        if typed is None:
            raise Broken("no field for cash")
        return typed

    async def show_section(self, section: str) -> None:
        """Go to a section of the household's own page."""
        await self.visitor.go("household")
        chooser = self.visitor.find("household.section", "button_group")
        if chooser is None:
            raise Broken("no sections on the household's page")
        chosen = words_in("zh")(f"household_page.{section}")
        await self.visitor.ask(state_of(chooser.proto, [chosen]), fragment=chooser.fragment)

    async def live(self, until: float) -> None:
        """Go on moving controls until a time of the event loop; a broken connection is taken up again."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self.chance.uniform(0, self.every))
        while loop.time() < until:
            began = loop.time()
            try:
                if self.visitor.lost.is_set():
                    await self._come_back()
                await self.step()
            except Interrupted:
                self.log.interrupted += 1
            except Broken as error:
                self.log.errors.append(f"person {self.number}, {self.page}: {error}")
            with suppress(TimeoutError):  # a browser notices at once when its connection is gone
                await asyncio.wait_for(self.visitor.lost.wait(), max(0.0, began + self.every - loop.time()))

    async def _come_back(self) -> None:
        session, began = self.visitor.session, time.perf_counter()
        await self.visitor.come_back()
        if self.visitor.session != session:
            await self.open_again()
        self.log.returns.append(time.perf_counter() - began)

    async def step(self) -> None:
        """Move a control of this page, or go to the next one."""
        controls = list(self._controls()) if self._moves_left > 0 else []
        if not controls:
            await self._next_page()
            controls = list(self._controls())
            if not controls:
                return
        control = self.chance.choice(controls)
        answer = await self.visitor.ask(self._moved(control), fragment=control.fragment)
        self._moves_left -= 1
        self.log.moves[self.page].append(answer.seconds)
        self.log.controls[self.page].add(control.key.partition(".s")[0])
        self.log.sizes.append(answer.size)

    async def _next_page(self) -> None:
        self.page = ADDRESSES[(ADDRESSES.index(self.page) + 1) % len(ADDRESSES)]
        self._moves_left = MOVES_A_PAGE
        answer = await self.visitor.go("" if self.page == HOME.address else self.page)
        self.log.pages[self.page].append(answer.seconds)

    def _controls(self) -> Iterable[Shown]:
        for one in self.visitor.of_kind(*_CONTROLS):
            if getattr(one.proto, "disabled", False) is True or one.key.startswith(_LEFT_ALONE):
                continue
            if one.kind in ("selectbox", "radio", "button_group") and len(one.proto.options) < 2:
                continue
            if one.kind == "slider" and one.proto.min >= one.proto.max:
                continue
            yield one
        yield from (one for one in self.visitor.of_kind("bidi_component") if one.proto.component_name == _LIVE)

    def _moved(self, control: Shown) -> WidgetState:
        proto = control.proto
        if control.kind == "bidi_component":  # the finger lifts from the slider that answers by itself
            budgets = json.loads(proto.json or proto.mixed.json)["budgets"]
            return WidgetState(id=proto.id, json_value=json.dumps({"budget": self.chance.choice(budgets)}))
        stands = self.visitor.state(control)
        if control.kind == "checkbox":
            return state_of(proto, not stands.bool_value)
        if control.kind == "slider" and proto.type != proto.SELECT_SLIDER:
            steps = max(1, round((proto.max - proto.min) / (proto.step or 1)))
            places = [proto.min + (proto.step or 1) * self.chance.randint(0, steps) for _ in proto.default]
            return state_of(proto, sorted(min(float(place), proto.max) for place in places))
        if control.kind in ("selectbox", "radio"):
            return state_of(proto, self.chance.choice([one for one in proto.options if one != stands.string_value]))
        before = list(stands.string_array_value.data)
        options = [one if isinstance(one, str) else one.content for one in proto.options]
        return state_of(proto, [self.chance.choice([one for one in options if one not in before] or options)])


async def visit(address: str, people: int, seconds: float, every: float, process: int | None = None) -> Log:
    """Let people use the app at an address for a while; what makes a server warm is not counted.

    Args:
        address: Where the app is.
        people: How many.
        seconds: For how long.
        every: Seconds between two moves of a person.
        process: The server's process id, where it is one of our own.
    """
    first = Person(0, address, Log(), every)
    await first.arrive()
    await first.open_household()
    for page in first.visitor.pages:
        await first.visitor.go(page)
    log = Log()
    everybody = [Person(number, address, log, every) for number in range(people)]
    for person in everybody:
        await person.arrive()
        await person.open_household()
    used = None if process is None else cpu_seconds(process)
    until = asyncio.get_running_loop().time() + seconds
    await asyncio.gather(*(person.live(until) for person in everybody))
    if process is not None and used is not None:
        log.cpu_seconds, log.memory_mb = (cpu_seconds(process) or used) - used, memory_mb(process)
    for person in (first, *everybody):
        await person.visitor.close()
    return log


def measure(people: int, seconds: float, every: float, address: str | None = None) -> dict[str, Any]:
    """Measure one server process under some people."""
    if address is not None:
        return asyncio.run(visit(address, people, seconds, every)).in_short()
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        process = start("app.py", port, ASHORE_DATA_DIR=folder)
        try:
            own = f"http://localhost:{port}"
            wait_for(f"{own}/_stcore/health")
            return asyncio.run(visit(own, people, seconds, every, process.pid)).in_short()
        finally:
            process.terminate()
            process.wait(20)


def told(result: dict[str, Any]) -> str:
    """Put what was measured into lines."""

    def line(name: str, figures: dict[str, float]) -> str:
        if not figures["count"]:
            return f"{name}: nothing"
        return (
            f"{name}: median {figures['median_ms']} ms, p95 {figures['p95_ms']} ms, "
            f"worst {figures['worst_ms']} ms ({figures['count']:.0f})"
        )

    lines = [line("controls moved", result["moves"])]
    lines += [line(f"  {page}", figures) for page, figures in result["moves_by_page"].items()]
    lines += [line("pages opened", result["pages"])]
    lines += [line(f"  {page}", figures) for page, figures in result["pages_by_page"].items()]
    if result["returns"]["count"] or result["interrupted"]:
        lines += [line(f"back after {result['interrupted']} interruptions", result["returns"])]
    if result["cpu_ms_a_run"] is not None:
        lines += [f"server: {result['cpu_ms_a_run']} ms of processor time a run, {result['memory_mb']} MB at most"]
    lines += [f"{result['bytes_a_move']} bytes a move; {len(result['errors'])} errors", *result["errors"][:20]]
    return "\n".join(lines)


def report(people: int, seconds: float, every: float, address: str | None = None, *, as_json: bool) -> None:
    """Measure and print."""
    result = measure(people, seconds, every, address)
    if as_json:
        print(json.dumps({"machine": platform.platform(), "load": os.getloadavg(), **result}, indent=2))
        return
    print(f"{people} people for {seconds:.0f} s; at most {1000 * MEDIAN_SECONDS_MAX:.0f} ms in the median")
    print(told(result))


def main() -> None:
    """Run the command."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("address", nargs="?", help="a server that runs already; else one is started")
    reader.add_argument("--people", type=int, default=10)
    reader.add_argument("--seconds", type=float, default=60)
    reader.add_argument("--every", type=float, default=SECONDS_A_MOVE, help="seconds between a person's moves")
    reader.add_argument("--json", action="store_true")
    given = reader.parse_args()
    report(given.people, given.seconds, given.every, given.address, as_json=given.json)


if __name__ == "__main__":
    main()
