"""When a hosted document that nobody opens any more is deleted. Pure.

At home nothing is ever deleted by itself.
"""

from datetime import date, datetime, timedelta

UNOPENED_DAYS = 400
"""So many days after it was opened last, a hosted document is deleted; each opening begins them anew."""


def deletes_on(opened_at: datetime) -> date:
    """Give the date on which a document goes if nobody opens it before; by UTC, and not before the hour of opening.

    >>> from datetime import UTC
    >>> deletes_on(datetime(2026, 11, 24, 23, 30, tzinfo=UTC))
    datetime.date(2027, 12, 29)
    """
    return (opened_at + timedelta(days=UNOPENED_DAYS)).date()


def opened_before(now: datetime) -> datetime:
    """Give the latest opening after which a document has had its days."""
    return now - timedelta(days=UNOPENED_DAYS)
