"""The page of calls and letters, through `app.py`: words, figures, the log, and what nobody must be told."""

import csv
import io
import re
import time
from datetime import date
from html import unescape
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.approach import approach, order_of, rules_for
from core.decided import decided
from core.household import Answers, Call, DebtDetails, HouseholdDocument, dump_household, household_of
from core.household_values import LIMITS
from core.lateness import lateness
from core.levers import as_option, card_plan
from pages.act import answers, calls, filled, letter, phone
from pages.act.sections import SECTION, SECTIONS
from pages.shared import engine, keeping, session
from pages.shared.words import LANGUAGES, words_in
from tests.pages.homes import APP, FIRST, kept, own, visit

PAGE = "pages/act/page.py"
SCRIPT_SECONDS_MAX = 0.06
HOSTILE = "<b>x</b><script>alert(1)</script> *a* [x](http://e) $z$"
ZH, EN = words_in("zh"), words_in("en")


def at(document: HouseholdDocument, section: str = "phone", language: str = "zh", **parameters: str) -> AppTest:
    keeping.store().create(dump_household(document).encode())
    app = visit(language) if not parameters else with_parameters(language, parameters)
    app.switch_page(PAGE).run()
    if section != "phone":
        app.button_group(key=SECTION).set_value(section).run()
    assert not app.exception
    return app


def with_parameters(language: str, parameters: dict[str, str]) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=30)
    app.query_params.update(lang=language, **parameters)
    return app.run()


def choose(app: AppTest, debt: str) -> None:
    next(each for each in app.selectbox if (each.key or "").startswith("act.debt")).select(debt).run()
    assert not app.exception


def shown(app: Any) -> str:
    html = [
        unescape(re.sub(r"<[^>]+>", " ", each.proto.body))
        for each in app.get("html")
        if "<style" not in each.proto.body
    ]
    plain = [each.value for kind in ("title", "header", "markdown", "caption") for each in app.get(kind)]
    labels = [each.label for kind in ("button", "toggle", "selectbox", "text_input") for each in app.get(kind)]
    return "\n".join([*plain, *labels, *html])


def letter_of(app: Any) -> str:
    (found,) = [each.proto.body for each in app.get("html") if 'class="letter"' in each.proto.body]
    return found


def sample(name: str = FIRST) -> HouseholdDocument:
    """A sample as somebody's own household, on a day that does not move."""
    plan = session.sample_plan(name)
    return household_of(plan)


def with_product(document: HouseholdDocument, debt: str, product: str, lender: str = "") -> HouseholdDocument:
    details = DebtDetails(debt=debt, product=product, lender=lender)
    others = tuple(each for each in document.debts if each.debt != debt)
    return document.model_copy(update={"debts": (*others, details)})


@pytest.fixture(autouse=True)
def on_the_plans_day(monkeypatch: pytest.MonkeyPatch) -> None:
    day = session.sample_plan(FIRST).start
    monkeypatch.setattr(session, "today", lambda: day)


def talk_of(document: HouseholdDocument, debt: str) -> answers.Talk:
    """Ask as the page does, outside a page."""
    late = lateness(document.plan)
    assert late is not None
    assert debt in order_of(late, ())
    known = answers.known_of(document, debt)
    found = approach(late, known, decided(document), debt, "avalanche")
    return answers.Talk(document, found, late.names[debt], rules_for(document.plan, debt, known))


# -- the page in every state


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("name", session.samples())
def test_every_section_of_every_sample_can_be_read(name: str, section: str, language: str) -> None:
    app = at(sample(name), section, language)
    text = shown(app)
    assert not re.search(r"\bNone\b|\bnan\b|NaN|\{[a-z_]+\}|act\.[a-z]+\.", text)
    plan = session.sample_plan(name)
    if section not in ("phone", "letter", "rules"):
        return
    for debt in plan.debts:
        choose(app, debt.id)
        assert not re.search(r"\bNone\b|\bnan\b|\{[a-z_]+\}", shown(app))


