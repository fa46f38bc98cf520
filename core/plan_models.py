"""The models of a plan file, field by field (CALCULATION.md §2, §3b, §8).

Each value is judged by its field here; what involves several values is judged by `core.plan_checks`. A model built
in Python (`Income(...)`, `plan.model_copy(update=...)`) takes what it holds: fen, `Decimal`, `date`, month index.
"""

from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, cast, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    Tag,
    ValidationInfo,
    field_validator,
    model_serializer,
)

from core.money import parse_amount
from core.plan_values import (
    GRACE_MAX,
    HORIZON_MAX,
    INSTALMENTS_MAX,
    AnnualRate,
    DailyRate,
    Day,
    DayCount,
    DayOfMonth,
    Fen,
    Flag,
    Id,
    Month,
    Multiplier,
    Name,
    OverdueDays,
    PaidFen,
    Share,
    SignedFen,
    choice,
    month_index,
    rows,
    whole,
)

SCHEMA = "ashore.plan/1"
Method = Literal["equal_principal", "equal_instalment", "interest_only", "bullet", "flat_fee"]
ChangeMethod = Literal["equal_principal", "equal_instalment", "interest_only", "bullet"]
PenaltyBase = Literal["overdue_principal", "overdue_principal_and_interest", "all_principal"]
Prepayment = Literal["any", "full_only", "none"]

PENALTY_MULTIPLIER = Decimal("1.5")
MIN_RATE = Decimal("0.10")
MIN_FLOOR = parse_amount("100.00")
LATE_FEE_RATE = Decimal("0.05")
LATE_FEE_MIN = parse_amount("10.00")
DAY_COUNT = 365

PrepaymentField = Annotated[Prepayment, choice(*get_args(Prepayment))]


class Part(BaseModel, frozen=True):
    """What all parts of a plan share: nothing unknown, nothing changed in place, one way of being written.

    As JSON a part gives every field in the order of its model, defaults included, but not those that are null or that
    its other fields leave without a meaning.
    """

    model_config = ConfigDict(extra="forbid", validate_by_name=True, validate_by_alias=True)

    def _is_written(self, name: str, value: object) -> bool:
        return value is not None

    @model_serializer(mode="wrap")
    def _write(self, write: SerializerFunctionWrapHandler, info: SerializationInfo) -> dict[str, object]:
        written: dict[str, object] = write(self)
        if info.mode != "json":
            return written
        return {name: value for name, value in written.items() if self._is_written(name, value)}


class Income(Part, frozen=True):
    """Money that comes in on every payday from one month to another, both included; None is open."""

    name: Name
    amount: Fen
    from_month: Month | None = Field(default=None, validation_alias="from", serialization_alias="from")
    until_month: Month | None = Field(default=None, validation_alias="until", serialization_alias="until")


class Expense(Part, frozen=True):
    """Living costs of every payday; `cut` is the share that is no longer spent."""

    name: Name
    category: Name
    amount: Fen
    essential: Flag
    cut: Share = Decimal(0)
    from_month: Month | None = Field(default=None, validation_alias="from", serialization_alias="from")
    until_month: Month | None = Field(default=None, validation_alias="until", serialization_alias="until")


class OneOff(Part, frozen=True):
    """Money that comes in once, or goes out (below 0); with `for_debt` it goes straight to that debt's lender."""

    name: Name
    date: Day
    amount: SignedFen
    for_debt: Id | None = Field(default=None, validation_alias="for", serialization_alias="for")


class Household(Part, frozen=True):
    """The money side of the household: what it has, keeps back, earns and spends."""

    payday: DayOfMonth
    cash: SignedFen
    reserve: Fen
    incomes: Annotated[tuple[Income, ...], rows("incomes")]
    expenses: Annotated[tuple[Expense, ...], rows("expenses")]
    one_offs: Annotated[tuple[OneOff, ...], rows("one_offs")]


class Bill(Part, frozen=True):
    """What is unpaid of a bill of an instalment debt that was due on or before `as_of`."""

    due: Day
    principal: Fen
    interest: Fen


class Statement(Part, frozen=True):
    """What is unpaid of the minimum of a card's statement issued by `as_of`."""

    due: Day
    unpaid: Fen


def _null_as(default: object) -> BeforeValidator:
    """In a change, a field that is null counts as not named."""
    return BeforeValidator(lambda value: default if value is None else value)


WaivedShare = Annotated[Share, _null_as("0")]


class Waive(Part, frozen=True):
    """The shares that an agreed change forgives, each 0 to 1."""

    principal: WaivedShare = Decimal(0)
    interest: WaivedShare = Decimal(0)
    penalty: WaivedShare = Decimal(0)
    fees: WaivedShare = Decimal(0)


