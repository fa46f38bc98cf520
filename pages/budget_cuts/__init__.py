"""Budget cuts: what can be freed for the debts, and what each ¥100 of it buys."""
