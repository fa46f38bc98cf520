"""What happens to one debt (CALCULATION.md §3a-d, f, g and §4), over the arrays of `layout`.

Every function works on row `d` of the state `s` and on the planes `bills[:, d]`; `t` is the day. None raises; none rounds but
by `half_up`. A function that takes `book` and `mark` writes what it did to the ledger (see `note`).
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
def note(book, mark, d, kind, amount, principal, interest, penalty, fees):
    """Write a ledger entry; `mark` holds [entries so far, scenario, today]. Entries beyond the book's room are only counted."""
    if book.shape[0] == 0:
        return
    k = mark[0]
    mark[0] = k + 1
    if k >= book.shape[0]:
        return
    book[k, c.G_SCENARIO] = mark[1]
    book[k, c.G_DATE] = mark[2]
    book[k, c.G_DEBT] = d
    book[k, c.G_KIND] = kind
    book[k, c.G_AMOUNT] = amount
    book[k, c.G_PRINCIPAL] = principal
    book[k, c.G_INTEREST] = interest
    book[k, c.G_PENALTY] = penalty
    book[k, c.G_FEES] = fees


# -- dates


@jit
def day_in_month(months, month, day):
    """Ordinal of day-of-month `day`, clamped to the month's last day."""
    return min(months[month] + day, months[month + 1]) - 1


@jit
def due_of_statement(months, statement, month, due_day):
    """First `due_day` after a statement dated `statement` in `month`."""
    due = day_in_month(months, month, due_day)
    return due if due > statement else day_in_month(months, month + 1, due_day)


# -- accruals


@jit
def add_accrual(s, d, whole, rest, base, num, den, days):
    """Add base * num / den * days to the accrual in columns `whole` and `rest`, exactly."""
    if base == 0 or num == 0:
        return
    if float(base) * float(num) * float(days) < SAFE_PRODUCT and s[d, rest] < SAFE_PRODUCT:
        s[d, rest] += base * num * days
        return
    # base * num alone might not fit: divide its upper part first
    upper = (base >> HALF_BITS) * num
    quotient = upper // den
    lower = ((upper - quotient * den) << HALF_BITS) + (base & ((1 << HALF_BITS) - 1)) * num
    quotient = (quotient << HALF_BITS) + lower // den
    s[d, whole] += quotient * days + s[d, rest] // den
    s[d, rest] = s[d, rest] % den + lower % den * days


@jit
def accrual_value(s, d, whole, rest, den):
    """What the accrual would post now, in fen."""
    if s[d, rest] == 0 and s[d, whole] == 0:
        return 0
    return max(0, s[d, whole] + half_up(s[d, rest], den))


@jit
def interest_value(s, d, terms):
    return accrual_value(s, d, c.S_INTEREST_WHOLE, c.S_INTEREST_REST, terms[s[d, c.S_TERMS], c.T_RATE_DEN])


@jit
def penalty_value(s, d, terms):
    return accrual_value(s, d, c.S_PENALTY_WHOLE, c.S_PENALTY_REST, terms[s[d, c.S_TERMS], c.T_PENALTY_DEN])


@jit
def take_accrual(s, d, whole, rest, den):
    """Take what the accrual posts out of it, leave what rounding left, and count it as charged."""
    value = accrual_value(s, d, whole, rest, den)
    if s[d, whole] == 0:
        s[d, rest] -= value * den
    else:
        s[d, whole] -= value
    s[d, c.S_CHARGED] += value
    return value


@jit
def take_interest(s, d, terms, book, mark):
    value = take_accrual(s, d, c.S_INTEREST_WHOLE, c.S_INTEREST_REST, terms[s[d, c.S_TERMS], c.T_RATE_DEN])
    if book.shape[0] > 0 and value != 0:
        since = value - s[d, c.S_OPENING]
        s[d, c.S_OPENING] = 0
        note(book, mark, d, c.CHARGED, since, 0, since, 0, 0)
    return value


@jit
def post_penalty(s, d, terms, book, mark):
    value = take_accrual(s, d, c.S_PENALTY_WHOLE, c.S_PENALTY_REST, terms[s[d, c.S_TERMS], c.T_PENALTY_DEN])
    s[d, c.S_PENALTY] += value
    if value != 0:
        note(book, mark, d, c.CHARGED, value, 0, 0, value, 0)


