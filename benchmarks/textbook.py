"""A payoff calculator as hobby projects have it: whole months, a twelfth of the rate, a dictionary a debt, a history
to draw.

It knows no due dates, no penalties, no grace and no posting of interest, so its figures are not those of a contract.
It is here for its speed only: what a loop costs that knows no rule.
"""

from collections.abc import Sequence
from typing import NamedTuple


class TextbookResult(NamedTuple):
    """Months until all is paid (None: not within those allowed), interest paid in yuan, and the balances."""

    month_count: int | None
    interest: float
    history: list[dict[str, float]]


def textbook_avalanche(
    debts: Sequence[tuple[float, float, float]], budget: float, month_count_max: int = 600
) -> TextbookResult:
    """Pay all minimums, then the rest of a monthly budget to the highest rate.

    Args:
        debts: Balance in yuan, annual rate (0.18 is 18%) and monthly minimum in yuan of each. Not modified.
        budget: Yuan a month for all of them. Minimums are paid even where it is smaller.
        month_count_max: Months after which it gives up.

    Returns:
        The months that it took, the interest, and each debt's balance at the end of each month.

    >>> textbook_avalanche([(1000.0, 0.12, 100.0), (500.0, 0.0, 50.0)], 520.0).month_count
    3
    """
    open_debts = [
        {"name": f"debt {index}", "balance": balance, "rate": rate, "minimum": minimum}
        for index, (balance, rate, minimum) in enumerate(debts)
    ]
    interest_paid = 0.0
    history: list[dict[str, float]] = []
    for month in range(month_count_max):
        if all(debt["balance"] <= 0.005 for debt in open_debts):
            return TextbookResult(month, round(interest_paid, 2), history)
        left = budget
        for debt in open_debts:
            interest = round(debt["balance"] * debt["rate"] / 12, 2)
            debt["balance"] = round(debt["balance"] + interest, 2)
            interest_paid += interest
            payment = min(debt["minimum"], debt["balance"])
            debt["balance"] = round(debt["balance"] - payment, 2)
            left -= payment
        for debt in sorted(open_debts, key=lambda debt: -debt["rate"]):
            if left <= 0:
                break
            payment = min(left, debt["balance"])
            debt["balance"] = round(debt["balance"] - payment, 2)
            left -= payment
        history.append({debt["name"]: debt["balance"] for debt in open_debts})
    done = all(debt["balance"] <= 0.005 for debt in open_debts)
    return TextbookResult(month_count_max if done else None, round(interest_paid, 2), history)
