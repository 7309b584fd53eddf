"""What a browser needs to search here from its address bar: an OpenSearch 1.1 description, in each language."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from app.web.site import visit

blueprint = Blueprint("opensearch", __name__)
MEDIA_TYPE = "application/opensearchdescription+xml"


@blueprint.get("/opensearch.xml")
def description() -> Response:
    """The newest version is searched, whatever page the browser found this on."""
    response = Response(render_template("opensearch.xml", urls=visit().urls), content_type=f"{MEDIA_TYPE}; charset=utf-8")
    response.cache_control.public = True
    response.cache_control.max_age = 86_400
    return response
