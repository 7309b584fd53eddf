"""Readiness for supervisors: ``/health`` says which version is served, how the engine and the store are, and what went wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from app.errors import MaillageError
from app.web.site import current_site

blueprint = Blueprint("health", __name__)
_INSIDE = ("path", "data", "spool", "proxy")
"""Folders and addresses within the machine, which are nobody else's business."""


@blueprint.get("/health")
def page() -> Response:
    """200 when queries are answered, else 503 with what failed; never cached. ``degraded`` answers, but needs someone to look."""
    site = current_site()
    report: dict[str, Any] = {"status": "ok", "release": site.release, "store": _without_inside(site.history.health())}
    try:
        report |= {"version": site.engine.version(), "engine": _without_inside(site.engine.status())}
    except MaillageError as error:
        report |= {"status": "unavailable", "error": error.key, "details": error.details}
    else:
        report["status"] = "degraded" if _needs_care(report) else "ok"
    code = 503 if report["status"] == "unavailable" else 200
    response = Response(json.dumps(report, default=str, indent=1) + "\n", code, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def _needs_care(report: dict[str, Any]) -> bool:
    """A version is damaged, the store cannot be read, or workers do not start."""
    store, engine = report["store"], report["engine"]
    return bool(store.get("damaged") or store.get("error") or engine.get("failure"))


def _without_inside(told: Mapping[str, Any]) -> dict[str, Any]:
    """The same at every depth without what is nobody's business."""
    kept = {name: value for name, value in told.items() if name not in _INSIDE}
    return {name: _without_inside(value) if isinstance(value, Mapping) else value for name, value in kept.items()}
