"""The statements of a version as files that never change: one graph or all, sorted, packed, with a checksum; not who sends them.

``python -m app.engine.dumping DATA BASE N NAME FORM PACKING MEGABYTES`` makes one file; a web process starts that and waits.
dumps/000042/lettre.nq.gz and lettre.nq.gz.sha256: the same version gives the same bytes.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import quote

import pyoxigraph as ox
import zstandard

from app.engine.disk import MEGABYTE, refusals, sync
from app.engine.layout import named, numbers
from app.engine.opened import published
from app.engine.sorting import Room, sort_lines
from app.terms import PREFIXES

ALL = "all"
FORMS = ("nq", "trig")
PACKINGS = ("gz", "zst")
_CHUNK = 1 << 20
_COMPUTED = ("derived", "merge")


@dataclass(frozen=True)
class Wanted:
    """One file: of a source's graph or of :data:`ALL`, in N-Quads or TriG, packed by gzip or Zstandard."""

    version: int
    name: str
    form: str
    packing: str

    @property
    def file_name(self) -> str:
        return f"{quote(self.name, safe='')}.{self.form}.{self.packing}"


@dataclass(frozen=True)
class Made:
    """A file that is there."""

    path: Path
    size: int
    sha256: str


@dataclass(frozen=True)
class Dumps:
    """The files of a data folder. ``most`` bounds their bytes: the oldest versions' files make room."""

    data: Path
    base: str
    most: int = 2_000 * MEGABYTE

    @property
    def folder(self) -> Path:
        return self.data / "dumps"

    def found(self, wanted: Wanted) -> Made | None:
        """The file, where it was made."""
        path = self.folder / named(wanted.version) / wanted.file_name
        try:
            digest = path.with_name(f"{path.name}.sha256").read_text(encoding="ascii").split()[0]
            return Made(path, path.stat().st_size, digest)
        except (FileNotFoundError, IndexError):
            return None

    def make(self, wanted: Wanted) -> Made:
        """Make the file, or wait for who makes it.

        Raises ``KeyError`` for a graph that the version does not have, :class:`app.errors.StorageFull`, and as reading does.
        """
        with refusals(self.folder), self._locked():
            made = self.found(wanted)
            if made is not None:
                return made
            self._make_room(wanted.version)
            with published(self.data).reader(wanted.version) as reader:
                graphs = self._graphs(wanted, reader.store)
                return self._place(wanted, reader.store, graphs)

    def _graphs(self, wanted: Wanted, store: ox.Store) -> list[ox.NamedNode]:
        known = sorted((g for g in store.named_graphs() if isinstance(g, ox.NamedNode)), key=lambda g: g.value)
        if wanted.name == ALL:
            computed = {f"{self.base}graphs/{name}" for name in _COMPUTED}
            return [graph for graph in known if graph.value not in computed]
        found = [graph for graph in known if graph.value == f"{self.base}graphs/{wanted.name}"]
        if not found:
            raise KeyError(wanted.name)
        return found

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make_room(self, version: int) -> None:
        """Delete the files of other versions, oldest first, while all together are more than is allowed."""
        sizes = {n: sum(file.stat().st_size for file in (self.folder / named(n)).iterdir()) for n in numbers(self.folder)}
        for n in sorted(sizes):
            if sum(sizes.values()) > self.most and n != version:
                shutil.rmtree(self.folder / named(n), ignore_errors=True)
                del sizes[n]

    def _place(self, wanted: Wanted, store: ox.Store, graphs: list[ox.NamedNode]) -> Made:
        room = Room(self.folder)
        text = (_n_quads if wanted.form == "nq" else _trig)(store, graphs, room)
        draft = room.file("packed")
        with draft.open("wb") as file:
            out = _Digesting(file)
            with _PACKERS[wanted.packing](cast(IO[bytes], out)) as packer, text.open("rb") as lines:
                shutil.copyfileobj(lines, packer, _CHUNK)
        path = self.folder / named(wanted.version) / wanted.file_name
        path.parent.mkdir(exist_ok=True)
        sync(draft)
        draft.rename(path)
        checksum = path.with_name(f"{path.name}.sha256")
        checksum.write_text(f"{out.digest.hexdigest()}  {path.name}\n", encoding="ascii")
        return Made(path, out.size, out.digest.hexdigest())


class _Digesting:
    """Passes bytes on to a file and computes their digest."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, piece: bytes) -> int:
        self.digest.update(piece)
        self.size += len(piece)
        return self._file.write(piece)

    def flush(self) -> None:
        self._file.flush()


def _gzip(out: IO[bytes]) -> Any:
    return gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=out, mtime=0)


def _zstandard(out: IO[bytes]) -> Any:
    return zstandard.ZstdCompressor(level=6).stream_writer(out, closefd=False)


_PACKERS: Mapping[str, Callable[[IO[bytes]], Any]] = {"gz": _gzip, "zst": _zstandard}


def _n_quads(store: ox.Store, graphs: list[ox.NamedNode], room: Room) -> Path:
    """All quads, a line each, in byte order."""
    raw, ordered = room.file("raw.nq"), room.file("sorted.nq")
    with raw.open("wb") as out:
        for graph in graphs:
            _stamp(_triples(store, graph, room), graph, out)
    sort_lines([raw], ordered)
    raw.unlink()
    return ordered


def _triples(store: ox.Store, graph: ox.NamedNode, room: Room) -> Path:
    path = room.file("graph.nt")
    store.dump(str(path), ox.RdfFormat.N_TRIPLES, from_graph=graph)
    return path


def _stamp(triples: Path, graph: ox.NamedNode, out: IO[bytes]) -> None:
    """N-Quads of one graph from N-Triples: no literal holds a line's end, which is escaped in both formats."""
    end = f" {graph} .\n".encode()
    with triples.open("rb") as text:
        while lines := text.readlines(_CHUNK):
            out.write(b"".join(lines).replace(b" .\n", end))


def _trig(store: ox.Store, graphs: list[ox.NamedNode], room: Room) -> Path:
    """The graphs in the order of their names, their triples in byte order; prefixes in alphabetical order."""
    raw, ordered = room.file("raw.trig"), room.file("sorted.trig")
    ox.serialize(_ordered(store, graphs, room), str(raw), ox.RdfFormat.TRIG, prefixes=PREFIXES)
    with raw.open("rb") as text, ordered.open("wb") as out:
        line = text.readline()
        prefixes = []
        while line.startswith(b"@prefix "):
            prefixes.append(line)
            line = text.readline()
        out.writelines([*sorted(prefixes), line])
        shutil.copyfileobj(text, out, _CHUNK)
    raw.unlink()
    return ordered


def _ordered(store: ox.Store, graphs: list[ox.NamedNode], room: Room) -> Iterator[ox.Quad]:
    for graph in graphs:
        ordered = room.file("ordered.nt")
        sort_lines([_triples(store, graph, room)], ordered)
        for quad in ox.parse(path=str(ordered), format=ox.RdfFormat.N_TRIPLES):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def main(arguments: list[str]) -> None:
    """Make one file; exit code 4 for a graph that is not there."""
    data, base, version, name, form, packing, megabytes = arguments
    try:
        Dumps(Path(data), base, int(megabytes) * MEGABYTE).make(Wanted(int(version), name, form, packing))
    except KeyError:
        sys.exit(4)


if __name__ == "__main__":
    os.nice(10)
    main(sys.argv[1:])
