"""Whatever is written, a page that is kept for later versions is, to the byte, the one that would be built anew.

The store has a tree of territories with outlines, themes, and entities of every kind; each write adds, changes or takes away
something of one of them, so that some pages stand and others fall.
"""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from app.engine.changes import Change
from app.generate import GRAPH, generate, read_communes, read_themes
from app.resources import folder
from tests.conftest import BASE, _turtle
from tests.web.test_lasting import HTML, Both, both_over, built  # noqa: F401  a fixture
from tests.web.writing import stored

M = "https://w3id.org/maillage/ontology#"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
OURS = ox.NamedNode(f"{BASE}graphs/{GRAPH}")
MAIN = (
    "/actor",
    "/actor?role=funds",
    "/actor?view=map",
    "/actor?near=evry-courcouronnes&km=20",
    "/actor?sort=links",
    "/partnership",
    "/partnership?sort=newest&page=2",
    "/project",
    "/project?view=map",
    "/event",
    "/need",
    "/offer",
    "/programme",
    "/embed/project",
    "/theme",
    "/statistics",
    "/statistics?measure=actors&rows=theme",
    "/statistics?measure=projects&rows=status",
    "/statistics?measure=links&rows=department",
    "/statistics?measure=entities&rows=kind&columns=source",
    "/statistics?measure=amounts&rows=funder",
    "/statistics/list?measure=density&rows=active",
    "/map",
    "/map?measure=partnerships",
    "/agenda",
    "/opportunities",
    "/matches",
    "/changes",
    "/queries",
    "/ontology",
)
PAGES, WRITES = 16, 5
"""Of all that may be looked at, and how often it is written, each time."""

Quads = frozenset[ox.Quad]


