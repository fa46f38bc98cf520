"""The slider on its page: what the browser is handed, and that nothing new is handed over without need."""

import json
import re
from base64 import b64decode
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.household import HouseholdDocument, Lever, Offer, dump_household, household_of
from core.levers import FamilyGift, MonthlyBudget, PlanLever, SellSomething, ServiceFee, as_option, with_budget
from core.live_grid import live_grid
from core.outcome import Outcome
from core.plan import Plan
from core.simulate import STRATEGIES, Scenario, simulate
from core.today import followed
from pages.shared import keeping, live, privacy, session, theme
from pages.shared.words import LANGUAGES, words_in

HERE = Path(__file__).parent
APP = str(HERE.parents[1] / "app.py")
FIRST = session.samples()[0]
SLIDER = "ashore_live"
BYTES_MAX = 250_000


def alone(language: str = "zh", monkeypatch: pytest.MonkeyPatch | None = None) -> AppTest:
    if monkeypatch is not None:
        monkeypatch.setenv("ASHORE_TEST_LANGUAGE", language)
    app = AppTest.from_file(str(HERE / "live_alone.py"), default_timeout=30).run()
    assert not app.exception
    return app


def written(app: Any) -> str:
    (found,) = [each.proto.json for each in app.get("bidi_component") if each.proto.component_name == SLIDER]
    return str(found)


def handed(app: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written(app))
    return found


def texts(app: Any) -> list[str]:
    return [each.value for kind in ("markdown", "caption", "header") for each in app.get(kind)]


def home(*levers: PlanLever, name: str = "", **changed: Any) -> AppTest:
    """Open the overview of a household that has chosen levers."""
    document = household_of(session.sample_plan(FIRST))
    options = tuple(
        as_option(lever, f"o{k}", name or f"选项{k}").model_copy(update={"state": "chosen"})
        for k, lever in enumerate(levers)
    )
    kept: HouseholdDocument = document.model_copy(
        update={
            "levers": tuple(each for each in options if isinstance(each, Lever)),
            "offers": tuple(each for each in options if isinstance(each, Offer)),
            **changed,
        }
    )
    keeping.store().create(dump_household(kept).encode())
    app = AppTest.from_file(APP, default_timeout=30).run()
    assert not app.exception
    return app


class TestPayload:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("sample", session.samples())
    def test_it_holds_the_grid(self, sample: str, language: str) -> None:
        say, plan = words_in(language), session.sample_plan(sample)
        grid = live_grid(plan)
        data = live.payload(grid, say, best=True)
        assert json.loads(json.dumps(data, allow_nan=False)) == data
        assert len(json.dumps(data)) < BYTES_MAX
        drawn = np.frombuffer(b64decode(data["lines"]), "<u2").reshape(grid.drawn.shape)
        assert (drawn == grid.drawn).all()
        for step, index in enumerate(data["shown"]):
            free, paid, owed, late, worst = data["readings"][step]
            assert free == grid.free_on[step, index]
            assert (paid, owed) == (grid.total_paid[step, index], grid.closing_payoff[step, index])
            assert (late, worst) == (grid.first_late[step, index], grid.worst_days[step, index])
        heights = [fen for fen, _ in data["heights"]]
        assert heights[0] == 0
        assert 2 <= len(heights) <= 6
        assert heights[-1] <= grid.ceiling
        dates = [day for day, _ in data["dates"]]
        assert dates
        assert dates == sorted(dates)
        assert grid.days[0] <= dates[0]
        assert dates[-1] <= grid.days[-1] + 31

    def test_no_word_of_the_household_is_handed_over(self) -> None:
        plan = session.sample_plan(FIRST)
        name = "<script>alert(1)</script>"
        debts = tuple(debt.model_copy(update={"name": name}) for debt in plan.debts)
        data = live.payload(live_grid(plan.model_copy(update={"debts": debts})), words_in("zh"), best=True)
        assert "script" not in json.dumps(data)

    def test_each_strategy_has_the_colour_that_charts_give_it(self) -> None:
        data = live.payload(live_grid(session.sample_plan(FIRST)), words_in("zh"), best=True)
        assert [live._CATEGORIES[k] for k in data["colours"]] == [theme.STRATEGY_COLOURS[name] for name in STRATEGIES]
        assert data["names"] == [words_in("zh")(f"strategy.{name}.name") for name in STRATEGIES]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_sentence_of_the_browser_has_its_values(self, language: str) -> None:
        """What `live.js` fills in, and nothing else, stands in braces."""
        filled = {
            "budget": {"amount"},
            "now_mark": {"amount"},
            "kept_mark": {"amount"},
            "by_best": {"strategy"},
            "by_own": {"strategy"},
            "free": {"day"},
            "open": {"month"},
            "late": {"month", "days"},
            "day": {"year", "month", "day"},
            "month": {"year", "month"},
        }
        for name, sentence in live.words_of(words_in(language)).items():
            if isinstance(sentence, str):
                assert set(re.findall(r"{(\w+)}", sentence)) == filled.get(name, set()), name


