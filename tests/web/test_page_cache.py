"""A page that was built is shown again to whoever asks the same, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from app.web import page_cache

HTML = {"Accept": "text/html"}
PAGE = "/actor/grainerie"


@pytest.fixture
def keeping(app: Flask) -> Iterator[FlaskClient]:
    pages = app.extensions["maillage"].pages
    pages.resize(10)
    yield app.test_client()
    pages.resize(0)
    pages._kept.clear()
    pages._size = 0


def test_the_second_reader_has_the_same_page_without_a_query(keeping: FlaskClient, asked: Callable[[], int]) -> None:
    first = keeping.get(PAGE, headers=HTML)
    before = asked()
    again = keeping.get(PAGE, headers=HTML)
    assert asked() == before
    varying = ("Server-Timing",)
    assert (again.status_code, again.data) == (200, first.data)
    assert [h for h in again.headers if h[0] not in varying] == [h for h in first.headers if h[0] not in varying]


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("/en" + PAGE, HTML),
        (PAGE + "?page=2", HTML),
        (PAGE + "?version=1", HTML),
        (PAGE, {"Accept": "text/turtle"}),
        (PAGE, {**HTML, "Host": "other.example"}),
    ],
)
def test_another_request_has_a_page_of_its_own(
    keeping: FlaskClient, asked: Callable[[], int], address: str, headers: dict[str, str]
) -> None:
    keeping.get(PAGE, headers=HTML)
    before = asked()
    keeping.get(address, headers=headers)
    assert asked() > before


def test_a_name_that_is_escaped_twice_has_a_page_of_its_own(app: Flask) -> None:
    """``/x%253Fy`` and ``/x%3Fy`` name two resources, though they are written alike once one of them is read."""
    cache = page_cache.PageCache(1)
    for path in ("/actor/x%253Fy", "/actor/x%3Fy"):
        with app.test_request_context(path):
            page = cache.get_or_build("tag", lambda path=path: Response(path, mimetype="text/html"))
            assert page.get_data(as_text=True) == path


@pytest.mark.parametrize("address", ["/actor/personne", PAGE + "?version=1"])
def test_what_is_no_page_or_older_or_missing_is_not_kept(keeping: FlaskClient, asked: Callable[[], int], address: str) -> None:
    keeping.get(address, headers=HTML)
    before = asked()
    keeping.get(address, headers=HTML)
    assert asked() > before


def test_pages_whose_time_is_over_make_room_though_there_is_some(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = page_cache.PageCache(1)
    for seconds, path in ((0.0, "/first"), (60.0, "/second"), (60.0, "/third")):
        monkeypatch.setattr(page_cache, "SECONDS", seconds)
        with app.test_request_context(path):
            cache.get_or_build("tag", lambda: Response("x" * 100, mimetype="text/html"))
    assert [key[2] for key in cache._kept] == ["/second", "/third"]
    assert cache._size == 200


def test_a_page_is_not_kept_for_long(keeping: FlaskClient, asked: Callable[[], int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "SECONDS", 0.0)
    keeping.get(PAGE, headers=HTML)
    before = asked()
    keeping.get(PAGE, headers=HTML)
    assert asked() > before


def test_pages_take_no_more_than_they_may(app: Flask) -> None:
    cache = page_cache.PageCache(1)
    for number in range(5):
        with app.test_request_context(f"/page/{number}"):
            cache.get_or_build("tag", lambda: "x" * 300_000)
    assert cache._size == 900_000
    with app.test_request_context("/page/4"):
        assert cache.get_or_build("tag", lambda: "built anew").get_data(as_text=True) != "built anew"
    with app.test_request_context("/page/0"):
        assert cache.get_or_build("tag", lambda: "built anew").get_data(as_text=True) == "built anew"


def test_without_a_server_that_says_so_nothing_is_kept(client: FlaskClient, asked: Callable[[], int]) -> None:
    client.get(PAGE, headers=HTML)
    before = asked()
    client.get(PAGE, headers=HTML)
    assert asked() > before
