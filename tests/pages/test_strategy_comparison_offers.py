"""Offers, promises, payments and what is ours, walked through as a household would."""

import re
from collections.abc import Iterable
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from core.decided import decided
from core.household import HouseholdDocument, Lever, Offer, dump_household, household_of
from core.lever_effects import rank_help
from core.levers import FamilyGift, as_option, card_plan, lever_from, longer
from core.plan import Plan, plan_from
from core.simulate import STRATEGIES
from core.thresholds import highest_offer
from core.upcoming import upcoming
from core.verdict import compare
from core.ways import Way, proposals, ways
from pages.shared import keeping, session, theme
from pages.shared.words import LANGUAGES, words_in
from pages.strategy_comparison import offers
from tests.pages.homes import kept, visit

PAGE = "pages/strategy_comparison/page.py"
ZH = words_in("zh")


def family(**card: object) -> Plan:
    """Income 8,000, needs 4,000, a card, a net loan and relatives."""
    return plan_from(
        {
            "schema": "ashore.plan/1",
            "as_of": "2026-11-05",
            "horizon_months": 60,
            "household": {
                "payday": 10,
                "cash": "2000.00",
                "reserve": "0",
                "incomes": [{"name": "工资", "amount": "8000.00"}],
                "expenses": [{"name": "生活", "category": "food", "amount": "4000.00", "essential": True}],
                "one_offs": [],
            },
            "debts": [
                {
                    "id": "card",
                    "name": "信用卡",
                    "kind": "card",
                    "daily_rate": "0.0005",
                    "balance": "30000.00",
                    "statement_day": 5,
                    "due_day": 23,
                    **card,
                },
                {
                    "id": "net",
                    "name": "网贷 *甲*<b>",
                    "kind": "instalment",
                    "method": "equal_principal",
                    "daily_rate": "0.0005",
                    "principal": "24000.00",
                    "instalments_left": 12,
                    "due_day": 20,
                    "prepayment": "full_only",
                },
                {
                    "id": "uncle",
                    "name": "舅舅",
                    "kind": "instalment",
                    "method": "equal_principal",
                    "annual_rate": "0",
                    "principal": "10000.00",
                    "instalments_left": 20,
                    "due_day": 15,
                    "reported": False,
                },
            ],
        }
    )


@pytest.fixture(autouse=True)
def the_day_of_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """The household is looked at on the day on which it was entered."""
    monkeypatch.setattr(session, "today", lambda: family().as_of)


def opened(document: HouseholdDocument | Plan, section: str = "compare", language: str = "zh") -> AppTest:
    made = document if isinstance(document, HouseholdDocument) else household_of(document)
    keeping.store().create(dump_household(made).encode())
    app = visit(language)
    app.switch_page(PAGE).run()
    if section != "compare":
        go(app, section)
    assert not app.exception
    return app


def go(app: AppTest, section: str) -> None:
    app.button_group(key="comparison.section").set_value(section).run()
    assert not app.exception


def begin(app: AppTest, kind: str) -> None:
    one(app.button_group, "offer_kind").set_value(kind).run()
    assert not app.exception


def one(elements: Iterable, key: str):
    """Give the element whose key holds this."""
    (found,) = [element for element in elements if element.key and key in element.key]
    return found


def fill(app: AppTest, key: str, text: str) -> None:
    one(app.text_input, key).set_value(text).run()
    assert not app.exception


def press(app: AppTest, key: str) -> None:
    one(app.button, key).click().run()
    assert not app.exception


def texts(app: AppTest) -> str:
    shown = [element.value for kind in (app.title, app.header, app.markdown, app.caption) for element in kind]
    return "\n".join(shown)


def tables(app: AppTest) -> str:
    return unescape("\n".join(element.proto.body for element in app.get("html") if "<table" in element.proto.body))


