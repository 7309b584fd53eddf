"""The history over HTTP: the list of versions as a page, JSON and a feed, and what each changed; nothing is restored here."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, render_template

from app.agenda import atom
from app.citing import remarks
from app.entities.changes import SHOWN, Statement, word_changes
from app.entities.model import Part
from app.errors import VersionPruned
from app.text import number as in_digits
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


@blueprint.get("/versions.json")
def as_json() -> Response:
    """The same part of the list for programs: who harvests learns what is new since the number that was taken last."""
    seen = visit()
    return conditional("json", lambda: Response(_json(seen), content_type="application/json"))


@blueprint.get("/versions.atom")
def feed() -> Response:
    """The last versions for feed readers."""
    seen = visit()
    return conditional("atom", lambda: Response(_feed(seen), content_type=atom.MEDIA_TYPE))


def _part(seen: Visit) -> tuple[Sequence[Version], Part]:
    """The newest first; only the manifests of one page are read. Raises :class:`app.errors.NoSuchVersion` as any page does."""
    history = seen.site.history
    history.version(seen.number)
    total = history.published()
    part = Part(total, min(asked_number("page") or 1, Part(total, size=_PAGE).pages), _PAGE)
    return history.versions(total - part.last + 1, total - part.first + 1)[::-1], part


def _list(seen: Visit) -> str:
    shown, part = _part(seen)
    files = {suffix: seen.urls.page(f"/versions.{suffix}") for suffix in ("json", "atom")}
    return render_template("versions.html", versions=shown, part=part, files=files)


def _json(seen: Visit) -> str:
    shown, part = _part(seen)
    told = [_described(seen, one) for one in shown]
    return json.dumps({"total": part.total, "page": part.page, "pages": part.pages, "versions": told}, ensure_ascii=False)


def _described(seen: Visit, one: Version) -> dict[str, Any]:
    """``graphs``: the source graphs that it changed, or more of them; null where it does not say so."""
    names = ("number", "created", "author", "added", "removed", "quads", "parent", "graphs")
    told = {name: getattr(one, name) for name in names}
    return told | {"message": remarks.said(one.message, seen.language), "page": _address(seen, one)}


def _feed(seen: Visit) -> bytes:
    shown, _ = _part(seen)
    title = f"{seen.say('versions.title')} ({seen.site.settings.site_name})"
    own, link = (seen.urls.absolute(seen.urls.newest.page(path)) for path in ("/versions.atom", "/versions"))
    updated = shown[0].moment if shown else datetime.datetime.now(datetime.UTC)
    head = atom.Feed(title, own, link, updated, seen.site.settings.site_name, seen.language)
    return atom.write_feed(head, [_entry(seen, one) for one in shown])


def _entry(seen: Visit, one: Version) -> atom.Entry:
    count = (f"{sign}{in_digits(many, seen.language)}" for sign, many in (("+", one.added), ("−", one.removed)))
    name = seen.say("versions.name", number=one.number)
    address, message = _address(seen, one), remarks.said(one.message, seen.language)
    return atom.Entry(address, f"{name} – {message}", one.moment, address, f"{one.author}, {' '.join(count)}")


def _address(seen: Visit, one: Version) -> str:
    return seen.urls.absolute(seen.urls.newest.page(f"/versions/{one.number}"))


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
