"""The files of one index: a base of sorted rows in arrays, and the small delta of what changed since; how, not what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

from app.engine.clone import share
from app.facts import kept, naming
from app.facts.arrays import Ints, begins
from app.facts.tables import OPENED
from app.remembering import remembered
from app.text import LANGUAGES, Language

TABLES, DELTA = "tables.json", "delta.npz"
_ENDS = "\n"
Made = TypeVar("Made")
Pair = tuple[Ints, Ints]
Parties = tuple[Ints, Ints, Ints]
_ROW = np.int32
_REMEMBERED = 20_000


@dataclass(frozen=True)
class Content:
    """Rows as they are written as a base: IRIs in the order of their bytes, columns, lists and keys of names by row; ``ordered``
    are the rows in the order of their names. Names are by language."""

    iris: Sequence[bytes]
    columns: Mapping[str, npt.NDArray[Any]]
    pairs: Mapping[str, Pair]
    parties: Parties
    names: Mapping[Language, Sequence[bytes]]
    ordered: Mapping[Language, Ints]


@dataclass(frozen=True)
class Base:
    """The arrays of a base; files that are mapped, or arrays in memory."""

    arrays: Mapping[str, npt.NDArray[Any]]
    opened: int = field(default_factory=OPENED.__next__, init=False, compare=False)
    """What tells it from any other that this process has opened."""

    @property
    def size(self) -> int:
        return len(self.arrays["ends"]) - 1

    @cached_property
    def _text(self) -> memoryview:
        return memoryview(cast(Any, self.arrays["iris"]))

    def iri(self, row: int) -> str:
        ends = self.arrays["ends"]
        return bytes(self._text[int(ends[row]) : int(ends[row + 1])]).decode("utf-8")

    def once(self, name: str, mark: object, make: Callable[[], Made]) -> Made:
        """What others work out of the base and of what ``mark`` stands for: kept until they ask with another mark."""
        known = self._worked_out.get(name)
        if known is None or known[0] != mark:
            known = self._worked_out[name] = mark, make()
        found: Made = known[1]
        return found

    def having(self, name: str, numbers: Iterable[int]) -> Iterator[Ints]:
        """The rows that have each of some values in a list; 0 is none."""
        rows, begun = self.once(f"having {name}", None, lambda: self._by_value(name))
        for number in numbers:
            if 0 < number < len(begun) - 1:
                yield rows[begun[number] : begun[number + 1]]

    def _by_value(self, name: str) -> tuple[Ints, Ints]:
        """The rows of a list in the order of their values, and where those of each value begin."""
        rows, values = self.arrays[f"list-{name}-rows"], self.arrays[f"list-{name}"]
        return rows[np.argsort(values, kind="stable")], begins(values, int(values.max(initial=0)) + 1)

    @cached_property
    def _worked_out(self) -> dict[str, tuple[object, Any]]:
        return {}

    @cached_property
    def names(self) -> Mapping[Language, naming.BaseNames]:
        """The names of the rows by language."""
        return {language: naming.BaseNames(self.arrays, self.iri, language) for language in LANGUAGES}

    @cached_property
    def _found(self) -> dict[str, int | None]:
        return {}

    def find(self, iri: str) -> int | None:
        """The row of an IRI; what was asked for is remembered, since a base serves many versions."""
        return remembered(self._found, iri, _REMEMBERED, lambda: self._search(iri))

    def _search(self, iri: str) -> int | None:
        """By halves."""
        wanted, low, high = iri.encode("utf-8"), 0, self.size
        ends = self.arrays["ends"]
        while low < high:
            middle = (low + high) // 2
            found = bytes(self._text[int(ends[middle]) : int(ends[middle + 1])])
            if found == wanted:
                return middle
            low, high = (middle + 1, high) if found < wanted else (low, middle)
        return None


@dataclass(frozen=True)
class Delta:
    """What overrides a base: ``rows`` with all their columns and lists (sorted; a row of no kind is deleted), the IRIs of new
    rows, which follow the base's, and apart from these the degrees of any rows. ``names`` are the keys of the rows by language,
    ``name_places`` how many names of the base come before each."""

    iris: tuple[str, ...] = ()
    rows: Ints = field(default_factory=lambda: np.zeros(0, _ROW))
    columns: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    pairs: Mapping[str, Pair] = field(default_factory=dict)
    parties: Parties = field(default_factory=lambda: (np.zeros(0, _ROW), np.zeros(0, _ROW), np.zeros(0, _ROW)))
    degree_rows: Ints = field(default_factory=lambda: np.zeros(0, _ROW))
    degrees: Ints = field(default_factory=lambda: np.zeros(0, _ROW))
    names: Mapping[Language, Sequence[bytes]] = field(default_factory=lambda: dict.fromkeys(LANGUAGES, ()))
    name_places: Mapping[Language, Ints] = field(default_factory=lambda: {language: np.zeros(0, _ROW) for language in LANGUAGES})

    def __len__(self) -> int:
        return max(len(self.rows), len(self.degree_rows))

    def says_as(self, other: Delta) -> bool:
        """Whether both override a base alike."""
        if not (len(self) or len(other) or self.iris or other.iris):
            return True  # one that was never written has no columns
        own, others = _arrays_of_delta(self), _arrays_of_delta(other)
        return own.keys() == others.keys() and all(_same(values, others[name]) for name, values in own.items())


def arrays_of(content: Content) -> dict[str, npt.NDArray[Any]]:
    """A base's arrays by the names of their files."""
    ends = np.zeros(len(content.iris) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, content.iris), np.int64, len(content.iris)), out=ends[1:])
    found: dict[str, npt.NDArray[Any]] = {"iris": np.frombuffer(b"".join(content.iris), np.uint8), "ends": ends}
    found |= {f"column-{name}": values for name, values in content.columns.items()}
    for name, (rows, values) in content.pairs.items():
        found |= {f"list-{name}-rows": rows.astype(_ROW), f"list-{name}": values.astype(_ROW)}
    for name, values in zip(("partnerships", "actors", "roles"), content.parties, strict=True):
        found[f"parties-{name}"] = values.astype(_ROW)
    found["parties-by-actor"] = np.argsort(content.parties[1], kind="stable").astype(_ROW)
    return found | naming.arrays_of(content.names, content.ordered)


