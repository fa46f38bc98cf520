"""What a link hides is not in its document, in whatever form; what it shows is what the engine says."""

import re
from functools import cache
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.household import DebtDetails, HouseholdDocument, Person, household_of, read_household
from core.levers import FamilyGift, FamilyLoan, FamilyMonthly, PlanLever, apply_all, as_option
from core.money import format_fen, parse_amount
from core.plan import Income, Plan, PlanError, checked, plan_from, to_mapping
from core.plan_values import read_amount
from core.sharing import figures as working
from core.sharing.family_models import SCHEMA, FamilyDocument, Hidden
from core.sharing.figures import Figures, figures_of, sums_up_to
from core.sharing.reading import read, write
from core.sharing.redaction import redacted
from core.simulate import Scenario, simulate
from tests.strategies import plans

SAMPLES = sorted((Path(__file__).parents[2] / "sample_data").glob("*.json"))
NOTHING = Hidden(lender_names=False, amounts=False, incomes=False, names=False, notes=False)
EVERY_CHOICE = [
    Hidden(lender_names=a, amounts=b, incomes=c, names=d, notes=e) for a, b, c, d, e in product((True, False), repeat=5)
]


@cache
def figures(name: str) -> Figures:
    return figures_of(read_household(next(path for path in SAMPLES if path.stem == name)))


def naming(debt: str) -> str:
    return f"key-{sum(map(ord, debt))}"


def shown(name: str, hidden: Hidden) -> FamilyDocument:
    return redacted(figures(name), hidden, naming)


