"""The page of budget cuts as a household gets it, through `app.py`, on a store of its own."""

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.household import HouseholdDocument, dump_household, household_of
from core.household_models import Person
from core.lever_effects import rank_cuts
from core.levers import AddIncome, CutExpense, MonthlyBudget, SellSomething, as_option, lever_from
from core.plan import Expense, Income, InstalmentDebt, Plan, plan_from
from core.simulate import STRATEGIES
from core.thresholds import budget_sweep, thresholds
from pages.budget_cuts import answers, figures
from pages.shared import engine, keeping, privacy, session, theme
from pages.shared.inputs import plain
from pages.shared.words import LANGUAGES, words_in
from tests.pages.homes import kept, visit

PAGE = "pages/budget_cuts/page.py"
SAY = words_in("zh")
NUMBERS = re.compile(r"\d[\d,]*\.\d\d|¥\s?\d")
NASTY = "=1+1 *聚会* <b>x</b> [a](b) `c`"


def document(plan: Plan, **more: Any) -> HouseholdDocument:
    return household_of(plan).model_copy(update=more)


def sample(name: str = "first_missed_weilidai", **household: Any) -> Plan:
    plan = session.sample_plan(name)
    yesterday = session.today() - timedelta(1)
    debts = tuple(
        each.model_copy(update={"bills": (), "penalty": 0})
        if isinstance(each, InstalmentDebt)
        else each.model_copy(update={"statements": ()})
        for each in plan.debts
    )
    changed = plan.household.model_copy(update=household)
    return plan.model_copy(update={"as_of": yesterday, "debts": debts, "household": changed})


def opened(found: HouseholdDocument, language: str = "zh") -> AppTest:
    keeping.store().create(dump_household(found).encode())
    app = visit(language)
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def texts(app: Any) -> str:
    tables = [
        unescape(re.sub(r"<[^>]+>", " ", each.proto.body)) for each in app.get("html") if "<table" in each.proto.body
    ]
    plain = [
        each.value
        for kind in ("title", "header", "subheader", "markdown", "caption", "warning")
        for each in app.get(kind)
    ]
    labels = [each.label for kind in ("button", "expander", "toggle", "slider") for each in app.get(kind)]
    return "\n".join([*plain, *labels, *tables])


def sliders(app: Any) -> list[Any]:
    return [each for each in app.slider if each.key.startswith("budget_cuts.keep.")]


def keyed(elements: Any, start: str, end: str = "") -> Any:
    """The one element whose key begins and ends so."""
    (found,) = [each for each in elements if each.key and each.key.startswith(start) and each.key.endswith(end)]
    return found


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def field(app: Any, part: str) -> Any:
    return keyed(app.text_input, part)


class TestSamples:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("name", session.samples())
    def test_every_part_is_there_in_both_languages(self, name: str, language: str) -> None:
        say = words_in(language)
        app = visit(language)
        app.button(key=f"sample.{name}").click().run()
        app.switch_page(PAGE).run()
        assert not app.exception
        shown = texts(app)
        for part in ("cuts", "budget", "limits", "hundred", "ranked", "public"):
            assert say(f"budget_cuts.{part}.title") in shown
        assert not re.search(r"\bNone\b|\bnan\b|NaN|\binf\b|\{[a-z_]+\}|budget_cuts\.[a-z]", shown)
        assert app.get("plotly_chart")

    def test_the_figures_are_the_engines(self) -> None:
        app = visit()
        app.button(key="sample.first_missed_weilidai").click().run()
        app.switch_page(PAGE).run()
        plan = session.sample_plan("first_missed_weilidai")
        shown = texts(app)
        found = thresholds(plan, "snowball", free_by=date(2029, 5, 12))
        assert SAY("strategy.snowball.name") in shown
        assert found.free_by is not None
        for each in (found.free, found.kept, found.free_by):
            assert each.budget is not None
            assert f"**{theme.money(each.budget)}**" in shown
        (cut,) = rank_cuts(plan, "snowball")
        assert cut.saved is not None
        assert theme.money(cut.saved) in shown
        below, above = budget_sweep(plan, "snowball").around()
        assert below is not None
        for gain in (below, above):
            assert gain.saved is not None
            assert theme.money(gain.saved) in shown

    def test_while_the_engine_warms_up_the_debts_are_listed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        app = visit()
        app.button(key="sample.first_missed_weilidai").click().run()
        monkeypatch.setattr(engine, "ready", lambda: False)
        app.switch_page(PAGE).run()
        assert SAY("warming.title") in texts(app)

    def test_hidden_amounts_are_hidden(self) -> None:
        app = visit()
        app.button(key="sample.first_missed_weilidai").click().run()
        app.switch_page(PAGE).run()
        app.toggle(key=privacy._HIDDEN).set_value(True).run()
        assert not app.exception
        shown = texts(app)
        assert privacy.MASK in shown
        # A step of ¥100 is the page's own and tells nothing of the household.
        assert not NUMBERS.search(re.sub(r"¥(100|200|300|500|1,000)(?![\d.,])", "", shown))


