"""Lists narrowed by facets, over the facts and the search index of one version: which entities, how many of each; no HTTP."""

from app.browsing.browser import Browser, Listed
from app.browsing.facets import Facet, Value
from app.browsing.selection import FACETS, SORTS, VIEWS, Near, Selection

__all__ = ["FACETS", "SORTS", "VIEWS", "Browser", "Facet", "Listed", "Near", "Selection", "Value"]
