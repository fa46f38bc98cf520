"""One way in detail: how each debt goes down, what is paid in the next months, and why in this order."""

import streamlit as st

from core.levers import months_after
from core.outcome import Outcome
from core.plan import Plan, dump_plan
from core.positions import Refused
from core.upcoming import MONTHS, Upcoming, upcoming
from core.ways import Way
from core.why import Place, Sorted, Why, why
from pages.shared import charts, session, theme
from pages.shared.inputs import plain
from pages.shared.kept import Kept
from pages.shared.tables import Row, figures_table
from pages.shared.words import Words
from pages.strategy_comparison import ours, stacked
from pages.strategy_comparison.case import Case, strategy_name, way_name

_NAMES_MAX = 8
_payments: Kept[tuple[Upcoming, ...]] = Kept()
_orders: Kept[Why] = Kept()


def show(case: Case, say: Words) -> None:
    """Show the section."""
    by_key = {way.key: way for way in case.ways()}
    first = list(by_key).index(case.followed) if case.followed in by_key else 0
    picked = st.selectbox(
        say("ahead.way"),
        list(by_key),
        index=first,
        key=f"ahead.way.{session.document_key()}.{case.document.chosen}",
        format_func=lambda one: way_name(by_key[one], case, say),
        filter_mode=None,
        persist_state="session",
    )
    way = by_key[picked]
    ours.offer(way, case, say, key="detail")
    if not way.able:
        st.markdown(say("ahead.failed"))
        return
    outcome = session.answers.ask(way.plan, [way.strategy])[0]
    place_of_chart = st.container(border=True, key="stacked")
    _show_payments(way, say)
    _show_why(way, say)
    with place_of_chart:
        _show_course(outcome, case, say)


# -- how each debt goes down


def _show_course(outcome: Outcome, case: Case, say: Words) -> None:
    st.header(say("ahead.chart"), anchor=False)
    if not outcome.out_of_pocket:
        st.markdown(say("ahead.nothing_owed"))
        return
    st.markdown(say("format.sentence_separator").join(_ends(outcome, say)))
    plan = outcome.plan
    rest = say("ahead.rest", count=len(plan.debts) - stacked.BANDS_MAX + 1)
    start, end = theme.month(plan.start, say), theme.month(plan.end, say)
    charts.show(
        stacked.stack(outcome, rest, say, case.new_loans),
        key="strategy_comparison.stacked",
        alt=say("ahead.chart_alt", strategy=strategy_name(outcome.strategy, say), start=start, end=end),
    )


def _ends(outcome: Outcome, say: Words) -> list[str]:
    names = {debt.id: plain(debt.name) for debt in outcome.plan.debts}
    start = outcome.plan.start
    gone = sorted((day, debt) for debt, day in outcome.cleared.items() if day is not None and day > start)
    told: list[str] = []
    if len(gone) == 1:
        told.append(say("ahead.only_gone", debt=names[gone[0][1]], month=theme.month(gone[0][0], say)))
    elif gone:
        for key, (day, debt) in (("ahead.first_gone", gone[0]), ("ahead.last_gone", gone[-1])):
            told.append(say(key, debt=names[debt], month=theme.month(day, say)))
    left = [names[debt] for debt, day in outcome.cleared.items() if day is None]
    if left:
        told.append(say("ahead.still_open", end=theme.month(outcome.plan.end, say), names=few(left, say)))
    return told


def few(names: list[str], say: Words) -> str:
    """Join names, and count those that are too many to be listed."""
    shown = names[:_NAMES_MAX]
    if len(names) > _NAMES_MAX:
        shown.append(say("why.more", count=len(names) - _NAMES_MAX))
    return say.listed(shown)


# -- the next payments


def _show_payments(way: Way, say: Words) -> None:
    st.header(say("ahead.title"), anchor=False)
    plan = way.plan
    try:
        found = _payments.ask((dump_plan(plan), way.strategy), lambda: upcoming(plan, way.strategy))
    except Refused:
        st.markdown(say("ahead.failed"))
        return
    if not found:
        st.markdown(say("ahead.none"))
        return
    end = theme.day(months_after(plan, MONTHS), say)
    st.markdown(say("ahead.sum", end=end, amount=theme.money(sum(each.amount for each in found))))
    columns = [say(f"ahead.{column}") for column in ("day", "debt", "amount", "what")]
    names = {debt.id: debt.name for debt in plan.debts}
    rows = [
        Row(theme.day(each.day, say), "", "", [names[each.debt], theme.money(each.amount), _purpose(each, say)])
        for each in found
    ]
    st.html(figures_table(say("ahead.alt", end=end), columns, rows))


def _purpose(each: Upcoming, say: Words) -> str:
    beyond = each.amount - each.asked
    if each.purpose in ("due", "late") and beyond:
        key = "ahead.due_and_extra" if each.purpose == "due" else "ahead.late_and_extra"
        return say(key, asked=theme.money(each.asked), extra=theme.money(beyond))
    return say(f"ahead.{each.purpose}")


# -- why this order


def _show_why(way: Way, say: Words) -> None:
    plan = way.plan
    found = _orders.ask((dump_plan(plan), way.strategy), lambda: why(plan, way.strategy))
    st.header(say("why.title"), anchor=False)
    names = {debt.id: plain(debt.name) for debt in plan.debts}
    st.markdown(say(f"why.first_{found.first_by}", order=_order(found.first, found.first_by, names, say)))
    if found.first_by == "nobody":
        return
    st.markdown(say(f"why.rest_{found.rest_by}", order=_order(found.rest, found.rest_by, names, say)))
    for line in _limits(found, plan, names, say):
        st.markdown(line)
    st.caption(say("why.note", day=theme.day(found.day, say)))


def _order(places: tuple[Place, ...], by: Sorted, names: dict[str, str], say: Words) -> str:
    told = [_place(each, by, names[each.debt], say) for each in places[:_NAMES_MAX]]
    if len(places) > _NAMES_MAX:
        told.append(say("why.more", count=len(places) - _NAMES_MAX))
    return say("why.arrow").join(told)


def _place(each: Place, by: Sorted, debt: str, say: Words) -> str:
    key = by if by != "reported" or each.reported else "not_reported"
    days = say.counted("format.day_count", each.days_past_due)
    return say(
        f"why.by_{key}",
        debt=debt,
        rate=f"{float(each.rate * 100):.2f}".rstrip("0").rstrip(".") + "%",
        owed=theme.money(each.owed),
        late=say("why.late", days=days) if each.days_past_due else "",
    )


def _limits(found: Why, plan: Plan, names: dict[str, str], say: Words) -> list[str]:
    told: list[str] = []
    for key, prepayment in (("why.full_only", "full_only"), ("why.never", "none")):
        limited = [names[each.debt] for each in found.rest if each.prepayment == prepayment]
        if limited:
            told.append(say(key, names=few(limited, say)))
    return told
