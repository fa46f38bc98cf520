"""The log of calls: each is noted, found again, changed, deleted, printed as a table, and kept as a file."""

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from core.household import Call, HouseholdDocument
from core.household_values import LIMITS, NOTE_MAX
from core.plan import PlanError
from pages.act import sections
from pages.shared import inputs, session, theme
from pages.shared.inputs import plain
from pages.shared.tables import Row, figures_table
from pages.shared.words import Words

PAGE_SIZE = 10

_OPEN = "act.call.open"  # whether the form is shown
_EDITED = "act.call.edited"  # the entry that is changed in it; None for a new one
_DEBT = "act.call.debt"  # which debt a new entry begins with
_ROUND = "act.call.round"  # a number of its own for the fields of each entry
_CLOCK = re.compile(r"(\d{1,2}):?(\d{2})")
_FORMULA = re.compile(r"\s*[=+\-@|%\t\r]")


def begin(debt: str | None = None) -> None:
    """Open the form for a new entry, in the section of the log."""
    sections.go("calls")
    _open(None, debt)


def _open(edited: Call | None, debt: str | None) -> None:
    st.session_state[_OPEN] = True
    st.session_state[_EDITED] = edited
    st.session_state[_DEBT] = debt
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def _close() -> None:
    st.session_state[_OPEN] = False


def show(document: HouseholdDocument, say: Words) -> None:
    """Show the form where it is open, and every entry, the newest first."""
    st.header(say("act.log.title"), anchor=False)
    st.caption(say("act.log.lead"))
    if st.session_state.get(_OPEN):
        _show_form(document, say)
    elif len(document.calls) >= LIMITS["calls"]:
        st.caption(say("act.log.full", limit=LIMITS["calls"]))
    else:
        st.button(say("act.log.add"), key="act.call.add", type="primary", on_click=begin)
    if not document.calls:
        st.markdown(say("act.log.none"))
        return
    newest = newest_first(document.calls)
    if st.toggle(say("act.log.as_table"), key="act.call.table", persist_state="session"):
        _show_table(document, newest, say)
    else:
        _show_list(document, newest, say)
    st.download_button(
        say("act.log.csv"),
        lambda: table_file(document, say).encode("utf-8-sig"),
        file_name=f"ashore-calls-{document.plan.start.isoformat()}.csv",
        mime="text/csv",
        key="act.call.csv",
        on_click="ignore",
    )


def newest_first(calls: Sequence[Call]) -> list[int]:
    """Give the places of entries, the latest call first; of the same minute the one that was noted last."""
    return sorted(range(len(calls)), key=lambda k: (calls[k].date, calls[k].time or "", k), reverse=True)


# -- the form


def read_clock(text: str) -> str | None:
    """Read a time of day in any usual form; None where it is none.

    >>> read_clock("9:30"), read_clock("0930"), read_clock("21.05"), read_clock("25:00")
    ('09:30', '09:30', '21:05', None)
    """
    usual = unicodedata.normalize("NFKC", text).strip().replace(".", ":").replace(" ", "")
    found = _CLOCK.fullmatch(usual)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return f"{int(found[1]):02d}:{found[2]}"


def _show_form(document: HouseholdDocument, say: Words) -> None:
    edited: Call | None = st.session_state.get(_EDITED)
    key = f"call_{session.document_key()}_{st.session_state.get(_ROUND, 0)}"
    # Whoever comes from a script has called; what is noted by itself is rather a call that came.
    about = st.session_state.get(_DEBT)
    blank = Call(date=document.plan.start, debt=about, incoming=about is None)
    shown = edited or blank
    with st.container(border=True, key="act_call_form"):
        if edited is not None and edited not in document.calls:
            inputs.complain(say("act.log.changed_elsewhere"))
        with st.container(horizontal=True, vertical_alignment="top"):
            with st.container(width=160):
                latest = max(session.today(), document.plan.start, shown.date) + timedelta(1)
                day = inputs.day(say, key, say("act.log.date"), shown.date, high=latest, needed=True, kept=True)
            with st.container(width=160):
                typed = inputs.line(say, f"{key}_time", say("act.log.time"), shown.time or "", kept=True)
                clock = read_clock(typed.value) if typed.value else None
                if typed.value and clock is None:
                    inputs.complain(say("act.log.time_form"))
        incoming = inputs.choice(
            f"{key}_incoming",
            say("act.log.direction"),
            (True, False),
            shown.incoming,
            lambda one: say("act.log.incoming" if one else "act.log.outgoing"),
            kept=True,
        )
        names = _names(document)
        known = [None, *names] if shown.debt in (None, *names) else [None, *names, shown.debt]
        debt = inputs.choice(
            f"{key}_debt", say("act.log.debt"), known, shown.debt, lambda one: _named(names, one, say), kept=True
        )
        who = inputs.line(say, f"{key}_who", say("act.log.who"), shown.who, kept=True)
        notes = st.text_area(
            say("act.log.notes"), shown.notes, key=f"notes_{key}", max_chars=NOTE_MAX, persist_state="session"
        )
        with st.container(horizontal=True):
            pressed = st.button(say("act.log.save"), key="act.call.save", type="primary")
            st.button(say("act.log.cancel"), key="act.call.cancel", on_click=_close)
        wrong = day.value is None or not who.ok or not typed.ok or bool(typed.value and clock is None)
        if not pressed or wrong:
            return
        entry = blank.model_copy(
            update={
                "date": day.value,
                "time": clock,
                "debt": debt,
                "incoming": incoming,
                "who": who.value or "",
                "notes": notes or "",
            }
        )
        try:
            _keep(document, edited, entry)
        except PlanError as error:
            inputs.complain(error.problems[0].zh if say.language == "zh" else error.problems[0].en)
            return
    _close()
    st.rerun()