class Change(Part, frozen=True):
    """A change agreed with the lender (CALCULATION.md §3b); None is a term that it does not name.

    For `accelerate_after_days` None is also a value, never; `names_acceleration` tells which it is. A change that names
    it as None therefore differs from one that does not.
    """

    date: Day
    method: Annotated[ChangeMethod, choice(*get_args(ChangeMethod))]
    instalments: Annotated[int, whole(1, INSTALMENTS_MAX)]
    waive: Annotated[Waive, _null_as({})] = Waive()
    first_due: Day | None = None
    due_day: DayOfMonth | None = None
    daily_rate: DailyRate | None = None
    annual_rate: AnnualRate | None = None
    day_count: DayCount | None = Field(default=None, validate_default=True)
    penalty_multiplier: Multiplier | None = None
    accelerate_after_days: OverdueDays | None = None
    prepayment: PrepaymentField | None = None

    @field_validator("day_count")
    @classmethod
    def _default_day_count(cls, value: int | None, info: ValidationInfo) -> int | None:
        return DAY_COUNT if value is None and info.data.get("annual_rate") is not None else value

    @property
    def names_acceleration(self) -> bool:
        """Whether the change says anything about acceleration; if not, the debt's own term stays."""
        return "accelerate_after_days" in self.model_fields_set

    def __eq__(self, other: object) -> bool:
        """Compare the terms, and whether acceleration is named."""
        same = super().__eq__(other)
        return same and isinstance(other, Change) and self.names_acceleration == other.names_acceleration

    def __hash__(self) -> int:
        """Agree with `__eq__`."""
        return hash((Change, self.names_acceleration, *self.__dict__.values()))

    def _is_written(self, name: str, value: object) -> bool:
        return value is not None or (name == "accelerate_after_days" and self.names_acceleration)


class _Debt(Part, frozen=True):
    """What debts of both kinds have."""

    id: Id
    name: Name
    kind: Literal["instalment", "card"]
    daily_rate: DailyRate | None = None
    annual_rate: AnnualRate | None = None
    day_count: DayCount = DAY_COUNT
    grace_days: Annotated[int, whole(0, GRACE_MAX)] = 0
    fees: Fen = 0
    reported: Flag = True
    cap_rate: AnnualRate | None = None
    changes: Annotated[tuple[Change, ...], rows("changes")] = ()
    principal_first_after_days: OverdueDays | None = None
    accrued: Fen | None = None
    interest_from: Day | None = None

    def _is_written(self, name: str, value: object) -> bool:
        return value is not None and (name != "day_count" or self.annual_rate is not None)


class InstalmentDebt(_Debt, frozen=True):
    """A loan that falls due in instalments, or all at once."""

    kind: Annotated[Literal["instalment"], choice("instalment", "card")]
    method: Annotated[Method, choice(*get_args(Method))]
    principal: Fen
    instalments_left: Annotated[int, whole(0, INSTALMENTS_MAX)]
    due_day: DayOfMonth
    fee_per_instalment: Fen = 0
    bills: Annotated[tuple[Bill, ...], rows("bills")] = ()
    penalty: Fen = 0
    penalty_daily_rate: DailyRate | None = None
    penalty_multiplier: Multiplier | None = Field(default=None, validate_default=True)
    penalty_base: Annotated[PenaltyBase, choice(*get_args(PenaltyBase))] = "overdue_principal"
    accelerate_after_days: OverdueDays | None = None
    prepayment: PrepaymentField = "any"

    @field_validator("penalty_multiplier")
    @classmethod
    def _default_multiplier(cls, value: Decimal | None, info: ValidationInfo) -> Decimal | None:
        return PENALTY_MULTIPLIER if value is None and info.data.get("penalty_daily_rate") is None else value

    def _is_written(self, name: str, value: object) -> bool:
        fits = name != "fee_per_instalment" or self.method == "flat_fee"
        return fits and super()._is_written(name, value)


class CardDebt(_Debt, frozen=True):
    """A revolving balance on which nothing new is spent, with statements and minimum payments."""

    kind: Annotated[Literal["card"], choice("instalment", "card")]
    balance: Fen
    statement_day: DayOfMonth
    due_day: DayOfMonth
    min_rate: Share = MIN_RATE
    min_floor: Fen = MIN_FLOOR
    late_fee_rate: Share = LATE_FEE_RATE
    late_fee_min: Fen = LATE_FEE_MIN
    statements: Annotated[tuple[Statement, ...], rows("statements")] = ()


Debt = InstalmentDebt | CardDebt


def _kind_of(value: object) -> Literal["instalment", "card"]:
    """Choose the model that reads a debt.

    Where `kind` is neither of the two, the debt is read as what its fields look like, so that they are judged too;
    `kind` itself is refused by either model.
    """
    if isinstance(value, _Debt):
        return value.kind
    fields = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    if fields.get("kind") == "instalment":
        return "instalment"
    return "card" if fields.get("kind") == "card" or "balance" in fields or "statement_day" in fields else "instalment"


class Payment(Part, frozen=True):
    """What was really paid to a debt after `as_of`."""

    date: Day
    debt: Id
    amount: PaidFen


class Plan(Part, frozen=True):
    """A household and its debts as they stand at the end of `as_of`."""

    schema_: Annotated[Literal["ashore.plan/1"], choice(SCHEMA, code="schema.unknown")] = Field(
        validation_alias="schema", serialization_alias="schema"
    )
    as_of: Day
    horizon_months: Annotated[int, whole(1, HORIZON_MAX)]
    household: Household
    debts: Annotated[
        tuple[
            Annotated[
                Annotated[InstalmentDebt, Tag("instalment")] | Annotated[CardDebt, Tag("card")],
                Discriminator(_kind_of),
            ],
            ...,
        ],
        rows("debts"),
    ]
    today: Day | None = None
    paid: Annotated[tuple[Payment, ...], rows("paid")] = ()

    @property
    def start(self) -> date:
        """The day after which the household decides: `today`, or `as_of` where the plan has none."""
        return self.today or self.as_of

    @property
    def end(self) -> date:
        """The last simulated day: the last of the month that lies `horizon_months` after that of `start`."""
        year, month = divmod(month_index(self.start) + self.horizon_months, 12)
        return date(year, month + 1, monthrange(year, month + 1)[1])
