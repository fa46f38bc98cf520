"""Ways with different levers compare by what leaves the household's own pocket, and none is lost on the way."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.decided import decided
from core.household import HouseholdDocument, household_of
from core.household_models import Lever, Offer
from core.lever_loans import payoffs
from core.levers import (
    CutExpense,
    FamilyGift,
    NewLoan,
    PlanLever,
    ServiceFee,
    apply_all,
    as_option,
    card_plan,
    longer,
    outside,
    reported_days,
)
from core.plan import Plan, PlanError
from core.simulate import STRATEGIES, Outcome, Scenario, simulate
from core.verdict import compare
from core.ways import (
    BEFORE,
    Proposal,
    Way,
    chosen_as_ours,
    courses,
    is_proposed,
    proposals,
    spending,
    ways,
    weighed,
)
from pages.shared import session

PLAN = session.sample_plan("halved_income")
GIFT = FamilyGift(name="brother", amount=500_000)
CARD = card_plan("cmb", 60)


def document(*levers: tuple[PlanLever, str], chosen: str | None = None, plan: Plan = PLAN) -> HouseholdDocument:
    options: list[Lever | Offer] = []
    for k, (lever, state) in enumerate(levers):
        options.append(as_option(lever, f"o{k}", f"option {k}").model_copy(update={"state": state}))
    return household_of(plan).model_copy(
        update={
            "levers": tuple(each for each in options if isinstance(each, Lever)),
            "offers": tuple(each for each in options if isinstance(each, Offer)),
            "chosen": chosen,
        }
    )


def outcomes(plan: Plan) -> list[Outcome]:
    return list(simulate([Scenario(plan, strategy) for strategy in STRATEGIES]))


def of(made: HouseholdDocument, *, before: bool = False) -> tuple[Way, ...]:
    found = decided(made)
    return ways(
        outcomes(found.plan),
        found.outside,
        proposals(made, found),
        follow=made.chosen,
        before=found.before if before else None,
    )


def loan(plan: Plan = PLAN, **more: object) -> NewLoan:
    owed = sum(payoffs(plan, ("cmb",)))
    values = {"amount": owed, "instalments": 24, "due_day": 20, "annual_rate": Decimal("0.10"), **more}
    return NewLoan(id="new", name="bank", replaces=("cmb",), **values)  # type: ignore[arg-type]


def test_without_offers_the_ways_are_the_six_strategies() -> None:
    found = of(document())
    assert [way.key for way in found] == list(STRATEGIES)
    assert {way.kind for way in found} == {"strategy"}
    assert all(way.paid == way.outcome.total_paid and way.plan == PLAN for way in found)


def test_every_considered_offer_is_a_way_on_top_of_what_is_chosen() -> None:
    made = document((CARD, "considered"), (GIFT, "chosen"), (longer(PLAN, "ccb", 60), "considered"))
    found = of(made)
    assert [way.key for way in found[6:]] == ["o0", "o2"]
    way = found[6]
    assert way.plan == apply_all(PLAN, [GIFT, CARD])
    assert found[0].plan == apply_all(PLAN, [GIFT])


def test_what_is_dropped_or_not_proposed_by_somebody_is_no_way() -> None:
    cut = CutExpense(expense=PLAN.household.expenses[-1].name, share=Decimal(1))
    made = document((CARD, "dropped"), (cut, "considered"))
    assert len(of(made)) == len(STRATEGIES)
    assert not any(is_proposed(option) for option in made.levers)


def test_an_offer_stands_under_its_best_strategy_or_under_ours() -> None:
    own = {strategy: simulate([Scenario(apply_all(PLAN, [CARD]), strategy)])[0] for strategy in STRATEGIES}
    least = min(outcome.out_of_pocket for outcome in own.values())
    free = of(document((CARD, "considered")))[-1]
    assert free.outcome.out_of_pocket == least
    ours = of(document((CARD, "considered"), chosen="snowball"))[-1]
    assert ours.strategy == "snowball"
    assert ours.outcome.out_of_pocket == own["snowball"].out_of_pocket


def test_the_time_before_is_the_recorded_plan_and_needs_nothing_put_right() -> None:
    made = document((ServiceFee(name="agent", amount=300_000), "chosen"))
    found = of(made, before=True)
    assert [way.key for way in found] == [*STRATEGIES, BEFORE]
    assert found[-1].plan == PLAN
    assert (found[-1].outside, found[0].outside) == (0, 300_000)


def test_a_new_loan_is_not_paid_twice() -> None:
    """What the new lender pays to the old one left nobody's pocket; unmended it would count as paid twice."""
    new = loan()
    way = of(document((new, "considered")))[-1]
    assert way.outside == outside([new]) == -new.amount
    assert way.paid == way.outcome.total_paid - new.amount
    ranked = of(document((new, "considered")))
    verdict = compare([each.outcome for each in ranked], [each.outside for each in ranked])
    raw = compare([each.outcome for each in ranked])
    assert ranked[verdict.best].key == "o0"
    assert ranked[raw.best].key != "o0"


