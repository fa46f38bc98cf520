# pyright: basic
"""What happens to one debt between payments (CALCULATION.md §3a), over the memory of `layout`.

In every function `m` is the memory and `d` the place where the debt's row begins; `t` is the day, `b` where its bills
begin and `row` where its terms begin. None raises; none rounds but by `half_up`. One array and one number for all is
what makes the calls cheap: passing the tables one by one cost more than the arithmetic.
"""

from core.engine import layout as c
from core.engine.jit import jit

# Above these a product of the accruals might leave int64, and the slower two-stage form is taken.
SAFE_PRODUCT = 2.0e18
HALF_BITS = 20
LARGE_FEN = 9.0e10
# Below these no rate that a plan allows (5 % a day in all) reaches LARGE_FEN: 1e9 * (1 + 0.05 * 400) + 2e9.
SMALL_FEN = 1.0e9
SMALL_DAYS = 400


@jit
def half_up(numerator, denominator):
    """floor(numerator / denominator + 1/2); numerator below 4.6e18."""
    return (2 * numerator + denominator) // (2 * denominator)


@jit
def note(m, d, kind, amount, principal, interest, penalty, fees):
    """Write a ledger entry, where a ledger is wanted. Entries beyond its room are only counted."""
    room = m[c.H_BOOK_ROOM]
    if room == 0:
        return
    k = m[c.H_ENTRIES]
    m[c.H_ENTRIES] = k + 1
    if k >= room:
        return
    place = m[c.H_BOOK] + k * c.G_WIDTH
    m[place + c.G_SCENARIO] = m[c.H_SCENARIO]
    m[place + c.G_DATE] = m[c.H_TODAY]
    m[place + c.G_DEBT] = m[d + c.S_INDEX]
    m[place + c.G_KIND] = kind
    m[place + c.G_AMOUNT] = amount
    m[place + c.G_PRINCIPAL] = principal
    m[place + c.G_INTEREST] = interest
    m[place + c.G_PENALTY] = penalty
    m[place + c.G_FEES] = fees


# -- dates


@jit
def day_in_month(m, month, day):
    """Ordinal of day-of-month `day`, clamped to the month's last day."""
    place = c.H_WIDTH + month - m[c.H_FIRST_MONTH]
    return min(m[place] + day, m[place + 1]) - 1


@jit
def due_of_statement(m, statement, month, due_day):
    """First `due_day` after a statement dated `statement` in `month`."""
    due = day_in_month(m, month, due_day)
    return due if due > statement else day_in_month(m, month + 1, due_day)


# -- accruals


@jit
def add_accrual(m, d, whole, rest, base, num, den, days):
    """Add base * num / den * days to the accrual in columns `whole` and `rest`, exactly."""
    if base == 0 or num == 0:
        return
    if float(base) * float(num) * float(days) < SAFE_PRODUCT and m[d + rest] < SAFE_PRODUCT:
        m[d + rest] += base * num * days
        return
    # base * num alone might not fit: divide its upper part first
    upper = (base >> HALF_BITS) * num
    quotient = upper // den
    lower = ((upper - quotient * den) << HALF_BITS) + (base & ((1 << HALF_BITS) - 1)) * num
    quotient = (quotient << HALF_BITS) + lower // den
    m[d + whole] += quotient * days + m[d + rest] // den
    m[d + rest] = m[d + rest] % den + lower % den * days


@jit
def accrual_value(m, d, whole, rest, den):
    """What the accrual would post now, in fen."""
    if m[d + rest] == 0 and m[d + whole] == 0:
        return 0
    return max(0, m[d + whole] + half_up(m[d + rest], den))


@jit
def interest_value(m, d):
    return accrual_value(m, d, c.S_INTEREST_WHOLE, c.S_INTEREST_REST, m[m[d + c.S_TERMS] + c.T_RATE_DEN])


@jit
def penalty_value(m, d):
    return accrual_value(m, d, c.S_PENALTY_WHOLE, c.S_PENALTY_REST, m[m[d + c.S_TERMS] + c.T_PENALTY_DEN])


@jit
def take_accrual(m, d, whole, rest, den):
    """Take what the accrual posts out of it, leave what rounding left, and count it as charged."""
    value = accrual_value(m, d, whole, rest, den)
    if m[d + whole] == 0:
        m[d + rest] -= value * den
    else:
        m[d + whole] -= value
    m[d + c.S_CHARGED] += value
    return value


