"""What is owed day by day, and what happens to the debt, on one axis of dates. No Streamlit call."""

from collections.abc import Sequence
from datetime import date

import plotly.graph_objects as go
from streamlit.elements.lib import streamlit_plotly_theme as chart_colours

from core.consequences import Event
from core.facts import Kind
from core.lateness import PARTS, Lateness
from core.money import FEN_IN_A_YUAN
from pages.overdue_cost.events import sentence
from pages.shared import theme
from pages.shared.words import Words

PART_COLOURS = {
    "principal": chart_colours.CATEGORY_6,
    "interest": chart_colours.CATEGORY_7,
    "penalty": chart_colours.CATEGORY_8,
    "fees": chart_colours.CATEGORY_9,
}
_SYMBOLS: dict[Kind, str] = {"law": "circle", "custom": "diamond", "estimate": "circle-open"}
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 14, 30, 40
_COURSE, _EVENTS = (0.24, 1.0), (0.0, 0.13)
_MONTHS_BETWEEN_TICKS = 6
_HEADROOM = 1.04
_TICKS_MAX = 4
_STEPS = (1, 2, 5, 10)
_DAY_MILLISECONDS = 24 * 60 * 60 * 1000


def course(answer: Lateness, debt: str | None, shown: date, events: Sequence[Event], say: Words) -> go.Figure:
    """Draw what is owed by its parts, and below it what may happen, on the same dates.

    Args:
        answer: What being late costs.
        debt: The debt to show; None for all together.
        shown: The day that is marked.
        events: What may happen; those outside the two years are left out.
        say: The reader's catalogue.
    """
    days = answer.days[:-1]
    places = answer.debts_of(debt)
    layout = theme.chart_frame(left=_LEFT, right=_RIGHT, top=_TOP, bottom=_BOTTOM)
    figure = go.Figure(layout=layout)
    parts = answer.parts[: len(days), places].sum(axis=1)
    for index, part in enumerate(PARTS):
        owed = parts[:, index]
        # A layer that is nowhere seen would only fill the legend and the hover box.
        if owed.any():
            name = say(f"overdue.part.{part}")
            figure.add_trace(
                go.Scatter(
                    # Every day is drawn: the first and the step say it in a hundredth of the bytes.
                    x0=days[0],
                    dx=_DAY_MILLISECONDS,
                    y=owed / FEN_IN_A_YUAN,
                    name=name,
                    mode="lines",
                    stackgroup="owed",
                    line={"width": 0.5, "color": PART_COLOURS[part]},
                    fillcolor=PART_COLOURS[part],
                    hovertemplate=say("overdue.course.hover", name=name, amount=theme.hover_money())
                    + "<extra></extra>",
                )
            )
    _put_events(figure, [event for event in events if days[0] <= event.date <= days[-1]], say)
    _put_axes(figure, days, int(parts.sum(axis=1).max()), shown, say)
    return figure


def _put_events(figure: go.Figure, events: Sequence[Event], say: Words) -> None:
    figure.add_trace(
        go.Scatter(
            x=[event.date for event in events],
            y=[0] * len(events),
            yaxis="y2",
            name=say("overdue.course.chart_events"),
            mode="markers",
            marker={
                "size": 11,
                "symbol": [_SYMBOLS[event.kind] for event in events],
                "color": chart_colours.CATEGORY_0,
                "line": {"width": 1.5, "color": chart_colours.CATEGORY_0},
            },
            text=[sentence(event, say) for event in events],
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
        )
    )


def _put_axes(figure: go.Figure, days: Sequence[date], top: int, shown: date, say: Words) -> None:
    months = [day for day in days if day.day == 1 and day.month % _MONTHS_BETWEEN_TICKS == 1]
    figure.update_xaxes(
        range=[days[0], days[-1]],
        tickvals=months,
        ticktext=[f"{say(f'format.months.{day.month}')}<br>{day.year}" for day in months],
        hoverformat=say("overdue.course.hover_day"),
        tickangle=0,
        ticks="outside",
        ticklen=4,
        anchor="y2",
    )
    top = max(top, FEN_IN_A_YUAN)
    values = list(range(0, top + 1, _step(top)))
    figure.update_layout(
        yaxis={
            "domain": _COURSE,
            "range": [0, top * _HEADROOM / FEN_IN_A_YUAN],
            "tickvals": [fen / FEN_IN_A_YUAN for fen in values],
            "ticktext": [theme.money_short(fen, say) for fen in values],
        },
        yaxis2={"domain": _EVENTS, "range": [-1, 1], "visible": False, "fixedrange": True},
        shapes=[
            {
                "type": "line",
                "xref": "x",
                "yref": "paper",
                "x0": shown,
                "x1": shown,
                "y0": 0,
                "y1": 1,
                "line": {"width": 1.5, "dash": "dot", "color": theme.QUIET},
            }
        ],
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "yanchor": "bottom",
            "itemclick": False,
            "itemdoubleclick": False,
            "font": {"size": theme.CHART_FONT_SIZE},
            "title": {"text": ""},
        },
    )


def _step(top: int) -> int:
    power = 1
    while True:
        for factor in _STEPS:
            if top // (factor * power) <= _TICKS_MAX:
                return factor * power
        power *= 10
