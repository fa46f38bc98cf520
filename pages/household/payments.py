"""Today: a payment in two taps, the lender's balance held against ours, and the cash in hand."""

from datetime import timedelta

import streamlit as st

from core.household import HouseholdDocument, LenderBalance, with_details
from core.plan import CardDebt, InstalmentDebt, Payment, Plan, PlanError
from core.plan_values import AMOUNT_MAX
from core.positions import Position, Refused
from core.reconcile import Cause, Reconciliation, reconcile
from pages.household import answers
from pages.shared import engine, inputs, session, theme, warming
from pages.shared.words import Words

_PAYING = "today.paying"
_ROUND = "today.round"


def show(document: HouseholdDocument, say: Words) -> None:
    """Show what can be done today."""
    plan = document.plan
    # What is due is asked for the first day on which it can be paid.
    payable = session.rolled_on(plan, plan.as_of + timedelta(1))
    st.caption(say("today.as_of", day=theme.day(payable.start, say)))
    if document.chosen is not None:
        st.caption(say("ways.household_ours", strategy=say(f"strategy.{document.chosen}.name")))
    if not engine.ready():
        warming.wait(say)
        return
    try:
        found = answers.where(payable)
    except Refused as refused:
        st.markdown(f":red[{say('table.failed' if refused.payment is None else 'today.refused')}]")
        _show_paid(document, say)
        return
    _show_payments(document, found, say)
    _show_paid(document, say)
    _compare(say)
    _show_cash(document, say)


# -- a payment


def _show_payments(document: HouseholdDocument, found: tuple[Position, ...], say: Words) -> None:
    st.header(say("today.payments"), anchor=False)
    st.caption(say("today.payments_note"))
    by_id = {one.debt: one for one in found}
    for debt in document.plan.debts:
        position = by_id[debt.id]
        if not position.payoff:
            continue
        with st.container(border=True, key=f"pay_{document.plan.debts.index(debt)}", gap="small"):
            suggested = position.fallen_due or position.next_amount
            is_open = st.session_state.get(_PAYING) == debt.id
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                what = f"**{inputs.plain(debt.name)}** {theme.money(suggested)}"
                st.markdown(f"{what}  \n:gray[{_reason(position, say)}]", width="stretch")
                if not is_open:
                    st.button(say("today.pay"), key=f"pay.{debt.id}", on_click=_start_paying, args=(debt.id,))
            if is_open:
                _ask_payment(debt, suggested, say)


def _reason(position: Position, say: Words) -> str:
    if position.days_past_due:
        return say("today.overdue", days=say.counted("format.day_count", position.days_past_due))
    if position.fallen_due:
        return say("today.due_now")
    if position.next_due is None:
        return say("today.nothing_due")
    return say("today.next_due", day=theme.day(position.next_due, say))


def _start_paying(debt_id: str) -> None:
    st.session_state[_PAYING] = debt_id
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


@st.fragment
def _ask_payment(debt: InstalmentDebt | CardDebt, suggested: int, say: Words) -> None:
    document = session.household()
    plan = document.plan
    round_ = st.session_state.get(_ROUND, 0)
    earliest, latest = plan.as_of + timedelta(1), max(session.today(), plan.start, plan.as_of + timedelta(1))
    with st.container(horizontal=True, vertical_alignment="top"):
        with st.container(width=148):
            amount = inputs.money(say, f"pay_{round_}", say("today.amount"), suggested or None, low=1, needed=True)
        with st.container(width=148):
            when = inputs.day(
                say, f"pay_{round_}", say("today.date"), plan.start, low=earliest, high=latest, needed=True
            )
    with st.container(horizontal=True):
        pressed = st.button(say("today.record"), key="today.record", type="primary")
        # The form runs by itself as a fragment; only the whole page can show what comes in its place.
        if st.button(say("debt.cancel"), key="today.cancel"):
            _stop_paying()
            st.rerun()
    if not pressed or amount.value is None or when.value is None:
        return
    payment = Payment(date=when.value, debt=debt.id, amount=amount.value)
    paid = tuple(sorted((*plan.paid, payment), key=lambda one: one.date))
    changed = plan.model_copy(update={"paid": paid, "today": max(plan.start, when.value)})
    try:
        answers.where(changed)
        session.change(document.model_copy(update={"plan": changed}), "saved.paid", debt.name)
    except Refused:
        inputs.complain(say("today.too_much", amount=theme.money(amount.value)))
        return
    except PlanError as error:
        inputs.complain(error.problems[0].zh if say.language == "zh" else error.problems[0].en)
        return
    _stop_paying()
    st.rerun()


