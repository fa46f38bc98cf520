"""The overview as a household gets it, through `app.py`, on a store of its own."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.today import BEFORE_LENDERS, WINDOW_DAYS
from pages.shared import engine, keeping, lan, phone, privacy, session, theme
from pages.shared.pairing import Pairing
from pages.shared.words import LANGUAGES, Words, words_in

APP = str(Path(__file__).parents[2] / "app.py")
FIRST = session.samples()[0]
NUMBERS = re.compile(r"\d[\d,]*\.\d\d|¥\s?\d")


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASHORE_DATA_DIR", str(tmp_path))


def visit(sample: str = FIRST, language: str = "zh", **parameters: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=30)
    app.query_params.update(lang=language, **parameters)
    app.run()
    app.button(key=f"sample.{sample}").click().run()
    assert not app.exception
    return app


def texts(app: Any) -> str:
    """Everything that can be read on the page."""
    tables = [
        unescape(re.sub(r"<[^>]+>", " ", each.proto.body)) for each in app.get("html") if "<table" in each.proto.body
    ]
    plain = [each.value for kind in ("title", "header", "subheader", "markdown", "caption") for each in app.get(kind)]
    labels = [each.label for kind in ("button", "expander", "toggle") for each in app.get(kind)]
    metrics = [f"{metric.label} {metric.value}" for metric in app.metric]
    return "\n".join([*plain, *labels, *metrics, *tables])


def question(app: Any) -> Any:
    (pills,) = [each for each in app.button_group if each.key.startswith("overview.")]
    return pills


def answer(app: AppTest, *names: str) -> None:
    question(app).set_value(list(names)).run()
    app.button(key="overview.answer").click().run()
    assert not app.exception


def order_of(app: Any, *sentences: str) -> list[int]:
    whole = [each.value for each in app.main if hasattr(each, "value") and isinstance(each.value, str)]
    return [next(place for place, text in enumerate(whole) if sentence in text) for sentence in sentences]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sample", session.samples())
def test_every_sample_has_sentence_number_step_and_payments(sample: str, language: str) -> None:
    say = words_in(language)
    app = visit(sample, language)
    shown = texts(app)
    assert say("overview.title") in shown
    assert say("overview.step.title") in shown
    assert say("overview.window.title", days=WINDOW_DAYS) in shown
    plan = session.sample_plan(sample)
    assert say("overview.owed", day=theme.day(plan.start, say)) == app.metric[0].label
    for debt in plan.debts:
        assert debt.name in shown
    assert not re.search(r"\bNone\b|\bnan\b|NaN|\{[a-z_]+\}|overview\.[a-z]", shown)
    if language == "en":
        own = [debt.name for debt in plan.debts]
        found: Any = app
        left = [each.value for kind in ("title", "header", "subheader", "caption") for each in found.get(kind)]
        assert not [text for text in left if re.search(r"[\u3400-\u9fff]", text) and not any(n in text for n in own)]


def test_the_page_at_the_root_is_the_overview_and_links_to_the_others() -> None:
    app = visit()
    assert app.title[0].value == words_in("zh")("overview.title")
    assert len(app.get("page_link")) >= 3


class TestBeforeLenders:
    def test_nobody_has_answered_so_it_is_asked_before_any_table(self) -> None:
        say = words_in("zh")
        app = visit()
        asked, window = order_of(app, say("overview.ask.title"), say("overview.window.title", days=WINDOW_DAYS))
        assert asked < window
        assert app.button(key="overview.answer").label == say("overview.ask.none")
        assert "tel:12356" in texts(app)

    def test_none_of_these_is_an_answer_that_is_kept(self) -> None:
        app = visit()
        answer(app)
        assert words_in("zh")("overview.ask.title") not in texts(app)
        again = AppTest.from_file(APP, default_timeout=30).run()
        assert words_in("zh")("overview.ask.title") not in texts(again)
        assert question(again).value == []

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("name", BEFORE_LENDERS)
    def test_each_answer_brings_its_own_help_before_any_table(self, name: str, language: str) -> None:
        say = words_in(language)
        app = visit(FIRST, language)
        answer(app, name)
        shown = texts(app)
        assert f"**{say(f'overview.ask.{name}')}**" in shown
        others = [other for other in BEFORE_LENDERS if other != name]
        assert not [other for other in others if f"**{say(f'overview.ask.{other}')}**" in shown]
        first, window = order_of(app, say("overview.before.title"), say("overview.window.title", days=WINDOW_DAYS))
        assert first < window
        assert "tel:" in shown

    def test_a_life_comes_first_and_everything_can_be_true_at_once(self) -> None:
        say = words_in("zh")
        app = visit("cards_and_jiebei_past_90_days")
        answer(app, *BEFORE_LENDERS)
        places = order_of(app, *(f"**{say(f'overview.ask.{name}')}**" for name in BEFORE_LENDERS))
        assert places == sorted(places)
        assert all(f"tel:{number}" in texts(app) for number in ("12356", "400-161-9995", "110", "12378", "12348"))

    def test_law_and_custom_are_told_apart(self) -> None:
        say = words_in("zh")
        app = visit()
        answer(app, "threats", "food")
        shown = texts(app)
        assert f":gray-badge[{say('overdue.kind.law')}]" in shown
        assert f":gray-badge[{say('overdue.kind.custom')}]" in shown

    def test_an_answer_can_be_changed(self) -> None:
        say = words_in("zh")
        app = visit()
        answer(app, "food")
        assert say("overview.before.title") in texts(app)
        answer(app)
        assert say("overview.before.title") not in texts(app)


class TestStep:
    def test_food_first_turns_paying_into_calling(self) -> None:
        app = visit("small_shop")
        answer(app, "food")
        assert "过日子的钱先留着" in texts(app)

    def test_court_papers_are_answered_today(self) -> None:
        app = visit("small_shop")
        answer(app, "court_papers")
        assert "**今天**打 [12348](tel:12348)" in texts(app)

    def test_a_household_that_nobody_can_free_is_not_frightened(self) -> None:
        app = visit("budget_below_minimums")
        assert words_in("zh")("overview.course.rising") in texts(app)
        assert not app.get("plotly_chart")

    def test_a_way_that_was_chosen_is_followed(self) -> None:
        visit()
        kept = keeping.store()
        (info,) = kept.documents()
        written = kept.latest(info.id).document.replace(b'"answers"', b'"chosen": "minimum", "answers"')
        kept.save(info.id, written, based_on=1)
        app = AppTest.from_file(APP, default_timeout=30).run()
        say = words_in("zh")
        assert say("strategy.minimum.name") in texts(app)
        assert "按您选的还法" in texts(app)


class TestHidden:
    @pytest.mark.parametrize("sample", session.samples())
    def test_no_amount_is_left_on_the_page(self, sample: str) -> None:
        app = visit(sample)
        assert NUMBERS.search(texts(app))
        app.toggle(key=privacy._HIDDEN).set_value(True).run()
        assert not app.exception
        shown = texts(app)
        assert privacy.MASK in shown
        assert not NUMBERS.search(shown)

    def test_the_chart_names_no_amount(self) -> None:
        app = visit()
        app.toggle(key=privacy._HIDDEN).set_value(True).run()
        (spec,) = [each.proto.spec for each in app.get("plotly_chart")]
        assert "¥" not in spec.replace(f"¥{privacy.MASK}", "")
        assert "万" not in spec

    def test_the_address_keeps_it_so_that_a_reload_shows_nothing(self) -> None:
        app = visit(hide="1")
        assert app.toggle(key=privacy._HIDDEN).value is True
        assert app.query_params["hide"] == "1"
        app.toggle(key=privacy._HIDDEN).set_value(False).run()
        assert "hide" not in app.query_params
        assert NUMBERS.search(texts(app))

    def test_outside_a_page_nothing_is_hidden(self) -> None:
        assert not privacy.hidden()
        assert theme.money(100) == "¥1.00"


class TestPhones:
    def test_at_home_nothing_is_said_about_phones(self) -> None:
        assert words_in("zh")("lan.desk.title") not in texts(visit())

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_desk_shows_address_code_and_picture(self, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
        pairing = Pairing()
        monkeypatch.setattr(lan, "pairing", pairing)
        monkeypatch.setattr(lan, "_address", "http://192.168.1.5:8501")
        app = visit(FIRST, language)
        shown = texts(app)
        assert "http://192.168.1.5:8501" in shown
        assert f"{pairing.code[:4]} {pairing.code[4:]}" in shown
        assert pairing.secret not in shown
        assert lan.pairing_link() == f"http://192.168.1.5:8501/pair#{pairing.secret}"
        (picture,) = [each.proto.body for each in app.get("html") if "<img" in each.proto.body]
        assert words_in(language)("lan.desk.picture") in picture
        old = pairing.code
        app.button(key="lan.renew").click().run()
        assert not app.exception
        assert pairing.code != old

    def test_without_a_home_network_it_says_what_to_do(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lan, "pairing", Pairing())
        assert lan.ADDRESS_VARIABLE in texts(visit())

    def test_a_phone_does_not_show_the_code(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lan, "pairing", Pairing())
        monkeypatch.setattr(phone, "is_phone", lambda: True)
        assert words_in("zh")("lan.desk.title") not in texts(visit())


def test_while_the_engine_warms_up_the_debts_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "ready", lambda: False)
    say: Words = words_in("en")
    assert say("warming.title") in texts(visit(FIRST, "en"))
