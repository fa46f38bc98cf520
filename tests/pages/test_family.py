"""The family's page: what a link shows and hides, what help does, a pledge up to its answer, and the end."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.household import Person, dump_household, household_of
from core.money import FEN_IN_A_YUAN
from core.sharing import (
    Family,
    FamilyDocument,
    Figures,
    Help,
    Hidden,
    LimitReached,
    Link,
    Owner,
    Shown,
    SlowDown,
    figures_of,
)
from core.sharing.picture import png
from core.store import StoreUnavailable, default_place
from pages.family import effects, pictures, slider
from pages.family.shown import View, names_of
from pages.shared import entry, session, shelf, theme
from pages.shared.words import LANGUAGES, words_in
from tests.pages.homes import APP, texts

NOTHING = Hidden(lender_names=False, amounts=False, incomes=False, names=False, notes=False)
VISITOR = "203.0.113.7"
NAME = "小明<b>x</b> *🛟*"
NOTE = "先还<i>奶奶</i>\n再说 $5$"
PLAN = session.sample_plan("halved_income")
DOCUMENT = household_of(PLAN).model_copy(update={"notes": NOTE, "persons": (Person(kind="adult", name=NAME),)})


@cache
def figures(sample: str = "") -> Figures:
    return figures_of(household_of(session.sample_plan(sample)) if sample else DOCUMENT)


class Household:
    """A household on a host, a link of it, and a family that comes by it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch
        self.owner: Owner = shelf.book().create(dump_household(DOCUMENT).encode(), VISITOR)

    def link(self, hidden: Hidden = NOTHING, of: Figures | None = None) -> Link:
        return self.owner.make_link("brother", hidden, of or figures(), number=1)

    def comes(self, link: Link, language: str = "en") -> AppTest:
        found = entry.Arrived(link.address.id, link.address.secret.text, False)
        self._patch.setattr(entry, "read", lambda: found)
        self._patch.setattr(entry, "keep", lambda *_, **__: None)
        app = AppTest.from_file(APP, default_timeout=30)
        app.query_params["lang"] = language
        return checked(app.run())

    def shows(self, document: FamilyDocument) -> None:
        """Let every link show a document that no household has."""
        real = Family.document

        def document_of(family: Family) -> Shown:
            return real(family)._replace(document=document)

        self._patch.setattr(Family, "document", document_of)

    def family(self, link: Link) -> Family:
        found = shelf.book().open(link.address.id, link.address.secret, VISITOR)
        assert isinstance(found, Family)
        return found


@pytest.fixture
def household(monkeypatch: pytest.MonkeyPatch) -> Household:
    monkeypatch.setenv("ASHORE_MODE", "hosted")
    return Household(monkeypatch)


def checked(app: AppTest) -> AppTest:
    assert not app.exception
    said = "\n".join(texts(app))
    assert not re.search(r"\bNone\b|\bnan\b|\binf\b|Traceback", said), said
    return app


def everything(app: AppTest) -> bytes:
    """Give all that is sent to the browser."""

    def below(node: Any) -> Iterator[bytes]:
        if hasattr(node, "proto") and node.proto is not None:
            yield node.proto.SerializeToString()
        for child in getattr(node, "children", {}).values():
            yield from below(child)

    return b"\n".join(below(app._tree))


def key(app: AppTest, kind: str, beginning: str) -> Any:
    (found,) = [each for each in getattr(app, kind) if (each.key or "").startswith(beginning)]
    return found


def typed(app: AppTest, *, who: str = "妹妹", amount: str = "5000", message: str = "") -> AppTest:
    key(app, "text_input", "name_family_who_").set_value(who)
    key(app, "text_input", "money_family_").set_value(amount)
    key(app, "text_area", "family.message.").set_value(message)
    return checked(app.run())


def send(app: AppTest) -> AppTest:
    return checked(app.button(key="family.send").click().run())


# -- what is shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_where_they_stand(household: Household, language: str) -> None:
    say = words_in(language)
    app = household.comes(household.link(), language)
    now = figures().now
    assert now is not None
    assert now.way.debt_free_on is not None
    said = " ".join(texts(app))
    assert theme.money(now.owed) in said
    assert theme.month(now.way.debt_free_on, say) in said
    assert theme.day(PLAN.start, say) in said
    sent = everything(app).decode("utf-8", "ignore")
    assert all(debt.name in sent for debt in PLAN.debts)
    assert "小明\\<b\\>x\\</b\\>" in said, "a name is plain text"
    assert "先还&lt;i&gt;奶奶&lt;/i&gt;" in sent, "so is a note"
    assert say("family.best.note") in said


