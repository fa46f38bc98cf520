"""The models of a household document, field by field: what a household knows of its debts beyond what the engine needs.

Only `plan` is calculated with. Everything else serves pages, letters and levers and has a default, so that a plan alone
makes a document. Parts are built, copied and written as those of a plan are (`core.plan_models.Part`).
"""

from typing import Annotated, Literal, cast, get_args

from pydantic import BeforeValidator, Field, field_serializer

from core.household_values import BIRTH_YEARS, Kind, Line, Note, ParamsField, Time, limited
from core.plan import Plan
from core.plan_models import Part
from core.plan_problems import Fault
from core.plan_values import LENGTHS, Day, Fen, Flag, Id, as_object, choice, whole

SCHEMA = "ashore.household/1"

Strategy = Literal["stop", "minimum", "avalanche", "snowball", "rescue", "custom"]
PersonKind = Literal["adult", "child", "elderly"]
State = Literal["considered", "chosen", "dropped"]
Language = Literal["zh", "en"]


class LenderBalance(Part, frozen=True):
    """What the lender's app or letter said is owed, and of which day."""

    date: Day
    amount: Fen


class DebtDetails(Part, frozen=True):
    """What is known of one debt of the plan besides its terms.

    Attributes:
        debt: Its id in the plan; in a file the key of the object.
        product: A preset of `core.products`, by id. One that is not known there counts as none: presets come and go,
            and no document may become unreadable by that.
        lender: The lender's full name, as a letter needs it.
        contract_date: When the contract was signed.
        borrowed: What was paid out by the lender, fen.
        paid_before: What was paid to the lender in all until the plan's `as_of`, fen.
        lender_balance: What the lender says is owed, to be held against the plan.
        notes: Whatever the household wants to keep.
    """

    debt: Id
    product: Id | None = None
    lender: Line = ""
    contract_date: Day | None = None
    borrowed: Fen | None = None
    paid_before: Fen | None = None
    lender_balance: LenderBalance | None = None
    notes: Note = ""


class Person(Part, frozen=True):
    """Someone who lives on the household's money; the year of birth, unlike an age, stays true."""

    name: Line = ""
    kind: Annotated[PersonKind, choice(*get_args(PersonKind))]
    birth_year: Annotated[int, whole(*BIRTH_YEARS)] | None = None


class _Option(Part, frozen=True):
    """Something that could be done; the kinds and what their parameters mean are the business of `core.levers`."""

    id: Id
    kind: Kind
    name: Line = ""
    state: Annotated[State, choice(*get_args(State))] = "considered"
    params: ParamsField = ()


class Lever(_Option, frozen=True):
    """Something that the household could do itself: cut an expense, sell something, borrow from a brother."""


class Offer(_Option, frozen=True):
    """Something to be agreed with a lender."""


class Answers(Part, frozen=True):
    """What comes before any lender. True: this is the case here; None: nobody has been asked yet.

    Attributes:
        food, rent, medicine: There is not enough for it until the next payday.
        court_papers: A court or a law firm has written.
        threats: Someone threatens or harasses the household, its relatives or colleagues.
        despair: Someone cannot bear it any more.
    """

    food: Flag | None = None
    rent: Flag | None = None
    medicine: Flag | None = None
    court_papers: Flag | None = None
    threats: Flag | None = None
    despair: Flag | None = None


class Call(Part, frozen=True):
    """One call with a lender or a collector, written down.

    Attributes:
        date, time: When it began; the time as HH:MM.
        debt: Id of the debt that it was about. The entry stays when the debt is deleted: it may be evidence.
        incoming: Whether they called the household.
        who: Name, company, staff number, telephone number.
        notes: What was said and agreed.
    """

    date: Day
    time: Time | None = None
    debt: Id | None = None
    incoming: Flag = True
    who: Line = ""
    notes: Note = ""


def _listed(value: object) -> object:
    """Take the object of a file, debt id to details, as the list that the model holds."""
    entries = as_object(value)
    if entries is None:
        if isinstance(value, tuple):  # what the model holds already
            return cast("tuple[object, ...]", value)
        raise Fault("object.type", found=value)
    most = LENGTHS["debts"][1]
    return [_with_id(debt, entry) for debt, entry in list(entries.items())[:most]]


def _with_id(debt: str, entry: object) -> object:
    fields = as_object(entry)
    return entry if fields is None else {**fields, "debt": f"{debt}"}


class HouseholdDocument(Part, frozen=True):
    """A plan and everything else that a household keeps with it.

    Attributes:
        plan: What is calculated with.
        debts: Details of debts of the plan, one a debt at most; in a file an object, debt id to details.
        persons: Who lives on the household's money.
        levers, offers: What could be done, and whether it is.
        chosen: The strategy that the household has decided for.
        answers: What comes before any lender.
        calls: Calls with lenders and collectors, in the order in which they were written down.
        notes: Whatever the household wants to keep.
        language: The language that the household reads; None where it never said.
    """

    schema_: Annotated[Literal["ashore.household/1"], choice(SCHEMA, code="schema.unknown")] = Field(
        validation_alias="schema", serialization_alias="schema"
    )
    plan: Plan
    debts: Annotated[tuple[DebtDetails, ...], BeforeValidator(_listed)] = ()
    persons: Annotated[tuple[Person, ...], limited("persons")] = ()
    levers: Annotated[tuple[Lever, ...], limited("levers")] = ()
    offers: Annotated[tuple[Offer, ...], limited("offers")] = ()
    chosen: Annotated[Strategy, choice(*get_args(Strategy))] | None = None
    answers: Answers = Answers()
    calls: Annotated[tuple[Call, ...], limited("calls")] = ()
    notes: Note = ""
    language: Annotated[Language, choice(*get_args(Language))] | None = None

    @field_serializer("debts", when_used="json")
    def _write_debts(self, debts: tuple[DebtDetails, ...]) -> dict[str, object]:
        return {each.debt: each.model_dump(mode="json", by_alias=True, exclude={"debt"}) for each in debts}

    def details_of(self, debt_id: str) -> DebtDetails:
        """Give the details of a debt; blank ones where nothing is known."""
        return next((each for each in self.debts if each.debt == debt_id), DebtDetails(debt=debt_id))
