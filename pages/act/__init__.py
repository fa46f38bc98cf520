"""Act: what to say and write to each lender, what not to agree to, whom to complain to, calls, calendar, workbook."""
