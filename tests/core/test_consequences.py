"""What follows from not paying: dates, who says so, and what is left out."""

from datetime import date, time
from typing import Any

import pytest

from core.consequences import KEYS, Event, consequences
from core.plan import Bill, CardDebt, InstalmentDebt

AS_OF = date(2026, 11, 24)
MISSED = date(2026, 9, 15)


def loan(**terms: Any) -> InstalmentDebt:
    """A loan of 10,000 yuan."""
    usual: dict[str, Any] = {
        "id": "d",
        "name": "n",
        "kind": "instalment",
        "method": "equal_principal",
        "principal": 1_000_000,
        "instalments_left": 5,
        "due_day": 15,
        "daily_rate": "0.0005",
    }
    return InstalmentDebt(**(usual | terms))


def card(**terms: Any) -> CardDebt:
    """A card with 60,000 yuan."""
    usual: dict[str, Any] = {
        "id": "d",
        "name": "n",
        "kind": "card",
        "balance": 6_000_000,
        "statement_day": 25,
        "due_day": 15,
        "daily_rate": "0.0005",
    }
    return CardDebt(**(usual | terms))


def by_key(events: tuple[Event, ...], key: str) -> list[Event]:
    """The events of one key."""
    return [event for event in events if event.key == key]


def days(events: tuple[Event, ...], key: str) -> list[int]:
    """Days past due of the events of one key."""
    return [(event.date - MISSED).days for event in by_key(events, key)]


def test_credit_record_by_days() -> None:
    """Codes 1 to 7 on days 1, 31, 61 and so on; until the month's end it is an M; five years after the end."""
    events = consequences(loan(), "weilidai_10", MISSED, AS_OF)
    assert days(events, "record_code") == [1, 31, 61, 91, 121, 151, 181]
    assert [event.params["band"] for event in by_key(events, "record_code")] == list("1234567")
    month_end = by_key(events, "month_end")[0]
    assert (month_end.date, month_end.params["code"]) == (date(2026, 9, 30), "M")
    assert by_key(events, "record_gone")[0].date == date(2031, 11, 24)


def test_risk_class_by_days() -> None:
    """More than 90, 270 and 360 days."""
    events = consequences(loan(), "weilidai_10", MISSED, AS_OF)
    found = [(event.params["band"], (event.date - MISSED).days) for event in by_key(events, "risk_class")]
    assert found == [("special_mention", 1), ("substandard", 91), ("doubtful", 271), ("loss", 361)]
    assert {event.kind for event in by_key(events, "risk_class")} == {"law"}


def test_calls_have_their_limits() -> None:
    """Hours and counts come with the event, and with their sources."""
    call = by_key(consequences(loan(), "weilidai_10", MISSED, AS_OF), "calls")[0]
    assert call.date == date(2026, 9, 16)
    assert dict(call.params) == {"quiet_from": time(22), "quiet_until": time(8), "answered": 3, "attempts": 6}
    assert call.sources == ("S53", "S54")


def test_rules_not_yet_made_are_left_out() -> None:
    """At the end of 2025 nobody limited attempts yet; in early 2023 there was none of these rules."""
    later = by_key(consequences(loan(), "weilidai_10", date(2025, 11, 1), date(2025, 12, 1)), "calls")[0]
    assert later.params.keys() == {"quiet_from", "quiet_until", "answered"}
    old = consequences(loan(), "weilidai_10", date(2023, 1, 1), date(2023, 2, 1))
    assert by_key(old, "calls") == by_key(old, "risk_class") == by_key(old, "enforcement") == []


def test_grace_and_acceleration_are_the_debts_own() -> None:
    """Grace is shown where the debt has it and moves no warning; the whole falls due where the plan says so."""
    events = consequences(loan(grace_days=1, accelerate_after_days=60), "weilidai_10", MISSED, AS_OF)
    assert by_key(events, "grace_ends")[0].date == date(2026, 9, 16)
    assert days(events, "whole_due") == [60]
    assert days(events, "record_code")[0] == 1
    plain = consequences(loan(), "weilidai_10", MISSED, AS_OF)
    assert by_key(plain, "grace_ends") == by_key(plain, "whole_due") == []


