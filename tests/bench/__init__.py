"""How fast the running whole answers: `python -m tests.bench`, or `make bench`."""
