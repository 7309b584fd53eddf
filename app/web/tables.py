"""Rows that a page worked out itself, as the same files as the catalogue's answers: CSV, XLSX, JSON, Turtle."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from flask import Response

from app.asking import EXPORTS, Citation, write
from app.asking.sheets import Sheet, laid_out
from app.web.lasting import stated
from app.web.questions import licences_of
from app.web.responses import conditional
from app.web.site import Visit

__all__ = ["Sheet", "links", "send"]


def send(seen: Visit, name: str, suffix: str, address: str, make: Callable[[], Sheet]) -> Response:
    """The file, as a download. ``address`` is the page that it belongs to."""
    made: list[Sheet] = []

    def build() -> Response:
        made.append(make())
        sheet = made[0]
        laid = laid_out(sheet, seen.questions, seen.site.vocabulary, seen.language)
        body = write(suffix, laid, _citation(seen, sheet, address))
        return Response(body, content_type=EXPORTS[suffix][0].media_type + ("; charset=utf-8" if suffix != "xlsx" else ""))

    response = conditional(suffix, build, daily=True)  # the citation names the day
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-v{seen.version}.{suffix}"'
    if made:
        response.headers["X-Maillage-Rows"] = str(len(made[0].rows))
    return response


def _citation(seen: Visit, sheet: Sheet, address: str) -> Citation:
    return Citation(
        question=sheet.question,
        version=seen.version,
        date=datetime.date.today().isoformat(),
        address=seen.urls.absolute(address),
        query=sheet.method,
        licences=licences_of(seen),
        language=seen.language,
    )


def links(seen: Visit, path: str, **query: str | int | None) -> dict[str, str]:
    """The address of each file of a page, by suffix; the version is named, so that the same link gives the same file."""
    return {suffix: seen.urls.page(f"{path}.{suffix}", **query, version=stated(seen)) for suffix in EXPORTS}
