"""Which revisions of a document are kept, so that a store does not grow for ever. Pure.

The newest `NEWEST_KEPT` all stay. Of older ones the last of each day stays, for `DAYS_KEPT` days. Where what remains
has more than `REVISION_BYTES_MAX` bytes, the oldest go first. The newest revision always stays.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

NEWEST_KEPT = 500
DAYS_KEPT = 400
REVISION_BYTES_MAX = 100_000_000


class RevisionInfo(NamedTuple):
    """A revision without its content.

    Attributes:
        number: Its place among the revisions of its document, from 1; thinning leaves gaps.
        at: When it was saved, UTC.
        size: Its length in bytes.
    """

    number: int
    at: datetime
    size: int


def superfluous(history: Sequence[RevisionInfo]) -> list[int]:
    """Find the revisions that need not be kept.

    Args:
        history: All revisions of a document, newest first.

    Returns:
        Their numbers.
    """
    kept = list(history[:NEWEST_KEPT])
    days = {info.at.date() for info in kept[-1:]}
    for info in history[NEWEST_KEPT:]:
        if info.at.date() not in days and len(kept) < NEWEST_KEPT + DAYS_KEPT:
            days.add(info.at.date())
            kept.append(info)
    total = 0
    numbers: set[int] = set()
    for info in kept:
        total += info.size
        if numbers and total > REVISION_BYTES_MAX:
            break
        numbers.add(info.number)
    return [info.number for info in history if info.number not in numbers]
