"""Below the minimums: when money does not reach, who is left short this month under each order, and what it costs."""

import streamlit as st

from core.lever_effects import Missed, missed_this_month
from core.plan import Plan, PlanError, dump_plan
from core.simulate import STRATEGIES
from pages.shared import theme
from pages.shared.kept import Kept
from pages.shared.tables import Row, figures_table
from pages.shared.words import Words

_NAMES_MAX = 6
_found: Kept[tuple[Missed, ...]] = Kept()


def show(plan: Plan, say: Words) -> None:
    """Say it where something is short; nothing where every order pays all that falls due."""
    found = _found.ask(dump_plan(plan), lambda: _ask(plan))
    paying = [each for each in found if each.strategy != "stop"]
    if not any(each.short for each in paying):
        return
    least = min(each.short for each in paying)
    st.markdown(say("missed.short", amount=theme.money(least)) if least else say("missed.extra"))
    until = theme.day(found[0].until, say)
    with st.expander(say("missed.title", until=until)):
        columns = [say(f"missed.{column}") for column in ("strategy", "lacking", "who", "cost", "reported")]
        names = {debt.id: debt.name for debt in plan.debts}
        st.html(figures_table(say("missed.alt", until=until), columns, [_row(each, names, say) for each in found]))
        st.caption(say("missed.note"))


def _ask(plan: Plan) -> tuple[Missed, ...]:
    try:
        return tuple(missed_this_month(plan, STRATEGIES))
    except PlanError:
        return ()  # the plan has no answer at all, and the page says so


def _row(each: Missed, names: dict[str, str], say: Words) -> Row:
    who = [say("missed.one", debt=names[debt], amount=theme.money(fen)) for debt, fen in each.debts.items()]
    cost = theme.money(each.cost) if each.cost >= 0 else say("missed.cheaper", amount=theme.money(-each.cost))
    reported = [names[debt] for debt in each.reported]
    return Row(
        say(f"strategy.{each.strategy}.name"),
        "",
        "",
        [
            theme.money(each.short) if each.short else say("missed.none"),
            _few(who, say) or say("missed.none"),
            cost,
            _few(reported, say) or say("missed.none"),
        ],
    )


def _few(told: list[str], say: Words) -> str:
    shown = told[:_NAMES_MAX]
    if len(told) > _NAMES_MAX:
        shown.append(say("missed.more", count=len(told) - _NAMES_MAX))
    return say.listed(shown)
