"""The page as a reader gets it: the engine's figures in words, every control answered, nothing worked out twice."""

import time
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import late_payments, lateness, simulate
from core.aftermath import Known, caps, court_view, timeline, with_caps
from core.household import DebtDetails, household_of, with_details
from core.lateness import PARTS, SAMPLE_DAYS, Lateness
from core.plan import Plan
from pages.overdue_cost import answers, events, figures
from pages.shared import session, theme
from pages.shared.kept import Kept
from pages.shared.words import LANGUAGES, words_in

PAGE = str(Path(__file__).parents[2] / "pages" / "overdue_cost" / "page.py")
FIRST = session.samples()[0]
SCRIPT_SECONDS_MAX = 0.06


class Home:
    """The household that is open in a test."""

    def __init__(self) -> None:
        self.document = household_of(session.sample_plan(FIRST))
        self.day = date(2026, 11, 24)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Home:
    opened = Home()
    monkeypatch.setattr(session, "household", lambda: opened.document)
    monkeypatch.setattr(session, "plan", lambda: opened.document.plan)
    monkeypatch.setattr(session, "document_key", lambda: "test")
    monkeypatch.setattr(session, "today", lambda: opened.day)
    for store in ("_courses", "_trials", "_bills"):
        monkeypatch.setattr(answers, store, Kept())
    return opened


def visit(language: str = "zh") -> AppTest:
    app = AppTest.from_file(PAGE, default_timeout=30)
    app.query_params["lang"] = language
    app.run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    tables = [unescape(element.proto.body) for element in app.get("html")]
    folded = (element.label for element in app.expander)
    return "\n".join([*(element.value for element in (*app.markdown, *app.caption, *app.code)), *folded, *tables])


def answered(plan: Plan) -> Lateness:
    answer = lateness.lateness(with_caps(plan, caps(plan, {})))
    assert answer is not None
    return answer


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", session.samples())
def test_every_household_shows_the_engines_figures(home: Home, name: str, language: str) -> None:
    home.document = household_of(session.sample_plan(name))
    app, say = visit(language), words_in(language)
    shown = texts(app)
    answer = answered(home.document.plan)
    today, then = answer.days[0], answer.days[SAMPLE_DAYS]
    metrics = {metric.label: metric.value for metric in app.metric}
    assert metrics[say("overdue.card.owed")] == theme.money(answer.total(today))
    assert metrics[say("overdue.card.one_day")] == theme.money(answer.one_more_day(today))
    for debt in answer.names:
        for fen in answer.owed(then, debt).values():
            assert theme.money(fen) in shown
        assert theme.money(answer.one_more_day(then, debt)) in shown
    for due in answer.first_steps(45)[:4]:
        assert theme.money(due.amount) in shown
    for saving in answer.savings:
        assert theme.money(saving.saved) in shown
    for view in court_view(answer, caps(answer.plan, {}), then):
        assert theme.money(view.charged) in shown
    for event in timeline(answer, {}, answer.first_late or ""):
        assert events.sentence(event, say) in shown
    assert len(app.get("plotly_chart")) == 1


def test_the_questions_that_people_ask(home: Home) -> None:
    shown = texts(visit())
    assert "**¥2.25**" in shown  # 1,000 of 微粒贷, three days late
    assert "22:00" in shown
    assert "8:00" in shown
    assert "12378" in shown
    say = words_in("zh")
    for question in ("night", "family", "whole"):
        assert say(f"overdue.ask.{question}") in shown
    assert shown.count(say("overdue.quiet")) == 1


def test_three_months_of_huabei(home: Home) -> None:
    app = visit()
    app.selectbox(key="overdue_cost.quick.product").select("huabei_bill").run()
    app.number_input(key="overdue_cost.quick.days").set_value(90).run()
    assert "**¥45.00**" in texts(app)


def test_another_day_and_another_debt(home: Home) -> None:
    app = visit()
    say = words_in("zh")
    answer = answered(home.document.plan)
    app.slider[0].set_value(answer.last_day).run()
    assert theme.money(answer.total(answer.last_day)) in texts(app)
    app.selectbox[0].select("cmb").run()
    assert say("overdue.line.lead", debt="招行信用卡", missed=theme.day(date(2026, 11, 23), say)) in texts(app)
    app.slider[0].set_value(answer.days[0]).run()
    total = theme.money(answer.total(answer.days[0], "cmb"))
    assert say("overdue.course.today", day=theme.day(answer.days[0], say), total=total) in texts(app)
    assert not app.exception


def test_the_same_amount_on_two_days(home: Home) -> None:
    """What the page says is what a trial says, and moving a day changes it."""
    app = visit()
    plan, say = home.document.plan, words_in("zh")
    first, second = date(2026, 11, 13), date(2026, 11, 20)
    app.date_input[1].set_value(second).run()
    trial = late_payments.try_payment(plan, "weilidai", 148_350, first, second)
    assert trial is not None
    days = {"first": theme.day(first, say), "second": theme.day(second, say)}
    assert say("overdue.pay.waiting", amount=theme.money(trial.waiting), **days) in texts(app)
    app.date_input[1].set_value(first).run()
    assert say("overdue.pay.same") in texts(app)


