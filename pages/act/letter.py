"""A letter that asks for the offer, in the lender's language; nothing in it is invented about the person."""

from html import escape

import streamlit as st

from core.approach import LICENSED
from core.facts import facts
from pages.act import copying, filled
from pages.act.answers import Talk
from pages.act.filled import Write
from pages.shared import privacy, theme
from pages.shared.words import DEFAULT_LANGUAGE, Words


def show(talk: Talk, words: Words, say: Words) -> None:
    """Show the letter, to be copied, kept as a file or printed.

    Args:
        talk: The debt.
        words: The catalogue of the letter's language.
        say: The reader's catalogue.
    """
    licensed = talk.approach.manner in LICENSED
    st.header(say("act.letter.title"), anchor=False)
    st.caption(say("act.letter.lead" if talk.approach.manner != "family" else "act.letter.family_lead"))
    if licensed and words.language != DEFAULT_LANGUAGE:
        st.caption(say("act.letter.chinese"))
    if privacy.hidden():
        st.caption(say("act.hidden"))
    text = written(talk, words, theme.money)
    with st.container(border=True, key="act_letter"):
        st.html(f'<div class="letter" lang="{words("language.html")}">{escape(text)}</div>')
    with st.container(key="act_letter_buttons"):
        copying.show("act_letter_copy", text, say)
        st.download_button(
            say("act.letter.download"),
            lambda: written(talk, words, filled.exact).encode("utf-8-sig"),
            file_name=f"ashore-letter-{talk.document.plan.start.isoformat()}.txt",
            mime="text/plain",
            key="act.letter.download",
            on_click="ignore",
        )


def written(talk: Talk, words: Words, write: Write) -> str:
    """Give the letter as plain text, a paragraph a block."""
    manner = talk.approach.manner
    values = filled.values(talk, words, write)
    if manner in LICENSED:
        return "\n\n".join(_formal(talk, values, words))
    if manner == "private":
        return "\n\n".join(_private(talk, values, words))
    return "\n\n".join(_family(talk, values, words))


def _formal(talk: Talk, values: dict[str, str], words: Words) -> list[str]:
    requests = [words(f"act.letter.plan{filled.sum_key(talk)}", **values), *_others(talk, words)]
    found = [
        words("act.letter.subject", **values),
        words("act.letter.to_named" if talk.lender else "act.letter.to", **values),
        words("act.letter.who", **values),
        words(f"act.letter.owed_{filled.state(talk)}", **values),
        words("act.letter.why"),
        _numbered(requests, words),
    ]
    plan = next((rule for rule in talk.rules if rule.key == "card_replan"), None)
    if plan is not None:
        years = plan.params["years"]
        shown = words.counted("format.years", years) if isinstance(years, int) else str(years)
        found.append(words("act.letter.article", article=plan.articles[0], years=shown))
    return [
        *found,
        words("act.letter.reply"),
        words("act.letter.wish"),
        "\n".join([words("act.letter.sign"), words("act.letter.signed_on")]),
        _enclosed(talk, words),
    ]


def _private(talk: Talk, values: dict[str, str], words: Words) -> list[str]:
    requests = [words(f"act.letter_private.plan{filled.sum_key(talk)}", **values), *_others(talk, words)]
    signs = [words(f"act.letter_private.{name}") for name in ("sign", "sign_other")]
    return [
        words("act.letter.subject_private", **values),
        words("act.letter.to_private"),
        words(f"act.letter_private.owed_{filled.state(talk)}", **values),
        words("act.letter_private.why"),
        _numbered(requests, words),
        words("act.letter_private.reply"),
        "\n".join([*signs, words("act.letter.signed_on")]),
    ]


def _family(talk: Talk, values: dict[str, str], words: Words) -> list[str]:
    body = (f"owed_{filled.state(talk)}", "why", f"plan{filled.sum_key(talk)}", "reply", "sign")
    return [words("act.letter.to_private"), *(words(f"act.letter_family.{name}", **values) for name in body)]


def _others(talk: Talk, words: Words) -> list[str]:
    return [words("act.letter.ask_item", asked=each) for each in filled.asked(talk, words)]


def _numbered(lines: list[str], words: Words) -> str:
    return "\n".join(words("act.letter.number", number=number, text=line) for number, line in enumerate(lines, 1))


def _enclosed(talk: Talk, words: Words) -> str:
    known = facts()
    texts = known.as_read("support.papers", talk.document.plan.start).texts
    papers = [*(getattr(text, words.language) for text in texts), words("act.letter.enclosed_debts")]
    return "\n".join([words("act.letter.enclosed"), *(words("act.letter.box", paper=paper) for paper in papers)])
