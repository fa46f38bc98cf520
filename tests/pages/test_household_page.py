"""The household as somebody enters and changes it, through `app.py`, on a store of its own."""

import time
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core.household import HouseholdDocument, household_of, with_plan
from core.plan import Payment, Plan
from core.products import PRODUCTS, Product
from pages.household.draft import next_on
from pages.shared import engine, inputs, keeping, session, theme
from pages.shared.words import LANGUAGES, Words, words_in
from tests.pages.homes import FIRST, PAGE, kept, opened, own, texts, visit

SCRIPT_SECONDS_MAX = 0.06
HOSTILE = (
    "<b>x</b><script>alert(1)</script>",
    "=cmd()|' /C calc'!A0",
    "*a* [x](http://e) :red[y] $z$",
    "💸👨‍👩‍👧",
    "a" * 200,
)


def field(app: AppTest, name: str, number: int = 0):  # type: ignore[no-untyped-def]
    """Find a field of a debt's form."""
    every = [*app.text_input, *app.date_input]
    return next(each for each in every if each.key and each.key.endswith(f"_{number}_{name}"))


def add_debt(app: AppTest, product: Product, balance: str = "12000") -> AppTest:
    app.button(key="household.add").click().run()
    app.selectbox[0].select(product.id).run()
    field(app, "balance_fen").set_value(balance)
    field(app, "next_due").set_value(next_on(session.today(), 8))
    typed = {
        "instalments_left": "6",
        "annual": "12%",
        "fee_per_instalment_fen": "60",
        "contract_date": session.today() - timedelta(200),
    }
    for name, value in typed.items():
        for each in [*app.text_input, *app.date_input]:
            if each.key and each.key.endswith(f"_0_{name}"):
                each.set_value(value)
    app.run()
    assert not app.exception
    return app


# -- the start


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_visit_is_calm_and_writes_no_household(language: str) -> None:
    app, say = visit(language), words_in(language)
    assert not app.exception
    assert app.title[0].value == say("start.title")
    assert {f"sample.{name}" for name in session.samples()} <= {button.key for button in app.button}
    assert not keeping.store().documents()


def test_three_questions_make_a_household_that_a_reload_finds() -> None:
    app = visit()
    app.button(key="start.begin").click().run()
    app.selectbox(key="product_start").select("weilidai_10").run()
    field(app, "balance_fen").set_value("￥１２，０００")
    field(app, "instalments_left").set_value("8期")
    field(app, "next_due").set_value(next_on(session.today(), 8))
    app.run()
    app.toggle(key="overdue_start_weilidai_10_0").set_value(True).run()
    app.text_input(key="money_start_income").set_value("8,000元")
    app.text_input(key="money_start_living").set_value("4500")
    app.button(key="start.go").click().run()
    assert not app.exception
    found = kept()
    assert (found.plan.debts[0].principal + sum(b.principal for b in found.plan.debts[0].bills)) == 12_000_00  # type: ignore[union-attr]
    assert found.plan.debts[0].bills  # type: ignore[union-attr]
    assert [income.amount for income in found.plan.household.incomes] == [8_000_00]
    assert found.details_of("weilidai").product == "weilidai_10"
    again = visit()
    assert not again.exception
    assert again.title[0].value != words_in("zh")("start.title")


def test_an_unfinished_answer_is_told_and_nothing_is_lost() -> None:
    app = visit("en")
    app.button(key="start.begin").click().run()
    app.text_input(key="money_start_income").set_value("8000")
    app.button(key="start.go").click().run()
    assert f":red[{words_in('en')('start.needs_debt')}]" in texts(app)
    assert app.text_input(key="money_start_income").value == "8000"
    assert not keeping.store().documents()


@pytest.mark.parametrize("name", session.samples())
def test_an_example_opens_as_a_labelled_copy(name: str) -> None:
    app, say = visit(), words_in("zh")
    app.button(key=f"sample.{name}").click().run()
    assert not app.exception
    assert say("saved.example") in texts(app)
    assert kept().plan == session.sample_plan(name)


