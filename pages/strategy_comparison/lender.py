"""The form for what a lender offers: the usual terms, or terms of its own."""

from decimal import Decimal
from typing import Literal

import streamlit as st

from core.facts import facts
from core.lever_offers import longest
from core.levers import LenderOffer, card_plan, first_day, longer, lower_rate, paused, waived
from core.plan import CardDebt, Debt
from pages.shared import inputs
from pages.shared.words import Words
from pages.strategy_comparison import keep
from pages.strategy_comparison.case import Case

Preset = Literal["card_plan", "longer", "lower_rate", "waived", "paused", "free"]

_PRESETS: tuple[Preset, ...] = ("card_plan", "longer", "lower_rate", "waived", "paused", "free")
# These leave the number of instalments as it is; a card has none, and is given as many as its law allows.
_WITHOUT_COUNT: tuple[Preset, ...] = ("lower_rate", "waived", "paused")
_RATE_MOST = Decimal(1)
_RATE_PLACES, _SHARE_PLACES = 4, 2
_PAUSE_MOST = 36
_CARD_FACT = "support.card_replan_instalments"


@st.fragment
def show(case: Case, say: Words) -> None:
    """Show the form."""
    debt = keep.choose_debt(case, say, keep.field("debt"), say("offer.debt"))
    if debt is None:
        return
    presets: list[Preset] = [one for one in _PRESETS if one != "card_plan" or isinstance(debt, CardDebt)]
    preset: Preset = inputs.choice(
        keep.field(f"preset_{debt.id}"),
        say("offer.preset"),
        presets,
        presets[0],
        lambda one: say(f"offer.preset_{one}"),
        kept=True,
    )
    found = _terms(preset, debt, case, say)
    if isinstance(debt, CardDebt) and preset in _WITHOUT_COUNT:
        st.caption(say("offer.card_becomes", limit=longest(debt, first_day(case.found.before))))
    below = st.container()
    pressed = st.button(say("offer.save"), key="offer.save.lender", type="primary")
    if pressed and found is not None:
        offer, name = found
        keep.save(offer, name, case, say, below)


def _terms(preset: Preset, debt: Debt, case: Case, say: Words) -> tuple[LenderOffer, str] | None:
    """Show the fields of a kind of offer; None while one of them is empty or wrong."""
    plan = case.found.before
    most = longest(debt, first_day(plan))
    if preset == "card_plan":
        count = _count(say, debt, most)
        _show_card_law(case, say)
        if count is None:
            return None
        return card_plan(debt.id, count), say("offer.named_card_plan", debt=debt.name, count=count)
    if preset == "longer":
        count = _count(say, debt, most)
        if count is None:
            return None
        return longer(plan, debt.id, count), say("offer.named_longer", debt=debt.name, count=count)
    if preset == "lower_rate":
        rate = _rate(say, debt, needed=True)
        if rate is None:
            return None
        named = say("offer.named_lower_rate", debt=debt.name, rate=inputs.percent(rate))
        return lower_rate(plan, debt.id, rate), named
    if preset == "waived":
        share = inputs.rate(
            say,
            keep.field(f"share_{debt.id}"),
            say("offer.share"),
            Decimal(1),
            high=Decimal(1),
            places=_SHARE_PLACES,
            needed=True,
            kept=True,
        ).value
        if share is None:
            return None
        return waived(plan, debt.id, share), say("offer.named_waived", debt=debt.name, share=inputs.percent(share))
    if preset == "paused":
        key = keep.field(f"months_{debt.id}")
        months = inputs.whole(say, key, say("offer.months"), low=1, high=_PAUSE_MOST, needed=True, kept=True).value
        if months is None:
            return None
        return paused(plan, debt.id, months), say("offer.named_paused", debt=debt.name, count=months)
    return _free(debt, most, case, say)


def _free(debt: Debt, most: int, case: Case, say: Words) -> tuple[LenderOffer, str] | None:
    count = _count(say, debt, most)
    rate = _rate(say, debt, needed=False)
    first = inputs.day(
        say,
        keep.field(f"first_due_{debt.id}"),
        say("offer.first_due"),
        low=first_day(case.found.before),
        high=keep.latest_first_due(case),
        hint=say("offer.first_due_hint"),
        kept=True,
    ).value
    fees = st.checkbox(say("offer.waive_fees"), key=f"flag_{keep.field(f'fees_{debt.id}')}", persist_state="session")
    if count is None:
        return None
    offer = LenderOffer(
        debt=debt.id,
        method="equal_principal" if rate == 0 else longer(case.found.before, debt.id, count).method,
        instalments=count,
        annual_rate=rate,
        first_due=first,
        due_day=None if first is None else first.day,
        waive_fees=Decimal(1) if fees else Decimal(0),
    )
    if rate is None:
        return offer, say("offer.named_free_same", debt=debt.name, count=count)
    return offer, say("offer.named_free", debt=debt.name, count=count, rate=inputs.percent(rate))


def _count(say: Words, debt: Debt, most: int) -> int | None:
    key = keep.field(f"count_{debt.id}")
    return inputs.whole(say, key, say("offer.instalments"), low=1, high=most, needed=True, kept=True).value


def _rate(say: Words, debt: Debt, *, needed: bool) -> Decimal | None:
    return inputs.rate(
        say,
        keep.field(f"rate_{debt.id}"),
        say("offer.rate"),
        high=_RATE_MOST,
        places=_RATE_PLACES,
        needed=needed,
        hint=None if needed else say("offer.rate_hint"),
        kept=True,
    ).value


def _show_card_law(case: Case, say: Words) -> None:
    answer = facts().as_read(_CARD_FACT, case.found.before.start)
    kind = say(f"overdue.kind.{answer.dated.kind}")
    article = f" :small[{answer.dated.article}]" if answer.dated.article else ""
    st.markdown(f"{say('offer.card_law', limit=answer.whole)} :gray-badge[{kind}]{article}")
