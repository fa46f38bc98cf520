"""What can be wrong with a lever, and how it is said. Codes that plans have too are worded in `core.plan_problems`."""

from collections.abc import Sequence

from core.plan_findings import plan_error
from core.plan_problems import MESSAGES as PLAN_MESSAGES
from core.plan_problems import Finding, PlanError, Problem, shown

MESSAGES: dict[str, tuple[str, str]] = {
    "lever.kind": (
        "没有 {found} 这种办法；可用的有：{known}。",
        "there is no lever of the kind {found}; expected one of {known}.",
    ),
    "lever.early": (
        "写的是 {found}；应晚于今天（{start}），过去的日子已经改变不了。",
        "found {found}; expected a day after today ({start}): what is past cannot be changed.",
    ),
    "lever.month_early": (
        "写的是 {found}；应是 {first} 或更晚，之前的发薪日已经过去。",
        "found {found}; expected {first} or later: earlier paydays are over.",
    ),
    "debt.cleared": (
        "{found} 已经还清，这个办法对它没有作用；请选一笔还有欠款的债务。",
        "{found} is paid off already, so this would do nothing; expected a debt on which something is owed.",
    ),
    "cut.nobody": (
        "计划里没有名为 {found} 的开支；应是一项现有开支的名称。",
        "the plan has no expense named {found}; expected the name of one that it has.",
    ),
    "cut.less": (
        "写的是 {found}，这项开支已经减了 {now}；应减得更多。",
        "found {found}, and {now} of this expense is cut already; expected a larger share.",
    ),
    "budget.twice": (
        "{first} 已经定了每月还款预算；只能选其中一个。",
        "{first} sets a monthly budget already; expected only one of them.",
    ),
    "budget.and_cut": (
        "{first} 已把全部收支合成每月一笔预算，减少开支要算在那笔预算里；请去掉其中一个。",
        "{first} puts one monthly budget in place of all income and expenses, so a cut belongs in its amount; "
        "expected only one of the two.",
    ),
    "offer.twice": (
        "{first} 已是同一笔债务的协商方案，两个方案互相矛盾；请只选一个，已谈成的请写进计划。",
        "{first} is an offer for the same debt, and the two contradict each other; expected one of them, or the one "
        "that is agreed written into the plan.",
    ),
    "offer.same_day": (
        "计划里这笔债务在 {found} 已有一项变更；应换一天，或先改那项变更。",
        "the plan has a change of this debt on {found} already; expected another day, or that change altered first.",
    ),
    "offer.replaced": (
        "{first} 会用新贷款还清这笔债务，方案就没有对象了；请只选一个。",
        "{first} pays this debt off with a new loan, which leaves nothing to agree on; expected only one of the two.",
    ),
    "offer.card_long": (
        "写的是 {found} 期；信用卡个性化分期最多 {limit} 期。",
        "found {found} instalments; a card's re-plan has at most {limit}.",
    ),
    "loan.small": (
        "到手 {net} 元，而要还清的旧债共 {payoff} 元，还差 {short} 元；请少还几笔，或看清这笔贷款不够。",
        "it brings {net} yuan, and what it is to pay off comes to {payoff}: {short} too little; expected fewer debts, "
        "or a larger loan.",
    ),
    "loan.fee": (
        "写的是 {found}；应小于贷款金额 {amount}。",
        "found {found}; expected less than the loan, {amount}.",
    ),
    "loan.twice": (
        "写了不止一次 {found}；每笔旧债只能还一次。",
        "{found} is named more than once; expected each debt once.",
    ),
    "loan.no_prepayment": (
        "{found} 不允许提前还清；新贷款还不掉它，请去掉这一笔。",
        "{found} does not allow prepayment, so a loan cannot pay it off; expected without it.",
    ),
    "id.taken": (
        "{found} 已是计划里一笔债务的 id；新债务应有自己的 id。",
        "{found} is the id of a debt in the plan already; expected an id of its own.",
    ),
    "limit.debts": (
        "计划已有 {high} 笔债务，再多就放不下；请先删去已还清的。",
        "the plan has {high} debts, as many as it may; expected one that is paid off deleted first.",
    ),
    "limit.incomes": (
        "计划已有 {high} 项收入，再多就放不下；请先合并几项。",
        "the plan has {high} incomes, as many as it may; expected some of them put together first.",
    ),
    "limit.one_offs": (
        "这样会有 {count} 笔一次性收支，最多 {high} 笔；请缩短时间或先删去一些。",
        "this would make {count} one-offs, and {high} are allowed; expected a shorter time, or some deleted first.",
    ),
    "limit.changes": (
        "这笔债务已有 {high} 项变更，再多就放不下。",
        "this debt has {high} changes, as many as it may; expected fewer.",
    ),
    "free_by.window": (
        "写的是 {found}；应在 {first} 到 {last} 之间。",
        "found {found}; expected from {first} to {last}.",
    ),
    "paid.refused": (
        "已记录的这笔还款比这笔债务能收的多；请先核对它。",
        "this recorded payment is more than its debt can take; expected it checked first.",
    ),
    "debt.outgrown": (
        "{found} 会涨到无法计算的数；请先核对它的利率和余额。",
        "{found} grows beyond what can be calculated; expected its rates and balance checked first.",
    ),
}
"""Code to sentence: Chinese, English."""


class Refusal(ValueError):
    """A lever cannot be pulled: which of its fields is to blame (None: the lever as a whole), and why."""

    def __init__(self, field: str | None, code: str, **values: object) -> None:
        """Name the field, the code and what its sentence fills in."""
        super().__init__(code)
        self.field = field
        self.code = code
        self.values = values

    def at(self, place: str) -> Problem:
        """Put it into words, the lever standing at a place such as `levers[2]`."""
        return worded(place if self.field is None else f"{place}.{self.field}", self.code, self.values)


def worded(place: str, code: str, values: dict[str, object]) -> Problem:
    """Put a problem of a lever or of one of its values into words."""
    if code in PLAN_MESSAGES:
        told = plan_error([Finding((place.rpartition(".")[2],), code, values)]).problems[0]
        return Problem(place, told.code, told.zh, told.en)
    filled = {name: shown(value) if name == "found" else value for name, value in values.items()}
    zh, en = MESSAGES[code]
    return Problem(place, code, zh.format(**filled), en.format(**filled))


def refused(place: str, code: str, **values: object) -> PlanError:
    """Make the error of one problem."""
    return PlanError([worded(place, code, values)])


def moved(problems: Sequence[Problem], place: str, fields: Sequence[str]) -> PlanError:
    """Blame a lever for what is wrong with the plan that it makes: its field of the same name, or all of it."""
    told: list[Problem] = []
    for each in problems:
        field = each.place.rpartition(".")[2]
        told.append(Problem(f"{place}.{field}" if field in fields else place, each.code, each.zh, each.en))
    return PlanError(told)
