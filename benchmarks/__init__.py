"""Peers of the engine for the benchmarks, in plain Python; none of them imports `core`."""
