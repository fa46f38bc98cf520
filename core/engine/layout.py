"""Columns of the arrays that the kernel reads and writes.

Every table is int64 with one row a thing (a scenario, a debt, a set of terms) and one named column a field. Amounts are fen,
dates are `datetime.date.toordinal()`, months are `year * 12 + month - 1` counted from `MONTH_ZERO`. A date or an amount that
does not exist is `NEVER` or -1, as its column says.
"""

from typing import Final

NEVER: Final = 1 << 40  # a date after every date
MONTH_ZERO: Final = 1989 * 12
PAYOFF_MAX_FEN: Final = 10**11
"""A payoff above this at the end of a day ends the scenario; docs/decisions.md says why it is not the 10^10 of CALCULATION.md §1."""

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

# -- state of a debt while a scenario runs
S_OPEN: Final = 0
S_LAST: Final = 1  # accrued up to the end of this day
S_NEXT: Final = 2  # its next event
S_ROW: Final = 3  # row in debts
S_TERMS: Final = 4  # row in terms
S_BALANCE: Final = 5  # principal not yet due, or a card's balance
S_OVERDUE_PRINCIPAL: Final = 6  # a card: unpaid minimums past their deadline
S_OVERDUE_INTEREST: Final = 7
S_DUE_PRINCIPAL: Final = 8  # a card: unpaid minimums not past their deadline
S_DUE_INTEREST: Final = 9
S_PENALTY: Final = 10
S_FEES: Final = 11
S_FEES_NEW: Final = 12  # a card's fees not yet on a statement
S_CAPITALISED: Final = 13  # the part of principal that counts as interest when paid
S_INTEREST_WHOLE: Final = 14  # the accruals: whole fen, and a rest over the terms' denominator
S_INTEREST_REST: Final = 15
S_PENALTY_WHOLE: Final = 16
S_PENALTY_REST: Final = 17
S_LEFT: Final = 18  # due dates to come
S_DUE: Final = 19  # the next one
S_DUE_MONTH: Final = 20
S_STATEMENT: Final = 21  # a card's next statement
S_STATEMENT_MONTH: Final = 22
S_PART: Final = 23  # p of §3c
S_LEVEL: Final = 24  # A of §3c
S_HEAD_PRINCIPAL: Final = 25  # first bill with principal unpaid
S_HEAD_INTEREST: Final = 26
S_TAIL: Final = 27  # end of the bills
S_FRESH: Final = 28  # first bill whose deadline is to come
S_OLDEST: Final = 29  # due date of the oldest overdue bill; 0: none
S_ASIDE: Final = 30  # money set aside for S_ASIDE_FOR
S_ASIDE_FOR: Final = 31
S_PAID_PRINCIPAL: Final = 32
S_PAID_INTEREST: Final = 33
S_PAID_PENALTY: Final = 34
S_PAID_FEES: Final = 35
S_CHARGED: Final = 36
S_WAIVED: Final = 37
S_PRODUCT: Final = 38  # 积数 of principal since as_of
S_CLEARED: Final = 39
S_ACTED: Final = 40  # its state changed today by more than an accrual
S_OPENING: Final = 41  # value of the accrual at as_of that no charge has yet been set against
S_WIDTH: Final = 42

# -- the bills of a running debt: planes of one array (4, debts, room)
P_DUE: Final = 0
P_PRINCIPAL: Final = 1
P_INTEREST: Final = 2
P_OVERDUE: Final = 3
