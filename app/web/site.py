"""What an app was made of, and one request's view of it: language, links, version, questions; no routes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from flask import current_app, g, request

from app import reads, sparql
from app.asking.finding import named
from app.asking.glances import Glances
from app.browsing import Browser
from app.citing.datasets import Published
from app.citing.description import Description
from app.discovery.kept import Kept
from app.discovery.matching.files import Stated
from app.discovery.network import Network
from app.engine.asks import Engine
from app.engine.dumping import Dumps
from app.engine.indexes import Indexes
from app.engine.tally import Tally
from app.engine.versions import Repository
from app.entities.addresses import Addresses
from app.entities.counts import Counts
from app.entities.names import Names
from app.entities.outlines import Drawings
from app.entities.questions import Lately, Named, Questions
from app.errors import BadParameter, StoreError
from app.facts import Facts
from app.facts.arrays import Ints
from app.facts.extents import TABLES, Extent, read_extent
from app.facts.outlines import Outlines
from app.facts.tables import Tables
from app.queries import Catalogue
from app.search import Opened
from app.settings import Settings
from app.shapes import Shapes
from app.statistics import Question, Table
from app.text import Language, say
from app.updating.output import GraphReader
from app.updating.writing import Writer
from app.vocabulary import Vocabulary
from app.web.heeding import HeededHistory, HeededSearch
from app.web.lasting import LastingPages
from app.web.making import Making
from app.web.moments import Moments
from app.web.page_cache import PageCache
from app.web.release import manner
from app.web.urls import Urls

if TYPE_CHECKING:
    from app.engine.changes import Change
    from app.engine.versions import Version
    from app.web.shapes import Chapter


class History(Protocol):
    """What the pages ask of the versioned store; :class:`app.engine.versions.Repository` has it."""

    def versions(self, first: int = 1, last: int | None = None) -> Sequence[Version]: ...
    def published(self) -> int: ...
    def version(self, n: int) -> Version: ...
    def present(self) -> list[int]:
        """The versions that are not pruned, oldest first."""
        ...

    def change(self, n: int, *, derived: bool = False) -> Change:
        """What a version added and removed; a large change is read from its file as it is iterated."""
        ...

    def lease(self, n: int) -> AbstractContextManager[Path]:
        """The folder of a version's store, beside which its indexes are; it stays while the context lasts."""
        ...

    def changes_of(self, iri: str) -> tuple[int, ...]:
        """The versions that changed a node's own statements, oldest first."""
        ...

    def change_of(self, iri: str, a: int, b: int) -> Change | None:
        """What changed about a node between two versions; None where it takes too long to read."""
        ...

    def last_change(self, graph: str | None, n: int) -> int:
        """The last version up to one that changed a graph, 0 where none did; None is the default graph."""
        ...

    def deletions(self, iri: str) -> tuple[int, ...]:
        """The versions in which an IRI lost its last statement, oldest first."""
        ...

    def was_described(self, iri: str) -> int | None:
        """The last version that had statements about an IRI, when the newest has none."""
        ...

    def erased(self) -> int:
        """A number that changes with each erasure: the time of the last, in nanoseconds; 0 where there was none."""
        ...

    def health(self) -> dict[str, Any]: ...


_BROWSERS = _LATELY = 3
_RENEWED = ("networks", "searches", "facts", "descriptions", "markets", "pages", "lasting")
_EMPTIED = ("published", "figures", "browsers", "counts", "lately", "kept", "drawings")
"""Parts of a site that keep what was read of its versions."""

_EXTENT: ContextVar[Extent | None] = ContextVar("extent", default=None)
Value = TypeVar("Value")


@dataclass(frozen=True)
class Site:
    """The parts of one app, handed to :func:`app.web.create_app`."""

    engine: Engine
    settings: Settings
    vocabulary: Vocabulary
    shapes: Shapes
    catalogue: Catalogue
    history: HeededHistory
    release: str
    addresses: Addresses
    networks: Indexes[Network]
    searches: Indexes[Opened]
    facts: Indexes[Facts]
    descriptions: Indexes[Description]
    markets: Indexes[Stated]
    dumps: Dumps
    making: Making = field(default_factory=Making)
    published: dict[int, Published] = field(default_factory=dict)
    figures: dict[tuple[int, Question], Table] = field(default_factory=dict)
    browsers: dict[int, Browser] = field(default_factory=dict)
    counts: dict[int, Counts] = field(default_factory=dict)
    lately: dict[int, Lately] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    pages: PageCache = field(default_factory=PageCache)
    lasting: LastingPages = field(default_factory=LastingPages)
    kept: Kept = field(default_factory=Kept)
    moments: Moments = field(default_factory=Moments)
    drawings: Drawings = field(default_factory=Drawings)
    chapters: dict[Language, tuple[Chapter, ...]] = field(default_factory=dict)
    erased: int = 0
    """The stamp of the last erasure before what is kept here was read."""

    @cached_property
    def manner(self) -> str:
        """By what pages are made besides the data; see :func:`app.web.release.manner`."""
        return manner(self.release, self.settings)

    @cached_property
    def writer(self) -> Writer | None:
        """Whoever writes to the store; None over a history that cannot be written."""
        history = self.history.inner
        return Writer.of(history, self.settings) if isinstance(history, Repository) else None

    @cached_property
    def graphs(self) -> GraphReader | None:
        """Reads whole graphs of the store."""
        history = self.history.inner
        return GraphReader(history) if isinstance(history, Repository) else None

    def renewed(self, erased: int) -> Site:
        """The same site, which has kept nothing of what it read before an erasure."""
        kept = {name: getattr(self, name).anew() for name in _RENEWED}
        nothing = {name: type(getattr(self, name))() for name in _EMPTIED}
        return replace(self, **kept, **nothing, erased=erased)

    def questions(self, version: int) -> Questions:
        """The catalogue put to one version."""
        return Questions(
            self.catalogue,
            partial(sparql.rows, self.engine, version=version),
            partial(sparql.triples, self.engine, version=version),
            ahead=partial(sparql.ahead, self.engine, version=version),
        )


