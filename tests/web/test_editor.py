"""The query editor's page and its own addresses: what a script finds there."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from posixpath import normpath
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from app.web.assets import FOLDER
from tests.web.reading import Page, text_of

Fetch = Callable[..., Page]
MODULES = sorted(path.relative_to(FOLDER) for path in FOLDER.rglob("*.js"))


def terms(client: FlaskClient, language: str = "") -> dict[str, dict[str, str]]:
    return {term["name"]: term for term in client.get(f"{language}/sparql/vocabulary.json").json["terms"]}


def test_the_vocabulary_has_our_terms_in_the_language_of_the_address(client: FlaskClient) -> None:
    french, english = terms(client), terms(client, "/en")
    assert french["maillage:Partnership"] == {
        "name": "maillage:Partnership",
        "sort": "class",
        "label": "Partenariat",
        "definition": "Engagement daté entre deux acteurs ou plus, où chacun tient un rôle.",
    }
    assert english["maillage:Partnership"]["label"] == "Partnership"
    assert french["maillage:participant"]["sort"] == "property"


def test_the_vocabulary_has_the_properties_of_others_that_our_data_use_and_no_code(client: FlaskClient) -> None:
    found = terms(client)
    assert {"dcterms:source", "skos:prefLabel", "geo:hasGeometry"} <= found.keys()
    assert not [name for name in found if name.startswith("code:")]
    prefixes = client.get("/sparql/vocabulary.json").json["prefixes"]
    assert prefixes["maillage"] == "https://w3id.org/maillage/ontology#"
    assert {name.partition(":")[0] for name in found} <= prefixes.keys()


def test_the_vocabulary_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/sparql/vocabulary.json").headers["ETag"]
    assert client.get("/sparql/vocabulary.json", headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/en/sparql/vocabulary.json").headers["ETag"] != tag


def test_entities_are_found_by_a_part_of_their_name(client: FlaskClient) -> None:
    assert client.get("/sparql/entities.json?q=grainer").json == [
        {"iri": "http://localhost:8000/id/actor/grainerie", "label": "La Grainerie", "kind": "Coopérative de consommateurs"}
    ]
    assert client.get("/sparql/entities.json?q=xyzzy").json == []
    assert client.get("/sparql/entities.json").json == []


def test_the_answers_about_different_texts_are_not_taken_for_each_other(client: FlaskClient) -> None:
    first = client.get("/sparql/entities.json?q=grainer")
    again = client.get("/sparql/entities.json?q=atelier", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200


def test_an_older_version_completes_from_itself(client: FlaskClient, fetch: Fetch) -> None:
    assert [one["label"] for one in client.get("/sparql/entities.json?q=disparu&version=1").json] == ["Le Disparu"]
    assert client.get("/sparql/entities.json?q=disparu").json == []
    form = fetch("/sparql?version=1").all("form", class_="editor")[0]
    assert form.get("data-entities") == "/sparql/entities.json?version=1&q="
    assert fetch("/en/sparql").all("form", class_="editor")[0].get("data-entities") == "/en/sparql/entities.json?q="


def test_every_example_runs_as_it_stands(fetch: Fetch, client: FlaskClient) -> None:
    (examples,) = fetch("/sparql").all("ul", id="example-list")
    links = {text_of(a): a.get("href", "") for a in examples.iter("a")}
    assert len(links) >= 25
    for question, link in links.items():
        asked = client.get(link)
        assert asked.status_code == 302, question
        query = parse_qs(urlsplit(asked.headers["Location"]).query)["query"][0]
        assert client.get("/sparql", query_string={"query": query, "format": "json"}).status_code == 200, question


def test_an_example_that_the_catalogue_does_not_have_is_not_found(client: FlaskClient) -> None:
    for name in ("nothing", "pages%2Fstarter", "pages/starter", "possible-partners"):
        assert client.get(f"/sparql/example/{name}", headers={"Accept": "text/html"}).status_code == 404, name


def test_an_example_stays_in_the_language_and_the_version(client: FlaskClient) -> None:
    found = client.get("/en/sparql/example/glossary?version=1").headers["Location"]
    assert found.startswith("/en/sparql?query=")
    assert found.endswith("version=1")


def test_the_scripts_words_are_in_the_page_and_in_its_language(fetch: Fetch) -> None:
    for language, run in (("", "Copier"), ("/en", "Copy")):
        (words,) = fetch(f"{language}/sparql").all("script", id="words")
        assert json.loads(words.text or "")["copy"] == run


def test_cells_tell_a_script_what_they_are(fetch: Fetch) -> None:
    query = 'SELECT (<http://localhost:8000/id/actor/grainerie> AS ?a) (7 AS ?n) ("x"@fr AS ?t) {}'
    (table,) = fetch("/sparql", query_string={"query": query}).all("table")
    cells = [(td.get("data-iri"), td.get("data-datatype")) for td in table.iter("td")]
    assert cells == [
        ("http://localhost:8000/id/actor/grainerie", None),
        (None, "xsd:integer"),
        (None, None),
    ]
    assert table.get("data-total") == "1"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_each_module_is_served_and_what_it_imports_is_too(client: FlaskClient, path: object) -> None:
    address = f"/static/at/1/{path}"
    response = client.get(address)
    assert (response.status_code, response.mimetype) == (200, "text/javascript")
    if "vendor" in str(path):
        return
    for wanted in re.findall(r"""(?:from|import\() ?"(\.[^"]+)\"""", response.text):
        found = normpath(f"{address.rpartition('/')[0]}/{wanted}")
        assert client.get(found).status_code == 200, wanted


@pytest.mark.parametrize(
    "address", ["/static/at/1/editor/none.js", "/static/at/1/../main.js", "/static/at/1/vendor/package.json"]
)
def test_nothing_else_is_served_from_the_folder(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_vendored_bundle_is_the_one_that_its_readme_names() -> None:
    digest = hashlib.sha256((FOLDER / "vendor" / "codemirror.js").read_bytes()).hexdigest()
    assert digest in (FOLDER / "vendor" / "README.md").read_text(encoding="utf-8")
    assert "MIT License" in (FOLDER / "vendor" / "codemirror-LICENSE.txt").read_text(encoding="utf-8")


GRAINERIE = "http://localhost:8000/id/actor/grainerie"
TERM = "https://w3id.org/maillage/ontology#Partnership"


def test_a_result_shows_names_beside_iris_without_a_query_for_them(fetch: Fetch, request: pytest.FixtureRequest) -> None:
    count: Callable[[], int] = request.getfixturevalue("asked")
    query = f"SELECT ?a ?t (<http://nowhere.example/> AS ?n) {{ VALUES (?a ?t) {{ (<{GRAINERIE}> <{TERM}>) }} }}"
    before = count()
    page = fetch("/sparql", query_string={"query": query})
    assert count() == before + 1
    (table,) = page.all("table")
    assert [text_of(td) for td in table.iter("td")] == [
        "http://localhost:8000/id/actor/grainerie La Grainerie",
        "maillage:Partnership Partenariat",
        "http://nowhere.example/",
    ]
    assert next(a.get("href") for a in table.iter("a")) == "/actor/grainerie"


def test_names_are_asked_for_many_at_a_time(client: FlaskClient) -> None:
    found = client.get("/en/sparql/names.json", query_string={"iri": [GRAINERIE, TERM, "http://nowhere.example/"]}).json
    assert found == {
        GRAINERIE: {"label": "La Grainerie", "language": found[GRAINERIE]["language"], "kind": "Actor"},
        TERM: {"label": "Partnership", "language": None, "kind": None},
    }
    assert client.get("/sparql/names.json").json == {}
    assert client.get("/sparql/names.json", query_string={"iri": [f"urn:n:{n}" for n in range(101)]}).status_code == 400


@pytest.mark.parametrize("given", ["x", "rien", "", " ", "/id/actor/grainerie", "http://a.example/<b>", "2:x", "é:x"])
@pytest.mark.parametrize(
    ("place", "sentence"), [("", "donnez une adresse complète (IRI)"), ("/en", "give a whole address (IRI)")], ids=["fr", "en"]
)
def test_what_is_no_iri_has_no_name(given: str, place: str, sentence: str, client: FlaskClient) -> None:
    refused = client.get(f"{place}/sparql/names.json", query_string={"iri": [GRAINERIE, given]})
    assert (refused.status_code, refused.content_type) == (400, "application/problem+json")
    told = refused.get_json()
    assert sentence in told["detail"]
    assert told["details"] == {"name": "iri", "value": given, "reason": "iri"}


def test_the_mark_stands_below_the_wrong_word(client: FlaskClient) -> None:
    query = "SELECT ?x { ?x a ?y } GRUP BY ?x"
    page = client.get("/sparql", query_string={"query": query, "format": "html"}, headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert f"<code>{query}\n{' ' * 22}^</code>" in page.text
