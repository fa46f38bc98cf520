"""An instalment debt in the plain day loop, and the agreed change that turns any debt into one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from benchmarks.day_loop_debts import (
    SCALE,
    Account,
    Debt,
    Item,
    Rate,
    fen,
    first_after,
    half_up,
    posted_value,
    scaled,
)

USUAL_ORDER = ("fees", "penalty", "overdue interest", "overdue principal", "due interest", "due principal")
PRINCIPAL_FIRST_ORDER = ("overdue principal", "overdue interest", "penalty", "fees", "due interest", "due principal")


class InstalmentDebt(Debt):
    """A debt of `kind` instalment, or any debt after an agreed change."""

    def __init__(self, fields: Mapping[str, Any], account: Account, rate: Rate) -> None:
        """Read the terms; balances are set by `from_plan` or by a change."""
        super().__init__(fields, account, rate)
        self.method: str = fields["method"]
        self.prepayment = fields.get("prepayment") or "any"
        self.accelerate_after: int | None = fields.get("accelerate_after_days")
        self.fee = fen(fields.get("fee_per_instalment") or "0")
        self.penalty_base = fields.get("penalty_base") or "overdue_principal"
        if fields.get("penalty_daily_rate") is not None:
            self.penalty_daily = scaled(Fraction(fields["penalty_daily_rate"]))
        else:
            # A multiplier has 2 decimals, and 100 divides every daily rate in parts of SCALE.
            parts = Fraction(fields.get("penalty_multiplier") or "1.5") * rate.daily
            self.penalty_daily = parts.numerator
            assert parts.denominator == 1
        self.future = 0
        self.capitalised = 0
        self.dates_left = 0
        self.next_due = date.max
        self.principal_part = 0
        self.level = 0

    @classmethod
    def from_plan(cls, fields: Mapping[str, Any], as_of: date) -> InstalmentDebt:
        """Read an instalment debt as it stands at the end of `as_of`."""
        rate = Rate.read(fields)
        assert rate is not None
        debt = cls({**fields, "instalments": fields["instalments_left"]}, Account(), rate)
        debt.future = fen(fields["principal"])
        debt.penalty = fen(fields.get("penalty") or "0")
        for bill in fields.get("bills") or ():
            due = date.fromisoformat(bill["due"])
            debt.items.append(Item(due, fen(bill["principal"]), fen(bill["interest"]), due + debt.grace <= as_of))
        debt.start_schedule(as_of, None)
        debt.open_account(as_of, debt.due_day, 0 if debt.method == "flat_fee" else debt.future)
        return debt

    def start_schedule(self, after: date, first_due: str | None) -> None:
        """Fix the due dates, the principal part and the level payment from the principal as it stands."""
        self.dates_left = self.fields["instalments"]
        self.next_due = first_after(after, self.due_day) if first_due is None else date.fromisoformat(first_due)
        if self.dates_left:
            self.principal_part = half_up(Fraction(self.future, self.dates_left))
            self.level = level_payment(self.future, self.dates_left, self.rate.annual)

    def principal(self) -> int:
        """Not yet due, due and overdue together, less what is capitalised."""
        return self.future + sum(item.principal for item in self.items) - self.capitalised

    def interest(self) -> int:
        """Billed and capitalised interest, and the accrual."""
        return self.capitalised + sum(item.interest for item in self.items) + posted_value(self.accrual)

    def owed_now(self) -> int:
        """Bills, penalty and fees."""
        return sum(item.unpaid for item in self.items) + self.penalty_owed() + self.fees

    def annual_rate(self) -> Fraction:
        """A fee per instalment is turned into a rate; other methods have one."""
        if self.method != "flat_fee":
            return self.rate.annual
        if self.future == 0 or self.dates_left == 0:
            return Fraction(0)
        return Fraction(self.fee * self.dates_left * 24, self.future * (self.dates_left + 1))

    def accrue(self) -> None:
        """3a: interest on what is not yet due, penalty on its base."""
        self.account.principal_days += self.principal()
        if self.method != "flat_fee":
            self.accrual += self.future * self.rate.daily
        principal = sum(item.principal for item in self.items if item.overdue)
        interest = sum(item.interest for item in self.items if item.overdue)
        self.penalty_accrual += principal * self.penalty_daily
        if self.penalty_base == "overdue_principal_and_interest":
            self.penalty_accrual += interest * self.penalty_daily
        elif self.penalty_base == "all_principal" and principal + interest > 0:
            self.penalty_accrual += self.future * max(0, self.penalty_daily - self.rate.daily)

    def fall_due(self, today: date) -> None:
        """3c: on a due date, one bill."""
        if self.dates_left == 0 or self.next_due != today:
            return
        principal, interest = self._instalment(self.accrual)
        if self.method == "flat_fee":
            self.account.charged_posted += interest
        elif self._posts_interest():
            self.post_interest()
        self.dates_left -= 1
        self.next_due = first_after(today, self.due_day)
        self.future -= principal
        if principal or interest:
            self.items.append(Item(today, principal, interest, False))

    def foresee(self, today: date, next_payday: date) -> tuple[date, int] | None:
        """The next instalment, on the balance as it stands."""
        if self.dates_left == 0 or not today < self.next_due < next_payday:
            return None
        days = (self.next_due - today).days
        return self.next_due, sum(self._instalment(self.accrual + self.future * self.rate.daily * days))

    def accelerate(self, today: date) -> None:
        """3g: all principal falls due once days past due have reached the limit."""
        limit = self.accelerate_after
        if limit is None or self.dates_left == 0 or self.days_past_due(today) < limit:
            return
        interest = self.post_interest()
        if self.future or interest:
            self.items.append(Item(today, self.future, interest, True))
        self.future = 0
        self.dates_left = 0

    def pay_owed(self, amount: int, today: date) -> int:
        """Lay an amount on the parts of what is owed now, in the order that applies today."""
        order = PRINCIPAL_FIRST_ORDER if self._principal_comes_first(today) else USUAL_ORDER
        self._post_penalty()
        left = amount
        for part in order:
            left -= self._lay(part, left)
        self.items = [item for item in self.items if item.unpaid]
        return amount - left

    def pay_beyond(self, amount: int, today: date) -> int:
        """Prepay principal not yet due; its accrued interest waits for the due date."""
        taken = min(amount, self.future)
        self.future -= taken
        self._count_principal(taken)
        return taken

    def pay_off(self) -> int:
        """Take everything."""
        total = self.payoff()
        self._post_penalty()
        self._count_principal(self.future + sum(item.principal for item in self.items))
        paid = self.account.paid
        paid["interest"] += self.post_interest() + sum(item.interest for item in self.items)
        paid["penalty"] += self.penalty
        paid["fees"] += self.fees
        self.future = self.penalty = self.fees = 0
        self.items.clear()
        return total

    def _posts_interest(self) -> bool:
        return self.method != "bullet" or self.dates_left == 1

    def _instalment(self, accrual: int) -> tuple[int, int]:
        """Return principal and interest that the next due date makes due, given the accrual on that date."""
        if self.method == "flat_fee":
            interest = self.fee if self.future else 0
        else:
            interest = posted_value(accrual) if self._posts_interest() else 0
        if self.dates_left == 1:
            return self.future, interest
        if self.method in ("equal_principal", "flat_fee"):
            return min(self.future, self.principal_part), interest
        if self.method == "equal_instalment":
            return min(self.future, max(0, self.level - interest)), interest
        return 0, interest

    def _became_overdue(self, item: Item) -> None:
        base = item.principal
        if self.penalty_base == "overdue_principal_and_interest":
            base += item.interest
        self.penalty_accrual += base * self.grace.days * self.penalty_daily

    def _post_penalty(self) -> None:
        posted = posted_value(self.penalty_accrual)
        self.penalty_accrual -= posted * SCALE
        self.penalty += posted
        self.account.charged_posted += posted

    def post_everything(self) -> int:
        self._post_penalty()
        interest = self.capitalised + sum(item.interest for item in self.items) + self.post_interest()
        self.accrual = self.penalty_accrual = 0
        return interest

    def _lay(self, part: str, amount: int) -> int:
        """Lay an amount on one part of what is owed now; return the fen taken. Items stand oldest first."""
        if part in ("fees", "penalty"):
            taken = min(amount, getattr(self, part))
            setattr(self, part, getattr(self, part) - taken)
            self.account.paid[part] += taken
            return taken
        when, kind = part.split()
        taken = 0
        for item in self.items:
            if item.overdue == (when == "overdue"):
                here = min(amount - taken, getattr(item, kind))
                setattr(item, kind, getattr(item, kind) - here)
                taken += here
        if kind == "interest":
            self.account.paid["interest"] += taken
        else:
            self._count_principal(taken)
        return taken

    def _count_principal(self, taken: int) -> None:
        """Count principal paid: what is capitalised comes first, and is interest."""
        capitalised = min(taken, self.capitalised)
        self.capitalised -= capitalised
        self.account.paid["interest"] += capitalised
        self.account.paid["principal"] += taken - capitalised


def changed(debt: Debt, terms: Mapping[str, Any], today: date) -> InstalmentDebt:
    """3b: put an agreed change into force.

    Args:
        debt: The debt as it stood; not to be used any more.
        terms: The change as it stands in the plan.
        today: Its date.

    Returns:
        The debt from now on; it takes over the counters.
    """
    interest = debt.post_everything()
    parts = {"principal": debt.principal(), "interest": interest, "penalty": debt.penalty, "fees": debt.fees}
    shares = terms.get("waive") or {}
    for name, part in parts.items():
        waived = half_up(Fraction(shares.get(name) or "0") * part)
        parts[name] -= waived
        debt.account.waived += waived
    debt.account.set_aside.clear()
    after = InstalmentDebt(_fields_after(debt.fields, terms), debt.account, Rate.read(terms) or debt.rate)
    after.future = sum(parts.values())
    after.capitalised = after.future - parts["principal"]
    after.start_schedule(today, terms.get("first_due"))
    return after


def _fields_after(fields: Mapping[str, Any], terms: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields in force after a change: what it does not name stays."""
    after = {**fields, "method": terms["method"], "instalments": terms["instalments"]}
    for name in ("due_day", "penalty_multiplier", "prepayment"):
        if terms.get(name) is not None:
            after[name] = terms[name]
    if terms.get("penalty_multiplier") is not None:
        after["penalty_daily_rate"] = None
    if "accelerate_after_days" in terms:
        after["accelerate_after_days"] = terms["accelerate_after_days"]
    return after


def level_payment(principal: int, count: int, annual: Fraction) -> int:
    """Return the level payment in fen of a principal over `count` months at a twelfth of the annual rate."""
    if annual == 0:
        return half_up(Fraction(principal, count))
    growth = (1 + annual / 12) ** count
    return half_up(principal * annual / 12 * growth / (growth - 1))
