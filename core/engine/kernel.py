# pyright: basic
"""The simulation of many scenarios, over the tables and the memory of `layout`: one compiled entry, `run`.

Events, not days: of each debt the next day on which anything but an accrual happens is known, and between those days
the accruals of §3a are exact multiples. `walk` visits every day instead; both give the same fen (a test holds them
together).
"""

from core.engine import layout as c
from core.engine.debt import accrue, day_in_month, half_up, interest_value, note, payoff, penalty_value
from core.engine.decision import decide
from core.engine.jit import jit
from core.engine.payments import owed_now, pay, pay_tied
from core.engine.terms import change, clear, close_day, fall_due, issue_statement, open_debt

CAP_DENOMINATOR = 365 * 10**6

SIGNATURE = "void({tables}, {flats}, int64[::1], int64, int64, int64)".format(
    tables=", ".join(["int64[:, ::1]"] * 10), flats=", ".join(["int64[::1]"] * 4)
)


@jit
def write_detail(m, d, t, detail):
    """Write §6 of one debt at the end of day `t`."""
    unposted_penalty = penalty_value(m, d)
    principal = m[d + c.S_BALANCE] - m[d + c.S_CAPITALISED]
    if m[m[d + c.S_TERMS] + c.T_METHOD] != c.CARD:
        principal += m[d + c.S_OVERDUE_PRINCIPAL] + m[d + c.S_DUE_PRINCIPAL]
    charged = m[d + c.S_CHARGED] + interest_value(m, d) + unposted_penalty
    cap = m[d + c.D_CAP_E6]
    court = -1
    if cap >= 0:
        product = m[d + c.S_PRODUCT]
        whole = product // CAP_DENOMINATOR
        court = min(charged, whole * cap + half_up((product - whole * CAP_DENOMINATOR) * cap, CAP_DENOMINATOR))
    detail[c.F_PAYOFF] = payoff(m, d)
    detail[c.F_PRINCIPAL] = principal
    detail[c.F_DAYS] = t - m[d + c.S_OLDEST] if m[d + c.S_OLDEST] > 0 else 0
    detail[c.F_CHARGED] = charged
    detail[c.F_WAIVED] = m[d + c.S_WAIVED]
    detail[c.F_COURT] = court
    detail[c.F_PAID_PRINCIPAL] = m[d + c.S_PAID_PRINCIPAL]
    detail[c.F_PAID_INTEREST] = m[d + c.S_PAID_INTEREST]
    detail[c.F_PAID_PENALTY] = m[d + c.S_PAID_PENALTY]
    detail[c.F_PAID_FEES] = m[d + c.S_PAID_FEES]
    detail[c.F_PENALTY] = m[d + c.S_PENALTY] + unposted_penalty
    detail[c.F_FEES] = m[d + c.S_FEES]


@jit
def paid_so_far(m, d):
    return m[d + c.S_PAID_PRINCIPAL] + m[d + c.S_PAID_INTEREST] + m[d + c.S_PAID_PENALTY] + m[d + c.S_PAID_FEES]


@jit
def write_sample(m, t, line, details):
    """Write the totals at the end of day `t`, and where `details` has rows every debt."""
    for k in range(c.N_WIDTH):
        line[k] = 0
    line[c.N_CASH] = m[c.H_CASH]
    for d in range(m[c.H_ROWS], m[c.H_ROWS_END], c.ROW_WIDTH):
        line[c.N_PAID] += paid_so_far(m, d)
        if m[d + c.S_OPEN] == 1:
            line[c.N_PAYOFF] += payoff(m, d)
            line[c.N_OPEN] += 1
            line[c.N_OVERDUE] += 1 if m[d + c.S_OLDEST] > 0 and t > m[d + c.S_OLDEST] else 0
        if details.shape[0] > 0:
            write_detail(m, d, t, details[m[d + c.S_INDEX]])


@jit
def begin_day(m, d, t):
    """§3b and c of one debt that has accrued to `t`."""
    if m[d + c.S_CHANGE] == t:
        change(m, d)
    if m[d + c.S_DUE] == t:
        fall_due(m, d)
    elif m[d + c.S_STATEMENT] == t:
        issue_statement(m, d)


@jit
def pay_what_was_set_aside(m, d, t):
    """§3d, second half."""
    money = min(m[d + c.S_ASIDE], owed_now(m, d))
    m[d + c.S_ASIDE] = 0
    m[d + c.S_ACTED] = 1
    pay(m, d, t, money)
    m[c.H_CASH] -= money


@jit
def next_day(m, bound):
    """The next day on which anything happens, `bound` at the latest."""
    first = m[c.H_NEXT]
    for k in range(first, first + m[c.C_DEBTS_COUNT]):
        bound = min(bound, m[k])
    return bound


@jit
def touch(m, d):
    """Put a debt among those of today."""
    m[m[c.H_TOUCHED] + m[c.H_TOUCHED_COUNT]] = d
    m[c.H_TOUCHED_COUNT] += 1


