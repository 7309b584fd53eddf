"""The catalogue's pages: every question has a form and an answer, names are understood, files say where they come from."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from app.queries import Catalogue
from tests.web.reading import Page, text_of

PUBLIC = sorted(query.name for query in Catalogue.load(Path("queries")).within(""))


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_index_lists_every_audiences_questions(client: FlaskClient, language: str) -> None:
    page = client.get(f"{language}/queries").get_data(as_text=True)
    assert all(f"{language}/queries/{name}" in page for name in ("events-on-a-territory", "internship-places", "open-calls"))


@pytest.mark.parametrize("name", PUBLIC)
@pytest.mark.parametrize("language", ["", "/en"])
def test_every_question_has_a_page(client: FlaskClient, name: str, language: str) -> None:
    response = client.get(f"{language}/queries/{name}")
    assert response.status_code == 200
    assert "VALUES" in response.get_data(as_text=True) or name == "sources-and-freshness"


def test_a_word_finds_the_theme_that_it_names(client: FlaskClient) -> None:
    rows = json.loads(client.get("/queries/glossary.json", query_string={"word": "vélo"}).data)["rows"]
    assert "https://w3id.org/maillage/theme/velo" in [row["theme"]["iri"] for row in rows]


@pytest.mark.parametrize("given", ["Vélo", "Cycling", "theme:velo", "https://w3id.org/maillage/theme/velo"])
def test_a_theme_may_be_given_as_people_write_it(client: FlaskClient, given: str) -> None:
    response = client.get("/queries/open-calls.json", query_string={"theme": given})
    assert response.status_code == 200
    assert "theme/velo" in json.loads(response.data)["meta"]["query"]


def test_a_name_that_nothing_bears_is_told_with_candidates(client: FlaskClient) -> None:
    response = client.get("/queries/open-calls", query_string={"theme": "coopér"})
    page = response.get_data(as_text=True)
    assert response.status_code == 200
    assert "Aucune fiche ne porte exactement ce nom" in page
    assert "theme%2Fcooperation" in page


@pytest.mark.parametrize("query", ["day=hier", "theme=nulle-part-au-monde"])
def test_a_file_of_a_question_that_was_not_understood_is_refused(client: FlaskClient, query: str) -> None:
    response = client.get(f"/queries/open-calls.csv?{query}", headers={"Accept": "application/json"})
    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"


def test_an_unknown_question_and_a_query_of_a_page_are_not_found(client: FlaskClient) -> None:
    assert client.get("/queries/nothing-like-it").status_code == 404
    assert client.get("/queries/pages%2Fnodes").status_code == 404


def test_each_file_names_version_query_date_and_licences(client: FlaskClient) -> None:
    meta = json.loads(client.get("/queries/glossary.json?word=bio").data)["meta"]
    assert meta["version"] >= 1
    assert "skos:prefLabel" in meta["query"]
    assert len(meta["date"]) == 10
    assert "/queries/glossary?word=bio&version=" in meta["address"]
    text = client.get("/queries/glossary.csv?word=bio").get_data(as_text=True)
    assert text.startswith("# Question: Que veulent dire")
    rows = list(csv.reader(io.StringIO("".join(line for line in text.splitlines(True) if not line.startswith("#")))))
    assert rows[0][:2] == ["Thème", "Thème (IRI)"]
    book = openpyxl.load_workbook(io.BytesIO(client.get("/queries/glossary.xlsx?word=bio").data))
    assert book.sheetnames == ["Réponse", "Provenance"]
    assert any(row[0] == "Requête SPARQL" for row in book["Provenance"].values)
    turtle = client.get("/queries/glossary.ttl?word=bio").data
    assert any(q.predicate.value.endswith("result-set#solution") for q in ox.parse(turtle, ox.RdfFormat.TURTLE))


def test_a_file_is_not_made_again_for_who_has_it(client: FlaskClient) -> None:
    first = client.get("/queries/glossary.csv?word=bio")
    again = client.get("/queries/glossary.csv?word=bio", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_what_is_typed_is_never_markup_nor_query(client: FlaskClient) -> None:
    page = client.get("/queries/glossary", query_string={"word": '"><script>alert(1)</script> } } #'}).get_data(as_text=True)
    assert "<script>alert" not in page
    assert "L’observatoire ne connaît encore rien" in page


def test_numbers_stand_to_the_right_and_years_do_not(seed_site: FlaskClient) -> None:
    page = Page(seed_site.get("/queries/who-funds-whom", headers={"Accept": "text/html"}))
    figures = {text_of(head): head.get("class") for head in page.all("th", scope="col")}
    assert (figures["Montant total"], figures["Partenariats"], figures["Année"]) == ("figure-cell", "figure-cell", None)


@pytest.mark.parametrize("year", ["99999999999999999999", "-1", "vingt", "0"])
def test_a_year_that_is_none_is_told_the_form_that_is_expected(client: FlaskClient, year: str) -> None:
    page = Page(client.get(f"/queries/who-funds-whom?year={year}", headers={"Accept": "text/html"}))
    assert page.status == 200
    assert "Ce n’est pas une année. Écrivez-la en quatre chiffres, par exemple 2021." in page.text
    assert client.get(f"/queries/who-funds-whom.csv?year={year}").status_code == 400


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "/queries/open-calls",
            "L’observatoire ne connaît encore rien qui réponde à cette question ainsi posée. "
            "Essayez sans le thème, ou avec un thème plus large.",
        ),
        (
            "/en/queries/open-calls",
            "The observatory knows nothing yet that answers this question as it is asked. "
            "Try without the theme, or with a broader one.",
        ),
    ],
)
def test_an_answer_of_nothing_leads_on(fetch: Callable[[str], Page], path: str, said: str) -> None:
    page = fetch(f"{path}?theme=theme:velo")
    assert said in page.text
    before = path.removesuffix("/queries/open-calls")
    assert {f"{before}/matches", f"{before}/suggestions", f"{before}/shapes"} <= set(page.hrefs())


def test_an_answer_of_nothing_advises_only_to_widen_what_was_given(fetch: Callable[[str], Page]) -> None:
    assert "ainsi posée" not in fetch("/queries/open-calls?theme=").text
    assert "plus large" not in fetch("/queries/open-calls?theme=").text
    told = fetch("/queries/coworking-spaces?area=https%3A%2F%2Fw3id.org%2Fmaillage%2Fterritory%2Fdepartement-91").text
    assert "Essayez un territoire plus large." in told
    assert "thème plus large" not in told


def test_a_name_that_nothing_resembles_leads_to_the_search_and_to_the_lists(fetch: Callable[[str], Page]) -> None:
    for address in ("/queries/possible-partners?actor=zzzqx", "/suggestions?for=zzzqx", "/paths?from=zzzqx&to=zzzqx"):
        page = fetch(address)
        assert "Aucun nom n’y ressemble : chercher « zzzqx » dans toutes les fiches · Acteurs" in page.text
        assert {"/search?q=zzzqx", "/actor", "/project", "/territory"} <= set(page.hrefs())


def test_sources_are_told_with_the_names_of_their_licences(seed_site: FlaskClient) -> None:
    rows = list(csv.reader(seed_site.get("/queries/sources-and-freshness.csv").text.splitlines()))
    heads = next(row for row in rows if row[0] == "Source")
    told = {row[0]: row[heads.index("Licence")] for row in rows if len(row) == len(heads)}
    assert told["Postes de la politique de la ville en Essonne, 2020-2023"] == "Licence Ouverte 2.0"
    assert "Texte de la licence" in heads


@pytest.mark.parametrize(("name", "offered"), [("zzz", []), ("glosary", ["/queries/glossary"])])
def test_an_unknown_question_leads_to_those_that_there_are(client: FlaskClient, name: str, offered: list[str]) -> None:
    page = Page(client.get(f"/queries/{name}", headers={"Accept": "text/html"}))
    assert page.status == 404
    listed = next(iter(page.all("section", **{"aria-labelledby": "offered"})))
    assert [link.get("href") for link in listed.iter("a")] == [*offered, "/queries"]
