"""The levers of this page as the household keeps them: listed, chosen, taken back, and refused where they clash."""

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from core.household import Lever
from core.levers import (
    AddIncome,
    CutExpense,
    MonthlyBudget,
    PlanLever,
    SellSomething,
    as_option,
    lever_from,
)
from core.plan import PlanError
from core.plan_problems import Problem
from core.savings import spendings
from pages.budget_cuts import answers
from pages.budget_cuts.answers import State
from pages.shared import decisions, inputs, theme
from pages.shared.inputs import plain
from pages.shared.words import Words

_REFUSED = "budget_cuts.refused"


def show(now: State, say: Words) -> None:
    """List what is kept, each with the way back."""
    decisions.show_problems(say)
    refused: Sequence[Problem] = st.session_state.pop(_REFUSED, ())
    listed = [option for option in now.document.levers if option.kind in answers.KINDS]
    if not listed:
        return
    st.header(say("budget_cuts.kept.title"), anchor=False)
    complain(refused, say)
    for option in listed:
        chosen = option.state == "chosen"
        with st.container(
            horizontal=True, vertical_alignment="center", gap="small", key=f"budget_option_{option.id}", border=False
        ):
            state = "left_out" if option.id in now.decided.problems else "chosen" if chosen else "considered"
            line = f"{_in_words(now, option, say)} :gray-badge[{say(f'budget_cuts.kept.{state}')}]"
            st.markdown(line, width="stretch")
            if not chosen:
                st.button(
                    say("budget_cuts.kept.choose"),
                    key=f"budget_cuts.choose.{option.id}",
                    on_click=_choose,
                    args=(now, option, say),
                )
            st.button(
                say("budget_cuts.kept.take_back" if chosen else "budget_cuts.kept.delete"),
                key=f"budget_cuts.remove.{option.id}",
                on_click=decisions.remove,
                args=(option.id, "budget_cuts.saved.removed"),
            )


def named(now: State, say: Words) -> dict[str, PlanLever]:
    """Give all that is chosen and can be done, by the names under which messages speak of it."""
    names = {option.id: option.name or option.id for option in (*now.document.levers, *now.document.offers)}
    found: dict[str, PlanLever] = {}
    for key, lever in now.decided.levers.items():
        name = say("budget_cuts.kept.quoted", name=names[key])
        # Two may have one name, and a message about either is about both.
        found[name if name not in found else f"{name} ({key})"] = lever
    return found


def add(now: State, lever: PlanLever, name: str, *, chosen: bool, say: Words) -> Sequence[Problem]:
    """Keep a new lever, chosen or only considered; nothing is kept, and the reasons are given, where it is refused.

    What is only considered may contradict what is chosen, but not itself.
    """
    beside = named(now, say) if chosen else {}
    try:
        answers.with_levers(now, {**beside, say("budget_cuts.kept.quoted", name=name): lever})
        option = as_option(lever, decisions.fresh_id(lever.kind.replace("_", "-")), name)
        state = "chosen" if chosen else "considered"
        decisions.put(option.model_copy(update={"state": state}), "budget_cuts.saved.added")
    except PlanError as error:
        return tuple(error.problems)
    return ()


def complain(problems: Sequence[Problem], say: Words) -> None:
    """Say what stands in the way."""
    for sentence in dict.fromkeys(each.zh if say.language == "zh" else each.en for each in problems):
        inputs.complain(sentence)


def _choose(now: State, option: Lever, say: Words) -> None:
    try:
        lever = lever_from(option.kind, option.params)
        answers.with_levers(now, {**named(now, say), say("budget_cuts.kept.quoted", name=option.name): lever})
    except PlanError as error:
        st.session_state[_REFUSED] = tuple(error.problems)
        return
    decisions.set_state(option.id, "chosen", "budget_cuts.saved.chosen")


def _in_words(now: State, option: Lever, say: Words) -> str:
    try:
        lever = lever_from(option.kind, option.params)
    except PlanError:
        return plain(option.name)
    if isinstance(lever, CutExpense):
        return _cut(now, lever, say)
    if isinstance(lever, MonthlyBudget):
        return say("budget_cuts.kept.budget", amount=theme.money(lever.amount))
    if isinstance(lever, AddIncome):
        line = say("budget_cuts.kept.income", name=plain(lever.name), amount=theme.money(lever.amount))
        span: Mapping[str, int | None] = {"from": lever.from_month, "until": lever.until_month}
        ends = [
            say(f"money.{key}_short", month=theme.month(date(index // 12, index % 12 + 1, 1), say))
            for key, index in span.items()
            if index is not None
        ]
        return " · ".join([line, *ends])
    if isinstance(lever, SellSomething):
        day = say("budget_cuts.kept.at_once") if lever.date is None else theme.day(lever.date, say)
        line = say("budget_cuts.kept.sale", name=plain(lever.name), amount=theme.money(lever.amount), day=day)
        debts = {debt.id: debt.name for debt in now.plan.debts}
        if lever.for_debt in debts:
            return " · ".join([line, say("budget_cuts.kept.straight", debt=plain(debts[lever.for_debt]))])
        return line
    return plain(option.name)


def _cut(now: State, lever: CutExpense, say: Words) -> str:
    one = next((each for each in spendings(now.decided.before) if each.name == lever.expense), None)
    if one is None:
        return plain(lever.expense)
    left = one.left(lever.share)
    values = {"name": plain(lever.expense), "less": theme.money(one.now - left), "left": theme.money(left)}
    return say("budget_cuts.kept.cut" if left else "budget_cuts.kept.given_up", **values)