def _keep(document: HouseholdDocument, edited: Call | None, entry: Call) -> None:
    if edited is None or edited not in document.calls:
        calls, what = (*document.calls, entry), "act.log.added"
    else:
        place = document.calls.index(edited)
        calls, what = (*document.calls[:place], entry, *document.calls[place + 1 :]), "act.log.changed"
    session.change(document.model_copy(update={"calls": calls}), what)


def _delete(place: int) -> None:
    document = session.household()
    calls = (*document.calls[:place], *document.calls[place + 1 :])
    session.change(document.model_copy(update={"calls": calls}), "act.log.deleted")


# -- what is noted


def _names(document: HouseholdDocument) -> dict[str, str]:
    return {debt.id: debt.name for debt in document.plan.debts}


def _named(names: dict[str, str], debt: str | None, say: Words) -> str:
    return say("act.log.no_debt") if debt is None else names.get(debt, say("act.log.gone"))


def _head(call: Call, say: Words) -> tuple[str, str]:
    """When, and who called whom."""
    when = theme.day(call.date, say)
    return (f"{when} {call.time}" if call.time else when), say(
        "act.log.incoming" if call.incoming else "act.log.outgoing"
    )


def _show_list(document: HouseholdDocument, newest: list[int], say: Words) -> None:
    names = _names(document)
    pages = -(-len(newest) // PAGE_SIZE)
    page = 1
    if pages > 1:
        page = st.selectbox(
            say("act.log.page"),
            range(1, pages + 1),
            key=f"act.call.page.{pages}",
            format_func=lambda one: say("act.log.page_of", page=one, pages=pages),
            filter_mode=None,
        )
    for place in newest[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]:
        call = document.calls[place]
        when, direction = _head(call, say)
        with st.container(border=True, gap="small", key=f"act_call_{place}"):
            st.markdown(f"**{when}** · {direction} · {plain(_named(names, call.debt, say))}")
            st.markdown(plain(call.who) if call.who else f":gray[{say('act.log.nobody')}]")
            if call.notes:
                st.markdown("  \n".join(plain(line) for line in call.notes.split("\n")))
            with st.container(horizontal=True):
                st.button(say("act.log.edit"), key=f"act.call.edit.{place}", on_click=_open, args=(call, None))
                st.button(say("act.log.delete"), key=f"act.call.delete.{place}", on_click=_delete, args=(place,))


def _cells(document: HouseholdDocument, call: Call, say: Words) -> list[str]:
    when, direction = _head(call, say)
    return [when, direction, _named(_names(document), call.debt, say), call.who, call.notes]


def _columns(say: Words) -> list[str]:
    return [say(f"act.log.column_{name}") for name in ("date", "direction", "debt", "who", "notes")]


def _show_table(document: HouseholdDocument, newest: list[int], say: Words) -> None:
    rows = [_cells(document, document.calls[place], say) for place in newest]
    with st.container(key="act_call_table"):
        st.html(
            figures_table(say("act.log.table_alt"), _columns(say), [Row(when, "", "", cells) for when, *cells in rows])
        )


# -- a file of it


def table_file(document: HouseholdDocument, say: Words) -> str:
    """Give every entry as CSV, the newest first.

    A cell that a spreadsheet could take for a formula begins with an apostrophe, so that it stays text.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_columns(say))
    for place in newest_first(document.calls):
        call = document.calls[place]
        cells = _cells(document, call, say)
        cells[0] = f"{call.date.isoformat()} {call.time or ''}".strip()
        writer.writerow([_as_text(cell) for cell in cells])
    return out.getvalue()


def _as_text(cell: str) -> str:
    # Full-width signs are taken for the plain ones by some spreadsheets.
    return f"'{cell}" if _FORMULA.match(unicodedata.normalize("NFKC", cell)) else cell
