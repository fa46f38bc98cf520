"""The slider that answers while it moves: money a month for the debts, and what comes of it.

Python works the grid out once a plan (`core.live_grid`) and hands it over; the browser redraws by itself and tells the
budget when the finger lifts. What is handed over depends on the plan, the language and the mask only, never on where
the thumb stands: a rerun sends nothing anew, and nothing resets the thumb.
"""

from base64 import b64encode
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component
from streamlit.elements.lib import streamlit_plotly_theme as chart_colours

from core.live_grid import LiveGrid, live_grid
from core.money import FEN_IN_A_YUAN
from core.plan import Plan, dump_plan
from core.simulate import STRATEGIES
from pages.shared import privacy, session, theme
from pages.shared.kept import Kept
from pages.shared.words import Words

_FOLDER = Path(__file__).parent
_SENTENCES = (
    "label",
    "budget",
    "late_title",
    "never",
    "now_mark",
    "kept_mark",
    "kept_none",
    "by_best",
    "by_own",
    "free",
    "open",
    "kept",
    "caught_up",
    "late",
    "failed",
    "alt",
)
_CATEGORIES = [getattr(chart_colours, f"CATEGORY_{k}") for k in range(10)]
_LAST, _START = "live.last.", "live.start."
# So many points, at most, are dated so many months apart; a short course by months, a longer one by years.
_MONTHS_BETWEEN_DATES = ((14, 3), (30, 6), (400, 12))
_HEIGHTS_MOST = 4

WRITING = (_FOLDER / "writing.js").read_text("utf-8")
"""How a component's script writes amounts and dates, with the words of `formats`; to be put before the script."""

SLIDER_LOOKS = (_FOLDER / "live.css").read_text("utf-8")
"""How a slider of ours looks, with its figures and its picture."""

_grids: Kept[LiveGrid] = Kept(20)
_payloads: Kept[dict[str, Any]] = Kept(20)
_slider = component(
    "ashore_live",
    html=(_FOLDER / "live.html").read_text("utf-8"),
    css=SLIDER_LOOKS,
    js=WRITING + (_FOLDER / "live.js").read_text("utf-8"),
)


def show(plan: Plan, say: Words, *, key: str, strategy: str | None = None) -> int:
    """Show the slider for a plan; the engine must be ready.

    Args:
        plan: Without a monthly budget among its levers.
        say: The reader's catalogue.
        key: The slider's name among all elements; where the thumb stood is kept by it, also across pages.
        strategy: The one that is stressed and read out; None: the best of each step.

    Returns:
        The monthly budget where the finger lifted last, in fen; today's where it was not moved.
    """
    written = dump_plan(plan)
    grid = _grids.ask((written, strategy), lambda: live_grid(plan, strategy))
    if grid.failed.all():
        st.markdown(say("table.failed"))
        return grid.budgets[grid.today]
    if grid.opening == 0:
        st.markdown(say("live.nothing_owed"))
        return grid.budgets[grid.today]
    # Streamlit refuses two underscores in a row in a component's key, and a document's id may have them.
    own = f"live.{key}.{session.document_key()}".replace("_", ".")
    question = (written, say.language, privacy.hidden(), strategy)
    data = _payloads.ask(question, lambda: payload(grid, say, strategy is None))
    found = _slider(
        key=own,
        data={**data, "start": _start(own)},
        default={"budget": None},
        on_budget_change=_keep(own),
    )
    st.caption(say("live.note"))
    moved = found.get("budget")
    chosen = st.session_state.get(_LAST + own) if moved is None else moved
    return grid.budgets[grid.today if not isinstance(chosen, int) else grid.nearest(chosen)]


def _start(own: str) -> int | None:
    """Where the thumb stands when the browser builds the slider: where it was left on an earlier visit of the page.

    It stays the same for as long as the slider does, or the whole grid would be sent again for it.
    """
    if own not in st.session_state:
        st.session_state[_START + own] = st.session_state.get(_LAST + own)
    start: int | None = st.session_state.get(_START + own)
    return start