def ours(count: int, seed: int) -> Quads:
    lines = "".join(generate(count, seed, BASE, read_communes()[:20], read_themes()[:12])).encode()
    return frozenset(ox.parse(lines, ox.RdfFormat.N_QUADS))


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of one version, to be copied."""
    data = tmp_path_factory.mktemp("begun") / "data"
    quads = set(ours(10, 1))
    for name in ("maillage", "codes", "themes"):
        quads |= {
            ox.Quad(*triple, ox.NamedNode(f"{BASE}graphs/ontology")) for triple in _turtle(folder("ontology") / f"{name}.ttl")
        }
    seed = gzip.decompress((folder("seed") / "territories.ttl.gz").read_bytes())
    for quad in ox.parse(seed, ox.RdfFormat.TURTLE, base_iri=BASE):
        if not isinstance(quad.subject, ox.BlankNode) and not isinstance(quad.object, ox.BlankNode):
            quads.add(ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(f"{BASE}graphs/territories")))
    with stored(data).transaction("tests", "essai") as transaction:
        transaction.apply(Change(frozenset(quads)))
        transaction.commit()
    return data


@pytest.fixture
def both(begun: Path, tmp_path: Path) -> Both:
    return both_over(begun, tmp_path / "data", 50)


class Writes:
    """Draws changes of what a source says: each is small, as a person makes it."""

    def __init__(self, both: Both, draw: random.Random) -> None:
        self._both, self._draw = both, draw

    @property
    def said(self) -> list[ox.Quad]:
        with self._both.store.reader() as reader:
            return sorted(reader.quads(None, None, None, OURS), key=str)

    def subjects(self) -> list[ox.NamedNode]:
        """What has a type, in order."""
        return [quad.subject for quad in self.said if quad.predicate == TYPE]

    def change(self, number: int) -> Change:
        draw, said = self._draw, self.said
        one, other = draw.sample(said, 2)
        node = ox.NamedNode(f"{BASE}id/event/essai-{number}")
        name = ox.Quad(one.subject, ox.NamedNode(f"{M}name"), ox.Literal(f"Nom {number}", language="fr"), OURS)
        theme, territory = self._value("theme", said), self._value("territory", said)
        gone = draw.choice(self.subjects())
        whole = frozenset(quad for quad in said if quad.subject == gone)
        event = {ox.Quad(node, TYPE, ox.NamedNode(f"{M}Event"), OURS), ox.Quad(node, *theme, OURS)}
        same = [quad for quad in said if quad.predicate == one.predicate and quad.object != one.object]
        return draw.choice(
            [
                Change(frozenset({name})),
                Change(frozenset({ox.Quad(one.subject, *theme, OURS)})),
                Change(frozenset({ox.Quad(one.subject, *territory, OURS)})),
                Change(frozenset(), frozenset({one})),
                Change(frozenset(), whole),
                Change(frozenset(event)),
                Change(frozenset(self._again(said))),
                Change(
                    frozenset({ox.Quad(one.subject, one.predicate, draw.choice(same or [other]).object, OURS)}), frozenset({one})
                ),
                Change(frozenset({ox.Quad(one.subject, TYPE, ox.NamedNode(f"{M}Association"), OURS)})),
            ]
        )

    def _value(self, name: str, said: list[ox.Quad]) -> tuple[ox.NamedNode, object]:
        path = ox.NamedNode(f"{M}{name}")
        return path, self._draw.choice([quad.object for quad in said if quad.predicate == path])

    def _again(self, said: list[ox.Quad]) -> Iterator[ox.Quad]:
        """An entity of another generation with all that it says, or what had been taken away."""
        others = sorted(ours(10, 2) - set(said), key=str)
        subject = self._draw.choice(others).subject
        return (quad for quad in others if quad.subject == subject)


def addresses(draw: random.Random, writes: Writes) -> list[str]:
    """Some of the main pages and the pages of entities, themes and territories."""
    said = writes.said
    of_source = [node.value.removeprefix(f"{BASE}id") for node in writes.subjects() if f"{BASE}id/" in node.value]
    paged = [path for path in of_source if path.split("/")[1] in ("actor", "project", "partnership", "event", "need", "offer")]
    told = {name: sorted({q.object.value for q in said if q.predicate.value == M + name}) for name in ("theme", "territory")}
    near = [f"/{name}/{iri.rpartition('/')[2]}" for name, iris in told.items() for iri in draw.sample(iris, min(4, len(iris)))]
    lists = [f"/actor?theme={near[0].rpartition('/')[2]}", f"/project?territory={near[-1].rpartition('/')[2]}"]
    return draw.sample([*MAIN, *draw.sample(paged, 12), *near, *lists, "/territory/departement-91"], PAGES)


@pytest.mark.parametrize("seed", range(3))
def test_after_random_writes_every_page_is_as_if_built_anew(both: Both, built: list[str], seed: int) -> None:  # noqa: F811
    draw = random.Random(seed)
    writes = Writes(both, draw)
    pages = addresses(draw, writes)
    for address in pages:
        both.client.get(address, headers=HTML)
    stood = 0
    for number in range(WRITES):
        change = writes.change(number)
        with both.store.transaction("tests", "essai") as transaction:
            transaction.apply(change)
            if transaction.commit() is None:
                continue
        built.clear()
        for address in pages:
            assert both.same(address), (address, change)
        stood += len(pages) - len(built)
    assert 0 < stood < WRITES * PAGES


def test_an_added_actor_leaves_pages_that_show_none_as_they_are(both: Both, built: list[str]) -> None:  # noqa: F811
    standing = ("/partnership", "/project", "/agenda", "/opportunities", "/statistics", "/changes", "/matches", "/ontology")
    falling = ("/actor", "/statistics?measure=actors&rows=theme")
    for address in (*standing, *falling):
        both.client.get(address, headers=HTML)
    both.write('<id/actor/neuf> a m:Association ; m:name "Neuve"@fr .')  # in a source of its own: tables grow
    for address in (*standing, *falling):
        both.client.get(address, headers=HTML)
    both.write('<id/actor/autre> a m:Association ; m:name "Autre"@fr .')
    built.clear()
    for address in (*standing, *falling):
        assert both.same(address), address
    assert built == [address.partition("?")[0] for address in falling]


def test_a_description_of_a_theme_leaves_lists_as_they_are(both: Both, built: list[str]) -> None:  # noqa: F811
    """The trees are told again then, but are the same."""
    both.write('t:emploi skos:scopeNote "Premièrement."@fr .')
    both.client.get("/project", headers=HTML)
    both.write('t:emploi skos:scopeNote "Deuxièmement."@fr .')
    built.clear()
    assert both.same("/project")
    assert built == []
