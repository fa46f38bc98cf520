"""The ways side by side: cards, the slider of living costs, the verdict, the chart, the table."""

import zlib

import streamlit as st

from core.levers import living_costs_range, monthly_income, monthly_living_costs, monthly_room
from core.money import FEN_IN_A_YUAN
from core.plan import Plan
from core.plan_values import month_index
from core.simulate import STRATEGIES
from core.verdict import Verdict, compare
from core.ways import BEFORE, Way
from pages.shared import charts, privacy, session, theme
from pages.shared.tables import Row, figures_table
from pages.shared.words import Words
from pages.strategy_comparison import figures, missed, ours
from pages.strategy_comparison.case import Case, strategy_name, way_name, way_sentence_name

LINES_MAX = 10
"""More lines than this cannot be told apart."""

_LIVING_COSTS = "strategy_comparison.living_costs"
# Beside offers, these and the best of the others are drawn at first: ten lines at once are for those who ask.
_ALWAYS_DRAWN = ("stop", "minimum")
_OPTIONS_DRAWN = 3
_OPTIONS_LISTED = 5


def show(case: Case, say: Words) -> None:
    """Show the section."""
    heading, cards = st.container(), st.container()
    with st.container(border=True, key="course"):
        st.header(say("comparison.chart_title"), anchor=False)
        case = _choose_living_costs(case, say)
        verdict_place, chart_place = st.container(), st.container()
    if case.followed is None:
        verdict_place.markdown(say("table.failed"))
        return
    with_before = bool(case.found.levers) and st.toggle(
        say("ways.with_before"), key="ways.with_before", persist_state="session"
    )
    every = case.ways(before=with_before)
    ranked = [way for way in every if way.key != BEFORE]
    verdict = compare([way.outcome for way in ranked], [way.outside for way in ranked])
    plan = case.outcomes[0].plan
    recorded = session.answers.ask(case.found.before, STRATEGIES[:1])[0].totals_frame().iloc[0]
    opening = int(recorded["payoff"])
    with heading:
        _show_state(case.found.before, int(recorded["debts_overdue"]), say)
    with cards:
        _show_cards(plan, opening, say)
    best = ranked[verdict.best]
    with verdict_place, st.container(key="verdict"):
        st.markdown(say("format.sentence_separator").join(_verdict_sentences(ranked, verdict, case, say)))
        if with_before:
            st.markdown(_against_before(every, case, say))
    with verdict_place:
        missed.show(plan, say)
    # The figures come before the chart: they are read while the browser still fetches what draws it.
    _show_table(every, best, case, say)
    ours.ask([way for way in ranked if way.able], best, case, say)
    with chart_place:
        _show_chart(every, best, opening, case, say)


def _choose_living_costs(case: Case, say: Words) -> Case:
    span = living_costs_range(case.found.plan)
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
    return case if chosen == now else case.at(chosen * FEN_IN_A_YUAN)


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


# -- the verdict


def _verdict_sentences(ranked: list[Way], verdict: Verdict, case: Case, say: Words) -> list[str]:
    best = ranked[verdict.best]
    if verdict.ending == "nothing_owed":
        return [say("verdict.cleared_now")]
    name = way_sentence_name(best, case, say)
    outcome, paid = best.outcome, theme.money(best.paid)
    if outcome.debt_free_on is not None:
        sentences = [say("verdict.free", strategy=name, month=theme.month(outcome.debt_free_on, say), paid=paid)]
    else:
        key = "verdict.nobody_free" if verdict.ending == "nobody_free" else "verdict.open"
        owed = theme.money(outcome.closing_payoff)
        sentences = [say(key, strategy=name, month=theme.month(best.plan.end, say), paid=paid, owed=owed)]
    if verdict.second is not None:
        sentences.append(_reason(verdict, way_sentence_name(ranked[verdict.second], case, say), say))
    if verdict.equals:
        names = [way_sentence_name(ranked[k], case, say) for k in verdict.equals]
        sentences.append(say("verdict.equal", names=say.listed(names)))
    if outcome.worst_days_past_due:
        sentences.append(say("verdict.overdue", days=say.counted("format.day_count", outcome.worst_days_past_due)))
    if outcome.worst_shortfall:
        sentences.append(say("verdict.shortfall", amount=theme.money(outcome.worst_shortfall)))
    return sentences


def _reason(verdict: Verdict, second: str, say: Words) -> str:
    if verdict.reason == "cheaper":
        key = "verdict.cheaper" if verdict.both_free else "verdict.cheaper_with_debt"
        return say(key, second=second, margin=theme.money(verdict.margin))
    if verdict.reason == "sooner":
        return say("verdict.sooner", second=second, duration=theme.duration(verdict.margin, say))
    return say("verdict.calmer", second=second, days=say.counted("format.day_count", verdict.margin))


def _against_before(every: tuple[Way, ...], case: Case, say: Words) -> str:
    """Hold the plan with what is chosen against the recorded one, under the strategy of the latter."""
    before = next(way for way in every if way.key == BEFORE)
    after = next(way for way in every if way.key == before.strategy)
    if not (before.able and after.able):
        return say("table.failed")
    strategy = strategy_name(before.strategy, say)
    fen = before.paid + before.outcome.closing_payoff - after.paid - after.outcome.closing_payoff
    if fen:
        key = "ways.before_less" if fen > 0 else "ways.before_more"
        told = [say(key, strategy=strategy, amount=theme.money(abs(fen)))]
    else:
        told = [say("ways.before_same", strategy=strategy)]
    old, new = before.outcome.debt_free_on, after.outcome.debt_free_on
    if old is not None and new is not None and (months := month_index(old) - month_index(new)):
        key = "ways.before_sooner" if months > 0 else "ways.before_later"
        told.append(say(key, duration=theme.duration(abs(months), say)))
    return say("format.sentence_separator").join(told)


