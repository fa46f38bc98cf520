"""What all levers share: typed values, their flat form in a household document, and being pulled.

The values of a lever are those of a plan (`core.plan_values`) and are read, written and refused as there: an amount is
a decimal string in a document and fen here.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Annotated, Any, ClassVar, NamedTuple, Self, cast, get_args, get_origin, get_type_hints

from core.household_values import Param, Params, Single
from core.lever_problems import Refusal, moved
from core.plan import Debt, Income, OneOff, Plan, PlanError, checked
from core.plan_problems import Fault, Problem
from core.plan_values import LENGTHS, FileValue, as_list
from core.simulate import Scenario, simulate_days


@dataclass(frozen=True, kw_only=True)
class PlanLever:
    """Something that could be done: a function from a plan to a plan. It never changes the plan that it is given.

    Attributes:
        kind: Its name in a household document.
    """

    kind: ClassVar[str] = ""

    def change(self, plan: Plan) -> Plan:
        """Do it, without looking at values that a field can judge.

        Raises:
            Refusal: It cannot be done in this plan.
        """
        raise NotImplementedError

    def apply(self, plan: Plan, place: str = "lever") -> Plan:
        """Do it, and see to it that a valid plan comes out.

        Args:
            plan: Valid; not modified.
            place: Where the lever stands, as problems name it.

        Returns:
            A valid plan. Parts that the lever does not touch are the very objects of the plan given.

        Raises:
            PlanError: It cannot be done; every problem of its values is named, else what stands in its way.
        """
        return self.attempt(self.change, plan, place)

    def attempt(self, make: Callable[[Plan], Plan], plan: Plan, place: str) -> Plan:
        """Make a plan with the lever's values, and blame what goes wrong on its fields.

        Raises:
            PlanError: A value is wrong, `make` refuses, or what it makes is no valid plan.
        """
        problems = self._value_problems(place)
        if problems:
            raise PlanError(problems)
        try:
            made = make(plan)
        except Refusal as refusal:
            raise PlanError([refusal.at(place)]) from None
        try:
            checked(made)
        except PlanError as error:
            raise moved(error.problems, place, [field.name for field in fields(self)]) from None
        return made

    @property
    def outside(self) -> int:
        """What must be added to an outcome's `out_of_pocket` for this lever, fen.

        Money that a new lender hands over is paid on to old ones, and counts as paid there: it is taken off. What goes
        to somebody who is no lender is added.
        """
        return 0

    def to_params(self) -> Params:
        """Write the values as a household document has them, sorted by name; those that are None are left out."""
        return tuple(sorted((name, value) for name, value in self._written().items() if value is not None))

    @classmethod
    def from_params(cls, params: Mapping[str, Param] | Params, place: str = "lever") -> Self:
        """Read a lever from its parameters.

        Raises:
            PlanError: Something is wrong with them; every problem is named.
        """
        given = dict(params)
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        codecs = _codecs(cls)
        for name, value in given.items():
            if name not in codecs:
                problems.append(Refusal(name, "field.unknown", known=list(codecs)).at(place))
            elif value is not None:
                try:
                    values[name] = codecs[name].read(value)
                except Fault as fault:
                    problems.append(Refusal(name, fault.code, **fault.values).at(place))
        missing = [name for name, codec in codecs.items() if codec.needed and given.get(name) is None]
        problems += [Refusal(name, "field.missing").at(place) for name in missing]
        if problems:
            raise PlanError(problems)
        return cls(**values)

    def _written(self) -> dict[str, Param]:
        return {name: codec.write(getattr(self, name)) for name, codec in _codecs(type(self)).items()}

    def _value_problems(self, place: str) -> list[Problem]:
        """Judge values that were built in Python by writing them and reading them again."""
        problems: list[Problem] = []
        codecs = _codecs(type(self))
        for name, value in self._written().items():
            try:
                if value is not None or codecs[name].needed:
                    codecs[name].read(value)
            except Fault as fault:
                problems.append(Refusal(name, fault.code, **fault.values).at(place))
        return problems


class _Codec(NamedTuple):
    """How one value stands in a household document."""

    value: FileValue[Any]
    many: bool
    needed: bool

    def read(self, found: Param) -> object:
        if not self.many:
            return self.value.read(found)
        entries = as_list(found)
        if entries is None:
            raise Fault("list.type", found=found)
        return tuple(self.value.read(entry) for entry in entries)

    def write(self, held: object) -> Param:
        if self.many:
            return tuple(self._single(entry) for entry in cast("tuple[object, ...]", held))
        return self._single(held)

    def _single(self, held: object) -> Single:
        return cast(Single, held if held is None or self.value.write is None else self.value.write(held))


@cache
def _codecs(lever: type[PlanLever]) -> dict[str, _Codec]:
    hints = get_type_hints(lever, include_extras=True)
    return {field.name: _codec(hints[field.name], field.default is MISSING) for field in fields(lever)}


def _codec(hint: Any, needed: bool) -> _Codec:
    single = get_origin(hint) is Annotated
    value: Any = hint if single else get_args(hint)[0]  # of `Day | None` and of `tuple[Id, ...]`
    return _Codec(value.__metadata__[0], get_origin(hint) is tuple, needed)


# -- what levers do to a plan


def with_one_offs(plan: Plan, *added: OneOff) -> Plan:
    """Add one-offs after those that the plan has."""
    household = plan.household
    every = (*household.one_offs, *added)
    high = LENGTHS["one_offs"][1]
    if len(every) > high:
        raise Refusal(None, "limit.one_offs", count=len(every), high=high)
    return plan.model_copy(update={"household": household.model_copy(update={"one_offs": every})})


def with_income(plan: Plan, income: Income) -> Plan:
    """Add an income after those that the plan has."""
    household = plan.household
    high = LENGTHS["incomes"][1]
    if len(household.incomes) >= high:
        raise Refusal(None, "limit.incomes", high=high)
    return plan.model_copy(update={"household": household.model_copy(update={"incomes": (*household.incomes, income)})})


def with_debt(plan: Plan, debt: Debt) -> Plan:
    """Add a debt after those that the plan has."""
    high = LENGTHS["debts"][1]
    if any(each.id == debt.id for each in plan.debts):
        raise Refusal("id", "id.taken", found=debt.id)
    if len(plan.debts) >= high:
        raise Refusal(None, "limit.debts", high=high)
    return plan.model_copy(update={"debts": (*plan.debts, debt)})


def open_debt(plan: Plan, debt_id: str, field: str) -> int:
    """Give the position of a debt on which something is owed at the end of `plan.start`.

    Raises:
        Refusal: The plan has no such debt, or it is paid off.
    """
    place = next((k for k, debt in enumerate(plan.debts) if debt.id == debt_id), None)
    if place is None:
        raise Refusal(field, "for.nobody", found=debt_id)
    short = plan.model_copy(update={"horizon_months": 1})
    outcome = simulate_days([Scenario(short, "stop")], [plan.start])[0]
    if outcome.refused is None and outcome.error is None:
        day = outcome.cleared[debt_id]
        if day is not None and day <= plan.start:
            raise Refusal(field, "debt.cleared", found=debt_id)
    return place
