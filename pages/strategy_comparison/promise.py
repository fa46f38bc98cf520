"""The highest monthly amount that a lender can be offered and the household can keep."""

from decimal import Decimal

import streamlit as st

from core.lever_offers import longest
from core.levers import LenderOffer, first_day, paused
from core.plan import Debt, PlanError, dump_plan
from core.thresholds import KeepableOffer, highest_offer
from pages.shared import inputs, theme
from pages.shared.kept import Kept
from pages.shared.words import Words
from pages.strategy_comparison import keep
from pages.strategy_comparison.case import Case, strategy_name
from pages.strategy_comparison.payments import few

_LATER_MOST = 12
_DUES_ONLY = "minimum"
_found: Kept[KeepableOffer] = Kept()


def show(case: Case, strategy: str, say: Words) -> None:
    """Show the section."""
    st.header(say("promise.title"), anchor=False)
    st.caption(say("promise.lead"))
    debt = keep.choose_debt(case, say, f"promise_{keep.field('promise')}", say("promise.debt"))
    if debt is None:
        return
    with st.container(horizontal=True, vertical_alignment="top"):
        with st.container(width=260):
            interest = inputs.choice(
                keep.field("promise_interest"),
                say("promise.interest"),
                ["free", "same"],
                "free",
                lambda one: say(f"promise.{one}"),
                kept=True,
            )
        with st.container(width=200):
            key = keep.field("promise_later")
            later = inputs.whole(say, key, say("promise.later"), 0, low=0, high=_LATER_MOST, kept=True)
    if not later.ok:
        return
    offer = _offer(debt, interest == "free", later.value or 0, case)
    found = _ask(offer, strategy, case, say)
    ahead = found is not None and found.offer is None and strategy != _DUES_ONLY
    if ahead:
        # An order that pays ahead can miss what falls due later: then the promise is judged by paying dues only.
        found, strategy = _ask(offer, _DUES_ONLY, case, say), _DUES_ONLY
    if found is None:
        return
    with st.container(border=True, key="promise_answer"):
        _show_answer(debt, found, case, say)
        name = strategy_name(strategy, say)
        st.caption(say("promise.dues_only", strategy=name) if ahead else say("promise.note", strategy=name))


def _offer(debt: Debt, free: bool, later: int, case: Case) -> LenderOffer:
    return LenderOffer(
        debt=debt.id,
        method="equal_principal",
        instalments=1,
        annual_rate=Decimal(0) if free else None,
        first_due=paused(case.found.before, debt.id, later).first_due if later else None,
    )


def _ask(offer: LenderOffer, strategy: str, case: Case, say: Words) -> KeepableOffer | None:
    plan, place = case.found.plan, st.empty()

    def tell(share: float) -> None:
        place.progress(share, say("promise.working"))

    try:
        found = _found.ask(
            (dump_plan(plan), offer, strategy), lambda: highest_offer(plan, offer, strategy, progress=tell)
        )
    except PlanError as error:
        for each in error.problems:
            inputs.complain(keep.told(each, say))
        return None
    place.empty()
    return found


def _show_answer(debt: Debt, found: KeepableOffer, case: Case, say: Words) -> None:
    if found.offer is None or found.monthly is None:
        names = {each.id: inputs.plain(each.name) for each in case.found.plan.debts}
        most = longest(debt, first_day(case.found.plan))
        st.markdown(say("promise.none", count=most, names=few([names[one] for one in found.missed], say)))
        return
    count = found.offer.instalments
    st.markdown(say("promise.found", amount=theme.money(found.monthly), count=count))
    free = found.reading.free_on
    st.markdown(say("promise.found_free", month=theme.month(free, say)) if free else say("promise.found_open"))
    if not found.monotone:
        st.caption(say("promise.not_monotone"))
    below = st.container()
    if st.button(say("promise.keep"), key="promise.keep"):
        if found.offer.annual_rate is None:
            named = say("offer.named_free_same", debt=debt.name, count=count)
        else:
            named = say("offer.named_free", debt=debt.name, count=count, rate=inputs.percent(found.offer.annual_rate))
        keep.save(found.offer, named, case, say, below)
