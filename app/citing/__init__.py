"""Citations of what the service answered: one value, written as text, BibTeX and CSL-JSON; no HTTP, no graph."""

from app.citing.formats import bibtex, csl, plain
from app.citing.work import Work, query_hash

__all__ = ["Work", "bibtex", "csl", "plain", "query_hash"]
