"""The form of a debt: what its app shows, what is known besides, and the terms behind it with source and certainty."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import streamlit as st

from core.facts import FactDateError, facts
from core.household import DebtDetails
from core.money import format_fen, format_rate, parse_amount
from core.plan import Bill, Problem
from core.plan_values import AMOUNT_MAX, DAILY_RATE_MAX, GRACE_MAX, INSTALMENTS_MAX, MULTIPLIER_MAX, OVERDUE_DAYS_MAX
from core.products import PRODUCTS, Default, Product, defaults, product_of
from pages.household.draft import TERMS, Draft, before_on, missed_dates
from pages.shared import inputs
from pages.shared.inputs import Typed
from pages.shared.words import Words

_MISSED_MAX = 36
_DAILY = ("daily_rate", "penalty_daily_rate")
_AMOUNTS = ("min_floor", "late_fee_min")
_CHOICES = {
    "method": ("equal_principal", "equal_instalment", "interest_only", "bullet", "flat_fee"),
    "penalty_base": ("overdue_principal", "overdue_principal_and_interest", "all_principal"),
    "prepayment": ("any", "full_only", "none"),
    "day_count": (365, 360),
}
_DAYS = {
    "grace_days": (0, GRACE_MAX),
    "accelerate_after_days": (1, OVERDUE_DAYS_MAX),
    "principal_first_after_days": (1, OVERDUE_DAYS_MAX),
}


@dataclass
class Form:
    """A form under way: its fields' keys, whether all is well so far, and where to complain about each field."""

    say: Words
    key: str
    ok: bool = True

    def __post_init__(self) -> None:
        """Begin without fields."""
        self.slots: dict[str, Any] = {}

    def take(self, name: str, typed: Typed[Any]) -> Any:
        """Note whether a field is well, and leave room below it for what is found later."""
        self.ok = self.ok and typed.ok
        self.slots[name] = st.empty()
        return typed.value

    def money(self, name: str, label: str, value: int | None, **options: Any) -> int | None:
        """Ask for an amount."""
        return self.take(
            name, inputs.money(self.say, f"{self.key}_{name}", self.say(label), value, kept=True, **options)
        )

    def whole(self, name: str, label: str, value: int | None, low: int, high: int, **options: Any) -> int | None:
        """Ask for a whole number."""
        key = f"{self.key}_{name}"
        return self.take(
            name, inputs.whole(self.say, key, self.say(label), value, low=low, high=high, kept=True, **options)
        )

    def day(self, name: str, label: str, value: date | None, **options: Any) -> date | None:
        """Ask for a date."""
        return self.take(name, inputs.day(self.say, f"{self.key}_{name}", self.say(label), value, kept=True, **options))

    def complain(self, problems: tuple[Problem, ...]) -> None:
        """Put each problem below its field; what has no field here goes to the end of the form."""
        for each in problems:
            name = each.place.removeprefix("entry.").partition("[")[0]
            sentence = each.zh if self.say.language == "zh" else each.en
            sentence = re.sub(rf"^{re.escape(each.place)}\W\s*", "", sentence)
            if each.code in ("entry.missing", "field.missing"):
                sentence = self.say("inputs.needed")
            elif name not in self.slots:
                sentence = f"{name}: {sentence}"
            with self.slots.get(name) or st.container():
                inputs.complain(sentence, quiet=each.code == "entry.missing")


def choose_product(say: Words, key: str, current: Product | None) -> Product | None:
    """Ask what kind of debt it is."""
    chosen = st.selectbox(
        say("debt.product"),
        [product.id for product in PRODUCTS],
        index=None if current is None else PRODUCTS.index(current),
        key=f"product_{key}",
        format_func=lambda one: getattr(product_of(one).title, say.language),
        placeholder=say("debt.product_placeholder"),
        filter_mode=None,
        persist_state="session",
    )
    return None if chosen is None else product_of(chosen)


def ask_figures(form: Form, product: Product, draft: Draft, as_of: date) -> Draft:
    """Ask for what the app shows of one debt."""
    say = form.say
    label = "debt.balance_card" if product.kind == "card" else "debt.balance"
    balance = form.money("balance_fen", label, draft.balance_fen, needed=True)
    if product.single:
        return _ask_single(form, replace(draft, balance_fen=balance), as_of)
    earliest = as_of + timedelta(1)
    with st.container(horizontal=True, vertical_alignment="top"):
        with st.container(width=176):
            following = form.day("next_due", "debt.next_due", draft.next_due, low=earliest)
        left = draft.instalments_left
        if product.kind == "instalment":
            with st.container(width=136):
                left = form.whole("instalments_left", "debt.left", left, 0, INSTALMENTS_MAX)
    needs_fee = "fee_per_instalment_fen" in product.needs
    fee = draft.fee_per_instalment_fen
    if needs_fee:
        fee = form.money("fee_per_instalment_fen", "debt.fee_each", fee, needed=True)
    overrides = dict(draft.overrides)
    if "annual_rate" in product.needs and "daily_rate" not in overrides:
        value = overrides.get("annual_rate")
        shown = Decimal(str(value)) if value is not None else None
        rate = form.take(
            "annual_rate",
            inputs.rate(
                say,
                f"{form.key}_annual",
                say("term.annual_rate"),
                shown,
                high=Decimal(1),
                places=6,
                needed=True,
                kept=True,
            ),
        )
        overrides["annual_rate"] = None if rate is None else format_rate(rate)
        if rate is None:
            del overrides["annual_rate"]
    contract = draft.contract_date
    if "contract_date" in product.needs:
        contract = form.day("contract_date", "debt.contract_date", contract, high=as_of)
    since = _ask_since(form, draft.overdue_since, following, as_of)
    kept = draft.missed if since is not None and since == draft.overdue_since else ()
    return replace(
        draft,
        balance_fen=balance,
        next_due=following,
        instalments_left=left,
        overdue_since=since,
        missed=kept,
        penalty_fen=draft.penalty_fen if kept or since is None else None,
        fee_per_instalment_fen=fee,
        contract_date=contract,
        overrides=overrides,
    )


