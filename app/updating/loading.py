"""What LOAD fetches: a document of the allow-list, within bounds, kept as plain statements; nothing is parsed in this process."""

from __future__ import annotations

import contextlib
import http.client
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urljoin, urlsplit

from app.engine.service_proxy import MOST_REDIRECTS, REDIRECTS, Unreachable, connect, copy_body
from app.errors import LoadRefused
from app.ingest.documents import SUFFIXES
from app.ingest.orders import Bounds
from app.ingest.reading import read
from app.media import GRAPHS

_ACCEPT = "text/turtle, application/n-triples, application/ld+json;q=0.8, application/rdf+xml;q=0.7, */*;q=0.1"
_SHOWN = 200


@dataclass(frozen=True)
class Fetched:
    """What an address gave at last, after its redirections."""

    address: str
    media_type: str


@dataclass(frozen=True)
class Documents:
    """The documents that may be loaded: addresses of ``allowed``, and all below those that end with a slash."""

    allowed: Sequence[str]
    base: str
    bounds: Bounds
    room: Path

    def load(self, address: str) -> Path:
        """A file of N-Triples with what the document says, its blank nodes named.

        Raises :class:`app.errors.LoadRefused`, and what the document's reading raises.
        """
        raw = self.room / "loaded"
        try:
            with raw.open("wb") as into:
                fetched = self._fetch(address, into)
        except (Unreachable, OSError, http.client.HTTPException, ValueError) as error:
            raise LoadRefused(target=address[:_SHOWN], reason=str(error) or type(error).__name__) from error
        relative_to = fetched.address
        parsed = read(
            raw,
            self.base,
            _suffix(fetched),
            name=fetched.address,
            merge=True,
            folder=self.room,
            bounds=self.bounds,
            relative_to=relative_to,
        )
        return parsed.path

    def _fetch(self, address: str, into: IO[bytes]) -> Fetched:
        deadline = time.monotonic() + self.bounds.seconds
        for _ in range(MOST_REDIRECTS + 1):
            self._require_allowed(address)
            parts = urlsplit(address)
            with contextlib.closing(connect(parts, deadline)) as connection:
                path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                connection.request("GET", path, headers={"Accept": _ACCEPT, "User-Agent": "maillage"})
                response = connection.getresponse()
                if response.status == http.HTTPStatus.OK:
                    copy_body(response, into, self.bounds.megabytes * 1_000_000, deadline)
                    return Fetched(address, response.getheader("Content-Type", "").partition(";")[0].strip().lower())
                if response.status not in REDIRECTS:
                    raise Unreachable(f"HTTP {response.status}")
                address = urljoin(address, response.getheader("Location", ""))
        raise Unreachable(f"> {MOST_REDIRECTS} redirections")

    def _require_allowed(self, address: str) -> None:
        parts = urlsplit(address)
        plain = (
            parts.scheme in ("http", "https") and not {"..", "."} & set(parts.path.split("/")) and "%2e" not in address.lower()
        )
        if not plain or not any(address == one or (one.endswith("/") and address.startswith(one)) for one in self.allowed):
            raise LoadRefused(target=address[:_SHOWN], reason="not-allowed")


def _suffix(fetched: Fetched) -> str | None:
    """The format by the media type; by the address or the content where that says nothing."""
    for form in GRAPHS:
        if fetched.media_type == form.media_type or (fetched.media_type in form.aliases and fetched.media_type != "text/plain"):
            return form.suffix
    suffix = urlsplit(fetched.address).path.rpartition(".")[2].lower()
    return suffix if suffix in SUFFIXES else None
