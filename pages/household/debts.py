"""The list of debts: each with what it means today, and the way into its form."""

import streamlit as st

from core.household import HouseholdDocument, with_details
from core.levers import recorded_debt
from core.plan import CardDebt, InstalmentDebt
from core.plan_values import LENGTHS
from core.positions import Position, Refused
from pages.household import answers, debt_editor
from pages.shared import engine, inputs, session, theme, warming
from pages.shared.words import Words

_DEBTS_MAX = LENGTHS["debts"][1]
_SHORT = 24


def show(document: HouseholdDocument, say: Words) -> None:
    """Show the debts."""
    plan = document.plan
    found: dict[str, Position] = {}
    if engine.ready():
        try:
            found = {one.debt: one for one in answers.where(plan)}
        except Refused as refused:
            st.markdown(f":red[{say('table.failed' if refused.payment is None else 'today.refused')}]")
    else:
        warming.wait(say)
    total = sum(found[debt.id].payoff if debt.id in found else recorded_debt(debt) for debt in plan.debts)
    late = sum(1 for one in found.values() if one.days_past_due)
    with st.container(border=True, key="household_owed"):
        st.metric(say("household_page.owed"), theme.money(total))
        with st.container(horizontal=True, gap="small"):
            st.caption(say.counted("household.debts", len(plan.debts)), width="content")
            if late:
                st.badge(say.counted("household.overdue", late), color="red")
    full = len(plan.debts) >= _DEBTS_MAX
    st.button(
        say("household_page.add"),
        key="household.add",
        type="primary",
        width="stretch",
        icon=":material/add:",
        on_click=debt_editor.edit,
        args=(debt_editor.NEW,),
        disabled=full,
        help=say("household_page.full") if full else None,
    )
    for debt in plan.debts:
        _show_debt(document, debt, found.get(debt.id), say)


def _show_debt(
    document: HouseholdDocument, debt: InstalmentDebt | CardDebt, found: Position | None, say: Words
) -> None:
    only = len(document.plan.debts) == 1
    with st.container(border=True, key=f"debt_{document.plan.debts.index(debt)}", gap="small"):
        st.markdown(_in_words(debt, found, say))
        with st.container(horizontal=True, gap="small"):
            st.button(
                say("household_page.open"),
                key=f"open.{debt.id}",
                on_click=debt_editor.edit,
                args=(debt.id,),
            )
            st.button(
                say("household_page.copy"),
                key=f"copy.{debt.id}",
                type="tertiary",
                on_click=_copy,
                args=(debt.id,),
                disabled=len(document.plan.debts) >= _DEBTS_MAX,
            )
            st.button(
                say("household_page.delete"),
                key=f"delete.{debt.id}",
                type="tertiary",
                on_click=_delete,
                args=(debt.id,),
                disabled=only,
                help=say("household_page.last_debt") if only else None,
            )


def _in_words(debt: InstalmentDebt | CardDebt, found: Position | None, say: Words) -> str:
    amount = theme.money(recorded_debt(debt) if found is None else found.payoff)
    lines = [f"**{inputs.plain(debt.name)}** {amount}"]
    if found is not None:
        if found.days_past_due:
            days = say.counted("format.day_count", found.days_past_due)
            late = say("household_page.overdue_owed", days=days, owed=theme.money(found.fallen_due))
            lines.append(f":red[{late}]")
        if found.next_due is not None:
            due = theme.day(found.next_due, say)
            lines.append(say("household_page.next", day=due, amount=theme.money(found.next_amount)))
        if not found.payoff:
            lines.append(say("household_page.cleared"))
    return "  \n".join(lines)


def _copy(debt_id: str) -> None:
    document = session.household()
    plan = document.plan
    place = next(k for k, debt in enumerate(plan.debts) if debt.id == debt_id)
    taken = {debt.id for debt in plan.debts}
    copied = next(name for k in range(2, 10_000) if (name := f"{debt_id[:_SHORT]}_{k}") not in taken)
    debt = plan.debts[place].model_copy(update={"id": copied})
    debts = (*plan.debts[: place + 1], debt, *plan.debts[place + 1 :])
    changed = document.model_copy(update={"plan": plan.model_copy(update={"debts": debts})})
    details = document.details_of(debt_id).model_copy(update={"debt": copied})
    session.change(with_details(changed, details), "saved.debt_copied", debt.name)


def _delete(debt_id: str) -> None:
    document = session.household()
    plan = document.plan
    gone = next(debt for debt in plan.debts if debt.id == debt_id)
    household = plan.household.model_copy(
        update={"one_offs": tuple(one for one in plan.household.one_offs if one.for_debt != debt_id)}
    )
    left = plan.model_copy(
        update={
            "debts": tuple(debt for debt in plan.debts if debt.id != debt_id),
            "paid": tuple(payment for payment in plan.paid if payment.debt != debt_id),
            "household": household,
        }
    )
    details = tuple(each for each in document.debts if each.debt != debt_id)
    session.change(document.model_copy(update={"plan": left, "debts": details}), "saved.debt_deleted", gone.name)