@jit
def begin_debts(m, t, all_of_them, walk):
    """§3a to c of the debts that something happens to. Returns the place of one that outgrew its bound, or -1."""
    m[c.H_TOUCHED_COUNT] = 0
    first = m[c.H_NEXT]
    rows = m[c.H_ROWS]
    for k in range(m[c.C_DEBTS_COUNT]):
        if m[first + k] == t or all_of_them:
            d = rows + k * c.ROW_WIDTH
            if m[d + c.S_OPEN] == 0:
                continue
            touch(m, d)
            m[d + c.S_ACTED] = walk
            if not accrue(m, d, t):
                return d
            if m[first + k] == t or walk == 1:
                m[d + c.S_ACTED] = 1
                begin_day(m, d, t)
    return -1


@jit
def close_debts(m, t):
    """§3f and g of the debts that something happened to. Returns the place of one that outgrew its bound, or -1."""
    first = m[c.H_TOUCHED]
    for k in range(first, first + m[c.H_TOUCHED_COUNT]):
        d = m[k]
        if m[d + c.S_ACTED] == 1 and not close_day(m, d, t):
            return d
    return -1


@jit
def fail(m, d, answer):
    answer[c.A_STATUS] = c.OUTGREW
    answer[c.A_WHERE] = m[d + c.S_INDEX]


@jit
def write_answer(m, t, answer, cleared):
    """Write the scenario's totals at the end of its last day."""
    answer[c.A_CASH] = m[c.H_CASH]
    debt_free = 0
    for d in range(m[c.H_ROWS], m[c.H_ROWS_END], c.ROW_WIDTH):
        if m[d + c.S_OPEN] == 1:
            all_of_it = payoff(m, d)
            if all_of_it > c.PAYOFF_MAX_FEN:
                fail(m, d, answer)
                return
            answer[c.A_CLOSING_PAYOFF] += all_of_it
            if m[d + c.S_OLDEST] > 0:
                m[c.H_WORST_DAYS] = max(m[c.H_WORST_DAYS], t - m[d + c.S_OLDEST])
            interest = interest_value(m, d) - m[d + c.S_OPENING]
            penalty = penalty_value(m, d)
            if interest + penalty != 0:
                note(m, d, c.CHARGED, interest + penalty, 0, interest, penalty, 0)
            debt_free = c.NEVER
        else:
            debt_free = max(debt_free, m[d + c.S_CLEARED])
        cleared[m[c.C_CLEARED] + m[d + c.S_INDEX]] = m[d + c.S_CLEARED]
        answer[c.A_TOTAL_PAID] += paid_so_far(m, d)
        answer[c.A_TOTAL_COST] += paid_so_far(m, d) - m[d + c.S_PAID_PRINCIPAL]
        answer[c.A_TOTAL_WAIVED] += m[d + c.S_WAIVED]
    answer[c.A_WORST_DAYS] = m[c.H_WORST_DAYS]
    answer[c.A_DEBT_FREE] = debt_free if debt_free < c.NEVER else 0


