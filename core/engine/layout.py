"""Columns of the arrays that the kernel reads and writes.

Every table is int64 with one row a thing (a scenario, a debt, a set of terms) and one named column a field. Amounts
are fen, dates are `datetime.date.toordinal()`, months are `year * 12 + month - 1`. A date or an amount that does not
exist is `NEVER` or -1, as its column says.

A thread runs its scenarios in one flat int64 array, the memory: the header (the scenario's own row first, then the
`H_` fields), the months' first days, and then, each from the place that the header names, the rows of debts (the
debt's own row first, then the `S_` fields), their terms, their bills, the two orders of §5, the debts' next events,
the debts of today, and the ledger.
"""

from typing import Final

NEVER: Final = 1 << 40  # a date after every date
PAYOFF_MAX_FEN: Final = 10**11
"""A payoff above this at the end of a day ends the scenario (CALCULATION.md §1; docs/decisions.md on its size)."""

# -- strategies, in the order of core.simulate.STRATEGIES
STOP: Final = 0
MINIMUM: Final = 1
AVALANCHE: Final = 2
SNOWBALL: Final = 3
RESCUE: Final = 4
CUSTOM: Final = 5

# -- methods
EQUAL_PRINCIPAL: Final = 0
EQUAL_INSTALMENT: Final = 1
INTEREST_ONLY: Final = 2
BULLET: Final = 3
FLAT_FEE: Final = 4
CARD: Final = 5

# -- prepayment, penalty base
PREPAY_ANY: Final = 0
PREPAY_FULL_ONLY: Final = 1
PREPAY_NONE: Final = 2
BASE_PRINCIPAL: Final = 0
BASE_PRINCIPAL_AND_INTEREST: Final = 1
BASE_ALL_PRINCIPAL: Final = 2

# -- terms: one row a set of terms in force, the first of a debt from `as_of`, each next one from a change
T_DATE: Final = 0  # the change's date; 0 in the first row of a debt
T_METHOD: Final = 1
T_INSTALMENTS: Final = 2
T_DUE_DAY: Final = 3
T_FIRST_MONTH: Final = 4  # month of the first due date
T_RATE_NUM: Final = 5  # one day's interest: balance * T_RATE_NUM / T_RATE_DEN
T_RATE_DEN: Final = 6
T_PENALTY_NUM: Final = 7  # one day's penalty on its base, over T_PENALTY_DEN
T_EXTRA_NUM: Final = 8  # penalty rate less the rate, at least 0, over T_PENALTY_DEN
T_PENALTY_DEN: Final = 9
T_ANNUAL_E8: Final = 10  # annual rate * 10^8
T_ACCELERATE: Final = 11  # -1: never
T_PREPAYMENT: Final = 12
T_WAIVE_PRINCIPAL: Final = 13  # shares * 10^4
T_WAIVE_INTEREST: Final = 14
T_WAIVE_PENALTY: Final = 15
T_WAIVE_FEES: Final = 16
T_LEVEL: Final = 17  # LEVEL_LIMBS columns: the level payment of 1, base 2^LIMB_BITS, rounded up in the last
LEVEL_LIMBS: Final = 7
LIMB_BITS: Final = 24
T_WIDTH: Final = T_LEVEL + LEVEL_LIMBS

# -- debts: what stays the same under every set of terms, and the state at `as_of`
D_TERMS: Final = 0  # first row in terms
D_TERMS_COUNT: Final = 1
D_BALANCE: Final = 2  # principal not yet due, or a card's balance
D_PENALTY: Final = 3
D_FEES: Final = 4
D_ACCRUED_WHOLE: Final = 5  # interest accrued, whole fen
D_ACCRUED_REST: Final = 6  # and the rest, over T_RATE_DEN of the first terms
D_BILLS: Final = 7  # first row in bills
D_BILLS_COUNT: Final = 8
D_GRACE: Final = 9
D_BASE: Final = 10
D_PRINCIPAL_FIRST: Final = 11  # -1: never
D_REPORTED: Final = 12
D_FEE_PER_INSTALMENT: Final = 13
D_CAP_E6: Final = 14  # -1: none
D_STATEMENT_DAY: Final = 15
D_STATEMENT_MONTH: Final = 16  # month of the first statement after as_of
D_MIN_RATE_E4: Final = 17
D_MIN_FLOOR: Final = 18
D_LATE_RATE_E4: Final = 19
D_LATE_MIN: Final = 20
D_WIDTH: Final = 21

# -- bills and statements open at as_of
B_DUE: Final = 0
B_PRINCIPAL: Final = 1  # a statement: its unpaid minimum
B_INTEREST: Final = 2
B_WIDTH: Final = 3

