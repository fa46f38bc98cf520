"""Noting an offer down: what the forms share."""

from collections.abc import Callable, Collection
from datetime import date, timedelta
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.levers import PlanLever, as_option, first_day
from core.plan import Debt, PlanError
from core.plan_checks import FIRST_DUE_DAYS_MAX
from core.plan_problems import Problem
from pages.shared import decisions, session
from pages.shared.inputs import complain
from pages.shared.words import Words
from pages.strategy_comparison.case import Case

_ROUND = "offer.round"
_FIELD_WIDTH = 152
_T = TypeVar("_T")


def field(name: str) -> str:
    """Give a field of the forms its key: another one once an offer is noted, so that the form is empty again."""
    return f"offer_{name}_{session.document_key()}_{st.session_state.get(_ROUND, 0)}"


def save(
    lever: PlanLever, name: str, case: Case, say: Words, below: DeltaGenerator, *, said: Collection[str] = ()
) -> None:
    """Note an offer down as considered, or say what is wrong with it; then nothing that was typed is lost.

    Args:
        lever: What it does.
        name: How the list calls it.
        case: The household.
        say: The reader's catalogue.
        below: Room for complaints.
        said: Codes of what the form says by itself already.
    """
    try:
        lever.apply(case.found.before, "offer")
        decisions.put(as_option(lever, decisions.fresh_id(lever.kind), name), "offer.saved")
    except PlanError as error:
        with below:
            for each in error.problems:
                if each.code not in said:
                    complain(told(each, say))
        return
    begin_anew()
    st.rerun()


def begin_anew() -> None:
    """Let the forms be empty, and none of them open."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def told(problem: Problem, say: Words) -> str:
    """Give the sentence of a problem."""
    return problem.zh if say.language == "zh" else problem.en


def side_by_side(*fields: Callable[[], _T]) -> list[_T]:
    """Show fields beside each other, or below each other where a screen has no room for two."""
    found: list[_T] = []
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        for show in fields:
            with st.container(width=_FIELD_WIDTH):
                found.append(show())
    return found


def latest_first_due(case: Case) -> date:
    """Give the last day on which new terms may first fall due."""
    return first_day(case.found.before) + timedelta(FIRST_DUE_DAYS_MAX)


def choose_debt(case: Case, say: Words, key: str, label: str) -> Debt | None:
    """Let an open debt be chosen; None, and said so, where there is none."""
    debts = {debt.id: debt for debt in case.open_debts}
    if not debts:
        st.caption(say("offer.nobody"))
        return None
    picked = st.selectbox(
        label,
        list(debts),
        key=f"choice_{key}",
        format_func=lambda one: debts[one].name,
        filter_mode=None,
        persist_state="session",
    )
    return debts.get(picked)


def target_name(case: Case, target: str | None, say: Words) -> str:
    """Name where money goes: to the household, or straight to a lender. A user's text is not escaped here."""
    if target is None:
        return say("help.household")
    return say("help.to_debt", debt=next(debt.name for debt in case.found.before.debts if debt.id == target))


def choose_target(case: Case, say: Words, key: str) -> str | None:
    """Let it be chosen where money goes; None: to the household."""
    targets = [None, *(debt.id for debt in case.open_debts)]
    return st.selectbox(
        say("help.target"),
        targets,
        key=f"choice_{key}",
        format_func=lambda one: target_name(case, one, say),
        filter_mode=None,
        persist_state="session",
    )
