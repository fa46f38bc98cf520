"""The simulation of many scenarios, over the arrays of `layout`: one compiled entry, `run`.

Events, not days: of each debt the next day on which anything but an accrual happens is known, and between those days the
accruals of §3a are exact multiples. `walk` visits every day instead; both give the same fen (a test holds them together).
"""

import numpy as np

from core.engine import layout as c
from core.engine.debt import accrue, half_up, interest_value, look_for_oldest, note, owed_now, pay, pay_tied, payoff, penalty_value
from core.engine.decision import KEYS, decide
from core.engine.jit import jit
from core.engine.terms import change, clear, close_day, day_in_month, fall_due, issue_statement, open_debt

CAP_DENOMINATOR = 365 * 10**6

SIGNATURE = "void({table}, {table}, {table}, {table}, {flat}, {table}, {table}, {flat}, {flat}, {table}, {flat}, {table}, {table}, {table}, {flat}, int64, int64, int64, int64)".format(
    table="int64[:, ::1]", flat="int64[::1]"
)


@jit
def write_detail(s, d, t, terms, debts, detail):
    """Write §6 of one debt at the end of day `t`."""
    penalty = s[d, c.S_PENALTY] + penalty_value(s, d, terms)
    unposted = interest_value(s, d, terms) + penalty_value(s, d, terms)
    principal = s[d, c.S_BALANCE] - s[d, c.S_CAPITALISED]
    if terms[s[d, c.S_TERMS], c.T_METHOD] != c.CARD:
        principal += s[d, c.S_OVERDUE_PRINCIPAL] + s[d, c.S_DUE_PRINCIPAL]
    charged = s[d, c.S_CHARGED] + unposted
    cap = debts[s[d, c.S_ROW], c.D_CAP_E6]
    court = -1
    if cap >= 0:
        product = s[d, c.S_PRODUCT]
        whole = product // CAP_DENOMINATOR
        court = min(charged, whole * cap + half_up((product - whole * CAP_DENOMINATOR) * cap, CAP_DENOMINATOR))
    detail[c.F_PAYOFF] = payoff(s, d, terms)
    detail[c.F_PRINCIPAL] = principal
    detail[c.F_DAYS] = t - s[d, c.S_OLDEST] if s[d, c.S_OLDEST] > 0 else 0
    detail[c.F_CHARGED] = charged
    detail[c.F_WAIVED] = s[d, c.S_WAIVED]
    detail[c.F_COURT] = court
    detail[c.F_PAID_PRINCIPAL] = s[d, c.S_PAID_PRINCIPAL]
    detail[c.F_PAID_INTEREST] = s[d, c.S_PAID_INTEREST]
    detail[c.F_PAID_PENALTY] = s[d, c.S_PAID_PENALTY]
    detail[c.F_PAID_FEES] = s[d, c.S_PAID_FEES]
    detail[c.F_PENALTY] = penalty
    detail[c.F_FEES] = s[d, c.S_FEES]


@jit
def paid_so_far(s, d):
    return s[d, c.S_PAID_PRINCIPAL] + s[d, c.S_PAID_INTEREST] + s[d, c.S_PAID_PENALTY] + s[d, c.S_PAID_FEES]


@jit
def write_sample(s, count, t, cash, terms, debts, line, details, detail_row):
    """Write the totals, and where `detail_row` is not negative every debt, at the end of day `t`."""
    for k in range(c.N_WIDTH):
        line[k] = 0
    line[c.N_CASH] = cash
    for d in range(count):
        line[c.N_PAID] += paid_so_far(s, d)
        if s[d, c.S_OPEN] == 1:
            line[c.N_PAYOFF] += payoff(s, d, terms)
            line[c.N_OPEN] += 1
            line[c.N_OVERDUE] += 1 if s[d, c.S_OLDEST] > 0 and t > s[d, c.S_OLDEST] else 0
        if detail_row >= 0:
            write_detail(s, d, t, terms, debts, details[detail_row + d])


@jit
def begin_day(s, bills, d, t, terms, debts, months, book, mark):
    """§3b and c of one debt that has accrued to `t`."""
    row = s[d, c.S_TERMS]
    debt = s[d, c.S_ROW]
    if row + 1 < debts[debt, c.D_TERMS] + debts[debt, c.D_TERMS_COUNT] and terms[row + 1, c.T_DATE] == t:
        if payoff(s, d, terms) > 0:
            change(s, d, terms, months, book, mark)
            s[d, c.S_ACTED] = 1
    if s[d, c.S_DUE] == t:
        fall_due(s, bills, d, terms, debts, months, book, mark)
        s[d, c.S_ACTED] = 1
    elif s[d, c.S_STATEMENT] == t:
        issue_statement(s, bills, d, terms, debts, months, book, mark)
        s[d, c.S_ACTED] = 1


