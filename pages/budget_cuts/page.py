"""The page: what can be spared, what it buys, and how much a month would be enough."""

from pathlib import Path

import streamlit as st

from core.levers import SellSomething, monthly_income, monthly_room
from core.savings import Effect
from pages.budget_cuts import answers, budget, expenses, forms, hundred, limits, options, public, sentences
from pages.budget_cuts.answers import State
from pages.shared import decisions, engine, inputs, session, theme, warming
from pages.shared.tables import Row, figures_table
from pages.shared.words import Words

_STYLESHEET = Path(__file__).with_name("style.css")


def show() -> None:
    """Show the page."""
    say = session.words()
    st.html(_STYLESHEET)
    st.title(say("budget_cuts.title"), anchor=False)
    if not engine.ready():
        warming.show(session.plan(), say)
        return
    now = answers.state()
    if now is None:
        st.markdown(say("table.failed"))
        decisions.show_problems(say)
        return
    if now.nothing_owed:
        with st.container(key="verdict"):
            st.markdown(say("budget_cuts.verdict.clear"))
        options.show(now, say)
        public.show(now, say)
        return
    effect = answers.effect(now.base, now.plan, now.strategy)
    if effect is None:
        st.markdown(say("table.failed"))
        return
    _show_verdict(now, effect, say)
    options.show(now, say)
    expenses.show(now, say)
    forms.show(now, say)
    place_of_budget, place_of_limits = st.container(key="budget"), st.container(key="limits")
    hundred.show(now, say)
    hundred.show_ranked(now, say)
    public.show(now, say)
    inputs.offer_keypads()
    # What takes longest in a large household comes last, in its place.
    with place_of_budget:
        budget.show(now, say)
    with place_of_limits:
        st.header(say("budget_cuts.limits.title"), anchor=False)
        limits.show(now, say)


# -- the answer in a sentence


def _show_verdict(now: State, effect: Effect, say: Words) -> None:
    with st.container(key="verdict"):
        st.markdown(say("format.sentence_separator").join(_sentences(now, effect, say)))
    st.caption(say(f"budget_cuts.verdict.way_{now.whose}", strategy=say(f"strategy.{now.strategy}.name")))
    if now.ours:
        st.html(_comparison(now, effect, say))


def _sentences(now: State, effect: Effect, say: Words) -> list[str]:
    lines = [_room(now, say)]
    if not now.ours:
        outgrown = effect.before.out_of_pocket is None
        key = "outgrown" if outgrown else "free" if effect.before.free_on else "open"
        values = {"end": theme.month(now.plan.end, say), "pocket": sentences.pocket(effect.before)}
        return [*lines, say(f"budget_cuts.verdict.{key}", month=sentences.free(effect.before, say), **values)]
    room = monthly_room(now.plan)
    if any(lever.kind == "monthly_budget" for lever in now.ours.values()):
        lines.append(say("budget_cuts.verdict.budget", amount=theme.money(room)))
    elif effect.freed:
        key = "freed" if room > 0 else "freed_short"
        values = {"freed": theme.money(effect.freed), "amount": theme.money(abs(room))}
        lines.append(say(f"budget_cuts.verdict.{key}", **values))
    sold = sum(lever.amount for lever in now.ours.values() if isinstance(lever, SellSomething))
    if sold:
        lines.append(say("budget_cuts.verdict.sold", amount=theme.money(sold)))
    lines.append(say("budget_cuts.verdict.buys", buys=sentences.effect(effect, say)))
    return lines


def _room(now: State, say: Words) -> str:
    room = monthly_room(now.base)
    if room > 0:
        return say("budget_cuts.verdict.room", amount=theme.money(room))
    if not monthly_income(now.base):
        return say("budget_cuts.verdict.no_income")
    return say("budget_cuts.verdict.room_short" if room else "budget_cuts.verdict.room_none", amount=theme.money(-room))


def _comparison(now: State, effect: Effect, say: Words) -> str:
    columns = [say(f"budget_cuts.compared.{name}") for name in ("plan", "room", "free", "pocket", "kept")]
    rows = [
        Row(
            say(f"budget_cuts.compared.{name}"),
            "",
            "",
            [
                theme.money(monthly_room(plan)),
                sentences.free(reading, say),
                sentences.pocket(reading),
                sentences.kept(reading, say),
            ],
        )
        for name, plan, reading in (("before", now.base, effect.before), ("after", now.plan, effect.after))
    ]
    return figures_table(say("budget_cuts.compared.title"), columns, rows)


show()
