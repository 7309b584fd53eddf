"""Headers that every answer needs: validators of pages, security, cross-origin reading; not what the answers say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from flask import Response, make_response, request

from app.errors import NotAcceptable
from app.media import Format, choose
from app.web import validators
from app.web.embedding import embedded
from app.web.site import Visit, visit
from app.web.underway import is_unfinished

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
_ASKED = (
    "Accept, Accept-Datetime, Authorization, Content-Encoding, Content-Type, If-Match, If-Modified-Since, If-None-Match, "
    "If-Range, If-Unmodified-Since, Range"
)
_ELSEWHERE = (301, 302, 303, 307, 308)
"""Answers that lead to another address: a browser asks each on the way whether other origins may read it (Fetch §4.4)."""

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


def conditional(
    variant: str, build: Callable[[], Response | str], *, daily: bool = False, dated: bool = True, since: int | None = None
) -> Response:
    """What ``build`` makes, with its validators; ``304`` when the reader has this representation already.

    The tag names the version, the release and settings, and the variant (language and format): the same give the same bytes.
    ``daily``: its text is another each day. ``dated`` False: the variant names what no date tells. ``since``: the version that
    changed it last, where that is known: the same bytes until another one does. Raises
    :class:`app.errors.PreconditionFailed` for conditions that are not met.
    """
    seen = visit()
    named = variant + (f" {date.today()}" if daily else "") + (" embedded" if embedded() else "")
    state = seen.number if since is None else since
    tag = validators.tag(seen.site, state, seen.language, named, manner=seen.site.manner if since is None else "")
    modified = validators.modified(seen.site, state, daily=daily) if dated else None
    response = Response(status=304) if validators.known(tag) else _built(seen, tag, named, build)
    if is_unfinished():
        return response
    response = validators.settle(response, validators.State(frozenset({tag}), modified))
    response.set_etag(tag)
    response.cache_control.no_cache = True
    response.headers["X-Maillage-Version"] = str(seen.number)
    if modified is not None:
        response.last_modified = modified
    return response


def _built(seen: Visit, tag: str, named: str, build: Callable[[], Response | str]) -> Response:
    """What is asked for without a version is kept: under its tag, and where it may stand for later versions, under its name."""

    def finished() -> Response:
        response = make_response(build())
        if is_unfinished():
            response.cache_control.no_store = True
        return response

    if seen.asked_version is not None:
        return finished()
    if named.partition(" ")[0] != "html":
        return seen.site.pages.get_or_build(tag, finished)
    name = f"{seen.site.manner} {seen.language} {named}"
    return seen.site.pages.get_or_build(tag, lambda: seen.site.lasting.get_or_build(seen, name, finished))


def secure(response: Response) -> Response:
    """Headers of every answer; what is not a page, and the ways to it, may be read by scripts of any origin: all is public."""
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(self), microphone=()"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if response.mimetype != "text/html" or response.status_code in _ELSEWHERE:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET, HEAD, OPTIONS")
        response.headers["Access-Control-Allow-Headers"] = _ASKED
        response.headers["Access-Control-Max-Age"] = "86400"
    return response
