"""The calculation as a plain loop over days and debts: a second opinion, and a peer in the benchmarks.

It takes the mapping of a plan file as it stands in JSON and imports nothing of `core`, so that an
error in the one is not an error in the other. It trusts its plan: limits are checked by the loader.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from benchmarks.day_loop_cards import CardDebt
from benchmarks.day_loop_debts import Debt, Figures, day_in_month, fen, first_after, half_up
from benchmarks.day_loop_instalments import InstalmentDebt, changed

STRATEGIES = ("stop", "minimum", "avalanche", "snowball", "rescue", "custom")
PAYOFF_FEN_MAX = 10**10
ONE_DAY = timedelta(days=1)


class Day(NamedTuple):
    """The end of a day: cash in fen, and each debt by its id."""

    cash: int
    debts: dict[str, Figures]


class OutgrownError(Exception):
    """A debt's payoff is larger than the calculation allows; the argument is its id."""


def day_loop(
    plan: Mapping[str, Any],
    strategy: str,
    on_day: Callable[[date, Day], None] | None = None,
    *,
    payoff_fen_max: int = PAYOFF_FEN_MAX,
) -> dict[str, Any]:
    """Run a plan under one strategy.

    Args:
        plan: A valid plan, in the form of a plan file. Not modified.
        strategy: One of `STRATEGIES`.
        on_day: Called with each date and its end, first for `as_of` itself.
        payoff_fen_max: Largest payoff of a debt at the end of a day.

    Returns:
        What a worked case holds for one strategy, with every month-end after `as_of`; or
        `{"error": id}`, where a debt grew out of its bound.

    Raises:
        ValueError: The strategy is unknown, or a recorded payment is more than its debt
            can take; the message names the payment ("paid[0]: ...").
    """
    if strategy not in STRATEGIES:
        raise ValueError(f"unknown strategy: {strategy}")
    try:
        return _Run(plan, strategy, on_day, payoff_fen_max).result()
    except OutgrownError as error:
        return {"error": error.args[0]}


