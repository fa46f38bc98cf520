"""The looks that Python has a say in: which colour means what, the frame of a chart, how a number is written.

The colour values themselves lie in `.streamlit/config.toml`, once for light and once for dark: the server does not know
which of the two a reader sees (`st.context.theme` is not reliable on a first run, and a change of theme runs nothing).
"""

from datetime import date
from pathlib import Path

import plotly.graph_objects as go
from streamlit.elements.lib import streamlit_plotly_theme as chart_colours

from core.money import FEN_IN_A_YUAN
from pages.shared import privacy
from pages.shared.words import Words

STYLESHEET = Path(__file__).with_name("style.css")

# Streamlit swaps these stand-ins, in the browser, for `chartCategoricalColors` of the theme that is on.
STRATEGY_COLOURS = {
    "stop": chart_colours.CATEGORY_0,
    "minimum": chart_colours.CATEGORY_1,
    "avalanche": chart_colours.CATEGORY_2,
    "snowball": chart_colours.CATEGORY_3,
    "rescue": chart_colours.CATEGORY_4,
    "custom": chart_colours.CATEGORY_5,
}

QUIET = chart_colours.CATEGORY_9

CHART_HEIGHT = 350
CHART_FONT_SIZE = 13


def chart_frame(*, left: int, right: int, top: int, bottom: int) -> go.Layout:
    """Give the layout that our charts share: still, quiet, without a legend.

    Args:
        left: Room for the value labels, in pixels.
        right: Room for the names at the ends of the lines.
        top: Room above.
        bottom: Room for the dates.
    """
    axis = {
        "fixedrange": True,
        "zeroline": False,
        "automargin": False,
        "title": None,
        "tickfont": {"color": QUIET},
    }
    return go.Layout(
        height=CHART_HEIGHT,
        margin={"l": left, "r": right, "t": top, "b": bottom, "pad": 0},
        showlegend=False,
        dragmode=False,
        hovermode="x unified",
        font={"size": CHART_FONT_SIZE},
        xaxis={
            **axis,
            "showgrid": False,
            "spikethickness": 1,
            "spikedash": "solid",
            "spikecolor": QUIET,
        },
        yaxis=axis,
    )


def money(fen: int) -> str:
    """Write an amount exactly, to the fen; a mask where the reader hides amounts.

    >>> money(123450), money(-5), money(1_000_000_00)
    ('¥1,234.50', '−¥0.05', '¥1,000,000.00')
    """
    if privacy.hidden():
        return f"¥{privacy.MASK}"
    yuan, rest = divmod(abs(fen), FEN_IN_A_YUAN)
    return f"{'−' if fen < 0 else ''}¥{yuan:,}.{rest:02d}"


def money_short(fen: int, words: Words) -> str:
    """Write an amount for an axis: rounded, in 万 or in thousands, below one of them in yuan.

    >>> from pages.shared.words import words_in
    >>> money_short(12_500_000, words_in("zh")), money_short(12_500_000, words_in("en"))
    ('12.5万', '125k')
    >>> money_short(200_000, words_in("zh"))
    '2,000'
    """
    if privacy.hidden():
        return privacy.MASK
    if fen == 0:
        return "0"
    unit = int(words("format.axis_unit_fen"))
    if abs(fen) < unit:
        return _rounded(fen / FEN_IN_A_YUAN)
    return words("format.axis", number=_rounded(fen / unit))


def _rounded(number: float) -> str:
    return f"{number:,.2f}".rstrip("0").rstrip(".")


def hover_money() -> str:
    """Give what a chart's hover text says of a height in yuan: the amount, or a mask where amounts are hidden."""
    return f"¥{privacy.MASK}" if privacy.hidden() else "¥%{y:,.2f}"


def day(value: date, words: Words) -> str:
    """Write a date in full: 2029年3月15日, 15 Mar 2029."""
    return words("format.day", year=value.year, month=words(f"format.months.{value.month}"), day=value.day)


def month(value: date, words: Words) -> str:
    """Write a date's month: 2029年3月, Mar 2029."""
    return words("format.month", year=value.year, month=words(f"format.months.{value.month}"))


def duration(months: int, words: Words) -> str:
    """Write a number of months as people say it: 8 个月, 2 年 5 个月."""
    years, rest = divmod(months, 12)
    parts = [words.counted("format.years", years)] if years else []
    if rest or not years:
        parts.append(words.counted("format.month_count", rest))
    return words("format.duration_separator").join(parts)