def test_the_same_state_does_not_reach_the_engine_twice(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    for module in (lateness, late_payments):
        for name in ("simulate_days", "simulate_ledger"):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, counting(calls, name))
    app = visit()
    first = len(calls)
    assert first > 0
    day: Any = app.slider[0].value
    app.slider[0].set_value(day + timedelta(40)).run()
    app.selectbox[0].select("cmb").run()
    visit("en")
    assert len(calls) == first
    app.number_input(key="overdue_cost.quick.days").set_value(30).run()
    assert len(calls) == first + 1
    app.number_input(key="overdue_cost.quick.days").set_value(3).run()
    assert len(calls) == first + 1


def counting(calls: list[str], name: str):  # type: ignore[no-untyped-def]
    original = getattr(simulate, name)

    def counted(*arguments):  # type: ignore[no-untyped-def]
        calls.append(name)
        return original(*arguments)

    return counted


def test_a_store_keeps_the_last_fifty() -> None:
    kept: Kept[int] = Kept()
    worked_out: list[int] = []

    def ask(number: int) -> int:
        return kept.ask(number, lambda: worked_out.append(number) or number)

    for number in range(51):
        ask(number)
    assert len(kept) == 50
    assert [ask(number) for number in range(1, 51)] == list(range(1, 51))
    assert len(worked_out) == 51
    ask(0)
    assert len(worked_out) == 52


def test_facts_out_of_date_are_told(home: Home) -> None:
    app = visit()
    assert not app.warning
    home.day = date(2027, 11, 24)
    app = visit()
    assert len(app.warning) == 1
    assert words_in("zh")("overdue.line.stale") in texts(app)


def test_what_a_household_knows_of_a_private_loan(home: Home) -> None:
    """Without its date no cap; with it, four times the LPR of that day and how to ask."""
    plan = session.sample_plan("family_that_helps")
    home.document = household_of(plan)
    assert words_in("zh")("overdue.court.unknown") in texts(visit())
    details = DebtDetails(debt="cousin", product="family_loan", contract_date=date(2024, 6, 15))
    home.document = with_details(home.document, details)
    shown = texts(visit())
    assert words_in("zh")("overdue.court.unknown") not in shown
    assert "13.8%" in shown


def test_nothing_owed_and_no_answer(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    say = words_in("zh")
    plan = home.document.plan
    settled = plan.debts[2].model_copy(update={"balance": 0})
    home.document = household_of(plan.model_copy(update={"debts": (settled,)}))
    assert say("overdue.verdict.free") in texts(visit())
    monkeypatch.setattr(answers, "lateness", lambda _: None)
    monkeypatch.setattr(answers, "_courses", Kept())
    assert say("table.failed") in texts(visit())


def test_a_name_is_never_markup(home: Home) -> None:
    plan = home.document.plan
    named = tuple(debt.model_copy(update={"name": f"<b>*{debt.id}*"}) for debt in plan.debts)
    home.document = household_of(plan.model_copy(update={"debts": named}))
    shown = texts(visit())
    assert "\\*weilidai\\*" in shown
    bodies = [element.proto.body for element in visit().get("html")]
    assert not any("<b>" in body for body in bodies)


def test_the_chart_is_what_is_owed() -> None:
    answer = answered(session.sample_plan(FIRST))
    say = words_in("zh")
    happening = timeline(answer, {"weilidai": Known("weilidai_20")}, "weilidai")
    for debt in (None, "weilidai"):
        figure: Any = figures.course(answer, debt, answer.days[30], happening, say)
        layers = {layer.name: layer for layer in figure.data if layer.stackgroup}
        for index in (0, 100, 700):
            owed = answer.owed(answer.days[index], debt)
            for part in PARTS:
                name = say(f"overdue.part.{part}")
                assert round(layers[name].y[index] * 100 if name in layers else 0) == owed[part]
        dots = figure.data[-1]
        assert set(dots.x) <= {event.date for event in happening}
        assert len(dots.x) == sum(answer.days[0] <= event.date <= answer.last_day for event in happening)
        assert figure.layout.xaxis.fixedrange
        assert figure.layout.dragmode is False


def test_a_control_is_answered_in_time(home: Home) -> None:
    """The best of several runs: what the page itself takes, answers being kept."""
    app = visit()
    day: Any = app.slider[0].value
    taken = []
    for step in range(1, 6):
        app.slider[0].set_value(day + timedelta(step))
        start = time.perf_counter()
        app.run()
        taken.append(time.perf_counter() - start)
    assert min(taken) <= SCRIPT_SECONDS_MAX
