"""What a token's holder writes: an update, or the content of a graph; judged, published as a version, and logged; no HTTP."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from app import events
from app.engine.changes import SMALL, Change, graphs_of
from app.engine.launch import socket_path
from app.engine.lookup import Lookup
from app.engine.manifest import Version
from app.engine.versions import Repository, Transaction
from app.errors import MaillageError, ProtectedGraph, Refused, UnknownGraph
from app.ingest.importing import located
from app.ingest.orders import Bounds
from app.ingest.reading import Parsed, read
from app.settings import Settings
from app.tokens import Operation, Token, Tokens, Use
from app.updating.conditions import Expectation, Found, nothing
from app.updating.loading import Documents
from app.updating.orders import EVERYTHING, Dataset, Order
from app.updating.running import Evaluators
from app.updating.sent import told_to_senders

DEFAULT = "default"
"""The default graph where a graph is asked for by its IRI or so."""


@dataclass(frozen=True)
class By:
    """Who writes, why, and from where: ``action`` is what the log tells, ``message`` what the version does."""

    token: Token
    message: str
    action: str
    client: str = ""


@dataclass(frozen=True)
class Body:
    """A document that was sent: ``suffix`` is its format's; ``name`` is how its sender may know it."""

    path: Path
    suffix: str
    name: str


@dataclass(frozen=True)
class Written:
    """What a write did. Without a version, it changed nothing; ``created`` tells that its graph was not there before, ``report``
    what the gate said."""

    version: Version | None
    added: int = 0
    removed: int = 0
    graphs: tuple[str, ...] = ()
    created: bool = False
    report: Any = None


