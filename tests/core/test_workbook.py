"""The workbook: every formula comes to the engine's figure, to the fen, before and after a cell is changed."""

import csv
import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from core import simulate
from core.exports import LANGUAGES, words_of
from core.household import HouseholdDocument, household_of, read_household
from core.levers import CutExpense, as_option, monthly_room
from core.money import half_up
from core.outcome import Outcome, best
from core.plan import CardDebt, Household, InstalmentDebt, Payment, Plan, plan_from
from core.positions import Refused
from core.simulate import STRATEGIES, Scenario, simulate_days, simulate_ledger
from core.workbook import workbook_of
from core.workbook_cells import harmless, sheet_name
from core.workbook_late import DAYS, late_day
from core.workbook_trial import Trial, trial_of
from tests.excel import Calculated, as_fen
from tests.random_plans import random_plan

SAMPLES = sorted((Path(__file__).parents[2] / "sample_data").glob("*.json"))
EACH_SAMPLE = pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
SAY = words_of("zh")
TRIAL, BUDGET, LATE, OVERVIEW = (SAY(f"sheet.{name}") for name in ("trial", "budget", "late", "overview"))


@pytest.fixture(scope="module", autouse=True)
def warm_engine() -> None:
    simulate.warm()


@cache
def _sample(path: Path, language: str) -> Calculated:
    return Calculated(workbook_of(read_household(path), language))


def sample_book(path: Path, language: str = "zh") -> Calculated:
    """The workbook of a sample, to be changed at will."""
    return _sample(path, language).copy()


def random_documents(count: int) -> Iterator[HouseholdDocument]:
    for seed in range(count):
        mapping = random_plan(Random(seed), debt_count=(1, 4), horizon_months=(3, 30), recorded=seed % 2 == 1)
        yield household_of(plan_from(mapping))


def assert_all_formulas_hold(book: Calculated) -> None:
    assert len(book.formulas) > 100
    for sheet, cell, cached in book.cached():
        found = book.value(sheet, cell)
        if isinstance(found, str):
            # A file holds no difference between an empty text and nothing.
            assert found == (cached or ""), (sheet, cell)
        else:
            assert cached == pytest.approx(found, abs=1e-7, rel=1e-12), (sheet, cell, book.formulas[sheet, cell])


@pytest.mark.parametrize("language", LANGUAGES)
@EACH_SAMPLE
def test_every_formula_comes_to_the_figure_beside_it(path: Path, language: str) -> None:
    assert_all_formulas_hold(sample_book(path, language))


def test_every_formula_holds_in_plans_made_at_random() -> None:
    looked_at = 0
    for document in random_documents(14):
        try:
            data = workbook_of(document, "en")
        except Refused:
            continue
        assert_all_formulas_hold(Calculated(data))
        looked_at += 1
    assert looked_at > 8


# -- the figures are the engine's


def ways(plan: Plan) -> list[Outcome]:
    return list(simulate.simulate([Scenario(plan, name) for name in STRATEGIES]))


@EACH_SAMPLE
def test_the_overview_is_the_best_way_and_every_other_one(path: Path) -> None:
    document = read_household(path)
    book = sample_book(path)
    outcomes = ways(document.plan)
    way = outcomes[best(outcomes)]
    for key, fen in (("owed", None), ("paid", way.total_paid), ("cost", way.total_cost), ("left", way.closing_payoff)):
        text = SAY(f"overview.{key}", since=SAY.day(document.plan.as_of), end=SAY.day(document.plan.end))
        shown = book.fen(OVERVIEW, f"B{book.find(OVERVIEW, text)}")
        start: Any = simulate_days([Scenario(document.plan, "stop")], [document.plan.start])[0]
        assert shown == (int(start.totals_frame()["payoff"][0]) if fen is None else fen), key
    first = book.find(OVERVIEW, SAY("overview.column_way")) + 1
    for row, outcome in enumerate(outcomes, start=first):
        shown = [book.fen(OVERVIEW, f"{column}{row}") for column in "CDEFG"]
        more = outcome.out_of_pocket - way.out_of_pocket
        figures = [outcome.total_paid, outcome.total_cost, outcome.closing_payoff, outcome.out_of_pocket, more]
        assert shown == figures, outcome.strategy
        assert book.value(OVERVIEW, f"H{row}") == outcome.worst_days_past_due


