"""Builds the whole content of an index from a state, in one pass over its source graphs; minutes at ten million entities."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyoxigraph as ox

from app.engine.lookup import State
from app.facts import kept
from app.facts.arrays import Ints, unique_rows
from app.facts.files import Content
from app.facts.gathering import PLAN, Gathered, Gathering
from app.facts.naming import ranked
from app.facts.surveying import survey
from app.facts.tables import Tables
from app.text import LANGUAGES

DERIVED = "/graphs/derived"
"""How the name of the graph ends that rules write: it is no source."""


def build(after: State, tables: Tables) -> Content:
    """Every entity of a kept kind; the tables are filled on the way."""
    gathering = Gathering(tables)
    links: tuple[array[int], array[int], array[int]] = (array("q"), array("q"), array("q"))
    for graph in source_graphs(after):
        _scan(after, graph, gathering, tables, links)
    gathered = gathering.finish()
    gathered.columns["degree"][:] = _degrees(len(gathered.iris), *links)
    survey(after, tables)
    return _sorted(gathered)


def source_graphs(after: State) -> Iterator[ox.NamedNode]:
    """The named graphs that sources write."""
    found = after.query("SELECT ?graph WHERE { GRAPH ?graph {} }")
    for graph in sorted((row["graph"] for row in found), key=str):
        if isinstance(graph, ox.NamedNode) and not graph.value.endswith(DERIVED):
            yield graph


def _scan(
    after: State, graph: ox.NamedNode, gathering: Gathering, tables: Tables, links: tuple[array[int], array[int], array[int]]
) -> None:
    """The statements of one graph, which come subject by subject."""
    source, link_numbers = tables.graphs.number(graph.value), {iri: n for n, iri in enumerate(tables.links)}
    subject, local = "", -1
    for quad in after.quads(None, None, None, graph):
        if not isinstance(quad.subject, ox.NamedNode):
            continue
        if quad.subject.value != subject:
            subject = quad.subject.value
            local = gathering.local(subject)
            gathering.note("sources", local, source)
        predicate, value = quad.predicate.value, quad.object
        if predicate in PLAN:
            gathering.take(local, predicate, value)
        if predicate in link_numbers and isinstance(value, ox.NamedNode):
            for column, number in zip(links, (local, link_numbers[predicate], gathering.local(value.value)), strict=True):
                column.append(number)


def _degrees(size: int, *links: array[int]) -> npt.NDArray[np.int64]:
    """How many different statements of links each resource is in."""
    subjects, _, objects = unique_rows(*(np.array(column, np.int64) for column in links))
    return np.bincount(subjects, minlength=size) + np.bincount(objects, minlength=size)


def _sorted(gathered: Gathered) -> Content:
    """The resources that have a kind, in the order of their IRIs' bytes."""
    kinds = gathered.columns["kind"]
    texts = [iri.encode("utf-8") for iri in gathered.iris]
    order = np.array(sorted(np.flatnonzero(kinds).tolist(), key=texts.__getitem__), np.int64)
    rows = np.full(len(texts), -1, np.int64)
    rows[order] = np.arange(len(order))
    pairs = {name: _placed(rows, *pair, references=kept.PAIRS[name] is None) for name, pair in gathered.pairs.items()}
    partnerships, actors, roles = gathered.parties
    kept_parties = (rows[partnerships] >= 0) & (rows[actors] >= 0)
    parties = unique_rows(rows[partnerships][kept_parties], rows[actors][kept_parties], roles[kept_parties])
    columns = {name: values[order] for name, values in gathered.columns.items()}
    names = {language: gathered.names.keys(language, order.tolist()) for language in LANGUAGES}
    return Content(
        [texts[local] for local in order.tolist()],
        columns,
        pairs,
        (parties[0], parties[1], parties[2]),
        names,
        {language: ranked(keys) for language, keys in names.items()},
    )


def _placed(rows: Ints, locals_: Ints, values: Ints, *, references: bool) -> tuple[Ints, Ints]:
    """A list by row instead of by local number; what has no row is left out."""
    values = rows[values] if references else values
    there = (rows[locals_] >= 0) & (values >= 0)
    placed = unique_rows(rows[locals_][there], values[there])
    return placed[0], placed[1]
