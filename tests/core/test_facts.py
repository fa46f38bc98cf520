"""Facts: what every entry must have, answers by date, refusals, what is out of date; and files that are wrong."""

from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest

from core.facts import FactDateError, FactFileError, Span, backing, facts, load_facts

TODAY = date(2026, 11, 24)


class TestEntries:
    """What holds of every fact that ships."""

    def test_every_value_says_who_and_since_when(self) -> None:
        """Kind, certainty and sources are known words, and a source exists."""
        known = facts()
        for fact in known:
            assert fact.title.zh
            assert fact.title.en
            assert fact.last_read <= TODAY
            for dated in fact.values:
                assert dated.kind in ("law", "custom", "estimate"), fact.id
                assert dated.certainty in ("H", "M", "L"), fact.id
                assert set(dated.sources) <= set(known.sources), fact.id

    def test_every_source_is_cited(self) -> None:
        """A source that nothing rests on would only look like diligence."""
        cited = {mark for fact in facts() for dated in fact.values for mark in dated.sources}
        assert cited == set(facts().sources)

    def test_background_knowledge_alone_is_never_sure(self) -> None:
        """What no source confirms is H only where it is common knowledge."""
        unsure = {fact.id for fact in facts() for d in fact.values if d.certainty == "H" and d.sources == ("bg",)}
        assert unsure == {"civil.joint_debt", "private_loan.reported"}

    def test_law_names_its_article_or_its_print(self) -> None:
        """A rule of law can be looked up."""
        without = {f.id for f in facts() for d in f.values if d.kind == "law" and d.article is None}
        assert without == {
            "rates.lpr_1y",
            "rates.lpr_5y",
            "rates.consumer_loan_term",
            "rates.internet_loan_line",
            "support.relief_notice",
            "support.consumer_loan_subsidy",
        }

    def test_every_fact_answers_from_its_first_day(self) -> None:
        """Every fact answers on the day on which it starts, and on the day of the last reading."""
        known = facts()
        for fact in known:
            assert fact.at(fact.values[0].start).dated is fact.values[0]
            if fact.values[0].first_seen:
                assert known.as_read(fact.id, date(1990, 1, 1)).on == known.read_on

    def test_spending_by_category_closes_its_total(self) -> None:
        """The eight categories sum to what one person spends in the year."""
        known = facts()
        table = known.at("household.spending_by_category", TODAY).table
        assert sum(int(str(value)) for value in table.values()) == 28_227_00
        assert known.at("household.spending_per_person", date(2024, 6, 1)).whole == 28_227_00
        quarters = known.at("household.spending_by_category_to_september", TODAY).table
        assert sum(int(str(value)) for value in quarters.values()) == 21_575_00


