"""A list and the SPARQL query beside it give the same records, on the seed; what no query says as the list means it is told."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from app.assembly import load_vocabulary
from app.browsing import Selection
from app.browsing.translating import translate
from tests.conftest import BASE
from tests.web.reading import Page

OPEN = "Ouvrir cette requête dans l’éditeur"
CODE = "https://w3id.org/maillage/code/"
LISTS = {
    "actor": 50,
    "actor?class=Association": 20,
    "actor?class=Association&class=Cooperative": 20,
    "actor?theme=cooperation": 5,
    "actor?theme=education&theme=emploi": 3,
    "actor?territory=departement-91": 50,
    "opportunity?territory=commune-91377&theme=stages-decouverte": 3,
    "actor?legal_form=legal-form/7210": 0,
    "actor?role=role/funds": 1,
    "actor?role=role/receives-funding&review=review-status/to-review": 0,
    "actor?source=observatoire": 5,
    "actor?partner=actor/poles-noe": 1,
    "partnership?partner=actor/poles-noe": 1,
    "partnership?nature=partnership-kind/convention": 1,
    "partnership?nature=partnership-kind/convention&nature=partnership-kind/funding": 300,
    "project?partner=actor/poles-noe": 1,
    "project?status=project-status/ongoing": 0,
    "opportunity": 5,
    "opportunity?class=Internship&theme=emploi": 1,
    "territory?class=Department": 8,
    "policy": 5,
}
"""Lists, and how many records each has at least: an equality of nothing with nothing proves little."""


def listed(seed_site: FlaskClient, list_: str) -> set[str]:
    kind, _, query = list_.partition("?")
    return {one["@id"] for one in seed_site.get(f"/{kind}.jsonld?{query}").get_json(force=True)["hasPart"]}


def answered(seed_site: FlaskClient, query: str) -> list[str]:
    rows = seed_site.get("/sparql", query_string={"query": query}, headers={"Accept": "application/sparql-results+json"})
    return [row["entity"]["value"] for row in rows.get_json(force=True)["results"]["bindings"]]


@pytest.mark.parametrize("list_", LISTS)
def test_the_query_gives_the_records_of_the_list(seed_site: FlaskClient, seen: Callable[[str], Page], list_: str) -> None:
    link = seen(f"/{list_}").links()[OPEN]
    (query,) = parse_qs(urlsplit(link).query)["query"]
    found = answered(seed_site, query)
    assert len(found) == len(set(found))
    assert set(found) == listed(seed_site, list_)
    assert len(found) >= LISTS[list_]


def test_filters_that_no_query_says_are_told(seen: Callable[[str], Page]) -> None:
    page = seen("/actor?q=pole&near=Massy&from=2019")
    assert "laisse de côté ce que SPARQL ne dit pas comme ici" in page.text
    for said in ("les mots cherchés", "les années", "le rayon"):
        assert said in page.text
    assert "laisse de côté" not in seen("/actor?class=Association").text


def test_a_list_says_its_filters_in_a_sentence(seen: Callable[[str], Page]) -> None:
    text = seen("/actor?theme=education&theme=emploi&territory=commune-91377").text
    said = "répondent à ces filtres. Thème : « Éducation et jeunesse » ou « Emploi et insertion » ; Territoire : « Massy »."
    assert said in text
    assert "répondent à ces filtres" not in seen("/actor").text
    english = seen("/en/actor?theme=education&territory=commune-91377").text
    assert "Theme: “Education and youth”; Territory: “Massy”." in english


@pytest.mark.parametrize("value", ["> } SELECT * { ?s ?p ?o } #", "a b", 'x"y', "<script>", "x\\u003e"])
@pytest.mark.parametrize("facet", ["theme", "territory", "class", "source", "status"])
def test_no_value_of_an_address_gets_out_of_its_brackets(facet: str, value: str) -> None:
    made = translate(Selection.read("actor", BASE, MultiDict({facet: value})), load_vocabulary())
    if made is not None:
        (line,) = [line for line in made.text.splitlines() if "VALUES" in line]
        assert line.count("<") == line.count(">") == 1
        assert made.text.count("SELECT") == 1


def test_a_value_that_is_no_address_has_no_query_and_an_empty_list(seen: Callable[[str], Page]) -> None:
    page = seen(f"/actor?theme={quote('a b')}")
    assert OPEN not in page.links()
    assert "Rien n’est affiché, parce que la demande contient une valeur inconnue." in page.text
