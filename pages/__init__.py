"""The screens: one folder a page, and what the pages share."""
