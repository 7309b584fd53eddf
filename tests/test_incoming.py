"""What points to an entity, in the order of names: the same as the engine knows, in the order that lists have."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from app import sparql
from app.asking.incoming import in_order
from app.entities.facts import PAGE_SIZE
from app.folding import sortable
from app.text import LANGUAGES, Language, pick
from tests.web.reading import Page, text_of

if TYPE_CHECKING:
    from app.web.site import Site

AREA = "https://w3id.org/maillage/territory/departement-91"
WITHIN = "https://w3id.org/maillage/ontology#within"
FOUND = """PREFIX maillage: <https://w3id.org/maillage/ontology#>
SELECT ?other ?name WHERE { ?other <%s> <%s> OPTIONAL { ?other maillage:name ?name } }"""
ALL = slice(None)
MANY = """SELECT ?property ?entity (COUNT(?other) AS ?n)
WHERE { ?other ?property ?entity FILTER(isIRI(?entity)) } GROUP BY ?property ?entity"""


@pytest.fixture
def site(seed_app: Flask) -> Site:
    found: Site = seed_app.extensions["maillage"]
    return found


def known(site: Site, iri: str, path: str, language: Language, total: int, shown: slice = ALL) -> list[str] | None:
    return in_order(site.networks.at(1), site.facts.at(1), iri, path, language, total, shown)


def named(site: Site, iri: str, path: str, language: Language) -> list[str]:
    """The same as the engine has them, in the order of the names that a reader sees."""
    names: dict[str, dict[str | None, str]] = {}
    for row in sparql.rows(site.engine, FOUND % (path, iri), version=1):
        texts = names.setdefault(row["other"].value, {})  # type: ignore[union-attr]
        if "name" in row:
            texts[row["name"].language] = row["name"].value  # type: ignore[union-attr]
    said = {other: pick(texts, language) for other, texts in names.items()}
    return sorted(said, key=lambda other: (said[other] is None, sortable((said[other] or ("",))[0]), other))


def test_they_are_those_that_the_engine_has_in_the_order_of_their_names(site: Site) -> None:
    met = 0
    for row in sparql.rows(site.engine, MANY, version=1):
        path, iri, total = (row[name].value for name in ("property", "entity", "n"))  # type: ignore[union-attr]
        for language in LANGUAGES if int(total) > PAGE_SIZE else ():
            found = known(site, iri, path, language, int(total))
            if found is not None:
                met += 1
                assert found == named(site, iri, path, language)
                assert known(site, iri, path, language, int(total), slice(3, 5)) == found[3:5]
    assert met >= 10


def test_what_the_network_or_the_facts_do_not_have_is_asked_for(site: Site) -> None:
    total = len(named(site, AREA, WITHIN, "fr"))
    assert len(known(site, AREA, WITHIN, "fr", total) or ()) == total
    assert total > 190
    assert known(site, AREA, WITHIN, "fr", total + 1) is None
    assert known(site, AREA, "https://w3id.org/maillage/ontology#name", "fr", total) is None
    assert known(site, "https://base.test/nobody", WITHIN, "fr", total) is None


def test_a_page_shows_them_a_part_at_a_time(seen: Callable[[str], Page]) -> None:
    parts = [seen(f"/territory/departement-91?page-from-within={number}") for number in (1, 2)]
    first, second = ([text_of(li) for s in part.all("section", id="from-within") for li in s.iter("li")] for part in parts)
    assert len(first) == len(second) == 20
    assert first[0].startswith("Abbéville-la-Rivière")
    assert max(map(sortable, first)) < min(map(sortable, second))
