"""Columns in a file, for processes of one machine that map it: sections at whole pages, and at the end where each lies."""

from __future__ import annotations

import json
import mmap
import os
import struct
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from app.columns.matching import Spread
from app.columns.terms import Terms
from app.columns.triples import ORDERS, Triples

_LENGTH = struct.Struct("!Q")
_BLOB = "blob"


def write(file: BinaryIO, terms: Terms, triples: Triples, spread: Spread) -> None:
    """Terms and triples as they were made: what came later has no place in the file."""
    places = {_BLOB: _section(file, terms.blob[:])}
    for name, column in _columns(terms, triples, spread).items():
        places[name] = _section(file, column.tobytes())
    told = json.dumps(places).encode()
    file.write(told)
    file.write(_LENGTH.pack(len(told)))
    file.flush()


def _columns(terms: Terms, triples: Triples, spread: Spread) -> dict[str, npt.NDArray[np.generic]]:
    found: dict[str, npt.NDArray[np.generic]] = {"starts": terms.starts, "kinds": terms.kinds}
    for which, order in enumerate(ORDERS):
        found |= {f"{which} {place}": triples.sorted_by[order][place] for place in range(3)}
    found["spread"] = np.array([(*key, count) for key, count in spread.items()], np.int64)
    return found


def _section(file: BinaryIO, content: bytes) -> tuple[int, int]:
    """Where it begins, and its bytes."""
    begin = -(-file.tell() // mmap.ALLOCATIONGRANULARITY) * mmap.ALLOCATIONGRANULARITY
    file.seek(begin)
    file.write(content)
    return begin, len(content)


def held_in(descriptor: int) -> tuple[Terms, Triples, Spread]:
    """What was written, as long as this process has it mapped; the file may be closed, and need not have a name."""
    size = os.fstat(descriptor).st_size
    whole = mmap.mmap(descriptor, size, access=mmap.ACCESS_READ)
    (length,) = _LENGTH.unpack(whole[size - _LENGTH.size :])
    places: dict[str, tuple[int, int]] = json.loads(whole[size - _LENGTH.size - length : size - _LENGTH.size])

    def ints(name: str) -> npt.NDArray[np.int32]:
        begin, told = places[name]
        return np.frombuffer(whole, np.int32, told // 4, begin)

    def longs(name: str) -> npt.NDArray[np.int64]:
        begin, told = places[name]
        return np.frombuffer(whole, np.int64, told // 8, begin)

    begin, told = places["kinds"]
    terms = Terms(_blob(descriptor, *places[_BLOB]), longs("starts"), np.frombuffer(whole, np.int8, told, begin))
    columns = {order: (ints(f"{which} 0"), ints(f"{which} 1"), ints(f"{which} 2")) for which, order in enumerate(ORDERS)}
    spread = {(number, place): count for number, place, count in longs("spread").reshape(-1, 3).tolist()}
    return terms, Triples(columns), spread


def _blob(descriptor: int, begin: int, told: int) -> bytes | mmap.mmap:
    """The texts by themselves, to be searched from their own beginning."""
    return mmap.mmap(descriptor, told, offset=begin, access=mmap.ACCESS_READ) if told else b""
