"""The page as a visitor gets it, through `app.py`."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.engine import layout
from core.household import dump_household
from core.levers import monthly_living_costs, with_living_costs
from core.plan import Plan
from core.simulate import STRATEGIES, best
from pages.shared import engine, keeping, session, theme
from pages.shared.kept import Kept
from pages.shared.words import LANGUAGES, words_in
from pages.strategy_comparison import case

APP = str(Path(__file__).parents[2] / "app.py")
PAGE = "pages/strategy_comparison/page.py"
FIRST = session.samples()[0]


def visit(language: str = "zh", household: str = FIRST) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=30)
    app.query_params["lang"] = language
    app.run()
    app.button(key=f"sample.{household}").click().run()
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def keep_open(household: str) -> None:
    """Let a household lie in the store, as one that was open before does."""
    keeping.store().create(dump_household(keeping.sample(household)).encode())


def table(app: AppTest) -> str:
    """Give the table of ways, whatever other tables there are."""
    names = [f'aria-label="{words_in(language)("comparison.table_alt")}"' for language in LANGUAGES]
    bodies = [element.proto.body for element in app.get("html") if "<table" in element.proto.body]
    (body,) = [body for body in bodies if any(name in body for name in names)]
    return unescape(body)


def verdict(app: AppTest) -> str:
    named = {f"**{words_in(language)(f'strategy.{name}.name')}**" for language in LANGUAGES for name in STRATEGIES}
    (sentence,) = [element.value for element in app.markdown if any(name in element.value for name in named)]
    return sentence


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def outcomes_of(plan: Plan) -> list:
    return session.AnswerStore(6).ask(plan, STRATEGIES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("household", session.samples())
def test_every_household_shows_the_engines_figures(household: str, language: str) -> None:
    say = words_in(language)
    app = visit(language, household)
    outcomes = outcomes_of(session.sample_plan(household))
    shown = table(app)
    for outcome in outcomes:
        assert say(f"strategy.{outcome.strategy}.name") in shown
        assert theme.money(outcome.total_paid) in shown
        assert theme.money(outcome.total_cost) in shown
        if outcome.debt_free_on:
            assert theme.day(outcome.debt_free_on, say) in shown
    winner = outcomes[best(outcomes)]
    assert say(f"strategy.{winner.strategy}.name") in verdict(app)
    assert theme.money(winner.total_paid) in verdict(app)
    if winner.debt_free_on:
        assert theme.month(winner.debt_free_on, say) in verdict(app)
    opening = int(outcomes[0].totals_frame()["payoff"].iloc[0])
    assert metrics(app)[say("comparison.owed")] == theme.money(opening)
    assert len(app.get("plotly_chart")) == 1


def test_a_household_that_nobody_can_free_is_told_so() -> None:
    app = visit("zh", "budget_below_minimums")
    assert "哪一种都还不清" in verdict(app)
    assert shown_dates(app) == []


def shown_dates(app: AppTest) -> list[str]:
    return re.findall(r"<td[^>]*>(\d{4}年\d+月\d+日)</td>", table(app))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_slider_moves_verdict_cards_and_table(language: str) -> None:
    say = words_in(language)
    app = visit(language)
    before = table(app), verdict(app), metrics(app)
    app.slider[0].set_value(3000).run()
    assert not app.exception
    after = table(app), verdict(app), metrics(app)
    assert all(old != new for old, new in zip(before, after, strict=True))
    outcomes = outcomes_of(with_living_costs(session.sample_plan(FIRST), 300_000))
    assert theme.money(outcomes[best(outcomes)].total_paid) in verdict(app)
    assert metrics(app)[say("comparison.living_costs")] == "¥3,000.00"


def test_the_slider_stands_at_the_households_own_costs_and_then_changes_nothing() -> None:
    app = visit()
    plan = session.sample_plan(FIRST)
    assert app.slider[0].value == monthly_living_costs(plan) // 100
    before = table(app)
    app.slider[0].set_value(0).run()
    app.slider[0].set_value(monthly_living_costs(plan) // 100).run()
    assert table(app) == before


def test_each_household_has_its_own_slider() -> None:
    app = visit()
    app.slider[0].set_value(2000).run()
    app.switch_page("pages/household/page.py").run()
    app.button_group(key="household.section").set_value("files").run()
    app.button(key="sample.small_shop").click().run()
    app.switch_page(PAGE).run()
    assert app.slider[0].value == monthly_living_costs(session.sample_plan("small_shop")) // 100


def test_costs_above_income_are_said_kindly_and_exactly() -> None:
    app = visit("zh", "budget_below_minimums")
    app.slider[0].set_value(app.slider[0].max).run()
    assert not app.exception
    assert "¥" in metrics(app)[words_in("zh")("comparison.room_short")]
    assert "光换还法不够" in verdict(app)


def test_the_choice_of_language_changes_every_sentence() -> None:
    app = visit("zh")
    assert "同样的钱" in app.title[0].value
    app.segmented_control[0].set_value("en").run()
    assert not app.exception
    texts = [element.value for kind in (app.title, app.subheader, app.caption, app.markdown) for element in kind]
    texts += [*metrics(app), app.slider[0].label, table(app)]
    assert not [text for text in texts if re.search(r"[\u3400-\u9fff]", text)]


def test_the_root_opens_the_page_that_was_asked_for_once() -> None:
    """The server sends a page's own address here; see `app.py`."""
    keep_open(FIRST)
    app = AppTest.from_file(APP, default_timeout=30)
    app.query_params.update(page="strategy_comparison", lang="en")
    app.run()
    assert not app.exception
    assert app.title[0].value == words_in("en")("comparison.title")
    assert app.session_state["session.arrived.page"]


