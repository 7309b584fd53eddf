"""The map: outlines, figures by territory with their lists, who acts where, zoom by links; on the seed and on small outlines."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations
from math import hypot

import numpy as np
import pytest
from flask.testing import FlaskClient

from app.charts.maps import Projection, steps
from app.statistics.geography import gather, threads
from tests.engine.versioned import BASE
from tests.test_facts import LAND, P, quads, repository, write
from tests.web.reading import Page, text_of

SVG = "{http://www.w3.org/2000/svg}"
__all__ = ["repository"]


def lines(page: Page, labelled: str) -> list[list[str]]:
    return [
        [text_of(c) for c in tr if c.tag in ("th", "td")]
        for s in page.all("section", aria_labelledby=labelled)
        for tr in s.iter("tr")
    ]


def test_the_map_begins_with_the_region_and_its_intercommunalities(seen: Callable[[str], Page]) -> None:
    page = seen("/map")
    assert page.heading == "Île-de-France"
    assert len(lines(page, "areas")) > 40
    assert len([path for path in page.all(f"{SVG}path") if path.get("class", "").startswith("area")]) > 40


def test_each_figure_opens_its_list_and_each_territory_its_own_map(seen: Callable[[str], Page]) -> None:
    page = seen("/map?measure=partnerships&level=department")
    assert ["Essonne", "337", "Agrandir Essonne"] in lines(page, "areas")
    assert seen(page.links()["337"]).heading == "337 : Partenariats"
    closer = seen(page.links()["Agrandir Essonne"])
    assert closer.heading == "Essonne"
    assert "Île-de-France" in closer.links()


def test_entities_stand_at_the_territory_that_their_record_tells(seen: Callable[[str], Page]) -> None:
    page = seen("/map?territory=Essonne")
    assert lines(page, "circles")[1][0] == "Essonne"
    assert page.all(f"{SVG}circle", class_="cluster")


def test_circles_that_would_hide_one_another_are_one_and_come_apart(seen: Callable[[str], Page]) -> None:
    far, near = (circles(seen(path)) for path in ("/map", "/map?zoom=8&centre=2.4,48.64"))
    assert len(far) < len(near)
    assert sum(actors for _, _, actors in far) == sum(actors for _, _, actors in near)
    assert all(hypot(one[0] - other[0], one[1] - other[1]) > 22 / 8 for one, other in combinations(near, 2))
    assert lines(seen("/map"), "circles") == lines(seen("/map?zoom=8&centre=2.4,48.64"), "circles")


def circles(page: Page) -> list[tuple[float, float, int]]:
    """Each circle's middle in pixels, and its actors."""
    found = page.all(f"{SVG}circle", class_="cluster")
    told = [int(re.search(r"([\d ]+) acteurs?", text_of(one))[1].replace(" ", "")) for one in found]  # type: ignore[index]
    return [(float(one.get("cx", "")), float(one.get("cy", "")), actors) for one, actors in zip(found, told, strict=True)]


def test_a_cluster_s_link_leads_to_where_it_comes_apart(seen: Callable[[str], Page]) -> None:
    page = seen("/map")
    closer = [link for link in page.all(f"{SVG}a") if link.find(f"{SVG}circle") is not None]
    assert closer
    assert len(circles(seen(closer[0].get("href", "")))) > len(circles(page))


def test_a_territory_without_anything_says_so(seen: Callable[[str], Page]) -> None:
    page = seen("/map?territory=commune-77001")
    assert "Aucun acteur ni projet n’indique ici de territoire" in page.text


def test_a_map_without_lines_says_that_no_partnership_joins_two_communes(seen: Callable[[str], Page]) -> None:
    page = seen("/map?territory=essonne")
    assert page.all("line", class_="thread") == []
    assert "aucun partenariat entre des acteurs situés dans deux communes différentes" in page.text


def test_many_territories_without_a_figure_are_drawn_together(seen: Callable[[str], Page]) -> None:
    page = seen("/map?level=commune&measure=actors")
    assert "autres territoires n’ont rien ici" in page.text
    assert len(lines(page, "areas")) < 300


@pytest.mark.parametrize("query", ["level=planet", "measure=x", "from=x", "theme=x"])
def test_words_that_mean_nothing_are_refused(seed_site: FlaskClient, query: str) -> None:
    assert seed_site.get(f"/map?{query}").status_code == 400


