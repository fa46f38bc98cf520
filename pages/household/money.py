"""The household's money: payday, cash, reserve, incomes, expenses, one-offs, and who lives on it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, get_args

import streamlit as st

from core.household import HouseholdDocument, Person
from core.household_models import PersonKind
from core.plan import Expense, Household, Income, OneOff, PlanError
from core.plan_values import AMOUNT_MAX, LENGTHS, month_index
from pages.shared import inputs, session, theme
from pages.shared.words import Words

CATEGORIES = (
    "housing",
    "food",
    "clothing",
    "utilities",
    "household",
    "transport",
    "phone",
    "health",
    "education",
    "children",
    "parents",
    "insurance",
    "leisure",
    "living",
    "other",
)
# Words that documents may hold too; they are offered only where a row has them.
_ALSO_NAMED = ("medicine", "school", "family")
PERSON_KINDS: tuple[PersonKind, ...] = get_args(PersonKind)
_ROUND = "money.round"
_OPEN = "money.open"


def show(document: HouseholdDocument, say: Words) -> None:
    """Show the household's money."""
    household = document.plan.household
    _show_basics(document, household, say)
    _show_rows(document, "incomes", household.incomes, say)
    _show_rows(document, "expenses", household.expenses, say)
    _show_rows(document, "one_offs", household.one_offs, say)
    _show_rows(document, "persons", document.persons, say)


# -- payday, cash, reserve


def _show_basics(document: HouseholdDocument, household: Household, say: Words) -> None:
    # After an undo, fields must begin anew with what holds again.
    key = f"{session.document_key()}_{session.turn_number()}"
    with st.container(horizontal=True, vertical_alignment="top"):
        with st.container(width=150):
            payday = inputs.whole(say, f"payday_{key}", say("money.payday"), household.payday, low=1, high=31)
        with st.container(width=164):
            cash = inputs.money(say, f"cash_{key}", say("money.cash"), household.cash, low=-AMOUNT_MAX)
        with st.container(width=164):
            reserve = inputs.money(
                say, f"reserve_{key}", say("money.reserve"), household.reserve, hint=say("money.reserve_hint")
            )
    typed = {"payday": payday.value, "cash": cash.value, "reserve": reserve.value}
    changed = {name: value for name, value in typed.items() if value is not None and value != getattr(household, name)}
    if changed:
        _save(document, household.model_copy(update=changed), "saved.money")


# -- rows


def _show_rows(document: HouseholdDocument, kind: str, rows: Sequence[Any], say: Words) -> None:
    st.header(say(f"money.{kind}"), anchor=False)
    opened = st.session_state.get(_OPEN)
    for index, row in enumerate(rows):
        if opened == (kind, index):
            _edit_row(document, kind, index, row, say)
            continue
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"row_{kind}_{index}"):
            st.markdown(_in_words(kind, row, say), width="stretch")
            st.button(
                say("household_page.open"),
                key=f"row.{kind}.{index}",
                on_click=_open,
                args=(kind, index),
                width="content",
            )
    limit = LENGTHS.get(kind, (0, 30))[1]
    if opened == (kind, len(rows)):
        _edit_row(document, kind, len(rows), None, say)
    else:
        st.button(
            say(f"money.add_{kind}"),
            key=f"add.{kind}",
            icon=":material/add:",
            on_click=_open,
            args=(kind, len(rows)),
            disabled=len(rows) >= limit,
        )


def _in_words(kind: str, row: Any, say: Words) -> str:
    if kind == "persons":
        born = say("money.born", year=row.birth_year) if row.birth_year else ""
        return f"{inputs.plain(row.name)} {say(f'money.person_{row.kind}')} {born}"
    parts = [f"{inputs.plain(row.name)} **{theme.money(row.amount)}**"]
    if kind == "one_offs":
        parts.append(theme.day(row.date, say))
    else:
        parts += [say(key, month=_month(value, say)) for key, value in _span(row) if value is not None]
    if kind == "expenses":
        parts.append(say("money.essential") if row.essential else say("money.not_essential"))
    return " · ".join(parts)


def _span(row: Income | Expense) -> tuple[tuple[str, int | None], ...]:
    return ("money.from_short", row.from_month), ("money.until_short", row.until_month)


