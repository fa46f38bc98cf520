# pyright: basic
"""What a decision day's budget pays (CALCULATION.md §5), over the memory of `layout`: see `debt` for `m`, `d`, `t`.

An order is a run of `count` places of debts' rows in the memory, from `order` on.
"""

from core.engine import layout as c
from core.engine.debt import note, payoff
from core.engine.jit import jit
from core.engine.payments import owed_now, pay, pay_beyond, pay_off
from core.engine.terms import foreseen

DIGITS = 10_000
KEY_DIGITS = DIGITS * DIGITS


@jit
def write_rate_key(m, d, column):
    """Write the annual rate, negated, in RATE_KEYS columns: its whole part, then eight digits in each.

    Only a flat fee needs more than the first eight: its rate is fee * m * 24 / (R * (m + 1)), and two such fractions
    differ by more than 1e-24 or not at all, since their denominators stay below 4e11.
    """
    row = m[d + c.S_TERMS]
    key = d + c.S_KEY + column
    if m[row + c.T_METHOD] != c.FLAT_FEE:
        rate = m[row + c.T_ANNUAL_E8]
        m[key] = -(rate // KEY_DIGITS)
        m[key + 1] = -(rate % KEY_DIGITS)
        m[key + 2] = 0
        m[key + 3] = 0
        return
    left = m[d + c.S_LEFT]
    balance = m[d + c.S_BALANCE]
    num = 0
    den = 1
    if left > 0 and balance > 0:
        num = m[d + c.D_FEE_PER_INSTALMENT] * left * 24
        den = balance * (left + 1)
    m[key] = -(num // den)
    rest = num % den
    for k in range(1, c.RATE_KEYS):
        value = 0
        for _ in range(2):
            rest *= DIGITS
            value = value * DIGITS + rest // den
            rest %= den
        m[key + k] = -value


@jit
def comes_before(m, a, b, width):
    """Whether debt `a` stands before debt `b` by their first `width` keys, else by the plan's order."""
    for k in range(c.S_KEY, c.S_KEY + width):
        if m[a + k] != m[b + k]:
            return m[a + k] < m[b + k]
    return a < b


@jit
def sort(m, order, count, width):
    """Bring an order in line with the keys of its debts.

    Nearly sorted already, as last month's is, it takes one pass.
    """
    for k in range(order + 1, order + count):
        d = m[k]
        j = k
        while j > order and comes_before(m, d, m[j - 1], width):
            m[j] = m[j - 1]
            j -= 1
        m[j] = d


@jit
def work_out_orders(m, t, strategy):
    """Work out the two orders of §5, before anything is paid. Returns where the second begins."""
    first = m[c.H_FIRST]
    second = m[c.H_SECOND]
    count = m[c.C_DEBTS_COUNT]
    low = m[c.H_ROWS]
    high = m[c.H_ROWS_END]
    if strategy == c.AVALANCHE:
        for d in range(low, high, c.ROW_WIDTH):
            write_rate_key(m, d, 0)
        sort(m, first, count, c.RATE_KEYS)
    elif strategy == c.SNOWBALL:
        for d in range(low, high, c.ROW_WIDTH):
            m[d + c.S_KEY] = payoff(m, d) if m[d + c.S_OPEN] == 1 else 0
        sort(m, first, count, 1)
    elif strategy == c.RESCUE:
        for d in range(low, high, c.ROW_WIDTH):
            m[d + c.S_KEY] = 1 - m[d + c.D_REPORTED]
            m[d + c.S_KEY + 1] = m[d + c.S_OLDEST] - t if m[d + c.S_OLDEST] > 0 else 0
            write_rate_key(m, d, 2)
        sort(m, first, count, c.KEYS)
        for d in range(low, high, c.ROW_WIDTH):
            m[d + c.S_KEY] = 0
        sort(m, second, count, c.KEYS)
        return second
    return first


@jit
def pay_required(m, t, until, budget):
    """§5.1: pay and set aside. Returns the budget that is left; what was paid leaves the cash in the header."""
    order = m[c.H_FIRST]
    for k in range(order, order + m[c.C_DEBTS_COUNT]):
        if budget <= 0:
            break
        d = m[k]
        if m[d + c.S_OPEN] == 0:
            continue
        money = min(budget, owed_now(m, d))
        pay(m, d, t, money)
        m[c.H_CASH] -= money
        budget -= money
        if budget <= 0:
            break
        due, amount = foreseen(m, d, t, until)
        aside = max(0, min(budget, amount - m[d + c.S_ASIDE]))
        if aside > 0:
            m[d + c.S_ASIDE] += aside
            m[d + c.S_ASIDE_FOR] = due
            m[m[d + c.S_NEXT_AT]] = min(m[m[d + c.S_NEXT_AT]], due)
            budget -= aside
            note(m, d, c.SET_ASIDE, aside, 0, 0, 0, 0)
    return budget


@jit
def pay_extra(m, t, budget, order):
    """§5.2: what is left of the budget goes to the debts in the second order."""
    for k in range(order, order + m[c.C_DEBTS_COUNT]):
        d = m[k]
        if m[d + c.S_OPEN] == 0 or budget + m[d + c.S_ASIDE] <= 0:
            continue
        all_of_it = payoff(m, d)
        if all_of_it == 0:
            budget += m[d + c.S_ASIDE]
            m[d + c.S_ASIDE] = 0
        elif budget + m[d + c.S_ASIDE] >= all_of_it and m[m[d + c.S_TERMS] + c.T_PREPAYMENT] != c.PREPAY_NONE:
            pay_off(m, d)
            budget += m[d + c.S_ASIDE] - all_of_it
            m[d + c.S_ASIDE] = 0
            m[c.H_CASH] -= all_of_it
        elif budget > 0:
            now = min(budget, owed_now(m, d))
            pay(m, d, t, now)
            beyond = pay_beyond(m, d, t, budget - now)
            budget -= now + beyond
            m[c.H_CASH] -= now + beyond


@jit
def decide(m, t, until):
    """§3e after the month's money has come in, `until` being the next payday."""
    strategy = m[c.C_STRATEGY]
    if strategy == c.STOP:
        return
    budget = m[c.H_CASH] - m[c.C_RESERVE]
    for d in range(m[c.H_ROWS], m[c.H_ROWS_END], c.ROW_WIDTH):
        budget -= m[d + c.S_ASIDE]
    second = work_out_orders(m, t, strategy)
    budget = pay_required(m, t, until, max(0, budget))
    if strategy != c.MINIMUM:
        pay_extra(m, t, budget, second)
