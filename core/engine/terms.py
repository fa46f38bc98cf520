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
def level_payment(principal, terms, row):
    """half_up of principal times the level payment of 1, which the terms hold in limbs, rounded up in the last.

    A limb has 24 bits and a principal fewer than 38, so each product fits; the error is below 2^-100 fen and only upwards,
    so that an exact half rounds as it should.
    """
    carry = 0
    top = 0
    for k in range(c.LEVEL_LIMBS - 1, 0, -1):
        value = principal * terms[row, c.T_LEVEL + k] + carry
        carry = value >> c.LIMB_BITS
        top = value & ((1 << c.LIMB_BITS) - 1)
    return principal * terms[row, c.T_LEVEL] + carry + (top >> (c.LIMB_BITS - 1))


@jit
def begin_terms(s, d, row, terms, months):
    """Fix n, p, A and the first due date of the terms in `row`, from the principal as it stands."""
    s[d, c.S_TERMS] = row
    n = terms[row, c.T_INSTALMENTS]
    balance = s[d, c.S_BALANCE]
    s[d, c.S_LEFT] = n
    s[d, c.S_PART] = half_up(balance, n) if n > 0 else 0
    s[d, c.S_LEVEL] = level_payment(balance, terms, row) if terms[row, c.T_METHOD] == c.EQUAL_INSTALMENT else 0
    s[d, c.S_DUE_MONTH] = terms[row, c.T_FIRST_MONTH]
    s[d, c.S_DUE] = day_in_month(months, terms[row, c.T_FIRST_MONTH], terms[row, c.T_DUE_DAY]) if n > 0 else c.NEVER


@jit
def change(s, d, terms, months, book, mark):
    """§3b: the next set of terms comes into force."""
    card = terms[s[d, c.S_TERMS], c.T_METHOD] == c.CARD
    row = s[d, c.S_TERMS] + 1
    interest = take_interest(s, d, terms, book, mark) + s[d, c.S_CAPITALISED]
    post_penalty(s, d, terms, book, mark)
    principal = s[d, c.S_BALANCE] - s[d, c.S_CAPITALISED]
    if not card:
        interest += s[d, c.S_OVERDUE_INTEREST] + s[d, c.S_DUE_INTEREST]
        principal += s[d, c.S_OVERDUE_PRINCIPAL] + s[d, c.S_DUE_PRINCIPAL]
    penalty = s[d, c.S_PENALTY]
    fees = s[d, c.S_FEES]
    principal_waived = half_up(terms[row, c.T_WAIVE_PRINCIPAL] * principal, SHARE)
    interest_waived = half_up(terms[row, c.T_WAIVE_INTEREST] * interest, SHARE)
    penalty_waived = half_up(terms[row, c.T_WAIVE_PENALTY] * penalty, SHARE)
    fees_waived = half_up(terms[row, c.T_WAIVE_FEES] * fees, SHARE)
    waived = principal_waived + interest_waived + penalty_waived + fees_waived
    capitalised = interest - interest_waived + penalty - penalty_waived + fees - fees_waived
    empty(s, d)
    s[d, c.S_BALANCE] = principal - principal_waived + capitalised
    s[d, c.S_CAPITALISED] = capitalised
    s[d, c.S_WAIVED] += waived
    s[d, c.S_INTEREST_WHOLE] = 0
    s[d, c.S_INTEREST_REST] = 0
    s[d, c.S_PENALTY_WHOLE] = 0
    s[d, c.S_PENALTY_REST] = 0
    s[d, c.S_ASIDE] = 0
    s[d, c.S_STATEMENT] = c.NEVER
    begin_terms(s, d, row, terms, months)
    if waived > 0:
        note(book, mark, d, c.WAIVED, waived, principal_waived, interest_waived, penalty_waived, fees_waived)


@jit
def principal_part(s, d, interest, terms):
    """The principal part of the next due date, if it posts `interest`."""
    left = s[d, c.S_BALANCE]
    if s[d, c.S_LEFT] == 1:
        return left
    method = terms[s[d, c.S_TERMS], c.T_METHOD]
    if method == c.EQUAL_PRINCIPAL or method == c.FLAT_FEE:
        return min(left, s[d, c.S_PART])
    if method == c.EQUAL_INSTALMENT:
        return min(left, max(0, s[d, c.S_LEVEL] - interest))
    return 0


