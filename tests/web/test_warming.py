"""The first pages of a version, as they are built before anybody asks for them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from app.web.site import Site
from app.web.warming import first_pages, visits
from tests.conftest import BASE


def test_the_first_pages_are_the_home_page_the_menu_the_tools_and_every_question(app: Flask) -> None:
    site: Site = app.extensions["maillage"]
    found = first_pages(app)
    assert found[0] == "/"
    assert {"/actor", "/theme", "/statistics", "/structure", "/queries", "/queries/who-funds-whom"} <= set(found)
    asked = {address.removeprefix("/queries/").partition("?")[0] for address in found if address.startswith("/queries/")}
    assert asked >= {query.name for query in site.catalogue.within("")}
    assert len(found) == len(set(found))


def test_a_need_and_an_offer_of_each_kind_of_resource_is_among_them(seed_app: Flask) -> None:
    site: Site = seed_app.extensions["maillage"]
    listings = site.markets.at(1).listings.values()
    kinds = {iri.rpartition("/")[2] for one in listings for iri in one.kinds}
    assert kinds == {"funding", "internships"}
    found = set(first_pages(seed_app))
    address = {one.iri: f"/{one.iri.removeprefix(f'{BASE}id/')}" for one in listings}
    shown = {(one.side, one.kinds) for one in listings if address[one.iri] in found}
    assert shown == {(one.side, one.kinds) for one in listings}


def test_each_is_answered_and_leaves_its_answers_with_the_engine(app: Flask, asked: Callable[[], int]) -> None:
    before = asked()
    answered = dict(visits(app))
    assert list(answered) == first_pages(app)
    assert {address: status for address, status in answered.items() if status >= 400} == {}
    assert asked() > before


def test_they_are_not_counted_among_the_requests(app: Flask) -> None:
    site: Site = app.extensions["maillage"]
    site.tally.take()
    for _ in visits(app):
        pass
    assert [row for row in site.tally.take() if "maillage_request" in str(row)] == []
