"""Measures of an outcome: the effective annual cost of what each debt has still to be paid.

Every figure is a view of the engine's answer; the rates themselves are found by `core.rates`.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from core.rates import Rate, remaining_cost
from core.simulate import Scenario, simulate, simulate_days, simulate_ledger


def remaining_rates(scenario: Scenario) -> dict[str, Rate]:
    """The effective annual cost of each debt from today on, over actual days.

    Today's payoff counts as received today, every payment to the lender by the scenario as paid on its day, and what is
    still owed at the end as paid then. What was set aside counts when it is paid.

    Args:
        scenario: A plan and a strategy.

    Returns:
        A rate by the debt's id; for a debt that is cleared already, one without a figure and with its reason.

    Raises:
        ValueError: A debt of the scenario outgrows its bound, or cannot take a recorded payment.
    """
    plan = scenario.plan
    outcome = simulate([scenario], output="lines")[0]
    if outcome.error is not None or outcome.refused is not None:
        raise ValueError(f"the scenario has no outcome: {outcome.error or f'paid[{outcome.refused}]'}")
    frame: Any = simulate_days([scenario], [plan.start, plan.end])[0].debts_frame()
    ledger: Any = simulate_ledger([scenario])[0]
    paid = ledger[(ledger["kind"] == "paid") & (ledger["date"] > str(plan.start))]
    payoffs: list[int] = frame["payoff"].tolist()
    count = len(plan.debts)
    rates: dict[str, Rate] = {}
    for debt, opening, last in zip(plan.debts, payoffs[:count], payoffs[-count:], strict=True):
        mine = paid[paid["debt"] == debt.id]
        flows = list(zip(mine["date"].dt.date.tolist(), mine["amount"].tolist(), strict=True))
        rates[debt.id] = remaining_cost(plan.start, opening, [*flows, *_rest(plan.end, last)])
    return rates


def _rest(end: date, owed_fen: int) -> Sequence[tuple[date, int]]:
    return [(end, owed_fen)] if owed_fen > 0 else []
