"""What is to be mended: each check finds what it must in a small graph, and nothing that is as it should be."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.discovery.network import Network
from app.discovery.places import Places
from app.discovery.quality import Report, report_of
from app.discovery.quality.likenesses import Named, are_alike, look_alikes, words
from app.discovery.quality.report import chosen
from tests.discovery.asking import BASE, questions_on, short, store_of
from tests.discovery.networks import quads, written

DAY = datetime.date(2026, 1, 1)
FULL = """maillage:description "Ce que c’est."@fr ; maillage:theme theme:velo ; maillage:territory territory:commune-1 ;
    dcterms:source <id/source/s>"""
SAID = f"""
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix maillage: <https://w3id.org/maillage/ontology#> .
@prefix territory: <https://w3id.org/maillage/territory/> . @prefix theme: <https://w3id.org/maillage/theme/> .
@prefix code: <https://w3id.org/maillage/code/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<id/actor/full> a maillage:Association ; maillage:name "Les Vélos"@fr ; maillage:siren "111" ; {FULL} .
<id/actor/bare> a maillage:Association ; maillage:name "La Nue"@fr .
<id/actor/twin> a maillage:Association ; maillage:name "Vélos du canal"@fr ; maillage:siren "111" ; {FULL} .
<id/actor/like> a maillage:Association ; maillage:name "Assoc. la NUE"@fr ; {FULL} .
territory:commune-1 a maillage:Commune ; maillage:siren "111" ; maillage:name "Ici"@fr .
<id/project/ended> a maillage:Project ; maillage:leader <id/actor/full> ; maillage:endDate "2024"^^xsd:gYear ;
    maillage:status <https://w3id.org/maillage/code/project-status/ongoing> ; {FULL} .
<id/project/alone> a maillage:Project ; {FULL} .
<id/offer/past> a maillage:Offer ; maillage:validThrough "2025-12-31"^^xsd:date ; {FULL} .
<id/offer/now> a maillage:Offer ; maillage:validThrough "2026-01-01"^^xsd:date ; {FULL} .
<id/call/past> a maillage:CallForProjects ; maillage:deadline "2024-05-01"^^xsd:date ; {FULL} .
<id/partnership/p> a maillage:Partnership ; dcterms:source <id/source/s> .
<id/source/s> a maillage:Source ; maillage:retrieved "2025-06-01"^^xsd:date .
<id/source/old> a maillage:Source ; maillage:retrieved "2023-12-31"^^xsd:date .
<id/actor/doubtful> a maillage:Association ; maillage:name "Ceux du pont"@fr ; {FULL} ;
    maillage:confidence <https://w3id.org/maillage/code/confidence/uncertain> ;
    maillage:reviewStatus <https://w3id.org/maillage/code/review-status/to-review> .
"""
EXPECTED: Mapping[str, list[str]] = {
    "link-to-nothing": ["actor/doubtful", "actor/full", "actor/like", "actor/twin"],
    "partnership-ends-before-it-starts": [],
    "same-siret-two-actors": [],
    "same-siren": ["actor/full"],
    "look-alikes": ["actor/bare"],
    "no-source": ["actor/bare"],
    "old-source": ["source/old"],
    "past-listing": ["call/past", "offer/past"],
    "ongoing-but-ended": ["project/ended"],
    "unlinked-project": ["project/alone"],
    "isolated": ["actor/bare"],
    "no-date": ["partnership/p"],
    "no-theme": ["actor/bare"],
    "no-territory": ["actor/bare"],
    "no-description": ["actor/bare"],
    "uncertain": ["actor/doubtful"],
    "not-reviewed": ["actor/doubtful"],
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    store = store_of(text=SAID)
    graph = ox.NamedNode(f"{BASE}graphs/a")
    for quad in list(store.quads_for_pattern(ox.NamedNode(f"{BASE}id/actor/bare"), None, None)):
        store.add(ox.Quad(quad.subject, quad.predicate, quad.object, graph))
    network = written(tmp_path_factory.mktemp("quality") / "n", quads(f"<{BASE}id/actor/bare> a :Association ."))
    return report_of(questions_on(store), network, isolated(network), 1, DAY)


def isolated(network: Network) -> list[int]:
    return network.nodes("actor").tolist()


@pytest.mark.parametrize("key", [key for key in EXPECTED if key != "link-to-nothing"])
def test_each_check_finds_what_it_must_and_nothing_else(report: Report, key: str) -> None:
    check = report.get(key)
    assert check is not None
    assert sorted(short(one.entity for one in check.findings)) == EXPECTED[key]
    assert check.complete


def test_every_check_is_reported_once(report: Report) -> None:
    assert {check.key for check in report.checks} == EXPECTED.keys()
    assert report.get("nothing-like-it") is None


def test_a_finding_tells_its_source_and_its_place(report: Report) -> None:
    check = report.get("no-theme")
    assert check is not None
    assert check.by_source == {f"{BASE}graphs/a": 1}
    assert report.sources == [f"{BASE}graphs/a"]
    uncertain = report.get("uncertain")
    assert uncertain is not None
    commune = "https://w3id.org/maillage/territory/commune-1"
    assert len(chosen(uncertain, Places({}, {}), None, commune)) == 1
    assert chosen(uncertain, Places({}, {}), None, "https://w3id.org/maillage/territory/elsewhere") == []
    assert chosen(uncertain, Places({}, {}), f"{BASE}graphs/a", None) == []


def test_a_double_names_the_other_and_what_they_share(report: Report) -> None:
    same, like = report.get("same-siren"), report.get("look-alikes")
    assert same is not None
    assert like is not None
    assert [(short([str(one.other)]), one.detail) for one in same.findings] == [(["actor/twin"], "111")]
    assert [(short([str(one.other)]), one.detail) for one in like.findings] == [(["actor/like"], "La Nue / Assoc. la NUE")]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Association Actives", "ACTIVES", True),
        ("FACE CORBEIL ESSONES", "FACE CORBEIL-ESSONNES", True),
        ("Régie de quartier des Amonts", "Régie de quartier", True),
        ("Les Jardins du lac", "Les Jardins de la gare", False),
        ("Association", "Asso", False),
        ("Le Relais", "Relais jeunes", False),
    ],
)
def test_names_are_alike_by_their_telling_words(one: str, other: str, alike: bool) -> None:
    assert are_alike(words(one), words(other)) is alike


def test_two_sirens_are_two_organisations() -> None:
    pair = [Named("a", ("Coup de pouce",), "1"), Named("b", ("COUP DE POUCE",), "2"), Named("c", ("Coup de Pouce",))]
    assert [(one, other) for one, other, _ in look_alikes(pair)] == [("a", "c"), ("b", "c")]


@given(st.lists(st.sampled_from(["coup de pouce", "le pont", "pont neuf", "atelier bois", "bois atelier", "x"]), max_size=7))
def test_look_alikes_are_all_the_pairs_that_are_alike(names: list[str]) -> None:
    actors = [Named(str(turn), (name,)) for turn, name in enumerate(names)]
    found = {(one, other) for one, other, _ in look_alikes(actors)}
    wanted = {
        (str(a), str(b))
        for a in range(len(names))
        for b in range(a + 1, len(names))
        if set(words(names[a])) & set(words(names[b])) and are_alike(words(names[a]), words(names[b]))
    }
    assert found == wanted


def test_the_fixture_stands_where_the_catalogue_is() -> None:
    assert {path.stem for path in Path("queries/quality").glob("*.rq")} <= EXPECTED.keys()
