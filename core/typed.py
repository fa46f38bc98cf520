"""Numbers as people write and paste them: full-width digits, currency signs, thousands separators, percent signs.

A file is written by programs and read strictly (`core.plan_values`); here a person typed. What is plainly meant is
taken, and what is not is never guessed at.
"""

import re
import unicodedata
from decimal import Decimal

from core.money import parse_amount
from core.plan_values import AMOUNT_MAX

TYPED_MAX = 40
"""Longer than any number that a person means."""

_WAN = 10_000
_CURRENCY = re.compile(r"(?:rmb|cny|¥|元|块|圆|人民币)", re.IGNORECASE)
_BLANK = re.compile(r"[\s'’_]")
_NUMBER = re.compile(r"(-?)(\d+|\d{1,3}(?:,\d{3})+)?(?:\.(\d*))?(万?)", re.ASCII)


class Unclear(ValueError):
    """What was typed is not what the field asks for.

    Attributes:
        code: Stable name of what is wrong.
        values: What the sentence fills in: an amount in fen, a share as `Decimal`, other numbers as text.
    """

    def __init__(self, code: str, **values: object) -> None:
        """Name the sentence."""
        super().__init__(code)
        self.code = code
        self.values = values


def read_money(text: str, low: int = 0, high: int = AMOUNT_MAX) -> int:
    """Read an amount of yuan as people write and paste it.

    Args:
        text: `¥ 1,234.50`, `１２３４．５元`, `1.2万`. A comma that does not group thousands is not guessed at.
        low: The least amount, fen.
        high: The largest, fen.

    Raises:
        Unclear: It is no amount, has a third decimal, or lies outside.

    >>> read_money("￥１，２３４．５"), read_money("1.2万"), read_money("8 000 元")
    (123450, 1200000, 800000)
    """
    fen = _money(_number_text(text), bool(low < 0))
    if not low <= fen <= high:
        raise Unclear("money_range", low=low, high=high)
    return fen


def _money(typed: str, may_be_negative: bool) -> int:
    found = _NUMBER.fullmatch(_CURRENCY.sub("", typed))
    if found is None or (found[2] is None and not found[3]):
        raise Unclear("money_comma" if re.fullmatch(r"[\d.,]+", typed, re.ASCII) else "money_form")
    sign, whole, decimals, wan = found.groups()
    if sign and not may_be_negative:
        raise Unclear("money_negative")
    whole, decimals = (whole or "0").replace(",", ""), (decimals or "").rstrip("0")
    if wan:
        scaled = Decimal(f"{whole}.{decimals or '0'}") * _WAN
        whole, _, decimals = f"{scaled:f}".partition(".")
        decimals = decimals.rstrip("0")
    if len(decimals) > 2:
        raise Unclear("money_decimals")
    return parse_amount(f"{sign}{whole}.{decimals or '0'}")


def read_whole(text: str, low: int, high: int) -> int:
    """Read a whole number from low to high; 12, １２, 12期.

    Raises:
        Unclear: It is no such number.
    """
    typed = _number_text(text).rstrip("期天个月日号")
    if not re.fullmatch(r"\d+", typed, re.ASCII) or not low <= int(typed) <= high:
        raise Unclear("whole", low=f"{low:,}", high=f"{high:,}")
    return int(typed)


def read_percent(text: str, high: Decimal, places: int) -> Decimal:
    """Read a rate or share written in percent: `18`, `18 %`, `0.05％`, and 万5 or 万分之五 as daily rates are quoted.

    Args:
        text: What was typed.
        high: The largest value, as a share of 1.
        places: Decimals of the share that may be kept.

    Returns:
        The share: 0.18 for 18 %.

    Raises:
        Unclear: It is no such number.

    >>> read_percent("0.05%", Decimal("0.01"), 8), read_percent("万5", Decimal("0.01"), 8)
    (Decimal('0.0005'), Decimal('0.0005'))
    """
    typed = _number_text(text)
    by_ten_thousand = re.fullmatch(r"万(?:分之)?([\d.]+)", typed, re.ASCII)
    number = by_ten_thousand[1] if by_ten_thousand else typed.removesuffix("%")
    if not re.fullmatch(r"\d+(?:\.\d+)?", number, re.ASCII):
        raise Unclear("percent_form")
    share = Decimal(number) / (_WAN if by_ten_thousand else 100)
    if share > high:
        raise Unclear("percent_range", high=high)
    if share != round(share, places):
        raise Unclear("percent_decimals", places=str(places - 2))
    return share.normalize() if share else Decimal(0)


def read_times(text: str, high: Decimal) -> Decimal:
    """Read how many times: `1.5`, `1.5倍`; at most two decimals.

    Raises:
        Unclear: It is no such number.
    """
    typed = _number_text(text).rstrip("倍x")
    if not re.fullmatch(r"\d+(?:\.\d{1,2})?", typed, re.ASCII) or Decimal(typed) > high:
        raise Unclear("times", high=str(high))
    return Decimal(typed)


def _number_text(text: str) -> str:
    typed = _BLANK.sub("", unicodedata.normalize("NFKC", text)).replace("−", "-").replace("，", ",")
    if len(typed) > TYPED_MAX:
        raise Unclear("long")
    return typed
