"""The broker and its workers, for real: whatever a query does, only that query fails, and the next is served."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import holding
import pytest
from staging import BASE, publish

from app.engine.asks import Ask
from app.engine.client import BrokerEngine
from app.engine.launch import BrokerProcess, connect, run_folder, socket_path, spool_folder
from app.engine.orders import Limits, ask_to_json
from app.engine.versions import Repository
from app.engine.wire import Message, Wire
from app.errors import (
    ClientBusy,
    CorruptVersion,
    EngineUnavailable,
    MaillageError,
    NoStore,
    NoSuchVersion,
    NotAcceptable,
    QueryCancelled,
    QueryCrashed,
    QueryMemory,
    QuerySyntax,
    QueryTimeout,
    QueryTooDeep,
    QueryTooLong,
    QueueFull,
    ResultTooLarge,
    ServiceRefused,
    VersionPruned,
)
from app.settings import Settings

ROWS = 300
SMALL = "SELECT ?o { <http://e/s5> <http://e/p> ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
SHORT = 1.0
PATIENCE = 20.0
eventually = partial(holding.eventually, patience=PATIENCE)
LIMITS = Limits(
    data=Path(),
    seconds=SHORT,
    page_seconds=5.0,
    memory_mb=64,
    rows=1000,
    size=300_000,
    workers=1,
    page_workers=1,
    queue=2,
    queue_seconds=5.0,
    per_client=3,
)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrokerProcess]:
    data = tmp_path_factory.mktemp("data")
    publish(data, 0, ROWS)
    with BrokerProcess(replace(LIMITS, data=data)) as broker:
        yield broker


@pytest.fixture
def engine(broker: BrokerProcess) -> BrokerEngine:
    return broker.engine


@pytest.fixture
def data(tmp_path: Path) -> Path:
    publish(tmp_path, 0, ROWS)
    return tmp_path


def text(engine: BrokerEngine, query: str, **more: Any) -> str:
    with engine.answer(Ask(query, **{"solutions": "text/csv", "client": "test", **more})).body as body:
        return body.read().decode()


def served(engine: BrokerEngine) -> bool:
    return text(engine, SMALL) == "o\r\n5\r\n"


def answering(engine: BrokerEngine) -> int:
    """The version that answers."""
    answer = engine.answer(Ask(SMALL))
    answer.body.close()
    return answer.version


def is_idle(engine: BrokerEngine) -> bool:
    lane = engine.status()["lanes"]["public"]
    return lane["workers"] == 1 and lane["busy"] == 0


def test_an_answer_says_what_it_is(engine: BrokerEngine) -> None:
    answer = engine.answer(Ask(SMALL, solutions="text/csv"))
    with answer.body as body:
        assert body.read() == b"o\r\n5\r\n"
        assert body.seek(0) == 0
        assert body.read(1) == b"o"
    assert (answer.kind, answer.media_type, answer.version, answer.rows, answer.size) == ("solutions", "text/csv", 1, 1, 6)


@pytest.mark.parametrize(
    ("query", "kind", "rows"),
    [("ASK { ?s ?p 5 }", "boolean", 1), ("CONSTRUCT WHERE { ?s ?p 5 }", "graph", 1), ("DESCRIBE <http://e/s5>", "graph", 1)],
)
def test_each_form_of_query_has_its_kind(engine: BrokerEngine, query: str, kind: str, rows: int) -> None:
    answer = engine.answer(Ask(query))
    answer.body.close()
    assert (answer.kind, answer.rows) == (kind, rows)


@pytest.mark.parametrize(("query", "more"), [(SMALL, {"solutions": None}), ("DESCRIBE <http://e/s5>", {"graph": None})])
def test_a_result_that_the_asker_cannot_read_is_not_acceptable(engine: BrokerEngine, query: str, more: dict[str, None]) -> None:
    with pytest.raises(NotAcceptable):
        engine.answer(Ask(query, **more))


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("SELECT * {\n  oops }", 2, 3),
        ("SELEC * {}", 1, 1),
        ("SELECT * {\n ?s ?p ?o\n FILTER(?o = ) }", 3, 14),
        ("SELECT * {\n ?s ?p ?o", 2, 10),
        ("", 1, 1),
        ("SELECT ('\ud800' AS ?x) {}", None, None),
    ],
)
def test_a_syntax_error_tells_line_and_column(engine: BrokerEngine, query: str, line: int | None, column: int | None) -> None:
    with pytest.raises(QuerySyntax) as refused:
        engine.answer(Ask(query))
    assert (refused.value.details["line"], refused.value.details["column"]) == (line, column)


@pytest.mark.parametrize(
    ("default", "named", "rows"),
    [((), (), ROWS), (("http://e/none",), (), 0), ((), ("http://e/none",), 0)],
)
def test_the_dataset_of_the_protocol_replaces_the_store_s(
    engine: BrokerEngine, default: tuple[str, ...], named: tuple[str, ...], rows: int
) -> None:
    answer = engine.answer(Ask("SELECT ?s { ?s ?p ?o }", default_graphs=default, named_graphs=named))
    answer.body.close()
    assert answer.rows == rows


def test_a_query_is_stopped_at_its_limit_and_the_next_is_served(engine: BrokerEngine) -> None:
    with pytest.raises(QueryTimeout) as stopped:
        text(engine, ENDLESS)
    assert stopped.value.details == {"seconds": SHORT}
    assert served(engine)


GREEDY = {
    "sorting a cross product": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i",
    "doubling a text": "SELECT (STRLEN(?z) AS ?n) { BIND('0123456789' AS ?a0) "
    + " ".join(f"BIND(CONCAT(?a{i}, ?a{i}, ?a{i}, ?a{i}) AS ?a{i + 1})" for i in range(14))
    + " BIND(?a14 AS ?z) }",
}


@pytest.mark.parametrize("name", GREEDY)
def test_a_query_that_eats_memory_fails_alone(data: Path, name: str) -> None:
    with BrokerProcess(replace(LIMITS, data=data, seconds=30.0)) as broker:
        with pytest.raises(QueryMemory):
            text(broker.engine, GREEDY[name])
        assert served(broker.engine)


def test_five_kilobytes_of_braces_are_refused_unparsed(engine: BrokerEngine) -> None:
    restarts = engine.status()["restarts"]
    with pytest.raises(QueryTooDeep):
        text(engine, "SELECT * " + "{" * 5000)
    assert engine.status()["restarts"] == restarts


DEEP = {
    "braces": "SELECT * " + "{" * 5000 + "}" * 5000,
    "parentheses": "SELECT (" + "(" * 20_000 + "1" + ")" * 20_000 + " AS ?x) {}",
    "EXISTS": "SELECT * { " + "FILTER EXISTS { " * 3000 + "}" * 3001,
    "sums": "SELECT (" + "1+" * 45_000 + "1 AS ?x) {}",
    "UNION": "SELECT * { {} " + "UNION {} " * 10_000 + "}",
    "MINUS": "SELECT * { {} " + "MINUS {} " * 10_000 + "}",
    "negations": "SELECT * { FILTER(" + "!" * 90_000 + "true) }",
    "paths": "SELECT * { ?s " + "(" * 20_000 + "<http://e/p>" + ")" * 20_000 + " ?o }",
}


@pytest.fixture(scope="module")
def unguarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrokerEngine]:
    data = tmp_path_factory.mktemp("unguarded")
    publish(data, 0, ROWS)
    with BrokerProcess(replace(LIMITS, data=data, depth=1_000_000)) as broker:
        yield broker.engine


@pytest.mark.parametrize("name", DEEP)
def test_a_text_that_may_bring_down_the_engine_brings_down_one_worker_at_most(unguarded: BrokerEngine, name: str) -> None:
    try:
        text(unguarded, DEEP[name])
    except MaillageError as error:
        assert isinstance(error, QueryCrashed | QueryTimeout | QueryMemory | QuerySyntax)  # noqa: PT017  which of them is the engine's affair
    assert served(unguarded)


def test_braces_do_crash_a_worker_that_parses_them(unguarded: BrokerEngine) -> None:
    with pytest.raises(QueryCrashed):
        text(unguarded, DEEP["braces"])


def test_a_text_longer_than_allowed_is_refused(engine: BrokerEngine) -> None:
    with pytest.raises(QueryTooLong):
        text(engine, "#" * 100_001)


def test_service_is_refused(engine: BrokerEngine) -> None:
    with pytest.raises(ServiceRefused):
        text(engine, "SELECT * { SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }")


SOLUTIONS = ["application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"]
GRAPHS = ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml", "application/n-quads"]


@pytest.mark.parametrize("media_type", SOLUTIONS)
def test_a_row_more_than_the_limit_and_nothing_is_sent(engine: BrokerEngine, media_type: str) -> None:
    query = "SELECT ?x { ?s ?p ?x . ?t ?p ?y FILTER(?y < 10) } LIMIT "
    answer = engine.answer(Ask(query + "1000", solutions=media_type))
    answer.body.close()
    assert answer.rows == 1000
    with pytest.raises(ResultTooLarge) as refused:
        engine.answer(Ask(query + "1001", solutions=media_type))
    assert refused.value.details == {"unit": "rows", "limit": 1000}


@pytest.mark.parametrize("media_type", GRAPHS)
def test_a_triple_more_than_the_limit_and_nothing_is_sent(engine: BrokerEngine, media_type: str) -> None:
    query = "CONSTRUCT { ?s <http://e/q> ?z } { ?s ?p ?x . ?t ?p ?y FILTER(?y < 10) BIND(?x * 10 + ?y AS ?z) } LIMIT "
    answer = engine.answer(Ask(query + "1000", graph=media_type))
    answer.body.close()
    assert answer.rows == 1000
    with pytest.raises(ResultTooLarge) as refused:
        engine.answer(Ask(query + "1001", graph=media_type))
    assert refused.value.details == {"unit": "rows", "limit": 1000}


@pytest.mark.parametrize("media_type", SOLUTIONS)
def test_a_result_of_too_many_bytes_is_refused(engine: BrokerEngine, media_type: str) -> None:
    with pytest.raises(ResultTooLarge) as refused:
        engine.answer(Ask(f"SELECT ('{'x' * 1000}' AS ?x) {{ ?s ?p ?o }} LIMIT 300", solutions=media_type))
    assert refused.value.details == {"unit": "bytes", "limit": 300_000}


@pytest.mark.parametrize("media_type", GRAPHS)
def test_a_graph_of_too_many_bytes_is_refused(engine: BrokerEngine, media_type: str) -> None:
    query = f"CONSTRUCT {{ ?s <http://e/q> '{'x' * 1000}' }} {{ ?s ?p ?o }}"
    with pytest.raises(ResultTooLarge) as refused:
        engine.answer(Ask(query, graph=media_type))
    assert refused.value.details == {"unit": "bytes", "limit": 300_000}


def test_a_client_that_leaves_ends_its_query(data: Path) -> None:
    with BrokerProcess(replace(LIMITS, data=data, seconds=60.0)) as broker:
        asked = threading.Event()

        def gone() -> bool:
            asked.set()
            return True

        with pytest.raises(QueryCancelled):
            broker.engine.answer(Ask(ENDLESS), gone)
        assert asked.is_set()
        assert eventually(lambda: is_idle(broker.engine))


def test_a_connection_that_closes_ends_its_query(data: Path) -> None:
    with BrokerProcess(replace(LIMITS, data=data, seconds=60.0)) as broker:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(broker.path))
            Wire(connection).send(Message(ask_to_json(Ask(ENDLESS))))
            assert eventually(lambda: not is_idle(broker.engine))
        assert eventually(lambda: is_idle(broker.engine))
        assert served(broker.engine)


def test_a_client_that_stays_has_its_answer(engine: BrokerEngine) -> None:
    engine.answer(Ask(SMALL), lambda: False).body.close()


def outcomes(engine: BrokerEngine, clients: list[str]) -> list[str]:
    """What several endless queries at once end with, sorted; no two are the same, or they would be one."""

    def outcome(asked: tuple[int, str]) -> str:
        number, client = asked
        try:
            text(engine, ENDLESS + " " * number, client=client)
        except MaillageError as error:
            return error.key
        return "answered"

    with ThreadPoolExecutor(len(clients)) as threads:
        return sorted(threads.map(outcome, enumerate(clients)))


def test_one_client_has_so_many_queries_at_a_time_and_no_more(data: Path) -> None:
    with BrokerProcess(replace(LIMITS, data=data, seconds=0.5)) as broker:
        assert outcomes(broker.engine, ["a"] * 5) == [ClientBusy.key] * 2 + [QueryTimeout.key] * 3
        assert served(broker.engine)


def test_a_full_queue_refuses_at_once(data: Path) -> None:
    with BrokerProcess(replace(LIMITS, data=data, seconds=0.5)) as broker:
        assert outcomes(broker.engine, list("abcde")) == [QueryTimeout.key] * 3 + [QueueFull.key] * 2


def test_who_waits_too_long_in_the_queue_is_told(data: Path) -> None:
    with BrokerProcess(replace(LIMITS, data=data, seconds=1.5, queue_seconds=0.2)) as broker:
        assert outcomes(broker.engine, ["a", "b"]) == [QueryTimeout.key, QueueFull.key]


def test_pages_are_served_while_public_queries_saturate_their_lane(data: Path) -> None:
    with BrokerProcess(replace(LIMITS, data=data, seconds=1.5)) as broker, ThreadPoolExecutor(1) as threads:
        public = threads.submit(outcomes, broker.engine, ["a", "b"])
        assert eventually(lambda: broker.engine.status()["lanes"]["public"]["waiting"] == 1)
        for _ in range(20):
            assert text(broker.engine, SMALL, lane="page") == "o\r\n5\r\n"
        assert not public.done()
        public.result()


def test_a_new_version_is_picked_up_and_the_old_one_stays_readable(data: Path) -> None:
    with BrokerProcess(replace(LIMITS, data=data)) as broker:
        count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
        assert (broker.engine.version(), text(broker.engine, count)) == (1, f"n\r\n{ROWS}\r\n")
        publish(data, ROWS, ROWS + 1)
        assert (broker.engine.version(), text(broker.engine, count)) == (2, f"n\r\n{ROWS + 1}\r\n")
        assert text(broker.engine, count, version=1) == f"n\r\n{ROWS}\r\n"


def test_the_newest_version_is_told_without_the_broker_where_the_folder_can_be_looked_at(data: Path) -> None:
    engine = connect(data)
    assert engine.version() == 1
    publish(data, ROWS, ROWS + 1)
    assert engine.version() == 2
    with pytest.raises(EngineUnavailable):
        engine.answer(Ask(SMALL))


def test_an_idle_service_lets_old_versions_go(data: Path) -> None:
    repository = Repository(data, BASE)
    with BrokerProcess(replace(LIMITS, data=data)) as broker:
        assert served(broker.engine)
        publish(data, ROWS, ROWS + 1)
        repository.prune(1)
        assert repository.present() == [1, 2]
        assert eventually(lambda: repository.prune(1) is not None and repository.present() == [2])
        with pytest.raises(VersionPruned):
            text(broker.engine, SMALL, version=1)


def test_the_last_good_version_answers_for_a_damaged_one(data: Path) -> None:
    publish(data, ROWS, ROWS + 1)
    for manifest in (data / "versions" / "000002" / "store").glob("MANIFEST-*"):
        manifest.unlink()
    with BrokerProcess(replace(LIMITS, data=data)) as broker:
        assert answering(broker.engine) == broker.engine.version() == 1
        with pytest.raises(CorruptVersion):
            text(broker.engine, SMALL, version=2)
        publish(data, ROWS, ROWS + 2)
        assert answering(broker.engine) == broker.engine.version() == 3


def test_a_version_that_never_was_is_told(engine: BrokerEngine) -> None:
    with pytest.raises(NoSuchVersion) as refused:
        text(engine, SMALL, version=7)
    assert refused.value.details == {"version": 7, "newest": 1}


def test_before_anything_is_published_there_is_no_store(tmp_path: Path) -> None:
    with BrokerProcess(replace(LIMITS, data=tmp_path)) as broker:
        with pytest.raises(NoStore):
            served(broker.engine)
        assert broker.engine.status()["version"] is None
        publish(tmp_path, 0, ROWS)
        assert served(broker.engine)


def test_a_broker_that_was_killed_is_told_and_a_new_one_is_found(data: Path) -> None:
    with BrokerProcess(replace(LIMITS, data=data)) as broker:
        assert served(broker.engine)
        workers = children(broker.process.pid)
        broker.process.kill()
        broker.process.wait()
        with pytest.raises(EngineUnavailable):
            served(broker.engine)
        assert workers
        assert eventually(lambda: not any(is_running(worker) for worker in workers))
        with BrokerProcess(replace(LIMITS, data=data)):
            assert served(broker.engine)


def test_a_broker_that_dies_during_a_query_is_told(data: Path) -> None:
    with BrokerProcess(replace(LIMITS, data=data, seconds=60.0)) as broker, ThreadPoolExecutor(1) as threads:
        asked = threads.submit(text, broker.engine, ENDLESS)
        assert eventually(lambda: not is_idle(broker.engine))
        broker.process.kill()
        with pytest.raises(EngineUnavailable):
            asked.result(PATIENCE)


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_workers_that_are_killed_are_replaced(data: Path, number: int) -> None:
    with BrokerProcess(replace(LIMITS, data=data)) as broker:
        assert eventually(lambda: broker.engine.status()["spares"] == 1)
        for worker in children(broker.process.pid):
            os.kill(worker, number)
        assert served(broker.engine)
        assert eventually(lambda: broker.engine.status()["spares"] == 1)
        assert broker.engine.status()["restarts"] == 3


def test_a_fork_has_connections_of_its_own(engine: BrokerEngine) -> None:
    assert served(engine)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forking with threads, in newer Pythons
        child = os.fork()
    if child == 0:
        os._exit(0 if all(served(engine) for _ in range(20)) else 1)
    assert all(served(engine) for _ in range(20))
    assert os.waitpid(child, 0)[1] == 0


def test_limits_are_those_of_the_settings(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, query_seconds=3.0, query_bytes_mb=2, service_allow=("http://e/",))
    limits = Limits.of(settings)
    assert (limits.data, limits.seconds, limits.size, limits.services) == (tmp_path, 3.0, 2_000_000, ("http://e/",))
    assert Limits.from_json(json.loads(json.dumps(limits.to_json()))) == limits


def test_only_our_user_may_open_the_socket(broker: BrokerProcess) -> None:
    assert stat.S_IMODE(broker.path.stat().st_mode) == 0o600


def test_a_second_broker_for_the_same_data_is_refused(broker: BrokerProcess) -> None:
    with pytest.raises(EngineUnavailable, match="already served"):
        BrokerProcess(replace(LIMITS, data=broker.path.parent.parent))
    assert served(broker.engine)


def test_a_socket_that_a_dead_broker_left_is_taken_over(data: Path) -> None:
    path = socket_path(data)
    path.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    with BrokerProcess(replace(LIMITS, data=data)) as broker:
        assert served(broker.engine)
    assert not path.exists()


def test_a_patient_question_of_our_pages_may_take_longer_and_a_stranger_s_may_not(data: Path) -> None:
    with BrokerProcess(replace(LIMITS, data=data, page_seconds=0.2, seconds=0.2)) as broker:
        for lane, patient, allowed in (("page", True, 1.2), ("page", False, 0.2), ("public", True, 0.2)):
            with pytest.raises(QueryTimeout) as stopped:
                broker.engine.answer(Ask(f"{ENDLESS} # {lane} {patient}", lane=lane, patient=patient))  # type: ignore[arg-type]
            assert stopped.value.details["seconds"] == pytest.approx(allowed)


def test_who_is_patient_is_not_told_so_early_by_who_is_not(data: Path) -> None:
    with BrokerProcess(replace(LIMITS, data=data, page_workers=2, page_seconds=0.4)) as broker, ThreadPoolExecutor(2) as both:

        def allowed(patient: bool) -> float:
            with pytest.raises(QueryTimeout) as stopped:
                broker.engine.answer(Ask(f"{ENDLESS} # together", lane="page", patient=patient))
            return float(stopped.value.details["seconds"])

        hasty = both.submit(allowed, False)
        time.sleep(0.1)
        patient = both.submit(allowed, True)
        assert (hasty.result(), patient.result()) == (pytest.approx(0.4), pytest.approx(2.4))


@pytest.mark.parametrize(("asked", "longest"), [({"seconds": 300.0}, 300), ({"page_seconds": 30.0}, 180)])
def test_who_asks_waits_longer_than_any_answer_may_take(asked: dict[str, float], longest: float) -> None:
    assert replace(LIMITS, queue_seconds=20.0, **asked).patience > longest + 20  # type: ignore[arg-type]


def test_a_folder_with_a_long_name_has_its_socket_elsewhere(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 100)
    assert not run_folder(long).is_relative_to(long)
    assert run_folder(long) == run_folder(long)
    assert run_folder(long) != run_folder(tmp_path / ("y" * 100))
    assert spool_folder(long).is_relative_to(long), "large results stay on the data's own disk"


def test_where_no_broker_serves_the_engine_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable):
        BrokerEngine(tmp_path / "none").version()


def test_nothing_is_left_in_the_run_folder_by_results(broker: BrokerProcess) -> None:
    served(broker.engine)
    assert [path.name for path in broker.path.parent.iterdir()] == ["broker"]


def test_workers_say_what_keeps_them_from_the_network(engine: BrokerEngine) -> None:
    assert any(engine.status()["sandbox"].values())


REACH = """
import socket, sys
from app.engine import sandbox
print(any(sandbox.enter(loopback=False).values()))
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5).close()
    print("reached")
except OSError:
    print("kept")
socket.socket(socket.AF_UNIX).close()
"""


def test_a_process_in_the_sandbox_reaches_nobody_even_on_its_own_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as there:
        command = [sys.executable, "-c", REACH, str(there.getsockname()[1])]
        said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert said.stdout.split() == ["True", "kept"]


def test_strangers_queries_leave_the_processor_to_pages_first(data: Path) -> None:
    """Also the worker that takes a dead one's place."""
    own = os.getpriority(os.PRIO_PROCESS, 0)
    with BrokerProcess(replace(LIMITS, data=data)) as broker:
        assert eventually(lambda: broker.engine.status()["spares"] == 1)
        assert niceness(broker) == [own, own, min(own + 10, 19)]
        with pytest.raises(QueryTimeout):
            text(broker.engine, ENDLESS)
        assert eventually(lambda: broker.engine.status()["spares"] == 1)
        assert niceness(broker) == [own, own, min(own + 10, 19)]


def niceness(broker: BrokerProcess) -> list[int]:
    return sorted(os.getpriority(os.PRIO_PROCESS, pid) for pid in children(broker.process.pid))
