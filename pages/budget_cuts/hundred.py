"""What each ¥100 a month buys, both ways from today's budget; and which cut changes most."""

import streamlit as st

from core.levers import monthly_room
from core.money import FEN_IN_A_YUAN
from core.thresholds import Sweep
from pages.budget_cuts import answers, figures, sentences
from pages.budget_cuts.answers import State
from pages.shared import charts, session, theme
from pages.shared.tables import Row, figures_table
from pages.shared.words import Words

_HUNDRED = 100 * FEN_IN_A_YUAN


def show(now: State, say: Words) -> None:
    """Show the next ¥100 in a sentence, the whole range as a chart, and round steps as a table."""
    st.header(say("budget_cuts.hundred.title"), anchor=False)
    sweep, steps = answers.sweeps(now.plan, now.strategy)
    below, above = sweep.around()
    lines = [
        say("budget_cuts.hundred.more", buys=sentences.gained(sweep.at(above.low), sweep.at(above.high), above, say))
    ]
    if below is not None:
        away = below.high - below.low
        less = _yuan(away) if away == _HUNDRED else theme.money(away)
        lost = sentences.lost(sweep.at(below.low), sweep.at(below.high), below, say)
        lines.append(say("budget_cuts.hundred.less", amount=less, buys=lost))
    elif monthly_room(now.plan) < 0:
        lines.append(say("budget_cuts.hundred.from_nothing", short=theme.money(-monthly_room(now.plan))))
    st.markdown("\n".join(f"- {line}" for line in lines))
    charts.show(
        figures.budgets(sweep, now.strategy, say),
        key="budget_cuts.chart",
        alt=say("budget_cuts.hundred.alt", top=theme.money(sweep.budgets[-1]), today=theme.money(sweep.now)),
    )
    st.caption(say("budget_cuts.hundred.note"))
    with st.expander(say("budget_cuts.hundred.steps")):
        st.html(_steps_table(steps, say))


def _steps_table(steps: Sweep, say: Words) -> str:
    columns = [say(f"budget_cuts.hundred.column_{name}") for name in ("budget", "free", "saved", "pocket", "kept")]
    rows: list[Row] = []
    for budget, reading in zip(steps.budgets, steps.readings, strict=True):
        away = budget - steps.now
        gain = steps.gain(steps.now, budget)
        key = "is_today" if not away else "is_more" if away > 0 else "is_less"
        mark = say(f"budget_cuts.hundred.{key}", amount=_yuan(abs(away)))
        rows.append(
            Row(
                theme.money(budget),
                "" if not away else mark,
                mark if not away else "",
                [
                    sentences.free(reading, say),
                    _saved(gain.saved, say) if away else "—",
                    sentences.pocket(reading),
                    sentences.kept(reading, say),
                ],
            )
        )
    return figures_table(say("budget_cuts.hundred.steps"), columns, rows)


def _yuan(fen: int) -> str:
    """A step of the page's own, which says nothing about the household and need not be hidden."""
    return f"¥{fen // FEN_IN_A_YUAN:,}"


def _saved(fen: int | None, say: Words) -> str:
    if fen is None:
        return "—"
    key = "less" if fen > 0 else "more" if fen < 0 else "same"
    return say(f"budget_cuts.buys.{key}", amount=theme.money(abs(fen)))


@st.fragment
def show_ranked(now: State, say: Words) -> None:
    """Show what it changes to give up each expense by itself."""
    st.header(say("budget_cuts.ranked.title"), anchor=False)
    everything = st.toggle(
        say("budget_cuts.ranked.essential"), key=f"budget_cuts.ranked.{session.document_key()}", persist_state="session"
    )
    found = answers.ranked(now.plan, now.strategy, essential=everything)
    if not found:
        budget = any(lever.kind == "monthly_budget" for lever in now.ours.values())
        st.markdown(say("budget_cuts.ranked.budget_is_set" if budget else "budget_cuts.ranked.none"))
        return
    st.caption(say("budget_cuts.ranked.lead"))
    essential = {each.name for each in now.plan.household.expenses if each.essential}
    columns = [say(f"budget_cuts.ranked.column_{name}") for name in ("name", "freed", "saved", "sooner", "hundred")]
    rows = [
        Row(
            cut.lever.expense,
            say("money.essential") if cut.lever.expense in essential else "",
            "",
            [
                theme.money(cut.freed),
                _saved(cut.saved, say),
                "—" if cut.sooner is None else _sooner(cut.sooner, say),
                "—" if cut.saved_per_hundred is None else theme.money(cut.saved_per_hundred),
            ],
        )
        for cut in found
    ]
    st.html(figures_table(say("budget_cuts.ranked.title"), columns, rows))
    if everything:
        st.caption(say("budget_cuts.ranked.essential_note"))


def _sooner(months: int, say: Words) -> str:
    if months == 0:
        return say("budget_cuts.ranked.same_month")
    length = theme.duration(abs(months), say)
    return say("budget_cuts.ranked.earlier" if months > 0 else "budget_cuts.ranked.later", duration=length)
