"""The whole graph in another vocabulary, at ``/profiles/<name>.<suffix>``; the mappings are in ``queries/profiles``."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from app.engine.asks import Ask
from app.media import JSON_LD, N_TRIPLES, TURTLE, Format
from app.web.rdf import content_type
from app.web.responses import conditional
from app.web.site import Visit, visit
from app.web.sparql import streamed

blueprint = Blueprint("profiles", __name__)
FORMATS = {"ttl": TURTLE, "jsonld": JSON_LD, "nt": N_TRIPLES}


@blueprint.get("/profiles/<name>.<suffix>")
def data(name: str, suffix: str) -> Response:
    """Raises :class:`app.errors.UnknownQuery` for a profile that there is not."""
    seen = visit()
    form = FORMATS.get(suffix) or abort(404)
    text = seen.site.catalogue.get(f"profiles/{name}").body
    response = conditional(f"{name} {suffix}", lambda: _answer(seen, text, form))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-v{seen.version}.{suffix}"'
    return response


def _answer(seen: Visit, text: str, form: Format) -> Response:
    ask = Ask(query=text, lane="page", solutions=None, graph=form.media_type, version=seen.version, client="page")
    answer = seen.site.engine.answer(ask, gone=request.environ.get("waitress.client_disconnected"))
    return streamed(answer, content_type(form.media_type))
