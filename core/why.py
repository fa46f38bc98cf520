"""Why a strategy pays in the order in which it pays (CALCULATION.md §5): what it sorts by, and the figures it sorts.

The two orders are worked out anew on every decision day; here they are those of the first one, the day after
`plan.start`. Codes and values only: the words are the page's.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal, cast

from core.engine import layout as c
from core.engine.lower import Ints, annual_rate
from core.lever_readings import first_day
from core.plan import Change, Debt, InstalmentDebt, Plan
from core.plan_models import Prepayment
from core.simulate import Scenario, simulate_days, simulate_ledger

Sorted = Literal["nobody", "plan", "rate", "owed", "reported", "days"]

_FIRST: dict[str, Sorted] = {
    "stop": "nobody",
    "minimum": "plan",
    "custom": "plan",
    "avalanche": "rate",
    "snowball": "owed",
    "rescue": "reported",
}
_REST: dict[str, Sorted] = {**_FIRST, "minimum": "nobody", "rescue": "days"}


@dataclass(frozen=True)
class Place:
    """One debt in an order, with all that an order may look at.

    Attributes:
        debt: Its id.
        rate: Its annual rate, by CALCULATION.md §5 where it has a fee for each instalment.
        owed: Its payoff, fen.
        days_past_due: On the decision day, before anything is paid.
        reported: Whether it goes to the credit bureau.
        prepayment: What it takes before it is due.
    """

    debt: str
    rate: Fraction
    owed: int
    days_past_due: int
    reported: bool
    prepayment: Prepayment


@dataclass(frozen=True)
class Why:
    """The two orders of a strategy.

    Attributes:
        strategy: Its name.
        day: The decision day that was looked at.
        first_by, rest_by: What the two orders go by; `nobody`: there is no order. `reported`: reported ones first, then
            most days past due, then the highest rate; `days`: most days past due, then the highest rate.
        first: Who is kept current first; paid off debts are left out.
        rest: Where the rest goes.
    """

    strategy: str
    day: date
    first_by: Sorted
    rest_by: Sorted
    first: tuple[Place, ...]
    rest: tuple[Place, ...]


def why(plan: Plan, strategy: str) -> Why:
    """Say in which order a strategy pays, and by what it goes.

    Args:
        plan: One that the engine has an answer for; not modified.
        strategy: One of `core.simulate.STRATEGIES`.
    """
    places = _places(plan)
    first, rest = _FIRST[strategy], _REST[strategy]
    return Why(strategy, first_day(plan), first, rest, _sorted(places, first), _sorted(places, rest))


def _sorted(places: list[Place], by: Sorted) -> tuple[Place, ...]:
    if by == "nobody":
        return ()

    def key(each: Place) -> tuple[Fraction | int, ...]:
        if by == "rate":
            return (-each.rate,)
        if by == "owed":
            return (each.owed,)
        if by == "reported":
            return (not each.reported, -each.days_past_due, -each.rate)
        return (-each.days_past_due, -each.rate) if by == "days" else ()

    return tuple(sorted(places, key=key))


def _places(plan: Plan) -> list[Place]:
    """Read the debts as they stand on the decision day, before anything is paid: under `stop`, where nothing is."""
    day = first_day(plan)
    short = plan.model_copy(update={"horizon_months": 1})
    scenario = Scenario(short, "stop")
    outcome = simulate_days([scenario], [plan.start, day])[0]
    eve, morning = cast(Ints, outcome.details)
    ledger: Any = simulate_ledger([scenario])[0]
    due = ledger[(ledger["kind"] == "due") & (ledger["date"] <= str(day))]
    found: list[Place] = []
    for k, debt in enumerate(plan.debts):
        # A late fee of that evening comes after the decision.
        owed = int(morning[k, c.F_PAYOFF]) - max(0, int(morning[k, c.F_FEES]) - int(eve[k, c.F_FEES]))
        if owed <= 0:
            continue
        days = int(eve[k, c.F_DAYS])
        bills = due[due["debt"] == debt.id]
        rate = _rate(debt, day, len(bills), int(bills["principal"].sum()))
        found.append(Place(debt.id, rate, owed, days + 1 if days else 0, debt.reported, _prepayment(debt, day)))
    return found


def _agreed(debt: Debt, day: date) -> list[Change]:
    return [change for change in debt.changes if change.date <= day]


def _rate(debt: Debt, day: date, fallen: int, fallen_principal: int) -> Fraction:
    changes = _agreed(debt, day)
    if isinstance(debt, InstalmentDebt) and debt.method == "flat_fee" and not changes:
        left, balance = debt.instalments_left - fallen, debt.principal - fallen_principal
        if left <= 0 or balance <= 0:
            return Fraction(0)
        return Fraction(debt.fee_per_instalment * left * 24, balance * (left + 1))
    named = [rate for change in changes if (rate := annual_rate(change)) is not None]
    return named[-1] if named else annual_rate(debt) or Fraction(0)


def _prepayment(debt: Debt, day: date) -> Prepayment:
    own: Prepayment = debt.prepayment if isinstance(debt, InstalmentDebt) else "any"
    for change in _agreed(debt, day):
        own = change.prepayment or own
    return own
