"""A card in the plain day loop: statements, minimums, late fees."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from benchmarks.day_loop_debts import (
    Account,
    Debt,
    Item,
    Rate,
    day_in_month,
    fen,
    first_after,
    half_up,
    posted_value,
)

USUAL_ORDER = ("fees", "interest", "principal")
PRINCIPAL_FIRST_ORDER = ("principal", "interest", "fees")


class CardDebt(Debt):
    """A revolving balance on which nothing new is spent."""

    def __init__(self, fields: Mapping[str, Any], as_of: date) -> None:
        """Read a card as it stands at the end of `as_of`."""
        rate = Rate.read(fields)
        assert rate is not None
        super().__init__(fields, Account(), rate)
        self.balance = fen(fields["balance"])
        self.interest_in_balance = 0
        self.statement_day: int = fields["statement_day"]
        self.min_rate = Fraction(fields.get("min_rate") or "0.10")
        self.min_floor = fen(fields.get("min_floor") or "100.00")
        self.late_fee_rate = Fraction(fields.get("late_fee_rate") or "0.05")
        self.late_fee_min = fen(fields.get("late_fee_min") or "10.00")
        for statement in fields.get("statements") or ():
            due = date.fromisoformat(statement["due"])
            self.items.append(Item(due, fen(statement["unpaid"]), 0, due + self.grace <= as_of))
        self.open_account(as_of, self.statement_day, self.balance)
        # Fees of the plan are on no statement yet: the first one to come asks for them.
        self.fees_off_statement = self.fees

    def principal(self) -> int:
        """The balance less unpaid interest posted since `as_of`."""
        return self.balance - self.interest_in_balance

    def interest(self) -> int:
        """Unpaid interest posted since `as_of`, and the accrual."""
        return self.interest_in_balance + posted_value(self.accrual)

    def owed_now(self) -> int:
        """Unpaid minimums, also those not yet due."""
        return min(sum(item.unpaid for item in self.items), self.balance + self.fees)

    def accrue(self) -> None:
        """3a: interest on the balance."""
        self.account.principal_days += self.principal()
        self.accrual += self.balance * self.rate.daily

    def fall_due(self, today: date) -> None:
        """3c: on a statement date, interest joins the balance and a minimum is asked."""
        if day_in_month(today.year, today.month, self.statement_day) != today or self.payoff() == 0:
            return
        minimum = self._minimum(posted_value(self.accrual))
        interest = self.post_interest()
        self.balance += interest
        self.interest_in_balance += interest
        self.fees_off_statement = 0
        if minimum:
            self.items.append(Item(first_after(today, self.due_day), minimum, 0, False))

    def foresee(self, today: date, next_payday: date) -> tuple[date, int] | None:
        """The next statement, on the balance as it stands, where it also falls due before the next payday."""
        statement = first_after(today, self.statement_day)
        due = first_after(statement, self.due_day)
        if due >= next_payday:
            return None
        accrual = self.accrual + self.balance * self.rate.daily * (statement - today).days
        return due, self._minimum(posted_value(accrual))

    def pay_owed(self, amount: int, today: date) -> int:
        """Lay an amount on fees and balance, up to what is owed now."""
        return self._pay(min(amount, self.owed_now()), today)

    def pay_beyond(self, amount: int, today: date) -> int:
        """Lay an amount on fees and balance."""
        return self._pay(min(amount, self.balance + self.fees), today)

    def pay_off(self) -> int:
        """Take everything."""
        total = self.payoff()
        paid = self.account.paid
        paid["interest"] += self.interest_in_balance + self.post_interest()
        paid["principal"] += self.principal()
        paid["fees"] += self.fees
        self.balance = self.interest_in_balance = self.fees = self.fees_off_statement = 0
        self.items.clear()
        return total

    def _minimum(self, interest: int) -> int:
        """Return the minimum of a statement that posts `interest` on the state as it stands."""
        unpaid = sum(item.unpaid for item in self.items)
        asked = max(self.min_floor, half_up(self.min_rate * self.balance)) + interest + self.fees_off_statement
        return max(0, min(self.balance + interest + self.fees - unpaid, asked))

    def _became_overdue(self, item: Item) -> None:
        if item.unpaid == 0 or self.balance == 0:
            return
        # Items are taken oldest first, so those that share this deadline and come later are not overdue yet.
        unpaid = sum(other.unpaid for other in self.items if other.overdue)
        fee = max(self.late_fee_min, half_up(self.late_fee_rate * unpaid))
        self.fees += fee
        self.fees_off_statement += fee
        self.account.charged_posted += fee

    def post_everything(self) -> int:
        interest = self.interest_in_balance + self.post_interest()
        self.accrual = 0
        return interest

    def _pay(self, amount: int, today: date) -> int:
        order = PRINCIPAL_FIRST_ORDER if self._principal_comes_first(today) else USUAL_ORDER
        left = amount
        for part in order:
            owed = {"fees": self.fees, "interest": self.interest_in_balance, "principal": self.principal()}[part]
            taken = min(left, owed)
            left -= taken
            self.account.paid[part] += taken
            if part == "fees":
                # Those on a statement go first.
                self.fees -= taken
                self.fees_off_statement = min(self.fees_off_statement, self.fees)
            else:
                self.balance -= taken
                self.interest_in_balance -= taken if part == "interest" else 0
        self._count_toward_minimums(amount - left)
        return amount - left

    def _count_toward_minimums(self, taken: int) -> None:
        # A statement of the plan may be due later than one that is issued after it.
        for item in sorted(self.items, key=lambda item: item.due):
            here = min(taken, item.principal)
            item.principal -= here
            taken -= here
        self.items = [item for item in self.items if item.unpaid]
