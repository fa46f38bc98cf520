"""What can be wrong with a plan file, and how it is said in Chinese and in English.

One sentence a code: what was found, and what is expected. The place stands beside it, in `Problem.place`.
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

SHOWN_CHARACTERS = 40
"""As much of a file's own text is repeated in a message, so that no message grows with the file."""

PROBLEMS_SHOWN = 100
"""As many problems of one file are listed; one more line then counts the rest."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a plan.

    Attributes:
        place: Path of the value in the file, such as `debts[2].due_day`; `file` for the file as a whole,
            `file:3:7` for line 3, column 7.
        code: Stable name of what is wrong, a key of `MESSAGES`.
        zh: What is wrong and what is expected, in Chinese.
        en: The same in English.
    """

    place: str
    code: str
    zh: str
    en: str

    def __str__(self) -> str:
        """Write place and sentence in both languages on one line."""
        return f"{self.place}: {self.zh} · {self.en}"


class PlanError(ValueError):
    """A plan cannot be used; `problems` says everything that is wrong with it, in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Carry the problems; at least one."""
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[type["PlanError"], tuple[tuple[Problem, ...]]]:
        """Pickle by the problems: the text alone could not rebuild them."""
        return PlanError, (self.problems,)


class Fault(ValueError):
    """What is wrong with a single value, before anyone knows where it stands."""

    def __init__(self, code: str, **values: object) -> None:
        """Name the code and what its sentence fills in."""
        super().__init__(code)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        """Say in English what is wrong, for whoever builds a model in Python."""
        return problem("value", self.code, **self.values).en


_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")

Path = tuple[str | int, ...]
"""Fields and list positions that lead to a value, such as `("debts", 2, "due_day")`."""


class Finding(NamedTuple):
    """A problem before it is put into words: where, which, and what its sentence fills in."""

    path: Path
    code: str
    values: dict[str, object]


@dataclass(frozen=True)
class Numeral:
    """A number in a file that is no whole number of ordinary size: `1e5`, `0.5`, `NaN`. No field takes one."""

    text: str