@EACH_SAMPLE
def test_payments_are_the_ledgers_and_month_ends_the_outcomes(path: Path) -> None:
    document = read_household(path).model_copy(update={"chosen": "rescue"})
    book = load_workbook(BytesIO(workbook_of(document, "zh")), data_only=True)
    plan = document.plan
    frame: Any = simulate_ledger([Scenario(plan, "rescue")])[0]
    paid: Any = frame[frame.kind == "paid"].groupby(["date", "debt"], sort=False).sum(numeric_only=True)
    names = {debt.id: debt.name for debt in plan.debts}
    rows = [row for row in book[SAY("sheet.payments")].iter_rows(min_row=5, values_only=True) if row[0]]
    assert [(row[0], row[1]) for row in rows] == [(day.to_pydatetime(), names[debt]) for day, debt in paid.index]
    for column, part in enumerate(("principal", "interest", "penalty", "fees", "amount"), start=2):
        assert [as_fen(row[column]) for row in rows] == paid[part].tolist(), part
    assert as_fen(rows[-1][7]) == int(paid["amount"].sum())

    outcome: Any = simulate.simulate([Scenario(plan, "rescue")])[0]
    months = list(book[SAY("sheet.months")].iter_rows(min_row=5, values_only=True))[1:]
    shown = [[as_fen(value) for value in row[1:-2]] for row in months]
    expected = outcome.debts_frame().pivot(index="date", columns="debt", values="payoff")[[*names]]
    last = outcome.debt_free_on or plan.end
    later = expected[(expected.index > str(plan.start)) & (expected.index < str(last.replace(day=28) + timedelta(5)))]
    assert shown == later.to_numpy().tolist()
    assert [as_fen(row[-2]) for row in months] == later.sum(axis=1).tolist()


def test_the_chosen_levers_are_in_it() -> None:
    document = read_household(SAMPLES[3])
    plan = document.plan
    cut = as_option(CutExpense(expense=plan.household.expenses[-1].name, share=Decimal("0.5")), "cut")
    chosen = document.model_copy(update={"levers": (cut.model_copy(update={"state": "chosen"}),)})
    before, after = (Calculated(workbook_of(each, "zh")) for each in (document, chosen))
    row = before.find(BUDGET, SAY("budget.room"))
    saved = half_up(plan.household.expenses[-1].amount, 2)
    assert after.fen(BUDGET, f"B{row}") - before.fen(BUDGET, f"B{row}") == saved > 0


# -- a cell is changed


def changed_room(plan: Plan, place: int, **update: object) -> int:
    expenses = list(plan.household.expenses)
    expenses[place] = expenses[place].model_copy(update=update)
    household = plan.household.model_copy(update={"expenses": tuple(expenses)})
    return monthly_room(plan.model_copy(update={"household": household}))


@EACH_SAMPLE
def test_a_cut_leaves_what_the_core_says(path: Path) -> None:
    document = read_household(path)
    book = sample_book(path)
    room = f"B{book.find(BUDGET, SAY('budget.room'))}"
    assert book.fen(BUDGET, room) == monthly_room(document.plan)
    first = book.find(BUDGET, SAY("budget.expenses")) + 2
    for place, expense in enumerate(document.plan.household.expenses):
        for cut in ("0.3333", "0.5", "1"):
            book.put(BUDGET, f"G{first + place}", float(cut))
            assert book.fen(BUDGET, room) == changed_room(document.plan, place, cut=Decimal(cut))
        assert book.fen(OVERVIEW, f"B{book.find(OVERVIEW, SAY('overview.room'))}") == book.fen(BUDGET, room)
        book.put(BUDGET, f"G{first + place}", float(expense.cut))


@pytest.mark.parametrize(("amount", "cut"), [(10_005, "0.5"), (1, "0.5"), (123_457, "0.3333"), (99_999_999, "0.0005")])
def test_half_a_fen_is_rounded_as_the_core_does(amount: int, cut: str) -> None:
    document = read_household(SAMPLES[0])
    book = sample_book(SAMPLES[0])
    row = book.find(BUDGET, SAY("budget.expenses")) + 2
    book.put(BUDGET, f"B{row}", amount / 100)
    book.put(BUDGET, f"G{row}", float(cut))
    expected = changed_room(document.plan, 0, amount=amount, cut=Decimal(cut))
    assert book.fen(BUDGET, f"B{book.find(BUDGET, SAY('budget.room'))}") == expected


