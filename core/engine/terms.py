# pyright: basic
"""What comes by a debt's calendar and its agreed changes (CALCULATION.md §3b, c, f, g), over the arrays of `layout`."""

from core.engine import layout as c
from core.engine.debt import (
    accrual_value,
    add_accrual,
    add_bill,
    day_in_month,
    due_of_statement,
    empty,
    half_up,
    interest_value,
    look_for_oldest,
    note,
    payoff,
    post_penalty,
    take_interest,
)
from core.engine.jit import jit

SHARE = 10_000


@jit
def level_payment(m, principal, row):
    """half_up of principal times the level payment of 1, which the terms hold in limbs, rounded up in the last.

    A limb has 24 bits and a principal fewer than 38, so each product fits; the error is below 2^-100 fen and only
    upwards, so that an exact half rounds as it should.
    """
    carry = 0
    top = 0
    for k in range(c.LEVEL_LIMBS - 1, 0, -1):
        value = principal * m[row + c.T_LEVEL + k] + carry
        carry = value >> c.LIMB_BITS
        top = value & ((1 << c.LIMB_BITS) - 1)
    return principal * m[row + c.T_LEVEL] + carry + (top >> (c.LIMB_BITS - 1))


@jit
def begin_terms(m, d, row):
    """Fix n, p, A and the first due date of the terms in `row`, from the principal as it stands."""
    m[d + c.S_TERMS] = row
    m[d + c.S_CHANGE] = m[row + c.T_WIDTH + c.T_DATE] if m[d + c.S_CHANGES] > 0 else c.NEVER
    n = m[row + c.T_INSTALMENTS]
    balance = m[d + c.S_BALANCE]
    m[d + c.S_LEFT] = n
    m[d + c.S_PART] = half_up(balance, n) if n > 0 else 0
    m[d + c.S_LEVEL] = level_payment(m, balance, row) if m[row + c.T_METHOD] == c.EQUAL_INSTALMENT else 0
    m[d + c.S_DUE_MONTH] = m[row + c.T_FIRST_MONTH]
    m[d + c.S_DUE] = day_in_month(m, m[row + c.T_FIRST_MONTH], m[row + c.T_DUE_DAY]) if n > 0 else c.NEVER


@jit
def change(m, d):
    """§3b: the next set of terms comes into force."""
    card = m[m[d + c.S_TERMS] + c.T_METHOD] == c.CARD
    row = m[d + c.S_TERMS] + c.T_WIDTH
    m[d + c.S_CHANGES] -= 1
    interest = take_interest(m, d) + m[d + c.S_CAPITALISED]
    post_penalty(m, d)
    principal = m[d + c.S_BALANCE] - m[d + c.S_CAPITALISED]
    if not card:
        interest += m[d + c.S_OVERDUE_INTEREST] + m[d + c.S_DUE_INTEREST]
        principal += m[d + c.S_OVERDUE_PRINCIPAL] + m[d + c.S_DUE_PRINCIPAL]
    penalty = m[d + c.S_PENALTY]
    fees = m[d + c.S_FEES]
    principal_waived = half_up(m[row + c.T_WAIVE_PRINCIPAL] * principal, SHARE)
    interest_waived = half_up(m[row + c.T_WAIVE_INTEREST] * interest, SHARE)
    penalty_waived = half_up(m[row + c.T_WAIVE_PENALTY] * penalty, SHARE)
    fees_waived = half_up(m[row + c.T_WAIVE_FEES] * fees, SHARE)
    waived = principal_waived + interest_waived + penalty_waived + fees_waived
    capitalised = interest - interest_waived + penalty - penalty_waived + fees - fees_waived
    empty(m, d)
    m[d + c.S_BALANCE] = principal - principal_waived + capitalised
    m[d + c.S_CAPITALISED] = capitalised
    m[d + c.S_WAIVED] += waived
    m[d + c.S_INTEREST_WHOLE] = 0
    m[d + c.S_INTEREST_REST] = 0
    m[d + c.S_PENALTY_WHOLE] = 0
    m[d + c.S_PENALTY_REST] = 0
    m[d + c.S_ASIDE] = 0
    m[d + c.S_STATEMENT] = c.NEVER
    begin_terms(m, d, row)
    if waived > 0:
        note(m, d, c.WAIVED, waived, principal_waived, interest_waived, penalty_waived, fees_waived)


