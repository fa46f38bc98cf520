"""The page: who is paid first with the same money? Verdict, course of the debts, and a table of six strategies."""

import streamlit as st

from core.levers import (
    living_costs_range,
    monthly_income,
    monthly_living_costs,
    monthly_room,
    with_living_costs,
)
from core.money import FEN_IN_A_YUAN
from core.outcome import Outcome
from core.plan import Plan
from core.simulate import STRATEGIES
from core.verdict import Verdict, compare
from pages.shared import charts, engine, privacy, session, theme, warming
from pages.shared.tables import Row, figures_table
from pages.shared.words import Words
from pages.strategy_comparison import figures

_LIVING_COSTS = "strategy_comparison.living_costs"


def show() -> None:
    """Show the page."""
    say = session.words()
    st.title(say("comparison.title"), anchor=False)
    plan = session.plan()
    if not engine.ready():
        warming.show(plan, say)
        return
    heading, cards = st.container(), st.container()
    with st.container(border=True, key="course"):
        st.header(say("comparison.chart_title"), anchor=False)
        plan = _choose_living_costs(plan, say)
        verdict_place, chart_place = st.container(), st.container()
    outcomes = session.answers.ask(plan, STRATEGIES)
    if all(outcome.error is not None for outcome in outcomes):
        verdict_place.markdown(say("table.failed"))
        return
    verdict = compare(outcomes)
    start = outcomes[verdict.best].totals_frame().iloc[0]
    with heading:
        _show_state(plan, int(start["debts_overdue"]), say)
    with cards:
        _show_cards(plan, int(start["payoff"]), say)
    with verdict_place, st.container(key="verdict"):
        st.markdown(_verdict_text(outcomes, verdict, say))
    # The figures come before the chart: they are read while the browser still fetches what draws it.
    _show_table(outcomes, verdict, say)
    with chart_place:
        _show_chart(outcomes, verdict, say)


def _choose_living_costs(plan: Plan, say: Words) -> Plan:
    span = living_costs_range(plan)
    now = span.now // FEN_IN_A_YUAN
    chosen = st.slider(
        say("comparison.slider"),
        min_value=span.least // FEN_IN_A_YUAN,
        max_value=span.most // FEN_IN_A_YUAN,
        value=now,
        step=span.step // FEN_IN_A_YUAN,
        format=privacy.slider_format("localized"),
        key=f"{_LIVING_COSTS}.{session.document_key()}",
        persist_state="session",
    )
    return plan if chosen == now else with_living_costs(plan, chosen * FEN_IN_A_YUAN)


def _show_state(plan: Plan, overdue: int, say: Words) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        debts = say.counted("household.debts", len(plan.debts))
        st.caption(f"{debts} · {say('household.as_of', day=theme.day(plan.start, say))}", width="content")
        if overdue:
            st.badge(say.counted("household.overdue", overdue), color="red")
        else:
            st.badge(say("household.none_overdue"), color="green")


def _show_cards(plan: Plan, owed: int, say: Words) -> None:
    room = monthly_room(plan)
    grid = st.grid(4, min_column_width=150)
    for key, fen in (
        ("owed", owed),
        ("income", monthly_income(plan)),
        ("living_costs", monthly_living_costs(plan)),
        ("room", room) if room >= 0 else ("room_short", -room),
    ):
        grid.metric(say(f"comparison.{key}"), theme.money(fen), border=True)


def _verdict_text(outcomes: list[Outcome], verdict: Verdict, say: Words) -> str:
    return say("format.sentence_separator").join(_verdict_sentences(outcomes, verdict, say))


def _verdict_sentences(outcomes: list[Outcome], verdict: Verdict, say: Words) -> list[str]:
    best = outcomes[verdict.best]
    if verdict.ending == "nothing_owed":
        return [say("verdict.cleared_now")]
    name = _name(best, say)
    paid = theme.money(best.total_paid)
    if best.debt_free_on is not None:
        sentences = [say("verdict.free", strategy=name, month=theme.month(best.debt_free_on, say), paid=paid)]
    else:
        key = "verdict.nobody_free" if verdict.ending == "nobody_free" else "verdict.open"
        owed = theme.money(best.closing_payoff)
        sentences = [say(key, strategy=name, month=theme.month(best.plan.end, say), paid=paid, owed=owed)]
    if verdict.second is not None:
        sentences.append(_reason(verdict, _name(outcomes[verdict.second], say), say))
    if verdict.equals:
        sentences.append(say("verdict.equal", names=say.listed([_name(outcomes[k], say) for k in verdict.equals])))
    if best.worst_days_past_due:
        sentences.append(say("verdict.overdue", days=say.counted("format.day_count", best.worst_days_past_due)))
    if best.worst_shortfall:
        sentences.append(say("verdict.shortfall", amount=theme.money(best.worst_shortfall)))
    return sentences


def _reason(verdict: Verdict, second: str, say: Words) -> str:
    if verdict.reason == "cheaper":
        key = "verdict.cheaper" if verdict.both_free else "verdict.cheaper_with_debt"
        return say(key, second=second, margin=theme.money(verdict.margin))
    if verdict.reason == "sooner":
        return say("verdict.sooner", second=second, duration=theme.duration(verdict.margin, say))
    return say("verdict.calmer", second=second, days=say.counted("format.day_count", verdict.margin))


def _show_chart(outcomes: list[Outcome], verdict: Verdict, say: Words) -> None:
    plan = outcomes[0].plan
    charts.show(
        figures.balances(outcomes, verdict.best, say),
        key="strategy_comparison.chart",
        alt=say("comparison.chart_alt", start=theme.month(plan.start, say), end=theme.month(plan.end, say)),
    )
    st.caption(say("comparison.chart_note"))


def _show_table(outcomes: list[Outcome], verdict: Verdict, say: Words) -> None:
    st.header(say("comparison.table_title"), anchor=False)
    columns = ("strategy", "debt_free", "paid", "owed", "cost", "days", "shortfall")
    rows = [_row(outcome, index == verdict.best, say) for index, outcome in enumerate(outcomes)]
    st.html(figures_table(say("comparison.table_alt"), [say(f"table.{column}") for column in columns], rows))
    st.caption(say("comparison.shortfall_note", end=theme.day(outcomes[0].plan.end, say)))


def _row(outcome: Outcome, is_best: bool, say: Words) -> Row:
    mark = say("table.best") if is_best else ""
    note = say(f"strategy.{outcome.strategy}.what")
    if outcome.error is not None:
        return Row(_name(outcome, say), say("table.failed"), mark, ["—"] * 6)
    free, days = outcome.debt_free_on, outcome.worst_days_past_due
    cells = [
        theme.day(free, say) if free is not None else say("table.not_free"),
        theme.money(outcome.total_paid),
        theme.money(outcome.closing_payoff) if outcome.closing_payoff else say("table.nothing_owed"),
        theme.money(outcome.total_cost),
        say.counted("table.days_past_due", days) if days else say("table.never_overdue"),
        theme.money(outcome.worst_shortfall) if outcome.worst_shortfall else say("table.no_shortfall"),
    ]
    return Row(_name(outcome, say), note, mark, cells)


def _name(outcome: Outcome, say: Words) -> str:
    return say(f"strategy.{outcome.strategy}.name")


show()
