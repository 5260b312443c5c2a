"""Printable documents. No word in them comes from here: the caller passes every text in the reader's language."""

import logging

# It tells at level INFO, in forty lines a document, which letters a text has.
logging.getLogger("fontTools.subset").setLevel(logging.WARNING)
