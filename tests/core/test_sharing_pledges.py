"""Offers of help: what may be said in one, and the lever that it becomes."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.decided import decided
from core.household import read_household
from core.levers import FamilyGift, FamilyLoan, FamilyMonthly
from core.plan import PlanError
from core.sharing.family_models import Hidden
from core.sharing.figures import figures_of
from core.sharing.pledges import (
    MESSAGE_MAX,
    PROBLEMS,
    WHO_MAX,
    Offered,
    Pledge,
    answer_from,
    as_chosen,
    as_lever,
    debt_of,
    id_of,
    key_of,
    option_id,
    parse_answer,
    parse_pledge,
    pledge_from,
)
from core.sharing.reading import write
from core.sharing.redaction import redacted
from core.sharing.secrets import Secret

DAY = date(2026, 11, 24)
KEYS = Secret("0123456789abcdefghjkmnpqrs").keys
DOCUMENT = read_household(Path(__file__).parents[2] / "sample_data" / "family_that_helps.json")
PLAN = DOCUMENT.plan
DEBT = PLAN.debts[0].id


def pledge(**changes: Any) -> Pledge:
    return pledge_from(**{"who": "妹妹", "kind": "once", "amount": 500_000, "made_on": DAY, **changes})


def codes(**changes: Any) -> list[str]:
    try:
        pledge(**changes)
    except PlanError as error:
        return [f"{problem.place} {problem.code}" for problem in error.problems if problem.zh and problem.en]
    return []


def offered(given: Pledge, debt: str | None = None, *, gone: bool = False) -> Offered:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    return Offered("abc", given, at, None, link="l", link_name="给妹妹", debt=debt, debt_is_gone=gone)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"amount": 0}, ["amount amount.range"]),
        ({"amount": -500}, ["amount amount.range"]),
        ({"amount": 10**11}, ["amount amount.range"]),
        ({"amount": 10**30}, ["amount amount.range"]),
        ({"amount": 1}, []),
        ({"amount": 10**9}, []),
        ({"who": ""}, ["who text.empty"]),
        ({"who": " \u200b "}, ["who text.empty"]),
        ({"who": "a\nb"}, ["who text.character"]),
        ({"who": "\ud800"}, ["who text.character"]),
        ({"who": "x" * (WHO_MAX + 1)}, ["who text.long"]),
        ({"who": "<script>alert(1)</script>"}, []),
        ({"message": "<img src=x onerror=alert(1)>\n& 爱你们"}, []),
        ({"message": "x" * MESSAGE_MAX}, []),
        ({"message": "x" * (MESSAGE_MAX + 1)}, ["message text.long"]),
        ({"message": "a\x00"}, ["message note.character"]),
        ({"kind": "steal"}, ["kind choice.unknown"]),
        ({"kind": "loan"}, ["months pledge.months_missing"]),
        ({"kind": "loan", "months": 24}, []),
        ({"kind": "loan", "months": 0}, ["months whole.range"]),
        ({"kind": "monthly", "months": 361}, ["months whole.range"]),
        ({"kind": "monthly"}, []),
        ({"kind": "monthly", "months": True}, ["months whole.type"]),
        ({"kind": "once", "months": 3}, ["months pledge.months_idle"]),
        ({"amount": 0, "who": "", "kind": "x"}, ["who text.empty", "kind choice.unknown", "amount amount.range"]),
    ],
    ids=repr,
)
def test_what_is_wrong_with_a_pledge_is_said_at_its_field(changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(**changes) == expected


def test_a_debt_that_the_link_does_not_show_cannot_be_meant() -> None:
    shown = redacted(figures_of(DOCUMENT), Hidden(), lambda debt: key_of(debt, KEYS))
    assert codes(to=key_of(DEBT, KEYS), shown=shown) == []
    assert codes(to="elsewhere", shown=shown) == ["to pledge.debt_gone"]


@given(
    st.text(max_size=100),
    st.sampled_from(["once", "monthly", "loan"]),
    st.integers(-(10**12), 10**12),
    st.none() | st.integers(-5, 400),
    st.text(max_size=600),
)
def test_what_is_accepted_is_read_back_the_same(who: str, kind: Any, amount: int, months: Any, message: str) -> None:
    try:
        made = pledge(who=who, kind=kind, amount=amount, months=months, message=message)
    except PlanError:
        return
    assert parse_pledge(write(made)) == made


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "json.syntax"),
        (b"[1]", "object.type"),
        (b"\xff\xfe", "file.utf8"),
        (b"[" * 100_000, "json.depth"),
        (write(pledge()).replace(b"pledge/1", b"pledge/2"), "schema.newer"),
        (write(pledge()).replace(b"pledge/1", b"other/1"), "schema.unknown"),
        (write(pledge()).replace(b'"5000.00"', b"5000"), "amount.type"),
        (write(pledge()).replace(b'"5000.00"', b"1e9"), "amount.type"),
        (write(pledge()).replace(b'"5000.00"', b'"\xef\xbc\x95"'), "amount.form"),
        (write(pledge())[:-1] + b',"more":1}', "field.unknown"),
        (write(pledge())[:-1] + b',"who":"again"}', "json.key_twice"),
        (write(pledge()).replace(b"2026-11-24", b"2026-02-30"), "date.no_such_day"),
    ],
)
def test_what_a_stranger_sends_is_read_strictly(data: bytes, code: str) -> None:
    with pytest.raises(PlanError) as caught:
        parse_pledge(data)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_the_same_words_on_the_same_day_are_one_pledge() -> None:
    first = id_of(pledge(), KEYS)
    assert id_of(pledge(), KEYS) == first
    other = Secret("z" * 26).keys
    changed = [pledge(amount=500_001), pledge(made_on=date(2026, 11, 25)), pledge(message="!"), pledge(who="弟弟")]
    assert len({first, *(id_of(each, KEYS) for each in changed), id_of(pledge(), other)}) == 6


def test_keys_of_debts_lead_back_and_differ_from_link_to_link() -> None:
    other = Secret("z" * 26).keys
    keys = [key_of(debt.id, KEYS) for debt in PLAN.debts]
    assert len(set(keys)) == len(PLAN.debts)
    assert [debt_of(key, KEYS, PLAN) for key in keys] == [debt.id for debt in PLAN.debts]
    assert [debt_of(key, other, PLAN) for key in keys] == [None] * len(keys)


class TestLever:
    def test_each_kind_has_its_lever(self) -> None:
        assert as_lever(offered(pledge()), PLAN) == FamilyGift(name="妹妹", amount=500_000)
        assert as_lever(offered(pledge(to="k"), DEBT), PLAN) == FamilyGift(name="妹妹", amount=500_000, for_debt=DEBT)
        month = 2026 * 12 + 10  # the payday of November is still ahead
        assert as_lever(offered(pledge(kind="monthly", months=3)), PLAN) == FamilyMonthly(
            name="妹妹", amount=500_000, until_month=month + 2
        )
        assert as_lever(offered(pledge(kind="monthly")), PLAN) == FamilyMonthly(name="妹妹", amount=500_000)
        assert as_lever(offered(pledge(kind="loan", months=24), DEBT), PLAN) == FamilyLoan(
            id="pledge-abc", name="妹妹", amount=500_000, instalments=24, due_day=12, for_debt=DEBT
        )

    def test_a_debt_that_is_gone_is_told_and_the_household_may_have_it(self) -> None:
        lost = offered(pledge(to="k"), gone=True)
        with pytest.raises(PlanError) as caught:
            as_chosen(lost, PLAN)
        assert [problem.code for problem in caught.value.problems] == ["pledge.debt_gone"]
        assert as_lever(lost, PLAN, to_household=True) == FamilyGift(name="妹妹", amount=500_000)

    @pytest.mark.parametrize(
        "changes", [{}, {"kind": "monthly"}, {"kind": "monthly", "months": 12}, {"kind": "loan", "months": 12}]
    )
    @pytest.mark.parametrize("debt", [None, DEBT])
    def test_an_accepted_pledge_moves_the_plan(self, changes: dict[str, Any], debt: str | None) -> None:
        made = offered(pledge(**changes), debt)
        option = as_chosen(made, PLAN)
        assert option.id == option_id(made)
        found = decided(DOCUMENT.model_copy(update={"levers": (*DOCUMENT.levers, option)}))
        assert found.problems == {}
        assert option.id in found.levers
        assert found.plan != decided(DOCUMENT).plan


def test_answers_are_read_strictly() -> None:
    made = answer_from(offered(pledge()), "declined", DAY, "谢谢，先不用")
    assert parse_answer(write(made)) == made
    with pytest.raises(PlanError):
        parse_answer(write(made).replace(b"declined", b"perhaps"))
    with pytest.raises(PlanError):
        answer_from(offered(pledge()), "accepted", DAY, "x" * (MESSAGE_MAX + 1))


def test_problems_are_said_in_both_languages() -> None:
    assert all(zh and en and zh != en for zh, en in PROBLEMS.values())