class TestAnswers:
    """Answers for a date."""

    @pytest.mark.parametrize(
        ("on", "rate"),
        [
            (date(2019, 8, 20), "0.0425"),
            (date(2019, 9, 19), "0.0425"),
            (date(2019, 9, 20), "0.0420"),
            (date(2021, 12, 19), "0.0385"),
            (date(2022, 8, 21), "0.0370"),
            (date(2022, 8, 22), "0.0365"),
            (date(2024, 6, 15), "0.0345"),
            (date(2024, 10, 21), "0.0310"),
            (date(2025, 5, 20), "0.03"),
            (date(2026, 11, 24), "0.03"),
        ],
    )
    def test_the_newest_value_that_has_begun(self, on: date, rate: str) -> None:
        """The print of a day is the last one on or before it."""
        assert facts().at("rates.lpr_1y", on).decimal == Decimal(rate)

    def test_a_date_before_the_first_value_is_refused(self) -> None:
        """Nothing is guessed, and the error says from when on something is known."""
        with pytest.raises(FactDateError) as refused:
            facts().at("rates.lpr_1y", date(2019, 8, 19))
        assert (refused.value.fact, refused.value.first) == ("rates.lpr_1y", date(2019, 8, 20))
        assert "2019-08-19" in refused.value.zh
        assert "2019-08-19" in refused.value.en

    @pytest.mark.parametrize("fact", ["rates.lpr_1y", "rates.lpr_5y"])
    def test_a_print_not_found_is_an_estimate(self, fact: str) -> None:
        """The LPR of autumn 2026 is assumed, and says so."""
        answer = facts().at(fact, TODAY)
        assert (answer.dated.kind, answer.dated.certainty) == ("estimate", "M")
        assert answer.dated.note is not None
        assert facts().at(fact, date(2026, 4, 20)).dated.certainty == "H"

    def test_a_guideline_adds_to_the_standard_from_its_own_day(self) -> None:
        """Who may be called: the national standard first, the banks' guideline from 2026-01-30 on."""
        before, after = (facts().at("collection.contacts", on) for on in (date(2026, 1, 29), date(2026, 1, 30)))
        assert before.dated.sources == ("S53",)
        assert after.dated.sources == ("S53", "S54")
        assert after.texts[: len(before.texts)] == before.texts

    def test_first_seen_is_told_from_applies(self) -> None:
        """Who reads it knows whether the date is that of the rule or of the page."""
        known = facts()
        assert not known.at("rates.licensed_cap", TODAY).dated.first_seen
        assert known.at("weilidai.daily_rate", TODAY).dated.first_seen

    def test_customs_are_asked_as_last_read(self) -> None:
        """A page that nobody dated answers for the weeks before it was read, too; a dated rule does not."""
        early = date(2026, 11, 1)
        assert facts().as_read("weilidai.penalty_multiplier", early).decimal == Decimal("1.5")
        with pytest.raises(FactDateError):
            facts().at("weilidai.penalty_multiplier", early)
        with pytest.raises(FactDateError):
            facts().as_read("collection.call_attempts", date(2026, 1, 29))

    def test_shapes(self) -> None:
        """Amounts are fen, times are times, ranges and lists are what they say."""
        known = facts()
        assert known.at("collection.quiet_from", TODAY).clock == time(22)
        assert known.at("court.preservation_fee_max", TODAY).whole == 5_000_00
        assert known.at("rates.penalty_uplift", TODAY).span == Span(Decimal("0.3"), Decimal("0.5"))
        assert known.at("credit_record.risk_class", TODAY).bands[1] == (91, 270, "substandard")
        assert known.at("support.crisis_line", TODAY).word == "12356"
        assert known.at("civil.payment_order", TODAY).words == ("costs", "interest", "principal")
        assert known.at("credit_record.told_before", TODAY).flag
        assert known.at("enforcement.home", TODAY).text.en
        with pytest.raises(TypeError, match="quiet_from"):
            _ = known.at("collection.quiet_from", TODAY).decimal

    def test_the_weakest_fact_counts(self) -> None:
        """What rests on several facts is no surer than the least sure of them."""
        known = facts()
        both = backing([known.at("rates.private_cap_multiple", TODAY), known.at("rates.lpr_1y", TODAY)])
        assert (both.kind, both.certainty, both.sources) == ("estimate", "M", ("L2", "S9b"))


class TestAge:
    """What is out of date."""

    def test_stale_facts_are_named(self) -> None:
        """A fact is stale once its last reading is older than so many days."""
        assert facts().stale(TODAY, 0) == ()
        later = date(2027, 11, 25)
        assert len(facts().stale(later, 365)) == len(facts())
        assert facts().stale(later, 366) == ()

    def test_the_repair_window_has_ended(self) -> None:
        """It answers, and says that it is over."""
        answer = facts().at("credit_record.repair_deadline", TODAY)
        assert answer.ended
        assert not facts().at("credit_record.repair_deadline", date(2026, 3, 31)).ended
        ended = {each.fact.id for each in facts().ended(TODAY)}
        assert {"credit_record.repair_deadline", "support.consumer_loan_subsidy", "cards.rate_band"} <= ended
        assert "rates.lpr_1y" not in ended
        begin, end = (facts().at(f"credit_record.repair_overdue_{name}", TODAY).day for name in ("from", "until"))
        assert (begin, end) == (date(2020, 1, 1), date(2025, 12, 31))


GOOD = """
[cap]
title = { zh = "上限", en = "Cap" }
unit = "rate_per_year"
kind = "law"
last_read = 2026-11-20
values = [{ from = 2024-01-01, value = "0.1", certainty = "H", sources = ["X"] }]
"""
SOURCES = 'X = { title = { zh = "甲", en = "X" }, text = "full", read = 2026-11-20, urls = [] }'