class TestCuts:
    def test_moving_tells_and_keeps_nothing(self) -> None:
        app = opened(document(sample()))
        (slider,) = sliders(app)
        assert slider.value == 430
        slider.set_value(0).run()
        assert not app.exception
        assert "¥430.00" in texts(app)
        assert kept().levers == ()

    def test_keeping_undoing_taking_back(self) -> None:
        app = opened(document(sample()))
        sliders(app)[0].set_value(130).run()
        press(app, "budget_cuts.keep_cuts")
        (option,) = kept().levers
        assert (option.state, option.name) == ("chosen", "聚会和会员")
        lever = lever_from(option.kind, option.params)
        assert isinstance(lever, CutExpense)
        assert sliders(app)[0].value == 130
        shown = texts(app)
        assert SAY("budget_cuts.kept.title") in shown
        assert SAY("budget_cuts.compared.after") in shown
        press(app, "saved.undo_now")
        assert kept().levers == ()
        assert sliders(app)[0].value == 430
        sliders(app)[0].set_value(0).run()
        press(app, "budget_cuts.keep_cuts")
        (option,) = kept().levers
        press(app, f"budget_cuts.remove.{option.id}")
        assert kept().levers == ()
        assert sliders(app)[0].value == 430

    def test_a_kept_cut_is_changed_in_its_place_and_put_back(self) -> None:
        option = as_option(CutExpense(expense="聚会和会员", share=Decimal("0.5")), "cut-1", "聚会和会员")
        app = opened(document(sample(), levers=(option.model_copy(update={"state": "chosen"}),)))
        assert sliders(app)[0].value == 215
        sliders(app)[0].set_value(0).run()
        press(app, "budget_cuts.keep_cuts")
        assert [(each.id, dict(each.params)["share"]) for each in kept().levers] == [("cut-1", "1")]
        sliders(app)[0].set_value(430).run()
        press(app, "budget_cuts.keep_cuts")
        assert kept().levers == ()

    def test_essentials_have_no_slider_before_it_is_wanted(self) -> None:
        app = opened(document(sample()))
        assert len(sliders(app)) == 1
        assert "¥3,870.00" in texts(app)
        guard = keyed(app.toggle, "budget_cuts.floor.")
        guard.set_value(True).run()
        assert len(sliders(app)) == 5
        assert SAY("budget_cuts.floor.warning") in texts(app)
        for slider in sliders(app):
            slider.set_value(0)
        app.run()
        assert not app.exception
        assert SAY("budget_cuts.cuts.everything") in texts(app)
        press(app, "budget_cuts.keep_cuts")
        assert len(kept().levers) == 5
        assert not app.exception

    def test_putting_back_moves_the_sliders(self) -> None:
        app = opened(document(sample()))
        sliders(app)[0].set_value(0).run()
        press(app, "budget_cuts.reset_cuts")
        assert sliders(app)[0].value == 430

    def test_more_than_may_be_kept_is_told(self) -> None:
        noted = as_option(AddIncome(name="零工", amount=100), "n", "零工")
        many = tuple(noted.model_copy(update={"id": f"n-{k}"}) for k in range(100))
        app = opened(document(sample(), levers=many))
        sliders(app)[0].set_value(0).run()
        press(app, "budget_cuts.keep_cuts")
        assert len(kept().levers) == 100
        assert "100" in "".join(each.value for each in app.markdown if each.value.startswith(":red["))

    def test_no_expenses(self) -> None:
        app = opened(document(sample(expenses=())))
        assert SAY("budget_cuts.cuts.none") in texts(app)
        assert SAY("budget_cuts.ranked.none") in texts(app)

    def test_names_are_shown_as_they_were_typed(self) -> None:
        one = Expense(name=NASTY, category="other", amount=50000, essential=False)
        app = opened(document(sample(expenses=(one,))))
        assert NASTY in texts(app)
        sliders(app)[0].set_value(0).run()
        press(app, "budget_cuts.keep_cuts")
        assert kept().levers[0].name == NASTY
        assert "<b>x</b>" not in "".join(each.value for each in app.markdown)
        assert "<b>x</b>" not in "".join(each.proto.body for each in app.get("html"))
        assert plain(NASTY) in texts(app)


