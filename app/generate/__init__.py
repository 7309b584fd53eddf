"""Makes a clearly synthetic data set of any size, as N-Quads for a graph of its own; nothing in it is about anyone real."""

from app.generate.inputs import Commune, read_communes, read_themes
from app.generate.synthesis import GRAPH, LAST_YEAR, MOST_ACTORS, YEARS, generate

__all__ = ["GRAPH", "LAST_YEAR", "MOST_ACTORS", "YEARS", "Commune", "generate", "read_communes", "read_themes"]
