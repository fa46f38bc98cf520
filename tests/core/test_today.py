"""Where a household stands: read off the engine's answers, to the fen, for every way and every sample."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from core import simulate
from core.household import Answers
from core.lateness import lateness
from core.levers import reported_days
from core.outcome import Outcome
from core.plan import Plan, read_plan
from core.simulate import STRATEGIES, Scenario, simulate_days, simulate_ledger
from core.today import WINDOW_DAYS, Standing, followed, standing

SAMPLES = sorted((Path(__file__).parents[2] / "sample_data").glob("*.json"))
EACH_SAMPLE = pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)


@pytest.fixture(scope="module", autouse=True)
def warm_engine() -> None:
    simulate.warm()


def outcomes_of(plan: Plan) -> list[Outcome]:
    return list(simulate_days([Scenario(plan, name) for name in STRATEGIES], reported_days(plan)))


def stands(plan: Plan, strategy: str | None = None, answers: Answers | None = None) -> Standing:
    way, late = followed(outcomes_of(plan), strategy), lateness(plan)
    assert way is not None
    assert late is not None
    return standing(way, strategy is not None, late, answers or Answers())


def sample(name: str) -> Plan:
    return read_plan(next(path for path in SAMPLES if path.stem == name))


@pytest.mark.parametrize("strategy", STRATEGIES)
@EACH_SAMPLE
def test_what_is_owed_and_paid_is_the_engines(path: Path, strategy: str) -> None:
    plan = read_plan(path)
    now = stands(plan, strategy)
    end = plan.start + timedelta(WINDOW_DAYS)
    course = simulate_days([Scenario(plan, strategy)], [plan.start, end])[0].totals_frame()
    assert [now.owed, now.owed_after] == course["payoff"].tolist()
    ledger = simulate_ledger([Scenario(plan, strategy)])[0]
    paid = ledger[(ledger.kind == "paid") & (ledger.date <= str(end))]
    assert now.paid_in_window == sum(paid["amount"].tolist())
    assert sum(debt.owed for debt in now.debts) == now.owed
    assert all(plan.start < each.day <= end and (each.due or each.paid) for each in now.coming)
    assert [each.day for each in now.coming] == sorted(each.day for each in now.coming)
    assert len({(each.day, each.debt) for each in now.coming}) == len(now.coming)


@EACH_SAMPLE
def test_what_catches_up_is_what_is_late(path: Path) -> None:
    plan = read_plan(path)
    now, late = stands(plan), lateness(plan)
    assert late is not None
    assert now.to_catch_up == late.overdue_amount
    assert {each.debt for each in now.coming if each.days_late} == {due.debt for due in late.dues if due.overdue}


@EACH_SAMPLE
def test_paying_what_falls_due_in_time_leaves_nothing_short(path: Path) -> None:
    """With money for everything, no bill is short, and the next step is to pay."""
    plan = read_plan(path)
    rich = plan.model_copy(update={"household": plan.household.model_copy(update={"cash": 500_000_00})})
    now = stands(rich, "minimum")
    assert not any(each.short for each in now.coming)
    assert now.step.kind == "pay"


@EACH_SAMPLE
def test_who_pays_nothing_is_told_to_call_before_the_day(path: Path) -> None:
    now = stands(read_plan(path), "stop")
    first = next(each for each in now.coming if each.due)
    assert now.step.kind == "talk"
    assert now.step.payments == (first,)
    assert now.step.overdue == bool(first.days_late)
    assert now.step.day == (now.plan.start if first.days_late else first.day)


def test_a_bill_that_a_way_cannot_pay_comes_before_what_it_pays_ahead() -> None:
    now = stands(sample("budget_below_minimums"))
    assert now.coming[0].due == 0  # the way pays a card ahead first
    assert (now.step.kind, now.step.day) == ("talk", date(2026, 11, 21))


def test_what_is_overdue_is_paid_when_the_way_mends_it() -> None:
    now = stands(sample("first_missed_weilidai"))
    assert (now.step.kind, now.step.day, now.step.overdue) == ("pay", date(2026, 11, 13), True)
    assert [(each.debt, each.paid) for each in now.step.payments] == [("weilidai", 299_70), ("cmb", 460_80)]


@pytest.mark.parametrize("answer", ["food", "rent", "medicine"])
def test_where_living_is_short_money_stays_and_the_lender_is_called(answer: str) -> None:
    plan = sample("small_shop")
    assert stands(plan).step.kind == "pay"
    step = stands(plan, answers=Answers(**{answer: True})).step
    assert step.kind == "talk"
    assert step.payments[0].due


def test_court_papers_come_first_and_today() -> None:
    plan = sample("cards_and_jiebei_past_90_days")
    step = stands(plan, answers=Answers(court_papers=True, food=True)).step
    assert (step.kind, step.day) == ("court", plan.start)


def test_nothing_owed_leaves_nothing_to_do() -> None:
    plan = sample("first_missed_weilidai")
    gone = {"principal": 0, "instalments_left": 0, "bills": (), "penalty": 0, "fees": 0, "interest_from": None}
    plan = plan.model_copy(update={"debts": (plan.debts[0].model_copy(update={**gone, "accrued": 0}),)})
    now = stands(plan)
    assert (now.owed, now.coming, now.step.kind) == (0, (), "clear")


def test_a_choice_without_an_answer_gives_way_to_the_best() -> None:
    outcomes = outcomes_of(sample("small_shop"))
    best = followed(outcomes, None)
    assert best is not None
    assert followed(outcomes, "minimum") is outcomes[STRATEGIES.index("minimum")]
    assert followed([each for each in outcomes if each.strategy != "custom"], "custom") == best
    assert followed([], None) is None