class TestIncomeAndSales:
    def test_an_income_is_kept_counted_and_taken_back(self) -> None:
        app = opened(document(sample()))
        field(app, "name_cuts_income").set_value("跑腿").run()
        field(app, "money_cuts_income").set_value("800").run()
        press(app, "budget_cuts.income.chosen")
        (option,) = kept().levers
        assert lever_from(option.kind, option.params) == AddIncome(name="跑腿", amount=80000)
        assert option.state == "chosen"
        assert "¥3,700.00" in texts(app)
        assert field(app, "name_cuts_income").value == ""
        press(app, f"budget_cuts.remove.{option.id}")
        assert kept().levers == ()

    def test_what_is_only_noted_counts_when_it_is_chosen(self) -> None:
        app = opened(document(sample()))
        field(app, "name_cuts_sale").set_value("电动车").run()
        field(app, "money_cuts_sale").set_value("3,000").run()
        press(app, "budget_cuts.sale.considered")
        (option,) = kept().levers
        lever = lever_from(option.kind, option.params)
        assert isinstance(lever, SellSomething)
        assert (option.state, lever.amount, lever.for_debt) == ("considered", 300000, None)
        assert SAY("budget_cuts.compared.after") not in texts(app)
        press(app, f"budget_cuts.choose.{option.id}")
        assert kept().levers[0].state == "chosen"
        assert SAY("budget_cuts.verdict.sold", amount="¥3,000.00") in texts(app)

    def test_a_sale_goes_straight_to_a_lender_on_its_day(self) -> None:
        app = opened(document(sample()))
        field(app, "name_cuts_sale").set_value("电动车").run()
        field(app, "money_cuts_sale").set_value("3000").run()
        keyed(app.selectbox, "choice_cuts_sale").select_index(2)
        wanted = session.today() + timedelta(40)
        keyed(app.date_input, "day_cuts_sale").set_value(wanted).run()
        press(app, "budget_cuts.sale.chosen")
        lever = lever_from(kept().levers[0].kind, kept().levers[0].params)
        assert lever == SellSomething(name="电动车", amount=300000, date=wanted, for_debt=sample().debts[1].id)
        assert SAY("budget_cuts.kept.straight", debt=plain(sample().debts[1].name)) in texts(app)

    def test_what_is_missing_or_wrong_is_told_and_nothing_is_lost(self) -> None:
        app = opened(document(sample()))
        field(app, "name_cuts_income").set_value("跑腿").run()
        field(app, "money_cuts_income").set_value("八百").run()
        press(app, "budget_cuts.income.chosen")
        assert kept().levers == ()
        assert field(app, "name_cuts_income").value == "跑腿"
        assert field(app, "money_cuts_income").value == "八百"
        assert plain(SAY("budget_cuts.form.incomplete")) in texts(app)

    def test_months_the_wrong_way_round(self) -> None:
        app = opened(document(sample()))
        field(app, "name_cuts_income").set_value("跑腿").run()
        field(app, "money_cuts_income").set_value("800").run()
        start, end = (keyed(app.selectbox, "choice_cuts_income", part) for part in ("_from", "_until"))
        start.select_index(6)
        end.select_index(2)
        app.run()
        press(app, "budget_cuts.income.chosen")
        assert kept().levers == ()
        assert "早于" in texts(app)