def test_an_expense_that_ends_or_begins_is_counted_in_its_months_only() -> None:
    document = read_household(SAMPLES[0])
    month = monthly_room(document.plan)
    book = sample_book(SAMPLES[0])
    room = f"B{book.find(BUDGET, SAY('budget.room'))}"
    row = book.find(BUDGET, SAY("budget.expenses")) + 2
    counted = book.fen(BUDGET, f"I{row}")
    here = book.value(BUDGET, f"B{book.find(BUDGET, SAY('budget.month'))}")
    book.put(BUDGET, f"D{row}", here)
    assert book.fen(BUDGET, room) == month
    book.put(BUDGET, f"B{book.find(BUDGET, SAY('budget.month'))}", here + 20)
    book.put(BUDGET, f"C{row}", here + 27)
    assert book.fen(BUDGET, room) == month
    book.put(BUDGET, f"C{row}", None)
    book.put(BUDGET, f"D{row}", here - 1)
    assert book.fen(BUDGET, room) == month + counted
    book.put(BUDGET, f"D{row}", None)
    book.put(BUDGET, f"C{row}", here + 31)
    assert book.fen(BUDGET, room) == month + counted


def trial_rows(book: Calculated) -> list[tuple[int, int, int, int, int]]:
    """Due date (serial), interest, principal part, amount and principal left of every instalment shown."""
    first = book.find(TRIAL, SAY("trial.column_number")) + 1
    rows: list[tuple[int, int, int, int, int]] = []
    for row in range(first, first + 360):
        if book.value(TRIAL, f"A{row}") == "":
            break
        interest, part, amount, left = (book.fen(TRIAL, f"{column}{row}") for column in "FGHI")
        rows.append((int(book.value(TRIAL, f"B{row}")), interest, part, amount, left))
    return rows


def engine_rows(debt: InstalmentDebt, as_of: date) -> list[tuple[int, int, int, int, int]]:
    frame: Any = simulate_ledger([Scenario(Trial(debt, as_of, "").plan, "minimum")])[0]
    left, rows = debt.principal, []
    for entry in frame[frame.kind == "due"].itertuples():
        left -= entry.principal
        serial = (entry.date.date() - date(1899, 12, 30)).days
        rows.append((serial, entry.amount - entry.principal, entry.principal, entry.amount, left))
    return rows


@EACH_SAMPLE
def test_the_table_to_try_out_is_the_engines_ledger(path: Path) -> None:
    document = read_household(path)
    trial = trial_of(document.plan)
    assert trial_rows(sample_book(path)) == engine_rows(trial.debt, trial.as_of)


@pytest.mark.parametrize("method", ["equal_principal", "equal_instalment", "interest_only", "bullet", "flat_fee"])
@pytest.mark.parametrize(
    ("principal", "annual", "count"), [(1_000_001, "0.1825", 7), (3_333_333, "0.24", 36), (500_000, "0", 11)]
)
def test_what_is_tried_out_comes_to_what_the_engine_says(method: str, principal: int, annual: str, count: int) -> None:
    path = next(path for path in SAMPLES if path.stem == "first_missed_weilidai")
    trial, book = trial_of(read_household(path).plan), sample_book(path)
    cells = {name: f"B{book.find(TRIAL, SAY(f'trial.{name}'))}" for name in ("principal", "annual", "method", "fee")}
    cells["instalments"] = f"B{book.find(TRIAL, SAY('trial.instalments'))}"
    fee = 1_234 if method == "flat_fee" else 0
    typed = {"principal": principal / 100, "annual": float(annual), "instalments": count, "fee": fee / 100}
    for name, value in {**typed, "method": SAY(f"debts.method_{method}")}.items():
        book.put(TRIAL, cells[name], value)
    debt = trial.debt.model_copy(
        update={
            "principal": principal,
            "daily_rate": None,
            "annual_rate": Decimal(annual),
            "day_count": 365,
            "instalments_left": count,
            "method": method,
            "fee_per_instalment": fee,
            "accrued": None if method == "flat_fee" else 0,
            "interest_from": None,
        }
    )
    if method != "flat_fee":
        debt = debt.model_copy(update={"accrued": None, "interest_from": trial.start})
    expected = engine_rows(debt, trial.as_of)
    # Where nothing falls due the ledger has no entry, and the table a row of zeros.
    assert [row for row in trial_rows(book) if row[3]] == expected
    assert len(trial_rows(book)) == count


