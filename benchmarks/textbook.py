"""A payoff calculator as a textbook has it: whole months, a twelfth of the rate, floats.

It knows no due dates, no penalties, no grace and no posting of interest, so its figures are not
those of a contract. It is here for its speed only: what a loop costs that knows no rule.
"""

from collections.abc import Sequence
from typing import NamedTuple


class TextbookResult(NamedTuple):
    """Months until all is paid (None: not within the months allowed), and interest paid on the way, in yuan."""

    month_count: int | None
    interest: float


def textbook_avalanche(
    debts: Sequence[tuple[float, float, float]], budget: float, month_count_max: int = 600
) -> TextbookResult:
    """Pay all minimums, then the rest of a monthly budget to the highest rate.

    Args:
        debts: Balance in yuan, annual rate (0.18 is 18%) and monthly minimum in yuan of each. Not modified.
        budget: Yuan a month for all of them. Minimums are paid even where it is smaller.
        month_count_max: Months after which it gives up.

    Returns:
        The months that it took, and the interest.

    >>> textbook_avalanche([(1000.0, 0.12, 100.0), (500.0, 0.0, 50.0)], 520.0).month_count
    3
    """
    order = sorted(range(len(debts)), key=lambda index: -debts[index][1])
    balances = [balance for balance, _, _ in debts]
    interest_paid = 0.0
    for month in range(month_count_max):
        if not any(balances):
            return TextbookResult(month, interest_paid)
        left = budget
        for index, (_, rate, minimum) in enumerate(debts):
            interest = balances[index] * rate / 12
            interest_paid += interest
            payment = min(minimum, balances[index] + interest)
            balances[index] += interest - payment
            left -= payment
        for index in order:
            payment = min(max(left, 0.0), balances[index])
            balances[index] -= payment
            left -= payment
    return TextbookResult(None if any(balances) else month_count_max, interest_paid)
