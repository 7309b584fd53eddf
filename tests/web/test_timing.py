"""Every answer says what it cost, and ``/metrics`` counts it."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

QUERY = {"query": "ASK { ?s ?p ?o }"}


def parts(header: str) -> dict[str, str]:
    return dict(part.split(";") for part in header.split(", "))


def test_an_answer_with_a_query_tells_queue_engine_cache_and_all(client: FlaskClient) -> None:
    told = parts(client.get("/sparql", query_string=QUERY).headers["Server-Timing"])
    assert told["cache"] == 'desc="miss"'
    durations = {name: float(told[name].removeprefix("dur=")) for name in ("queue", "engine", "total")}
    assert 0 <= durations["engine"] <= durations["total"]
    assert durations["queue"] == 0


@pytest.mark.parametrize("address", ["/robots.txt", "/none", "/actor.csv?page=x"])
def test_an_answer_without_one_tells_its_time(client: FlaskClient, address: str) -> None:
    assert re.fullmatch(r"total;dur=\d+\.\d\d", client.get(address).headers["Server-Timing"])


def counted(client: FlaskClient, **labels: str) -> float:
    answer = client.get("/metrics")
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    return sum(
        sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if sample.name == "maillage_requests_total" and labels.items() <= sample.labels.items()
    )


@pytest.mark.parametrize(
    ("address", "method", "labels"),
    [
        ("/robots.txt", "GET", {"endpoint": "assets.robots", "method": "GET", "status": "200"}),
        ("/no/such/page", "GET", {"status": "404"}),
        ("/sparql?query=ASK{}", "HEAD", {"endpoint": "sparql.endpoint", "method": "HEAD", "status": "200"}),
        ("/robots.txt", "INVENTED", {"method": "other", "status": "405"}),
    ],
)
def test_requests_are_counted_by_endpoint_method_and_status(
    client: FlaskClient, address: str, method: str, labels: dict[str, str]
) -> None:
    before = counted(client, **labels)
    client.open(address, method=method)
    assert counted(client, **labels) == before + 1
