"""The page that the ``type`` of every problem document points to."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from app.errors import MaillageError
from app.text import messages
from app.web.errors import status_of
from app.web.responses import conditional

blueprint = Blueprint("problems", __name__)


@blueprint.get("/problems")
def page() -> Response:
    return conditional("html", lambda: render_template("problems.html", problems=_rows()))


def _rows() -> list[tuple[str, int, dict[str, str]]]:
    """Key, status and text of each error of the tree."""
    known = sorted((key, kind) for key, kind in MaillageError.registry.items() if f"errors.{key}" in messages())
    return [(key, int(status_of(kind)), dict(messages()[f"errors.{key}"])) for key, kind in known]