def _keep(own: str) -> Callable[[], None]:
    def keep() -> None:
        st.session_state[_LAST + own] = st.session_state[own].get("budget")

    return keep


# -- what the browser is handed


def payload(grid: LiveGrid, say: Words, best: bool) -> dict[str, Any]:
    """Write a grid down for the browser: numbers, and our own sentences.

    Args:
        grid: The grid.
        say: The reader's catalogue.
        best: Whether the best strategy of each step is read out, or one and the same.
    """
    columns = (grid.free_on, grid.total_paid, grid.closing_payoff, grid.first_late, grid.worst_days)
    return {
        "budgets": list(grid.budgets),
        "today": grid.today,
        "kept": -1 if grid.kept_from is None else grid.kept_from,
        "best": best,
        "shown": list(grid.shown),
        "readings": [[int(column[step, index]) for column in columns] for step, index in enumerate(grid.shown)],
        "days": list(grid.days),
        "end": grid.end,
        "ceiling": grid.ceiling,
        "unit": grid.unit,
        "lines": b64encode(grid.drawn.astype("<u2").tobytes()).decode("ascii"),
        "heights": [[fen, theme.money_short(fen, say)] for fen in _heights(grid.ceiling)],
        "dates": _dates(grid, say),
        "names": [say(f"strategy.{name}.name") for name in STRATEGIES],
        "colours": [_CATEGORIES.index(theme.STRATEGY_COLOURS[name]) for name in STRATEGIES],
        "words": words_of(say),
    }


def words_of(say: Words) -> dict[str, Any]:
    """Give the sentences and formats that the browser fills by itself, placeholders unfilled."""
    return {
        **{name: say.sentences[f"live.say.{name}"] for name in _SENTENCES},
        "free_title": say("table.debt_free"),
        "not_free": say("table.not_free"),
        "paid_title": say("table.paid"),
        "owed_title": say("table.owed"),
        "nothing": say("table.nothing_owed"),
        **formats(say),
    }


def formats(say: Words) -> dict[str, Any]:
    """Give what the browser writes amounts, dates and counts by (`WRITING`)."""
    return {
        "day": say.sentences["format.day"],
        "month": say.sentences["format.month"],
        "months": [say(f"format.months.{number}") for number in range(1, 13)],
        "days": {number: say.sentences[f"format.day_count.{number}"] for number in ("one", "other")},
        "separator": say("format.sentence_separator"),
        "hidden": privacy.hidden(),
        "mask": privacy.MASK,
    }


def _heights(ceiling: int) -> list[int]:
    """Give round amounts from 0 to the height of the picture."""
    step = next(
        factor * FEN_IN_A_YUAN * 10**power
        for power in range(len(str(ceiling)))
        for factor in (1, 2, 5)
        if ceiling // (factor * FEN_IN_A_YUAN * 10**power) <= _HEIGHTS_MOST
    )
    return list(range(0, ceiling + 1, step))


def _dates(grid: LiveGrid, say: Words) -> list[list[int | str]]:
    """Give the month-ends that are dated: by months where the course is short, else the turns of years."""
    first, last = (date.fromordinal(day) for day in (grid.days[0], grid.days[-1]))
    count = 12 * (last.year - first.year) + last.month - first.month
    apart = next(apart for most, apart in _MONTHS_BETWEEN_DATES if count <= most)
    found: list[list[int | str]] = []
    for month in range(12 * first.year + first.month, 12 * last.year + last.month + 1):
        if month % apart == 0:
            closing = date(month // 12, month % 12 + 1, 1) - timedelta(days=1)
            text = str(closing.year + 1) if apart == _MONTHS_BETWEEN_DATES[-1][1] else theme.month(closing, say)
            if first <= closing:
                found.append([closing.toordinal(), text])
    return found
