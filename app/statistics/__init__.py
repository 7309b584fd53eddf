"""Figures counted from the facts of a version: measures by rows and columns, with the list behind each; no HTTP, no words."""

from app.statistics.behind import behind, pairs_behind
from app.statistics.dimensions import DIMENSIONS, NONE
from app.statistics.measures import MEASURES
from app.statistics.question import CONDITIONS, Question
from app.statistics.table import Table, tabulate

__all__ = ["CONDITIONS", "DIMENSIONS", "MEASURES", "NONE", "Question", "Table", "behind", "pairs_behind", "tabulate"]
