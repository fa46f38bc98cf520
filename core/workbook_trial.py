"""The sheet to try out: the instalments of one debt, all of it formulas over the few cells at its top.

Interest is posted as CALCULATION.md §1 has it: what all days so far come to exactly, rounded half up, less what was
posted before. So the table equals the engine's ledger of the same debt to the fen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import get_args

from core.engine import layout as c
from core.engine.lower import annual_rate, daily_rate, day_in_month, first_month_after, level_limbs
from core.exports.course import Entry, ledger_of
from core.money import FEN_IN_A_YUAN, half_up, parse_amount
from core.plan import Debt, Household, InstalmentDebt, Plan, PlanError
from core.plan_models import Method
from core.plan_values import HORIZON_MAX, INSTALMENTS_MAX
from core.positions import Refused, restated
from core.workbook_cells import Sheet, at

_METHODS: tuple[Method, ...] = get_args(Method)
_CARD_INSTALMENTS = 12
_MADE_PRINCIPAL = parse_amount("10000.00")
_MADE_RATE = Decimal("0.12")
_ENOUGH = 10**12
_INPUTS = (
    "principal",
    "annual",
    "day_count",
    "daily",
    "instalments",
    "method",
    "start",
    "accrued",
    "first_due",
    "due_day",
    "fee",
    "level",
    "part",
)


@dataclass(frozen=True)
class Trial:
    """The debt that is tried out.

    Attributes:
        debt: As an instalment debt on which nothing is overdue, with the interest of the days since `interest_from`.
        as_of: The day after which its instalments fall due.
        note: Which sentence introduces it.
        name: Of the debt that it was made from; empty where none was.
    """

    debt: InstalmentDebt
    as_of: date
    note: str
    name: str = ""

    @property
    def start(self) -> date:
        """From when interest counts."""
        return self.debt.interest_from or self.as_of

    @property
    def first_due(self) -> date:
        """The first due date."""
        return date.fromordinal(day_in_month(first_month_after(self.as_of, self.debt.due_day), self.debt.due_day))

    @property
    def plan(self) -> Plan:
        """A plan of this debt alone, of a household that pays all that falls due."""
        household = Household(payday=1, cash=_ENOUGH, reserve=0, incomes=(), expenses=(), one_offs=())
        months = min(HORIZON_MAX, self.debt.instalments_left + 1)
        return Plan(
            schema_="ashore.plan/1", as_of=self.as_of, horizon_months=months, household=household, debts=(self.debt,)
        )


def trial_of(plan: Plan) -> Trial:
    """Choose what is tried out: the largest loan with instalments to come, else the largest card, else an example."""
    try:
        debts: Sequence[Debt] = restated(plan, plan.start).debts
    except (Refused, PlanError, ValueError):
        debts = ()
    loans = [debt for debt in debts if isinstance(debt, InstalmentDebt) and debt.principal > 0]
    if loans:
        loan = max(loans, key=lambda debt: debt.principal)
        return Trial(_tried(loan, plan.start), plan.start, "trial.note", loan.name)
    cards = [debt for debt in debts if not isinstance(debt, InstalmentDebt) and debt.balance > 0]
    if cards:
        card = max(cards, key=lambda debt: debt.balance)
        rate = {"daily_rate": card.daily_rate, "annual_rate": card.annual_rate, "day_count": card.day_count}
        return Trial(_made(card.balance, card.due_day, rate), plan.start, "trial.note_card", card.name)
    made = _made(_MADE_PRINCIPAL, plan.household.payday, {"annual_rate": _MADE_RATE})
    return Trial(made, plan.start, "trial.note_made")


def _tried(loan: InstalmentDebt, as_of: date) -> InstalmentDebt:
    """A loan with nothing overdue and nothing agreed for later; its interest counts from where it does."""
    since: date | None = None
    if loan.accrued is None and loan.method != "flat_fee":
        month = first_month_after(as_of, loan.due_day) - 1
        since = loan.interest_from or date.fromordinal(day_in_month(month, loan.due_day))
    nothing: dict[str, object] = {"bills": (), "penalty": 0, "fees": 0, "changes": (), "accelerate_after_days": None}
    return loan.model_copy(update={**nothing, "interest_from": since})


def _made(principal: int, due_day: int, rate: Mapping[str, object]) -> InstalmentDebt:
    terms = {"method": "equal_instalment", "instalments_left": _CARD_INSTALMENTS, "due_day": due_day, "accrued": 0}
    return InstalmentDebt.model_validate(
        {"id": "trial", "name": "trial", "kind": "instalment", "principal": principal, **terms, **rate}
    )


class _Cells:
    """The cells at the top, by name."""

    def __init__(self, first: int) -> None:
        self.first = first

    def row(self, name: str) -> int:
        return self.first + _INPUTS.index(name)

    def __getitem__(self, name: str) -> str:
        return at(self.row(name), 1, fixed=True)


def write_trial(sheet: Sheet, plan: Plan) -> None:
    """Write the sheet."""
    say = sheet.words
    trial = trial_of(plan)
    cells = _Cells(sheet.opening(say("sheet.trial"), say(trial.note, name=trial.name), say("book.money_note")))
    for name in _INPUTS:
        sheet.text(cells.row(name), 0, say(f"trial.{name}"))
    _write_terms(sheet, cells, trial)
    columns = ("number", "date", "days", "before", "exact", "interest", "part", "amount", "after")
    titles = [say("book.date") if name == "date" else say(f"trial.column_{name}") for name in columns]
    first = sheet.head(cells.first + len(_INPUTS) + 2, titles)
    _write_rows(sheet, cells, trial, first)
    sheet.print_down_to(first + trial.debt.instalments_left - 1, len(columns) - 1)
    row = first - 2
    sheet.total(row, say("book.total"), len(columns))
    due = _due_rows(trial)
    for column, fen in ((5, sum(i for _, i in due)), (6, sum(p for p, _ in due)), (7, sum(map(sum, due)))):
        cells_of = f"{at(first, column)}:{at(first + INSTALMENTS_MAX - 1, column)}"
        sheet.formula(row, column, f"SUM({cells_of})", fen, look="sum")
    sheet.widths(30, 14, 10, 16, 18, 14, 14, 14, 16)


def _write_terms(sheet: Sheet, cells: _Cells, trial: Trial) -> None:
    debt, say = trial.debt, sheet.words
    annual, daily = annual_rate(debt) or Fraction(0), daily_rate(debt) or Fraction(0)
    sheet.money(cells.row("principal"), 1, debt.principal, "input")
    sheet.number(cells.row("annual"), 1, float(annual), "annual", "input")
    sheet.number(cells.row("day_count"), 1, debt.day_count if debt.daily_rate is None else 365, look="input")
    sheet.formula(cells.row("daily"), 1, f"{cells['annual']}/{cells['day_count']}", float(daily), "daily")
    sheet.number(cells.row("instalments"), 1, debt.instalments_left, look="input")
    count_row = cells.row("instalments")
    sheet.limits((count_row, 1, count_row, 1), 1, INSTALMENTS_MAX, whole=True)
    sheet.text(cells.row("method"), 1, say(f"debts.method_{debt.method}"), "input")
    sheet.choices(cells.row("method"), 1, [say(f"debts.method_{method}") for method in _METHODS])
    sheet.day(cells.row("start"), 1, trial.start, look="input")
    sheet.money(cells.row("accrued"), 1, debt.accrued or 0, "input")
    sheet.day(cells.row("first_due"), 1, trial.first_due, look="input")
    sheet.number(cells.row("due_day"), 1, debt.due_day, look="input")
    sheet.money(cells.row("fee"), 1, debt.fee_per_instalment, "input")
    principal, count, yearly = cells["principal"], cells["instalments"], cells["annual"]
    equal = f"ROUND({principal}/{count},2)"
    level = f"IF({yearly}=0,{equal},ROUND(PMT({yearly}/12,{count},-{principal}),2))"
    sheet.formula(cells.row("level"), 1, level, _level(debt.principal, annual, debt.instalments_left))
    sheet.formula(cells.row("part"), 1, equal, half_up(debt.principal, debt.instalments_left))


def _level(principal: int, annual: Fraction, instalments: int) -> int:
    """The engine's level payment, fen: its limbs laid together again."""
    limbs = level_limbs(annual, instalments)
    scaled = sum(limb << (c.LIMB_BITS * (len(limbs) - 1 - k)) for k, limb in enumerate(limbs))
    return half_up(principal * scaled, 1 << (c.LIMB_BITS * (len(limbs) - 1)))