@jit
def add_days(s, d, days, terms, debts):
    """§3a for `days` days on which nothing else happens to the debt."""
    row = s[d, c.S_TERMS]
    overdue = s[d, c.S_OVERDUE_PRINCIPAL]
    balance = s[d, c.S_BALANCE]
    method = terms[row, c.T_METHOD]
    cap = debts[s[d, c.S_ROW], c.D_CAP_E6] >= 0
    if method == c.CARD:
        add_accrual(s, d, c.S_INTEREST_WHOLE, c.S_INTEREST_REST, balance, terms[row, c.T_RATE_NUM], terms[row, c.T_RATE_DEN], days)
        if cap:
            s[d, c.S_PRODUCT] += (balance - s[d, c.S_CAPITALISED]) * days
        return
    if method != c.FLAT_FEE:
        add_accrual(s, d, c.S_INTEREST_WHOLE, c.S_INTEREST_REST, balance, terms[row, c.T_RATE_NUM], terms[row, c.T_RATE_DEN], days)
    unpaid_interest = s[d, c.S_OVERDUE_INTEREST]
    if overdue + unpaid_interest > 0:
        bears = overdue
        base = debts[s[d, c.S_ROW], c.D_BASE]
        if base == c.BASE_PRINCIPAL_AND_INTEREST:
            bears += unpaid_interest
        den = terms[row, c.T_PENALTY_DEN]
        add_accrual(s, d, c.S_PENALTY_WHOLE, c.S_PENALTY_REST, bears, terms[row, c.T_PENALTY_NUM], den, days)
        if base == c.BASE_ALL_PRINCIPAL:
            add_accrual(s, d, c.S_PENALTY_WHOLE, c.S_PENALTY_REST, balance, terms[row, c.T_EXTRA_NUM], den, days)
    if cap:
        s[d, c.S_PRODUCT] += (balance + overdue + s[d, c.S_DUE_PRINCIPAL] - s[d, c.S_CAPITALISED]) * days


@jit
def settled(s, d, terms):
    """The payoff without its accruals."""
    if terms[s[d, c.S_TERMS], c.T_METHOD] == c.CARD:
        return s[d, c.S_BALANCE] + s[d, c.S_FEES]
    return (
        s[d, c.S_BALANCE]
        + s[d, c.S_OVERDUE_PRINCIPAL]
        + s[d, c.S_OVERDUE_INTEREST]
        + s[d, c.S_DUE_PRINCIPAL]
        + s[d, c.S_DUE_INTEREST]
        + s[d, c.S_PENALTY]
        + s[d, c.S_FEES]
    )


@jit
def payoff(s, d, terms):
    """All that the debt is owed today, due or not (§4)."""
    return settled(s, d, terms) + interest_value(s, d, terms) + penalty_value(s, d, terms)


@jit
def may_outgrow(s, d, days, terms):
    """Whether the payoff might pass its bound within `days`; errs on the side of yes."""
    row = s[d, c.S_TERMS]
    base = settled(s, d, terms)
    whole = s[d, c.S_INTEREST_WHOLE] + s[d, c.S_PENALTY_WHOLE]
    interest_den = float(terms[row, c.T_RATE_DEN])
    penalty_den = float(terms[row, c.T_PENALTY_DEN])
    interest_rest = float(s[d, c.S_INTEREST_REST])
    penalty_rest = float(s[d, c.S_PENALTY_REST])
    if (
        base <= SMALL_FEN
        and whole == 0
        and days <= SMALL_DAYS
        and interest_rest <= SMALL_FEN * interest_den
        and penalty_rest <= SMALL_FEN * penalty_den
    ):
        return False
    per_day = float(base) * (float(terms[row, c.T_RATE_NUM]) / interest_den + float(terms[row, c.T_PENALTY_NUM]) / penalty_den)
    accrued = float(whole) + interest_rest / interest_den + penalty_rest / penalty_den
    return float(base) + accrued + per_day * float(days) > LARGE_FEN


@jit
def accrue(s, d, t, terms, debts, start, answer):
    """Bring the debt to day `t` after §3a. Returns False where its payoff outgrew the bound at the end of the day before.

    The days past due are largest just before something happens to a debt, so they are looked at here.
    """
    days = t - s[d, c.S_LAST]
    if days == 0:
        return True
    if s[d, c.S_OLDEST] > 0 and t - 1 >= start:
        answer[c.A_WORST_DAYS] = max(answer[c.A_WORST_DAYS], t - 1 - s[d, c.S_OLDEST])
    s[d, c.S_LAST] = t
    if may_outgrow(s, d, days, terms):
        add_days(s, d, days - 1, terms, debts)
        if payoff(s, d, terms) > c.PAYOFF_MAX_FEN:
            return False
        add_days(s, d, 1, terms, debts)
        return True
    add_days(s, d, days, terms, debts)
    return True


