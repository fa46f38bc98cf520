# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
"""What a household's files are read off: the plan with all that is chosen, its six ways, the one that is followed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, cast

from core.decided import decided
from core.household_models import HouseholdDocument
from core.levers import reported_days
from core.outcome import Outcome
from core.plan import Plan
from core.positions import Refused
from core.simulate import STRATEGIES, Scenario, simulate_days, simulate_ledger
from core.today import followed


class Entry(NamedTuple):
    """An entry of the ledger (CALCULATION.md §7), in fen."""

    day: date
    debt: str
    kind: str
    amount: int
    principal: int
    interest: int
    penalty: int
    fees: int


@dataclass(frozen=True)
class Course:
    """What a household does with its debts.

    Attributes:
        plan: The plan with the chosen levers.
        outcomes: Of `STRATEGIES`, in their order, each reported on `plan.start` and every month-end after it.
        way: The outcome that is followed.
        chosen: Whether the household decided for it; else it is the best one.
    """

    plan: Plan
    outcomes: tuple[Outcome, ...]
    way: Outcome
    chosen: bool

    @property
    def names(self) -> dict[str, str]:
        """The names of the debts by id, in the plan's order."""
        return {debt.id: debt.name for debt in self.plan.debts}


def course_of(document: HouseholdDocument) -> Course:
    """Work out what a household follows; the document is not modified.

    Raises:
        Refused: No way has an answer, because a debt outgrew its bound or a recorded payment cannot be taken.
    """
    plan = decided(document).plan
    outcomes = tuple(simulate_days([Scenario(plan, name) for name in STRATEGIES], reported_days(plan)))
    way = followed(outcomes, document.chosen)
    if way is None:
        raise Refused(next((each.refused for each in outcomes if each.refused is not None), None))
    return Course(plan, outcomes, way, chosen=way.strategy == document.chosen)


def ledger_of(plan: Plan, strategy: str) -> tuple[Entry, ...]:
    """Give all that happens to the debts of a plan under a strategy, in the order of events."""
    frame = cast("Sequence[Any]", simulate_ledger([Scenario(plan, strategy)]))[0]
    columns = (frame[name].tolist() for name in Entry._fields if name != "day")
    return tuple(Entry(day.date(), *rest) for day, *rest in zip(frame["date"].tolist(), *columns, strict=True))