@jit
def pay_what_was_set_aside(s, bills, d, t, terms, debts, book, mark):
    """§3d, second half. Returns what was paid."""
    money = min(s[d, c.S_ASIDE], owed_now(s, d, terms))
    s[d, c.S_ASIDE] = 0
    s[d, c.S_ACTED] = 1
    pay(s, bills, d, t, money, terms, debts, book, mark)
    return money


@jit
def run_one(
    scenario, debts, terms, open_bills, flows, lumps, tied, samples, months, answer, cleared, lines, details, book, mark, s, bills, keys, first, second, walk
):
    """Run one scenario; the rows of its answers are named in `scenario`."""
    count = scenario[c.C_DEBTS_COUNT]
    as_of = scenario[c.C_AS_OF]
    start = scenario[c.C_START]
    end = scenario[c.C_END]
    cash = scenario[c.C_CASH]
    payday = scenario[c.C_PAYDAY]
    month_of_flow = scenario[c.C_MONTH]
    pay_month = scenario[c.C_MONTH]
    while day_in_month(months, pay_month, payday) <= start:
        pay_month += 1
    next_payday = day_in_month(months, pay_month, payday)
    next_decision = start + 1
    lump = scenario[c.C_LUMPS]
    lump_end = lump + scenario[c.C_LUMPS_COUNT]
    tie = scenario[c.C_TIED]
    tie_end = tie + scenario[c.C_TIED_COUNT]
    sample = scenario[c.C_SAMPLES]
    sample_end = sample + scenario[c.C_SAMPLES_COUNT]
    for k in range(c.A_WIDTH):
        answer[k] = 0

    for d in range(count):
        open_debt(s, bills, d, scenario[c.C_DEBTS] + d, as_of, terms, debts, open_bills, months)
        all_of_it = payoff(s, d, terms)
        if all_of_it > c.PAYOFF_MAX_FEN:
            answer[c.A_STATUS] = c.OUTGREW
            answer[c.A_WHERE] = d
            return
        if all_of_it == 0:
            clear(s, d, as_of)
        first[d] = d
        second[d] = d

    t = as_of
    while True:
        mark[2] = t
        while sample < sample_end and samples[sample] <= t:
            k = sample - scenario[c.C_SAMPLES]
            row = scenario[c.C_DETAILS]
            write_sample(s, count, t, cash, terms, debts, lines[scenario[c.C_LINES] + k], details, row + k * count if row >= 0 else -1)
            sample += 1
        if t >= end:
            break

        if walk == 1:
            t += 1
        else:
            t = min(next_decision, end)
            if sample < sample_end:
                t = min(t, samples[sample])
            if tie < tie_end:
                t = min(t, tied[tie, c.E_DATE])
            for d in range(count):
                t = min(t, s[d, c.S_NEXT])
        mark[2] = t
        all_of_them = walk == 1 or t == next_decision or t == end or (sample < sample_end and samples[sample] == t)

        for d in range(count):
            if s[d, c.S_OPEN] == 1 and (all_of_them or s[d, c.S_NEXT] == t):
                s[d, c.S_ACTED] = 0
                if not accrue(s, d, t, terms, debts, start, answer):
                    answer[c.A_STATUS] = c.OUTGREW
                    answer[c.A_WHERE] = d
                    return
                if s[d, c.S_NEXT] == t or walk == 1:
                    s[d, c.S_ACTED] = 1
                    begin_day(s, bills, d, t, terms, debts, months, book, mark)

        while tie < tie_end and tied[tie, c.E_DATE] == t:
            d = tied[tie, c.E_DEBT]
            left = tied[tie, c.E_AMOUNT]
            if s[d, c.S_OPEN] == 1:
                if not accrue(s, d, t, terms, debts, start, answer):
                    answer[c.A_STATUS] = c.OUTGREW
                    answer[c.A_WHERE] = d
                    return
                s[d, c.S_ACTED] = 1
                left = pay_tied(s, bills, d, t, left, terms, debts, book, mark)
            if t <= start and left > 0:
                answer[c.A_STATUS] = c.REFUSED
                answer[c.A_WHERE] = tie - scenario[c.C_TIED]
                return
            cash += left
            tie += 1

        for d in range(count):
            if s[d, c.S_ASIDE] > 0 and s[d, c.S_ASIDE_FOR] == t:
                cash -= pay_what_was_set_aside(s, bills, d, t, terms, debts, book, mark)

        if t == next_decision:
            while lump < lump_end and lumps[lump, c.L_DATE] <= t:
                cash += lumps[lump, c.L_AMOUNT]
                lump += 1
            if t == next_payday:
                cash += flows[scenario[c.C_FLOWS] + pay_month - month_of_flow]
                pay_month += 1
                next_payday = day_in_month(months, pay_month, payday)
            next_decision = next_payday
            cash = decide(
                s, bills, count, t, next_payday, cash, scenario[c.C_RESERVE], scenario[c.C_STRATEGY], terms, debts, months, keys, first, second, book, mark
            )
            answer[c.A_WORST_SHORTFALL] = max(answer[c.A_WORST_SHORTFALL], -cash)

        for d in range(count):
            if s[d, c.S_OPEN] == 1 and s[d, c.S_LAST] == t and s[d, c.S_ACTED] == 1:
                if not close_day(s, bills, d, t, terms, debts, book, mark):
                    answer[c.A_STATUS] = c.OUTGREW
                    answer[c.A_WHERE] = d
                    return

    debt_free = 0
    answer[c.A_CASH] = cash
    for d in range(count):
        if s[d, c.S_OPEN] == 1:
            all_of_it = payoff(s, d, terms)
            if all_of_it > c.PAYOFF_MAX_FEN:
                answer[c.A_STATUS] = c.OUTGREW
                answer[c.A_WHERE] = d
                return
            answer[c.A_CLOSING_PAYOFF] += all_of_it
            if s[d, c.S_OLDEST] > 0:
                answer[c.A_WORST_DAYS] = max(answer[c.A_WORST_DAYS], t - s[d, c.S_OLDEST])
            interest = interest_value(s, d, terms) - s[d, c.S_OPENING]
            penalty = penalty_value(s, d, terms)
            if interest + penalty != 0:
                note(book, mark, d, c.CHARGED, interest + penalty, 0, interest, penalty, 0)
            debt_free = c.NEVER
        else:
            debt_free = max(debt_free, s[d, c.S_CLEARED])
        cleared[scenario[c.C_CLEARED] + d] = s[d, c.S_CLEARED]
        answer[c.A_TOTAL_PAID] += paid_so_far(s, d)
        answer[c.A_TOTAL_COST] += paid_so_far(s, d) - s[d, c.S_PAID_PRINCIPAL]
        answer[c.A_TOTAL_WAIVED] += s[d, c.S_WAIVED]
    answer[c.A_DEBT_FREE] = debt_free if debt_free < c.NEVER else 0


