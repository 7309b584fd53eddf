"""Graphs as documents (SPARQL 1.1 Graph Store HTTP Protocol): at their own addresses below ``/graphs/``, by ``?graph=``, by
``?default``; what is written to them is the writer's affair."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from urllib.parse import quote

import pyoxigraph as ox
from flask import Blueprint, Response, request

from app.entities.addresses import is_iri
from app.errors import BadParameter, UnknownGraph
from app.media import GRAPHS, HTML, Format
from app.tokens import Operation
from app.updating.conditions import Expectation, nothing
from app.updating.output import Place
from app.updating.writing import DEFAULT, By, Written
from app.web import service_description, update, uploads, write_conditions, writing
from app.web.rdf import content_type, serialise
from app.web.responses import accepted, conditional
from app.web.site import current_site, visit
from app.web.sparql_request import decoded, refused_body

blueprint = Blueprint("graph_store", __name__)
_PATH_SAFE = "/:@!$&'()*+,;=~-._"
_OF_METHOD: dict[str, tuple[Operation, ...]] = {"put": ("add",), "post": ("add",), "patch": (), "delete": ("remove",)}


@blueprint.route("/graphs", methods=["GET"])
@blueprint.route("/graphs/<path:name>", methods=["GET"])
def read(name: str | None = None) -> Response:
    """GET and HEAD (§5.2, §5.6). Raises :class:`app.errors.UnknownGraph`."""
    graph = _asked(name)
    if graph is None:
        return _described()
    form = accepted((*GRAPHS, HTML))
    if form is HTML:
        return _shown(graph)
    seen = visit()
    since = write_conditions.last_change(seen.site, graph, seen.version)
    variant = write_conditions.variant(seen.site, graph, form.media_type, since)
    response = conditional(variant, lambda: _document(graph, form), since=since)
    response.vary.add("Accept")
    return response


@blueprint.route("/graphs", methods=["PUT"])
@blueprint.route("/graphs/<path:name>", methods=["PUT"])
def put(name: str | None = None) -> Response:
    """§5.3."""
    graph = _required(name)
    expected = write_conditions.expectation(graph)
    by = _by("put", graph, expected)
    with uploads.bodies(_short(graph)) as bodies:
        return _told(graph, writing.writer().put(graph, bodies, by, expected))


@blueprint.route("/graphs", methods=["POST"])
@blueprint.route("/graphs/<path:name>", methods=["POST"])
def post(name: str | None = None) -> Response:
    """§5.5; to the store itself, it makes a graph with an address of our choice (§5.5.1)."""
    graph = _asked(name)
    if graph is None:
        graph = f"{current_site().settings.base_iri}graphs/{secrets.token_hex(8)}"
    expected = write_conditions.expectation(graph)
    by = _by("post", graph, expected)
    with uploads.bodies(_short(graph)) as bodies:
        return _told(graph, writing.writer().post(graph, bodies, by, expected))


@blueprint.route("/graphs", methods=["DELETE"])
@blueprint.route("/graphs/<path:name>", methods=["DELETE"])
def delete(name: str | None = None) -> Response:
    """§5.4."""
    graph = _required(name)
    return writing.answer(writing.writer().delete(graph, _by("delete", graph), write_conditions.expectation(graph)))


@blueprint.route("/graphs", methods=["PATCH"])
@blueprint.route("/graphs/<path:name>", methods=["PATCH"])
def patch(name: str | None = None) -> Response:
    """§5.7: a SPARQL Update of this graph alone, which stands for the default graph in it."""
    graph = _required(name)
    expected = write_conditions.expectation(graph)
    by = _by("patch", graph, expected)
    if request.mimetype != update.TEXT:
        raise refused_body(request.mimetype, update.TEXT)
    update.allow_length()
    text = decoded(request.get_data())
    stored = DEFAULT if writing.writer().repository.stored_default else writing.writer().default_graph
    target = stored if graph == DEFAULT else graph
    return _told(graph, writing.writer().update(text, by, graph=target, base_iri=_named(graph), expected=expected))


@blueprint.after_request
def tell_what_is_taken(response: Response) -> Response:
    """The formats of what may be sent here (RFC 5789 §3.1, Linked Data Platform §7.1)."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        response.headers["Accept-Patch"] = update.TEXT
        response.headers["Accept-Post"] = ", ".join([*(form.media_type for form in GRAPHS), uploads.MULTIPART])
    return response


