"""Who may write: bearer tokens with the graphs and operations that each reaches, and a log of what each did; no HTTP.

A token is ``maillage_<id>_<secret>``. Its secret has 256 random bits, so the SHA-256 of the whole is all that is kept. The file
``tokens.json`` and the log ``tokens.log`` (one JSON object a line) lie beside the versions, readable by their owner alone. A log
of 10 MB becomes ``tokens.log.1``, in place of the one that was that before: the last 20 MB of uses stay, at most.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from app.errors import BadParameter, OutOfScope, ProtectedGraph, TokenMissing, TokenRefused, UnknownChoice

Operation = Literal["add", "remove"]
OPERATIONS: tuple[Operation, ...] = ("add", "remove")
"""What may be done to a graph, whichever protocol does it: statements are added, statements are removed."""

EVERYTHING = "*"
_PREFIX = "maillage"
_LONGEST_NAME = 80
_OWNER_ONLY = 0o600
_LONGEST_LOG = 10_000_000
_MOST_GRAPHS = 20
_COMPUTED = ("derived", "merge")
_NOT_IN_IRIS = frozenset(' <>"{}|\\^`[]')


@dataclass(frozen=True)
class Token:
    """One token as it is kept. ``graphs`` are IRIs; one that ends with ``*`` is the start of IRIs. Times are ISO 8601, in UTC."""

    id: str
    name: str
    digest: str
    graphs: tuple[str, ...]
    operations: tuple[Operation, ...]
    created: str
    expires: str | None = None
    revoked: str | None = None

    def reaches(self, graph: str) -> bool:
        """Whether the token may write to a graph at all."""
        return any(graph.startswith(each[:-1]) if each.endswith("*") else graph == each for each in self.graphs)

    def require(self, graph: str, operations: Sequence[Operation] = ()) -> None:
        """Raises :class:`app.errors.OutOfScope` where the token may not do all of this to the graph."""
        if not self.reaches(graph):
            raise OutOfScope(name=self.name, graph=graph, operation=None, reason="graph")
        for operation in operations:
            if operation not in self.operations:
                raise OutOfScope(name=self.name, graph=graph, operation=operation, reason=operation)

    def state(self, moment: datetime) -> Literal["valid", "expired", "revoked"]:
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.expires is not None and moment >= datetime.fromisoformat(self.expires) else "valid"


@dataclass(frozen=True)
class Use:
    """One use of a token: ``outcome`` is ``done`` or the key of the error; ``version`` what was published, if anything."""

    token: str
    name: str
    action: str
    outcome: str
    graphs: tuple[str, ...] = ()
    added: int = 0
    removed: int = 0
    version: int | None = None
    client: str = ""

    def to_json(self) -> dict[str, Any]:
        """As the log has it: of many graphs, the first few are named and the others counted."""
        more = len(self.graphs) - _MOST_GRAPHS
        return {**asdict(self), "graphs": self.graphs[:_MOST_GRAPHS]} | ({"more_graphs": more} if more > 0 else {})


class Tokens:
    """The tokens of one data folder, for any number of processes. Every question reads the file: a revocation holds at once."""

    def __init__(self, data: Path, base: str) -> None:
        self._data = data.absolute()
        self._base = base

    @property
    def path(self) -> Path:
        return self._data / "tokens.json"

    @property
    def log(self) -> Path:
        return self._data / "tokens.log"

    def all(self) -> list[Token]:
        """Every token ever made, oldest first, revoked ones too."""
        try:
            told: list[dict[str, Any]] = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return []
        return [Token(**{**each, "graphs": tuple(each["graphs"]), "operations": tuple(each["operations"])}) for each in told]

    def create(
        self, name: str, graphs: Sequence[str], operations: Sequence[Operation] = OPERATIONS, expires: datetime | None = None
    ) -> tuple[Token, str]:
        """A new token, and the text to hand out: it is not kept, so it can be shown only now.

        A graph is the name of a source, an IRI, the start of either before ``*``, or ``*`` alone for all. Raises
        :class:`app.errors.BadParameter`, and :class:`app.errors.ProtectedGraph` for one that nobody writes to.
        """
        if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
            raise BadParameter(name="name", value=name[:_LONGEST_NAME], reason="too-long", most=_LONGEST_NAME)
        if not graphs:
            raise BadParameter(name="graph", value="", reason="missing")
        moment = datetime.now(UTC)
        if expires is not None and expires <= moment:
            raise BadParameter(name="expires", value=expires.date().isoformat(), reason="later", after=moment.date().isoformat())
        number = secrets.token_hex(4)
        text = f"{_PREFIX}_{number}_{secrets.token_urlsafe(32)}"
        reached = tuple(self._graph(graph) for graph in graphs)
        limit = expires.isoformat(timespec="seconds") if expires else None
        token = Token(number, name.strip(), _digest(text), reached, tuple(operations), _written(moment), limit)
        with self._changing() as tokens:
            tokens.append(token)
        return token, text

    def revoke(self, number: str) -> Token:
        """Have a token count no more. Raises :class:`app.errors.BadParameter` for an id that no valid token has."""
        with self._changing() as tokens:
            for place, token in enumerate(tokens):
                if token.id == number and token.revoked is None:
                    tokens[place] = replace(token, revoked=_written(datetime.now(UTC)))
                    return tokens[place]
        valid = ", ".join(t.id for t in self.all() if not t.revoked)
        if not valid:
            raise BadParameter(name="id", value=number[:40], reason="no-tokens")
        raise UnknownChoice(name="id", value=number[:40], choices=valid)

    def bearer(self, header: str) -> Token:
        """The token of an ``Authorization`` header (RFC 6750 §2.1). Raises :class:`app.errors.TokenMissing` too."""
        scheme, _, text = header.partition(" ")
        if scheme.lower() != "bearer" or not text.strip():
            raise TokenMissing
        return self.find(text.strip())

    def find(self, text: str) -> Token:
        """The token whose text somebody presents. Raises :class:`app.errors.TokenRefused`, which never repeats it."""
        digest = _digest(text)
        number = text.split("_")[1] if text.count("_") >= 2 else ""
        known = {token.id: token for token in self.all()}.get(number)
        same = hmac.compare_digest(known.digest if known else _digest(""), digest)
        if known is None or not same:
            raise TokenRefused(reason="unknown")
        state = known.state(datetime.now(UTC))
        if state != "valid":
            raise TokenRefused(reason=state)
        return known

    def record(self, use: Use) -> None:
        """Add a line to the log. One write at the end of the file: processes do not mix their lines."""
        line = json.dumps({"time": _written(datetime.now(UTC)), **use.to_json()}, ensure_ascii=False) + "\n"
        handle = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _OWNER_ONLY)
        try:
            os.write(handle, line.encode())
            length = os.fstat(handle).st_size
        finally:
            os.close(handle)
        if length > _LONGEST_LOG:
            self._turn()

    def _turn(self) -> None:
        """Begin a new log, unless another process just did."""
        with self._locked(), suppress(FileNotFoundError):
            if self.log.stat().st_size > _LONGEST_LOG:
                self.log.replace(self._earlier)

    @property
    def _earlier(self) -> Path:
        return self.log.with_name("tokens.log.1")

    def uses(self) -> Iterator[dict[str, Any]]:
        """The uses that are still known, oldest first; a line that a full disk has cut is left out."""
        for path in (self._earlier, self.log):
            with suppress(FileNotFoundError), path.open(encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    with suppress(ValueError):
                        yield json.loads(line)

    def _graph(self, written: str) -> str:
        """A source's name becomes its graph."""
        if written == EVERYTHING:
            return written
        start = written.removesuffix("*")
        if not start or set(start) & _NOT_IN_IRIS or "*" in start or (":" not in start and set(start) & set("/?#")):
            raise BadParameter(name="graph", value=written[:80], reason="token-graph")
        graph = written if ":" in start else f"{self._base}graphs/{written}"
        if graph.removeprefix(f"{self._base}graphs/") in _COMPUTED:
            raise ProtectedGraph(graph=graph)
        return graph

    @contextmanager
    def _changing(self) -> Iterator[list[Token]]:
        """The tokens to be changed in place, by one process at a time; written when the block ends well."""
        self._data.mkdir(parents=True, exist_ok=True)
        with self._locked():
            tokens = self.all()
            yield tokens
            self._write(tokens)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with os.fdopen(os.open(self._data / "tokens.lock", os.O_RDWR | os.O_CREAT, _OWNER_ONLY), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _write(self, tokens: Sequence[Token]) -> None:
        draft = self.path.with_name(f".tokens.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump([asdict(token) for token in tokens], file, ensure_ascii=False, indent=1)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
