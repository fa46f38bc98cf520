"""Outcomes into the chart of this page. No Streamlit call, and no figure that an outcome does not hold."""

import html
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import plotly.graph_objects as go

from core.money import FEN_IN_A_YUAN
from core.outcome import Outcome
from pages.shared import theme
from pages.shared.words import Words

LABEL_GAP = 19
_LEFT, _TOP, _BOTTOM = 46, 16, 42
_LABEL_OFFSET = 16
_STRONG, _PLAIN = 3.5, 1.75
_DOT = 7
# A round step between two value labels is one of these times a power of ten.
_STEPS = (1, 2, 5, 10)
TICKS_MAX = 4
# So many month-ends, at most, are dated so many months apart; a short course by months, a longer one by years.
_SHORT = 30
_MONTHS_BETWEEN_TICKS = ((14, 3), (_SHORT, 6), (84, 12), (400, 60))
# A debt that is down to a hundredth of what it was is as good as settled, for a picture.
_SETTLED = 100
_DAYS_MIN = 7
# What rises above this many times the highest of the strategies that pay is cut off.
_OVERVIEW = 1.6
HEADROOM = 1.04
# Ways that are no strategy of the plan itself wear the colour of their strategy, and are told apart by their dashes.
_DASHES = ("dash", "dot", "dashdot", "longdash", "longdashdot")
# The name at a line's end is no wider than this many Chinese characters, so that a phone's chart keeps its room.
_NAME_WIDTH = 8
_WIDE, _NARROW = 1.0, 0.58


class Drawn(NamedTuple):
    """A way that is to be drawn.

    Attributes:
        name: As the reader knows it; a user's text is escaped here.
        outcome: Reported on month-ends.
        own: Whether it is a strategy of the plan itself: then its line is whole.
    """

    name: str
    outcome: Outcome
    own: bool = True


class Course(NamedTuple):
    """One line of the chart: what is owed on the days that are drawn.

    Attributes:
        name: Escaped, and as short as the chart needs it.
        strategy: The key of its strategy, which gives the colour.
        dash: Of the line.
        days: Rising.
        owed_fen: On those days.
    """

    name: str
    strategy: str
    dash: str
    days: list[date]
    owed_fen: list[int]


def balances(outcomes: Sequence[Outcome], best: int, say: Words) -> go.Figure:
    """Draw what is owed over time, a line a strategy, each with its name at its end.

    Args:
        outcomes: Of one plan. Those with an error are left out.
        best: The index of the one to stress.
        say: The reader's catalogue.
    """
    return lines([Drawn(say(f"strategy.{outcome.strategy}.name"), outcome) for outcome in outcomes], best, say)


def lines(ways: Sequence[Drawn], best: int | None, say: Words, *, opening: int | None = None) -> go.Figure:
    """Draw what is owed over time, a line a way, each with its name at its end.

    The chart shows where the ways part: it stops soon after all strategies that pay have brought the debts down, and
    what grows far beyond the others (as a rule `stop`) leaves it through the top, with an arrow at its name.

    Args:
        ways: Over the same days. Those with an error are left out; at least one is without.
        best: The index of the one to stress; None: none of them.
        say: The reader's catalogue.
        opening: What is owed on the first day, fen: a loan that is drawn the day after is not owed yet, though a plan
            counts it (`core.lever_loans`). None: as the outcomes say.
    """
    stressed = None if best is None else ways[best].outcome
    courses: list[Course] = []
    strong: int | None = None
    for way in ways:
        if way.outcome.error is None:
            dash = "solid" if way.own else _DASHES[sum(course.dash != "solid" for course in courses) % len(_DASHES)]
            courses.append(_course(way, dash, opening))
            strong = len(courses) - 1 if way.outcome is stressed else strong
    return of_courses(courses, strong, say)


def of_courses(courses: Sequence[Course], best: int | None, say: Words) -> go.Figure:
    """Draw courses as `lines` does.

    Args:
        courses: Over the same days; at least one.
        best: The index of the one to stress; None: none of them.
        say: The reader's catalogue.
    """
    shown = _days_shown(courses)
    drawn = [course._replace(days=course.days[:shown], owed_fen=course.owed_fen[:shown]) for course in courses]
    strong = None if best is None else drawn[best]
    top = _ceiling(drawn)

    layout = theme.chart_frame(left=_LEFT, right=room_for(each.name for each in drawn), top=_TOP, bottom=_BOTTOM)
    layout.update(axes(drawn[0].days, top, say), annotations=_names(drawn, strong, top))
    # All at once: plotly looks over a whole figure for each part that is added to it.
    traces = [_line(course, course is strong, top, say) for course in drawn]
    return go.Figure(sorted(traces, key=lambda trace: trace["line"]["width"]), layout)


