"""The neighbourhood of an entity as a page without scripts, and as files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from tests.web.reading import Page, text_of

Fetch = Callable[..., Page]
GRAINERIE = "http://localhost:8000/id/actor/grainerie"
HERE = f"/neighbourhood?iri={quote(GRAINERIE, safe='')}"
THEME = "https://w3id.org/maillage/theme/epicerie-cooperative"


def data(client: FlaskClient, query: str = "", iri: str = GRAINERIE) -> dict:
    response = client.get(f"/neighbourhood.json?iri={quote(iri, safe='')}{query}")
    assert response.status_code == 200, response.text
    return json.loads(response.data)


def sentences(found: dict) -> set[str]:
    return {link["sentence"] for link in found["links"]}


def labels(found: dict) -> set[str]:
    return {node["label"] for node in found["nodes"]}


def test_the_page_says_in_a_table_all_that_the_picture_shows(fetch: Fetch, client: FlaskClient) -> None:
    page = fetch(HERE)
    assert page.heading == "Voisinage : La Grainerie"
    (table,) = page.all("table")
    rows = [text_of(next(iter(tr))) for tr in table.iter("tr")][1:]
    assert set(rows) == {sentence.replace("\u00a0", " ") for sentence in sentences(data(client))}
    assert "L’Atelier signe « la convention de voisinage »" in rows
    assert "La Grainerie porte « Marché de quartier »" in rows
    (figure,) = page.all("figure", class_="graph")
    titles = {text_of(title).partition(" (")[0] for title in figure.iter("{http://www.w3.org/2000/svg}title")}
    assert labels(data(client)) <= titles


def test_a_record_offers_its_graph_and_one_without_links_does_not(fetch: Fetch) -> None:
    (details,) = fetch("/actor/grainerie").all("details", class_="neighbourhood")
    assert HERE in {a.get("href") for a in details.iter("a")}
    assert not fetch("/source/lettre").all("details", class_="neighbourhood")


@pytest.mark.parametrize(
    ("iri", "status"),
    [
        ("http://localhost:8000/id/actor/nobody", 404),
        ("http://localhost:8000/id/actor/disparu", 410),
        ("no iri", 400),
        ("", 400),
        ("http://localhost:8000/id/source/lettre", 200),
    ],
)
def test_what_is_not_described_or_has_no_links_is_told(fetch: Fetch, iri: str, status: int) -> None:
    page = fetch(f"/neighbourhood?iri={quote(iri, safe='')}")
    assert page.status == status
    if status == 200:
        assert "Aucun lien n’est encore connu" in page.text


def test_the_first_node_is_the_centre_and_all_have_places_and_pages(client: FlaskClient) -> None:
    found = data(client)
    assert found["nodes"][0]["iri"] == GRAINERIE
    assert (found["nodes"][0]["x"], found["nodes"][0]["y"], found["nodes"][0]["parent"]) == (0.0, 0.0, None)
    places = [(node["x"], node["y"]) for node in found["nodes"]]
    assert len(set(places)) == len(places)
    assert all(client.get(node["page"], headers={"Accept": "text/html"}).status_code == 200 for node in found["nodes"])
    assert found["meta"]["version"] == 2
    assert "Lettre du vallon – CC BY 4.0" in found["meta"]["licences"]


def test_dates_are_on_the_links(client: FlaskClient) -> None:
    signs = next(
        link
        for link in data(client)["links"]
        if link["sentence"] == "La Grainerie signe «\u00a0la convention de voisinage\u00a0»"
    )
    assert (signs["period"], signs["from"], signs["to"]) == ("2020-2021", 2020, 2021)


def test_opening_adds_and_keeps_every_place(client: FlaskClient) -> None:
    atelier = "http://localhost:8000/id/actor/atelier"
    before, after = data(client), data(client, f"&open={quote(atelier, safe='')}")
    assert "Comité de pilotage du marché" in labels(after)
    places = {node["iri"]: (node["x"], node["y"]) for node in after["nodes"]}
    assert all(places[node["iri"]] == (node["x"], node["y"]) for node in before["nodes"])
    assert client.get(f"/neighbourhood.json?iri={quote(GRAINERIE, safe='')}&open=x").status_code == 400


def test_filters_leave_what_they_say(client: FlaskClient) -> None:
    signs = "https://w3id.org/maillage/code/role/signs"
    assert sentences(data(client, f"&link={quote(signs, safe='')}")) == {
        "La Grainerie signe «\u00a0la convention de voisinage\u00a0»",
        "L’Atelier signe «\u00a0la convention de voisinage\u00a0»",
    }
    assert "l’aide au marché de 2019" not in labels(data(client, "&from=2020"))
    assert "la convention de voisinage" not in labels(data(client, "&to=2019"))
    assert labels(data(client, f"&theme={quote(THEME, safe='')}")) == {"La Grainerie", "Épicerie coopérative ou solidaire"}
    assert "Agglomération du Vallon" not in labels(data(client, "&hubs=no"))
    assert "Agglomération du Vallon" in labels(data(client))


@pytest.mark.parametrize("query", ["&from=x", "&to=-1", "&version=x"])
def test_a_filter_that_cannot_be_understood_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"{HERE}{query}").status_code == 400


def test_filters_that_leave_nothing_are_told(fetch: Fetch) -> None:
    assert "Les filtres ne laissent aucun lien" in fetch(f"{HERE}&link=urn:none").text


def test_a_thing_with_very_many_links_says_how_many_are_not_drawn(fetch: Fetch) -> None:
    page = fetch(f"/neighbourhood?iri={quote('http://localhost:8000/id/actor/carrefour', safe='')}")
    assert "850 autres liens « signe » de « Le Carrefour » ne sont pas dessinés" in page.text


def test_the_form_keeps_what_was_opened_and_chosen(fetch: Fetch) -> None:
    page = fetch(f"{HERE}&open=http://localhost:8000/id/actor/atelier&from=2020&hubs=no&version=2")
    (form,) = page.all("form", class_="graph-filters")
    hidden = {(i.get("name"), i.get("value")) for i in form.iter("input") if i.get("type") == "hidden"}
    assert hidden == {("iri", GRAINERIE), ("open", "http://localhost:8000/id/actor/atelier"), ("version", "2")}
    assert [i.get("value") for i in form.iter("input") if i.get("name") == "from"] == ["2020"]


def test_the_table_file_names_its_version_and_keeps_formulas_harmless(client: FlaskClient) -> None:
    response = client.get(f"/neighbourhood.csv?iri={quote(GRAINERIE, safe='')}")
    assert response.mimetype == "text/csv"
    assert "attachment" in response.headers["Content-Disposition"]
    comments = [line for line in response.text.splitlines() if line.startswith("#")]
    assert any(line.startswith("# Version") and line.endswith("2") for line in comments)
    assert any("CC BY 4.0" in line for line in comments)
    rows = list(csv.DictReader(io.StringIO("".join(f"{line}\n" for line in response.text.splitlines()[len(comments) :]))))
    assert {row["Phrase"] for row in rows} == sentences(data(client))
    assert all(not value.startswith(("=", "+", "-", "@")) for row in rows for value in row.values())


def test_the_workbook_has_the_lines_of_the_table_file_and_where_they_come_from(client: FlaskClient) -> None:
    asked = f"iri={quote(GRAINERIE, safe='')}"
    lines = [line for line in client.get(f"/neighbourhood.csv?{asked}").text.splitlines() if not line.startswith("#")]
    answer, source = load_workbook(io.BytesIO(client.get(f"/neighbourhood.xlsx?{asked}").data)).worksheets
    assert [[cell or "" for cell in row] for row in answer.values] == list(csv.reader(lines))
    assert any(row[0] == "Comment ce graphe est fait" and "150 liens" in row[1].replace("\u00a0", " ") for row in source.values)


def test_the_graph_file_is_well_formed_graphml_with_the_same_nodes_and_links(client: FlaskClient) -> None:
    response = client.get(f"/neighbourhood.graphml?iri={quote(GRAINERIE, safe='')}")
    assert response.mimetype == "application/graphml+xml"
    root, space = ElementTree.fromstring(response.data), "{http://graphml.graphdrawing.org/xmlns}"
    ids = [node.get("id") for node in root.iter(f"{space}node")]
    assert set(ids) == {node["iri"] for node in data(client)["nodes"]}
    ends = {edge.get(end) for edge in root.iter(f"{space}edge") for end in ("source", "target")}
    assert ends <= set(ids)
    declared = {key.get("id") for key in root.iter(f"{space}key")}
    assert {said.get("key") for said in root.iter(f"{space}data")} <= declared
    assert "CC BY 4.0" in (root.findtext(f"{space}desc") or "")


def test_the_picture_file_is_a_whole_drawing(client: FlaskClient) -> None:
    response = client.get(f"/neighbourhood.svg?iri={quote(GRAINERIE, safe='')}")
    assert response.mimetype == "image/svg+xml"
    root = ElementTree.fromstring(response.data)
    paths = list(root.iter("{http://www.w3.org/2000/svg}path"))
    assert len(paths) == len(data(client)["nodes"])
    assert all(path.get("fill", "").startswith("#") for path in paths)


def test_hostile_names_are_text_in_every_file(client: FlaskClient, fetch: Fetch) -> None:
    iri = quote("https://w3id.org/maillage/territory/commune-99001", safe="")
    for suffix in ("svg", "graphml"):
        ElementTree.fromstring(client.get(f"/neighbourhood.{suffix}?iri={iri}").data)
    page = fetch(f"/neighbourhood?iri={iri}")
    assert not [script for script in page.all("script") if "alert" in text_of(script)]


def test_an_unknown_format_is_not_found(client: FlaskClient) -> None:
    assert client.get(f"/neighbourhood.docx?iri={quote(GRAINERIE, safe='')}").status_code == 404


def test_a_page_of_links_asks_few_questions_whatever_it_shows(fetch: Fetch, asked: Callable[[], int]) -> None:
    before = asked()
    fetch(f"/neighbourhood?iri={quote('http://localhost:8000/id/actor/carrefour', safe='')}")
    assert asked() - before <= 6


def test_english_is_english(fetch: Fetch, client: FlaskClient) -> None:
    assert fetch(f"/en{HERE}").heading == "Neighbourhood: La Grainerie"
    found = json.loads(client.get(f"/en/neighbourhood.json?iri={quote(GRAINERIE, safe='')}").data)
    assert found["nodes"][0]["page"] == "/en/actor/grainerie"
    assert "La Grainerie signs “la convention de voisinage”" in sentences(found)