def write_base(folder: Path, content: Content) -> Base:
    """All files of a base, and an empty delta."""
    arrays = arrays_of(content)
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", values, allow_pickle=False)
    write_delta(folder, Delta())
    return Base(arrays)


def link_base(folder: Path, earlier: Path) -> None:
    """The same base as that of an earlier folder, whose files never change again."""
    for path in earlier.glob("*.npy"):
        share(path, folder / path.name)


def open_base(folder: Path) -> Base:
    """The base of a folder; its files stay mapped after they are deleted."""
    return Base({path.stem: _mapped(path) for path in folder.glob("*.npy")})


def _mapped(path: Path) -> npt.NDArray[Any]:
    """A file as a plain array over its mapping: numpy's class for mappings makes each look at an element ten times as long."""
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


class Waiting(dict[str, npt.NDArray[Any]]):
    """The arrays of a folder that stays, each mapped when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def __missing__(self, name: str) -> npt.NDArray[Any]:
        found = self[name] = _mapped(self._folder / f"{name}.npy")
        return found


def _same(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> bool:
    return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


def write_delta(folder: Path, delta: Delta) -> None:
    with (folder / DELTA).open("wb") as file:
        np.savez(file, allow_pickle=False, **_arrays_of_delta(delta))


def _arrays_of_delta(delta: Delta) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a delta's file by their names in it."""
    arrays: dict[str, npt.NDArray[Any]] = {
        "iris": np.frombuffer(_ENDS.join(delta.iris).encode("utf-8"), np.uint8),
        "rows": delta.rows,
        "degree_rows": delta.degree_rows,
        "degrees": delta.degrees,
    }
    arrays |= {f"column-{name}": values for name, values in delta.columns.items()}
    for name, (rows, values) in delta.pairs.items():
        arrays |= {f"list-{name}-rows": rows, f"list-{name}": values}
    arrays |= {f"parties-{place}": values for place, values in enumerate(delta.parties)}
    for language, names in delta.names.items():
        arrays[f"names-{language}"] = np.frombuffer(_ENDS.encode().join(names), np.uint8)
        arrays[f"name-places-{language}"] = delta.name_places[language]
    return arrays


def read_delta(folder: Path) -> Delta:
    with np.load(folder / DELTA, allow_pickle=False) as said:
        arrays = {name: said[name] for name in said.files}
    text = bytes(arrays["iris"]).decode("utf-8")
    return Delta(
        tuple(text.split(_ENDS)) if text else (),
        arrays["rows"],
        {name: arrays[f"column-{name}"] for name in kept.COLUMNS if f"column-{name}" in arrays},
        {name: (arrays[f"list-{name}-rows"], arrays[f"list-{name}"]) for name in kept.PAIRS if f"list-{name}" in arrays},
        (arrays["parties-0"], arrays["parties-1"], arrays["parties-2"]),
        arrays["degree_rows"],
        arrays["degrees"],
        {one: tuple(bytes(arrays[f"names-{one}"]).split(_ENDS.encode())) if len(arrays["rows"]) else () for one in LANGUAGES},
        {one: arrays[f"name-places-{one}"] for one in LANGUAGES},
    )
