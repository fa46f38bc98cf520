"""What a host lets strangers do: how much, how many, how often. Never a lock on a plan: only an address waits.

Counts live in the memory of the process and are gone with it; no address is ever written down.
"""

import ipaddress
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from math import ceil
from threading import Lock
from typing import Literal

from core.sharing.errors import SlowDown

VARIABLE = "ASHORE_LIMIT_"
"""Each limit is set by a variable of this beginning: `ASHORE_LIMIT_LINKS=50`."""

ADDRESSES_MAX = 20_000
_ONES = 10**9

Act = Literal["guess", "write", "create"]


@dataclass(frozen=True)
class Limits:
    """The limits of one host.

    Attributes:
        plan_bytes: The largest household document, as it is written in the open.
        revisions: So many of a plan's newest revisions are kept; older ones go, and nothing is refused.
        links: Links of a plan that have not ended.
        pledges: Pledges of a link that wait for an answer.
        guesses_per_minute: Openings that found nothing, an address.
        writes_per_minute: Saves and pledges, an address.
        plans_per_hour: New plans, an address.
    """

    plan_bytes: int = 1_000_000
    revisions: int = 400
    links: int = 100
    pledges: int = 20
    guesses_per_minute: int = 10
    writes_per_minute: int = 60
    plans_per_hour: int = 20

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Limits":
        """Read the limits that a host has set; the others are as above.

        Raises:
            ValueError: One is no whole number above 0; the message names its variable.
        """
        values: dict[str, int] = {}
        for field in fields(cls):
            name = VARIABLE + field.name.upper()
            text = environment.get(name, "").strip()
            if text:
                if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _ONES:
                    raise ValueError(f"{name} is {text!r}; expected a whole number from 1 to {_ONES}")
                values[field.name] = int(text)
        return cls(**values)


class Gate:
    """Lets an address do so much of something in a time: a bucket of tokens that fills up again evenly."""

    def __init__(self, limits: Limits, monotonic: Callable[[], float]) -> None:
        """Take the limits, and a clock in seconds; one that goes back is taken for one that stands still."""
        self._clock = monotonic
        self._lock = Lock()
        self._rates: dict[Act, tuple[int, float]] = {
            "guess": (limits.guesses_per_minute, 60.0),
            "write": (limits.writes_per_minute, 60.0),
            "create": (limits.plans_per_hour, 3600.0),
        }
        self._buckets: OrderedDict[tuple[Act, str], tuple[float, float]] = OrderedDict()

    def check(self, act: Act, address: str) -> None:
        """See whether an address may do something now; nothing is counted.

        Raises:
            SlowDown: Not yet.
        """
        with self._lock:
            self._refuse(act, self._left(act, _network(address)))

    def spend(self, act: Act, address: str) -> None:
        """Count that an address does something.

        Raises:
            SlowDown: It may not yet; it has not been counted.
        """
        with self._lock:
            key = _network(address)
            left = self._left(act, key)
            self._refuse(act, left)
            self._put(act, key, left - 1)

    def count(self, act: Act, address: str) -> None:
        """Count something that has been done already."""
        with self._lock:
            key = _network(address)
            self._put(act, key, max(0.0, self._left(act, key) - 1))

    def _left(self, act: Act, address: str) -> float:
        most, seconds = self._rates[act]
        now = self._clock()
        left, since = self._buckets.get((act, address), (float(most), now))
        if now < since and (act, address) in self._buckets:  # the clock was set back: go on from there
            self._buckets[act, address] = (left, now)
        return min(float(most), left + max(0.0, now - since) * most / seconds)

    def _refuse(self, act: Act, left: float) -> None:
        if left < 1:
            most, seconds = self._rates[act]
            raise SlowDown(max(1, ceil((1 - left) * seconds / most)))

    def _put(self, act: Act, address: str, left: float) -> None:
        self._buckets[act, address] = (left, self._clock())
        self._buckets.move_to_end((act, address))
        while len(self._buckets) > ADDRESSES_MAX:  # those that have done nothing for longest have filled up again
            self._buckets.popitem(last=False)


def _network(address: str) -> str:
    """Take an IPv6 network of 64 bits for one address: each household has one to itself."""
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:
        return "?"
    if found.version == 4:
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped or ipaddress.ip_network((found, 64), strict=False))