# -- scenarios
C_DEBTS: Final = 0  # first row in debts
C_DEBTS_COUNT: Final = 1
C_AS_OF: Final = 2
C_START: Final = 3  # today; decisions begin the day after
C_END: Final = 4
C_PAYDAY: Final = 5
C_CASH: Final = 6
C_RESERVE: Final = 7
C_FLOWS: Final = 8  # first row in flows: incomes less expenses, a row a month from that of as_of
C_MONTH: Final = 9  # month of as_of
C_LUMPS: Final = 10  # first row in lumps: one-offs for the household
C_LUMPS_COUNT: Final = 11
C_TIED: Final = 12  # first row in tied: one-offs for a debt, and recorded payments
C_TIED_COUNT: Final = 13
C_STRATEGY: Final = 14
C_SAMPLES: Final = 15  # first row in samples: the days to report on
C_SAMPLES_COUNT: Final = 16
C_LINES: Final = 17  # first row in the lines answer
C_DETAILS: Final = 18  # first row in the details answer; -1: none wanted
C_CLEARED: Final = 19  # first row in the cleared answer
C_WIDTH: Final = 20

# -- limits: one row, what the memory must have room for
R_FIRST_MONTH: Final = 0
R_DEBTS: Final = 1  # debts of a plan
R_TERMS: Final = 2  # sets of terms of a plan
R_BILLS: Final = 3  # bills that a debt may have open at once
R_BOOK: Final = 4  # ledger entries
R_WIDTH: Final = 5

# -- header of the memory, after the scenario's columns
H_FIRST_MONTH: Final = C_WIDTH  # the month whose first day stands at H_WIDTH
H_TODAY: Final = C_WIDTH + 1  # the day that is being run
H_SCENARIO: Final = C_WIDTH + 2
H_ROWS: Final = C_WIDTH + 3  # where the rows of debts begin
H_ROWS_END: Final = C_WIDTH + 4
H_TERMS: Final = C_WIDTH + 5
H_BILLS: Final = C_WIDTH + 6
H_BILLS_ROOM: Final = C_WIDTH + 7  # bills that a debt may have open at once
H_FIRST: Final = C_WIDTH + 8  # the two orders of §5: places of debts' rows
H_SECOND: Final = C_WIDTH + 9
H_NEXT: Final = C_WIDTH + 10  # each debt's next event, side by side: they are looked through day by day
H_TOUCHED: Final = C_WIDTH + 11  # places of the debts' rows that today is about
H_TOUCHED_COUNT: Final = C_WIDTH + 12
H_BOOK: Final = C_WIDTH + 13
H_BOOK_ROOM: Final = C_WIDTH + 14  # entries; 0: no ledger
H_ENTRIES: Final = C_WIDTH + 15
H_WORST_DAYS: Final = C_WIDTH + 16
H_CASH: Final = C_WIDTH + 17
H_WIDTH: Final = C_WIDTH + 18

# -- lumps: date, amount. tied: date, debt within its plan, amount
L_DATE: Final = 0
L_AMOUNT: Final = 1
L_WIDTH: Final = 2
E_DATE: Final = 0
E_DEBT: Final = 1
E_AMOUNT: Final = 2
E_WIDTH: Final = 3

# -- answers: one row a scenario
A_STATUS: Final = 0
A_WHERE: Final = 1  # the debt, or the recorded payment, that A_STATUS speaks of
A_TOTAL_PAID: Final = 2
A_TOTAL_COST: Final = 3
A_TOTAL_WAIVED: Final = 4
A_CLOSING_PAYOFF: Final = 5
A_WORST_DAYS: Final = 6
A_WORST_SHORTFALL: Final = 7
A_CASH: Final = 8
A_DEBT_FREE: Final = 9  # a date; 0 while a debt is open
A_WIDTH: Final = 10
OK: Final = 0
OUTGREW: Final = 1
REFUSED: Final = 2  # a recorded payment that its debt cannot take

# -- lines: one row a scenario and sample
N_PAYOFF: Final = 0
N_PAID: Final = 1
N_CASH: Final = 2
N_OPEN: Final = 3
N_OVERDUE: Final = 4
N_WIDTH: Final = 5

# -- details: one row a scenario, sample and debt
F_PAYOFF: Final = 0
F_PRINCIPAL: Final = 1
F_DAYS: Final = 2
F_CHARGED: Final = 3
F_WAIVED: Final = 4
F_COURT: Final = 5  # -1: no cap
F_PAID_PRINCIPAL: Final = 6
F_PAID_INTEREST: Final = 7
F_PAID_PENALTY: Final = 8
F_PAID_FEES: Final = 9
F_PENALTY: Final = 10  # with its accrual
F_FEES: Final = 11
F_WIDTH: Final = 12