def _stop_paying() -> None:
    st.session_state.pop(_PAYING, None)


def _show_paid(document: HouseholdDocument, say: Words) -> None:
    plan = document.plan
    if not plan.paid:
        return
    names = {debt.id: debt.name for debt in plan.debts}
    with st.expander(say("today.paid", number=len(plan.paid))):
        for index in range(len(plan.paid) - 1, -1, -1):
            payment = plan.paid[index]
            with st.container(horizontal=True, vertical_alignment="center"):
                name = inputs.plain(names[payment.debt])
                st.markdown(f"{theme.day(payment.date, say)} · {name} · {theme.money(payment.amount)}", width="stretch")
                st.button(say("today.remove"), key=f"unpay.{index}", on_click=_remove, args=(index,))


def _remove(index: int) -> None:
    document = session.household()
    plan = document.plan
    paid = (*plan.paid[:index], *plan.paid[index + 1 :])
    session.change(document.model_copy(update={"plan": plan.model_copy(update={"paid": paid})}), "saved.unpaid")


# -- it agrees?


@st.fragment
def _compare(say: Words) -> None:
    document = session.household()
    plan = document.plan
    st.header(say("today.agrees"), anchor=False)
    st.caption(say("today.agrees_note"))
    names = {debt.id: debt.name for debt in plan.debts}
    debt_id = st.selectbox(
        say("today.which"), list(names), key="today.which", format_func=lambda one: names[one], filter_mode=None
    )
    if debt_id not in names:
        return
    with st.container(horizontal=True, vertical_alignment="top"):
        with st.container(width=164):
            shown = inputs.money(say, f"agrees_{debt_id}_{plan.start}", say("today.shown"), high=AMOUNT_MAX)
        with st.container(width=164):
            day = inputs.day(
                say,
                f"agrees_{debt_id}_{plan.start}",
                say("today.shown_on"),
                plan.start,
                low=plan.as_of,
                high=plan.start,
            )
    if shown.value is None or day.value is None:
        return
    try:
        found = reconcile(plan, debt_id, day.value, shown.value)
    except Refused:
        st.markdown(f":red[{say('table.failed')}]")
        return
    with st.container(border=True, key="agrees_answer"):
        _show_answer(plan, found, say)
        if st.button(say("today.note_balance"), key="today.note_balance"):
            balance = LenderBalance(date=day.value, amount=shown.value)
            details = document.details_of(debt_id).model_copy(update={"lender_balance": balance})
            session.change(with_details(document, details), "saved.balance_noted", names[debt_id])
            st.rerun()


def _show_answer(plan: Plan, found: Reconciliation, say: Words) -> None:
    if found.agrees:
        st.markdown(f":green[**{say('today.matches', amount=theme.money(found.figure))}**]")
        return
    key = "today.gap_more" if found.gap > 0 else "today.gap_less"
    st.markdown(say(key, figure=theme.money(found.figure), gap=theme.money(abs(found.gap))))
    lines = [f"1. {_cause(plan, cause, found, say)}" for cause in found.causes]
    st.markdown("\n".join(lines))


def _cause(plan: Plan, cause: Cause, found: Reconciliation, say: Words) -> str:
    values = {"gap": theme.money(abs(found.gap)), "value": cause.value}
    if cause.kind == "penalty_base":
        values["value"] = say(f"term.penalty_base_{cause.value}")
    elif cause.kind == "payment_not_booked":
        payment = plan.paid[int(cause.value)]
        values["value"] = f"{theme.day(payment.date, say)} {theme.money(payment.amount)}"
    sentence = say(f"today.cause.{cause.kind}", **values)
    left = say("today.explains_all") if cause.left == 0 else say("today.leaves", left=theme.money(abs(cause.left)))
    return say("today.cause_line", cause=sentence, figure=theme.money(cause.figure), left=left)


# -- cash


def _show_cash(document: HouseholdDocument, say: Words) -> None:
    st.header(say("today.cash_title"), anchor=False)
    cash = inputs.money(
        say,
        f"now_{session.document_key()}_{session.turn_number()}",
        say("today.cash"),
        document.plan.household.cash,
        low=-AMOUNT_MAX,
    )
    if cash.value is not None and cash.value != document.plan.household.cash:
        household = document.plan.household.model_copy(update={"cash": cash.value})
        plan = document.plan.model_copy(update={"household": household})
        session.change(document.model_copy(update={"plan": plan}), "saved.cash")
        st.rerun()
