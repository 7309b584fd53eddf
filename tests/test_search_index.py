"""The search index: kept up by small writes it answers as one built anew; what it forgives, and what comes first."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from app.assembly import load_vocabulary
from app.engine import apart
from app.engine.changes import Change
from app.engine.indexes import Indexes
from app.engine.versions import Repository
from app.search import Ask, Classes, Found, Opened, SearchIndex, load, schema
from app.search.asking import Queries
from app.search.document import Said, document_of
from app.search.leading import Leading
from app.search.words import Words
from tests.engine.versioned import BASE, FAST, quick_folder, write

M = "https://w3id.org/maillage/ontology#"
THEME = "https://w3id.org/maillage/theme/"
TERRITORY = "https://w3id.org/maillage/territory/"
GRAPH = ox.NamedNode(f"{BASE}graphs/tests")
INDEX = SearchIndex(Classes(load_vocabulary), "tests")

TURTLE = """
id:velo-massy a m:Association ; m:name "Vélo solidaire de Massy"@fr ; m:theme theme:velo ; m:territory territory:commune-91377 .
id:atelier a m:Association ; m:name "L’Atelier de l’Œuf"@fr ; m:acronym "A.D.O." ; m:siren "732829320" ;
    m:description "On y répare les bicyclettes et les grille-pain."@fr ; m:theme theme:velo ; m:place id:halle .
