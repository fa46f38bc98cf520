"""The ways that a household can compare: the six strategies, and what lenders, family or others propose on top.

A way is a plan and a strategy with their outcome. Ways with different levers are held against each other by what leaves
the household's pocket, paid or still owed at the end, put right by `core.levers.outside` (CALCULATION.md §6 and §7).
No words here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from core.decided import Decided
from core.household_models import HouseholdDocument, Lever, Offer
from core.lever_base import PlanLever
from core.lever_effects import Weighing, weigh
from core.lever_loans import FamilyLoan, NewLoan
from core.lever_money import FamilyGift, FamilyMonthly, ServiceFee
from core.lever_offers import LenderOffer
from core.lever_readings import with_living_costs
from core.levers import apply_all, lever_from, outside
from core.outcome import Outcome, best
from core.plan import Plan, PlanError
from core.plan_problems import Problem
from core.simulate import STRATEGIES, Scenario, simulate, simulate_days

PROPOSED: tuple[type[PlanLever], ...] = (LenderOffer, NewLoan, FamilyGift, FamilyMonthly, FamilyLoan, ServiceFee)
"""The levers that somebody else has to propose or to grant: each one that is considered is a way of its own."""

BEFORE = "before"
"""The key of the way without anything that is chosen."""

_KINDS = {lever.kind for lever in PROPOSED}
_THREADS = 2

WayKind = Literal["strategy", "before", "option"]


@dataclass(frozen=True)
class Proposal:
    """An option of a household, as it would change the plan.

    Attributes:
        option: As the document keeps it.
        lever: What it does; None where its parameters cannot be read.
        plan: The plan with all that is chosen and with it; None where it cannot be done.
        outside: What must be added to that plan's `out_of_pocket`, fen.
        problems: Why it cannot be done; the names of options stand for their places.
    """

    option: Lever | Offer
    lever: PlanLever | None
    plan: Plan | None
    outside: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Way:
    """A way that can be compared.

    Attributes:
        key: A strategy, `BEFORE`, or the id of an option.
        kind: Which of the three.
        outcome: Its plan, its strategy, and what comes of them.
        outside: What must be added to the outcome's `out_of_pocket`, fen.
    """

    key: str
    kind: WayKind
    outcome: Outcome
    outside: int

    @property
    def strategy(self) -> str:
        """How the budget is used."""
        return self.outcome.strategy

    @property
    def plan(self) -> Plan:
        """The plan that is followed."""
        return self.outcome.plan

    @property
    def paid(self) -> int:
        """What leaves the household's own pocket, fen: without money that a new lender pays on to old ones."""
        return self.outcome.total_paid + self.outside

    @property
    def able(self) -> bool:
        """Whether there is an answer."""
        return self.outcome.error is None and self.outcome.refused is None


def is_proposed(option: Lever | Offer) -> bool:
    """Say whether an option is something that somebody else proposes or grants."""
    return option.kind in _KINDS


def proposals(document: HouseholdDocument, found: Decided) -> tuple[Proposal, ...]:
    """Try every such option that is not dropped, in the order of the document.

    What is considered stands on top of all that is chosen; what is chosen is in that plan already.

    Args:
        document: Not modified.
        found: What comes of its choices.
    """
    names = {each.id: each.name or each.kind for each in (*document.levers, *document.offers)}
    options = [each for each in (*document.levers, *document.offers) if is_proposed(each) and each.state != "dropped"]
    return tuple(_proposal(option, found, names) for option in options)


def _proposal(option: Lever | Offer, found: Decided, names: dict[str, str]) -> Proposal:
    try:
        lever = lever_from(option.kind, option.params, names[option.id])
    except PlanError as error:
        return Proposal(option, None, None, 0, error.problems)
    if option.state == "chosen":
        problems = found.problems.get(option.id, ())
        return Proposal(option, lever, None if problems else found.plan, found.outside, problems)
    levers = {**found.levers, option.id: lever}
    try:
        plan = apply_all(found.before, list(levers.values()), [names[key] for key in levers])
    except PlanError as error:
        return Proposal(option, lever, None, 0, error.problems)
    return Proposal(option, lever, plan, outside(list(levers.values())), ())


def spending(proposal: Proposal, living_costs: int | None) -> Proposal:
    """Give a proposal with other living costs a month, fen; None: as the plan has them."""
    if living_costs is None or proposal.plan is None:
        return proposal
    return replace(proposal, plan=with_living_costs(proposal.plan, living_costs))


def ways(
    outcomes: Sequence[Outcome],
    put_right: int,
    proposed: Sequence[Proposal],
    *,
    follow: str | None,
    before: Plan | None = None,
) -> tuple[Way, ...]:
    """Put the strategies and the proposals side by side; all that is not answered yet is worked out in one batch.

    Args:
        outcomes: Of the plan with all that is chosen, a strategy each.
        put_right: What must be added to their `out_of_pocket`, fen.
        proposed: Those that cannot be done, and those that are chosen already, are no ways of their own.
        follow: The strategy of the proposals; None: of each the best one.
        before: The plan without anything that is chosen; None: not looked at.

    Returns:
        The strategies in their order, then `BEFORE`, then the proposals in theirs.
    """
    found = [Way(outcome.strategy, "strategy", outcome, put_right) for outcome in outcomes]
    asked: list[tuple[str, WayKind, Plan, int]] = [] if before is None else [(BEFORE, "before", before, 0)]
    for each in proposed:
        if each.plan is not None and each.option.state == "considered":
            asked.append((each.option.id, "option", each.plan, each.outside))
    strategies = STRATEGIES if follow is None else (follow,)
    scenarios = [Scenario(plan, strategy) for _, _, plan, _ in asked for strategy in strategies]
    answers: Sequence[Outcome] = simulate(scenarios, output="summary", threads=_THREADS) if scenarios else []
    for k, (key, kind, _, added) in enumerate(asked):
        mine = answers[k * len(strategies) : (k + 1) * len(strategies)]
        able = [outcome for outcome in mine if outcome.error is None and outcome.refused is None]
        found.append(Way(key, kind, able[best(able)] if able else mine[0], added))
    return tuple(found)


def courses(chosen: Sequence[Way], days: Sequence[date]) -> tuple[Outcome, ...]:
    """Give ways again, in one batch, with their totals on given days: `ways` asks for no more than a few figures."""
    return tuple(simulate_days([Scenario(way.plan, way.strategy) for way in chosen], days, output="lines"))


def weighed(found: Decided, proposal: Proposal, strategy: str) -> Weighing:
    """Hold the plan with a proposal against the same plan without it, all else that is chosen being done in both.

    Raises:
        PlanError: It cannot be done, or a plan has no answer.
    """
    if proposal.lever is None:
        raise PlanError(proposal.problems)
    others = [lever for key, lever in found.levers.items() if key != proposal.option.id]
    return weigh(apply_all(found.before, others), [proposal.lever], strategy)


def chosen_as_ours(document: HouseholdDocument, way: Way) -> HouseholdDocument:
    """Give the document in which a way is the household's own: its strategy, and its option chosen."""

    def ours(option: Lever | Offer) -> Lever | Offer:
        return option.model_copy(update={"state": "chosen"}) if option.id == way.key else option

    update: dict[str, object] = {"chosen": way.strategy}
    if way.kind == "option":
        update["levers"] = tuple(ours(each) for each in document.levers)
        update["offers"] = tuple(ours(each) for each in document.offers)
    return document.model_copy(update=update)
