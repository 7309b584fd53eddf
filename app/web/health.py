"""Readiness for supervisors: ``/health`` says which version is served, how the engine and the store are."""

from __future__ import annotations

import json

from flask import Blueprint, Response

from app.errors import MaillageError
from app.web.site import current_site

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
def page() -> Response:
    """200 when queries are answered, else 503 with what failed; never cached."""
    site = current_site()
    report: dict[str, object] = {"status": "ok", "release": site.release}
    try:
        report |= {"version": site.engine.version(), "engine": dict(site.engine.status()), "store": dict(site.history.health())}
    except MaillageError as error:
        report |= {"status": "unavailable", "error": error.key, "details": error.details}
    status = 200 if report["status"] == "ok" else 503
    response = Response(json.dumps(report, default=str, indent=1) + "\n", status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
