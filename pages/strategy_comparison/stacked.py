"""The debts of one way on top of each other: what is owed on each, month by month, and which one is gone when."""

from collections.abc import Collection, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from streamlit.elements.lib import streamlit_plotly_theme as chart_colours

from core.money import FEN_IN_A_YUAN
from core.outcome import Outcome
from pages.shared import theme
from pages.shared.words import Words
from pages.strategy_comparison import figures

BANDS_MAX = 8
"""More debts than this are drawn as the largest ones and one band of the rest."""

_LEFT, _TOP, _BOTTOM = 46, 16, 42
# From the bottom up; neighbours are told apart. No strategy is drawn here whose colour they could be taken for.
_COLOURS = (
    chart_colours.CATEGORY_2,
    chart_colours.CATEGORY_7,
    chart_colours.CATEGORY_4,
    chart_colours.CATEGORY_1,
    chart_colours.CATEGORY_6,
    chart_colours.CATEGORY_3,
    chart_colours.CATEGORY_5,
    chart_colours.CATEGORY_0,
)
# A little of the time after the last debt is gone shows that it is.
_ROOM_AFTER = 8


class Band(NamedTuple):
    """One band: a debt, or what is left of them.

    Attributes:
        name: Of the debt, as the user wrote it, or of the rest.
        cleared: When it is gone; None where it stays open.
        owed_fen: On the days that are drawn.
    """

    name: str
    cleared: date | None
    owed_fen: list[int]


def bands(outcome: Outcome, rest: str, new: Collection[str] = ()) -> list[Band]:
    """Give the bands from the bottom up: what is gone last lies at the bottom, what is gone first on top.

    Args:
        outcome: With every debt's balance on month-ends, and without an error.
        rest: The name of the band that holds the smaller debts together.
        new: Ids of loans that are drawn the day after the plan's start: until then nothing is owed on them.
    """
    count = len(outcome.plan.debts)
    owed = np.array(outcome.debts_frame()["payoff"], np.int64).reshape(-1, count)
    if outcome.dates[0] == outcome.plan.start:
        owed[0, [k for k, debt in enumerate(outcome.plan.debts) if debt.id in new]] = 0
    names = {debt.id: debt.name for debt in outcome.plan.debts}
    found = [
        Band(names[debt_id], cleared, owed[:, k].tolist())
        for k, (debt_id, cleared) in enumerate(outcome.cleared.items())
        if owed[:, k].any()
    ]
    if len(found) > BANDS_MAX:
        found.sort(key=lambda band: -max(band.owed_fen))
        small = found[BANDS_MAX - 1 :]
        ends = [band.cleared for band in small]
        last = None if None in ends else max(day for day in ends if day is not None)
        sums = [sum(column) for column in zip(*(band.owed_fen for band in small), strict=True)]
        found = [*found[: BANDS_MAX - 1], Band(rest, last, sums)]
    return sorted(found, key=lambda band: (band.cleared or date.max, -max(band.owed_fen)), reverse=True)


def stack(outcome: Outcome, rest: str, say: Words, new: Collection[str] = ()) -> go.Figure:
    """Draw the debts of a way on top of each other, each with its name at its end.

    Args:
        outcome: As for `bands`; something is owed on at least one day.
        rest: As for `bands`.
        say: The reader's catalogue.
        new: As for `bands`.
    """
    drawn = bands(outcome, rest, new)
    days = _shown(outcome, drawn)
    drawn = [band._replace(owed_fen=band.owed_fen[: len(days)]) for band in drawn]
    labels = [figures.short_name(band.name) for band in drawn]
    top = max(sum(column) for column in zip(*(band.owed_fen for band in drawn), strict=True))
    layout = theme.chart_frame(left=_LEFT, right=figures.room_for(labels), top=_TOP, bottom=_BOTTOM)
    top = max(top, FEN_IN_A_YUAN)
    layout.update(figures.axes(days, top, say), annotations=_names(drawn, labels, days, top))
    return go.Figure([_band(*each, days, say) for each in zip(drawn, labels, _COLOURS, strict=False)], layout)


def _band(band: Band, label: str, colour: str, days: Sequence[date], say: Words) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": days,
        "y": [fen / FEN_IN_A_YUAN for fen in band.owed_fen],
        "name": label,
        "mode": "lines",
        "stackgroup": "owed",
        "line": {"width": 1, "color": colour},
        "fillcolor": colour,
        "customdata": [theme.money(fen) for fen in band.owed_fen],
        "hovertemplate": say("comparison.hover", name=label, amount="%{customdata}") + "<extra></extra>",
    }


def _shown(outcome: Outcome, drawn: Sequence[Band]) -> list[date]:
    days = list(outcome.dates)
    ends = [band.cleared for band in drawn]
    if None in ends:
        return days
    last = sum(day < max(day for day in ends if day is not None) for day in days)
    return days[: max(last + 1 + last // _ROOM_AFTER, 3)]


def _names(drawn: Sequence[Band], labels: Sequence[str], days: Sequence[date], top: int) -> list[dict[str, Any]]:
    plot = theme.CHART_HEIGHT - _TOP - _BOTTOM
    edges = np.cumsum([0, *(band.owed_fen[-1] for band in drawn)])
    middles = [(low + high) / 2 for low, high in pairwise(edges.tolist())]
    heights = [middle / (top * figures.HEADROOM) * plot for middle in middles]
    places = figures.spread(heights, figures.LABEL_GAP, plot)
    return [
        figures.end_name(label, colour, days[-1], middle, height - place)
        for label, middle, height, place, colour in zip(labels, middles, heights, places, _COLOURS, strict=False)
    ]
