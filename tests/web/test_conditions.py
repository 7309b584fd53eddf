"""Conditional requests (RFC 9110 §13): no writer undoes unseen what another wrote, and no reader is sent what it has."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.http import http_date
from werkzeug.test import TestResponse

from app.engine import transaction
from app.engine.layout import Layout
from app.engine.versions import Repository
from app.settings import Settings
from app.web.moments import Moments
from tests.web.places import ONTOLOGY, PREFIXES, TEXT, Place
from tests.web.writing import BASE, site

GRAPH = "/graphs/annuaire"
MISSING = "/graphs/voisins"
HIVE = f'<{BASE}id/actor/hive> a <{ONTOLOGY}Association> ; <{ONTOLOGY}name> "La Miellerie"@fr .'
MILL = HIVE.replace("hive", "mill").replace("Miellerie", "Minoterie")
PATCHED = PREFIXES + 'INSERT DATA { a:ruche m:acronym "LR" }'
WRITES = [("PUT", HIVE, "text/turtle"), ("POST", HIVE, "text/turtle"), ("PATCH", PATCHED, TEXT), ("DELETE", None, None)]
LONG_AGO = "2026-01-01T10:00:00+00:00"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Its first version and its start are of the past, so that their dates tell them from what follows."""
    with monkeypatch.context() as past:
        past.setattr(transaction, "now", lambda: LONG_AGO)
        made = Place(tmp_path)
    made.site.extensions["maillage"].moments.started = datetime.fromisoformat(LONG_AGO) - timedelta(days=1)
    return made


def send(place: Place, method: str, path: str, data: Any, type_: str | None, **headers: str) -> TestResponse:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    authority = {"Authorization": f"Bearer {place.secret}", "Accept": "application/json"}
    return place.client.open(path, method=method, data=data, content_type=type_, headers=authority | given)


def tag(place: Place, path: str = GRAPH, **headers: str) -> str:
    return place.client.get(path, headers={"Accept": "text/turtle", **headers}).headers["ETag"]


# Writing


@pytest.mark.parametrize(("method", "data", "type_"), WRITES)
def test_a_write_with_the_graph_s_tag_is_done_once(method: str, data: Any, type_: str | None, place: Place) -> None:
    known = tag(place)
    assert not known.startswith("W/"), "a strong tag, which If-Match needs"
    assert send(place, method, GRAPH, data, type_, If_Match=known).status_code == 200
    send(place, "POST", GRAPH, MILL, "text/turtle")
    before = place.quads()
    again = send(place, method, GRAPH, data, type_, If_Match=known)
    assert (again.status_code, place.quads(), place.newest) == (412, before, 3)


@pytest.mark.parametrize(("method", "data", "type_"), WRITES)
def test_of_two_writers_who_read_the_same_one_is_refused(method: str, data: Any, type_: str | None, place: Place) -> None:
    known = tag(place)
    send(place, "POST", GRAPH, MILL, "text/turtle", If_Match=known)
    refused = send(place, method, GRAPH, data, type_, If_Match=known)
    told = refused.get_json()
    assert (refused.status_code, place.newest) == (412, 2)
    assert told["details"] == {"condition": "If-Match", "reason": "changed"}
    assert told["type"] == f"{BASE}problems#precondition-failed"
    assert "Relisez-le par GET" in told["explanations"]["fr"]
    assert "Read it again by GET" in told["explanations"]["en"]
    assert list(place.tokens.uses())[-1]["outcome"] == "precondition-failed"


def test_of_many_writers_at_once_one_alone_is_let_through(place: Place) -> None:
    known = tag(place)
    clients = [place.site.test_client() for _ in range(6)]

    def write(number: int) -> int:
        headers = {"Authorization": f"Bearer {place.secret}", "If-Match": known}
        body = HIVE.replace("hive", f"hive{number}")
        return clients[number].put(GRAPH, data=body, content_type="text/turtle", headers=headers).status_code

    with ThreadPoolExecutor(len(clients)) as pool:
        statuses = sorted(pool.map(write, range(len(clients))))
    assert statuses[0] == 200
    assert set(statuses[1:]) <= {412, 503}, "503: the lock was not to be had in time"
    assert place.newest == 2