def ways_of(document: HouseholdDocument) -> tuple[Way, ...]:
    found = decided(document)
    outcomes = session.AnswerStore(6).ask(found.plan, STRATEGIES)
    return ways(outcomes, found.outside, proposals(document, found), follow=document.chosen)


def with_offers(plan: Plan, count: int) -> HouseholdDocument:
    made = [as_option(longer(plan, "card", 6 + k % 50), f"o{k}", f"方案{k}") for k in range(count)]
    return household_of(plan).model_copy(update={"offers": tuple(each for each in made if isinstance(each, Offer))})


# -- which first, when free, at what cost?


@pytest.mark.parametrize("language", LANGUAGES)
def test_which_first_when_free_and_at_what_cost(language: str) -> None:
    say = words_in(language)
    app = opened(family(), language=language)
    found = ways_of(household_of(family()))
    verdict = compare([way.outcome for way in found])
    best = found[verdict.best]
    assert best.outcome.debt_free_on is not None
    told = texts(app)
    assert say(f"strategy.{best.key}.name") in told
    assert theme.month(best.outcome.debt_free_on, say) in told
    assert theme.money(best.paid) in told
    assert theme.money(best.outcome.total_cost) in tables(app)

    go(app, "detail")
    listed = upcoming(family(), best.strategy)
    assert theme.money(listed[0].amount) in tables(app)
    assert theme.day(listed[-1].day, say) in tables(app)
    assert theme.money(sum(each.amount for each in listed)) in texts(app)
    assert "18.25%" in texts(app)
    assert "网贷 \\*甲\\*\\<b\\>" in texts(app)  # typed text is shown as it was typed
    assert say("why.full_only", names="网贷 \\*甲\\*\\<b\\>") in texts(app)


def test_every_way_can_be_looked_at_in_detail() -> None:
    app = opened(family(), "detail")
    for strategy in STRATEGIES:
        one(app.selectbox, "ahead.way").set_value(strategy).run()
        assert not app.exception
        assert ZH(f"why.first_{ {'stop': 'nobody'}.get(strategy, 'plan') }", order="").split("：")[0][:6] in texts(app)
    assert len(app.get("plotly_chart")) == 1


# -- my brother can give 5,000 once or 500 a month


def test_my_brother_can_give_once_or_monthly() -> None:
    app = opened(family(), "offers")
    begin(app, "help")
    fill(app, "help_name", "哥哥 `x`")
    fill(app, "help_once", "5,000")
    fill(app, "help_monthly", "五百")
    assert ZH("inputs.money_form") in texts(app).replace("\\", "")
    assert "help_which" not in str([box.key for box in app.selectbox])
    fill(app, "help_monthly", "500")
    strategy = ways_of(household_of(family()))
    best = strategy[compare([way.outcome for way in strategy]).best].strategy
    ranked = rank_help(family(), best, name="x", once=500_000, monthly=50_000)
    top = next(each for each in ranked if isinstance(each.lever, FamilyGift))
    assert top.saved is not None
    assert theme.money(top.saved) in texts(app)
    assert theme.money(next(each for each in ranked if not isinstance(each.lever, FamilyGift)).given) in texts(app)
    press(app, "offer.save.help")
    (noted,) = kept().levers
    assert noted.state == "considered"
    assert "哥哥 `x`" in noted.name
    assert lever_from(noted.kind, noted.params).for_debt == ranked[0].lever.for_debt  # type: ignore[attr-defined]
    assert "哥哥 \\`x\\`" in texts(app)
    press(app, f"offer.use.{noted.id}")
    assert kept().levers[0].state == "chosen"
    assert ZH("ways.chosen_line", names="").rstrip("。") in texts(app)
    press(app, "undo")
    assert kept().levers[0].state == "considered"


