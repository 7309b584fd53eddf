"""The sitemap for robots: an index of files, each of at most 10,000 pages, with both languages; no page for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from xml.sax.saxutils import escape

import pyoxigraph as ox
from flask import Blueprint, Response, abort

from app.entities.questions import Window, iris
from app.web.home import counts_of
from app.web.responses import conditional
from app.web.site import Visit, visit
from app.web.urls import Urls

blueprint = Blueprint("sitemap", __name__)
MOST = 10_000
_OF_THE_SITE = ("/", "/queries", "/ontology", "/shapes", "/catalog", "/versions", "/licences", "/accessibility", "/legal")
_START = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@blueprint.get("/sitemap.xml")
def index() -> Response:
    seen = visit()
    return _xml(lambda: _index(seen))


@blueprint.get("/sitemap-pages.xml")
def pages() -> Response:
    """The pages that the data do not name: home, questions, lists, the model, the legal pages."""
    seen = visit()
    return _xml(lambda: _urlset(seen, _pages(seen)))


@blueprint.get("/sitemap-<kind>-<int:number>.xml")
def entities(kind: str, number: int) -> Response:
    """One part of the entities of a kind."""
    seen = visit()
    if not 0 < number <= _parts(seen).get(kind, 0):
        abort(404)
    return _xml(lambda: _urlset(seen, _entities(seen, kind, number)))


def _parts(seen: Visit) -> dict[str, int]:
    """In how many files each kind stands; a kind without entities has none."""
    return {segment: -(-count // MOST) for segment, count in counts_of(seen).items() if count}


def _index(seen: Visit) -> str:
    names = ["pages", *(f"{segment}-{n + 1}" for segment, parts in sorted(_parts(seen).items()) for n in range(parts))]
    found = (seen.urls.absolute(seen.urls.data(f"/sitemap-{name}.xml", version=seen.asked_version)) for name in names)
    items = "".join(f"<sitemap><loc>{address}</loc></sitemap>\n" for address in found)
    return f"{_START}<sitemapindex {_NAMESPACE}>\n{items}</sitemapindex>\n"


def _pages(seen: Visit) -> list[str]:
    questions = [f"/queries/{query.name}" for query in seen.site.catalogue.within("")]
    return [*_OF_THE_SITE, *questions, *(f"/{segment}" for segment in sorted(_parts(seen)))]


def _entities(seen: Visit, kind: str, number: int) -> list[str]:
    class_ = next(one.iri for one in seen.site.vocabulary.kinds() if one.segment == kind)
    classes = iris(sorted(seen.site.vocabulary.subclasses(class_)))
    rows = seen.questions.rows("kind-addresses", Window.page(number, MOST), **{"class": classes})
    found = (row["entity"] for row in rows)
    paths = (seen.site.addresses.path(term.value) for term in found if isinstance(term, ox.NamedNode))
    return [path for path in paths if not path.startswith("/about")]


def _urlset(seen: Visit, paths: Iterable[str]) -> str:
    french, english = replace(seen.urls, language="fr"), replace(seen.urls, language="en")
    items = "".join(_url(french, english, path) for path in paths)
    return f'{_START}<urlset {_NAMESPACE} xmlns:xhtml="http://www.w3.org/1999/xhtml">\n{items}</urlset>\n'


def _url(french: Urls, english: Urls, path: str) -> str:
    first, second = (escape(urls.absolute(urls.page(path)), {'"': "&quot;"}) for urls in (french, english))
    return f'<url><loc>{first}</loc><xhtml:link rel="alternate" hreflang="en" href="{second}"/></url>\n'


def _xml(build: Callable[[], str]) -> Response:
    return conditional("sitemap", lambda: Response(build(), content_type="application/xml; charset=utf-8"))