MESSAGES: dict[str, tuple[str, str]] = {
    "file.unreadable": (
        "打不开或读不了这个文件（{found}）；请给出一个可读取的计划文件。",
        "this file cannot be opened or read ({found}); expected a readable plan file.",
    ),
    "file.size": (
        "文件超过 {limit:,} 字节；计划文件不得超过这个大小。",
        "the file is larger than {limit:,} bytes; a plan file is at most that large.",
    ),
    "file.utf8": (
        "第 {byte:,} 个字节不是 UTF-8 编码；请把文件存为 UTF-8。",
        "byte {byte:,} is not UTF-8; expected a file saved as UTF-8.",
    ),
    "file.more": (
        "还有 {count:,} 处问题没有列出；请先改正上面这些。",
        "{count:,} more problems are not listed; correct those above first.",
    ),
    "json.syntax": (
        "这里不是正确的 JSON；应是一个 JSON 对象，请检查括号、引号和逗号。",
        "this is not JSON; expected one JSON object, so check brackets, quotes and commas.",
    ),
    "json.depth": (
        "JSON 嵌套太深；计划文件只有几层，请检查括号。",
        "the JSON is nested too deeply; a plan has a few levels only, so check the brackets.",
    ),
    "json.key_twice": (
        "同一个字段写了不止一次；每个字段只能写一次。",
        "the same field is written more than once; expected once.",
    ),
    "object.type": (
        "写的是 {found}；这里应是一个对象 {{…}}。",
        "found {found}; expected an object {{…}}.",
    ),
    "list.type": (
        "写的是 {found}；这里应是一个列表 […]。",
        "found {found}; expected a list […].",
    ),
    "list.length": (
        "有 {count:,} 项；应为 {low:,} 到 {high:,} 项。",
        "it has {count:,} entries; expected {low:,} to {high:,}.",
    ),
    "field.missing": (
        "缺少这个字段；它是必填的。",
        "this field is missing; it is needed.",
    ),
    "field.unknown": (
        "没有这个字段；这里可用的字段是：{known}。",
        "no such field; the fields known here are {known}.",
    ),
    "field.misspelt": (
        "没有这个字段；应该是“{near}”吗？",
        'no such field; perhaps "{near}" is meant.',
    ),
    "field.other_kind": (
        "这是 {other} 类债务的字段，这笔债务是 {kind}；请删去它，或改正 kind。",
        "this is a field of {other} debts and this debt is {kind}; expected without it, or another kind.",
    ),
    "field.other_method": (
        "这个字段只用于 flat_fee，这笔债务的 method 是 {method}；请删去它，或改正 method。",
        "this field is for flat_fee only and the method here is {method}; expected without it, or another method.",
    ),
    "amount.type": (
        '写的是 {found}；金额应是带引号的字符串，例如 "1234.50"。',
        'found {found}; an amount is a string in quotes, such as "1234.50".',
    ),
    "amount.form": (
        '写的是 {found}；金额应只含半角数字、最多两位小数，例如 "1234.50"。',
        'found {found}; an amount has plain digits and at most 2 decimals, such as "1234.50".',
    ),
    "amount.range": (
        "写的是 {found}；应在 {low} 到 {high} 元之间。",
        "found {found}; expected from {low} to {high} yuan.",
    ),
    "rate.type": (
        '写的是 {found}；利率、比例应是带引号的小数字符串，例如 "0.0005"。',
        'found {found}; a rate or share is a decimal string in quotes, such as "0.0005".',
    ),
    "rate.form": (
        '写的是 {found}；应只含半角数字、最多 {places} 位小数，例如 "0.05"。',
        'found {found}; expected plain digits and at most {places} decimals, such as "0.05".',
    ),
    "rate.range": (
        "写的是 {found}；应在 0 到 {high} 之间。",
        "found {found}; expected from 0 to {high}.",
    ),
    "whole.type": (
        "写的是 {found}；应是 {low} 到 {high} 的整数，不带引号和小数点。",
        "found {found}; expected a whole number from {low} to {high}, without quotes or a point.",
    ),
    "whole.range": (
        "写的是 {found}；应是 {low} 到 {high} 的整数。",
        "found {found}; expected a whole number from {low} to {high}.",
    ),
    "date.form": (
        '写的是 {found}；日期应写成 "2026-11-01" 这样的字符串。',
        'found {found}; a date is a string such as "2026-11-01".',
    ),
    "date.no_such_day": (
        "写的是 {found}，没有这一天；应是真实存在的日期。",
        "found {found}, and there is no such day; expected a day that exists.",
    ),
    "date.early": (
        "写的是 {found}；不应早于 {earliest}。",
        "found {found}; expected {earliest} or later.",
    ),
    "month.form": (
        '写的是 {found}；月份应写成 "2026-11" 这样的字符串。',
        'found {found}; a month is a string such as "2026-11".',
    ),
    "text.type": (
        "写的是 {found}；应是带引号的文字。",
        "found {found}; expected text in quotes.",
    ),
    "text.empty": (
        "是空的；应至少有一个看得见的字。",
        "it is empty; expected at least one visible character.",
    ),
    "text.long": (
        "有 {count:,} 个字；最多 {limit} 个。",
        "it has {count:,} characters; expected at most {limit}.",
    ),
    "text.character": (
        "含有不能显示的字符 {found}；应只有普通文字，不换行。",
        "it holds a character that cannot be shown, {found}; expected plain text on one line.",
    ),
    "flag.type": (
        "写的是 {found}；应是 true 或 false，不带引号。",
        "found {found}; expected true or false, without quotes.",
    ),
    "choice.unknown": (
        "写的是 {found}；应是其中之一：{choices}。",
        "found {found}; expected one of {choices}.",
    ),
    "schema.unknown": (
        "写的是 {found}，本程序不认识这种文件；应是 {choices}。",
        "found {found}, a kind of file that is not known here; expected {choices}.",
    ),
    "id.twice": (
        "{found} 已是 {first} 的 id；每笔债务的 id 应各不相同。",
        "{found} is the id of {first} already; expected a different id for each debt.",
    ),
    "rate.both": (
        "daily_rate 和 annual_rate 都写了；应只写其中一个。",
        "daily_rate and annual_rate are both given; expected only one of them.",
    ),
    "rate.none": (
        "没有利率；应写 daily_rate 或 annual_rate 其中一个（免息写 0）。",
        'it has no rate; expected either daily_rate or annual_rate ("0" where there is none).',
    ),
    "rate.day_count": (
        "没有 annual_rate 却写了 day_count；day_count 应与 annual_rate 一起写。",
        "day_count is given without annual_rate; expected only together with it.",
    ),
    "penalty.both": (
        "penalty_multiplier 和 penalty_daily_rate 都写了；应最多写其中一个。",
        "penalty_multiplier and penalty_daily_rate are both given; expected one of them at most.",
    ),
    "instalments.none": (
        "还有未到期本金，剩余期数却是 0；应为 1 到 {high}。",
        "principal is left but no instalments are; expected 1 to {high}.",
    ),
    "accrued.both": (
        "accrued 和 interest_from 都写了；应最多写其中一个。",
        "accrued and interest_from are both given; expected one of them at most.",
    ),
    "accrued.flat_fee": (
        "flat_fee 的本金不计息；不应写这个字段。",
        "principal under flat_fee bears no interest; expected without this field.",
    ),
    "accrued.needed": (
        "bullet 没有默认的计息起点；应写 accrued 或 interest_from 其中一个。",
        "bullet has no default for what has accrued; expected either accrued or interest_from.",
    ),
    "accrued.no_instalments": (
        "写的是 {found}，剩余期数却是 0；没有剩余期数时应为 0。",
        "found {found} while no instalments are left; expected 0 then.",
    ),
    "interest_from.late": (
        "写的是 {found}；不应晚于 as_of（{as_of}）。",
        "found {found}; expected as_of ({as_of}) or earlier.",
    ),
    "bill.late": (
        "写的是 {found}；账单不应晚于 as_of（{as_of}）。",
        "found {found}; expected a bill due on as_of ({as_of}) or earlier.",
    ),
    "statement.late": (
        "写的是 {found}；不应晚于 as_of（{as_of}）之后 {days} 天。",
        "found {found}; expected at most {days} days after as_of ({as_of}).",
    ),
    "statements.sum": (
        "未还的最低还款额合计 {found}；不应超过余额加费用 {limit}。",
        "the unpaid minimums come to {found}; expected at most balance and fees, {limit}.",
    ),
    "date.order": (
        "写的是 {found}，早于上一项的 {before}；应按日期从早到晚排列。",
        "found {found}, before {before} of the entry above; expected the earliest first.",
    ),
    "until.early": (
        "写的是 {found}，早于 from（{start}）；应是同月或更晚。",
        "found {found}, before from ({start}); expected the same month or a later one.",
    ),
    "change.early": (
        "写的是 {found}；变更应晚于 as_of（{as_of}）。",
        "found {found}; expected a change after as_of ({as_of}).",
    ),
    "change.order": (
        "写的是 {found}；应晚于上一项变更（{before}）。",
        "found {found}; expected a day after the change before it ({before}).",
    ),
    "first_due.window": (
        "写的是 {found}；应晚于变更日 {change}，且不超过其后 {days} 天。",
        "found {found}; expected after the change ({change}) and at most {days} days after it.",
    ),
    "first_due.day": (
        "写的是 {found}；应落在还款日，每月 {due_day} 日（月份没有这一天时为月末），即 {expected}。",
        "found {found}; expected the due day in force, day {due_day} of a month or its last day: {expected}.",
    ),
    "for.nobody": (
        "写的是 {found}，没有这个 id 的债务；应是某笔债务的 id。",
        "found {found}, which is the id of no debt; expected the id of one.",
    ),
    "for.amount": (
        "写的是 {found}；指定给某笔债务的款项应大于 0。",
        "found {found}; what goes to one debt is expected to be above 0.",
    ),
    "today.window": (
        "写的是 {found}；应在 as_of（{as_of}）到其后 {days} 天之间。",
        "found {found}; expected from as_of ({as_of}) to {days} days after it.",
    ),
    "horizon.late": (
        "从 {start} 起算 {months} 个月超过了 {latest} 年；计算期应在此之前结束。",
        "{months} months from {start} pass the year {latest}; expected an earlier end.",
    ),
    "paid.window": (
        "写的是 {found}；应晚于 as_of（{as_of}）且不晚于 today（{today}）。",
        "found {found}; expected after as_of ({as_of}) and not after today ({today}).",
    ),
}
"""Code to sentence: Chinese, English. Placeholders are filled by `problem`."""


