"""What a household has chosen is done as far as it can be; what cannot is told and lost by nobody."""

from datetime import timedelta

from core.decided import decided
from core.household import HouseholdDocument, household_of
from core.levers import FamilyGift, MonthlyBudget, SellSomething, apply_all, as_option, card_plan, longer
from pages.shared import session


def chosen(document: HouseholdDocument, *levers: object) -> HouseholdDocument:
    options = [as_option(lever, f"o{k}", f"option {k}") for k, lever in enumerate(levers)]  # type: ignore[arg-type]
    options = [option.model_copy(update={"state": "chosen"}) for option in options]
    return document.model_copy(
        update={
            "levers": tuple(each for each in options if each.kind != "lender_offer"),
            "offers": tuple(each for each in options if each.kind == "lender_offer"),
        }
    )


PLAN = session.sample_plan("first_missed_weilidai")
DOCUMENT = household_of(PLAN)


def test_nothing_chosen_leaves_the_plan_itself() -> None:
    found = decided(DOCUMENT)
    assert found.plan is PLAN
    assert (found.levers, found.problems, found.outside) == ({}, {}, 0)


def test_what_is_only_considered_or_dropped_is_not_done() -> None:
    option = as_option(FamilyGift(name="brother", amount=500_000), "gift")
    for state in ("considered", "dropped"):
        document = DOCUMENT.model_copy(update={"levers": (option.model_copy(update={"state": state}),)})
        assert decided(document).plan is PLAN


def test_all_that_is_chosen_is_done() -> None:
    gift = FamilyGift(name="brother", amount=500_000)
    found = decided(chosen(DOCUMENT, gift))
    assert found.plan == apply_all(PLAN, [gift])
    assert found.levers == {"o0": gift}


def test_a_lever_whose_day_is_past_is_left_out_and_told_and_the_rest_is_done() -> None:
    late = SellSomething(name="bicycle", amount=50_000, date=PLAN.start - timedelta(days=1))
    gift = FamilyGift(name="brother", amount=500_000)
    found = decided(chosen(DOCUMENT, late, gift))
    assert found.plan == apply_all(PLAN, [gift])
    assert [each.code for each in found.problems["o0"]] == ["lever.early"]
    assert list(found.levers) == ["o1"]


def test_of_two_that_contradict_each_other_the_first_is_done() -> None:
    first, second = MonthlyBudget(amount=100_000), MonthlyBudget(amount=200_000)
    found = decided(chosen(DOCUMENT, first, second))
    assert found.levers == {"o0": first}
    (problem,) = found.problems["o1"]
    assert problem.code == "budget.twice"
    assert problem.en.startswith("“option 0” sets a monthly budget already")
    debt = PLAN.debts[0].id
    found = decided(chosen(DOCUMENT, longer(PLAN, debt, 24), longer(PLAN, debt, 36)))
    assert list(found.levers) == ["o0"]


def test_what_cannot_be_read_is_told() -> None:
    document = chosen(DOCUMENT, FamilyGift(name="brother", amount=500_000), card_plan("nobody", 12))
    broken = document.levers[0].model_copy(update={"params": (("amount", "-3"),)})
    found = decided(document.model_copy(update={"levers": (broken,)}))
    assert set(found.problems) == {"o0", "o1"}
    assert found.plan is PLAN