def test_the_debt_that_is_late_is_shown_first_with_its_figures() -> None:
    app = at(sample())
    text = shown(app)
    assert "¥18,316.20" in text
    assert "2026年11月8日" in text
    assert "¥2,288.65" in text
    assert ZH("act.offer.title_found") in text
    assert f":gray-badge[{ZH('overdue.kind.estimate')}]" in text


def test_a_number_that_is_known_is_given_and_else_where_to_find_it() -> None:
    assert "[95384](tel:95384)" in shown(at(with_product(sample(), "weilidai", "weilidai_10")))
    app = at(sample())
    choose(app, "cmb")
    assert ZH("overview.step.any_line") in shown(app)


def test_where_no_sum_can_be_kept_none_is_promised_but_a_pause_asked_for() -> None:
    document = sample("budget_below_minimums")
    app = at(document)
    text = shown(app)
    assert ZH("act.offer.title_none") in text
    assert "¥310.00" in text
    written = letter.written(talk_of(document, "weilidai"), ZH, filled.exact)
    assert "[几]个月" in written
    assert "¥310.00" in written
    assert ZH("act.ask.longer") not in written


def test_nothing_owed_says_so_and_keeps_log_and_downloads() -> None:
    document = sample()
    debts = tuple(
        debt.model_copy(update={"principal": 0, "instalments_left": 0, "bills": (), "penalty": 0, "accrued": 0})
        if debt.kind == "instalment"
        else debt.model_copy(update={"balance": 0, "statements": (), "accrued": 0})
        for debt in document.plan.debts
    )
    clear = household_of(document.plan.model_copy(update={"debts": debts}))
    app = at(clear)
    assert ZH("act.clear") in shown(app)
    app.button_group(key=SECTION).set_value("files").run()
    assert not app.exception
    found: Any = app
    labels = [each.label for each in found.get("download_button")]
    assert labels == [ZH("act.file.calendar"), ZH("act.file.workbook")]


def test_what_is_more_pressing_than_lenders_is_said_first() -> None:
    document = sample().model_copy(update={"answers": Answers(food=True)})
    app = at(document)
    assert ZH("act.crisis", page=ZH("nav.overview")) in shown(app)
    assert ZH("act.crisis", page=ZH("nav.overview")) not in shown(at(sample()))


def test_while_the_engine_is_not_ready_the_log_can_still_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    document = sample()
    keeping.store().create(dump_household(document).encode())
    app = visit()
    monkeypatch.setattr(engine, "ready", lambda: False)
    app.switch_page(PAGE).run()
    assert ZH("warming.title") in [each.value for each in app.subheader]
    app.button_group(key=SECTION).set_value("calls").run()
    assert ZH("act.log.none") in shown(app)
    assert not app.exception


def test_a_chosen_offer_is_what_the_letter_asks_for() -> None:
    option = as_option(card_plan("cmb", 24), "o1", "24").model_copy(update={"state": "chosen"})
    document = with_product(sample(), "cmb", "credit_card", "招商银行信用卡中心").model_copy(
        update={"offers": (option,)}
    )
    app = at(document, "letter")
    choose(app, "cmb")
    written = unescape(letter_of(app))
    assert "分 24 期" in written
    assert ZH("act.ask.no_interest") in written
    assert "致：招商银行信用卡中心" in written
    assert ZH("act.offer.title_chosen") in shown(app)


# -- letters


def test_article_seventy_stands_in_letters_to_banks_about_cards_only() -> None:
    card = letter.written(talk_of(with_product(sample(), "cmb", "credit_card"), "cmb"), ZH, filled.exact)
    assert "第七十条" in card
    assert "5 年" in card
    for product in ("huabei_carried", "private_loan", "family_loan"):
        assert "第七十条" not in letter.written(
            talk_of(with_product(sample(), "cmb", product), "cmb"), ZH, filled.exact
        )
    assert "第七十条" not in letter.written(talk_of(sample(), "cmb"), ZH, filled.exact)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("product", ["credit_card", "jiebei", "private_loan", "family_loan"])