def _due_rows(trial: Trial) -> list[tuple[int, int]]:
    """Principal and interest (or fee) of every instalment, by the engine's ledger; fen."""
    due: dict[date, Entry] = {e.day: e for e in ledger_of(trial.plan, "minimum") if e.kind == "due"}
    found: list[tuple[int, int]] = []
    for k in range(trial.debt.instalments_left):
        entry = due.get(_due_date(trial, k))
        found.append((0, 0) if entry is None else (entry.principal, entry.amount - entry.principal))
    return found


def _due_date(trial: Trial, k: int) -> date:
    month = first_month_after(trial.as_of, trial.debt.due_day) + k
    return date.fromordinal(day_in_month(month, trial.debt.due_day))


def _write_rows(sheet: Sheet, cells: _Cells, trial: Trial, first: int) -> None:
    """Write a row for every instalment that there could be; those beyond their number show nothing."""
    formulas = _Formulas(sheet, cells, first)
    kinds = ("ordinal", "date", "whole", "money", "exact", "money", "money", "money", "money")
    values = _values(trial)
    for k in range(INSTALMENTS_MAX):
        shown: Sequence[float | str | date] = values[k] if k < len(values) else [""] * len(kinds)
        for column, (formula, value, kind) in enumerate(zip(formulas.of(k), shown, kinds, strict=True)):
            sheet.formula(first + k, column, formula, value, kind)


