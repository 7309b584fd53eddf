"""Versions to ask: numbered statements in a graph of their own, published by the repository."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from app.engine.changes import Change
from app.engine.versions import Repository

BASE = "http://e/"


def term(name: str) -> ox.NamedNode:
    return ox.NamedNode(BASE + name)


def publish(data: Path, start: int, end: int) -> int:
    """A version with statements ``s5 p 5`` for each number of a range more than the one before; its number."""
    added = {ox.Quad(term(f"s{i}"), term("p"), ox.Literal(i), term("graphs/numbers")) for i in range(start, end)}
    with Repository(data, BASE).transaction("test", "numbers") as transaction:
        transaction.apply(Change(frozenset(added), frozenset()))
        version = transaction.commit()
    assert version is not None
    return version.number
