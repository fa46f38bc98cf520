"""What the page asks of the core, kept by its question: a widget that moves does not reach the engine again."""

from dataclasses import dataclass

from core.aftermath import Known
from core.approach import Approach, Rule, approach, offers_by_debt, order_of, rules_for
from core.facts import facts
from core.household import HouseholdDocument
from core.lateness import Lateness
from core.plan import dump_plan
from core.simulate import STRATEGIES
from core.today import followed
from pages.overdue_cost import answers as late_answers
from pages.shared import decisions, session
from pages.shared.kept import Kept

_approaches: Kept[Approach] = Kept()


@dataclass(frozen=True)
class Lenders:
    """The debts that can be talked about.

    Attributes:
        late: What is owed, and since when.
        way: The strategy that the household follows.
        order: Ids of the debts on which something is owed, the most pressing first.
        offered: Ids of those with a chosen offer.
    """

    late: Lateness
    way: str
    order: tuple[str, ...]
    offered: frozenset[str]

    def days_late(self, debt_id: str) -> int:
        """Give the days that a debt is past due today."""
        return int(self.late.days_past_due[0, self.late.debts_of(debt_id)[0]])


@dataclass(frozen=True)
class Talk:
    """One debt with all that a script or a letter says of it.

    Attributes:
        document: The household.
        approach: Figures, and what to ask for.
        name: The debt's name, as the household typed it.
        rules: What can be leaned on.
    """

    document: HouseholdDocument
    approach: Approach
    name: str
    rules: tuple[Rule, ...]

    @property
    def known(self) -> Known:
        """What is known of the debt besides its terms."""
        return known_of(self.document, self.approach.debt)

    @property
    def lender(self) -> str:
        """The lender's full name; may be empty."""
        return self.document.details_of(self.approach.debt).lender


def known_of(document: HouseholdDocument, debt_id: str) -> Known:
    """Give what a household knows of a debt besides its terms."""
    details = document.details_of(debt_id)
    return Known(details.product, details.contract_date)


def lenders(document: HouseholdDocument) -> Lenders | None:
    """Give the debts that can be talked about; None where the engine has no answer. It must be ready."""
    plan = document.plan
    known = {each.debt: Known(each.product, each.contract_date) for each in document.debts}
    late = late_answers.course(plan, known)
    way = followed(session.answers.ask(plan, STRATEGIES), document.chosen)
    if late is None or way is None:
        return None
    offered = frozenset(offers_by_debt(decisions.current()))
    return Lenders(late.lateness, way.strategy, order_of(late.lateness, offered), offered)


def talk(document: HouseholdDocument, found: Lenders, debt_id: str) -> Talk:
    """Give what a lender is told and asked."""
    known = known_of(document, debt_id)
    # Not the whole household: a long log of calls has no part in it.
    asked = (dump_plan(document.plan), document.debts, document.levers, document.offers)
    answer = _approaches.ask(
        (asked, debt_id, found.way),
        lambda: approach(found.late, known, decisions.current(), debt_id, found.way),
    )
    return Talk(document, answer, found.late.names[debt_id], rules_for(document.plan, debt_id, known))


def loan_years() -> int:
    """Give the longest term of a consumer loan, in years, as it was last read."""
    known = facts()
    return known.as_read("rates.consumer_loan_term", known.read_on).whole