def test_nobody_finds_a_control_of_the_owner(household: Household) -> None:
    app = household.comes(household.link())
    assert {each.key for each in app.button} == {"family.send", "family.picture.make", "family.again"}
    assert not app.get("page_link")
    assert not app.get("file_uploader")
    assert session.samples()[0] not in everything(app).decode("utf-8", "ignore")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_hidden_is_nowhere_on_the_page(household: Household, language: str) -> None:
    app = household.comes(household.link(Hidden()), language)
    app.button(key="family.picture.make").click().run()
    sent = everything(checked(app))
    now = figures().now
    assert now is not None
    for debt in PLAN.debts:
        assert debt.name.encode() not in sent
    for owed in now.debts:
        if owed.owed and owed.owed != now.owed:
            assert theme.money(owed.owed).encode() not in sent
    for hidden in ("小明", "奶奶", *(income.name for income in PLAN.household.incomes)):
        assert hidden.encode() not in sent
    say = words_in(language)
    left_out = say.listed([say(f"family.hidden.{name}") for name in Hidden.model_fields])
    assert any(left_out in text for text in texts(app)), "it is said quietly"


def test_one_hidden_thing_is_named_alone(household: Household) -> None:
    app = household.comes(household.link(NOTHING.model_copy(update={"lender_names": True})))
    assert any("This link does not show: whom it is owed to, notes." in text for text in texts(app))
    assert not any("rounded" in text for text in texts(app))