@jit
def principal_part(m, d, interest):
    """The principal part of the next due date, if it posts `interest`."""
    left = m[d + c.S_BALANCE]
    if m[d + c.S_LEFT] == 1:
        return left
    method = m[m[d + c.S_TERMS] + c.T_METHOD]
    if method == c.EQUAL_PRINCIPAL or method == c.FLAT_FEE:
        return min(left, m[d + c.S_PART])
    if method == c.EQUAL_INSTALMENT:
        return min(left, max(0, m[d + c.S_LEVEL] - interest))
    return 0


@jit
def fall_due(m, d):
    """§3c for an instalment debt whose due date is today."""
    row = m[d + c.S_TERMS]
    method = m[row + c.T_METHOD]
    due = m[d + c.S_DUE]
    if method != c.BULLET or m[d + c.S_LEFT] == 1:
        if method == c.FLAT_FEE:
            interest = m[d + c.D_FEE_PER_INSTALMENT] if m[d + c.S_BALANCE] > 0 else 0
            m[d + c.S_CHARGED] += interest
            if interest > 0:
                note(m, d, c.CHARGED, interest, 0, interest, 0, 0)
        else:
            interest = take_interest(m, d)
        part = principal_part(m, d, interest)
        if part + interest > 0:
            m[d + c.S_BALANCE] -= part
            add_bill(m, d, due, part, interest, 0)
            note(m, d, c.FELL_DUE, part + interest, part, interest, 0, 0)
    m[d + c.S_LEFT] -= 1
    if m[d + c.S_LEFT] > 0:
        m[d + c.S_DUE_MONTH] += 1
        m[d + c.S_DUE] = day_in_month(m, m[d + c.S_DUE_MONTH], m[row + c.T_DUE_DAY])
    else:
        m[d + c.S_DUE] = c.NEVER


@jit
def minimum(m, d, interest):
    """The minimum of a card's statement that posts `interest` on the balance as it stands (§3c)."""
    balance = m[d + c.S_BALANCE]
    unpaid = m[d + c.S_OVERDUE_PRINCIPAL] + m[d + c.S_DUE_PRINCIPAL]
    share = half_up(m[d + c.D_MIN_RATE_E4] * balance, SHARE)
    asked = max(m[d + c.D_MIN_FLOOR], share) + interest + m[d + c.S_FEES_NEW]
    return max(0, min(balance + interest + m[d + c.S_FEES] - unpaid, asked))


@jit
def issue_statement(m, d):
    """§3c for a card whose statement is dated today."""
    statement = m[d + c.S_STATEMENT]
    month = m[d + c.S_STATEMENT_MONTH]
    if payoff(m, d) > 0:
        interest = take_interest(m, d)
        asked = minimum(m, d, interest)
        m[d + c.S_BALANCE] += interest
        m[d + c.S_CAPITALISED] += interest
        m[d + c.S_FEES_NEW] = 0
        if asked > 0:
            due = due_of_statement(m, statement, month, m[m[d + c.S_TERMS] + c.T_DUE_DAY])
            add_bill(m, d, due, asked, 0, 0)
            note(m, d, c.FELL_DUE, asked, 0, 0, 0, 0)
    m[d + c.S_STATEMENT_MONTH] = month + 1
    m[d + c.S_STATEMENT] = day_in_month(m, month + 1, m[d + c.D_STATEMENT_DAY])


@jit
def foreseen(m, d, t, until):
    """§5.1: (due date, amount) of what falls due after today and before `until`; (0, 0) if nothing."""
    row = m[d + c.S_TERMS]
    num = m[row + c.T_RATE_NUM]
    den = m[row + c.T_RATE_DEN]
    if m[row + c.T_METHOD] == c.CARD:
        statement = m[d + c.S_STATEMENT]
        if statement >= until or statement <= t:
            return 0, 0
        due = due_of_statement(m, statement, m[d + c.S_STATEMENT_MONTH], m[row + c.T_DUE_DAY])
        if due >= until or payoff(m, d) == 0:
            return 0, 0
        return due, minimum(m, d, interest_by(m, d, statement - t, num, den))
    due = m[d + c.S_DUE]
    if due >= until:
        return 0, 0
    method = m[row + c.T_METHOD]
    if method == c.BULLET and m[d + c.S_LEFT] > 1:
        return 0, 0
    if method == c.FLAT_FEE:
        interest = m[d + c.D_FEE_PER_INSTALMENT] if m[d + c.S_BALANCE] > 0 else 0
    else:
        interest = interest_by(m, d, due - t, num, den)
    return due, interest + principal_part(m, d, interest)


