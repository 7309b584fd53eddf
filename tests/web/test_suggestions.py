"""The page of suggestions: reasons in words, files, blocks on the pages of actors, and the evaluation of what it is worth."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.conftest import BASE
from tests.web.reading import Page, text_of

SAID = Path("tests/discovery/meetings.ttl")


@pytest.fixture(scope="module")
def meetings_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The site over a few actors who should meet."""
    from app.assembly import DerivedLinks, load_catalogue, load_indexes, load_shapes, load_vocabulary
    from app.engine.direct import DirectEngine
    from app.engine.versions import Repository
    from app.queries.rules import Rules
    from app.resources import folder
    from app.settings import Settings
    from app.web import create_app
    from tests.conftest import _publish, _turtle

    root = tmp_path_factory.mktemp("meetings")
    repository = Repository(root / "data", BASE, None, DerivedLinks(Rules.of(load_catalogue())), indexes=load_indexes())
    files = {"ontology": [folder("ontology") / f"{name}.ttl" for name in ("maillage", "codes")]}
    files |= {"themes": [folder("ontology") / "themes.ttl"], "meetings": [SAID]}
    _publish(repository, root, {name: [t for path in paths for t in _turtle(path)] for name, paths in files.items()})
    engine, vocabulary = DirectEngine(repository), load_vocabulary()
    yield create_app(engine, Settings(), vocabulary, load_shapes(vocabulary), load_catalogue(), repository).test_client()
    engine.close()


@pytest.fixture
def meetings(meetings_client: FlaskClient) -> Callable[[str], Page]:
    return lambda path: Page(meetings_client.get(path, headers={"Accept": "text/html"}))


def reasons(page: Page) -> list[str]:
    return [text_of(li) for ul in page.all("ul", class_="reasons") for li in ul.iter("li")]


def test_an_actor_is_told_whom_to_meet_and_every_reason(meetings: Callable[[str], Page]) -> None:
    page = meetings(f"/suggestions?for={BASE}id/actor/cantine")
    assert page.heading == "Qui devrait rencontrer La Cantine ?"
    assert "Le Fournil" in page.links()
    assert [reason.rpartition(" +")[0] for reason in reasons(page)[:4]] == [
        "partagent 2 partenaires : La Banque et La Ville",
        "l’un offre Un four, l’autre cherche Un four le mardi",
        "travaillent tous deux sur « Circuits courts »",
        "agissent sur le même territoire : Amont",
    ]


def test_the_points_of_the_reasons_sum_up_to_the_score(meetings_client: FlaskClient) -> None:
    rows = json.loads(meetings_client.get(f"/suggestions.json?for={BASE}id/actor/cantine").data)["rows"]
    assert [row["other"]["name"] for row in rows] == ["Le Fournil"]
    assert rows[0]["why"].startswith("partagent 2 partenaires")
    assert rows[0]["score"] == pytest.approx(1.0 + 0.6 * 4 / 5 + 0.3 * 0.7 + 0.15, abs=0.1)


def test_a_name_is_understood_and_another_is_told_with_candidates(meetings: Callable[[str], Page]) -> None:
    assert "Le Fournil" in meetings("/suggestions?for=La+Cantine").links()
    wrong = meetings("/suggestions?for=Canti")
    assert wrong.status == 200
    assert "Aucune fiche ne porte exactement ce nom." in wrong.text
    assert "La Cantine" in wrong.links()


@pytest.mark.parametrize("typed", ["la cantine", "LA CANTINE", " La cantine "])
def test_a_name_is_understood_whatever_its_case_and_article(meetings: Callable[[str], Page], typed: str) -> None:
    assert meetings(f"/suggestions?for={typed}").heading == "Qui devrait rencontrer La Cantine ?"


def test_a_name_written_wrong_is_answered_with_those_that_come_near(meetings: Callable[[str], Page]) -> None:
    near = meetings("/suggestions?for=Fourniil")
    (problem,) = near.all("p", id="for-problem")
    assert [text_of(a) for a in problem.iter("a")] == ["Le Fournil"]
    assert meetings(near.links()["Le Fournil"]).heading == "Qui devrait rencontrer Le Fournil ?"


def test_a_territory_shows_the_pairs_of_its_actors(meetings: Callable[[str], Page]) -> None:
    page = meetings("/en/suggestions?for=Amont")
    assert page.heading == "Who should meet: Amont"
    assert any("share 2 partners: La Banque and La Ville" in reason for reason in reasons(page))