def write(folder: Path, text: str) -> Path:
    """Lay one subject and its sources into a folder."""
    (folder / "sources.toml").write_text(SOURCES, "utf-8")
    (folder / "subject.toml").write_text(text, "utf-8")
    return folder


def test_a_good_file_is_read(tmp_path: Path) -> None:
    """The pattern that the broken ones below break."""
    assert load_facts(write(tmp_path, GOOD)).at("subject.cap", date(2024, 1, 1)).decimal == Decimal("0.1")


VALUE = 'from = 2024-01-01, value = "0.1", certainty = "H", sources = ["X"]'
VALUES = f"values = [{{ {VALUE} }}]"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("from = 2024-01-01, ", "", "either from or first_seen"),
        ("from = 2024-01-01", "from = 2024-01-01, first_seen = 2024-01-01", "either from or first_seen"),
        ("from = 2024-01-01", "from = 2024-01-01, until = 2023-12-31", "until lies before"),
        (VALUES, f"values = [{{ {VALUE} }}, {{ {VALUE} }}]", "order of their dates"),
        ('certainty = "H"', 'certainty = "sure"', "certainty"),
        ('sources = ["X"]', 'sources = ["Y"]', "no source Y"),
        ('sources = ["X"]', "sources = []", "sources"),
        ('kind = "law"', 'kind = "rumour"', "kind"),
        ('unit = "rate_per_year"', 'unit = "bananas"', "no unit bananas"),
        ('value = "0.1"', "value = 0.1", "decimal string"),
        ('value = "0.1"', 'value = { low = "0.2", high = "0.1" }', "lies below high"),
        ('value = "0.1"', 'value = { low = "0.2" }', "low and high"),
        ('value = "0.1"', "value = []", "with entries"),
        ('value = "0.1"', "value = {}", "with entries"),
        ("last_read = 2026-11-20", "", "last_read"),
        ("last_read = 2026-11-20", 'last_read = "2026-11-20"', "last_read"),
        ('zh = "上限", ', "", "title.zh"),
        ('kind = "law"', 'kind = "law"\ncolour = "red"', "colour"),
        ("[cap]", "[cap", "subject: "),
        ('unit = "rate_per_year"', 'unit = "bands"', "with entries"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    """Each mistake stops the reading and is named with its place."""
    assert old in GOOD
    with pytest.raises(FactFileError, match="subject") as refused:
        load_facts(write(tmp_path, GOOD.replace(old, new)))
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("unit", "value", "words"),
    [
        ("yuan", "50", "decimal string of yuan"),
        ("days", "-1", "whole number"),
        ("days", "true", "whole number"),
        ("switch", "1", "bool"),
        ("choice", '""', "str"),
        ("phone", '"110 abc"', "digits"),
        ("url", '"ftp://x"', "https"),
        ("text", '{ zh = "甲" }', "en"),
        ("brackets", '[{ above = "0" }]', "flat or rate"),
        ("brackets", '[{ above = "5", flat = "1" }]', "begin at 0"),
        ("bands", '[{ first = 2, key = "1" }]', "day 1"),
        ("bands", '[{ first = 1, last = 3, key = "1" }, { first = 5, key = "2" }]', "no day out"),
    ],
)
def test_a_value_that_its_unit_does_not_have(tmp_path: Path, unit: str, value: str, words: str) -> None:
    """A value is judged by its unit."""
    text = GOOD.replace('"rate_per_year"', f'"{unit}"').replace('value = "0.1"', f"value = {value}")
    with pytest.raises(FactFileError, match=r"subject\.cap\.values\[0\]") as refused:
        load_facts(write(tmp_path, text))
    assert words in str(refused.value)


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    """Two mistakes in two tables are both named."""
    two = GOOD.replace('"H"', '"sure"') + GOOD.replace("[cap]", "[other]").replace('["X"]', '["Y"]')
    with pytest.raises(FactFileError) as refused:
        load_facts(write(tmp_path, two))
    assert len(refused.value.problems) == 2
