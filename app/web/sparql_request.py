"""A SPARQL Protocol request read into an :class:`app.engine.asks.Ask`; not its answer.

SPARQL 1.1 Protocol §2.1: query by GET, by POST of a form, and by POST of the text itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from urllib.parse import unquote_to_bytes

from flask import Request
from werkzeug.datastructures import MultiDict

from app.engine.asks import Ask
from app.entities.addresses import is_iri
from app.errors import (
    BadParameter,
    BodyRefused,
    BodyUntyped,
    NotAcceptable,
    QueryMissing,
    QueryRepeated,
    QuerySyntax,
    UpdateRefused,
)
from app.media import (
    CSV,
    GRAPHS,
    HTML,
    JSON_LD,
    JSON_RESULTS,
    N3,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    SOLUTIONS,
    TRIG,
    TSV,
    TURTLE,
    XML_RESULTS,
    Format,
    choose,
)
from app.web.site import asked_number, visit

FORM = "application/x-www-form-urlencoded"
TEXT = "application/sparql-query"


@dataclass(frozen=True)
class Wanted:
    """The serialisation of each family of results that suits the reader; ``page`` when that is our own page."""

    solutions: Format | None
    graph: Format | None
    page: bool = False


PAGE = Wanted(TSV, N_TRIPLES, page=True)
NAMED: dict[str, Wanted] = {
    "html": PAGE,
    "json": Wanted(JSON_RESULTS, JSON_LD),
    "xml": Wanted(XML_RESULTS, RDF_XML),
    "csv": Wanted(CSV, None),
    "tsv": Wanted(TSV, None),
    "ttl": Wanted(None, TURTLE),
    "nt": Wanted(None, N_TRIPLES),
    "jsonld": Wanted(None, JSON_LD),
    "rdf": Wanted(None, RDF_XML),
    "nq": Wanted(None, N_QUADS),
    "trig": Wanted(None, TRIG),
    "n3": Wanted(None, N3),
    "srj": Wanted(JSON_RESULTS, None),
    "srx": Wanted(XML_RESULTS, None),
}
"""What ``format=`` may say; ``json`` and ``xml`` fit either family."""

_ALSO = {
    "turtle": "ttl",
    "rdf+xml": "rdf",
    "json-ld": "jsonld",
    "ntriples": "nt",
    "n-triples": "nt",
    "nquads": "nq",
    "n-quads": "nq",
}
"""The names that clients have for them: SPARQLWrapper sends its own as ``format`` with every query."""


def parameters(request: Request) -> MultiDict[str, str]:
    """The parameters of a request: of its address, and of its form when it has one."""
    found = MultiDict(request.args.items(multi=True))
    if request.method == "POST" and request.mimetype == FORM:
        found.update(request.form)
    return found


def text_of(request: Request, given: MultiDict[str, str]) -> str | None:
    """The text of the query, or None for a GET that has none. Raises subclasses of :class:`app.errors.QueryError`."""
    if request.method == "POST" and request.mimetype == TEXT:
        return decoded(request.get_data())
    if request.method == "POST" and request.mimetype != FORM:
        raise refused_body(request.mimetype, f"{TEXT}, application/sparql-update, {FORM}")
    if "update" in given:
        raise UpdateRefused
    texts = given.getlist("query")
    if len(texts) > 1:
        raise QueryRepeated(name="query")
    if not texts and request.method == "POST":
        raise QueryMissing
    return texts[0] if texts else None


def refused_body(media_type: str, offered: str) -> BodyRefused:
    """A body of a type that is not read here, or of none."""
    return BodyRefused(received=media_type, offered=offered) if media_type else BodyUntyped(received="", offered=offered)


def require_utf8(request: Request) -> None:
    """Raises :class:`app.errors.QuerySyntax` for an address whose parameters are not UTF-8 (SPARQL 1.1 Protocol §2.1.1): what
    reads them would put other characters in their place."""
    try:
        unquote_to_bytes(request.query_string).decode()
    except UnicodeDecodeError as error:
        raise _not_utf8(error) from error


def _not_utf8(error: UnicodeDecodeError) -> QuerySyntax:
    return QuerySyntax(line=None, column=None, reason="not-utf8", byte=error.start + 1)


def decoded(body: bytes) -> str:
    """The text of a body. Raises :class:`app.errors.QuerySyntax` where it is not UTF-8, ``QueryMissing`` where there is none."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(error) from error
    if not text.strip():
        raise QueryMissing
    return text


def wanted(request: Request, given: MultiDict[str, str]) -> Wanted:
    """The formats that a request asks for: ``format=`` wins over ``Accept``. Raises :class:`app.errors.NotAcceptable`."""
    name = given.get("format")
    if name:
        return _named(name)
    accept = request.headers.get("Accept", "")
    if choose(accept, (*SOLUTIONS, *GRAPHS, HTML)) is HTML:
        return PAGE
    found = Wanted(choose(accept, SOLUTIONS), choose(accept, GRAPHS))
    if found.solutions is None and found.graph is None:
        raise NotAcceptable(offered=", ".join(form.media_type for form in (*SOLUTIONS, *GRAPHS, HTML)))
    return found


def _named(name: str) -> Wanted:
    name = _ALSO.get(name, name)
    if name in NAMED:
        return NAMED[name]
    for form in chain(SOLUTIONS, GRAPHS):
        if name == form.media_type:
            return Wanted(form if form in SOLUTIONS else None, form if form in GRAPHS else None)
    raise NotAcceptable(offered=", ".join(NAMED))


def ask_of(request: Request, text: str, given: MultiDict[str, str], formats: Wanted) -> Ask:
    """The whole request as the engine takes it. Raises :class:`app.errors.BadParameter`."""
    return Ask(
        query=text,
        lane="public",
        solutions=formats.solutions.media_type if formats.solutions else None,
        graph=formats.graph.media_type if formats.graph else None,
        version=asked_number("version", least=0, given=given),
        default_graphs=_graphs(given, "default-graph-uri"),
        named_graphs=_graphs(given, "named-graph-uri"),
        base=endpoint(),
        client=request.remote_addr or "",
    )


def endpoint() -> str:
    """The endpoint's own address, to which relative IRIs are relative (SPARQL 1.1 Query §4.1.1, RFC 3986 §5.1.3)."""
    urls = visit().urls
    return urls.absolute(urls.data("/sparql"))


def dataset_of(given: MultiDict[str, str]) -> list[tuple[str, str]]:
    """The dataset that a request names, as it named it (SPARQL 1.1 Protocol §2.1.4)."""
    return [(name, iri) for name in ("default-graph-uri", "named-graph-uri") for iri in given.getlist(name)]


def _graphs(given: MultiDict[str, str], name: str) -> tuple[str, ...]:
    found = tuple(given.getlist(name))
    for iri in found:
        if not is_iri(iri):
            raise BadParameter(name=name, value=iri[:200], reason="iri")
    return found
