"""What the query editor asks of the site besides answers: its vocabulary, and entities by a part of their name."""

from __future__ import annotations

import json

from flask import Blueprint, Response, request

from app.asking.completion import describe
from app.asking.finding import Wording
from app.search import Ask
from app.search.words import MOST_CHARACTERS
from app.web.responses import conditional
from app.web.site import visit

blueprint = Blueprint("editor", __name__)
_NAMED = 12


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


def _json(value: object) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), content_type="application/json")
