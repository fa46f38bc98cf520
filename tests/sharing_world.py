"""A book over an empty store, with clock, timers and chance in a test's hands, for the tests of sharing."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from core.household import dump_household, read_household
from core.sharing import Book, Family, Figures, Hidden, Limits, Link, Owner, Pledge, figures_of, pledge_from
from core.sharing.publishing import Publisher
from core.store import Store

SAMPLE = Path(__file__).parents[1] / "sample_data" / "family_that_helps.json"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = date(2026, 11, 24)
HERE, THERE = "192.0.2.1", "198.51.100.7"
NOTHING = Hidden(lender_names=False, amounts=False, incomes=False, names=False, notes=False)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, **by: float) -> None:
        self.now += timedelta(**by)


class Timers:
    """Calls what waits when it is told to, and sets the clock on by as long as it waited."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.waiting: list[tuple[float, Callable[[], None]]] = []

    def __call__(self, seconds: float, call: Callable[[], None]) -> None:
        self.waiting.append((seconds, call))

    def run(self) -> list[float]:
        waited: list[float] = []
        while self.waiting:
            seconds, call = self.waiting.pop(0)
            self.clock.go_on(seconds=seconds)
            waited.append(seconds)
            call()
        return waited


class World:
    """A book over an empty store, with everything that it asks of the world in the test's hands."""

    def __init__(self, place: str | Path, limits: Limits | None = None) -> None:
        self.place = place
        self.clock = Clock()
        self.timers = Timers(self.clock)
        self.store = Store.open(str(place), clock=self.clock)
        self.limits = limits or Limits(writes_per_minute=10_000)
        self.noise = random.Random(1)
        self.book = self.another_process()

    def another_process(self) -> Book:
        publisher = Publisher(self.timers)
        return Book(self.store, self.limits, clock=self.clock, randomness=self.noise.randbytes, publisher=publisher)

    def owner(self) -> Owner:
        return self.book.create(document(), HERE)

    def family(self, link: Link, visitor: str = THERE) -> Family:
        found = self.book.open(link.address.id, link.address.secret, visitor)
        assert isinstance(found, Family)
        return found

    def opened(self, owner: Owner) -> Owner:
        found = self.book.open(owner.address.id, owner.address.secret, HERE)
        assert isinstance(found, Owner)
        return found


@cache
def figures() -> Figures:
    return figures_of(read_household(SAMPLE))


@cache
def document() -> bytes:
    return dump_household(read_household(SAMPLE)).encode()


def changed(note: str) -> bytes:
    return dump_household(read_household(SAMPLE).model_copy(update={"notes": note})).encode()


def link_of(owner: Owner, name: str = "给妹妹", hidden: Hidden | None = None, **more: Any) -> Link:
    return owner.make_link(name, hidden or Hidden(), figures(), 1, **more)


def pledge(**changes: Any) -> Pledge:
    return pledge_from(**{"who": "妹妹", "kind": "once", "amount": 500_000, "made_on": DAY, **changes})
