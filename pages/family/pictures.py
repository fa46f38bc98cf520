"""The picture for a chat: its sentences, from the link's document alone; drawn when the reader asks for it."""

from datetime import date

import streamlit as st

from core.money import FEN_IN_A_YUAN
from core.sharing import FamilyDocument, fonts
from core.sharing.picture import Colours, Course, Listed, Picture, Sign, png
from pages.family import stands
from pages.family.shown import View, names_of
from pages.shared import session, theme
from pages.shared.kept import Kept
from pages.shared.words import Words, words_in

PAYMENTS_SHOWN = 3
_HEIGHTS_MOST, _DATES_MOST = 4, 4
_MADE = "family.picture"
_pictures: Kept[bytes] = Kept(20)


def show(view: View, say: Words) -> None:
    """Show the button that makes the picture; then the picture, and the button that downloads it."""
    st.header(say("family.picture.title"), anchor=False)
    st.markdown(say("family.picture.lead"))
    if st.button(say("family.picture.make"), key="family.picture.make"):
        st.session_state[_MADE] = view.link
    if st.session_state.get(_MADE) != view.link:
        return
    # The picture is in the reader's language where there are signs for it.
    written = say if say.language == "en" or fonts.installed().chinese else words_in("en")
    if written is not say:
        st.markdown(say("family.picture.no_font"))
    content = picture_of(view, written)
    made = _pictures.ask(view.question(written, "picture", session.today()), lambda: png(content, _colours()))
    st.image(made, width=420, alt=say("family.picture.alt"))
    st.download_button(
        say("family.picture.download"),
        made,
        say("family.picture.file"),
        "image/png",
        key="family.picture.download",
        on_click="ignore",
    )


def picture_of(view: View, say: Words) -> Picture:
    """Put into sentences what the picture says."""
    document = view.document
    bold = fonts.installed().plain
    # A name of which nothing can be drawn gives way to what it is.
    nameless = document.model_copy(
        update={
            "debts": tuple(
                debt if bold.clean(debt.name) else debt.model_copy(update={"name": ""}) for debt in document.debts
            )
        }
    )
    own = view._replace(document=nameless, names=names_of(nameless, say))
    signs = stands.figures_of(document, say)
    first = signs[0] if document.owed is not None else ("", stands.sentence(document, say))
    others = signs[1:2] if document.owed else []
    way = document.ways[0] if document.ways else None
    return Picture(
        title=say("family.picture.heading"),
        below_title=say("family.picture.day", day=theme.day(document.day, say)),
        first=Sign(*first),
        others=[Sign(*each) for each in others],
        chart_title=say("family.course.title"),
        course=None if way is None or not document.owed else course_of(document, say),
        list_title=say("family.picture.next"),
        listed=[
            Listed(
                stands.name_of(own, each, say),
                theme.day(each.day, say),
                theme.money(each.due or each.paid or 0) if each.due or each.paid else "",
            )
            for each in document.payments[:PAYMENTS_SHOWN]
        ]
        if document.owed
        else [],
        footer=[*stands.hidden(document, say), say("family.picture.footer"), say("app.tab")],
    )


def course_of(document: FamilyDocument, say: Words) -> Course | None:
    """Give the course of what is owed, up to where it ends; None where it would only rise."""
    owed = document.ways[0].owed
    if len(owed) < 2 or document.owed is None or owed[-1] >= document.owed:
        return None
    last = max(k for k, fen in enumerate(owed) if fen) + 2
    days, shown = document.days[:last], owed[:last]
    if len(days) < 2:
        return None
    top = max(shown)
    step = next(
        factor * FEN_IN_A_YUAN * 10**power
        for power in range(20)
        for factor in (1, 2, 5)
        if top // (factor * FEN_IN_A_YUAN * 10**power) <= _HEIGHTS_MOST
    )
    heights = [(fen, theme.money_short(fen, say)) for fen in range(0, top + 1, step)]
    return Course([day.toordinal() for day in days], shown, heights, _dates(days, say), _end(document, say))


def _end(document: FamilyDocument, say: Words) -> str:
    free = document.free_on
    return "" if free is None else say("family.course.end", month=theme.month(free, say))


def _dates(days: tuple[date, ...], say: Words) -> list[tuple[int, str]]:
    """Label a few days, evenly, the first and the last left free at the edges."""
    count = min(_DATES_MOST, len(days))
    places = sorted({(2 * k + 1) * (len(days) - 1) // (2 * count) for k in range(count)})
    return [(days[k].toordinal(), theme.month(days[k], say)) for k in places]


def _colours() -> Colours:
    """Take the colours of the light theme: a picture does not know who looks at it, and paper is light."""
    names = ("backgroundColor", "textColor", "grayColor", "borderColor", "primaryColor")
    return Colours(*(str(st.get_option(f"theme.light.{name}")) for name in names))
