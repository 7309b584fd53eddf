"""What a web server takes in before the site sees it: how long a body may be, and whose forwarded addresses are believed."""

from __future__ import annotations

import copy
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

from app.settings import Settings

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
    """A connection whose requests without a token may only bring a query: a body is kept on the disk before anybody is asked."""
    longest = max(_UNSIGNED, 2 * 12 * settings.query_characters)

    class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
        adj: Any

        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            if "AUTHORIZATION" not in self.headers:
                self.adj = copy.copy(self.adj)
                self.adj.max_request_body_size = longest

    class Channel(HTTPChannel):  # type: ignore[misc]
        parser_class = Parser

    return Channel
