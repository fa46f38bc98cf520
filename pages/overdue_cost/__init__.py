"""Overdue cost: what is owed, what a further day costs, and what happens when."""
