"""Counts add up over processes, and Prometheus' own reader reads them as they were counted."""

from __future__ import annotations

import json

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.engine.tally import BOUNDS, METRICS, Tally, exposition, gauge


def read(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_two_processes_counted_is_added_up() -> None:
    whole, other = Tally(), Tally()
    whole.count("maillage_queries_total", lane="page", outcome="answered")
    other.count("maillage_queries_total", 2, lane="page", outcome="answered")
    other.count("maillage_queries_total", lane="public", outcome="query-timeout")
    whole.add(json.loads(json.dumps(other.take())))
    assert other.take() == []
    assert read(exposition(whole.rows())) == {
        ("maillage_queries_total", (("lane", "page"), ("outcome", "answered"))): 3,
        ("maillage_queries_total", (("lane", "public"), ("outcome", "query-timeout"))): 1,
    }


def test_a_duration_counts_in_every_bucket_that_it_fits() -> None:
    tally = Tally()
    for seconds in (0.0005, 0.001, 0.3, 120.0):
        tally.observe("maillage_query_seconds", seconds, lane="page")
    found = read(exposition(tally.rows()))
    buckets = {dict(labels)["le"]: value for (name, labels), value in found.items() if name.endswith("_bucket")}
    assert len(buckets) == len(BOUNDS) + 1
    assert {bound: buckets[bound] for bound in ("0.001", "0.25", "0.5", "60.0", "+Inf")} == {
        "0.001": 2,
        "0.25": 2,
        "0.5": 3,
        "60.0": 3,
        "+Inf": 4,
    }
    assert found["maillage_query_seconds_sum", (("lane", "page"),)] == pytest.approx(120.3015)
    assert found["maillage_query_seconds_count", (("lane", "page"),)] == 4


def test_labels_are_escaped() -> None:
    text = 'a "quoted" \\ line\nbreak'
    assert read(exposition([gauge("maillage_info", 1, release=text)])) == {("maillage_info", (("release", text),)): 1}


@pytest.mark.parametrize("row", [["other", [], [1]], ["maillage_version", [], [1, 2]], ["maillage_query_seconds", [], [1]]])
def test_what_is_no_metric_is_refused(row: list[object]) -> None:
    with pytest.raises(ValueError, match=str(row[0])):
        Tally().add([row])


@pytest.mark.parametrize("name", METRICS)
def test_names_follow_prometheus_conventions(name: str) -> None:
    kind, about = METRICS[name]
    assert name.startswith("maillage_")
    assert name.endswith("_total") == (kind == "counter")
    assert about.endswith(".")