id:jardin a m:Project ; m:name "Jardins partagés"@fr , "Shared gardens"@en ; m:theme theme:jardinage .
id:jardinerie a m:Company ; m:name "Jardin partagé"@fr .
id:seul a m:Association ; m:name "Jardin"@fr .
id:lie a m:Association ; m:name "Jardin"@fr ; m:partnerOf id:atelier , id:seul , id:velo-massy .
id:halle a m:Place ; m:name "Halle du marché"@fr ; m:locality "Palaiseau" ; m:postalCode "91120" .
theme:velo a m:Theme ; skos:prefLabel "Vélo"@fr , "Cycling"@en ; skos:altLabel "bicyclette"@fr , "mobilité douce"@fr .
theme:jardinage a m:Theme ; skos:prefLabel "Jardinage"@fr .
territory:commune-91377 a m:Commune ; m:name "Massy"@fr ; m:inseeCode "91377" ; m:postalCode "91300" .
<https://w3id.org/maillage/code/role/signs> skos:prefLabel "parapher"@fr .
"""


def quads(turtle: str) -> frozenset[ox.Quad]:
    prefixes = f"@prefix m: <{M}> . @prefix theme: <{THEME}> . @prefix territory: <{TERRITORY}> . @prefix id: <{BASE}id/> .\n"
    prefixes += "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    return frozenset(ox.Quad(*quad.triple, GRAPH) for quad in ox.parse(prefixes + turtle, ox.RdfFormat.TURTLE))


@pytest.fixture(scope="module")
def opened() -> Iterator[Opened]:
    with quick_folder() as folder:
        repository = Repository(folder / "data", BASE, options=FAST, indexes=[INDEX])
        version = write(repository, quads(TURTLE))
        assert version is not None
        yield Indexes(repository.lease, "search", load).at(version.number)


def names(found: Found) -> list[str]:
    return [hit.iri.rpartition("/")[2] for hit in found.hits]


def search(opened: Opened, text: str, **asked: object) -> list[str]:
    return names(opened.find(Ask(text, **asked)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["Vélo solidaire de Massy", "velo solidaire massy", "VÉLO  SOLIDAIRE", "vélos solidaires", "solidaire"]
)
def test_a_name_is_found_whatever_its_accents_capitals_and_number(opened: Opened, text: str) -> None:
    assert search(opened, text)[0] == "velo-massy"


@pytest.mark.parametrize("text", ["l'oeuf", "L’ŒUF", "atelier de l'œuf", "œuf", "d'oeuf", "ado", "A.D.O."])
def test_elisions_ligatures_and_acronyms_are_no_obstacle(opened: Opened, text: str) -> None:
    assert search(opened, text) == ["atelier"]


@pytest.mark.parametrize("text", ["solidiare", "solidare", "soldaire", "ssolidaire"])
def test_a_typo_is_forgiven_and_said(opened: Opened, text: str) -> None:
    found = opened.find(Ask(text))
    assert (names(found), found.reading) == (["velo-massy"], "typos")


@pytest.mark.parametrize("text", ["ouf", "732829321", "91301", "xyzzy"])
def test_short_words_numbers_and_nonsense_are_not_guessed_at(opened: Opened, text: str) -> None:
    found = opened.find(Ask(text))
    assert (names(found), found.total, found.kinds) == ([], 0, {})


def test_nothing_is_forgiven_where_something_is_found_as_typed(opened: Opened) -> None:
    assert search(opened, "halle") == ["halle", "atelier"]


@pytest.mark.parametrize("text", ["j", "ja", "jardi", "jardin"])
def test_a_beginning_finds_the_rest_as_it_is_typed(opened: Opened, text: str) -> None:
    assert set(search(opened, text, names_only=True)) == {"jardin", "jardinerie", "seul", "lie", "jardinage"}


def test_a_finished_word_is_no_beginning(opened: Opened) -> None:
    assert search(opened, "jar", names_only=True)
    assert search(opened, "jar ", names_only=True) == []


def test_the_whole_name_comes_first_and_of_equals_the_most_linked(opened: Opened) -> None:
    assert search(opened, "jardin")[:2] == ["lie", "seul"]
    assert search(opened, "jardins partagés")[0] == "jardin"
    assert search(opened, "jardin partagé")[0] == "jardinerie"


@pytest.mark.parametrize("text", ["732829320", "732 829 320", "732.829.320", "732\u00a0829\u00a0320"])
def test_an_identifier_leads_to_its_entity_alone(opened: Opened, text: str) -> None:
    assert search(opened, text) == ["atelier"]
    assert search(opened, text[:-1]) == []


def test_a_theme_and_its_synonyms_find_what_is_about_it_after_what_says_the_word(opened: Opened) -> None:
    assert search(opened, "bicyclettes") == ["velo", "atelier", "velo-massy"]
    assert set(search(opened, "mobilité douce")) == {"velo", "atelier", "velo-massy"}
    assert set(search(opened, "cycling")) == {"velo", "atelier", "velo-massy"}


def test_places_communes_and_postcodes_find_what_is_there(opened: Opened) -> None:
    assert search(opened, "massy")[:2] == ["commune-91377", "velo-massy"]
    assert search(opened, "91300") == ["commune-91377"]
    assert set(search(opened, "palaiseau")) == {"halle", "atelier"}
    assert search(opened, "bicyclette palaiseau") == ["atelier"]


def test_words_may_each_match_elsewhere_and_all_must(opened: Opened) -> None:
    assert search(opened, "association qui répare les vélos") == ["atelier"]
    assert opened.find(Ask("vélo massy")).reading == "words"


def test_where_no_entity_has_all_words_those_with_some_are_told_apart(opened: Opened) -> None:
    found = opened.find(Ask("jardins de Palaiseau"))
    assert found.reading == "some"
    assert {"jardin", "halle"} <= set(names(found))
    assert opened.find(Ask("jardins de Palaiseau", names_only=True)).total == 0


def test_kinds_are_counted_whatever_kind_is_wanted(opened: Opened) -> None:
    found = opened.find(Ask("jardin", kinds=frozenset({"project"})))
    assert (names(found), found.total) == (["jardin"], 1)
    assert found.kinds == {"actor": 3, "project": 1, "theme": 1}


def test_classes_narrow_a_search(opened: Opened) -> None:
    assert search(opened, "jardin", classes=frozenset({f"{M}Company", f"{M}Cooperative"})) == ["jardinerie"]


def test_codes_of_the_model_are_not_found(opened: Opened) -> None:
    assert search(opened, "parapher") == []


def test_a_page_goes_on_where_the_one_before_ended(opened: Opened) -> None:
    whole = search(opened, "jardin")
    assert [*search(opened, "jardin", limit=2), *search(opened, "jardin", limit=9, offset=2)] == whole


@pytest.mark.parametrize(
    "text", ["", "  ", "’", "---", "\x00", "😀", "AND OR NOT", '"', "name:x", "a" * 5_000, "la l' de", "*", "("]
)
def test_no_text_is_more_than_a_text(opened: Opened, text: str) -> None:
    opened.find(Ask(text))
    opened.find(Ask(text, names_only=True))


def test_an_index_outlives_its_folder(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "data", BASE, options=FAST, indexes=[INDEX])
    version = write(repository, quads(TURTLE))
    assert version is not None
    with repository.lease(version.number) as store:
        shutil.copytree(store.parent / "search", tmp_path / "copy")
    opened = load(tmp_path / "copy")
    shutil.rmtree(tmp_path / "copy")
    assert search(opened, "massy")[0] == "commune-91377"
    assert opened.find(Ask("jardin")).kinds["actor"] == 3


# --- Upkeep

_NAMES = ["Jardin partagé", "Vélo", "Maison du vélo", "École", "L’Œuf", "Massy", "Jardins de Massy", "Café"]
_QUESTIONS = ["jardin", "vélo", "massy", "oeuf", "ecole", "jardn", "maison vélo", "halle", "732829320", "association", "ca"]


def _chance(random_: random.Random) -> ox.Quad:
    """One statement of a small world, in one of two graphs."""
    one, other = (ox.NamedNode(f"{BASE}id/{random_.choice('abcdef')}") for _ in range(2))
    halle = ox.NamedNode(f"{BASE}id/halle")
    theme = ox.NamedNode(THEME + random_.choice(["velo", "jardin"]))
    subject, predicate, value = random_.choice(
        [
            (one, "name", ox.Literal(random_.choice(_NAMES), language=random_.choice(["fr", "en"]))),
            (one, "description", ox.Literal(random_.choice(_NAMES), language="fr")),
            (one, "partnerOf", other),
            (one, "theme", theme),
            (one, "place", halle),
            (one, "siren", ox.Literal("732829320")),
            (halle, "name", ox.Literal(random_.choice(_NAMES))),
            (theme, "name", ox.Literal(random_.choice(_NAMES), language="fr")),
            (one, "type", ox.NamedNode(M + random_.choice(["Association", "Project"]))),
        ]
    )
    full = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type" if predicate == "type" else M + predicate
    return ox.Quad(subject, ox.NamedNode(full), value, ox.NamedNode(f"{BASE}graphs/{random_.choice('xy')}"))


def _answers(opened: Opened) -> list[object]:
    return [
        (
            found.total,
            dict(found.kinds),
            found.reading,
            {hit.iri: (hit.types, hit.names, round(hit.score, 3)) for hit in found.hits},
        )
        for found in (opened.find(Ask(text, limit=100)) for text in _QUESTIONS)
    ]


@pytest.mark.parametrize("seed", range(3))
def test_an_index_kept_up_by_random_writes_answers_as_one_built_anew(seed: int) -> None:
    random_ = random.Random(seed)
    with quick_folder() as folder:
        repository = Repository(folder / "data", BASE, options=FAST, indexes=[INDEX])
        held: set[ox.Quad] = set()
        for step in range(25):
            removed = set(random_.sample(sorted(held, key=str), min(len(held), random_.randint(0, 4))))
            added = {_chance(random_) for _ in range(random_.randint(1, 6))} - held
            held = (held - removed) | added
            version = write(repository, added, removed - added)
            assert version is not None
            if step % 6 == 0 or step == 24:
                anew = folder / f"anew-{step}"
                anew.mkdir()
                with repository.reader(version.number) as reader:
                    INDEX.write(anew, None, reader, Change(), Change())
                assert _answers(Indexes(repository.lease, "search", load).at(version.number)) == _answers(load(anew))


@pytest.fixture(scope="module")
def crowd() -> Iterator[Opened]:
    """Few syllables, so that many names begin alike; own and other names, in several segments, some rewritten."""
    random_ = random.Random(3)
    syllables = ["na", "nal", "nala", "no", "nos", "b", "bo", "l", "de", "ve", "vélo", "œ"]
    classes = Classes(load_vocabulary)
    with quick_folder() as folder:
        writer = schema.create(folder).writer(15_000_000, 1)
        for turn in range(3):
            for n in range(turn * 150, 600):
                writer.delete_documents_by_term(schema.IRI, f"{BASE}id/actor/{n}")
                writer.add_document(document_of(f"{BASE}id/actor/{n}", _chance_said(random_, syllables), classes))
            writer.commit()
        writer.wait_merging_threads()
        yield load(folder)


def _chance_said(random_: random.Random, syllables: list[str]) -> Said:
    def name() -> tuple[str, str]:
        words = ("".join(random_.choices(syllables, k=random_.randint(1, 3))) for _ in range(random_.randint(1, 3)))
        return " ".join(words), random_.choice(["fr", "en"])

    said = Said({M + random_.choice(["Association", "Project"])}, [name() for _ in range(random_.choice([1, 1, 2]))])
    said.other = [name() for _ in range(random_.choice([0, 0, 1]))]
    said.description = [(" ".join(text for text, _ in (name(), name())), "fr")]
    said.links = random_.choice([0, 0, 1, 5, 900])
    return said


TYPED = (*"nblvdo", "na", "no", "bo", "nal", "nos", "nala", "nalan", "nosno", "velo", "velob", "nab", "bobo", "nala n", "velo b",
         "no nal", "nana de", "bo bo no", "de", "l", "de la nala", "nala ", "nosb7", "xyz")  # fmt: skip


@pytest.mark.parametrize("names_only", [True, False])
@pytest.mark.parametrize("text", TYPED)
def test_the_best_of_a_beginning_are_those_that_opening_all_names_finds(
    crowd: Opened, monkeypatch: pytest.MonkeyPatch, text: str, names_only: bool
) -> None:
    asks = [
        Ask(text, names_only=names_only, limit=limit, offset=offset, **more)  # type: ignore[arg-type]
        for limit, offset in ((1, 0), (5, 0), (5, 5), (30, 0), (150, 100))
        for more in ({}, {"classes": frozenset({M + "Project"})}, {"kinds": frozenset({"actor"})})
    ]
    led = [crowd.find(ask) for ask in asks]
    monkeypatch.setattr(Leading, "best", lambda _: None)
    assert led == [crowd.find(ask) for ask in asks]


@pytest.mark.parametrize("text", ["n", "na", "nal", "nala", "velo", "nala n"])
def test_names_need_not_be_opened_for_what_most_people_type(crowd: Opened, text: str) -> None:
    ask = Ask(text, names_only=True, limit=5)
    queries = Queries(crowd._schema, Words.of(text), names_only=True)
    assert Leading(crowd._searcher, crowd._schema, queries, ask).best() is not None


def test_a_small_write_shares_the_files_of_its_parent(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "data", BASE, options=FAST, indexes=[INDEX])
    first = write(repository, quads(TURTLE))
    second = write(repository, quads('id:new a m:Association ; m:name "Nouvelle venue"@fr .'))
    assert first is not None
    assert second is not None
    old, new = (tmp_path / "data" / "versions" / f"{version.number:06}" / "search" for version in (first, second))
    before = {path.name: path.stat().st_ino for path in old.glob("*.store")}
    after = {path.name: path.stat().st_ino for path in new.glob("*.store")}
    assert before
    assert before.items() < after.items()
    assert not [path for path in new.iterdir() if path.is_symlink()]
    indexes = Indexes(repository.lease, "search", load)
    assert (search(indexes.at(first.number), "venue"), search(indexes.at(second.number), "venue")) == ([], ["new"])


def test_a_write_that_touches_nothing_searchable_shares_everything(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "data", BASE, options=FAST, indexes=[INDEX])
    write(repository, quads(TURTLE))
    version = write(repository, [ox.Quad(ox.NamedNode("urn:x"), ox.NamedNode("urn:p"), ox.Literal("y"), GRAPH)])
    assert version is not None
    assert Indexes(repository.lease, "search", load).at(version.number).size == 10


def test_an_index_that_another_process_wrote_answers_as_one_written_here(monkeypatch: pytest.MonkeyPatch) -> None:
    with quick_folder() as here, quick_folder() as there:
        repositories = [Repository(folder / "data", BASE, options=FAST, indexes=[INDEX]) for folder in (here, there)]
        found = []
        for repository, large in zip(repositories, (1_000, 1), strict=True):
            monkeypatch.setattr(apart, "LARGE", large)
            write(repository, quads(TURTLE.replace("Jardin", "Verger")))
            version = write(repository, quads(TURTLE), quads(TURTLE.replace("Jardin", "Verger")))
            assert version is not None
            opened = Indexes(repository.lease, "search", load).at(version.number)
            found.append(
                [(opened.size, names(opened.find(Ask(text)))) for text in ("jardin", "verger", "velo", "91120", "massy")]
            )
    assert found[0] == found[1]
    assert found[0][0][1][0] == "lie"
