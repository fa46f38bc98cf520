"""The page: where they stand, one number for today, one next step, what comes before lenders, the next 30 days."""

from pathlib import Path

import streamlit as st

from core.aftermath import Known
from core.decided import Decided
from core.household import HouseholdDocument
from core.levers import MonthlyBudget, apply_all, monthly_room
from core.outcome import Outcome
from core.plan import Plan, dump_plan
from core.simulate import STRATEGIES
from core.today import WINDOW_DAYS, Coming, Standing, Step, followed, standing
from pages.overdue_cost import answers as late_answers
from pages.overview import before_lenders
from pages.shared import charts, decisions, engine, live, phone, pledges, session, theme, warming
from pages.shared.inputs import plain
from pages.shared.kept import Kept
from pages.shared.tables import Row, figures_table
from pages.shared.words import Words
from pages.strategy_comparison import figures

_STYLESHEET = Path(__file__).with_name("style.css")
_standings: Kept[Standing | None] = Kept()


def show() -> None:
    """Show the page."""
    say = session.words()
    st.html(_STYLESHEET)
    st.title(say("overview.title"), anchor=False)
    document = session.household()
    if not engine.ready():
        warming.show(document.plan, say)
        return
    decided = decisions.current()
    plan = decided.plan
    outcomes = session.answers.ask(plan, STRATEGIES)
    now = _standing(document, plan, outcomes)
    if now is None:
        st.markdown(say("table.failed"))
        decisions.show_problems(say)
        before_lenders.show(document, plan.start, say)
        return
    with st.container(key="verdict"):
        st.markdown(_sentence(now, say))
        _show_choices(document, decided, now, say)
    decisions.show_problems(say)
    _show_today(document, now, say)
    pledges.show_waiting(now.way.strategy, say)
    before_lenders.show(document, plan.start, say)
    if now.owed:
        _show_window(now, say)
        _show_live(now, decided, say)
        _show_details(now, outcomes, say)
    phone.show(say)


def _standing(document: HouseholdDocument, plan: Plan, outcomes: list[Outcome]) -> Standing | None:
    way = followed(outcomes, document.chosen)
    known = {each.debt: Known(each.product, each.contract_date) for each in document.debts}
    late = late_answers.course(plan, known)
    if way is None or late is None:
        return None
    chosen = way.strategy == document.chosen
    return _standings.ask(
        (dump_plan(plan), way.strategy, chosen, document.answers),
        lambda: standing(way, chosen, late.lateness, document.answers),
    )


# -- where they stand


def _sentence(now: Standing, say: Words) -> str:
    if not now.owed:
        return say("overview.stand.clear")
    debts = say.counted("household.debts", len(now.open_debts))
    late = now.overdue_debts
    if late:
        longest = max(debt.days_past_due for debt in late)
        overdue = say.counted("household.overdue", len(late))
        days = say.counted("format.day_count", longest)
        first = say("overview.stand.overdue", debts=debts, overdue=overdue, days=days)
    else:
        first = say("overview.stand.current", debts=debts)
    return say("format.sentence_separator").join([first, _outlook(now, say)])


def _outlook(now: Standing, say: Words) -> str:
    whose = "chosen" if now.chosen else "best"
    way, name = now.way, _way_name(now, say)
    if way.debt_free_on is not None:
        return say(f"overview.stand.free_{whose}", strategy=name, month=theme.month(way.debt_free_on, say))
    return say(f"overview.stand.open_{whose}", strategy=name, month=theme.month(now.plan.end, say))


def _way_name(now: Standing, say: Words) -> str:
    return say(f"strategy.{now.way.strategy}.name")


# -- what is chosen


