"""One debt of the plain day loop: what it is owed, how a day treats it, how it takes a payment.

Written from the text of the calculation alone, for clarity and not for speed: whole fen
and whole numerators only, no arrays, no shared code with the engine. The household and its
decisions are in `day_loop`.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

# One fen of accrual. 360 and 365 divide 26,280; a rate has at most 8 decimals, a multiplier of it 2 more.
# So every daily rate is a whole number of these parts, and no accrual is ever rounded before it is posted.
SCALE = 26_280 * 10**10


def half_up(value: Fraction) -> int:
    """Round to a whole number, halves upward, also below zero."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def posted_value(accrual: int) -> int:
    """Whole fen at which an accrual would post now, never below 0."""
    return max(0, (2 * accrual + SCALE) // (2 * SCALE))


def fen(text: str) -> int:
    """Turn an amount of yuan as written in a plan into fen."""
    amount = Fraction(text) * 100
    if amount.denominator != 1:
        raise ValueError(f"an amount with more than 2 decimals: {text}")
    return amount.numerator


def day_in_month(year: int, month: int, day: int) -> date:
    """Return a day-of-month, clamped to the last day; `month` may run over 12 or below 1."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(day, monthrange(year, month)[1]))


def first_after(after: date, day: int) -> date:
    """Return the first date after `after` that falls on a day-of-month."""
    here = day_in_month(after.year, after.month, day)
    return here if here > after else day_in_month(after.year, after.month + 1, day)


def last_until(until: date, day: int) -> date:
    """Return the last date up to `until`, included, that falls on a day-of-month."""
    here = day_in_month(until.year, until.month, day)
    return here if here <= until else day_in_month(until.year, until.month - 1, day)


class Rate(NamedTuple):
    """A rate: parts of `SCALE` per fen and day, and the annual figure used for orders and level payments."""

    daily: int
    annual: Fraction

    @classmethod
    def read(cls, fields: Mapping[str, Any]) -> Rate | None:
        """Read the rate that a debt or a change names; None where it names none."""
        if fields.get("daily_rate") is not None:
            daily = Fraction(fields["daily_rate"])
            return cls(scaled(daily), daily * 365)
        if fields.get("annual_rate") is not None:
            annual = Fraction(fields["annual_rate"])
            return cls(scaled(annual / (fields.get("day_count") or 365)), annual)
        return None


def scaled(rate: Fraction) -> int:
    """Turn a rate per day into parts of `SCALE`."""
    parts = rate * SCALE
    if parts.denominator != 1:
        raise ValueError(f"a rate with too many decimals: {rate}")
    return parts.numerator


@dataclass
class Item:
    """A bill of an instalment debt, or a card's statement, whose unpaid minimum stands in `principal`."""

    due: date
    principal: int
    interest: int
    overdue: bool

    @property
    def unpaid(self) -> int:
        """Fen still unpaid."""
        return self.principal + self.interest


@dataclass
class Account:
    """Counters of a debt since `as_of`, each moved by its own event and never worked out from balances."""

    opening: int = 0
    opening_accrual: int = 0
    charged_posted: int = 0
    waived: int = 0
    paid: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("principal", "interest", "penalty", "fees"), 0))
    principal_days: int = 0
    cleared_on: date | None = None
    set_aside: dict[date, int] = field(default_factory=dict)


class Figures(NamedTuple):
    """A debt at the end of a day, in fen; `principal + interest + penalty + fees == payoff`.

    Interest holds what is capitalised and, like penalty, its accrual at the value at which it would post.
    """

    opening: int
    payoff: int
    principal: int
    interest: int
    penalty: int
    fees: int
    days_past_due: int
    charged: int
    waived: int
    court: int | None
    paid: dict[str, int]
    set_aside: int