@jit
def fall_due(s, bills, d, terms, debts, months, book, mark):
    """§3c for an instalment debt whose due date is today."""
    row = s[d, c.S_TERMS]
    method = terms[row, c.T_METHOD]
    due = s[d, c.S_DUE]
    if method != c.BULLET or s[d, c.S_LEFT] == 1:
        if method == c.FLAT_FEE:
            interest = debts[s[d, c.S_ROW], c.D_FEE_PER_INSTALMENT] if s[d, c.S_BALANCE] > 0 else 0
            s[d, c.S_CHARGED] += interest
            if interest > 0:
                note(book, mark, d, c.CHARGED, interest, 0, interest, 0, 0)
        else:
            interest = take_interest(s, d, terms, book, mark)
        part = principal_part(s, d, interest, terms)
        if part + interest > 0:
            s[d, c.S_BALANCE] -= part
            add_bill(s, bills, d, due, part, interest, 0)
            note(book, mark, d, c.FELL_DUE, part + interest, part, interest, 0, 0)
    s[d, c.S_LEFT] -= 1
    if s[d, c.S_LEFT] > 0:
        s[d, c.S_DUE_MONTH] += 1
        s[d, c.S_DUE] = day_in_month(months, s[d, c.S_DUE_MONTH], terms[row, c.T_DUE_DAY])
    else:
        s[d, c.S_DUE] = c.NEVER


@jit
def minimum(s, d, interest, debts):
    """The minimum of a card's statement that posts `interest` on the balance as it stands (§3c)."""
    row = s[d, c.S_ROW]
    balance = s[d, c.S_BALANCE]
    unpaid = s[d, c.S_OVERDUE_PRINCIPAL] + s[d, c.S_DUE_PRINCIPAL]
    share = half_up(debts[row, c.D_MIN_RATE_E4] * balance, SHARE)
    asked = max(debts[row, c.D_MIN_FLOOR], share) + interest + s[d, c.S_FEES_NEW]
    return max(0, min(balance + interest + s[d, c.S_FEES] - unpaid, asked))


@jit
def issue_statement(s, bills, d, terms, debts, months, book, mark):
    """§3c for a card whose statement is dated today."""
    statement = s[d, c.S_STATEMENT]
    month = s[d, c.S_STATEMENT_MONTH]
    if payoff(s, d, terms) > 0:
        interest = take_interest(s, d, terms, book, mark)
        asked = minimum(s, d, interest, debts)
        s[d, c.S_BALANCE] += interest
        s[d, c.S_CAPITALISED] += interest
        s[d, c.S_FEES_NEW] = 0
        if asked > 0:
            due = due_of_statement(months, statement, month, terms[s[d, c.S_TERMS], c.T_DUE_DAY])
            add_bill(s, bills, d, due, asked, 0, 0)
            note(book, mark, d, c.FELL_DUE, asked, 0, 0, 0, 0)
    s[d, c.S_STATEMENT_MONTH] = month + 1
    s[d, c.S_STATEMENT] = day_in_month(months, month + 1, debts[s[d, c.S_ROW], c.D_STATEMENT_DAY])


@jit
def foreseen(s, d, t, until, terms, debts, months):
    """§5.1: (due date, amount) of what falls due after today and before `until`, on the balance as it now stands; (0, 0) if nothing."""
    row = s[d, c.S_TERMS]
    num = terms[row, c.T_RATE_NUM]
    den = terms[row, c.T_RATE_DEN]
    if terms[row, c.T_METHOD] == c.CARD:
        statement = s[d, c.S_STATEMENT]
        if statement >= until or statement <= t:
            return 0, 0
        due = due_of_statement(months, statement, s[d, c.S_STATEMENT_MONTH], terms[row, c.T_DUE_DAY])
        if due >= until or payoff(s, d, terms) == 0:
            return 0, 0
        return due, minimum(s, d, interest_by(s, d, statement - t, num, den), debts)
    due = s[d, c.S_DUE]
    if due >= until:
        return 0, 0
    method = terms[row, c.T_METHOD]
    if method == c.BULLET and s[d, c.S_LEFT] > 1:
        return 0, 0
    if method == c.FLAT_FEE:
        interest = debts[s[d, c.S_ROW], c.D_FEE_PER_INSTALMENT] if s[d, c.S_BALANCE] > 0 else 0
    else:
        interest = interest_by(s, d, due - t, num, den)
    return due, interest + principal_part(s, d, interest, terms)


