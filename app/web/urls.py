"""The one builder of the site's own links, and the ``/en`` prefix; not which view answers (the views' own files)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

from flask import Request

from app.entities.addresses import Addresses
from app.text import Language

_ENGLISH = "/en"
_KEY = "maillage.language"
_DIGITS = 10
"""A number of a version has fewer."""

_VALUE = "thevalue8c1f4e"
"""Letters and digits, which stand for themselves in a query, and for nothing in any."""

_PATH_SAFE = "/:@!$&'()*+,;=~-._"
_OCTETS = tuple(quote_plus(bytes([octet])) for octet in range(256))

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class LanguagePrefix:
    """WSGI layer that takes the path of the base IRI and ``/en`` off the path, so that each route is written once."""

    def __init__(self, app: Wsgi, base: str) -> None:
        self._app = app
        self._root = urlsplit(base).path.rstrip("/")

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = _without(environ.get("PATH_INFO", ""), self._root)
        inner = _without(path, _ENGLISH)
        environ[_KEY] = "fr" if inner == path else "en"
        environ["PATH_INFO"] = inner or "/"
        return self._app(environ, start_response)


def _without(path: str, prefix: str) -> str:
    return path.removeprefix(prefix) if prefix and (path == prefix or path.startswith(f"{prefix}/")) else path


@dataclass(frozen=True)
class Urls:
    """Links as one request needs them: in its language, below the base IRI's path."""

    addresses: Addresses
    language: Language
    path: str = "/"
    query: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, request: Request, addresses: Addresses) -> Urls:
        pairs = tuple((name, value) for name, values in request.args.lists() for value in values)
        return cls(addresses, request.environ.get(_KEY, "fr"), request.path, pairs)

    @cached_property
    def root(self) -> str:
        return urlsplit(self.addresses.base).path.rstrip("/")

    def page(self, path: str, **query: str | int | None) -> str:
        """A page in the reader's language; ``path`` may carry a query or an anchor of its own.

        A reader of an older version stays in it, unless ``query`` has a ``version`` (None for the newest).
        """
        if not query and self.version is None:  # most links of a page
            return self._start + path
        return self._localised(path, self.language, {**query, "version": query.get("version", self.version)})

    @cached_property
    def _start(self) -> str:
        return self._localised("", self.language, {})

    @cached_property
    def version(self) -> str | None:
        """The version that the reader named; None for what is no number of a version."""
        named = next((value for name, value in self.query if name == "version"), "")
        return named if named.isascii() and named.isdigit() and len(named) < _DIGITS else None

    @property
    def newest(self) -> Urls:
        """The same, as if the reader had named no version."""
        return replace(self, query=tuple(pair for pair in self.query if pair[0] != "version"))

    def like(self, link: Callable[[str], str]) -> Callable[[str], str]:
        """The links of a row of cells, which differ by one value of their query: ``link`` writes one, the others are like it."""
        before, _, after = link(_VALUE).partition(_VALUE)
        return lambda value: f"{before}{_quoted(value)}{after}"

    def data(self, path: str, **query: str | int | None) -> str:
        """What has no language: data, static files, redirections. The version is the caller's to give."""
        return self.root + _with_query(path, query)

    def entity(self, iri: str, **query: str | int | None) -> str:
        """The page that shows an IRI, of the version that is being read; see :meth:`page`."""
        return self.page(self.addresses.path(iri), **query)

    def here(self, **changed: str | int | None) -> str:
        """This page with some of its query changed; None drops a parameter."""
        kept = [(name, value) for name, value in self.query if name not in changed]
        added = [(name, str(value)) for name, value in changed.items() if value is not None]
        return self._localised(quote(self.path, safe=_PATH_SAFE), self.language, {}) + _joined(kept + added)

    def embed(self, **changed: str | int | None) -> str:
        """This page as it stands in a frame elsewhere, of the newest version unless ``version`` is given."""
        kept = [(name, value) for name, value in self.query if name not in ("version", *changed)]
        added = [(name, str(value)) for name, value in changed.items() if value is not None]
        path = "/embed" + quote(self.path, safe=_PATH_SAFE)
        return self._localised(path, self.language, {}) + _joined(kept + added)

    def translated(self, language: Language) -> str:
        """This page and its query in another language."""
        return replace(self, language=language).here()

    def absolute(self, link: str) -> str:
        """A link of this site with the base IRI's host."""
        parts = urlsplit(self.addresses.base)
        return f"{parts.scheme}://{parts.netloc}{link}"

    def _localised(self, path: str, language: Language, query: dict[str, str | int | None]) -> str:
        return self.root + (_ENGLISH if language == "en" else "") + _with_query(path, query)


def _with_query(path: str, query: dict[str, str | int | None]) -> str:
    """A path with a query added to its own; an anchor stays last."""
    pairs = [(name, str(value)) for name, value in query.items() if value is not None]
    bare, mark, anchor = path.partition("#")
    return bare + _joined(pairs, "&" if "?" in bare else "?") + mark + anchor


def _joined(pairs: list[tuple[str, str]], mark: str = "?") -> str:
    return mark + "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs) if pairs else ""


@lru_cache(maxsize=20_000)
def _quoted(text: str) -> str:
    """A name or value of a query, as :func:`urllib.parse.urlencode` writes it: the links of a page say the same few, and some of
    them a whole query, of which :func:`urllib.parse.quote_plus` looks at each letter four times as long."""
    return "".join(map(_OCTETS.__getitem__, text.encode()))