def _course(way: Drawn, dash: str, opening: int | None) -> Course:
    outcome = way.outcome
    owed: list[int] = outcome.totals_frame()["payoff"].tolist()
    if opening is not None:
        owed[0] = opening
    return Course(short_name(way.name), outcome.strategy, dash, list(outcome.dates), owed)


def short_name(name: str) -> str:
    """Give a name as a chart can take it: not too wide, and never taken for markup or for a placeholder.

    >>> short_name("a <b>"), short_name("%{y}"), short_name("wide " * 9)
    ('a &lt;b&gt;', '%&#123;y}', 'wide wide wid…')
    """
    width = 0.0
    for count, letter in enumerate(name):
        width += _wide(letter)
        if width > _NAME_WIDTH:
            name = name[:count].rstrip() + "…"
            break
    return html.escape(name, quote=False).replace("{", "&#123;")


def _days_shown(courses: Sequence[Course]) -> int:
    paying = [course for course in courses if course.strategy != "stop"] or courses
    settled = [max(course.owed_fen) // _SETTLED for course in paying]
    last = max(
        max(index for index, fen in enumerate(course.owed_fen) if index == 0 or fen > crumb)
        for course, crumb in zip(paying, settled, strict=True)
    )
    # The day after shows the end; a little more leaves room to see it.
    return min(len(courses[0].days), max(last + 2 + last // 8, _DAYS_MIN))


def _ceiling(courses: Sequence[Course]) -> int:
    paying = [course for course in courses if course.strategy != "stop"] or courses
    highest = max(max(course.owed_fen) for course in courses)
    wanted = max(max(course.owed_fen) for course in paying) * _OVERVIEW
    return max(min(highest, round(wanted)), FEN_IN_A_YUAN)


def _line(course: Course, strong: bool, top: int, say: Words) -> dict[str, Any]:
    end = len(course.days) - 1 if course.owed_fen[-1] <= top else None
    return {
        "type": "scatter",
        "x": course.days,
        "y": [fen / FEN_IN_A_YUAN for fen in course.owed_fen],
        "name": course.name,
        "mode": "lines+markers",
        "line": {
            "color": theme.STRATEGY_COLOURS[course.strategy],
            "width": _STRONG if strong else _PLAIN,
            "dash": course.dash,
        },
        "marker": {"size": [_DOT if index == end else 0 for index in range(len(course.days))], "opacity": 1},
        "customdata": [theme.money(fen) for fen in course.owed_fen],
        "hovertemplate": say("comparison.hover", name=course.name, amount="%{customdata}") + "<extra></extra>",
        "cliponaxis": False,
    }


def axes(days: Sequence[date], top: int, say: Words) -> dict[str, Any]:
    """Give the axes of a chart of fen over month-ends: dates below, amounts at the left.

    Args:
        days: Those that are drawn, rising.
        top: The largest amount, fen.
        say: The reader's catalogue.

    Returns:
        What a layout is to be updated with.
    """
    months = [day for day in days if _is_tick(day, len(days))]
    values = list(range(0, top + 1, _step(top)))
    return {
        "xaxis": {
            "range": [days[0], days[-1]],
            "tickvals": months,
            "ticktext": [_tick_text(day, len(days), say) for day in months],
            "hoverformat": say("format.hover_month"),
            "tickangle": 0,
            "ticks": "outside",
            "ticklen": 4,
        },
        "yaxis": {
            "range": [0, top * HEADROOM / FEN_IN_A_YUAN],
            "tickvals": [fen / FEN_IN_A_YUAN for fen in values],
            "ticktext": [theme.money_short(fen, say) for fen in values],
        },
    }


def _is_tick(day: date, count: int) -> bool:
    # A month-end stands for the month that it closes; the first day drawn may be any day of a month and is none.
    if (day + timedelta(days=1)).day != 1:
        return False
    return day.month % next(apart for most, apart in _MONTHS_BETWEEN_TICKS if count <= most) == 0


def _tick_text(day: date, count: int, say: Words) -> str:
    if count > _SHORT:
        return str(day.year + 1)  # the last day of December is where the new year begins
    return f"{say(f'format.months.{day.month}')}<br>{day.year}"


def _step(top: int) -> int:
    power = 1
    while True:
        for factor in _STEPS:
            if top // (factor * power) <= TICKS_MAX:
                return factor * power
        power *= 10


def _names(courses: Sequence[Course], strong: Course | None, top: int) -> list[dict[str, Any]]:
    plot = theme.CHART_HEIGHT - _TOP - _BOTTOM
    inside = [course for course in courses if course.owed_fen[-1] <= top]
    # Of lines that end level, the one that came down later is named above.
    rising = sorted(inside, key=lambda course: (course.owed_fen[-1], sum(fen > 0 for fen in course.owed_fen)))
    heights = [course.owed_fen[-1] / (top * HEADROOM) * plot for course in rising]
    found: list[dict[str, Any]] = []
    for course, height, place in zip(rising, heights, spread(heights, LABEL_GAP, plot), strict=True):
        text = f"<b>{course.name}</b>" if course is strong else course.name
        colour = theme.STRATEGY_COLOURS[course.strategy]
        found.append(end_name(text, colour, course.days[-1], course.owed_fen[-1], height - place))
    for course in courses:
        if all(course is not other for other in inside):
            leaves = next(index for index, fen in enumerate(course.owed_fen) if fen > top)
            early = leaves < len(course.days) // 2
            found.append(
                {
                    "font": {"color": theme.STRATEGY_COLOURS[course.strategy], "size": theme.CHART_FONT_SIZE},
                    "x": course.days[leaves],
                    "y": top * HEADROOM / FEN_IN_A_YUAN,
                    "text": f"{course.name} ↑",
                    "xanchor": "left" if early else "right",
                    "xshift": 12 if early else -14,
                    "yanchor": "top",
                    "showarrow": False,
                }
            )
    return found


def end_name(text: str, colour: str, day: date, fen: float, moved: float) -> dict[str, Any]:
    """Give the name at a line's end, with a thin line from the one to the other.

    Args:
        text: Escaped.
        colour: Of both.
        day: Where the line ends.
        fen: How high it ends.
        moved: How far below that height the name stands, in pixels.
    """
    return {
        "font": {"color": colour, "size": theme.CHART_FONT_SIZE},
        "arrowcolor": colour,
        "x": day,
        "y": fen / FEN_IN_A_YUAN,
        "text": text,
        "xanchor": "left",
        "ax": _LABEL_OFFSET,
        "ay": moved,
        "showarrow": True,
        "arrowhead": 0,
        "arrowwidth": 1,
        "standoff": 5,
        "borderpad": 1,
    }


def spread(heights: Sequence[float], gap: float, room: float) -> list[float]:
    """Move labels apart so that none covers another, as little as needed, upwards first.

    Args:
        heights: Where they belong, rising, from 0 to `room`.
        gap: The least distance between two.
        room: The height that there is; more than fit start at 0 and run over.

    Returns:
        Their places, rising, no two closer than `gap`.

    >>> spread([0, 0, 100], 20, 200)
    [0, 20, 100]
    >>> spread([190, 200], 20, 200)
    [180, 200]
    """
    places = list(heights)
    for lower, upper in pairwise(range(len(places))):
        places[upper] = max(places[upper], places[lower] + gap)
    ceiling = max(room, gap * (len(places) - 1))
    for index in reversed(range(len(places))):
        places[index] = min(places[index], ceiling)
        ceiling = places[index] - gap
    return places


def _wide(letter: str) -> float:
    # A Chinese character is as wide as the type is high, a Latin letter about 0.58 of that.
    return _WIDE if ord(letter) > 0x2E80 else _NARROW


def room_for(names: Iterable[str]) -> int:
    """Give the room at the right that names at the ends of lines need, in pixels; at least one name."""
    widest = max(sum(map(_wide, html.unescape(name))) for name in names)
    return round(widest * theme.CHART_FONT_SIZE) + _LABEL_OFFSET + 8