@jit
def interest_by(s, d, days, num, den):
    """What the interest accrual would post `days` days from now on the balance as it stands; the accrual is left as it is."""
    whole = s[d, c.S_INTEREST_WHOLE]
    rest = s[d, c.S_INTEREST_REST]
    add_accrual(s, d, c.S_INTEREST_WHOLE, c.S_INTEREST_REST, s[d, c.S_BALANCE], num, den, days)
    value = accrual_value(s, d, c.S_INTEREST_WHOLE, c.S_INTEREST_REST, den)
    s[d, c.S_INTEREST_WHOLE] = whole
    s[d, c.S_INTEREST_REST] = rest
    return value


@jit
def meet_deadlines(s, bills, d, t, terms, debts, book, mark):
    """§3f: what is unpaid at the end of its deadline becomes overdue."""
    debt = s[d, c.S_ROW]
    row = s[d, c.S_TERMS]
    grace = debts[debt, c.D_GRACE]
    card = terms[row, c.T_METHOD] == c.CARD
    k = s[d, c.S_FRESH]
    while k < s[d, c.S_TAIL] and bills[c.P_DUE, d, k] + grace <= t:
        if bills[c.P_OVERDUE, d, k] == 0:
            bills[c.P_OVERDUE, d, k] = 1
            principal = bills[c.P_PRINCIPAL, d, k]
            interest = bills[c.P_INTEREST, d, k]
            s[d, c.S_DUE_PRINCIPAL] -= principal
            s[d, c.S_DUE_INTEREST] -= interest
            s[d, c.S_OVERDUE_PRINCIPAL] += principal
            s[d, c.S_OVERDUE_INTEREST] += interest
            s[d, c.S_ACTED] = 1
            if card:
                if principal > 0 and s[d, c.S_BALANCE] > 0:
                    share = half_up(debts[debt, c.D_LATE_RATE_E4] * s[d, c.S_OVERDUE_PRINCIPAL], SHARE)
                    fee = max(debts[debt, c.D_LATE_MIN], share)
                    s[d, c.S_FEES] += fee
                    s[d, c.S_FEES_NEW] += fee
                    s[d, c.S_CHARGED] += fee
                    note(book, mark, d, c.CHARGED, fee, 0, 0, 0, fee)
            else:
                bears = principal
                if debts[debt, c.D_BASE] == c.BASE_PRINCIPAL_AND_INTEREST:
                    bears += interest
                num = terms[row, c.T_PENALTY_NUM]
                add_accrual(s, d, c.S_PENALTY_WHOLE, c.S_PENALTY_REST, bears, num, terms[row, c.T_PENALTY_DEN], grace)
        k += 1
    s[d, c.S_FRESH] = k
    look_for_oldest(s, bills, d)


@jit
def accelerate(s, bills, d, t, terms, book, mark):
    """§3g, where days past due have reached the debt's bound."""
    after = terms[s[d, c.S_TERMS], c.T_ACCELERATE]
    if after < 0 or s[d, c.S_OLDEST] == 0 or t - s[d, c.S_OLDEST] < after or s[d, c.S_LEFT] == 0:
        return
    interest = take_interest(s, d, terms, book, mark)
    principal = s[d, c.S_BALANCE]
    s[d, c.S_BALANCE] = 0
    s[d, c.S_LEFT] = 0
    s[d, c.S_DUE] = c.NEVER
    s[d, c.S_ACTED] = 1
    if principal + interest > 0:
        add_bill(s, bills, d, t, principal, interest, 1)
        note(book, mark, d, c.FELL_DUE, principal + interest, principal, interest, 0, 0)


