"""What a household can spare: spending by name, cuts to an amount, and what money freed changes."""

from decimal import Decimal
from typing import Any

import pytest

from core.levers import AddIncome, CutExpense, MonthlyBudget, monthly_living_costs, monthly_room
from core.plan import Plan, plan_from
from core.savings import Spending, budget_steps, cut_to, effects, is_steady, spendings
from core.thresholds import budget_sweep


def expense(name: str, amount: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "category": "other", "amount": amount, "essential": False, **more}


def plan(expenses: list[dict[str, Any]], income: str = "8000.00", horizon: int = 60) -> Plan:
    """8,000 a month against one bank loan without interest: months can be counted on fingers."""
    return plan_from(
        {
            "schema": "ashore.plan/1",
            "as_of": "2026-01-01",
            "horizon_months": horizon,
            "household": {
                "payday": 10,
                "cash": "0.00",
                "reserve": "0.00",
                "incomes": [{"name": "工资", "amount": income}] if income else [],
                "expenses": expenses,
                "one_offs": [],
            },
            "debts": [
                {
                    "id": "card",
                    "name": "卡",
                    "kind": "card",
                    "daily_rate": "0",
                    "balance": "12000.00",
                    "statement_day": 5,
                    "due_day": 25,
                    "min_rate": "0.1",
                }
            ],
        }
    )


LIVING = [expense("房租", "4000.00", essential=True), expense("烟酒", "1000.00")]


class TestSpendings:
    def test_one_name_counts_together_and_keeps_its_place(self) -> None:
        found = spendings(plan([*LIVING, expense("烟酒", "30.00", essential=True)]))
        assert found == (
            Spending("房租", "other", True, 400000, 400000),
            Spending("烟酒", "other", True, 103000, 103000),
        )

    def test_what_is_over_or_nothing_is_left_out_and_what_comes_is_not(self) -> None:
        found = spendings(
            plan(
                [
                    expense("旧", "5.00", until="2025-12"),
                    expense("零", "0.00"),
                    expense("将来", "7.00", **{"from": "2026-05"}),
                ]
            )
        )
        assert [(each.name, each.now) for each in found] == [("将来", 700)]

    def test_recorded_cuts_are_taken_off(self) -> None:
        (one,) = spendings(plan([expense("烟酒", "1000.00", cut="0.25")]))
        assert (one.gross, one.now) == (100000, 75000)
        assert one.left(Decimal("0.4")) == 60000
        assert one.left(Decimal("0.1")) == 75000

    def test_nothing_is_spent(self) -> None:
        assert spendings(plan([])) == ()


class TestCutTo:
    @pytest.mark.parametrize(("kept", "share"), [(40000, "0.6"), (0, "1"), (-5, "1"), (99990, "0.0001")])
    def test_so_much_is_left(self, kept: int, share: str) -> None:
        assert cut_to(plan(LIVING), "烟酒", kept) == CutExpense(expense="烟酒", share=Decimal(share))

    @pytest.mark.parametrize("kept", [100000, 100001, 99999])
    def test_no_cut_where_nothing_would_change(self, kept: int) -> None:
        """A fen of ¥1,000 is less than a share of four decimals can say."""
        assert cut_to(plan(LIVING), "烟酒", kept) is None

    def test_it_goes_on_from_a_cut_that_is_recorded(self) -> None:
        before = plan([expense("烟酒", "1000.00", cut="0.5")])
        cut = cut_to(before, "烟酒", 20000)
        assert cut is not None
        assert monthly_living_costs(cut.apply(before)) == 20000

    def test_a_third_is_kept_to_within_its_rounding(self) -> None:
        before = plan([expense("烟酒", "430.00")])
        cut = cut_to(before, "烟酒", 30000)
        assert cut is not None
        assert abs(monthly_living_costs(cut.apply(before)) - 30000) <= 3


class TestEffects:
    def test_months_are_counted_on_fingers(self) -> None:
        """3,000 a month clear 12,000 in four paydays, 4,000 in three; nothing is charged, so nothing is saved."""
        before = plan(LIVING)
        cut = CutExpense(expense="烟酒", share=Decimal(1)).apply(before)
        (found,) = effects(before, [cut], "avalanche")
        assert (found.freed, found.sooner, found.saved) == (100000, 1, 0)
        assert (found.before.months, found.after.months) == (3, 2)

    def test_what_is_not_free_before_has_no_months_to_gain(self) -> None:
        before = plan(LIVING, income="")
        after = AddIncome(name="零工", amount=900000).apply(before)
        (found,) = effects(before, [after], "avalanche")
        assert found.sooner is None
        assert found.before.free_on is None
        assert found.after.free_on is not None
        assert found.freed == 900000

    def test_what_goes_elsewhere_is_added(self) -> None:
        before = plan(LIVING)
        (found,) = effects(before, [before], "avalanche", added=[500])
        assert (found.freed, found.saved, found.sooner) == (0, -500, 0)


class TestBudgetSteps:
    def test_steps_lie_where_they_are_asked_for_and_agree_with_the_sweep(self) -> None:
        before = plan(LIVING)
        steps = budget_steps(before, "avalanche", (-100, 100, 1000, -9000))
        assert steps.budgets == (290000, 300000, 310000, 400000)
        assert steps.now == monthly_room(before)
        sweep = budget_sweep(before, "avalanche")
        assert [steps.at(budget) for budget in steps.budgets[:3]] == [sweep.at(b) for b in steps.budgets[:3]]
        assert steps.gain(300000, 400000).sooner == 1

    def test_below_nothing_there_is_no_budget(self) -> None:
        broke = plan(LIVING, income="100.00")
        assert budget_steps(broke, "avalanche", (-100, 100)).budgets == (0, 10000)
        none = MonthlyBudget(amount=0).apply(broke)
        assert budget_steps(none, "avalanche", (100,)).now == 0


@pytest.mark.parametrize(
    ("more", "steady"),
    [
        ({}, True),
        ({"until": "2026-03"}, False),
        ({"until": "2040-01"}, True),
        ({"until": "2025-01"}, True),
        ({"from": "2026-03"}, False),
        ({"from": "2026-01"}, True),
    ],
)
def test_what_begins_or_ends_on_the_way_is_not_steady(more: dict[str, str], steady: bool) -> None:
    assert is_steady(plan([expense("烟酒", "1.00", **more)])) is steady
