"""Lists over HTTP: facets as a form that needs no script, addresses that hold all, views, files of the whole result."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from tests.web.reading import Page, text_of

Fetch = Callable[..., Page]
COLUMNS = ["iri", "name", "type", "territory", "period", "theme", "start", "end", "amount", "links", "latitude", "longitude"]


def names(page: Page) -> list[str]:
    assert page.status == 200
    return [text_of(next(row.iter("th"))) for body in page.all("tbody") for row in body]


def test_a_theme_narrows_a_list_and_can_be_given_up(fetch: Fetch) -> None:
    page = fetch("/actor?theme=alimentation")
    assert names(page) == ["La Grainerie"]
    (chips,) = page.all("ul", class_="chips")
    chip = next(chips.iter("a"))
    assert text_of(chip).startswith("Retirer le filtre Thème Alimentation")
    assert chip.get("href") == "/actor"
    assert names(fetch("/actor?theme=epicerie-cooperative")) == ["La Grainerie"]
    assert names(fetch("/actor?theme=velo")) == []


def test_of_several_values_each_can_be_given_up_alone(fetch: Fetch) -> None:
    page = fetch("/en/actor?theme=velo&theme=epicerie-cooperative&q=grainerie&page=3")
    (chips,) = page.all("ul", class_="chips")
    assert [a.get("href") for a in chips.iter("a")] == [
        "/en/actor?theme=epicerie-cooperative&q=grainerie",
        "/en/actor?theme=velo&q=grainerie",
        "/en/actor?theme=velo&theme=epicerie-cooperative",
        "/en/actor",
    ]


def test_the_filters_are_a_form_with_labels_and_counts(fetch: Fetch) -> None:
    page = fetch("/actor?theme=epicerie-cooperative")
    (form,) = page.all("form", id="filters")
    assert (form.get("method"), form.get("action")) == ("get", "/actor")
    labels = {label.get("for"): text_of(label) for label in form.iter("label")}
    boxes = {box.get("id"): box for box in form.iter("input") if box.get("type") != "hidden"}
    assert boxes.keys() <= labels.keys()
    assert boxes["f-theme-epicerie-cooperative"].get("checked") is not None
    assert labels["f-theme-epicerie-cooperative"].endswith(" 1")
    assert boxes["f-territory-commune-99001"].get("value") == "commune-99001"
    assert all(text_of(legend) for legend in form.iter("legend"))


def test_words_are_searched_within_the_list_and_keep_the_filters(fetch: Fetch) -> None:
    page = fetch("/actor?q=epicerie&territory=commune-99001")
    assert names(page) == ["La Grainerie"]
    (form,) = page.all("form", class_="within")
    assert {(i.get("name"), i.get("value")) for i in form.iter("input")} == {("q", "epicerie"), ("territory", "commune-99001")}


def test_links_of_order_and_view_keep_all_the_rest(fetch: Fetch) -> None:
    page = fetch("/actor?territory=commune-99001&version=2")
    links = page.links()
    assert links["nombre de liens"] == "/actor?territory=commune-99001&sort=links&version=2"
    assert links["fiches"] == "/actor?territory=commune-99001&view=cards&version=2"
    cards = fetch("/actor?territory=commune-99001&view=cards")
    assert "Une épicerie tenue par ses membres." in cards.text
    assert not cards.all("tbody")


def test_the_most_linked_come_first_when_asked(fetch: Fetch) -> None:
    assert names(fetch("/actor?sort=links"))[:2] in (
        ["Le Carrefour", "Agglomération du Vallon"],
        ["Agglomération du Vallon", "Le Carrefour"],
    )


def test_what_leaves_nothing_says_what_to_do(fetch: Fetch) -> None:
    page = fetch("/en/actor?from=1900&to=1901")
    assert "No record has all of this" in page.text
    assert "/en/actor" in page.hrefs()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("", "La période finit en 2019, avant de commencer en 2021 : rien ne peut y être. Voir de 2019 à 2021"),
        ("/en", "The period ends in 2019, before it begins in 2021: nothing can be in it. See 2019 to 2021"),
    ],
)
def test_a_period_that_is_the_wrong_way_round_is_said_and_can_be_turned(fetch: Fetch, language: str, said: str) -> None:
    page = fetch(f"{language}/actor?from=2021&to=2019")
    assert said in page.text
    assert f"{language}/actor?from=2019&to=2021" in page.hrefs()


def test_a_town_is_shown_by_its_name_and_carried_by_its_address(fetch: Fetch) -> None:
    (box,) = fetch("/actor?near=commune-99001&km=3").all("input", id="f-near")
    assert (box.get("value"), box.get("data-complete-iri")) == ("Vallon", "commune-99001")


def test_a_town_that_is_not_known_is_said_with_those_it_may_be(fetch: Fetch) -> None:
    page = fetch("/actor?near=Valon&km=3")
    assert "« Valon » n’est le nom ni le code postal d’aucune commune connue ici." in page.text
    assert page.links()["Vallon"] == "/actor?near=commune-99001&km=3"


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("territory=vallon&theme=velo", "/actor?territory=commune-99001&theme=velo"),
        ("partner=la+grainerie", "/actor?partner=actor%2Fgrainerie"),
        ("near=https://w3id.org/maillage/territory/commune-99001", "/actor?near=commune-99001"),
        ("theme=%C3%89picerie+coop%C3%A9rative&sort=name", "/actor?theme=epicerie-cooperative&sort=name"),
    ],
)
def test_names_typed_without_a_script_become_what_they_stand_for(client: FlaskClient, typed: str, sent: str) -> None:
    response = client.get(f"/actor?{typed}", headers={"Accept": "text/html"})
    assert (response.status_code, response.headers["Location"]) == (303, sent)


def test_an_actor_that_is_not_known_is_said_with_those_it_may_be(fetch: Fetch) -> None:
    page = fetch("/en/actor?partner=Grianerie")
    assert "“Grianerie” names no actor known here, or several" in page.text
    assert page.links()["La Grainerie"].startswith("/en/actor?partner=http")
    assert "is not the name of a territory" in fetch("/en/actor?territory=Atlantis").text


@pytest.mark.parametrize("query", ["from=19", "km=x&near=Vallon", "sort=colour", "view=hologram", "page=0"])
def test_what_cannot_be_read_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/actor?{query}").status_code == 400


@pytest.mark.parametrize(
    "query", ["theme=%3Cscript%3E", "territory=nowhere", "class=x%20y", "source=..%2F..", "partner=%22%7D", "role=role%2Fking"]
)
def test_a_value_that_nothing_knows_is_said_and_can_be_taken_off(fetch: Fetch, client: FlaskClient, query: str) -> None:
    page = fetch(f"/actor?{query}&sort=links")
    assert page.status == 200
    assert "<script>" not in client.get(f"/actor?{query}", headers={"Accept": "text/html"}).text
    (alert,) = page.all("div", role="alert")
    assert "/actor?sort=links" in [a.get("href") for a in alert.iter("a")]
    assert "Corrigez-la ou retirez-la" in page.text
    refused = client.get(f"/actor.csv?{query}")
    assert refused.status_code == 400
    assert refused.json is not None
    assert refused.json["details"]["name"] == query.partition("=")[0]


def test_an_unknown_value_is_told_by_the_name_of_its_filter_with_those_it_may_be(fetch: Fetch, client: FlaskClient) -> None:
    page = fetch("/en/actor?theme=epicerie-coperative&theme=alimentation")
    (alert,) = page.all("div", role="alert")
    assert text_of(alert).startswith("The filter “Theme” has no value “epicerie-coperative”: it is not known here.")
    links = {text_of(a): a.get("href") for a in alert.iter("a")}
    assert links["Take this value off the list"] == "/en/actor?theme=alimentation"
    assert "/en/actor?theme=epicerie-cooperative&theme=alimentation" in links.values()
    assert names(page) == ["La Grainerie"]
    refused = client.get("/actor.jsonld?theme=epicerie-coperative").get_json(force=True)
    assert "epicerie-cooperative" in refused["explanations"]["fr"]
    assert "choose one of: epicerie-cooperative" in refused["explanations"]["en"]


@pytest.mark.parametrize("query", ["theme=velo", "status=project-status/ongoing", "class=Cooperative"])
def test_a_value_that_is_known_and_unused_is_no_mistake(fetch: Fetch, query: str) -> None:
    page = fetch(f"/actor?{query}")
    assert not page.all("div", role="alert")
    assert page.status == 200


def test_names_in_the_address_of_a_file_are_understood_as_on_the_page(client: FlaskClient) -> None:
    asked = client.get("/actor.csv?territory=vallon&theme=Alimentation")
    assert asked.status_code == 200
    assert asked.text == client.get("/actor.csv?territory=commune-99001&theme=alimentation").text
    assert "grainerie" in asked.text


def test_words_without_letters_leave_an_empty_list(client: FlaskClient) -> None:
    assert client.get("/actor?q=%00", headers={"Accept": "text/html"}).status_code == 200


def test_the_whole_result_is_a_table_for_programs(client: FlaskClient) -> None:
    response = client.get("/partnership.csv?sort=newest")
    rows = list(csv.reader(io.StringIO(response.text)))
    assert rows[0] == COLUMNS
    assert len(rows) == 1 + 1_002 == 1 + int(response.headers["X-Maillage-Rows"])
    grant = next(row for row in rows if row[0].endswith("/aide-2019"))
    english = client.get("/en/partnership.csv?sort=newest").text
    assert english.splitlines()[0] == response.text.splitlines()[0], "programs find the same columns in both languages"
    assert grant[1:9] == ["l’aide au marché de 2019", "Partenariat", "", "2019", "", "2019-01-01", "2019-12-31", "7164.0"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/actor", "Pour Excel ou LibreOffice, prenez le XLSX."),
        ("/en/actor", "For Excel or LibreOffice, take the XLSX."),
        ("/participation", "Pour Excel ou LibreOffice, prenez le XLSX."),
        ("/glossary", ""),
        ("/queries/glossary", "Pour Excel ou LibreOffice, prenez le XLSX."),
    ],
)
def test_who_uses_a_spreadsheet_is_told_which_file_to_take(fetch: Fetch, path: str, told: str) -> None:
    page = fetch(path)
    assert told in page.text
    links = [link.get("href", "").partition("?")[0] for link in page.all("a")]
    assert [link.rpartition(".")[2] for link in links if link.endswith((".csv", ".xlsx"))] == ["xlsx", "csv"]


def test_the_interface_says_how_the_columns_of_a_list_are_called(client: FlaskClient) -> None:
    described = client.get("/openapi.json").get_json()["paths"]["/actor.csv"]["get"]["responses"]["200"]["description"]
    assert described.count(f"({', '.join(COLUMNS)})") == 2


def test_a_spreadsheet_tells_where_it_comes_from(client: FlaskClient) -> None:
    response = client.get("/en/actor.xlsx?theme=epicerie-cooperative")
    book = load_workbook(io.BytesIO(response.data))
    answer, source = book.worksheets
    assert [cell.value for cell in answer[1]][:3] == ["IRI", "Name", "Type"]
    assert [row[1].value for row in answer.iter_rows(min_row=2)] == ["La Grainerie"]
    told = {row[0].value: row[1].value for row in source.iter_rows()}
    assert "http://localhost:8000/en/actor?theme=epicerie-cooperative&version=2" in told.values()


def test_geojson_has_a_feature_for_each_and_says_where_none_is_placed(client: FlaskClient) -> None:
    response = client.get("/actor.geojson?theme=epicerie-cooperative")
    assert response.mimetype == "application/geo+json"
    found = response.get_json(force=True)
    (feature,) = found["features"]
    assert feature["id"] == "http://localhost:8000/id/actor/grainerie"
    assert feature["geometry"] is None
    assert feature["properties"]["theme"].startswith("Épicerie")


def test_json_ld_is_read_as_rdf_with_its_version(client: FlaskClient) -> None:
    import rdflib

    text = client.get("/actor.jsonld?theme=epicerie-cooperative").text
    graph = rdflib.Graph().parse(data=text, format="json-ld")
    m = rdflib.Namespace("https://w3id.org/maillage/ontology#")
    grainerie = rdflib.URIRef("http://localhost:8000/id/actor/grainerie")
    assert graph.value(grainerie, m.name) == rdflib.Literal("La Grainerie", lang="fr")
    assert graph.value(grainerie, m.theme) == rdflib.URIRef("https://w3id.org/maillage/theme/epicerie-cooperative")
    assert (None, rdflib.DCTERMS.hasVersion, rdflib.Literal("2")) in graph


def test_a_list_of_parts_is_still_a_list(fetch: Fetch, client: FlaskClient) -> None:
    assert len(names(fetch("/participation"))) == 50
    assert client.get("/participation.csv").text.startswith("iri,name,type,")


def test_the_page_asks_the_graph_nothing_but_what_its_frame_needs(fetch: Fetch, asked: Callable[[], int]) -> None:
    fetch("/actor?theme=epicerie-cooperative")
    before = asked()
    fetch("/actor?territory=commune-99001")
    assert asked() - before == 0


def test_who_looks_for_json_finds_the_list_as_json_ld(client: FlaskClient) -> None:
    answer = client.get("/actor.json?theme=alimentation&page=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/actor.jsonld?theme=alimentation&page=1")
    assert client.get(answer.headers["Location"]).status_code == 200
    assert client.get("/nokind.json").status_code == 404


def test_a_column_that_would_be_empty_is_left_out(fetch: Fetch) -> None:
    heads = [text_of(head) for head in fetch("/source").all("th", scope="col")]
    assert heads == ["Nom"]
    assert "Territoire" in [text_of(head) for head in fetch("/actor").all("th", scope="col")]


def test_what_has_no_name_goes_by_what_it_says_and_not_by_its_identifier(seed_site: FlaskClient) -> None:
    pages = {path: Page(seed_site.get(path)) for path in ("/participation", "/en/evidence", "/period")}
    told = {path: page.text for path, page in pages.items()}
    says = "CCAS D EGLY reçoit un financement par Adultes-relais 2020 : CCAS D EGLY (CV335)"
    assert [text_of(cell) for cell in pages["/participation"].all("th", scope="row")][1] == says
    assert "CCAS D EGLY · Adultes-relais 2020 : CCAS D EGLY (CV335) reçoit un financement" in told["/participation"]
    row = list(csv.reader(seed_site.get("/participation.csv").text.splitlines()))[2]
    assert row[1].replace("\u00a0", " ") == says
    assert "“Prochaine assemblée générale du PôleS NOE”" in told["/en/evidence"]
    assert "What it says" in told["/en/evidence"]
    assert "Ce qu’elle dit" not in told["/period"]


def test_the_title_of_a_list_names_what_it_is_narrowed_to(seen: Callable[[str], Page]) -> None:
    (title,) = seen("/actor?theme=education&territory=departement-91").all("title")
    assert text_of(title) == "Acteurs : Éducation et jeunesse, Essonne – Maillage"
    (title,) = seen("/actor").all("title")
    assert text_of(title) == "Acteurs – Maillage"


def test_the_file_of_a_list_and_its_reference_say_in_words_what_it_is_narrowed_to(
    seed_site: FlaskClient, seen: Callable[[str], Page]
) -> None:
    asked = "theme=education&territory=departement-91&near=Massy&km=5"
    named = "Acteurs : Éducation et jeunesse, Essonne, Massy, à 5 km au plus"
    source = load_workbook(io.BytesIO(seed_site.get(f"/actor.xlsx?{asked}").data)).worksheets[1]
    assert str(source["B1"].value).replace("\u00a0", " ") == named
    assert f"{named} (liste)" in text_of(seen(f"/actor?{asked}").all("dd", class_="reference")[0])
    assert f"{named} (liste)" in seed_site.get(f"/cite.txt?kind=actor&{asked}").text.replace("\u00a0", " ")
    assert "« Acteurs (liste) »" in seed_site.get("/cite.txt?kind=actor").text.replace("\u00a0", " ")


def test_what_is_chosen_stands_first_in_its_filter_even_where_nothing_has_it(seen: Callable[[str], Page]) -> None:
    boxes = [one for one in seen("/actor?theme=alimentation").all("input", type="checkbox") if one.get("name") == "theme"]
    assert (boxes[0].get("value"), boxes[0].get("checked")) == ("alimentation", "")
    assert [one.get("checked") for one in boxes[1:]] == [None] * (len(boxes) - 1)


def test_a_list_of_one_nature_does_not_repeat_it_on_each_line(seen: Callable[[str], Page]) -> None:
    heads = {path: [text_of(th) for th in seen(path).all("th", scope="col")] for path in ("/partnership", "/actor", "/policy")}
    assert heads["/partnership"] == ["Nom", "Territoire", "Période"]
    assert heads["/actor"] == ["Nom", "Nature", "Territoire"]
    assert heads["/policy"][:2] == ["Nom", "Nature"], "a kind of public policies tells more than their list's name"


def test_a_passage_that_is_a_quotation_itself_is_quoted_once(seed_site: FlaskClient) -> None:
    said = seed_site.get("/evidence.csv").text.replace("\u00a0", " ")
    assert "« comment l’ESS donne des repères pour un modèle alternatif pour l’emploi ? »" in said
    assert "« « comment" not in said
