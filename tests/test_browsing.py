"""Lists narrowed by facets: which entities each filter leaves, counts that are the lists they open, orders, what is near."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pyoxigraph as ox
import pytest
from werkzeug.datastructures import MultiDict

from app.assembly import load_vocabulary
from app.browsing import Browser, Facet, Selection, Value
from app.browsing.nearby import distances
from app.engine.indexes import Indexes
from app.engine.versions import Repository
from app.facts import FactsIndex, open_facts
from app.folding import folded
from app.search import Classes, SearchIndex, load
from app.text import Language, pick
from tests.engine.versioned import BASE, FAST, quick_folder, write

M = "https://w3id.org/maillage/ontology#"
INDEXES = [SearchIndex(Classes(load_vocabulary), "tests"), FactsIndex("tests", load_vocabulary)]

TURTLE = """
territory:region-11 a m:Region ; m:name "Île-de-France"@fr .
territory:departement-91 a m:Department ; m:name "Essonne"@fr ; m:within territory:region-11 .
territory:departement-92 a m:Department ; m:name "Hauts-de-Seine"@fr ; m:within territory:region-11 .
territory:commune-91377 a m:Commune ; m:name "Massy"@fr ; m:postalCode "91300" ; m:within territory:departement-91 ;
    geo:hasCentroid <urn:massy> .
territory:commune-91477 a m:Commune ; m:name "Palaiseau"@fr ; m:postalCode "91120" ; m:within territory:departement-91 ;
    geo:hasCentroid <urn:palaiseau> .
territory:commune-92002 a m:Commune ; m:name "Antony"@fr ; m:within territory:departement-92 ; geo:hasCentroid <urn:antony> .
<urn:massy> geo:asWKT "POINT (2.2753 48.7275)"^^geo:wktLiteral .
<urn:palaiseau> geo:asWKT "POINT (2.2369 48.7145)"^^geo:wktLiteral .
<urn:antony> geo:asWKT "POINT (2.2971 48.7503)"^^geo:wktLiteral .
theme:mobilite a m:Theme ; skos:prefLabel "Mobilité"@fr .
theme:velo a m:Theme ; skos:prefLabel "Vélo"@fr ; skos:broader theme:mobilite .
theme:bus a m:Theme ; skos:prefLabel "Bus"@fr ; skos:broader theme:mobilite .
theme:culture a m:Theme ; skos:prefLabel "Culture"@fr .
<id/actor/a> a m:Association ; m:name "Zébu"@fr ; m:theme theme:velo , theme:bus ; m:territory territory:commune-91377 ;
    m:startDate "2019"^^xsd:gYear .
<id/actor/b> a m:WorkerCooperative ; m:name "Écluse"@fr , "Lock"@en ; m:theme theme:velo , theme:culture ;
    m:territory territory:departement-91 ; m:startDate "2021-05"^^xsd:gYearMonth .
<id/actor/c> a m:Cooperative ; m:name "Arc vélo"@fr ; m:territory territory:commune-92002 , territory:commune-91477 .
<id/actor/d> a m:Actor ; m:name "eau"@fr ; m:theme theme:culture ; m:headOffice <id/place/halle> .
<id/place/halle> a m:Place ; m:name "Halle"@fr ; m:latitude 48.7140 ; m:longitude 2.2400 .
<id/project/p> a m:Project ; m:name "Vélobus"@fr ; m:theme theme:mobilite ; m:leader <id/actor/a> .
<id/partnership/x> a m:Partnership ; m:name "Convention"@fr ; m:startDate "2020"^^xsd:gYear ; m:endDate "2022"^^xsd:gYear ;
    m:participation <id/participation/1> , <id/participation/2> .
