"""Content negotiation (RFC 9110, section 12.5.1): the format that a request prefers, or none."""

from __future__ import annotations

import pytest

from app.media import CSV, GRAPHS, HTML, JSON_LD, JSON_RESULTS, N_TRIPLES, RDF_XML, SOLUTIONS, TURTLE, XML_RESULTS, Format, choose


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", TURTLE),
        ("*/*", TURTLE),
        ("text/turtle", TURTLE),
        ("text/turtle;charset=utf-8", TURTLE),
        ("TEXT/Turtle", TURTLE),
        ("application/x-turtle", TURTLE),
        ("application/ld+json, text/turtle;q=0.9", JSON_LD),
        ("application/ld+json;q=0.1, text/turtle;q=0.9", TURTLE),
        ("text/turtle, application/ld+json", TURTLE),
        ("application/*", N_TRIPLES),
        ("text/turtle;q=0, */*", N_TRIPLES),
        ("*/*;q=0.1, application/rdf+xml", RDF_XML),
        ("application/rdf+xml;q=0.5, */*;q=0.5", RDF_XML),
        ("text/html", None),
        ("text/turtle;q=0", None),
        ("*/*;q=0", None),
        ("text/turtle;q=abc", None),
        ("garbage", None),
        (",,", TURTLE),
        ("text/turtle;q=7, application/ld+json", TURTLE),
    ],
)
def test_of_graphs(accept: str, chosen: Format | None) -> None:
    assert choose(accept, GRAPHS) is chosen


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("application/json", JSON_RESULTS),
        ("application/xml", XML_RESULTS),
        ("text/csv;header=present", CSV),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
    ],
)
def test_of_solutions_and_pages(accept: str, chosen: Format) -> None:
    assert choose(accept, (*SOLUTIONS, HTML)) is chosen


def test_the_most_specific_range_decides_even_where_it_weighs_less() -> None:
    assert choose("text/*;q=0.9, text/turtle;q=0.1, application/ld+json;q=0.5", (TURTLE, JSON_LD)) is JSON_LD


def test_equal_wishes_go_to_the_order_of_what_is_offered() -> None:
    assert choose("*/*", (CSV, HTML)) is CSV
    assert choose("*/*", (HTML, CSV)) is HTML


def test_no_two_formats_of_a_family_share_a_suffix() -> None:
    for family in (SOLUTIONS, GRAPHS):
        assert len({form.suffix for form in family}) == len(family)
