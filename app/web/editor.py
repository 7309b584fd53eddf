"""What the query editor asks of the site besides answers: its vocabulary, and entities by a part of their name."""

from __future__ import annotations

import hashlib
import json

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from app.asking.completion import describe
from app.asking.finding import Wording
from app.asking.labels import labels
from app.asking.parameters import exemplified
from app.entities.addresses import is_iri
from app.errors import BadParameter, UnknownQuery
from app.search import Ask
from app.search.words import MOST_CHARACTERS
from app.web.responses import conditional
from app.web.site import visit

blueprint = Blueprint("editor", __name__)
_NAMED = 12
MOST_NAMED = 100
"""IRIs of one request: their addresses stay within what servers pass on."""


@blueprint.get("/sparql/example/<name>")
def example(name: str) -> BaseResponse:
    """To a question of the catalogue with its examples, in the editor: a list of links with their texts would be 70 kB."""
    seen = visit()
    text = exemplified(seen.site.catalogue.get(name)) if "/" not in name else None
    if text is None:
        raise UnknownQuery(name=name)
    return redirect(seen.urls.page("/sparql", query=text))


@blueprint.get("/sparql/vocabulary.json")
def vocabulary() -> Response:
    """Prefixes, classes and properties with their names in the language of the address."""
    seen = visit()
    return conditional("vocabulary", lambda: _json(describe(seen.site.vocabulary, seen.site.shapes, seen.language)))


@blueprint.get("/sparql/entities.json")
def entities() -> Response:
    """The nearest entities to ``q``: IRI, name, kind."""
    text = request.args.get("q", "").strip()[:MOST_CHARACTERS]
    return conditional(f"entities {text}", lambda: _json(_found(text)))


def _found(text: str) -> list[dict[str, str | None]]:
    seen = visit()
    if not text:
        return []
    results = Wording(seen.search, seen.site.vocabulary, seen.language).results(
        seen.search.find(Ask(text, names_only=True, limit=_NAMED))
    )
    return [{"iri": one.iri, "label": one.label, "kind": one.what} for one in results]


@blueprint.get("/sparql/names.json")
def names() -> Response:
    """What each ``iri`` is called, of those that have a name: of a result's table, some at a time.

    Raises :class:`app.errors.BadParameter` for too many, and for what is no IRI.
    """
    wanted = request.args.getlist("iri")
    if len(wanted) > MOST_NAMED:
        raise BadParameter(name="iri", value=str(len(wanted)), reason="at-most", most=MOST_NAMED)
    for one in wanted:
        if not is_iri(one):
            raise BadParameter(name="iri", value=one[:200], reason="iri")
    digest = hashlib.sha256("\n".join(wanted).encode("utf-8", "replace")).hexdigest()
    return conditional(f"names {digest}", lambda: _json(_named(wanted)))


def _named(wanted: list[str]) -> dict[str, dict[str, str | None]]:
    seen = visit()
    found = labels(seen.search, seen.site.vocabulary, seen.language, wanted)
    kinds = {kind.segment: kind.said(seen.language) for kind in seen.site.vocabulary.kinds()}
    return {
        iri: {"label": label.text, "language": label.language, "kind": kinds.get(label.kind or "")}
        for iri, label in found.items()
    }


def _json(value: object) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), content_type="application/json")
