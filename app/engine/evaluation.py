"""One query on one opened store: checked, evaluated and spooled in the format that was asked for; no process, no deadline."""

from __future__ import annotations

import errno
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol, TypeVar, cast

import pyoxigraph as ox

from app.engine.asks import Answer, Ask, Kind, longest_text
from app.engine.counting import CsvRows, JsonRows, LineRows, NoRows, RowCounter, XmlRows
from app.engine.guard import check
from app.engine.spool import SMALL, Spool
from app.engine.syntax import MARGIN, explained
from app.errors import FormatUnfit, QueryFailed, QueryMemory, ResultTooLarge, StorageFull
from app.media import GRAPHS, SOLUTIONS, Format

_Item = TypeVar("_Item")
_COUNTERS: dict[ox.QueryResultsFormat, type[RowCounter]] = {
    ox.QueryResultsFormat.JSON: JsonRows,
    ox.QueryResultsFormat.XML: XmlRows,
    ox.QueryResultsFormat.CSV: CsvRows,
}
_LINES = (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)
_SPACE_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)


@dataclass(frozen=True)
class Bounds:
    """What one query may take, whoever counts its time; ``relays`` maps endpoints that SERVICE may call to their relay."""

    characters: int = 100_000
    depth: int = 100
    rows: int = 100_000
    size: int = 100_000_000
    memory_mb: int = 512
    relays: Mapping[str, str] = field(default_factory=dict)
    spool: Path | None = None


class Quick(Protocol):
    """Another way to some answers about the same version: :class:`app.columns.Columns`."""

    def answer(self, text: str) -> ox.QuerySolutions | None:
        """What the store would answer, or None where the store is to be asked."""
        ...


def evaluate(store: ox.Store, number: int, ask: Ask, bounds: Bounds, quick: Quick | None = None) -> Answer:
    """The whole answer of version ``number``, opened as ``store`` and perhaps answered by ``quick``.

    Raises subclasses of :class:`app.errors.QueryError`.
    """
    begun = time.perf_counter()
    text = check(ask.query, characters=longest_text(ask.lane, bounds.characters), depth=bounds.depth, relays=bounds.relays)
    try:
        dataset = _dataset(ask)
        results: Any = quick.answer(text.text) if quick is not None and not dataset else None
        if results is None:
            results = store.query(text.text + MARGIN, base_iri=ask.base, **dataset)
        return _spooled(results, number, ask, bounds, begun)
    except (SyntaxError, UnicodeEncodeError) as error:
        raise explained(error, text, lambda tried: ox.Store().query(tried + MARGIN, base_iri=ask.base)) from error
    except MemoryError as error:
        raise QueryMemory(megabytes=bounds.memory_mb) from error
    except OSError as error:
        raise _system(error, bounds) from error
    except (RuntimeError, ValueError) as error:
        raise QueryFailed(reason=str(error)) from error


def _dataset(ask: Ask) -> dict[str, Any]:
    """The protocol's dataset: when it names any graph, there are no others (SPARQL 1.1 Protocol §2.1.4)."""
    if not ask.default_graphs and not ask.named_graphs:
        return {}
    return {
        "default_graph": [ox.NamedNode(iri) for iri in ask.default_graphs],
        "named_graphs": [ox.NamedNode(iri) for iri in ask.named_graphs],
    }


def _spooled(results: Any, number: int, ask: Ask, bounds: Bounds, begun: float) -> Answer:
    if isinstance(results, ox.QueryTriples):
        return _graph(results, number, ask, bounds, begun)
    if ask.solutions is None:
        raise FormatUnfit(types=_named(SOLUTIONS), reason="a-table")
    form = ox.QueryResultsFormat.from_media_type(ask.solutions)
    if form is None:
        raise FormatUnfit(types=_named(SOLUTIONS), reason="a-table")
    boolean = isinstance(results, ox.QueryBoolean)
    counter = NoRows(1) if boolean else _COUNTERS[form]() if form in _COUNTERS else LineRows(heading=1)
    with Spool(bounds.spool, counter, rows=bounds.rows, size=bounds.size, small=SMALL[ask.lane]) as spool:
        results.serialize(spool, form)
        kind: Kind = "boolean" if boolean else "solutions"
        return Answer(kind, ask.solutions, number, counter.rows, time.perf_counter() - begun, spool.rewind(), spool.size)


def _graph(results: ox.QueryTriples, number: int, ask: Ask, bounds: Bounds, begun: float) -> Answer:
    form = ox.RdfFormat.from_media_type(ask.graph) if ask.graph is not None else None
    if form is None or ask.graph is None:
        raise FormatUnfit(types=_named(GRAPHS), reason="a-graph")
    if form in _LINES:
        counter: RowCounter = LineRows()
        written: Any = results
    else:
        counter = NoRows()
        written = _counted(results, counter, bounds.rows)
    with Spool(bounds.spool, counter, rows=bounds.rows, size=bounds.size, small=SMALL[ask.lane]) as spool:
        if form in _LINES:
            written.serialize(spool, form)
        else:
            ox.serialize(written, cast(IO[bytes], spool), form)
        return Answer("graph", ask.graph, number, counter.rows, time.perf_counter() - begun, spool.rewind(), spool.size)


def _counted(triples: Iterable[_Item], counter: RowCounter, most: int) -> Iterator[_Item]:
    for triple in triples:
        counter.rows += 1
        if counter.rows > most:
            raise ResultTooLarge(unit="rows", limit=most)
        yield triple


def _named(formats: Iterable[Format]) -> str:
    return ", ".join(form.media_type for form in formats)


def _system(error: OSError, bounds: Bounds) -> Exception:
    if error.errno == errno.ENOMEM:
        return QueryMemory(megabytes=bounds.memory_mb)
    if error.errno in _SPACE_ERRORS:
        return StorageFull(path=str(bounds.spool or ""), reason=error.strerror or str(error))
    return QueryFailed(reason=str(error))