def test_a_household_with_cards_only_tries_out_twelve_instalments() -> None:
    document = read_household(next(path for path in SAMPLES if path.stem.startswith("cards")))
    plan = document.plan
    cards = tuple(debt for debt in plan.debts if isinstance(debt, CardDebt))
    only = household_of(plan.model_copy(update={"debts": cards}))
    trial = trial_of(only.plan)
    assert (trial.debt.principal, trial.debt.instalments_left) == (max(card.balance for card in cards), 12)
    assert trial_rows(Calculated(workbook_of(only, "zh"))) == engine_rows(trial.debt, trial.as_of)


def test_a_household_that_owes_nothing_gets_a_workbook() -> None:
    document = read_household(SAMPLES[0])
    debt = next(debt for debt in document.plan.debts if isinstance(debt, InstalmentDebt))
    paid_off = debt.model_copy(
        update={"principal": 0, "instalments_left": 0, "bills": (), "penalty": 0, "fees": 0, "accrued": 0}
    )
    empty = document.plan.household.model_copy(update={"incomes": (), "expenses": (), "one_offs": ()})
    plan = document.plan.model_copy(update={"debts": (paid_off,), "household": empty})
    book = Calculated(workbook_of(household_of(plan), "zh"))
    assert_all_formulas_hold(book)
    assert book.fen(OVERVIEW, f"B{book.find(OVERVIEW, SAY('overview.owed'))}") == 0


# -- a day late


def one_bill(base: str, multiplier: str, principal: int, left: int) -> InstalmentDebt:
    """A debt whose one bill became overdue today, with nothing accrued."""
    fields = {
        "id": "a",
        "name": "甲",
        "kind": "instalment",
        "daily_rate": "0.0005",
        "method": "interest_only",
        "principal": f"{left / 100:.2f}",
        "instalments_left": 1,
        "due_day": 28,
        "accrued": "0.00",
        "penalty_base": base,
        "penalty_multiplier": multiplier,
        "bills": [{"due": "2026-10-31", "principal": f"{principal / 100:.2f}", "interest": "123.45"}],
    }
    household = {"payday": 1, "cash": "0", "reserve": "0", "incomes": [], "expenses": [], "one_offs": []}
    mapping = {"schema": "ashore.plan/1", "as_of": "2026-10-31", "horizon_months": 6, "household": household}
    debt = plan_from({**mapping, "debts": [fields]}).debts[0]
    assert isinstance(debt, InstalmentDebt)
    return debt


@pytest.mark.parametrize("days", [1, 7, 27])
@pytest.mark.parametrize("base", ["overdue_principal", "overdue_principal_and_interest", "all_principal"])
@pytest.mark.parametrize(("multiplier", "principal", "left"), [("1.5", 123_457, 1_000_001), ("1.35", 1, 0)])
def test_a_day_late_costs_what_the_engine_charges(
    base: str, multiplier: str, principal: int, left: int, days: int
) -> None:
    debt = one_bill(base, multiplier, principal, left)
    as_of = date(2026, 10, 31)
    household = Household(payday=1, cash=0, reserve=0, incomes=(), expenses=(), one_offs=())
    plan = Plan(schema_="ashore.plan/1", as_of=as_of, horizon_months=6, household=household, debts=(debt,))
    run: Any = simulate_days([Scenario(plan, "stop")], [as_of, as_of + timedelta(days)])[0].totals_frame()["payoff"]
    charged = int(run[1] - run[0])
    assert late_day(debt, as_of).charged(days) == charged
    book = Calculated(workbook_of(household_of(plan), "zh"))
    row = book.find(LATE, "甲")
    book.put(LATE, f"H{row}", days)
    assert book.fen(LATE, f"I{row}") == charged
    if days == 1:
        assert book.fen(LATE, f"G{row}") == charged
        assert book.fen(LATE, f"J{row}") == charged


def test_another_amount_rate_and_time_are_counted_anew() -> None:
    book = sample_book(SAMPLES[3])
    row = book.find(LATE, SAY("book.debt")) + 1
    assert book.value(LATE, f"H{row}") == DAYS
    for cell, value in (("B", 10_000.00), ("C", 0.00075), ("D", 0), ("H", 45)):
        book.put(LATE, f"{cell}{row}", value)
    assert book.fen(LATE, f"G{row}") == 750
    assert book.fen(LATE, f"I{row}") == half_up(int(Fraction(1_000_000) * 75 * 45), 100_000)


# -- text is text


