"""Overview: where a household stands, what comes before any lender, and what to do next."""