class TestBudget:
    def test_it_is_kept_in_place_of_income_and_expenses(self) -> None:
        app = opened(document(sample()))
        field(app, "money_cuts_budget").set_value("1500").run()
        press(app, "budget_cuts.budget.chosen")
        (option,) = kept().levers
        assert lever_from(option.kind, option.params) == MonthlyBudget(amount=150000)
        shown = texts(app)
        assert SAY("budget_cuts.verdict.budget", amount="¥1,500.00") in shown
        assert SAY("budget_cuts.ranked.budget_is_set") in shown

    def test_nothing_a_month_is_a_budget_too(self) -> None:
        app = opened(document(sample()))
        field(app, "money_cuts_budget").set_value("0").run()
        press(app, "budget_cuts.budget.chosen")
        assert SAY("budget_cuts.verdict.budget", amount="¥0.00") in texts(app)

    def test_below_nothing_is_refused_at_the_field(self) -> None:
        app = opened(document(sample()))
        field(app, "money_cuts_budget").set_value("-5").run()
        press(app, "budget_cuts.budget.chosen")
        assert kept().levers == ()
        assert field(app, "money_cuts_budget").value == "-5"

    def test_a_budget_beside_a_cut_is_refused_and_both_stay(self) -> None:
        app = opened(document(sample()))
        sliders(app)[0].set_value(0).run()
        press(app, "budget_cuts.keep_cuts")
        field(app, "money_cuts_budget").set_value("1500").run()
        press(app, "budget_cuts.budget.chosen")
        assert [each.kind for each in kept().levers] == ["cut_expense"]
        assert "合成每月一笔预算" in texts(app)
        assert field(app, "money_cuts_budget").value == "1500"
        press(app, "budget_cuts.budget.considered")
        cut, budget = kept().levers
        press(app, f"budget_cuts.choose.{budget.id}")
        assert kept().levers[1].state == "considered"
        assert "合成每月一笔预算" in texts(app)
        press(app, f"budget_cuts.remove.{cut.id}")
        press(app, f"budget_cuts.choose.{budget.id}")
        assert kept().levers[0].state == "chosen"

    def test_a_cut_beside_a_budget_is_refused(self) -> None:
        budget = as_option(MonthlyBudget(amount=100000), "b-1", "每月还款预算").model_copy(update={"state": "chosen"})
        app = opened(document(sample(), levers=(budget,)))
        sliders(app)[0].set_value(0).run()
        assert not app.exception
        assert "合成每月一笔预算" in texts(app)
        assert not [each for each in app.button if each.key == "budget_cuts.keep_cuts"]

    def test_what_contradicts_already_is_told_with_the_way_out(self) -> None:
        budget = as_option(MonthlyBudget(amount=100000), "b-1", "每月还款预算").model_copy(update={"state": "chosen"})
        cut = as_option(CutExpense(expense="聚会和会员", share=Decimal(1)), "c-1", "聚会和会员")
        app = opened(document(sample(), levers=(budget, cut.model_copy(update={"state": "chosen"}))))
        assert SAY("budget_cuts.kept.left_out") in texts(app)
        press(app, "decisions.drop.c-1")
        assert kept().levers[1].state == "dropped"


class TestQuestions:
    @pytest.mark.parametrize("min_rate", ["0.01", "0.1"])
    def test_500_a_month_on_80000(self, min_rate: str) -> None:
        """At 0.05% a day 80,000 cost some 1,200 a month: 500 never clear it, and the page says what would.

        All ways tie; the first of them pays a share of what is left, and would be free with no budget at all.
        """
        plan = plan_from(
            {
                "schema": "ashore.plan/1",
                "as_of": f"{session.today() - timedelta(1)}",
                "horizon_months": 60,
                "household": {
                    "payday": 10,
                    "cash": "0.00",
                    "reserve": "0.00",
                    "incomes": [{"name": "工资", "amount": "4500.00"}],
                    "expenses": [{"name": "过日子", "category": "living", "amount": "4000.00", "essential": True}],
                    "one_offs": [],
                },
                "debts": [
                    {
                        "id": "baitiao",
                        "name": "白条",
                        "kind": "card",
                        "daily_rate": "0.0005",
                        "balance": "80000.00",
                        "statement_day": 5,
                        "due_day": 15,
                        "min_rate": min_rate,
                        "late_fee_rate": "0",
                    }
                ],
            }
        )
        app = opened(document(plan))
        shown = texts(app)
        assert "也还不清" in shown
        assert SAY("budget_cuts.verdict.way_paying", strategy=SAY("strategy.avalanche.name")) in shown
        found = thresholds(session.rolled_on(plan, session.today()), "avalanche")
        assert found.free.budget is not None
        assert 120000 < found.free.budget < 130000
        assert f"**{theme.money(found.free.budget)}**" in shown

    def test_free_by_a_day_that_is_chosen(self) -> None:
        app = opened(document(sample()))
        picker = keyed(app.date_input, "day_cuts_by")
        tomorrow = session.today() + timedelta(1)
        picker.set_value(tomorrow).run()
        assert not app.exception
        assert theme.day(tomorrow, SAY) in texts(app)
        picker.set_value(None).run()
        assert not app.exception

    def test_the_public_figures_by_heads(self) -> None:
        people = (Person(kind="adult"), Person(kind="child"))
        shown = texts(opened(document(sample(), persons=people)))
        assert "¥4,912.66" in shown
        assert SAY("budget_cuts.public.to_household") not in shown