def test_a_page_that_there_is_not_opens_the_first_one() -> None:
    keep_open(FIRST)
    app = AppTest.from_file(APP, default_timeout=30)
    app.query_params["page"] = "no_such_page"
    app.run()
    assert not app.exception
    assert app.title[0].value == words_in("zh")("overview.title")


@pytest.mark.parametrize("asked", ["", "fr", "zh"])
def test_an_unknown_language_is_chinese(asked: str) -> None:
    assert visit(asked).title[0].value == words_in("zh")("comparison.title")


@pytest.mark.parametrize("language", LANGUAGES)
def test_while_the_engine_warms_up_the_page_says_so_and_lists_the_debts(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "ready", lambda: False)
    say = words_in(language)
    app = visit(language)
    assert say("warming.title") in [element.value for element in app.subheader]
    assert metrics(app) == {say("warming.owed"): "¥29,303.00"}
    (listed,) = [element.proto.body for element in app.get("html") if "<table" in element.proto.body]
    assert "¥18,282.60" in listed
    assert not app.get("plotly_chart")


def test_a_failed_warm_up_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "ready", lambda: False)
    monkeypatch.setattr(engine, "failed", lambda: True)
    app = visit("en")
    assert words_in("en")("warming.failed") in [element.value for element in app.markdown]


@pytest.mark.parametrize("outgrown", [1, len(STRATEGIES)])
def test_a_debt_that_outgrows_every_bound_is_said_and_breaks_nothing(
    outgrown: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = outcomes_of(session.sample_plan(FIRST))
    for index in range(outgrown):
        answer = outcomes[index].answer.copy()
        answer[layout.A_STATUS] = layout.OUTGREW
        answer[layout.A_WHERE] = 0
        outcomes[index] = replace(outcomes[index], answer=answer)
    monkeypatch.setattr(session.answers, "ask", lambda plan, strategies: outcomes)
    monkeypatch.setattr(case, "_ways", Kept())
    app = visit("en")
    told = words_in("en")("table.failed")
    if outgrown == len(STRATEGIES):
        assert told in [element.value for element in app.markdown]
    else:
        assert told in table(app)
        assert len(app.get("plotly_chart")) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_once_that_it_is_no_legal_advice(language: str) -> None:
    app = visit(language)
    assert [element.value for element in app.caption].count(words_in(language)("app.footer")) == 1