def test_suit_is_an_estimate_with_its_steps() -> None:
    """Suit, judgment and execution follow one another."""
    events = consequences(loan(), "weilidai_10", MISSED, AS_OF)
    steps = [by_key(events, key)[0] for key in ("suit", "judgment", "enforcement")]
    assert [step.date for step in steps] == [date(2026, 12, 14), date(2027, 3, 14), date(2027, 3, 29)]
    assert {(step.kind, step.certainty) for step in steps} == {("estimate", "L")}


def test_limitation_of_instalments_runs_from_the_last() -> None:
    """Of those to come a guess; of bills past due the last one; of a card, and of one bill, the missed due date."""
    to_come = by_key(consequences(loan(), "weilidai_10", MISSED, AS_OF), "limitation")[0]
    assert (to_come.date, to_come.kind) == (date(2030, 4, 15), "estimate")
    assert to_come.facts == ("civil.limitation", "civil.limitation_instalments")
    bills = tuple(Bill(due=due, principal=1, interest=0) for due in (MISSED, date(2026, 11, 15)))
    late = (loan(principal=0, instalments_left=0, bills=bills[:count]) for count in (2, 1))
    debts = {"weilidai_10": next(late), "huabei_bill": next(late), "credit_card": card()}
    found = [by_key(consequences(debt, product, MISSED, AS_OF), "limitation")[0] for product, debt in debts.items()]
    assert [each.date for each in found] == [date(2029, 11, 15), date(2029, 9, 15), date(2029, 9, 15)]
    assert {each.kind for each in found} == {"law"}


def test_card_day_91() -> None:
    """Principal first on day 91, write-off after a year, and the criminal line from 50,000 yuan on."""
    events = consequences(card(principal_first_after_days=90), "credit_card", MISSED, AS_OF)
    assert days(events, "principal_first") == [91]
    assert by_key(events, "write_off")[0].date == date(2027, 9, 15)
    assert by_key(events, "crime_line")[0].params["amount"] == 50_000_00
    assert by_key(events, "month_end") == []
    small = consequences(card(balance=4_999_999), "credit_card", MISSED, AS_OF)
    assert by_key(small, "crime_line") == by_key(small, "principal_first") == []


def test_huabei_is_no_card_of_a_bank() -> None:
    """花呗 may be frozen after a week; the criminal rule and the banks' risk class are not its."""
    events = consequences(card(), "huabei_carried", MISSED, AS_OF)
    assert days(events, "line_frozen") == [7]
    assert by_key(events, "crime_line") == by_key(events, "risk_class") == []


@pytest.mark.parametrize("product_id", ["private_loan", "family_loan", None])
def test_persons_neither_report_nor_dun_by_the_rules(product_id: str | None) -> None:
    """A loan between persons has suit and limitation only."""
    events = consequences(loan(reported=False), product_id, MISSED, AS_OF)
    assert {event.key for event in events} == {"suit", "judgment", "enforcement", "limitation"}
    assert days(events, "suit") == [1]


def test_events_come_in_order() -> None:
    """By date, then by the order of the keys; every key is a known one, and what rests on facts has sources."""
    events = consequences(card(grace_days=3, principal_first_after_days=90), "credit_card", MISSED, AS_OF)
    assert list(events) == sorted(events, key=lambda event: (event.date, KEYS.index(event.key)))
    assert all(bool(event.facts) == bool(event.sources) for event in events)


def test_without_a_preset_a_reported_debt_counts_as_a_banks() -> None:
    """An imported plan knows no product."""
    assert by_key(consequences(loan(), None, MISSED, AS_OF), "risk_class")