@jit
def take_interest(m, d):
    value = take_accrual(m, d, c.S_INTEREST_WHOLE, c.S_INTEREST_REST, m[m[d + c.S_TERMS] + c.T_RATE_DEN])
    if m[c.H_BOOK_ROOM] > 0 and value != 0:
        since = value - m[d + c.S_OPENING]
        m[d + c.S_OPENING] = 0
        note(m, d, c.CHARGED, since, 0, since, 0, 0)
    return value


@jit
def post_penalty(m, d):
    value = take_accrual(m, d, c.S_PENALTY_WHOLE, c.S_PENALTY_REST, m[m[d + c.S_TERMS] + c.T_PENALTY_DEN])
    m[d + c.S_PENALTY] += value
    if value != 0:
        note(m, d, c.CHARGED, value, 0, 0, value, 0)


@jit
def add_days(m, d, days):
    """§3a for `days` days on which nothing else happens to the debt."""
    row = m[d + c.S_TERMS]
    overdue = m[d + c.S_OVERDUE_PRINCIPAL]
    balance = m[d + c.S_BALANCE]
    method = m[row + c.T_METHOD]
    cap = m[d + c.D_CAP_E6] >= 0
    if method == c.CARD:
        add_accrual(
            m, d, c.S_INTEREST_WHOLE, c.S_INTEREST_REST, balance, m[row + c.T_RATE_NUM], m[row + c.T_RATE_DEN], days
        )
        if cap:
            m[d + c.S_PRODUCT] += (balance - m[d + c.S_CAPITALISED]) * days
        return
    if method != c.FLAT_FEE:
        add_accrual(
            m, d, c.S_INTEREST_WHOLE, c.S_INTEREST_REST, balance, m[row + c.T_RATE_NUM], m[row + c.T_RATE_DEN], days
        )
    unpaid_interest = m[d + c.S_OVERDUE_INTEREST]
    if overdue + unpaid_interest > 0:
        bears = overdue
        base = m[d + c.D_BASE]
        if base == c.BASE_PRINCIPAL_AND_INTEREST:
            bears += unpaid_interest
        den = m[row + c.T_PENALTY_DEN]
        add_accrual(m, d, c.S_PENALTY_WHOLE, c.S_PENALTY_REST, bears, m[row + c.T_PENALTY_NUM], den, days)
        if base == c.BASE_ALL_PRINCIPAL:
            add_accrual(m, d, c.S_PENALTY_WHOLE, c.S_PENALTY_REST, balance, m[row + c.T_EXTRA_NUM], den, days)
    if cap:
        m[d + c.S_PRODUCT] += (balance + overdue + m[d + c.S_DUE_PRINCIPAL] - m[d + c.S_CAPITALISED]) * days


@jit
def settled(m, d):
    """The payoff without its accruals."""
    if m[m[d + c.S_TERMS] + c.T_METHOD] == c.CARD:
        return m[d + c.S_BALANCE] + m[d + c.S_FEES]
    return (
        m[d + c.S_BALANCE]
        + m[d + c.S_OVERDUE_PRINCIPAL]
        + m[d + c.S_OVERDUE_INTEREST]
        + m[d + c.S_DUE_PRINCIPAL]
        + m[d + c.S_DUE_INTEREST]
        + m[d + c.S_PENALTY]
        + m[d + c.S_FEES]
    )


@jit
def payoff(m, d):
    """All that the debt is owed today, due or not (§4)."""
    return settled(m, d) + interest_value(m, d) + penalty_value(m, d)


@jit
def may_outgrow(m, d, days):
    """Whether the payoff might pass its bound within `days`; errs on the side of yes."""
    row = m[d + c.S_TERMS]
    base = settled(m, d)
    whole = m[d + c.S_INTEREST_WHOLE] + m[d + c.S_PENALTY_WHOLE]
    interest_den = float(m[row + c.T_RATE_DEN])
    penalty_den = float(m[row + c.T_PENALTY_DEN])
    interest_rest = float(m[d + c.S_INTEREST_REST])
    penalty_rest = float(m[d + c.S_PENALTY_REST])
    if (
        base <= SMALL_FEN
        and whole == 0
        and days <= SMALL_DAYS
        and interest_rest <= SMALL_FEN * interest_den
        and penalty_rest <= SMALL_FEN * penalty_den
    ):
        return False
    per_day = float(base) * (
        float(m[row + c.T_RATE_NUM]) / interest_den + float(m[row + c.T_PENALTY_NUM]) / penalty_den
    )
    accrued = float(whole) + interest_rest / interest_den + penalty_rest / penalty_den
    return float(base) + accrued + per_day * float(days) > LARGE_FEN


