"""Money and rates as text and as exact numbers: fen, decimal rates, rounding half up.

Not here: limits of what a plan may say (`core.plan_values`) and how a screen writes money.
"""

import re
from decimal import Decimal

FEN_IN_A_YUAN = 100
_AMOUNT = re.compile(r"(-?)([0-9]+)(?:\.([0-9]{1,2}))?")
_RATE = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def half_up(numerator: int, denominator: int) -> int:
    """Round a fraction to the nearest whole number, halves upwards, below zero too.

    Args:
        numerator: Any whole number.
        denominator: Above 0.

    Returns:
        floor(numerator / denominator + 1/2), exact at any size.

    >>> half_up(5, 2), half_up(-5, 2), half_up(-1, 3)
    (3, -2, 0)
    """
    return (2 * numerator + denominator) // (2 * denominator)


def parse_amount(text: str) -> int:
    """Read a decimal string of yuan as fen.

    Strict, because a file is written by programs: ASCII digits, at most two decimals after a point,
    a minus sign at most; no plus sign, blanks, separators or exponent. Zeros in front change nothing.

    Args:
        text: For example "1234.50", "8" or "-0.01".

    Returns:
        Whole fen.

    Raises:
        ValueError: The text has another form.

    >>> parse_amount("1234.5"), parse_amount("-0.01")
    (123450, -1)
    """
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise ValueError("not a decimal string of yuan with at most two decimals")
    sign, yuan, cents = found.groups()
    fen = int(yuan) * FEN_IN_A_YUAN + int((cents or "").ljust(2, "0"))
    return -fen if sign else fen


def format_fen(fen: int) -> str:
    """Write fen as a decimal string of yuan with two decimals, as plan files have it.

    >>> format_fen(123450), format_fen(-1)
    ('1234.50', '-0.01')
    """
    yuan, cents = divmod(abs(fen), FEN_IN_A_YUAN)
    return f"{'-' if fen < 0 else ''}{yuan}.{cents:02d}"


def parse_rate(text: str) -> Decimal:
    """Read a rate or a share, 0 or above, written as a plain decimal string.

    Args:
        text: For example "0.0005" or "1"; ASCII digits and a point, no sign and no exponent.

    Returns:
        The exact value without closing zeros, so that "0.10" and "0.1" are one and the same.

    Raises:
        ValueError: The text has another form.

    >>> parse_rate("0.10")
    Decimal('0.1')
    """
    if _RATE.fullmatch(text) is None:
        raise ValueError("not a plain decimal string")
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def format_rate(rate: Decimal) -> str:
    """Write a rate or share plainly: no exponent, no closing zeros.

    >>> format_rate(Decimal("0.00050")), format_rate(Decimal("1E-8")), format_rate(Decimal("0.00"))
    ('0.0005', '0.00000001', '0')
    """
    text = f"{rate:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
