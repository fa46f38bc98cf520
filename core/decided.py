"""The plan with all that a household has chosen, also where some of it cannot be done any longer.

A lever that was chosen may be overtaken by time: its day is past, its debt is paid off. It is then left out, what
stands in its way is told, and everything else is done; the document keeps it as it is.
"""

import re
from dataclasses import dataclass

from core.household_models import HouseholdDocument, Lever, Offer
from core.lever_base import PlanLever
from core.levers import apply_all, lever_from, outside
from core.plan import Plan, PlanError
from core.plan_problems import Problem

_PLACE = re.compile(r"(?:levers|offers)\[\d+\]")


@dataclass(frozen=True)
class Decided:
    """What comes of a household's choices.

    Attributes:
        before: The plan as it is recorded.
        plan: The plan with the levers.
        levers: Those that are done, by the id of their option.
        problems: Why others are not, by the id of their option.
    """

    before: Plan
    plan: Plan
    levers: dict[str, PlanLever]
    problems: dict[str, tuple[Problem, ...]]

    @property
    def outside(self) -> int:
        """What must be added to `out_of_pocket` so that the two plans compare, fen (`core.levers.outside`)."""
        return outside(list(self.levers.values()))


def decided(document: HouseholdDocument) -> Decided:
    """Pull every chosen lever and offer of a document that can be pulled; the document is not modified."""
    options: dict[str, Lever | Offer] = {f"levers[{k}]": each for k, each in enumerate(document.levers)}
    options |= {f"offers[{k}]": each for k, each in enumerate(document.offers)}
    levers: dict[str, PlanLever] = {}
    problems: dict[str, tuple[Problem, ...]] = {}
    for place, option in options.items():
        if option.state == "chosen":
            try:
                levers[place] = lever_from(option.kind, option.params, f"{place}.params")
            except PlanError as error:
                problems[option.id] = tuple(error.problems)
    plan = document.plan
    while levers:
        try:
            plan = apply_all(document.plan, list(levers.values()), list(levers))
            break
        except PlanError as error:
            for place, found in _by_place(error.problems, list(levers)).items():
                problems[options[place].id] = tuple(found)
                del levers[place]
    names = {place: option.name or option.kind for place, option in options.items()}
    told = {option_id: tuple(_named(each, names) for each in found) for option_id, found in problems.items()}
    return Decided(document.plan, plan, {options[place].id: lever for place, lever in levers.items()}, told)


def _named(problem: Problem, names: dict[str, str]) -> Problem:
    """Call other options by their names, as a reader knows them, where a sentence has their places."""

    def name(found: re.Match[str]) -> str:
        return f"“{names.get(found[0], found[0])}”"

    return Problem(problem.place, problem.code, _PLACE.sub(name, problem.zh), _PLACE.sub(name, problem.en))


def _by_place(problems: list[Problem] | tuple[Problem, ...], places: list[str]) -> dict[str, list[Problem]]:
    """Sort problems by the lever that they blame; what blames none of them blames the last one."""
    found: dict[str, list[Problem]] = {}
    for each in problems:
        match = _PLACE.match(each.place)
        place = match[0] if match and match[0] in places else places[-1]
        found.setdefault(place, []).append(each)
    return found
