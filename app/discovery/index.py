"""The index ``network``, written beside each version's store: implements :class:`app.engine.lookup.Index`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from app.discovery import files
from app.discovery.arrays import LINK
from app.discovery.files import Base, Patch
from app.discovery.iris import IriTable
from app.discovery.kinds import Scheme, Sorter
from app.discovery.network import Network
from app.discovery.statements import Statements
from app.discovery.sweep import Gathered, Sweep
from app.discovery.upkeep import Upkeep, folded
from app.engine.changes import Change
from app.engine.lookup import State
from app.vocabulary import Vocabulary

_FORMAT = 2
_MOST, _SHARE = 16_384, 8


@dataclass(frozen=True)
class NetworkIndex:
    """Depends on the ontology, which is named by its files and read at the first write."""

    ontology: Sequence[Path]
    load: Callable[[], Vocabulary]
    patched: int = 1_024
    """A patch is folded into a new base beyond this or an eighth of it, whichever is more: so seldom that it costs little."""
    followed: int = 10_000
    """A change of more statements than this, and than the base has links, is followed slower than all is read anew."""

    @property
    def name(self) -> str:
        return "network"

    @cached_property
    def form(self) -> str:
        """The format, and the ontology that says what a link is."""
        said = hashlib.sha256(b"".join(path.read_bytes() for path in self.ontology))
        return f"{_FORMAT} {said.hexdigest()[:16]}"

    def write(self, folder: Path, earlier: Path | None, after: State, change: Change, derived: Change) -> None:  # noqa: ARG002
        """See :class:`app.engine.lookup.Index`. Derived links tell nothing here."""
        scheme, sorter = self._read
        statements = Statements(after, sorter.vocabulary, scheme, sorter)
        network = Network.open(earlier) if earlier is not None else None
        if earlier is not None and network is not None and network.scheme == scheme:
            files.share_scheme(earlier, folder)
        else:
            files.write_scheme(folder, scheme)
        if earlier is None or network is None or len(change) > max(self.followed, len(network.base.rows.columns.targets)):
            _build(statements).write(folder)
            Patch().write(folder)
        else:
            patch = Upkeep(network, statements).patch(change)
            if self._is_large(patch, network.base):
                _fold(folder, network, patch)
            else:
                _share(folder, earlier, network.patch, patch)

    def _is_large(self, patch: Patch, base: Base) -> bool:
        return len(patch) > min(_MOST, max(self.patched, len(base.rows.columns.targets) // _SHARE))

    @cached_property
    def _read(self) -> tuple[Scheme, Sorter]:
        vocabulary = self.load()
        return Scheme.of(vocabulary), Sorter(vocabulary)


def _share(folder: Path, earlier: Path, before: Patch, patch: Patch) -> None:
    """What says nothing else than in the version before is its very file."""
    files.share_base(earlier, folder)
    if patch.says_as(before):
        files.share_patch(earlier, folder)
    else:
        patch.write(folder)


def _fold(folder: Path, network: Network, patch: Patch) -> None:
    folded(Network(network.scheme, network.base, patch)).write(folder)
    Patch().write(folder)


def _build(statements: Statements) -> Base:
    gathered = Gathered(Sweep(statements))
    iris = IriTable.of(gathered.names)
    met = sorted(gathered.names.items(), key=lambda item: item[0].encode())
    order = np.array([number for _, number in met], np.int32)
    numbers = np.empty(len(met), np.int32)
    numbers[order] = np.arange(len(met), dtype=np.int32)
    columns = [np.frombuffer(column, column.typecode) for column in gathered.columns]
    links = np.empty(len(columns[0]), LINK)
    for name, column in zip(LINK.names or (), columns, strict=True):
        links[name] = numbers[column] if name in ("source", "target") else column
    return Base.of(iris, np.frombuffer(gathered.kinds, np.uint8)[order], links)
