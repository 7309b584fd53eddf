"""Memento (RFC 7089) in the headers of entities' pages and data: where their past is, and which moment a version shows.

The original resource has no version in its address, a memento has one, and the TimeGate is another resource (pattern 2, §4.2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import parse_qs, quote

from flask import Response, request

from app.citing.mementos import Memento, Series, http_date, link, series
from app.entities.addresses import is_iri
from app.errors import MaillageError
from app.media import ENTITY_SUFFIXES
from app.text import Language
from app.web.site import Visit, visit
from app.web.urls import Urls

_PATH_SAFE = "/:@!$&'()*+,;=~-._"
LINK_FORMAT = "application/link-format"


@dataclass(frozen=True)
class Original:
    """An entity's page, data or IRI of ours, as an address without version: ``path`` from the root of its language."""

    iri: str
    path: str
    urls: Urls
    is_page: bool

    @classmethod
    def of(cls, seen: Visit, path: str, query: str, language: Language) -> Original | None:
        """What a path names; None for what is not about an entity."""
        addresses = seen.site.addresses
        urls = replace(seen.urls, language=language, query=())
        path = path.strip("/")
        kind, _, name = path.removeprefix("id/").partition("/")
        stem, _, suffix = name.rpartition(".")
        is_data = suffix in ENTITY_SUFFIXES
        iri = addresses.iri(kind, stem if is_data else name)
        if kind in addresses.kinds and name and is_iri(iri):
            return cls(iri, "/" + quote(path, safe=_PATH_SAFE), urls, not is_data and not path.startswith("id/"))
        given, form = (parse_qs(query).get(key, [""])[0] for key in ("iri", "format"))
        if path == "about" and is_iri(given):
            told = f"&format={quote(form)}" if form else ""
            return cls(given, f"/about?iri={quote(given, safe='')}{told}", urls, not form)
        return None

    @property
    def address(self) -> str:
        return self._absolute("")

    @property
    def timegate(self) -> str:
        return self._absolute("/timegate")

    @property
    def timemap(self) -> str:
        return self._absolute("/timemap")

    def memento(self, version: int) -> str:
        return self._absolute("", version)

    def _absolute(self, prefix: str, version: int | None = None) -> str:
        build = self.urls.page if self.is_page else self.urls.data
        return self.urls.absolute(build(prefix + self.path, version=version))


def parse(seen: Visit, named: str, query: str) -> Original | None:
    """The original resource that a TimeGate or TimeMap is asked for: a path, or a whole address of ours."""
    root = seen.site.addresses.base
    whole = named.replace(":/", "://", 1) if "://" not in named and named.startswith(("http:/", "https:/")) else named
    path = whole.removeprefix(root) if whole.startswith(root) else named
    language: Language = "en" if path.startswith("en/") else seen.language
    return Original.of(seen, path.removeprefix("en/"), query, language)


def states(seen: Visit, iri: str) -> Series:
    """The states of an entity that can be read."""
    history = seen.site.history
    touched = history.changes_of(iri)
    present = history.present()
    moments = {n: moment_of(seen, n) for n in present}
    return series(touched, history.deletions(iri), present, moments, present[-1] if present else 0)


def moment_of(seen: Visit, version: int) -> datetime:
    """When a version was published."""
    return seen.site.history.version(version).moment


def announce(response: Response) -> Response:
    """Add the links of an entity's past to an answer about it, and the moment that a version shows."""
    try:
        seen = visit()
        original = Original.of(seen, request.path, request.query_string.decode("ascii", "replace"), seen.language)
        if original is None or not seen.site.history.changes_of(original.iri):
            return response
        response.headers.extend([("Link", one) for one in _links(seen, original, response)])
    except MaillageError:
        pass  # the answer says already what is wrong with the request
    return response


def _links(seen: Visit, original: Original, response: Response) -> list[str]:
    found = [
        link(original.address, "original"),
        link(original.timegate, "timegate"),
        link(original.timemap, "timemap", type=LINK_FORMAT),
    ]
    if seen.asked_version is None or response.status_code not in (200, 303, 304):
        return found
    response.headers["Memento-Datetime"] = http_date(moment_of(seen, seen.asked_version))
    return [*found, *_relatives(original, states(seen, original.iri), seen.asked_version)]


def _relatives(original: Original, known: Series, version: int) -> list[str]:
    """The first and the last state, and those before and after the one that is read (§2.2.4)."""
    if not known.mementos:
        return []
    before, after = known.around(version)
    roles: dict[Memento, list[str]] = {}
    for role, one in (("first", known.mementos[0]), ("last", known.mementos[-1]), ("prev", before), ("next", after)):
        if one is not None:
            roles.setdefault(one, []).append(role)
    return [
        link(original.memento(one.version), " ".join((*told, "memento")), datetime=http_date(one.moment))
        for one, told in roles.items()
    ]
