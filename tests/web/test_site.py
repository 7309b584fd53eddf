"""What holds for every page: languages, errors, caching, security; and the small pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.errors import MaillageError
from app.text import messages
from app.web.errors import status_of
from tests.web.reading import Page, text_of

Fetch = Callable[..., Page]
HTML = {"Accept": "text/html"}
PAGES = [
    "/",
    "/actor",
    "/actor/grainerie",
    "/theme/epicerie-cooperative",
    "/sparql",
    "/ontology",
    "/shapes",
    "/versions",
    "/versions/1",
    "/problems",
    "/search",
    "/licences",
    "/accessibility",
    "/legal",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_in_both_languages_and_each_leads_to_the_other(fetch: Fetch, path: str) -> None:
    french, english = fetch(path), fetch(f"/en{path}")
    assert (french.status, english.status) == (200, 200)
    assert (french.language, english.language) == ("fr", "en")
    assert french.links()["English"] == f"/en{path}"
    assert english.links()["Français"] == path
    alternates = {link.get("hreflang"): link.get("href") for link in french.all("link", rel="alternate") if link.get("hreflang")}
    assert alternates == {"fr": f"http://localhost:8000{path}", "en": f"http://localhost:8000/en{path}"}
    for page in (french, english):
        assert len(page.all("h1")) == 1
        assert page.all("main", id="content")
        assert page.all("a", class_="skip")[0].get("href") == "#content"


@pytest.mark.parametrize("path", ["/sparql?query=ASK%7B%7D&format=html", "/actor?page=2", "/actor/carrefour?page-partnerships=3"])
def test_changing_the_language_keeps_the_query_of_the_page(fetch: Fetch, path: str) -> None:
    assert fetch(path).links()["English"] == f"/en{path}"


def test_links_of_an_english_page_stay_english_and_those_to_data_have_no_language(fetch: Fetch) -> None:
    page = fetch("/en/actor/grainerie")
    inside = {
        href for href in page.hrefs() if href.startswith("/") and href.rpartition(".")[2] not in ("ttl", "nt", "rdf", "jsonld")
    }
    assert {href for href in inside if not href.startswith("/en")} == {"/actor/grainerie"}
    assert "/actor/grainerie.ttl" in page.hrefs()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_forbids_scripts_and_styles_from_elsewhere_and_has_none_inside(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers=HTML)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    page = Page(response)
    assert not page.all("style")
    assert not [e for e in page.root.iter() if e.get("style") or any(name.startswith("on") for name in e.attrib)]
    for script in page.all("script"):
        if script.get("type") == "module":
            assert (script.get("src", "")[:8], script.text) == ("/static/", None)
        else:
            assert script.get("type") in ("application/ld+json", "application/json")
    loaded = [e.get("href") for e in page.all("link") if e.get("rel") in ("stylesheet", "icon")]
    assert loaded
    assert all(href.startswith("/") for href in loaded)


@pytest.mark.parametrize(
    "path", ["/", "/actor", "/actor/grainerie", "/actor/grainerie.ttl", "/ontology", "/ontology.ttl", "/versions"]
)
def test_a_page_that_the_reader_has_is_not_sent_again(client: FlaskClient, path: str) -> None:
    first = client.get(path, headers=HTML)
    assert first.headers["ETag"]
    again = client.get(path, headers={**HTML, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_each_language_and_each_format_has_a_validator_of_its_own(client: FlaskClient) -> None:
    tags = [
        client.get(path, headers={"Accept": accept}).headers["ETag"]
        for path, accept in [
            ("/actor/grainerie", "text/html"),
            ("/en/actor/grainerie", "text/html"),
            ("/actor/grainerie", "text/turtle"),
            ("/actor/grainerie", "application/ld+json"),
        ]
    ]
    assert len(set(tags)) == 4


def test_an_older_version_is_read_by_its_number_and_an_unknown_one_is_not_found(client: FlaskClient) -> None:
    assert client.get("/actor/grainerie?version=1", headers=HTML).headers["X-Maillage-Version"] == "1"
    assert client.get("/actor/grainerie?version=999", headers=HTML).status_code == 404
    assert client.get("/actor/grainerie?version=un", headers=HTML).status_code == 400


@pytest.mark.parametrize(
    "path", ["/nothing/here", "/actor/nobody", "/static/nothing.css", "/static/..%2Fsite.py", "/ontology.docx", "/versions/999"]
)
def test_what_is_not_there_is_a_page_for_people_and_a_problem_for_machines(client: FlaskClient, path: str) -> None:
    page = Page(client.get(path, headers=HTML))
    assert page.status == 404
    assert page.heading == "Page introuvable"
    problem = client.get(path, headers={"Accept": "application/json"})
    assert (problem.status_code, problem.content_type) == (404, "application/problem+json")
    assert problem.json["status"] == 404
    assert problem.json["title"] == "Page introuvable"


def test_an_error_in_english_is_told_in_english(fetch: Fetch) -> None:
    page = fetch("/en/actor/nobody")
    assert page.heading == "Page not found"
    assert "http://localhost:8000/id/actor/nobody" in page.text


def test_a_failure_that_nobody_foresaw_shows_no_traceback(app: Flask) -> None:
    broken = app.extensions["maillage"]
    app.extensions["maillage"] = type(
        "Broken",
        (),
        {"addresses": broken.addresses, "settings": broken.settings, "release": "r", "vocabulary": broken.vocabulary},
    )()
    try:
        for accept in ("text/html", "application/json"):
            response = app.test_client().get("/", headers={"Accept": accept})
            assert response.status_code == 500
            assert "Traceback" not in response.text
            assert "AttributeError" not in response.text
    finally:
        app.extensions["maillage"] = broken


@pytest.mark.parametrize("kind", sorted(MaillageError.registry.values(), key=lambda kind: kind.key), ids=lambda kind: kind.key)
def test_every_error_has_a_status_that_tells_whose_turn_it_is(kind: type[MaillageError]) -> None:
    assert 400 <= status_of(kind) < 600


def test_every_error_has_an_entry_where_problem_documents_point(fetch: Fetch) -> None:
    page = fetch("/problems")
    shown = {div.get("id") for div in page.all("div") if div.get("id")}
    assert {key.removeprefix("errors.") for key in messages() if key.startswith("errors.")} - {"error"} <= shown


def test_the_home_page_counts_what_there_is_and_leads_to_the_lists(fetch: Fetch) -> None:
    page = fetch("/")
    figures = {a.get("href"): text_of(a) for ul in page.all("ul", class_="figures") for a in ul.iter("a")}
    assert figures["/actor"].startswith("9 ")
    assert figures["/project"].startswith("1 ")
    assert {"/versions/1", "/versions/2"} <= page.hrefs()


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_home_page_leads_each_kind_of_people_to_answers(fetch: Fetch, language: str) -> None:
    page = fetch(f"{language}/")
    wishes = {d.get("id"): [a.get("href") for a in d.iter("a")] for d in page.all("details") if d.get("id")}
    assert list(wishes) == ["citoyen", "organisation", "collectivite", "ecole"]
    assert all(wishes.values())
    essonne = "area=https%3A%2F%2Fw3id.org%2Fmaillage%2Fterritory%2Fdepartement-91"
    assert f"{language}/queries/internship-places?{essonne}" in wishes["ecole"]
    answers = {href: fetch(href) for links in wishes.values() for href in links}
    assert {answer.status for answer in answers.values()} == {200}
    asked = {href.rpartition("/")[2].partition("?")[0]: answer for href, answer in answers.items() if "/queries/" in href}
    forms = {name for name, answer in asked.items() if not answer.all("h2", id="answer")}
    # Their examples are entities of the seed, which this observatory does not have.
    assert forms == {"members-in-common", "possible-partners", "purpose-of-an-entity", "what-an-actor-offers"}


def test_a_list_is_alphabetical_whatever_the_accents(fetch: Fetch) -> None:
    rows = [text_of(next(row.iter("th"))) for row in fetch("/actor").all("tbody")[0]]
    plain = [name for name in rows if name[0].isalpha()]
    assert (
        plain.index("Comité de pilotage du marché")
        < plain.index("Épicerie de l’Œuf")
        < plain.index("L’Atelier")
        < plain.index("Tout Seul")
    )


def test_a_list_tells_territory_and_period_and_nature_where_it_says_more_than_the_list(fetch: Fetch) -> None:
    rows = [text_of(row) for row in fetch("/project").all("tbody")[0]]
    assert rows == ["Marché de quartier Vallon depuis septembre 2020"]


def test_a_long_list_has_pages_and_a_page_past_the_end_is_the_last(fetch: Fetch) -> None:
    first = fetch("/partnership")
    assert len(first.all("tbody")[0]) == 50
    assert "1 à 50 sur 1 002" in first.text
    last = fetch("/partnership?page=9999")
    assert len(last.all("tbody")[0]) == 2


def test_an_empty_list_says_so(fetch: Fetch) -> None:
    page = fetch("/event")
    assert page.status == 200
    assert "n’a encore aucune fiche de cette nature" in page.text


def test_a_list_as_csv_names_its_version_and_holds_no_formula(client: FlaskClient) -> None:
    response = client.get("/actor.csv")
    assert response.content_type == "text/csv; charset=utf-8"
    assert (
        response.headers["Content-Disposition"] == f'attachment; filename="actor-v{response.headers["X-Maillage-Version"]}.csv"'
    )
    lines = response.text.splitlines()
    assert lines[0].startswith("iri,name,type,territory,period,")
    assert any(line.startswith("http://localhost:8000/id/actor/grainerie,La Grainerie,") for line in lines)
    assert not [cell for line in lines for cell in line.split(",") if cell.startswith(("=", "+", "@"))]


@pytest.mark.parametrize("path", ["/nokind", "/nokind.csv", "/en/nokind"])
def test_a_kind_that_does_not_exist_has_no_list(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "example", "counter"), [("/ontology", "Exemple", "Contre-exemple"), ("/en/ontology", "Example", "Counter-example")]
)
def test_a_term_is_explained_by_an_example_before_what_is_none(fetch: Fetch, path: str, example: str, counter: str) -> None:
    page = fetch(path)
    (actor,) = page.all("section", id="Actor")
    told = {text_of(next(row.iter("dt"))): text_of(next(row.iter("dd"))) for row in actor.iter("div")}
    order = [name for name in told if name in (example, counter)]
    assert order == [example, counter]
    assert told[example].startswith(("Le PôleS NOE", "The PôleS NOE"))
    assert told[counter].startswith(("la commune de Massy", "the commune of Massy"))
    assert f"{counter} :" not in page.text


def test_the_ontology_has_an_anchor_for_each_term(fetch: Fetch) -> None:
    page = fetch("/ontology")
    anchors = {section.get("id") for section in page.all("section", class_="term")}
    assert {"Actor", "Partnership", "participant", "partnerOf"} <= anchors
    targets = {href[1:] for href in page.hrefs() if href.startswith("#")} - {"content"}
    assert targets <= anchors


@pytest.mark.parametrize("path", ["/ontology.ttl", "/ontology.jsonld", "/shapes.ttl"])
def test_ontology_and_shapes_are_data_too(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert len(response.data) > 1_000


def test_the_rules_are_explained_to_a_volunteer(fetch: Fetch) -> None:
    page = fetch("/shapes")
    assert page.all("section", id="Actor")
    assert "Donnez un nom à l’acteur" in page.text


def test_a_version_tells_what_it_changed(fetch: Fetch) -> None:
    page = fetch("/versions/2")
    assert "− retiré nature : Association" in page.text.replace("type :", "nature :")
    assert "− retiré nom : Le Disparu" in page.text
    assert "ajouté" not in page.text


def test_a_version_that_changed_much_shows_the_first_changes_only(fetch: Fetch) -> None:
    page = fetch("/versions/1")
    assert "seuls les premiers sont montrés" in page.text
    assert len([li for li in page.all("li") if li.get("class") in ("added", "removed")]) <= 400


def test_health_tells_the_version_and_is_never_kept(client: FlaskClient) -> None:
    response = client.get("/health")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert json.loads(response.data)["status"] == "ok"


def test_health_tells_strangers_no_folder(client: FlaskClient) -> None:
    told = json.loads(client.get("/health").data)
    assert "path" not in told["store"]
    assert told["store"]["base"] == "http://localhost:8000/"


def test_a_browser_learns_to_search_here_in_the_reader_s_language(client: FlaskClient) -> None:
    assert 'rel="search" type="application/opensearchdescription+xml"' in client.get("/actor?version=1").text
    for prefix, language in (("", "fr"), ("/en", "en")):
        answer = client.get(f"{prefix}/opensearch.xml?version=1")
        assert answer.mimetype == "application/opensearchdescription+xml"
        tree = ElementTree.fromstring(answer.data)
        found = {part.tag.partition("}")[2]: part for part in tree}
        assert found["Url"].get("template") == f"http://localhost:8000{prefix}/search?q={{searchTerms}}"
        assert found["Language"].text == language


def test_robots_leave_the_query_endpoint_alone(client: FlaskClient) -> None:
    assert "Disallow: /sparql" in client.get("/robots.txt").text


def test_robots_read_the_page_that_asks_for_two_names_and_not_each_explanation(client: FlaskClient) -> None:
    assert {"Disallow: /paths?", "Disallow: /en/paths?"} <= set(client.get("/robots.txt").text.splitlines())


def test_static_files_are_kept_for_long_since_their_address_names_the_release(client: FlaskClient) -> None:
    response = client.get("/static/style.css")
    assert response.content_type.startswith("text/css")
    assert "max-age=31536000" in response.headers["Cache-Control"]
    assert client.get("/favicon.svg").mimetype == "image/svg+xml"