def _month(index: int, say: Words) -> str:
    return theme.month(date(index // 12, index % 12 + 1, 1), say)


def _open(kind: str, index: int) -> None:
    st.session_state[_OPEN] = (kind, index)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def _close() -> None:
    st.session_state.pop(_OPEN, None)


@st.fragment
def _edit_row(document: HouseholdDocument, kind: str, index: int, row: Any, say: Words) -> None:
    key = f"{kind}_{index}_{st.session_state.get(_ROUND, 0)}"
    with st.container(border=True, key=f"edit_{kind}"):
        made = _MAKERS[kind](key, row, document, say)
        with st.container(horizontal=True):
            pressed = st.button(say("debt.save"), key=f"save_{key}", type="primary")
            # The form runs by itself as a fragment; only the whole page can show what comes in its place.
            if st.button(say("debt.cancel"), key=f"cancel_{key}"):
                _close()
                st.rerun()
            if row is not None and st.button(say("household_page.delete"), key=f"delete_{key}"):
                _delete(kind, index)
                st.rerun()
        if pressed and made is not None and _keep_row(kind, index, made, say):
            _close()
            st.rerun()


def _income(key: str, row: Income | None, document: HouseholdDocument, say: Words) -> Income | None:
    name = inputs.name(say, key, say("money.name"), "" if row is None else row.name)
    amount = inputs.money(say, key, say("money.amount"), row and row.amount, needed=True)
    start, end = _months(key, row, document, say)
    if name.value is None or amount.value is None:
        return None
    return Income(name=name.value, amount=amount.value, from_month=start, until_month=end)


def _expense(key: str, row: Expense | None, document: HouseholdDocument, say: Words) -> Expense | None:
    name = inputs.name(say, key, say("money.name"), "" if row is None else row.name)
    amount = inputs.money(say, key, say("money.amount"), row and row.amount, needed=True)
    known = CATEGORIES if row is None or row.category in CATEGORIES else (*CATEGORIES, row.category)
    category = inputs.choice(
        key,
        say("money.category"),
        known,
        row.category if row is not None else "other",
        lambda one: say(f"money.category_{one}") if one in (*CATEGORIES, *_ALSO_NAMED) else one,
    )
    essential = st.toggle(say("money.is_essential"), value=row is None or row.essential, key=f"essential_{key}")
    start, end = _months(key, row, document, say)
    if name.value is None or amount.value is None:
        return None
    return Expense(
        name=name.value,
        category=category,
        amount=amount.value,
        essential=essential,
        cut=Decimal(0) if row is None else row.cut,
        from_month=start,
        until_month=end,
    )


def _months(key: str, row: Any, document: HouseholdDocument, say: Words) -> tuple[int | None, int | None]:
    """Ask from which month to which one a flow runs; both may stay open."""
    first, last = (None, None) if row is None else (row.from_month, row.until_month)
    limited = st.toggle(say("money.limited"), value=first is not None or last is not None, key=f"limited_{key}")
    if not limited:
        return None, None
    start = month_index(document.plan.start)
    around = sorted({month for month in (first, last) if month is not None} | set(range(start - 12, start + 121)))
    options: list[int | None] = [None, *around]
    named = lambda month: say("money.open_end") if month is None else _month(month, say)  # noqa: E731
    with st.container(horizontal=True):
        with st.container(width=164):
            chosen_first = inputs.choice(f"{key}_from", say("money.from"), options, first, named)
        with st.container(width=164):
            chosen_last = inputs.choice(f"{key}_until", say("money.until"), options, last, named)
    return chosen_first, chosen_last


def _one_off(key: str, row: OneOff | None, document: HouseholdDocument, say: Words) -> OneOff | None:
    name = inputs.name(say, key, say("money.name"), "" if row is None else row.name)
    amount = inputs.money(
        say,
        key,
        say("money.amount"),
        row and row.amount,
        low=-AMOUNT_MAX,
        needed=True,
        hint=say("money.one_off_hint"),
    )
    when = inputs.day(say, key, say("today.date"), row and row.date, needed=True)
    names = {debt.id: debt.name for debt in document.plan.debts}
    goes_to = inputs.choice(
        f"{key}_for",
        say("money.for"),
        [None, *names],
        None if row is None else row.for_debt,
        lambda one: say("money.for_household") if one is None else names[one],
    )
    if name.value is None or amount.value is None or when.value is None:
        return None
    return OneOff(name=name.value, date=when.value, amount=amount.value, for_debt=goes_to)


def _person(key: str, row: Person | None, document: HouseholdDocument, say: Words) -> Person | None:
    name = inputs.line(say, key, say("money.person_name"), "" if row is None else row.name)
    current: PersonKind = PERSON_KINDS[0] if row is None else row.kind
    kind: PersonKind = inputs.choice(
        key,
        say("money.person_kind"),
        PERSON_KINDS,
        current,
        lambda one: say(f"money.person_{one}"),
    )
    year = inputs.whole(say, key, say("money.birth_year"), row and row.birth_year, low=1900, high=2200)
    if not (name.ok and year.ok):
        return None
    return Person(name=name.value or "", kind=kind, birth_year=year.value)


_MAKERS = {"incomes": _income, "expenses": _expense, "one_offs": _one_off, "persons": _person}


def _keep_row(kind: str, index: int, made: Any, say: Words) -> bool:
    document = session.household()
    rows = _rows(document, kind)
    try:
        _replace(document, kind, (*rows[:index], made, *rows[index + 1 :]), "saved.row_kept", made.name)
    except PlanError as error:
        for each in error.problems[:3]:
            inputs.complain(each.zh if say.language == "zh" else each.en)
        return False
    return True


def _delete(kind: str, index: int) -> None:
    document = session.household()
    rows = _rows(document, kind)
    _close()
    _replace(document, kind, (*rows[:index], *rows[index + 1 :]), "saved.row_deleted", rows[index].name)


def _rows(document: HouseholdDocument, kind: str) -> tuple[Any, ...]:
    return document.persons if kind == "persons" else getattr(document.plan.household, kind)


def _replace(document: HouseholdDocument, kind: str, rows: tuple[Any, ...], what: str, name: str) -> None:
    if kind == "persons":
        session.change(document.model_copy(update={"persons": rows}), what, name)
        return
    _change(document, document.plan.household.model_copy(update={kind: rows}), what, name)


def _save(document: HouseholdDocument, household: Household, what: str) -> None:
    _change(document, household, what, "")
    st.rerun()


def _change(document: HouseholdDocument, household: Household, what: str, name: str) -> None:
    plan = document.plan.model_copy(update={"household": household})
    session.change(document.model_copy(update={"plan": plan}), what, name)
