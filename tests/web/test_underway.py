"""What takes long on a large version: its readers are told so at once, and find it a little later."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.discovery.kept import Kept
from app.engine.asks import Answer, Ask, Gone
from app.engine.direct import DirectEngine
from app.engine.versions import Repository
from app.web.timing import TimedEngine
from app.web.underway import PATIENT
from app.web.warming import first_pages, visits

HTML = {"Accept": "text/html"}


@pytest.fixture
def large(observatory: Repository, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A site for which every version is large, and that has worked nothing out yet."""
    from app.assembly import load_catalogue, load_shapes, load_vocabulary
    from app.settings import Settings
    from app.web import create_app

    monkeypatch.setattr("app.web.underway.AT_ONCE", 0)
    vocabulary = load_vocabulary()
    engine = DirectEngine(observatory)
    yield create_app(engine, Settings(), vocabulary, load_shapes(vocabulary), load_catalogue(), observatory)
    engine.close()


def later(client: FlaskClient, path: str) -> int:
    """The status once it is no longer 503."""
    deadline = time.monotonic() + 60
    while (found := client.get(path, headers=HTML).status_code) == 503 and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


@pytest.mark.parametrize("path", ["/matches", "/suggestions", "/suggestions.csv"])
def test_a_page_says_that_it_is_under_way_and_is_there_a_little_later(large: Flask, path: str) -> None:
    client = large.test_client()
    first = client.get(path, headers=HTML)
    assert (first.status_code, first.headers["Retry-After"]) == (503, "5")
    assert "revenez dans quelques secondes" in first.text
    assert later(client, path) == 200


def test_an_actor_s_page_does_not_wait_and_nobody_keeps_what_lacks_a_part(large: Flask) -> None:
    client = large.test_client()
    first = client.get("/actor/grainerie", headers=HTML)
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "no-store"
    assert "ETag" not in first.headers
    assert "sont en cours de calcul" in first.text
    assert later(client, "/suggestions") == 200
    then = client.get("/actor/grainerie", headers=HTML)
    assert "ETag" in then.headers
    assert "sont en cours de calcul" not in then.text


def test_nobody_waits_either_where_too_much_has_changed_since_what_is_kept(large: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = large.test_client()
    assert later(client, "/matches?version=1") == 200
    monkeypatch.setattr("app.web.market._FOLLOWED", 0)
    assert client.get("/matches", headers=HTML).status_code == 503
    assert later(client, "/matches") == 200


def test_a_small_change_since_what_is_kept_is_followed_at_once(large: Flask) -> None:
    client = large.test_client()
    assert later(client, "/matches?version=1") == 200
    assert client.get("/matches", headers=HTML).status_code == 200


def test_what_is_asked_in_the_background_may_take_longer_than_what_a_reader_waits_for(observatory: Repository) -> None:
    asked: list[bool] = []

    class Recording(DirectEngine):
        def answer(self, ask: Ask, gone: Gone | None = None) -> Answer:
            asked.append(ask.patient)
            return super().answer(ask, gone)

    engine = Recording(observatory)
    timed, ask = TimedEngine(engine), Ask("ASK { }", lane="page", solutions="application/sparql-results+json")
    for environ in ({}, {PATIENT: True}):
        with Flask("reader").test_request_context("/", environ_overrides=environ):
            timed.answer(ask).body.close()
    timed.answer(ask).body.close()
    engine.close()
    assert asked == [False, True, True]


def test_who_warms_a_version_waits(large: Flask) -> None:
    assert {address: status for address, status in visits(large) if status >= 400} == {}
    assert first_pages(large)


def test_what_is_made_in_the_background_is_made_once() -> None:
    kept, made = Kept(), []

    def make() -> str:
        made.append(1)
        return "value"

    for _ in range(5):
        kept.begin("name", 1, make)
    deadline = time.monotonic() + 10
    while kept.peek("name", 1) is None and time.monotonic() < deadline:
        time.sleep(0.01)
    kept.begin("name", 1, make)
    assert (kept.peek("name", 1), made) == ("value", [1])
