"""The calendar file, read back by the rules of RFC 5545 and held against the engine's ledger."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from core import simulate
from core.calendar_file import calendar_of
from core.exports import LANGUAGES, words_of, yuan
from core.household import HouseholdDocument, household_of, read_household
from core.levers import as_option, longer, months_after
from core.plan import CardDebt, InstalmentDebt, OneOff, Payment, Plan, plan_from
from core.positions import Refused
from core.simulate import Scenario, simulate_ledger
from tests.random_plans import random_plan

SAMPLES = sorted((Path(__file__).parents[2] / "sample_data").glob("*.json"))
EACH_SAMPLE = pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
SAY = words_of("zh")


@pytest.fixture(scope="module", autouse=True)
def warm_engine() -> None:
    simulate.warm()


@dataclass
class Component:
    """A component as it stands in a file: its lines by name, and what lies inside it."""

    name: str
    lines: dict[str, tuple[str, str]] = field(default_factory=dict)
    inside: list["Component"] = field(default_factory=list)

    def text(self, name: str) -> str:
        return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], self.lines[name][1])

    @property
    def day(self) -> date:
        return date.fromisoformat(self.lines["DTSTART"][1])

    @property
    def alarms(self) -> list[str]:
        return [each.lines["TRIGGER"][1] for each in self.inside]


def read(data: bytes) -> list[Component]:
    """Read a file strictly, and give its events."""
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")  # no character is split between two lines
    stack = [Component("")]
    for line in data.decode("utf-8").replace("\r\n ", "").split("\r\n")[:-1]:
        head, _, value = line.partition(":")
        name, _, parameters = head.partition(";")
        if name == "BEGIN":
            stack[-1].inside.append(Component(value))
            stack.append(stack[-1].inside[-1])
        elif name == "END":
            assert stack.pop().name == value
        else:
            assert re.fullmatch(r"[A-Z-]+", name)
            assert name not in stack[-1].lines, f"{name} twice"
            stack[-1].lines[name] = parameters, value
    assert len(stack) == 1
    (calendar,) = stack[0].inside
    assert calendar.name == "VCALENDAR"
    assert calendar.lines["VERSION"] == ("", "2.0")
    for event in calendar.inside:
        assert event.name == "VEVENT"
        assert event.lines["DTSTART"][0] == event.lines["DTEND"][0] == "VALUE=DATE"
        assert date.fromisoformat(event.lines["DTEND"][1]) == event.day + timedelta(1)
        assert re.fullmatch(r"\d{8}T\d{6}Z", event.lines["DTSTAMP"][1])
        assert event.lines["SUMMARY"][1]
        assert all(alarm.lines["ACTION"][1] == "DISPLAY" and alarm.text("DESCRIPTION") for alarm in event.inside)
    uids = Counter(event.lines["UID"][1] for event in calendar.inside)
    assert max(uids.values(), default=1) == 1
    return calendar.inside


def titled(events: list[Component], key: str, **values: str) -> list[Component]:
    """The events whose title is this sentence; what is not filled in may be anything."""
    pattern = re.escape(SAY.sentences[key]).replace(r"\{", "{").replace(r"\}", "}")
    for name in re.findall(r"\{(\w+)\}", pattern):
        pattern = pattern.replace(f"{{{name}}}", re.escape(values[name]) if name in values else ".+")
    return [event for event in events if re.fullmatch(pattern, event.text("SUMMARY"))]


def named(path_stem: str) -> HouseholdDocument:
    return read_household(next(path for path in SAMPLES if path.stem == path_stem))


def payments(plan: Plan, strategy: str) -> dict[tuple[date, str], int]:
    """What is paid to each debt, by day and name, within a year."""
    frame: Any = simulate_ledger([Scenario(plan, strategy)])[0]
    frame = frame[(frame.kind == "paid") & (frame.date > str(plan.start))]
    frame = frame[frame.date <= str(months_after(plan, 12))]
    names = {debt.id: debt.name for debt in plan.debts}
    sums = frame.groupby(["date", "debt"])["amount"].sum()
    return {(day.date(), names[debt]): int(fen) for (day, debt), fen in sums.items() if fen}


@pytest.mark.parametrize("strategy", ["avalanche", "minimum", "rescue", "stop"])
@EACH_SAMPLE
def test_every_payment_of_a_year_is_there_with_its_amount(path: Path, strategy: str) -> None:
    document = read_household(path).model_copy(update={"chosen": strategy})
    events = read(calendar_of(document, "zh"))
    expected = payments(document.plan, strategy)
    found = {(event.day, event.text("SUMMARY")) for event in events if event.alarms == ["-PT15H"]}
    for (day, name), fen in expected.items():
        assert (day, SAY("calendar.paid", name=name, amount=yuan(fen))) in found
    assert len(titled(events, "calendar.paid")) >= len(expected)
    assert {event.day for event in titled(events, "calendar.paid")} == {day for day, _ in expected}


@EACH_SAMPLE
def test_paydays_say_what_to_set_aside(path: Path) -> None:
    document = read_household(path).model_copy(update={"chosen": "minimum"})
    plan = document.plan
    frame: Any = simulate_ledger([Scenario(plan, "minimum")])[0]
    frame = frame[(frame.kind == "set_aside") & (frame.date <= str(months_after(plan, 12)))]
    sums = frame.groupby("date")["amount"].sum()
    events = read(calendar_of(document, "zh"))
    for day, fen in sums.items():
        titles = [event.text("SUMMARY") for event in events if event.day == day.date()]
        assert [title for title in titles if "留出" in title and yuan(int(fen)) in title], (day, titles)


@EACH_SAMPLE
def test_statements_have_the_minimum_and_the_day_by_which_it_is_paid(path: Path) -> None:
    document = read_household(path)
    events = read(calendar_of(document, "zh"))
    for debt in document.plan.debts:
        shown = titled(events, "calendar.statement", name=debt.name)
        if isinstance(debt, InstalmentDebt):
            assert shown == []
            continue
        for event in shown:
            assert event.day.day == debt.statement_day
            assert re.search(rf"{debt.due_day}日", event.text("DESCRIPTION"))


def test_the_same_document_gives_the_same_bytes_and_events_known_by_what_they_are() -> None:
    document = named("first_missed_weilidai")
    data = calendar_of(document, "zh")
    assert calendar_of(document, "zh") == data
    # In the other language it is the same events.
    first, second = (
        {(event.lines["UID"][1], event.day) for event in read(calendar_of(document, language))}
        for language in LANGUAGES
    )
    assert first == second


def test_a_later_file_brings_new_amounts_to_the_same_events() -> None:
    document = named("first_missed_weilidai").model_copy(update={"chosen": "minimum"})
    plan = document.plan
    later = plan.start + timedelta(5)
    card = next(debt for debt in plan.debts if isinstance(debt, CardDebt))
    paid = Payment(date=plan.as_of + timedelta(2), debt=card.id, amount=10_000)
    household = plan.household.model_copy(update={"cash": plan.household.cash - 10_000})
    kept_up = plan.model_copy(update={"today": later, "paid": (paid,), "household": household})
    before = {e.lines["UID"][1]: e for e in read(calendar_of(document, "zh"))}
    after = {e.lines["UID"][1]: e for e in read(calendar_of(document.model_copy(update={"plan": kept_up}), "zh"))}
    same = before.keys() & after.keys()
    changed = [uid for uid in same if before[uid].text("SUMMARY") != after[uid].text("SUMMARY")]
    assert len(same) > 20
    assert changed
    for uid in same:
        assert before[uid].day == after[uid].day
        assert int(before[uid].lines["SEQUENCE"][1]) < int(after[uid].lines["SEQUENCE"][1])
        assert before[uid].lines["DTSTAMP"][1] < after[uid].lines["DTSTAMP"][1]


@pytest.mark.parametrize(
    "name",
    [
        "a\nBEGIN:VEVENT\nSUMMARY:x",
        "a\r\nATTACH:http://x",
        '甲;乙,丙\\n丁:戊"己',
        "<b>x</b><script>alert(1)</script>",
        "字" * 200,
        "👨‍👩‍👧‍👦" * 28,
        "x" * 200,
    ],
)
def test_no_name_breaks_the_file(name: str) -> None:
    plan = named("family_that_helps").plan
    debts = tuple(debt.model_copy(update={"name": name}) for debt in plan.debts)
    one_offs = tuple(each.model_copy(update={"name": name}) for each in plan.household.one_offs)
    household = plan.household.model_copy(update={"one_offs": one_offs})
    marked = plan.model_copy(update={"debts": debts, "household": household})
    plain, events = (read(calendar_of(household_of(each), "zh")) for each in (plan, marked))
    assert [event.lines["UID"] for event in events] == [event.lines["UID"] for event in plain]
    shown = " ".join(name.split()).replace("<", "‹").replace(">", "›")
    assert any(shown in event.text("SUMMARY") for event in events)
    for event in events:
        assert set(event.lines) == set(plain[0].lines)
        assert not re.search("[<>]", event.text("SUMMARY") + event.text("DESCRIPTION"))


def test_help_that_goes_straight_to_a_lender_is_named() -> None:
    plan = named("first_missed_weilidai").plan
    debt = next(debt for debt in plan.debts if isinstance(debt, InstalmentDebt))
    day = plan.start + timedelta(1)
    gift = OneOff(name="大姐", date=day, amount=50_000, for_debt=debt.id)
    household = plan.household.model_copy(update={"one_offs": (*plan.household.one_offs, gift)})
    events = read(calendar_of(household_of(plan.model_copy(update={"household": household})), "zh"))
    (event,) = [event for event in titled(events, "calendar.paid", name=debt.name) if event.day == day]
    assert "大姐" in event.text("DESCRIPTION")
    assert "¥500.00" in event.text("DESCRIPTION")


# -- dates that matter


def test_a_debt_that_is_late_has_its_dates_and_one_kept_up_has_none() -> None:
    document = named("first_missed_weilidai")
    plan = document.plan
    events = read(calendar_of(document, "zh"))
    late = next(debt for debt in plan.debts if isinstance(debt, InstalmentDebt) and debt.bills)
    missed = late.bills[0].due
    (ninety,) = titled(events, "matters.record_code", name=late.name)
    assert ninety.day == missed + timedelta(91)
    assert SAY("backed.custom") in ninety.text("DESCRIPTION")
    assert ninety.alarms == ["-P6DT15H", "-PT15H"]
    (gone,) = titled(events, "matters.limitation", name=late.name)
    assert gone.day > plan.start + timedelta(3 * 365)
    assert gone.alarms == []
    for debt in plan.debts:
        if debt != late:
            assert titled(events, "matters.record_code", name=debt.name) == []
            assert titled(events, "matters.limitation", name=debt.name) == []


def one_loan(plan: Plan, **update: object) -> HouseholdDocument:
    loan = next(debt for debt in plan.debts if isinstance(debt, InstalmentDebt) and debt.bills)
    return household_of(plan.model_copy(update={"debts": (loan.model_copy(update=update),)}))


def test_grace_and_the_whole_falling_due_come_from_the_debts_own_terms() -> None:
    plan = named("first_missed_weilidai").plan
    document = one_loan(plan, grace_days=10, accelerate_after_days=60)
    (loan,) = document.plan.debts
    assert isinstance(loan, InstalmentDebt)
    missed = loan.bills[0].due
    events = read(calendar_of(document, "zh"))
    (grace,) = titled(events, "matters.grace_ends", name=loan.name)
    (whole,) = titled(events, "matters.whole_due", name=loan.name)
    assert (grace.day, whole.day) == (missed + timedelta(10), missed + timedelta(60))
    assert SAY("backed.contract") in whole.text("DESCRIPTION")


def test_what_the_way_lets_become_late_has_dates_only_while_it_stays_late() -> None:
    plan = named("first_missed_weilidai").plan
    loan = next(debt for debt in plan.debts if isinstance(debt, InstalmentDebt))
    fresh = loan.model_copy(update={"bills": (), "penalty": 0, "accelerate_after_days": 60, "grace_days": 3})
    alone = household_of(plan.model_copy(update={"debts": (fresh,)}))
    paying, stopping = (
        read(calendar_of(alone.model_copy(update={"chosen": way}), "zh")) for way in ("minimum", "stop")
    )
    assert titled(paying, "matters.whole_due") == titled(paying, "matters.grace_ends") == []
    (whole,) = titled(stopping, "matters.whole_due")
    (grace,) = titled(stopping, "matters.grace_ends")
    assert whole.day - grace.day == timedelta(57)
    assert titled(stopping, "matters.limitation") == []


def test_the_first_payment_of_an_agreed_offer_is_there() -> None:
    document = named("first_missed_weilidai")
    debt = next(debt for debt in document.plan.debts if isinstance(debt, InstalmentDebt))
    offer = as_option(longer(document.plan, debt.id, 36), "offer").model_copy(update={"state": "chosen"})
    events = read(calendar_of(document.model_copy(update={"offers": (offer,)}), "zh"))
    (first,) = titled(events, "calendar.offer", name=debt.name)
    assert first.day.day == debt.due_day
    assert titled(read(calendar_of(document, "zh")), "calendar.offer") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hosted_plan_says_when_it_is_deleted(language: str) -> None:
    say, day = words_of(language), date(2027, 5, 1)
    document = named("halved_income")
    events = read(calendar_of(document, language, delete_on=day))
    (deleted,) = [event for event in events if event.text("SUMMARY") == say("calendar.delete")]
    assert deleted.day == day
    assert deleted.alarms == ["-P6DT15H", "-PT15H"]
    assert len(read(calendar_of(document, language))) == len(events) - 1


def test_plans_made_at_random_have_calendars_too() -> None:
    looked_at = 0
    for seed in range(40):
        plan = plan_from(random_plan(Random(seed), recorded=seed % 2 == 0))
        try:
            events = read(calendar_of(household_of(plan), "en"))
        except Refused:
            continue
        looked_at += 1
        assert all(event.day > plan.start for event in events)
    assert looked_at > 25


def test_a_short_horizon_does_not_end_the_year() -> None:
    plan = named("first_missed_weilidai").plan.model_copy(update={"horizon_months": 3})
    document = household_of(plan).model_copy(update={"chosen": "minimum"})
    events = titled(read(calendar_of(document, "zh")), "calendar.paid")
    assert max(event.day for event in events) > plan.start + timedelta(300)


def test_what_has_no_answer_is_refused() -> None:
    document = named("first_missed_weilidai")
    day = document.plan.as_of + timedelta(1)
    paid = Payment(date=day, debt=document.plan.debts[0].id, amount=10**9)
    plan = document.plan.model_copy(update={"today": day, "paid": (paid,)})
    with pytest.raises(Refused):
        calendar_of(household_of(plan), "zh")
    with pytest.raises(KeyError):
        calendar_of(document, "fr")


def test_cards_in_a_year_have_a_statement_a_month() -> None:
    document = named("cards_and_jiebei_past_90_days").model_copy(update={"chosen": "stop"})
    events = read(calendar_of(document, "zh"))
    for debt in document.plan.debts:
        if isinstance(debt, CardDebt):
            assert len(titled(events, "calendar.statement", name=debt.name)) in (11, 12)
