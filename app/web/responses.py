"""Headers that every answer needs: validators of pages, security, cross-origin reading; not what the answers say."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from flask import Response, make_response, request

from app.errors import NotAcceptable, StoreError
from app.media import Format, choose
from app.web.embedding import embedded
from app.web.site import visit

POLICY = "; ".join(
    (
        "default-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self'",
        "object-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
    )
)
_ASKED = "Accept, Authorization, Content-Encoding, Content-Type, If-Match, If-None-Match"
_EXPOSED = (
    "Link, Location, WWW-Authenticate, Content-Location, ETag, Retry-After, X-Maillage-Version, X-Maillage-Rows, "
    "Memento-Datetime, Accept-Ranges, Content-Range"
)


def accepted(offered: Sequence[Format]) -> Format:
    """The offered format that the request prefers. Raises :class:`app.errors.NotAcceptable` with the list of all."""
    form = choose(request.headers.get("Accept", ""), offered)
    if form is None:
        raise NotAcceptable(offered=", ".join(form.media_type for form in offered))
    return form


def conditional(variant: str, build: Callable[[], Response | str]) -> Response:
    """``304`` when the reader has this representation already, else what ``build`` makes, with its validator.

    The validator names the version, the release and the variant (language and format): the same three give the same bytes.
    ``Last-Modified`` tells when the version was published; it decides nothing, since a new release changes pages too.
    """
    seen = visit()
    name = f"{seen.site.release} {seen.version} {seen.language} {variant}" + (" embedded" if embedded() else "")
    tag = hashlib.sha256(name.encode()).hexdigest()[:20]
    if request.if_none_match.contains(tag):
        response = Response(status=304)
    elif seen.asked_version is None:
        response = seen.site.pages.get_or_build(tag, build)
    else:
        response = make_response(build())
    response.set_etag(tag)
    response.cache_control.no_cache = True
    response.headers["X-Maillage-Version"] = str(seen.version)
    with suppress(StoreError):
        response.last_modified = datetime.fromisoformat(seen.site.history.version(seen.version).created)
    return response


def secure(response: Response) -> Response:
    """Headers of every answer; what is not a page may be read by scripts of any origin, since all of it is public."""
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(self), microphone=()"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if response.mimetype != "text/html":
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET, HEAD, OPTIONS")
        response.headers["Access-Control-Allow-Headers"] = _ASKED
        response.headers["Access-Control-Max-Age"] = "86400"
    return response
