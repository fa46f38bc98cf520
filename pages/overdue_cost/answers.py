"""What the page asks of the core, each answer kept by its question: the same state does not reach the engine twice.

A page's script runs anew each time, so what is kept lies here.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from core.aftermath import Cap, Known, caps, with_caps
from core.late_payments import BillAnswer, Trial, late_bill, try_payment
from core.lateness import Lateness, lateness
from core.plan import Plan, dump_plan
from pages.shared.kept import Kept


class LateAnswer(NamedTuple):
    """What being late costs, and the caps that it was worked out with, in the plan's order."""

    lateness: Lateness
    caps: tuple[Cap, ...]


_courses: Kept[LateAnswer | None] = Kept()
_trials: Kept[Trial | None] = Kept()
_bills: Kept[BillAnswer] = Kept()


def course(plan: Plan, known: Mapping[str, Known]) -> LateAnswer | None:
    """Give what being late costs; None where the engine has no answer."""

    def work_out() -> LateAnswer | None:
        found = caps(plan, known)
        answer = lateness(with_caps(plan, found))
        return None if answer is None else LateAnswer(answer, found)

    return _courses.ask((dump_plan(plan), tuple(known.items())), work_out)


def trial(plan: Plan, debt: str, amount: int, first: date, second: date) -> Trial | None:
    """Give what the same payment comes to on two days; None where the engine has no answer."""
    question = (dump_plan(plan), debt, amount, frozenset((first, second)))
    return _trials.ask(question, lambda: try_payment(plan, debt, amount, first, second))


def bill(product: str, amount: int, days: int, on: date) -> BillAnswer:
    """Give what one bill costs that is paid some days late."""
    return _bills.ask((product, amount, days, on), lambda: late_bill(product, amount, days, on))
