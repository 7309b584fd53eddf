"""The description of the interface at ``/openapi.json``; what it says is put together in app.asking.openapi."""

from __future__ import annotations

import json

from flask import Blueprint, Response

from app.asking.openapi import Served, describe
from app.web.responses import conditional
from app.web.site import Site, visit
from app.web.sparql_request import NAMED

blueprint = Blueprint("openapi", __name__)


@blueprint.get("/openapi.json")
def document() -> Response:
    site = visit().site
    return conditional("openapi", lambda: Response(_write(site), content_type="application/json"))


def _write(site: Site) -> str:
    served = Served(
        base=site.settings.base_iri,
        release=site.release,
        questions=tuple(site.catalogue.within("")),
        profiles=tuple(site.catalogue.within("profiles")),
        kinds=tuple(site.vocabulary.kinds()),
        formats=tuple(NAMED),
    )
    return json.dumps(describe(served), ensure_ascii=False, separators=(",", ":")) + "\n"
