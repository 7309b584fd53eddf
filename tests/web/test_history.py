"""The history of an entity: on its page, on a page of its own, as JSON; and where it stands when it is not described."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from app.engine.versions import Repository
from tests.web.reading import Page, text_of
from tests.web.writing import BASE, actor, publish, site, stored

Fetch = Callable[..., Page]
JARDIN = f"{BASE}id/actor/jardin"
ADDRESS = f"/history?iri={quote(JARDIN, safe='')}"
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Five versions: another actor, the garden, its new name, another actor again, the garden's end."""
    folder: Path = tmp_path_factory.mktemp("history")
    store = stored(folder / "data")
    other, jardin = actor("autre", "Autre"), actor("jardin", "Le Jardin")
    publish(store, folder, [*other], "première lettre")
    publish(store, folder, [*other, *jardin], "le jardin ouvre")
    publish(store, folder, [*other, *actor("jardin", "Le Grand Jardin")], "le jardin change de nom")
    publish(store, folder, [*actor("autre", "Autre nom"), *actor("jardin", "Le Grand Jardin")], "l’autre change de nom")
    publish(store, folder, [*actor("autre", "Autre nom")], "le jardin ferme")
    return store


@pytest.fixture(scope="module")
def own(store: Repository) -> FlaskClient:
    return site(store).test_client()


def page(own: FlaskClient, path: str) -> Page:
    return Page(own.get(path, headers=HTML))


def changed(found: Page) -> list[str]:
    return [text_of(li) for ul in found.all("ul", class_="changed") for li in ul.iter("li")]


def test_the_page_of_an_entity_tells_the_versions_that_changed_it_newest_first(own: FlaskClient) -> None:
    found = page(own, "/actor/jardin?version=4")
    told = [text_of(li) for ol in found.all("ol", class_="timeline") for li in ol.iter("li")]
    assert [line.split()[1] for line in told] == ["3", "2"]
    assert "le jardin change de nom" in told[0]
    assert "tests" in told[0]


def test_an_older_version_does_not_know_what_came_later(own: FlaskClient) -> None:
    found = page(own, "/actor/jardin?version=2")
    assert [text_of(li).split()[1] for ol in found.all("ol", class_="timeline") for li in ol.iter("li")] == ["2"]
    assert len(page(own, f"{ADDRESS}&version=2").all("tbody")[0]) == 1


def test_a_comparison_tells_what_was_taken_away_and_what_came_in_the_words_of_the_page(own: FlaskClient) -> None:
    found = page(own, f"{ADDRESS}&from=2&to=4")
    assert text_of(found.all("h2", id="compared")[0]) == "Ce qui a changé de la version 2 à la version 4"
    assert changed(found) == ["− retiré nom : Le Jardin lettre", "+ ajouté nom : Le Grand Jardin lettre"]
    back = page(own, f"{ADDRESS}&from=4&to=2")
    assert changed(back) == ["− retiré nom : Le Grand Jardin lettre", "+ ajouté nom : Le Jardin lettre"]


def test_without_a_choice_the_last_change_is_shown(own: FlaskClient) -> None:
    found = page(own, ADDRESS)
    assert text_of(found.all("h2", id="compared")[0]) == "Ce qui a changé de la version 3 à la version 5"
    assert all(line.startswith("− retiré") for line in changed(found))
    assert found.heading == "Historique – Le Grand Jardin"


def test_two_versions_with_the_same_statements_about_it_say_so(own: FlaskClient) -> None:
    found = page(own, f"{ADDRESS}&from=3&to=4")
    assert changed(found) == []
    assert "Aucun énoncé de cette fiche ne diffère" in found.text


def test_what_was_before_the_first_version_can_be_compared(own: FlaskClient) -> None:
    assert all(line.startswith("+ ajouté") for line in changed(page(own, f"{ADDRESS}&from=0&to=2")))


def test_the_history_is_told_in_english(own: FlaskClient) -> None:
    found = page(own, f"/en{ADDRESS}&from=2&to=3")
    assert changed(found) == ["− removed name: Le Jardin lettre", "+ added name: Le Grand Jardin lettre"]


def test_programs_get_the_same_as_json(own: FlaskClient) -> None:
    told = own.get(f"/history.json?iri={quote(JARDIN, safe='')}&from=2&to=3").json
    assert [one["number"] for one in told["versions"]] == [2, 3, 5]
    assert (told["from"], told["to"]) == (2, 3)
    name = f"<{JARDIN}> <https://w3id.org/maillage/ontology#name>"
    assert told["added"] == [f'{name} "Le Grand Jardin"@fr <{BASE}graphs/lettre> .']
    assert told["removed"] == [f'{name} "Le Jardin"@fr <{BASE}graphs/lettre> .']


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("?iri=essai", 400),
        (f"?iri={quote(BASE, safe='')}id/actor/nobody", 404),
        (f"?iri={quote(JARDIN, safe='')}&from=99", 404),
        (f"?iri={quote(JARDIN, safe='')}&to=un", 400),
    ],
)
def test_what_has_no_history_is_refused_with_a_reason(own: FlaskClient, query: str, status: int) -> None:
    for path in ("/history", "/history.json"):
        assert own.get(path + query, headers={"Accept": "application/json"}).status_code == status


def test_a_deleted_entity_answers_410_with_what_it_was_and_where_it_can_be_read(own: FlaskClient) -> None:
    gone = own.get("/actor/jardin", headers={"Accept": "application/json"})
    assert gone.status_code == 410
    assert gone.json["details"]["version"] == 4
    assert "Le Grand Jardin (Association)" in gone.json["detail"]
    found = page(own, "/actor/jardin")
    assert found.links()["Lire la fiche dans la version qui la décrit"] == "/actor/jardin?version=4"
    assert own.get("/actor/jardin.ttl").status_code == 410


def test_a_version_older_than_an_entity_says_which_described_it_first(own: FlaskClient) -> None:
    early = own.get("/actor/jardin?version=1", headers={"Accept": "application/json"})
    assert early.status_code == 404
    assert early.json["details"] == {"iri": JARDIN, "version": 2}
    assert (
        page(own, "/actor/jardin?version=1").links()["Lire la fiche dans la version qui la décrit"] == "/actor/jardin?version=2"
    )


def test_an_entity_nobody_ever_described_is_not_found(own: FlaskClient) -> None:
    assert own.get("/actor/nobody", headers=HTML).status_code == 404


def test_a_name_of_markup_stays_text(tmp_path: Path) -> None:
    store = stored(tmp_path / "data")
    publish(store, tmp_path, actor("jardin", "<b>Le Jardin</b>"), "<i>essai</i>")
    found = page(site(store).test_client(), ADDRESS)
    assert found.heading == "Historique – <b>Le Jardin</b>"
    assert not found.all("b")
    assert not found.all("i")


def test_history_survives_the_pruning_of_the_versions_that_it_compares(tmp_path: Path) -> None:
    store = stored(tmp_path / "data")
    for name in ("Un", "Deux", "Trois"):
        publish(store, tmp_path, actor("jardin", name), name)
    store.prune(1)
    assert changed(page(site(store).test_client(), f"{ADDRESS}&from=1&to=2")) == [
        "− retiré nom : Un lettre",
        "+ ajouté nom : Deux lettre",
    ]