def problem(place: str, code: str, **values: object) -> Problem:
    """Write the problem of a code at a place.

    Args:
        place: Path of the value, such as `debts[2].due_day`.
        code: A key of `MESSAGES`.
        **values: What its sentences fill in. `found` may be any value of a file; it is shortened and escaped.

    Returns:
        The problem, with its sentence in both languages.
    """
    if "found" in values:
        values["found"] = shown(values["found"])
    zh, en = MESSAGES[code]
    return Problem(place, code, zh.format(**values), en.format(**values))


def place_of(path: Path) -> str:
    """Write the path of a value as messages name it.

    >>> place_of(("debts", 2, "due_day")), place_of(("household", "pay day")), place_of(())
    ('debts[2].due_day', 'household["pay day"]', 'file')
    """
    return "".join(map(_step, path)).removeprefix(".") or "file"


def _step(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    return f".{part}" if _FIELD_NAME.fullmatch(part) else f'["{printable(part)}"]'


def shown(value: object) -> str:
    """Write a value of a file as a message may repeat it: as JSON has it, short, nothing invisible.

    >>> shown("a\\nb"), shown(None), shown([1, 2]), shown(12)
    ('"a\\\\nb"', 'null', '[…]', '12')
    """
    if isinstance(value, str):
        return f'"{printable(value)}"'
    if isinstance(value, Numeral):
        return printable(value.text)
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, int) and value.bit_length() > 4 * SHOWN_CHARACTERS:
        return "-…" if value < 0 else "…"  # Python refuses to write out a number of thousands of digits
    if isinstance(value, list | tuple):
        return "[…]"
    if isinstance(value, dict):
        return "{…}"
    return printable(str(value))


def printable(text: str) -> str:
    """Cut a text to `SHOWN_CHARACTERS` and escape what would not show, half characters and marks included."""
    cut = text[: SHOWN_CHARACTERS + 1]
    escaped = "".join(character if is_plain(character) else ascii(character)[1:-1] for character in cut)
    return escaped if len(escaped) <= SHOWN_CHARACTERS else escaped[:SHOWN_CHARACTERS] + "…"


def is_plain(character: str) -> bool:
    """Say whether a character may stand in a name: no control, no line break, no half of a pair."""
    return unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")


def is_visible(character: str) -> bool:
    """Say whether a plain character shows anything: no blank of any width, no joiner or mark of direction."""
    return unicodedata.category(character) not in ("Cf", "Zs")
