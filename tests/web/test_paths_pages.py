"""How entities are linked, over HTTP: sentences, table, files, and what is said when there is nothing to tell."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from app.web.paths import FILES
from tests.conftest import BASE
from tests.web.reading import Page, text_of

Fetch = Callable[..., Page]


def id_(name: str) -> str:
    return f"{BASE}id/actor/{name}"


def asked(fetch: Fetch, language: str = "", **options: object) -> Page:
    query = {"from": options.pop("start", id_("grainerie")), "to": options.pop("to", id_("atelier")), **options}
    return fetch(f"{language}/paths", query_string=query)


def chains(page: Page) -> list[str]:
    return [text_of(p) for p in page.all("p", class_="chain")]


def test_two_actors_are_explained_in_sentences_with_their_dates_the_most_telling_first(fetch: Fetch) -> None:
    assert chains(asked(fetch)) == [
        "La Grainerie signe « la convention de voisinage » (2020-2021)Source 1, comme L’AtelierSource 1.",
        "La Grainerie compte Comité de pilotage du marché parmi ses instancesSource 1 ; "
        "L’Atelier est membre de Comité de pilotage du marché (depuis le 1er avril 2019)Source 1.",
        "La Grainerie a pour territoire VallonSource 1, comme L’AtelierSource 1. par un thème ou un territoire seulement",
    ]


def test_the_same_is_said_in_english(fetch: Fetch) -> None:
    page = asked(fetch, "/en")
    assert page.language == "en"
    assert page.heading == "La Grainerie and L’Atelier: which links?"
    assert chains(page)[0] == "La Grainerie signs “la convention de voisinage” (2020-2021)Source 1, like L’AtelierSource 1."


def test_a_partnership_is_named_once_and_what_ends_a_sentence_begins_the_next(fetch: Fetch) -> None:
    assert chains(asked(fetch, to=id_("agglo"))) == [
        "La Grainerie reçoit un financement par « l’aide au marché de 2019 » (2019)Source 1 ; "
        "Agglomération du Vallon finance ce partenariatSource 1."
    ]
    assert chains(asked(fetch, to=id_("comite")))[1] == (
        "La Grainerie signe « la convention de voisinage » (2020-2021)Source 1, comme L’AtelierSource 1, "
        "qui est membre de Comité de pilotage du marché (depuis le 1er avril 2019)Source 1."
    )


def test_other_partnerships_of_the_same_two_are_counted_and_not_told_as_more_explanations(fetch: Fetch) -> None:
    page = asked(fetch, to=id_("carrefour"))
    assert len(chains(page)) == 1
    (note,) = [text_of(p) for p in page.all("p", class_="notes")]
    assert note.startswith("999 autres partenariats relient Agglomération du Vallon et Le Carrefour, dont : la convention no 1,")


def test_every_sentence_leads_to_its_entities_and_its_sources(fetch: Fetch) -> None:
    page = asked(fetch)
    chain = page.all("p", class_="chain")[0]
    hrefs = [a.get("href") for a in chain.iter("a")]
    assert hrefs == ["/actor/grainerie", "/partnership/convention", "#source-1", "/actor/atelier", "#source-1"]
    assert "Lettre du vallon" in text_of(page.all("li", id="source-1")[0])


def test_the_picture_has_every_entity_and_the_table_every_link(fetch: Fetch) -> None:
    page = asked(fetch)
    (figure,) = page.all("figure", class_="graph")
    assert {text_of(element) for element in figure.iter() if element.tag.endswith("title")} >= {
        "La Grainerie (Coopérative de consommateurs)",
        "la convention de voisinage (Partenariat)",
    }
    rows = [[text_of(cell) for cell in row] for row in page.all("tr")][1:]
    assert rows[0] == ["1", "La Grainerie signe « la convention de voisinage »", "signe", "2020-2021", "Source 1"]
    assert rows[1] == ["1", "L’Atelier signe « la convention de voisinage »", "signe", "2020-2021", "Source 1"]
    assert [row[0] for row in rows] == ["1", "1", "2", "2", "3", "3"]


@pytest.mark.parametrize("typed", ["La Grainerie", "la grainerie", "GRAINERIE", " Grainerie "])
def test_a_name_is_understood_whatever_its_case_and_article(fetch: Fetch, typed: str) -> None:
    page = asked(fetch, start=typed)
    assert len(chains(page)) == 3
    assert page.all("input", id="p-from")[0].get("value") == "La Grainerie"


def test_a_name_that_nobody_bears_is_refused_with_those_that_come_near(fetch: Fetch) -> None:
    page = asked(fetch, start="Graineri")
    (problem,) = page.all("p", id="p-from-problem")
    assert "Aucune fiche ne porte exactement ce nom." in text_of(problem)
    (offered,) = [a for a in problem.iter("a") if text_of(a) == "La Grainerie"]
    assert len(chains(fetch(offered.get("href")))) == 3
    assert page.all("input", id="p-from")[0].get("aria-invalid") == "true"


def test_nothing_is_asked_before_two_names_are_given(fetch: Fetch) -> None:
    empty = fetch("/paths")
    assert empty.status == 200
    assert not chains(empty)
    assert not empty.all("p", role="alert")
    example = next(href for href in empty.hrefs() if "from=" in href)
    assert chains(fetch(example))
    assert "Donnez deux noms au moins." in fetch("/paths", query_string={"from": id_("grainerie")}).text


def test_the_same_entity_twice_is_told(fetch: Fetch) -> None:
    assert "C’est deux fois la même fiche" in asked(fetch, to=id_("grainerie")).text


def test_who_has_no_link_yet_is_named(fetch: Fetch) -> None:
    page = asked(fetch, to=id_("seul"))
    assert "Pas encore de lien connu : Tout Seul" in page.text
    assert not page.all("table")


def test_options_narrow_the_explanations_and_a_wider_search_is_offered(fetch: Fetch) -> None:
    assert len(chains(asked(fetch, avoid="territory"))) == 2
    assert chains(asked(fetch, link=["membership"])) == [chains(asked(fetch))[1]]
    assert len(chains(asked(fetch, best=1))) == 1
    left_out = asked(fetch, without=f"{BASE}id/partnership/convention")
    assert len(chains(left_out)) == 2
    assert "Laissés de côté : la convention de voisinage" in left_out.text
    none = asked(fetch, longest=1)
    assert "Aucune explication en un lien avec ces options." in none.text
    wider = none.links()["Une recherche plus large en trouve"]
    assert len(chains(fetch(wider))) == 3
    assert "Autour de « La Grainerie » : Comité de pilotage du marché, Agglomération du Vallon, L’Atelier" in none.text


@pytest.mark.parametrize("options", [{}, {"longest": 1}])
def test_each_file_that_a_page_names_is_there_also_where_nothing_was_found(
    fetch: Fetch, client: FlaskClient, options: dict[str, object]
) -> None:
    page = asked(fetch, **options)
    named = [link.get("href", "") for link in page.all("link", rel="alternate") if "/paths." in link.get("href", "")]
    assert any(".svg?" in address for address in named) == (not options)
    assert {client.get(address).status_code for address in named} == {200}


def test_a_period_leaves_out_what_did_not_hold_in_it(fetch: Fetch) -> None:
    told = chains(asked(fetch, since=2022))
    assert len(told) == 2
    assert not any("convention" in chain for chain in told)


def test_each_step_of_a_search_can_be_left_out_by_a_link(fetch: Fetch) -> None:
    page = asked(fetch, version=2)
    (link,) = [a for a in page.all("a") if a.get("aria-label") == "Chercher sans la convention de voisinage"]
    again = fetch(link.get("href"))
    assert len(chains(again)) == 2
    assert "version=2" in link.get("href", "")
    back = again.links()["reprendre la convention de voisinage"]
    assert chains(fetch(back)) == chains(page)


def test_several_entities_are_linked_by_the_fewest_explanations(fetch: Fetch) -> None:
    page = asked(fetch, **{"with": [id_("agglo"), id_("carrefour")]})
    assert len(chains(page)) == 3
    assert page.heading == "Qu’est-ce qui relie La Grainerie, L’Atelier, Agglomération du Vallon, Le Carrefour ?"
    assert text_of(page.all("title")[0]).startswith(page.heading)


@pytest.mark.parametrize(
    "options",
    [
        {"longest": 9},
        {"longest": "x"},
        {"link": "love"},
        {"avoid": "actor"},
        {"since": 0},
        {"best": 99},
        {"since": 2021, "until": 2020},
    ],
)
def test_an_option_that_is_none_is_refused(fetch: Fetch, options: dict[str, object]) -> None:
    assert asked(fetch, **options).status == 400


def test_a_period_that_ends_before_it_begins_is_told_in_years(fetch: Fetch) -> None:
    told = asked(fetch, since=2021, until=2020).text
    assert "la période finirait avant de commencer, en 2021" in told


def test_the_csv_has_a_line_for_each_step(client: FlaskClient) -> None:
    response = client.get("/paths.csv", query_string={"from": id_("grainerie"), "to": id_("atelier")})
    assert response.content_type == "text/csv; charset=utf-8"
    lines = [line for line in response.text.splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(lines))
    assert [(row["Explication"], row["Étape"]) for row in rows] == [(f"{n}", f"{m}") for n in (1, 2, 3) for m in (1, 2)]
    assert rows[0]["Phrase"].replace("\u00a0", " ") == "La Grainerie signe « la convention de voisinage »"
    assert rows[0]["Sources"] == "Lettre du vallon"
    assert any("version" in line.lower() for line in response.text.splitlines() if line.startswith("#"))


def test_the_workbook_has_the_lines_of_the_csv_and_where_they_come_from(client: FlaskClient) -> None:
    query = {"from": id_("grainerie"), "to": id_("atelier")}
    lines = [line for line in client.get("/paths.csv", query_string=query).text.splitlines() if not line.startswith("#")]
    book = load_workbook(io.BytesIO(client.get("/paths.xlsx", query_string=query).data))
    answer, source = book.worksheets
    assert [[str(cell or "") for cell in row] for row in answer.values] == list(csv.reader(lines))
    assert answer["A2"].value == 1, "a number is one"
    assert ("Version", "2") in [row[:2] for row in source.values]
    assert any(row[0] == "Comment ces explications sont trouvées" and len(row[1]) > 100 for row in source.values)


def test_the_json_has_sentences_steps_and_costs(client: FlaskClient) -> None:
    query = {"from": "La Grainerie", "to": "L’Atelier", "version": 2}
    told = json.loads(client.get("/en/paths.json", query_string=query).data)
    assert told["meta"]["version"] == 2
    assert [one["iri"] for one in told["ends"]] == [id_("grainerie"), id_("atelier")]
    first = told["explanations"][0]
    assert first["sentence"] == "La Grainerie signs “la convention de voisinage” (2020-2021), like L’Atelier."
    assert first["cost"] == pytest.approx(2.5)  # two links of weight 1, and a node with two links
    assert first["steps"][0]["sources"] == [{"iri": f"{BASE}id/source/lettre", "name": "Lettre du vallon"}]


def test_the_graphml_has_every_entity_and_link(client: FlaskClient) -> None:
    response = client.get("/paths.graphml", query_string={"from": id_("grainerie"), "to": id_("atelier")})
    root = ElementTree.fromstring(response.data)
    space = "{http://graphml.graphdrawing.org/xmlns}"
    assert {node.get("id") for node in root.iter(f"{space}node")} == {
        id_("grainerie"),
        id_("atelier"),
        id_("comite"),
        f"{BASE}id/partnership/convention",
        "https://w3id.org/maillage/territory/commune-99001",
    }
    assert len(list(root.iter(f"{space}edge"))) == 6


@pytest.mark.parametrize("suffix", FILES)
def test_a_file_of_what_is_not_understood_is_refused(client: FlaskClient, suffix: str) -> None:
    for query in (
        {},
        {"from": id_("grainerie")},
        {"from": "Nobody", "to": id_("atelier")},
        {"from": id_("seul"), "to": id_("agglo")},
    ):
        assert client.get(f"/paths.{suffix}", query_string=query).status_code == 400
    assert client.get("/paths.pdf").status_code == 404


def test_a_page_costs_a_handful_of_queries(fetch: Fetch, request: pytest.FixtureRequest) -> None:
    count: Callable[[], int] = request.getfixturevalue("asked")
    before = count()
    asked(fetch, best=20)
    assert count() - before <= 7


def test_an_entity_asks_how_it_is_linked_with_another(fetch: Fetch) -> None:
    page = fetch("/actor/grainerie")
    (form,) = page.all("form", class_="linked-to")
    fields = {field.get("name"): field.get("value") for field in form.iter("input")}
    assert form.get("action") == "/paths"
    assert fields == {"from": id_("grainerie"), "to": None}


def test_the_page_stands_in_the_menu_and_on_the_home_page(fetch: Fetch) -> None:
    home = fetch("/")
    assert home.links()["Liens"] == "/paths"
    assert home.links()["Comment deux acteurs sont-ils liés ?"] == "/paths"


def test_names_are_never_markup(fetch: Fetch) -> None:
    page = asked(fetch, start="<script>alert(1)</script>")
    assert not [script for script in page.all("script") if "alert" in (script.text or "")]


def test_a_reader_who_has_the_page_is_told_so(client: FlaskClient) -> None:
    query = {"from": id_("grainerie"), "to": id_("atelier")}
    first = client.get("/paths", query_string=query)
    assert client.get("/paths", query_string=query, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_who_names_no_length_gets_a_longer_explanation_where_the_usual_one_finds_none(fetch: Fetch) -> None:
    far = {"to": id_("carrefour"), "avoid": "territory", "without": f"{BASE}id/actor/nobody"}
    near = asked(fetch, start=f"{BASE}id/actor/comite", **far)
    assert len(chains(near)) == 1
    (chosen,) = [option.get("value") for option in near.all("option") if option.get("selected") is not None]
    assert chosen == "6"
    assert (
        "Aucune explication en 4 liens au plus avec ces options."
        in asked(fetch, start=f"{BASE}id/actor/comite", longest=4, **far).text
    )


def test_the_picture_of_the_explanations_is_a_file_by_itself(client: FlaskClient, fetch: Fetch) -> None:
    link = asked(fetch).links()["Image (SVG)"]
    answer = client.get(link)
    assert answer.mimetype == "image/svg+xml"
    assert 'filename="paths-v' in answer.headers["Content-Disposition"]
    root = ElementTree.fromstring(answer.data)
    svg = "{http://www.w3.org/2000/svg}"
    assert str(root.findtext(f"{svg}title")).startswith("Qu’est-ce qui relie La Grainerie, L’Atelier")
    titles = {str(path.findtext(f"{svg}title")).partition(" (")[0] for path in root.iter(f"{svg}path")}
    assert {"La Grainerie", "L’Atelier", "la convention de voisinage"} <= titles


def test_a_picture_of_nothing_is_refused(client: FlaskClient) -> None:
    query = {"from": id_("grainerie"), "to": id_("atelier"), "longest": "1", "link": "documents"}
    assert client.get("/paths.svg", query_string=query).status_code == 400


def test_the_example_is_of_a_partnership_of_several_and_not_of_a_funder_with_one_of_many(seed_site: FlaskClient) -> None:
    page = Page(seed_site.get("/paths"))
    assert "Par exemple : " in page.text
    assert "Agence nationale de la cohésion des territoires" not in page.text
