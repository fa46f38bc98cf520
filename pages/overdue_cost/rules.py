"""What law and custom say beside the figures: the course of events, a court's cap, lawsuits, and what people ask."""

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from core.aftermath import Cap, CourtView, court_view, suits
from core.consequences import Event
from core.facts import facts
from core.lateness import Lateness
from pages.overdue_cost import events
from pages.shared import theme
from pages.shared.inputs import plain
from pages.shared.tables import Row, figures_table
from pages.shared.words import DEFAULT_LANGUAGE, Words, words_in

_COURT_FACTS = (
    "court.first_instance_fee",
    "court.simple_procedure_divisor",
    "court.preservation_fee",
    "court.preservation_fee_max",
    "court.enforcement_fee",
    "court.delay_interest",
    "court.fee_relief",
)
_CALL_FACTS = ("quiet_from", "quiet_until", "answered_calls", "call_attempts")
_LINES = {"regulator": "financial_regulator", "police": "police"}


def facts_used(happening: Sequence[Event], found: Sequence[Cap]) -> list[str]:
    """Give the ids of the facts that the page shows."""
    ids = [fact for event in happening for fact in event.facts]
    ids += [fact for cap in found for fact in cap.facts]
    return [*ids, *_COURT_FACTS, *(f"collection.{name}" for name in (*_CALL_FACTS, "contacts", "bans"))]


def show_line(
    answer: Lateness, debt: str | None, happening: tuple[Event, ...], stale: tuple[str, ...], say: Words
) -> None:
    """Show what may happen to a debt, and when."""
    st.header(say("overdue.line.title"), anchor=False)
    chosen = debt or answer.first_late
    missed = None if chosen is None else answer.missed(chosen)
    if chosen is None or missed is None:
        st.markdown(say("overdue.line.nothing"))
        return
    name = plain(answer.names[chosen])
    st.markdown(say("overdue.line.lead", debt=name, missed=theme.day(missed, say)))
    if debt is None:
        st.caption(say("overdue.line.all", debt=name))
    today = answer.days[0]
    coming = next((event for event in happening if event.date > today), None)
    if coming is not None:
        st.markdown(say("overdue.line.coming", day=theme.day(coming.date, say), what=events.sentence(coming, say)))
    with st.expander(say("overdue.line.each")):
        st.html(events.listed(happening, today, answer.last_day, stale, say))
    st.caption(say("overdue.quiet"))


def show_court(answer: Lateness, found: tuple[Cap, ...], day: date, say: Words) -> None:
    """Show what is charged beside what a court would support, and how to ask for it."""
    names = answer.names
    views = court_view(answer, found, day)
    st.header(say("overdue.court.title"), anchor=False)
    start = theme.day(answer.plan.as_of, say)
    _show_beyond(views, day, say)
    columns = [say(f"overdue.court.column_{name}") for name in ("debt", "rate", "charged", "supported", "beyond")]
    rows = [_court_row(view, names[view.cap.debt], say) for view in views]
    bases = {
        cap.basis: {"article": _article(cap), "rate": events.percent(cap.rate), "since": theme.day(cap.since, say)}
        for cap in found
        if cap.rate is not None and cap.since is not None
    }
    for basis, values in bases.items():
        st.markdown(say(f"overdue.court.{basis}", **values))
    with st.expander(say("overdue.court.each")):
        st.markdown(say("overdue.court.lead", start=start, day=theme.day(day, say)))
        st.html(figures_table(say("overdue.court.alt", day=theme.day(day, say)), columns, rows))
    with st.expander(say("overdue.court.ask_title")):
        for basis, values in bases.items():
            # Lender and court read Chinese, whatever the household reads.
            for words in dict.fromkeys((words_in(DEFAULT_LANGUAGE), say)):
                st.code(words(f"overdue.court.ask_{basis}", **values), language=None, wrap_lines=True)
            st.caption(say("overdue.court.ask_hint", rate=values["rate"]))
        st.caption(say("overdue.court.ask_note"))


def _show_beyond(views: Sequence[CourtView], day: date, say: Words) -> None:
    """Say in a sentence what could be asked off; nothing where no cap is known."""
    beyond = [view.beyond for view in views if view.supported is not None]
    if not beyond:
        return
    key = "overdue.court.sum" if any(beyond) else "overdue.court.sum_none"
    st.markdown(say(key, day=theme.day(day, say), amount=theme.money(sum(beyond))))


