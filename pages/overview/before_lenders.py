"""What comes before any lender: a life, food, a roof, medicine, court papers, threats. Numbers and rules are facts."""

from datetime import date

import streamlit as st

from core.facts import Answer, FactDateError, facts
from core.household import Answers, HouseholdDocument
from core.today import BEFORE_LENDERS
from pages.shared import session, theme
from pages.shared.words import Words

_PICKED = "overview.picked."
# Asked from the everyday to the hardest; answered the other way round.
_ASKED = ("food", "rent", "medicine", "court_papers", "threats", "despair")
# Which facts each part speaks with: the name in its sentence, the fact.
_LINES: dict[str, dict[str, str]] = {
    "despair": {"crisis": "support.crisis_line", "night": "support.crisis_line_volunteers", "police": "support.police"},
    "threats": {"police": "support.police", "regulator": "support.financial_regulator"},
    "food": {"city": "support.city_line"},
    "rent": {"city": "support.city_line", "legal": "support.legal_aid"},
    "medicine": {"city": "support.city_line"},
    "court_papers": {"legal": "support.legal_aid"},
}
_RULES: dict[str, tuple[str, ...]] = {
    "threats": ("quiet", "contacts"),
    "food": ("income_kept",),
    "court_papers": ("objection", "relief"),
}
_RULE_FACTS = {
    "quiet": "collection.quiet_from",
    "contacts": "collection.contacts",
    "income_kept": "enforcement.income_kept",
    "objection": "court.payment_order_objection",
    "relief": "court.fee_relief",
}


def show(document: HouseholdDocument, on: date, say: Words) -> None:
    """Show what the answers call for; ask where nobody has answered yet.

    Args:
        document: The open household.
        on: The plan's day; facts are asked for it.
        say: The reader's catalogue.
    """
    answered = _answered(document.answers)
    called_for = [name for name in BEFORE_LENDERS if getattr(document.answers, name)]
    if called_for:
        with st.container(border=True, key="before_lenders"):
            st.header(say("overview.before.title"), anchor=False)
            for name in called_for:
                _show_part(name, on, say)
            st.caption(say("overview.before.read", day=theme.day(facts()["support.crisis_line"].last_read, say)))
    if answered:
        with st.expander(say("overview.ask.again")):
            _ask(document, called_for, on, say)
    else:
        with st.container(border=True, key="ask_first"):
            st.header(say("overview.ask.title"), anchor=False)
            _ask(document, called_for, on, say)


def _answered(answers: Answers) -> bool:
    return all(getattr(answers, name) is not None for name in BEFORE_LENDERS)


def _ask(document: HouseholdDocument, called_for: list[str], on: date, say: Words) -> None:
    # A key of the answers that are saved: what is undone elsewhere is not picked here any longer.
    key = f"{_PICKED}{session.document_key()}.{'.'.join(called_for)}"
    picked = st.pills(
        say("overview.ask.question"),
        _ASKED,
        selection_mode="multi",
        default=called_for,
        format_func=lambda name: say(f"overview.ask.{name}"),
        key=key,
    )
    label = "overview.ask.these" if picked else "overview.ask.none"
    st.button(say(label), key="overview.answer", on_click=_save, args=(document, tuple(picked)))
    # Not a caption: quiet text is no place for a number that has to be found.
    st.markdown(f":small[{say('overview.ask.crisis', line=call('support.crisis_line', on))}]")


def _save(document: HouseholdDocument, picked: tuple[str, ...]) -> None:
    answers = Answers(**{name: name in picked for name in BEFORE_LENDERS})
    session.change(document.model_copy(update={"answers": answers}), "overview.ask.saved")


def _show_part(name: str, on: date, say: Words) -> None:
    lines = {place: call(fact, on) for place, fact in _LINES[name].items()}
    st.markdown(f"**{say(f'overview.ask.{name}')}**\n\n{say(f'overview.before.{name}', **lines)}")
    for rule in _RULES.get(name, ()):
        sentence = _rule(rule, on, say)
        if sentence:
            st.markdown(f"- {sentence}")


def _rule(rule: str, on: date, say: Words) -> str:
    """A rule in a sentence with who says so; nothing where nobody said so yet on that day."""
    answer = _answer(_RULE_FACTS[rule], on)
    if answer is None:
        return ""
    if rule == "quiet":
        until = facts().as_read("collection.quiet_until", on)
        clock = {"start": f"{answer.clock:%H:%M}", "end": f"{until.clock:%H:%M}"}
        sentence = say("overview.before.quiet", **clock)
    elif rule == "contacts":
        sentence = getattr(answer.texts[0], say.language) + say("overview.before.stop")
    elif rule == "income_kept":
        sentence = say("overview.before.income_kept", kept=getattr(answer.text, say.language))
    elif rule == "objection":
        sentence = say("overview.before.objection", days=say.counted("format.day_count", answer.whole))
    else:
        sentence = say("overview.before.relief")
    return f"{sentence}{_tag(answer, say)}"


def backed(fact: str, on: date, say: Words) -> str:
    """Give the sentence of `overview.backed` for a fact, with the kind of thing that it is."""
    answer = _answer(fact, on)
    if answer is None:
        return ""
    sentence = say(f"overview.backed.{fact.rpartition('.')[2]}")
    return f"{sentence}{_tag(answer, say)}"


def call(fact: str, on: date) -> str:
    """Give a telephone number as a link that dials it."""
    number = facts().as_read(fact, on).word
    return f"[{number}](tel:{number})"


def service_line(product: str | None, on: date, say: Words) -> str:
    """Give where a debt's lender is called: its number where a fact has it, else where the official one is found."""
    fact = f"support.{(product or '').partition('_')[0]}_line"
    known = {each.id for each in facts().subject("support")}
    return say("overview.step.line", number=call(fact, on)) if fact in known else say("overview.step.any_line")


def _answer(fact: str, on: date) -> Answer | None:
    try:
        return facts().as_read(fact, on)
    except FactDateError:
        return None


def _tag(answer: Answer, say: Words) -> str:
    article = f" :small[{answer.dated.article}]" if answer.dated.article else ""
    return f" :gray-badge[{say(f'overdue.kind.{answer.dated.kind}')}]{article}"
