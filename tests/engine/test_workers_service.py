"""SERVICE through the relay and the proxy to real endpoints on loopback: the list is followed to the letter."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from staging import publish

from app.engine.asks import Ask
from app.engine.launch import BrokerProcess
from app.engine.orders import Limits
from app.engine.service_proxy import Unreachable, fetch, is_public
from app.errors import QueryError, ServiceRefused

RESULT = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"from afar"}}]}}'


class Endpoint(ThreadingHTTPServer):
    """Answers every query at ``/sparql`` with one row; other paths misbehave."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Replies)
        self.paths: list[str] = []

    @property
    def iri(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Replies(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        self.server.paths.append(self.path)
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.startswith("/to/"):
            self.send_response(307)
            self.send_header("Location", self.path.removeprefix("/to"))
            self.end_headers()
            return
        self.send_response(500 if self.path == "/broken" else 200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.end_headers()
        self.wfile.write(RESULT if self.path != "/large" else b" " * 100_000 + RESULT)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the signature of http.server
        pass


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with Endpoint() as endpoint:
        threading.Thread(target=endpoint.serve_forever, args=(0.05,), daemon=True).start()
        yield endpoint
        endpoint.shutdown()


PATHS = ("/sparql", "/broken", "/to/sparql", "/to/secret", "/large")


def allowing(endpoint: Endpoint, data: Path = Path()) -> Limits:
    services = tuple(endpoint.iri + path for path in PATHS)
    return Limits(data=data, workers=1, page_workers=1, services=services, size=50_000, seconds=10.0)


@pytest.fixture(scope="module")
def broker(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrokerProcess]:
    data = tmp_path_factory.mktemp("data")
    publish(data, 0, 3)
    with BrokerProcess(allowing(endpoint, data)) as broker:
        if not broker.engine.status()["sandbox"]["namespace"]:
            pytest.skip("this system gives a worker no network of its own, so SERVICE stays refused")
        yield broker


def asked(broker: BrokerProcess, service: str, word: str = "SERVICE") -> str:
    query = f"SELECT ?x {{ {word} <{service}> {{ ?s ?p ?x }} }}"
    with broker.engine.answer(Ask(query, solutions="text/csv")).body as body:
        return body.read().decode()


def test_an_endpoint_of_the_list_answers(broker: BrokerProcess, endpoint: Endpoint) -> None:
    assert asked(broker, endpoint.iri + "/sparql") == "x\r\nfrom afar\r\n"


def test_an_endpoint_that_is_not_on_the_list_hears_nothing(broker: BrokerProcess, endpoint: Endpoint) -> None:
    with pytest.raises(ServiceRefused):
        asked(broker, endpoint.iri + "/secret")
    assert "/secret" not in endpoint.paths


def test_a_redirect_off_the_list_is_not_followed(broker: BrokerProcess, endpoint: Endpoint) -> None:
    with pytest.raises(QueryError):
        asked(broker, endpoint.iri + "/to/secret")
    assert "/to/secret" in endpoint.paths
    assert "/secret" not in endpoint.paths


def test_a_redirect_within_the_list_is_followed(broker: BrokerProcess, endpoint: Endpoint) -> None:
    assert asked(broker, endpoint.iri + "/to/sparql") == "x\r\nfrom afar\r\n"


@pytest.mark.parametrize("path", ["/broken", "/large"])
def test_an_endpoint_that_fails_fails_the_query(broker: BrokerProcess, endpoint: Endpoint, path: str) -> None:
    with pytest.raises(QueryError):
        asked(broker, endpoint.iri + path)


def test_silent_makes_a_failure_an_empty_answer(broker: BrokerProcess, endpoint: Endpoint) -> None:
    assert asked(broker, endpoint.iri + "/broken", "SERVICE SILENT") == "x\r\n\r\n"


def test_the_relay_s_own_address_cannot_be_named(broker: BrokerProcess) -> None:
    with pytest.raises(ServiceRefused):
        asked(broker, "http://127.0.0.1:40000/0")


def test_a_name_that_leads_to_our_own_machine_is_refused(endpoint: Endpoint) -> None:
    service = f"http://127.1:{endpoint.server_port}/sparql"
    limits = replace(allowing(endpoint), services=(service,))
    with pytest.raises(Unreachable, match="private"):
        fetch(service, "ASK {}", "*/*", limits, BytesIO())


def test_localhost_is_called_when_the_list_names_it(endpoint: Endpoint) -> None:
    service = f"http://localhost:{endpoint.server_port}/sparql"
    received = BytesIO()
    fetch(service, "ASK {}", "*/*", replace(allowing(endpoint), services=(service,)), received)
    assert received.getvalue() == RESULT


def test_a_result_that_is_too_large_is_not_taken(endpoint: Endpoint) -> None:
    with pytest.raises(Unreachable, match="50000 bytes"):
        fetch(endpoint.iri + "/large", "ASK {}", "*/*", allowing(endpoint), BytesIO())


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1"),
    ],
)
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)
