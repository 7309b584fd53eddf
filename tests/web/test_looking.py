"""Moving about on a map by its address: parts, steps, marks that stand for several records, and tiles where a setting says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from app.settings import Settings
from tests.web.reading import Page, text_of
from tests.web.seeded import seeded

SVG = "{http://www.w3.org/2000/svg}"
TILES = "https://tuiles.example/{z}/{x}/{y}.png"


def box(page: Page) -> list[float]:
    figure = next(one for one in page.all("figure") if "data-look" in one.attrib)
    return [float(part) for part in next(figure.iter(f"{SVG}svg")).get("viewBox", "").split()]


def steps(page: Page) -> dict[str, str | None]:
    return {a.get("data-step", ""): a.get("href") for a in page.all("a") if "data-step" in a.attrib}


@pytest.mark.parametrize("path", ["/map", "/actor?view=map"])
def test_a_step_is_a_link_to_the_part_that_it_shows(seen: Callable[[str], Page], path: str) -> None:
    page = seen(path)
    whole = box(page)
    assert whole[:2] == [0, 0]
    assert {name for name, link in steps(page).items() if link} == {"nearer"}
    nearer = seen(str(steps(page)["nearer"]))
    assert [round(one * 2) for one in box(nearer)[2:]] == [round(one) for one in whole[2:]]
    assert all(steps(nearer).values())
    east = seen(str(steps(nearer)["east"]))
    assert box(east)[0] > box(nearer)[0]
    assert box(seen(str(steps(east)["whole"]))) == whole


@pytest.mark.parametrize("zoom", ["2", "3", "4", "5.33", "8", "16"])
@pytest.mark.parametrize(("corner", "nowhere"), [("-10,60", {"north", "west"}), ("10,40", {"south", "east"})])
def test_a_step_over_the_edge_is_no_link(seen: Callable[[str], Page], corner: str, nowhere: set[str], zoom: str) -> None:
    said = str(steps(seen(f"/map?zoom={zoom}&centre={corner}"))["east" if "west" in nowhere else "west"])
    back = str(steps(seen(said))["west" if "west" in nowhere else "east"])
    found = steps(seen(back))
    assert {name for name in ("north", "south", "west", "east") if found[name] is None} == nowhere


@pytest.mark.parametrize("query", ["zoom=0", "zoom=17", "zoom=x", "centre=x", "centre=2.3", "centre=2.3,4e9", "centre=nan,48"])
@pytest.mark.parametrize("path", ["/map?", "/actor?view=map&"])
def test_a_part_that_is_none_is_refused(seed_site: FlaskClient, path: str, query: str) -> None:
    assert seed_site.get(path + query).status_code == 400


def test_a_closer_territory_is_shown_whole(seen: Callable[[str], Page]) -> None:
    page = seen("/map?level=department&zoom=4&centre=2.2,48.6")
    link = page.links()["Agrandir Essonne"]
    assert "zoom" not in link
    assert "centre" not in link
    assert "territory=departement-91" in link


def test_records_at_one_place_are_one_mark_and_named_below(seen: Callable[[str], Page]) -> None:
    page = seen("/opportunity?view=map&zoom=16&centre=2.2753,48.7275")
    listed = [text_of(li).split(" : ")[0] for ul in page.all("ul", class_="gathered-list") for li in ul.iter("li")]
    assert listed == ["3 fiches"]
    marks = [a for a in page.all(f"{SVG}a") if a.get("href", "").startswith("#gathered-")]
    assert [text_of(next(a.iter(f"{SVG}text"))) for a in marks] == ["3"]
    assert page.all("li", id=marks[0].get("href", "").removeprefix("#"))


def test_marks_come_apart_as_the_map_is_enlarged(seen: Callable[[str], Page]) -> None:
    def counts(path: str) -> list[int]:
        marks = [a for a in seen(path).all(f"{SVG}a") if a.get("tabindex") == "-1"]
        return [int(text_of(t[0])) if (t := list(a.iter(f"{SVG}text"))) else 1 for a in marks]

    far, near = counts("/actor?view=map"), counts("/actor?view=map&zoom=16&centre=2.3,48.6")
    assert sum(far) == sum(near) > 5
    assert len(near) >= len(far)


def test_no_other_host_is_named_unless_a_setting_says_so(seed_site: FlaskClient) -> None:
    answer = seed_site.get("/map")
    assert "img-src 'self';" in answer.headers["Content-Security-Policy"]
    assert not Page(answer).all(f"{SVG}image")


def test_tiles_are_allowed_and_credited_on_maps_only(tmp_path: object) -> None:
    app = seeded(tmp_path)  # type: ignore[arg-type]
    own = app.extensions["maillage"]
    settings = replace(Settings(), map_tiles=TILES, map_tiles_credit="© les cartographes")
    app.extensions["maillage"] = replace(own, settings=settings)
    client = app.test_client()
    for path in ("/map", "/actor?view=map", "/embed/map"):
        answer = client.get(path)
        assert "img-src 'self' https://tuiles.example;" in answer.headers["Content-Security-Policy"], path
        page = Page(answer)
        assert page.all(f"{SVG}image")[0].get("href", "").startswith("https://tuiles.example/")
        assert "Fond de carte : © les cartographes" in page.text
    for path in ("/actor", "/", "/statistics"):
        assert "tuiles.example" not in client.get(path).headers["Content-Security-Policy"], path