@dataclass(frozen=True)
class Writer:
    """Writes to one repository within the bounds of the settings."""

    repository: Repository
    settings: Settings
    tokens: Tokens
    evaluators: Evaluators = field(default_factory=Evaluators)

    @classmethod
    def of(cls, repository: Repository, settings: Settings) -> Writer:
        return cls(repository, settings, Tokens(settings.data, settings.base_iri))

    @property
    def default_graph(self) -> str:
        """The graph that holds what is written to the default one."""
        return f"{self.settings.base_iri}graphs/default"

    def update(
        self,
        text: str,
        by: By,
        dataset: Dataset = EVERYTHING,
        graph: str | None = None,
        *,
        base_iri: str = "",
        expected: Expectation = nothing,
    ) -> Written:
        """Do a SPARQL Update; ``graph`` stands for the default graph and is the only one that may change then; ``expected`` is
        asked of it.

        Raises :class:`app.errors.QueryError`, ``ProtectedGraph``, ``OutOfScope``, ``InputError`` (``Refused`` by the gate).
        """
        with self._logged(by) as outcome, self.repository.transaction(by.token.name, by.message) as transaction:
            if graph is not None:
                expected(self._found(transaction, graph))
            room = transaction.room()
            order = self._order(text, transaction.parent_store, room.path, dataset, graph, base_iri)
            loading = Documents(self.settings.load_allow, self.settings.base_iri, self._bounds, room.path)
            change = transaction.apply(self.evaluators.evaluate(order, self.settings.update_seconds, loading.load, room))
            return outcome.end(self._published(transaction, change, by))

    def put(self, graph: str, bodies: Sequence[Body], by: By, expected: Expectation = nothing) -> Written:
        """Have a graph hold what the documents state and nothing else."""
        return self._store(graph, bodies, by, expected, replacing=True)

    def post(self, graph: str, bodies: Sequence[Body], by: By, expected: Expectation = nothing) -> Written:
        """Add to a graph what the documents state."""
        return self._store(graph, bodies, by, expected, replacing=False)

    def delete(self, graph: str, by: By, expected: Expectation = nothing) -> Written:
        """Remove a graph. Raises :class:`app.errors.UnknownGraph`."""
        with self._logged(by) as outcome:
            self._require(by.token, graph, ["remove"])
            with self.repository.transaction(by.token.name, by.message) as transaction:
                found = self._found(transaction, graph)
                if not found.is_there and graph != DEFAULT:
                    raise UnknownGraph(graph=graph)
                expected(found)
                change = self._replaced(transaction, graph, None)
                return outcome.end(self._published(transaction, change, by))

    def reached(self, graph: str, by: By, operations: Sequence[Operation], expected: Expectation = nothing) -> None:
        """What can be refused before a document is read; what is expected is asked once more before it is written.

        Raises :class:`app.errors.OutOfScope`, ``ProtectedGraph`` or ``PreconditionFailed``.
        """
        with self._logged(by):
            self._require(by.token, graph, operations)
            if expected is not nothing:
                with self.repository.reader() as reader:
                    expected(Found(_is_there(reader, self._place(graph)), reader.version.number))

    def _store(self, graph: str, bodies: Sequence[Body], by: By, expected: Expectation, *, replacing: bool) -> Written:
        with self._logged(by) as outcome, ExitStack() as held:
            self._require(by.token, graph, ["add"])
            parsed = [held.enter_context(self._parsed(body, graph)) for body in bodies]
            transaction = held.enter_context(self.repository.transaction(by.token.name, by.message))
            found = self._found(transaction, graph)
            expected(found)
            is_new = graph != DEFAULT and not found.is_there
            change = self._replaced(transaction, graph, _joined(parsed)) if replacing else self._added(transaction, graph, parsed)
            try:
                written = self._published(transaction, change, by)
            except Refused as refused:
                raise self._with_lines(refused, parsed, graph) from None
            return outcome.end(replace(written, created=is_new))

    def _found(self, transaction: Transaction, graph: str) -> Found:
        parent = transaction.parent
        return Found(_is_there(transaction.lookup, self._place(graph)), parent.number if parent else None)

    def _parsed(self, body: Body, graph: str) -> Parsed:
        """Relative IRIs are relative to the graph (RFC 3986 §5.1.3: the address that the document is put to)."""
        own = self._named(graph)
        with told_to_senders():
            return read(
                body.path, self.settings.base_iri, body.suffix, name=body.name, graph=own, bounds=self._bounds, relative_to=own
            )

    def _replaced(self, transaction: Transaction, graph: str, statements: Path | None) -> Change:
        place = self._place(graph)
        if isinstance(place, ox.NamedNode):
            return transaction.replace_graph(place.value, statements) if statements else transaction.remove_graph(place.value)
        added = _quads(statements, place) if statements else frozenset()
        return transaction.apply(Change(added, frozenset(transaction.lookup.quads(graph=place))))

    def _added(self, transaction: Transaction, graph: str, parsed: Sequence[Parsed]) -> Change:
        """A large document goes through files, with what the graph holds already."""
        place = self._place(graph)
        if sum(one.statements for one in parsed) <= SMALL or not isinstance(place, ox.NamedNode):
            return transaction.apply(Change(frozenset().union(*(_quads(one.path, place) for one in parsed))))
        joined = _joined(parsed)
        with joined.open("ab") as file:
            held = (quad.triple for quad in transaction.lookup.quads(graph=place))
            ox.serialize(held, file, ox.RdfFormat.N_TRIPLES)
        return transaction.replace_graph(place.value, joined)

    def _published(self, transaction: Transaction, change: Change, by: By) -> Written:
        graphs = sorted(_name(graph) for graph in change.graphs)
        for operation, quads in (("add", change.added), ("remove", change.removed)):
            for graph in graphs_of(quads):
                self._require(by.token, _name(graph), [operation])  # type: ignore[list-item]
        version = transaction.commit()
        return Written(version, len(change.added), len(change.removed), tuple(graphs), report=transaction.report)

    def _require(self, token: Token, graph: str, operations: Sequence[Operation]) -> None:
        own = self._named(graph)
        if own in (f"{self.settings.base_iri}graphs/derived", f"{self.settings.base_iri}graphs/merge"):
            raise ProtectedGraph(graph=own)
        token.require(own, operations)

    def _named(self, graph: str) -> str:
        return self.default_graph if graph == DEFAULT else graph

    def _place(self, graph: str) -> ox.NamedNode | ox.DefaultGraph:
        """Where a graph's statements are stored."""
        if graph == DEFAULT and self.repository.stored_default:
            return ox.DefaultGraph()
        return ox.NamedNode(self._named(graph))

    def _order(self, text: str, store: Path | None, room: Path, dataset: Dataset, graph: str | None, base_iri: str) -> Order:
        settings = self.settings
        broker = socket_path(settings.data)
        proxy = broker.with_name(broker.name + "-service")
        return Order(
            text=text,
            store=store,
            room=room,
            base=settings.base_iri,
            base_iri=base_iri or settings.base_iri,
            dataset=dataset,
            graph=None if graph in (None, DEFAULT) else graph,
            stored_default=self.repository.stored_default,
            characters=settings.update_characters,
            depth=settings.query_depth,
            memory_mb=settings.write_memory_mb,
            literal=settings.literal_characters,
            services=settings.service_allow,
            proxy=proxy if proxy.exists() else None,
        )

    @property
    def _bounds(self) -> Bounds:
        settings = self.settings
        most = (settings.upload_mb, settings.upload_seconds, settings.write_memory_mb)
        return Bounds(*most, literal=settings.literal_characters)

    def _with_lines(self, refused: Refused, parsed: Sequence[Parsed], graph: str) -> Refused:
        """The report with the lines of the document, where one alone was sent."""
        if len(parsed) != 1:
            return refused
        report = located(refused.report, parsed[0], self.settings.base_iri, self._named(graph), self._bounds)
        return Refused(report, **refused.details)

    @contextmanager
    def _logged(self, by: By) -> Iterator[_Outcome]:
        outcome = _Outcome()
        try:
            yield outcome
        except MaillageError as error:
            self._record(Use(by.token.id, by.token.name, by.action, error.key, client=by.client))
            raise
        if (done := outcome.done) is not None:
            version = done.version.number if done.version else None
            figures = (done.graphs, done.added, done.removed, version, by.client)
            self._record(Use(by.token.id, by.token.name, by.action, "done", *figures))

    def _record(self, use: Use) -> None:
        """In the log of tokens and among the service's events; what was published stays, even where no line can be written."""
        events.tell("info", "write", **use.to_json())
        try:
            self.tokens.record(use)
        except OSError as error:
            events.tell("error", "token-log", reason=str(error))


@dataclass
class _Outcome:
    """What the log is told at the end."""

    done: Written | None = field(default=None)

    def end(self, written: Written) -> Written:
        self.done = written
        return written


def _is_there(state: Lookup, graph: ox.NamedNode | ox.DefaultGraph) -> bool:
    return next(iter(state.quads(graph=graph)), None) is not None


def _name(graph: ox.NamedNode | ox.DefaultGraph) -> str:
    return graph.value if isinstance(graph, ox.NamedNode) else DEFAULT


def _quads(statements: Path, graph: ox.NamedNode | ox.DefaultGraph) -> frozenset[ox.Quad]:
    parsed = ox.parse(path=str(statements), format=ox.RdfFormat.N_TRIPLES)
    return frozenset(ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in parsed)


def _joined(parsed: Sequence[Parsed]) -> Path:
    """The statements of all documents in the file of the first."""
    with parsed[0].path.open("ab") as file:
        for other in parsed[1:]:
            with other.path.open("rb") as statements:
                shutil.copyfileobj(statements, file)
    return parsed[0].path