class TestHidden:
    """Tokens that nobody would write by chance stand for everything private, and are looked for."""

    marks = st.text("债贷银行微粒花呗借条信用卡ÄéΩшxyzXYZ", min_size=4, max_size=6)

    @settings(
        max_examples=15,
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    @given(plans(max_debts=4, max_horizon_months=24), marks)
    def test_what_is_hidden_does_not_occur(self, monkeypatch: pytest.MonkeyPatch, plan: Plan, mark: str) -> None:
        monkeypatch.setattr(working, "STEPS", 3)
        monkeypatch.setattr(working, "AIMS", (("once", None), ("monthly", 12)))
        document = private(plan, [f"{mark}{'甲乙丙丁戊己庚辛壬癸子丑寅'[k]}{mark}" for k in range(13)])
        found = figures_of(document)
        for hidden in EVERY_CHOICE:
            text = write(redacted(found, hidden, naming)).decode()
            told = redacted(found, hidden, naming)
            assert read(FamilyDocument, SCHEMA, text.encode()) == told
            looked_for = words_of(document, hidden)
            assert [word for word in looked_for if word in text] == []
            if hidden.amounts:
                numbers = set(re.findall(r"(?<![0-9a-z.,-])[0-9][0-9,]*(?:\.[0-9]+)?(?![0-9a-z.-])", text))
                numbers.discard(format_fen(told.owed or 0))
                assert numbers & forms_of(amounts_of(document)) == set()

    @pytest.mark.parametrize("name", [path.stem for path in SAMPLES])
    @pytest.mark.parametrize("hidden", EVERY_CHOICE[::3], ids=str)
    def test_the_examples_keep_what_is_hidden_to_themselves(self, name: str, hidden: Hidden) -> None:
        document = figures(name).document
        text = write(shown(name, hidden)).decode()
        assert [word for word in words_of(document, hidden) if word in text] == []


def private(plan: Plan, tokens: list[str]) -> HouseholdDocument:
    """Put tokens wherever a household writes something of its own."""
    debts = tuple(debt.model_copy(update={"name": f"{tokens[k]} 债"}) for k, debt in enumerate(plan.debts))
    income = Income(name=tokens[4], amount=345_678)
    kept = tuple(each.model_copy(update={"name": f"{tokens[4]}二"}) for each in plan.household.incomes[:1])
    spent = tuple(each.model_copy(update={"name": f"{tokens[4]}三"}) for each in plan.household.expenses)
    household = plan.household.model_copy(update={"incomes": (*kept, income), "expenses": spent})
    named = plan.model_copy(update={"debts": debts, "household": household})
    details = tuple(
        DebtDetails(debt=debt.id, lender=tokens[5 + k], notes=f"{tokens[9]} {debt.name}")
        for k, debt in enumerate(debts)
    )
    people = (Person(name=tokens[10], kind="adult"),)
    loan = FamilyLoan(id="lent", name=tokens[12], amount=345_678, instalments=12, due_day=5)
    lever = as_option(loan, "lent").model_copy(update={"state": "chosen"})
    document = household_of(named).model_copy(update={"debts": details, "persons": people, "levers": (lever,)})
    return document.model_copy(update={"notes": f"{tokens[11]}！"})


def words_of(document: HouseholdDocument, hidden: Hidden) -> list[str]:
    """Give every word of a household that a link must not say."""
    plan = document.plan
    words: list[str] = []
    if hidden.lender_names:
        words += [debt.name for debt in plan.debts] + [details.lender for details in document.debts]
        words += [details.product or "" for details in document.debts]
    if hidden.names:
        words += [person.name for person in document.persons] + [income.name for income in plan.household.incomes]
        words += [f"{dict(lever.params)['name']}" for lever in document.levers]
    if hidden.incomes:
        words += [income.name for income in plan.household.incomes]
    if hidden != NOTHING:
        words += [document.notes, *(details.notes for details in document.debts)]
    words += [expense.name for expense in plan.household.expenses if len(expense.name) > 2]
    return [word for word in words if word]


def amounts_of(document: HouseholdDocument) -> list[int]:
    """Give the amounts of a plan that nobody would meet by chance: four digits of yuan, and fen."""
    found: list[int] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            for name, entry in value.items():
                if name not in ("incomes", "expenses"):
                    walk(entry)
        elif isinstance(value, list):
            for entry in value:
                walk(entry)
        elif isinstance(value, str) and re.fullmatch(r"[0-9]{4,}\.[0-9]{2}", value):
            found.append(parse_amount(value))

    walk(to_mapping(document.plan))
    return [fen for fen in found if fen % 100]


def forms_of(amounts: list[int]) -> set[str]:
    return {form for fen in amounts for form in (format_fen(fen), f"{fen}", f"{fen / 100:,.2f}", f"{fen // 100}")}


class TestNames:
    def test_a_name_that_says_an_amount_or_a_person_gives_way_to_its_kind(self) -> None:
        document = figures("family_that_helps").document
        names = ("欠大伯的钱", "信用卡 5万", "贷款３，０００", "三万那笔", "花呗")
        debts = tuple(
            document.plan.debts[k % len(document.plan.debts)].model_copy(update={"id": f"n{k}", "name": name})
            for k, name in enumerate(names)
        )
        household = document.plan.household.model_copy(update={"one_offs": ()})
        plan = checked(document.plan.model_copy(update={"debts": debts, "household": household}))
        people = (Person(name="大伯", kind="adult"),)
        found = figures_of(household_of(plan).model_copy(update={"persons": people}))
        told = redacted(found, Hidden(lender_names=False), naming)
        assert [debt.name for debt in told.debts] == ["", "", "", "", "花呗"]
        told = redacted(found, Hidden(lender_names=False, amounts=False, incomes=False), naming)
        assert [debt.name for debt in told.debts] == ["", *names[1:]]

    def test_html_stays_text(self) -> None:
        plan = figures("small_shop").document.plan
        debts = (plan.debts[0].model_copy(update={"name": "<b>x</b>"}), *plan.debts[1:])
        document = household_of(plan.model_copy(update={"debts": debts}))
        told = redacted(figures_of(document), NOTHING, naming)
        assert told.debts[0].name == "<b>x</b>"


class TestShown:
    @pytest.mark.parametrize("name", [path.stem for path in SAMPLES])
    def test_what_is_shown_is_what_the_engine_says(self, name: str) -> None:
        found, told = figures(name), shown(name, NOTHING)
        now = found.now
        assert now is not None
        assert told.owed == now.owed == sum(debt.owed or 0 for debt in told.debts)
        assert told.way == now.way.strategy == told.ways[0].strategy
        assert told.free_on == now.way.debt_free_on
        assert told.days[0] == told.day == found.plan.start
        assert {len(way.owed) for way in told.ways} == {len(told.days)}
        assert told.ways[0].owed[0] == now.owed
        assert len({way.strategy for way in told.ways}) == len(told.ways) > 1
        assert {payment.debt for payment in told.payments} <= {debt.key for debt in told.debts}
        assert sum(payment.due or 0 for payment in told.payments) == now.due_in_window

    @pytest.mark.parametrize("name", [path.stem for path in SAMPLES])
    def test_help_is_what_the_lever_does(self, name: str) -> None:
        found, told = figures(name), shown(name, NOTHING)
        plan, way = found.plan, told.ways[0].strategy
        ids = {naming(debt.id): debt.id for debt in plan.debts}
        before = simulate([Scenario(plan, way)])[0]
        assert {(each.kind, each.months) for each in told.helps if each.to is None} == set(working.AIMS)
        for each in told.helps:
            at = len(each.sums) // 3
            lever = lever_of(each, each.sums[at], plan, ids)
            after = simulate([Scenario(apply_all(plan, [lever]), way)])[0]
            assert each.free_on[at] == after.debt_free_on
            assert each.saved[at] == before.out_of_pocket - after.out_of_pocket - lever.outside
            assert (each.sums[0], each.saved[0], each.free_on[0]) == (0, 0, before.debt_free_on)
            assert len(each.sums) == len(each.saved) == len(each.free_on) > working.STEPS

    def test_the_best_aim_saves_most(self) -> None:
        told = shown("cards_and_jiebei_past_90_days", NOTHING)
        best = told.best_aim("once", 1_000_000)
        assert best is not None
        at = best.nearest(1_000_000)
        others = [each.saved[at] for each in told.helps if each.kind == "once"]
        assert best.saved[at] == max(saved for saved in others if saved is not None)
        assert told.best_aim("loan", 1_000_000, months=7) is None

    def test_where_amounts_are_hidden_all_but_the_total_is_round(self) -> None:
        told = shown("family_that_helps", Hidden(lender_names=False, incomes=False, names=False, notes=False))
        owed = told.owed or 0
        assert owed % 100
        assert len(told.ways) == 1
        assert {fen % 50_000 for fen in (*told.ways[0].owed, told.ways[0].cost)} == {0}
        assert {each.to for each in told.helps} == {None}
        assert {debt.owed for debt in told.debts} == {payment.due for payment in told.payments} == {None}
        assert {debt.cleared_on for debt in told.debts} == {None}

    def test_incomes_are_shown_only_where_asked(self) -> None:
        assert shown("family_that_helps", Hidden()).income is None
        told = shown("family_that_helps", Hidden(incomes=False))
        assert (told.income, told.living_costs) == (1_070_000, 695_000)
        assert told.incomes == ()
        assert len(shown("family_that_helps", NOTHING).incomes) == 3

    def test_a_plan_without_an_answer_shows_that_it_has_none(self) -> None:
        plan = figures("small_shop").document.plan
        long = plan_from({**to_mapping(plan), "horizon_months": 360, "debts": [ruinous("a"), ruinous("b")]})
        told = redacted(figures_of(household_of(long)), Hidden(), naming)
        assert (told.owed, told.way, told.ways, told.helps) == (None, None, (), ())

    def test_nothing_owed_is_shown_as_nothing(self) -> None:
        plan = figures("small_shop").document.plan
        clear = {**ruinous("a"), "principal": "0.00", "penalty": "0.00", "bills": [], "instalments_left": 0}
        told = redacted(figures_of(household_of(plan_from({**to_mapping(plan), "debts": [clear]}))), Hidden(), naming)
        assert (told.owed, told.debts, told.helps) == (0, (), ())


def ruinous(debt: str) -> dict[str, Any]:
    return {
        "id": debt,
        "name": debt,
        "kind": "instalment",
        "method": "bullet",
        "principal": "10000000.00",
        "instalments_left": 1,
        "due_day": 20,
        "accrued": "0.00",
        "daily_rate": "0.01",
        "penalty": "10000000.00",
        "penalty_multiplier": "4",
        "penalty_base": "all_principal",
    }


def lever_of(help_: Any, fen: int, plan: Plan, ids: dict[str, str]) -> PlanLever:
    to = None if help_.to is None else ids[help_.to]
    if help_.kind == "once":
        return FamilyGift(name="x", amount=fen, for_debt=to)
    if help_.kind == "monthly":
        first = plan.start.year * 12 + plan.start.month - 1 + (plan.start.day >= plan.household.payday)
        until = None if help_.months is None else first + help_.months - 1
        return FamilyMonthly(name="x", amount=fen, until_month=until, for_debt=to)
    return FamilyLoan(
        id="x", name="x", amount=fen, instalments=help_.months, due_day=plan.household.payday, for_debt=to
    )


@given(st.integers(0, 10**12))
def test_sums_are_even_and_reach_the_amount(fen: int) -> None:
    sums = sums_up_to(fen)
    assert sums[0] == 0
    assert all(read_amount(format_fen(each)) == each for each in sums)
    assert len({later - sooner for sooner, later in pairwise(sums[:-1])}) <= 1
    assert sums[-1] >= min(fen, 10**9)
    if fen >= 3_000:
        assert 30 <= len(sums) - 1 <= 60


class TestReading:
    def test_a_later_version_is_named_alone(self) -> None:
        data = write(shown("small_shop", Hidden())).replace(b"ashore.family/1", b"ashore.family/2")
        with pytest.raises(PlanError) as caught:
            read(FamilyDocument, SCHEMA, data)
        assert [problem.code for problem in caught.value.problems] == ["schema.newer"]

    @pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"{", b"\xff", b'{"schema": 1}', b'{"schema": "ashore.x/1"}'])
    def test_what_is_no_document_is_refused(self, data: bytes) -> None:
        with pytest.raises(PlanError):
            read(FamilyDocument, SCHEMA, data)
