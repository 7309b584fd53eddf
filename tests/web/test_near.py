"""What is near a place, on the agenda, the opportunities and the matches; the communes from which a browser tells its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.web.site import Site, visit
from tests.web.reading import Page, text_of

STAGES = {
    "Stage de 3e dans l’ESS pour le collège Gérard Philipe, 14 au 18 décembre 2020",
    "Stage de 3e dans l’ESS pour le collège Denis Diderot, 7 au 11 décembre 2020",
    "Stage de 3e dans l’ESS pour le collège Blaise Pascal, 16 au 20 novembre 2020",
}
"""In Massy."""


def announced(page: Page) -> set[str]:
    return {text_of(a) for ul in page.all("ul", class_="found") for strong in ul.iter("strong") for a in strong.iter("a")}


@pytest.mark.parametrize("place", ["Massy", "massy", "91300", "commune-91377", "Antony"])
def test_the_agenda_keeps_what_is_near_a_commune(seen: Callable[[str], Page], place: str) -> None:
    assert announced(seen(f"/agenda?near={place}&km=5")) == STAGES


def test_the_radius_is_ten_kilometres_unless_said(seen: Callable[[str], Page]) -> None:
    near = announced(seen("/agenda?near=Massy"))
    assert near == announced(seen("/agenda?near=Massy&km=10"))
    assert near > STAGES  # Les Ulis lie between five and ten kilometres from Massy
    assert announced(seen("/agenda?near=Provins")) == set()


def test_opportunities_and_their_feeds_keep_the_same(seed_site: FlaskClient, seen: Callable[[str], Page]) -> None:
    page = seen("/opportunities?near=Massy&km=5")
    assert announced(page) == STAGES
    link = page.links()["S’abonner à cet agenda (iCalendar)"]
    assert link == "/agenda.ics?near=commune-91377&km=5"
    assert seed_site.get(link).text.count("BEGIN:VEVENT") == 3
    assert "Massy\\, à 5 km au plus" in seed_site.get(link).text.replace("\r\n ", "").replace("\u00a0", " ")
    assert seed_site.get("/agenda.ics?near=Provins").text.count("BEGIN:VEVENT") == 0


def test_matches_keep_what_is_near(seen: Callable[[str], Page]) -> None:
    def needs(path: str) -> list[str]:
        return [text_of(h3) for one in seen(path).all("article", class_="match") for h3 in one.iter("h3")]

    assert len(needs("/matches?near=Palaiseau&km=5")) == 3
    assert all("Massy" not in need for need in needs("/matches?near=Provins&km=5"))
    assert needs("/matches?near=Provins&km=5") == []
    assert len(needs("/matches")) == 4


def test_what_is_kept_of_the_matches_is_named_by_the_question_and_not_by_all_that_is_near(seed_site: FlaskClient) -> None:
    site: Site = seed_site.application.extensions["maillage"]
    assert seed_site.get("/matches?near=Massy&km=500").status_code == 200
    kept = [name for name in site.facts.at(site.engine.version())._latest if name.startswith("chosen")]
    assert any("500" in name for name in kept)
    assert all(len(name) < 500 for name in kept)


def test_a_file_of_matches_keeps_the_same_as_its_page(seed_site: FlaskClient) -> None:
    def rows(path: str) -> list[str]:
        return [line for line in seed_site.get(path).text.splitlines() if "Places de stage" in line]

    assert len(rows("/matches.csv?near=Palaiseau&km=5")) == len(rows("/matches.csv")) == 3
    assert rows("/matches.csv?near=Provins&km=5") == []


@pytest.mark.parametrize("path", ["/agenda", "/opportunities", "/matches"])
def test_a_place_that_nothing_is_called_is_told_at_its_field(seen: Callable[[str], Page], path: str) -> None:
    page = seen(f"{path}?near=Atlantide")
    assert page.status == 200
    assert "« Atlantide » n’est le nom ni le code postal d’aucune commune connue ici." in page.text
    assert page.all("input", id="f-near")[0].get("aria-invalid") == "true"
    assert announced(page) == set()


@pytest.mark.parametrize("path", ["/agenda.ics", "/opportunities.atom", "/matches.csv"])
@pytest.mark.parametrize("query", ["near=Atlantide", "near=Massy&km=0", "near=Massy&km=loin", "near=Massy&km=501"])
def test_a_feed_refuses_a_place_or_a_distance_that_is_none(seed_site: FlaskClient, path: str, query: str) -> None:
    assert seed_site.get(f"{path}?{query}").status_code == 400


def test_the_communes_are_told_with_their_centres(seed_site: FlaskClient) -> None:
    told = seed_site.get("/communes.json").get_json()
    massy = next(one for one in told["communes"] if one[0] == "commune-91377")
    assert massy == ["commune-91377", "Massy", 2.2753, 48.7275]
    assert len(told["communes"]) > 1200
    assert all(one[0].startswith("commune-") for one in told["communes"])


def test_the_communes_are_written_once_and_not_sent_to_who_has_them(seed_site: FlaskClient) -> None:
    first = seed_site.get("/communes.json")
    with seed_site.application.test_request_context("/communes.json"):
        facts = visit().facts
    kept = facts.remembered("communes.json fr", lambda: b"")
    assert kept.startswith(b'[["')
    assert first.data == b'{"version":1,"communes":' + kept + b"}\n"
    assert seed_site.get("/communes.json?version=1").data == first.data
    assert seed_site.get("/communes.json", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_the_names_of_communes_are_in_the_reader_s_language(seed_site: FlaskClient) -> None:
    french, english = (seed_site.get(f"{prefix}/communes.json") for prefix in ("", "/en"))
    assert french.headers["ETag"] != english.headers["ETag"]
    assert len(french.get_json()["communes"]) == len(english.get_json()["communes"])


def test_a_browser_may_tell_the_position_to_our_own_scripts_only(seed_site: FlaskClient) -> None:
    assert seed_site.get("/agenda").headers["Permissions-Policy"] == "camera=(), geolocation=(self), microphone=()"
