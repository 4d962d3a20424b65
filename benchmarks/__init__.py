"""Measurements: what they need, what they print and where their results stand is in README.md."""