def _asked(name: str | None) -> str | None:
    """The graph that a request is about: an IRI, or ``default``; None for the store itself (§4.1, §4.2).

    Raises :class:`app.errors.BadParameter`.
    """
    base = current_site().settings.base_iri
    if name is not None:
        graph = f"{base}graphs/{quote(name, safe=_PATH_SAFE)}"
        return DEFAULT if graph == f"{base}graphs/merge" and request.method in ("GET", "HEAD") else graph
    given = request.args.getlist("graph")
    if "default" in request.args:
        if given:
            raise BadParameter(name="graph", value=given[0][:200], reason="graph-or-default")
        return DEFAULT
    if not given:
        return None
    if len(given) > 1 or not is_iri(given[0]):
        raise BadParameter(name="graph", value=given[0][:200], reason="iri")
    return given[0]


def _required(name: str | None) -> str:
    graph = _asked(name)
    if graph is None:
        raise BadParameter(name="graph", value="", reason="which-graph")
    return graph


def _by(what: str, graph: str, expected: Expectation = nothing) -> By:
    """Who writes, and may do so as far as can be told before anything is read."""
    writing.refuse_version(request.args)
    message = visit().say(f"writing.{what}", graph=_short(graph))
    made = writing.by(writing.bearer(), message, request.args.get(writing.MESSAGE))
    writing.writer().reached(graph, made, _OF_METHOD[what], expected)
    return made


def _told(graph: str, written: Written) -> Response:
    response = writing.answer(written, 201 if written.created and written.version else 200)
    if response.status_code == 201:
        response.headers["Location"] = _address(graph)
    return response


def _address(graph: str) -> str:
    """Where a graph is found: a graph of ours at its own IRI."""
    if graph.startswith(f"{current_site().settings.base_iri}graphs/"):
        return graph
    urls = visit().urls
    return urls.absolute(urls.data("/graphs?default" if graph == DEFAULT else f"/graphs?graph={quote(graph, safe='')}"))


def _short(graph: str) -> str:
    return graph.removeprefix(f"{current_site().settings.base_iri}graphs/")


def _named(graph: str) -> str:
    return writing.writer().default_graph if graph == DEFAULT else graph


def _place(graph: str) -> Place:
    return ox.DefaultGraph() if graph == DEFAULT else ox.NamedNode(graph)


def _document(graph: str, form: Format) -> Response:
    site = current_site()
    if site.graphs is None:
        raise UnknownGraph(graph=graph)
    type_ = content_type(form.media_type)
    if request.method == "HEAD":
        site.graphs.require(_place(graph), visit().version)
        return _head(type_)
    content = site.graphs.content(_place(graph), visit().version, form, serialise)
    response = Response(content, content_type=type_)
    if isinstance(content, Iterator):
        response.call_on_close(content.close)  # type: ignore[attr-defined]
    return response


def _head(type_: str) -> Response:
    """Without a length, since that would be the length of the whole graph (RFC 9110 §8.6)."""
    response = Response((), content_type=type_)
    response.automatically_set_content_length = False
    return response


def _shown(graph: str) -> Response:
    """For a browser: the query behind the graph, which shows its first statements."""
    named = "" if graph == DEFAULT else f"GRAPH {ox.NamedNode(graph)} "
    text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {named}{{ ?s ?p ?o }} }} LIMIT 500"
    seen = visit()
    return _see(seen.urls.page("/sparql", query=text, format="html", version=seen.asked_version))


def _described() -> Response:
    """The store itself: the service's description names its graphs, the editor's page for people is beside it."""
    form = service_description.chosen()
    if form is HTML:
        text = "SELECT ?graph (COUNT(*) AS ?statements) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY ?graph"
        return _see(visit().urls.page("/sparql", query=text, format="html"))
    return service_description.answer(form)


def _see(page: str) -> Response:
    return Response(status=303, headers={"Location": page, "Vary": "Accept"})