<id/participation/1> a m:Participation ; m:participant <id/actor/a> ; m:role <https://w3id.org/maillage/code/role/funds> .
<id/participation/2> a m:Participation ; m:participant <id/actor/b> ; m:role <https://w3id.org/maillage/code/role/signs> .
"""
PREFIXES = f"""@base <{BASE}> . @prefix m: <{M}> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix theme: <https://w3id.org/maillage/theme/> . @prefix territory: <https://w3id.org/maillage/territory/> .
"""


def quads(turtle: str, source: str = "lettre") -> frozenset[ox.Quad]:
    graph = ox.NamedNode(f"{BASE}graphs/{source}")
    return frozenset(ox.Quad(*quad.triple, graph) for quad in ox.parse(PREFIXES + turtle, ox.RdfFormat.TURTLE))


def opened(statements: frozenset[ox.Quad], folder: str) -> Browser:
    from pathlib import Path

    repository = Repository(Path(folder) / "data", BASE, options=FAST, indexes=INDEXES)
    version = write(repository, statements)
    assert version is not None
    facts = Indexes(repository.lease, "facts", open_facts).at(version.number)
    return Browser(facts, Indexes(repository.lease, "search", load).at(version.number))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with quick_folder() as folder:
        other = '<id/actor/a> m:description "On y roule."@fr .'
        yield opened(quads(TURTLE) | quads(other, "gazette"), str(folder))


def select(kind: str = "actor", **given: str | list[str]) -> Selection:
    pairs = [(name.rstrip("_"), one) for name, v in given.items() for one in ([v] if isinstance(v, str) else v)]
    return Selection.read(kind, BASE, MultiDict(pairs))


def names(browser: Browser, selection: Selection, sort: str = "") -> str:
    rows = browser.listed(selection, sort, "fr").rows
    return "".join(iri.rpartition("/")[2] for iri in browser.facts.iris(rows.tolist()))


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({}, "cdba"),
        ({"theme": "mobilite"}, "ba"),
        ({"theme": "velo"}, "ba"),
        ({"theme": "bus"}, "a"),
        ({"theme": ["bus", "culture"]}, "dba"),
        ({"theme": "https://w3id.org/maillage/theme/culture"}, "db"),
        ({"theme": "nothing"}, ""),
        ({"territory": "region-11"}, "cba"),
        ({"territory": "departement-91"}, "cba"),
        ({"territory": "departement-92"}, "c"),
        ({"territory": ["commune-91377", "departement-92"]}, "ca"),
        ({"theme": "velo", "territory": "commune-91377"}, "a"),
        ({"class_": "Cooperative"}, "cb"),
        ({"class_": "Association"}, "a"),
        ({"source": "gazette"}, "a"),
        ({"source": "lettre"}, "cdba"),
        ({"role": "role/funds"}, "a"),
        ({"role": ["role/funds", "role/signs"]}, "ba"),
        ({"partner": "actor/a"}, "b"),
        ({"partner": f"{BASE}id/actor/b"}, "a"),
        ({"partner": "actor/nobody"}, ""),
        ({"from": "2021"}, "b"),
        ({"to": "2020"}, "a"),
        ({"from": "2019", "to": "2021"}, "ba"),
        ({"q": "velo"}, "cab"),
        ({"q": "velo", "territory": "departement-92"}, "c"),
        ({"q": "xyzzy"}, ""),
    ],
)
def test_a_filter_leaves_exactly_what_has_one_of_its_values(browser: Browser, given: dict[str, str], left: str) -> None:
    found = names(browser, select(**given))
    assert sorted(found) == sorted(left)
    if "q" not in given:
        assert found == "".join(one for one in "cdba" if one in left)


def test_names_are_sorted_whatever_accents_and_capitals_in_the_readers_language(browser: Browser) -> None:
    assert names(browser, select()) == "cdba"
    english = browser.listed(select(), "", "en").rows
    assert browser.facts.iris(english.tolist())[2] == f"{BASE}id/actor/b"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_names_are_sorted_as_the_search_index_shows_them(browser: Browser, language: Language) -> None:
    def shown(iri: str) -> tuple[bool, str, str]:
        hit = browser.search.of([iri]).get(iri)
        texts: dict[str | None, str] = {}
        for text, tag in (*hit.names, *hit.other_names) if hit else ():
            texts.setdefault(tag, text)
        name = pick(texts, language)
        return name is None, " ".join(folded().analyze(name[0])) if name else "", iri

    for kind in ("actor", "place", "territory", "theme", "partnership"):
        iris = browser.facts.iris(browser.listed(select(kind), "name", language).rows.tolist())
        assert iris == sorted(iris, key=shown)


def test_a_long_list_begins_with_what_is_most_linked_unless_names_are_asked_for(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.browsing.browser.MOST_BY_NAME", 2)
    selection = select(territory=["region-11", "commune-91377"])
    assert browser.listed(selection, "", "fr").sort == "links"
    listed = browser.listed(selection, "name", "fr")
    assert (listed.sort, "".join(iri[-1] for iri in browser.facts.iris(listed.rows.tolist()))) == ("name", "cba")


def test_other_orders_are_by_links_by_beginning_and_by_words(browser: Browser) -> None:
    degrees = browser.facts.column("degree")[browser.listed(select(), "links", "fr").rows].tolist()
    assert all(one >= other for one, other in pairwise(degrees))
    assert names(browser, select(), "newest")[:2] == "ba"
    assert names(browser, select(q="arc vélo"))[0] == "c"


def test_partners_of_other_kinds_are_what_they_take_part_in_or_lead(browser: Browser) -> None:
    assert names(browser, select("partnership", partner="actor/b")) == "x"
    assert names(browser, select("partnership", partner="actor/d")) == ""
    assert names(browser, select("project", partner="actor/a")) == "p"


@pytest.mark.parametrize(
    ("near", "km", "left"),
    [
        ("Massy", "1", "a"),
        ("91300", "1", "a"),
        ("commune-91377", "1", "a"),
        ("massy", "3,5", "acd"),
        ("Massy", "2.5", "a"),
        ("Palaiseau", "1", "cd"),
        ("Antony", "0.1", "c"),
        ("Atlantis", "50", ""),
    ],
)
def test_what_is_near_is_measured_from_the_centre_of_the_town(browser: Browser, near: str, km: str, left: str) -> None:
    assert sorted(names(browser, select(near=near, km=km))) == sorted(left)


def test_the_point_of_a_row_is_the_first_of_all_that_it_has(browser: Browser) -> None:
    rows, longitudes, latitudes = browser.chooser.positions.points
    first = dict(zip(rows.tolist()[::-1], zip(longitudes.tolist()[::-1], latitudes.tolist()[::-1], strict=True), strict=True))
    assert browser.positions(np.flatnonzero(browser.facts.alive)) == first
    names = {browser.facts.iri(row).rpartition("/")[2]: point for row, point in first.items()}
    assert {name: names.get(name) for name in ("a", "b", "d", "halle", "commune-91377")} == {
        "a": (2.2753, 48.7275),
        "b": None,
        "d": (2.24, 48.714),
        "halle": (2.24, 48.714),
        "commune-91377": (2.2753, 48.7275),
    }


def test_a_place_that_is_not_known_leaves_nothing_and_offers_what_it_may_be(browser: Browser) -> None:
    listed = browser.listed(select(near="Masy"), "", "fr")
    assert listed.place is not None
    assert (len(listed), listed.place.territories) == (0, ())
    assert [iri.rpartition("/")[2] for iri in listed.place.candidates] == ["commune-91377"]


def test_distances_are_those_on_the_sphere() -> None:
    found = distances(np.array([2.3522, 2.0, 180.0]), np.array([48.8566, 48.0, 0.0]), 4.8357, 45.7640)
    assert found[0] == pytest.approx(391.5, abs=0.5)  # Paris to Lyon
    assert distances(np.array([2.0]), np.array([48.0]), 2.0, 48.0)[0] == 0
    assert distances(np.array([0.0]), np.array([90.0]), 0.0, -90.0)[0] == pytest.approx(np.pi * 6371.0088)


def facet(browser: Browser, name: str, selection: Selection) -> Facet | None:
    return next((one for one in browser.facets(selection) if one.name == name), None)


def flat(values: tuple[Value, ...]) -> dict[str, int]:
    return {one.word: one.count for value in values for one in (value, *_below(value))}


def _below(value: Value) -> list[Value]:
    return [one for below in value.below for one in (below, *_below(below))]


def test_themes_stand_in_their_tree_with_counts_that_include_what_is_below(browser: Browser) -> None:
    found = facet(browser, "theme", select())
    assert found is not None
    assert [(v.word, v.count, [(b.word, b.count) for b in v.below]) for v in found.values] == [
        ("culture", 2, []),
        ("mobilite", 2, [("velo", 2), ("bus", 1)]),
    ]


def test_a_chosen_value_keeps_the_others_of_its_facet_countable_and_narrows_the_other_facets(browser: Browser) -> None:
    chosen = select(theme="bus")
    themes, territories = facet(browser, "theme", chosen), facet(browser, "territory", chosen)
    assert themes is not None
    assert flat(themes.values)["culture"] == 2
    assert themes.chosen == 1
    assert territories is None or flat(territories.values) == {"commune-91377": 1}


def test_territories_begin_below_what_contains_everything(browser: Browser) -> None:
    found = facet(browser, "territory", select())
    assert found is not None
    assert {v.word: v.count for v in found.values} == {"departement-91": 3, "departement-92": 1}
    opened_ = facet(browser, "territory", select(territory="departement-91"))
    assert opened_ is not None
    (essonne,) = [v for v in opened_.values if v.word == "departement-91"]
    assert {v.word: v.count for v in essonne.below} == {"commune-91377": 1, "commune-91477": 1}


def test_classes_stand_below_the_kind(browser: Browser) -> None:
    found = facet(browser, "class", select())
    assert found is not None
    assert flat(found.values) == {"Organization": 3, "Cooperative": 2, "WorkerCooperative": 1, "Association": 1}


@pytest.mark.parametrize("seed", range(3))
def test_every_count_is_the_length_of_the_list_that_it_opens(seed: int) -> None:
    random_ = random.Random(seed)
    lines = [TURTLE[: TURTLE.index("<id/actor/a>")]]
    themes, towns = ["mobilite", "velo", "bus", "culture"], ["departement-91", "commune-91377", "commune-91477", "commune-92002"]
    for number in range(40):
        about = "".join(f" ; m:theme theme:{one}" for one in random_.sample(themes, random_.randint(0, 3)))
        about += "".join(f" ; m:territory territory:{one}" for one in random_.sample(towns, random_.randint(0, 3)))
        class_ = random_.choice(["Association", "Cooperative", "WorkerCooperative", "Company", "Actor"])
        lines.append(f'<id/actor/{number}> a m:{class_} ; m:name "Acteur {number}"@fr{about} .')
    with quick_folder() as folder:
        browser = opened(quads("\n".join(lines)), str(folder))
        for selection in [
            select(),
            select(theme=random_.choice(themes)),
            select(territory=random_.choice(towns), class_="Cooperative"),
            select(theme=random_.sample(themes, 2), territory=random_.choice(towns)),
        ]:
            for one in browser.facets(selection):
                for word, count in flat(one.values).items():
                    rest = selection.without(one.name)
                    alone = Selection(
                        rest.kind, rest.base, {**rest.values, one.name: select(**{one.name: word}).values[one.name]}
                    )
                    assert len(browser.listed(alone, "", "fr")) == count, (one.name, word)


@pytest.mark.parametrize(
    "given", [{"from": "20"}, {"to": "abcd"}, {"near": "x", "km": "0"}, {"near": "x", "km": "501"}, {"near": "x", "km": "nan"}]
)
def test_what_cannot_be_read_is_refused_by_its_name(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"from|to|km"):
        select(**given)
