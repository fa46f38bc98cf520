"""Limits are set by the host, count by address and never for ever; links are brought up to date, the newest always."""

import re
from pathlib import Path

import pytest

from core.sharing import limits
from core.sharing.errors import NotFound, SlowDown
from core.sharing.limits import Gate, Limits
from core.sharing.publishing import Publisher


class Seconds:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def gate(clock: Seconds) -> Gate:
    return Gate(Limits(guesses_per_minute=3, writes_per_minute=2), clock)


def refused(gate: Gate, address: str, act: limits.Act = "guess") -> int:
    try:
        gate.check(act, address)
    except SlowDown as error:
        return error.seconds
    return 0


class TestGate:
    def test_an_address_waits_after_so_many_and_then_goes_on(self, gate: Gate, clock: Seconds) -> None:
        for _ in range(3):
            assert refused(gate, "192.0.2.1") == 0
            gate.count("guess", "192.0.2.1")
        assert refused(gate, "192.0.2.1") == 20
        clock.now += 20
        assert refused(gate, "192.0.2.1") == 0
        gate.count("guess", "192.0.2.1")
        assert refused(gate, "192.0.2.1") == 20
        clock.now += 3600
        for _ in range(3):
            gate.spend("guess", "192.0.2.1")
        with pytest.raises(SlowDown):
            gate.spend("guess", "192.0.2.1")

    def test_nobody_else_waits_and_nothing_else(self, gate: Gate) -> None:
        for _ in range(9):
            gate.count("guess", "192.0.2.1")
        assert refused(gate, "192.0.2.1")
        assert refused(gate, "192.0.2.2") == 0
        assert refused(gate, "192.0.2.1", "write") == 0

    def test_however_often_one_guesses_the_wait_stays_short(self, gate: Gate) -> None:
        for _ in range(10_000):
            gate.count("guess", "192.0.2.1")
        assert refused(gate, "192.0.2.1") == 20

    def test_a_clock_set_back_stops_nobody_for_long(self, gate: Gate, clock: Seconds) -> None:
        for _ in range(3):
            gate.count("guess", "192.0.2.1")
        clock.now -= 1_000_000
        assert refused(gate, "192.0.2.1") == 20
        clock.now += 20
        assert refused(gate, "192.0.2.1") == 0

    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            ("2001:db8::1", "2001:db8::ffff:1", True),
            ("2001:db8::1", "2001:db8:0:1::1", False),
            ("::ffff:192.0.2.1", "192.0.2.1", True),
            ("192.0.2.1", "192.0.2.2", False),
            (" 192.0.2.1 ", "192.0.2.1", True),
            ("", "nonsense", True),
        ],
    )
    def test_a_network_of_one_household_is_one_address(self, gate: Gate, one: str, other: str, same: bool) -> None:
        for _ in range(3):
            gate.count("guess", one)
        assert bool(refused(gate, other)) == same

    def test_memory_has_a_bound(self, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "ADDRESSES_MAX", 10)
        for last in range(200):
            gate.count("guess", f"192.0.2.{last}")
        assert len(gate._buckets) == 10


class TestLimits:
    def test_a_host_sets_what_it_wants(self) -> None:
        found = Limits.from_environment({"ASHORE_LIMIT_LINKS": "7", "ASHORE_LIMIT_PLAN_BYTES": " ", "OTHER": "x"})
        assert found == Limits(links=7)

    @pytest.mark.parametrize("text", ["0", "-5", "1.5", "many", "1e3", "９", "1_000", "99999999999"])
    def test_a_limit_that_is_no_number_is_named(self, text: str) -> None:
        with pytest.raises(ValueError, match="ASHORE_LIMIT_LINKS"):
            Limits.from_environment({"ASHORE_LIMIT_LINKS": text})

    def test_every_limit_is_in_the_documentation(self) -> None:
        text = (Path(__file__).parents[2] / "docs" / "sharing.md").read_text(encoding="utf-8")
        told = {name.lower(): int(value) for name, value in re.findall(r"`ASHORE_LIMIT_([A-Z_]+)` \| (\d+)", text)}
        assert told == Limits().__dict__


class Timers:
    """Collects what is to be called later."""

    def __init__(self) -> None:
        self.waiting: list[tuple[float, object]] = []

    def __call__(self, seconds: float, call: object) -> None:
        self.waiting.append((seconds, call))

    def run(self) -> float:
        seconds, call = self.waiting.pop(0)
        call()  # type: ignore[operator]
        return seconds


class TestPublisher:
    def test_it_is_made_at_once_and_then_no_more(self) -> None:
        timers, made = Timers(), []
        Publisher(timers).offer("plan", lambda: made.append(1) or 0.0)
        assert made == []
        assert timers.run() == 0.0
        assert made == [1]
        assert timers.waiting == []

    def test_while_links_rest_only_the_newest_waits(self) -> None:
        timers, made = Timers(), []
        publisher = Publisher(timers)
        rests = iter([5.0, 0.0])
        publisher.offer("plan", lambda: made.append("first") or next(rests))
        timers.run()
        publisher.offer("plan", lambda: made.append("second") or 0.0)
        publisher.offer("plan", lambda: made.append("third") or next(rests))
        assert len(timers.waiting) == 1
        assert timers.run() == 5.0
        assert made == ["first", "third"]
        assert timers.waiting == []

    def test_one_that_came_while_another_was_made_is_not_lost(self) -> None:
        timers, made = Timers(), []
        publisher = Publisher(timers)

        def first() -> float:
            publisher.offer("plan", lambda: made.append("newer") or 0.0)
            return 5.0

        publisher.offer("plan", first)
        while timers.waiting:
            timers.run()
        assert made == ["newer"]

    def test_plans_do_not_wait_for_each_other(self) -> None:
        timers, made = Timers(), []
        publisher = Publisher(timers)
        publisher.offer("one", lambda: made.append("one") or 0.0)
        publisher.offer("other", lambda: made.append("other") or 0.0)
        timers.run()
        timers.run()
        assert made == ["one", "other"]

    def test_what_fails_is_tried_again_but_not_for_ever(self) -> None:
        timers, tried = Timers(), []

        def failing() -> float:
            tried.append(1)
            raise NotFound

        Publisher(timers).offer("plan", failing)
        while timers.waiting:
            timers.run()
        assert 2 <= len(tried) <= 20

    def test_what_is_forgotten_is_not_made(self) -> None:
        timers, made = Timers(), []
        publisher = Publisher(timers)
        publisher.offer("plan", lambda: made.append(1) or 0.0)
        publisher.forget("plan")
        timers.run()
        assert made == []
