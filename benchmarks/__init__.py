"""Measurements: run one with `python -m benchmarks.NAME`; each says at its head what it needs."""
