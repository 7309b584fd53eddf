"""The export profiles on the small territory: what others read in their own vocabulary, and what it cannot say."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from app.queries import Catalogue
from app.queries.rules import Rules

CATALOGUE = Catalogue.load(Path("queries"))
FOLDER = Path("tests/catalogue")
EX, PAIR, SCHEMA = "http://example.org/id/", "http://virtual-assembly.org/ontologies/pair#", "https://schema.org/"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
MAILLAGE = "https://w3id.org/maillage/ontology#"
THEME = "https://w3id.org/maillage/theme/"
Facts = set[tuple[str, str, str]]

EXPECTED = {
    "pair": """
        ex:grainerie a pair:Organization
        ex:grainerie pair:label La Grainerie
        ex:grainerie pair:partnerOf ex:atelier
        ex:atelier pair:partnerOf ex:grainerie
        ex:grainerie pair:needs ex:benevoles
        ex:grainerie pair:offers ex:epicerie
        ex:atelier pair:offers ex:salle
        ex:salle a pair:Resource
        ex:groupe a pair:Group
        ex:marche a pair:Project
        ex:marche pair:startDate 2020
        ex:marche pair:involves ex:grainerie
        ex:cafe-2 pair:partOf ex:cafe
        ex:cafe a pair:Activity
        ex:fete a pair:Event
        ex:fete pair:startDate 2021-06-12
        ex:bilan a pair:Document
        ex:bilan pair:hasTopic theme:circuits-courts
        ex:bilan pair:documents ex:marche
        theme:circuits-courts a pair:Theme
        ex:parking a pair:PhysicalPlace
        ex:m1 a pair:MembershipAssociation
        ex:m1 pair:membershipActor ex:grainerie
        ex:m1 pair:membershipOrganization ex:comite
    """,
    "schema-org": """
        ex:grainerie a schema:Organization
        ex:grainerie schema:name La Grainerie
        ex:grainerie schema:areaServed territory:commune-vallon
        ex:grainerie schema:memberOf ex:comite
        ex:grainerie schema:funder ex:agglo
        ex:grainerie schema:seeks ex:benevoles
        ex:agglo a schema:GovernmentOrganization
        ex:marche a schema:Project
        ex:fete a schema:Event
        ex:fete schema:startDate 2021-06-12
        ex:fete schema:organizer ex:atelier
        ex:poste a schema:JobPosting
        ex:poste schema:hiringOrganization ex:potager
        ex:poste schema:validThrough 2021-03-31
        ex:epicerie a schema:Service
        ex:epicerie schema:provider ex:grainerie
        ex:epicerie schema:url https://grainerie.example/epicerie
        ex:miel a schema:Product
        ex:salle a schema:Offer
        ex:salle schema:offeredBy ex:atelier
        ex:benevoles a schema:Demand
        ex:appel a schema:FundingScheme
        ex:etude schema:datePublished 2020-05-01
        ex:etude schema:author ex:agglo
        ex:lettre a schema:Dataset
        ex:lettre schema:license https://creativecommons.org/licenses/by/4.0/
        territory:commune-vallon schema:containedInPlace territory:epci-1
    """,
}
SHORT = {"ex": EX, "pair": PAIR, "schema": SCHEMA, "theme": THEME, "territory": "https://w3id.org/maillage/territory/"}


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """The small territory with ontology, themes and derived links, as the service merges them."""
    merged = ox.Store()
    for path in (FOLDER / "territory.ttl", *sorted(Path("ontology").glob("*.ttl"))):
        merged.load(path=str(path))
    links = Rules.of(CATALOGUE).all_links(merged.query)
    merged.extend(ox.Quad(link.subject, link.predicate, link.object) for link in links)
    return merged


def exported(store: ox.Store, name: str) -> Facts:
    found = store.query(CATALOGUE.get(f"profiles/{name}").body)
    return {(t.subject.value, t.predicate.value, t.object.value) for t in found}  # type: ignore[union-attr]


def full(word: str) -> str:
    prefix, colon, rest = word.partition(":")
    return RDF_TYPE if word == "a" else SHORT[prefix] + rest if colon and prefix in SHORT else word


def test_every_profile_has_expected_triples() -> None:
    assert {query.name for query in CATALOGUE.within("profiles")} == {f"profiles/{name}" for name in EXPECTED}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_profile_says_what_a_reader_of_the_territory_expects(store: ox.Store, name: str) -> None:
    lines = [line.split(maxsplit=2) for line in EXPECTED[name].splitlines() if line.strip()]
    wanted = {(full(s), full(p), full(o.strip())) for s, p, o in lines}
    assert wanted - exported(store, name) == set()


@pytest.mark.parametrize(("name", "namespace"), [("pair", PAIR), ("schema-org", SCHEMA)])
def test_a_profile_uses_no_term_but_its_own(store: ox.Store, name: str, namespace: str) -> None:
    facts = exported(store, name)
    assert {p for _, p, _ in facts if not p.startswith(namespace)} == {RDF_TYPE}
    assert {o for _, p, o in facts if p == RDF_TYPE and not o.startswith(namespace)} == set()


def typed(facts: Facts, namespace: str, *classes: str) -> set[str]:
    return {s for s, p, o in facts if p == RDF_TYPE and o in {namespace + name for name in classes}}


def test_pair_has_topics_of_documents_only(store: ox.Store) -> None:
    facts = exported(store, "pair")
    assert {s for s, p, _ in facts if p == PAIR + "hasTopic"} <= typed(facts, PAIR, "Document")


def test_pair_dates_activities_only(store: ox.Store) -> None:
    facts = exported(store, "pair")
    dated = {s for s, p, _ in facts if p in {PAIR + "startDate", PAIR + "endDate"}}
    assert dated <= typed(facts, PAIR, "Project", "Activity", "Task", "Event")
    assert EX + "m1" not in dated
    assert EX + "aide-2020" not in dated


def test_pair_joins_organisations_as_partners_and_both_ways(store: ox.Store) -> None:
    facts = exported(store, "pair")
    pairs = {(s, o) for s, p, o in facts if p == PAIR + "partnerOf"}
    assert pairs == {(o, s) for s, o in pairs}
    assert {s for s, _ in pairs} <= typed(facts, PAIR, "Organization", "Group", "Ecosystem")


@pytest.mark.parametrize("word", ["broader", "preferredLabel", "preferedLabel", "depictedBy", "name", "email"])
def test_pair_is_spared_words_that_it_does_not_have_or_spells_otherwise(store: ox.Store, word: str) -> None:
    assert PAIR + word not in {p for _, p, _ in exported(store, "pair")}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_profile_gives_everything_that_it_types_a_name_or_a_role(store: ox.Store, name: str) -> None:
    facts = exported(store, name)
    label = PAIR + "label" if name == "pair" else SCHEMA + "name"
    kinds = {s for s, p, o in facts if p == RDF_TYPE and not o.endswith("Association")}
    assert kinds - {s for s, p, _ in facts if p == label} == set()