def _show_choices(document: HouseholdDocument, decided: Decided, now: Standing, say: Words) -> None:
    """Name what is chosen and done, and what it comes to in all; nothing where nothing is."""
    options = [each for each in (*document.levers, *document.offers) if each.id in decided.levers]
    if not options:
        return
    names = say.listed([plain(each.name) or say("live.choices.nameless") for each in options])
    sentences = [
        say(f"live.choices.counted.{'one' if len(options) == 1 else 'other'}", number=len(options), names=names)
    ]
    without = followed(session.answers.ask(decided.before, STRATEGIES), document.chosen)
    if without is not None:
        less = without.out_of_pocket - now.way.out_of_pocket - decided.outside
        kind = "less" if less > 0 else "more" if less < 0 else "same"
        sentences.append(say(f"live.choices.{kind}", **({"amount": theme.money(abs(less))} if less else {})))
    st.markdown(f":small[{say('format.sentence_separator').join(sentences)}]")


# -- one number and one step


def _show_today(document: HouseholdDocument, now: Standing, say: Words) -> None:
    number, step = st.columns(2)
    with number, st.container(border=True, height="stretch", key="overview_number"):
        st.metric(say("overview.owed", day=theme.day(now.plan.start, say)), theme.money(now.owed))
        if now.owed:
            st.caption(_after(now, say))
    with step, st.container(border=True, height="stretch", key="overview_step"):
        st.header(say("overview.step.title"), anchor=False)
        for line in _step_lines(document, now, say):
            st.markdown(line)


def _after(now: Standing, say: Words) -> str:
    after = theme.money(now.owed_after)
    if now.owed_after <= now.owed:
        return say("overview.after_less", days=WINDOW_DAYS, after=after, less=theme.money(now.owed - now.owed_after))
    return say("overview.after_more", days=WINDOW_DAYS, after=after, more=theme.money(now.owed_after - now.owed))


def _step_lines(document: HouseholdDocument, now: Standing, say: Words) -> list[str]:
    step = now.step
    if step.day is None:
        return [say(f"overview.step.{step.kind}", days=WINDOW_DAYS)]
    day = theme.day(step.day, say)
    if step.kind == "court":
        backed = before_lenders.backed("support.legal_aid", now.plan.start, say)
        return [say("overview.step.court", line=before_lenders.call("support.legal_aid", now.plan.start)), backed]
    if step.kind == "talk":
        return _talk_lines(document, now, step, day, say)
    pairs = [say("overview.step.pair", debt=_name(now, each), amount=theme.money(each.paid)) for each in step.payments]
    lines = [say("overview.step.pay", day=day, payments=say.listed(pairs))]
    return [*lines, say("overview.step.pay_overdue")] if step.overdue else lines


def _talk_lines(document: HouseholdDocument, now: Standing, step: Step, day: str, say: Words) -> list[str]:
    about = step.payments[0]
    product = document.details_of(about.debt).product
    line = before_lenders.service_line(product, now.plan.start, say)
    answers = document.answers
    kept = answers.food or answers.rent or answers.medicine
    reason = "kept" if kept else "overdue" if step.overdue else "short"
    lines = [say("overview.step.talk_now" if step.overdue else "overview.step.talk", day=day, debt=_name(now, about))]
    lines += [say(f"overview.step.{reason}", line=line, amount=theme.money(about.due), missing=_missing(about))]
    return [*lines, before_lenders.backed("support.talk_order", now.plan.start, say)]


def _name(now: Standing, each: Coming) -> str:
    return plain(next(debt.name for debt in now.plan.debts if debt.id == each.debt))


# -- the next 30 days


def _show_window(now: Standing, say: Words) -> None:
    st.header(say("overview.window.title", days=WINDOW_DAYS), anchor=False)
    if not now.coming:
        st.markdown(say("overview.window.none", days=WINDOW_DAYS))
        return
    end = theme.day(now.window_end, say)
    due, paid = theme.money(now.due_in_window), theme.money(now.paid_in_window)
    st.markdown(say("overview.window.sum", end=end, due=due, strategy=_way_name(now, say), paid=paid))
    names = {debt.id: debt.name for debt in now.plan.debts}
    late = {debt.debt for debt in now.overdue_debts}
    rows = [
        Row(
            names[each.debt],
            theme.day(each.day, say),
            "",
            [
                theme.money(each.due) if each.due else "—",
                theme.money(each.paid) if each.paid else "—",
                _state(each, each.debt in late, say),
            ],
        )
        for each in now.coming
    ]
    columns = [say(f"overview.window.{column}") for column in ("debt", "due", "paid", "state")]
    st.html(figures_table(say("overview.window.alt", end=end), columns, rows))
    if any(each.short and not each.days_late for each in now.coming):
        st.caption(say("overview.window.short_note"))


