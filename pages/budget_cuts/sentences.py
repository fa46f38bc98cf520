"""How the page says what a change buys. No Streamlit call."""

from core.savings import Effect
from core.thresholds import Gain, Reading
from pages.shared import theme
from pages.shared.words import Words


def bought(before: Reading, after: Reading, saved: int | None, sooner: int | None, say: Words) -> str:
    """Say what comes of a change: when the household is free, and how much less is paid.

    Args:
        before, after: What comes without and with it.
        saved, sooner: As of a `core.savings.Effect`.
        say: The reader's catalogue.
    """
    parts = [_when(before, after, sooner, say)]
    if saved is not None:
        key = "less" if saved > 0 else "more" if saved < 0 else "same"
        parts.append(say(f"budget_cuts.buys.{key}", amount=theme.money(abs(saved))))
    return say("budget_cuts.buys.comma").join(parts)


def effect(found: Effect, say: Words) -> str:
    """Say what an effect comes to."""
    return bought(found.before, found.after, found.saved, found.sooner, say)


def gained(low: Reading, high: Reading, gain: Gain, say: Words) -> str:
    """Say what the step from a budget to the larger one buys."""
    return bought(low, high, gain.saved, gain.sooner, say)


def lost(low: Reading, high: Reading, gain: Gain, say: Words) -> str:
    """Say what the step from a budget back to the smaller one costs."""
    saved = None if gain.saved is None else -gain.saved
    sooner = None if gain.sooner is None else -gain.sooner
    return bought(high, low, saved, sooner, say)


def free(reading: Reading, say: Words) -> str:
    """Give the month in which a household is free, or that it is not."""
    return theme.month(reading.free_on, say) if reading.free_on else say("table.not_free")


def pocket(reading: Reading) -> str:
    """Give what is paid and still owed in all."""
    return "—" if reading.out_of_pocket is None else theme.money(reading.out_of_pocket)


def kept(reading: Reading, say: Words) -> str:
    """Say whether anything goes overdue."""
    return say("budget_cuts.kept_up.yes" if reading.kept else "budget_cuts.kept_up.no")


def _when(before: Reading, after: Reading, sooner: int | None, say: Words) -> str:
    month = free(after, say)
    if after.free_on is None:
        return say("budget_cuts.buys.still_open" if before.free_on is None else "budget_cuts.buys.no_longer")
    if sooner is None:
        return say("budget_cuts.buys.now_free", month=month)
    if sooner == 0:
        return say("budget_cuts.buys.same_month", month=month)
    key = "sooner" if sooner > 0 else "later"
    return say(f"budget_cuts.buys.{key}", month=month, duration=theme.duration(abs(sooner), say))
