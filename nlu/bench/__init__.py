"""Measures the classifier against others, on our messages and on public data sets. Nothing that runs needs it."""