@jit
def interest_by(m, d, days, num, den):
    """What the interest accrual would post `days` days from now on the balance as it stands."""
    whole = m[d + c.S_INTEREST_WHOLE]
    rest = m[d + c.S_INTEREST_REST]
    add_accrual(m, d, c.S_INTEREST_WHOLE, c.S_INTEREST_REST, m[d + c.S_BALANCE], num, den, days)
    value = accrual_value(m, d, c.S_INTEREST_WHOLE, c.S_INTEREST_REST, den)
    m[d + c.S_INTEREST_WHOLE] = whole
    m[d + c.S_INTEREST_REST] = rest
    return value


@jit
def meet_deadlines(m, d, t):
    """§3f: what is unpaid at the end of its deadline becomes overdue."""
    row = m[d + c.S_TERMS]
    grace = m[d + c.D_GRACE]
    card = m[row + c.T_METHOD] == c.CARD
    b = m[d + c.S_BILLS]
    k = m[d + c.S_FRESH]
    while k < m[d + c.S_TAIL] and m[b + c.P_WIDTH * k + c.P_DUE] + grace <= t:
        if m[b + c.P_WIDTH * k + c.P_OVERDUE] == 0:
            m[b + c.P_WIDTH * k + c.P_OVERDUE] = 1
            principal = m[b + c.P_WIDTH * k + c.P_PRINCIPAL]
            interest = m[b + c.P_WIDTH * k + c.P_INTEREST]
            m[d + c.S_DUE_PRINCIPAL] -= principal
            m[d + c.S_DUE_INTEREST] -= interest
            m[d + c.S_OVERDUE_PRINCIPAL] += principal
            m[d + c.S_OVERDUE_INTEREST] += interest
            m[d + c.S_ACTED] = 1
            if card:
                if principal > 0 and m[d + c.S_BALANCE] > 0:
                    share = half_up(m[d + c.D_LATE_RATE_E4] * m[d + c.S_OVERDUE_PRINCIPAL], SHARE)
                    fee = max(m[d + c.D_LATE_MIN], share)
                    m[d + c.S_FEES] += fee
                    m[d + c.S_FEES_NEW] += fee
                    m[d + c.S_CHARGED] += fee
                    note(m, d, c.CHARGED, fee, 0, 0, 0, fee)
            else:
                bears = principal
                if m[d + c.D_BASE] == c.BASE_PRINCIPAL_AND_INTEREST:
                    bears += interest
                num = m[row + c.T_PENALTY_NUM]
                add_accrual(m, d, c.S_PENALTY_WHOLE, c.S_PENALTY_REST, bears, num, m[row + c.T_PENALTY_DEN], grace)
        k += 1
    m[d + c.S_FRESH] = k
    look_for_oldest(m, d)


@jit
def accelerate(m, d, t):
    """§3g, where days past due have reached the debt's bound."""
    after = m[m[d + c.S_TERMS] + c.T_ACCELERATE]
    if after < 0 or m[d + c.S_OLDEST] == 0 or t - m[d + c.S_OLDEST] < after or m[d + c.S_LEFT] == 0:
        return
    interest = take_interest(m, d)
    principal = m[d + c.S_BALANCE]
    m[d + c.S_BALANCE] = 0
    m[d + c.S_LEFT] = 0
    m[d + c.S_DUE] = c.NEVER
    m[d + c.S_ACTED] = 1
    if principal + interest > 0:
        add_bill(m, d, t, principal, interest, 1)
        note(m, d, c.FELL_DUE, principal + interest, principal, interest, 0, 0)


