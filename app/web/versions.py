"""The history over HTTP: the list of versions, and what each changed; nothing is restored from here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template

from app.entities.changes import SHOWN, Statement, word_changes
from app.entities.model import Part
from app.errors import VersionPruned
from app.web.responses import conditional
from app.web.site import Visit, asked_number, visit

if TYPE_CHECKING:
    from app.engine.versions import Version

blueprint = Blueprint("versions", __name__)
_PAGE = 50


@blueprint.get("/versions")
def page() -> Response:
    seen = visit()
    return conditional("html", lambda: _list(seen))


def _list(seen: Visit) -> str:
    """The newest first; only the manifests of one page are read."""
    history = seen.site.history
    total = history.published()
    part = Part(total, min(asked_number("page") or 1, Part(total, size=_PAGE).pages), _PAGE)
    shown = history.versions(total - part.last + 1, total - part.first + 1)[::-1]
    return render_template("versions.html", versions=shown, part=part)


@blueprint.get("/versions/<int:number>")
def version(number: int) -> Response:
    """Raises :class:`app.errors.NoSuchVersion` for a number that was never published."""
    seen = visit()
    found = seen.site.history.version(number)
    return conditional("html", lambda: _show(seen, found))


def _show(seen: Visit, found: Version) -> str:
    statements, total = _changes(seen, found)
    return render_template("version-page.html", one=found, statements=statements, total=total, shown=SHOWN)


def _changes(seen: Visit, found: Version) -> tuple[tuple[Statement, ...] | None, int]:
    """The first changes and how many there are; names are read from that version, or from the newest when it was pruned."""
    change = seen.site.history.change(found.number)
    site = seen.site
    for number in (found.number, seen.version):
        questions = site.questions(number)
        try:
            worded = word_changes(change.added, change.removed, questions, site.vocabulary, site.addresses, seen.language)
        except VersionPruned:
            continue
        return worded, len(change)
    return None, len(change)
