"""The open household and the store of answers."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from core import simulate
from core.levers import with_living_costs
from core.plan import dump_plan, parse_plan
from core.simulate import STRATEGIES, Scenario
from pages.shared import session
from pages.shared.session import AnswerStore


@pytest.mark.parametrize("name", session.samples())
def test_a_sample_is_a_plan_of_november_2026(name: str) -> None:
    plan = session.sample_plan(name)
    assert (plan.as_of.year, plan.as_of.month) == (2026, 11)
    assert parse_plan(dump_plan(plan)) == plan


def test_there_are_at_least_five_samples() -> None:
    assert len(session.samples()) >= 5


def test_answers_are_the_engines_own() -> None:
    plan = session.sample_plan("family_that_helps")
    answered = AnswerStore(50).ask(plan, STRATEGIES)
    for ours, theirs in zip(answered, simulate.simulate([Scenario(plan, s) for s in STRATEGIES]), strict=True):
        assert ours.total_paid == theirs.total_paid
        assert ours.debt_free_on == theirs.debt_free_on
        assert ours.dates[0] == plan.start
        assert ours.dates[1:] == theirs.dates


def test_an_answer_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second question, also through an equal plan read anew, costs no run; a new strategy costs its own."""
    asked: list[list[str]] = []
    original = simulate.simulate_days

    def counting(scenarios, days):  # type: ignore[no-untyped-def]
        asked.append([scenario.strategy for scenario in scenarios])
        return original(scenarios, days)

    monkeypatch.setattr(simulate, "simulate_days", counting)
    store, plan = AnswerStore(50), session.sample_plan("small_shop")
    first = store.ask(plan, ["stop", "minimum"])
    again = store.ask(parse_plan(dump_plan(plan)), ["minimum", "rescue", "stop"])
    assert asked == [["stop", "minimum"], ["rescue"]]
    assert again[0] is first[1]
    assert [outcome.strategy for outcome in again] == ["minimum", "rescue", "stop"]


def test_the_store_keeps_no_more_than_its_size_and_drops_the_longest_unused() -> None:
    store, plan = AnswerStore(8), session.sample_plan("small_shop")
    kept = store.ask(plan, ["stop"])[0]
    for step in range(1, 20):
        store.ask(with_living_costs(plan, step * 10_000), ["stop"])
        assert store.ask(plan, ["stop"])[0] is kept
    assert len(store) == 8


def test_a_question_larger_than_the_store_is_answered() -> None:
    assert len(AnswerStore(2).ask(session.sample_plan("small_shop"), STRATEGIES)) == len(STRATEGIES)


def test_sessions_may_ask_at_once() -> None:
    store, plan = AnswerStore(10), session.sample_plan("halved_income")
    plans = [with_living_costs(plan, step * 10_000) for step in range(40)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: store.ask(one, STRATEGIES), plans))
    for one, answer in zip(plans, answers, strict=True):
        assert all(outcome.plan is one for outcome in answer)
