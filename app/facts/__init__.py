"""The facts that lists and figures are counted from: one row an entity, in columns of numbers; not the graph, and no words."""

from app.facts.facts import Facts, Mask
from app.facts.index import FactsIndex
from app.facts.opening import Opening, open_facts

__all__ = ["Facts", "FactsIndex", "Mask", "Opening", "open_facts"]
