"""What a link shows, field by field (`ashore.family/1`): figures that were worked out by the owner, and no plan.

What is hidden is not there: a field of it is absent. Parts are built and written as those of a plan.
"""

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import Field

from core.household_models import Strategy
from core.household_values import Line, Note
from core.money import format_fen
from core.plan_models import Part
from core.plan_values import Day, FileValue, Flag, Id, choice, read_amount, whole

SCHEMA = "ashore.family/1"

HelpKind = Literal["once", "monthly", "loan"]
DebtKind = Literal["card", "loan"]

_WIDEST = 10**14  # forty debts of 10^11 fen fit with room
_DAYS_MAX = 100_000

Sum = Annotated[int, FileValue(lambda value: read_amount(value, -_WIDEST, _WIDEST), int, format_fen)]
Kind = Annotated[HelpKind, choice(*get_args(HelpKind))]
Months = Annotated[int, whole(1, 360)]


class Hidden(Part, frozen=True):
    """What a link hides. It is chosen when the link is made, and stays so.

    Attributes:
        lender_names: Names of debts and lenders, and which products they are.
        amounts: Every amount below the total; with them whatever would let one work them out. The total of today is
            exact, all other figures are rounded.
        incomes: What comes in and what living costs.
        names: Names of people and of what comes in.
        notes: What the household has written down. A note may repeat anything, so notes are shown only where nothing
            else is hidden.
    """

    lender_names: Flag = True
    amounts: Flag = True
    incomes: Flag = True
    names: Flag = True
    notes: Flag = True

    @property
    def hides_notes(self) -> bool:
        """Whether notes are left out."""
        return self.notes or self.lender_names or self.amounts or self.incomes or self.names


class FamilyDebt(Part, frozen=True):
    """A debt on which something is owed.

    Attributes:
        key: Names it in this document, and in what is offered for it; another link has another one.
        name: Empty where it is hidden.
        kind: What may be said in place of a name.
        days_past_due: Today.
        owed: Today, fen.
        cleared_on: By the way that is followed; None where it stays open, or amounts are hidden.
        note: What the household has noted of it.
    """

    key: Id
    name: Line = ""
    kind: Annotated[DebtKind, choice(*get_args(DebtKind))]
    days_past_due: Annotated[int, whole(0, _DAYS_MAX)]
    owed: Sum | None = None
    cleared_on: Day | None = None
    note: Note = ""


class FamilyPayment(Part, frozen=True):
    """What falls due, or is paid, on one day of the next 30 (`core.today.Coming`); without amounts where hidden."""

    day: Day
    debt: Id
    days_late: Annotated[int, whole(0, _DAYS_MAX)]
    due: Sum | None = None
    paid: Sum | None = None


class FamilyWay(Part, frozen=True):
    """How one strategy goes.

    Attributes:
        strategy: Its name.
        free_on: When the last debt is paid off; None where one stays open.
        cost: Interest, penalty and fees paid until the end, fen.
        owed: Totals on the document's `days`, fen.
    """

    strategy: Annotated[Strategy, choice(*get_args(Strategy))]
    free_on: Day | None = None
    cost: Sum
    owed: tuple[Sum, ...]


class FamilyIncome(Part, frozen=True):
    """Something that comes in on the next payday."""

    name: Line
    amount: Sum


class Help(Part, frozen=True):
    """What one kind of help does, at sums from nothing upwards.

    Attributes:
        kind: `once`, `monthly` or `loan` (paid back in equal parts, without interest).
        months: For how long it is given every month, None: to the end; in how many months it is paid back.
        to: The key of the debt whose lender it goes straight to; None: to the household.
        sums: Fen, rising from 0.
        free_on: With each sum, the day free of debt; None where a debt stays open.
        saved: With each sum, how much less leaves the household's pocket, fen; below 0 where it is more; None where
            there is no answer.
    """

    kind: Kind
    months: Months | None = None
    to: Id | None = None
    sums: tuple[Sum, ...]
    free_on: tuple[Day | None, ...]
    saved: tuple[Sum | None, ...]

    def nearest(self, fen: int) -> int:
        """Give the position of the sum that lies nearest, the lower of two."""
        return min(range(len(self.sums)), key=lambda k: abs(self.sums[k] - fen))


class FamilyDocument(Part, frozen=True):
    """What a link shows.

    Attributes:
        day: The household's day that all this is of.
        hidden: What was left out.
        owed: All that is owed, fen; None where the plan has no answer.
        way: The strategy that is followed, the first of `ways`; None where the plan has no answer.
        chosen: Whether the household decided for it; else it is the best.
        days: The points in time of all courses.
        ways: The way that is followed; the others too where amounts are shown.
        debts: Those on which something is owed, in the plan's order.
        payments: Of the next 30 days, by day.
        income, living_costs: Of the next payday, fen.
        incomes: What comes in then.
        persons: Names of those who live on it.
        note: What the household has written down.
        helps: What help does, by kind and aim.
    """

    schema_: Annotated[Literal["ashore.family/1"], choice(SCHEMA, code="schema.unknown")] = Field(
        validation_alias="schema", serialization_alias="schema"
    )
    day: Day
    hidden: Hidden
    owed: Sum | None = None
    way: Annotated[Strategy, choice(*get_args(Strategy))] | None = None
    chosen: Flag = False
    days: tuple[Day, ...] = ()
    ways: tuple[FamilyWay, ...] = ()
    debts: tuple[FamilyDebt, ...] = ()
    payments: tuple[FamilyPayment, ...] = ()
    income: Sum | None = None
    living_costs: Sum | None = None
    incomes: tuple[FamilyIncome, ...] = ()
    persons: tuple[Line, ...] = ()
    note: Note = ""
    helps: tuple[Help, ...] = ()

    @property
    def free_on(self) -> date | None:
        """When the way that is followed ends without debt."""
        return self.ways[0].free_on if self.ways else None

    def help_of(self, kind: HelpKind, months: int | None = None, to: str | None = None) -> Help | None:
        """Find what one kind of help does; None where this document does not say."""
        return next((each for each in self.helps if (each.kind, each.months, each.to) == (kind, months, to)), None)

    def best_aim(self, kind: HelpKind, fen: int, months: int | None = None) -> Help | None:
        """Find where a sum helps most: by what it saves, then by the day free of debt, the household before lenders."""
        able: list[tuple[int, int, int]] = []
        for k, each in enumerate(self.helps):
            if (each.kind, each.months) == (kind, months):
                at = each.nearest(fen)
                saved, free = each.saved[at], each.free_on[at]
                if saved is not None:
                    able.append((-saved, (free or date.max).toordinal(), k))
        return self.helps[min(able)[2]] if able else None
