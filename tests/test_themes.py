"""The themes: two levels, complete in both languages, each findable under one name, matched with the field's lists."""

import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SKOS

from app.terms import MAILLAGE, THEME

FILE = Path("ontology/themes.ttl")
GRAPH = Graph().parse(FILE)
SCHEME = URIRef(str(THEME).removesuffix("/"))
CONCEPTS = sorted(GRAPH.subjects(RDF.type, MAILLAGE.Theme))
name_of = lambda iri: str(iri).rsplit("/", 1)[-1]  # noqa: E731


def test_the_engine_reads_what_rdflib_reads() -> None:
    assert len(list(ox.parse(path=str(FILE)))) == len(GRAPH)


def test_there_are_enough_themes_and_no_more_than_a_reader_can_survey() -> None:
    assert 60 <= len(CONCEPTS) <= 100


@pytest.mark.parametrize("concept", CONCEPTS, ids=name_of)
def test_a_theme_is_named_defined_and_delimited_in_both_languages(concept: URIRef) -> None:
    for property_ in (SKOS.prefLabel, SKOS.definition, SKOS.scopeNote):
        assert sorted(str(text.language) for text in GRAPH.objects(concept, property_)) == ["en", "fr"]
    assert {text.language for text in GRAPH.objects(concept, SKOS.altLabel)} == {"fr", "en"}
    for definition in GRAPH.objects(concept, SKOS.definition):
        assert re.fullmatch(r"[A-ZÉÀÎ].*\.", str(definition)), definition


@pytest.mark.parametrize("concept", CONCEPTS, ids=name_of)
def test_a_theme_is_on_top_or_just_below(concept: URIRef) -> None:
    assert GRAPH.value(concept, SKOS.inScheme) == SCHEME
    broader = list(GRAPH.objects(concept, SKOS.broader))
    if broader:
        assert len(broader) == 1
        assert (SCHEME, SKOS.hasTopConcept, broader[0]) in GRAPH
    else:
        assert (concept, SKOS.topConceptOf, SCHEME) in GRAPH
        assert (SCHEME, SKOS.hasTopConcept, concept) in GRAPH
        assert len(list(GRAPH.subjects(SKOS.broader, concept))) >= 3


@pytest.mark.parametrize("concept", CONCEPTS, ids=name_of)
def test_a_theme_is_matched_with_the_development_goals_and_essglobal(concept: URIRef) -> None:
    goals = {str(match) for match in GRAPH.objects(concept, SKOS.relatedMatch)}
    themes = {str(match) for match in GRAPH.objects(concept, SKOS.closeMatch)}
    assert goals
    assert goals <= {f"http://metadata.un.org/sdg/{n}" for n in range(1, 18)}
    assert themes
    assert themes <= {f"http://purl.org/essglobal/standard/themes/T{n}" for n in range(1, 20)}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_preferred_name_means_one_theme(language: str) -> None:
    names = Counter(str(n).lower() for _, n in GRAPH.subject_objects(SKOS.prefLabel) if n.language == language)
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_synonym_is_never_another_themes_preferred_name(language: str) -> None:
    preferred = {str(n).lower(): s for s, n in GRAPH.subject_objects(SKOS.prefLabel) if n.language == language}
    clashes = [
        (name_of(s), str(n))
        for s, n in GRAPH.subject_objects(SKOS.altLabel)
        if n.language == language and preferred.get(str(n).lower(), s) != s
    ]
    assert clashes == []


def test_every_wish_of_the_citizens_has_a_word_in_the_scheme() -> None:
    words = {str(label).lower() for p in (SKOS.prefLabel, SKOS.altLabel) for label in GRAPH.objects(None, p)}
    wished = ["bio", "coworking", "recyclerie", "friperie", "repair café", "épicerie collaborative", "aire de covoiturage"]
    assert [word for word in wished if word not in words] == []