def _values(trial: Trial) -> list[list[float | str | date]]:
    """What the rows come to: dates, and amounts as the engine's ledger has them."""
    debt = trial.debt
    daily = Fraction(0) if debt.method == "flat_fee" else daily_rate(debt) or Fraction(0)
    left, last = debt.principal, trial.start
    exact = Fraction(debt.accrued or 0)
    rows: list[list[float | str | date]] = []
    for k, (part, interest) in enumerate(_due_rows(trial)):
        day = _due_date(trial, k)
        days = (day - last).days
        exact += left * days * daily
        after = left - part
        so_far = float(exact / FEN_IN_A_YUAN)
        rows.append([k + 1, day, days, left, so_far, interest, part, part + interest, after])
        left, last = after, day
    return rows


class _Formulas:
    """The formulas of a row of the table."""

    def __init__(self, sheet: Sheet, cells: _Cells, first: int) -> None:
        self._cells = cells
        self._first = first
        self._named = {method: f'"{sheet.words(f"debts.method_{method}")}"' for method in _METHODS}

    def _is(self, *methods: Method) -> str:
        tests = [f"{self._cells['method']}={self._named[method]}" for method in methods]
        return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"

    def of(self, k: int) -> list[str]:
        """Give them, column by column."""
        cells, row = self._cells, self._first + k
        number, day, days, before, exact, interest, part = (at(row, column) for column in range(7))
        above = [at(row - 1, column) for column in range(9)]
        first = k == 0
        due = (
            f"MIN(DATE(YEAR({cells['first_due']}),MONTH({cells['first_due']})+{k},{cells['due_day']}),"
            f"EOMONTH({cells['first_due']},{k}))"
        )
        posted = "" if first else f"-SUM({at(self._first, 5)}:{above[5]})"
        so_far = cells["accrued"] if first else above[4]
        by_method = (
            f"IF({self._is('equal_principal', 'flat_fee')},MIN({before},{cells['part']}),"
            f"IF({self._is('equal_instalment')},MIN({before},MAX(0,{cells['level']}-{interest})),0))"
        )
        rows = [
            due,
            f"{day}-{cells['start'] if first else above[1]}",
            cells["principal"] if first else above[8],
            f"IF({self._is('flat_fee')},0,{so_far}+{before}*{days}*{cells['daily']})",
            f"IF({self._is('flat_fee')},IF({before}>0,{cells['fee']},0),"
            f"IF(AND({self._is('bullet')},{number}<{cells['instalments']}),0,ROUND(ROUND({exact},2){posted},2)))",
            f"IF({number}={cells['instalments']},{before},ROUND({by_method},2))",
            f"ROUND({interest}+{part},2)",
            f"ROUND({before}-{part},2)",
        ]
        shown = [f'IF({number}="","",{formula})' for formula in rows]
        return [f'IF({k + 1}<={cells["instalments"]},{k + 1},"")', *shown]
