"""Addresses that are too long are refused: a page repeats its own in each of its links, so that a long one makes a huge page."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.exceptions import RequestURITooLarge

MOST = 32_000
"""Bytes of a query string; a hundred entities opened in a graph take half of that."""

_QUERIES = ("sparql", "cite")
"""What takes a SPARQL query, which has a limit of its own."""


def register(app: Flask) -> None:
    app.before_request(_refuse)


def _refuse() -> None:
    if len(request.query_string) > MOST and request.blueprint not in _QUERIES:
        raise RequestURITooLarge
