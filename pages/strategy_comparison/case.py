"""What the sections of the page start from: the household, its choices, and the ways that it can compare."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from core.decided import Decided
from core.household import HouseholdDocument, Lever, Offer, dump_household
from core.levers import FamilyLoan, NewLoan, reported_days, with_living_costs
from core.outcome import Outcome
from core.plan import Debt
from core.simulate import STRATEGIES
from core.today import followed
from core.ways import BEFORE, Proposal, Way, courses, proposals, spending, ways
from pages.shared import decisions, session
from pages.shared.inputs import plain
from pages.shared.kept import Kept
from pages.shared.words import Words

_proposals: Kept[tuple[Proposal, ...]] = Kept()
_ways: Kept[tuple[Way, ...]] = Kept()
_courses: Kept[tuple[Outcome, ...]] = Kept()


@dataclass(frozen=True)
class Case:
    """A household as this page looks at it.

    Attributes:
        document: With its plan rolled on to today.
        written: The document as text: the question that answers are kept by.
        found: What comes of its choices.
        outcomes: Of the plan with all that is chosen, a strategy each.
        proposals: Every option of somebody else that is not dropped.
        living_costs: What the slider asks for, fen; None: as the plan has it.
    """

    document: HouseholdDocument
    written: str
    found: Decided
    outcomes: Sequence[Outcome]
    proposals: tuple[Proposal, ...]
    living_costs: int | None = None

    @cached_property
    def followed(self) -> str | None:
        """The strategy that is followed: the household's own, else the best; None where there is no answer."""
        way = followed(self.outcomes, self.document.chosen)
        return None if way is None else way.strategy

    @property
    def options(self) -> dict[str, Lever | Offer]:
        """Every option of the document, by its id."""
        return {each.id: each for each in (*self.document.levers, *self.document.offers)}

    @property
    def new_loans(self) -> frozenset[str]:
        """Ids of debts that are only drawn tomorrow."""
        levers = [*self.found.levers.values(), *(each.lever for each in self.proposals)]
        return frozenset(lever.id for lever in levers if isinstance(lever, NewLoan | FamilyLoan))

    @property
    def open_debts(self) -> list[Debt]:
        """The debts of the recorded plan on which something is owed."""
        outcome = session.answers.ask(self.found.before, STRATEGIES[:1])[0]
        start = self.found.before.start
        cleared = {debt for debt, day in outcome.cleared.items() if day is not None and day <= start}
        return [debt for debt in self.found.before.debts if debt.id not in cleared]

    def ways(self, *, before: bool = False) -> tuple[Way, ...]:
        """Put the strategies and the proposals side by side."""
        costs = self.living_costs
        recorded = self.found.before if costs is None else with_living_costs(self.found.before, costs)
        return _ways.ask(
            (self.written, costs, before),
            lambda: ways(
                self.outcomes,
                self.found.outside,
                [spending(each, costs) for each in self.proposals],
                follow=self.document.chosen,
                before=recorded if before else None,
            ),
        )

    def courses(self, chosen: Sequence[Way]) -> dict[str, Outcome]:
        """Give the course of ways that are no strategies, by their keys: `ways` knows a few figures of them."""
        if not chosen:
            return {}
        keys = tuple(way.key for way in chosen)
        found = _courses.ask(
            (self.written, self.living_costs, keys), lambda: courses(chosen, reported_days(self.found.plan))
        )
        return dict(zip(keys, found, strict=True))

    def at(self, living_costs: int) -> "Case":
        """Give the case with other living costs a month, fen."""
        plan = with_living_costs(self.found.plan, living_costs)
        outcomes = session.answers.ask(plan, STRATEGIES)
        return replace(self, living_costs=living_costs, outcomes=outcomes)


def read() -> Case:
    """Read the open household; the engine must be ready."""
    document, found = session.household(), decisions.current()
    written = dump_household(document)
    return Case(
        document,
        written,
        found,
        session.answers.ask(found.plan, STRATEGIES),
        _proposals.ask(written, lambda: proposals(document, found)),
    )


def strategy_name(strategy: str, say: Words) -> str:
    """Name a strategy."""
    return say(f"strategy.{strategy}.name")


def option_name(option: Lever | Offer, say: Words) -> str:
    """Give the name of an option as the household has it; one that has none by its kind of thing."""
    return option.name or say("offer.unreadable")


def way_name(way: Way, case: Case, say: Words) -> str:
    """Name a way: a strategy, the time without what is chosen, or an option. A user's text is not escaped here."""
    if way.kind == "strategy":
        return strategy_name(way.key, say)
    return say("ways.before") if way.key == BEFORE else option_name(case.options[way.key], say)


def way_sentence_name(way: Way, case: Case, say: Words) -> str:
    """Name a way for a sentence in Markdown, an option with the strategy under which it stands."""
    name = plain(way_name(way, case, say))
    return name if way.kind == "strategy" else say("ways.option", name=name, strategy=strategy_name(way.strategy, say))