def test_family_lends_and_is_paid_back() -> None:
    app = opened(family(), "offers")
    begin(app, "help")
    one(app.button_group, "help_way").set_value("lend").run()
    fill(app, "help_name", "姐姐")
    fill(app, "lent_amount", "10000")
    press(app, "offer.save.lent")
    assert kept().levers == ()
    fill(app, "lent_count", "10")
    fill(app, "lent_day", "15")
    press(app, "offer.save.lent")
    (noted,) = kept().levers
    assert noted.kind == "family_loan"


# -- the bank offers 60 instalments without interest


def test_the_bank_offers_sixty_instalments_without_interest() -> None:
    app = opened(family(), "offers")
    begin(app, "lender")
    fill(app, "offer_count_card", "61")
    press(app, "offer.save.lender")
    assert kept().offers == ()
    assert "60" in texts(app)
    fill(app, "offer_count_card", "60")
    press(app, "offer.save.lender")
    (noted,) = kept().offers
    assert lever_from(noted.kind, noted.params) == card_plan("card", 60)
    way = ways_of(kept())[-1]
    go(app, "compare")
    assert noted.name in tables(app)
    assert theme.money(way.paid) in tables(app)
    assert len(app.get("plotly_chart")) == 1

    one(app.selectbox, "ways.pick").set_value(noted.id).run()
    press(app, "ways.take.compare")
    made = kept()
    assert (made.chosen, made.offers[0].state) == (way.strategy, "chosen")
    press(app, "undo")
    assert (kept().chosen, kept().offers[0].state) == (None, "considered")


@pytest.mark.parametrize(
    ("preset", "fields"),
    [
        ("longer", {"count_card": "48"}),
        ("lower_rate", {"rate_card": "8%"}),
        ("waived", {"share_card": "50%"}),
        ("paused", {"months_card": "6"}),
        ("free", {"count_card": "36", "offer_rate_card": "0%"}),
    ],
)
def test_every_kind_of_offer_can_be_noted(preset: str, fields: dict[str, str]) -> None:
    app = opened(family(), "offers")
    begin(app, "lender")
    one(app.selectbox, "preset_card").set_value(preset).run()
    assert not app.exception
    for key, text in fields.items():
        fill(app, key, text)
    press(app, "offer.save.lender")
    (noted,) = kept().offers
    assert lever_from(noted.kind, noted.params).apply(family()) != family()


def test_two_offers_for_one_debt_contradict_at_the_offer_and_nothing_is_lost() -> None:
    plan = family()
    first = as_option(card_plan("card", 60), "a", "六十期").model_copy(update={"state": "chosen"})
    second = as_option(longer(plan, "card", 36), "b", "三十六期")
    made = household_of(plan).model_copy(update={"offers": (first, second)})
    app = opened(made, "offers")
    assert ZH("offer.blocked") in texts(app)
    assert "六十期 已是同一笔债务的协商方案" in texts(app)
    assert "offer.use.b" not in str([button.key for button in app.button])
    press(app, "offer.drop.a")
    assert [each.state for each in kept().offers] == ["dropped", "considered"]
    assert "offer.use.b" in str([button.key for button in app.button])
    press(app, "offer.remove.a")
    assert [each.id for each in kept().offers] == ["b"]


def test_paid_off_debts_are_not_offered_for_talks() -> None:
    app = opened(family(balance="0", accrued="0"), "offers")
    begin(app, "lender")
    assert "信用卡" not in one(app.selectbox, "choice_offer_debt").options


# -- a new loan


def test_a_new_loan_that_does_not_reach_names_how_much_is_missing() -> None:
    app = opened(family(), "offers")
    begin(app, "loan")
    app.multiselect[0].set_value(["card"]).run()
    for key, text in (
        ("loan_name", "小贷"),
        ("loan_amount", "20000"),
        ("rate_offer_loan_rate", "12%"),
        ("loan_count", "24"),
        ("loan_day", "20"),
        ("loan_fee", "1000"),
        ("loan_advance", "500"),
    ):
        fill(app, key, text)
    told = texts(app)
    assert "还差" in told
    assert "一年 " in told
    assert ZH("offer.warning.fee_in_advance") in told
    press(app, "offer.save.loan")
    assert kept().levers == ()
    assert one(app.text_input, "loan_amount").value == "20000"
    fill(app, "loan_amount", "40000")
    press(app, "offer.save.loan")
    (noted,) = kept().levers
    assert noted.kind == "new_loan"
    told = texts(app)
    assert ZH("offer.warning.fee_deducted") in told
    assert ZH("offer.warning.dearer") in told or ZH("offer.warning.still_overdue") in told