def run(scenarios, debts, terms, open_bills, flows, lumps, tied, samples, months, answers, cleared, lines, details, book, mark, low, high, room, walk):
    """Run scenarios low … high - 1 and write their answers.

    All tables are int64, C-contiguous, with the columns of `layout`; `flows`, `samples`, `months`, `cleared` and `mark` are
    flat. `months[k]` is the ordinal of the first day of month k. `room` is how many bills a debt may have open at once.
    Only the rows that the scenarios name are written, so that threads can share the tables; but `book` is one thread's.
    A scenario that fails is walked day by day once more, so that the debt that failed first is the one that is named.
    """
    most = 1
    for k in range(low, high):
        most = max(most, scenarios[k, c.C_DEBTS_COUNT])
    s = np.zeros((most, c.S_WIDTH), np.int64)
    bills = np.zeros((4, most, room), np.int64)
    keys = np.zeros((most, KEYS), np.int64)
    first = np.zeros(most, np.int64)
    second = np.zeros(most, np.int64)
    for k in range(low, high):
        mark[1] = k
        entries = mark[0]
        run_one(
            scenarios[k], debts, terms, open_bills, flows, lumps, tied, samples, months, answers[k], cleared, lines, details, book, mark, s, bills, keys, first, second, walk
        )
        if answers[k, c.A_STATUS] == c.OUTGREW and walk == 0:
            mark[0] = entries
            run_one(
                scenarios[k], debts, terms, open_bills, flows, lumps, tied, samples, months, answers[k], cleared, lines, details, book, mark, s, bills, keys, first, second, 1
            )
