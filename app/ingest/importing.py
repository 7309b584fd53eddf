"""One file into one source's graph: what it would change, what the gate says of it, and its publication; no HTTP, no terminal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pyoxigraph as ox

from app.engine.changes import Change, Quads
from app.engine.lookup import Lookup
from app.engine.manifest import Version
from app.engine.versions import Repository, Transaction
from app.errors import BadParameter, NoStore, Refused, UnreadableInput
from app.ingest.orders import Bounds
from app.ingest.reading import Parsed, lines_of, read
from app.ingest.whereabouts import Wanted
from app.shapes import Finding, Report

_SOURCE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Steps(Protocol):
    """Told how far an import is: ``step`` is ``read`` (in bytes) or ``judge`` (in nodes)."""

    def __call__(self, step: str, done: int, total: int) -> None: ...


def _quiet(step: str, done: int, total: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Source:
    """A file to import: where it is, what to call it, and how to read it.

    ``format`` is a suffix; ``merge`` takes the statements of every named graph; ``may_be_empty`` lets a file without statements
    empty the source.
    """

    path: Path
    source: str
    name: str | None = None
    format: str | None = None
    merge: bool = False
    may_be_empty: bool = False
    bounds: Bounds = field(default_factory=Bounds)


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do when ``version`` is None; entities are the nodes that have IRIs of their own.

    ``report`` is the gate's, where it was asked for by a dry run; an import that is published keeps the number of its warnings.
    """

    source: str
    graph: str
    statements: int
    nodes: int
    merged_graphs: tuple[str, ...]
    created: int
    changed: int
    unchanged: int
    removed: int
    added_statements: int
    removed_statements: int
    warnings: int
    version: Version | None = None
    report: Report | None = None

    @property
    def is_empty(self) -> bool:
        """The store has all this already."""
        return self.added_statements + self.removed_statements == 0


def source_name(path: Path) -> str:
    """A source's name from a file's: ``Annuaire ESS.ttl.gz`` gives ``annuaire-ess``."""
    stem = path.name.lower().partition(".")[0]
    return "-".join(re.findall(r"[a-z0-9]+", stem.translate(_PLAIN))) or "import"


_PLAIN = str.maketrans("àâäéèêëîïôöùûüç", "aaaeeeeiioouuuc")


def import_file(
    repository: Repository,
    base: str,
    given: Source,
    *,
    author: str,
    message: str,
    dry_run: bool = False,
    steps: Steps = _quiet,
) -> ImportReport:
    """Has the source's graph hold what the file states and nothing else, as a new version unless ``dry_run``.

    The same file again changes nothing. Raises :class:`app.errors.InputError`; :class:`app.errors.Refused` has the line of each
    finding, and nothing has changed then.
    """
    graph = graph_of(base, given.source)
    with _read(given, base, graph, steps) as parsed, repository.transaction(author, message) as transaction:
        is_new = _is_new(repository, graph)
        change = transaction.replace_graph(graph, parsed.path)
        counts = _count(change, transaction.lookup, ox.NamedNode(graph), f"{base}id/node/", is_new=is_new)
        try:
            version, report = _conclude(transaction, _on("judge", steps), dry_run=dry_run)
        except Refused as refused:
            raise Refused(located(refused.report, parsed, base, graph, given.bounds), **refused.details) from None
    created = parsed.entities if is_new else counts["created"]
    return ImportReport(
        source=given.source,
        graph=graph,
        statements=parsed.statements,
        nodes=parsed.nodes,
        merged_graphs=parsed.graphs,
        created=created,
        changed=counts["changed"],
        unchanged=parsed.entities - created - counts["changed"],
        removed=counts["removed"],
        added_statements=len(change.added),
        removed_statements=len(change.removed),
        warnings=report.counts.get("Warning", 0) if report else version.warnings if version else 0,
        version=version,
        report=located(report, parsed, base, graph, given.bounds) if report else None,
    )


def graph_of(base: str, source: str) -> str:
    """The graph of a source. Raises :class:`app.errors.BadParameter` for a name that cannot stand in an address."""
    if not _SOURCE.fullmatch(source):
        raise BadParameter(name="source", value=source, reason="source-name")
    return f"{base}graphs/{source}"


def _read(given: Source, base: str, graph: str, steps: Steps) -> Parsed:
    parsed = read(
        given.path,
        base,
        given.format,
        name=given.name,
        graph=graph,
        merge=given.merge,
        bounds=given.bounds,
        progress=_on("read", steps),
    )
    if parsed.statements == 0 and not given.may_be_empty:
        with parsed:
            raise UnreadableInput(path=parsed.document.name, reason="empty")
    return parsed


def _on(step: str, steps: Steps) -> Callable[[int, int], None]:
    return lambda done, total: steps(step, done, total)


def _is_new(repository: Repository, graph: str) -> bool:
    try:
        with repository.reader() as before:
            return next(iter(before.quads(graph=ox.NamedNode(graph))), None) is None
    except NoStore:
        return True


def _conclude(
    transaction: Transaction, progress: Callable[[int, int], None], *, dry_run: bool
) -> tuple[Version | None, Report | None]:
    if not dry_run:
        return transaction.commit(progress), None
    report: Any = transaction.judge(progress)
    if report is not None and not report.conforms:
        raise Refused(report, violations=report.counts.get("Violation", 0))
    return None, report


def _count(change: Change, after: Lookup, graph: ox.NamedNode, nodes: str, *, is_new: bool) -> Counter[str]:
    """Entities by what happened to them in the graph. For a graph that was not there, all were created: none is looked up."""
    found: Counter[str] = Counter()
    if is_new:
        return found
    added, removed = _by_subject(change.added), _by_subject(change.removed)
    for subject in added.keys() | removed.keys():
        if isinstance(subject, ox.NamedNode) and subject.value.startswith(nodes):
            continue
        now = sum(1 for _ in after.quads(subject=subject, graph=graph))
        if now == 0:
            found["removed"] += 1
        elif now == added[subject] and removed[subject] == 0:
            found["created"] += 1
        else:
            found["changed"] += 1
    return found


def _by_subject(quads: Quads) -> Counter[Any]:
    return Counter(quad.subject for quad in quads)


def located(report: Report, parsed: Parsed, base: str, graph: str, bounds: Bounds) -> Report:
    """The report on a graph with the lines of what this file says, which is read again only when there is something to find."""
    own = [finding for finding in report.findings if finding.graph == graph]
    if not own:
        return report
    wanted = [_wanted(finding) for finding in own]
    lines = lines_of(parsed.document, base, wanted, graph=graph, bounds=bounds, relative_to=parsed.relative_to)
    found = dict(zip(own, lines, strict=True))
    return report.located(lambda finding: found.get(finding))


def _wanted(finding: Finding) -> Wanted:
    """A path that is not one property is never on a line; its node is."""
    path = f"<{finding.path}>" if finding.path else None
    return (f"<{finding.focus}>", path, str(finding.value) if finding.value is not None else None)