def _article(cap: Cap) -> str:
    return facts()[cap.facts[0]].values[-1].article or ""


def _court_row(view: CourtView, name: str, say: Words) -> Row:
    cap = view.cap
    note = say("overdue.court.own") if cap.own else ""
    charged = theme.money(view.charged)
    if cap.rate is None or view.supported is None:
        return Row(name, say("overdue.court.unknown"), "", ["—", charged, "—", "—"])
    beyond = theme.money(view.beyond) if view.beyond else say("overdue.court.none")
    return Row(name, note, "", [events.percent(cap.rate), charged, theme.money(view.supported), beyond])


def show_suits(answer: Lateness, day: date, say: Words) -> None:
    """Show what a lawsuit over each debt would cost."""
    names = answer.names
    known, on = facts(), answer.plan.start
    order = ("debt", "claim", "half", "full", "preservation", "enforcement", "delay")
    rows = []
    for suit in suits(answer, day):
        costs = suit.costs
        cells = (suit.claim, costs.half, costs.full, costs.preservation, costs.enforcement, suit.delay)
        rows.append(Row(names[suit.debt], "", "", [theme.money(fen) for fen in cells]))
    columns = [say(f"overdue.suit.column_{name}") for name in order]
    rate = known.at("court.delay_interest", on).decimal
    relief = [getattr(text, say.language) for text in known.at("court.fee_relief", on).texts]
    with st.expander(say("overdue.suit.title")):
        st.markdown(say("overdue.suit.lead", day=theme.day(day, say)))
        st.html(figures_table(say("overdue.suit.alt"), columns, rows))
        st.caption(say("overdue.suit.note", rate=events.percent(rate)))
        st.caption(say("overdue.suit.relief", list=say("format.clause_separator").join(relief)))


def show_questions(answer: Lateness, say: Words) -> None:
    """Show what people ask who are called and pressed."""
    known, names = facts(), answer.names
    on = max(answer.plan.start, known.read_on)  # the rules as they were last read, also where the clock is behind
    st.header(say("overdue.ask.title"), anchor=False)
    with st.container(key="questions"):
        quiet_from, quiet_until, answered, attempts = (known.as_read(f"collection.{name}", on) for name in _CALL_FACTS)
        with st.expander(say("overdue.ask.night")):
            st.markdown(
                say(
                    "overdue.ask.night_answer",
                    quiet_from=events.clock(quiet_from.clock),
                    quiet_until=events.clock(quiet_until.clock),
                    answered=answered.whole,
                    attempts=attempts.whole,
                )
            )
        with st.expander(say("overdue.ask.family")):
            rules = [say("overdue.ask.family_lead"), *_bullets("collection.contacts", on, say)]
            st.markdown("\n".join(rules))
            st.markdown("\n".join([say("overdue.ask.bans"), *_bullets("collection.bans", on, say)]))
            lines = {name: known.as_read(f"support.{fact}", on).word for name, fact in _LINES.items()}
            st.markdown(say("overdue.ask.complain", **lines))
        with st.expander(say("overdue.ask.whole")):
            st.markdown(say("format.sentence_separator").join(_whole_loan(answer, names, say)))


def _whole_loan(answer: Lateness, names: Mapping[str, str], say: Words) -> list[str]:
    with_term = [debt.id for debt in answer.plan.debts if getattr(debt, "accelerate_after_days", None) is not None]
    sentences = [say("overdue.ask.whole_answer")]
    if with_term:
        sentences.append(say("overdue.ask.whole_terms", debts=say.listed([plain(names[debt]) for debt in with_term])))
    else:
        sentences.append(say("overdue.ask.whole_none"))
    today = answer.days[0]
    pairs = [
        say("overdue.ask.whole_pair", debt=plain(name), amount=theme.money(answer.total(today, debt)))
        for debt, name in names.items()
    ]
    sentences.append(say("overdue.ask.whole_amount", amounts=say.listed(pairs)))
    return sentences


def _bullets(fact: str, on: date, say: Words) -> list[str]:
    return ["", *(f"- {getattr(text, say.language)}" for text in facts().as_read(fact, on).texts)]
