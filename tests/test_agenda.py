"""The agenda's entries: what is ahead, over or undated; calendars and feeds as their RFCs want them, whatever the data hold."""

from __future__ import annotations

import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest

from app.agenda.atom import Entry, Feed, write_feed
from app.agenda.choosing import EVENTS, OPPORTUNITIES, choose
from app.agenda.entries import Details, read_details, when
from app.agenda.icalendar import Happening, escape, fold, write_calendar
from app.engine.versions import Repository
from app.facts.dates import day
from tests.engine.versioned import BASE, FAST
from tests.test_facts import LAND, P, T, index, quads, write

TODAY = day(datetime.date(2026, 11, 26))
STAMP = datetime.datetime(2026, 11, 26, 14, 0, tzinfo=datetime.UTC)
DATA = """
<id/event/past> a m:Event ; m:startDate "2026-11-25"^^x:date .
<id/event/today> a m:Event ; m:startDateTime "2026-11-26T09:00:00+01:00"^^x:dateTime ;
    m:territory p:commune-1 ; m:theme t:garden .
<id/event/lasting> a m:Event ; m:startDate "2026-10-01"^^x:date ; m:endDate "2027-01-31"^^x:date .
<id/event/year> a m:Event ; m:startDate "2027"^^x:gYear .
<id/event/undated> a m:Event .
<id/call/open> a m:CallForProjects ; m:deadline "2026-12-01"^^x:date ; m:theme t:food .
<id/call/closed> a m:CallForProjects ; m:deadline "2026-11-01"^^x:date .
<id/opportunity/posted> a m:JobOpening ; m:datePosted "2026-11-01"^^x:date ; m:validThrough "2026-12-31"^^x:date .
"""


def chosen(tmp_path: Path, kinds: tuple[str, ...], territory: str | None = None, theme: str | None = None) -> list[str]:
    facts = write(Repository(tmp_path / "data", BASE, options=FAST, indexes=(index(),)), quads(LAND + DATA))
    found = choose(facts, kinds, TODAY, territory, theme)
    groups = (found.ahead, found.over, found.undated)
    return [" ".join(facts.iri(row).rpartition("/")[2] for row in group.tolist()) for group in groups]


def test_what_ends_today_is_ahead_and_what_has_no_date_stands_apart(tmp_path: Path) -> None:
    assert chosen(tmp_path, EVENTS) == ["lasting today year", "past", "undated"]


def test_a_deadline_decides_whether_an_opportunity_is_open(tmp_path: Path) -> None:
    assert chosen(tmp_path, OPPORTUNITIES) == ["posted open", "closed", ""]


def test_an_agenda_is_narrowed_by_territory_and_theme(tmp_path: Path) -> None:
    assert chosen(tmp_path, EVENTS + OPPORTUNITIES, f"{P}departement-1") == ["today", "", ""]
    assert chosen(tmp_path / "other", EVENTS + OPPORTUNITIES, theme=f"{T}food") == ["today open", "", ""]


def test_a_date_that_is_only_known_by_year_is_no_day(tmp_path: Path) -> None:
    facts = write(Repository(tmp_path / "data", BASE, options=FAST, indexes=(index(),)), quads(DATA))
    assert when(facts, facts.row(f"{BASE}id/event/year") or 0).first is None
    assert when(facts, facts.row(f"{BASE}id/event/lasting") or 0).last == datetime.date(2027, 1, 31)
    assert when(facts, facts.row(f"{BASE}id/call/open") or 0).deadline == datetime.date(2026, 12, 1)


def test_details_of_several_rows_become_one() -> None:
    iri = ox.NamedNode("https://x.example/e")
    rows = [
        {"entity": iri, "startTime": ox.Literal("2026-11-26T09:00:00"), "place": ox.NamedNode("https://x.example/p")},
        {"entity": iri, "startTime": ox.Literal("2026-11-26T08:00:00"), "description": ox.Literal("Texte", language="fr")},
        {"entity": iri, "endTime": ox.Literal("demain"), "place": ox.NamedNode("https://x.example/p")},
    ]
    assert read_details(rows) == {
        "https://x.example/e": Details(
            start=datetime.datetime(2026, 11, 26, 8), descriptions={"fr": "Texte"}, places=("https://x.example/p",)
        )
    }


