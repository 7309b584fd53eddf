"""A page stands for a later version only where that one has all that it was made of; then it is that version's, to the byte."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from app import reads
from app.engine.changes import Change
from app.engine.versions import Repository
from app.resources import folder
from app.web import lasting
from app.web.lasting import LastingPages, late, stated
from app.web.site import Site, visit
from tests.conftest import BASE, OBSERVATORY, _turtle
from tests.web.writing import site, stored

HTML = {"Accept": "text/html"}
M, T = "https://w3id.org/maillage/ontology#", "https://w3id.org/maillage/theme/"
GRAPH = ox.NamedNode(f"{BASE}graphs/lettre")
PAGES = (
    "/",
    "/actor",
    "/en/actor",
    "/actor?q=grainerie",
    "/actor?theme=emploi",
    "/project?view=map",
    "/actor/grainerie",
    "/en/actor/grainerie",
    "/actor/agglo",
    "/embed/actor",
    "/theme",
    "/theme/emploi",
    "/ontology",
    "/statistics",
    "/statistics?measure=actors&rows=theme",
    "/statistics/list?measure=actors&rows=theme",
    "/map",
    "/agenda",
    "/opportunities",
    "/matches",
    "/suggestions",
    "/changes",
    "/search?q=grainerie",
    "/neighbourhood?iri=" + BASE + "id/actor/grainerie",
    "/paths?from=" + BASE + "id/actor/grainerie&to=" + BASE + "id/actor/agglo",
    "/queries",
    "/quality",
    "/structure",
    "/versions",
    "/about?iri=http://example.org/nothing",
)


@dataclass
class Both:
    """A store, and two sites over it: one whose pages last, and one that builds each anew."""

    store: Repository
    keeping: Flask
    anew: Flask

    def write(self, added: str = "", removed: str = "") -> int:
        with self.store.transaction("tests", "essai") as transaction:
            transaction.apply(Change(quads(added), quads(removed)))
            version = transaction.commit()
        assert version is not None
        return version.number

    def store_quads(self) -> list[ox.Quad]:
        with self.store.reader() as reader:
            return list(reader.quads(None, None, None, None))

    @property
    def client(self) -> FlaskClient:
        return self.keeping.test_client()

    @property
    def pages(self) -> LastingPages:
        found: Site = self.keeping.extensions["maillage"]
        return found.lasting

    def same(self, address: str) -> bool:
        """Whether both sites show the same. Tells nothing of how they came to."""
        kept, built = (app.test_client().get(address, headers=HTML) for app in (self.keeping, self.anew))
        assert lasting._TOKEN not in kept.get_data(as_text=True) + str(kept.headers)
        without = [[h for h in one.headers if h[0] != "Server-Timing"] for one in (kept, built)]
        return (kept.status_code, kept.data, without[0]) == (built.status_code, built.data, without[1])


def quads(turtle: str) -> frozenset[ox.Quad]:
    prefixes = f"@prefix m: <{M}> . @prefix t: <{T}> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    parsed = ox.parse(prefixes + turtle, ox.RdfFormat.TURTLE, base_iri=BASE)
    return frozenset(ox.Quad(q.subject, q.predicate, q.object, GRAPH) for q in parsed)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of one version, to be copied."""
    data = tmp_path_factory.mktemp("begun") / "data"
    ours = {ox.Quad(*triple, GRAPH) for triple in _turtle(OBSERVATORY)}
    terms = {t for name in ("maillage", "codes", "themes") for t in _turtle(folder("ontology") / f"{name}.ttl")}
    with stored(data).transaction("tests", "essai") as transaction:
        transaction.apply(Change(frozenset(ours | {ox.Quad(*t, ox.NamedNode(f"{BASE}graphs/ontology")) for t in terms})))
        transaction.commit()
    return data


def both_over(begun: Path, data: Path, megabytes: int) -> Both:
    """Two sites over a copy of a store, which say that they started at the same moment."""
    store = stored(shutil.copytree(begun, data, symlinks=True))
    found = Both(store, site(store), site(store))
    found.pages.resize(megabytes)
    moments = [app.extensions["maillage"].moments for app in (found.keeping, found.anew)]
    moments[1].started = moments[0].started
    return found


