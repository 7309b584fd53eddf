"""Pages inside other people's pages: ``/embed/…`` is the same page without the site around it; only there may it be framed.

The prefix is taken off the path as ``/en`` is, so that each page is written once; filters and ``version`` stay in the address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Response, request

PREFIX = "/embed"
_KEY = "maillage.embedded"
OFFERED = frozenset({"neighbourhood", "queries", "map", "statistics", "agenda", "opportunities", "theme", "territory", "paths"})
"""First parts of the paths that may be embedded; the lists of kinds are added to them."""

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class EmbedPrefix:
    """WSGI layer that takes ``/embed`` off the path of what is offered; any other path is left, and so is not found."""

    def __init__(self, app: Wsgi, kinds: Iterable[str]) -> None:
        self._app = app
        self._offered = OFFERED | set(kinds)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        inner = path.removeprefix(PREFIX)
        if inner != path and inner.split("/")[1:2] and inner.split("/")[1] in self._offered:
            environ[_KEY] = True
            environ["PATH_INFO"] = inner
        return self._app(environ, start_response)


def embedded() -> bool:
    """Whether this request wants the page for a frame."""
    return bool(request.environ.get(_KEY))


def frameable(response: Response) -> Response:
    """Lets an embedded page stand in a frame anywhere, and says so to nothing else."""
    if embedded() and response.mimetype == "text/html":
        policy = response.headers.get("Content-Security-Policy", "")
        response.headers["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", "frame-ancestors *")
    return response
