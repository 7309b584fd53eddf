"""Everything that can go wrong, as one tree of exceptions; not how it is said (messages/) nor which HTTP status it gets (web).

    MaillageError
    ├── SettingsError            a setting is missing, malformed or contradicts the store
    ├── StoreError               the versioned store
    │   ├── NoStore              nothing was ever published here
    │   ├── NoSuchVersion        that number was never published
    │   ├── VersionPruned        that version existed and was pruned
    │   ├── VersionInUse         a reader holds it
    │   ├── CorruptVersion       its files cannot be opened
    │   ├── IndexMissing         it has no search or network index
    │   ├── NewerStore           a newer release wrote it, in a format that this one does not know
    │   ├── BaseMismatch         the store was made for another base IRI
    │   ├── WriterBusy           another process is writing
    │   ├── StorageFull          the disk is full or read-only
    │   ├── FolderRefused        a backup cannot be made or put back there
    │   ├── DumpPending          a file of statements is being made
    │   ├── UnderWay             something is being worked out of a large version
    │   └── ProtectedGraph       derived and merged graphs are not written by hand
    ├── InputError               what was handed in cannot be used
    │   ├── UnreadableInput      a file is missing or of no known format
    │   ├── SyntaxRefused        an RDF document that does not parse: line, column
    │   └── Refused              the gate found violations: carries the report
    ├── QueryError               a SPARQL request
    │   ├── QuerySyntax          the text does not parse: line, column, what was expected
    │   ├── QueryMissing         a request without the text of a query
    │   ├── QueryRepeated        a request with two of them
    │   ├── UpdateRefused        a SPARQL update that did not come by POST
    │   ├── UpdateFailed         an operation that cannot be done: no such graph, a graph that is there already
    │   ├── UsingConflict        a dataset both in the request and in the text of the update
    │   ├── OutsideGraph         a PATCH of one graph that would change another
    │   ├── LoadRefused          LOAD of an address that is not on the allow-list, or that gives nothing
    │   ├── BodyRefused          a request body of a media type that is not read there
    │   │   ├── BodyUntyped      … of no media type
    │   │   └── PartRefused      … a part of a form
    │   ├── QueryTooLong         more characters than allowed
    │   ├── QueryTooDeep         nested deeper than allowed
    │   ├── ServiceRefused       SERVICE to an address that is not on the allow-list
    │   ├── QueryTimeout         ran past its deadline and was stopped
    │   ├── QueryMemory          needed more memory than allowed and was stopped
    │   ├── QueryCrashed         stopped the engine's process
    │   ├── ResultTooLarge       more rows or bytes than allowed
    │   │   └── AnswerTooLarge   the same, of a question whose parameters would narrow it
    │   ├── QueueFull            too many requests are waiting
    │   ├── ClientBusy           this client has too many requests running
    │   ├── QueryCancelled       the client went away
    │   ├── QueryFailed          the engine met an error while it answered
    │   └── EngineUnavailable    the query service does not answer
    ├── AccessError              who may write
    │   ├── TokenMissing         a write without a bearer token
    │   ├── TokenRefused         the token is unknown, expired or revoked
    │   └── OutOfScope           the token may not do this to this graph
    ├── PreconditionFailed       what the request expects of the present state is not so
    ├── NotAcceptable            no offered format suits the request
    │   └── FormatUnfit          the format is none for what this query answers
    ├── UnknownEntity            nothing is said about this IRI
    ├── GoneEntity               it was here and was deleted
    ├── NotYetDescribed          the version that is read is older than it
    ├── UnknownGraph             no source states anything in this graph
    ├── UnknownQuery             the catalogue has no question of that name
    │   └── MisnamedQuery        … but one with a name that comes near
    └── BadParameter             a query's parameter is missing or malformed
        └── UnknownChoice        it is none of those that there are

Each class has a ``key``, the name of its text in ``app/messages/errors.toml``, and keeps its ``details`` by name, so that
the edge can say it in the reader's language and a worker can send it over a socket.
"""

from __future__ import annotations

from typing import Any, ClassVar


class MaillageError(Exception):
    """Base of all expected failures.

    ``details`` are plain JSON values (str, int, float, bool, None or lists of them) that fill the placeholders of the text.
    """

    key: ClassVar[str] = "error"
    registry: ClassVar[dict[str, type[MaillageError]]] = {}

    def __init__(self, **details: Any) -> None:
        super().__init__(self.key, details)
        self.details = details

    def __init_subclass__(cls) -> None:
        words = "".join(f"-{c.lower()}" if c.isupper() else c for c in cls.__name__)
        cls.key = words.lstrip("-")
        MaillageError.registry[cls.key] = cls

    def __str__(self) -> str:
        said = ", ".join(f"{name}: {value}" for name, value in self.details.items())
        return f"{self.key} ({said})" if said else self.key

    @classmethod
    def revive(cls, key: str, details: dict[str, Any]) -> MaillageError:
        """Rebuild an error that another process sent as its key and details."""
        return cls.registry.get(key, MaillageError)(**details)


class SettingsError(MaillageError):
    """``name``, ``value``, ``reason`` (a key of messages/settings.toml)."""


class StoreError(MaillageError):
    """Base of what the versioned store refuses."""


class NoStore(StoreError):
    """``path``."""


