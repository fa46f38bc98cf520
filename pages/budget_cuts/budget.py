"""A monthly budget that slides, and that can be kept in place of all income and expenses."""

import streamlit as st

from core.levers import MonthlyBudget, monthly_room
from core.savings import is_steady
from pages.budget_cuts import answers, options
from pages.budget_cuts.answers import State
from pages.shared import inputs, live, session, theme
from pages.shared.words import Words


def show(now: State, say: Words) -> None:
    """Show the sliding budget, and below it the way to keep one."""
    st.header(say("budget_cuts.budget.title"), anchor=False)
    if not is_steady(now.plan):
        st.caption(say("budget_cuts.budget.unsteady", now=theme.money(monthly_room(now.plan))))
    _slide(now, say)


# What is settled on concerns the field below it, and nothing else on the page.
@st.fragment
def _slide(now: State, say: Words) -> None:
    settled = live.show(answers.without_budget(now), say, key="budget_cuts.live", strategy=now.strategy)
    with st.expander(say("budget_cuts.budget.keep_title")):
        _ask(now, settled, say)


def _ask(now: State, settled: int, say: Words) -> None:
    st.markdown(say("budget_cuts.budget.stands_for"))
    typed = inputs.money(
        say, f"cuts_budget_{session.document_key()}_{settled}", say("budget_cuts.budget.amount"), settled, needed=True
    )
    with st.container(horizontal=True):
        counts = st.button(say("budget_cuts.budget.keep"), key="budget_cuts.budget.chosen", type="primary")
        waits = st.button(say("budget_cuts.form.consider"), key="budget_cuts.budget.considered")
    if not (counts or waits):
        return
    if typed.value is None:
        inputs.complain(say("budget_cuts.form.incomplete"))
        return
    lever = MonthlyBudget(amount=typed.value)
    problems = options.add(now, lever, say("budget_cuts.budget.name"), chosen=counts, say=say)
    if problems:
        options.complain(problems, say)
        return
    st.rerun()
