"""The page: what is owed, what one more day costs, what happens when, and what to do first."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import streamlit as st

from core.aftermath import Known, out_of_date, timeline
from core.consequences import Event
from core.facts import facts
from core.late_jumps import Jump
from core.late_payments import Trial, next_payday
from core.lateness import PARTS, SAMPLE_DAYS, Due, Lateness
from core.money import FEN_IN_A_YUAN, parse_amount
from core.plan import Plan
from pages.overdue_cost import answers, figures, rules
from pages.shared import charts, engine, session, theme, warming
from pages.shared.inputs import plain
from pages.shared.tables import Row, figures_table
from pages.shared.words import Words

_STYLESHEET = Path(__file__).with_name("style.css")
_QUICK = ("weilidai_10", "huabei_bill", "jiebei", "baitiao_bill", "jintiao", "wangshang")
_QUICK_FEN, _QUICK_DAYS, _QUICK_DAYS_MAX = 1000 * FEN_IN_A_YUAN, 3, 730
_SOON_DAYS = 45
_STEPS_MAX, _JUMPS_MAX = 4, 8
# A day that moves by less is no news: a card's statement makes the next days dearer by a few fen.
_JUMP_LEAST_FEN = 10


def show() -> None:
    """Show the page."""
    say = session.words()
    st.html(_STYLESHEET)
    st.title(say("overdue.title"), anchor=False)
    document = session.household()
    if document is None:
        return
    plan = session.plan()
    if not engine.ready():
        warming.show(plan, say)
        return
    known = {each.debt: Known(each.product, each.contract_date) for each in document.debts}
    answered = answers.course(plan, known)
    if answered is None:
        st.markdown(say("table.failed"))
        return
    answer, found = answered
    if not answer.total(answer.days[0]):
        with st.container(key="verdict"):
            st.markdown(say("overdue.verdict.free"))
        return
    place_of_notice = st.container()
    _show_verdict(answer, say)
    _show_steps(answer, say)
    debt, day, happening = _show_course(answer, known, say)
    _show_jumps(answer, say)
    _show_hundred(answer, say)
    st.header(say("overdue.try.title"), anchor=False)
    _try_another_day(plan, answer, say)
    _show_quick(answer.plan.start, say)
    stale = out_of_date(rules.facts_used(happening, found), max(session.today(), plan.start))
    rules.show_questions(answer, say)
    rules.show_line(answer, debt, happening, stale, say)
    rules.show_court(answer, found, day, say)
    rules.show_suits(answer, day, say)
    if stale:
        titles = [getattr(facts()[fact].title, say.language) for fact in stale]
        place_of_notice.warning(say("overdue.stale", count=len(stale), names=say.listed(titles)))


# -- the answer in a sentence, and what to do first


def _show_verdict(answer: Lateness, say: Words) -> None:
    today = answer.days[0]
    after = answer.days[SAMPLE_DAYS]
    figures_now = {
        "owed": theme.money(answer.total(today)),
        "one_day": theme.money(answer.one_more_day(today)),
        "month": theme.money(answer.charged_between(today, after)),
    }
    with st.container(key="verdict"):
        sentences = [
            say(
                "overdue.verdict.owed",
                day=theme.day(today, say),
                days=say.counted("format.day_count", SAMPLE_DAYS),
                **figures_now,
            )
        ]
        overdue = answer.overdue_amount
        key = "overdue.verdict.overdue" if overdue else "overdue.verdict.none_overdue"
        sentences.append(say(key, amount=theme.money(overdue)))
        st.markdown(say("format.sentence_separator").join(sentences))
    grid = st.grid(4, min_column_width=150)
    for key, amount in {**figures_now, "overdue": theme.money(overdue)}.items():
        grid.metric(say(f"overdue.card.{key}"), amount, border=True)


def _show_steps(answer: Lateness, say: Words) -> None:
    with st.container(border=True, key="steps"):
        st.header(say("overdue.steps.title"), anchor=False)
        names = answer.names
        steps = [_step(due, plain(names[due.debt]), say) for due in answer.first_steps(_SOON_DAYS)[:_STEPS_MAX]]
        if not steps:
            steps = [say("overdue.steps.later", days=say.counted("format.day_count", _SOON_DAYS))]
        steps += [say("overdue.steps.call"), say("overdue.steps.never")]
        st.markdown("\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1)))


def _step(due: Due, name: str, say: Words) -> str:
    values = {"debt": name, "day": theme.day(due.day, say), "amount": theme.money(due.amount)}
    if due.overdue:
        return say("overdue.steps.overdue", days=say.counted("format.day_count", due.days_late), **values)
    if due.day != due.due:
        return say("overdue.steps.grace", due=theme.day(due.due, say), **values)
    return say("overdue.steps.upcoming", **values)


# -- what is owed on any day


def _show_course(
    answer: Lateness, known: Mapping[str, Known], say: Words
) -> tuple[str | None, date, tuple[Event, ...]]:
    names = answer.names
    with st.container(border=True, key="course"):
        st.header(say("overdue.course.title"), anchor=False)
        debt = st.selectbox(
            say("overdue.course.debt"),
            [None, *names],
            format_func=lambda one: say("overdue.course.all") if one is None else names[one],
            key=f"overdue_cost.debt.{session.document_key()}",
            filter_mode=None,
            persist_state="session",
        )
        day = st.slider(
            say("overdue.course.day"),
            min_value=answer.days[0],
            max_value=answer.last_day,
            value=answer.days[SAMPLE_DAYS],
            format=say("overdue.course.slider_format"),
            key=f"overdue_cost.day.{session.document_key()}.{answer.days[0]}",
            persist_state="session",
        )
        with st.container(key="owed_then"):
            st.markdown(_owed_then(answer, debt, day, say))
        happening = _events_of(answer, known, debt)
        charts.show(
            figures.course(answer, debt, day, happening, say),
            key="overdue_cost.chart",
            alt=say(
                "overdue.course.chart_alt",
                start=theme.month(answer.days[0], say),
                end=theme.month(answer.last_day, say),
            ),
        )
        st.caption(say("overdue.course.chart_note"))
        with st.expander(say("overdue.course.each")):
            st.html(_owed_table(answer, names, day, say))
    return debt, day, happening


def _events_of(answer: Lateness, known: Mapping[str, Known], debt: str | None) -> tuple[Event, ...]:
    chosen = debt or answer.first_late
    return () if chosen is None else timeline(answer, known, chosen)


def _owed_then(answer: Lateness, debt: str | None, day: date, say: Words) -> str:
    today = answer.days[0]
    then, now = answer.owed(day, debt), answer.owed(today, debt)
    values = {"day": theme.day(day, say), "total": theme.money(sum(then.values()))}
    if day == today:
        return say("overdue.course.today", **values)
    more = answer.total(day, debt) - answer.total(today, debt)
    if more < 0:
        return say("overdue.course.drop", less=theme.money(-more), **values)
    added = {part: theme.money(then[part] - now[part]) for part in PARTS if part != "principal"}
    return say("overdue.course.sentence", more=theme.money(more), **values, **added)


def _owed_table(answer: Lateness, names: Mapping[str, str], day: date, say: Words) -> str:
    columns = [
        say("overdue.course.column_debt"),
        *(say(f"overdue.part.{part}") for part in PARTS),
        say("overdue.course.column_total"),
        say("overdue.course.column_day"),
    ]

    def row(name: str, debt: str | None) -> Row:
        owed = answer.owed(day, debt)
        cells = [*owed.values(), sum(owed.values()), answer.one_more_day(day, debt)]
        return Row(name, "", "", [theme.money(fen) for fen in cells])

    rows = [row(name, debt) for debt, name in names.items()]
    rows.append(row(say("overdue.course.sum"), None))
    return figures_table(say("overdue.course.table_alt", day=theme.day(day, say)), columns, rows)


# -- when a day costs more


def _show_jumps(answer: Lateness, say: Words) -> None:
    names = answer.names
    st.header(say("overdue.jump.title"), anchor=False)
    jumps = [jump for jump in answer.jumps if jump.height >= _JUMP_LEAST_FEN]
    if not jumps:
        st.markdown(say("overdue.jump.none"))
        return
    first = next((jump for jump in jumps if jump.rises), jumps[0])
    st.markdown(
        say("overdue.jump.lead")
        + say("format.sentence_separator")
        + say(
            "overdue.jump.next_one",
            day=theme.day(first.day, say),
            debt=plain(names[first.debt]),
            cause=_cause(first, say),
            before=_money(first.before),
            that_day=theme.money(first.that_day),
            after=theme.money(first.after),
        )
    )
    columns = [say(f"overdue.jump.column_{name}") for name in ("day", "before", "that", "after")]
    rows = [
        Row(
            theme.day(jump.day, say),
            say("overdue.jump.row", debt=names[jump.debt], cause=_cause(jump, say)),
            "",
            [_money(fen) for fen in (jump.before, jump.that_day, jump.after)],
        )
        for jump in jumps[:_JUMPS_MAX]
    ]
    with st.expander(say("overdue.jump.days")):
        st.html(figures_table(say("overdue.jump.alt"), columns, rows))


def _money(fen: int | None) -> str:
    return "—" if fen is None else theme.money(fen)


def _cause(jump: Jump, say: Words) -> str:
    cause = jump.causes[0]
    return say("overdue.jump.overdue_grace" if cause == "overdue" and jump.grace_days else f"overdue.jump.{cause}")


# -- another day, and where a hundred yuan saves most


@st.fragment
def _try_another_day(plan: Plan, answer: Lateness, say: Words) -> None:
    names = answer.names
    dues = {due.debt: due for due in answer.dues}
    steps = answer.first_steps(_SOON_DAYS)
    first_choice = steps[0].debt if steps else next(iter(names))
    with st.expander(say("overdue.pay.title"), key="another_day"):
        st.caption(say("overdue.pay.lead"))
        debt = st.selectbox(
            say("overdue.pay.debt"),
            list(names),
            index=list(names).index(first_choice),
            format_func=names.__getitem__,
            key=f"overdue_cost.pay.debt.{session.document_key()}",
            filter_mode=None,
        )
        due = dues.get(debt)
        first_day = min(due.day, answer.last_day) if due else answer.first_day
        columns = st.grid(3, min_column_width=180)
        # What is due and which days there are depends on debt and day: each has fields of its own.
        key = f"overdue_cost.pay.{session.document_key()}.{debt}.{answer.days[0]}"
        amount = columns.number_input(
            say("overdue.pay.amount"),
            min_value=0.01,
            max_value=1e7,
            value=(due.amount if due and due.amount else 100 * FEN_IN_A_YUAN) / FEN_IN_A_YUAN,
            step=100.0,
            format="%.2f",
            key=f"{key}.amount",
        )
        first = _choose_day(columns, say("overdue.pay.first"), first_day, f"{key}.first", answer, say)
        later = min(next_payday(plan, first_day), answer.last_day)
        second = _choose_day(columns, say("overdue.pay.second"), later, f"{key}.second", answer, say)
        trial = answers.trial(plan, debt, parse_amount(f"{amount:.2f}"), first, second)
        st.markdown(_trial_text(trial, say))


def _choose_day(place, label: str, value: date, key: str, answer: Lateness, say: Words) -> date:
    return place.date_input(
        label,
        value=value,
        min_value=answer.first_day,
        max_value=answer.last_day,
        format=say("overdue.pay.date_format"),
        key=key,
    )


def _trial_text(trial: Trial | None, say: Words) -> str:
    if trial is None:
        return say("overdue.pay.failed")
    days = {"first": theme.day(trial.first.day, say), "second": theme.day(trial.second.day, say)}
    sentences: list[str] = []
    if trial.first.day == trial.second.day:
        sentences.append(say("overdue.pay.same"))
    else:
        key = "waiting" if trial.waiting > 0 else "waiting_less" if trial.waiting < 0 else "waiting_none"
        sentences.append(say(f"overdue.pay.{key}", amount=theme.money(abs(trial.waiting)), **days))
        if trial.second.days_late:
            late = say.counted("format.day_count", trial.second.days_late)
            sentences.append(say("overdue.pay.late", days=late, second=days["second"]))
        else:
            sentences.append(say("overdue.pay.on_time", second=days["second"]))
        if trial.second.still_past_due:
            sentences.append(say("overdue.pay.still"))
    lines = [say("format.sentence_separator").join(sentences)]
    later = min(1, len(trial.seen) - 1)
    lines.append(
        say(
            "overdue.pay.against",
            first=days["first"],
            taken=theme.money(trial.first.taken),
            later=theme.day(trial.seen[later], say),
            last=theme.day(trial.seen[-1], say),
            saved=theme.money(trial.saved(later)),
            saved_last=theme.money(trial.saved(-1)),
        )
    )
    if trial.left:
        values = {"taken": theme.money(trial.first.taken), "left": theme.money(trial.left)}
        lines.append(say("overdue.pay.taken", **values))
    return "\n\n".join(lines)


def _show_hundred(answer: Lateness, say: Words) -> None:
    names = answer.names
    st.header(say("overdue.hundred.title"), anchor=False)
    best = answer.savings[0]
    if best.saved:
        values = {"day": theme.day(best.day, say), "until": theme.day(best.until, say)}
        st.markdown(say("overdue.hundred.best", debt=plain(names[best.debt]), saved=theme.money(best.saved), **values))
    else:
        st.markdown(say("overdue.hundred.nothing"))
    rows = []
    for saving in answer.savings:
        note = "" if saving.saved else say(f"overdue.hundred.{'interest_first' if saving.taken else 'not_taken'}")
        cells = [theme.money(saving.taken), theme.money(saving.saved)]
        rows.append(Row(names[saving.debt], note, "", cells))
    columns = [say(f"overdue.hundred.column_{name}") for name in ("debt", "taken", "saved")]
    with st.expander(say("overdue.hundred.each")):
        st.html(figures_table(say("overdue.hundred.alt"), columns, rows))
        st.caption(say("overdue.hundred.note"))


# -- a quick sum


@st.fragment
def _show_quick(on: date, say: Words) -> None:
    with st.expander(say("overdue.quick.title"), key="quick"):
        st.caption(say("overdue.quick.lead"))
        columns = st.grid(3, min_column_width=180)
        product = columns.selectbox(
            say("overdue.quick.product"),
            _QUICK,
            format_func=lambda one: say(f"overdue.quick.products.{one}"),
            key="overdue_cost.quick.product",
            filter_mode=None,
        )
        amount = columns.number_input(
            say("overdue.quick.amount"),
            min_value=1.0,
            max_value=1e6,
            value=_QUICK_FEN / FEN_IN_A_YUAN,
            step=100.0,
            format="%.2f",
            key="overdue_cost.quick.amount",
        )
        days = columns.number_input(
            say("overdue.quick.days"), 1, _QUICK_DAYS_MAX, _QUICK_DAYS, key="overdue_cost.quick.days"
        )
        fen = parse_amount(f"{amount:.2f}")
        bill = answers.bill(product, fen, days, on)
        values = {
            "product": say(f"overdue.quick.products.{product}"),
            "amount": theme.money(fen),
            "days": say.counted("format.day_count", days),
        }
        key = "overdue.quick.answer" if bill.cost else "overdue.quick.zero"
        with st.container(key="quick_answer"):
            st.markdown(say(key, cost=theme.money(bill.cost), **values))
        notes = [say("overdue.quick.note")]
        if bill.grace_days:
            notes.insert(0, say("overdue.quick.grace", days=say.counted("format.day_count", bill.grace_days)))
        kind = say(f"overdue.kind.{bill.backing.kind}")
        certainty = say(f"overdue.certainty.{bill.backing.certainty.lower()}")
        st.caption(say("format.sentence_separator").join([*notes, f"({kind} · {certainty})"]))


show()
