"""The household's spending beside the public figures per person: facts with year, kind and source; no standard."""

import streamlit as st

from core.facts import Answer, FactDateError, backing, facts
from core.public_spending import PublicSpending, beside_public
from pages.budget_cuts.answers import State
from pages.shared import session, theme
from pages.shared.tables import Row, figures_table
from pages.shared.words import Words


def show(now: State, say: Words) -> None:
    """Show the total in a sentence, and the categories folded."""
    st.header(say("budget_cuts.public.title"), anchor=False)
    found = _found(now)
    if found is None:
        st.markdown(say("budget_cuts.public.too_early"))
        return
    persons = len(now.document.persons)
    own, each = theme.money(found.total.own), theme.money(found.latest)
    year = found.newest.dated.start.year
    if persons:
        people = say.counted("budget_cuts.public.people", persons)
        whole = theme.money(found.latest * persons)
        st.markdown(say("budget_cuts.public.sentence", own=own, year=year, each=each, people=people, whole=whole))
    else:
        st.markdown(say("budget_cuts.public.each_only", own=own, year=year, each=each))
        st.page_link("pages/household/page.py", label=say("budget_cuts.public.to_household"))
    st.caption(f"{say('budget_cuts.public.no_standard')} {_sources([found.newest, found.by_category], say)}")
    with st.expander(say("budget_cuts.public.by_category")):
        _show_categories(found, persons, say)


def floor_sentence(now: State, say: Words) -> str:
    """Give the public figure per person that stands beside the living floor; nothing where there is none."""
    found = _found(now)
    if found is None:
        return ""
    values = {"year": found.newest.dated.start.year, "each": theme.money(found.latest)}
    return say("budget_cuts.floor.public", **values)


def _found(now: State) -> PublicSpending | None:
    try:
        return beside_public(now.plan, len(now.document.persons), max(session.today(), now.plan.start))
    except FactDateError:
        return None


def _show_categories(found: PublicSpending, persons: int, say: Words) -> None:
    names = ("name", "own", "all") if persons else ("name", "own", "each")
    columns = [say(f"budget_cuts.public.column_{name}") for name in names]
    lines = [(say(f"budget_cuts.public.{name}"), each) for name, each in found.categories.items()]
    lines.append((say("budget_cuts.public.total"), found.total))
    rows = [
        Row(name, "", "", [theme.money(each.own), theme.money(each.each if each.all is None else each.all)])
        for name, each in lines
    ]
    if found.elsewhere:
        rows.insert(-1, Row(say("budget_cuts.public.elsewhere"), "", "", [theme.money(found.elsewhere), "—"]))
    st.html(figures_table(say("budget_cuts.public.by_category"), columns, rows))
    notes = [say("budget_cuts.public.year_of", year=found.by_category.dated.start.year)]
    notes.append(say("budget_cuts.public.imputed"))
    if found.by_category.dated.note is not None:
        notes.append(getattr(found.by_category.dated.note, say.language))
    st.caption("\n\n".join(notes))


def _sources(answers: list[Answer], say: Words) -> str:
    stand = backing(answers)
    titles = [getattr(facts().sources[mark].title, say.language) for mark in stand.sources]
    kind = say(f"overdue.kind.{stand.kind}")
    certainty = say(f"overdue.certainty.{stand.certainty.lower()}")
    return say("budget_cuts.public.sources", kind=kind, certainty=certainty, titles=say.listed(titles))
