"""Names, natures and dates from the indexes are those that the graph tells, and stand for their own version only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from app.asking.glances import Glances
from app.engine.changes import Change
from app.entities.names import Names
from app.entities.questions import Lately, Questions
from app.terms import MAILLAGE, TERRITORY
from app.text import LANGUAGES
from app.web.site import Site
from tests.conftest import BASE

if TYPE_CHECKING:
    from pathlib import Path


COMMUNE = "commune-91477"
DEPARTMENT = f"{TERRITORY}departement-91"
NAMES = ("Essonne", "Pays des Sources")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    from tests.web.seeded import seeded

    found: Site = seeded(tmp_path_factory.mktemp("glances")).extensions["maillage"]
    return found


def resources(questions: Questions) -> list[str]:
    """Everything that something is said of, and every property, the words of the model too."""
    rows = questions.ask_rows("SELECT DISTINCT ?x { { ?x ?p ?o } UNION { ?s ?x ?o } FILTER(isIRI(?x)) }")
    return sorted(str(row["x"].value) for row in rows if isinstance(row["x"], ox.NamedNode))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_at_hand_is_what_the_graph_tells(site: Site, language: str) -> None:
    asking = site.questions(1)
    at_hand = Glances(site.searches.at(1))
    wanted = resources(asking)
    told, known = (Names(site.vocabulary, language) for _ in range(2))  # type: ignore[arg-type]
    told.ask(asking, wanted)
    known.ask(replace(asking, at_hand=at_hand), wanted)
    assert [known.node(iri) for iri in wanted] == [told.node(iri) for iri in wanted]
    assert [known.period(iri) for iri in wanted] == [told.period(iri) for iri in wanted]
    assert [sorted(known.types(iri)) for iri in wanted] == [sorted(told.types(iri)) for iri in wanted]
    assert len(at_hand.known(set(wanted))) > 1_000


def test_what_was_asked_for_is_not_asked_for_again(site: Site) -> None:
    asked: list[str] = []
    asking = site.questions(1)

    def ask(text: str) -> list[dict[str, ox.NamedNode]]:
        asked.append(text)
        return asking.ask_rows(text)  # type: ignore[return-value]

    counting = replace(asking, ask_rows=ask, at_hand=Glances(site.searches.at(1)), lately=Lately())  # type: ignore[arg-type]
    property_, nothing = str(MAILLAGE.theme), f"{BASE}id/actor/nobody"
    for _ in range(2):
        names = Names(site.vocabulary, "fr")
        names.ask(counting, [property_, nothing])
        assert names.node(nothing).label == "nobody"
        assert names.node(property_).label != "theme"
    assert len(asked) == 1


def test_what_is_kept_is_bounded() -> None:
    lately = Lately(most=3)
    for number in range(10):
        lately.keep("nodes", "node", [f"{BASE}{number}"], [])
        assert sum(len(lately.known("nodes", [f"{BASE}{one}"])) for one in range(10)) <= 3
    assert lately.known("nodes", [f"{BASE}9"]) == {f"{BASE}9": []}
    assert lately.known("sources", [f"{BASE}9"]) == {}


def test_an_index_that_tells_no_days_is_not_believed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """As those of earlier releases, which older versions still have."""
    search = site.searches.at(1)
    hits = {one: replace(hit, days=None) for one, hit in search.of([DEPARTMENT]).items()}
    assert list(hits) == [DEPARTMENT]
    monkeypatch.setattr(search, "of", lambda _: hits)
    assert Glances(search).known({DEPARTMENT}) == {}


def test_a_new_name_is_that_of_its_version(tmp_path: Path) -> None:
    from tests.web.seeded import seeded

    app = seeded(tmp_path)
    client, repository = app.test_client(), app.extensions["maillage"].history.inner
    page = f"/territory/{COMMUNE}"
    assert NAMES[0] in client.get(page, headers={"Accept": "text/html"}).text
    node, graph = ox.NamedNode(DEPARTMENT), ox.NamedNode(f"{BASE}graphs/territories")
    old, new = (ox.Quad(node, ox.NamedNode(str(MAILLAGE.name)), ox.Literal(text, language="fr"), graph) for text in NAMES)
    with repository.transaction("tests", "un autre nom") as transaction:
        transaction.apply(Change(frozenset({new}), frozenset({old})))
        transaction.commit()
    after, before = (client.get(page + query, headers={"Accept": "text/html"}).text for query in ("", "?version=1"))
    assert NAMES[1] in after
    assert NAMES[1] not in before


def test_a_page_of_a_version_whose_index_cannot_be_read_asks_the_graph(tmp_path: Path) -> None:
    from tests.web.seeded import seeded

    app = seeded(tmp_path)
    repository = app.extensions["maillage"].history.inner
    with repository.lease(1) as store:
        (store.parent / "search" / "meta.json").write_text("{}", encoding="utf-8")
    page = app.test_client().get("/actor/poles-noe", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "PôleS" in page.text