class TestEdges:
    def test_no_income(self) -> None:
        shown = texts(opened(document(sample(incomes=()))))
        assert SAY("budget_cuts.verdict.no_income") in shown
        assert SAY("budget_cuts.limits.title") in shown

    def test_what_is_missing_counts_from_below_nothing(self) -> None:
        """300 short a month: to have an amount a month, so much more must come in and 300 besides."""
        plan = sample(incomes=(Income(name="工资", amount=400000),))
        shown = texts(opened(document(plan)))
        strategy = next(name for name in STRATEGIES if f"（{SAY(f'strategy.{name}.name')}）" in shown)
        found = thresholds(session.rolled_on(plan, session.today()), strategy).free
        assert found.budget is not None
        assert SAY("budget_cuts.limits.lacking", amount=theme.money(found.budget + 30000)) in shown

    @pytest.mark.parametrize(("income", "key"), [(430000, "room_none"), (400000, "room_short")])
    def test_nothing_is_left_a_month(self, income: int, key: str) -> None:
        shown = texts(opened(document(sample(incomes=(Income(name="工资", amount=income),)))))
        assert SAY(f"budget_cuts.verdict.{key}", amount="¥300.00") in shown

    def test_nothing_is_owed(self) -> None:
        plan = sample()
        debts = tuple(
            each.model_copy(update={"principal": 0, "instalments_left": 0, "accrued": 0})
            if isinstance(each, InstalmentDebt)
            else each.model_copy(update={"balance": 0, "accrued": 0})
            for each in plan.debts
        )
        shown = texts(opened(document(plan.model_copy(update={"debts": debts}))))
        assert SAY("budget_cuts.verdict.clear") in shown
        assert SAY("budget_cuts.limits.title") not in shown

    def test_40_debts_over_360_months(self) -> None:
        plan = sample()
        debts = tuple(
            each.model_copy(update={"id": f"{each.id}-{k}", "name": f"{each.name} {k}"})
            for k in range(14)
            for each in plan.debts
        )[:40]
        shown = texts(opened(document(plan.model_copy(update={"debts": debts, "horizon_months": 360}))))
        assert SAY("budget_cuts.limits.title") in shown
        assert "**要还得清**" in shown

    def test_a_hundred_expenses(self) -> None:
        rows = tuple(
            Expense(name=f"项 {k}", category="other", amount=100 + k, essential=bool(k % 2)) for k in range(100)
        )
        app = opened(document(sample(expenses=rows)))
        assert len(sliders(app)) == 50

    def test_incomes_that_end_are_told(self) -> None:
        app = visit()
        app.button(key="sample.halved_income").click().run()
        app.switch_page(PAGE).run()
        assert SAY("budget_cuts.budget.unsteady", now="¥4,550.00") in texts(app)


def test_the_same_state_is_not_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(document(sample()))
    asked: list[str] = []
    for name in ("thresholds", "budget_sweep", "budget_steps", "rank_cuts", "effects"):
        monkeypatch.setattr(answers, name, lambda *_, name=name, **__: asked.append(name))
    app.run()
    assert not app.exception
    assert asked == []


@pytest.mark.parametrize("name", session.samples())
def test_the_chart_marks_today_and_leaves_gaps_where_nobody_is_free(name: str) -> None:
    plan = session.sample_plan(name)
    sweep = budget_sweep(plan, "avalanche")
    figure: Any = figures.budgets(sweep, "avalanche", SAY)
    cost, months = figure.data
    assert len(cost.x) == len(sweep.budgets)
    assert [value is None for value in months.y] == [each.months is None for each in sweep.readings]
    assert [x for x, size in zip(cost.x, cost.marker.size, strict=True) if size] == [sweep.now / 100]
    assert figure.layout.yaxis.range[1] > 0