def test_a_fee_to_others_makes_a_way_dearer_by_at_least_the_fee() -> None:
    ranked = of(document((ServiceFee(name="agent", amount=300_000), "considered")))
    best = min(each.paid + each.outcome.closing_payoff for each in ranked if each.kind == "strategy")
    assert ranked[-1].paid + ranked[-1].outcome.closing_payoff >= best + 300_000


def test_two_offers_for_one_debt_are_compared_but_contradict_once_one_is_chosen() -> None:
    other = longer(PLAN, "cmb", 36)
    both = document((CARD, "considered"), (other, "considered"))
    assert [way.key for way in of(both)[6:]] == ["o0", "o1"]
    one = document((CARD, "chosen"), (other, "considered"))
    _, blocked = proposals(one, decided(one))
    assert blocked.plan is None
    assert [problem.code for problem in blocked.problems] == ["offer.twice"]
    assert "option 0" in blocked.problems[0].zh
    assert len(of(one)) == len(STRATEGIES)


@pytest.mark.parametrize("params", [(), (("name", "x"), ("amount", "-5"))])
def test_an_option_that_cannot_be_read_is_told_and_kept(params: tuple[tuple[str, str], ...]) -> None:
    broken = Lever(id="bad", kind="family_gift", name="?", params=params)
    made = document().model_copy(update={"levers": (broken,)})
    (proposal,) = proposals(made, decided(made))
    assert proposal.lever is None
    assert proposal.problems
    assert len(of(made)) == len(STRATEGIES)
    with pytest.raises(PlanError):
        weighed(decided(made), proposal, "avalanche")


def test_a_chosen_offer_that_cannot_be_done_says_why() -> None:
    made = document((CARD, "chosen"), (longer(PLAN, "cmb", 36), "chosen"))
    found = proposals(made, decided(made))
    assert [bool(each.problems) for each in found].count(True) == 1


def test_other_living_costs_reach_the_offers_too() -> None:
    made = document((CARD, "considered"))
    (proposal,) = proposals(made, decided(made))
    assert spending(proposal, None) is proposal
    dear = spending(proposal, 900_000)
    assert dear.plan is not None
    assert [expense.amount for expense in dear.plan.household.expenses] == [900_000]
    nothing = replace(proposal, plan=None)
    assert spending(nothing, 900_000) is nothing


def test_what_is_chosen_is_weighed_against_the_plan_without_it_and_with_all_else() -> None:
    made = document((GIFT, "chosen"), (CARD, "chosen"))
    found = decided(made)
    gift, _ = proposals(made, found)
    told = weighed(found, gift, "avalanche")
    others = simulate([Scenario(apply_all(PLAN, [CARD]), "avalanche"), Scenario(found.plan, "avalanche")])
    assert told.saved == others[0].out_of_pocket - others[1].out_of_pocket


def test_making_a_way_ours_is_one_document_with_both_changes() -> None:
    made = document((CARD, "considered"), (GIFT, "considered"))
    card, gift = of(made)[6:]
    assert {card.key, gift.key} == {"o0", "o1"}
    ours = chosen_as_ours(made, next(way for way in (card, gift) if way.key == "o0"))
    assert [each.state for each in (*ours.offers, *ours.levers)] == ["chosen", "considered"]
    assert ours.chosen in STRATEGIES
    plain = chosen_as_ours(made, of(made)[3])
    assert plain.chosen == "snowball"
    assert (plain.levers, plain.offers) == (made.levers, made.offers)


def test_a_proposal_names_its_option() -> None:
    made = document((CARD, "considered"))
    (proposal,) = proposals(made, decided(made))
    assert isinstance(proposal, Proposal)
    assert proposal.option is made.offers[0]


def test_courses_are_those_of_the_same_ways() -> None:
    found = of(document((CARD, "considered"), (GIFT, "considered")))[6:]
    days = reported_days(PLAN)
    for way, course in zip(found, courses(found, days), strict=True):
        assert list(course.dates) == days
        assert course.total_paid == way.outcome.total_paid
        assert int(course.totals_frame()["payoff"].iloc[-1]) == way.outcome.closing_payoff