def test_old_figures_are_said_to_be_old(household: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    link = household.link()
    monkeypatch.setattr(session, "today", lambda: PLAN.start + timedelta(14))
    assert not any("days ago" in text for text in texts(household.comes(link)))
    monkeypatch.setattr(session, "today", lambda: PLAN.start + timedelta(15))
    assert any("15 days ago" in text for text in texts(household.comes(link)))


def test_amounts_can_be_hidden_from_a_neighbour(household: Household) -> None:
    app = household.comes(household.link())
    app.toggle(key="privacy.hidden").set_value(True)
    app.button(key="family.picture.make").click().run()
    said = " ".join(texts(checked(app)))
    assert "¥••••" in said
    assert not re.search(r"¥\d", said)


def test_it_follows_the_household(household: Household) -> None:
    link = household.link()
    app = household.comes(link)
    other = figures("first_missed_weilidai")
    household.owner._put([link], other, 2)
    assert other.now is not None
    app.button(key="family.again").click().run()
    assert any(theme.money(other.now.owed) in text for text in texts(checked(app)))


def test_a_document_that_has_not_changed_is_not_opened_anew(household: Household) -> None:
    family = household.family(household.link())
    assert family.document() is family.document()


def test_a_view_is_counted_once_for_a_person(household: Household) -> None:
    link = household.link()
    app = household.comes(link)
    app.run()
    app.run()
    assert household.owner.links().links[0].views == 1


# -- the ends of what there can be


def family_document(household: Household, hidden: Hidden = NOTHING) -> FamilyDocument:
    return household.family(household.link(hidden)).document().document


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_owed(household: Household, language: str) -> None:
    document = family_document(household)
    changes = {"owed": 0, "debts": (), "payments": (), "helps": ()}
    household.shows(document.model_copy(update=changes))
    app = household.comes(household.link(), language)
    assert words_in(language)("family.gift.none") in texts(app)
    assert not [each for each in app.button if each.key == "family.send"]
    app.button(key="family.picture.make").click().run()
    checked(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_without_an_answer(household: Household, language: str) -> None:
    document = family_document(household)
    gone = ("owed", "way", "ways", "days", "debts", "payments", "helps")
    fresh = {name: FamilyDocument.model_fields[name].default for name in gone}
    household.shows(document.model_copy(update=fresh))
    app = household.comes(household.link(), language)
    say = words_in(language)
    assert {say("family.stand.unknown"), say("family.gift.unknown")} <= set(texts(app))
    app.button(key="family.picture.make").click().run()
    checked(app)
    send(typed(app))
    assert any(say("family.pledge.sent") in text for text in texts(app))


def test_forty_debts_without_names(household: Household) -> None:
    document = family_document(household)
    one = document.debts[0].model_copy(update={"name": ""})
    debts = tuple(one.model_copy(update={"key": f"d{k}", "kind": ("card", "loan")[k % 2]}) for k in range(40))
    payments = tuple(document.payments[0].model_copy(update={"debt": debt.key}) for debt in debts)
    household.shows(document.model_copy(update={"debts": debts, "payments": payments}))
    app = household.comes(household.link(Hidden()))
    sent = everything(app).decode("utf-8", "ignore")
    assert "Credit card 20" in sent
    assert "Loan 20" in sent
    assert [each.label for each in app.expander] == ["32 more", "32 more"]


def test_a_way_that_never_ends_is_not_drawn(household: Household) -> None:
    app = household.comes(household.link(of=figures("budget_below_minimums")))
    assert any("debts keep growing" in text for text in texts(app))
    assert any("Still not cleared" in text for text in texts(app))


# -- what help does


def help_of(**changes: Any) -> Help:
    base = {
        "kind": "once",
        "months": None,
        "to": None,
        "sums": (0, 100_000, 200_000),
        "free_on": (date(2028, 10, 12), date(2027, 9, 12), date(2027, 9, 12)),
        "saved": (0, 5_000, 7_000),
    }
    return Help.model_construct(**{**base, **changes})


class TestEffects:
    @pytest.mark.parametrize(
        ("owed", "kind", "sum_"),
        [
            (10_117_636, "once", 1_000_000),
            (10_117_636, "monthly", 100_000),
            (9_999_999, "loan", 500_000),
            (1, "once", FEN_IN_A_YUAN),
            (0, "monthly", FEN_IN_A_YUAN),
            (3_000, "once", 200),
            (400_000_000_000, "once", 20_000_000_000),
        ],
    )
    def test_round_sums(self, owed: int, kind: Any, sum_: int) -> None:
        assert effects.round_sum(owed, kind) == sum_

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({}, "Cleared 1 year 1 month sooner, in Sep 2027; ¥50.00 less in interest, penalties and fees."),
            (
                {"free_on": (None, date(2027, 9, 12), None)},
                "It could not be cleared before, and with this it is in Sep 2027; "
                "¥50.00 less in interest, penalties and fees.",
            ),
            (
                {"free_on": (None, None, None), "saved": (0, 0, 0)},
                "Still not cleared; interest, penalties and fees stay the same.",
            ),
            (
                {"free_on": (date(2027, 9, 1), date(2027, 9, 9), None), "saved": (0, -1, 0)},
                "Cleared on the same day; ¥0.01 more in interest, penalties and fees.",
            ),
            (
                {"free_on": (date(2027, 9, 1), date(2027, 10, 9), None)},
                "Cleared 1 month later, in Oct 2027; ¥50.00 less in interest, penalties and fees.",
            ),
            (
                {"free_on": (date(2027, 9, 1), None, None)},
                "It can then no longer be cleared; ¥50.00 less in interest, penalties and fees.",
            ),
            ({"saved": (0, None, None)}, "There are no figures for this amount."),
        ],
    )
    def test_a_sum_in_a_sentence(self, changes: dict[str, Any], sentence: str) -> None:
        assert effects.effect(help_of(**changes), 1, words_in("en")) == sentence

    def test_nothing_is_no_sum_to_begin_with(self) -> None:
        assert effects.position(help_of(), 1) == 1
        assert effects.position(help_of(sums=(0,), free_on=(None,), saved=(0,)), 1) == 0

    def test_the_best_aim_is_the_documents_own(self, household: Household) -> None:
        document = family_document(household)
        say = words_in("en")
        app = household.comes(household.link())
        any_aim = document.help_of("once")
        assert any_aim is not None
        fen = any_aim.sums[effects.position(any_aim, effects.round_sum(document.owed or 0, "once"))]
        best = document.best_aim("once", fen)
        assert best is not None
        told = effects.effect(best, best.nearest(fen), say)
        assert any(theme.money(fen) in text and told in text for text in texts(app))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_browser_is_handed_the_grid_and_no_more(household: Household, language: str) -> None:
    say = words_in(language)
    document = family_document(household)
    view = View("x", document, date(2026, 11, 24), ("x", 1, 1), names_of(document, say))
    for each in document.helps:
        data = slider.payload(view, each, say)
        assert data["sums"] == list(each.sums)
        assert data["saved"] == list(each.saved)
        assert [0 if day is None else day.toordinal() for day in each.free_on] == data["free"]
        for sooner, day in zip(data["sooner"], each.free_on, strict=True):
            assert (sooner is None) == (day is None or each.free_on[0] is None)
        assert set(data) == {"sums", "free", "saved", "sooner", "day", "words"}
    filled = {"value": {"amount"}, "earlier": {"duration"}, "later": {"duration"}}
    formats = {"day": {"year", "month", "day"}, "month": {"year", "month"}}
    for name, sentence in slider.words_of("once", say).items():
        if isinstance(sentence, str):
            assert set(re.findall(r"{(\w+)}", sentence)) == {**filled, **formats}.get(name, set()), name


