"""What a decision day's budget pays (CALCULATION.md §5), over the arrays of `layout`."""

from core.engine import layout as c
from core.engine.debt import note, owed_now, pay, pay_beyond, pay_off, payoff
from core.engine.jit import jit
from core.engine.terms import foreseen

DIGITS = 10_000
RATE_KEYS = 4
KEYS = 2 + RATE_KEYS
"""Columns of a debt's sort key; less comes first, the plan's order last."""


@jit
def annual_rate_key(s, d, terms, debts, keys, column):
    """Write the annual rate, negated, in RATE_KEYS columns: its whole part, then eight digits in each.

    Only a flat fee needs more than the first eight: its rate is fee * m * 24 / (R * (m + 1)), and two such fractions differ by
    more than 1e-24 or not at all, since their denominators stay below 4e11.
    """
    row = s[d, c.S_TERMS]
    if terms[row, c.T_METHOD] != c.FLAT_FEE:
        rate = terms[row, c.T_ANNUAL_E8]
        keys[d, column] = -(rate // (DIGITS * DIGITS))
        keys[d, column + 1] = -(rate % (DIGITS * DIGITS))
        keys[d, column + 2] = 0
        keys[d, column + 3] = 0
        return
    left = s[d, c.S_LEFT]
    balance = s[d, c.S_BALANCE]
    num = 0
    den = 1
    if left > 0 and balance > 0:
        num = debts[s[d, c.S_ROW], c.D_FEE_PER_INSTALMENT] * left * 24
        den = balance * (left + 1)
    keys[d, column] = -(num // den)
    rest = num % den
    for k in range(1, RATE_KEYS):
        value = 0
        for _ in range(2):
            rest *= DIGITS
            value = value * DIGITS + rest // den
            rest %= den
        keys[d, column + k] = -value


@jit
def in_order(order, count, keys, width):
    """Sort `order` by the keys of its debts; equal ones stay in the plan's order. Nearly sorted already, it takes one pass."""
    for k in range(1, count):
        d = order[k]
        j = k
        while j > 0 and comes_before(d, order[j - 1], keys, width):
            order[j] = order[j - 1]
            j -= 1
        order[j] = d


@jit
def comes_before(a, b, keys, width):
    for k in range(width):
        if keys[a, k] != keys[b, k]:
            return keys[a, k] < keys[b, k]
    return a < b


@jit
def work_out_orders(s, count, t, strategy, terms, debts, keys, first, second):
    """The two orders of §5, before anything is paid."""
    if strategy == c.AVALANCHE:
        for d in range(count):
            annual_rate_key(s, d, terms, debts, keys, 0)
        in_order(first, count, keys, RATE_KEYS)
    elif strategy == c.SNOWBALL:
        for d in range(count):
            keys[d, 0] = payoff(s, d, terms) if s[d, c.S_OPEN] == 1 else 0
        in_order(first, count, keys, 1)
    elif strategy == c.RESCUE:
        for d in range(count):
            keys[d, 0] = 1 - debts[s[d, c.S_ROW], c.D_REPORTED]
            keys[d, 1] = s[d, c.S_OLDEST] - t if s[d, c.S_OLDEST] > 0 else 0
            annual_rate_key(s, d, terms, debts, keys, 2)
        in_order(first, count, keys, KEYS)
        for d in range(count):
            keys[d, 0] = 0
        in_order(second, count, keys, KEYS)
        return
    for k in range(count):
        second[k] = first[k]


@jit
def pay_required(s, bills, count, t, until, budget, terms, debts, months, order, book, mark):
    """§5.1. Returns (budget left, paid)."""
    paid = 0
    for k in range(count):
        if budget <= 0:
            break
        d = order[k]
        if s[d, c.S_OPEN] == 0:
            continue
        money = min(budget, owed_now(s, d, terms))
        pay(s, bills, d, t, money, terms, debts, book, mark)
        budget -= money
        paid += money
        if budget <= 0:
            break
        due, amount = foreseen(s, d, t, until, terms, debts, months)
        if amount > 0:
            aside = max(0, min(budget, amount - s[d, c.S_ASIDE]))
            s[d, c.S_ASIDE] += aside
            s[d, c.S_ASIDE_FOR] = due
            s[d, c.S_NEXT] = min(s[d, c.S_NEXT], due)
            budget -= aside
            if aside > 0:
                note(book, mark, d, c.SET_ASIDE, aside, 0, 0, 0, 0)
    return budget, paid


@jit
def pay_extra(s, bills, count, t, budget, terms, debts, order, book, mark):
    """§5.2. Returns what was paid."""
    paid = 0
    for k in range(count):
        d = order[k]
        if s[d, c.S_OPEN] == 0 or budget + s[d, c.S_ASIDE] <= 0:
            continue
        all_of_it = payoff(s, d, terms)
        if all_of_it == 0:
            budget += s[d, c.S_ASIDE]
            s[d, c.S_ASIDE] = 0
        elif budget + s[d, c.S_ASIDE] >= all_of_it and terms[s[d, c.S_TERMS], c.T_PREPAYMENT] != c.PREPAY_NONE:
            pay_off(s, d, terms, book, mark)
            budget += s[d, c.S_ASIDE] - all_of_it
            s[d, c.S_ASIDE] = 0
            paid += all_of_it
        elif budget > 0:
            now = min(budget, owed_now(s, d, terms))
            pay(s, bills, d, t, now, terms, debts, book, mark)
            beyond = pay_beyond(s, bills, d, t, budget - now, terms, debts, book, mark)
            budget -= now + beyond
            paid += now + beyond
    return paid


@jit
def decide(s, bills, count, t, until, cash, reserve, strategy, terms, debts, months, keys, first, second, book, mark):
    """§3e after the month's money has come in. Returns the cash that is left."""
    budget = cash - reserve
    for d in range(count):
        budget -= s[d, c.S_ASIDE]
    budget = max(0, budget)
    if strategy == c.STOP:
        return cash
    work_out_orders(s, count, t, strategy, terms, debts, keys, first, second)
    budget, paid = pay_required(s, bills, count, t, until, budget, terms, debts, months, first, book, mark)
    cash -= paid
    if strategy != c.MINIMUM:
        cash -= pay_extra(s, bills, count, t, budget, terms, debts, second, book, mark)
    return cash