@dataclass(frozen=True)
class Visit:
    """One request's view of the site."""

    site: Site
    urls: Urls
    asked_version: int | None

    @property
    def language(self) -> Language:
        return self.urls.language

    @property
    def version(self) -> int:
        """The number of the version that is read, for whoever says or keeps it: what is made of it stands for no other."""
        reads.lose("the version's number")
        return self.number

    @cached_property
    def number(self) -> int:
        """The version that the request names, else the newest when it was first asked for; also in a thread of its own. For
        looking up what :mod:`app.reads` is told of."""
        return self.asked_version if self.asked_version is not None else self.site.engine.version()

    @cached_property
    def names(self) -> Names:
        """What resources are called in the reader's language; what was asked for once is not asked for again."""
        return Names(self.site.vocabulary, self.language)

    @cached_property
    def questions(self) -> Questions:
        return replace(self.site.questions(self.number), named=self._named, at_hand=self._at_hand(), lately=self._lately())

    def _at_hand(self) -> Glances | None:
        """None where this version has no index."""
        try:
            return Glances(self.search)
        except StoreError:
            return None

    def _lately(self) -> Lately:
        kept = self.site.lately
        while self.number not in kept and len(kept) >= _LATELY:
            kept.pop(min(kept), None)
        return kept.setdefault(self.number, Lately())

    def _named(self, text: str, class_: str | None) -> list[Named]:
        return named(self.search, self.site.vocabulary, self.language, text, class_)

    @property
    def network(self) -> Network:
        """How the entities of this version are linked."""
        return self.site.networks.at(self.number)

    @property
    def facts(self) -> Facts:
        """What lists and figures of this version are counted from: all of it, or as much as :meth:`reading` names."""
        extent = _EXTENT.get()
        return self.site.facts.at(self.number) if extent is None else read_extent(self.site.facts, self.number, extent)

    @contextmanager
    def reading(self, extent: Extent | None) -> Iterator[None]:
        """Whoever asks for the facts within this block reads no more of them; None stands for all."""
        before = _EXTENT.set(extent)
        try:
            yield
        finally:
            _EXTENT.reset(before)

    def told(self, name: str, make: Callable[[Facts], Value], size: int = 0) -> Value:
        """What is worked out of the facts of this version alone: see :meth:`app.engine.indexes.Indexes.told`."""
        return self.site.facts.told(self.number, name, make, size)

    def heed_rows(self, rows: Ints | None) -> None:
        """Some rows of the facts are being read; None stands for any."""
        with self.reading(None if rows is None else Extent(rows=frozenset(rows.tolist()))):
            self.facts  # noqa: B018  that they are asked for is noted

    def network_around(self, iri: str) -> Network:
        """The network for one who reads no more of it than a node and its own links."""
        self.site.networks.told(self.number, iri, lambda network: network.standing(iri))
        return self.site.networks.read(self.number)[0]

    @property
    def tables(self) -> Tables:
        """The names and trees of this version's facts."""
        return read_extent(self.site.facts, self.number, TABLES).tables

    @property
    def outlines(self) -> Outlines:
        """The outlines of its territories."""
        return read_extent(self.site.facts, self.number, Extent(outlines=True)).outlines

    @property
    def browser(self) -> Browser:
        """The lists of this version, kept with those of a few others: what they work out once serves every request."""
        kept, number = self.site.browsers, self.number
        found = kept.get(number)
        if found is None:
            facts, whole = self.site.facts.read(number)
            heed = partial(_heed, self.site.facts, number, whole)
            found = Browser(facts, self.search, heed)
            while len(kept) >= _BROWSERS:
                kept.pop(min(kept), None)
            kept[number] = found
        return found

    @property
    def search(self) -> Opened:
        """The full-text index of this version."""
        return HeededSearch(self.site.searches, self.number)

    def say(self, key: str, **values: Any) -> str:
        return say(key, self.language, **values)


def _heed(facts: Indexes[Facts], number: int, whole: reads.Note, extent: Extent | None) -> None:
    """Note what a browser of a version reads of its facts."""
    if extent is None:
        reads.note(whole)
    else:
        read_extent(facts, number, extent)


def current_site() -> Site:
    """The parts of the app that serves this request."""
    site: Site = current_app.extensions["maillage"]
    return site


def visit() -> Visit:
    """This request's view. Raises :class:`app.errors.BadParameter` for a ``version`` that is not a number, ``NoSuchVersion`` for
    one that is not there yet."""
    if "visit" not in g:
        site = current_site()
        reads.begin()
        asked = asked_number("version", least=0)
        g.visit = Visit(site, Urls.of(request, site.addresses), asked)
        if asked is not None and asked > site.engine.version():
            site.history.inner.version(asked)
    found: Visit = g.visit
    return found


def asked_number(name: str, *, least: int = 1, given: Mapping[str, str] | None = None) -> int | None:
    """A whole number of the query string, or of ``given``. Raises :class:`app.errors.BadParameter` for anything else."""
    raw = (request.args if given is None else given).get(name)
    if raw is None or raw == "":
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10) or int(raw) < least:
        raise BadParameter(name=name, value=raw[:40], reason="at-least", least=least)
    return int(raw)
