"""Household documents as they are read, held, written and refused."""

import json
import re
from contextlib import suppress
from copy import deepcopy
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from core.household import (
    MAX_FILE_BYTES,
    Answers,
    Call,
    DebtDetails,
    HouseholdDocument,
    LenderBalance,
    Lever,
    PlanError,
    checked,
    dump_household,
    household_from,
    household_of,
    parse_household,
    read_household,
    to_mapping,
    with_details,
    with_plan,
)
from core.household_models import Strategy
from core.household_problems import MESSAGES
from core.household_values import LIMITS, NOTE_MAX
from core.plan import dump_plan, plan_from, read_plan
from core.plan_problems import PROBLEMS_SHOWN
from core.simulate import STRATEGIES
from tests.strategies import amounts, names, plan_mappings

SAMPLES = sorted((Path(__file__).parents[2] / "sample_data").glob("*.json"))

LOAN: dict[str, Any] = {
    "id": "a",
    "name": "借呗",
    "kind": "instalment",
    "daily_rate": "0.0005",
    "method": "equal_principal",
    "principal": "1000.00",
    "instalments_left": 3,
    "due_day": 10,
}
PLAN: dict[str, Any] = {
    "schema": "ashore.plan/1",
    "as_of": "2026-11-01",
    "horizon_months": 12,
    "household": {"payday": 10, "cash": "0", "reserve": "0", "incomes": [], "expenses": [], "one_offs": []},
    "debts": [LOAN, {**LOAN, "id": "b", "name": "微粒贷"}],
}
FULL: dict[str, Any] = {
    "schema": "ashore.household/1",
    "plan": PLAN,
    "debts": {
        "a": {
            "product": "jiebei",
            "lender": "重庆某消费金融有限公司",
            "contract_date": "2025-03-01",
            "borrowed": "20000.00",
            "paid_before": "12500.50",
            "lender_balance": {"date": "2026-10-30", "amount": "1050.00"},
            "notes": "客服说可以\n延期",
        },
        "b": {},
    },
    "persons": [{"name": "妈妈", "kind": "elderly", "birth_year": 1955}, {"kind": "child"}],
    "levers": [
        {"id": "l1", "kind": "sell", "name": "卖掉车", "params": {"amount": "5000.00", "debts": ["a", "b"], "days": 3}}
    ],
    "offers": [{"id": "o1", "kind": "fewer_payments", "state": "chosen", "params": {"debt": "a", "months": 60}}],
    "chosen": "rescue",
    "answers": {"food": False, "threats": True},
    "calls": [{"date": "2026-10-31", "time": "09:30", "debt": "a", "incoming": True, "who": "工号 8812", "notes": "…"}],
    "notes": "先付房租",
    "language": "zh",
}


def changed(**fields: Any) -> dict[str, Any]:
    """The full document with other fields; a field that is `...` is left out."""
    document = deepcopy({**FULL, **fields})
    return {name: value for name, value in document.items() if value is not ...}


def found(data: object) -> list[str]:
    """What is said against a document: place and code of each problem; each is fit to be shown in either language."""
    with pytest.raises(PlanError) as caught:
        parse_household(data) if isinstance(data, str | bytes) else household_from(data)
    for problem in caught.value.problems:
        assert re.search("[\u4e00-\u9fff]", problem.zh)
        for sentence in (problem.zh, problem.en):
            assert not re.search(r"pydantic|Traceback|\bInput should\b|value_error", sentence)
            assert len(sentence) < 600
    return [f"{problem.place} {problem.code}" for problem in caught.value.problems]


