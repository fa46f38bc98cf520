"""Where the household stands: the sentence, the figures, the course, each debt, what is next; as far as it is shown."""

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from core.sharing import FamilyDocument
from core.sharing.family_models import FamilyPayment, FamilyWay
from pages.family.shown import View
from pages.shared import charts, session, theme
from pages.shared.inputs import plain
from pages.shared.tables import Row, figures_table
from pages.shared.words import Words
from pages.strategy_comparison import figures

ROWS_SHOWN = 8
OLD_DAYS = 14
_FIELDS = ("lender_names", "amounts", "incomes", "names", "notes")


def show(view: View, say: Words) -> None:
    """Show the sentence and the figures."""
    document = view.document
    with st.container(key="verdict"):
        st.markdown(sentence(document, say))
    quiet = [of_day(view, say), *hidden(document, say)]
    st.caption(say("format.sentence_separator").join(quiet))
    signs = [*figures_of(document, say)]
    if signs:
        grid = st.grid(len(signs), min_column_width=150)
        for name, figure in signs:
            grid.metric(name, figure, border=True)
    _show_home(document, say)


def show_details(view: View, say: Words) -> None:
    """Show the course, each debt, and what is next; nothing where nothing is owed."""
    if not view.document.owed:
        return
    with st.container(border=True, key="family_course"):
        _show_course(view.document, say)
    _show_debts(view, say)
    _show_payments(view, say)


# -- sentences


def sentence(document: FamilyDocument, say: Words) -> str:
    """Say where the household stands, in a sentence or two."""
    day = theme.day(document.day, say)
    if document.owed is None:
        return say("family.stand.unknown")
    if not document.owed:
        return say("family.stand.clear", day=day)
    owed = theme.money(document.owed)
    late = [debt.days_past_due for debt in document.debts if debt.days_past_due]
    if late:
        overdue = say.counted("household.overdue", len(late))
        days = say.counted("format.day_count", max(late))
        first = say("family.stand.overdue", day=day, owed=owed, overdue=overdue, days=days)
    else:
        first = say("family.stand.current", day=day, owed=owed)
    free = document.free_on
    then = say("family.stand.open") if free is None else say("family.stand.free", month=theme.month(free, say))
    return say("format.sentence_separator").join([first, then])


def of_day(view: View, say: Words) -> str:
    """Say of which day the figures are, and whether that is long ago."""
    day, updated = theme.day(view.document.day, say), theme.day(view.updated, say)
    told = [say("family.of_day", day=day, updated=updated)]
    age = (session.today() - view.document.day).days
    if age > OLD_DAYS:
        told.append(say("family.old", days=say.counted("format.day_count", age)))
    return say("format.sentence_separator").join(told)


def hidden(document: FamilyDocument, say: Words) -> list[str]:
    """Say what is not shown; nothing where all is."""
    left_out = document.hidden
    fields = [name for name in _FIELDS if getattr(left_out, "hides_notes" if name == "notes" else name)]
    told = [say("family.not_shown", what=say.listed([say(f"family.hidden.{name}") for name in fields]))]
    return [*(told if fields else []), *([say("family.rounded")] if left_out.amounts else [])]


def figures_of(document: FamilyDocument, say: Words) -> list[tuple[str, str]]:
    """Give the figures that are read first, each with its name."""
    found: list[tuple[str, str]] = []
    if document.owed is not None:
        found.append((say("family.figure.owed"), theme.money(document.owed)))
    if document.owed:
        free = document.free_on
        found.append(
            (say("family.figure.free"), say("table.not_free") if free is None else theme.month(free, say)),
        )
    for key, fen in (("income", document.income), ("living_costs", document.living_costs)):
        if fen is not None:
            found.append((say(f"family.figure.{key}"), theme.money(fen)))
    return found


def _show_home(document: FamilyDocument, say: Words) -> None:
    lines: list[str] = []
    if document.persons:
        lines.append(say("family.home.persons", names=say.listed([plain(name) for name in document.persons])))
    if document.incomes:
        each = [
            say(
                "family.home.income",
                name=plain(one.name) or say("family.home.nameless"),
                amount=theme.money(one.amount),
            )
            for one in document.incomes
        ]
        lines.append(say("family.home.incomes", incomes=say.listed(each)))
    for line in lines:
        st.markdown(line)
    if document.note:
        with st.container(border=True, key="family_note"):
            st.caption(say("family.home.note"))
            st.html(f'<p class="said">{escape(document.note)}</p>')


