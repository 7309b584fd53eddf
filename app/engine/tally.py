"""Counts and durations by name and labels, added up over processes and told in Prometheus' text format 0.0.4.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Any, Literal, NamedTuple

Kind = Literal["counter", "gauge", "histogram"]
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

METRICS: dict[str, tuple[Kind, str]] = {
    "maillage_requests_total": ("counter", "HTTP requests by endpoint, method and status."),
    "maillage_request_seconds": ("histogram", "Time from a request to its answer's first byte, by endpoint."),
    "maillage_queries_total": ("counter", "Queries put to a worker, by lane and outcome."),
    "maillage_query_seconds": ("histogram", "Time that workers took for queries, by lane."),
    "maillage_queue_seconds": ("histogram", "Time that queries waited for a worker, by lane."),
    "maillage_queue_length": ("gauge", "Queries that wait for a worker now, by lane."),
    "maillage_workers": ("gauge", "Workers by lane and state."),
    "maillage_worker_restarts_total": ("counter", "Workers that ended and were replaced."),
    "maillage_cache_requests_total": ("counter", "Queries by how the result cache took part."),
    "maillage_cache_results": ("gauge", "Results in the cache."),
    "maillage_cache_bytes": ("gauge", "Bytes of the results in the cache."),
    "maillage_cache_limit_bytes": ("gauge", "Bytes that the cache may take."),
    "maillage_version": ("gauge", "The version of the data that is served."),
    "maillage_versions_damaged": ("gauge", "Versions that are known to be damaged."),
    "maillage_write_phase_seconds": ("histogram", "Time of each phase of writes, by the step that ended it."),
    "maillage_writes_total": ("counter", "Versions published."),
    "maillage_memory_quads": ("gauge", "Quads of the version that workers hold in memory, or triples in columns; 0 without."),
    "maillage_columns_bytes": (
        "gauge",
        "Bytes of the columns that workers answer analyses from, in memory or in a file; 0 without.",
    ),
    "maillage_memory_left_total": (
        "counter",
        "Times that what was held was given up: too different from the newest version, or the process that held it ended.",
    ),
    "maillage_memory_workers": ("gauge", "Workers that answer from memory or columns."),
    "maillage_info": ("gauge", "1, with the release as a label."),
}
"""Every metric there is; a name that is not here is a mistake."""


class Row(NamedTuple):
    """One series: a number, or for a histogram its counts by bound (the last is without bound) and then the sum."""

    name: str
    labels: tuple[tuple[str, str], ...]
    values: tuple[float, ...]


class Tally:
    """Sums of what was counted; for any number of threads."""

    def __init__(self) -> None:
        self._sums: dict[tuple[str, tuple[tuple[str, str], ...]], list[float]] = {}
        self._lock = threading.Lock()

    def count(self, name: str, number: float = 1, **labels: str) -> None:
        self._add(name, tuple(sorted(labels.items())), (number,))

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Counts a duration in a histogram."""
        with self._lock:
            sums = self._sums.setdefault((name, tuple(sorted(labels.items()))), [0.0] * (len(BOUNDS) + 2))
            sums[bisect_left(BOUNDS, seconds)] += 1
            sums[-1] += seconds

    def add(self, rows: Iterable[Any]) -> None:
        """Adds what :meth:`take` gave, perhaps in another process and as JSON. Raises ``ValueError`` for what is none."""
        for name, labels, values in rows:
            if name not in METRICS or len(values) != (len(BOUNDS) + 2 if METRICS[name][0] == "histogram" else 1):
                raise ValueError(name)
            self._add(name, tuple((str(label), str(value)) for label, value in labels), tuple(map(float, values)))

    def take(self) -> list[Row]:
        """What was counted since the last time."""
        with self._lock:
            taken, self._sums = self._sums, {}
        return [Row(name, labels, tuple(values)) for (name, labels), values in taken.items()]

    def rows(self) -> list[Row]:
        with self._lock:
            return [Row(name, labels, tuple(values)) for (name, labels), values in self._sums.items()]

    def _add(self, name: str, labels: tuple[tuple[str, str], ...], values: tuple[float, ...]) -> None:
        with self._lock:
            sums = self._sums.setdefault((name, labels), [0.0] * len(values))
            for place, value in enumerate(values):
                sums[place] += value


def gauge(name: str, value: float, **labels: str) -> Row:
    """A row of what is so now."""
    return Row(name, tuple(sorted(labels.items())), (float(value),))


def exposition(rows: Iterable[Any]) -> str:
    """The page that Prometheus reads, in an order that is the same for the same rows."""
    known = sorted(Row(name, tuple((label, value) for label, value in labels), tuple(values)) for name, labels, values in rows)
    lines: list[str] = []
    for name, (kind, about) in METRICS.items():
        own = [row for row in known if row.name == name]
        if own:
            lines += [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]
            lines += [line for row in own for line in _spread(row)]
    return "\n".join(lines) + "\n"


def _spread(row: Row) -> Iterator[str]:
    if METRICS[row.name][0] != "histogram":
        yield _line(row.name, row.labels, row.values[0])
        return
    below = 0.0
    for bound, count in zip((*map(str, BOUNDS), "+Inf"), row.values, strict=False):
        below += count
        yield _line(f"{row.name}_bucket", (*row.labels, ("le", bound)), below)
    yield _line(f"{row.name}_sum", row.labels, row.values[-1])
    yield _line(f"{row.name}_count", row.labels, below)


def _line(name: str, labels: Iterable[tuple[str, str]], value: float) -> str:
    said = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels)
    number = str(int(value)) if value == int(value) else repr(value)
    return f"{name}{{{said}}} {number}" if said else f"{name} {number}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