# -- ledger: one row an entry
G_SCENARIO: Final = 0
G_DATE: Final = 1
G_DEBT: Final = 2
G_KIND: Final = 3
G_AMOUNT: Final = 4
G_PRINCIPAL: Final = 5
G_INTEREST: Final = 6
G_PENALTY: Final = 7
G_FEES: Final = 8
G_WIDTH: Final = 9
FELL_DUE: Final = 0
SET_ASIDE: Final = 1
PAID: Final = 2
CHARGED: Final = 3
WAIVED: Final = 4

# -- state of a debt while a scenario runs, after the debt's columns
S_INDEX: Final = D_WIDTH + 0  # its place in the plan
S_OPEN: Final = D_WIDTH + 1
S_LAST: Final = D_WIDTH + 2  # accrued up to the end of this day
S_NEXT_AT: Final = D_WIDTH + 3  # where its next event stands among those of all debts, from H_NEXT on
S_BILLS: Final = D_WIDTH + 4  # where its bills begin
S_TERMS: Final = D_WIDTH + 5  # where its terms begin
S_BALANCE: Final = D_WIDTH + 6  # principal not yet due, or a card's balance
S_OVERDUE_PRINCIPAL: Final = D_WIDTH + 7  # a card: unpaid minimums past their deadline
S_OVERDUE_INTEREST: Final = D_WIDTH + 8
S_DUE_PRINCIPAL: Final = D_WIDTH + 9  # a card: unpaid minimums not past their deadline
S_DUE_INTEREST: Final = D_WIDTH + 10
S_PENALTY: Final = D_WIDTH + 11
S_FEES: Final = D_WIDTH + 12
S_FEES_NEW: Final = D_WIDTH + 13  # a card's fees not yet on a statement
S_CAPITALISED: Final = D_WIDTH + 14  # the part of principal that counts as interest when paid
S_INTEREST_WHOLE: Final = D_WIDTH + 15  # the accruals: whole fen, and a rest over the terms' denominator
S_INTEREST_REST: Final = D_WIDTH + 16
S_PENALTY_WHOLE: Final = D_WIDTH + 17
S_PENALTY_REST: Final = D_WIDTH + 18
S_LEFT: Final = D_WIDTH + 19  # due dates to come
S_DUE: Final = D_WIDTH + 20  # the next one
S_DUE_MONTH: Final = D_WIDTH + 21
S_STATEMENT: Final = D_WIDTH + 22  # a card's next statement
S_STATEMENT_MONTH: Final = D_WIDTH + 23
S_PART: Final = D_WIDTH + 24  # p of §3c
S_LEVEL: Final = D_WIDTH + 25  # A of §3c
S_HEAD_PRINCIPAL: Final = D_WIDTH + 26  # first bill with principal unpaid
S_HEAD_INTEREST: Final = D_WIDTH + 27
S_TAIL: Final = D_WIDTH + 28  # end of the bills
S_FRESH: Final = D_WIDTH + 29  # first bill whose deadline is to come
S_OLDEST: Final = D_WIDTH + 30  # due date of the oldest overdue bill; 0: none
S_ASIDE: Final = D_WIDTH + 31  # money set aside for S_ASIDE_FOR
S_ASIDE_FOR: Final = D_WIDTH + 32
S_PAID_PRINCIPAL: Final = D_WIDTH + 33
S_PAID_INTEREST: Final = D_WIDTH + 34
S_PAID_PENALTY: Final = D_WIDTH + 35
S_PAID_FEES: Final = D_WIDTH + 36
S_CHARGED: Final = D_WIDTH + 37
S_WAIVED: Final = D_WIDTH + 38
S_PRODUCT: Final = D_WIDTH + 39  # 积数 of principal since as_of
S_CLEARED: Final = D_WIDTH + 40
S_ACTED: Final = D_WIDTH + 41  # its state changed today by more than an accrual
S_OPENING: Final = D_WIDTH + 42  # value of the accrual at as_of that no charge has yet been set against
S_CHANGE: Final = D_WIDTH + 43  # the next agreed change
S_CHANGES: Final = D_WIDTH + 44  # agreed changes to come
S_KEY: Final = D_WIDTH + 45  # KEYS columns to sort by, less comes first: two, and RATE_KEYS for the annual rate
RATE_KEYS: Final = 4
KEYS: Final = 2 + RATE_KEYS
ROW_WIDTH: Final = S_KEY + KEYS

# -- a bill of a running debt
P_DUE: Final = 0
P_PRINCIPAL: Final = 1
P_INTEREST: Final = 2
P_OVERDUE: Final = 3
P_WIDTH: Final = 4