def test_the_amount_begins_where_the_thumb_stands(household: Household) -> None:
    app = household.comes(household.link())
    field = key(app, "text_input", "money_family_")
    assert field.value == "6,000.00"
    assert any("¥6,000.00 once, to the household" in text.replace("\\", "") for text in texts(app))


@pytest.mark.parametrize(
    ("kind", "offer"),
    [
        ("monthly", "¥500.00 a month for 12 months, to the household"),
        ("loan", "a loan of ¥6,000.00 without interest, paid back over 12 months, to the household"),
    ],
)
def test_other_kinds_of_help(household: Household, kind: str, offer: str) -> None:
    app = household.comes(household.link())
    key(app, "button_group", "family.kind.").set_value(kind).run()
    assert any(offer in text.replace("\\", "") for text in texts(checked(app)))


# -- pledges


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pledge_travels_to_the_household_and_its_answer_back(household: Household, language: str) -> None:
    say = words_in(language)
    link = household.link()
    app = household.comes(link, language)
    debt = PLAN.debts[0]
    aims = key(app, "selectbox", "choice_family_aim_once_")
    aims.set_value(next(debt.key for debt in family_shown(household, link).debts)).run()
    send(typed(app, who="<b>Sis</b>", message="<script>alert(1)</script>\n加油"))
    assert any(say("family.pledge.sent") in text for text in texts(app))
    (offered,) = household.owner.pledges(PLAN).offers
    assert (offered.pledge.who, offered.pledge.amount, offered.debt) == ("<b>Sis</b>", 500_000, debt.id)
    sent = everything(app).decode("utf-8", "ignore")
    assert "<script>alert(1)</script>\n" not in sent.replace("&lt;", "")
    assert say("family.sent.state_sent") in " ".join(texts(app))
    assert "\\<b\\>Sis\\</b\\>" in " ".join(texts(app))
    household.owner.answer(offered, "accepted", session.today(), "谢谢<i>")
    app.run()
    assert say("family.sent.state_accepted") in " ".join(texts(checked(app)))
    assert "谢谢&lt;i&gt;" in everything(app).decode("utf-8", "ignore")
    household.owner.answer(offered, "declined", session.today())
    app.run()
    assert say("family.sent.state_declined") in " ".join(texts(checked(app)))


def family_shown(household: Household, link: Link) -> FamilyDocument:
    return household.family(link).document().document


def test_the_same_pledge_twice_is_one(household: Household) -> None:
    link = household.link()
    app = household.comes(link)
    send(typed(app))
    send(app)
    assert any("was not sent twice" in text for text in texts(app))
    assert len(household.family(link).pledges()) == 1


@pytest.mark.parametrize(
    ("amount", "complaint"),
    [
        ("0", "¥0.01"),
        ("−5", "below zero"),
        ("1000000000", "¥0.01"),
        ("<b>5</b>", "1234.50"),
        ("0.001", "two decimals"),
        ("1e9", "1234.50"),
    ],
)
def test_a_wrong_amount_is_told_at_the_field_and_nothing_is_lost(
    household: Household, amount: str, complaint: str
) -> None:
    link = household.link()
    app = send(typed(household.comes(link), amount=amount, message="hello"))
    red = [text for text in texts(app) if text.startswith(":red[")]
    assert any(complaint in text.replace("\\", "") for text in red), red
    assert any("Nothing is lost" in text for text in red)
    assert key(app, "text_input", "money_family_").value == amount
    assert key(app, "text_area", "family.message.").value == "hello"
    assert household.family(link).pledges() == []


@pytest.mark.parametrize("who", ["", "   ", "n" * 61])
def test_a_wrong_name_is_told(household: Household, who: str) -> None:
    link = household.link()
    app = send(typed(household.comes(link), who=who))
    assert any("Nothing is lost" in text for text in texts(app))
    assert household.family(link).pledges() == []


def test_a_long_message_is_told_at_its_field(household: Household) -> None:
    link = household.link()
    app = send(typed(household.comes(link), message="长" * 501))
    assert any("501" in text and text.startswith(":red[") for text in texts(app))
    assert key(app, "text_area", "family.message.").value == "长" * 501
    assert household.family(link).pledges() == []


