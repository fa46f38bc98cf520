"""What every monthly budget does, as a chart: what leaves the pocket, and for how long. No Streamlit call."""

from collections.abc import Sequence

import plotly.graph_objects as go

from core.money import FEN_IN_A_YUAN
from core.thresholds import Sweep
from pages.shared import privacy, theme
from pages.shared.words import Words

_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 18, 34, 42
_COST, _MONTHS = (0.58, 1.0), (0.0, 0.38)
_HEADROOM = 1.06
_TICKS_MAX, _TICKS_MAX_LOW = 4, 3
_STEPS = (1, 2, 5, 10)
_DOT = 9
# What costs more than so many times as much as today's budget leaves the chart through its top.
_OVERVIEW = 2


def budgets(sweep: Sweep, strategy: str, say: Words) -> go.Figure:
    """Draw cost and months over the monthly budget, today's marked on both lines.

    Args:
        sweep: Over the whole range.
        strategy: Whose colour the lines have.
        say: The reader's catalogue.
    """
    figure = go.Figure(layout=theme.chart_frame(left=_LEFT, right=_RIGHT, top=_TOP, bottom=_BOTTOM))
    colour = theme.STRATEGY_COLOURS[strategy]
    x = [budget / FEN_IN_A_YUAN for budget in sweep.budgets]
    costs = [None if each.out_of_pocket is None else each.out_of_pocket for each in sweep.readings]
    months = [each.months for each in sweep.readings]
    cost_text = ["" if fen is None else theme.money(fen) for fen in costs]
    month_text = ["" if count is None else theme.duration(count, say) for count in months]
    heights = [None if fen is None else fen / FEN_IN_A_YUAN for fen in costs]
    today = sweep.budgets.index(sweep.now)
    for values, texts, axis, key in ((heights, cost_text, "y", "cost"), (months, month_text, "y2", "months")):
        figure.add_trace(
            go.Scatter(
                x=x,
                y=values,
                yaxis=axis,
                mode="lines+markers",
                line={"color": colour, "width": 3},
                marker={"size": [_DOT if k == today else 0 for k in range(len(x))], "opacity": 1},
                customdata=texts,
                hovertemplate=say(f"budget_cuts.hundred.hover_{key}", value="%{customdata}") + "<extra></extra>",
            )
        )
    _put_axes(figure, sweep, _ceiling(sweep, costs), max(filter(None, months), default=0), say)
    return figure


def _ceiling(sweep: Sweep, costs: Sequence[int | None]) -> int:
    """Cut off what budgets far too small cost, or all differences that matter would look like none."""
    known = [fen for fen in costs if fen is not None]
    today = sweep.at(sweep.now).out_of_pocket
    return min(max(known, default=0), _OVERVIEW * (today or max(known, default=0)))


def _put_axes(figure: go.Figure, sweep: Sweep, cost: int, months: int, say: Words) -> None:
    top = sweep.budgets[-1]
    ticks = list(range(0, top + 1, _step(top, _TICKS_MAX)))
    cost, months = max(cost, FEN_IN_A_YUAN), max(months, 12)
    costs = list(range(0, cost + 1, _step(cost, _TICKS_MAX_LOW)))
    years = list(range(0, months + 1, 12 * max(1, -(-months // (12 * _TICKS_MAX_LOW)))))
    figure.update_xaxes(
        range=[0, top / FEN_IN_A_YUAN],
        tickvals=[fen / FEN_IN_A_YUAN for fen in ticks],
        ticktext=[theme.money_short(fen, say) for fen in ticks],
        hoverformat=f"¥{privacy.MASK}" if privacy.hidden() else ",.0f",
        tickangle=0,
        ticks="outside",
        ticklen=4,
        anchor="y2",
    )
    line = {"type": "line", "xref": "x", "yref": "paper", "y0": 0, "y1": 1}
    now = sweep.now / FEN_IN_A_YUAN
    figure.update_layout(
        yaxis={
            "domain": _COST,
            "range": [0, cost * _HEADROOM / FEN_IN_A_YUAN],
            "tickvals": [fen / FEN_IN_A_YUAN for fen in costs],
            "ticktext": [theme.money_short(fen, say) for fen in costs],
        },
        yaxis2={
            "domain": _MONTHS,
            "range": [0, months * _HEADROOM],
            "tickvals": years,
            "ticktext": [theme.duration(count, say) if count else "0" for count in years],
            "fixedrange": True,
            "zeroline": False,
            "tickfont": {"color": theme.QUIET},
        },
        shapes=[{**line, "x0": now, "x1": now, "line": {"width": 1.5, "dash": "dot", "color": theme.QUIET}}],
    )
    for key, height in (("cost", _COST[1]), ("months", _MONTHS[1])):
        figure.add_annotation(
            text=say(f"budget_cuts.hundred.axis_{key}"),
            xref="paper",
            yref="paper",
            x=0,
            y=height,
            xanchor="left",
            yanchor="bottom",
            showarrow=False,
            font={"size": theme.CHART_FONT_SIZE},
        )


def _step(top: int, most: int) -> int:
    power = 1
    while True:
        for factor in _STEPS:
            if top // (factor * power) <= most:
                return factor * power
        power *= 10
