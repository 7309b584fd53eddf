"""The questions that the service knows, read from ``queries/*.rq``; not the engine that answers them."""

from app.queries.canned import CannedQuery, Parameter
from app.queries.catalogue import Catalogue
from app.queries.rules import Rule, Rules

__all__ = ["CannedQuery", "Catalogue", "Parameter", "Rule", "Rules"]
