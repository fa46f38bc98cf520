"""Hosted, when things go otherwise than planned: stores that fail, tabs that compete, links that were mangled."""

import re
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from core.household import dump_household, household_of, parse_household
from core.sharing import Address, Family, Hidden, Limits, Link, Owner, figures_of, pledge_from
from core.store import Store, StoreUnavailable
from core.store.places import place_of
from core.store.tables import VERSION_TABLE
from pages.shared import entry, session, shelf, stores
from pages.shared.words import words_in
from tests.pages.homes import APP, texts

HOUSEHOLD = household_of(session.sample_plan("halved_income"))
OWN = HOUSEHOLD.model_copy(update={"notes": "Written by nobody but us"})
ALL = Hidden(lender_names=False, amounts=False, incomes=False, names=False, notes=False)
VISITOR = "203.0.113.7"
HTML = "<img src=x onerror=alert(1)><b>Aunt</b>"
Told = dict[str, str | bool]


class Tab:
    """The browser's half of `pages.shared.entry`: what it told last, and what it keeps meanwhile."""

    def __init__(self) -> None:
        self.kept: Told = {}
        self.device: Told = {}
        self.told: entry.Arrived | None = None

    def comes_by(self, plan: str, secret: str) -> "Tab":
        self.kept = {"plan": plan, "secret": secret}
        return self

    def keep(self, plan: str, secret: str, *, is_new: bool = False) -> None:
        self.kept = {"plan": plan, "secret": secret, "is_new": is_new}

    def forget(self) -> None:
        if self.device.get("plan") == self.kept.get("plan"):
            self.device = {}
        self.kept = {}

    def tell(self) -> bool:
        """Say what it keeps, after a run; whether that is news."""
        here = self.kept or self.device
        remembered = bool(self.device) and self.device.get("plan") == here.get("plan")
        told = entry.Arrived(
            str(here.get("plan", "")), str(here.get("secret", "")), remembered, bool(here.get("is_new"))
        )
        is_news, self.told = told != self.told, told
        return is_news


@pytest.fixture
def tab(monkeypatch: pytest.MonkeyPatch) -> Tab:
    """The tab that all visits of a test happen in, unless another one takes its place (`use`)."""
    monkeypatch.setenv("ASHORE_MODE", "hosted")
    found = Tab()
    use(found, monkeypatch)
    return found


def use(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "read", lambda: tab.told)
    monkeypatch.setattr(entry, "keep", tab.keep)
    monkeypatch.setattr(entry, "forget", tab.forget)


def settled(app: AppTest, tab: Tab) -> AppTest:
    """Run until the browser has no news."""
    while tab.tell():
        app.run()
        assert not app.exception
    return app


def load(tab: Tab, language: str = "en") -> AppTest:
    """Load the page in a tab, or load it anew: nothing is left but what the tab keeps."""
    tab.told = None
    app = AppTest.from_file(APP, default_timeout=30)
    app.query_params["lang"] = language
    return settled(app.run(), tab)


