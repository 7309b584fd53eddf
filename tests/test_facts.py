"""The facts index: what it keeps of a graph, kept up by small writes as if built anew; counts equal the lists that they open."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyoxigraph as ox
import pytest

from app.assembly import load_vocabulary
from app.engine.changes import Change
from app.engine.indexes import Indexes
from app.engine.versions import Repository
from app.facts import Facts, FactsIndex, Opening, kept, masks, open_facts
from app.facts.dates import span
from app.text import LANGUAGES, Language
from app.vocabulary import Vocabulary
from tests.engine.versioned import BASE, FAST

M, X = "https://w3id.org/maillage/ontology#", "http://www.w3.org/2001/XMLSchema#"
T, P = "https://w3id.org/maillage/theme/", "https://w3id.org/maillage/territory/"
CODE = "https://w3id.org/maillage/code/"
PREFIXES = f"""
@prefix m: <{M}> . @prefix x: <{X}> . @prefix t: <{T}> . @prefix p: <{P}> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix role: <{CODE}role/> . @prefix code: <{CODE}> .
"""
LAND = """
t:food a m:Theme ; skos:prefLabel "Alimentation"@fr .  t:garden a m:Theme ; skos:broader t:food .  t:work a m:Theme .
p:region-1 a m:Region ; m:name "Région"@fr .
p:departement-1 a m:Department ; m:within p:region-1 .
p:epci-1 a m:Intercommunality ; m:within p:departement-1 .
p:commune-1 a m:Commune ; m:within p:departement-1 , p:epci-1 ; m:population 1200 .
p:commune-2 a m:Commune ; m:within p:departement-1 .
"""


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def index(least_fold: int = 2_000) -> FactsIndex:
    return FactsIndex("tests", vocabulary, least_fold=least_fold)


def quads(turtle: str, graph: str = "one") -> set[ox.Quad]:
    name = ox.NamedNode(f"{BASE}graphs/{graph}")
    return {
        ox.Quad(q.subject, q.predicate, q.object, name) for q in ox.parse(PREFIXES + turtle, ox.RdfFormat.TURTLE, base_iri=BASE)
    }


def write(repository: Repository, added: set[ox.Quad], removed: set[ox.Quad] = frozenset()) -> Facts:  # type: ignore[assignment]
    with repository.transaction("tests", "essai") as transaction:
        transaction.apply(Change(frozenset(added), frozenset(removed)))
        version = transaction.commit()
    return at(repository, version.number if version else repository.current_number())


def at(repository: Repository, number: int, opening: Callable[[Path], Facts] = open_facts) -> Facts:
    with repository.lease(number) as store:
        return opening(store.parent / "facts")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "data", BASE, options=FAST, indexes=(index(),))


def told(facts: Facts) -> dict[str, dict[str, Any]]:
    """All that the index says, by IRI: neither rows nor numbers."""
    return {facts.iri(row): dict(_told(facts, row)) for row in np.flatnonzero(facts.alive).tolist()}


def _told(facts: Facts, row: int) -> Iterator[tuple[str, Any]]:
    tables = facts.tables
    for language in LANGUAGES:
        yield f"name {language}", facts.name_key(row, language)
    for name in kept.COLUMNS:
        value = facts.column(name)[row].item()
        value = tables.codes[value] if name in kept.CODES else value
        yield name, tables.kinds[value] if name == "kind" else None if value != value else value
    for name, table in kept.PAIRS.items():
        values = facts.of(name, row).tolist()
        yield name, sorted(tables.names(table)[value] if table else facts.iri(value) for value in values)
    for name, (others, roles) in (("engagements", facts.engagements(row)), ("parties", facts.parties_of(row))):
        yield name, sorted((facts.iri(o), tables.codes[r]) for o, r in zip(others.tolist(), roles.tolist(), strict=True))


def trees(facts: Facts) -> list[Any]:
    tables, found = facts.tables, []
    for names, tree in ((tables.themes, tables.theme_tree), (tables.territories, tables.territory_tree)):
        found.append(
            {
                names[n]: (sorted(names[up] for up in tree.above(n)), b.level, b.population, dict(b.names))
                for n, b in tree.branches.items()
            }
        )
    return found


def test_a_row_says_what_the_graph_says(repository: Repository) -> None:
    facts = write(
        repository,
        quads(LAND)
        | quads("""
        <id/actor/a> a m:Association ; m:mainTheme t:garden ; m:theme t:work ; m:territory p:commune-1 ;
            m:legalForm code:legal-form\\/9220 ; m:headOffice <id/place/x> ; m:foundingDate "2015-03"^^x:gYearMonth .
        <id/place/x> a m:Place ; m:latitude 48.5 ; m:longitude 2.25 .
        <id/partnership/p> a m:Partnership ; m:amount 12.345 ; m:numberOfPosts 3 ; m:startDate "2020"^^x:gYear ;
            m:endDate "2021-05-04"^^x:date ; m:participation <id/participation/1> , <id/participation/2> .
        <id/participation/1> a m:Participation ; m:participant <id/actor/a> ; m:role role:signs .
        <id/participation/2> a m:Participation ; m:participant <id/actor/unknown> .
        """),
    )
    actor, partnership = told(facts)[f"{BASE}id/actor/a"], told(facts)[f"{BASE}id/partnership/p"]
    assert (actor["kind"], actor["classes"]) == ("actor", [f"{M}Association"])
    assert actor["themes"] == [f"{T}garden", f"{T}work"]
    assert actor["main_themes"] == [f"{T}garden"]
    assert actor["territories"] == [f"{P}commune-1"]
    assert actor["legal_form"] == f"{CODE}legal-form/9220"
    assert actor["places"] == [f"{BASE}id/place/x"]
    assert (actor["start"], actor["start_precision"]) == (16_495, kept.MONTH)
    assert actor["engagements"] == [(f"{BASE}id/partnership/p", f"{CODE}role/signs")]
    assert actor["degree"] == 5  # two themes, a territory, a place, a participation
    assert (partnership["amount"], partnership["posts"]) == (1_234, 3)
    assert (partnership["start"], partnership["start_precision"]) == (18_262, kept.YEAR)
    assert (partnership["end"], partnership["end_precision"]) == (18_751, kept.DAY)
    assert partnership["parties"] == [(f"{BASE}id/actor/a", f"{CODE}role/signs")]
    assert partnership["sources"] == [f"{BASE}graphs/one"]
    assert told(facts)[f"{BASE}id/place/x"]["latitude"] == 48.5


def test_parts_of_other_entities_and_what_has_no_kind_have_no_row(repository: Repository) -> None:
    facts = write(repository, quads('<id/participation/1> a m:Participation . <id/x> m:name "Sans classe"@fr .'))
    assert told(facts) == {}
    assert facts.row(f"{BASE}id/participation/1") is None


def test_what_two_sources_state_counts_once(repository: Repository) -> None:
    statement = "<id/partnership/p> a m:Partnership ; m:amount 100 ; m:theme t:work ."
    facts = write(repository, quads(statement, "one") | quads(statement, "two"))
    row = told(facts)[f"{BASE}id/partnership/p"]
    assert (row["amount"], row["degree"], row["themes"]) == (10_000, 1, [f"{T}work"])
    assert row["sources"] == [f"{BASE}graphs/one", f"{BASE}graphs/two"]


def test_of_different_values_the_careful_one_stands(repository: Repository) -> None:
    facts = write(
        repository,
        quads('<id/partnership/p> a m:Partnership ; m:amount 100 ; m:startDate "2020"^^x:gYear ; m:endDate "2020"^^x:gYear .')
        | quads('<id/partnership/p> m:amount 90 ; m:startDate "2020-01-01"^^x:date ; m:endDate "2021"^^x:gYear .', "two"),
    )
    row = told(facts)[f"{BASE}id/partnership/p"]
    assert (row["amount"], row["start_precision"], row["end"]) == (9_000, kept.DAY, 18_992)


@pytest.mark.parametrize(
    ("text", "datatype", "expected"),
    [
        ("2020", "gYear", (18_262, 18_627, kept.YEAR)),
        ("2020-02", "gYearMonth", (18_293, 18_321, kept.MONTH)),
        ("2020-02-29", "date", (18_321, 18_321, kept.DAY)),
        ("2020-02-29T10:00:00Z", "dateTime", (18_321, 18_321, kept.DAY)),
        ("2020+02:00", "gYear", (18_262, 18_627, kept.YEAR)),
        ("9999-12", "gYearMonth", (2_932_866, 2_932_896, kept.MONTH)),
        ("2021-02-29", "date", None),
        ("-0044", "gYear", None),
        ("bientôt", "string", None),
        ("", "date", None),
    ],
)
def test_a_date_is_read_as_precisely_as_it_is_stated(text: str, datatype: str, expected: tuple[int, int, int] | None) -> None:
    assert span(text, datatype) == expected


def test_themes_territories_and_classes_contain_those_below(repository: Repository) -> None:
    facts = write(
        repository,
        quads(LAND)
        | quads("""
        <id/actor/a> a m:Association ; m:mainTheme t:garden ; m:theme t:food ; m:territory p:commune-1 , p:departement-1 .
        <id/actor/b> a m:Company ; m:theme t:work ; m:territory p:commune-2 .
        <id/actor/c> a m:Person .
        """),
    )

    def names(mask: Any) -> str:
        return "".join(facts.iri(row)[-1] for row in np.flatnonzero(mask).tolist())

    assert names(masks.about(facts, f"{T}food")) == "a"
    assert names(masks.about(facts, f"{T}food", main=True)) == "a"
    assert names(masks.about(facts, f"{T}work", main=True)) == ""
    assert names(masks.about(facts, f"{T}nothing")) == ""
    assert names(masks.within(facts, f"{P}region-1")) == "ab"
    assert names(masks.within(facts, f"{P}epci-1")) == "a"
    assert names(masks.of_class(facts, f"{M}Organization")) == "ab"
    assert names(masks.of_kind(facts, "actor")) == "abc"
    assert names(masks.of_kind(facts, "participation")) == ""


def test_a_period_only_takes_what_is_known_to_touch_it(repository: Repository) -> None:
    facts = write(
        repository,
        quads("""
        <id/project/a> a m:Project ; m:startDate "2020"^^x:gYear .
        <id/project/b> a m:Project ; m:startDate "2019-05"^^x:gYearMonth ; m:endDate "2021"^^x:gYear .
        <id/project/c> a m:Project .
        <id/project/d> a m:Project ; m:endDate "2020-06-30"^^x:date .
        """),
    )

    def names(first: str, last: str) -> str:
        days = [found[0] if (found := span(text, "date")) else None for text in (first, last)]
        return "".join(facts.iri(row)[-1] for row in np.flatnonzero(masks.during(facts, *days)).tolist())

    assert names("2020-06-01", "2020-06-29") == "ab"
    assert names("2020-06-01", "2020-07-29") == "abd"
    assert names("2021-01-01", "2021-01-01") == "b"
    assert names("2022-01-01", "2022-12-31") == ""
    assert names("2019-05-31", "2019-05-31") == "b"


def test_the_dates_of_its_weeks_are_an_internships_own(repository: Repository) -> None:
    facts = write(
        repository,
        quads("""
        <id/opportunity/o> a m:Internship ; m:weeks <id/period/1> , <id/period/2> .
        <id/period/1> a m:Period ; m:startDate "2020-11-16"^^x:date ; m:endDate "2020-11-20"^^x:date .
        <id/period/2> a m:Period ; m:startDate "2020-12-07"^^x:date ; m:endDate "2020-12-11"^^x:date .
        """),
    )
    row = told(facts)[f"{BASE}id/opportunity/o"]
    assert (row["start"], row["start_precision"]) == (18_582, kept.DAY)
    assert (row["end"], row["end_precision"]) == (18_607, kept.DAY)


def test_a_small_write_shares_the_files_of_its_parent(repository: Repository) -> None:
    write(repository, quads(LAND + "<id/actor/b> a m:Association ."))
    write(repository, quads("<id/actor/a> a m:Association ; m:theme t:work ."))
    with repository.lease(1) as first, repository.lease(2) as second:
        shared = {path.name for path in (second.parent / "facts").iterdir() if path.samefile(first.parent / "facts" / path.name)}
    assert shared >= {"iris.npy", "column-kind.npy", "list-themes.npy", "tables.json"}
    assert "delta.npz" not in shared


def test_what_a_small_write_shares_is_read_once_and_what_it_changes_anew(repository: Repository) -> None:
    opening = Opening()
    write(repository, quads(LAND + "<id/actor/b> a m:Association ; m:theme t:garden ."))
    write(repository, quads("<id/actor/a> a m:Association ; m:theme t:garden ."))
    write(repository, quads("t:garden skos:broader t:work ."))
    first, second, third = (at(repository, number, opening) for number in (1, 2, 3))
    assert (second.tables is first.tables, second.base is first.base) == (True, True)
    assert (third.tables is second.tables, third.base is second.base) == (False, True)
    assert [facts.row(f"{BASE}id/actor/a") is None for facts in (first, second, third)] == [True, False, False]
    assert trees(second) == trees(at(repository, 2)) != trees(third) == trees(at(repository, 3))
    assert trees(at(repository, 1, opening)) == trees(at(repository, 1))


def test_outlines_tell_which_territories_of_a_level_touch(repository: Repository) -> None:
    facts = write(
        repository,
        quads("""
        @prefix geo: <http://www.opengis.net/ont/geosparql#> .
        p:commune-1 a m:Commune ; geo:hasGeometry <g/1> . <g/1> geo:asWKT "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))"^^geo:wktLiteral .
        p:commune-2 a m:Commune ; geo:hasGeometry <g/2> . <g/2> geo:asWKT "POLYGON ((1 0, 2 0, 2 1, 1 1, 1 0))"^^geo:wktLiteral .
        p:commune-3 a m:Commune ; geo:hasGeometry <g/3> . <g/3> geo:asWKT "POLYGON ((2 1, 3 1, 3 2, 2 2, 2 1))"^^geo:wktLiteral .
        p:region-1 a m:Region ; geo:hasGeometry <g/4> . <g/4> geo:asWKT "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))"^^geo:wktLiteral .
        p:commune-4 a m:Commune ; geo:hasGeometry <g/5> . <g/5> geo:asWKT "POLYGON ((what, 1 0))"^^geo:wktLiteral .
        """),
    )

    def near(name: str) -> list[str]:
        number = facts.tables.territories.find(P + name)
        return [facts.tables.territories[n].removeprefix(P) for n in facts.outlines.neighbours(number)]

    assert near("commune-1") == ["commune-2"]
    assert near("commune-2") == ["commune-1"]  # one corner is not a border
    assert near("region-1") == near("commune-4") == []
    (ring,) = facts.outlines.rings(facts.tables.territories.find(f"{P}commune-3"))
    assert ring.tolist() == [[2, 1], [3, 1], [3, 2], [2, 2], [2, 1]]


def test_an_entity_that_is_gone_and_comes_back_keeps_its_links(repository: Repository) -> None:
    project = quads("<id/project/x> a m:Project ; m:leader <id/actor/a> .")
    write(repository, project | quads("<id/actor/a> a m:Association ."))
    gone = write(repository, set(), quads("<id/actor/a> a m:Association ."))
    assert told(gone)[f"{BASE}id/project/x"]["carriers"] == []
    back = write(repository, quads("<id/actor/a> a m:Company ."))
    assert told(back)[f"{BASE}id/project/x"]["carriers"] == [f"{BASE}id/actor/a"]
    assert told(back)[f"{BASE}id/actor/a"]["degree"] == 1


def in_order(facts: Facts, language: Language) -> list[str]:
    """What is sorted by name, by the end of its IRI."""
    rows = facts.by_name(np.flatnonzero(facts.alive), language)
    return [iri.rpartition("/")[2] for iri in facts.iris(rows.tolist())]


def test_rows_are_sorted_by_the_name_that_a_reader_sees(repository: Repository) -> None:
    facts = write(
        repository,
        quads("""
        <id/actor/a> a m:Association ; m:name "Zébu"@fr , "Ant"@en .
        <id/actor/b> a m:Association ; m:name "L’Écluse"@fr , "ecluse"@de ; m:acronym "AAA"@fr .
        <id/actor/c> a m:Association ; m:name "eau"@fr ; m:alternativeName "Water"@en .
        <id/actor/d> a m:Association ; m:acronym "MNO" .
        <id/actor/e> a m:Association ; m:name "Eau"@fr , "Eaux"@fr .
        <id/actor/f> a m:Association .
        <id/actor/g> a m:Association ; m:name "Œuvre"@oc , "Aube"@it .
        <id/actor/h> a m:Association ; m:name "!"@fr .
        """),
    )
    assert in_order(facts, "fr") == ["h", "g", "c", "e", "b", "d", "a", "f"]  # g by its Italian name, which has no better one
    assert in_order(facts, "en") == ["h", "a", "g", "e", "b", "d", "c", "f"]


def test_a_name_that_changes_takes_its_new_place_and_one_that_goes_the_last(repository: Repository) -> None:
    write(repository, quads("".join(f'<id/actor/{n}> a m:Association ; m:name "{n}"@fr .' for n in "bdfh")))
    assert in_order(write(repository, quads('<id/actor/e> a m:Company ; m:name "E"@fr .')), "fr") == ["b", "d", "e", "f", "h"]
    renamed = quads('<id/actor/b> m:name "g"@fr .'), quads('<id/actor/b> m:name "b"@fr .')
    assert in_order(write(repository, *renamed), "fr") == ["d", "e", "f", "b", "h"]
    assert in_order(write(repository, quads('<id/actor/a> a m:Company ; m:name "d"@fr .')), "fr") == [
        "a",
        "d",
        "e",
        "f",
        "b",
        "h",
    ]
    assert in_order(write(repository, set(), quads('<id/actor/d> m:name "d"@fr .')), "fr") == ["a", "e", "f", "b", "h", "d"]
    assert in_order(write(repository, set(), quads("<id/actor/f> a m:Association .")), "en") == ["a", "e", "b", "h", "d"]


STATEMENTS = [
    *(f'<id/actor/{n}> m:name "{t}" .' for n in range(4) for t in ("Été", "ete", "Zoo")),
    *(f'<id/actor/{n}> m:name "{t}"@{tag} .' for n in range(4) for t, tag in (("Bar", "fr"), ("bar à vin", "fr"), ("Ale", "en"))),
    *(f'<id/project/{n}> m:acronym "{t}"@fr .' for n in range(3) for t in ("B", "C")),
    *(f"<id/actor/{n}> a m:{c} ." for n in range(4) for c in ("Association", "Person")),
    *(f"<id/actor/{n}> m:theme t:{t} ." for n in range(4) for t in ("food", "garden", "new")),
    *(f"<id/actor/{n}> m:mainTheme t:garden ." for n in range(2)),
    *(f"<id/actor/{n}> m:territory p:{p} ." for n in range(4) for p in ("commune-1", "commune-9")),
    *(f'<id/actor/{n}> m:foundingDate "{d}"^^x:{k} .' for n in range(2) for d, k in (("2019", "gYear"), ("2019-01-01", "date"))),
    *(f"<id/project/{n}> {s} ." for n in range(3) for s in ("a m:Project", "m:leader <id/actor/0>", "m:leader <id/actor/1>")),
    *(f"<id/project/{n}> m:place <id/place/0> ." for n in range(3)),
    *(f"<id/place/0> {s} ." for s in ("a m:Place", "m:latitude 48.5", "m:latitude 48.25", "m:longitude 2")),
    *(f"<id/partnership/{n}> {s} ." for n in range(3) for s in ("a m:Partnership", "m:amount 10", "m:amount 20.5")),
    *(f"<id/partnership/{n}> m:participation <id/participation/{m}> ." for n in range(3) for m in range(n, n + 2)),
    *(f"<id/participation/{m}> m:participant <id/actor/{n}> ." for m in range(4) for n in range(2)),
    *(f"<id/participation/{m}> m:role role:{r} ." for m in range(4) for r in ("signs", "funds")),
    *(
        f"t:{t} {s} ."
        for t in ("food", "garden", "new")
        for s in ("a m:Theme", 'skos:prefLabel "Thème"@fr', "skos:broader t:food")
    ),
    *(f"p:commune-1 {s} ." for s in ("a m:Commune", "m:within p:departement-1", "m:within p:departement-2", "m:population 12")),
    *(f"p:departement-{n} a m:Department ." for n in (1, 2)),
    "<id/actor/0> m:theme t:food . <id/actor/0> m:place <id/actor/0> .",
]


@pytest.mark.parametrize("seed", range(6))
def test_kept_up_by_random_writes_it_equals_one_built_anew(tmp_path: Path, seed: int) -> None:
    draws = random.Random(seed)
    kept_up = Repository(tmp_path / "data", BASE, options=FAST, indexes=(index(least_fold=6 if seed % 2 else 2_000),))
    possible = [quad for graph in ("one", "two") for text in STATEMENTS for quad in sorted(quads(text, graph), key=str)]
    present: set[ox.Quad] = set(draws.sample(possible, 40))
    opening = Opening()
    write(kept_up, present)
    for _ in range(12):
        removed = set(draws.sample(sorted(present, key=str), min(len(present), draws.randrange(5))))
        added = set(draws.sample(possible, draws.randrange(6))) - present - removed
        facts = write(kept_up, added, removed)
        present = (present - removed) | added
        opened = at(kept_up, kept_up.current_number(), opening)
        assert (told(opened), trees(opened)) == (told(facts), trees(facts))
        for language in LANGUAGES:
            rows = sorted(
                np.flatnonzero(opened.alive).tolist(), key=lambda row: (opened.name_key(row, language), opened.iri(row))
            )
            assert opened.by_name(np.array(sorted(rows)), language).tolist() == rows
    anew = Repository(tmp_path / "anew", BASE, options=FAST, indexes=(index(),))
    fresh = write(anew, present)
    assert told(facts) == told(fresh)
    assert [in_order(facts, one) for one in LANGUAGES] == [in_order(fresh, one) for one in LANGUAGES]
    assert _used(facts) == _used(fresh)


def _used(facts: Facts) -> list[Any]:
    """The trees, without the names that nothing has any more."""
    rows = told(facts)
    used = {*rows, *(iri for row in rows.values() for name in ("themes", "territories") for iri in row[name])}
    return [{iri: said for iri, said in tree.items() if iri in used} for tree in trees(facts)]


def test_a_write_that_tells_the_facts_nothing_leaves_them_their_files(repository: Repository) -> None:
    write(repository, quads(LAND + '<id/actor/a> a m:Association ; m:name "Un"@fr .'))
    write(repository, quads('<id/actor/b> a m:Association ; m:name "Deux"@fr .'))
    write(repository, quads('<id/sentence/x> m:passage "Une phrase."@fr .', "one"))
    write(repository, quads('<id/actor/b> m:description "Autrement."@fr .'))
    write(repository, quads("<id/actor/b> m:theme t:work ."))
    opened = Indexes(repository.lease, "facts", Opening(), most=5)
    assert opened.at(1) is not opened.at(2) is opened.at(3) is opened.at(4) is not opened.at(5)
    row = opened.at(5).row(f"{BASE}id/actor/b")
    assert row is not None
    assert [len(opened.at(number).of("themes", row)) for number in (4, 5)] == [0, 1]