def test_an_example_that_nobody_touched_leaves_no_trace() -> None:
    app = visit()
    app.button(key=f"sample.{FIRST}").click().run()
    app.switch_page(PAGE).run()
    app.button_group(key="household.section").set_value("files").run()
    app.button(key="sample.small_shop").click().run()
    assert len(keeping.store().documents()) == 1


# -- debts


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.id)
def test_every_product_can_be_added_with_what_its_app_shows(product: Product) -> None:
    app, say = opened(own()), words_in("zh")
    add_debt(app, product)
    meaning = [text for text in texts(app) if text.startswith(say("debt.meaning_payoff", amount="¥")[:6])]
    assert meaning
    app.button(key="debt.save").click().run()
    assert not app.exception
    found = kept()
    assert len(found.plan.debts) == 4
    assert found.details_of(found.plan.debts[-1].id).product == product.id
    assert say("saved.debt_added", name=inputs.plain(found.plan.debts[-1].name)) in texts(app)


def test_several_draws_are_entered_at_once() -> None:
    app = opened(own())
    app.button(key="household.add").click().run()
    app.selectbox[0].select("weilidai_5").run()
    app.selectbox[1].select(3).run()
    for number in range(3):
        field(app, "balance_fen", number).set_value(str(1000 * (number + 1)))
        field(app, "instalments_left", number).set_value("5")
        field(app, "next_due", number).set_value(next_on(session.today(), 8 + number))
    app.run()
    app.button(key="debt.save").click().run()
    assert not app.exception
    added = kept().plan.debts[3:]
    assert [debt.principal for debt in added] == [100_000, 200_000, 300_000]  # type: ignore[union-attr]
    assert len({debt.id for debt in kept().plan.debts}) == 6


