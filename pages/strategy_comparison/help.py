"""Family helps: which help does most, on which debt; and a loan from family that is paid back."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.lever_effects import HelpEffect, rank_help
from core.levers import FamilyGift, FamilyLoan, FamilyMonthly, first_day
from core.plan import PlanError, dump_plan
from core.plan_values import INSTALMENTS_MAX
from pages.shared import decisions, inputs, theme
from pages.shared.kept import Kept
from pages.shared.tables import Row, figures_table
from pages.shared.words import Words
from pages.strategy_comparison import keep
from pages.strategy_comparison.case import Case, strategy_name

_ROWS_MAX = 6
_MONTHS_MOST = 360
# Who gives changes no figure, so that ways of helping are ranked before anybody is named.
_NOBODY = "?"
_ranked: Kept[list[HelpEffect]] = Kept()


@st.fragment
def show(case: Case, say: Words) -> None:
    """Show the form."""
    way = st.segmented_control(
        say("help.way"),
        ("give", "lend"),
        default="give",
        key=f"choice_{keep.field('help_way')}",
        format_func=lambda one: say(f"help.{one}"),
        label_visibility="collapsed",
        required=True,
        persist_state="session",
    )
    name = inputs.name(say, keep.field("help_name"), say("help.who"), kept=True)
    if way == "lend":
        _ask_loan(name.value, case, say)
    else:
        _ask_gift(name.value, case, say)


# -- what is given


def _ask_gift(name: str | None, case: Case, say: Words) -> None:
    once, monthly = keep.side_by_side(
        lambda: inputs.money(say, keep.field("help_once"), say("help.once"), kept=True),
        lambda: inputs.money(say, keep.field("help_monthly"), say("help.monthly"), kept=True),
    )
    key = keep.field("help_months")
    months = inputs.whole(
        say, key, say("help.months"), low=1, high=_MONTHS_MOST, hint=say("help.months_hint"), kept=True
    )
    if not (once.value or monthly.value):
        st.caption(say("help.fill"))
        return
    if not (once.ok and monthly.ok and months.ok):
        return
    found = _rank(once.value or 0, monthly.value or 0, months.value, case, say)
    if not found:
        return
    for line in _sentences(found, case, say):
        st.markdown(line)
    _show_table(found, case, say)
    _ask_which(name, found, case, say)


def _rank(once: int, monthly: int, months: int | None, case: Case, say: Words) -> list[HelpEffect]:
    strategy, plan = case.followed or "", case.found.plan
    place = st.empty()

    def work_out() -> list[HelpEffect]:
        return rank_help(
            plan,
            strategy,
            name=_NOBODY,
            once=once,
            monthly=monthly,
            months=months,
            progress=lambda share: _tell(place, share, say),
        )

    try:
        found = _ranked.ask((dump_plan(plan), strategy, once, monthly, months), work_out)
    except PlanError as error:
        for each in error.problems:
            inputs.complain(keep.told(each, say))
        return []
    place.empty()
    return found


def _tell(place: DeltaGenerator, share: float, say: Words) -> None:
    place.progress(share, say("help.working"))


def _how(effect: HelpEffect, case: Case, say: Words) -> str:
    target = keep.target_name(case, effect.lever.for_debt, say)
    key = "help.once_row" if isinstance(effect.lever, FamilyGift) else "help.monthly_row"
    return say(key, target=target)


def _sentences(found: Sequence[HelpEffect], case: Case, say: Words) -> list[str]:
    """Say which help of each kind does most."""
    told: list[str] = []
    for kind, name in ((FamilyGift, "once"), (FamilyMonthly, "monthly")):
        able = [each for each in found if isinstance(each.lever, kind) and each.saved is not None]
        if not able:
            continue
        best = able[0]
        saved, sooner = best.saved or 0, ""
        if best.sooner:
            key = "help.sooner" if best.sooner > 0 else "help.later"
            sooner = say(key, duration=theme.duration(abs(best.sooner), say))
        same = len(able) > 1 and len({(each.saved, each.sooner) for each in able}) == 1
        told.append(
            say(
                f"help.{'same' if same else 'best'}_{name}_{'less' if saved >= 0 else 'more'}",
                amount=theme.money(best.lever.amount),
                target=inputs.plain(keep.target_name(case, best.lever.for_debt, say)),
                saved=theme.money(abs(saved)),
                sooner=sooner,
                given=theme.money(best.given),
            )
        )
    return told


def _show_table(found: Sequence[HelpEffect], case: Case, say: Words) -> None:
    columns = [say(f"help.column_{column}") for column in ("how", "given", "saved", "sooner", "kept")]
    rows = [_row(each, case, say) for each in found[:_ROWS_MAX]]
    st.html(figures_table(say("help.alt"), columns, rows))
    if len(found) > _ROWS_MAX:
        st.caption(say("help.top", count=_ROWS_MAX, all=len(found)))
    st.caption(say("help.strategy_note", strategy=strategy_name(case.followed or "", say)))


def _row(each: HelpEffect, case: Case, say: Words) -> Row:
    if each.saved is None:
        saved = say("help.unknown")
    else:
        saved = theme.money(each.saved) if each.saved >= 0 else say("help.more_paid", amount=theme.money(-each.saved))
    if each.sooner is None:
        sooner = say("help.unknown")
    elif each.sooner == 0:
        sooner = say("help.no_change")
    else:
        duration = theme.duration(abs(each.sooner), say)
        sooner = duration if each.sooner > 0 else say("help.later_cell", duration=duration)
    kept = say("help.kept") if each.reading.kept else say("help.not_kept")
    return Row(_how(each, case, say), "", "", [theme.money(each.given), saved, sooner, kept])


def _ask_which(name: str | None, found: Sequence[HelpEffect], case: Case, say: Words) -> None:
    index = inputs.choice(
        keep.field("help_which"),
        say("help.keep"),
        list(range(len(found))),
        0,
        lambda one: _how(found[one], case, say),
    )
    below = st.container()
    if st.button(say("offer.save"), key="offer.save.help", type="primary") and name is not None:
        lever = replace(found[index].lever, name=name)
        key = "offer.named_gift" if isinstance(lever, FamilyGift) else "offer.named_monthly"
        named = say(key, name=name, target=keep.target_name(case, lever.for_debt, say))
        keep.save(lever, named, case, say, below)


# -- what is lent


def _ask_loan(name: str | None, case: Case, say: Words) -> None:
    key = keep.field("lent_amount")
    amount = inputs.money(say, key, say("help.amount"), low=1, needed=True, kept=True)
    count, due_day = keep.side_by_side(
        lambda: _whole(say, "count", "help.instalments", INSTALMENTS_MAX),
        lambda: _whole(say, "day", "help.due_day", 31),
    )
    first = inputs.day(
        say,
        keep.field("lent_first"),
        say("help.first_due"),
        low=first_day(case.found.before),
        high=keep.latest_first_due(case),
        hint=say("help.first_due_hint"),
        kept=True,
    )
    target = keep.choose_target(case, say, keep.field("lent_target"))
    below = st.container()
    pressed = st.button(say("offer.save"), key="offer.save.lent", type="primary")
    if not pressed or name is None or amount.value is None or due_day.value is None or count.value is None:
        return
    lever = FamilyLoan(
        id=decisions.fresh_id("loan"),
        name=name,
        amount=amount.value,
        instalments=count.value,
        # A first day that is named sets the day of the month.
        due_day=due_day.value if first.value is None else first.value.day,
        first_due=first.value,
        for_debt=target,
    )
    named = say("offer.named_lent", name=name, target=keep.target_name(case, target, say))
    keep.save(lever, named, case, say, below)


def _whole(say: Words, name: str, label: str, high: int) -> inputs.Typed[int]:
    return inputs.whole(say, keep.field(f"lent_{name}"), say(label), low=1, high=high, needed=True, kept=True)