@jit
def close_day(s, bills, d, t, terms, debts, book, mark):
    """§3f and g, and whether the debt is cleared; then its next event. Returns False where its payoff outgrew the bound."""
    if s[d, c.S_FRESH] < s[d, c.S_TAIL]:
        meet_deadlines(s, bills, d, t, terms, debts, book, mark)
    accelerate(s, bills, d, t, terms, book, mark)
    all_of_it = payoff(s, d, terms)
    if all_of_it == 0:
        clear(s, d, t)
        return True
    row = s[d, c.S_TERMS]
    debt = s[d, c.S_ROW]
    after = min(s[d, c.S_DUE], s[d, c.S_STATEMENT])
    if row + 1 < debts[debt, c.D_TERMS] + debts[debt, c.D_TERMS_COUNT]:
        after = min(after, terms[row + 1, c.T_DATE])
    if s[d, c.S_FRESH] < s[d, c.S_TAIL]:
        after = min(after, bills[c.P_DUE, d, s[d, c.S_FRESH]] + debts[debt, c.D_GRACE])
    if terms[row, c.T_ACCELERATE] >= 0 and s[d, c.S_OLDEST] > 0 and s[d, c.S_LEFT] > 0:
        after = min(after, max(t + 1, s[d, c.S_OLDEST] + terms[row, c.T_ACCELERATE]))
    if s[d, c.S_ASIDE] > 0:
        after = min(after, s[d, c.S_ASIDE_FOR])
    s[d, c.S_NEXT] = after
    return all_of_it <= c.PAYOFF_MAX_FEN


@jit
def clear(s, d, t):
    """The debt is cleared: what its accruals and bills have left is dropped."""
    empty(s, d)
    s[d, c.S_OPEN] = 0
    s[d, c.S_CLEARED] = t
    s[d, c.S_NEXT] = c.NEVER
    s[d, c.S_INTEREST_WHOLE] = 0
    s[d, c.S_INTEREST_REST] = 0
    s[d, c.S_PENALTY_WHOLE] = 0
    s[d, c.S_PENALTY_REST] = 0
    s[d, c.S_LEFT] = 0
    s[d, c.S_ASIDE] = 0


@jit
def open_debt(s, bills, d, row, as_of, terms, debts, open_bills, months):
    """Lay out the debt in `row` of `debts` as it stands at the end of `as_of`."""
    for k in range(c.S_WIDTH):
        s[d, k] = 0
    s[d, c.S_OPEN] = 1
    s[d, c.S_LAST] = as_of
    s[d, c.S_NEXT] = as_of + 1
    s[d, c.S_ROW] = row
    s[d, c.S_BALANCE] = debts[row, c.D_BALANCE]
    begin_terms(s, d, debts[row, c.D_TERMS], terms, months)
    s[d, c.S_PENALTY] = debts[row, c.D_PENALTY]
    s[d, c.S_FEES] = debts[row, c.D_FEES]
    s[d, c.S_FEES_NEW] = debts[row, c.D_FEES]
    s[d, c.S_INTEREST_WHOLE] = debts[row, c.D_ACCRUED_WHOLE]
    s[d, c.S_INTEREST_REST] = debts[row, c.D_ACCRUED_REST]
    s[d, c.S_OPENING] = interest_value(s, d, terms)
    s[d, c.S_CHARGED] = -s[d, c.S_OPENING]
    s[d, c.S_STATEMENT] = c.NEVER
    if terms[s[d, c.S_TERMS], c.T_METHOD] == c.CARD:
        s[d, c.S_STATEMENT_MONTH] = debts[row, c.D_STATEMENT_MONTH]
        s[d, c.S_STATEMENT] = day_in_month(months, debts[row, c.D_STATEMENT_MONTH], debts[row, c.D_STATEMENT_DAY])
    grace = debts[row, c.D_GRACE]
    first = debts[row, c.D_BILLS]
    for k in range(first, first + debts[row, c.D_BILLS_COUNT]):
        due = open_bills[k, c.B_DUE]
        overdue = 1 if due + grace <= as_of else 0
        add_bill(s, bills, d, due, open_bills[k, c.B_PRINCIPAL], open_bills[k, c.B_INTEREST], overdue)
        s[d, c.S_FRESH] += overdue
    look_for_oldest(s, bills, d)
