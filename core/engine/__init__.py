"""The engine: CALCULATION.md over arrays. Pages and commands enter by `core.simulate`."""
