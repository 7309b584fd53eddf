"""What a resource is at a glance: its names, its classes, when it began and ended; how that is worded is said in names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Protocol

import pyoxigraph as ox


@dataclass
class Glance:
    """What one resource is at a glance; ``texts`` are its names by their column and their language."""

    texts: dict[str, dict[str | None, str]] = field(default_factory=lambda: defaultdict(dict))
    types: list[str] = field(default_factory=list)
    start: ox.Literal | None = None
    end: ox.Literal | None = None


class AtHand(Protocol):
    """What can be told at a glance without a question, of the version that the questions are put to."""

    def known(self, wanted: Set[str]) -> Mapping[str, Glance]:
        """Of some resources, those that need not be asked for."""
        ...
