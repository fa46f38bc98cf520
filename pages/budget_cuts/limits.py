"""How much a month is enough: to get free at all, to keep everything current, to be free by a day."""

from datetime import date

import streamlit as st

from core.levers import first_day, months_after
from core.plan import PlanError
from core.plan_values import HORIZON_MAX, month_index
from core.thresholds import Threshold, Thresholds
from pages.budget_cuts import answers, options
from pages.budget_cuts.answers import State
from pages.shared import inputs, session, theme
from pages.shared.words import Words

_MONTHS = 30
_YEARS = HORIZON_MAX // 12
_SLOW_DEBTS = 8


@st.fragment
def show(now: State, say: Words) -> None:
    """Show the amounts; the search comes after everything else on the page, and tells how far it is."""
    low, high = first_day(now.plan), months_after(now.plan, HORIZON_MAX - 1)
    picked = inputs.day(
        say,
        f"cuts_by_{session.document_key()}_{low}",
        say("budget_cuts.limits.by"),
        months_after(now.plan, _MONTHS),
        low=low,
        high=high,
        kept=True,
    )
    place = st.empty()

    def tell(share: float) -> None:
        place.progress(share, text=say("budget_cuts.limits.looking"))

    progress = tell if len(now.plan.debts) > _SLOW_DEBTS else None
    try:
        found = answers.found_thresholds(now.plan, now.strategy, picked.value, progress)
    except PlanError as error:
        place.empty()
        options.complain(error.problems, say)
        return
    place.empty()
    st.markdown("\n".join(f"- {line}" for line in _lines(found, now, say)))
    st.caption(say("budget_cuts.limits.note", now=_now(found, say)))


def _now(found: Thresholds, say: Words) -> str:
    key = "short" if found.now < 0 else "room"
    return say(f"budget_cuts.limits.{key}", amount=theme.money(abs(found.now)))


def _lines(found: Thresholds, now: State, say: Words) -> list[str]:
    every = [found.free, found.kept, *([found.free_by] if found.free_by else [])]
    return [say("format.sentence_separator").join(_sentences(each, found.now, now, say)) for each in every]


def _sentences(each: Threshold, today: int, now: State, say: Words) -> list[str]:
    values = {"years": say.counted("format.years", _YEARS)}
    if each.by is not None:
        values |= {"day": theme.day(each.by, say), "months": _months(now.plan.start, each.by, say)}
    if each.budget is None:
        return [say(f"budget_cuts.limits.{each.goal}_never", **values)]
    lines = [say(f"budget_cuts.limits.{each.goal}", amount=theme.money(each.budget), **values)]
    if each.budget == 0:
        lines = [say(f"budget_cuts.limits.{each.goal}_always", **values)]
    elif each.budget > today:
        lines.append(say("budget_cuts.limits.lacking", amount=theme.money(each.budget - today)))
    else:
        lines.append(say("budget_cuts.limits.enough"))
    if each.goal == "kept" and each.reading is not None and each.reading.worst_days and each.budget > today:
        lines.append(say("budget_cuts.limits.catching_up"))
    if each.also_from is not None:
        lines.append(say("budget_cuts.limits.also", amount=theme.money(each.also_from)))
    return lines


def _months(start: date, by: date, say: Words) -> str:
    return theme.duration(max(0, month_index(by) - month_index(start)), say)
