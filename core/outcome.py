# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
"""The answer to a scenario (CALCULATION.md §6 and §7): figures and tidy pandas frames. It computes no rule.

All money is int64 fen. Frames are made when they are asked for, so that importing this costs no pandas.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from core.engine import layout as c
from core.engine.lower import Ints
from core.money import format_fen
from core.plan import Plan

if TYPE_CHECKING:
    import pandas as pd

LEDGER_KINDS = ("due", "set_aside", "paid", "charged", "waived")
"""What a ledger entry may be, in the kernel's order."""


def _date(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if ordinal > 0 else None


@dataclass(frozen=True)
class Outcome:
    """What one scenario comes to.

    Attributes:
        plan, strategy: The scenario.
        answer: int64 (A_WIDTH,), see `core.engine.layout`.
        cleared_days: int64 (debts,), ordinals; 0 while open.
        samples: int64 (samples,), the ordinals of the days that are reported, rising: month-ends unless days were
            asked for.
        lines: int64 (samples, N_WIDTH): totals.
        details: int64 (samples, debts, F_WIDTH), or None where only totals were asked for.
    """

    plan: Plan
    strategy: str
    answer: Ints
    cleared_days: Ints
    samples: Ints
    lines: Ints
    details: Ints | None

    @property
    def error(self) -> str | None:
        """The id of the debt that outgrew its bound (CALCULATION.md §1), which ended the scenario; else None.

        Where it is set, no other figure of this outcome means anything.
        """
        return self.plan.debts[int(self.answer[c.A_WHERE])].id if self.answer[c.A_STATUS] == c.OUTGREW else None

    @property
    def refused(self) -> int | None:
        """The index in `plan.paid` of the first recorded payment that its debt cannot take (§8), else None."""
        return int(self.answer[c.A_WHERE]) if self.answer[c.A_STATUS] == c.REFUSED else None

    @property
    def cleared(self) -> dict[str, date | None]:
        """The date on which each debt is cleared, by id; None while it is open."""
        return {debt.id: _date(int(day)) for debt, day in zip(self.plan.debts, self.cleared_days, strict=True)}

    @property
    def debt_free_on(self) -> date | None:
        """The date of the last of them, None while one is open."""
        return _date(int(self.answer[c.A_DEBT_FREE]))

    @property
    def total_paid(self) -> int:
        """All that was paid to lenders since `as_of`, fen."""
        return int(self.answer[c.A_TOTAL_PAID])

    @property
    def total_cost(self) -> int:
        """Interest, penalty and fees paid, fen."""
        return int(self.answer[c.A_TOTAL_COST])

    @property
    def total_waived(self) -> int:
        """What lenders waived by agreed changes, fen."""
        return int(self.answer[c.A_TOTAL_WAIVED])

    @property
    def closing_payoff(self) -> int:
        """What is still owed at the end, fen."""
        return int(self.answer[c.A_CLOSING_PAYOFF])

    @property
    def worst_days_past_due(self) -> int:
        """The largest days past due of any debt at the end of a day, from `today` on."""
        return int(self.answer[c.A_WORST_DAYS])

    @property
    def worst_shortfall(self) -> int:
        """How far cash fell below zero, fen; 0 if never."""
        return int(self.answer[c.A_WORST_SHORTFALL])

    @property
    def out_of_pocket(self) -> int:
        """`total_paid + closing_payoff`: what plans of different levers are compared by (§6)."""
        return self.total_paid + self.closing_payoff

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """The days that are reported."""
        return tuple(date.fromordinal(int(day)) for day in self.samples)

    def totals_frame(self) -> "pd.DataFrame":
        """Totals of the plan, a row a reported day.

        Returns:
            Columns `date` (datetime64), `payoff`, `paid`, `cash` (fen), `debts_open`, `debts_overdue` (counts;
            overdue: at least one day past due).
        """
        import pandas as pd

        names = ("payoff", "paid", "cash", "debts_open", "debts_overdue")
        columns: dict[str, Any] = {"date": self._datetimes()}
        columns.update({name: self.lines[:, k] for k, name in enumerate(names)})
        return pd.DataFrame(columns)

    def debts_frame(self) -> "pd.DataFrame":
        """Each debt on each reported day, days first.

        Returns:
            Columns `date` (datetime64), `debt` (id), `payoff`, `principal`, `interest`, `penalty`, `fees` (the
            payoff's parts, with their accruals; interest includes what is capitalised), `days_past_due` (days),
            `charged`, `waived`, `paid_principal`, `paid_interest`, `paid_penalty`, `paid_fees` (since `as_of`),
            `court` (Int64, <NA> without a `cap_rate`). Money in fen.

        Raises:
            ValueError: Only totals were asked for.
        """
        import pandas as pd

        if self.details is None:
            raise ValueError("this outcome holds totals only")
        count = len(self.plan.debts)
        flat = self.details.reshape(-1, c.F_WIDTH)
        court = pd.array(flat[:, c.F_COURT], dtype="Int64")
        court[flat[:, c.F_COURT] < 0] = pd.NA
        return pd.DataFrame(
            {
                "date": np.repeat(self._datetimes(), count),
                "debt": np.tile(np.array([debt.id for debt in self.plan.debts], object), len(self.samples)),
                "payoff": flat[:, c.F_PAYOFF],
                "principal": flat[:, c.F_PRINCIPAL],
                "interest": flat[:, c.F_PAYOFF] - flat[:, c.F_PRINCIPAL] - flat[:, c.F_PENALTY] - flat[:, c.F_FEES],
                "penalty": flat[:, c.F_PENALTY],
                "fees": flat[:, c.F_FEES],
                "days_past_due": flat[:, c.F_DAYS],
                "charged": flat[:, c.F_CHARGED],
                "waived": flat[:, c.F_WAIVED],
                "paid_principal": flat[:, c.F_PAID_PRINCIPAL],
                "paid_interest": flat[:, c.F_PAID_INTEREST],
                "paid_penalty": flat[:, c.F_PAID_PENALTY],
                "paid_fees": flat[:, c.F_PAID_FEES],
                "court": court,
            }
        )

    def _datetimes(self) -> Any:
        epoch = date(1970, 1, 1).toordinal()
        return (self.samples - epoch).astype("datetime64[D]").astype("datetime64[s]")

    def as_json(self) -> dict[str, Any]:
        """The outcome as the worked cases write it: amounts as decimal strings of yuan, reported days under `months`.

        Where a debt outgrew its bound: `{"error": its id}`.
        """
        if self.error is not None:
            return {"error": self.error}
        free = self.debt_free_on
        return {
            "strategy": self.strategy,
            "cleared": {key: None if day is None else day.isoformat() for key, day in self.cleared.items()},
            "debt_free_on": None if free is None else free.isoformat(),
            "total_paid": format_fen(self.total_paid),
            "total_cost": format_fen(self.total_cost),
            "total_waived": format_fen(self.total_waived),
            "closing_payoff": format_fen(self.closing_payoff),
            "worst_days_past_due": self.worst_days_past_due,
            "worst_shortfall": format_fen(self.worst_shortfall),
            "months": self._months_as_json(),
        }

    def _months_as_json(self) -> list[dict[str, Any]]:
        if self.details is None:
            raise ValueError("this outcome holds totals only")
        ids = [debt.id for debt in self.plan.debts]
        cash: list[int] = self.lines[:, c.N_CASH].tolist()
        months: list[dict[str, Any]] = []
        for day, cash_fen, rows in zip(self.dates, cash, self.details.tolist(), strict=True):
            debts = {key: _debt_as_json(row) for key, row in zip(ids, rows, strict=True)}
            months.append({"date": day.isoformat(), "cash": format_fen(cash_fen), "debts": debts})
        return months


def _debt_as_json(row: list[int]) -> dict[str, Any]:
    return {
        "payoff": format_fen(row[c.F_PAYOFF]),
        "principal": format_fen(row[c.F_PRINCIPAL]),
        "days_past_due": row[c.F_DAYS],
        "charged": format_fen(row[c.F_CHARGED]),
        "waived": format_fen(row[c.F_WAIVED]),
        "court": None if row[c.F_COURT] < 0 else format_fen(row[c.F_COURT]),
        "paid": {
            "principal": format_fen(row[c.F_PAID_PRINCIPAL]),
            "interest": format_fen(row[c.F_PAID_INTEREST]),
            "penalty": format_fen(row[c.F_PAID_PENALTY]),
            "fees": format_fen(row[c.F_PAID_FEES]),
        },
    }


class Outcomes(Sequence[Outcome]):
    """The outcomes of a batch, in the order of its scenarios; each is made when it is looked at."""

    def __init__(
        self,
        scenarios: Sequence[tuple[Plan, str]],
        rows: Ints,
        samples: Ints,
        answers: Ints,
        cleared: Ints,
        lines: Ints,
        details: Ints | None,
    ) -> None:
        self._scenarios = scenarios
        self._rows = rows
        self._samples = samples
        self.answers = answers
        """int64 (scenarios, A_WIDTH), see `core.engine.layout`."""
        self._cleared = cleared
        self._lines = lines
        self._details = details

    def __len__(self) -> int:
        return len(self._scenarios)

    @overload
    def __getitem__(self, index: int) -> Outcome: ...
    @overload
    def __getitem__(self, index: slice) -> list[Outcome]: ...
    def __getitem__(self, index: int | slice) -> Outcome | list[Outcome]:
        if isinstance(index, slice):
            return [self[k] for k in range(*index.indices(len(self)))]
        plan, strategy = self._scenarios[index]
        row = self._rows[index]
        count = int(row[c.C_DEBTS_COUNT])
        samples = int(row[c.C_SAMPLES_COUNT])
        first_sample, line, detail, cleared = (int(row[k]) for k in (c.C_SAMPLES, c.C_LINES, c.C_DETAILS, c.C_CLEARED))
        details = None
        if self._details is not None:
            details = self._details[detail : detail + samples * count].reshape(samples, count, c.F_WIDTH)
        return Outcome(
            plan=plan,
            strategy=strategy,
            answer=self.answers[index],
            cleared_days=self._cleared[cleared : cleared + count],
            samples=self._samples[first_sample : first_sample + samples],
            lines=self._lines[line : line + samples],
            details=details,
        )

    def __iter__(self) -> Iterator[Outcome]:
        return (self[k] for k in range(len(self)))

    def summary_frame(self) -> "pd.DataFrame":
        """A row a scenario.

        Returns:
            Columns `strategy`, `error` (the debt that outgrew its bound, else missing), `debt_free_on` (datetime64,
            NaT while a debt is open), `total_paid`, `total_cost`, `total_waived`, `closing_payoff`, `worst_shortfall`
            (fen), `worst_days_past_due`.
        """
        import pandas as pd

        answers = self.answers
        epoch = date(1970, 1, 1).toordinal()
        free = (answers[:, c.A_DEBT_FREE] - epoch).astype("datetime64[D]").astype("datetime64[s]")
        free[answers[:, c.A_DEBT_FREE] == 0] = np.datetime64("NaT")
        return pd.DataFrame(
            {
                "strategy": [scenario[1] for scenario in self._scenarios],
                "error": [outcome.error for outcome in self],
                "debt_free_on": free,
                "total_paid": answers[:, c.A_TOTAL_PAID],
                "total_cost": answers[:, c.A_TOTAL_COST],
                "total_waived": answers[:, c.A_TOTAL_WAIVED],
                "closing_payoff": answers[:, c.A_CLOSING_PAYOFF],
                "worst_shortfall": answers[:, c.A_WORST_SHORTFALL],
                "worst_days_past_due": answers[:, c.A_WORST_DAYS],
            }
        )


def best(outcomes: Sequence[Outcome]) -> int:
    """The index of the best of several outcomes by CALCULATION.md §7; those with an error are passed over.

    Raises:
        ValueError: There is none.
    """
    able = [k for k, outcome in enumerate(outcomes) if outcome.error is None and outcome.refused is None]
    return min(
        able,
        key=lambda k: (
            outcomes[k].out_of_pocket,
            outcomes[k].debt_free_on or date.max,
            outcomes[k].worst_days_past_due,
            k,
        ),
    )
