"""The questions that the service knows, read from ``queries/*.rq``; not the engine that answers them."""

from app.queries.canned import CannedQuery, Parameter
from app.queries.catalogue import Catalogue
from app.queries.wishes import AUDIENCES, Way, Wish

__all__ = ["AUDIENCES", "CannedQuery", "Catalogue", "Parameter", "Way", "Wish"]
