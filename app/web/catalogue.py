"""The catalogue as data at ``/queries.<suffix>``, for editors and for other catalogues; its page is in questions."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from app.asking.catalogue_rdf import catalogue_triples
from app.media import ENTITY_SUFFIXES
from app.web.rdf import content_type, serialise
from app.web.responses import conditional
from app.web.site import visit

blueprint = Blueprint("catalogue", __name__)


@blueprint.get("/queries.<suffix>")
def data(suffix: str) -> Response:
    form = ENTITY_SUFFIXES.get(suffix) or abort(404)
    site = visit().site
    public = tuple(site.catalogue.within(""))
    response = conditional(form.media_type, lambda: Response(serialise(catalogue_triples(public, site.settings.base_iri), form)))
    response.content_type = content_type(form.media_type)
    return response