@jit
def run_one(m, scenario, debts, terms, open_bills, flows, lumps, tied, samples, answer, cleared, lines, details, walk):
    """Run one scenario; the rows of its answers are named in `scenario`."""
    for k in range(c.C_WIDTH):
        m[k] = scenario[k]
    for k in range(c.A_WIDTH):
        answer[k] = 0
    count = m[c.C_DEBTS_COUNT]
    start = m[c.C_START]
    end = m[c.C_END]
    payday = m[c.C_PAYDAY]
    m[c.H_CASH] = m[c.C_CASH]
    m[c.H_WORST_DAYS] = 0
    m[c.H_ROWS_END] = m[c.H_ROWS] + count * c.ROW_WIDTH
    pay_month = m[c.C_MONTH]
    while day_in_month(m, pay_month, payday) <= start:
        pay_month += 1
    next_payday = day_in_month(m, pay_month, payday)
    next_decision = start + 1
    lump = m[c.C_LUMPS]
    lump_end = lump + m[c.C_LUMPS_COUNT]
    tie = m[c.C_TIED]
    tie_end = tie + m[c.C_TIED_COUNT]
    sample = m[c.C_SAMPLES]
    sample_end = sample + m[c.C_SAMPLES_COUNT]
    line = m[c.C_LINES]
    detail = m[c.C_DETAILS]

    t = m[c.C_AS_OF]
    place = m[c.H_TERMS]
    for k in range(count):
        place = open_debt(m, k, m[c.C_DEBTS] + k, place, debts, terms, open_bills)
        d = m[c.H_ROWS] + k * c.ROW_WIDTH
        m[m[c.H_FIRST] + k] = d
        m[m[c.H_SECOND] + k] = d
        all_of_it = payoff(m, d)
        if all_of_it > c.PAYOFF_MAX_FEN:
            fail(m, d, answer)
            return
        if all_of_it == 0:
            clear(m, d, t)

    while True:
        m[c.H_TODAY] = t
        while sample < sample_end and samples[sample] <= t:
            if detail >= 0:
                write_sample(m, t, lines[line], details[detail : detail + count])
                detail += count
            else:
                write_sample(m, t, lines[line], details[0:0])
            line += 1
            sample += 1
        if t >= end:
            break

        if walk == 1:
            t += 1
        else:
            bound = min(next_decision, end)
            if sample < sample_end:
                bound = min(bound, samples[sample])
            if tie < tie_end:
                bound = min(bound, tied[tie, c.E_DATE])
            t = next_day(m, bound)
        m[c.H_TODAY] = t
        all_of_them = walk == 1 or t == next_decision or t == end or (sample < sample_end and samples[sample] == t)
        outgrown = begin_debts(m, t, all_of_them, walk)
        if outgrown >= 0:
            fail(m, outgrown, answer)
            return

        while tie < tie_end and tied[tie, c.E_DATE] == t:
            d = m[c.H_ROWS] + tied[tie, c.E_DEBT] * c.ROW_WIDTH
            left = tied[tie, c.E_AMOUNT]
            if m[d + c.S_OPEN] == 1:
                if m[d + c.S_LAST] < t:
                    touch(m, d)
                    if not accrue(m, d, t):
                        fail(m, d, answer)
                        return
                m[d + c.S_ACTED] = 1
                left = pay_tied(m, d, t, left)
            if t <= start and left > 0:
                answer[c.A_STATUS] = c.REFUSED
                answer[c.A_WHERE] = tie - m[c.C_TIED]
                return
            m[c.H_CASH] += left
            tie += 1

        for k in range(m[c.H_TOUCHED], m[c.H_TOUCHED] + m[c.H_TOUCHED_COUNT]):
            if m[m[k] + c.S_ASIDE] > 0 and m[m[k] + c.S_ASIDE_FOR] == t:
                pay_what_was_set_aside(m, m[k], t)

        if t == next_decision:
            while lump < lump_end and lumps[lump, c.L_DATE] <= t:
                m[c.H_CASH] += lumps[lump, c.L_AMOUNT]
                lump += 1
            if t == next_payday:
                m[c.H_CASH] += flows[m[c.C_FLOWS] + pay_month - m[c.C_MONTH]]
                pay_month += 1
                next_payday = day_in_month(m, pay_month, payday)
            next_decision = next_payday
            decide(m, t, next_payday)
            answer[c.A_WORST_SHORTFALL] = max(answer[c.A_WORST_SHORTFALL], -m[c.H_CASH])

        outgrown = close_debts(m, t)
        if outgrown >= 0:
            fail(m, outgrown, answer)
            return
    write_answer(m, t, answer, cleared)


def run(
    scenarios,
    debts,
    terms,
    open_bills,
    lumps,
    tied,
    answers,
    lines,
    details,
    limits,
    flows,
    samples,
    months,
    cleared,
    memory,
    low,
    high,
    walk,
):
    """Run scenarios low … high - 1 and write their answers.

    All arrays are int64 and C-contiguous, the tables with the columns of `layout`; `flows`, `samples` and `cleared`
    are flat. `months[k]` is the ordinal of the first day of month `limits[0, R_FIRST_MONTH]` + k. `memory` has the
    room that `limits` asks for (`memory_size`); the ledger is its end. Only the rows that the scenarios name are
    written, so that threads with a memory each can share the tables. A scenario that fails is walked day by day once
    more, so that the debt that failed first is the one that is named.
    """
    m = memory
    m[c.H_FIRST_MONTH] = limits[0, c.R_FIRST_MONTH]
    for k in range(len(months)):
        m[c.H_WIDTH + k] = months[k]
    m[c.H_ROWS] = c.H_WIDTH + len(months)
    m[c.H_TERMS] = m[c.H_ROWS] + limits[0, c.R_DEBTS] * c.ROW_WIDTH
    m[c.H_BILLS] = m[c.H_TERMS] + limits[0, c.R_TERMS] * c.T_WIDTH
    m[c.H_BILLS_ROOM] = limits[0, c.R_BILLS]
    m[c.H_FIRST] = m[c.H_BILLS] + limits[0, c.R_DEBTS] * limits[0, c.R_BILLS] * c.P_WIDTH
    m[c.H_SECOND] = m[c.H_FIRST] + limits[0, c.R_DEBTS]
    m[c.H_NEXT] = m[c.H_SECOND] + limits[0, c.R_DEBTS]
    m[c.H_TOUCHED] = m[c.H_NEXT] + limits[0, c.R_DEBTS]
    m[c.H_BOOK] = m[c.H_TOUCHED] + limits[0, c.R_DEBTS]
    m[c.H_BOOK_ROOM] = limits[0, c.R_BOOK]
    m[c.H_ENTRIES] = 0
    for k in range(low, high):
        m[c.H_SCENARIO] = k
        entries = m[c.H_ENTRIES]
        again = walk
        while True:
            run_one(
                m,
                scenarios[k],
                debts,
                terms,
                open_bills,
                flows,
                lumps,
                tied,
                samples,
                answers[k],
                cleared,
                lines,
                details,
                again,
            )
            if again == 1 or answers[k, c.A_STATUS] != c.OUTGREW:
                break
            again = 1
            m[c.H_ENTRIES] = entries
