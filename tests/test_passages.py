"""Every passage quoted as evidence stands in the document word for word, and none holds a private name or address."""

import re
from pathlib import Path

import pytest
from rdflib import Graph, URIRef

from app.terms import MAILLAGE

DOCUMENTS = sorted((Path(__file__).parents[2] / "shared" / "documents").glob("*.txt"))
FILES = [path for path in sorted(Path("seed").glob("*.ttl")) if "maillage:passage" in path.read_text(encoding="utf-8")]


def plain(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f]+", " ", text.replace("’", "'"))


@pytest.mark.skipif(not DOCUMENTS, reason="the observatory's document is not beside the checkout")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_passage_stands_in_the_document(path: Path) -> None:
    document = plain(" ".join(each.read_text(encoding="utf-8") for each in DOCUMENTS))
    graph = Graph().parse(path, publicID="http://localhost:8000/")
    invented = [str(text) for text in graph.objects(None, MAILLAGE.passage) if plain(str(text)) not in document]
    assert invented == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_passage_is_evidence_for_an_entity_that_the_seed_describes(path: Path) -> None:
    described: set[URIRef] = set()
    for each in FILES:
        described |= set(Graph().parse(each, publicID="http://localhost:8000/").subjects(None, None))  # type: ignore[arg-type]
    graph = Graph().parse(path, publicID="http://localhost:8000/")
    assert set(graph.objects(None, MAILLAGE.aboutSubject)) <= described


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_private_person_is_named(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for private in ("Dumont", "Frédérique", "Dominique", "Piacquadio", "fd@", "@odass", "webconf.odass"):
        assert private not in text
