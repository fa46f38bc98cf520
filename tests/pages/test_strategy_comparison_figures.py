"""The chart of the strategy comparison: lines that say what the outcomes say, names that can be read."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.levers import FamilyLoan, living_costs_range, with_living_costs
from core.simulate import STRATEGIES, Outcome, best
from pages.shared import session, theme
from pages.shared.words import words_in
from pages.strategy_comparison import figures
from pages.strategy_comparison.figures import LABEL_GAP, Drawn, balances, lines, spread
from pages.strategy_comparison.stacked import BANDS_MAX, bands, stack

ZH = words_in("zh")


def chart(name: str, costs_share: float | None = None) -> tuple[Any, list[Outcome]]:
    plan = session.sample_plan(name)
    if costs_share is not None:
        plan = with_living_costs(plan, round(living_costs_range(plan).most * costs_share))
    outcomes = session.AnswerStore(6).ask(plan, STRATEGIES)
    return balances(outcomes, best(outcomes), ZH), outcomes


@given(st.lists(st.floats(0, 300), max_size=12).map(sorted), st.integers(1, 24))
def test_spread_names_never_overlap_and_stay_inside_where_they_fit(heights: list[float], gap: int) -> None:
    room = 300
    places = spread(heights, gap, room)
    assert all(upper - lower >= gap - 1e-6 for lower, upper in pairwise(places))
    if gap * (len(heights) - 1) <= room:
        assert all(-1e-6 <= place <= room + 1e-6 for place in places)


def test_names_that_are_far_apart_stay_where_their_lines_end() -> None:
    assert spread([0, 50, 100], 20, 300) == [0, 50, 100]


@pytest.mark.parametrize("costs_share", [None, 0, 0.5, 1])
@pytest.mark.parametrize("name", session.samples())
def test_every_line_is_named_and_no_name_covers_another(name: str, costs_share: float | None) -> None:
    figure, _ = chart(name, costs_share)
    plot = theme.CHART_HEIGHT - figure.layout.margin.t - figure.layout.margin.b
    top = figure.layout.yaxis.range[1]
    notes = figure.layout.annotations
    assert {note.text.strip("<b>/ ↑") for note in notes} == {ZH(f"strategy.{key}.name") for key in STRATEGIES}
    beside = [note for note in notes if note.showarrow]
    heights = sorted(note.y / top * plot - note.ay for note in beside)
    assert all(upper - lower >= LABEL_GAP - 1e-6 for lower, upper in pairwise(heights))
    assert all(-1e-6 <= height <= plot + 1e-6 for height in heights)


@pytest.mark.parametrize("name", session.samples())
def test_lines_are_what_is_owed_at_each_months_end(name: str) -> None:
    figure, outcomes = chart(name)
    lines = {line.name: line for line in figure.data}
    for outcome in outcomes:
        line = lines[ZH(f"strategy.{outcome.strategy}.name")]
        frame = outcome.totals_frame()
        shown = len(line.x)
        assert list(line.x) == list(outcome.dates[:shown])
        assert list(line.customdata) == [theme.money(fen) for fen in frame["payoff"][:shown]]


@pytest.mark.parametrize("name", session.samples())
def test_the_chart_shows_to_where_the_paying_strategies_have_come(name: str) -> None:
    """What is cut off is a hundredth of the debt at most, or nothing."""
    figure, outcomes = chart(name)
    shown = len(figure.data[0].x)
    for outcome in outcomes:
        owed: list[int] = outcome.totals_frame()["payoff"].tolist()
        if outcome.strategy != "stop" and shown < len(owed):
            assert max(owed[shown:]) <= max(owed) / 100


@pytest.mark.parametrize("name", session.samples())
def test_a_thumb_cannot_drag_or_zoom(name: str) -> None:
    figure, _ = chart(name)
    assert figure.layout.dragmode is False
    assert figure.layout.xaxis.fixedrange
    assert figure.layout.yaxis.fixedrange
    assert figure.layout.showlegend is False


@pytest.mark.parametrize("name", session.samples())
def test_dates_under_the_chart_have_room_on_a_phone(name: str) -> None:
    figure, _ = chart(name)
    assert 1 <= len(figure.layout.xaxis.tickvals) <= 7
    assert 2 <= len(figure.layout.yaxis.tickvals) <= figures.TICKS_MAX + 1


def test_the_best_line_is_the_heaviest_and_lies_on_top() -> None:
    figure, outcomes = chart("halved_income")
    widths = [line.line.width for line in figure.data]
    assert max(widths) == widths[-1] > widths[0]
    assert figure.data[-1].name == ZH(f"strategy.{outcomes[best(outcomes)].strategy}.name")


def heights(figure: Any) -> list[float]:
    """Give how high above the ground the names beside the chart stand, in pixels, rising."""
    plot = theme.CHART_HEIGHT - figure.layout.margin.t - figure.layout.margin.b
    top = figure.layout.yaxis.range[1]
    return sorted(note.y / top * plot - note.ay for note in figure.layout.annotations if note.showarrow)


def test_ten_ways_are_told_apart_by_name_and_dash() -> None:
    plan = session.sample_plan("halved_income")
    outcomes = session.AnswerStore(20).ask(plan, STRATEGIES)
    names = [f"<b>方案</b> %{{y}} 很长很长很长的名字{k}" for k in range(4)]
    drawn = [Drawn(outcome.strategy, outcome) for outcome in outcomes]
    drawn += [Drawn(name, outcomes[2], own=False) for name in names]
    figure: Any = lines(drawn, 6, ZH, opening=123_00)
    assert len(figure.data) == 10
    assert [line.line.dash for line in figure.data].count("solid") == 6
    assert len({line.line.dash for line in figure.data}) == 5
    places = heights(figure)
    assert all(upper - lower >= LABEL_GAP - 1e-6 for lower, upper in pairwise(places))
    told = "".join(note.text for note in figure.layout.annotations) + "".join(line.name for line in figure.data)
    assert "<b>方案" not in told.replace("<b>&lt;b&gt;", "")
    assert "%{" not in "".join(line.hovertemplate.replace("%{customdata}", "") for line in figure.data)
    assert figure.layout.margin.r < 160
    assert {line.y[0] for line in figure.data} == {123}


def test_no_line_need_be_stressed() -> None:
    plan = session.sample_plan("halved_income")
    outcomes = session.AnswerStore(6).ask(plan, STRATEGIES)
    figure: Any = lines([Drawn(outcome.strategy, outcome) for outcome in outcomes], None, ZH)
    assert len({line.line.width for line in figure.data}) == 1


@pytest.mark.parametrize("strategy", ["avalanche", "minimum", "stop"])
@pytest.mark.parametrize("name", session.samples())
def test_bands_add_up_to_all_that_is_owed(name: str, strategy: str) -> None:
    (outcome,) = session.AnswerStore(6).ask(session.sample_plan(name), [strategy])
    drawn = bands(outcome, "rest")
    totals: list[int] = outcome.totals_frame()["payoff"].tolist()
    assert [sum(column) for column in zip(*(band.owed_fen for band in drawn), strict=True)] == totals
    ends = [band.cleared or date.max for band in drawn]
    assert ends == sorted(ends, reverse=True)
    figure: Any = stack(outcome, "rest", ZH)
    assert len(figure.data) == len(drawn)
    places = heights(figure)
    assert all(upper - lower >= LABEL_GAP - 1e-6 for lower, upper in pairwise(places))
    assert len({trace.line.color for trace in figure.data}) == len(drawn)


def test_many_debts_are_drawn_as_the_largest_and_the_rest() -> None:
    plan = session.sample_plan("halved_income")
    debts = tuple(plan.debts[k % 3].model_copy(update={"id": f"d{k}", "name": f"<i>{k}"}) for k in range(40))
    (outcome,) = session.AnswerStore(6).ask(plan.model_copy(update={"debts": debts}), ["minimum"])
    drawn = bands(outcome, "rest")
    assert len(drawn) == BANDS_MAX
    assert [band.name for band in drawn].count("rest") == 1
    totals: list[int] = outcome.totals_frame()["payoff"].tolist()
    assert [sum(column) for column in zip(*(band.owed_fen for band in drawn), strict=True)] == totals
    figure: Any = stack(outcome, "rest", ZH)
    assert "<i>" not in "".join(note.text for note in figure.layout.annotations)


def test_a_loan_that_is_drawn_tomorrow_is_not_owed_today() -> None:
    plan = session.sample_plan("halved_income")
    loan = FamilyLoan(id="new", name="sister", amount=500_000, instalments=10, due_day=15)
    (outcome,) = session.AnswerStore(6).ask(loan.apply(plan), ["minimum"])
    (new,) = [band for band in bands(outcome, "rest", {"new"}) if band.name == "sister"]
    assert (new.owed_fen[0], new.owed_fen[1]) == (0, 500_000 - 50_000)
