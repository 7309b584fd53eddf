"""Cases put together for the validator, which is several times faster on many nodes at once, here or in parallel processes.

Cases of one graph share a small graph as long as none of them brings statements about the node of another that this other
must not see. Those that do are put into batches of their own. What a process is handed are N-Triples and names, never a store:
it is spawned, not forked.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib.term import Node

from app.shapes.case import Case, readable
from app.shapes.shapes import Shapes
from app.shapes.validator import Validator
from app.shapes.violated import RdfTriple, Violated
from app.terms import to_rdflib

SIZE = 250
"""Cases in a batch: beyond a few hundred nothing is gained."""

PARALLEL_FROM = 5_000
"""Cases in doubt from which the start of processes pays: each takes seconds to load what judges. Most cases are not in doubt."""

Focus = dict[Node, list[Node]]
Outcome = tuple["Batch", list[Violated]]


@dataclass(frozen=True)
class Batch:
    """Cases that can be judged in one small graph."""

    cases: tuple[Case, ...]

    @property
    def in_doubt(self) -> int:
        """How many of its cases the validator must judge."""
        return sum(bool(case.doubtful) for case in self.cases)

    def packed(self) -> tuple[bytes, Focus]:
        """What the validator needs: the statements of the cases in doubt, and the focus nodes of the shapes in doubt."""
        doubtful = [case for case in self.cases if case.doubtful]
        triples = {triple for case in doubtful for triple in readable(case.asked)}
        focus: Focus = {}
        for case in doubtful:
            for part in case.doubtful:
                focus.setdefault(part, []).append(to_rdflib(case.node))
        written = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
        return written or b"", focus


def batches(cases: Sequence[Case]) -> Iterator[Batch]:
    """The cases of one graph in as few batches as keep them apart; those that keep everything need not be."""
    certain = tuple(case for case in cases if not case.doubtful)
    if certain:
        yield Batch(certain)
        cases = [case for case in cases if case.doubtful]
    if len(cases) < 2:
        if cases:
            yield Batch(tuple(cases))
        return
    mixed = _mixed(cases)
    if len(mixed) == len(cases):
        middle = len(cases) // 2
        yield from batches(cases[:middle])
        yield from batches(cases[middle:])
        return
    yield Batch(tuple(case for case in cases if case.node not in mixed))
    if mixed:
        yield from batches([case for case in cases if case.node in mixed])


def _mixed(cases: Sequence[Case]) -> set[object]:
    """The nodes of which another case says more than their own may see, or that would meddle with others."""
    own = {case.node: case.own for case in cases}
    mixed: set[object] = {case.node for case in cases if case.meddles}
    for case in cases:
        for triple in case.context:
            if triple.subject in own and triple not in own[triple.subject]:
                mixed.add(triple.subject)
    return mixed


def apply(validator: Validator, packed: tuple[bytes, Focus]) -> list[Violated]:
    """What the validator finds in one batch."""
    written, focus = packed
    if not focus:
        return []
    triples = (quad.triple for quad in ox.parse(written, format=ox.RdfFormat.N_TRIPLES))
    return list(validator.violated_parts(validator.graph(triples), focus))


def outcomes(shapes: Shapes, found: Iterable[Batch]) -> Iterator[Outcome]:
    """The outcome of each batch, in order: in this process, and in several once many cases were in doubt."""
    batches_left, doubtful = iter(found), 0
    for batch in batches_left:
        yield batch, apply(shapes.validator, batch.packed()) if batch.in_doubt else []
        doubtful += batch.in_doubt
        if (processes := processes_for(doubtful)) > 1:
            yield from in_parallel(shapes.triples, batches_left, processes)


def in_parallel(shapes: Sequence[RdfTriple], found: Iterable[Batch], processes: int) -> Iterator[Outcome]:
    """The outcome of each batch, in order, from several processes; few batches are ever waiting."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, initializer=_start, initargs=(list(shapes),)) as pool:
        running: deque[tuple[Batch, Future[list[Violated]] | None]] = deque()
        for batch in found:
            running.append((batch, pool.submit(_work, batch.packed()) if batch.in_doubt else None))
            if len(running) > 3 * processes:
                yield _outcome(*running.popleft())
        for batch, future in running:
            yield _outcome(batch, future)


def _outcome(batch: Batch, future: Future[list[Violated]] | None) -> Outcome:
    return batch, [] if future is None else future.result()


def processes_for(doubtful: int) -> int:
    """How many processes to judge with once so many cases were in doubt; 1 is this one."""
    if doubtful <= PARALLEL_FROM or multiprocessing.current_process().daemon:
        return 1
    return min(os.cpu_count() or 1, 8)


_validator: Validator | None = None  # one a process, made when it starts


def _start(shapes: list[RdfTriple]) -> None:
    global _validator
    _validator = Validator(shapes)


def _work(packed: tuple[bytes, Focus]) -> list[Violated]:
    if _validator is None:
        raise RuntimeError("the process was not started with shapes")
    return apply(_validator, packed)
