"""The page of communities, bridges and isolated actors: of which version it is, its filters, its tables as files."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.conftest import BASE
from tests.web.reading import Page, text_of


def test_the_page_says_of_which_version_it_is_and_who_is_alone(fetch: Callable[..., Page]) -> None:
    page = fetch("/structure")
    assert page.status == 200
    assert "Calculé sur la version 2 des données." in page.text
    assert "Tout Seul" in page.links()
    assert f"/suggestions?for={BASE.replace(':', '%3A').replace('/', '%2F')}id%2Factor%2Fseul" in page.hrefs()


def test_the_english_page_is_complete(fetch: Callable[..., Page]) -> None:
    assert "Worked out on version 2 of the data." in fetch("/en/structure").text


def test_a_filter_keeps_who_is_in_the_area(fetch: Callable[..., Page]) -> None:
    assert "Tout Seul" not in fetch("/structure?area=Vallon").links()


@pytest.mark.parametrize("filter_", ["area=Nulle+part", "theme=Nul"])
def test_a_filter_that_is_not_understood_is_told_and_shows_nothing_in_its_stead(fetch: Callable[..., Page], filter_: str) -> None:
    page = fetch(f"/structure?{filter_}")
    assert "Aucune fiche ne porte exactement ce nom." in page.text
    assert "Isolés" not in page.text.split("Filtrer", 1)[1]


@pytest.mark.parametrize("part", ["communities", "bridges", "central", "isolated", "pools"])
def test_each_table_is_a_file(client: FlaskClient, part: str) -> None:
    answer = client.get(f"/structure.json?part={part}")
    assert answer.status_code == 200
    assert int(answer.headers["X-Maillage-Rows"]) == len(json.loads(answer.data)["rows"])


def test_a_wrong_address_is_refused(client: FlaskClient) -> None:
    assert client.get("/structure.csv?part=everything").status_code == 400
    assert client.get("/structure.csv?area=Nulle+part").status_code == 400


def test_a_part_of_the_page_has_an_address_and_an_unknown_one_is_refused(client: FlaskClient, fetch: Callable[..., Page]) -> None:
    answer = client.get("/en/structure?area=Vallon&part=isolated", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/structure?area=Vallon#isolated")
    page = fetch("/structure?part=foo&area=Vallon")
    assert page.status == 400
    assert "Le paramètre part n’accepte pas « foo » ; choisissez parmi : communities, bridges" in page.text
    assert page.links()["Ouvrir la même page sans ce paramètre"] == "/structure?area=Vallon"


def test_what_takes_long_is_worked_out_behind_and_an_earlier_version_is_shown_meanwhile() -> None:
    import threading

    from app.discovery.kept import Kept

    kept, go = Kept(), threading.Event()
    assert kept.get("shape", 1, lambda: "old") == "old"
    made = threading.Event()

    def slow() -> str:
        go.wait(10)
        made.set()
        return "new"

    kept.begin("shape", 2, slow)
    kept.begin("shape", 2, lambda: "never")
    assert kept.latest("shape", 2) == (1, "old")
    go.set()
    assert made.wait(10)
    assert kept.get("shape", 2, lambda: "never") == "new"
    assert kept.latest("shape", 2) == (2, "new")
    assert kept.latest("shape", 0) is None


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_isolated_are_in_the_order_of_the_list_of_actors(seed_site: FlaskClient, language: str) -> None:
    listed = [row.partition(",")[0] for row in seed_site.get(f"{language}/actor.csv").text.splitlines()]
    told = [row["actor"] for row in seed_site.get(f"{language}/structure.json?part=isolated").get_json()["rows"]]
    iris = [one["iri"] for one in told]
    assert len(iris) > 100
    assert iris == [iri for iri in listed if iri in set(iris)] != sorted(iris)
    page = Page(seed_site.get(f"{language}/structure", headers={"Accept": "text/html"}))
    (shown,) = page.all("ul", class_="alone")
    assert [text_of(link) for link in shown.iter("a") if link.get("class") != "detail"] == [one["name"] for one in told[:50]]


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("/structure.csv?part=isolated&area=Essonne", "Quels acteurs n’ont aucun partenaire connu ? (Essonne)"),
        (
            "/changes.csv?from=2022&to=2023&area=Essonne",
            "Quels liens ont changé entre deux dates ? (Du 31 décembre 2022 au 31 décembre 2023, Essonne)",
        ),
        ("/quality.csv?area=Massy", "Que faut-il corriger, et dans quelle source ? (Massy)"),
        (
            "/matches.csv?area=Massy&near=Massy",
            "Pour chaque besoin, quelles offres pourraient y répondre ? (Massy, Massy, à 10 km au plus)",
        ),
        ("/matches.csv", "Pour chaque besoin, quelles offres pourraient y répondre ?"),
    ],
)
def test_a_file_says_in_words_what_it_is_narrowed_to(seed_site: FlaskClient, address: str, named: str) -> None:
    first = seed_site.get(address).text.splitlines()[0]
    assert first.replace("\u00a0", " ").replace("\u202f", " ") == f"# Question: {named}"


def test_the_title_and_the_reference_of_a_page_name_its_filter(seen: Callable[[str], Page]) -> None:
    changed = ("/changes?from=2022&to=2023", "Ce qui a changé (Du 31 ")
    for path, named in (("/structure?area=Essonne", "Ponts et isolés (Essonne)"), changed):
        page = seen(path)
        assert text_of(page.all("title")[0]).startswith(named)
        assert named in text_of(page.all("dd", class_="reference")[0])
