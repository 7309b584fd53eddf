"""Literals and periods in both languages."""

import pyoxigraph as ox
import pytest

from app.entities.wording import borrowed, euros, geometry, literal, period

CRS84 = "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
ELSEWHERE = "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(48.7 2.2)"
XSD = "http://www.w3.org/2001/XMLSchema#"


def typed(text: str, kind: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))


def plain(text: str | None) -> str:
    """With ordinary spaces, so that the tests can be read."""
    return (text or "").replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("text", "kind", "french", "english"),
    [
        ("2020-11-16", "date", "16 novembre 2020", "16 November 2020"),
        ("2021-01-01", "date", "1er janvier 2021", "1 January 2021"),
        ("2020", "gYear", "2020", "2020"),
        ("2020-09", "gYearMonth", "septembre 2020", "September 2020"),
        ("1234567.25", "decimal", "1 234 567,25", "1,234,567.25"),
        ("true", "boolean", "oui", "yes"),
        ("not a date", "date", "not a date", "not a date"),
        ("2020-02-31", "date", "2020-02-31", "2020-02-31"),
        ("INF", "double", "∞", "∞"),
    ],
)
def test_a_literal_is_written_as_the_reader_writes_it(text: str, kind: str, french: str, english: str) -> None:
    assert plain(literal(typed(text, kind), "fr")) == french
    assert plain(literal(typed(text, kind), "en")) == english


def test_a_moment_tells_the_day_and_the_hour() -> None:
    assert plain(literal(typed("2020-09-29T09:30:00Z", "dateTime"), "fr")) == "29 septembre 2020 à 09:30"


def test_a_text_that_never_ends_is_cut() -> None:
    assert len(literal(ox.Literal("a" * 100_000), "fr")) < 5_000


@pytest.mark.parametrize(
    ("amount", "french", "english"),
    [("7164.0", "7 164 €", "€7,164"), ("0.5", "0,50 €", "€0.50"), ("beaucoup", "beaucoup", "beaucoup")],
)
def test_an_amount_is_in_euros(amount: str, french: str, english: str) -> None:
    assert plain(euros(typed(amount, "decimal"), "fr")) == french
    assert plain(euros(typed(amount, "decimal"), "en")) == english


@pytest.mark.parametrize("amount", ["7164.0", "7164.5"])
def test_a_line_never_begins_with_the_sign_of_euros(amount: str) -> None:
    assert euros(typed(amount, "decimal"), "fr").endswith("\u00a0€")


@pytest.mark.parametrize(
    ("start", "end", "french", "english"),
    [
        (("2020", "gYear"), ("2021", "gYear"), "2020-2021", "2020-2021"),
        (("2020", "gYear"), ("2020", "gYear"), "2020", "2020"),
        (("2019-01-01", "date"), ("2019-12-31", "date"), "2019", "2019"),
        (("2020-11-16", "date"), ("2020-11-20", "date"), "du 16 au 20 novembre 2020", "from 16 to 20 November 2020"),
        (("2019-04-01", "date"), None, "depuis le 1er avril 2019", "since 1 April 2019"),
        (("2019", "gYear"), None, "depuis 2019", "since 2019"),
        (None, ("2021-05-04", "date"), "jusqu’au 4 mai 2021", "until 4 May 2021"),
        (("2020", "gYear"), ("2021-05", "gYearMonth"), "de 2020 à mai 2021", "from 2020 to May 2021"),
        (None, None, "", ""),
    ],
)
def test_a_period_is_said_as_people_say_it(
    start: tuple[str, str] | None, end: tuple[str, str] | None, french: str, english: str
) -> None:
    bounds = [typed(*bound) if bound else None for bound in (start, end)]
    assert plain(period(*bounds, "fr")) == french
    assert plain(period(*bounds, "en")) == english


def test_a_geometry_is_told_by_its_kind_and_size_and_a_point_by_itself() -> None:
    assert plain(geometry("MULTIPOLYGON(((1 2,3 4,5 6)))", "fr")) == "ensemble de polygones de 3 sommets"
    assert geometry("POLYGON Z ((1 2 0,3 4 0,5 6 0,1 2 0))", "en") == "polygon of 4 vertices"


@pytest.mark.parametrize(
    ("wkt", "french", "english"),
    [
        ("POINT (2.43013 48.62684)", "latitude 48,62684°, longitude 2,43013°", "latitude 48.62684°, longitude 2.43013°"),
        ("POINT(-2 48.70)", "latitude 48,7°, longitude -2°", "latitude 48.7°, longitude -2°"),
        (f"{CRS84} POINT(2.2 48.7)", "latitude 48,7°, longitude 2,2°", "latitude 48.7°, longitude 2.2°"),
        (ELSEWHERE, ELSEWHERE, ELSEWHERE),
        ("POINT(2.2 91)", "POINT(2.2 91)", "POINT(2.2 91)"),
        ("POINT EMPTY", "POINT EMPTY", "POINT EMPTY"),
    ],
)
def test_a_point_is_told_by_latitude_and_longitude_where_they_are_known_to_be_that(wkt: str, french: str, english: str) -> None:
    assert (geometry(wkt, "fr"), geometry(wkt, "en")) == (french, english)


@pytest.mark.parametrize(
    ("iri", "part", "expected"),
    [
        ("http://www.w3.org/2004/02/skos/core#broader", "", "notion plus large"),
        ("http://www.w3.org/2004/02/skos/core#broader", "-sentence", "{object} comprend {subject}"),
        ("http://www.w3.org/2004/02/skos/core#closeMatch", "-sentence", None),
        ("https://w3id.org/maillage/ontology#theme", "", None),
        ("https://elsewhere.example/x", "", None),
    ],
)
def test_some_terms_of_others_are_said_in_our_words(iri: str, part: str, expected: str | None) -> None:
    assert borrowed(iri, "fr", part) == expected