# -- bills


@jit
def add_bill(s, bills, d, due, principal, interest, overdue):
    """Append a bill or statement, kept in the order of due dates (a card's may come out of it)."""
    k = s[d, c.S_TAIL]
    s[d, c.S_TAIL] = k + 1
    while k > 0 and overdue == 0 and bills[c.P_DUE, d, k - 1] > due:
        for plane in range(4):
            bills[plane, d, k] = bills[plane, d, k - 1]
        k -= 1
    s[d, c.S_HEAD_PRINCIPAL] = min(s[d, c.S_HEAD_PRINCIPAL], k)
    s[d, c.S_HEAD_INTEREST] = min(s[d, c.S_HEAD_INTEREST], k)
    bills[c.P_DUE, d, k] = due
    bills[c.P_PRINCIPAL, d, k] = principal
    bills[c.P_INTEREST, d, k] = interest
    bills[c.P_OVERDUE, d, k] = overdue
    if overdue == 1:
        s[d, c.S_OVERDUE_PRINCIPAL] += principal
        s[d, c.S_OVERDUE_INTEREST] += interest
    else:
        s[d, c.S_DUE_PRINCIPAL] += principal
        s[d, c.S_DUE_INTEREST] += interest


@jit
def look_for_oldest(s, bills, d):
    """Set S_OLDEST, and forget bills that are paid."""
    if s[d, c.S_OVERDUE_PRINCIPAL] + s[d, c.S_OVERDUE_INTEREST] == 0:
        s[d, c.S_OLDEST] = 0
        if s[d, c.S_DUE_PRINCIPAL] + s[d, c.S_DUE_INTEREST] == 0:
            s[d, c.S_HEAD_PRINCIPAL] = 0
            s[d, c.S_HEAD_INTEREST] = 0
            s[d, c.S_FRESH] = 0
            s[d, c.S_TAIL] = 0
        return
    tail = s[d, c.S_TAIL]
    oldest = c.NEVER
    if s[d, c.S_OVERDUE_PRINCIPAL] > 0:
        k = s[d, c.S_HEAD_PRINCIPAL]
        while k < tail and (bills[c.P_OVERDUE, d, k] == 0 or bills[c.P_PRINCIPAL, d, k] == 0):
            k += 1
        oldest = bills[c.P_DUE, d, k]
    if s[d, c.S_OVERDUE_INTEREST] > 0:
        k = s[d, c.S_HEAD_INTEREST]
        while k < tail and (bills[c.P_OVERDUE, d, k] == 0 or bills[c.P_INTEREST, d, k] == 0):
            k += 1
        oldest = min(oldest, bills[c.P_DUE, d, k])
    s[d, c.S_OLDEST] = oldest


@jit
def lay_on_bills(s, bills, d, plane, head, overdue, amount):
    """Lay a payment on the oldest bills of one state; `amount` is at most what they hold."""
    k = s[d, head]
    tail = s[d, c.S_TAIL]
    while amount > 0 and k < tail:
        if bills[c.P_OVERDUE, d, k] == overdue:
            part = min(amount, bills[plane, d, k])
            bills[plane, d, k] -= part
            amount -= part
        k += 1
    k = s[d, head]
    while k < tail and bills[plane, d, k] == 0:
        k += 1
    s[d, head] = k


@jit
def lay_on_minimums(s, bills, d, amount):
    """Count money paid to a card toward its oldest unpaid minimums."""
    late = min(amount, s[d, c.S_OVERDUE_PRINCIPAL])
    if late > 0:
        s[d, c.S_OVERDUE_PRINCIPAL] -= late
        lay_on_bills(s, bills, d, c.P_PRINCIPAL, c.S_HEAD_PRINCIPAL, 1, late)
    rest = min(amount - late, s[d, c.S_DUE_PRINCIPAL])
    if rest > 0:
        s[d, c.S_DUE_PRINCIPAL] -= rest
        lay_on_bills(s, bills, d, c.P_PRINCIPAL, c.S_HEAD_PRINCIPAL, 0, rest)


# -- payments (§4)