class _Run:
    """One plan under one strategy, while it runs."""

    def __init__(
        self, plan: Mapping[str, Any], strategy: str, on_day: Callable[[date, Day], None] | None, payoff_fen_max: int
    ) -> None:
        self.household = plan["household"]
        self.strategy = strategy
        self.on_day = on_day
        self.payoff_fen_max = payoff_fen_max
        self.as_of = date.fromisoformat(plan["as_of"])
        self.start = date.fromisoformat(plan.get("today") or plan["as_of"])
        self.end = day_in_month(self.start.year, self.start.month + plan["horizon_months"], 31)
        self.cash = fen(self.household["cash"])
        self.reserve = fen(self.household["reserve"])
        self.payday: int = self.household["payday"]
        self.decided_on = self.start
        self.debts: list[Debt] = [
            CardDebt(fields, self.as_of) if fields["kind"] == "card" else InstalmentDebt.from_plan(fields, self.as_of)
            for fields in plan["debts"]
        ]
        self.changes = {fields["id"]: list(fields.get("changes") or ()) for fields in plan["debts"]}
        self.one_offs = [
            (date.fromisoformat(one_off["date"]), one_off.get("for"), fen(one_off["amount"]))
            for one_off in self.household.get("one_offs") or ()
        ]
        self.payments = [
            (date.fromisoformat(payment["date"]), payment["debt"], fen(payment["amount"]))
            for payment in plan.get("paid") or ()
        ]
        self.worst_days_past_due = 0
        self.worst_shortfall = 0
        self.months: list[dict[str, Any]] = []

    def result(self) -> dict[str, Any]:
        """Walk to the end and say what came out."""
        self._end_day(self.as_of)
        today = self.as_of
        while today < self.end:
            today += ONE_DAY
            self._one_day(today)
            self._end_day(today)
        cleared = [debt.account.cleared_on for debt in self.debts]
        dates = [day for day in cleared if day is not None]
        paid = [debt.account.paid for debt in self.debts]
        total = sum(sum(parts.values()) for parts in paid)
        return {
            "strategy": self.strategy,
            "cleared": {debt.id: _text(day) for debt, day in zip(self.debts, cleared, strict=True)},
            "debt_free_on": max(dates).isoformat() if len(dates) == len(cleared) else None,
            "total_paid": yuan(total),
            "total_cost": yuan(total - sum(parts["principal"] for parts in paid)),
            "total_waived": yuan(sum(debt.account.waived for debt in self.debts)),
            "closing_payoff": yuan(sum(debt.payoff() for debt in self.debts)),
            "worst_days_past_due": self.worst_days_past_due,
            "worst_shortfall": yuan(self.worst_shortfall),
            "months": self.months,
        }

    def _open(self) -> list[Debt]:
        return [debt for debt in self.debts if debt.account.cleared_on is None]

    def _one_day(self, today: date) -> None:
        """Section 3, in its order."""
        for debt in self._open():
            debt.accrue()
        self._change(today)
        for debt in self._open():
            debt.fall_due(today)
        self._pay_earmarked(today)
        if today > self.start:
            is_payday = day_in_month(today.year, today.month, self.payday) == today
            if is_payday or today == self.start + ONE_DAY:
                self._decide(today, is_payday)
        for debt in self._open():
            debt.meet_deadlines(today)
        for debt in self._open():
            debt.accelerate(today)

    def _end_day(self, today: date) -> None:
        """Note what is cleared, what is worst, and the figures of a month-end."""
        for debt in self._open():
            payoff = debt.payoff()
            if payoff == 0:
                debt.close(today)
            if payoff > self.payoff_fen_max:
                raise OutgrownError(debt.id)
        if today >= self.start:
            worst = max(debt.days_past_due(today) for debt in self.debts)
            self.worst_days_past_due = max(self.worst_days_past_due, worst)
        if today > self.start:
            self.worst_shortfall = max(self.worst_shortfall, -self.cash)
        is_month_end = (today + ONE_DAY).day == 1 and today > self.as_of
        if not is_month_end and self.on_day is None:
            return
        figures = {debt.id: debt.figures(today) for debt in self.debts}
        if self.on_day is not None:
            self.on_day(today, Day(self.cash, figures))
        if is_month_end:
            debts = {name: _month_end(debt) for name, debt in figures.items()}
            self.months.append({"date": today.isoformat(), "cash": yuan(self.cash), "debts": debts})

    def _change(self, today: date) -> None:
        """3b: what was agreed for today."""
        for index, debt in enumerate(self.debts):
            for terms in self.changes[debt.id]:
                if date.fromisoformat(terms["date"]) == today and debt.account.cleared_on is None:
                    self.debts[index] = changed(debt, terms, today)

    def _pay_earmarked(self, today: date) -> None:
        """3d: money that others pay to a lender, then what was set aside for today."""
        if today <= self.start:
            for index, (day, name, amount) in enumerate(self.payments):
                if day == today and self._hand_over(name, amount, today):
                    raise ValueError(f"paid[{index}]: the debt {name} cannot take {yuan(amount)}")
            return
        for day, name, amount in self.one_offs:
            if day == today and name is not None:
                self.cash += self._hand_over(name, amount, today)
        for debt in self.debts:
            amount = debt.account.set_aside.pop(today, 0)
            if amount:
                self.cash -= debt.pay_owed(amount, today)

    def _hand_over(self, name: str, amount: int, today: date) -> int:
        """Pay an amount straight to a debt; return what it cannot take."""
        debt = next(debt for debt in self.debts if debt.id == name)
        left = amount - debt.pay_owed(amount, today)
        if debt.prepayment == "none":
            return left
        if left >= debt.payoff():
            return left - debt.pay_off()
        return left - debt.pay_beyond(left, today) if debt.prepayment == "any" else left

    def _decide(self, today: date, is_payday: bool) -> None:
        """3e and section 5."""
        self._take_in(today, is_payday)
        if self.strategy == "stop":
            return
        aside = sum(sum(debt.account.set_aside.values()) for debt in self.debts)
        budget = max(0, self.cash - self.reserve - aside)
        required, extra = self._orders(today)
        next_payday = first_after(today, self.payday)
        for debt in required:
            paid = debt.pay_owed(budget, today)
            self.cash -= paid
            budget -= paid
            budget -= self._set_aside(debt, budget, today, next_payday)
        for debt in extra:
            budget = self._pay_extra(debt, budget, today)

    def _take_in(self, today: date, is_payday: bool) -> None:
        self.cash += sum(
            amount for day, name, amount in self.one_offs if name is None and self.decided_on < day <= today
        )
        self.decided_on = today
        if is_payday:
            month = today.isoformat()[:7]
            for income in self.household.get("incomes") or ():
                if _holds(income, month):
                    self.cash += fen(income["amount"])
            for expense in self.household.get("expenses") or ():
                if _holds(expense, month):
                    self.cash -= half_up(fen(expense["amount"]) * (1 - Fraction(expense.get("cut") or "0")))

    def _orders(self, today: date) -> tuple[Sequence[Debt], Sequence[Debt]]:
        """Return the debts in the order in which they are kept current, and in which they get the rest."""
        debts = self._open()
        match self.strategy:
            case "minimum":
                return debts, ()
            case "avalanche":
                order = sorted(debts, key=lambda debt: -debt.annual_rate())
                return order, order
            case "snowball":
                order = sorted(debts, key=lambda debt: debt.payoff())
                return order, order
            case "rescue":
                extra = sorted(debts, key=lambda debt: (-debt.days_past_due(today), -debt.annual_rate()))
                return sorted(extra, key=lambda debt: not debt.reported), extra
            case _:
                return debts, debts

    def _set_aside(self, debt: Debt, budget: int, today: date, next_payday: date) -> int:
        """Set aside what falls due before the next payday, as far as the budget goes; return the fen."""
        coming = debt.foresee(today, next_payday)
        if coming is None:
            return 0
        due, amount = coming
        here = debt.account.set_aside.get(due, 0)
        more = max(0, min(budget, amount - here))
        debt.account.set_aside[due] = here + more
        return more

    def _pay_extra(self, debt: Debt, budget: int, today: date) -> int:
        """5.2: give a debt what is left of the budget; return what is then left."""
        aside = debt.account.set_aside
        funds = budget + sum(aside.values())
        if debt.prepayment != "none" and funds >= debt.payoff():
            paid = debt.pay_off()
            self.cash -= paid
            aside.clear()
            return funds - paid
        paid = debt.pay_owed(budget, today)
        if debt.prepayment == "any":
            paid += debt.pay_beyond(budget - paid, today)
        self.cash -= paid
        return budget - paid


def yuan(amount: int) -> str:
    """Write fen as yuan, as in a plan file."""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def _month_end(debt: Figures) -> dict[str, Any]:
    return {
        "payoff": yuan(debt.payoff),
        "principal": yuan(debt.principal),
        "days_past_due": debt.days_past_due,
        "charged": yuan(debt.charged),
        "waived": yuan(debt.waived),
        "court": None if debt.court is None else yuan(debt.court),
        "paid": {part: yuan(amount) for part, amount in debt.paid.items()},
    }


def _holds(flow: Mapping[str, Any], month: str) -> bool:
    """Whether an income or an expense counts in a month ("2026-11"; text in this form sorts by time)."""
    return (flow.get("from") or month) <= month <= (flow.get("until") or month)


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