@pytest.mark.parametrize(
    "headers",
    [
        *({"Accept": form} for form in ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")),
        *({"Accept-Encoding": coding} for coding in ("gzip", "br", "zstd")),
    ],
)
@pytest.mark.parametrize("path", [GRAPH, f"/en{GRAPH}", f"/graphs?graph={BASE}graphs/annuaire"])
def test_the_tag_of_any_format_and_coding_does(headers: dict[str, str], path: str, place: Place) -> None:
    many = "".join(f"<{BASE}id/actor/hive> <{ONTOLOGY}acronym> 'H{i}' ." for i in range(40))
    send(place, "POST", GRAPH, HIVE + many, "text/turtle")
    known = tag(place, path, **headers)
    assert known.rstrip('"').endswith(f"-{headers['Accept-Encoding']}") if "Accept-Encoding" in headers else "-" not in known
    assert send(place, "DELETE", GRAPH, None, None, If_Match=f'"another", {known}').status_code == 200


def test_a_head_gives_the_same_tag(place: Place) -> None:
    assert place.client.head(GRAPH, headers={"Accept": "text/turtle"}).headers["ETag"] == tag(place)


def test_a_weak_tag_is_refused_and_the_reason_is_told(place: Place) -> None:
    refused = send(place, "PUT", GRAPH, HIVE, "text/turtle", If_Match=f"W/{tag(place)}")
    assert (refused.status_code, refused.get_json()["details"]["reason"], place.newest) == (412, "weak", 1)


def test_the_tag_of_another_graph_or_of_an_older_state_is_refused(place: Place) -> None:
    send(place, "PUT", MISSING, MILL, "text/turtle")
    send(place, "POST", GRAPH, HIVE, "text/turtle")
    for other in (tag(place, MISSING), tag(place, f"{GRAPH}?version=1"), '"anything"', ""):
        assert send(place, "DELETE", GRAPH, None, None, If_Match=other).status_code == 412
    assert place.newest == 3


def test_a_write_elsewhere_keeps_a_graph_s_tag_and_date(place: Place) -> None:
    before = place.client.get(GRAPH, headers={"Accept": "text/turtle"})
    send(place, "PUT", MISSING, MILL, "text/turtle")
    after = place.client.get(GRAPH, headers={"Accept": "text/turtle"})
    assert (after.headers["ETag"], after.headers["Last-Modified"]) == (before.headers["ETag"], before.headers["Last-Modified"])
    assert (after.data, after.headers["X-Maillage-Version"]) == (before.data, "2")
    assert tag(place, f"{GRAPH}?version=1") == tag(place)
    assert send(place, "PUT", GRAPH, HIVE, "text/turtle", If_Match=before.headers["ETag"]).status_code == 200
    assert tag(place) != before.headers["ETag"]


@pytest.mark.parametrize("path", ["/graphs?default", "/graphs/merge"])
def test_the_merge_of_all_graphs_has_another_tag_after_each_write(path: str, place: Place) -> None:
    known = tag(place, path)
    send(place, "PUT", MISSING, MILL, "text/turtle")
    assert tag(place, path) != known


def test_a_graph_that_was_removed_and_is_written_again_has_another_tag(place: Place) -> None:
    known, content = tag(place), place.client.get(GRAPH, headers={"Accept": "text/turtle"}).data
    send(place, "DELETE", GRAPH, None, None)
    assert place.client.get(GRAPH, headers={"Accept": "text/turtle", "If-None-Match": known}).status_code == 404
    send(place, "PUT", GRAPH, content, "text/turtle")
    assert place.client.get(GRAPH, headers={"Accept": "text/turtle"}).data == content
    assert send(place, "PUT", GRAPH, HIVE, "text/turtle", If_Match=known).status_code == 412


def test_an_update_that_writes_to_a_graph_among_others_moves_its_tag_alone(place: Place) -> None:
    send(place, "PUT", MISSING, MILL, "text/turtle")
    own, other = tag(place), tag(place, MISSING)
    place.update('INSERT DATA { GRAPH g:annuaire { a:ruche m:acronym "LR" } }')
    assert (tag(place) != own, tag(place, MISSING) == other) == (True, True)


def test_after_an_erasure_each_tag_is_another(place: Place) -> None:
    send(place, "PUT", MISSING, MILL, "text/turtle")
    known = {path: tag(place, path) for path in (GRAPH, MISSING)}
    place.repository.erase(f"{BASE}id/actor/mill", "tests", ())
    for path, before in known.items():
        assert tag(place, path) != before
        assert send(place, "POST", path, HIVE, "text/turtle", If_Match=before).status_code == 412
    assert send(place, "POST", GRAPH, HIVE, "text/turtle", If_Match=tag(place)).status_code == 200


def test_another_version_of_the_same_number_has_another_tag(place: Place, tmp_path: Path) -> None:
    """After a backup is put back, numbers are given anew."""
    send(place, "POST", GRAPH, MILL, "text/turtle")
    known = tag(place)
    record = Layout(tmp_path / "data").record(2)
    told = json.loads(record.read_text(encoding="utf-8"))
    record.write_text(json.dumps(told | {"created": LONG_AGO}), encoding="utf-8")
    again = site(Repository(tmp_path / "data", BASE)).test_client()
    assert again.get(GRAPH, headers={"Accept": "text/turtle"}).headers["ETag"] != known


def test_any_state_of_a_graph_that_is_there_may_be_asked_for(place: Place) -> None:
    assert send(place, "PUT", GRAPH, HIVE, "text/turtle", If_Match="*").status_code == 200
    refused = send(place, "PUT", MISSING, HIVE, "text/turtle", If_Match="*")
    assert (refused.status_code, refused.get_json()["details"]["reason"], place.newest) == (412, "not-there", 2)


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_graph_is_made_only_where_there_is_none(method: str, place: Place) -> None:
    refused = send(place, method, GRAPH, HIVE, "text/turtle", If_None_Match="*")
    assert (refused.status_code, refused.get_json()["details"]["reason"]) == (412, "there-already")
    assert (place.newest, send(place, method, MISSING, HIVE, "text/turtle", If_None_Match="*").status_code) == (1, 201)
    assert send(place, method, MISSING, MILL, "text/turtle", If_None_Match="*").status_code == 412


def test_a_write_can_be_kept_from_a_state_that_is_known(place: Place) -> None:
    known = tag(place)
    assert send(place, "PUT", GRAPH, HIVE, "text/turtle", If_None_Match=f"W/{known}").status_code == 412
    assert send(place, "PUT", GRAPH, HIVE, "text/turtle", If_None_Match='"another"').status_code == 200


def test_the_default_graph_is_always_there(place: Place) -> None:
    known = tag(place, "/graphs?default")
    assert send(place, "PUT", "/graphs?default", HIVE, "text/turtle", If_None_Match="*").status_code == 412
    assert send(place, "PUT", "/graphs?default", HIVE, "text/turtle", If_Match=known).status_code == 200
    assert send(place, "PUT", "/graphs?default", MILL, "text/turtle", If_Match=known).status_code == 412


def test_a_date_is_a_condition_too_unless_there_is_a_tag(place: Place) -> None:
    before, after = (http_date(datetime.fromisoformat(LONG_AGO) + timedelta(minutes=n)) for n in (-1, 1))
    refused = send(place, "PUT", GRAPH, HIVE, "text/turtle", If_Unmodified_Since=before)
    assert (refused.status_code, refused.get_json()["details"]["condition"]) == (412, "If-Unmodified-Since")
    assert send(place, "PUT", GRAPH, HIVE, "text/turtle", If_Unmodified_Since=before, If_Match=tag(place)).status_code == 200
    assert send(place, "PUT", GRAPH, MILL, "text/turtle", If_Unmodified_Since="yesterday").status_code == 200
    assert place.newest == 3
    assert after


def test_a_condition_comes_after_what_is_refused_without_it_and_before_the_document(place: Place) -> None:
    nobody = place.client.put(GRAPH, data=HIVE, content_type="text/turtle", headers={"If-Match": '"x"'})
    assert nobody.status_code == 401
    assert send(place, "PUT", "/graphs/derived", HIVE, "text/turtle", If_Match='"x"').status_code == 403
    assert send(place, "DELETE", MISSING, None, None, If_Match='"x"').status_code == 404
    assert send(place, "PUT", GRAPH, "this is no Turtle", "text/turtle", If_Match='"x"').status_code == 412
    assert send(place, "PUT", GRAPH, "this is no Turtle", "text/turtle", If_Match=tag(place)).status_code == 400


# Reading

READ = ["/queries", "/actor/ruche.ttl", GRAPH, "/graphs?default", "/ontology.ttl", "/versions"]


@pytest.mark.parametrize("path", READ)
def test_who_has_what_was_last_changed_is_sent_nothing(path: str, place: Place) -> None:
    accept = "text/turtle" if path.startswith("/graphs") else "text/html, */*;q=0.1"
    first = place.client.get(path, headers={"Accept": accept})
    given = first.headers["Last-Modified"]
    assert given == http_date(datetime.fromisoformat(LONG_AGO))
    for method in ("GET", "HEAD"):
        again = place.client.open(path, method=method, headers={"Accept": accept, "If-Modified-Since": given})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"]


@pytest.mark.parametrize("path", READ)
@pytest.mark.parametrize(
    "since", ["Thu, 01 Jan 2026 09:59:59 GMT", "Wed, 31 Dec 2025 00:00:00 GMT", "yesterday", "", "2026-11-26"]
)
def test_an_earlier_date_and_no_date_are_answered_in_full(path: str, since: str, place: Place) -> None:
    assert place.client.get(path, headers={"Accept": "text/turtle, */*", "If-Modified-Since": since}).status_code == 200


def test_a_date_is_ignored_where_there_is_a_tag(place: Place) -> None:
    later = "Fri, 01 Jan 2038 00:00:00 GMT"
    other = {"Accept": "text/turtle", "If-Modified-Since": later, "If-None-Match": '"another"'}
    assert place.client.get(GRAPH, headers=other).status_code == 200
    assert place.client.get(GRAPH, headers=other | {"If-None-Match": f"W/{tag(place)}"}).status_code == 304
    assert place.client.get(GRAPH, headers={"Accept": "text/turtle", "If-Modified-Since": later}).status_code == 304


def test_a_page_under_another_setting_is_another_and_a_graph_is_not(place: Place, tmp_path: Path) -> None:
    named = site(place.repository, Settings(data=tmp_path / "data", site_name="Essai")).test_client()
    elsewhere = site(place.repository, Settings(data=tmp_path / "data", port=8123)).test_client()
    for path, accept, differs in (("/", "text/html", True), ("/queries", "text/html", True), (GRAPH, "text/turtle", False)):
        known, again, moved = (
            client.get(path, headers={"Accept": accept}).headers["ETag"] for client in (place.client, named, elsewhere)
        )
        assert ((again != known), moved) == (differs, known)
    assert place.client.get("/", headers={"Accept": "text/html"}).text != named.get("/", headers={"Accept": "text/html"}).text


def test_what_is_not_there_is_not_unchanged(place: Place) -> None:
    later = {"If-Modified-Since": "Fri, 01 Jan 2038 00:00:00 GMT", "Accept": "text/turtle"}
    for path in ("/actor/nobody", MISSING, "/actor/nobody.ttl"):
        for condition in (later, {"If-None-Match": "*"}, {"If-Match": '"x"'}):
            assert place.client.get(path, headers={"Accept": "text/turtle", **condition}).status_code == 404


def test_a_reader_may_ask_for_one_state_alone(place: Place) -> None:
    known = tag(place)
    assert place.client.get(GRAPH, headers={"Accept": "text/turtle", "If-Match": known}).status_code == 200
    send(place, "POST", GRAPH, MILL, "text/turtle")
    assert place.client.get(GRAPH, headers={"Accept": "text/turtle", "If-Match": known}).status_code == 412


def test_a_write_is_seen_in_the_second_of_another(place: Place) -> None:
    given = place.client.get(GRAPH, headers={"Accept": "text/turtle"}).headers["Last-Modified"]
    for number in range(4):
        send(place, "POST", GRAPH, HIVE.replace("hive", f"hive{number}"), "text/turtle")
        answer = place.client.get(GRAPH, headers={"Accept": "text/turtle", "If-Modified-Since": given})
        assert f"hive{number}" in answer.text
        given = answer.headers.get("Last-Modified", given)


# The dates

START = datetime(2026, 5, 1, 10, tzinfo=UTC)


def _moments(started: datetime = START - timedelta(days=1)) -> Moments:
    made = Moments()
    made.started = started
    return made


def test_a_version_of_a_clock_that_went_back_has_no_date() -> None:
    created = [START, START - timedelta(days=30), START - timedelta(days=30), START + timedelta(hours=1)]
    dates = [_moments().changed(n, lambda k: created[k - 1]) for n in range(1, 5)]
    assert dates == [START, None, None, START + timedelta(hours=1)]


def test_two_versions_of_one_second_do_not_share_a_date() -> None:
    assert [_moments().changed(n, lambda _: START) for n in (1, 2)] == [START, None]


def test_a_new_start_and_whatever_else_changed_move_the_date() -> None:
    later = START + timedelta(days=2, milliseconds=300)
    expected = START + timedelta(days=2)
    assert _moments(later).changed(1, lambda _: START) == expected
    assert _moments().changed(1, lambda _: START, START - timedelta(days=9), later) == expected
    assert _moments(START + timedelta(milliseconds=300)).changed(1, lambda _: START) is None, "either may have come first"


def test_no_date_is_of_the_future() -> None:
    assert _moments().changed(1, lambda _: datetime.now(UTC) + timedelta(hours=1)) is None
