"""Passages of a page: each once, counted as they are shown, on as many pages as they need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from tests.web.reading import Page, text_of
from tests.web.writing import BASE, actor, publish, site, stored

MAILLAGE = "https://w3id.org/maillage/ontology#"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
PROPERTIES = ("mission", "webPage", "startDate")
LINES = 25


def evidence(number: int, about: str) -> Iterator[ox.Triple]:
    """That a line bears out one property of the actor."""
    node = ox.NamedNode(f"{BASE}id/evidence/{number:02d}-{about}")
    yield ox.Triple(node, TYPE, ox.NamedNode(f"{MAILLAGE}Evidence"))
    yield ox.Triple(node, ox.NamedNode(f"{MAILLAGE}aboutSubject"), ox.NamedNode(f"{BASE}id/actor/ruche"))
    yield ox.Triple(node, ox.NamedNode(f"{MAILLAGE}aboutProperty"), ox.NamedNode(MAILLAGE + about))
    yield ox.Triple(node, ox.NamedNode(f"{MAILLAGE}line"), ox.Literal(number))
    yield ox.Triple(node, ox.NamedNode(f"{MAILLAGE}passage"), ox.Literal(f"Passage {number:02d}.", language="fr"))


def quotes(page: Page) -> list[str]:
    return [text_of(next(figure.iter("blockquote"))) for figure in page.all("figure")]


def test_pages_of_passages_count_passages_and_not_what_they_bear_out(tmp_path: Path) -> None:
    store = stored(tmp_path / "data")
    proofs = [triple for number in range(LINES) for about in PROPERTIES for triple in evidence(number, about)]
    publish(store, tmp_path, [*actor("ruche", "La Ruche"), *proofs], "début")
    client = site(store).test_client()

    def read(query: str) -> Page:
        return Page(client.get(f"/actor/ruche{query}", headers={"Accept": "text/html"}))

    first, second = read(""), read("?page-evidence=2")
    assert quotes(first) == [f"Passage {number:02d}." for number in range(20)]
    assert quotes(second) == [f"Passage {number:02d}." for number in range(20, LINES)]
    assert quotes(read("?page-evidence=9")) == quotes(second)
    (pager,) = first.all("nav", class_="pager")
    assert "25" in text_of(pager)
    assert "75" not in text_of(pager)
    (links,) = [len(list(figure.iter("a"))) for figure in first.all("figure")[:1]]
    assert links == len(PROPERTIES)


def test_the_same_words_are_quoted_once_for_all_that_they_bear_out(tmp_path: Path) -> None:
    store = stored(tmp_path / "data")
    said = []
    for number, subject in enumerate(("school", "garden")):
        node = ox.NamedNode(f"{BASE}id/evidence/{number}")
        said += [
            *actor(subject, subject),
            ox.Triple(node, TYPE, ox.NamedNode(f"{MAILLAGE}Evidence")),
            ox.Triple(node, ox.NamedNode(f"{MAILLAGE}aboutSubject"), ox.NamedNode(f"{BASE}id/actor/{subject}")),
            ox.Triple(node, ox.NamedNode(f"{MAILLAGE}aboutValue"), ox.NamedNode(f"{BASE}id/actor/ruche")),
            ox.Triple(node, ox.NamedNode(f"{MAILLAGE}line"), ox.Literal(number)),
            ox.Triple(node, ox.NamedNode(f"{MAILLAGE}passage"), ox.Literal("Tous deux avec La Ruche.", language="fr")),
        ]
    publish(store, tmp_path, [*actor("ruche", "La Ruche"), *said, *evidence(9, "mission")], "début")
    page = Page(site(store).test_client().get("/actor/ruche", headers={"Accept": "text/html"}))
    assert quotes(page) == ["Tous deux avec La Ruche.", "Passage 09."]
    assert [text_of(next(line.iter("a"))) for line in next(page.all("figure")[0].iter("ul")).iter("li")] == ["school", "garden"]