@pytest.fixture
def both(begun: Path, tmp_path: Path) -> Both:
    return both_over(begun, tmp_path / "data", 10)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of the pages that had to be built."""
    found: list[str] = []
    build = LastingPages._build

    def spied(self: LastingPages, key: tuple[object, ...], *rest: object) -> Response:
        found.append(str(key[2]))
        return build(self, key, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(LastingPages, "_build", spied)
    return found


ELSEWHERE = '<id/actor/ailleurs> m:description "Rien ne mène ici."@fr .'
"""What nothing refers to, and no kind of thing."""


def test_a_page_stands_for_a_version_that_changed_something_else(both: Both, built: list[str]) -> None:
    for address in ("/actor/grainerie", "/actor", "/theme"):
        both.client.get(address, headers=HTML)
    both.write(ELSEWHERE)
    built.clear()
    for address in ("/actor/grainerie", "/actor", "/theme"):
        assert both.same(address)
    assert built == []


def test_it_tells_the_version_that_it_is_shown_for(both: Both) -> None:
    both.client.get("/actor/grainerie", headers=HTML)
    number = both.write(ELSEWHERE)
    shown = both.client.get("/actor/grainerie", headers=HTML)
    text = shown.get_data(as_text=True)
    assert shown.headers["X-Maillage-Version"] == str(number) == "2"
    assert set(re.findall(r"version=(\d+)", text)) == {"2"}
    assert set(re.findall(r"/versions/(\d+)", text)) >= {"2"}
    assert "version 2 des données" in text


@pytest.mark.parametrize(
    ("address", "change"),
    [
        ("/actor/grainerie", '<id/actor/grainerie> m:description "Autrement."@fr .'),
        ("/actor/grainerie", "<id/project/neuf> a m:Project ; m:leader <id/actor/grainerie> ."),
        ("/actor/agglo", '<id/actor/grainerie> m:name "La Grainerie nouvelle"@fr .'),
        ("/actor", '<id/actor/neuf> a m:Association ; m:name "Aaa"@fr .'),
        ("/actor", '<id/actor/grainerie> m:name "La Grainerie nouvelle"@fr .'),
        ("/theme", 't:emploi skos:prefLabel "Travail"@fr .'),
        ("/statistics?measure=actors&rows=theme", "<id/actor/grainerie> m:theme t:emploi ."),
        ("/ontology", "m:Actor skos:definition 'Autrement.'@fr ."),
        ("/search?q=nouvelle", '<id/actor/grainerie> m:name "La Grainerie nouvelle"@fr .'),
        ("/actor?q=nouvelle", '<id/actor/grainerie> m:description "La nouvelle adresse."@fr .'),
        ("/suggestions", "<id/project/neuf> a m:Project ; m:leader <id/actor/agglo> ."),
        ("/matches", "<id/need/neuf> a m:ResourceNeed ; m:neededBy <id/actor/agglo> ."),
        ("/neighbourhood?iri=" + BASE + "id/actor/grainerie", "<id/project/neuf> a m:Project ; m:leader <id/actor/grainerie> ."),
    ],
)
def test_a_page_is_built_anew_where_what_it_shows_has_changed(both: Both, built: list[str], address: str, change: str) -> None:
    both.client.get(address, headers=HTML)
    before = both.anew.test_client().get(address, headers=HTML).data
    both.write(change)
    built.clear()
    assert both.same(address)
    assert len(built) == 1
    both.write(removed=change)
    assert both.same(address)
    assert both.same(address + ("&" if "?" in address else "?") + "version=1")
    assert before != b""


def test_what_is_written_elsewhere_of_the_same_resource_is_seen_in_the_next_version(both: Both) -> None:
    """A page that stood for one version is compared with the next from there, not from where it was built."""
    both.client.get("/actor/grainerie", headers=HTML)
    both.write(ELSEWHERE)
    assert both.same("/actor/grainerie")
    both.write('<id/actor/grainerie> m:description "Autrement."@fr .')
    assert both.same("/actor/grainerie")
    assert "Autrement." in both.client.get("/actor/grainerie", headers=HTML).get_data(as_text=True)


@pytest.mark.parametrize("seed", range(2))
def test_after_random_writes_every_page_is_as_if_built_anew(both: Both, built: list[str], seed: int) -> None:
    draw = random.Random(seed)
    ours = sorted({quad for quad in both.store_quads() if quad.graph_name == GRAPH}, key=str)
    for address in PAGES:
        both.client.get(address, headers=HTML)
    shown = stood = 0
    for number in range(4):
        one, other = draw.sample(ours, 2)
        name = ox.Quad(one.subject, ox.NamedNode(f"{M}name"), ox.Literal(f"Nom {number}", language="fr"), GRAPH)
        moved = ox.Quad(one.subject, one.predicate, other.object, GRAPH)
        change = draw.choice(
            [Change(frozenset({name})), Change(frozenset(), frozenset({one})), Change(frozenset({moved}), frozenset({one}))]
        )
        with both.store.transaction("tests", "essai") as transaction:
            transaction.apply(change)
            transaction.commit()
        built.clear()
        for address in PAGES:
            assert both.same(address), (address, change)
        shown, stood = shown + len(PAGES), stood + len(PAGES) - len(built)
    assert 0 < stood < shown


def test_a_version_that_took_the_number_of_another_has_pages_of_its_own(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    both.client.get("/actor/grainerie", headers=HTML)
    (page,) = both.pages._kept.values()
    with both.keeping.test_request_context("/actor/grainerie"):
        assert both.pages._stands(page, visit())
        assert not both.pages._stands(replace(page, created="2001-01-01T00:00:00+00:00"), visit())
        assert not both.pages._stands(replace(page, version=2), visit())


def test_after_many_versions_or_statements_a_page_is_built_anew(
    both: Both, built: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lasting, "_MOST_STATEMENTS", 1)
    both.client.get("/actor/grainerie", headers=HTML)
    both.write(ELSEWHERE + '<id/actor/ailleurs> m:mission "Aucune."@fr .')
    built.clear()
    both.client.get("/actor/grainerie", headers=HTML)
    monkeypatch.setattr(lasting, "_MOST_STEPS", 1)
    for word in ("un", "deux"):
        both.write(f'<id/actor/ailleurs> m:goal "{word}"@fr .')
    both.client.get("/actor/grainerie", headers=HTML)
    assert built == ["/actor/grainerie"] * 2


def test_an_erasure_leaves_no_page(both: Both, built: list[str]) -> None:
    both.write(ELSEWHERE)
    both.client.get("/actor/grainerie", headers=HTML)
    both.store.erase(f"{BASE}id/actor/ailleurs", "tests", [], seconds=0.1)
    built.clear()
    both.client.get("/actor/grainerie", headers=HTML)
    assert built == ["/actor/grainerie"]


def in_request(app: Flask, pages: LastingPages, build: Callable[[], Response | str], address: str = "/") -> str:
    with app.test_request_context(address):
        response = pages.get_or_build(visit(), "html", lambda: Response(build(), mimetype="text/html"))
        return response.get_data(as_text=True)


def test_the_places_left_open_are_filled_for_each_version(both: Both) -> None:
    pages = LastingPages(1)

    def build() -> str:
        return f"{stated(visit())} {late('version.html')}"

    first = in_request(both.keeping, pages, build)
    both.write(ELSEWHERE)
    second = in_request(both.keeping, pages, build)
    assert first.startswith("1 <p class=")
    assert second == first.replace("1 <", "2 <").replace("/versions/1", "/versions/2").replace("=1", "=2").replace(
        "ersion 1", "ersion 2"
    )


@pytest.mark.parametrize(
    "read",
    [
        lambda: visit().version,
        lambda: visit().site.history.published(),
        lambda: visit().site.kept.latest("essai", 1),
        lambda: visit().site.questions(1).ask_rows("SELECT ?x { VALUES ?x { 1 } }"),
        lambda: reads.lose("essai"),
    ],
)
def test_what_reads_more_than_can_be_compared_stands_for_its_own_version_alone(both: Both, read: Callable[[], object]) -> None:
    pages, made = LastingPages(1), []

    def build() -> str:
        made.append(read())
        return "x" * 10

    for _ in range(2):
        in_request(both.keeping, pages, build)
    assert len(made) == 2


def test_pages_take_no_more_than_they_may(both: Both) -> None:
    pages = LastingPages(1)
    for number in range(5):
        in_request(both.keeping, pages, lambda: "x" * 300_000, f"/{number}")
    assert len(pages._kept) == 3
    assert pages._size == sum(page.size for page in pages._kept.values()) <= 1_000_000
    assert in_request(both.keeping, pages, lambda: "new", "/4") != "new"
    assert in_request(both.keeping, pages, lambda: "new", "/0") == "new"


def test_without_a_server_that_says_so_nothing_lasts(both: Both) -> None:
    pages = LastingPages()
    in_request(both.keeping, pages, lambda: stated(visit()))
    assert not pages._kept
