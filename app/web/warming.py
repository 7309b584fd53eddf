"""The pages that a new version is asked for first, so that what is worked out once per version waits for no reader; no thread."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

import numpy as np
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app.errors import StoreError
from app.web.menu import MENU, TOOLS, pages_of
from app.web.site import Site, Visit, visit
from app.web.statistics.form import examples
from app.web.underway import PATIENT
from app.web.wishes import answer_link

UNASKED = "maillage.unasked"
"""In the environment of a request that nobody made: it is not counted among the requests."""


_MOST_KINDS = 100
"""Kinds of resources, and sets of them, whose needs or offers are matched first."""


def first_pages(app: Flask) -> list[str]:
    """The home page, every page of the menu and of the home page's tools, examples of figures, a record of each kind, a need and
    an offer of each kind of resource, and every question with its example, once each."""
    site: Site = app.extensions["maillage"]
    known = pages_of(app) | {kind.segment for kind in site.vocabulary.kinds()}
    wishes = [wish for of_audience in site.catalogue.wishes.values() for wish in of_audience]
    with app.test_request_context("/", base_url=site.settings.base_iri):
        seen = visit()
        plain = [seen.urls.page(f"/{name}") for name in ("", *MENU, *TOOLS) if not name or name in known]
        ways = [seen.urls.page(way.path) for wish in wishes for way in wish.pages]
        records = [seen.urls.entity(iri) for iri in (*_one_of_each(seen), *_one_to_match(seen))]
        questions = [answer_link(seen, query) for query in site.catalogue.within("")]
        figures = [address for address, _ in examples(seen)]
    return list(dict.fromkeys([*plain, *ways, *figures, *records, *questions]))


def _one_of_each(seen: Visit) -> list[str]:
    """The last entity of each kind that has lists; none for a version whose indexes are an earlier release's."""
    try:
        kinds = seen.facts.column("kind")
        numbers, last = np.unique(kinds[::-1], return_index=True)
        return seen.facts.iris(len(kinds) - 1 - place for number, place in zip(numbers, last, strict=True) if number)
    except StoreError:
        return []


def _one_to_match(seen: Visit) -> list[str]:
    """The last need and offer of each kind of resource: those that it may suit are gathered once a kind."""
    try:
        listings = seen.site.markets.at(seen.version).listings.values()
        return list({(one.side, one.kinds): one.iri for one in listings}.values())[:_MOST_KINDS]
    except StoreError:
        return []


def visits(app: Flask) -> Iterator[tuple[str, int]]:
    """Builds one of the first pages at each step, as for a reader: its address, and the status of the answer."""
    site: Site = app.extensions["maillage"]
    for iri, term in site.vocabulary.terms.items():
        if term.sort == "class":
            site.shapes.layout([iri])  # read from the shapes once a process
    footprints = (site.catalogue.footprint(query.name) for query in site.catalogue.within("pages"))  # once a process
    for address in first_pages(app):
        next(footprints, None)
        asked = EnvironBuilder(address, urljoin(site.settings.base_iri, "/"), headers=[("Accept", "text/html")])
        environ = asked.get_environ()
        environ[UNASKED] = environ[PATIENT] = True
        body, status, _ = run_wsgi_app(app, environ, buffered=True)
        for _ in body:
            """Read to its end, then forgotten: what it was made from is kept where readers find it."""
        yield address, int(status.split()[0])
