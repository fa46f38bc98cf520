# pyright: basic
"""How a payment is taken (CALCULATION.md §4, §3d), over the memory of `layout`: see `debt` for `m`, `d`, `t`, `b`."""

from core.engine import layout as c
from core.engine.debt import empty, look_for_oldest, note, payoff, penalty_value, post_penalty, settled, take_interest
from core.engine.jit import jit


@jit
def lay_on_bills(m, d, plane, head, overdue, amount):
    """Lay a payment on the oldest bills of one state; `amount` is at most what they hold."""
    b = m[d + c.S_BILLS]
    # no bill before S_FRESH is still due
    k = m[d + head] if overdue == 1 else max(m[d + head], m[d + c.S_FRESH])
    tail = m[d + c.S_TAIL]
    while amount > 0 and k < tail:
        if m[b + c.P_WIDTH * k + c.P_OVERDUE] == overdue:
            part = min(amount, m[b + c.P_WIDTH * k + plane])
            m[b + c.P_WIDTH * k + plane] -= part
            amount -= part
        k += 1
    k = m[d + head]
    while k < tail and m[b + c.P_WIDTH * k + plane] == 0:
        k += 1
    m[d + head] = k


@jit
def lay_on_minimums(m, d, amount):
    """Count money paid to a card toward its oldest unpaid minimums."""
    late = min(amount, m[d + c.S_OVERDUE_PRINCIPAL])
    if late > 0:
        m[d + c.S_OVERDUE_PRINCIPAL] -= late
        lay_on_bills(m, d, c.P_PRINCIPAL, c.S_HEAD_PRINCIPAL, 1, late)
    rest = min(amount - late, m[d + c.S_DUE_PRINCIPAL])
    if rest > 0:
        m[d + c.S_DUE_PRINCIPAL] -= rest
        lay_on_bills(m, d, c.P_PRINCIPAL, c.S_HEAD_PRINCIPAL, 0, rest)


@jit
def owed_now(m, d):
    """What section 4 calls owed now."""
    if m[m[d + c.S_TERMS] + c.T_METHOD] == c.CARD:
        return min(m[d + c.S_OVERDUE_PRINCIPAL] + m[d + c.S_DUE_PRINCIPAL], m[d + c.S_BALANCE] + m[d + c.S_FEES])
    return settled(m, d) - m[d + c.S_BALANCE] + penalty_value(m, d)


@jit
def count_principal(m, d, amount):
    """Count principal paid; its capitalised part comes first and is interest. Returns that part."""
    capitalised = min(amount, m[d + c.S_CAPITALISED])
    m[d + c.S_CAPITALISED] -= capitalised
    m[d + c.S_PAID_INTEREST] += capitalised
    m[d + c.S_PAID_PRINCIPAL] += amount - capitalised
    return capitalised


@jit
def pay_overdue_principal(m, d, money):
    x = min(money, m[d + c.S_OVERDUE_PRINCIPAL])
    if x > 0:
        m[d + c.S_OVERDUE_PRINCIPAL] -= x
        lay_on_bills(m, d, c.P_PRINCIPAL, c.S_HEAD_PRINCIPAL, 1, x)
        count_principal(m, d, x)
    return money - x


@jit
def pay_overdue_interest(m, d, money):
    x = min(money, m[d + c.S_OVERDUE_INTEREST])
    if x > 0:
        m[d + c.S_OVERDUE_INTEREST] -= x
        lay_on_bills(m, d, c.P_INTEREST, c.S_HEAD_INTEREST, 1, x)
        m[d + c.S_PAID_INTEREST] += x
    return money - x


@jit
def pay_penalty(m, d, money):
    x = min(money, m[d + c.S_PENALTY])
    m[d + c.S_PENALTY] -= x
    m[d + c.S_PAID_PENALTY] += x
    return money - x


@jit
def pay_fees(m, d, money):
    """Pay fees, those on a card's statement first."""
    x = min(money, m[d + c.S_FEES])
    m[d + c.S_FEES] -= x
    m[d + c.S_FEES_NEW] = min(m[d + c.S_FEES_NEW], m[d + c.S_FEES])
    m[d + c.S_PAID_FEES] += x
    return money - x


@jit
def pay_balance_of_card(m, d, money, principal_first):
    x = min(money, m[d + c.S_BALANCE])
    m[d + c.S_BALANCE] -= x
    interest = (
        max(0, x - (m[d + c.S_BALANCE] + x - m[d + c.S_CAPITALISED]))
        if principal_first
        else min(x, m[d + c.S_CAPITALISED])
    )
    m[d + c.S_CAPITALISED] -= interest
    m[d + c.S_PAID_INTEREST] += interest
    m[d + c.S_PAID_PRINCIPAL] += x - interest
    return money - x