def test_forty_debts_are_enough() -> None:
    plan = own().plan
    many = tuple(plan.debts[k % 3].model_copy(update={"id": f"d{k}"}) for k in range(40))
    app = opened(household_of(plan.model_copy(update={"debts": many})))
    assert app.button(key="household.add").disabled
    started = time.perf_counter()
    app.run()
    assert time.perf_counter() - started < 5 * SCRIPT_SECONDS_MAX


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("balance_fen", "1,23"),
        ("balance_fen", "-5"),
        ("balance_fen", "99999999999"),
        ("balance_fen", "0"),
        ("instalments_left", "361"),
        ("instalments_left", "6.5"),
        ("instalments_left", "0"),
        ("term_daily_rate", "5%"),
        ("term_penalty_multiplier", "9"),
        ("term_grace_days", "99"),
        ("name", "a" * 10_000),
        ("name", "a\u0007b"),
        ("fees_fen", "=1+1"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_saved_or_lost(name: str, bad: str) -> None:
    app = opened(own())
    add_debt(app, PRODUCTS[1])
    before, red = kept(), [text for text in texts(app) if text.startswith(":red[")]
    field(app, name).set_value(bad).run()
    app.button(key="debt.save").click().run()
    assert not app.exception
    assert field(app, name).value == bad
    told = [text for text in texts(app) if text.startswith(":red[")]
    assert len(told) > len(red) + 1  # at the field, and that it cannot be saved
    assert kept() == before
    assert not [text for text in texts(app) if "None" in text or "nan" in text.lower()]


def test_a_due_date_that_is_none_is_told_at_its_field() -> None:
    app = opened(own())
    add_debt(app, PRODUCTS[1])
    field(app, "next_due").set_value(session.today() + timedelta(400)).run()
    assert not app.exception
    assert [text for text in texts(app) if text.startswith(":red[") and str(session.today().year) in text]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text_wherever_it_is_shown(name: str) -> None:
    document = own()
    debts = (document.plan.debts[0].model_copy(update={"name": name}), *document.plan.debts[1:])
    app = opened(with_plan(document, document.plan.model_copy(update={"debts": debts})))
    for section in ("debts", "today", "files"):
        app.button_group(key="household.section").set_value(section).run()
        assert not app.exception
    app.button_group(key="household.section").set_value("debts").run()
    assert any(inputs.plain(name) in text for text in texts(app))
    app.button(key="copy.weilidai").click().run()
    assert not app.exception
    assert sum(debt.name == name for debt in kept().plan.debts) == 2


@pytest.mark.parametrize("days_ago", [1, 20])
def test_opening_and_saving_a_debt_changes_nothing(days_ago: int) -> None:
    document = own(days_ago)
    app = opened(document)
    for debt in document.plan.debts:
        app.button(key=f"open.{debt.id}").click().run()
        app.button(key="debt.save").click().run()
        assert not app.exception
    assert kept().plan.debts == document.plan.debts
    assert kept().plan.as_of == document.plan.as_of


def test_a_term_that_is_changed_moves_nothing_else() -> None:
    document = own(days_ago=20)
    app = opened(document)
    app.button(key="open.weilidai").click().run()
    field(app, "term_daily_rate").set_value("0.04%").run()
    app.button(key="debt.save").click().run()
    assert not app.exception
    found = kept().plan
    assert (found.as_of, found.debts[1:]) == (document.plan.as_of, document.plan.debts[1:])
    assert str(found.debts[0].daily_rate) == "0.0004"
    assert found.debts[0].model_copy(update={"daily_rate": document.plan.debts[0].daily_rate}) == document.plan.debts[0]


def test_a_new_balance_is_taken_as_of_today() -> None:
    app = opened(own(days_ago=20))
    app.button(key="open.weilidai").click().run()
    field(app, "balance_fen").set_value("9000").run()
    app.button(key="debt.save").click().run()
    assert not app.exception
    assert kept().plan.as_of == session.today() - timedelta(1)


def test_delete_undo_redo_copy_and_the_last_one() -> None:
    app = opened(own())
    ids = [debt.id for debt in own().plan.debts]
    app.button(key="delete.cmb").click().run()
    assert [debt.id for debt in kept().plan.debts] == [ids[0], ids[2]]
    app.button(key="saved.undo_now").click().run()
    assert [debt.id for debt in kept().plan.debts] == ids
    app.button(key="saved.redo").click().run()
    assert [debt.id for debt in kept().plan.debts] == [ids[0], ids[2]]
    app.button(key=f"delete.{ids[0]}").click().run()
    assert app.button(key=f"delete.{ids[2]}").disabled


def test_fifty_steps_can_be_undone() -> None:
    app = opened(own(), section="money")
    (cash,) = [each.key or "" for each in app.text_input if each.label == words_in("zh")("money.cash")]
    for step in range(52):
        app.text_input(key=cash).set_value(str(1000 + step)).run()
    assert kept().plan.household.cash == 1051_00
    for _ in range(50):
        app.button(key="saved.undo").click().run()
    assert app.button(key="saved.undo").disabled
    assert kept().plan.household.cash == 1001_00


# -- money


@pytest.mark.parametrize("kind", ["incomes", "expenses", "one_offs", "persons"])
def test_rows_are_added_changed_and_deleted(kind: str) -> None:
    app = opened(own(), section="money")
    count = len(rows(kept(), kind))
    app.button(key=f"add.{kind}").click().run()
    new = [each for each in app.text_input if each.key and f"_{kind}_{count}_" in each.key]
    for each in new:
        each.set_value("妈妈" if each.key and each.key.startswith(("name", "line")) else "1960")
    for each in app.date_input:
        each.set_value(date(2027, 3, 1))
    next(button for button in app.button if button.key and button.key.startswith("save_")).click().run()
    assert not app.exception
    assert len(rows(kept(), kind)) == count + 1
    assert rows(kept(), kind)[-1].name == "妈妈"
    app.button(key=f"row.{kind}.{count}").click().run()
    next(button for button in app.button if button.key and button.key.startswith("delete_")).click().run()
    assert len(rows(kept(), kind)) == count


def rows(document: HouseholdDocument, kind: str):  # type: ignore[no-untyped-def]
    return document.persons if kind == "persons" else getattr(document.plan.household, kind)


# -- today


def test_a_payment_takes_two_taps() -> None:
    document = own(days_ago=20)
    app = opened(document, section="today")
    before = len(app.text_input)
    app.button(key="pay.weilidai").click().run()
    assert len(app.text_input) == before + 1
    amount = app.text_input[0].value
    app.button(key="today.record").click().run()
    assert not app.exception
    (payment,) = kept().plan.paid
    assert (payment.debt, payment.date, inputs.grouped(payment.amount)) == ("weilidai", session.today(), amount)
    app.button(key="unpay.0").click().run()
    assert kept().plan.paid == ()


def test_more_than_a_debt_can_take_is_told() -> None:
    app = opened(own(days_ago=20), section="today")
    app.button(key="pay.weilidai").click().run()
    app.text_input[0].set_value("999999").run()
    app.button(key="today.record").click().run()
    assert not app.exception
    told = words_in("zh")("today.too_much", amount=theme.money(99999900))
    assert f":red[{inputs.plain(told)}]" in texts(app)
    assert kept().plan.paid == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lenders_balance_agrees_or_the_gap_is_explained(language: str) -> None:
    app, say = opened(own(days_ago=20), language, "today"), words_in(language)
    app.text_input[0].set_value("1").run()
    assert not app.exception
    assert any(say("today.cause.payment_not_recorded", gap="¥").split("¥")[0] in text for text in texts(app))
    figure = session_figure(app)
    app.text_input[0].set_value(figure).run()
    assert f":green[**{say('today.matches', amount=figure)}**]" in texts(app)


def session_figure(app: AppTest) -> str:
    (sentence,) = [text for text in texts(app) if text.startswith(("这里算的是", "Worked out here"))]
    return "¥" + sentence.split("¥")[1].split("，")[0].split(" ")[0].rstrip(".")


# -- speed, words, and an engine that is not ready


@pytest.mark.parametrize("section", ["debts", "money", "today", "files"])
def test_a_control_is_answered_at_once(section: str) -> None:
    app = opened(own(), section=section)
    best = min(_timed(app) for _ in range(5))
    assert best < SCRIPT_SECONDS_MAX


def _timed(app: AppTest) -> float:
    started = time.perf_counter()
    app.run()
    return time.perf_counter() - started


@pytest.mark.parametrize("section", ["debts", "money", "today", "files"])
def test_in_english_every_sentence_is_english(section: str) -> None:
    app = opened(own(), "en", section)
    say: Words = words_in("en")
    named = {debt.name for debt in own().plan.debts} | {
        row.name for kind in ("incomes", "expenses") for row in getattr(own().plan.household, kind)
    }
    for text in texts(app):
        for name in named:
            text = text.replace(inputs.plain(name), "")
        assert not [c for c in text if "\u3400" <= c <= "\u9fff"], text
    assert app.title[0].value == say("household_page.title")


def test_while_the_engine_warms_up_one_can_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "ready", lambda: False)
    app = opened(own())
    assert words_in("zh")("warming.title") in [element.value for element in app.subheader]
    add_debt(app, PRODUCTS[1])
    assert words_in("zh")("debt.figures_later") in texts(app)


def test_a_payment_that_is_refused_can_be_deleted() -> None:
    plan: Plan = own(days_ago=20).plan
    much = Payment(date=session.today() - timedelta(3), debt="weilidai", amount=9_000_000_00)
    bad = plan.model_copy(update={"paid": (much,), "today": session.today()})
    app = opened(household_of(bad), section="today")
    assert f":red[{words_in('zh')('today.refused')}]" in texts(app)
    app.button(key="unpay.0").click().run()
    assert kept().plan.paid == ()
