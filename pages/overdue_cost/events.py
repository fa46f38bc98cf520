"""The course of events as sentences and as a list: what, when, of which kind, how sure, and who says so."""

from collections.abc import Collection, Sequence
from datetime import date, time
from decimal import Decimal
from html import escape
from itertools import groupby

from core.consequences import Event
from core.facts import facts
from pages.shared import theme
from pages.shared.words import DEFAULT_LANGUAGE, Words, words_in

_BANDED = ("stage", "risk_class")


def sentence(event: Event, say: Words) -> str:
    """Give the sentence of an event."""
    values = {name: _written(name, value, say) for name, value in event.params.items()}
    if event.key in _BANDED:
        return say(f"overdue.event.{event.key}_{event.params['band']}")
    if event.key == "calls":
        return _calls(values, say)
    return say(f"overdue.event.{event.key}", **values)


def _calls(values: dict[str, str], say: Words) -> str:
    """Calls may begin; then the limits that are known for the day."""
    limits = [say("overdue.event.calls")]
    if {"quiet_from", "quiet_until"} <= values.keys():
        limits.append(say("overdue.event.quiet", quiet_from=values["quiet_from"], quiet_until=values["quiet_until"]))
    limits += [
        say(f"overdue.event.{name}", **{name: values[name]}) for name in ("answered", "attempts") if name in values
    ]
    return say("format.clause_separator").join(limits)


def _written(name: str, value: object, say: Words) -> str:
    if isinstance(value, Decimal):
        return percent(value)
    if isinstance(value, time):
        return clock(value)
    if isinstance(value, int) and name in ("days", "years"):
        return say.counted("format.day_count" if name == "days" else "format.years", value)
    return theme.money(value) if isinstance(value, int) and name == "amount" else str(value)


def percent(rate: Decimal) -> str:
    """Write a share of 1 as a percentage without closing zeros.

    >>> percent(Decimal("0.2400")), percent(Decimal("0.000175"))
    ('24%', '0.0175%')
    """
    return f"{(rate * 100).normalize():f}%"


def clock(value: time) -> str:
    """Write a time of day: 22:00, 8:00."""
    return f"{value.hour}:{value.minute:02d}"


def who_says(event: Event, today: date, say: Words) -> str:
    """Name the articles behind an event, or where there is none the sources; the debt's own terms where no fact is.

    The rules are those of the plan's day, as the events are: a bill may be older than the rule that speaks of it.
    """
    if not event.facts:
        return say("overdue.line.contract")
    known = facts()
    articles = [known.as_read(fact, today).dated.article for fact in event.facts]
    # One fact may rest on several articles, and several facts on the same one; titles of laws stay Chinese.
    between = words_in(DEFAULT_LANGUAGE)("format.clause_separator")
    named = [part for article in articles if article for part in article.split(between)]
    if not named:
        named = [getattr(known.sources[mark].title, say.language) for mark in event.sources]
    return say("format.clause_separator").join(dict.fromkeys(named))


def listed(events: Sequence[Event], today: date, last_drawn: date, stale: Collection[str], say: Words) -> str:
    """Lay events out as an HTML list, a day an entry, with today among them.

    Args:
        events: Rising by date.
        today: The plan's day.
        last_drawn: The last day of the chart; later ones say that they are not on it.
        stale: Ids of facts that are out of date.
        say: The reader's catalogue.
    """
    entries: list[str] = []
    shown_today = False
    for day, group in groupby(events, key=lambda event: event.date):
        if day > today and not shown_today:
            entries.append(_today(today, say))
            shown_today = True
        rows = "".join(_row(event, today, stale, say) for event in group)
        after = escape(say("overdue.line.beyond_chart")) if day > last_drawn else ""
        kind = ' class="past"' if day <= today else ""
        head = f'<time datetime="{day.isoformat()}">{escape(theme.day(day, say))}</time>{after}'
        entries.append(f"<li{kind}>{head}<ul>{rows}</ul></li>")
    if not shown_today:
        entries.append(_today(today, say))
    return f'<ol class="events" aria-label="{escape(say("overdue.line.title"))}">{"".join(entries)}</ol>'


def _today(today: date, say: Words) -> str:
    written = f"{say('overdue.line.now')} · {theme.day(today, say)}"
    return f'<li class="now" aria-current="date">{escape(written)}</li>'


def _row(event: Event, today: date, stale: Collection[str], say: Words) -> str:
    kind = f"{say(f'overdue.kind.{event.kind}')} · {say(f'overdue.certainty.{event.certainty.lower()}')}"
    old = any(fact in stale for fact in event.facts)
    mark = f'<span class="tag">{escape(say("overdue.line.stale"))}</span>' if old else ""
    return (
        f"<li>{escape(sentence(event, say))}"
        f'<span class="tag {event.kind}">{escape(kind)}</span>{mark}'
        f'<span class="who">{escape(say("overdue.line.whose", who=who_says(event, today, say)))}</span></li>'
    )