def lines(*happenings: Happening) -> list[str]:
    """The content lines, unfolded."""
    text = write_calendar("Agenda", "-//Maillage//FR", happenings).decode()
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def test_a_whole_day_ends_the_day_after() -> None:
    found = lines(Happening("u", STAMP, datetime.date(2026, 11, 16), datetime.date(2026, 11, 20), "Stage"))
    assert {"DTSTART;VALUE=DATE:20261116", "DTEND;VALUE=DATE:20261121", "DTSTAMP:20261126T140000Z", "UID:u"} <= set(found)


def test_an_end_that_is_not_known_is_not_made_up() -> None:
    assert not [line for line in lines(Happening("u", STAMP, datetime.date(2026, 11, 16), None, "x")) if line.startswith("DTEND")]


def test_a_moment_with_a_zone_is_told_in_universal_time_and_another_as_it_is() -> None:
    zone = datetime.timezone(datetime.timedelta(hours=1))
    start = datetime.datetime(2026, 11, 26, 9, tzinfo=zone)
    assert "DTSTART:20261126T080000Z" in lines(Happening("u", STAMP, start, None, "x"))
    assert "DTSTART:20261126T090000" in lines(Happening("u", STAMP, datetime.datetime(2026, 11, 26, 9), None, "x"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a;b,c\\d", "a\\;b\\,c\\\\d"),
        ("a\r\nb\nc\rd", "a\\nb\\nc\\nd"),
        ("a\x00\x07b\x7f", "ab"),
        ("BEGIN:VEVENT", "BEGIN:VEVENT"),
    ],
)
def test_texts_are_escaped(text: str, expected: str) -> None:
    assert escape(text) == expected


def test_a_text_cannot_add_a_line() -> None:
    found = lines(Happening("u", STAMP, datetime.date(2026, 1, 1), None, "x\r\nEND:VCALENDAR", categories=["a,b", "c"]))
    assert "SUMMARY:x\\nEND:VCALENDAR" in found
    assert "CATEGORIES:a\\,b,c" in found


def test_long_lines_are_folded_between_characters() -> None:
    text = "SUMMARY:" + "é🎶" * 100
    folded = fold(text)
    assert folded.replace("\r\n ", "") == text
    assert all(len(line.encode()) <= 75 for line in folded.split("\r\n"))


def test_a_calendar_without_events_still_has_a_component() -> None:
    assert "BEGIN:VTIMEZONE" in lines()
    assert "BEGIN:VTIMEZONE" not in lines(Happening("u", STAMP, datetime.date(2026, 1, 1), None, "x"))


def test_a_feed_has_what_the_rfc_requires_and_only_characters_of_xml() -> None:
    entry = Entry("urn:x", "A \x00<b> & c", STAMP, "https://x.example/", "Résumé", datetime.date(2026, 11, 1), (("t", "Thème"),))
    root = ET.fromstring(write_feed(Feed("Fil", "https://x.example/f", "https://x.example/", STAMP, "Nous", "fr"), [entry]))
    atom = "{http://www.w3.org/2005/Atom}"
    assert root.tag == f"{atom}feed"
    assert [root.findtext(f"{atom}{name}") for name in ("title", "id", "updated")] == [
        "Fil",
        "https://x.example/f",
        "2026-11-26T14:00:00Z",
    ]
    assert root.findtext(f"{atom}author/{atom}name") == "Nous"
    assert {link.get("rel") for link in root.findall(f"{atom}link")} == {"self", "alternate"}
    own = root.find(f"{atom}entry")
    assert own is not None
    assert [own.findtext(f"{atom}{name}") for name in ("title", "id", "updated", "published")] == [
        "A <b> & c",
        "urn:x",
        "2026-11-26T14:00:00Z",
        "2026-11-01T00:00:00Z",
    ]


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "soon"])
def test_a_moment_that_has_no_time_in_utc_is_left_out(moment: str) -> None:
    """One such entry in a source would else take the whole calendar away."""
    row = {"entity": ox.NamedNode("https://x.example/e"), "startTime": ox.Literal(moment)}
    assert read_details([row])["https://x.example/e"].start is None
