"""Which of several ways is best, and by how much: the comparison behind the one sentence over a chart.

It ranks by CALCULATION.md §7 and says which of its criteria decided. No words, no formats here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.outcome import Outcome
from core.plan_values import month_index

Ending = Literal["free", "open", "nobody_free", "nothing_owed"]
Reason = Literal["cheaper", "sooner", "calmer", "alone"]


@dataclass(frozen=True)
class Verdict:
    """How the best of several outcomes stands among them.

    Attributes:
        best: Its index.
        ending: `free`: it ends without debt; `open`: it does not, another one does; `nobody_free`: none does;
            `nothing_owed`: nothing was owed to begin with.
        equals: The other outcomes that are the same in all that §7 compares, by index.
        second: The best of the rest, or None where all are equal or there is no other.
        reason: What sets the best apart from the second: `cheaper`: less paid and owed together; `sooner`: as cheap and
            free earlier; `calmer`: as cheap and as soon, with fewer days past due; `alone`: there is no second.
        both_free: Whether both end without debt, so that what is paid and owed together is simply what is paid.
        margin: How much: fen, whole months between the two dates, or days; 0 for `alone`, and for `sooner` than never.
    """

    best: int
    ending: Ending
    equals: tuple[int, ...]
    second: int | None
    reason: Reason
    both_free: bool
    margin: int


def compare(outcomes: Sequence[Outcome], outside: Sequence[int] = ()) -> Verdict:
    """Compare outcomes of one plan under several strategies, or of several plans.

    Args:
        outcomes: At least one without an error; those with an error take no part.
        outside: What must be added to the `out_of_pocket` of each where their levers differ (`core.levers.outside`);
            nothing where it is empty.

    Raises:
        ValueError: No outcome is without an error.
    """
    merits = [_merits(outcome, added) for outcome, added in zip(outcomes, outside or [0] * len(outcomes), strict=True)]
    able = [k for k, outcome in enumerate(outcomes) if outcome.error is None and outcome.refused is None]
    first = min(able, key=lambda k: (merits[k], k))
    equals = tuple(k for k in able if k != first and merits[k] == merits[first])
    rest = [k for k in able if merits[k] != merits[first]]
    ending = _ending(outcomes[first], [outcomes[k] for k in able])
    if not rest:
        return Verdict(first, ending, equals, None, "alone", False, 0)
    second = min(rest, key=lambda k: (merits[k], k))
    reason, margin = _lead(merits[first], merits[second])
    both_free = outcomes[first].debt_free_on is not None and outcomes[second].debt_free_on is not None
    return Verdict(first, ending, equals, second, reason, both_free, margin)


def _merits(outcome: Outcome, outside: int) -> tuple[int, date, int]:
    return outcome.out_of_pocket + outside, outcome.debt_free_on or date.max, outcome.worst_days_past_due


def _ending(winner: Outcome, all_of_them: Sequence[Outcome]) -> Ending:
    if winner.out_of_pocket == 0:
        return "nothing_owed"
    if winner.debt_free_on is not None:
        return "free"
    return "open" if any(outcome.debt_free_on is not None for outcome in all_of_them) else "nobody_free"


def _lead(winner: tuple[int, date, int], other: tuple[int, date, int]) -> tuple[Reason, int]:
    if winner[0] != other[0]:
        return "cheaper", other[0] - winner[0]
    if winner[1] != other[1]:
        return "sooner", 0 if other[1] == date.max else month_index(other[1]) - month_index(winner[1])
    return "calmer", other[2] - winner[2]
