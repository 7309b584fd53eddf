"""What counts as a node and as a link, read from the ontology and given small numbers; no data is read here.

A link is a property that the ontology marks for discovery. What stands between two entities is collapsed: an actor is linked to a
partnership by its role there, a member to its group by its capacity. Links that rules derive are left out, since they would hide
the partnership that explains them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from app.terms import CODE, MAILLAGE
from app.vocabulary import Vocabulary

PARTICIPATION, PARTICIPANT, ROLE = (str(MAILLAGE[name]) for name in ("participation", "participant", "role"))
MEMBER, MEMBER_OF, CAPACITY = (str(MAILLAGE[name]) for name in ("member", "memberOf", "membershipRole"))
_CAPACITIES = str(CODE["membership-role"])
_COLLAPSED = {PARTICIPATION, PARTICIPANT, MEMBER, MEMBER_OF}
_BESIDE = frozenset(str(MAILLAGE[n]) for n in ("Participation", "Membership", "Period", "Evidence", "Source", "GlossaryTerm"))

Carrier = Literal["property", "participation", "membership"]
NO_KIND = 255
"""The kind of a node that is linked to, but that no class of the ontology describes."""


@dataclass(frozen=True)
class LinkKind:
    """One kind of link. ``iri`` is its property, or the role or capacity that says more; ``weight`` is between 0 and 1.

    It leads from the subject to the object of its property; from an actor to the partnership that it takes part in; from a
    member to its group.
    """

    iri: str
    weight: float
    carrier: Carrier


@dataclass(frozen=True)
class Scheme:
    """The kinds of nodes (path segments of classes) and of links; their numbers are their places."""

    kinds: tuple[str, ...]
    links: tuple[LinkKind, ...]

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> Scheme:
        return cls(tuple(kind.segment for kind in vocabulary.kinds()), tuple(_links(vocabulary)))

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Scheme:
        return cls(tuple(said["kinds"]), tuple(LinkKind(**link) for link in said["links"]))

    def to_json(self) -> dict[str, Any]:
        return {"kinds": list(self.kinds), "links": [asdict(link) for link in self.links]}

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The number of each kind of link by its IRI."""
        return {link.iri: number for number, link in enumerate(self.links)}

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """The weight of each kind of link by its number."""
        return np.array([link.weight for link in self.links])

    def carried(self, carrier: Carrier) -> tuple[int, ...]:
        """The numbers of the links that stand in the graph in one of the three ways."""
        return tuple(number for number, link in enumerate(self.links) if link.carrier == carrier)


@dataclass
class Sorter:
    """Gives entities their kind by their classes, and says which are nodes even without a link."""

    vocabulary: Vocabulary

    def __post_init__(self) -> None:
        self._known: dict[frozenset[str], tuple[int, bool]] = {}
        self._numbers = {kind.segment: number for number, kind in enumerate(self.vocabulary.kinds())}

    def sort(self, types: Iterable[str]) -> tuple[int, bool]:
        """The number of the kind, and whether it is a node by itself: memberships, sources and proofs are not."""
        key = frozenset(types)
        found = self._known.get(key)
        if found is None:
            kind = self.vocabulary.kind_of(key)
            found = (self._numbers[kind.segment], kind.iri not in _BESIDE) if kind else (NO_KIND, False)
            self._known[key] = found
        return found


def _links(vocabulary: Vocabulary) -> Iterator[LinkKind]:
    links = vocabulary.links
    yield from (
        LinkKind(one.iri, one.weight, "property") for one in links.values() if not one.derived and one.iri not in _COLLAPSED
    )
    if PARTICIPATION in links and PARTICIPANT in links:
        weight = min(links[PARTICIPATION].weight, links[PARTICIPANT].weight)
        yield from (LinkKind(iri, weight, "participation") for iri in (PARTICIPATION, *vocabulary.roles))
    if MEMBER in links and MEMBER_OF in links:
        weight = min(links[MEMBER].weight, links[MEMBER_OF].weight)
        capacities = sorted(iri for iri, term in vocabulary.terms.items() if term.scheme == _CAPACITIES)
        yield from (LinkKind(iri, weight, "membership") for iri in (MEMBER_OF, *capacities))