def test_an_ambiguous_territory_is_told_with_the_level_of_each(seen: Callable[[str], Page]) -> None:
    assert "Plusieurs territoires portent ce nom : Paris (Département), Paris (Commune)" in seen("/map?territory=Paris").text
    assert "Paris (Department), Paris (Commune)" in seen("/en/map?territory=Paris").text


def test_a_projection_keeps_proportions_and_drops_what_cannot_be_seen() -> None:
    ring = np.array([[2.0, 48.0], [2.0, 49.0], [2.000001, 49.0], [3.0, 49.0], [3.0, 48.0], [2.0, 48.0]])
    projection = Projection.fitting([ring])
    assert projection is not None
    assert projection.place(2.0, 49.0) == (10, 10)
    assert projection.path([ring]).count("L") == 4
    assert 0.6 < projection.width / projection.height < 0.7  # a degree of longitude is shorter there
    assert Projection.fitting([]) is None


def test_steps_follow_the_rank_of_values() -> None:
    assert steps([0, 1, 2, 3, 4, 1000]) == [0, 1, 2, 3, 4, 5]
    assert steps([7, 7]) == [1, 1]
    assert steps([]) == []


def test_links_between_communes_count_each_partnership_once_a_pair(repository) -> None:  # type: ignore[no-untyped-def]
    facts = write(
        repository,
        quads(LAND)
        | quads("""
        <id/actor/a> a m:Association ; m:territory p:commune-1 , p:departement-1 .
        <id/actor/b> a m:Association ; m:territory p:commune-2 .
        <id/actor/c> a m:Association ; m:territory p:commune-2 .
        <id/actor/d> a m:Association ; m:territory p:commune-1 .
        <id/partnership/1> a m:Partnership ; m:participation <i/1> , <i/2> , <i/3> .
        <id/partnership/2> a m:Partnership ; m:participation <i/4> , <i/5> .
        <i/1> m:participant <id/actor/a> . <i/2> m:participant <id/actor/b> . <i/3> m:participant <id/actor/c> .
        <i/4> m:participant <id/actor/a> . <i/5> m:participant <id/actor/d> .
        """),
    )
    tables = facts.tables.territories
    frame = tables.find(f"{P}region-1")
    found = threads(facts, facts.alive, frame)
    ends = {tables[n].removeprefix(P) for one in found for n in (one.one, one.other)}
    assert [one.partnerships for one in found] == [1]
    assert ends == {"commune-1", "commune-2"}
    gathered = {tables[g.territory].removeprefix(P): g.counts for g in gather(facts, [facts.alive], frame)}
    assert gathered == {"commune-1": (2,), "commune-2": (2,), "departement-1": (1,)}
    assert facts.row(f"{BASE}id/actor/a") is not None


def test_the_legend_says_how_many_the_darkest_stands_for(seen: Callable[[str], Page]) -> None:
    (legend,) = seen("/map?measure=amounts&level=department").all("ul", class_="legend")
    assert "de zéro à 12 757 207,25 €" in text_of(legend).replace("\u202f", " ").replace("\xa0", " ")
    (legend,) = seen("/en/map?measure=events").all("ul", class_="legend")
    assert "zero everywhere" in text_of(legend)


def test_a_map_is_cited_with_its_territory_and_what_narrows_it(seen: Callable[[str], Page]) -> None:
    (reference,) = seen("/map?territory=Essonne&theme=education").all("dd", class_="reference")
    assert "Acteurs par commune (Territoire : Essonne, Thème : Éducation et jeunesse)" in text_of(reference)


def test_who_acts_where_opens_lists_of_as_many_and_no_list_that_counts_also_what_is_inside(seen: Callable[[str], Page]) -> None:
    page = seen("/map")
    (section,) = page.all("section", aria_labelledby="circles")
    rows = {text_of(cells[0]): cells[1] for tr in section.iter("tr") if (cells := [c for c in tr if c.tag in ("th", "td")])}
    assert (text_of(rows["Essonne"]), list(rows["Essonne"].iter("a"))) == ("106", [])
    (massy,) = rows["Massy"].iter("a")
    assert (text_of(massy), seen(massy.get("href", "")).heading) == ("3", "3 : Acteurs")