@pytest.mark.parametrize("months", ["0", "361", "many", ""])
def test_a_loan_needs_its_months(household: Household, months: str) -> None:
    link = household.link()
    app = household.comes(link)
    key(app, "button_group", "family.kind.").set_value("loan").run()
    key(app, "text_input", "whole_family_loan_").set_value(months)
    send(typed(app))
    assert household.family(link).pledges() == []
    assert any("Nothing is lost" in text for text in texts(app))


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (lambda: SlowDown(7), "wait 7 s"),
        (lambda: LimitReached("too_many_pledges", limit=20), "20 offers"),
        (lambda: StoreUnavailable("locked", default_place()), "in use by another program"),
    ],
)
def test_what_stands_in_the_way_is_told_and_nothing_is_lost(
    household: Household, monkeypatch: pytest.MonkeyPatch, error: Callable[[], Exception], sentence: str
) -> None:
    app = typed(household.comes(household.link()), message="hello")

    def refuse(*_: object) -> None:
        raise error()

    monkeypatch.setattr(Family, "pledge", refuse)
    send(app)
    assert any(sentence in text.replace("\\", "") for text in texts(app))
    assert key(app, "text_area", "family.message.").value == "hello"
    assert key(app, "text_input", "name_family_who_").value == "妹妹"


# -- ends


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_that_ends_while_it_is_open_says_so_and_when(household: Household, language: str) -> None:
    say = words_in(language)
    link = household.link()
    app = household.comes(link, language)
    household.owner.revoke(link)
    app.run()
    assert say("family.gone.revoked", day=theme.day(date.today(), say)) in texts(checked(app))
    sent = everything(app).decode("utf-8", "ignore")
    assert not any(debt.name in sent for debt in PLAN.debts)


def test_a_link_that_ends_while_a_pledge_is_sent(household: Household) -> None:
    link = household.link()
    app = typed(household.comes(link))
    household.owner.revoke(link)
    send_ended = app.button(key="family.send").click().run()
    assert any("was ended on" in text for text in texts(checked(send_ended)))
    assert household.owner.pledges(PLAN).offers == ()


def test_a_plan_that_was_deleted_while_a_link_is_open(household: Household) -> None:
    app = household.comes(household.link())
    household.owner.delete()
    app.run()
    assert any("does not open" in text for text in texts(checked(app)))


def test_a_store_that_is_silent_for_a_while(household: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    app = household.comes(household.link())

    def silent(*_: object) -> None:
        raise StoreUnavailable("locked", default_place())

    with monkeypatch.context() as patch:
        patch.setattr(Family, "document", silent)
        app.run()
        assert any("in use by another program" in text.replace("\\", "") for text in texts(checked(app)))
    app.button(key="family.retry").click().run()
    assert app.button(key="family.send")


# -- the picture


def view_of(document: FamilyDocument, language: str) -> View:
    return View("x", document, date(2026, 11, 24), ("x", 1, 1), names_of(document, words_in(language)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_says_what_the_document_shows(household: Household, language: str) -> None:
    say = words_in(language)
    document = family_document(household)
    picture = pictures.picture_of(view_of(document, language), say)
    assert picture.first.figure == theme.money(document.owed or 0)
    assert picture.course is not None
    assert picture.course.owed[-1] == 0
    assert len(picture.listed) == 3
    assert [each.note for each in picture.listed] == [theme.day(each.day, say) for each in document.payments[:3]]
    dark = pictures.picture_of(view_of(family_document(household, Hidden()), language), say)
    assert not any(debt.name in str(dark) for debt in PLAN.debts)
    assert [each.figure for each in dark.listed] == ["", "", ""]
    for each in (picture, dark):
        assert png(each, pictures._colours())[:4] == b"\x89PNG"


def test_a_name_that_cannot_be_drawn_gives_way_to_what_it_is(household: Household) -> None:
    document = family_document(household)
    key_ = document.payments[0].debt
    debts = tuple(each.model_copy(update={"name": "🛟🛟"}) if each.key == key_ else each for each in document.debts)
    picture = pictures.picture_of(view_of(document.model_copy(update={"debts": debts}), "en"), words_in("en"))
    assert picture.listed[0].name in {"Loan", "Credit card"}


def test_without_a_chinese_font_it_is_in_english_and_says_so(
    household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = replace(pictures.fonts.installed(), chinese=False)
    monkeypatch.setattr(pictures.fonts, "installed", lambda: bare)
    app = household.comes(household.link(), "zh")
    app.button(key="family.picture.make").click().run()
    assert words_in("zh")("family.picture.no_font") in texts(checked(app))


def image(app: AppTest) -> bool:
    return b"/media/" in everything(app)


def test_the_picture_is_shown_and_downloaded(household: Household) -> None:
    app = household.comes(household.link())
    assert not image(app)
    app.button(key="family.picture.make").click().run()
    assert image(app)
    assert app.get("download_button")
