"""Which way is best, and which of the criteria decided."""

from dataclasses import dataclass
from datetime import date
from typing import cast

import pytest

from core.outcome import Outcome
from core.verdict import Verdict, compare


@dataclass
class Stub:
    """An outcome as far as a comparison looks at it."""

    out_of_pocket: int
    debt_free_on: date | None = None
    worst_days_past_due: int = 0
    error: str | None = None
    refused: int | None = None


EARLY, LATER = date(2027, 3, 10), date(2028, 8, 1)


def verdict(*outcomes: Stub) -> Verdict:
    return compare(cast("list[Outcome]", list(outcomes)))


CASES = {
    "cheaper": ([Stub(900, LATER), Stub(1000, EARLY)], Verdict(0, "free", (), 1, "cheaper", True, 100)),
    "sooner": ([Stub(900, LATER), Stub(900, EARLY)], Verdict(1, "free", (), 0, "sooner", True, 17)),
    "sooner than never": ([Stub(900), Stub(900, EARLY)], Verdict(1, "free", (), 0, "sooner", False, 0)),
    "calmer": ([Stub(900, EARLY, 40), Stub(900, EARLY, 8)], Verdict(1, "free", (), 0, "calmer", True, 32)),
    "equals are no second": (
        [Stub(900, EARLY, 8), Stub(900, EARLY, 8), Stub(950, EARLY)],
        Verdict(0, "free", (1,), 2, "cheaper", True, 50),
    ),
    "all equal": ([Stub(900, EARLY), Stub(900, EARLY)], Verdict(0, "free", (1,), None, "alone", False, 0)),
    "one alone": ([Stub(900, EARLY)], Verdict(0, "free", (), None, "alone", False, 0)),
    "the cheapest stays in debt": ([Stub(900), Stub(950, EARLY)], Verdict(0, "open", (), 1, "cheaper", False, 50)),
    "nobody gets free": ([Stub(950), Stub(900)], Verdict(1, "nobody_free", (), 0, "cheaper", False, 50)),
    "nothing owed": ([Stub(0, EARLY), Stub(0, EARLY)], Verdict(0, "nothing_owed", (1,), None, "alone", False, 0)),
    "an error takes no part": (
        [Stub(1, EARLY, error="a"), Stub(1, EARLY, refused=0), Stub(900), Stub(800)],
        Verdict(3, "nobody_free", (), 2, "cheaper", False, 100),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_compare(name: str) -> None:
    outcomes, expected = CASES[name]
    assert verdict(*outcomes) == expected


def test_without_any_answer_there_is_no_verdict() -> None:
    with pytest.raises(ValueError, match="empty"):
        verdict(Stub(1, error="a"))


def test_what_lies_outside_an_outcome_is_counted() -> None:
    """Of two equal outcomes, the one with a fee to others is dearer by that fee; without it, it stands first."""
    both = cast("list[Outcome]", [Stub(1000, EARLY), Stub(1000, EARLY)])
    found = compare(both, [500, 0])
    assert (found.best, found.second, found.reason, found.margin) == (1, 0, "cheaper", 500)
    assert compare(both).best == 0
