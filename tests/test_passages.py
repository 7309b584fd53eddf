"""Every passage quoted as evidence stands in the document word for word, and none holds a private name or address."""

import re
from pathlib import Path

import pytest
from rdflib import DCTERMS, RDF, Graph, Node, URIRef

from app.terms import MAILLAGE

DOCUMENTS = sorted((Path(__file__).parents[2] / "shared" / "documents").glob("*.txt"))
FILES = [path for path in sorted(Path("seed").glob("*.ttl")) if "maillage:passage" in path.read_text(encoding="utf-8")]
PARTS = (MAILLAGE.aboutSubject, MAILLAGE.aboutProperty, MAILLAGE.aboutValue)
OF_THE_RECORD = {
    RDF.type,
    DCTERMS.source,
    *(MAILLAGE[name] for name in ("name", "note", "reviewStatus", "confidence", "mainTheme", "theme", "observes", "unit")),
}
"""How a record is made: what it is called and filed under, and what we remark on it."""


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
def test_each_fact_of_an_article_has_its_passage(path: Path) -> None:
    graph = Graph().parse(path, publicID="http://localhost:8000/")
    proven = {tuple(graph.value(proof, name) for name in PARTS) for proof in graph.subjects(RDF.type, MAILLAGE.Evidence)}
    facts = {fact for fact in graph if is_read(graph, fact)}
    assert facts
    assert facts - proven == set()


def is_read(graph: Graph, fact: tuple[Node, Node, Node]) -> bool:
    """Whether an article says it: the record's form, our remarks, translations and nodes between two facts are ours."""
    subject, property_, value = fact
    kinds = set(graph.objects(subject, RDF.type))
    ours = {MAILLAGE.Source, MAILLAGE.Evidence, MAILLAGE.Indicator, MAILLAGE.Participation}
    return not kinds & ours and property_ not in OF_THE_RECORD and getattr(value, "language", None) != "en"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_passage_is_for_a_statement_that_is_made(path: Path) -> None:
    graph = Graph().parse(path, publicID="http://localhost:8000/")
    for proof in graph.subjects(RDF.type, MAILLAGE.Evidence):
        assert tuple(graph.value(proof, name) for name in PARTS) in graph


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_private_person_is_named(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for private in ("Dumont", "Frédérique", "Dominique", "Piacquadio", "fd@", "@odass", "webconf.odass"):
        assert private not in text
