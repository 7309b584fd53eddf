"""Which statements about one entity are erased, and change files without them; the versions themselves are erasure's.

Files are read line by line as the engine wrote them (canonical N-Quads), packed or not, so that their size does not matter.
"""

from __future__ import annotations

import gzip
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.engine.layout import Layout

SIDES = [(side, derived) for derived in (False, True) for side in ("added", "removed")]


@dataclass(frozen=True)
class Subjects:
    """The IRIs whose literals go. ``shared`` counts the parts that other entities have too, which stay."""

    iris: frozenset[bytes]
    shared: int = 0


def subjects_of(layout: Layout, newest: int, iri: str, parts: str, about: Collection[str]) -> Subjects:
    """An entity, what states something about it, and their own unnamed parts, in any version.

    ``parts`` is how the IRIs of unnamed parts begin, ``about`` the properties that lead from a passage to its subject.
    """
    wanted, prefix, leading = iri.encode(), parts.encode(), {one.encode() for one in about}
    found = {wanted}
    owners: dict[bytes, set[bytes]] = {}
    for subject, predicate, object_ in _links(layout, newest):
        if object_ == wanted and predicate in leading:
            found.add(subject)
        elif object_.startswith(prefix):
            owners.setdefault(object_, set()).add(subject)
    return _with_parts(found, owners)


def _with_parts(found: set[bytes], owners: dict[bytes, set[bytes]]) -> Subjects:
    """Parts of parts too; one that somebody else has as well is left to them."""
    grows = True
    while grows:
        own = {part for part, by in owners.items() if part not in found and by <= found}
        found |= own
        grows = bool(own)
    shared = sum(1 for part, by in owners.items() if part not in found and by & found)
    return Subjects(frozenset(found), shared)


def _links(layout: Layout, newest: int) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Subject, predicate and object of every statement in history whose three are IRIs."""
    for n in range(1, newest + 1):
        for side, derived in SIDES:
            for line in _lines(layout.quads(n, side, derived=derived)):
                subject, predicate, rest = _split(line)
                if rest.startswith(b"<") and not rest.startswith(b"<<"):
                    yield subject, predicate, rest[1 : rest.index(b">")]


def _lines(path: Path) -> Iterator[bytes]:
    if path.is_file():
        with gzip.open(path, "rb") as text:
            yield from text


def _split(line: bytes) -> tuple[bytes, bytes, bytes]:
    """Subject and predicate without brackets, and what follows them."""
    subject, _, rest = line.partition(b" ")
    predicate, _, rest = rest.partition(b" ")
    return subject[1:-1], predicate[1:-1], rest


def is_erased(line: bytes, iris: Collection[bytes]) -> bool:
    """Whether a line states a literal of one of some subjects, also inside a quoted triple."""
    subject, _, rest = _split(line)
    return subject in iris and (not rest.startswith((b"<", b"_:")) or (rest.startswith(b"<<") and b'"' in rest))


def without(source: Path, target: Path, iris: Collection[bytes]) -> int:
    """Write a change file without what is erased, and tell how many lines that was; nothing is written where it is none."""
    gone = sum(is_erased(line, iris) for line in _lines(source))
    if gone:
        with gzip.open(target, "wb", 6) as out:
            out.writelines(line for line in _lines(source) if not is_erased(line, iris))
    return gone
