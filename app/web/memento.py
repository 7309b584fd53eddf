"""TimeGates and TimeMaps of entities (RFC 7089) at ``/timegate/…`` and ``/timemap/…``, then the entity's address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from flask import Blueprint, Response, abort, request

from app.citing.mementos import Series, http_date, link, relations
from app.errors import BadParameter, VersionPruned
from app.web.entity import absence
from app.web.mementos import LINK_FORMAT, Original, parse, states
from app.web.responses import conditional
from app.web.site import Visit, visit

blueprint = Blueprint("memento", __name__)


@blueprint.get("/timegate/<path:original>")
def timegate(original: str) -> Response:
    """302 to the state at ``Accept-Datetime`` (§4.2.1); without it, to the newest.

    Raises :class:`app.errors.BadParameter` for a date that is none (§4.5.3).
    """
    seen = visit()
    asked, known = _known(seen, original)
    found = known.at(_moment(request.headers.get("Accept-Datetime")))
    response = Response(status=302, headers={"Location": asked.memento(found.version)})
    response.vary.add("Accept-Datetime")
    response.headers.extend([("Link", one) for one in _around(asked, known)])
    return response


@blueprint.get("/timemap/<path:original>")
def timemap(original: str) -> Response:
    """All states that can be read (§5)."""
    seen = visit()
    asked, known = _known(seen, original)
    entries = [
        link(asked.address, "original"),
        link(asked.timemap, "self", type=LINK_FORMAT, **_span(known)),
        link(asked.timegate, "timegate"),
        *_listed(asked, known),
    ]
    body = ",\n".join(entries) + "\n"
    variant = f"timemap {[one.version for one in known.mementos]}"
    response = conditional(variant, lambda: Response(body, content_type=LINK_FORMAT), dated=False)
    response.content_type = LINK_FORMAT
    return response


def _known(seen: Visit, named: str) -> tuple[Original, Series]:
    """The entity that an address names, and its states. Raises as a page of it does."""
    asked = parse(seen, named, request.query_string.decode("ascii", "replace"))
    if asked is None:
        abort(404)
    known = states(seen, asked.iri)
    if not known.mementos:
        touched = seen.site.history.changes_of(asked.iri)
        raise VersionPruned(version=touched[-1]) if touched else absence(seen, asked.iri)
    return asked, known


def _moment(given: str | None) -> datetime | None:
    """The date of an ``Accept-Datetime`` header (§2.1.1)."""
    if given is None:
        return None
    try:
        moment = parsedate_to_datetime(given).astimezone(UTC) if given.rstrip().endswith("GMT") else None
    except (ValueError, OverflowError):  # no date, or one of no year that there is
        moment = None
    if moment is None:
        raise BadParameter(name="Accept-Datetime", value=given[:80], reason="http-date")
    return moment


def _around(asked: Original, known: Series) -> Iterator[str]:
    """What a TimeGate tells beside its choice (§2.2)."""
    yield link(asked.address, "original")
    yield link(asked.timemap, "timemap", type=LINK_FORMAT, **_span(known))
    for one in dict.fromkeys((known.mementos[0], known.mementos[-1])):
        yield link(asked.memento(one.version), " ".join(relations(one, known)), datetime=http_date(one.moment))


def _listed(asked: Original, known: Series) -> Iterator[str]:
    for one in known.mementos:
        yield link(asked.memento(one.version), " ".join(relations(one, known)), datetime=http_date(one.moment))


def _span(known: Series) -> dict[str, str]:
    """The time that a TimeMap covers."""
    return {"from": http_date(known.mementos[0].moment), "until": http_date(known.mementos[-1].moment)}
