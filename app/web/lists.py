"""The list of each kind at ``/<kind>`` and as a table of values at ``/<kind>.csv``."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response, abort, render_template

from app.entities.listing import Listing, read_listing
from app.media import CSV
from app.vocabulary import Kind
from app.web import works
from app.web.home import counts_of
from app.web.responses import conditional
from app.web.site import Visit, asked_number, visit

blueprint = Blueprint("lists", __name__)
_CSV_ROWS = 10_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@blueprint.get("/<kind>")
def page(kind: str) -> Response:
    seen = visit()
    found = _kind(seen, kind)
    number = asked_number("page") or 1
    response = conditional("html", lambda: _render(seen, found, number))
    response.headers.add(
        "Link", f'<{seen.urls.data(f"/{kind}.csv", version=seen.asked_version)}>; rel="alternate"; type="text/csv"'
    )
    return response


def _render(seen: Visit, kind: Kind, number: int) -> str:
    cited = works.of_list(seen, kind.segment, kind.plural(seen.language))
    return render_template("list.html", kind=kind, listing=_read(seen, kind, number), cited=cited)


@blueprint.get("/<kind>.csv")
def table(kind: str) -> Response:
    """The whole list, or as many pages of it as it takes: ``?page=2`` goes on after the first 10,000 rows."""
    seen = visit()
    found = _kind(seen, kind)
    number = asked_number("page") or 1
    listing = _read(seen, found, number, _CSV_ROWS)
    response = conditional(CSV.media_type, lambda: Response(_write(listing), content_type="text/csv; charset=utf-8"))
    name = f"{kind}-v{seen.version}" + (f"-{listing.part.page}" if listing.part.pages > 1 else "")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    links = {
        "canonical": seen.urls.data(f"/{kind}.csv", version=seen.version),
        "alternate": seen.urls.data(f"/{kind}", version=seen.asked_version),
    }
    if listing.part.page < listing.part.pages:
        links["next"] = seen.urls.data(f"/{kind}.csv", version=seen.version, page=listing.part.page + 1)
    response.headers.extend([("Link", f'<{link}>; rel="{relation}"') for relation, link in links.items()])
    return response


def _kind(seen: Visit, segment: str) -> Kind:
    found = next((kind for kind in seen.site.vocabulary.kinds() if kind.segment == segment), None)
    return found or abort(404)


def _read(seen: Visit, kind: Kind, page: int, size: int = 50) -> Listing:
    total = counts_of(seen)[kind.segment]
    return read_listing(seen.questions, seen.site.vocabulary, kind, seen.language, total, page, size)


def _write(listing: Listing) -> str:
    """Rows for a spreadsheet: a text that one would run as a formula is given an apostrophe (OWASP, CSV injection)."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["iri", "name", "type", "territory", "period"])
    for line in listing.lines:
        types, places = (", ".join(node.label for node in nodes) for nodes in (line.types, line.territories))
        writer.writerow([_safe(text) for text in (line.node.iri, line.node.label, types, places, line.period or "")])
    return file.getvalue()


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
