"""The list of versions, and what the home page shows of it: pages, remarks in the reader's language, no more read than shown."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from app.engine.versions import Repository
from tests.web.reading import Page, text_of
from tests.web.writing import actor, publish, site, stored

MANY = 53
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("versions")


@pytest.fixture(scope="module")
def store(folder: Path) -> Repository:
    store = stored(folder / "data")
    for number in range(1, MANY):
        publish(store, folder, actor("ruche", f"La Ruche {number}"), f"nom {number}")
    publish(store, folder, actor("ruche", "La Ruche"), "import de ruche.ttl")
    return store


@pytest.fixture(scope="module")
def own(store: Repository) -> FlaskClient:
    return site(store).test_client()


def rows(own: FlaskClient, path: str) -> list[list[str]]:
    page = Page(own.get(path, headers={"Accept": "text/html"}))
    assert page.status == 200
    return [[text_of(cell) for cell in row] for body in page.all("tbody") for row in body]


def test_versions_are_listed_the_newest_first_in_pages(own: FlaskClient) -> None:
    first, second = rows(own, "/versions"), rows(own, "/versions?page=2")
    assert (len(first), len(second)) == (50, 3)
    assert [row[0] for row in first[:2]] == ["Version 53", "Version 52"]
    assert [row[3] for row in second] == ["nom 3", "nom 2", "nom 1"]
    assert rows(own, "/versions?page=9") == second


@pytest.mark.parametrize(("path", "said"), [("", "import de ruche.ttl"), ("/en", "import of ruche.ttl")])
def test_the_program_s_remark_is_in_the_reader_s_language_and_a_person_s_as_written(
    own: FlaskClient, path: str, said: str
) -> None:
    listed = rows(own, f"{path}/versions")
    assert (listed[0][3], listed[1][3]) == (said, "nom 52")
    for shown in (f"{path}/", f"{path}/versions/{MANY}", f"{path}/actor/ruche"):
        assert said in Page(own.get(shown or "/", headers={"Accept": "text/html"})).text


def test_an_older_home_page_tells_the_changes_up_to_its_version(own: FlaskClient) -> None:
    text = Page(own.get("/?version=2", headers={"Accept": "text/html"})).text
    assert "nom 2" in text
    assert "nom 1" in text
    assert "nom 3" not in text


def test_only_the_manifests_of_what_is_shown_are_read(store: Repository, folder: Path) -> None:
    """A damaged manifest of an old version would be an error for whoever reads it."""
    records = [path for path in (folder / "data").rglob("*000001*.json") if path.is_file()]
    held = {path: path.read_bytes() for path in records}
    assert held
    for path in held:
        path.write_bytes(b"{")
    try:
        fresh = site(stored(folder / "data")).test_client()
        assert len(rows(fresh, "/versions")) == 50
        assert fresh.get("/versions/1").status_code == 503
        assert fresh.get("/", headers={"Accept": "text/html"}).status_code == 200
    finally:
        for path, text in held.items():
            path.write_bytes(text)


def test_programs_read_the_same_list_in_parts(own: FlaskClient) -> None:
    told = own.get("/versions.json?page=2").json
    assert told is not None
    assert (told["total"], told["page"], told["pages"], len(told["versions"])) == (53, 2, 2, 3)
    first = told["versions"][2]
    assert [first[name] for name in ("number", "message", "author", "parent")] == [1, "nom 1", "tests", None]
    assert [first[name] for name in ("added", "removed", "quads")] == [2, 0, 2]
    assert told["versions"][2]["page"] == "http://localhost:8000/versions/1"
    assert told["versions"][0]["graphs"] == ["http://localhost:8000/graphs/lettre"]
    assert own.get("/en/versions.json").json["versions"][0]["message"] == "import of ruche.ttl"  # type: ignore[index]


def test_a_feed_tells_the_last_versions_and_how_much_each_changed(own: FlaskClient) -> None:
    answer = own.get("/versions.atom")
    feed = ElementTree.fromstring(answer.data)
    entries = feed.findall(f"{ATOM}entry")
    assert (answer.mimetype, len(entries)) == ("application/atom+xml", 50)
    first, second = ([part.text for part in entry if part.tag in (f"{ATOM}title", f"{ATOM}summary")] for entry in entries[:2])
    assert first == ["Version 53 – import de ruche.ttl", "tests, +1 −1"]
    assert second == ["Version 52 – nom 52", "tests, +1 −1"]
    assert entries[0].findtext(f"{ATOM}id") == "http://localhost:8000/versions/53"
    assert feed.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated")


def test_the_list_leads_to_its_feed_and_to_its_json(own: FlaskClient) -> None:
    page = Page(own.get("/en/versions?page=2", headers={"Accept": "text/html"}))
    assert {"/en/versions.atom", "/en/versions.json"} <= {link.get("href") for link in page.all("a")}


@pytest.mark.parametrize("path", ["/versions", "/versions.json", "/versions.atom"])
def test_no_list_stands_under_a_version_that_never_was(own: FlaskClient, path: str) -> None:
    assert own.get(f"{path}?version=99").status_code == 404
    assert own.get(f"{path}?version=1").headers["X-Maillage-Version"] == "1"