class TestReading:
    """What a document's fields become."""

    def test_every_field(self) -> None:
        """Fen, dates, tuples; the object of details as a list in the file's order."""
        document = household_from(FULL)
        assert document.plan == plan_from(PLAN)
        assert document.debts[0] == DebtDetails(
            debt="a",
            product="jiebei",
            lender="重庆某消费金融有限公司",
            contract_date=date(2025, 3, 1),
            borrowed=2_000_000,
            paid_before=1_250_050,
            lender_balance=LenderBalance(date=date(2026, 10, 30), amount=105_000),
            notes="客服说可以\n延期",
        )
        assert document.details_of("b") == DebtDetails(debt="b")
        assert document.levers == (
            Lever(
                id="l1",
                kind="sell",
                name="卖掉车",
                state="considered",
                params=(("amount", "5000.00"), ("days", 3), ("debts", ("a", "b"))),
            ),
        )
        assert (document.offers[0].state, dict(document.offers[0].params)) == ("chosen", {"debt": "a", "months": 60})
        assert [(person.kind, person.birth_year) for person in document.persons] == [("elderly", 1955), ("child", None)]
        assert document.answers == Answers(food=False, threats=True)
        assert document.calls == (
            Call(date=date(2026, 10, 31), time="09:30", debt="a", incoming=True, who="工号 8812", notes="…"),
        )
        assert (document.chosen, document.language, document.notes) == ("rescue", "zh", "先付房租")

    def test_plan_alone_makes_a_document(self) -> None:
        """Everything else has a default that says nothing."""
        document = household_from({"schema": "ashore.household/1", "plan": PLAN})
        assert document == household_of(plan_from(PLAN))
        assert document.details_of("a") == DebtDetails(debt="a")
        assert (document.debts, document.persons, document.levers, document.offers, document.calls) == ((),) * 5
        assert (document.chosen, document.language, document.notes, document.answers) == (None, None, "", Answers())

    @pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
    def test_plan_file_is_wrapped(self, path: Path) -> None:
        """By every way in."""
        expected = household_of(read_plan(path))
        assert read_household(path) == expected
        assert parse_household(path.read_bytes()) == expected
        assert household_from(json.loads(path.read_text(encoding="utf-8"))) == expected

    def test_document_can_be_a_key(self) -> None:
        """Nothing in it can be changed in place, so that answers may be cached by it."""
        document = household_from(FULL)
        assert hash(document) == hash(household_from(FULL))
        with pytest.raises(ValidationError):
            document.notes = "x"  # pyright: ignore[reportAttributeAccessIssue]

    def test_mapping_is_not_changed(self) -> None:
        """It belongs to whoever gave it."""
        mapping = deepcopy(FULL)
        household_from(mapping)
        assert mapping == FULL

    def test_strategies_are_those_of_the_engine(self) -> None:
        """The document names them without loading it."""
        assert get_args(Strategy) == STRATEGIES


class TestWriting:
    """The canonical form."""

    def test_round_trip(self) -> None:
        """Reading what was written gives the same document, writing it again the same text."""
        for document in (household_from(FULL), household_of(plan_from(PLAN))):
            text = dump_household(document)
            assert parse_household(text) == document
            assert parse_household(text.encode()) == document
            assert dump_household(parse_household(text)) == text
            assert checked(document) == document

    def test_form(self) -> None:
        """Fields in the models' order, null left out, the plan as its own file has it."""
        text = dump_household(household_from(changed(debts={}, levers=[], offers=[], calls=[], answers={"rent": None})))
        assert list(json.loads(text)) == list(changed())
        assert text.startswith('{\n  "schema": "ashore.household/1",\n  "plan": {\n    "schema": "ashore.plan/1",\n')
        assert text.endswith('  "notes": "先付房租",\n  "language": "zh"\n}\n')
        assert json.loads(text)["answers"] == {}
        inside = text[text.index('"plan": ') + len('"plan": ') : text.index(',\n  "debts": ')]
        assert inside.replace("\n  ", "\n") + "\n" == dump_plan(plan_from(PLAN))

    def test_too_large_document_is_not_written(self) -> None:
        """What is written can always be read."""
        note = "好" * NOTE_MAX
        call = Call(date=date(2026, 10, 31), notes=note)
        document = household_of(plan_from(PLAN)).model_copy(update={"calls": (call,) * LIMITS["calls"]})
        with pytest.raises(PlanError) as caught:
            dump_household(document)
        assert [problem.code for problem in caught.value.problems] == ["file.size"]
        assert len(dump_household(document.model_copy(update={"calls": (call,) * 500}))) < MAX_FILE_BYTES

    def test_copy_that_breaks_a_rule_is_found(self) -> None:
        """A document built in Python goes through the same checks."""
        document = household_from(FULL)
        with pytest.raises(PlanError) as caught:
            checked(document.model_copy(update={"notes": "\ud800", "debts": (DebtDetails(debt="gone"),)}))
        codes = [problem.code for problem in caught.value.problems]
        assert codes == ["debts.nobody", "note.character"]

    @settings(max_examples=30, deadline=None)
    @given(st.data())
    def test_round_trip_of_any_document(self, data: st.DataObject) -> None:
        """With whatever plan inside and whatever texts around it."""
        plan = data.draw(plan_mappings(max_debts=3))
        notes = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")) | st.just("\n"), max_size=30)
        details = st.fixed_dictionaries(
            {},
            optional={"lender": names, "borrowed": amounts(), "notes": notes, "contract_date": st.just("2025-01-01")},
        )
        single = st.none() | st.booleans() | st.integers(-(10**15), 10**15) | names
        params = st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True), single | st.lists(single))
        mapping = {
            "schema": "ashore.household/1",
            "plan": plan,
            "debts": {debt["id"]: data.draw(details) for debt in plan["debts"] if data.draw(st.booleans())},
            "levers": [{"id": "x", "kind": "k", "params": data.draw(params)}],
            "notes": data.draw(notes),
        }
        document = household_from(mapping)
        assert parse_household(dump_household(document)) == document
        assert household_from(to_mapping(document)) == document