@jit
def owed_now(s, d, terms):
    """What section 4 calls owed now."""
    if terms[s[d, c.S_TERMS], c.T_METHOD] == c.CARD:
        return min(s[d, c.S_OVERDUE_PRINCIPAL] + s[d, c.S_DUE_PRINCIPAL], s[d, c.S_BALANCE] + s[d, c.S_FEES])
    return settled(s, d, terms) - s[d, c.S_BALANCE] + penalty_value(s, d, terms)


@jit
def count_principal(s, d, amount):
    """Count principal paid; its capitalised part comes first and is interest. Returns that part."""
    capitalised = min(amount, s[d, c.S_CAPITALISED])
    s[d, c.S_CAPITALISED] -= capitalised
    s[d, c.S_PAID_INTEREST] += capitalised
    s[d, c.S_PAID_PRINCIPAL] += amount - capitalised
    return capitalised


@jit
def pay_overdue_principal(s, bills, d, money):
    x = min(money, s[d, c.S_OVERDUE_PRINCIPAL])
    if x > 0:
        s[d, c.S_OVERDUE_PRINCIPAL] -= x
        lay_on_bills(s, bills, d, c.P_PRINCIPAL, c.S_HEAD_PRINCIPAL, 1, x)
        count_principal(s, d, x)
    return money - x


@jit
def pay_overdue_interest(s, bills, d, money):
    x = min(money, s[d, c.S_OVERDUE_INTEREST])
    if x > 0:
        s[d, c.S_OVERDUE_INTEREST] -= x
        lay_on_bills(s, bills, d, c.P_INTEREST, c.S_HEAD_INTEREST, 1, x)
        s[d, c.S_PAID_INTEREST] += x
    return money - x


@jit
def pay_penalty(s, d, money):
    x = min(money, s[d, c.S_PENALTY])
    s[d, c.S_PENALTY] -= x
    s[d, c.S_PAID_PENALTY] += x
    return money - x


@jit
def pay_fees(s, d, money):
    """Pay fees, those on a card's statement first."""
    x = min(money, s[d, c.S_FEES])
    s[d, c.S_FEES] -= x
    s[d, c.S_FEES_NEW] = min(s[d, c.S_FEES_NEW], s[d, c.S_FEES])
    s[d, c.S_PAID_FEES] += x
    return money - x


@jit
def pay_balance_of_card(s, d, money, principal_first):
    x = min(money, s[d, c.S_BALANCE])
    s[d, c.S_BALANCE] -= x
    interest = max(0, x - (s[d, c.S_BALANCE] + x - s[d, c.S_CAPITALISED])) if principal_first else min(x, s[d, c.S_CAPITALISED])
    s[d, c.S_CAPITALISED] -= interest
    s[d, c.S_PAID_INTEREST] += interest
    s[d, c.S_PAID_PRINCIPAL] += x - interest
    return money - x


@jit
def pay(s, bills, d, t, money, terms, debts, book, mark):
    """Pay `money`, at most what the order of section 4 can take, by that order."""
    if money <= 0:
        return
    s[d, c.S_ACTED] = 1
    a = s[d, c.S_PAID_PRINCIPAL]
    b = s[d, c.S_PAID_INTEREST]
    e = s[d, c.S_PAID_PENALTY]
    f = s[d, c.S_PAID_FEES]
    after = debts[s[d, c.S_ROW], c.D_PRINCIPAL_FIRST]
    principal_first = after >= 0 and s[d, c.S_OLDEST] > 0 and t - s[d, c.S_OLDEST] > after
    left = money
    if terms[s[d, c.S_TERMS], c.T_METHOD] == c.CARD:
        if principal_first:
            left = pay_balance_of_card(s, d, left, True)
            left = pay_fees(s, d, left)
        else:
            left = pay_fees(s, d, left)
            left = pay_balance_of_card(s, d, left, False)
        lay_on_minimums(s, bills, d, money)
    else:
        post_penalty(s, d, terms, book, mark)
        if principal_first:
            left = pay_overdue_principal(s, bills, d, left)
            left = pay_overdue_interest(s, bills, d, left)
            left = pay_penalty(s, d, left)
            left = pay_fees(s, d, left)
        else:
            left = pay_fees(s, d, left)
            left = pay_penalty(s, d, left)
            left = pay_overdue_interest(s, bills, d, left)
            left = pay_overdue_principal(s, bills, d, left)
        x = min(left, s[d, c.S_DUE_INTEREST])
        if x > 0:
            s[d, c.S_DUE_INTEREST] -= x
            lay_on_bills(s, bills, d, c.P_INTEREST, c.S_HEAD_INTEREST, 0, x)
            s[d, c.S_PAID_INTEREST] += x
            left -= x
        x = min(left, s[d, c.S_DUE_PRINCIPAL])
        if x > 0:
            s[d, c.S_DUE_PRINCIPAL] -= x
            lay_on_bills(s, bills, d, c.P_PRINCIPAL, c.S_HEAD_PRINCIPAL, 0, x)
            count_principal(s, d, x)
    look_for_oldest(s, bills, d)
    note(
        book,
        mark,
        d,
        c.PAID,
        money,
        s[d, c.S_PAID_PRINCIPAL] - a,
        s[d, c.S_PAID_INTEREST] - b,
        s[d, c.S_PAID_PENALTY] - e,
        s[d, c.S_PAID_FEES] - f,
    )


