"""The agenda, the opportunities and their feeds, on the seed: what is past, what has no date, filters, refusals."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from tests.web.reading import Page, text_of


def entries(page: Page, part: str) -> list[str]:
    return [
        text_of(li) for section in page.all("section", aria_labelledby=part) for ul in section.iter("ul") for li in ul.iter("li")
    ]


def test_the_agenda_sets_apart_what_is_over_and_what_has_no_date(seen: Callable[[str], Page]) -> None:
    page = seen("/agenda")
    assert "Rien n’est annoncé pour la suite" in page.text
    assert any(line.startswith("Assemblée générale du PôleS NOE") for line in entries(page, "undated"))
    assert [line.partition(",")[0] for line in entries(page, "over")] == [
        "Stage de 3e dans l’ESS pour le collège Gérard Philipe",
        "Stage de 3e dans l’ESS pour le collège Denis Diderot",
        "Stage de 3e dans l’ESS pour le collège Blaise Pascal",
    ]


def test_opportunities_leave_events_out(seen: Callable[[str], Page]) -> None:
    page = seen("/en/opportunities")
    assert page.heading == "Opportunities and calls for projects"
    assert "Assemblée générale" not in page.text


def test_filters_narrow_the_page_and_its_feeds(seed_site: FlaskClient, seen: Callable[[str], Page]) -> None:
    page = seen("/agenda?theme=stages-decouverte&territory=Essonne")
    assert len(entries(page, "over")) == 3
    link = page.links()["S’abonner à cet agenda (iCalendar)"]
    assert "theme=stages-decouverte" in link
    assert "territory=departement-91" in link
    assert seed_site.get(link).text.count("BEGIN:VEVENT") == 3
    assert seed_site.get("/agenda.ics?theme=nature").text.count("BEGIN:VEVENT") == 0


def test_the_calendar_tells_whole_days(seed_site: FlaskClient) -> None:
    response = seed_site.get("/agenda.ics")
    assert response.content_type == "text/calendar; charset=utf-8"
    text = response.text.replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20201116\r\nDTEND;VALUE=DATE:20201121\r\n" in text
    assert "UID:http://localhost:8000/id/opportunity/stage-de-troisieme-blaise-pascal-2020\r\n" in text


def test_the_calendar_tells_the_territory_of_what_has_no_place(seed_site: FlaskClient) -> None:
    assert "\r\nLOCATION:Massy\r\n" in seed_site.get("/agenda.ics").text


def test_the_feed_marks_what_is_not_in_its_own_language(seed_site: FlaskClient) -> None:
    lang, atom = "{http://www.w3.org/XML/1998/namespace}lang", "{http://www.w3.org/2005/Atom}"
    for address, expected in (("/opportunities.atom", {None}), ("/en/opportunities.atom", {"fr"})):
        root = ET.fromstring(seed_site.get(address).data)
        marked = {part.get(lang) for name in ("title", "summary") for part in root.findall(f"{atom}entry/{atom}{name}")}
        assert marked == expected


def test_the_feed_is_xml_of_the_open_opportunities(seed_site: FlaskClient) -> None:
    response = seed_site.get("/opportunities.atom")
    assert response.content_type == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(response.data)
    atom = "{http://www.w3.org/2005/Atom}"
    titles = [entry.findtext(f"{atom}title") for entry in root.findall(f"{atom}entry")]
    assert titles
    assert not [title for title in titles if "Stage" in str(title)]  # they are over


@pytest.mark.parametrize("query", ["theme=sorcellerie", "territory=Atlantide", "territory=Paris"])
def test_a_feed_refuses_what_it_does_not_understand(seed_site: FlaskClient, query: str) -> None:
    assert seed_site.get(f"/agenda.ics?{query}").status_code == 400
    assert seed_site.get(f"/opportunities.atom?{query}").status_code == 400


def test_the_page_tells_which_territories_are_meant(seen: Callable[[str], Page]) -> None:
    page = seen("/agenda?territory=Paris")
    assert "Plusieurs territoires portent ce nom" in page.text
    assert entries(page, "over") == []


def test_a_period_is_said_as_elsewhere(seen: Callable[[str], Page]) -> None:
    assert "du 14 au 18 décembre 2020" in seen("/agenda").text
    assert "from 14 to 18 December 2020" in seen("/en/agenda").text
