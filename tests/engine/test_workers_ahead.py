"""Questions that the engine is working on while who put them does something else: the same answers, and nothing left behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

import holding
import pytest
from staging import publish
from test_workers import ENDLESS, LIMITS

from app.engine.asks import Ask
from app.engine.client import BrokerEngine
from app.engine.launch import BrokerProcess, connect
from app.errors import EngineUnavailable, QuerySyntax, QueryTimeout

ROWS = 300
eventually = partial(holding.eventually, patience=20.0)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrokerProcess]:
    data = tmp_path_factory.mktemp("data")
    publish(data, 0, ROWS)
    with BrokerProcess(replace(LIMITS, data=data, seconds=5.0, page_seconds=1.0, page_workers=2, queue=8)) as broker:
        yield broker


@pytest.fixture
def engine(broker: BrokerProcess) -> Iterator[BrokerEngine]:
    engine = connect(Path(broker.engine._path).parents[1])
    yield engine
    engine.close()


def about(number: int) -> Ask:
    return Ask(f"SELECT ?o {{ <http://e/s{number}> <http://e/p> ?o }}", lane="page", solutions="text/csv")


def said(engine: BrokerEngine, ask: Ask) -> bytes:
    with engine.answer(ask).body as body:
        return body.read()


def test_answers_are_taken_in_any_order_among_others(engine: BrokerEngine) -> None:
    asks = [about(number) for number in range(6)]
    expected = {ask: said(engine, ask) for ask in [*asks, about(9)]}
    with engine.ahead(asks):
        for ask in (asks[4], about(9), asks[0], asks[5], asks[3], asks[1], asks[2]):
            assert said(engine, ask) == expected[ask]


def test_one_that_is_asked_twice_is_put_again(engine: BrokerEngine) -> None:
    with engine.ahead([about(1)]):
        assert said(engine, about(1)) == said(engine, about(1))


def test_what_is_wrong_with_one_is_told_to_who_asks_it(engine: BrokerEngine) -> None:
    wrong = replace(about(1), query="SELECT nothing at all")
    with engine.ahead([about(1), wrong, about(2)]):
        assert said(engine, about(2))
        with pytest.raises(QuerySyntax):
            engine.answer(wrong)
        assert said(engine, about(1))


def test_one_that_takes_too_long_is_ended_and_those_behind_it_are_answered(engine: BrokerEngine) -> None:
    endless = replace(about(1), query=ENDLESS)
    with engine.ahead([endless, about(2)]):
        with pytest.raises(QueryTimeout):
            engine.answer(endless)
        assert said(engine, about(2))


def test_what_nobody_asks_after_all_is_given_up(engine: BrokerEngine) -> None:
    with engine.ahead([replace(about(1), query=ENDLESS), about(2)]):
        pass
    assert eventually(lambda: engine.status()["lanes"]["page"]["busy"] == 0)
    assert said(engine, about(3))


def test_only_two_threads_have_questions_under_way_that_they_wait_for_later(engine: BrokerEngine) -> None:
    endless = [replace(about(1), query=f"{ENDLESS} # {number}") for number in range(3)]
    with ExitStack() as blocks:
        for ask in endless:
            blocks.enter_context(engine.ahead([ask]))
        assert eventually(lambda: engine.status()["lanes"]["page"]["busy"] == 2)
        assert engine.status()["lanes"]["page"]["waiting"] == 0


def test_a_thread_knows_nothing_of_what_another_has_begun(engine: BrokerEngine) -> None:
    found: list[bytes] = []
    with engine.ahead([about(1)]):
        other = threading.Thread(target=lambda: found.append(said(engine, about(1))))
        other.start()
        other.join(20)
        assert found == [said(engine, about(1))]


def test_without_an_engine_it_is_told_when_the_question_is_asked(tmp_path: Path) -> None:
    engine = BrokerEngine(tmp_path / "nowhere")
    with engine.ahead([about(1)]), pytest.raises(EngineUnavailable):
        engine.answer(about(1))


def test_many_times_in_a_row_no_connection_is_left_behind(engine: BrokerEngine) -> None:
    for number in range(30):
        with engine.ahead([about(number), about(number + 1)]):
            said(engine, about(number))
            said(engine, about(number + 1))
    assert len(engine._idle) <= 2
