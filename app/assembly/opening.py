"""A data folder made ready: the repository with its gate and rules, and a first version from ``ontology/`` and ``seed/``."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from app import __version__
from app.assembly.definitions import Definitions, digest
from app.assembly.derivation import DerivedLinks
from app.assembly.indexing import load_indexes
from app.engine.changes import Change
from app.engine.lookup import Progress, Queryable, Report, State
from app.engine.phases import Phases
from app.engine.versions import Options, Repository, Retention, Transaction, Version
from app.errors import NoStore
from app.ingest.reading import read
from app.resources import folder
from app.settings import Settings

if TYPE_CHECKING:
    from app.shapes.gate import Gate

AUTHOR = "maillage"


@dataclass(frozen=True)
class Judgement:
    """The gate and the rules, loaded and made of the definitions at the first write: who only reads does not wait for them."""

    base: str
    definitions: Definitions

    @cached_property
    def _gate(self) -> Gate:
        from app.shapes.gate import Gate

        return Gate(self.definitions.shapes, self.base)

    @cached_property
    def _links(self) -> DerivedLinks:
        from app.queries.rules import Rules

        return DerivedLinks(Rules.of(self.definitions.catalogue))

    def judge(self, after: State, change: Change, progress: Progress | None = None) -> Report:
        """See :class:`app.engine.lookup.Gate`."""
        return self._gate.judge(after, change, progress)

    def derive(self, before: Queryable, after: Queryable, change: Change, graph: ox.NamedNode, *, bulk: bool) -> Change:
        """See :class:`app.engine.lookup.Rules`."""
        return self._links.derive(before, after, change, graph, bulk=bulk)


def retention(settings: Settings) -> Retention:
    """Which versions stay, as the settings say."""
    return Retention(settings.keep_versions, settings.keep_days, settings.keep_months)


def open_repository(settings: Settings, definitions: Definitions | None = None) -> Repository:
    """The versioned store of the settings; nothing is written. Raises :class:`app.errors.BaseMismatch`.

    ``definitions`` are those that the caller has read for its own use, so that the first write need not read them again.

    One whose default graph is the stored one, for conformance suites, has neither gate nor rules nor indexes.
    """
    options = Options(keep=retention(settings), software=__version__, step=Phases(settings.data.absolute()))
    if settings.default_graph == "stored":
        return Repository(settings.data, settings.base_iri, options=replace(options, stored_default=True))
    definitions = definitions or Definitions()
    judgement, indexes = Judgement(settings.base_iri, definitions), load_indexes(definitions.read_vocabulary)
    return Repository(settings.data, settings.base_iri, judgement, judgement, digest=digest(), options=options, indexes=indexes)


def ensure_store(settings: Settings, progress: Progress | None = None) -> Version:
    """The current version; where there is none, the first one, made of the ontology, the themes and the seed. Where it lacks an
    index that this release reads, a version that has it is published.

    Safe to call from several processes at once: the second waits for the first and finds its version. Raises what a write
    raises (:class:`app.errors.Refused`, :class:`app.errors.StorageFull`).
    """
    repository = open_repository(settings)
    try:
        return repository.reindex(AUTHOR, progress)
    except NoStore:
        pass
    with tempfile.TemporaryDirectory(prefix="maillage-seed-") as scratch:
        graphs = _read_all(settings.base_iri, Path(scratch))
        with repository.transaction(AUTHOR, "Ontologie, thèmes et données de départ") as transaction:
            try:
                return repository.current()
            except NoStore:
                return _publish(transaction, settings.base_iri, graphs, progress)


def lacking_indexes(settings: Settings) -> list[str]:
    """The names of the indexes that :func:`ensure_store` will make for a version that an earlier release wrote."""
    try:
        return open_repository(settings).lacking()
    except NoStore:
        return []


def sources() -> Mapping[str, tuple[Path, ...]]:
    """The files of each source graph of a new store: those of ``ontology/``, and each of ``seed/`` in the graph of its name."""
    ontology = folder("ontology")
    found = {
        "ontology": tuple(ontology / f"{name}.ttl" for name in ("maillage", "codes", "alignments")),
        "themes": (ontology / "themes.ttl",),
    }
    for path in _seed_files():
        name = path.name.partition(".")[0]
        found[name] = (*found.get(name, ()), path)
    return found


def _seed_files() -> Iterator[Path]:
    for pattern in ("*.ttl", "*.ttl.gz"):
        yield from sorted(folder("seed").glob(pattern))


def _read_all(base: str, scratch: Path) -> Mapping[str, Path]:
    """Each source's statements in one file of N-Triples."""
    gathered: dict[str, Path] = {}
    for name, files in sources().items():
        gathered[name] = scratch / f"{name}.nt"
        with gathered[name].open("wb") as target:
            for file in files:
                with read(file, base, folder=scratch) as parsed, parsed.path.open("rb") as statements:
                    shutil.copyfileobj(statements, target)
    return gathered


def _publish(transaction: Transaction, base: str, graphs: Mapping[str, Path], progress: Progress | None) -> Version:
    for name, statements in graphs.items():
        transaction.replace_graph(f"{base}graphs/{name}", statements)
    version = transaction.commit(progress)
    if version is None:
        raise NoStore(path=base)
    return version
