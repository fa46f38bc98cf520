"""The calculation beneath the pages: plans in, figures out. It knows no screen."""