def press(app: AppTest, tab: Tab, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return settled(app, tab)


def section(app: AppTest, name: str) -> AppTest:
    app.switch_page("pages/household/page.py").run()
    app.button_group(key="household.section").set_value(name).run()
    assert not app.exception
    return app


def keys(app: AppTest, beginning: str) -> list[str]:
    return [button.key for button in app.button if button.key and button.key.startswith(beginning)]


def says(app: AppTest, words: str) -> bool:
    return any(words in each for each in texts(app))


def shows_markup(app: AppTest) -> bool:
    """Whether something that a user typed reaches the page as markup."""
    shown = [*texts(app), *(each.proto.body for each in app.get("html"))]
    return any(re.search(r"(?<!\\)<(img src=x|b>)", each) for each in shown)


def plan_of(document: bytes = dump_household(OWN).encode()) -> Owner:
    return shelf.book().create(document, VISITOR)


def opened(address: Address) -> Owner | Family:
    return shelf.book().open(address.id, address.secret, VISITOR)


def link_of(owner: Owner, hidden: Hidden = ALL) -> Link:
    return owner.make_link("sister", hidden, figures_of(OWN), 1)


# -- one tab, several plans


def test_a_plan_that_was_made_and_deleted_in_one_tab_is_gone_without_a_word_of_refusal(tab: Tab) -> None:
    app = load(tab)
    press(app, tab, "sample.halved_income")
    press(app, tab, "overview.answer")
    assert tab.kept["is_new"]
    section(app, "sharing")
    app.checkbox(key="sharing.sure").check().run()
    press(app, tab, "sharing.delete")
    assert keys(app, "sample.")
    assert not says(app, "does not open")
    assert (tab.kept, stores.store().documents()) == ({}, [])


def test_a_reload_goes_on_asking_until_the_link_is_put_away(tab: Tab) -> None:
    app = load(tab)
    press(app, tab, "sample.halved_income")
    press(app, tab, "overview.answer")
    again = load(tab)
    assert says(again, "put this link away")
    press(again, tab, "owner_link.kept")
    assert not says(again, "put this link away")
    assert not says(load(tab), "put this link away")


def test_another_household_in_the_tab_leaves_the_plan_and_its_links_alone(tab: Tab) -> None:
    owner = plan_of()
    family = opened(link_of(owner).address)
    assert isinstance(family, Family)
    family.pledge(pledge_from(who="Sis", kind="once", amount=500_000, made_on=date(2026, 11, 24)))
    tab.comes_by(owner.address.id, owner.address.secret.text)
    app = load(tab)
    section(app, "files")
    press(app, tab, "sample.small_shop")
    section(app, "sharing")
    assert (keys(app, "pledges."), keys(app, "sharing.")) == ([], [])
    assert says(app, words_in("en")("sharing.not_yet"))
    assert owner.latest().number == 1
    app.switch_page("pages/overview/page.py").run()
    press(app, tab, "overview.answer")
    assert owner.latest().number == 1
    assert tab.kept["plan"] not in ("", owner.address.id)
    assert says(app, "put this link away")


def test_what_the_device_remembers_is_another_plan_and_stays(tab: Tab) -> None:
    first, second = plan_of(), plan_of()
    tab.device = {"plan": first.address.id, "secret": first.address.secret.text}
    tab.comes_by(second.address.id, second.address.secret.text)
    app = section(load(tab), "sharing")
    assert app.toggle(key="owner_link.remember").value is False
    app.checkbox(key="sharing.sure").check().run()
    press(app, tab, "sharing.delete")
    assert tab.device["plan"] == first.address.id


def test_a_link_that_was_pasted_whole_leaves_no_complaint(tab: Tab) -> None:
    owner = plan_of()
    tab.comes_by(owner.address.id, owner.address.secret.text[:9])
    app = load(tab)
    assert says(app, "incomplete")
    app.text_input(key="guests.pasted").set_value(owner.address.link("https://example.org")).run()
    settled(app, tab)
    assert says(app, "debts")
    assert not says(app, "incomplete")


@pytest.mark.parametrize(
    "mangled",
    ["{0}%20{1}", "{0}\n {1}", "{0}{1}#{0}{1}", "{0}{1}{0}{1}", "%E2%80%8B{0}{1}。谢谢", "{0}{1}%EF%BC%8C看看"],
    ids=["blank", "line", "doubled", "stuck", "invisible", "words"],
)
def test_what_chats_do_to_a_link_does_not_matter(tab: Tab, mangled: str) -> None:
    owner = plan_of()
    secret = owner.address.secret.text
    tab.comes_by(owner.address.id, mangled.format(secret[:11], secret[11:]))
    app = load(tab)
    assert says(app, "debts")
    assert tab.kept["secret"] == secret


def test_an_ended_link_in_an_open_page_shows_nothing_more(tab: Tab) -> None:
    owner = plan_of()
    link = link_of(owner)
    tab.comes_by(link.address.id, link.address.secret.text)
    app = load(tab)
    assert says(app, words_in("en")("family.title"))
    owner.revoke(link)
    app.run()
    assert not app.exception
    assert says(app, "was ended on")
    assert not any(debt.name in each for debt in OWN.plan.debts for each in texts(app))


# -- stores that fail


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_save_that_fails_is_told_and_kept_on_the_page_until_it_can_be_saved(
    tab: Tab, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    owner, say = plan_of(), words_in(language)
    tab.comes_by(owner.address.id, owner.address.secret.text)
    app = section(load(tab, language), "money")
    gone = StoreUnavailable("unreachable", place_of("postgresql://ashore@db.example.org/ashore"))
    with monkeypatch.context() as patch:
        patch.setattr(Store, "writing", _raising(gone))
        patch.setattr(Store, "reading", _raising(gone))
        (field,) = [each for each in app.text_input if (each.key or "").startswith("money_cash_")]
        field.set_value("4321").run()
        assert not app.exception
        assert says(app, say("saved.not_saved"))
        assert not says(app, "db.example.org")
        for name in ("money", "files", "sharing", "debts"):
            section(app, name)
            assert says(app, say("saved.not_saved")), name
    press(app, tab, "saved.again")
    assert not says(app, say("saved.not_saved"))
    assert parse_household(owner.latest().document).plan.household.cash == 432_100


def _raising(error: Exception) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def test_a_link_is_opened_once_the_database_is_back(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = plan_of()
    tab.comes_by(owner.address.id, owner.address.secret.text)
    with monkeypatch.context() as patch:
        patch.setattr(Store, "reading", _raising(StoreUnavailable("locked", stores.store().place)))
        app = load(tab)
        assert says(app, "in use by another program")
    press(app, tab, "guests.again")
    assert says(app, "debts")
    assert not says(app, "in use by another program")


def test_a_plan_whose_door_opened_before_the_database_went_opens_later(
    tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = plan_of()
    tab.comes_by(owner.address.id, owner.address.secret.text)
    with monkeypatch.context() as patch:
        patch.setattr(Store, "history", _raising(StoreUnavailable("locked", stores.store().place)))
        app = load(tab)
        assert says(app, "in use by another program")
    press(app, tab, "start.again")
    assert says(app, "debts")


def test_a_first_household_that_cannot_be_kept_is_kept_later_with_a_link(
    tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = load(tab)
    press(app, tab, "sample.halved_income")
    with monkeypatch.context() as patch:
        patch.setattr(Store, "writing", _raising(StoreUnavailable("full", stores.store().place)))
        press(app, tab, "overview.answer")
        assert says(app, "disk")
        assert tab.kept == {}
    press(app, tab, "saved.again")
    assert says(app, "put this link away")
    assert len(stores.store().documents()) == 1


def test_a_new_plans_link_stays_on_the_page_while_the_database_is_gone(
    tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = load(tab)
    press(app, tab, "sample.halved_income")
    press(app, tab, "overview.answer")
    gone = StoreUnavailable("locked", stores.store().place)
    for method in ("reading", "writing"):
        monkeypatch.setattr(Store, method, _raising(gone))
    app.run()
    assert not app.exception
    assert any(str(tab.kept["secret"]) in each.value for each in app.code)


def test_too_many_saves_are_told_with_the_time_to_wait_and_lose_nothing(
    tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASHORE_LIMIT_WRITES_PER_MINUTE", "1")
    owner = plan_of()
    tab.comes_by(owner.address.id, owner.address.secret.text)
    app = section(load(tab), "debts")
    first, second = keys(app, "delete.")[:2]
    press(app, tab, first)
    press(app, tab, second)
    assert says(app, "Too many attempts; wait")
    assert owner.latest().number == 2
    monkeypatch.setattr(shelf.book().gate, "spend", lambda *_: None)
    press(app, tab, "saved.again")
    assert len(parse_household(owner.latest().document).plan.debts) == len(OWN.plan.debts) - 2


def test_an_altered_state_gives_way_to_the_one_before_and_is_not_shown_to_the_family(
    tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = plan_of()
    owner.save(dump_household(OWN.model_copy(update={"notes": "later"})).encode(), 1)
    with stores.store().writing() as connection:
        connection.execute(text("UPDATE revisions SET content = x'0001' WHERE number = 2"))
    published: list[int] = []
    monkeypatch.setattr(Owner, "publish", lambda self, figures, number: published.append(number))
    tab.comes_by(owner.address.id, owner.address.secret.text)
    app = load(tab)
    assert says(app, words_in("en")("saved.damaged"))
    assert published == []
    press(app, tab, "saved.again")
    assert published == [3]


def test_a_database_of_a_newer_version_is_told_and_left_alone(tab: Tab, empty_store: Path) -> None:
    owner = plan_of()
    with stores.store().writing() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    stores.store().close()
    stores.forget()
    before = (empty_store / "ashore.db").read_bytes()
    tab.comes_by(owner.address.id, owner.address.secret.text)
    app = load(tab)
    assert says(app, "newer version of this program")
    press(app, tab, "guests.again")
    assert (empty_store / "ashore.db").read_bytes() == before


# -- two at once


@pytest.mark.parametrize(("choice", "left"), [("saved.mine", 0), ("saved.theirs", 1)])
def test_of_two_tabs_of_the_owner_the_later_save_is_told_and_both_are_kept(
    tab: Tab, monkeypatch: pytest.MonkeyPatch, choice: str, left: int
) -> None:
    owner, other = plan_of(), Tab()
    for each in (tab, other):
        each.comes_by(owner.address.id, owner.address.secret.text)
    mine = section(load(tab), "debts")
    use(other, monkeypatch)
    theirs = section(load(other), "debts")
    deletions = keys(mine, "delete.")
    press(theirs, other, deletions[0])
    use(tab, monkeypatch)
    press(mine, tab, deletions[1])
    assert says(mine, words_in("en")("saved.conflict_title"))
    press(mine, tab, choice)
    gone = {deletions[1].removeprefix("delete."), deletions[0].removeprefix("delete.")}
    kept = [{debt.id for debt in parse_household(owner.revision(k).document).plan.debts} & gone for k in (1, 2)]
    assert kept == [gone, {deletions[1].removeprefix("delete.")}]
    last = {debt.id for debt in parse_household(owner.latest().document).plan.debts} & gone
    assert last == {deletions[left].removeprefix("delete.")}


def test_an_offer_is_not_called_accepted_where_it_could_not_be_kept(tab: Tab) -> None:
    owner = plan_of()
    family = opened(link_of(owner).address)
    assert isinstance(family, Family)
    family.pledge(pledge_from(who=HTML, kind="once", amount=500_000, made_on=date(2026, 11, 24), message=HTML))
    tab.comes_by(owner.address.id, owner.address.secret.text)
    app = section(load(tab), "sharing")
    assert not shows_markup(app)
    (accept,) = keys(app, "pledges.accept.")
    owner.save(dump_household(OWN.model_copy(update={"notes": "another tab"})).encode(), 1)
    press(app, tab, accept)
    assert says(app, words_in("en")("saved.conflict_title"))
    assert [each.state for each in family.pledges()] == ["sent"]
    press(app, tab, "saved.mine")
    section(app, "sharing")
    press(app, tab, accept)
    assert [each.state for each in family.pledges()] == ["accepted"]
    assert [lever.name for lever in parse_household(owner.latest().document).levers] == [HTML]


def test_owner_and_family_save_at_once(tab: Tab) -> None:
    owner = plan_of()
    family = opened(link_of(owner).address)
    assert isinstance(family, Family)
    failures: list[Exception] = []

    def offer() -> None:
        try:
            for amount in range(100, 1000, 100):
                family.pledge(pledge_from(who="Sis", kind="once", amount=amount, made_on=date(2026, 11, 24)))
        except Exception as error:
            failures.append(error)

    thread = threading.Thread(target=offer)
    thread.start()
    tab.comes_by(owner.address.id, owner.address.secret.text)
    app = section(load(tab), "debts")
    for key in keys(app, "delete.")[:2]:
        press(app, tab, key)
    thread.join()
    assert (failures, len(family.pledges()), owner.latest().number) == ([], 9, 3)


# -- the family's offer


@pytest.mark.parametrize("amount", ["0", "-5", "1000000000", "１２.３.４", "", "NaN"])
def test_an_amount_that_cannot_be_meant_is_told_and_not_sent(tab: Tab, amount: str) -> None:
    owner = plan_of()
    link = link_of(owner)
    tab.comes_by(link.address.id, link.address.secret.text)
    app = load(tab)
    app.text_input(key=f"name_family_who_{link.address.id}").set_value("Sis").run()
    app.text_input(key=f"money_family_{link.address.id}_once").set_value(amount).run()
    press(app, tab, "family.send")
    assert [each for each in texts(app) if each.startswith(":red[")]
    family = opened(link.address)
    assert isinstance(family, Family)
    assert family.pledges() == []
    assert app.text_input(key=f"name_family_who_{link.address.id}").value == "Sis"


def test_an_offer_with_html_sent_twice_is_one_and_shown_as_it_was_typed(tab: Tab) -> None:
    owner = plan_of()
    link = link_of(owner)
    tab.comes_by(link.address.id, link.address.secret.text)
    app = load(tab)
    app.text_input(key=f"name_family_who_{link.address.id}").set_value(HTML).run()
    app.text_input(key=f"money_family_{link.address.id}_once").set_value("5000").run()
    app.text_area(key=f"family.message.{link.address.id}").set_value(HTML).run()
    press(app, tab, "family.send")
    press(app, tab, "family.send")
    (sent,) = shelf.book().open(link.address.id, link.address.secret, VISITOR).pledges()  # type: ignore[union-attr]
    assert (sent.pledge.who, sent.pledge.message, sent.pledge.amount) == (HTML, HTML, 500_000)
    assert not shows_markup(app)


def test_a_hundred_links_are_listed_and_the_next_one_is_refused_in_words(tab: Tab) -> None:
    owner = plan_of()
    found = figures_of(OWN)
    shelf.book().gate.spend = lambda *_: None  # type: ignore[method-assign]
    for number in range(Limits().links):
        owner.make_link(f"link {number}", ALL, found, 1)
    tab.comes_by(owner.address.id, owner.address.secret.text)
    app = section(load(tab), "sharing")
    assert len(keys(app, "sharing.end.")) == Limits().links
    app.text_input(key="name_sharing_name").set_value("one more").run()
    press(app, tab, "sharing.make")
    assert says(app, "There are 100 links in use")
    press(app, tab, keys(app, "sharing.end.")[0])
    press(app, tab, "sharing.make")
    assert len(keys(app, "sharing.end.")) == Limits().links
