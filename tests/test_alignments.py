"""The alignments: our terms with those of others, in one file, claiming nothing that is false of our data."""

from itertools import product

import pytest
from ontology_files import ALIGNMENTS, CLASSES, CODES, ONTOLOGY, TERMS, name_of
from rdflib import OWL, RDFS, SKOS, URIRef

from app.terms import MAILLAGE

PAIR = "http://virtual-assembly.org/ontologies/pair#"
ORG = "http://www.w3.org/ns/org#"
SCHEMA = "https://schema.org/"
FIELD = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "essglobal": "http://purl.org/essglobal/vocab/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "igeo": "http://rdf.insee.fr/def/geo#",
    "org": ORG,
    "pair": PAIR,
    "prov": "http://www.w3.org/ns/prov#",
    "rov": "http://www.w3.org/ns/regorg#",
    "schema": SCHEMA,
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
TRAPS = [
    ("startDate", f"{PAIR}startDate"),
    ("endDate", f"{PAIR}endDate"),
    ("theme", f"{PAIR}hasTopic"),
    ("partnerOf", f"{PAIR}partnerOf"),
    ("Project", f"{SCHEMA}Project"),
    ("OrganizationalUnit", f"{ORG}OrganizationalUnit"),
    ("accessUrl", "http://www.w3.org/ns/dcat#accessURL"),
]


def test_alignments_only_relate_terms_that_the_ontology_defines() -> None:
    assert set(ALIGNMENTS.subjects()) <= set(TERMS)


def test_alignments_redefine_nothing() -> None:
    assert set(ALIGNMENTS.predicates()) == {RDFS.subClassOf, RDFS.subPropertyOf, SKOS.closeMatch, SKOS.broadMatch}


def test_alignments_lead_to_the_terms_of_others() -> None:
    assert [target for target in ALIGNMENTS.objects() if target in MAILLAGE or not isinstance(target, URIRef)] == []


@pytest.mark.parametrize(
    ("graph", "about"), list(product((ONTOLOGY, CODES), (RDFS.subClassOf, RDFS.subPropertyOf, SKOS.closeMatch)))
)
def test_no_other_file_relates_our_terms_to_those_of_others(graph: object, about: URIRef) -> None:
    assert [target for target in graph.objects(None, about) if target not in MAILLAGE] == []
    assert OWL.equivalentClass not in set(graph.predicates())


@pytest.mark.parametrize("term", sorted(set(ALIGNMENTS.subjects())), ids=name_of)
def test_a_class_is_aligned_with_classes_and_a_property_with_properties(term: URIRef) -> None:
    wrong = RDFS.subPropertyOf if term in CLASSES else RDFS.subClassOf
    assert list(ALIGNMENTS.objects(term, wrong)) == []
    assert [target for target in ALIGNMENTS.objects(term) if name_of(target)[0].isupper() != (term in CLASSES)] == []


@pytest.mark.parametrize("term", sorted(set(ALIGNMENTS.subjects())), ids=name_of)
def test_a_term_is_either_below_another_or_close_to_it(term: URIRef) -> None:
    targets = list(ALIGNMENTS.objects(term))
    assert len(targets) == len(set(targets))


@pytest.mark.parametrize("vocabulary", sorted(FIELD))
def test_each_vocabulary_of_the_field_is_met(vocabulary: str) -> None:
    assert [target for target in ALIGNMENTS.objects() if target.startswith(FIELD[vocabulary])]


def test_no_old_namespace_is_named() -> None:
    """PAIR writes some terms with a slash, which it does not define, and schema.org moved to https."""
    old = ("http://schema.org", "http://virtual-assembly.org/ontologies/pair/", "https://w3id.solidarityeconomy.coop")
    assert [target for target in ALIGNMENTS.objects() if target.startswith(old)] == []


@pytest.mark.parametrize(("ours", "theirs"), TRAPS)
def test_a_term_whose_entailments_would_be_false_is_matched_only_closely(ours: str, theirs: str) -> None:
    assert list(ALIGNMENTS.predicates(MAILLAGE[ours], URIRef(theirs))) == [SKOS.closeMatch]


@pytest.mark.parametrize("name", ["Theme", "GlossaryTerm"])
def test_a_theme_and_a_glossary_term_are_concepts(name: str) -> None:
    assert (MAILLAGE[name], RDFS.subClassOf, SKOS.Concept) in ALIGNMENTS


def test_an_actor_is_never_below_a_territory_nor_a_territory_below_an_agent() -> None:
    places = set(ALIGNMENTS.objects(MAILLAGE.Territory, RDFS.subClassOf))
    agents = set(ALIGNMENTS.objects(MAILLAGE.Actor, RDFS.subClassOf))
    assert places
    assert agents
    assert not places & agents
