"""How many entities of a selection have each value of a facet: only values in use, by what all other facets leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.browsing.choosing import Chooser
from app.browsing.counting import Rolled, classes_above, count, tally
from app.browsing.selection import FACETS, Selection, word
from app.facts import Facts, Mask
from app.facts.sharing import Chosen
from app.facts.trees import Texts
from app.terms import ONTOLOGY_IRI

Branches = tuple[list[str], dict[str, list[str]]]
"""IRIs at the top, and those directly below each."""


@dataclass(frozen=True)
class Value:
    """One value: how an address writes it, its names, how many entities the list would have with it, and what is below it."""

    iri: str
    word: str
    count: int
    chosen: bool = False
    names: Texts = field(default_factory=dict)
    below: tuple[Value, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether something below is chosen."""
        return any(one.chosen or one.is_open for one in self.below)


@dataclass(frozen=True)
class Facet:
    """A facet with its values in use; trees for themes, classes and territories."""

    name: str
    values: tuple[Value, ...]

    @property
    def chosen(self) -> int:
        """How many of its values are."""
        return sum(one.chosen for one in _flat(self.values))


class Facets:
    """Counts of one version."""

    def __init__(self, facts: Facts, chooser: Chooser) -> None:
        self._facts = facts
        self._chooser = chooser
        self._rolled = Rolled(facts)

    def of(self, selection: Selection, mask: Mask) -> tuple[Facet, ...]:
        """The facets of a list; ``mask`` is what the whole selection leaves. One that tells nothing apart is left out."""
        rows = Chosen.of(mask)
        found = (self._facet(name, selection, rows) for name in FACETS if name != "role" or selection.kind == "actor")
        return tuple(facet for facet in found if facet.chosen or _tells(facet))

    def counts(self, name: str, rows: Chosen) -> dict[str, int]:
        """How many of some rows have each value, by IRI."""
        tables, rolled = self._facts.tables, self._rolled
        match name:
            case "theme":
                return _named(count(rolled.theme(), rows), tables.themes.iris)
            case "territory":
                return _named(count(rolled.territory(), rows), tables.territories.iris)
            case "class":
                return _named(count(rolled.class_(), rows), classes_above(tables))
            case "role":
                return _named(count(rolled.role(), rows), tables.codes.iris)
            case "source":
                return _named(count(rolled.source(), rows), tables.graphs.iris)
        return _named(tally(self._facts.column(name)[rows.rows]), tables.codes.iris)

    def _facet(self, name: str, selection: Selection, rows: Chosen) -> Facet:
        chosen = frozenset(selection.values.get(name, ()))
        counts = self.counts(name, Chosen.of(self._chooser.mask(selection.without(name))) if chosen else rows)
        counts |= dict.fromkeys(chosen - counts.keys(), 0)
        roots, below = self._tree(name, counts, chosen)
        return Facet(name, tuple(self._values(name, roots, below, counts, chosen, selection.base)))

    def _tree(self, name: str, counts: Mapping[str, int], chosen: frozenset[str]) -> Branches:
        """The values that stand at the top, and those below each."""
        match name:
            case "theme":
                return self._themes(counts)
            case "territory":
                return self._territories(counts, chosen)
            case "class":
                return self._classes(counts, chosen)
        return list(counts), {}

    def _values(
        self,
        name: str,
        iris: Iterable[str],
        below: Mapping[str, list[str]],
        counts: Mapping[str, int],
        chosen: frozenset[str],
        base: str,
        depth: int = 0,
    ) -> list[Value]:
        found = [
            Value(
                iri,
                word(name, iri, base),
                counts.get(iri, 0),
                iri in chosen,
                self._names(name, iri),
                tuple(self._values(name, below.get(iri, []), below, counts, chosen, base, depth + 1)) if depth < _DEEPEST else (),
            )
            for iri in iris
        ]
        return sorted(found, key=lambda one: (not (one.chosen or one.is_open), -one.count, one.iri))

    def _names(self, name: str, iri: str) -> Texts:
        """Of themes and territories, which the facts know; others are named by who shows them."""
        tables = self._facts.tables
        match name:
            case "theme":
                return tables.theme_tree[tables.themes.find(iri)].names
            case "territory":
                return tables.territory_tree[tables.territories.find(iri)].names
        return {}

    def _themes(self, counts: Mapping[str, int]) -> Branches:
        """All themes in use below those that have nothing above them."""
        tables = self._facts.tables
        used = {tables.themes.find(iri): iri for iri in counts}
        roots = [iri for n, iri in used.items() if not any(up in used for up in tables.theme_tree[n].parents)]
        below = {iri: [used[child] for child in tables.theme_tree.children(n) if child in used] for n, iri in used.items()}
        return roots, below

    def _territories(self, counts: Mapping[str, int], chosen: frozenset[str]) -> Branches:
        """From the smallest territory that contains everything, one level down; below what is chosen, the next one."""
        tables, tree = self._facts.tables, self._facts.tables.territory_tree
        used = {tables.territories.find(iri): iri for iri in counts}
        level, seen = [n for n in used if not any(up in used for up in tree[n].parents)], set[int]()
        while len(level) == 1 and level[0] not in seen and used[level[0]] not in chosen:
            seen.add(level[0])
            level = [child for child in tree.children(level[0]) if child in used] or level
        shown = sorted(level, key=lambda n: -counts[used[n]])[:_MOST_TERRITORIES]
        wanted = {tables.territories.find(iri) for iri in chosen}
        path = {up for one in wanted for up in tree.above(one)}
        opened = {one: self._largest(tree.children(one), used, counts, wanted) for one in path}
        roots = list(dict.fromkeys([*(used[n] for n in shown), *self._elsewhere(wanted, shown, used)]))
        return roots, {used[one]: inner for one, inner in opened.items() if one in used}

    def _largest(
        self, children: Iterable[int], used: Mapping[int, str], counts: Mapping[str, int], wanted: set[int]
    ) -> list[str]:
        inner = [child for child in children if child in used]
        inner.sort(key=lambda n: (n not in wanted, -counts[used[n]]))
        return [used[n] for n in inner[:_MOST_TERRITORIES]]

    def _elsewhere(self, wanted: set[int], shown: list[int], used: Mapping[int, str]) -> list[str]:
        """Chosen territories that stand under none of those that are shown."""
        tree = self._facts.tables.territory_tree
        return [used[one] for one in sorted(wanted) if one in used and not tree.above(one) & set(shown)]

    def _classes(self, counts: Mapping[str, int], chosen: frozenset[str]) -> Branches:
        """The classes of the ontology below the kind; the kind itself, which all are of, is left out."""
        above = self._facts.tables.above
        most = max(counts.values(), default=0)
        own = [iri for iri in counts if iri.startswith(f"{ONTOLOGY_IRI}#") and (counts[iri] < most or iri in chosen)]
        parents = {iri: [up for up in above.get(iri, ()) if up in own and up != iri] for iri in own}
        direct = {iri: max(ups, key=lambda up: (len(above.get(up, ())), up)) for iri, ups in parents.items() if ups}
        below: dict[str, list[str]] = {}
        for iri, parent in direct.items():
            below.setdefault(parent, []).append(iri)
        return [iri for iri in own if iri not in direct], below


_DEEPEST = 4
_MOST_TERRITORIES = 12


def _named(counts: Mapping[int, int], iris: list[str]) -> dict[str, int]:
    return {iris[number]: amount for number, amount in counts.items()}


def _flat(values: Iterable[Value]) -> list[Value]:
    return [one for value in values for one in (value, *_flat(value.below))]


def _tells(facet: Facet) -> bool:
    """Whether choosing a value changes the list; a territory is offered in any case, since another can be named beside it."""
    values = facet.values
    return bool(values) and (len(values) > 1 or bool(values[0].below) or facet.name == "territory")