class TestKeepingInStep:
    """A plan changes, and what stands around it follows."""

    def test_details_of_deleted_debts_go(self) -> None:
        """Others stay, and so do calls: they may be evidence."""
        document = household_from(FULL)
        plan = document.plan.model_copy(update={"debts": document.plan.debts[1:]})
        kept = with_plan(document, plan)
        assert [details.debt for details in kept.debts] == ["b"]
        assert (kept.plan, kept.calls, kept.levers) == (plan, document.calls, document.levers)
        assert checked(kept) == kept

    def test_details_are_put_in_and_replaced(self) -> None:
        """In the plan's order, whichever came first."""
        document = household_of(plan_from(PLAN))
        document = with_details(document, DebtDetails(debt="b", lender="二"))
        document = with_details(document, DebtDetails(debt="a", lender="一"))
        document = with_details(document, DebtDetails(debt="b", lender="三"))
        assert [(details.debt, details.lender) for details in document.debts] == [("a", "一"), ("b", "三")]
        with pytest.raises(KeyError):
            with_details(document, DebtDetails(debt="z"))


LATER = "ashore.household/2"
BAD: dict[str, tuple[dict[str, Any], list[str]]] = {
    "later version": (changed(schema=LATER, plan=3, new_field=1), ["schema schema.newer"]),
    "plan of a later version": (changed(plan={"schema": "ashore.plan/2"}), ["plan.schema schema.newer"]),
    "later plan alone": ({"schema": "ashore.plan/12"}, ["schema schema.newer"]),
    "another kind of file": (changed(schema="someone.else/1", x=1), ["schema schema.unknown"]),
    "schema is no text": (changed(schema=1), ["schema schema.unknown"]),
    "no schema": (changed(schema=...), ["schema field.missing"]),
    "no plan": (changed(plan=..., debts={}), ["plan field.missing"]),
    "plan is no object": (changed(plan=[], debts={}), ["plan object.type"]),
    "fault in the plan": (changed(plan={**PLAN, "as_of": "soon"}), ["plan.as_of date.form"]),
    "unknown field": (changed(note="x"), ["note field.misspelt"]),
    "unknown field of details": (changed(debts={"a": {"debt": "a"}}), ["debts.a.debt field.unknown"]),
    "unknown field of a balance": (
        changed(debts={"a": {"lender_balance": {"date": "2026-10-30", "amount": "1.00", "at": 1}}}),
        ["debts.a.lender_balance.at field.unknown"],
    ),
    "unknown field of a row": (changed(persons=[{"kind": "adult", "age": 3}]), ["persons[0].age field.unknown"]),
    "unknown answer": (changed(answers={"foood": True}), ["answers.foood field.misspelt"]),
    "details of no debt": (changed(debts={"z": {}}), ["debts.z debts.nobody"]),
    "details are a list": (changed(debts=[{"debt": "a"}]), ["debts object.type"]),
    "details are null": (changed(debts={"a": None}), ["debts.a object.type"]),
    "too many details": (
        changed(debts={f"{number}": {} for number in range(41)}),
        ["debts list.length", *(f'debts["{number}"] debts.nobody' for number in range(41))],
    ),
    "amount as a number": (changed(debts={"a": {"borrowed": 5}}), ["debts.a.borrowed amount.type"]),
    "negative amount": (changed(debts={"a": {"paid_before": "-1.00"}}), ["debts.a.paid_before amount.range"]),
    "balance without a date": (
        changed(debts={"a": {"lender_balance": {"amount": "1.00"}}}),
        ["debts.a.lender_balance.date field.missing"],
    ),
    "no such day": (changed(debts={"a": {"contract_date": "2026-02-30"}}), ["debts.a.contract_date date.no_such_day"]),
    "long lender": (changed(debts={"a": {"lender": "x" * 201}}), ["debts.a.lender text.long"]),
    "long note": (changed(notes="x" * (NOTE_MAX + 1)), ["notes text.long"]),
    "note with a control character": (changed(notes="a\x07"), ["notes note.character"]),
    "note with half a character": (changed(notes="\ud83d"), ["notes note.character"]),
    "note is no text": (changed(notes=None), ["notes text.type"]),
    "persons are no list": (changed(persons={}), ["persons list.type"]),
    "too many persons": (changed(persons=[{"kind": "adult"}] * 31), ["persons list.length"]),
    "too many calls": (changed(calls=[{"date": "2026-10-31"}] * 1001), ["calls list.length"]),
    "person is no object": (changed(persons=["妈妈"]), ["persons[0] object.type"]),
    "person of no kind": (changed(persons=[{"name": "x"}]), ["persons[0].kind field.missing"]),
    "person of another kind": (changed(persons=[{"kind": "dog"}]), ["persons[0].kind choice.unknown"]),
    "year as a text": (
        changed(persons=[{"kind": "child", "birth_year": "2019"}]),
        ["persons[0].birth_year whole.type"],
    ),
    "year of another age": (
        changed(persons=[{"kind": "child", "birth_year": 19}]),
        ["persons[0].birth_year whole.range"],
    ),
    "same id twice": (changed(offers=[{"id": "o", "kind": "k"}] * 2), ["offers[1].id option.id_twice"]),
    "unknown state": (
        changed(levers=[{"id": "l", "kind": "k", "state": "done"}]),
        ["levers[0].state choice.unknown"],
    ),
    "kind with capitals": (changed(levers=[{"id": "l", "kind": "Sell"}]), ["levers[0].kind params.name"]),
    "parameters are a list": (
        changed(levers=[{"id": "l", "kind": "k", "params": []}]),
        ["levers[0].params object.type"],
    ),
    "parameter with a strange name": (
        changed(levers=[{"id": "l", "kind": "k", "params": {"a b": 1}}]),
        ["levers[0].params params.name"],
    ),
    "parameter that is an object": (
        changed(levers=[{"id": "l", "kind": "k", "params": {"a": {}}}]),
        ["levers[0].params params.value"],
    ),
    "parameter that is a list of lists": (
        changed(levers=[{"id": "l", "kind": "k", "params": {"a": [[]]}}]),
        ["levers[0].params params.value"],
    ),
    "huge parameter": (
        changed(levers=[{"id": "l", "kind": "k", "params": {"a": 10**16}}]),
        ["levers[0].params params.value"],
    ),
    "too many parameters": (
        changed(levers=[{"id": "l", "kind": "k", "params": {f"p{number}": 1 for number in range(31)}}]),
        ["levers[0].params list.length"],
    ),
    "long list as a parameter": (
        changed(levers=[{"id": "l", "kind": "k", "params": {"a": [1] * 41}}]),
        ["levers[0].params list.length"],
    ),
    "unknown strategy": (changed(chosen="hope"), ["chosen choice.unknown"]),
    "answer that is no flag": (changed(answers={"rent": "yes"}), ["answers.rent flag.type"]),
    "no time of day": (changed(calls=[{"date": "2026-10-31", "time": "24:00"}]), ["calls[0].time time.form"]),
    "unknown language": (changed(language="fr"), ["language choice.unknown"]),
    "everywhere at once": (
        changed(
            plan={**PLAN, "horizon_months": 0, "as_off": 1},
            debts={"z": {"borrowed": "x"}},
            calls=[{}],
            language=1,
            extra=1,
        ),
        [
            "plan.horizon_months whole.range",
            "plan.as_off field.misspelt",
            "debts.z.borrowed amount.form",
            "debts.z debts.nobody",
            "calls[0].date field.missing",
            "language choice.unknown",
            "extra field.unknown",
        ],
    ),
}


