"""The guides say what the app says: its words, its figures, its pictures; and the same in both languages."""

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import simulate
from core.facts import facts
from core.products import PRODUCTS
from docs.pictures import BYTES_MAX, FIRST, FOLDER, LATE, TOTAL_BYTES_MAX
from pages.shared import charts, session
from pages.shared.words import LANGUAGES, words_in

ROOT = Path(__file__).parents[1]
ZH = words_in("zh")
GUIDES = {language: (ROOT / "docs" / f"guide.{language}.md").read_text("utf-8") for language in LANGUAGES}
README = (ROOT / "README.md").read_text("utf-8")
ON_SCREEN = re.compile(r"\*\*“(.+?)”\*\*")
PICTURE = re.compile(r"pictures/([a-z0-9-]+\.png)")
AMOUNT = re.compile(r"¥[0-9,]+\.[0-9]{2}")
LINE = re.compile(r"\b(?:12\d{3}|110)\b")
# What the legend at the top of a guide shows is a pattern and no word of the app.
LEGEND = {"zh": "这样", "en": "like this"}
PAGES = {
    "overview": "pages/overview/page.py",
    "overdue_cost": "pages/overdue_cost/page.py",
    "budget_cuts": "pages/budget_cuts/page.py",
    "strategy_comparison": "pages/strategy_comparison/page.py",
}


def shape(guide: str) -> list[str]:
    """Give the levels of the headings and the pictures, in their order, without the language in their names."""
    found = re.findall(r"^(#+) |pictures/([a-z]+-\d+)-", guide, re.MULTILINE)
    return [level or name for level, name in found]


def test_both_guides_have_the_same_headings_and_pictures() -> None:
    assert shape(GUIDES["zh"]) == shape(GUIDES["en"])
    assert len(shape(GUIDES["zh"])) > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_guide_quotes_from_the_screen_is_in_the_catalogue(language: str) -> None:
    words = {sentence.replace("**", "") for sentence in words_in(language).sentences.values()}
    products = {getattr(product.title, language) for product in PRODUCTS}
    quoted = set(ON_SCREEN.findall(GUIDES[language])) - {LEGEND[language]}
    assert len(quoted) > 60
    assert not quoted - words - products


def test_both_guides_quote_as_often_and_name_the_same_amounts_and_telephone_numbers() -> None:
    chinese, english = GUIDES["zh"], GUIDES["en"]
    for pattern in (ON_SCREEN, AMOUNT, LINE):
        assert len(pattern.findall(chinese)) == len(pattern.findall(english)), pattern
    for pattern in (AMOUNT, LINE):
        assert sorted(pattern.findall(chinese)) == sorted(pattern.findall(english))


def test_every_telephone_number_is_a_fact() -> None:
    known = {
        facts().as_read(each.id, each.last_read).word for each in facts().subject("support") if each.unit == "phone"
    }
    for guide in GUIDES.values():
        assert set(LINE.findall(guide)) <= known


