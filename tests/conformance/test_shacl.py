"""The core tests of the W3C SHACL test suite, through our validator; skipped where the suite is not at hand.

Suite: https://github.com/w3c/data-shapes/tree/gh-pages/data-shapes-test-suite; its folder ``tests`` is named in
``MAILLAGE_SHACL_SUITE``.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.term import Node

from app.shapes import Shapes
from app.shapes.gate import Gate
from app.shapes.validator import Validator
from app.terms import SH, to_engine
from tests.gates import State
from tests.test_foresight import blind, told

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
SUITE = Path(os.environ.get("MAILLAGE_SHACL_SUITE", Path(__file__).parent / "w3c-shacl"))
FILES = sorted(path for path in SUITE.glob("core/*/*.ttl") if "sht:Validate" in path.read_text(encoding="utf-8"))

OTHERWISE = {"uniqueLang-002": 'pySHACL takes sh:uniqueLang "1"^^xsd:boolean for true, as XML Schema does'}

pytestmark = pytest.mark.filterwarnings("ignore:Parsing weird boolean")

Found = Counter[tuple[str, str, str | None]]


def test_the_suite_is_at_hand() -> None:
    if not FILES:
        pytest.skip(f"no W3C SHACL suite in {SUITE}: name its folder in MAILLAGE_SHACL_SUITE")
    assert len(FILES) > 90


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_results_are_those_of_the_suite(path: Path) -> None:
    if path.stem in OTHERWISE:
        pytest.xfail(OTHERWISE[path.stem])
    manifest = Graph().parse(path)
    entry = manifest.value(None, RDF.type, SHT.Validate)
    action, result = manifest.value(entry, MF.action), manifest.value(entry, MF.result)
    shapes = named(manifest.value(action, SHT.shapesGraph), path, manifest)
    data = named(manifest.value(action, SHT.dataGraph), path, manifest)
    assert found(shapes, data) == expected(manifest, result)


def named(name: Node | None, path: Path, manifest: Graph) -> Graph:
    """A graph of the test: the file itself or one beside it."""
    file = path.parent / Path(str(name)).name
    return Graph().parse(file) if file.suffix == ".ttl" and file != path else manifest


def found(shapes: Graph, data: Graph) -> Found:
    validator = Validator(shapes)
    results = validator.violated(data, validator.targets(data))
    return Counter((str(one.focus), one.component, None if one.value is None else str(one.value)) for one in results)


def expected(manifest: Graph, report: Node | None) -> Found:
    results = list(manifest.objects(report, SH.result))
    return Counter((text(manifest, r, SH.focusNode), component(manifest, r), text(manifest, r, SH.value)) for r in results)


def text(manifest: Graph, result: Node, predicate: URIRef) -> str | None:
    term = manifest.value(result, predicate)
    return None if term is None else str(to_engine(term))


def component(manifest: Graph, result: Node) -> str:
    return str(manifest.value(result, SH.sourceConstraintComponent))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_the_gate_tells_beforehand_changes_no_result(path: Path) -> None:
    document = f"@base <{path.as_uri()}> .\n".encode() + path.read_bytes()
    try:
        shapes = Shapes.parse([document])
    except ValueError as error:
        pytest.skip(f"the gate takes no such shapes: {error}")
    graph = ox.NamedNode("https://base.test/graphs/one")
    stated = State(ox.Quad(q.subject, q.predicate, q.object, graph) for q in ox.parse(document, format=ox.RdfFormat.TURTLE))
    seeing, unseeing = (Gate(each, "https://base.test/").judge_all(stated) for each in (shapes, blind(shapes)))
    assert told(seeing) == told(unseeing)
