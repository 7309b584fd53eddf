"""Foreign RDF files become plain statements, or an explained refusal; parsed in a process of their own, published nowhere."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from app.engine.hand import environment
from app.errors import InputError, MaillageError, SyntaxRefused, UnreadableInput
from app.ingest.documents import Document, identify
from app.ingest.orders import Bounds, Order
from app.ingest.whereabouts import Wanted

Progress = Callable[[int, int], None]
"""Told how many bytes of the file are read, and how many there are."""

_NO_MORE_MEMORY = "memory allocation"


@dataclass(frozen=True)
class Parsed:
    """What a file states: ``statements`` in N-Triples in the temporary file ``path``, which leaving the context deletes.

    ``nodes`` counts the blank nodes that got an IRI, ``entities`` the other subjects; ``graphs`` are the named graphs that were
    merged into one, and ``relative_to`` resolved relative IRIs, unless the base did.
    """

    path: Path
    document: Document
    statements: int
    nodes: int
    entities: int
    graphs: tuple[str, ...]
    relative_to: str | None = None

    def __enter__(self) -> Parsed:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.path.unlink(missing_ok=True)


def read(
    path: Path,
    base: str,
    format: str | None = None,  # noqa: A002  the word that users know
    *,
    name: str | None = None,
    graph: str | None = None,
    merge: bool = False,
    folder: Path | None = None,
    bounds: Bounds | None = None,
    progress: Progress | None = None,
    relative_to: str | None = None,
) -> Parsed:
    """The statements of an RDF file, its relative IRIs resolved against ``relative_to``, else ``base``, its blank nodes given
    stable IRIs.

    ``format`` is a suffix (``ttl``…); None goes by the file's own suffix or content. ``name`` is what errors call the file.
    Statements of the named graph ``graph`` are taken too; those of others are refused, unless ``merge``. ``folder`` holds the
    temporary file. Raises :class:`app.errors.UnreadableInput` or :class:`app.errors.SyntaxRefused`.
    """
    document = identify(path, format, name)
    handle, output = tempfile.mkstemp(prefix="maillage-", suffix=".nt", dir=folder)
    os.close(handle)
    order = Order(document, base, graph, merge, Path(output), None, bounds or Bounds(), relative_to)
    try:
        parsed = _run(order, progress)["parsed"]
    except BaseException:
        Path(output).unlink(missing_ok=True)
        raise
    statements, nodes, entities = (parsed[name] for name in ("statements", "nodes", "entities"))
    return Parsed(Path(output), document, statements, nodes, entities, tuple(parsed["graphs"]), relative_to)


def lines_of(
    document: Document,
    base: str,
    wanted: Sequence[Wanted],
    *,
    graph: str | None = None,
    bounds: Bounds | None = None,
    relative_to: str | None = None,
) -> list[int | None]:
    """The line on which each wanted statement stands, or what comes nearest to it; the file is read again for it.

    Exact for Turtle, TriG, N-Triples and N-Quads; a little late for other formats. None where nothing comes near.
    """
    order = Order(document, base, graph, True, None, [list(each) for each in wanted], bounds or Bounds(), relative_to)
    lines: list[int | None] = _run(order, None)["lines"]
    return lines


def _run(order: Order, progress: Progress | None) -> dict[str, Any]:
    """The process's last word. Raises what it tells, or what its death means."""
    command = [sys.executable, "-P", "-m", "app.ingest.parse"]
    with subprocess.Popen(  # noqa: S603  our own module, by our own Python
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), text=True
    ) as process:
        clock = _Clock(process, order.bounds.seconds)
        try:
            last = _converse(process, order, progress)
        except BaseException:
            process.kill()
            raise
        finally:
            clock.stop()
        complaint = process.stderr.read() if process.stderr else ""
        process.wait()
    if "error" in last:
        raise MaillageError.revive(last["error"], last["details"])
    if "parsed" in last or "lines" in last:
        return last
    raise _meaning(order, process.returncode, complaint, last, late=clock.rang)


def _converse(process: subprocess.Popen[str], order: Order, progress: Progress | None) -> dict[str, Any]:
    last: dict[str, Any] = {}
    if process.stdin is None or process.stdout is None:
        raise TypeError("a process with pipes")
    try:
        process.stdin.write(order.to_json())
        process.stdin.close()
    except BrokenPipeError:
        return last
    for said in _messages(process.stdout):
        last = said
        if progress and "done" in said:
            progress(said["done"], said["total"])
    return last


def _messages(lines: Iterator[str] | Any) -> Iterator[dict[str, Any]]:
    for line in lines:
        try:
            yield json.loads(line)
        except ValueError:  # cut by the death of the process
            return


class _Clock:
    """Ends a process after its time."""

    def __init__(self, process: subprocess.Popen[str], seconds: float) -> None:
        self.rang = False
        self._process = process
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.daemon = True
        self._timer.start()

    def _ring(self) -> None:
        self.rang = True
        self._process.kill()

    def stop(self) -> None:
        self._timer.cancel()


def _meaning(order: Order, status: int, complaint: str, last: dict[str, Any], *, late: bool) -> InputError:
    """Why a parsing process ended without an answer."""
    name, bounds = order.document.name, order.bounds
    if late:
        return UnreadableInput(path=name, reason="too-slow", seconds=bounds.seconds)
    if status == -signal.SIGVTALRM:
        return SyntaxRefused(path=name, line=last.get("naming"), column=None, reason="component-too-intricate")
    if status == -signal.SIGSEGV:
        return SyntaxRefused(path=name, line=None, column=None, reason="too-deep")
    if _NO_MORE_MEMORY in complaint or "MemoryError" in complaint:
        return UnreadableInput(path=name, reason="too-much-memory", megabytes=bounds.memory_mb)
    if status == -signal.SIGXFSZ or "File too large" in complaint:
        return UnreadableInput(path=name, reason="too-large", megabytes=bounds.megabytes)
    if "No space left" in complaint:
        return UnreadableInput(path=name, reason="no-space")
    last_words = complaint.strip().splitlines()[-1:] or [f"status {status}"]
    return UnreadableInput(path=name, reason="parser-died", found=last_words[0])