# -- a company will settle my debts for a fee


def test_a_company_will_settle_my_debts_for_a_fee() -> None:
    app = opened(family(), "offers")
    begin(app, "fee")
    assert ZH("fee.first") in texts(app).replace(":red[", "").replace("]", "")
    assert ZH("overdue.kind.custom") in texts(app)
    fill(app, "fee_name", "某某法务")
    fill(app, "fee_amount", "3000")
    press(app, "offer.save.fee")
    (noted,) = kept().levers
    assert noted.kind == "service_fee"
    assert ZH("offer.warning.fee_to_others") in texts(app)
    assert ZH("offer.warning.dearer") in texts(app)


# -- the most that can be promised


def test_the_most_that_can_be_promised_is_kept_as_an_offer() -> None:
    app = opened(family(), "promise")
    found = ways_of(household_of(family()))
    best = found[compare([way.outcome for way in found]).best].strategy
    asked = card_plan("card", 1)
    free = type(asked)(debt="card", method="equal_principal", instalments=1, annual_rate=asked.annual_rate)
    for strategy in (best, "minimum"):
        answer = highest_offer(family(), free, strategy)
        if answer.offer is not None:
            break
    assert answer.monthly is not None
    assert answer.offer is not None
    assert theme.money(answer.monthly) in texts(app)
    press(app, "promise.keep")
    (noted,) = kept().offers
    assert lever_from(noted.kind, noted.params) == answer.offer


def test_where_nothing_can_be_promised_it_says_who_is_late() -> None:
    plan = family()
    poor = plan.model_copy(update={"household": plan.household.model_copy(update={"cash": 0, "incomes": ()})})
    app = opened(poor, "promise")
    assert ZH("promise.none", count=60, names="").split("：")[0] in texts(app)
    assert "promise.keep" not in str([button.key for button in app.button])


# -- below the minimums


def test_a_shortfall_is_told_with_who_is_missed_under_each_order() -> None:
    plan = family()
    short = plan.household.model_copy(update={"cash": 0, "incomes": plan.household.incomes[:0]})
    app = opened(plan.model_copy(update={"household": short}))
    assert "这个月的钱不够把到期的都付上" in texts(app)
    assert ZH("missed.cost") in tables(app)
    for strategy in STRATEGIES:
        assert ZH(f"strategy.{strategy}.name") in tables(app)


def test_nothing_is_said_where_all_that_falls_due_is_paid() -> None:
    plan = family()
    rich = plan.household.model_copy(update={"cash": 5_000_000})
    app = opened(plan.model_copy(update={"household": rich}))
    assert "这个月的钱不够" not in texts(app)
    assert ZH("missed.cost") not in tables(app)


# -- ours


def test_a_way_is_settled_on_and_taken_back() -> None:
    app = opened(family(), "detail")
    assert ZH("ways.ours_none") in texts(app)
    one(app.selectbox, "ahead.way").set_value("snowball").run()
    press(app, "ways.take.detail")
    assert kept().chosen == "snowball"
    assert ZH("ways.ours_line", strategy=ZH("strategy.snowball.name")) in texts(app)
    go(app, "compare")
    assert ZH("ways.ours") in tables(app)
    press(app, "ways.drop.compare")
    assert kept().chosen is None


