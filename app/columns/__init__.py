"""The triples of a default graph as columns of numbers, and a part of SPARQL answered on them as the engine answers it."""

from app.columns.columns import Columns

__all__ = ["Columns"]
