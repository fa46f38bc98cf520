"""Law and custom beside the figures: caps and their rules, the course of events, lawsuits, facts gone stale."""

from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core.aftermath import Known, caps, court_view, out_of_date, suits, timeline, with_caps
from core.facts import facts
from core.lateness import Lateness, lateness
from core.law import lawsuit_costs
from core.plan import Plan, read_plan

SAMPLES = Path(__file__).parents[2] / "sample_data"


def sample(name: str) -> Plan:
    return read_plan(SAMPLES / f"{name}.json")


def without_caps(plan: Plan) -> Plan:
    return plan.model_copy(update={"debts": tuple(d.model_copy(update={"cap_rate": None}) for d in plan.debts)})


def answered(plan: Plan) -> Lateness:
    answer = lateness(plan)
    assert answer is not None
    return answer


def test_licensed_lenders_have_one_cap_and_the_plans_own_comes_first() -> None:
    plan = sample("first_missed_weilidai")
    own = caps(plan, {})
    assert all((cap.basis, cap.rate, cap.own) == ("licensed", Decimal("0.24"), True) for cap in own)
    derived = caps(without_caps(plan), {})
    assert [cap.rate for cap in derived] == [cap.rate for cap in own]
    assert {(cap.own, cap.since, cap.kind) for cap in derived} == {(False, date(2017, 8, 4), "law")}
    assert derived[0].sources


def test_a_private_loan_goes_by_its_contracts_date() -> None:
    """Four times the LPR of that day; unknown where nobody says when, and then no figure is given."""
    plan = sample("family_that_helps")
    unknown = caps(plan, {})[-1]
    assert (unknown.basis, unknown.rate) == ("unknown", None)
    known = {"cousin": Known("family_loan", date(2024, 6, 15))}
    found = caps(plan, known)[-1]
    assert (found.basis, found.rate, found.since) == ("private", Decimal("0.138"), date(2024, 6, 15))
    assert with_caps(plan, caps(plan, known)).debts[-1].cap_rate == Decimal("0.138")
    assert caps(plan, {"cousin": Known("no_such_preset", date(1995, 1, 1))})[-1].basis == "unknown"


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_what_a_court_supports_is_never_more_than_what_is_charged(path: Path) -> None:
    plan = read_plan(path)
    found = caps(plan, {})
    answer = answered(with_caps(plan, found))
    for day in (answer.days[0], answer.days[200], answer.last_day):
        for view in court_view(answer, found, day):
            if view.supported is not None:
                assert 0 <= view.supported <= view.charged
                assert view.beyond == view.charged - view.supported
            else:
                assert view.beyond == 0


def test_the_course_of_events_begins_with_the_missed_day() -> None:
    plan = sample("first_missed_weilidai")
    answer = answered(plan)
    assert answer.missed("weilidai") == date(2026, 11, 8)
    events = timeline(answer, {"weilidai": Known("weilidai_20")}, "weilidai")
    by_key = {event.key: event for event in events}
    assert by_key["grace_ends"].date == date(2026, 11, 9)
    assert next(event.date for event in events if event.key == "record_code") == date(2026, 11, 9)
    assert {event.kind for event in events} == {"law", "custom", "estimate"}


def test_a_debt_on_which_nothing_falls_due_has_no_course() -> None:
    plan = sample("family_that_helps")
    debt = plan.debts[-1].model_copy(update={"instalments_left": 60})
    answer = answered(plan.model_copy(update={"debts": (*plan.debts[:-1], debt)}))
    assert answer.missed("cousin") is None
    assert timeline(answer, {}, "cousin") == ()


def test_a_lawsuit_costs_by_what_is_owed() -> None:
    answer = answered(sample("first_missed_weilidai"))
    day = answer.days[30]
    for suit in suits(answer, day):
        assert suit.claim == answer.total(day, suit.debt)
        assert suit.costs == lawsuit_costs(suit.claim, answer.plan.start)
        assert all(getattr(suit.costs, field.name) > 0 for field in fields(suit.costs))
        assert suit.delay > 0


def test_facts_that_are_old_or_over_are_named_once() -> None:
    known = facts()
    ids = ["rates.licensed_cap", "credit_record.repair_most", "rates.licensed_cap"]
    assert out_of_date(ids, date(2026, 11, 24)) == ("credit_record.repair_most",)
    assert out_of_date(ids, known.read_on + timedelta(365)) == ("rates.licensed_cap", "credit_record.repair_most")