def _ask_since(form: Form, before: date | None, following: date | None, as_of: date) -> date | None:
    """Ask since when it is overdue; the due date before the next one is the likeliest."""
    say = form.say
    late = st.toggle(
        say("debt.is_overdue"), value=before is not None, key=f"overdue_{form.key}", persist_state="session"
    )
    with st.container():
        if not late:
            return None
        usual = before_on(as_of, following.day) if before is None and following is not None else before
        # Another field once the usual date is known: one that stands there empty would stay so.
        key = f"{form.key}_overdue_since" if usual is not None else f"{form.key}_unknown_since"
        label = say("debt.overdue_since")
        return form.take("overdue_since", inputs.day(say, key, label, usual, high=as_of, needed=True, kept=True))


def _ask_single(form: Form, draft: Draft, as_of: date) -> Draft:
    due = form.day("next_due", "debt.bill_due", draft.next_due or draft.overdue_since, needed=True)
    form.slots["overdue_since"] = form.slots["next_due"]
    if due is not None and due <= as_of:
        kept = draft.missed if due == draft.overdue_since else ()
        return replace(draft, next_due=None, overdue_since=due, missed=kept, instalments_left=0)
    return replace(draft, next_due=due, overdue_since=None, missed=(), instalments_left=None)


def ask_more(form: Form, product: Product, draft: Draft, as_of: date) -> Draft:
    """Ask for what is known besides: missed bills one by one, penalty, fees, the minimum, dates."""
    say = form.say
    fees = form.money("fees_fen", "debt.fees", draft.fees_fen)
    if product.kind == "card":
        minimum = form.money("minimum_fen", "debt.minimum", draft.minimum_fen, hint=say("debt.minimum_hint"))
        return replace(draft, fees_fen=fees, minimum_fen=minimum)
    draft = replace(draft, fees_fen=fees)
    if draft.overdue_since is not None:
        draft = _ask_missed(form, draft, as_of)
    if "instalments_total" in product.may:
        total = form.whole("instalments_total", "debt.total", draft.instalments_total, 1, INSTALMENTS_MAX)
        fee = form.money("fee_per_instalment_fen", "debt.fee_each", draft.fee_per_instalment_fen)
        draft = replace(draft, instalments_total=total, fee_per_instalment_fen=fee)
    if not draft.missed and "interest_from" in product.may:
        settled = form.day(
            "interest_from", "debt.interest_from", draft.interest_from, high=as_of, hint=say("debt.interest_from_hint")
        )
        draft = replace(draft, interest_from=settled)
    return draft


def _ask_missed(form: Form, draft: Draft, as_of: date) -> Draft:
    say = form.say
    penalty = form.money("penalty_fen", "debt.penalty", draft.penalty_fen, hint=say("debt.penalty_hint"))
    draft = replace(draft, penalty_fen=penalty)
    if not st.toggle(
        say("debt.one_by_one"), value=bool(draft.missed), key=f"missed_{form.key}", persist_state="session"
    ):
        return replace(draft, missed=())
    since = draft.overdue_since or as_of
    day_of_month = (draft.next_due or since).day
    known = {bill.due: bill for bill in draft.missed}
    bills: list[Bill] = []
    dates = sorted({*known, *missed_dates(since, day_of_month, as_of)})[:_MISSED_MAX]
    for number, due in enumerate(dates):
        bill = known.get(due)
        with st.container(horizontal=True, vertical_alignment="top"):
            with st.container(width=164):
                principal = form.take(
                    f"missed_{number}",
                    inputs.money(
                        say,
                        f"{form.key}_missed_{number}_p",
                        say("debt.missed_principal", day=due.isoformat()),
                        bill and bill.principal,
                        kept=True,
                    ),
                )
            with st.container(width=164):
                interest = form.take(
                    f"missed_{number}_i",
                    inputs.money(
                        say,
                        f"{form.key}_missed_{number}_i",
                        say("debt.missed_interest", day=due.isoformat()),
                        bill and bill.interest,
                        kept=True,
                    ),
                )
        if principal or interest:
            bills.append(Bill(due=due, principal=principal or 0, interest=interest or 0))
    return replace(draft, missed=tuple(bills))