def test_the_household_page_names_our_way() -> None:
    app = opened(household_of(family()).model_copy(update={"chosen": "rescue"}))
    app.switch_page("pages/household/page.py").run()
    app.button_group(key="household.section").set_value("today").run()
    assert ZH("ways.household_ours", strategy=ZH("strategy.rescue.name")) in texts(app)


def test_what_is_chosen_can_be_held_against_the_time_without_it() -> None:
    plan = family()
    gift = as_option(FamilyGift(name="妈", amount=800_000), "gift", "妈妈给").model_copy(update={"state": "chosen"})
    assert isinstance(gift, Lever)
    app = opened(household_of(plan).model_copy(update={"levers": (gift,)}))
    assert "妈妈给" in texts(app)
    assert ZH("ways.before") not in tables(app)
    app.toggle(key="ways.with_before").set_value(True).run()
    assert not app.exception
    assert ZH("ways.before") in tables(app)
    assert "少付 **" in texts(app)


# -- many


@pytest.mark.parametrize("section", ["compare", "offers", "detail"])
def test_a_hundred_offers_stay_readable(section: str) -> None:
    app = opened(with_offers(family(), 100), section)
    if section == "compare":
        assert ZH("ways.more_ways", count=95) in [element.label for element in app.expander]
        assert len(app.multiselect[0].value) <= 8
        app.multiselect[0].set_value([*STRATEGIES, "o1", "o2", "o3", "o4"]).run()
        assert not app.exception
    if section == "offers":
        uses = [button for button in app.button if button.key and button.key.startswith("offer.use.")]
        assert len(uses) == offers.CARDS_MAX
        press(app, "offer.more")
        assert len([button for button in app.button if button.key and button.key.startswith("offer.use.")]) == 12


def test_a_way_that_is_gone_is_no_longer_looked_at() -> None:
    app = opened(with_offers(family(), 2), "detail")
    one(app.selectbox, "ahead.way").set_value("o1").run()
    assert not app.exception
    go(app, "compare")
    one(app.selectbox, "ways.pick").set_value("o1").run()
    go(app, "offers")
    press(app, "offer.drop.o1")
    go(app, "detail")
    go(app, "compare")
    assert "方案1" not in tables(app)


def test_no_line_picked_is_said() -> None:
    app = opened(with_offers(family(), 2))
    app.multiselect[0].set_value([]).run()
    assert not app.exception
    assert ZH("ways.drawn_none") in texts(app)
    assert not app.get("plotly_chart")


@pytest.mark.parametrize("section", ["compare", "offers", "promise", "detail"])
def test_forty_debts(section: str) -> None:
    plan = family()
    debts = tuple(plan.debts[k % 3].model_copy(update={"id": f"d{k}", "name": f"第{k}笔"}) for k in range(40))
    app = opened(plan.model_copy(update={"debts": debts}), section)
    assert not re.search(r"\b(nan|inf|None)\b", texts(app) + tables(app))


@pytest.mark.parametrize("section", ["compare", "offers", "promise", "detail"])
def test_where_nothing_is_owed_every_section_says_so(section: str) -> None:
    plan = family(balance="0", accrued="0")
    gone = [debt.model_copy(update={"principal": 0, "instalments_left": 0}) for debt in plan.debts[1:]]
    app = opened(plan.model_copy(update={"debts": (plan.debts[0], *gone)}), section)
    assert not app.exception


@pytest.mark.parametrize("section", ["offers", "promise", "detail"])
def test_english_has_no_chinese_of_ours(section: str) -> None:
    plan = family()
    debts = tuple(debt.model_copy(update={"name": debt.id}) for debt in plan.debts)
    made = household_of(plan.model_copy(update={"debts": debts}))
    option = as_option(FamilyGift(name="ann", amount=800_000), "gift", "gift")
    app = opened(made.model_copy(update={"levers": (option,)}), section, "en")
    assert not re.search(r"[\u3400-\u9fff]", (texts(app) + tables(app)).replace("中文", ""))
