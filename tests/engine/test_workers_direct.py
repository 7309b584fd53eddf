"""The engine in our own process gives the same answers, from the same checks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from staging import BASE, publish

from app.engine.asks import Ask, Engine
from app.engine.direct import DirectEngine
from app.engine.evaluation import Bounds
from app.engine.versions import Repository
from app.errors import NoStore, NoSuchVersion, QueryCancelled, QueryTooDeep, ResultTooLarge, ServiceRefused

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DirectEngine]:
    publish(tmp_path, 0, 20)
    engine = DirectEngine(Repository(tmp_path, BASE), Bounds(rows=10, depth=10))
    yield engine
    engine.close()


def text(engine: Engine, query: str, version: int | None = None) -> str:
    with engine.answer(Ask(query, solutions="text/csv", version=version)).body as body:
        return body.read().decode()


def test_a_version_can_be_named_and_the_newest_is_found(engine: DirectEngine, tmp_path: Path) -> None:
    publish(tmp_path, 20, 30)
    assert engine.version() == 2
    assert text(engine, COUNT) == "n\r\n30\r\n"
    assert text(engine, COUNT, version=1) == "n\r\n20\r\n"
    assert engine.status() == {"version": 2, "open": [2, 1]}


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ("SELECT * { ?s ?p ?o }", ResultTooLarge),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> {} }", ServiceRefused),
        ("SELECT * " + "{" * 11, QueryTooDeep),
    ],
)
def test_the_same_checks_hold(engine: DirectEngine, query: str, refused: type[Exception]) -> None:
    with pytest.raises(refused):
        text(engine, query)


def test_who_has_left_is_not_answered(engine: DirectEngine) -> None:
    with pytest.raises(QueryCancelled):
        engine.answer(Ask(COUNT), lambda: True)


@pytest.mark.parametrize("version", [0, 2, -1])
def test_a_version_that_never_was_is_told(engine: DirectEngine, version: int) -> None:
    with pytest.raises(NoSuchVersion):
        text(engine, COUNT, version=version)


def test_where_nothing_was_published_there_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(NoStore):
        DirectEngine(Repository(tmp_path, BASE)).version()