def ask_details(form: Form, details: DebtDetails, contract_date: date | None, product: Product) -> DebtDetails:
    """Ask for what the engine does not need but the lines of the law, and letters, do."""
    say = form.say
    if "contract_date" not in product.needs:
        contract_date = form.day("contract_date", "debt.contract_date", contract_date or details.contract_date)
    borrowed = form.money("borrowed", "debt.borrowed", details.borrowed)
    paid = form.money("paid_before", "debt.paid_before", details.paid_before, hint=say("debt.paid_before_hint"))
    lender = form.take("lender", inputs.line(say, f"{form.key}_lender", say("debt.lender"), details.lender, kept=True))
    return details.model_copy(
        update={
            "contract_date": contract_date,
            "borrowed": borrowed,
            "paid_before": paid,
            "lender": lender or "",
        }
    )


def ask_terms(form: Form, product: Product, draft: Draft, as_of: date) -> Draft:
    """Show every term with its source, and take what the reader changes."""
    say = form.say
    try:
        known = {each.field: each for each in defaults(product, as_of, draft.contract_date)}
    except FactDateError as error:
        inputs.complain(error.zh if say.language == "zh" else error.en)
        form.ok = False
        return draft
    st.caption(say("debt.terms_note"))
    for text in product.notes:
        st.caption(f"· {inputs.plain(getattr(text, say.language))}")
    overrides = dict(draft.overrides)
    for name in TERMS:
        if not _applies(name, product, known, overrides):
            continue
        default = known.get(name)
        before = overrides.get(name, default.value if default is not None else None)
        value = _ask_term(form, name, before)
        if value != before:
            overrides[name] = value
        same = default is not None and (name not in overrides or overrides[name] == default.value)
        if same and default is not None:
            st.caption(_backing(default, say))
        elif value is not None:
            st.caption(say("debt.own_value"))
    return replace(draft, overrides={name: value for name, value in overrides.items() if not _is_default(name, value)})


def _is_default(name: str, value: object) -> bool:
    return name == "accelerate_after_days" and value is None


def _applies(name: str, product: Product, known: Mapping[str, Default], overrides: Mapping[str, object]) -> bool:
    if name == "annual_rate" and "annual_rate" in product.needs:
        return False  # asked for among the figures
    if name == "accelerate_after_days":
        return product.kind == "instalment"
    if name == "day_count":
        yearly = "annual_rate" in known or "annual_rate" in product.needs
        return overrides.get("annual_rate") is not None or (yearly and overrides.get("daily_rate") is None)
    for rivals in (("daily_rate", "annual_rate"), ("penalty_multiplier", "penalty_daily_rate")):
        if name in rivals and any(overrides.get(rival) is not None for rival in rivals if rival != name):
            return False
    return name in known or overrides.get(name) is not None


def _ask_term(form: Form, name: str, before: Any) -> object:
    say, key, label = form.say, f"{form.key}_term_{name}", form.say(f"term.{name}")
    if name in _CHOICES:
        current = before if before is not None else _CHOICES[name][0]
        return inputs.choice(key, label, _CHOICES[name], current, lambda one: say(f"term.{name}_{one}"), kept=True)
    if name == "reported":
        return st.toggle(label, value=bool(before), key=f"flag_{key}", persist_state="session")
    if name in _DAYS:
        low, high = _DAYS[name]
        days = None if before is None else int(before)
        return form.take(name, inputs.whole(say, key, label, days, low=low, high=high, kept=True))
    if name in _AMOUNTS:
        fen = form.take(name, inputs.money(say, key, label, parse_amount(str(before)), high=AMOUNT_MAX, kept=True))
        return before if fen is None else format_fen(fen)
    share = None if before is None else Decimal(str(before))
    if name == "penalty_multiplier":
        share = form.take(name, inputs.times(say, key, label, share, high=MULTIPLIER_MAX, kept=True))
    elif name in _DAILY:
        hint = None if share is None else say("debt.a_year", rate=inputs.percent(share * 365))
        share = form.take(
            name, inputs.rate(say, key, label, share, high=DAILY_RATE_MAX, places=8, hint=hint, kept=True)
        )
    else:
        places = 6 if name in ("annual_rate", "cap_rate") else 4
        share = form.take(name, inputs.rate(say, key, label, share, high=Decimal(1), places=places, kept=True))
        if share is None and name == "cap_rate":
            return None
    return before if share is None else format_rate(share)


def _backing(default: Default, say: Words) -> str:
    """Say who says so, and how sure it is."""
    known = facts().sources
    titles = [getattr(known[mark].title, say.language) for mark in default.sources[:1] if mark in known]
    more = len(default.sources) - len(titles)
    sources = titles[0] if titles else ", ".join(default.sources)
    sentence = say(
        "debt.backing" if more <= 0 or not titles else "debt.backing_more",
        kind=say(f"debt.kind_{default.kind}"),
        certainty=say(f"debt.certainty_{default.certainty.lower()}"),
        sources=inputs.plain(sources),
        number=more,
    )
    return sentence if default.note is None else f"{sentence} {inputs.plain(getattr(default.note, say.language))}"
