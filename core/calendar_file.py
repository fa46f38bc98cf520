# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
"""A household's days as a calendar file (RFC 5545): what to pay, what to set aside, and the dates that matter.

Everything is read off the way that is followed, for the twelve months after `plan.start`; past that only the limitation
of what is late today. All events last a day and belong to no time zone. An event is known by what it is, its debt and
its day: a file that is opened twice adds nothing, and a later one brings new amounts to the same events. No clock is
asked, so the same document gives the same bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from icalendar import Alarm, Calendar, Event

from core.aftermath import Known
from core.calendar_dates import dates_that_matter
from core.engine.lower import day_in_month, first_month_after
from core.exports import Words, one_line, words_of, yuan
from core.exports.course import Course, Entry, course_of, ledger_of
from core.household_models import HouseholdDocument
from core.levers import monthly_living_costs, months_after
from core.plan import CardDebt, InstalmentDebt, Plan

MONTHS = 12
"""How far payments, paydays and statements are listed."""

_BEFORE = timedelta(hours=-15)  # nine in the morning of the day before
_WEEK_BEFORE = timedelta(days=-7, hours=9)
_SAME_DAY = timedelta(hours=9)
_EPOCH = date(2000, 1, 1)
_HOLDS_MARKUP = str.maketrans("<>", "‹›")


@dataclass(frozen=True)
class _Day:
    """An event of one day: `kind`, `debt` and `day` are what it is known by."""

    day: date
    kind: str
    debt: str
    title: str
    notes: Sequence[str]
    alarms: Sequence[timedelta] = ()


def calendar_of(document: HouseholdDocument, language: str, *, delete_on: date | None = None) -> bytes:
    """Write a household's days.

    Args:
        document: Not modified.
        language: `zh` or `en`.
        delete_on: The day on which the plan is deleted from a server if nobody opens it; None where it is not.

    Returns:
        The file, UTF-8. Equal documents give equal bytes.

    Raises:
        Refused: No way has an answer (`core.exports.course.course_of`).
        KeyError: There is no such language.
    """
    words = words_of(language)
    course = course_of(document)
    known = {each.debt: Known(each.product, each.contract_date) for each in document.debts}
    book = _Book(course, words)
    days = [*book.days(), *_matters(course, known, words)]
    if delete_on is not None:
        note = words("calendar.delete_note")
        days.append(_Day(delete_on, "delete", "", words("calendar.delete"), [note], [_WEEK_BEFORE, _BEFORE]))
    return _written(days, course.plan.start, words)


# -- what the ledger says


class _Book:
    """The ledger of the way that is followed, as days of a calendar."""

    def __init__(self, course: Course, words: Words) -> None:
        plan = course.plan
        # A short horizon would end the calendar before its twelve months are over.
        plan = plan.model_copy(update={"horizon_months": max(plan.horizon_months, MONTHS + 1)})
        last = months_after(plan, MONTHS)
        self._plan = plan
        self._words = words
        self._way = words(f"strategy.{course.way.strategy}")
        self._names = {debt: _safe(name) for debt, name in course.names.items()}
        self._entries = [e for e in ledger_of(plan, course.way.strategy) if plan.start < e.day <= last and e.amount]

    def days(self) -> Iterator[_Day]:
        yield from self._payments()
        yield from self._decisions()
        yield from self._statements()
        yield from self._first_of_offers()

    def _payments(self) -> Iterator[_Day]:
        say = self._words
        for (day, debt), amount in _sums(self._entries, "paid").items():
            name, paid = self._names[debt], yuan(amount)
            notes = [say("calendar.paid_note", way=self._way)]
            for each in self._plan.household.one_offs:
                if each.for_debt == debt and each.date == day:
                    notes.append(say("calendar.paid_tied", name=_safe(each.name), amount=yuan(each.amount)))
            yield _Day(day, "pay", debt, say("calendar.paid", name=name, amount=paid), notes, [_BEFORE])

    def _decisions(self) -> Iterator[_Day]:
        """The days on which money is divided: paydays, and the first day of the plan where some is set aside."""
        say = self._words
        aside, paid = _sums(self._entries, "set_aside"), _sums(self._entries, "paid")
        for day in sorted({day for day, _ in (*aside, *paid)}):
            kept = {debt: amount for (on, debt), amount in aside.items() if on == day}
            notes = [say("calendar.aside_line", name=self._names[debt], amount=yuan(kept[debt])) for debt in kept]
            sums = {"aside": sum(kept.values()), "paid": sum(amount for (on, _), amount in paid.items() if on == day)}
            amounts = {name: yuan(amount) for name, amount in sums.items()}
            if _is_payday(self._plan, day):
                form = "both" if sums["aside"] and sums["paid"] else "keep" if sums["aside"] else "pay"
                notes.append(say("calendar.living_line", amount=yuan(self._living_costs(day))))
                yield _Day(day, "payday", "", say(f"calendar.payday_{form}", **amounts), notes, [_SAME_DAY])
            elif kept:
                yield _Day(day, "payday", "", say("calendar.aside", amount=amounts["aside"]), notes, [_SAME_DAY])

    def _living_costs(self, payday: date) -> int:
        """What is spent besides debts from a payday on, fen."""
        return monthly_living_costs(self._plan.model_copy(update={"today": payday - timedelta(1)}))

    def _statements(self) -> Iterator[_Day]:
        say = self._words
        debts = {debt.id: debt for debt in self._plan.debts}
        for (day, debt), amount in _sums(self._entries, "due").items():
            due = _minimum_due(debts[debt], day)
            if due is not None:
                title = say("calendar.statement", name=self._names[debt], amount=yuan(amount))
                yield _Day(day, "statement", debt, title, [say("calendar.statement_note", day=say.day(due))])

    def _first_of_offers(self) -> Iterator[_Day]:
        say = self._words
        due = _sums(self._entries, "due")
        for debt in self._plan.debts:
            ends = [*(change.date for change in debt.changes[1:]), date.max]
            for change, end in zip(debt.changes, ends, strict=False):
                days = [day for day, of in due if of == debt.id and change.date < day <= end]
                if days and change.date > self._plan.start:
                    title = say("calendar.offer", name=self._names[debt.id], amount=yuan(due[days[0], debt.id]))
                    note = say("calendar.offer_note", day=say.day(change.date))
                    yield _Day(days[0], "offer", debt.id, title, [note], [_BEFORE])


def _sums(entries: Iterable[Entry], kind: str) -> dict[tuple[date, str], int]:
    sums: dict[tuple[date, str], int] = {}
    for entry in entries:
        if entry.kind == kind:
            key = entry.day, entry.debt
            sums[key] = sums.get(key, 0) + entry.amount
    return sums


def _minimum_due(debt: InstalmentDebt | CardDebt, day: date) -> date | None:
    """The due date of a card's minimum, which the ledger has on its statement's day; None of any other bill."""
    if isinstance(debt, InstalmentDebt) or any(change.date <= day for change in debt.changes):
        return None
    return date.fromordinal(day_in_month(first_month_after(day, debt.due_day), debt.due_day))


def _is_payday(plan: Plan, day: date) -> bool:
    tomorrow = day + timedelta(1)
    return day.day == plan.household.payday or (day.day < plan.household.payday and tomorrow.day == 1)


# -- what the law, custom and the contract say


def _matters(course: Course, known: dict[str, Known], words: Words) -> Iterator[_Day]:
    for each in dates_that_matter(course.plan, course.way.strategy, known, months_after(course.plan, MONTHS)):
        event, name = each.event, _safe(course.names[each.debt])
        values = {key: value if isinstance(value, int | str) else f"{value}" for key, value in event.params.items()}
        backed = words(f"backed.{event.kind}") if event.facts else words("backed.contract")
        note = words(f"matters.{event.key}_note", missed=words.day(each.missed), **values)
        yield _Day(
            event.date,
            event.key,
            each.debt,
            words(f"matters.{event.key}", name=name, **values),
            [note, words("backed.line", backed=backed)],
            () if event.key == "limitation" else [_WEEK_BEFORE, _BEFORE],
        )


# -- the file


def _written(days: Iterable[_Day], start: date, words: Words) -> bytes:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Ashore//Household plan//EN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", words("calendar.name"))
    for each in sorted(days, key=lambda each: (each.day, each.kind, each.debt)):
        calendar.add_component(_event(each, start))
    return calendar.to_ical(sorted=False)


def _event(each: _Day, start: date) -> Event:
    event = Event()
    event.add("uid", _uid(each))
    # Both rise from day to day, so that the later of two files is the one that counts.
    event.add("dtstamp", datetime.combine(start, time(), UTC))
    event.add("sequence", max(0, (start - _EPOCH).days))
    event.add("dtstart", each.day)
    event.add("dtend", each.day + timedelta(1))
    event.add("summary", each.title)
    event.add("description", "\n".join(each.notes))
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    for before in each.alarms:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", each.title)
        alarm.add("trigger", before)
        event.add_component(alarm)
    return event


def _uid(each: _Day) -> str:
    key = "\n".join((each.kind, each.debt, each.day.isoformat()))
    return f"{sha256(key.encode()).hexdigest()[:32]}@ashore"


def _safe(name: str) -> str:
    """A name on one line, and without the signs of markup: some calendars show a note as a page."""
    return one_line(name).translate(_HOLDS_MARKUP)
