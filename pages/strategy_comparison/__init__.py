"""Strategy comparison: the same money, paid in six orders."""
