"""The page of needs and offers: filters in the address, reasons in words, files, and blocks on the pages of entities."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.conftest import BASE
from tests.web.reading import Page, text_of

MARKET = Path("tests/discovery/market.ttl")


@pytest.fixture(scope="module")
def market_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The site over the invented market."""
    from app.assembly import DerivedLinks, load_catalogue, load_indexes, load_shapes, load_vocabulary
    from app.engine.direct import DirectEngine
    from app.engine.versions import Repository
    from app.queries.rules import Rules
    from app.resources import folder
    from app.settings import Settings
    from app.web import create_app
    from tests.conftest import _publish, _turtle

    root = tmp_path_factory.mktemp("market")
    repository = Repository(root / "data", BASE, None, DerivedLinks(Rules.of(load_catalogue())), indexes=load_indexes())
    files = {"ontology": [folder("ontology") / f"{name}.ttl" for name in ("maillage", "codes")]}
    files |= {"themes": [folder("ontology") / "themes.ttl"], "market": [MARKET]}
    _publish(repository, root, {name: [t for path in paths for t in _turtle(path)] for name, paths in files.items()})
    engine, vocabulary = DirectEngine(repository), load_vocabulary()
    yield create_app(engine, Settings(), vocabulary, load_shapes(vocabulary), load_catalogue(), repository).test_client()
    engine.close()


@pytest.fixture
def market(market_client: FlaskClient) -> Callable[[str], Page]:
    return lambda path: Page(market_client.get(path, headers={"Accept": "text/html"}))


def reasons(page: Page) -> list[str]:
    return [text_of(li) for ul in page.all("ul", class_="criteria") for li in ul.iter("li")]


def test_each_need_is_shown_with_its_best_offers_and_every_reason(market: Callable[[str], Page]) -> None:
    page = market("/matches?kind=code:resource-kind/premises")
    assert page.status == 200
    assert "La cuisine de la halle" in page.links()
    assert reasons(page)[:5] == [
        "✓ Ressource convient même ressource : local ou terrain",
        "✓ Thème convient « Circuits courts » relève du thème « Alimentation et agriculture »",
        "✓ Territoire convient Amont et Aval sont à 5 km à vol d’oiseau",
        "✓ Dates conviennent valables ensemble du 1er mars au 30 juin 2024",
        "≈ Quantité proche l’offre (1) couvre une partie du besoin (2)",
    ]
    assert "? Thème inconnu l’un des deux n’indique pas de thème" in reasons(page)


@pytest.mark.parametrize("by", ["need", "offer", "call"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_each_side_may_be_the_first(market: Callable[[str], Page], by: str, language: str) -> None:
    assert market(f"{language}/matches?by={by}").status == 200


def test_one_offer_has_a_page_of_its_needs_and_says_what_was_set_aside(market: Callable[[str], Page]) -> None:
    page = market(f"/matches?for={BASE}id/need/cuisine&on=2024-05-01")
    assert "1 annonce de même nature n’est pas montrée : elle n’est plus valable à la date choisie." in page.text
    assert "1 annonce de même nature est écartée : ni thème proche, ni territoire proche." in page.text


def test_what_is_not_understood_is_said_beside_its_field_and_nothing_is_listed(market: Callable[[str], Page]) -> None:
    page = market("/matches?area=Nulle+part&on=hier")
    assert page.status == 200
    assert "Aucune fiche ne porte exactement ce nom." in page.text
    assert "Ce n’est pas une date. Écrivez l’année, le mois et le jour en chiffres, par exemple 2021-06-30." in page.text
    assert not reasons(page)


def test_a_territory_may_be_given_by_its_name(market: Callable[[str], Page]) -> None:
    assert "Une cuisine" in market("/matches?area=Amont").links()
    assert "Rien ne répond à ce choix" in market("/matches?area=Loin&kind=code:resource-kind/premises").text


@pytest.mark.parametrize("path", ["/matches?by=everything", "/matches.csv?on=hier", "/matches.json?area=Nulle+part"])
def test_a_wrong_address_is_refused(market_client: FlaskClient, path: str) -> None:
    assert market_client.get(path).status_code == 400


def test_a_file_has_every_criterion_of_each_proposal(market_client: FlaskClient) -> None:
    answer = json.loads(market_client.get("/en/matches.json?kind=code:resource-kind/premises").data)
    first = answer["rows"][0]
    assert first["listing"]["name"] == "Une cuisine"
    assert first["match"]["name"] == "La cuisine de la halle"
    assert first["points"] == 4.5
    assert first["criterion-capacity"] == "near – the offer (1) covers a part of the need (2)"
    assert answer["meta"]["version"] == 1


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "ttl"])
def test_the_other_files_are_there(market_client: FlaskClient, suffix: str) -> None:
    response = market_client.get(f"/matches.{suffix}")
    assert response.status_code == 200
    assert int(response.headers["X-Maillage-Rows"]) == 4


@pytest.mark.parametrize(
    ("path", "heading", "other"),
    [
        ("/need/cuisine", "Offres qui pourraient répondre à ce besoin", "La cuisine de la halle"),
        ("/offer/cuisine-de-la-halle", "Besoins auxquels cette offre pourrait répondre", "Une cuisine"),
        ("/call/mieux-manger", "Qui pourrait répondre à cet appel", "La Cantine"),
        ("/actor/cantine", "Appels à projets auxquels répondre", "Mieux manger"),
        ("/actor/halle", "Besoins auxquels cette offre pourrait répondre", "Une cuisine"),
    ],
)
def test_both_sides_of_a_match_and_their_actors_show_it(
    market: Callable[[str], Page], path: str, heading: str, other: str
) -> None:
    page = market(path)
    assert heading in page.text
    assert other in page.links()


def test_an_observatory_without_needs_says_what_is_missing_and_how_to_add_it(fetch: Callable[..., Page]) -> None:
    page = fetch("/matches")
    assert page.status == 200
    assert "ni besoin, ni offre" in page.text
    assert "<id/need/salle-du-mardi>" in page.text
    assert "maillage import" in page.text


def test_themes_are_offered_as_a_french_dictionary_sorts_them(market: Callable[[str], Page]) -> None:
    (choice,) = market("/matches").all("select", id="p-theme")
    labels = [text_of(option) for option in choice.iter("option")]
    assert labels.index("Économie circulaire et réemploi") < labels.index("Emploi et insertion") < labels.index("Vélo")


def test_a_choice_that_nothing_answers_leads_to_the_other_sides(fetch: Callable[..., Page]) -> None:
    page = fetch("/matches", query_string={"by": "call", "theme": "https://w3id.org/maillage/theme/eau"})
    assert "Le même choix, en partant des : besoins · offres" in page.text
    assert any("by=offer" in address and "theme%2Feau" in address for address in page.hrefs())


@pytest.mark.parametrize("name", ["kind", "theme"])
def test_a_choice_that_is_not_in_its_list_is_said_beside_it(fetch: Callable[..., Page], name: str) -> None:
    page = fetch("/matches", query_string={name: "zzz"})
    assert "« zzz » n’est pas dans cette liste." in page.text