# -- the chart


def _show_chart(every: tuple[Way, ...], best: Way, opening: int, case: Case, say: Words) -> None:
    able = {way.key: way for way in every if way.able}
    shown = _choose_lines(able, case, say) if len(every) > len(case.outcomes) else list(able)
    if not shown:
        st.caption(say("ways.drawn_none"))
        return
    plan = best.plan
    more = case.courses([able[key] for key in shown if able[key].kind != "strategy"])
    drawn = [
        figures.Drawn(way_name(able[key], case, say), more.get(key, able[key].outcome), able[key].kind == "strategy")
        for key in shown
    ]
    stressed = shown.index(best.key) if best.key in shown else None
    start, end = theme.month(plan.start, say), theme.month(plan.end, say)
    own = len(every) == len(case.outcomes)
    charts.show(
        figures.lines(drawn, stressed, say, opening=opening),
        key="strategy_comparison.chart",
        alt=say("comparison.chart_alt", start=start, end=end)
        if own
        else say("ways.lines_alt", count=len(shown), start=start, end=end),
    )
    st.caption(say("comparison.chart_note"))
    if not own:
        st.caption(say("ways.lines_note"))


def _choose_lines(able: dict[str, Way], case: Case, say: Words) -> list[str]:
    first = _first_lines(able, case)
    # A new offer is a new question: then what is drawn begins anew, with it among the rest.
    known = zlib.crc32("|".join(able).encode())
    with st.expander(say("ways.drawn", most=LINES_MAX)):
        return st.multiselect(
            say("ways.drawn", most=LINES_MAX),
            list(able),
            default=first,
            key=f"ways.drawn.{session.document_key()}.{known}",
            format_func=lambda key: way_name(able[key], case, say),
            max_selections=LINES_MAX,
            placeholder=say("ways.drawn_add"),
            label_visibility="collapsed",
            persist_state="session",
        )


def _first_lines(able: dict[str, Way], case: Case) -> list[str]:
    """Choose what is drawn before anybody asks for something else."""
    options = sorted((way for way in able.values() if way.kind == "option"), key=_merit)
    wanted = {*_ALWAYS_DRAWN, BEFORE, case.followed, *(way.key for way in options[:_OPTIONS_DRAWN])}
    return [key for key in able if key in wanted]


# -- the table


def _merit(way: Way) -> tuple[bool, int]:
    return not way.able, way.paid + way.outcome.closing_payoff


def _show_table(every: tuple[Way, ...], best: Way, case: Case, say: Words) -> None:
    options = sorted((way for way in every if way.kind == "option"), key=_merit)
    st.header(say("ways.table_title") if options else say("comparison.table_title"), anchor=False)
    columns = [
        say(f"table.{column}") for column in ("strategy", "debt_free", "paid", "owed", "cost", "days", "shortfall")
    ]
    first = [way for way in every if way.kind != "option"] + options[:_OPTIONS_LISTED]
    rows = [_row(way, way is best, case, say) for way in first]
    st.html(figures_table(say("comparison.table_alt"), columns, rows))
    if len(options) > _OPTIONS_LISTED:
        rest = options[_OPTIONS_LISTED:]
        with st.expander(say("ways.more_ways", count=len(rest))):
            st.html(figures_table(say("comparison.table_alt"), columns, [_row(way, False, case, say) for way in rest]))
    st.caption(say("comparison.shortfall_note", end=theme.day(best.plan.end, say)))
    if options:
        own = case.document.chosen
        st.caption(
            say("ways.follow_best") if own is None else say("ways.follow_note", strategy=strategy_name(own, say))
        )
    if options or case.found.levers:
        st.caption(say("ways.paid_note"))


def _row(way: Way, is_best: bool, case: Case, say: Words) -> Row:
    is_ours = way.kind == "strategy" and way.key == case.document.chosen
    marks = [say("table.best")] * is_best + [say("ways.ours")] * is_ours
    mark, name = " · ".join(marks), way_name(way, case, say)
    if not way.able:
        return Row(name, say("table.failed"), mark, ["—"] * 6)
    outcome = way.outcome
    free, days = outcome.debt_free_on, outcome.worst_days_past_due
    cells = [
        theme.day(free, say) if free is not None else say("table.not_free"),
        theme.money(way.paid),
        theme.money(outcome.closing_payoff) if outcome.closing_payoff else say("table.nothing_owed"),
        theme.money(outcome.total_cost),
        say.counted("table.days_past_due", days) if days else say("table.never_overdue"),
        theme.money(outcome.worst_shortfall) if outcome.worst_shortfall else say("table.no_shortfall"),
    ]
    return Row(name, _note(way, say), mark, cells)


def _note(way: Way, say: Words) -> str:
    if way.kind == "strategy":
        return say(f"strategy.{way.strategy}.what")
    key = "ways.before_note" if way.key == BEFORE else "ways.option_note"
    return say(key, strategy=strategy_name(way.strategy, say))
