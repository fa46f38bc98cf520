# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
"""Scenarios in, outcomes out: the one door to the engine, for pages and for the command line."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from core.engine import compiled
from core.engine import layout as c
from core.engine.lower import lower
from core.outcome import LEDGER_KINDS, Outcome, Outcomes, best
from core.plan import Plan

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "STRATEGIES",
    "Outcome",
    "Outcomes",
    "Scenario",
    "best",
    "is_cached",
    "is_warm",
    "simulate",
    "simulate_days",
    "simulate_ledger",
    "warm",
]

STRATEGIES = ("stop", "minimum", "avalanche", "snowball", "rescue", "custom")
"""The strategies of CALCULATION.md §5, in the order in which pages show them and in the kernel's numbers."""

_NUMBERS = {name: number for number, name in enumerate(STRATEGIES)}

Output = Literal["full", "lines", "summary"]


class Scenario(NamedTuple):
    """A plan, and how its budget is used."""

    plan: Plan
    strategy: str


def simulate(scenarios: Sequence[Scenario], *, output: Output = "full", threads: int = 1) -> Outcomes:
    """Run scenarios, of one plan or of many.

    Args:
        scenarios: In any mixture of plans and strategies. Plans that share a `debts` tuple or are the same object are
            laid out once.
        output: `full`: every month-end of every debt; `lines`: totals at every month-end; `summary`: a few numbers.
        threads: How many threads share the work; worth it from some hundred scenarios on.

    Returns:
        The outcomes in the same order. An outcome whose debt outgrew its bound carries it as `error`, one with a
        recorded payment that its debt cannot take as `refused`; the others are not touched by it.

    Raises:
        KeyError: A strategy has no such name.
    """
    batch = lower(scenarios, _NUMBERS, days=() if output == "summary" else None, details=output == "full")
    answers = compiled.run(batch, threads=threads)
    details = answers.details if output == "full" else None
    return Outcomes(scenarios, batch.scenarios, batch.samples, answers.answers, answers.cleared, answers.lines, details)


def simulate_days(
    scenarios: Sequence[Scenario],
    days: Sequence[date],
    *,
    output: Literal["full", "lines"] = "full",
    threads: int = 1,
) -> Outcomes:
    """Run scenarios and report on given days instead of month-ends (CALCULATION.md §7, *Days*).

    Args:
        scenarios: As for `simulate`.
        days: In any order; those outside a plan's `as_of … end` are left out of its outcome.
        output: `full`: each debt on each of them; `lines`: totals only.
        threads: As for `simulate`.
    """
    wanted = sorted({day.toordinal() for day in days})
    batch = lower(scenarios, _NUMBERS, days=wanted, details=output == "full")
    answers = compiled.run(batch, threads=threads)
    details = answers.details if output == "full" else None
    return Outcomes(scenarios, batch.scenarios, batch.samples, answers.answers, answers.cleared, answers.lines, details)


def simulate_ledger(scenarios: Sequence[Scenario]) -> "list[pd.DataFrame]":
    """Run scenarios and write down all that happens to their debts (CALCULATION.md §7, *Ledger*).

    Returns:
        A frame a scenario, in the order of events: `date` (datetime64), `debt` (id), `kind` (one of `LEDGER_KINDS`),
        `amount`, and its parts `principal`, `interest`, `penalty`, `fees` (fen). The parts of what is set aside, and
        of a card's minimum that fell due, are 0. The charges of a debt that stays open end with what has accrued by
        the end, so that the sums by kind and part equal the outcome's figures.
    """
    import numpy as np
    import pandas as pd

    batch = lower(scenarios, _NUMBERS, days=(), details=False)
    book = compiled.run(batch, ledger_room=4096 * max(1, len(scenarios))).book
    edges = np.searchsorted(book[:, c.G_SCENARIO], np.arange(len(scenarios) + 1))
    kinds = np.array(LEDGER_KINDS, object)
    frames: list[pd.DataFrame] = []
    for k, (plan, _) in enumerate(scenarios):
        rows = book[edges[k] : edges[k + 1]]
        ids = np.array([debt.id for debt in plan.debts], object)
        days = (rows[:, c.G_DATE] - date(1970, 1, 1).toordinal()).astype("datetime64[D]").astype("datetime64[s]")
        frames.append(
            pd.DataFrame(
                {
                    "date": days,
                    "debt": ids[rows[:, c.G_DEBT]],
                    "kind": kinds[rows[:, c.G_KIND]],
                    "amount": rows[:, c.G_AMOUNT],
                    "principal": rows[:, c.G_PRINCIPAL],
                    "interest": rows[:, c.G_INTEREST],
                    "penalty": rows[:, c.G_PENALTY],
                    "fees": rows[:, c.G_FEES],
                }
            )
        )
    return frames


def warm() -> float:
    """Compile the kernel, or load it from its cache; returns the seconds that it took."""
    return compiled.load()


def is_warm() -> bool:
    """Whether the kernel is loaded in this process."""
    return compiled.is_loaded()


def is_cached() -> bool:
    """Whether this version of the kernel lies compiled on disk."""
    return compiled.is_cached()