@jit
def pay(m, d, t, money):
    """Pay `money`, at most what the order of section 4 can take, by that order."""
    if money <= 0:
        return
    m[d + c.S_ACTED] = 1
    principal = m[d + c.S_PAID_PRINCIPAL]
    interest = m[d + c.S_PAID_INTEREST]
    penalty = m[d + c.S_PAID_PENALTY]
    fees = m[d + c.S_PAID_FEES]
    after = m[d + c.D_PRINCIPAL_FIRST]
    principal_first = after >= 0 and m[d + c.S_OLDEST] > 0 and t - m[d + c.S_OLDEST] > after
    left = money
    if m[m[d + c.S_TERMS] + c.T_METHOD] == c.CARD:
        if principal_first:
            left = pay_balance_of_card(m, d, left, True)
            left = pay_fees(m, d, left)
        else:
            left = pay_fees(m, d, left)
            left = pay_balance_of_card(m, d, left, False)
        lay_on_minimums(m, d, money)
    else:
        post_penalty(m, d)
        if principal_first:
            left = pay_overdue_principal(m, d, left)
            left = pay_overdue_interest(m, d, left)
            left = pay_penalty(m, d, left)
            left = pay_fees(m, d, left)
        else:
            left = pay_fees(m, d, left)
            left = pay_penalty(m, d, left)
            left = pay_overdue_interest(m, d, left)
            left = pay_overdue_principal(m, d, left)
        x = min(left, m[d + c.S_DUE_INTEREST])
        if x > 0:
            m[d + c.S_DUE_INTEREST] -= x
            lay_on_bills(m, d, c.P_INTEREST, c.S_HEAD_INTEREST, 0, x)
            m[d + c.S_PAID_INTEREST] += x
            left -= x
        x = min(left, m[d + c.S_DUE_PRINCIPAL])
        if x > 0:
            m[d + c.S_DUE_PRINCIPAL] -= x
            lay_on_bills(m, d, c.P_PRINCIPAL, c.S_HEAD_PRINCIPAL, 0, x)
            count_principal(m, d, x)
    look_for_oldest(m, d)
    principal = m[d + c.S_PAID_PRINCIPAL] - principal
    interest = m[d + c.S_PAID_INTEREST] - interest
    penalty = m[d + c.S_PAID_PENALTY] - penalty
    note(m, d, c.PAID, money, principal, interest, penalty, m[d + c.S_PAID_FEES] - fees)


@jit
def prepay(m, d, money):
    """Take principal not yet due, as far as it goes; returns what was taken."""
    x = min(money, m[d + c.S_BALANCE])
    if x > 0:
        m[d + c.S_ACTED] = 1
        m[d + c.S_BALANCE] -= x
        capitalised = count_principal(m, d, x)
        note(m, d, c.PAID, x, x - capitalised, capitalised, 0, 0)
    return x


@jit
def pay_off(m, d):
    """Post all accruals and take everything."""
    m[d + c.S_ACTED] = 1
    interest = take_interest(m, d)
    post_penalty(m, d)
    card = m[m[d + c.S_TERMS] + c.T_METHOD] == c.CARD
    principal = m[d + c.S_BALANCE] - m[d + c.S_CAPITALISED]
    interest += m[d + c.S_CAPITALISED]
    if not card:
        principal += m[d + c.S_OVERDUE_PRINCIPAL] + m[d + c.S_DUE_PRINCIPAL]
        interest += m[d + c.S_OVERDUE_INTEREST] + m[d + c.S_DUE_INTEREST]
    penalty = m[d + c.S_PENALTY]
    fees = m[d + c.S_FEES]
    m[d + c.S_PAID_PRINCIPAL] += principal
    m[d + c.S_PAID_INTEREST] += interest
    m[d + c.S_PAID_PENALTY] += penalty
    m[d + c.S_PAID_FEES] += fees
    empty(m, d)
    note(m, d, c.PAID, principal + interest + penalty + fees, principal, interest, penalty, fees)


@jit
def pay_beyond(m, d, t, money):
    """§5.2 and §3d: money beyond what is owed now, where it does not pay the debt off. Returns what was taken."""
    row = m[d + c.S_TERMS]
    if m[row + c.T_METHOD] == c.CARD:
        x = min(money, m[d + c.S_BALANCE] + m[d + c.S_FEES])
        pay(m, d, t, x)
        return x
    if m[row + c.T_PREPAYMENT] != c.PREPAY_ANY:
        return 0
    return prepay(m, d, money)


@jit
def pay_tied(m, d, t, money):
    """§3d: money for this debt only. Returns what is left over."""
    now = min(money, owed_now(m, d))
    pay(m, d, t, now)
    left = money - now
    all_of_it = payoff(m, d)
    if left <= 0 or all_of_it == 0:
        return left
    if left >= all_of_it and m[m[d + c.S_TERMS] + c.T_PREPAYMENT] != c.PREPAY_NONE:
        pay_off(m, d)
        return left - all_of_it
    return left - pay_beyond(m, d, t, left)
