"""The search box's answer at ``/search?q=…``: entities of all kinds by name or identifier; not the catalogue's questions."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from app.entities.search import MOST, MOST_CHARACTERS, search
from app.web.responses import conditional
from app.web.site import Visit, visit

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
def page() -> Response:
    seen = visit()
    return conditional("html", lambda: _render(seen, request.args.get("q", "").strip()[:MOST_CHARACTERS]))


def _render(seen: Visit, text: str) -> str:
    found = search(seen.questions, seen.site.vocabulary, seen.language, text) if text else None
    return render_template("search.html", text=text, found=found, most=MOST)