class TestRefusing:
    """Each mistake alone, many at once, and files that are no document at all."""

    @pytest.mark.parametrize("name", BAD)
    def test_bad_document_is_refused_with_its_problem(self, name: str) -> None:
        """At its place, whether it comes as a mapping or as a file."""
        document, expected = BAD[name]
        assert found(document) == expected
        assert found(json.dumps(document)) == expected

    def test_every_code_is_tried(self) -> None:
        """A code that nothing brings up is either untested or dead; both languages fill in the same values."""
        tried = {problem.split(" ")[-1] for _, problems in BAD.values() for problem in problems}
        assert set(MESSAGES) <= tried
        for zh, en in MESSAGES.values():
            fields = [{field for _, field, _, _ in Formatter().parse(text) if field} for text in (zh, en)]
            assert fields[0] == fields[1]

    def test_file_that_is_no_document(self) -> None:
        """Cut in half, too large, not UTF-8, nested without end."""
        text = dump_household(household_from(FULL))
        assert [problem.split(" ")[1] for problem in found(text[: len(text) // 2])] == ["json.syntax"]
        assert found(b" " * 60_000_000) == ["file file.size"]
        assert found(b"\xff\xfe") == ["file file.utf8"]
        assert found("[" * 100_000) == ["file json.depth"]
        assert found("") == ["file:1:1 json.syntax"]
        assert found("[]") == ["file object.type"]

    def test_file_that_cannot_be_read(self, tmp_path: Path) -> None:
        """Absent, or 60 MB of it."""
        with pytest.raises(PlanError) as caught:
            read_household(tmp_path / "none.json")
        assert caught.value.problems[0].code == "file.unreadable"
        large = tmp_path / "large.json"
        with large.open("wb") as file:
            file.truncate(60_000_000)
        with pytest.raises(PlanError) as caught:
            read_household(large)
        assert caught.value.problems[0].code == "file.size"

    def test_field_written_twice(self) -> None:
        """Around the plan and inside it."""
        text = dump_household(household_from(FULL))
        text = text.replace('"notes": "先付房租"', '"notes": "", "notes": "先付房租"')
        text = text.replace('"horizon_months": 12', '"horizon_months": 12, "horizon_months": 12')
        assert found(text) == ["plan.horizon_months json.key_twice", "notes json.key_twice"]

    def test_many_problems_are_counted(self) -> None:
        """One more line says how many are not listed, whichever part they are in."""
        calls = [{"date": "x"}] * 150
        problems = found(changed(calls=calls, notes=1))
        assert len(problems) == PROBLEMS_SHOWN + 1
        assert problems[-1] == "file file.more"
        expenses = [{"name": "", "category": "x", "amount": 1}] * 100
        plan = {**PLAN, "household": {**PLAN["household"], "expenses": expenses}}
        with pytest.raises(PlanError) as caught:
            household_from(changed(plan=plan, calls=calls))
        assert len(caught.value.problems) == PROBLEMS_SHOWN + 1
        assert "350" in caught.value.problems[-1].en

    def test_place_in_a_sentence_lies_in_the_plan(self) -> None:
        """Where a sentence names another place, that one too is as the document has it."""
        plan = {**PLAN, "debts": [LOAN, LOAN]}
        with pytest.raises(PlanError) as caught:
            household_from(changed(plan=plan, debts={}))
        (problem,) = caught.value.problems
        assert (problem.place, problem.code) == ("plan.debts[1].id", "id.twice")
        assert "plan.debts[0]" in problem.zh

    def test_model_built_in_python_says_what_is_wrong(self) -> None:
        """In words, for whoever builds one."""
        with pytest.raises(ValidationError, match="time of day"):
            Call(date=date(2026, 10, 31), time="noon")

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_anything_is_read_or_refused(self, data: st.DataObject) -> None:
        """Whatever stands in a field, nothing but a `PlanError` comes of it."""
        scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
        values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner))
        field = data.draw(st.sampled_from(sorted(HouseholdDocument.model_fields)))
        name = {"schema_": "schema"}.get(field, field)
        with suppress(PlanError):
            household_from(changed(**{name: data.draw(values)}))