class Debt:
    """What instalment debts and cards have in common."""

    def __init__(self, fields: Mapping[str, Any], account: Account, rate: Rate) -> None:
        """Take over the fields that every debt has; `fields` is the debt's mapping in the plan."""
        self.fields = fields
        self.account = account
        self.id: str = fields["id"]
        self.rate = rate
        self.grace = timedelta(days=fields.get("grace_days") or 0)
        self.reported = fields.get("reported") is not False
        self.principal_first_after: int | None = fields.get("principal_first_after_days")
        self.cap_rate = Fraction(fields["cap_rate"]) if fields.get("cap_rate") is not None else None
        self.due_day: int = fields["due_day"]
        self.prepayment = "any"
        self.fees = 0
        self.accrual = 0
        self.penalty = 0
        self.penalty_accrual = 0
        self.items: list[Item] = []

    def open_account(self, as_of: date, settled_day: int, base: int) -> None:
        """Set what has accrued at the end of `as_of`; `base` bears it since the last `settled_day`."""
        self.fees = fen(self.fields.get("fees") or "0")
        if self.fields.get("accrued") is not None:
            self.accrual = fen(self.fields["accrued"]) * SCALE
        else:
            since = self.fields.get("interest_from")
            start = date.fromisoformat(since) if since is not None else last_until(as_of, settled_day)
            self.accrual = base * self.rate.daily * (as_of - start).days
        self.account.opening_accrual = posted_value(self.accrual)
        self.account.opening = self.payoff()

    # What is owed

    def principal(self) -> int:
        """Fen of principal, without what is interest, penalty or fee by origin."""
        raise NotImplementedError

    def interest(self) -> int:
        """Fen of interest, with what is capitalised and the accrual as it would post."""
        raise NotImplementedError

    def owed_now(self) -> int:
        """Fen that the lender may ask for today."""
        raise NotImplementedError

    def penalty_owed(self) -> int:
        """Fen of penalty, with its accrual as it would post."""
        return self.penalty + posted_value(self.penalty_accrual)

    def payoff(self) -> int:
        """Fen of all that is owed, due or not."""
        return self.principal() + self.interest() + self.penalty_owed() + self.fees

    def days_past_due(self, today: date) -> int:
        """Days from the due date of the oldest overdue item that has something unpaid."""
        overdue = [item.due for item in self.items if item.overdue and item.unpaid]
        return (today - min(overdue)).days if overdue else 0

    def annual_rate(self) -> Fraction:
        """Annual rate by which the orders of section 5 compare debts."""
        return self.rate.annual

    def figures(self, today: date) -> Figures:
        """Return the debt at the end of a day."""
        account = self.account
        charged = account.charged_posted - account.opening_accrual
        charged += posted_value(self.accrual) + posted_value(self.penalty_accrual)
        court = None
        if self.cap_rate is not None:
            court = min(charged, half_up(account.principal_days * self.cap_rate / 365))
        return Figures(
            account.opening,
            self.payoff(),
            self.principal(),
            self.interest(),
            self.penalty_owed(),
            self.fees,
            self.days_past_due(today),
            charged,
            account.waived,
            court,
            dict(account.paid),
            sum(account.set_aside.values()),
        )

    # The day

    def accrue(self) -> None:
        """3a: one day on the balances at the end of the day before."""
        raise NotImplementedError

    def fall_due(self, today: date) -> None:
        """3c: post what a due date or a statement date posts."""
        raise NotImplementedError

    def foresee(self, today: date, next_payday: date) -> tuple[date, int] | None:
        """Return the due date between today and the next payday, both left out, and what will fall due on it."""
        raise NotImplementedError

    def meet_deadlines(self, today: date) -> None:
        """3f: what is unpaid at the end of its deadline."""
        for item in self.items:
            if not item.overdue and item.due + self.grace == today:
                item.overdue = True
                self._became_overdue(item)

    def accelerate(self, today: date) -> None:
        """3g: nothing, where a debt knows no acceleration."""

    def close(self, today: date) -> None:
        """Drop what accruals and items of a debt that is owed nothing have left."""
        self.account.cleared_on = today
        self.accrual = self.penalty_accrual = 0
        self.items.clear()

    # Payments

    def pay_owed(self, amount: int, today: date) -> int:
        """Pay what is owed now as far as an amount goes; return the fen taken."""
        raise NotImplementedError

    def pay_beyond(self, amount: int, today: date) -> int:
        """Pay what is not owed yet as far as an amount goes; return the fen taken."""
        raise NotImplementedError

    def pay_off(self) -> int:
        """Post all accruals and take everything; return the fen taken."""
        raise NotImplementedError

    def _principal_comes_first(self, today: date) -> bool:
        return self.principal_first_after is not None and self.days_past_due(today) > self.principal_first_after

    def post_everything(self) -> int:
        """Post the accruals, drop their rests, and return the unpaid interest with what is capitalised."""
        raise NotImplementedError

    def _became_overdue(self, item: Item) -> None:
        raise NotImplementedError

    def post_interest(self) -> int:
        posted = posted_value(self.accrual)
        self.accrual -= posted * SCALE
        self.account.charged_posted += posted
        return posted
