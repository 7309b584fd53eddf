"""What a web server takes in before the site sees it: how long a body may be, and whose forwarded addresses are believed."""

from __future__ import annotations

import copy
import json
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.utilities import Error

from app.errors import AccessError
from app.media import PROBLEM_JSON
from app.settings import Settings
from app.text import LANGUAGES, explain, say
from app.tokens import Tokens

_MEGABYTE = 1_000_000
_UNSIGNED = 4 * _MEGABYTE
_FORWARDED = {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port"}


def adjustments(settings: Settings) -> dict[str, Any]:
    """Settings of waitress. A body that is a little too long still reaches the site, which explains it better."""
    found: dict[str, Any] = {"max_request_body_size": 2 * settings.upload_mb * _MEGABYTE + _UNSIGNED}
    if settings.trusted_proxy:
        found |= {"trusted_proxy": settings.trusted_proxy, "trusted_proxy_headers": _FORWARDED}
    return found


def channel(settings: Settings) -> type[HTTPChannel]:
    """A connection whose requests without a valid token may only bring a query: a body is on the disk before the site is asked.

    Who shows a token that does not count is told so before a body is read that is longer than a query.
    """
    longest = max(_UNSIGNED, 2 * 12 * settings.query_characters)
    tokens = Tokens(settings.data, settings.base_iri)

    class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
        adj: Any

        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            if self.chunked or self.content_length >= longest:
                self._require_token()

        def _require_token(self) -> None:
            given = self.headers.get("AUTHORIZATION", "")
            try:
                tokens.bearer(given)
            except AccessError as refused:
                self.adj = copy.copy(self.adj)
                self.adj.max_request_body_size = longest
                if given:
                    self._end(_Unauthorized(refused, settings.base_iri))

        def _end(self, error: Error) -> None:
            """No more of this request is read; the connection closes after the answer."""
            self.error, self.completed, self.expect_continue = error, True, False
            self.chunked, self.content_length, self.body_rcv = False, 0, None

    class Channel(HTTPChannel):  # type: ignore[misc]
        parser_class = Parser

    return Channel


class _Unauthorized(Error):  # type: ignore[misc]
    """The problem document that the site would give, without the site."""

    code, reason = 401, "Unauthorized"

    def __init__(self, refused: AccessError, base: str) -> None:
        texts = {language: explain(refused, language) for language in LANGUAGES}
        told = {"type": f"{base}problems#{refused.key}", "title": say("problems.401", "fr"), "status": self.code}
        super().__init__(json.dumps(told | {"detail": texts["fr"], "explanations": texts}, ensure_ascii=False))

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:  # noqa: ARG002  waitress's
        headers = [
            ("Content-Type", PROBLEM_JSON.media_type),
            ("WWW-Authenticate", 'Bearer realm="Maillage", error="invalid_token"'),
        ]
        return f"{self.code} {self.reason}", headers, self.body.encode()
