"""The W3C SPARQL test suite as the tests read it: cases of its manifests, and when two results or graphs are the same.

Suite: https://github.com/w3c/rdf-tests, whose folder ``sparql`` is named in ``MAILLAGE_SPARQL_SUITE``.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import RDF, RDFS, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
SUITE = Path(os.environ.get("MAILLAGE_SPARQL_SUITE") or Path(__file__).parent / "w3c-sparql")
ABSENT = f"no W3C SPARQL suite in {SUITE}: name its folder in MAILLAGE_SPARQL_SUITE"

Row = dict[str, Any]


@dataclass(frozen=True)
class State:
    """A dataset: the files of its default graph, and of each named graph."""

    default: tuple[Path, ...] = ()
    named: tuple[tuple[str, Path], ...] = ()


@dataclass(frozen=True)
class Case:
    """One entry of a manifest; ``kind`` is the name of its class."""

    name: str
    kind: str
    request: Path
    before: State
    after: State
    result: Path | None

    @property
    def text(self) -> str:
        """Its query or update; relative IRIs are relative to its file."""
        return self.request.read_text(encoding="utf-8")

    @property
    def base(self) -> str:
        return self.request.as_uri()


def cases(manifest: str) -> list[Case]:
    """The cases of all manifests that a manifest of manifests includes; none where the suite is not at hand."""
    top = SUITE / "sparql11" / manifest
    if not top.is_file():
        return []
    found = parsed(top)
    return [
        case for listed in found.objects(None, MF.include) for each in Collection(found, listed) for case in _cases(path_of(each))
    ]


def parameters(found: Sequence[Case], misses: dict[str, str]) -> list[Any]:
    """Each case as a parameter; a known miss fails the test when it no longer misses."""
    marked = {name: pytest.mark.xfail(reason=reason, strict=True) for name, reason in misses.items()}
    return [pytest.param(case, id=case.name, marks=marked.get(case.name, ())) for case in found]


def _cases(path: Path) -> Iterator[Case]:
    manifest = parsed(path)
    for listed in manifest.objects(None, MF.entries):
        for entry in Collection(manifest, listed):
            action, result = manifest.value(entry, MF.action), manifest.value(entry, MF.result)
            request = next((manifest.value(action, p) for p in (QT.query, UT.request) if manifest.value(action, p)), action)
            kind = str(manifest.value(entry, RDF.type)).rpartition("#")[2]
            plain = isinstance(result, URIRef)
            yield Case(
                f"{path.parent.name}/{str(entry).rpartition('#')[2]}",
                kind,
                path_of(request),
                _state(manifest, action),
                State() if plain or result is None else _state(manifest, result),
                path_of(result) if plain else None,
            )


def _state(manifest: Graph, node: Node | None) -> State:
    default = [*manifest.objects(node, QT.data), *manifest.objects(node, UT.data)]
    named = [(str(one), path_of(one)) for one in manifest.objects(node, QT.graphData)]
    labelled = manifest.objects(node, UT.graphData)
    named += [(str(manifest.value(one, RDFS.label)), path_of(manifest.value(one, UT.graph))) for one in labelled]
    return State(tuple(map(path_of, default)), tuple(named))


def parsed(path: Path) -> Graph:
    return Graph().parse(path, publicID=path.as_uri())


def path_of(iri: Node | None) -> Path:
    return Path(str(iri).removeprefix("file://"))


# Data


def statements(path: Path, graph: Any) -> Iterator[ox.Quad]:
    """What a data file states, in a graph; no two files share a blank node."""
    form = ox.RdfFormat.from_extension(path.suffix[1:])
    for quad in ox.parse(path=str(path), format=form, base_iri=path.as_uri(), rename_blank_nodes=True):
        yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def dataset(state: State) -> frozenset[ox.Quad]:
    """The quads of a state, as the engine stores them."""
    default = (quad for path in state.default for quad in statements(path, ox.DefaultGraph()))
    named = (quad for name, path in state.named for quad in statements(path, ox.NamedNode(name)))
    scratch = ox.Store()
    scratch.extend([*default, *named])
    return frozenset(scratch)


def same_graph(one: Iterable[Any], other: Iterable[Any]) -> bool:
    """Whether two sets of triples or quads are the same but for the names of their blank nodes."""
    return canonical(one) == canonical(other)


def canonical(quads: Iterable[Any]) -> set[str]:
    whole = [each if isinstance(each, ox.Quad) else ox.Quad(each.subject, each.predicate, each.object) for each in quads]
    scratch = ox.Store()
    scratch.extend(whole)
    found = ox.Dataset(scratch)
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in found}


# Results


def solutions(body: bytes | Path, form: ox.QueryResultsFormat) -> list[Row] | bool:
    """The rows of a result, each with its bound variables; or the truth."""
    found: Any = (
        ox.parse_query_results(path=str(body), format=form) if isinstance(body, Path) else ox.parse_query_results(body, form)
    )
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    names = [variable.value for variable in found.variables]
    return [{name: as_stored(row[name]) for name in names if row[name] is not None} for row in found]


def expected(path: Path) -> list[Row] | bool:
    """The rows of a result file of the suite, in any of its formats."""
    form = {"srx": ox.QueryResultsFormat.XML, "srj": ox.QueryResultsFormat.JSON, "tsv": ox.QueryResultsFormat.TSV}.get(
        path.suffix[1:]
    )
    return solutions(path, form) if form else _result_set(path)


def _result_set(path: Path) -> list[Row] | bool:
    """A result as RDF (https://www.w3.org/2001/sw/DataAccess/tests/result-set)."""
    store = ox.Store()
    store.load(path=str(path), format=ox.RdfFormat.from_extension(path.suffix[1:]), base_iri=path.as_uri())

    def values(subject: Any, name: str) -> list[Any]:
        return [quad.object for quad in store.quads_for_pattern(subject, ox.NamedNode(RS + name), None, None)]

    for told in store.quads_for_pattern(None, ox.NamedNode(RS + "boolean"), None, None):
        return str(told.object.value) == "true"
    rows = [quad.object for quad in store.quads_for_pattern(None, ox.NamedNode(RS + "solution"), None, None)]
    bindings = [[(values(one, "variable")[0].value, values(one, "value")[0]) for one in values(row, "binding")] for row in rows]
    return [dict(row) for row in bindings]


def as_stored(term: Any) -> Any:
    """A term as the engine gives it back: data and expected results are read alike."""
    if not isinstance(term, ox.Literal):
        return term
    scratch = ox.Store()
    scratch.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:a"), term))
    return next(iter(scratch)).object


def same_rows(one: list[Row], other: list[Row]) -> bool:
    """Whether two results have the same rows, as often, but for the names of blank nodes."""
    return len(one) == len(other) and _match(one, other, {})


def _match(one: list[Row], other: list[Row], known: dict[str, str]) -> bool:
    if not one:
        return True
    first, rest = one[0], one[1:]
    for place, row in enumerate(other):
        matched = _unify(first, row, known)
        if matched is not None and _match(rest, other[:place] + other[place + 1 :], matched):
            return True
    return False


def _unify(one: Row, other: Row, known: dict[str, str]) -> dict[str, str] | None:
    if one.keys() != other.keys():
        return None
    found = dict(known)
    for name, term in one.items():
        pair = (term, other[name])
        if all(isinstance(each, ox.BlankNode) for each in pair):
            if found.setdefault(term.value, other[name].value) != other[name].value:
                return None
        elif pair[0] != pair[1]:
            return None
    return found if len(set(found.values())) == len(found) else None


def csv_rows(text: str) -> list[Row]:
    """The rows of a CSV result; what looks like a blank node is one."""
    heading, *lines = csv.reader(io.StringIO(text))
    return [{name: _csv_term(cell) for name, cell in zip(heading, line, strict=True)} for line in lines]


def _csv_term(cell: str) -> Any:
    return ox.BlankNode(cell[2:]) if cell.startswith("_:") else ox.Literal(cell)
