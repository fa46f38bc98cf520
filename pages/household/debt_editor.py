"""Adding and changing a debt: the form, what it means at once, and keeping it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.entry import Entry
from core.facts import FactDateError
from core.household import DebtDetails, HouseholdDocument, with_details
from core.plan import PlanError, Problem, plan_from, to_mapping
from core.positions import Refused, positions, restated
from core.products import Product
from pages.household import quote
from pages.household.debt_form import Form, ask_details, ask_figures, ask_more, ask_terms, choose_product
from pages.household.draft import (
    DRAWS_MAX,
    Draft,
    built,
    drafted,
    entry_day,
    new_id,
    preview,
    product_for,
    with_debts,
)
from pages.shared import engine, inputs, scroll, session, theme, warming
from pages.shared.words import Words

EDITED = "household.edited"
"""Which debt is in the form: its id, `NEW`, or nothing."""

NEW = ""
_ROUND = "household.round"


class Filled(NamedTuple):
    """A form that was filled in.

    Attributes:
        product: The preset; None until one is chosen.
        drafts: A draft a debt.
        details: What is known of them besides.
        ok: Whether every field can be taken.
        complain: Where problems that are found later are told, a form a debt.
        place: Where it is said what the figures mean.
    """

    product: Product | None
    drafts: Sequence[Draft]
    details: DebtDetails
    ok: bool
    complain: Sequence[Callable[[tuple[Problem, ...]], None]]
    place: DeltaGenerator | None = None


def edit(debt_id: str) -> None:
    """Open the form for a debt, or for a new one."""
    st.session_state[EDITED] = debt_id
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    scroll.ask()


def close() -> None:
    """Leave the form."""
    st.session_state.pop(EDITED, None)
    scroll.ask()


def show(document: HouseholdDocument, say: Words) -> None:
    """Show the form of the debt that is edited."""
    debt_id = st.session_state[EDITED]
    if debt_id != NEW and all(debt.id != debt_id for debt in document.plan.debts):
        close()
        st.rerun()
    st.button(say("debt.back"), key="debt.back", icon=":material/arrow_back:", on_click=close)
    st.header(say("debt.new_title" if debt_id == NEW else "debt.edit_title"), anchor=False)
    with st.container():
        if not engine.ready():
            warming.wait(say, "warming.typing")
    _form(debt_id, say)


@st.fragment
def _form(debt_id: str, say: Words) -> None:
    document = session.household()
    round_ = f"{st.session_state.get(_ROUND, 0)}"
    as_of = entry_day(document.plan)
    if document.plan.start == session.today():
        st.caption(say("debt.day_note"))
    else:
        st.caption(say("debt.day_note_other", day=theme.day(document.plan.start, say)))
    filled = fill(round_, document, debt_id, as_of, say)
    if filled.product is None:
        return
    debts = show_meaning(filled, _ids(filled, document, debt_id), as_of, document.plan.start, say)
    with st.container(horizontal=True):
        ready = st.button(say("debt.save"), key="debt.save", type="primary")
        # The form runs by itself as a fragment; only the whole page can show what comes in its place.
        if st.button(say("debt.cancel"), key="debt.cancel"):
            close()
            st.rerun()
    if ready:
        if not engine.ready() and (debts is None or as_of != document.plan.as_of):
            st.markdown(f":red[{say('start.needs_engine')}]")
        elif debts is None:
            st.markdown(f":red[{say('debt.not_yet')}]")
        elif _keep(document, filled, debts, as_of, debt_id, say):
            close()
            st.rerun()


def fill(round_: str, document: HouseholdDocument | None, debt_id: str, as_of: date, say: Words) -> Filled:
    """Show the fields of a debt, or of several draws of a new one.

    Args:
        round_: Tells this use of the form from others.
        document: The household; None where it begins with this debt.
        debt_id: The debt that is changed; `NEW` for a new one.
        as_of: The day whose end the figures describe.
        say: The reader's catalogue.
    """
    details, current = DebtDetails(debt="new"), None
    before: list[Draft] = []
    if document is not None and debt_id != NEW:
        details, draft, current = _known(document, debt_id, as_of)
        before = [draft]
    product = choose_product(say, round_, current)
    if product is None:
        return Filled(None, (), details, False, ())
    title = getattr(product.title, say.language)
    count = 1
    if product.id.startswith("weilidai") and debt_id == NEW:
        count = inputs.choice(
            f"{round_}_draws",
            say("debt.draws"),
            list(range(1, DRAWS_MAX + 1)),
            1,
            lambda number: say.counted("debt.draw_count", number),
            kept=True,
        )
    forms = [Form(say, f"{round_}_{product.id}_{number}") for number in range(count)]
    drafts: list[Draft] = []
    for number, form in enumerate(forms):
        usual = title if count == 1 else f"{title} {number + 1}"
        draft = before[0] if before else Draft(name=usual)
        if count > 1:
            st.markdown(f"**{inputs.plain(usual)}**")
        drafts.append(ask_figures(form, product, draft, as_of))
    first, place = forms[0], st.container()
    with st.expander(say("debt.more")):
        if count == 1:
            name = first.take(
                "name", inputs.name(say, f"{first.key}_name", say("debt.name"), drafts[0].name, needed=True, kept=True)
            )
            drafts[0] = ask_more(first, product, replace(drafts[0], name=name or ""), as_of)
        details = ask_details(first, details, drafts[0].contract_date, product)
    contract = details.contract_date
    with st.expander(say("debt.terms")):
        shared = ask_terms(first, product, replace(drafts[0], contract_date=contract), as_of)
    drafts = [
        replace(draft, overrides={**draft.overrides, **shared.overrides}, contract_date=contract) for draft in drafts
    ]
    quote.show(round_, say)
    details = details.model_copy(update={"product": product.id})
    return Filled(product, drafts, details, all(form.ok for form in forms), [form.complain for form in forms], place)


def _known(document: HouseholdDocument, debt_id: str, as_of: date) -> tuple[DebtDetails, Draft, Product]:
    plan = document.plan
    if as_of != plan.as_of and engine.ready():
        try:
            plan = restated(plan, as_of)
        except (Refused, ValueError):
            plan = document.plan
    debt = next(one for one in plan.debts if one.id == debt_id)
    details = document.details_of(debt_id)
    return details, drafted(debt, plan.as_of, details.contract_date), product_for(debt, details.product)


def _ids(filled: Filled, document: HouseholdDocument | None, debt_id: str) -> list[str]:
    if debt_id != NEW:
        return [debt_id]
    return ids_for(filled, [] if document is None else [debt.id for debt in document.plan.debts])


def ids_for(filled: Filled, taken: Sequence[str]) -> list[str]:
    """Give new debts ids that nobody has."""
    ids: list[str] = []
    for _ in filled.drafts:
        if filled.product is not None:
            ids.append(new_id(filled.product, [*taken, *ids]))
    return ids


def show_meaning(
    filled: Filled, ids: Sequence[str], as_of: date, today: date, say: Words
) -> list[dict[str, object]] | None:
    """Say at once what the figures mean, or what is wrong with them.

    Returns:
        The debts, as a plan file has them; None while they cannot be made.
    """
    if filled.product is None or filled.place is None or not filled.ok:
        return None
    ready = engine.ready()
    if not ready:
        filled.place.caption(say("debt.figures_later"))
        if any(draft.overdue_since is not None and not draft.missed for draft in filled.drafts):
            return None  # its missed bills are the engine's to work out
    debts: list[dict[str, object]] = []
    for draft, one, complain in zip(filled.drafts, ids, filled.complain, strict=True):
        try:
            debts += built(filled.product, [draft], [one], as_of)
        except PlanError as error:
            complain(error.problems)
        except FactDateError as error:
            st.markdown(f":red[{inputs.plain(error.zh if say.language == 'zh' else error.en)}]")
    if len(debts) < len(ids):
        return None
    if not ready:
        return debts
    try:
        found = positions(preview(debts, as_of, today))
    except (PlanError, Refused):
        st.markdown(f":red[{say('table.failed')}]")
        return None
    with filled.place, st.container(border=True, key="debt_meaning"):
        st.markdown(say("debt.meaning_payoff", amount=theme.money(sum(one.payoff for one in found))))
        overdue = [one for one in found if one.days_past_due]
        if overdue:
            days = say.counted("format.day_count", max(one.days_past_due for one in overdue))
            owed = theme.money(sum(one.fallen_due for one in overdue))
            st.markdown(f":red[{say('debt.meaning_overdue', days=days, owed=owed)}]")
        coming = [(one.next_due, one.next_amount) for one in found if one.next_due is not None]
        if coming:
            due = min(day for day, _ in coming)
            amount = sum(amount for day, amount in coming if day == due)
            st.markdown(say("debt.meaning_next", day=theme.day(due, say), amount=theme.money(amount)))
    return debts


def _keep(
    document: HouseholdDocument,
    filled: Filled,
    debts: Sequence[dict[str, object]],
    as_of: date,
    debt_id: str,
    say: Words,
) -> bool:
    name = filled.drafts[0].name
    try:
        changed = _same_figures(document, filled, debts, as_of, debt_id)
        if changed is None:
            changed = with_debts(document, debts, as_of, None if debt_id == NEW else debt_id)
        for one in debts:
            changed = with_details(changed, filled.details.model_copy(update={"debt": f"{one['id']}"}))
        session.change(changed, "saved.debt_added" if debt_id == NEW else "saved.debt_changed", name)
    except PlanError as error:
        for each in error.problems[:5]:
            st.markdown(f":red[{inputs.plain(each.zh if say.language == 'zh' else each.en)}]")
        return False
    except ValueError:
        st.markdown(f":red[{say('debt.cannot_restate')}]")
        return False
    return True


def _same_figures(
    document: HouseholdDocument, filled: Filled, debts: Sequence[dict[str, object]], as_of: date, debt_id: str
) -> HouseholdDocument | None:
    """Where only terms or the name changed, change them in place: nothing else may move by a fen."""
    if debt_id == NEW:
        return None
    _, before, _ = _known(document, debt_id, as_of)
    (draft,) = filled.drafts
    neutral = {"overrides": {}, "name": "", "contract_date": None}
    if _figures_of(draft, neutral) != _figures_of(before, neutral):
        return None
    terms = {name: value for name, value in debts[0].items() if name == "name" or name in draft.overrides}
    mapping = to_mapping(document.plan)
    kept = mapping["debts"]
    if not isinstance(kept, list):
        return None
    for place, one in enumerate(kept):
        if one["id"] == debt_id:
            rivals = {"daily_rate", "annual_rate", "day_count", "penalty_multiplier", "penalty_daily_rate"}
            old = {name: value for name, value in one.items() if name not in rivals}
            rates = {name: value for name, value in debts[0].items() if name in rivals}
            kept[place] = old | terms | rates
    return document.model_copy(update={"plan": plan_from(mapping)})


def _figures_of(draft: Draft, neutral: dict[str, object]) -> Entry:
    return replace(draft, **neutral).entry("x", date.min)
