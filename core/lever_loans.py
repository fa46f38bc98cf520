"""Levers that borrow: a new loan in place of old debts, and money lent by family.

A plan's debts exist from `as_of` on, so a new one is written as a debt that sleeps until it is drawn: no rate, nothing
that falls due or can be prepaid, and on the first day that can still be moved (the day after `plan.start`) a change to
the terms of the contract. The engine looks at changes before it takes payments (CALCULATION.md §3), so the loan begins
to cost on the very day on which it pays off the old debts, to the fen, with or without a `today`. Until then it counts
in the plan's total although nothing is owed on it: only the reading of `plan.start` itself shows that. A later drawing
would spoil every reading in between and is not offered.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar, cast, get_args

from core.engine import layout as c
from core.engine.lower import Ints
from core.lever_base import PlanLever, open_debt, with_debt, with_one_offs
from core.lever_problems import Refusal
from core.lever_readings import first_day
from core.money import format_fen
from core.plan import Change, InstalmentDebt, OneOff, Plan
from core.plan_models import ChangeMethod, Prepayment, PrepaymentField
from core.plan_values import (
    AMOUNT_MAX,
    INSTALMENTS_MAX,
    AnnualRate,
    DailyRate,
    Day,
    DayCount,
    DayOfMonth,
    Fen,
    Flag,
    Id,
    Name,
    PaidFen,
    choice,
    whole,
)
from core.simulate import Scenario, simulate_days


@dataclass(frozen=True, kw_only=True)
class _Loan(PlanLever):
    """What both loans have.

    Attributes:
        id: Of the debt that it becomes.
        name: Who lends.
        amount: What is borrowed and must be paid back, fen.
        instalments: Due dates.
        due_day: The day of the month on which they fall.
        first_due: The first of them; None: the first such day after the drawing.
        method: How it is paid back.
        daily_rate, annual_rate, day_count: As of a debt; where no rate is given it bears no interest.
    """

    id: Id
    name: Name
    amount: PaidFen
    instalments: Annotated[int, whole(1, INSTALMENTS_MAX)]
    due_day: DayOfMonth
    first_due: Day | None = None
    method: Annotated[ChangeMethod, choice(*get_args(ChangeMethod))] = "equal_principal"
    daily_rate: DailyRate | None = None
    annual_rate: AnnualRate | None = None
    day_count: DayCount | None = None

    def debt(self, plan: Plan) -> InstalmentDebt:
        """Write the debt that it becomes in a plan: asleep until the first day that can be moved.

        Raises:
            Refusal: It has two rates.
        """
        raise NotImplementedError

    def _debt(self, plan: Plan, *, reported: bool, prepayment: Prepayment) -> InstalmentDebt:
        if self.daily_rate is not None and self.annual_rate is not None:
            raise Refusal(None, "rate.both")
        free = self.daily_rate is None and self.annual_rate is None
        terms = Change(
            date=first_day(plan),
            method=self.method,
            instalments=self.instalments,
            first_due=self.first_due,
            due_day=self.due_day,
            daily_rate=self.daily_rate,
            annual_rate=Decimal(0) if free else self.annual_rate,
            day_count=self.day_count,
            prepayment=prepayment,
        )
        return InstalmentDebt(
            id=self.id,
            name=self.name,
            kind="instalment",
            method="interest_only",
            annual_rate=Decimal(0),
            principal=self.amount,
            # Of these, none comes before the drawing: interest alone falls due, and there is none. The last one, with
            # the principal, lies 30 years ahead, and `today` at most ten.
            instalments_left=INSTALMENTS_MAX,
            due_day=self.due_day,
            reported=reported,
            prepayment="none",
            changes=(terms,),
        )


@dataclass(frozen=True, kw_only=True)
class NewLoan(_Loan):
    """Pay off old debts with a new loan, drawn on the first day that can be moved.

    Attributes:
        replaces: Ids of the debts that it pays off on that day; what is left of it joins the cash.
        fee: What the lender keeps back of the amount, fen.
        fee_in_advance: What is asked for before anything is paid out, fen: it comes from the household's cash.
        reported: Whether the new debt goes to the credit bureau.
        prepayment: As of a debt.
    """

    kind: ClassVar[str] = "new_loan"
    replaces: tuple[Id, ...]
    fee: Fen = 0
    fee_in_advance: Fen = 0
    reported: Flag = True
    prepayment: PrepaymentField = "any"

    @property
    def outside(self) -> int:
        """Less what is handed over, and the fee that is asked for in advance."""
        return self.fee_in_advance - (self.amount - self.fee)

    def debt(self, plan: Plan) -> InstalmentDebt:
        """Write the debt that it becomes."""
        return self._debt(plan, reported=self.reported, prepayment=self.prepayment)

    def change(self, plan: Plan) -> Plan:
        """Add the debt and pay the old ones off.

        Raises:
            Refusal: It is too small, an old debt does not exist, is cleared or cannot be paid off, or there is no room.
        """
        if self.fee >= self.amount:
            raise Refusal("fee", "loan.fee", found=format_fen(self.fee), amount=format_fen(self.amount))
        for k, debt_id in enumerate(self.replaces):
            open_debt(plan, debt_id, "replaces")
            if debt_id in self.replaces[:k]:
                raise Refusal("replaces", "loan.twice", found=debt_id)
        debt = self.debt(plan)
        owed = payoffs(plan, self.replaces)
        net = self.amount - self.fee
        short = sum(owed) - net
        if short > 0:
            told = [format_fen(fen) for fen in (net, sum(owed), short)]
            raise Refusal("amount", "loan.small", net=told[0], payoff=told[1], short=told[2])
        drawn = first_day(plan)
        flows = [
            OneOff(name=self.name, date=drawn, amount=fen, for_debt=debt_id)
            for debt_id, fen in zip(self.replaces, owed, strict=True)
        ]
        flows += [OneOff(name=self.name, date=drawn, amount=fen) for fen in (-short, -self.fee_in_advance) if fen]
        return with_debt(with_one_offs(plan, *flows), debt)


@dataclass(frozen=True, kw_only=True)
class FamilyLoan(_Loan):
    """Borrow from family, and pay it back: without interest and by equal parts, unless something else is said.

    It is drawn on the first day that can be moved, and does not go to the credit bureau.

    Attributes:
        for_debt: Id of the debt whose lender it goes straight to; None: it joins the cash.
    """

    kind: ClassVar[str] = "family_loan"
    for_debt: Id | None = None

    @property
    def outside(self) -> int:
        """Less what is handed over."""
        return -self.amount

    def debt(self, plan: Plan) -> InstalmentDebt:
        """Write the debt that it becomes."""
        return self._debt(plan, reported=False, prepayment="any")

    def change(self, plan: Plan) -> Plan:
        """Add the debt and the money."""
        if self.for_debt is not None:
            open_debt(plan, self.for_debt, "for_debt")
        given = OneOff(name=self.name, date=first_day(plan), amount=self.amount, for_debt=self.for_debt)
        return with_debt(with_one_offs(plan, given), self.debt(plan))


def payoffs(plan: Plan, debt_ids: tuple[str, ...]) -> list[int]:
    """Ask the engine what pays each debt off on the first day that can be moved, after all that the plan has for it.

    Raises:
        Refusal: A debt cannot be paid off on that day, or nothing is left to pay, or the plan has no answer.
    """
    day = first_day(plan)
    short = plan.model_copy(update={"horizon_months": 1})
    household = plan.household
    probes = [OneOff(name="probe", date=day, amount=AMOUNT_MAX, for_debt=debt_id) for debt_id in debt_ids]
    probed = short.model_copy(
        update={"household": household.model_copy(update={"one_offs": (*household.one_offs, *probes)})}
    )
    before, after = simulate_days([Scenario(short, "stop"), Scenario(probed, "stop")], [day])
    for outcome in (before, after):
        if outcome.refused is not None:
            raise Refusal(None, "paid.refused")
        if outcome.error is not None:
            raise Refusal(None, "debt.outgrown", found=outcome.error)
    places = {debt.id: k for k, debt in enumerate(plan.debts)}
    found: list[int] = []
    for debt_id in debt_ids:
        planned, probed_row = (cast(Ints, outcome.details)[0, places[debt_id]] for outcome in (before, after))
        if probed_row[c.F_PAYOFF] > 0:
            raise Refusal("replaces", "loan.no_prepayment", found=debt_id)
        fen = _paid(probed_row) - _paid(planned)
        if fen == 0:
            raise Refusal("replaces", "debt.cleared", found=debt_id)
        found.append(fen)
    return found


def _paid(row: Ints) -> int:
    return int(row[c.F_PAID_PRINCIPAL] + row[c.F_PAID_INTEREST] + row[c.F_PAID_PENALTY] + row[c.F_PAID_FEES])
