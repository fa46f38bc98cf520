"""The figures of a talk, written for the sentences of scripts and letters in either language."""

from collections.abc import Callable
from decimal import Decimal

from core.approach import LICENSED, Proposal
from core.levers import LenderOffer
from pages.act.answers import Talk
from pages.overdue_cost.events import percent
from pages.shared import inputs, theme
from pages.shared.words import Words

Write = Callable[[int], str]
"""How an amount is written: as the screen has it, or the true figure whatever the screen hides."""


def exact(fen: int) -> str:
    """Write an amount as it is, for a file: the reader asked for it, hidden amounts or not."""
    return f"¥{inputs.grouped(fen)}"


def values(talk: Talk, words: Words, write: Write) -> dict[str, str]:
    """Give every value that a sentence about a talk may name.

    Args:
        talk: The debt.
        words: The catalogue in which dates and parts are written; a letter may have another than the page.
        write: How amounts are written.
    """
    answer = talk.approach
    parts = [
        words("act.facts.part", part=words(f"overdue.part.{name}"), amount=write(fen))
        for name, fen in answer.owed.items()
        if fen
    ]
    found = {
        "debt": talk.name,
        "lender": talk.lender,
        "day": theme.day(talk.document.plan.start, words),
        "owed": write(answer.total),
        "parts": words.listed(parts),
        "days": words.counted("format.day_count", answer.days_late),
        "able": write(answer.able),
        "since": "" if answer.overdue_since is None else theme.day(answer.overdue_since, words),
    }
    return found if answer.proposal is None else found | _terms(answer.proposal, words, write)


def _terms(proposal: Proposal, words: Words, write: Write) -> dict[str, str]:
    (first, first_fen), (last, last_fen) = proposal.bills[0], proposal.bills[-1]
    return {
        "first": theme.day(first, words),
        "last": theme.day(last, words),
        "count": str(len(proposal.bills)),
        "most": write(proposal.most),
        "first_amount": write(first_fen),
        "last_amount": write(last_fen),
    }


def state(talk: Talk) -> str:
    """Say whether the debt is late: the end of a sentence's key."""
    return "late" if talk.approach.days_late else "current"


def sum_key(talk: Talk) -> str:
    """Say what can be paid: the end of a sentence's key."""
    answer = talk.approach
    if answer.proposal is not None:
        return "" if len(answer.proposal.bills) > 1 else "_one"
    return "_able" if answer.able else "_unable"


def time_asked(talk: Talk, words: Words) -> str:
    """Give what is asked of the lender about time."""
    answer = talk.approach
    if answer.proposal is None:
        return words("act.ask.pause_pay" if answer.able else "act.ask.pause")
    if answer.manner == "family":
        return words("act.ask.family_time")
    return words("act.ask.longer" if len(answer.proposal.bills) > 1 else "act.ask.once")


def asked(talk: Talk, words: Words) -> list[str]:
    """Give what is asked of the lender beyond time."""
    answer = talk.approach
    found = [] if answer.proposal is None else terms_asked(answer.proposal, words)
    parts = () if answer.proposal is None else answer.proposal.asked
    if answer.manner in LICENSED:
        if (answer.owed["penalty"] or answer.owed["fees"]) and not {"penalty", "fees"} & set(parts):
            found.append(words("act.ask.waive_penalty"))
        if answer.days_late:
            found.append(words("act.ask.stop"))
    elif answer.manner == "private" and answer.days_late and "no_interest" not in parts:
        found.append(words("act.ask.no_more_interest"))
    return found


def terms_asked(proposal: Proposal, words: Words) -> list[str]:
    """Give what the terms of a proposal ask for beyond time."""
    offer, found = proposal.offer, list[str]()
    for part in proposal.asked:
        if part == "lower_rate":
            found.append(words("act.ask.lower_rate", rate=_rate(offer, words)))
        elif part == "no_interest":
            found.append(words("act.ask.no_interest"))
        else:
            share: Decimal = getattr(offer, f"waive_{part}")
            found.append(words(f"act.ask.{part}", share=words("act.ask.all") if share == 1 else percent(share)))
    return found


def _rate(offer: LenderOffer, words: Words) -> str:
    if offer.annual_rate is not None:
        return words("act.ask.lower_rate_year", rate=percent(offer.annual_rate))
    return words("act.ask.lower_rate_day", rate=percent(offer.daily_rate or Decimal(0)))