def test_every_picture_exists_is_small_and_is_shown() -> None:
    named = {name for text in (*GUIDES.values(), README) for name in PICTURE.findall(text)}
    there = {path.name: path.stat().st_size for path in FOLDER.glob("*")}
    assert named == set(there)
    assert max(there.values()) <= BYTES_MAX
    assert sum(there.values()) <= TOTAL_BYTES_MAX


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_guide_shows_pictures_of_its_own_language_and_says_what_is_on_them(language: str) -> None:
    shown = PICTURE.findall(GUIDES[language])
    assert all(name.endswith(f"-{language}.png") for name in shown)
    assert len(re.findall(r'<img src="pictures/[^"]+" width="\d+" alt="[^"]{10,}">', GUIDES[language])) == len(shown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_of_a_guide_leads_somewhere(language: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", GUIDES[language]):
        assert (ROOT / "docs" / target).exists(), target


# -- the figures


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASHORE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(charts, "FIRST_PAUSE_SECONDS", 0)


def arrive() -> AppTest:
    simulate.warm()
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["lang"] = "zh"
    return app.run()


def open_page(app: AppTest, name: str) -> AppTest:
    app.switch_page(PAGES[name]).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    kinds = ("markdown", "caption", "html", "metric")
    return unescape("\n".join(f"{getattr(one, 'value', None) or one.proto.body}" for k in kinds for one in app.get(k)))


def answers(title: str) -> set[str]:
    """Give the amounts that the Chinese guide names in a part."""
    part = re.split(rf"^#+ {re.escape(title)}.*$", GUIDES["zh"], maxsplit=1, flags=re.MULTILINE)[1]
    return set(AMOUNT.findall(re.split(r"^#+ ", part, maxsplit=1, flags=re.MULTILINE)[0]))


def typed(app: AppTest, label: str, text: str) -> None:
    field = next(each for each in app.text_input if each.label == ZH(label))
    field.set_value(text).run()


def test_the_figures_of_the_overview_and_of_a_day_late_are_those_of_the_first_example() -> None:
    app = arrive()
    app.button(key=f"sample.{FIRST}").click().run()
    overview = said(app)
    assert answers("看懂总览") <= set(AMOUNT.findall(overview))
    open_page(app, "overdue_cost")
    slider = next(each for each in app.slider if "day" in f"{each.key}")
    slider.set_value(session.sample_plan(FIRST).start).run()
    asked = answers("微粒贷第一次没还上")
    assert asked
    assert asked <= set(AMOUNT.findall(said(app)))


def test_the_figures_of_the_months_and_of_the_court_are_those_of_the_second_example() -> None:
    app = arrive()
    app.button(key=f"sample.{LATE}").click().run()
    open_page(app, "budget_cuts")
    asked = answers("每月要有多少钱才能 30 个月还清")
    assert asked
    assert asked <= set(AMOUNT.findall(said(app)))
    open_page(app, "overdue_cost")
    asked = answers("收到法院的材料怎么办")
    assert asked
    assert asked <= set(AMOUNT.findall(said(app)))


def test_the_figures_of_the_brother_of_the_plan_and_of_the_agent_are_those_of_the_examples(tmp_path: Path) -> None:
    found: set[str] = set()
    for name in (FIRST, LATE):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ASHORE_DATA_DIR", str(tmp_path / name))
            app = arrive()
            app.button(key=f"sample.{name}").click().run()
            open_page(app, "strategy_comparison")
            app.button_group(key="comparison.section").set_value("offers").run()
            choose(app, "help")
            typed(app, "help.once", "5000")
            typed(app, "help.monthly", "500")
            found |= set(AMOUNT.findall(said(app)))
            if name == LATE:
                choose(app, "lender")
                typed(app, "offer.instalments", "60")
                app.button(key="offer.save.lender").click().run()
                choose(app, "fee")
                typed(app, "fee.name", "?")
                typed(app, "fee.amount", "3000")
                app.button(key="offer.save.fee").click().run()
                found |= set(AMOUNT.findall(said(app)))
    for title in ("弟弟能一次给", "银行给 60 期免息", "有公司说交一笔钱"):
        asked = answers(title)
        assert asked
        assert asked <= found, title


def test_the_figures_of_the_large_debt_are_those_of_the_day_on_which_it_was_entered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(session, "today", lambda: date(2026, 11, 24))
    app = arrive()
    app.button(key="start.begin").click().run()
    product = next(each.title.zh for each in PRODUCTS if each.id == "baitiao_carried")
    app.selectbox[0].select(product).run()
    typed(app, "debt.balance_card", "80000")
    app.date_input[0].set_value(date(2026, 12, 10)).run()
    typed(app, "start.income", "5000")
    typed(app, "start.living", "4500")
    app.button(key="start.go").click().run()
    open_page(app, "strategy_comparison")
    found = set(AMOUNT.findall(said(app)))
    ways = next(each for each in app.selectbox if f"{each.key}".startswith("ways.pick"))
    ways.select(ZH("strategy.avalanche.name")).run()
    app.button(key="ways.take.compare").click().run()
    open_page(app, "budget_cuts")
    found |= set(AMOUNT.findall(said(app)))
    asked = answers("每月 500 还 80,000 白条")
    assert asked
    assert asked <= found


def choose(app: AppTest, kind: str) -> None:
    group = next(each for each in app.button_group if f"{each.key}".startswith("offer_kind_"))
    group.set_value(kind).run()
