"""What can be measured: entities counted, amounts and posts added up, actors and links of partnerships counted once each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

How = Literal["count", "sum", "actors", "links", "density"]


@dataclass(frozen=True)
class Measure:
    """What is counted of which kinds of entities (path segments).

    ``count`` counts them, ``sum`` adds up a column, ``actors`` counts who takes part in them, ``links`` the pairs of actors that
    share one, ``density`` tells these pairs in parts of all pairs that those actors could form.
    """

    kinds: tuple[str, ...]
    how: How = "count"
    column: str = ""


_COUNTED = ("actor", "project", "programme", "partnership", "event", "opportunity", "call", "offer", "need", "policy", "service")
MEASURES: Mapping[str, Measure] = {
    "actors": Measure(("actor",)),
    "projects": Measure(("project", "programme")),
    "partnerships": Measure(("partnership",)),
    "amounts": Measure(("partnership",), "sum", "amount"),
    "posts": Measure(("partnership",), "sum", "posts"),
    "engaged": Measure(("partnership",), "actors"),
    "links": Measure(("partnership",), "links"),
    "density": Measure(("partnership",), "density"),
    "events": Measure(("event",)),
    "opportunities": Measure(("opportunity", "call")),
    "listings": Measure(("offer", "need")),
    "policies": Measure(("policy",)),
    "entities": Measure(_COUNTED),
}
"""By name in the address; titles stand in ``app/messages/statistics.toml``."""