@jit
def accrue(m, d, t):
    """Bring the debt to day `t` after §3a. Returns False where its payoff outgrew the bound at the end of the day
    before.

    The days past due are largest just before something happens to a debt, so they are looked at here.
    """
    days = t - m[d + c.S_LAST]
    if days == 0:
        return True
    if m[d + c.S_OLDEST] > 0 and t - 1 >= m[c.C_START]:
        m[c.H_WORST_DAYS] = max(m[c.H_WORST_DAYS], t - 1 - m[d + c.S_OLDEST])
    m[d + c.S_LAST] = t
    if may_outgrow(m, d, days):
        add_days(m, d, days - 1)
        if payoff(m, d) > c.PAYOFF_MAX_FEN:
            return False
        add_days(m, d, 1)
        return True
    add_days(m, d, days)
    return True


# -- bills


@jit
def add_bill(m, d, due, principal, interest, overdue):
    """Append a bill or statement, kept in the order of due dates (a card's may come out of it)."""
    b = m[d + c.S_BILLS]
    k = m[d + c.S_TAIL]
    m[d + c.S_TAIL] = k + 1
    while k > 0 and overdue == 0 and m[b + c.P_WIDTH * (k - 1) + c.P_DUE] > due:
        for plane in range(c.P_WIDTH):
            m[b + c.P_WIDTH * k + plane] = m[b + c.P_WIDTH * (k - 1) + plane]
        k -= 1
    m[d + c.S_HEAD_PRINCIPAL] = min(m[d + c.S_HEAD_PRINCIPAL], k)
    m[d + c.S_HEAD_INTEREST] = min(m[d + c.S_HEAD_INTEREST], k)
    m[b + c.P_WIDTH * k + c.P_DUE] = due
    m[b + c.P_WIDTH * k + c.P_PRINCIPAL] = principal
    m[b + c.P_WIDTH * k + c.P_INTEREST] = interest
    m[b + c.P_WIDTH * k + c.P_OVERDUE] = overdue
    if overdue == 1:
        m[d + c.S_OVERDUE_PRINCIPAL] += principal
        m[d + c.S_OVERDUE_INTEREST] += interest
    else:
        m[d + c.S_DUE_PRINCIPAL] += principal
        m[d + c.S_DUE_INTEREST] += interest


@jit
def look_for_oldest(m, d):
    """Set S_OLDEST, and forget bills that are paid."""
    if m[d + c.S_OVERDUE_PRINCIPAL] + m[d + c.S_OVERDUE_INTEREST] == 0:
        m[d + c.S_OLDEST] = 0
        if m[d + c.S_DUE_PRINCIPAL] + m[d + c.S_DUE_INTEREST] == 0:
            m[d + c.S_HEAD_PRINCIPAL] = 0
            m[d + c.S_HEAD_INTEREST] = 0
            m[d + c.S_FRESH] = 0
            m[d + c.S_TAIL] = 0
        return
    b = m[d + c.S_BILLS]
    tail = m[d + c.S_TAIL]
    oldest = c.NEVER
    if m[d + c.S_OVERDUE_PRINCIPAL] > 0:
        k = m[d + c.S_HEAD_PRINCIPAL]
        while k < tail and (m[b + c.P_WIDTH * k + c.P_OVERDUE] == 0 or m[b + c.P_WIDTH * k + c.P_PRINCIPAL] == 0):
            k += 1
        oldest = m[b + c.P_WIDTH * k + c.P_DUE]
    if m[d + c.S_OVERDUE_INTEREST] > 0:
        k = m[d + c.S_HEAD_INTEREST]
        while k < tail and (m[b + c.P_WIDTH * k + c.P_OVERDUE] == 0 or m[b + c.P_WIDTH * k + c.P_INTEREST] == 0):
            k += 1
        oldest = min(oldest, m[b + c.P_WIDTH * k + c.P_DUE])
    m[d + c.S_OLDEST] = oldest


@jit
def empty(m, d):
    """Leave nothing owed, and no bills."""
    m[d + c.S_BALANCE] = 0
    m[d + c.S_OVERDUE_PRINCIPAL] = 0
    m[d + c.S_OVERDUE_INTEREST] = 0
    m[d + c.S_DUE_PRINCIPAL] = 0
    m[d + c.S_DUE_INTEREST] = 0
    m[d + c.S_PENALTY] = 0
    m[d + c.S_FEES] = 0
    m[d + c.S_FEES_NEW] = 0
    m[d + c.S_CAPITALISED] = 0
    m[d + c.S_HEAD_PRINCIPAL] = 0
    m[d + c.S_HEAD_INTEREST] = 0
    m[d + c.S_FRESH] = 0
    m[d + c.S_TAIL] = 0
    m[d + c.S_OLDEST] = 0
