"""Presets: what is known of the products of Chinese lenders, as defaults for one debt of a plan.

A preset never hides a number: each default names its fact, and with it source, date and certainty. What the user types
overrides it, and `core.entry` turns preset and entry into a debt. Rules that the model cannot express are notes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from core.facts import Answer, Certainty, Kind, Text, backing, facts
from core.law import licensed_cap_rate, private_cap_periods
from core.money import format_fen, format_rate

Json = str | int | bool
Lender = Literal["bank", "platform", "person"]


@dataclass(frozen=True)
class Default:
    """One field of a debt, as a preset fills it in.

    Attributes:
        field: Name in a plan file's debt.
        value: As the file has it.
        facts: Ids of the facts that it comes from.
        kind, certainty: Of the weakest of those facts.
        sources: Their marks.
        title: What it is, in both languages.
        note: What must be said with it.
    """

    field: str
    value: Json
    facts: tuple[str, ...]
    kind: Kind
    certainty: Certainty
    sources: tuple[str, ...]
    title: Text
    note: Text | None = None


@dataclass(frozen=True)
class Product:
    """A product that a household may owe on.

    Attributes:
        id: Its name in a household document.
        title: Its name on screen.
        kind: The kind of debt it becomes.
        lender: Who lends: a bank, a platform (with a licence of some sort), a person.
        needs: What the user must type: fields of `core.entry.Entry`, or debt fields that go into its `overrides`.
        may: What the user may type besides; `overrides` is always open.
        rules: Field of the debt to the fact that fills it in.
        beyond: The fact that lists what is uncertain or beyond the model.
        term: The fact that says how many instalments are usual; None for a card.
        fee: The fact with the total fee of instalments by their number, where there is one.
        statement_to_due: The fact with the days between statement and due date; None but for a card.
        single: Whether it is one bill, paid in one sum.
    """

    id: str
    title: Text
    kind: Literal["instalment", "card"]
    lender: Lender
    needs: tuple[str, ...]
    may: tuple[str, ...]
    rules: Mapping[str, str] = field(repr=False)
    beyond: str
    term: str | None = None
    fee: str | None = None
    statement_to_due: str | None = None
    single: bool = False

    @property
    def notes(self) -> tuple[Text, ...]:
        """What is uncertain or beyond the model, for the screen."""
        known = facts()
        return known.as_read(self.beyond, known.read_on).texts


_LOAN = ("balance_fen", "next_due", "instalments_left")
_LATE = ("overdue_since", "missed", "penalty_fen", "fees_fen", "interest_from")
_CARD = ("overdue_since", "minimum_fen", "fees_fen")
_TERMS = ("daily_rate", "method", "prepayment", "penalty_multiplier", "penalty_base", "grace_days", "reported")
_REVOLVING = ("daily_rate", "min_rate", "min_floor", "late_fee_rate", "late_fee_min", "grace_days", "reported")


def _rules(subject: str, names: Iterable[str], **others: str) -> dict[str, str]:
    """Take fields from the facts of the same name in a subject, and others from facts named in full."""
    return {name: f"{subject}.{name}" for name in names} | others


def _weilidai(count: int) -> Product:
    return Product(
        id=f"weilidai_{count}",
        title=Text(f"微粒贷（{count}期）", f"微粒贷 ({count} instalments)"),
        kind="instalment",
        lender="bank",
        needs=_LOAN,
        may=_LATE,
        rules=_rules("weilidai", _TERMS),
        beyond="weilidai.beyond_model",
        term=f"weilidai.term_{count}",
    )


def _loan(subject: str, title: Text, lender: Lender) -> Product:
    return Product(
        id=subject,
        title=title,
        kind="instalment",
        lender=lender,
        needs=_LOAN,
        may=_LATE,
        rules=_rules(subject, _TERMS),
        beyond=f"{subject}.beyond_model",
        term=f"{subject}.term",
    )


def _pay_later(subject: str, name: str, overdue_rate: str, fee: str | None) -> tuple[Product, ...]:
    """The three faces of 花呗 and 白条: a bill not yet due, a balance carried over, instalments."""
    beyond = f"{subject}.beyond_model"
    shared = _rules(subject, ("penalty_base", "grace_days", "reported"), penalty_daily_rate=overdue_rate)
    shared["daily_rate"] = f"{subject}.bill_rate"
    own_fee = ("fee_per_instalment_fen",)
    return (
        Product(
            id=f"{subject}_bill",
            title=Text(f"{name}（账单）", f"{name} (bill)"),
            kind="instalment",
            lender="platform",
            needs=("balance_fen", "next_due"),
            may=("overdue_since", "penalty_fen", "fees_fen"),
            rules=shared | {"method": f"{subject}.bill_method", "prepayment": f"{subject}.prepayment"},
            beyond=beyond,
            single=True,
        ),
        Product(
            id=f"{subject}_carried",
            title=Text(f"{name}（只还最低，余额结转）", f"{name} (minimum paid, balance carried over)"),
            kind="card",
            lender="platform",
            needs=("balance_fen", "next_due"),
            may=_CARD,
            rules=_rules(subject, _REVOLVING),
            beyond=beyond,
            statement_to_due=f"{subject}.statement_to_due",
        ),
        Product(
            id=f"{subject}_instalment",
            title=Text(f"{name}（分期）", f"{name} (instalments)"),
            kind="instalment",
            lender="platform",
            needs=_LOAN if fee else _LOAN + own_fee,
            may=(*_LATE, "instalments_total", *own_fee) if fee else _LATE,
            rules=shared | {"method": f"{subject}.instalment_method", "prepayment": f"{subject}.instalment_prepayment"},
            beyond=beyond,
            term=f"{subject}.instalment_term",
            fee=fee,
        ),
    )


def _between_persons(subject: str, title: Text, needs: tuple[str, ...], **others: str) -> Product:
    private = _rules("private_loan", ("penalty_base", "grace_days", "reported"))
    law = {"penalty_multiplier": "rates.private_overdue_multiple", "prepayment": "rates.private_early_repayment"}
    return Product(
        id=subject,
        title=title,
        kind="instalment",
        lender="person",
        needs=needs,
        may=("instalments_left", "contract_date", *_LATE),
        rules=private | law | {"method": f"{subject}.method"} | others,
        beyond=f"{subject}.beyond_model",
        term="private_loan.term",
    )


PRODUCTS: tuple[Product, ...] = (
    *(_weilidai(count) for count in (5, 10, 20)),
    _loan("jiebei", Text("借呗", "借呗"), "platform"),
    *_pay_later("huabei", "花呗", "huabei.daily_rate", "huabei.instalment_fee"),
    *_pay_later("baitiao", "白条", "baitiao.overdue_daily_rate", None),
    _loan("jintiao", Text("金条", "金条"), "platform"),
    _loan("wangshang", Text("网商贷", "网商贷"), "bank"),
    Product(
        id="credit_card",
        title=Text("信用卡", "Credit card"),
        kind="card",
        lender="bank",
        needs=("balance_fen", "next_due"),
        may=_CARD,
        rules=_rules("cards", _REVOLVING, principal_first_after_days="cards.principal_first_after"),
        beyond="cards.beyond_model",
        statement_to_due="cards.statement_to_due",
    ),
    Product(
        id="bank_loan",
        title=Text("银行消费贷", "Bank consumer loan"),
        kind="instalment",
        lender="bank",
        needs=(*_LOAN, "annual_rate"),
        may=_LATE,
        rules=_rules("bank_loan", [name for name in _TERMS if name != "daily_rate"]),
        beyond="bank_loan.beyond_model",
        term="bank_loan.term",
    ),
    _between_persons(
        "private_loan",
        Text("民间借款", "Private loan"),
        ("balance_fen", "next_due", "contract_date"),
        annual_rate="rates.private_rate_not_agreed",
    ),
    _between_persons(
        "family_loan",
        Text("亲友借款", "Loan from family or friends"),
        ("balance_fen", "next_due"),
        annual_rate="family_loan.rate",
    ),
)
"""Every preset, in the order in which a page offers them."""

_BY_ID = {product.id: product for product in PRODUCTS}


def product_of(product_id: str) -> Product:
    """Give the product of an id; `KeyError` where there is none."""
    return _BY_ID[product_id]


def defaults(product: Product, on: date, contract_date: date | None = None) -> tuple[Default, ...]:
    """Give what a preset fills in.

    Terms that nobody dates are what was found when the facts were last read; law answers by its own dates, the cap
    among it.

    Args:
        product: The preset.
        on: The day of the plan.
        contract_date: When a private loan was agreed; `on` where nobody says.

    Returns:
        One default a field, the cap last.

    Raises:
        FactDateError: A rule of law among them is not known for the date that counts.
    """
    known = facts()
    filled = [_default(name, known.as_read(fact, on)) for name, fact in product.rules.items()]
    return (*filled, _cap(product, on, contract_date or on))


def _default(name: str, answer: Answer) -> Default:
    value = answer.value
    if isinstance(value, Decimal):
        value = format_rate(value)
    elif answer.fact.unit == "yuan":
        value = format_fen(answer.whole)
    if not isinstance(value, str | int):
        raise TypeError(f"{answer.fact.id} holds no single value for {name}")
    return _default_of(name, value, (answer,))


def _cap(product: Product, on: date, contract_date: date) -> Default:
    known = facts()
    if product.lender != "person":
        return _default_of("cap_rate", format_rate(licensed_cap_rate(on)), (known.at("rates.licensed_cap", on),))
    period = private_cap_periods(contract_date, suit_date=on)[-1]
    counts = contract_date if period.first == contract_date else on
    return _default_of("cap_rate", format_rate(period.rate), tuple(known.at(fact, counts) for fact in period.facts))


def _default_of(name: str, value: Json, answers: tuple[Answer, ...]) -> Default:
    kind, certainty, rests_on, sources = backing(answers)
    return Default(
        field=name,
        value=value,
        facts=rests_on,
        kind=kind,
        certainty=certainty,
        sources=sources,
        title=answers[0].fact.title,
        note=next((answer.dated.note for answer in answers if answer.dated.note is not None), None),
    )