class TestPage:
    def test_a_rerun_hands_over_the_very_same(self) -> None:
        app = alone()
        before = written(app)
        app.button[0].click().run()
        assert "runs 2" in texts(app)
        assert written(app) == before

    def test_a_grid_is_worked_out_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[Plan] = []

        def counting(plan: Plan, strategy: str | None = None) -> Any:
            asked.append(plan)
            return live_grid(plan, strategy)

        monkeypatch.setattr(live, "live_grid", counting)
        monkeypatch.setattr(live, "_grids", type(live._grids)())
        app = alone()
        app.button[0].click().run()
        assert len(asked) == 1

    def test_it_returns_todays_budget_where_nobody_moved_it(self) -> None:
        grid = live_grid(session.sample_plan(FIRST))
        assert f"told {grid.budgets[grid.today]}" in texts(alone())

    def test_hidden_amounts_are_hidden(self, monkeypatch: pytest.MonkeyPatch) -> None:
        app = alone()
        app.toggle(key=privacy._HIDDEN).set_value(True).run()
        data = handed(app)
        assert data["words"]["hidden"] is True
        assert {text for _, text in data["heights"]} == {privacy.MASK}

    def test_one_strategy_can_be_read_out(self) -> None:
        app = alone()
        app.selectbox[1].select("snowball").run()
        data = handed(app)
        assert set(data["shown"]) == {STRATEGIES.index("snowball")}
        assert data["best"] is False

    def test_where_nothing_is_owed_there_is_no_slider(self, monkeypatch: pytest.MonkeyPatch) -> None:
        plan = session.sample_plan(FIRST)
        clear = plan.model_copy(update={"debts": ()})
        monkeypatch.setattr(session, "sample_plan", lambda name: clear)
        app: Any = alone()
        assert words_in("zh")("live.nothing_owed") in texts(app)
        assert not [each for each in app.get("bidi_component") if each.proto.component_name == SLIDER]

    def test_where_there_is_no_answer_it_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        grid = live_grid(session.sample_plan(FIRST))
        grid.failed[:] = True
        monkeypatch.setattr(live, "live_grid", lambda plan, strategy: grid)
        monkeypatch.setattr(live, "_grids", type(live._grids)())
        assert words_in("zh")("table.failed") in texts(alone())


class TestOverview:
    @pytest.fixture(autouse=True)
    def on_the_examples_day(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(session, "today", lambda: session.sample_plan(FIRST).start)

    def test_the_slider_stands_after_the_window_and_before_the_details(self) -> None:
        say = words_in("zh")
        headers = [each.value for each in home().header]
        window, slider, details = (
            headers.index(say(key, **values))
            for key, values in (
                ("overview.window.title", {"days": 30}),
                ("live.title", {}),
                ("overview.details.title", {}),
            )
        )
        assert window < slider < details

    def test_it_follows_the_way_that_was_chosen(self) -> None:
        data = handed(home(chosen="custom"))
        assert set(data["shown"]) == {STRATEGIES.index("custom")}

    def test_what_is_chosen_is_named_counted_and_compared(self) -> None:
        say = words_in("zh")
        gift = FamilyGift(name="哥哥", amount=1_000_000)
        app = home(gift, name="哥哥*给*的")
        shown = "\n".join(texts(app))
        assert say("live.choices.counted.one", number=1, names="哥哥\\*给\\*的") in shown
        plan = session.sample_plan(FIRST)
        before, after = followed(ways(plan), None), followed(ways(gift.apply(plan)), None)
        assert before is not None
        assert after is not None
        less = before.out_of_pocket - after.out_of_pocket
        assert say("live.choices.less", amount=theme.money(less)) in shown
        assert handed(app)["readings"] == live.payload(live_grid(gift.apply(plan)), say, best=True)["readings"]

    def test_a_fee_outside_the_debts_is_counted_in_the_comparison(self) -> None:
        fee = ServiceFee(name="中介", amount=200_000)
        shown = "\n".join(texts(home(fee)))
        plan = session.sample_plan(FIRST)
        before, after = followed(ways(plan), None), followed(ways(fee.apply(plan)), None)
        assert before is not None
        assert after is not None
        more = after.out_of_pocket + fee.outside - before.out_of_pocket
        assert more > 0
        assert words_in("zh")("live.choices.more", amount=theme.money(more)) in shown

    def test_a_monthly_budget_that_is_chosen_steps_aside_for_the_slider(self) -> None:
        say = words_in("zh")
        budget = MonthlyBudget(amount=500_000)
        app = home(budget)
        plan = session.sample_plan(FIRST)
        assert handed(app)["budgets"] == list(live_grid(plan).budgets)
        way = followed(ways(with_budget(plan, 500_000)), None)
        assert way is not None
        assert way.debt_free_on is not None
        assert theme.month(way.debt_free_on, say) in texts(app)[1]

    def test_a_choice_that_cannot_be_done_is_told_and_the_page_goes_on(self) -> None:
        late = SellSomething(name="车", amount=50_000, date=date(2020, 1, 1))
        app = home(late, name="卖车")
        assert f"**{words_in('zh')('decisions.left_out', name='卖车')}**" in texts(app)
        assert not [text for text in texts(app) if "已经算上" in text]
        app.button(key="decisions.drop.o0").click().run()
        assert not app.exception
        assert f"**{words_in('zh')('decisions.left_out', name='卖车')}**" not in texts(app)


def ways(plan: Plan) -> list[Outcome]:
    return list(simulate([Scenario(plan, strategy) for strategy in STRATEGIES]))