# -- the course


def _show_course(document: FamilyDocument, say: Words) -> None:
    st.header(say("family.course.title"), anchor=False)
    way = document.ways[0] if document.ways else None
    if way is None or not way.owed or document.owed is None:
        return
    if way.owed[-1] >= document.owed:
        st.markdown(say("family.course.rising"))
        return
    st.markdown(_way(document, way, say))
    ways = [way, *(each for each in document.ways[1:] if each.strategy == "stop")]
    courses = [
        figures.Course(
            say("family.course.followed") if each is way else say(f"strategy.{each.strategy}.name"),
            each.strategy,
            "solid",
            list(document.days),
            list(each.owed),
        )
        for each in ways
    ]
    start, end = theme.month(document.days[0], say), theme.month(document.days[-1], say)
    alt = say("family.course.alt" if len(ways) == 1 else "family.course.alt_stop", start=start, end=end)
    charts.show(figures.of_courses(courses, 0, say), key="family.chart", alt=alt)


def _way(document: FamilyDocument, way: FamilyWay, say: Words) -> str:
    strategy, what = say(f"strategy.{way.strategy}.name"), say(f"strategy.{way.strategy}.what")
    first = say(f"family.course.{'chosen' if document.chosen else 'best'}", strategy=strategy, what=what)
    cost = theme.money(way.cost)
    if way.free_on is not None:
        then = say("family.course.cost_free", cost=cost)
    else:
        end = theme.month(document.days[-1], say)
        then = say("family.course.cost_open", end=end, cost=cost, owed=theme.money(way.owed[-1]))
    return say("format.sentence_separator").join([first, then])


# -- tables


def _show_debts(view: View, say: Words) -> None:
    document = view.document
    shows = not document.hidden.amounts
    names = ("debt", "owed", "late", "cleared") if shows else ("debt", "late")
    rows: list[Row] = []
    for debt in document.debts:
        late = say.counted("format.day_count", debt.days_past_due) if debt.days_past_due else say("family.debts.no")
        owed = "—" if debt.owed is None else theme.money(debt.owed)
        cleared = say("table.not_free") if debt.cleared_on is None else theme.month(debt.cleared_on, say)
        rows.append(Row(view.names[debt.key], debt.note, "", [owed, late, cleared] if shows else [late]))
    st.header(say("family.debts.title"), anchor=False)
    columns = [say(f"family.debts.{name}") for name in names]
    _show_rows(say("family.debts.alt"), columns, rows, lambda count: say.counted("family.debts.more", count))


def _show_payments(view: View, say: Words) -> None:
    document = view.document
    st.header(say("family.payments.title"), anchor=False)
    if not document.payments:
        st.markdown(say("family.payments.none"))
        return
    shows = not document.hidden.amounts
    names = ("debt", "due", "paid", "state") if shows else ("debt", "day", "state")
    rows: list[Row] = []
    for each in document.payments:
        state = _state(each, shows, say)
        name, day = name_of(view, each, say), theme.day(each.day, say)
        amounts = ["—" if not fen else theme.money(fen) for fen in (each.due, each.paid)]
        rows.append(Row(name, day, "", [*amounts, state]) if shows else Row(name, "", "", [day, state]))
    columns = [say(f"family.payments.{name}") for name in names]
    _show_rows(say("family.payments.alt"), columns, rows, lambda count: say.counted("family.payments.more", count))


def _state(each: FamilyPayment, shows: bool, say: Words) -> str:
    if each.days_late:
        return say("family.payments.late", days=say.counted("format.day_count", each.days_late))
    if not shows:
        return say("family.payments.not_late")
    return say("family.payments.falls_due" if each.due else "family.payments.ahead")


def name_of(view: View, payment: FamilyPayment, say: Words) -> str:
    """Name the debt that a payment is for."""
    return view.names.get(payment.debt) or say("family.debts.gone")


def _show_rows(alt: str, columns: Sequence[str], rows: Sequence[Row], more: Callable[[int], str]) -> None:
    """Show a table; of a long one the first rows, and the rest where the reader asks for it."""
    first, rest = rows[:ROWS_SHOWN], rows[ROWS_SHOWN:]
    st.html(figures_table(alt, columns, first))
    if rest:
        with st.expander(more(len(rest))):
            st.html(figures_table(alt, columns, rest))
