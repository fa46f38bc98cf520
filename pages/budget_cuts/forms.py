"""More income and things to sell: a few fields each, kept as levers."""

from collections.abc import Callable
from datetime import date

import streamlit as st

from core.levers import AddIncome, PlanLever, SellSomething, first_day, first_payday_month
from pages.budget_cuts import options
from pages.budget_cuts.answers import State
from pages.shared import inputs, session, theme
from pages.shared.words import Words

_ROUND = "budget_cuts.form."
_MONTHS_AHEAD = 120


def show(now: State, say: Words) -> None:
    """Show both forms, folded."""
    with st.expander(say("budget_cuts.income.title")):
        _ask(now, "income", say)
    with st.expander(say("budget_cuts.sale.title")):
        _ask(now, "sale", say)


@st.fragment
def _ask(now: State, form: str, say: Words) -> None:
    key = f"cuts_{form}_{session.document_key()}_{st.session_state.get(_ROUND + form, 0)}"
    make: Callable[[State, str, Words], PlanLever | None] = _income if form == "income" else _sale
    lever = make(now, key, say)
    with st.container(horizontal=True):
        counts = st.button(say("budget_cuts.form.count_in"), key=f"budget_cuts.{form}.chosen", type="primary")
        waits = st.button(say("budget_cuts.form.consider"), key=f"budget_cuts.{form}.considered")
    if not (counts or waits):
        return
    if lever is None:
        inputs.complain(say("budget_cuts.form.incomplete"))
        return
    problems = options.add(now, lever, getattr(lever, "name", ""), chosen=counts, say=say)
    if problems:
        options.complain(problems, say)
        return
    st.session_state[_ROUND + form] = st.session_state.get(_ROUND + form, 0) + 1
    st.rerun()


def _income(now: State, key: str, say: Words) -> AddIncome | None:
    name = inputs.name(say, key, say("budget_cuts.income.name"), kept=True)
    amount = inputs.money(say, key, say("budget_cuts.income.amount"), low=1, needed=True, kept=True)
    first = first_payday_month(now.plan)
    months: list[int | None] = [None, *range(first, first + _MONTHS_AHEAD)]
    with st.container(horizontal=True):
        with st.container(width=164):
            start = inputs.choice(
                f"{key}_from", say("money.from"), months, None, lambda one: _month(one, "now", say), kept=True
            )
        with st.container(width=164):
            end = inputs.choice(
                f"{key}_until", say("money.until"), months, None, lambda one: _month(one, "open", say), kept=True
            )
    if name.value is None or amount.value is None:
        return None
    if start is not None and end is not None and end < start:
        inputs.complain(say("budget_cuts.income.backwards"))
        return None
    return AddIncome(name=name.value, amount=amount.value, from_month=start, until_month=end)


def _sale(now: State, key: str, say: Words) -> SellSomething | None:
    name = inputs.name(say, key, say("budget_cuts.sale.name"), kept=True)
    amount = inputs.money(
        say, key, say("budget_cuts.sale.amount"), low=1, needed=True, hint=say("budget_cuts.sale.hint"), kept=True
    )
    soonest = first_day(now.plan)
    day = inputs.day(
        say,
        f"{key}_{soonest}",
        say("budget_cuts.sale.day"),
        soonest,
        low=soonest,
        high=now.plan.end,
        needed=True,
        kept=True,
    )
    owed = {debt.id: debt.name for debt in now.plan.debts if now.is_open(debt.id)}
    goes_to = inputs.choice(
        f"{key}_for",
        say("budget_cuts.sale.for"),
        [None, *owed],
        None,
        lambda one: say("budget_cuts.sale.for_household") if one is None else owed[one],
        kept=True,
    )
    if name.value is None or amount.value is None or day.value is None:
        return None
    return SellSomething(name=name.value, amount=amount.value, date=day.value, for_debt=goes_to)


def _month(index: int | None, end: str, say: Words) -> str:
    if index is None:
        return say(f"budget_cuts.form.{end}")
    return theme.month(date(index // 12, index % 12 + 1, 1), say)