DANGEROUS = ['=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1", "\u200b=1", "＝1+1", " =1"]


def test_no_name_becomes_a_formula_here_or_in_a_csv() -> None:
    plan = read_household(SAMPLES[3]).plan
    debts, expenses, incomes = plan.debts, plan.household.expenses, plan.household.incomes
    household = plan.household.model_copy(
        update={
            "expenses": tuple(expenses[0].model_copy(update={"name": name, "category": name}) for name in DANGEROUS),
            "incomes": tuple(incomes[0].model_copy(update={"name": name}) for name in DANGEROUS),
        }
    )
    named = tuple(debts[0].model_copy(update={"id": f"d{k}", "name": name}) for k, name in enumerate(DANGEROUS))
    data = workbook_of(household_of(plan.model_copy(update={"debts": named, "household": household})), "zh")
    texts = [
        cell.value
        for sheet in load_workbook(BytesIO(data), data_only=True)
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    ]
    for text in texts:
        out = StringIO()
        csv.writer(out).writerow([text])
        assert out.getvalue().lstrip('"').lstrip("\u200b ")[0] not in "=+-@＝＋－＠\t\r", text
    for name in DANGEROUS:
        # Debts, payments, month-ends, incomes, expenses with their category, and a day late.
        assert texts.count(f"'{name.strip()}") >= 6, name
    assert not [text for text in Calculated(data).formulas.values() if "HYPERLINK" in text or "A1)" in text]
    with ZipFile(BytesIO(data)) as parts:
        assert b"<hyperlink" not in b"".join(parts.read(part) for part in parts.namelist())


def test_ordinary_names_stay_as_they_are() -> None:
    assert [harmless(name) for name in ("招行信用卡", "a=b", "小李 & <b>", "1-2")] == [
        "招行信用卡",
        "a=b",
        "小李 & <b>",
        "1-2",
    ]
    assert sheet_name("总[览]/:*?\\" + "长" * 40) == "总览" + "长" * 29


# -- the file


def test_the_same_document_gives_the_same_bytes_and_names_nobody() -> None:
    document = read_household(SAMPLES[0])
    data = workbook_of(document, "zh")
    time.sleep(1.1)  # a clock that was asked would show
    assert workbook_of(document, "zh") == data
    properties = load_workbook(BytesIO(data)).properties
    assert (properties.creator, properties.lastModifiedBy) == (None, None)
    assert properties.created.date() == properties.modified.date() == document.plan.start


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_are_laid_out_to_be_read_and_printed(language: str) -> None:
    book = load_workbook(BytesIO(workbook_of(read_household(SAMPLES[0]), language)))
    say = words_of(language)
    names = ["overview", "debts", "payments", "months", "budget", "late", "trial"]
    assert book.sheetnames == [say(f"sheet.{name}") for name in names]
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.column_dimensions["A"].width >= 12
    for name in ("debts", "payments", "months", "late"):
        assert book[say(f"sheet.{name}")].freeze_panes
        assert book[say(f"sheet.{name}")].print_title_rows
    payments = book[say("sheet.payments")]
    assert payments["A5"].is_date
    assert payments["C5"].number_format == "¥#,##0.00"


def test_forty_debts_over_thirty_years_take_seconds() -> None:
    plan = read_household(SAMPLES[0]).plan
    loan = one_bill("overdue_principal", "1.5", 100, 36_000_00).model_copy(update={"bills": (), "accrued": None})
    terms = {"method": "equal_principal", "instalments_left": 360}
    debts = tuple(loan.model_copy(update={"id": f"d{k}", "due_day": k % 31 + 1, **terms}) for k in range(40))
    income = plan.household.incomes[0].model_copy(update={"amount": 1_000_000_00})
    household = plan.household.model_copy(update={"incomes": (income,)})
    large = plan.model_copy(update={"debts": debts, "horizon_months": 360, "household": household})
    before = time.process_time()
    data = workbook_of(household_of(large).model_copy(update={"chosen": "minimum"}), "zh")
    assert time.process_time() - before < 15
    assert len(data) < 5_000_000
    book = load_workbook(BytesIO(data), read_only=True)
    assert book[SAY("sheet.payments")].max_row >= 4 + 40 * 360
    assert book[SAY("sheet.months")].max_column == 43


def test_what_has_no_answer_is_refused() -> None:
    document = read_household(SAMPLES[0])
    day = document.plan.as_of + timedelta(1)
    paid = Payment(date=day, debt=document.plan.debts[0].id, amount=10**9)
    plan = document.plan.model_copy(update={"today": day, "paid": (paid,)})
    with pytest.raises(Refused):
        workbook_of(household_of(plan), "zh")
    with pytest.raises(KeyError):
        workbook_of(document, "fr")
