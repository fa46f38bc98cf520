"""A pledge: what the reader offers, sent sealed to the household, and what became of what was offered."""

from html import escape

import streamlit as st

from core.plan import PlanError
from core.plan_values import AMOUNT_MAX
from core.sharing import Ended, Family, NotFound, Sent, SharingError, pledge_from
from core.sharing.pledges import WHO_MAX
from core.store import StoreError
from pages.family import gift
from pages.family.gift import Gift
from pages.family.shown import View
from pages.shared import inputs, session, theme
from pages.shared.inputs import Typed, complain, plain
from pages.shared.words import Words

MONTHS_MAX = 360


def show(family: Family, view: View, given: Gift, say: Words) -> None:
    """Show the fields of an offer, and send it when the reader says so.

    Raises:
        Ended, NotFound: The link ended meanwhile; nothing has been sent.
    """
    st.header(say("family.pledge.title"), anchor=False)
    st.markdown(say("family.pledge.lead"))
    who = _name(view, say)
    amount = inputs.money(
        say,
        gift.amount_key(view, given.kind),
        say("family.pledge.amount"),
        given.fen or None,
        low=1,
        high=_most(view),
        needed=True,
        kept=True,
    )
    months = _months(view, given, say)
    message = st.text_area(
        say("family.pledge.message"), key=f"family.message.{view.link}", height=120, persist_state="session"
    )
    below = {"message": st.empty()}
    if amount.value is not None and months.ok:
        offer = _offer(given.kind, amount.value, months.value, _aim(view, given.to, say), say)
        st.markdown(say("family.pledge.summary", offer=f"**{plain(offer)}**"))
        st.caption(say("family.pledge.change"))
    pressed = st.button(say("family.pledge.send"), key="family.send", type="primary")
    told = st.empty()
    st.caption(say("family.pledge.sealed"))
    if not pressed:
        return
    if who.value is None or amount.value is None or not months.ok:
        with told:
            complain(say("family.pledge.look"))
        return
    try:
        pledge = pledge_from(
            who=who.value,
            kind=given.kind,
            amount=amount.value,
            made_on=session.today(),
            months=months.value,
            to=given.to,
            message=message or "",
            shown=view.document,
        )
        before = {each.id for each in family.pledges()}
        sent = family.pledge(pledge)
    except PlanError as error:
        for problem in error.problems:
            with below.get(problem.place, told):
                complain(problem.zh if say.language == "zh" else problem.en)
    except (Ended, NotFound):
        raise
    except (SharingError, StoreError) as error:
        with told:
            complain(error.zh if say.language == "zh" else error.en)
    else:
        told.markdown(f":green[**{say('family.pledge.again' if sent.id in before else 'family.pledge.sent')}**]")


def show_sent(family: Family, view: View, say: Words) -> None:
    """List what was offered by this link, the newest first, and how it stands; nothing where nothing was."""
    try:
        every = family.pledges()
    except StoreError:
        st.caption(say("family.sent.unreadable"))
        return
    if not every:
        return
    st.header(say("family.sent.title"), anchor=False)
    for each in reversed(every):
        with st.container(border=True, key=f"family_sent_{each.id}"):
            _show_sent(each, view, say)


def _show_sent(sent: Sent, view: View, say: Words) -> None:
    pledge = sent.pledge
    offer = _offer(pledge.kind, pledge.amount, pledge.months, _aim(view, pledge.to, say), say)
    st.markdown(plain(say("family.sent.line", who=pledge.who, offer=offer)))
    state = say(f"family.sent.state_{sent.state}")
    day = theme.day(sent.at.astimezone().date(), say)
    st.markdown(f"**{state}** · :small[{say('family.sent.at', day=day)}]")
    if pledge.message:
        st.html(f'<p class="said">{escape(pledge.message)}</p>')
    if sent.answer is not None and sent.answer.message:
        st.caption(say("family.sent.answer"))
        st.html(f'<p class="said">{escape(sent.answer.message)}</p>')


def _offer(kind: str, fen: int, months: int | None, aim: str, say: Words) -> str:
    """Put an offer into words; plain text."""
    amount = theme.money(fen)
    if kind == "once":
        return say("family.offer.once", amount=amount, aim=aim)
    if months is None:
        return say("family.offer.monthly_open", amount=amount, aim=aim)
    length = say.counted("format.month_count", months)
    if kind == "loan":
        return say("family.offer.loan", amount=amount, months=length, aim=aim)
    return say("family.offer.monthly", amount=amount, months=length, aim=aim)


def _aim(view: View, to: str | None, say: Words) -> str:
    """Say to whom something is offered; plain text."""
    if to is None:
        return say("family.offer.household")
    return say("family.offer.lender", debt=view.names.get(to) or say("family.debts.gone"))


def _name(view: View, say: Words) -> Typed[str]:
    typed = inputs.name(say, f"family_who_{view.link}", say("family.pledge.who"), kept=True)
    if typed.value is not None and len(typed.value) > WHO_MAX:
        complain(say("family.pledge.who_long", limit=WHO_MAX))
        return Typed(None, False)
    return typed


def _months(view: View, given: Gift, say: Words) -> Typed[int]:
    if given.kind == "once":
        return Typed(None)
    loan = given.kind == "loan"
    return inputs.whole(
        say,
        # Another choice beside the slider is another beginning.
        f"family_{given.kind}_{given.months}_{view.link}",
        say("family.pledge.months_loan" if loan else "family.pledge.months"),
        given.months,
        low=1,
        high=MONTHS_MAX,
        needed=loan,
        hint=None if loan else say("family.pledge.months_hint"),
        kept=True,
    )


def _most(view: View) -> int:
    """Nobody needs more than is owed; a little above, as sums are round."""
    return max((help_.sums[-1] for help_ in view.document.helps), default=AMOUNT_MAX)