@jit
def prepay(s, d, money, book, mark):
    """Take principal not yet due, as far as it goes; returns what was taken."""
    x = min(money, s[d, c.S_BALANCE])
    if x > 0:
        s[d, c.S_ACTED] = 1
        s[d, c.S_BALANCE] -= x
        capitalised = count_principal(s, d, x)
        note(book, mark, d, c.PAID, x, x - capitalised, capitalised, 0, 0)
    return x


@jit
def pay_off(s, d, terms, book, mark):
    """Post all accruals and take everything."""
    s[d, c.S_ACTED] = 1
    interest = take_interest(s, d, terms, book, mark)
    post_penalty(s, d, terms, book, mark)
    card = terms[s[d, c.S_TERMS], c.T_METHOD] == c.CARD
    principal = s[d, c.S_BALANCE] - s[d, c.S_CAPITALISED]
    interest += s[d, c.S_CAPITALISED]
    if not card:
        principal += s[d, c.S_OVERDUE_PRINCIPAL] + s[d, c.S_DUE_PRINCIPAL]
        interest += s[d, c.S_OVERDUE_INTEREST] + s[d, c.S_DUE_INTEREST]
    penalty = s[d, c.S_PENALTY]
    fees = s[d, c.S_FEES]
    s[d, c.S_PAID_PRINCIPAL] += principal
    s[d, c.S_PAID_INTEREST] += interest
    s[d, c.S_PAID_PENALTY] += penalty
    s[d, c.S_PAID_FEES] += fees
    empty(s, d)
    note(book, mark, d, c.PAID, principal + interest + penalty + fees, principal, interest, penalty, fees)


@jit
def empty(s, d):
    """Leave nothing owed, and no bills."""
    s[d, c.S_BALANCE] = 0
    s[d, c.S_OVERDUE_PRINCIPAL] = 0
    s[d, c.S_OVERDUE_INTEREST] = 0
    s[d, c.S_DUE_PRINCIPAL] = 0
    s[d, c.S_DUE_INTEREST] = 0
    s[d, c.S_PENALTY] = 0
    s[d, c.S_FEES] = 0
    s[d, c.S_FEES_NEW] = 0
    s[d, c.S_CAPITALISED] = 0
    s[d, c.S_HEAD_PRINCIPAL] = 0
    s[d, c.S_HEAD_INTEREST] = 0
    s[d, c.S_FRESH] = 0
    s[d, c.S_TAIL] = 0
    s[d, c.S_OLDEST] = 0


@jit
def pay_beyond(s, bills, d, t, money, terms, debts, book, mark):
    """§5.2 and §3d: money beyond what is owed now, where it does not pay the debt off. Returns what was taken."""
    row = s[d, c.S_TERMS]
    if terms[row, c.T_METHOD] == c.CARD:
        x = min(money, s[d, c.S_BALANCE] + s[d, c.S_FEES])
        pay(s, bills, d, t, x, terms, debts, book, mark)
        return x
    if terms[row, c.T_PREPAYMENT] != c.PREPAY_ANY:
        return 0
    return prepay(s, d, money, book, mark)


@jit
def pay_tied(s, bills, d, t, money, terms, debts, book, mark):
    """§3d: money for this debt only. Returns what is left over."""
    now = min(money, owed_now(s, d, terms))
    pay(s, bills, d, t, now, terms, debts, book, mark)
    left = money - now
    all_of_it = payoff(s, d, terms)
    if left <= 0 or all_of_it == 0:
        return left
    if left >= all_of_it and terms[s[d, c.S_TERMS], c.T_PREPAYMENT] != c.PREPAY_NONE:
        pay_off(s, d, terms, book, mark)
        return left - all_of_it
    return left - pay_beyond(s, bills, d, t, left, terms, debts, book, mark)
