"""The form for a new loan in place of old debts: what it truly costs, and whether it reaches."""

from decimal import Decimal

import streamlit as st

from core.lever_effects import loan_rate
from core.lever_loans import payoffs
from core.lever_problems import Refusal
from core.levers import NewLoan, first_day
from core.plan import PlanError
from core.plan_models import ChangeMethod
from core.plan_values import INSTALMENTS_MAX
from pages.shared import decisions, inputs, theme
from pages.shared.words import Words
from pages.strategy_comparison import keep
from pages.strategy_comparison.case import Case

_RATE_MOST = Decimal(1)
_RATE_PLACES = 4
_NAMES_MAX = 2
_METHODS: tuple[ChangeMethod, ...] = ("equal_instalment", "equal_principal", "interest_only", "bullet")


@st.fragment
def show(case: Case, say: Words) -> None:
    """Show the form."""
    st.caption(say("loan.warning_first"))
    debts = {debt.id: debt.name for debt in case.open_debts}
    if not debts:
        st.caption(say("offer.nobody"))
        return
    replaces = st.multiselect(
        say("loan.replaces"),
        list(debts),
        key=f"choice_{keep.field('replaces')}",
        format_func=lambda one: debts[one],
        placeholder=say("loan.replaces_hint"),
        persist_state="session",
    )
    if not replaces:
        st.caption(say("inputs.needed"))
    loan = _fields(tuple(replaces), say)
    if loan is not None:
        _show_need(loan, case, say)
        _show_cost(loan, case, say)
    below = st.container()
    pressed = st.button(say("offer.save"), key="offer.save.loan", type="primary")
    if pressed and loan is not None:
        names = [debts[one] for one in loan.replaces[:_NAMES_MAX]]
        if len(loan.replaces) > _NAMES_MAX:
            names.append(say("missed.more", count=len(loan.replaces) - _NAMES_MAX))
        named = say("offer.named_loan", name=loan.name, debts=say.listed(names))
        keep.save(loan, named, case, say, below, said=("loan.small",))


def _fields(replaces: tuple[str, ...], say: Words) -> NewLoan | None:
    """Show the fields; None while one of them is empty or wrong."""
    name = inputs.name(say, keep.field("loan_name"), say("loan.name"), kept=True)
    amount, fee, advance = keep.side_by_side(
        lambda: inputs.money(say, keep.field("loan_amount"), say("loan.amount"), low=1, needed=True, kept=True),
        lambda: inputs.money(say, keep.field("loan_fee"), say("loan.fee"), kept=True),
        lambda: inputs.money(say, keep.field("loan_advance"), say("loan.fee_in_advance"), kept=True),
    )
    rate = _rate(say)
    count, due_day = keep.side_by_side(
        lambda: _whole(say, "count", "loan.instalments", INSTALMENTS_MAX),
        lambda: _whole(say, "day", "loan.due_day", 31),
    )
    method: ChangeMethod = inputs.choice(
        keep.field("loan_method"),
        say("loan.method"),
        list(_METHODS),
        _METHODS[0],
        lambda one: say(f"loan.{one}"),
        kept=True,
    )
    reported = st.checkbox(
        say("loan.reported"), value=True, key=f"flag_{keep.field('loan_reported')}", persist_state="session"
    )
    if (
        name.value is None
        or amount.value is None
        or rate.value is None
        or count.value is None
        or due_day.value is None
        or not (fee.ok and advance.ok)
        or not replaces
    ):
        return None
    return NewLoan(
        id=decisions.fresh_id("loan"),
        name=name.value,
        replaces=replaces,
        amount=amount.value,
        instalments=count.value,
        due_day=due_day.value,
        method=method,
        annual_rate=rate.value,
        fee=fee.value or 0,
        fee_in_advance=advance.value or 0,
        reported=reported,
    )


def _rate(say: Words) -> inputs.Typed[Decimal]:
    key = keep.field("loan_rate")
    return inputs.rate(say, key, say("loan.rate"), high=_RATE_MOST, places=_RATE_PLACES, needed=True, kept=True)


def _whole(say: Words, name: str, label: str, high: int) -> inputs.Typed[int]:
    return inputs.whole(say, keep.field(f"loan_{name}"), say(label), low=1, high=high, needed=True, kept=True)


def _show_need(loan: NewLoan, case: Case, say: Words) -> None:
    """Say what the old debts need and what arrives."""
    plan = case.found.before
    try:
        owed = sum(payoffs(plan, loan.replaces))
    except Refusal:
        return  # what is wrong with one of them is told when the offer is noted
    net = loan.amount - loan.fee
    values = {"day": theme.day(first_day(plan), say), "owed": theme.money(owed), "net": theme.money(max(0, net))}
    if net < owed:
        st.markdown(f":red[{say('loan.short', **values, short=theme.money(owed - net))}]")
        return
    st.markdown(say("loan.need", **values))
    if net > owed:
        st.caption(say("loan.left", left=theme.money(net - owed)))


def _show_cost(loan: NewLoan, case: Case, say: Words) -> None:
    """Say what the loan truly costs a year, and warn of fees before anything is noted."""
    if loan.fee < loan.amount:
        try:
            rate = loan_rate(case.found.before, loan)
        except PlanError as error:
            for each in error.problems:
                inputs.complain(keep.told(each, say))
            return
        if rate.effective_annual is not None:
            st.markdown(say("loan.cost", rate=f"{rate.effective_annual:,.2%}"))
        else:
            st.caption(say("loan.cost_none", reason=(rate.zh if say.language == "zh" else rate.en) or ""))
    if loan.fee_in_advance:
        st.markdown(f":red[{say('offer.warning.fee_in_advance')}]")
    if loan.fee:
        st.markdown(say("offer.warning.fee_deducted"))
