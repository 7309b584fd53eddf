"""The market of a version from its index, or asked for where a version of an earlier release has none."""

from __future__ import annotations

from app.discovery.matching.files import Stated
from app.discovery.matching.market import Market
from app.discovery.matching.reading import read_market
from app.discovery.places import Places
from app.discovery.themes import ThemeTree
from app.engine.indexes import Indexes
from app.entities.questions import Questions
from app.errors import IndexMissing


def market_on(indexes: Indexes[Stated], version: int, questions: Questions) -> Market:
    """Every need, offer and call of a version, with the themes and territories that they are compared by."""
    tree, places = ThemeTree.read(questions), Places.read(questions)
    try:
        stated = indexes.at(version)
    except IndexMissing:
        return read_market(questions, tree, places)
    return Market(stated.listings, stated.calls, tree, places)