@jit
def close_day(m, d, t):
    """§3f and g, and whether the debt is cleared; then its next event.

    Returns False where its payoff outgrew the bound.
    """
    if m[d + c.S_FRESH] < m[d + c.S_TAIL]:
        meet_deadlines(m, d, t)
    accelerate(m, d, t)
    all_of_it = payoff(m, d)
    if all_of_it == 0:
        clear(m, d, t)
        return True
    row = m[d + c.S_TERMS]
    after = min(m[d + c.S_DUE], m[d + c.S_STATEMENT], m[d + c.S_CHANGE])
    if m[d + c.S_FRESH] < m[d + c.S_TAIL]:
        after = min(after, m[m[d + c.S_BILLS] + c.P_WIDTH * m[d + c.S_FRESH] + c.P_DUE] + m[d + c.D_GRACE])
    if m[row + c.T_ACCELERATE] >= 0 and m[d + c.S_OLDEST] > 0 and m[d + c.S_LEFT] > 0:
        after = min(after, max(t + 1, m[d + c.S_OLDEST] + m[row + c.T_ACCELERATE]))
    if m[d + c.S_ASIDE] > 0:
        after = min(after, m[d + c.S_ASIDE_FOR])
    m[m[d + c.S_NEXT_AT]] = after
    return all_of_it <= c.PAYOFF_MAX_FEN


@jit
def clear(m, d, t):
    """The debt is cleared: what its accruals and bills have left is dropped."""
    empty(m, d)
    m[d + c.S_OPEN] = 0
    m[d + c.S_CLEARED] = t
    m[m[d + c.S_NEXT_AT]] = c.NEVER
    m[d + c.S_INTEREST_WHOLE] = 0
    m[d + c.S_INTEREST_REST] = 0
    m[d + c.S_PENALTY_WHOLE] = 0
    m[d + c.S_PENALTY_REST] = 0
    m[d + c.S_LEFT] = 0
    m[d + c.S_ASIDE] = 0


@jit
def open_debt(m, index, number, place, debts, terms, open_bills):
    """Lay out the debt in row `number` of `debts` as it stands at the end of `as_of`.

    Args:
        m: The memory.
        index: The debt's place in its plan.
        number: Its row in `debts`.
        place: Where its terms begin in the memory.
        debts, terms, open_bills: Tables of `layout`.

    Returns:
        Where the next debt's terms begin.
    """
    d = m[c.H_ROWS] + index * c.ROW_WIDTH
    for k in range(c.D_WIDTH):
        m[d + k] = debts[number, k]
    for k in range(c.D_WIDTH, c.ROW_WIDTH):
        m[d + k] = 0
    end = place
    for row in range(m[d + c.D_TERMS], m[d + c.D_TERMS] + m[d + c.D_TERMS_COUNT]):
        for k in range(c.T_WIDTH):
            m[end + k] = terms[row, k]
        end += c.T_WIDTH
    as_of = m[c.C_AS_OF]
    m[d + c.S_INDEX] = index
    m[d + c.S_OPEN] = 1
    m[d + c.S_LAST] = as_of
    m[d + c.S_NEXT_AT] = m[c.H_NEXT] + index
    m[m[d + c.S_NEXT_AT]] = as_of + 1
    m[d + c.S_BILLS] = m[c.H_BILLS] + index * m[c.H_BILLS_ROOM] * c.P_WIDTH
    m[d + c.S_BALANCE] = m[d + c.D_BALANCE]
    m[d + c.S_CHANGES] = m[d + c.D_TERMS_COUNT] - 1
    begin_terms(m, d, place)
    m[d + c.S_PENALTY] = m[d + c.D_PENALTY]
    m[d + c.S_FEES] = m[d + c.D_FEES]
    m[d + c.S_FEES_NEW] = m[d + c.D_FEES]
    m[d + c.S_INTEREST_WHOLE] = m[d + c.D_ACCRUED_WHOLE]
    m[d + c.S_INTEREST_REST] = m[d + c.D_ACCRUED_REST]
    m[d + c.S_OPENING] = interest_value(m, d)
    m[d + c.S_CHARGED] = -m[d + c.S_OPENING]
    m[d + c.S_STATEMENT] = c.NEVER
    if m[place + c.T_METHOD] == c.CARD:
        m[d + c.S_STATEMENT_MONTH] = m[d + c.D_STATEMENT_MONTH]
        m[d + c.S_STATEMENT] = day_in_month(m, m[d + c.D_STATEMENT_MONTH], m[d + c.D_STATEMENT_DAY])
    grace = m[d + c.D_GRACE]
    first = m[d + c.D_BILLS]
    for k in range(first, first + m[d + c.D_BILLS_COUNT]):
        due = open_bills[k, c.B_DUE]
        overdue = 1 if due + grace <= as_of else 0
        add_bill(m, d, due, open_bills[k, c.B_PRINCIPAL], open_bills[k, c.B_INTEREST], overdue)
        m[d + c.S_FRESH] += overdue
    look_for_oldest(m, d)
    return end
