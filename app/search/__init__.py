"""Full-text search over the entities of one version: the index kept beside its store, and what is asked of it; no HTTP."""

from app.search.asking import Ask
from app.search.opened import Found, Hit, Opened, load
from app.search.writing import NAME, Classes, SearchIndex

__all__ = ["NAME", "Ask", "Classes", "Found", "Hit", "Opened", "SearchIndex", "load"]