def test_letters_are_whole_in_both_languages_and_invent_nothing(product: str, language: str) -> None:
    words = words_in(language)
    for debt in ("weilidai", "cmb"):
        talk = talk_of(with_product(sample(), debt, product), debt)
        written = letter.written(talk, words, filled.exact)
        assert "[" in written
        assert filled.exact(talk.approach.total) in written
        assert not re.search(r"\{[a-z_]+\}|None|\*\*", written)
        said = phone.script(talk, words)
        assert len(said) == 7
        assert all(sentence.strip() for _, sentence in said)


def test_family_gets_a_kind_letter_without_law() -> None:
    written = letter.written(talk_of(with_product(sample(), "weilidai", "family_loan"), "weilidai"), ZH, filled.exact)
    for word in ("法律", "法院", "投诉", "催收", "条", "起诉", "贵机构"):
        assert word not in written
    app = at(with_product(sample(), "weilidai", "family_loan"), "rules")
    assert ZH("act.rule.none") in shown(app)
    assert "12378" not in shown(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_is_chinese_first_and_english_on_request(language: str) -> None:
    app = at(sample(), "letter", language)
    assert 'lang="zh-CN"' in letter_of(app)
    app.button_group(key=f"act.language.letter.{language}").set_value("en").run()
    assert 'lang="en"' in letter_of(app)
    assert EN("act.letter.to") in unescape(letter_of(app))


def test_names_are_never_markup() -> None:
    document = sample()
    hostile = document.plan.debts[0].model_copy(update={"name": HOSTILE})
    plan = document.plan.model_copy(update={"debts": (hostile, *document.plan.debts[1:])})
    app = at(household_of(plan), "letter")
    assert "<script>" not in letter_of(app)
    assert HOSTILE in unescape(letter_of(app))
    app.button_group(key=SECTION).set_value("phone").run()
    assert not [each.value for each in app.markdown if "<script>" in each.value or "[x](http" in each.value]


def test_hidden_amounts_are_masked_on_screen_and_true_in_the_file() -> None:
    document = sample()
    app = at(document, "letter", hide="1")
    assert "18,316" not in shown(app)
    assert "••••" in letter_of(app)
    assert ZH("act.hidden") in shown(app)
    assert "¥18,316.20" in letter.written(talk_of(document, "weilidai"), ZH, filled.exact)
    app.button_group(key=SECTION).set_value("phone").run()
    assert "18,316" not in shown(app)


# -- rules


def test_rules_name_kind_article_date_and_source() -> None:
    text = shown(at(with_product(sample(), "weilidai", "weilidai_10"), "rules"))
    assert "24%" in text
    assert "法发〔2017〕22号第二条" in text.replace("\\", "")
    assert "2017年8月4日" in text
    assert "](<http" in text
    for number in ("12378", "12363", "12348", "110"):
        assert f"[{number}](tel:{number})" in text


# -- the log of calls


def note(app: AppTest, who: str = "小王", notes: str = "说可以延期", clock: str = "9:30") -> AppTest:
    app.button(key="act.call.add").click().run()
    fill(app, who, notes, clock)
    app.button(key="act.call.save").click().run()
    assert not app.exception
    return app


def fill(app: AppTest, who: str, notes: str, clock: str) -> None:
    field(app, "_time").set_value(clock)
    field(app, "_who").set_value(who)
    app.text_area[0].set_value(notes)
    app.run()


def field(app: AppTest, end: str) -> Any:
    return next(each for each in app.text_input if (each.key or "").endswith(end))


def test_a_call_is_noted_kept_changed_deleted_and_brought_back() -> None:
    app = note(at(own(), "calls"))
    (call,) = kept().calls
    assert (call.time, call.who, call.notes, call.incoming) == ("09:30", "小王", "说可以延期", True)
    app.button(key="act.call.edit.0").click().run()
    field(app, "_who").set_value("小李")
    app.button(key="act.call.save").click().run()
    assert [each.who for each in kept().calls] == ["小李"]
    app.button(key="act.call.delete.0").click().run()
    assert kept().calls == ()
    app.button(key="saved.undo_now").click().run()
    assert [each.who for each in kept().calls] == ["小李"]
    assert not app.exception


@pytest.mark.parametrize(("clock", "notes"), [("25:61", "x"), ("soon", "x"), ("9:30", "bad\x07bell")])
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(clock: str, notes: str) -> None:
    app = at(own(), "calls")
    app.button(key="act.call.add").click().run()
    fill(app, HOSTILE, notes, clock)
    app.button(key="act.call.save").click().run()
    assert kept().calls == ()
    assert field(app, "_who").value == HOSTILE
    assert field(app, "_time").value == clock
    assert app.text_area[0].value == notes
    assert [each.value for each in app.markdown if each.value.startswith(":red[")]


def test_the_script_opens_the_log_about_its_debt() -> None:
    app = at(own())
    app.button(key="act.record").click().run()
    assert not app.exception
    fill(app, "客服", "", "")
    app.button(key="act.call.save").click().run()
    (call,) = kept().calls
    assert (call.debt, call.incoming, call.time) == ("weilidai", False, None)


def test_an_entry_that_was_deleted_meanwhile_is_not_lost() -> None:
    app = note(at(own(), "calls"))
    app.button(key="act.call.edit.0").click().run()
    app.button(key="act.call.delete.0").click().run()
    assert ZH("act.log.changed_elsewhere") in shown(app).replace("\\", "")
    app.button(key="act.call.save").click().run()
    assert len(kept().calls) == 1


def many(count: int) -> HouseholdDocument:
    document = own()
    entries = tuple(Call(date=document.plan.start, who=f"客服{k}", notes=HOSTILE, debt="gone") for k in range(count))
    return document.model_copy(update={"calls": entries})


def test_a_long_log_comes_in_pages_the_newest_first() -> None:
    app = at(many(2 * calls.PAGE_SIZE + 1), "calls")
    heads = [each.value for each in app.markdown if each.value.startswith("客服")]
    assert heads[0] == f"客服{2 * calls.PAGE_SIZE}"
    assert len(heads) == calls.PAGE_SIZE
    next(each for each in app.selectbox if (each.key or "").startswith("act.call.page")).select(3).run()
    assert [each.value for each in app.markdown if each.value.startswith("客服")] == ["客服0"]
    app.toggle(key="act.call.table").set_value(True).run()
    (table,) = [each.proto.body for each in app.get("html") if "<table" in each.proto.body]
    assert table.count("<tr") == 2 * calls.PAGE_SIZE + 2
    assert "<script>" not in table
    assert not app.exception


def test_a_full_log_says_so_instead_of_failing() -> None:
    app = at(many(LIMITS["calls"]), "calls")
    assert ZH("act.log.full", limit=LIMITS["calls"]) in shown(app)
    assert not [each for each in app.button if each.key == "act.call.add"]


@pytest.mark.parametrize("bad", ["=1+1", "+86", "-x", "@a", "＝cmd", "\t=1", " =1", "|x"])
def test_no_cell_of_the_file_is_a_formula(bad: str) -> None:
    document = own().model_copy(update={"calls": (Call(date=date(2026, 11, 1), who=bad.strip("\t"), notes="a\n=b"),)})
    rows = list(csv.reader(io.StringIO(calls.table_file(document, ZH))))
    assert len(rows) == 2
    assert rows[1][0] == "2026-11-01"
    assert all(not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "|")) for cell in rows[1])
    assert rows[1][3] == f"'{bad.strip(chr(9))}"


def test_clocks_in_every_usual_form() -> None:
    assert [calls.read_clock(text) for text in ("9:30", "0930", "２１：０５", "9.05", "24:00", "", "9:3")] == [
        "09:30",
        "09:30",
        "21:05",
        "09:05",
        None,
        None,
        None,
    ]


# -- speed


@pytest.mark.parametrize("section", SECTIONS)
def test_a_control_is_answered_at_once(section: str) -> None:
    app = at(many(100), section)
    assert min(timed(app) for _ in range(5)) < SCRIPT_SECONDS_MAX


def timed(app: AppTest) -> float:
    started = time.perf_counter()
    app.run()
    return time.perf_counter() - started