def _state(each: Coming, late: bool, say: Words) -> str:
    if not each.due:
        return say("overview.window.catching_up" if late else "overview.window.extra")
    if each.days_late:
        return say("overview.window.late", days=say.counted("format.day_count", each.days_late))
    if each.short:
        return say("overview.window.missing", amount=_missing(each))
    return say("overview.window.enough" if each.paid >= each.due else "overview.window.earlier")


def _missing(each: Coming) -> str:
    return theme.money(max(each.due - each.paid, 0))


# -- more or less a month


def _show_live(now: Standing, decided: Decided, say: Words) -> None:
    # The slider is a monthly budget itself: one that is chosen steps aside, the rest is counted.
    others = [lever for lever in decided.levers.values() if not isinstance(lever, MonthlyBudget)]
    plan = now.plan if len(others) == len(decided.levers) else apply_all(decided.before, others)
    st.header(say("live.title"), anchor=False)
    with st.container(border=True, key="live"):
        live.show(plan, say, key="overview", strategy=now.way.strategy if now.chosen else None)


# -- details


def _show_details(now: Standing, outcomes: list[Outcome], say: Words) -> None:
    st.header(say("overview.details.title"), anchor=False)
    room = monthly_room(now.plan)
    grid = st.grid(4, min_column_width=150)
    for key, fen in (
        ("catch_up", now.to_catch_up),
        ("cash", now.plan.household.cash),
        ("reserve", now.plan.household.reserve),
        ("room", room) if room >= 0 else ("room_short", -room),
    ):
        grid.metric(say(f"overview.details.{key}"), theme.money(fen), border=True)
    place_of_chart = st.container(border=True, key="course")
    _show_debts(now, say)
    with place_of_chart:
        st.header(say("overview.course.title"), anchor=False)
        if now.way.closing_payoff < now.owed:
            _show_course(now, outcomes, say)
        else:
            # A line that climbs for years helps nobody; the comparison has it for those who ask.
            st.markdown(say("overview.course.rising"))


def _show_debts(now: Standing, say: Words) -> None:
    names = {debt.id: debt.name for debt in now.plan.debts}
    rows = [
        Row(
            names[debt.debt],
            "",
            "",
            [
                theme.money(debt.owed),
                say.counted("format.day_count", debt.days_past_due) if debt.days_past_due else say("overview.debts.no"),
                theme.month(debt.cleared, say) if debt.cleared else say("table.not_free"),
            ],
        )
        for debt in now.open_debts
    ]
    columns = [say(f"overview.debts.{column}") for column in ("debt", "owed", "late", "cleared")]
    st.html(figures_table(say("overview.debts.alt", day=theme.day(now.plan.start, say)), columns, rows))


def _show_course(now: Standing, outcomes: list[Outcome], say: Words) -> None:
    stopped = [outcome for outcome in outcomes if outcome.strategy == "stop" and outcome.error is None]
    shown = [now.way, *(outcome for outcome in stopped if now.way.strategy != "stop")]
    if now.spared > 0:
        spared = theme.money(now.spared)
        st.markdown(say("overview.course.sentence", days=WINDOW_DAYS, strategy=_way_name(now, say), spared=spared))
    start, end = theme.month(now.plan.start, say), theme.month(now.plan.end, say)
    charts.show(
        figures.balances(shown, 0, say), key="overview.chart", alt=say("overview.course.alt", start=start, end=end)
    )


show()
