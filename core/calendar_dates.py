"""The dates that matter to debts that are late, or will be: grace, 90 days, the whole falling due, limitation.

Of a bill that is open today they all stand, as days by which to catch up. Of one that the way leaves open later, those
stand that it does not prevent. A debt that is kept up to date has none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

import numpy as np

from core.aftermath import Known
from core.consequences import Event, consequences
from core.engine import layout as c
from core.engine.lower import Ints
from core.plan import CardDebt, InstalmentDebt, Plan
from core.simulate import Scenario, simulate_days

KEYS = ("grace_ends", "month_end", "risk_class", "record_code", "whole_due", "limitation")
"""Which events of `core.consequences` a calendar shows; of the two about 90 days, the first one that applies."""

_NINETY = 91  # the first day of more than 90


@dataclass(frozen=True)
class Dated:
    """A date that matters: what happens to a debt, and the due date of the bill that is open."""

    debt: str
    missed: date
    event: Event


def dates_that_matter(plan: Plan, strategy: str, known: Mapping[str, Known], last: date) -> tuple[Dated, ...]:
    """List them, for the days after `plan.start`.

    Args:
        plan: Not modified.
        strategy: The way that is followed; it must have an answer.
        known: What is known of debts besides their terms, by id.
        last: How far; the limitation of a bill that is open today is listed beyond it too.

    Returns:
        In the plan's order, then by date.
    """
    count = (last - plan.start).days
    days = [plan.start + timedelta(k) for k in range(count + 1)]
    longer = plan.model_copy(update={"horizon_months": max(plan.horizon_months, count // 28 + 1)})
    stopped, way = simulate_days([Scenario(longer, "stop"), Scenario(longer, strategy)], days)
    found: list[Dated] = []
    for place, debt in enumerate(plan.debts):
        preset = known.get(debt.id, Known()).preset
        missed = _first_missed(stopped.details, place, days) if stopped.error is None else None
        if missed is not None and missed <= plan.start:
            events = _chosen(debt, preset, missed, plan.start)
            found += [
                Dated(debt.id, missed, event)
                for event in events
                if plan.start < event.date and (event.date <= last or event.key == "limitation")
            ]
            continue
        missed = _first_missed(way.details, place, days)
        if missed is not None:
            late = cast(Ints, way.details)[:, place, c.F_DAYS]
            found += [
                Dated(debt.id, missed, event)
                for event in _chosen(debt, preset, missed, plan.start)
                if plan.start < event.date <= last and _still_open(late, event.date, missed, plan.start)
            ]
    return tuple(found)


def _first_missed(details: Ints | None, place: int, days: list[date]) -> date | None:
    """The due date of the first bill that is late on some day."""
    late = np.flatnonzero(cast(Ints, details)[:, place, c.F_DAYS])
    if len(late) == 0:
        return None
    return days[int(late[0])] - timedelta(int(cast(Ints, details)[late[0], place, c.F_DAYS]))


def _still_open(late: Ints, day: date, missed: date, start: date) -> bool:
    """Whether the way leaves the bill open beyond a day."""
    after = min((day - start).days + 1, len(late) - 1)
    return int(late[after]) >= (day - missed).days


def _chosen(debt: InstalmentDebt | CardDebt, preset: str | None, missed: date, on: date) -> Iterator[Event]:
    """Those of the debt's events that a calendar shows, one a key."""
    shown: set[str] = set()
    for event in consequences(debt, preset, missed, on):
        if event.key not in KEYS:
            continue
        about_ninety = event.key in ("risk_class", "record_code")
        if about_ninety and event.params["days"] != _NINETY:
            continue
        key = "ninety" if about_ninety else event.key
        if key not in shown:
            shown.add(key)
            yield event
