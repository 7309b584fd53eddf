"""The ontology: every term documented, linked and named by the house rules (O1 to O11), complete, and used as it says."""

import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from ontology_files import (
    ALIGNMENTS,
    CLASSES,
    CODES,
    CONCEPTS,
    EXPECTED,
    FILES,
    LANGUAGES,
    LINKS,
    ONTOLOGY,
    PROPERTIES,
    REGISTERS,
    SCHEMES,
    TERMS,
    name_of,
    tags,
    texts,
    written,
)
from pyshacl import validate
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, VANN, XSD, BNode, Graph, Literal, URIRef

from app.terms import MAILLAGE, ONTOLOGY_IRI, SCHEMA

HEADER = URIRef(ONTOLOGY_IRI)
BUILDING = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, SCHEMA.domainIncludes, SCHEMA.rangeIncludes)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_two_parsers_read_the_same_number_of_statements(path: Path) -> None:
    assert len(list(ox.parse(path=str(path)))) == len(Graph().parse(path))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_has_no_blank_node(path: Path) -> None:
    assert [triple for triple in Graph().parse(path) if any(isinstance(term, BNode) for term in triple)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_laid_with_one_predicate_a_line_and_the_type_first(path: Path) -> None:
    text = re.sub(r'"[^"\n]*"', '""', path.read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith(("#", "@"))]
    assert [line for line in lines if not re.match(r"\S+( a owl:AnnotationProperty \.)?$| {4}\S| {8}\S", line)] == []
    assert [line for line in lines if re.search(r"; \S", line)] == []
    openings = re.findall(r"^(\S+)\n {4}(\S+)", text, re.MULTILINE)
    assert path.stem == "alignments" or [subject for subject, first in openings if first != "a"] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_describes_each_subject_once(path: Path) -> None:
    subjects = re.findall(r"^([^\s#@]\S*)(?: a |\n {4})", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert [subject for subject, times in Counter(subjects).items() if times > 1] == []


def test_the_header_says_what_a_user_of_the_ontology_needs() -> None:
    assert (HEADER, RDF.type, OWL.Ontology) in ONTOLOGY
    for about in (DCTERMS.title, DCTERMS.description, SKOS.editorialNote):
        assert tags(ONTOLOGY, HEADER, about) == LANGUAGES
    assert ONTOLOGY.value(HEADER, DCTERMS.creator) == Literal("Maillage")
    assert ONTOLOGY.value(HEADER, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert ONTOLOGY.value(HEADER, VANN.preferredNamespacePrefix) == Literal("maillage")
    assert ONTOLOGY.value(HEADER, VANN.preferredNamespaceUri) == Literal(str(MAILLAGE))


def test_the_header_is_dated() -> None:
    created, modified = ONTOLOGY.value(HEADER, DCTERMS.created), ONTOLOGY.value(HEADER, DCTERMS.modified)
    assert created.datatype == modified.datatype == XSD.date
    assert created <= modified


def test_the_version_is_the_same_in_its_iri_and_its_text() -> None:
    assert str(ONTOLOGY.value(HEADER, OWL.versionIRI)) == f"{HEADER}/{ONTOLOGY.value(HEADER, OWL.versionInfo)}"


def test_the_classes_are_those_of_the_model() -> None:
    assert sorted(map(name_of, CLASSES)) == sorted(EXPECTED["classes"])


def test_the_properties_are_those_of_the_model() -> None:
    assert sorted(map(name_of, PROPERTIES)) == sorted(EXPECTED["properties"] + EXPECTED["annotations"])


def test_every_term_that_shapes_questions_and_seed_use_is_defined() -> None:
    files = written("shapes/*.ttl", "queries/**/*.rq", "seed/*.ttl")
    used = {(path, name) for path, text in files.items() for name in re.findall(r"\bmaillage:([A-Za-z]+)", text)}
    assert [(path, name) for path, name in sorted(used) if MAILLAGE[name] not in TERMS] == []


def test_every_property_is_laid_out_by_a_shape_or_asked_by_a_question() -> None:
    """O10: no property that nobody reads; a property that has subproperties is read through them."""
    files = written("shapes/*.ttl", "queries/**/*.rq")
    read = {name for text in files.values() for name in re.findall(r"\bmaillage:([a-z]\w+)", text)}
    above = {name_of(term) for term in ONTOLOGY.objects(None, RDFS.subPropertyOf)}
    assert sorted(set(EXPECTED["properties"]) - read - above) == []


@pytest.mark.parametrize("about", [RDFS.label, SKOS.definition], ids=name_of)
@pytest.mark.parametrize("term", TERMS, ids=name_of)
def test_a_term_has_one_label_and_one_definition_in_each_language(term: URIRef, about: URIRef) -> None:
    assert tags(ONTOLOGY, term, about) == LANGUAGES


@pytest.mark.parametrize("term", TERMS, ids=name_of)
def test_a_term_says_which_ontology_defines_it(term: URIRef) -> None:
    assert list(ONTOLOGY.objects(term, RDFS.isDefinedBy)) == [HEADER]


@pytest.mark.parametrize("term", [*TERMS, *CONCEPTS, *SCHEMES, *REGISTERS], ids=name_of)
def test_a_definition_is_one_sentence_that_starts_with_its_genus(term: URIRef) -> None:
    graph = ONTOLOGY if term in TERMS else CODES
    for definition in graph.objects(term, SKOS.definition):
        assert re.fullmatch(r"[A-ZÉÊÀÎŒ][^.?!]*\.", str(definition)), definition
        assert not re.match(r"(This|Cette?|Une?|An?|The|Les?|La)\b|L’", str(definition)), definition


@pytest.mark.parametrize("about", [SKOS.example, SKOS.scopeNote], ids=name_of)
@pytest.mark.parametrize("term", TERMS, ids=name_of)
def test_examples_and_notes_come_in_both_languages(term: URIRef, about: URIRef) -> None:
    found = Counter(tags(ONTOLOGY, term, about))
    assert set(found) in (set(), set(LANGUAGES))
    assert found["fr"] == found["en"]


@pytest.mark.parametrize("term", CLASSES, ids=name_of)
def test_a_class_has_an_example_and_a_counter_example(term: URIRef) -> None:
    for language, opening in (("fr", "Contre-exemple\u00a0: "), ("en", "Counter-example: ")):
        said = [str(text) for text in ONTOLOGY.objects(term, SKOS.example) if text.language == language]
        assert len(said) == 2
        assert sum(text.startswith(opening) for text in said) == 1


@pytest.mark.parametrize("term", CLASSES, ids=name_of)
def test_a_class_is_named_with_initial_capitals_and_labelled_with_a_capital(term: URIRef) -> None:
    assert re.fullmatch(r"([A-Z][a-z]+)+", name_of(term))
    assert all(str(label)[0].isupper() for label in ONTOLOGY.objects(term, RDFS.label))


@pytest.mark.parametrize("term", PROPERTIES, ids=name_of)
def test_a_property_is_named_with_a_small_initial(term: URIRef) -> None:
    assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", name_of(term))


@pytest.mark.parametrize("terms", [CLASSES, PROPERTIES], ids=["classes", "properties"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_label_means_one_term(language: str, terms: list[URIRef]) -> None:
    labels = [label for term in terms for label in ONTOLOGY.objects(term, RDFS.label) if label.language == language]
    assert [label for label, times in Counter(str(label).casefold() for label in labels).items() if times > 1] == []


def test_no_property_is_the_inverse_of_another() -> None:
    """O5: between two classes, links go one way."""
    assert OWL.inverseOf not in set(ONTOLOGY.predicates())
    joined = {
        (ONTOLOGY.value(link, RDFS.domain), ONTOLOGY.value(link, RDFS.range))
        for link in ONTOLOGY.subjects(RDF.type, OWL.ObjectProperty)
    }
    assert [(start, end) for start, end in joined if start and end and start != end and (end, start) in joined] == []


def test_the_logic_is_light() -> None:
    allowed = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.Ontology, OWL.SymmetricProperty}
    assert set(ONTOLOGY.objects(None, RDF.type)) == allowed
    assert {about for about in ONTOLOGY.predicates() if about in OWL} == {OWL.versionIRI, OWL.versionInfo}


@pytest.mark.parametrize("term", TERMS, ids=name_of)
def test_what_a_term_builds_on_is_declared(term: URIRef) -> None:
    for target in (target for about in BUILDING for target in ONTOLOGY.objects(term, about)):
        assert target in TERMS or target in (SKOS.Concept, RDF.langString) or target in XSD


@pytest.mark.parametrize("term", PROPERTIES, ids=name_of)
def test_a_property_ranges_over_what_its_type_says(term: URIRef) -> None:
    ranges = [*ONTOLOGY.objects(term, RDFS.range), *ONTOLOGY.objects(term, SCHEMA.rangeIncludes)]
    literals = [target for target in ranges if target in XSD or target == RDF.langString]
    if (term, RDF.type, OWL.ObjectProperty) in ONTOLOGY:
        assert literals == []
    if (term, RDF.type, OWL.DatatypeProperty) in ONTOLOGY:
        assert literals == ranges


def test_every_annotation_is_declared() -> None:
    built_in = {RDF.type, RDFS.label, RDFS.isDefinedBy, *BUILDING[:4], OWL.versionIRI, OWL.versionInfo}
    declared = set(ONTOLOGY.subjects(RDF.type, OWL.AnnotationProperty))
    assert set(ONTOLOGY.predicates()) <= built_in | declared


@pytest.mark.parametrize("link", LINKS, ids=name_of)
def test_a_link_has_a_weight_and_a_sentence(link: URIRef) -> None:
    assert (link, MAILLAGE.discoveryLink, Literal(True)) in ONTOLOGY
    (weight,) = ONTOLOGY.objects(link, MAILLAGE.linkWeight)
    assert weight.datatype == XSD.decimal
    assert 0 < weight.toPython() <= 1
    assert tags(ONTOLOGY, link, MAILLAGE.sentence) == LANGUAGES


@pytest.mark.parametrize("link", sorted(ONTOLOGY.subjects(MAILLAGE.sentence, unique=True)), ids=name_of)
def test_a_sentence_joins_a_subject_and_an_object(link: URIRef) -> None:
    for sentence in ONTOLOGY.objects(link, MAILLAGE.sentence):
        assert sorted(re.findall(r"\{(\w+)\}", sentence)) == ["object", "subject"]


def test_a_french_sentence_puts_no_word_that_would_contract_before_a_name() -> None:
    """“à Le PôleS NOE” and “de Évry” are not French."""
    said = [str(text) for graph in (ONTOLOGY, CODES) for text in graph.objects(None, MAILLAGE.sentence) if text.language == "fr"]
    assert [text for text in said if re.search(r"\b(de|à|que) \{", text)] == []


def test_only_properties_between_entities_are_links() -> None:
    assert [link for link in LINKS if (link, RDF.type, OWL.ObjectProperty) not in ONTOLOGY] == []
    assert [link for link in LINKS if ONTOLOGY.value(link, RDFS.range) == SKOS.Concept] == []


def test_a_partnership_links_more_closely_than_a_project_a_theme_or_a_territory() -> None:
    names = ["participant", "leader", "mainTheme", "theme", "territory", "within"]
    weights = [ONTOLOGY.value(MAILLAGE[name], MAILLAGE.linkWeight).toPython() for name in names]
    assert weights == sorted(set(weights), reverse=True)


def test_the_derived_properties_are_those_that_the_rules_write() -> None:
    marked = {name_of(term) for term in ONTOLOGY.subjects(MAILLAGE.derived)}
    rules = written("queries/rules/*.rq")
    assert marked == {name for text in rules.values() for name in re.findall(r"derives: maillage:(\w+)", text)}
    assert marked == set(EXPECTED["derived"])


def test_the_kinds_have_their_addresses() -> None:
    found = {name_of(term): str(segment) for term, segment in ONTOLOGY.subject_objects(MAILLAGE.pathSegment)}
    assert found == EXPECTED["segments"]


@pytest.mark.parametrize("name", sorted(EXPECTED["segments"]))
def test_a_kind_has_a_plural_in_each_language(name: str) -> None:
    assert tags(ONTOLOGY, MAILLAGE[name], MAILLAGE.pluralLabel) == LANGUAGES


@pytest.mark.parametrize("name", ["siren", "siret", "rna", "uai", "inseeCode"])
def test_an_identifier_names_its_register(name: str) -> None:
    (register,) = ONTOLOGY.objects(MAILLAGE[name], MAILLAGE.identifierScheme)
    assert register in REGISTERS
    assert (MAILLAGE[name], RDFS.subPropertyOf, MAILLAGE.identifier) in ONTOLOGY


@pytest.mark.parametrize("graph", [ONTOLOGY, CODES], ids=["maillage", "codes"])
def test_french_texts_keep_french_typography(graph: Graph) -> None:
    wrong = r"'|\"| [;:?!»]|«[^\u00a0]|[^\u00a0]»|[^\u00a0/\w][;?!]|\w[;?!] "
    assert [text for text in texts(graph, "fr") if re.search(wrong, text)] == []


@pytest.mark.parametrize("graph", [ONTOLOGY, CODES], ids=["maillage", "codes"])
def test_english_texts_keep_english_typography(graph: Graph) -> None:
    assert [text for text in texts(graph, "en") if re.search(r"'|\"|\u00a0|«|»| [;:?!]", text)] == []


def test_the_ontology_conforms_to_all_shapes() -> None:
    shapes = Graph()
    for text in written("shapes/*.ttl").values():
        shapes.parse(data=text, format="turtle")
    conforms, _, report = validate(ONTOLOGY + CODES + ALIGNMENTS, shacl_graph=shapes)
    assert conforms, report


@pytest.mark.parametrize("about", [RDFS.label, SKOS.definition, RDFS.isDefinedBy], ids=name_of)
def test_the_shapes_refuse_a_term_that_lacks_a_text(about: URIRef) -> None:
    broken = Graph() + ONTOLOGY
    broken.remove((MAILLAGE.Actor, about, ONTOLOGY.value(MAILLAGE.Actor, about)))
    conforms, _, _ = validate(broken, shacl_graph=Graph().parse("shapes/ontology.ttl"))
    assert not conforms
