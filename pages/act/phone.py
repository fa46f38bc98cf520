"""What to say on the phone, what sum to name, which number to call, and what not to agree to."""

import streamlit as st

from core.approach import LICENSED, refusals_for
from pages.act import answers, calls, filled, rules
from pages.act.answers import Talk
from pages.overview.before_lenders import backed, service_line
from pages.shared import theme
from pages.shared.inputs import plain
from pages.shared.words import Words

_STEPS = ("who", "want", "why", "sum", "ask", "written", "name")
# Between persons nobody states a number or asks for a name.
_PERSONAL = {"who": "begin", "written": "note", "name": "close"}
_MONTHS_IN_A_YEAR = 12


def show_facts(talk: Talk, say: Words) -> None:
    """Show what is owed on the debt, and since when."""
    values = filled.values(talk, say, theme.money)
    values["debt"] = plain(talk.name)
    due = talk.approach.due
    key = f"act.facts.{filled.state(talk)}"
    if due is None or not due.amount:
        st.markdown(say(f"{key}_only", **values))
        return
    if not talk.approach.days_late and due.due <= talk.document.plan.start:
        key = f"{key}_grace"
    dates = {"pay_day": theme.day(due.day, say), "due": theme.day(due.due, say)}
    st.markdown(say(key, amount=theme.money(due.amount), **dates, **values))


def show_offer(talk: Talk, say: Words) -> None:
    """Show which sum can be named, who found it, and whether it can be kept up."""
    answer = talk.approach
    values = filled.values(talk, say, theme.money)
    with st.container(border=True, key="act_offer"):
        if answer.proposal is None:
            st.header(say("act.offer.title_none"), anchor=False)
            st.markdown(say("act.offer.none_able" if answer.able else "act.offer.none_unable", **values))
            return
        proposal = answer.proposal
        st.header(say("act.offer.title_chosen" if proposal.chosen else "act.offer.title_found"), anchor=False)
        several = len(proposal.bills) > 1
        lines = [say("act.offer.terms" if several else "act.offer.terms_one", **values)]
        if several:
            lines.append(say("act.offer.fixed" if proposal.level else "act.offer.ends", **values))
        also = filled.terms_asked(proposal, say)
        if also:
            lines.append(say("act.offer.also", asked=say("format.clause_separator").join(also)))
        st.markdown(say("format.sentence_separator").join(lines))
        if not proposal.chosen:
            st.markdown(f"{say('act.offer.found')} :gray-badge[{say('overdue.kind.estimate')}]")
        elif proposal.missed:
            names = {debt.id: plain(debt.name) for debt in talk.document.plan.debts}
            st.markdown(say("act.offer.not_kept", debts=say.listed([names[debt] for debt in proposal.missed])))
        else:
            st.markdown(f"{say('act.offer.kept')} :gray-badge[{say('overdue.kind.estimate')}]")
        years = answers.loan_years()
        if answer.manner in LICENSED and len(proposal.bills) > years * _MONTHS_IN_A_YEAR:
            st.caption(say("act.offer.long", years=say.counted("format.years", years)))
        if not answer.needed:
            st.caption(say("act.offer.not_needed"))


def script(talk: Talk, words: Words) -> list[tuple[str, str]]:
    """Give the steps of a call: what each is for, and what to say, as it is."""
    manner = talk.approach.manner
    table = "act.script" if manner in LICENSED else "act.script_private" if manner == "private" else "act.script_family"
    values = filled.values(talk, words, theme.money)
    listed = [filled.time_asked(talk, words), *filled.asked(talk, words)]
    values["asked"] = words("format.clause_separator").join(listed)
    ends = {"want": f"_{filled.state(talk)}", "sum": filled.sum_key(talk)}
    heads = {} if manner in LICENSED else _PERSONAL
    return [
        (words(f"act.step.{heads.get(step, step)}"), words(f"{table}.{step}{ends.get(step, '')}", **values))
        for step in _STEPS
    ]


def show(talk: Talk, words: Words, say: Words) -> None:
    """Show the script.

    Args:
        talk: The debt.
        words: The catalogue of the language that is spoken.
        say: The reader's catalogue.
    """
    manner, on = talk.approach.manner, talk.document.plan.start
    st.header(say("act.phone.title"), anchor=False)
    if manner in LICENSED:
        st.markdown(say("act.phone.number", line=service_line(talk.known.product, on, say)))
    elif manner == "private":
        st.markdown(say("act.phone.private_number"))
    else:
        st.markdown(say("act.phone.family_note", page=say("nav.household")))
    if manner in LICENSED and talk.approach.needed and not talk.approach.days_late:
        st.markdown(backed("support.talk_order", on, say))
    st.caption(say("act.phone.best_time"))
    lines = [
        f"{number}. **{head}**  \n   {plain(sentence)}"
        for number, (head, sentence) in enumerate(script(talk, words), 1)
    ]
    with st.container(border=True, key="act_script"):
        st.markdown("\n".join(lines))
    st.markdown(say("act.phone.after"))
    st.button(say("act.phone.record"), key="act.record", on_click=calls.begin, args=(talk.approach.debt,))
    st.header(say("act.no.title"), anchor=False)
    rules.show_listed(refusals_for(manner, on), "no", say)
