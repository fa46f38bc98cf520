"""Rules to lean on, what collectors must keep to, and whom to turn to; each with its kind, article, date and source."""

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal

import streamlit as st

from core.approach import Rule, collection_rules_for, help_for
from core.facts import facts
from pages.act.answers import Talk
from pages.overdue_cost.events import clock, percent
from pages.overview.before_lenders import call
from pages.shared import theme
from pages.shared.inputs import plain
from pages.shared.words import Words

_LISTS = {"only_you": "collection.contacts", "bans": "collection.bans"}


def show(talk: Talk, say: Words) -> None:
    """Show what can be leaned on with a lender, and what to do where it oversteps."""
    manner, on = talk.approach.manner, talk.document.plan.start
    st.header(say("act.rule.title"), anchor=False)
    if not talk.rules:
        st.markdown(say("act.rule.none"))
        return
    st.caption(say("act.rule.lead"))
    show_listed(talk.rules, "rule", say)
    limits = collection_rules_for(manner, on)
    if limits:
        st.header(say("act.limit.title"), anchor=False)
        show_listed(limits, "limit", say)
    steps = help_for(manner)
    st.header(say("act.help.title"), anchor=False)
    lines = [say("act.help.lender")] if limits else []
    lines += [say(f"act.help.{fact.partition('.')[2]}", line=_line(fact, on)) for fact in steps]
    st.markdown("\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1)))
    st.caption(say("act.help.read", day=theme.day(min(facts()[fact].last_read for fact in steps), say)))


def show_listed(listed: Sequence[Rule], table: str, say: Words) -> None:
    """Show rules as a list.

    Args:
        listed: In order.
        table: Of the sentences: `rule`, `no` or `limit`.
        say: The reader's catalogue.
    """
    st.markdown("\n".join(_item(rule, table, say) for rule in listed))


def _item(rule: Rule, table: str, say: Words) -> str:
    values = {name: _written(name, value, say) for name, value in rule.params.items()}
    name = say("act.kind.advice") if rule.kind == "advice" else say(f"overdue.kind.{rule.kind}")
    lines = [f"- {say(f'act.{table}.{rule.key}', **values)} :gray-badge[{name}]"]
    if table == "limit" and rule.key in _LISTS:
        texts = facts()[_LISTS[rule.key]].values[-1].value
        if isinstance(texts, tuple):
            lines += [f"    - {getattr(text, say.language)}" for text in texts]
    backed = _backed(rule, say)
    if backed:
        lines[0] += f"  \n  :small[{backed}]"
    return "\n".join(lines)


def _backed(rule: Rule, say: Words) -> str:
    """Who says so, since when; empty for advice of our own."""
    known = facts().sources
    parts = [plain(article) for article in rule.articles]
    if rule.since is not None:
        parts.append(say("act.rule.since", day=theme.day(rule.since, say)))
    names = [_source(known[mark].urls, getattr(known[mark].title, say.language)) for mark in rule.sources]
    if names:
        parts.append(say("act.rule.source", sources=say.listed(names)))
    return say("format.clause_separator").join(parts)


def _source(urls: Sequence[str], title: str) -> str:
    return f"[{plain(title)}](<{urls[0]}>)" if urls else plain(title)


def _line(fact: str, on: date) -> str:
    answer = facts().as_read(fact, on)
    return f"[{answer.word}](<{answer.word}>)" if answer.fact.unit == "url" else call(fact, on)


def _written(name: str, value: object, say: Words) -> str:
    if isinstance(value, time):
        return clock(value)
    if isinstance(value, Decimal):
        return percent(value)
    return say.counted("format.years", value) if name == "years" and isinstance(value, int) else str(value)