class NoSuchVersion(StoreError):
    """``version``, ``newest``."""


class VersionPruned(StoreError):
    """``version``."""


class VersionInUse(StoreError):
    """``version``."""


class CorruptVersion(StoreError):
    """``version``, ``reason``."""


class IndexMissing(StoreError):
    """``version``, ``index``."""


class NewerStore(StoreError):
    """``path``, ``format`` and ``known`` (numbers), ``software`` that wrote it."""


class BaseMismatch(StoreError):
    """``stored``, ``configured``."""


class WriterBusy(StoreError):
    """``seconds`` waited."""


class StorageFull(StoreError):
    """``path``, ``reason``."""


class FolderRefused(StoreError):
    """``path``, ``reason`` (a key of messages/backups.toml), ``base`` of a backup of another one."""


class DumpPending(StoreError):
    """``name`` of the file."""


class UnderWay(StoreError):
    """No details."""


class ProtectedGraph(StoreError):
    """``graph``."""


class InputError(MaillageError):
    """Base of what is refused at the door."""


class UnreadableInput(InputError):
    """``path``, ``reason``."""


class SyntaxRefused(InputError):
    """``path``, ``line``, ``column``, ``reason``."""


class Refused(InputError):
    """The gate's verdict; ``report`` is the :class:`app.shapes.findings.Report`, kept off the wire."""

    def __init__(self, report: Any, **details: Any) -> None:
        super().__init__(**details)
        self.report = report


class QueryError(MaillageError):
    """Base of what a SPARQL request can meet."""


class QuerySyntax(QueryError):
    """``line``, ``column`` (1-based, or None), ``reason``; where trying told them, the word ``found`` there, empty at the end of
    the text, the marks and words that were ``expected``, and which of them was perhaps ``meant``."""


class QueryMissing(QueryError):
    """No details."""


class QueryRepeated(QueryError):
    """``name`` of the parameter that came twice."""


class UpdateRefused(QueryError):
    """No details."""


class UpdateFailed(QueryError):
    """``reason`` (a key of messages/writing.toml), ``graph``."""


class UsingConflict(QueryError):
    """No details."""


class OutsideGraph(QueryError):
    """``graph`` that was to be changed, ``other`` that would be."""


class LoadRefused(QueryError):
    """``target``, ``reason`` (a key of messages/writing.toml, or what the other server did)."""


class BodyRefused(QueryError):
    """``received``, ``offered``: the media type that came, and those that are read."""


class BodyUntyped(BodyRefused):
    """``received`` (empty), ``offered``: a body came without a media type."""


class PartRefused(BodyRefused):
    """``part`` of a form, by its file or its field; ``received``, ``offered``."""


class QueryTooLong(QueryError):
    """``length``, ``limit`` in characters."""


class QueryTooDeep(QueryError):
    """``depth``, ``limit`` in levels."""


class ServiceRefused(QueryError):
    """``target``, ``reason``."""


class QueryTimeout(QueryError):
    """``seconds``."""


class QueryMemory(QueryError):
    """``megabytes``."""


class QueryCrashed(QueryError):
    """No details."""


class ResultTooLarge(QueryError):
    """``unit`` (``rows`` or ``bytes``), ``limit``."""


class AnswerTooLarge(ResultTooLarge):
    """``unit``, ``limit``, ``parameters`` that would narrow it, ``page`` that shows its beginning."""


class QueueFull(QueryError):
    """``limit`` of waiting requests, and the ``seconds`` that each may wait."""


class ClientBusy(QueryError):
    """``limit`` of simultaneous requests of one client."""


class QueryCancelled(QueryError):
    """No details."""


class QueryFailed(QueryError):
    """``reason``, in the engine's words."""


class EngineUnavailable(QueryError):
    """``reason``."""


class AccessError(MaillageError):
    """Base of what is refused for want of a right."""


class TokenMissing(AccessError):
    """No details."""


class TokenRefused(AccessError):
    """``reason`` (a key of messages/tokens.toml); never the token."""


class OutOfScope(AccessError):
    """``name`` of the token, ``graph``, ``operation`` (``add``, ``remove`` or None), ``reason`` in messages/tokens.toml."""


class PreconditionFailed(MaillageError):
    """``condition``: the header that is not met; ``reason`` (a key of messages/writing.toml)."""


class NotAcceptable(MaillageError):
    """``offered``: the media types that exist."""


class FormatUnfit(NotAcceptable):
    """``types``, ``reason``: ``a-table`` of SELECT and ASK, ``a-graph`` of CONSTRUCT and DESCRIBE."""


class UnknownEntity(MaillageError):
    """``iri``."""


class GoneEntity(MaillageError):
    """``iri``, ``version`` in which it was last described, ``what`` it was: its name, its nature and its IRI."""


class NotYetDescribed(MaillageError):
    """``iri``, ``version`` that described it first."""


class UnknownGraph(MaillageError):
    """``graph``."""


class UnknownQuery(MaillageError):
    """``name``."""


class MisnamedQuery(UnknownQuery):
    """``name``, ``nearest``."""


class BadParameter(MaillageError):
    """``name``, ``value``, ``reason``; where several things may be meant, their addresses as ``offered``."""


class UnknownChoice(BadParameter):
    """``name``, ``value``, ``choices``."""