def test_without_a_name_the_best_pairs_of_all_are_shown(meetings: Callable[[str], Page]) -> None:
    page = meetings("/suggestions")
    assert {"La Cantine", "Le Fournil"} <= page.links().keys()


def test_what_has_no_suggestions_is_told_so(meetings: Callable[[str], Page], meetings_client: FlaskClient) -> None:
    theme = "https://w3id.org/maillage/theme/velo"
    assert "proposées pour un acteur, un projet ou un territoire" in meetings(f"/suggestions?for={theme}").text
    assert meetings_client.get(f"/suggestions.csv?for={theme}").status_code == 400
    assert meetings_client.get("/suggestions.csv?for=Personne").status_code == 400
    assert "Rien de ce que l’observatoire sait ne suggère" in meetings(f"/suggestions?for={BASE}id/actor/etat").text


def test_the_page_of_an_actor_says_who_should_meet_it(meetings: Callable[[str], Page]) -> None:
    page = meetings("/actor/cantine")
    assert "Qui devrait rencontrer La Cantine ?" in page.text
    assert "Voir la proposition" in page.links()


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "ttl"])
def test_the_files_are_there(meetings_client: FlaskClient, suffix: str) -> None:
    response = meetings_client.get(f"/suggestions.{suffix}?for={BASE}id/actor/cantine")
    assert response.status_code == 200
    assert response.headers["X-Maillage-Rows"] == "1"


def test_the_suggestions_lead_to_their_evaluation_which_says_what_it_is_worth(meetings: Callable[[str], Page]) -> None:
    assert "/evaluation" in meetings("/suggestions").hrefs()
    page = meetings("/evaluation")
    assert "Nouvelles paires en 2021 : 1, dont 1 d’un acteur déjà connu" in page.text
    assert "Non concluant" in page.text
    assert [text_of(th) for th in page.all("th", scope="row")] == [
        "Rencontres proposées (score de ces pages)",
        "Allocation de ressources (Zhou, Lü et Zhang 2009)",
        "Adamic et Adar (2003)",
        "Voisins communs",
        "Popularité (attachement préférentiel)",
    ]
    assert page.text.count("non concluant") == 4
    assert "inconclusive" in meetings("/en/evaluation").text


def test_without_funding_there_is_nothing_to_evaluate_and_the_page_says_so(fetch: Callable[..., Page]) -> None:
    assert "il n’y a rien à prédire" in fetch("/evaluation").text


def test_the_evaluation_is_a_file_with_a_row_a_method(meetings_client: FlaskClient, meetings: Callable[[str], Page]) -> None:
    links = meetings("/evaluation").links()
    told = meetings_client.get(links["JSON"]).get_json()
    assert [row["method"] for row in told["rows"]][:2] == [
        "Rencontres proposées (score de ces pages)",
        "Allocation de ressources (Zhou, Lü et Zhang 2009)",
    ]
    assert len(told["rows"]) == 5
    assert "verdict" not in told["rows"][0] or told["rows"][0]["verdict"] is None
    assert {row["verdict"] for row in told["rows"][1:]} == {"non concluant"}
    assert all(row["aucLow"] <= row["auc"] <= row["aucHigh"] for row in told["rows"])
    assert "On cache une année" in told["meta"]["query"]
    csv = meetings_client.get(links["CSV"]).text
    assert "Méthode,AUC," in csv
    assert csv.count("non concluant") == 4


def test_an_evaluation_of_nothing_is_a_file_without_rows(client: FlaskClient, fetch: Callable[[str], Page]) -> None:
    assert client.get("/evaluation.json").get_json()["rows"] == []
    assert "CSV" not in fetch("/evaluation").links()


def test_an_evaluation_has_no_other_files(client: FlaskClient) -> None:
    assert client.get("/evaluation.pdf").status_code == 404


def test_the_columns_of_the_file_are_headed_for_actors_and_projects_alike(meetings_client: FlaskClient) -> None:
    text = meetings_client.get(f"/suggestions.csv?for={BASE}id/actor/cantine").text
    heads = next(line for line in text.splitlines() if not line.startswith("#"))
    assert heads == "L’un,L’un (IRI),L’autre,L’autre (IRI),Score,Pourquoi"


def test_a_territory_without_suggestions_leads_to_those_that_hold_it(seen: Callable[[str], Page]) -> None:
    page = seen("/suggestions?for=Grigny")
    assert "ne suggère de rencontre entre les acteurs et les projets de ce territoire" in page.text
    wider = page.links()["Essonne"]
    assert "departement-91" in wider
    assert seen(wider).all("ol", class_="suggested")
