"""What family offers by a link (`ashore.pledge/1`), what the household answers (`ashore.answer/1`), and its lever.

A pledge is a promise and no payment: nothing in the plan changes until the household accepts it.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal, get_args

from pydantic import Field

from core.household_models import Lever
from core.household_values import read_note
from core.lever_base import PlanLever
from core.lever_loans import FamilyLoan
from core.lever_money import FamilyGift, FamilyMonthly
from core.lever_readings import first_payday_month
from core.levers import as_option
from core.money import format_fen
from core.plan import Plan, PlanError
from core.plan_models import Part
from core.plan_problems import Fault, Problem
from core.plan_values import Day, FileValue, Id, PaidFen, choice, read_text
from core.sharing.family_models import FamilyDocument, HelpKind, Kind, Months
from core.sharing.reading import read, read_value
from core.sharing.secrets import Keys

PLEDGE_SCHEMA = "ashore.pledge/1"
ANSWER_SCHEMA = "ashore.answer/1"

WHO_MAX = 60
MESSAGE_MAX = 500

State = Literal["sent", "accepted", "declined"]
Verdict = Literal["accepted", "declined"]

PROBLEMS: dict[str, tuple[str, str]] = {
    "pledge.months_missing": (
        "借的钱要写明分几个月还；请填 1 到 360 之间的整数。",
        "a loan needs the number of months in which it is paid back; expected a whole number from 1 to 360.",
    ),
    "pledge.months_idle": (
        "一次给的钱没有月数；请去掉。",
        "money given once has no months; expected none.",
    ),
    "pledge.debt_gone": (
        "想直接还的那笔债务已经不在计划里，或已还清；可以请对方改为交给家里。",
        "the debt that this was meant for is no longer in the plan, or is paid off; it may be given to the household "
        "instead.",
    ),
}
"""Code to sentence: Chinese, English."""


def _message(value: object) -> str:
    if isinstance(value, str) and len(value) > MESSAGE_MAX:
        raise Fault("text.long", count=len(value), limit=MESSAGE_MAX)
    return read_note(value)


Who = Annotated[str, FileValue(lambda value: read_text(value, WHO_MAX))]
Message = Annotated[str, FileValue(_message)]


class Pledge(Part, frozen=True):
    """What somebody offers.

    Attributes:
        who: As he calls himself.
        kind: `once`, `monthly`, or `loan` (paid back in equal parts, without interest).
        amount: Fen, a month where it is monthly.
        months: For how many months, None: to the end; of a loan, in how many it is paid back; of `once` none.
        to: The key of a debt in the document of his link, whose lender it goes straight to; None: to the household.
        message: What he says to it.
        made_on: The day.
    """

    schema_: Annotated[Literal["ashore.pledge/1"], choice(PLEDGE_SCHEMA, code="schema.unknown")] = Field(
        default=PLEDGE_SCHEMA, validation_alias="schema", serialization_alias="schema"
    )
    who: Who
    kind: Kind
    amount: PaidFen
    months: Months | None = None
    to: Id | None = None
    message: Message = ""
    made_on: Day


class Answer(Part, frozen=True):
    """What the household says to a pledge.

    Attributes:
        pledge: Its id.
        verdict: Whether it is accepted.
        message: What the household says to it.
        made_on: The day.
    """

    schema_: Annotated[Literal["ashore.answer/1"], choice(ANSWER_SCHEMA, code="schema.unknown")] = Field(
        default=ANSWER_SCHEMA, validation_alias="schema", serialization_alias="schema"
    )
    pledge: Id
    verdict: Annotated[Verdict, choice(*get_args(Verdict))]
    message: Message = ""
    made_on: Day


@dataclass(frozen=True)
class Sent:
    """A pledge as its link sees it.

    Attributes:
        id: Its id.
        pledge: What was offered.
        at: When, UTC.
        answer: What the household said; None: nothing yet.
    """

    id: str
    pledge: Pledge
    at: datetime
    answer: Answer | None

    @property
    def state(self) -> State:
        """How it stands."""
        return "sent" if self.answer is None else self.answer.verdict


@dataclass(frozen=True)
class Offered(Sent):
    """A pledge as the owner sees it.

    Attributes:
        link: Id of the link that it came by.
        link_name: What the owner called that link.
        debt: Id of the debt that it is meant for; None: for the household, or that debt is no longer in the plan.
        debt_is_gone: Whether it was meant for a debt that is no longer in the plan.
    """

    link: str
    link_name: str
    debt: str | None
    debt_is_gone: bool


def pledge_from(
    *,
    who: str,
    kind: HelpKind,
    amount: int,
    made_on: date,
    months: int | None = None,
    to: str | None = None,
    message: str = "",
    shown: FamilyDocument | None = None,
) -> Pledge:
    """Make a pledge from what was typed.

    Args:
        who: As the giver calls himself.
        kind: What is offered.
        amount: Fen.
        made_on: The day.
        months: For how long.
        to: The key of a debt of `shown`; None: to the household.
        message: A word to it.
        shown: The document of the link; its debts are those that may be meant.

    Raises:
        PlanError: Something is wrong; every problem is named, at the field.
    """
    typed: dict[str, object] = {
        "schema": PLEDGE_SCHEMA,
        "who": who,
        "kind": kind,
        "amount": format_fen(amount),
        "months": months,
        "to": to,
        "message": message,
        "made_on": made_on.isoformat(),
    }
    pledge = _whole(read_value(Pledge, PLEDGE_SCHEMA, {name: each for name, each in typed.items() if each is not None}))
    if to is not None and shown is not None and to not in {debt.key for debt in shown.debts}:
        raise PlanError([_problem("to", "pledge.debt_gone")])
    return pledge


def parse_pledge(data: bytes) -> Pledge:
    """Read a pledge.

    Raises:
        PlanError: Something is wrong; every problem is named.
    """
    return _whole(read(Pledge, PLEDGE_SCHEMA, data))


def parse_answer(data: bytes) -> Answer:
    """Read an answer.

    Raises:
        PlanError: Something is wrong; every problem is named.
    """
    return read(Answer, ANSWER_SCHEMA, data)


def answer_from(offered: Offered, verdict: Verdict, made_on: date, message: str = "") -> Answer:
    """Make an answer from what was typed.

    Raises:
        PlanError: Something is wrong; every problem is named, at the field.
    """
    typed: dict[str, object] = {
        "schema": ANSWER_SCHEMA,
        "pledge": offered.id,
        "verdict": verdict,
        "message": message,
        "made_on": made_on.isoformat(),
    }
    return read_value(Answer, ANSWER_SCHEMA, typed)


def id_of(pledge: Pledge, keys: Keys) -> str:
    """Give the id of a pledge: the same one for the same words on the same day, so that what is sent twice is one."""
    return keys.name_of(b"pledge:" + json.dumps(pledge.model_dump(mode="json"), sort_keys=True).encode(), 16)


def key_of(debt_id: str, keys: Keys) -> str:
    """Give the key by which a link knows a debt."""
    return keys.name_of(b"debt:" + debt_id.encode("utf-8", "surrogatepass"))


def debt_of(key: str, keys: Keys, plan: Plan) -> str | None:
    """Give the id of the debt that a link knows by a key; None where the plan has none."""
    return next((debt.id for debt in plan.debts if key_of(debt.id, keys) == key), None)


def as_lever(offered: Offered, plan: Plan, *, to_household: bool = False) -> PlanLever:
    """Write a pledge as a lever.

    Args:
        offered: What is offered.
        plan: The plan that it is for.
        to_household: Give it to the household whatever it was meant for.

    Raises:
        PlanError: The debt that it was meant for is gone.
    """
    pledge = offered.pledge
    if offered.debt_is_gone and not to_household:
        raise PlanError([_problem("to", "pledge.debt_gone")])
    debt = None if to_household else offered.debt
    if pledge.kind == "once":
        return FamilyGift(name=pledge.who, amount=pledge.amount, for_debt=debt)
    if pledge.kind == "monthly":
        until = None if pledge.months is None else first_payday_month(plan) + pledge.months - 1
        return FamilyMonthly(name=pledge.who, amount=pledge.amount, until_month=until, for_debt=debt)
    return FamilyLoan(
        id=option_id(offered),
        name=pledge.who,
        amount=pledge.amount,
        instalments=pledge.months or 1,
        due_day=plan.household.payday,
        for_debt=debt,
    )


def as_chosen(offered: Offered, plan: Plan, *, to_household: bool = False) -> Lever:
    """Write a pledge as an entry of the household's document that is chosen; accepted twice, it is the same entry.

    Raises:
        PlanError: The debt that it was meant for is gone.
    """
    option = as_option(as_lever(offered, plan, to_household=to_household), option_id(offered), offered.pledge.who)
    return Lever(id=option.id, kind=option.kind, name=option.name, state="chosen", params=option.params)


def option_id(offered: Offered) -> str:
    """Give the id of its entry in the household's document."""
    return f"pledge-{offered.id}"


def _whole(pledge: Pledge) -> Pledge:
    """See to it that the fields go together."""
    if pledge.kind == "loan" and pledge.months is None:
        raise PlanError([_problem("months", "pledge.months_missing")])
    if pledge.kind == "once" and pledge.months is not None:
        raise PlanError([_problem("months", "pledge.months_idle")])
    return pledge


def _problem(field: str, code: str) -> Problem:
    return Problem(field, code, *PROBLEMS[code])
