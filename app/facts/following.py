"""Brings the facts of a version up to date with a small change: what it touched is read again, nothing else is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import pyoxigraph as ox

from app.engine.changes import Change
from app.engine.lookup import State
from app.facts import kept
from app.facts.arrays import Ints, unique_rows
from app.facts.building import DERIVED
from app.facts.facts import Facts, Mask
from app.facts.files import Delta, Pair
from app.facts.gathering import PLAN, Gathered, Gathering
from app.facts.naming import NAMELESS
from app.facts.outlines import GEOMETRY, WKT
from app.facts.surveying import MERGE, SHAPING, TERRITORY, THEME, survey
from app.text import LANGUAGES, Language

_TYPE = ox.NamedNode(kept.TYPE)
_PARTICIPATION, _PARTICIPANT, _ROLE = (ox.NamedNode(iri) for iri in (kept.PARTICIPATION, kept.PARTICIPANT, kept.ROLE))
_WEEKS = ox.NamedNode(kept.WEEKS)
_DATES = tuple(ox.NamedNode(iri) for columns in (kept.FIRST_DAYS, kept.LAST_DAYS) for iris in columns.values() for iri in iris)
_OWN = tuple(ox.NamedNode(iri) for iri in sorted(PLAN) if iri not in (kept.PARTICIPANT, kept.ROLE))
_THROUGH = {_PARTICIPATION: (_PARTICIPANT, _ROLE), _WEEKS: _DATES}
"""Nodes that say what belongs to the entity that refers to them."""
_REFERRING = tuple(ox.NamedNode(iri) for iris in kept.REFERENCES.values() for iri in iris)
_ROW = np.int32


class Following:
    """One change to follow, from the facts of the version before it."""

    def __init__(self, facts: Facts, after: State, change: Change) -> None:
        self._facts = facts
        self._tables = facts.tables
        self._after = after
        self._change = change

    @property
    def weight(self) -> int:
        """How many entities have to be read again, roughly."""
        return len(self._change.subjects)

    @cached_property
    def tables_changed(self) -> bool:
        """Whether the trees of themes and territories may be others now."""
        named = {*self._tables.themes.iris, *self._tables.territories.iris}
        shaping = {iri for iri, above in self._tables.above.items() if THEME in above or TERRITORY in above}
        return any(
            q.predicate.value in SHAPING
            or (isinstance(q.subject, ox.NamedNode) and q.subject.value in named)
            or (q.predicate == _TYPE and isinstance(q.object, ox.NamedNode) and q.object.value in shaping)
            for q in self._change.quads()
        )

    @cached_property
    def outlines_changed(self) -> bool:
        """Whether the outlines of territories may be others now, or whose they are."""
        shaping = {iri for iri, above in self._tables.above.items() if TERRITORY in above}
        return any(
            q.predicate.value in (GEOMETRY, WKT)
            or (q.predicate == _TYPE and isinstance(q.object, ox.NamedNode) and q.object.value in shaping)
            for q in self._change.quads()
        )

    def delta(self) -> Delta:
        """The delta of the version before with this change in it."""
        touched = sorted(self._touched)
        gathered = self._gather(touched)
        if self.tables_changed:
            survey(self._after, self._tables)
        return _merged(self._facts.delta, self._place(gathered, len(touched)))

    @cached_property
    def _touched(self) -> set[str]:
        """The entities whose row may be another now."""
        own = {q.subject for q in self._change.quads() if isinstance(q.subject, ox.NamedNode)}
        parts = {q.subject for q in self._change.quads() if q.predicate in (_PARTICIPANT, _ROLE)}
        found = own | {owner for part in parts for owner in self._subjects(_PARTICIPATION, part)}
        dated = {q.subject for q in self._change.quads() if q.predicate in _DATES}
        found |= {owner for period in dated for owner in self._subjects(_WEEKS, period)}
        for node in list(own):
            if self._facts.row(node.value) is None and self._kind(node):
                found.update(self._referring(node))
        return {node.value for node in found}

    def _referring(self, node: ox.NamedNode) -> Iterator[ox.NamedNode]:
        """What referred to a resource before it was an entity."""
        for property_ in _REFERRING:
            yield from self._subjects(property_, node)
        for part in list(self._subjects(_PARTICIPANT, node)):
            yield from self._subjects(_PARTICIPATION, part)

    def _subjects(self, property_: ox.NamedNode, value: object) -> Iterator[ox.NamedNode]:
        for quad in self._after.quads(None, property_, value, MERGE):  # type: ignore[arg-type]
            if isinstance(quad.subject, ox.NamedNode):
                yield quad.subject

    def _kind(self, node: ox.NamedNode) -> int:
        types = (q.object for q in self._after.quads(node, _TYPE, None, MERGE))
        return self._tables.kind(self._tables.classes.number(t.value) for t in types if isinstance(t, ox.NamedNode))

    def _gather(self, touched: list[str]) -> Gathered:
        """What is said now about the entities, which get the first local numbers."""
        gathering = Gathering(self._tables)
        for iri in touched:
            gathering.local(iri)
        for iri in touched:
            self._read(gathering, iri)
        return gathering.finish()

    def _read(self, gathering: Gathering, iri: str) -> None:
        local, node = gathering.local(iri), ox.NamedNode(iri)
        for property_ in _OWN:
            for quad in self._after.quads(node, property_, None, MERGE):
                gathering.take(local, property_.value, quad.object)
                if property_ in _THROUGH and isinstance(quad.object, ox.NamedNode):
                    self._read_part(gathering, quad.object, _THROUGH[property_])
        for graph in self._sources(node):
            gathering.note("sources", local, graph)

    def _read_part(self, gathering: Gathering, part: ox.NamedNode, properties: tuple[ox.NamedNode, ...]) -> None:
        for property_ in properties:
            for quad in self._after.quads(part, property_, None, MERGE):
                gathering.take(gathering.local(part.value), property_.value, quad.object)

    def _sources(self, node: ox.NamedNode) -> set[int]:
        """The graphs that say something about an entity, from those that did before."""
        row = self._facts.row(node.value)
        if row is None:
            graphs = {q.graph_name for q in self._after.quads(node, None, None, None)}
            return {self._tables.graphs.number(g.value) for g in graphs if isinstance(g, ox.NamedNode) and not _is_derived(g)}
        lost, gained = self._graphs_of.get(node.value, (set(), set()))
        gone = {g for g in lost - gained if next(iter(self._after.quads(node, None, None, g)), None) is None}
        before = set(self._facts.of("sources", row).tolist())
        return (before | {self._tables.graphs.number(g.value) for g in gained}) - {
            self._tables.graphs.number(g.value) for g in gone
        }

    @cached_property
    def _graphs_of(self) -> dict[str, tuple[set[ox.NamedNode], set[ox.NamedNode]]]:
        """By subject, the graphs in which it lost statements and those in which it gained some."""
        found: dict[str, tuple[set[ox.NamedNode], set[ox.NamedNode]]] = {}
        for place, side in enumerate((self._change.removed, self._change.added)):
            for quad in side:
                if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.graph_name, ox.NamedNode):
                    found.setdefault(quad.subject.value, (set(), set()))[place].add(quad.graph_name)
        return found

    def _place(self, gathered: Gathered, touched: int) -> Delta:
        """The touched entities as rows of a delta of their own, after the new rows of the one before."""
        added = list(self._facts.delta.iris)
        rows = np.full(len(gathered.iris), -1, np.int64)
        for local, iri in enumerate(gathered.iris):
            place = self._facts.place(iri)
            if place is None and local < touched and gathered.columns["kind"][local]:
                place = self._facts.base.size + len(added)
                added.append(iri)
            rows[local] = place if place is not None else -1
        mine = np.flatnonzero(rows[:touched] >= 0)
        mine = mine[np.argsort(rows[mine], kind="stable")]
        is_mine = np.zeros(len(rows), bool)
        is_mine[mine] = True
        living = is_mine & (gathered.columns["kind"] != 0)
        partnerships, actors, roles = gathered.parties
        there = living[partnerships] & (rows[actors] >= 0)
        parties = unique_rows(rows[partnerships][there], rows[actors][there], roles[there])
        degrees = self._degrees(gathered, rows, living)
        names = {language: _names(gathered, mine, living, language) for language in LANGUAGES}
        return Delta(
            tuple(added),
            rows[mine].astype(_ROW),
            {name: _living(values[mine], living[mine], name) for name, values in gathered.columns.items()},
            {name: _placed(pair, rows, living, references=kept.PAIRS[name] is None) for name, pair in gathered.pairs.items()},
            (parties[0].astype(_ROW), parties[1].astype(_ROW), parties[2].astype(_ROW)),
            np.array(sorted(degrees), _ROW),
            np.array([degrees[row] for row in sorted(degrees)], _ROW),
            names,
            {language: self._name_places(keys, gathered, mine, language) for language, keys in names.items()},
        )

    def _name_places(self, keys: Sequence[bytes], gathered: Gathered, mine: Ints, language: Language) -> Ints:
        """How many names of the base come before each."""
        base = self._facts.base.names[language]
        found = (base.before(key, gathered.iris[local]) for key, local in zip(keys, mine.tolist(), strict=True))
        return np.fromiter(found, _ROW, len(keys))

    def _degrees(self, gathered: Gathered, rows: Ints, living: Ints) -> dict[int, int]:
        """The degrees that changed, by row; those of new rows are counted, the others kept."""
        column = self._facts.column("degree")
        new = {gathered.iris[local] for local in np.flatnonzero(living) if self._facts.row(gathered.iris[local]) is None}
        found = {
            int(rows[local]): self._count(gathered.iris[local]) for local in np.flatnonzero(living) if gathered.iris[local] in new
        }
        for iri, more in self._balance().items():
            row = self._facts.row(iri)
            if row is not None and iri not in new:
                found[row] = int(column[row]) + more
        return found

    def _count(self, iri: str) -> int:
        node = ox.NamedNode(iri)
        links = [ox.NamedNode(link) for link in self._tables.links]
        out = sum(isinstance(q.object, ox.NamedNode) for link in links for q in self._after.quads(node, link, None, MERGE))
        into = sum(isinstance(q.subject, ox.NamedNode) for link in links for q in self._after.quads(None, link, node, MERGE))
        return out + into

    def _balance(self) -> Counter[str]:
        """How many links each resource gained or lost in the merge."""
        links, found = set(self._tables.links), Counter[str]()
        added = _by_triple(self._change.added, links)
        removed = _by_triple(self._change.removed, links)
        for triple, graphs in added.items():
            if triple not in removed and self._stating(triple) <= graphs:
                found.update(_ends(triple))
        for triple in removed:
            if not self._stating(triple):
                found.subtract(_ends(triple))
        return found

    def _stating(self, triple: ox.Triple) -> set[object]:
        """The graphs that state a triple now."""
        quads = self._after.quads(triple.subject, triple.predicate, triple.object, None)
        return {quad.graph_name for quad in quads if quad.graph_name != MERGE}


def _ends(triple: ox.Triple) -> tuple[str, ...]:
    return tuple(end.value for end in (triple.subject, triple.object) if isinstance(end, ox.NamedNode))


def _by_triple(quads: object, links: set[str]) -> dict[ox.Triple, set[object]]:
    found: dict[ox.Triple, set[object]] = {}
    for quad in quads:  # type: ignore[attr-defined]
        if quad.predicate.value in links and isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            found.setdefault(quad.triple, set()).add(quad.graph_name)
    return found


def _is_derived(graph: ox.NamedNode) -> bool:
    return graph.value.endswith(DERIVED)


def _names(gathered: Gathered, mine: Ints, living: Mask, language: Language) -> list[bytes]:
    """The keys of names; what is gone has none."""
    keys = gathered.names.keys(language, mine.tolist())
    return [key if is_living else NAMELESS for key, is_living in zip(keys, living[mine].tolist(), strict=True)]


def _living(values: Ints, living: Ints, name: str) -> Ints:
    """A column in which what is gone says nothing."""
    return np.where(living, values, kept.missing(name)).astype(kept.COLUMNS[name])


def _placed(pair: Pair, rows: Ints, living: Ints, *, references: bool) -> Pair:
    locals_, values = pair
    values = rows[values] if references else values
    there = living[locals_] & (values >= 0)
    own, found = unique_rows(rows[locals_][there], values[there])
    return own.astype(_ROW), found.astype(_ROW)


def _merged(before: Delta, now: Delta) -> Delta:
    """Two deltas of one base; of a row in both, the second's."""
    stays = ~np.isin(before.rows, now.rows)
    rows = np.concatenate((before.rows[stays], now.rows))
    order = np.argsort(rows, kind="stable")
    columns = {
        name: np.concatenate((before.columns[name][stays], values))[order] if len(before.rows) else values[order]
        for name, values in now.columns.items()
    }
    pairs = {name: _joined((before.pairs.get(name), pair), now.rows) for name, pair in now.pairs.items()}
    degree_stays = ~np.isin(before.degree_rows, now.degree_rows)
    degree_rows = np.concatenate((before.degree_rows[degree_stays], now.degree_rows))
    degrees = np.concatenate((before.degrees[degree_stays], now.degrees))
    by_row = np.argsort(degree_rows, kind="stable")
    party_stays = ~np.isin(before.parties[0], now.rows)
    parties = [np.concatenate((old[party_stays], new)) for old, new in zip(before.parties, now.parties, strict=True)]
    return Delta(
        now.iris,
        rows[order],
        columns,
        pairs,
        (parties[0], parties[1], parties[2]),
        degree_rows[by_row],
        degrees[by_row],
        *_merged_names(before, now, stays, order),
    )


def _merged_names(
    before: Delta, now: Delta, stays: Mask, order: Ints
) -> tuple[dict[Language, list[bytes]], dict[Language, Ints]]:
    names: dict[Language, list[bytes]] = {}
    places: dict[Language, Ints] = {}
    for language in LANGUAGES:
        all_ = [*(before.names[language][n] for n in np.flatnonzero(stays).tolist()), *now.names[language]]
        names[language] = [all_[n] for n in order.tolist()]
        places[language] = np.concatenate((before.name_places[language][stays], now.name_places[language]))[order]
    return names, places


def _joined(both: tuple[Pair | None, Pair], renewed: Ints) -> Pair:
    old, new = both
    if old is None:
        return new
    stays = ~np.isin(old[0], renewed)
    rows, values = np.concatenate((old[0][stays], new[0])), np.concatenate((old[1][stays], new[1]))
    order = np.argsort(rows, kind="stable")
    return rows[order], values[order]
