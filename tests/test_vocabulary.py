"""The vocabulary: what the service asks of the ontology, on the real one and on small broken ones; not the ontology itself."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from rdflib import Graph, Literal
from rdflib.compare import isomorphic

from app.terms import CODE, MAILLAGE
from app.vocabulary import IdentifierScheme, Vocabulary

FOLDER = Path("ontology")
VOCABULARY = Vocabulary.load(FOLDER)
SOMEONE_ELSES = "http://example.org/Thing"
SMALL = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix vann: <http://purl.org/vocab/vann/> .
@prefix my: <http://example.org/my#> .
<http://example.org/my> a owl:Ontology ; vann:preferredNamespaceUri "http://example.org/my#" .
"""


def own(name: str) -> str:
    return str(MAILLAGE[name])


def small(folder: Path, text: str) -> Vocabulary:
    """A vocabulary of a few lines, under a namespace of its own."""
    for name in ("codes.ttl", "alignments.ttl"):
        (folder / name).write_text("")
    (folder / "maillage.ttl").write_text(SMALL + text)
    return Vocabulary.load(folder)


# Terms


def test_a_class_is_documented_with_its_examples_and_its_superclass() -> None:
    term = VOCABULARY.terms[own("WorkingGroup")]
    assert (term.name, term.sort, term.superterms) == ("WorkingGroup", "class", (own("OrganizationalUnit"),))
    assert dict(term.label) == {"fr": "Groupe de travail", "en": "Working group"}
    assert len(term.examples["fr"]) == len(term.examples["en"]) == 2


def test_a_property_tells_the_classes_it_joins_stated_or_announced() -> None:
    assert VOCABULARY.terms[own("leader")].domains == (own("Activity"),)
    assert VOCABULARY.terms[own("servesPolicy")].domains == (own("Activity"), own("Partnership"))
    assert len(VOCABULARY.terms[own("startDate")].ranges) == 3


def test_the_terms_of_others_are_alignments_and_not_superterms() -> None:
    term = VOCABULARY.terms[own("Theme")]
    assert term.superterms == ()
    assert ("http://www.w3.org/2000/01/rdf-schema#subClassOf", "http://www.w3.org/2004/02/skos/core#Concept") in {
        (alignment.relation, alignment.target) for alignment in term.alignments
    }


def test_a_code_and_a_register_are_individuals() -> None:
    assert VOCABULARY.terms[f"{CODE}role/funds"].sort == "individual"
    assert VOCABULARY.terms[f"{CODE}role/funds"].scheme == f"{CODE}role"
    assert VOCABULARY.terms[f"{CODE}legal-form/9220"].superterms == (f"{CODE}legal-form/92",)
    assert VOCABULARY.terms[f"{CODE}identifier-scheme/siren"].sort == "individual"


def test_the_annotations_of_others_are_no_terms_of_ours() -> None:
    assert [iri for iri in VOCABULARY.terms if not iri.startswith((MAILLAGE, CODE))] == []


def test_known_terms_are_all_and_only_the_ontologys_own() -> None:
    declared = {str(s) for s in Graph().parse(FOLDER / "maillage.ttl").subjects(unique=True) if s in MAILLAGE}
    assert VOCABULARY.known_terms == declared


@pytest.mark.parametrize("name", ["Actors", "partnersOf", "", "identifier-scheme/siren"])
def test_a_misspelt_term_is_not_known(name: str) -> None:
    assert own(name) not in VOCABULARY.known_terms


@pytest.mark.parametrize(
    ("iri", "label"),
    [(own("Actor"), "Acteur"), (own("leader"), "porteur"), (f"{CODE}role/funds", "finance")],
)
def test_classes_properties_and_codes_have_labels(iri: str, label: str) -> None:
    assert VOCABULARY.label(iri)["fr"] == label


def test_the_label_of_a_register_is_its_name() -> None:
    assert "SIREN" in VOCABULARY.label(f"{CODE}identifier-scheme/siren")["fr"]


def test_what_the_ontology_does_not_know_has_no_label() -> None:
    assert VOCABULARY.label(SOMEONE_ELSES) is None


# Hierarchy and kinds


def test_superclasses_are_reflexive_transitive_and_reach_other_vocabularies() -> None:
    above = VOCABULARY.superclasses(own("WorkerCooperative"))
    assert {own(name) for name in ("WorkerCooperative", "Cooperative", "Organization", "Actor")} <= above
    assert "http://xmlns.com/foaf/0.1/Agent" in above
    assert own("Association") not in above


def test_an_unknown_class_stands_alone() -> None:
    assert VOCABULARY.superclasses(SOMEONE_ELSES) == VOCABULARY.subclasses(SOMEONE_ELSES) == {SOMEONE_ELSES}


def test_subclasses_mirror_superclasses() -> None:
    assert VOCABULARY.subclasses(own("OrganizationalUnit")) == {
        own(name) for name in ("OrganizationalUnit", "WorkingGroup", "SteeringCommittee", "LocalCommittee")
    }


def test_a_circle_of_classes_ends(tmp_path: Path) -> None:
    vocabulary = small(tmp_path, "my:A a owl:Class ; rdfs:subClassOf my:B . my:B a owl:Class ; rdfs:subClassOf my:A .")
    assert vocabulary.superclasses("http://example.org/my#A") == {"http://example.org/my#A", "http://example.org/my#B"}


def test_kinds_come_in_the_order_of_their_segments() -> None:
    segments = [kind.segment for kind in VOCABULARY.kinds()]
    assert segments == sorted(set(segments))
    assert "actor" in segments


def test_a_kind_says_itself_in_both_languages() -> None:
    kind = next(kind for kind in VOCABULARY.kinds() if kind.segment == "call")
    assert (kind.said("fr"), kind.plural("fr")) == ("Appel à projets", "Appels à projets")
    assert (kind.said("en"), kind.plural("en")) == ("Call for projects", "Calls for projects")
    assert [kind.counted(n, "fr") for n in (0, 1, 2)] == ["Appel à projets", "Appel à projets", "Appels à projets"]
    assert [kind.counted(n, "en") for n in (0, 1, 2)] == ["Calls for projects", "Call for projects", "Calls for projects"]
    assert kind.definition("en").startswith("Public invitation")


@pytest.mark.parametrize(
    ("types", "segment"),
    [
        (["Actor"], "actor"),
        (["WorkingGroup"], "actor"),
        (["Network", "Association"], "actor"),
        (["CityContract"], "policy"),
        (["StatusPeriod"], "period"),
        (["Internship"], "opportunity"),
        (["Project", "Event"], "event"),
        (["Event", "Project"], "event"),
    ],
)
def test_the_kind_of_an_entity_is_that_of_its_classes(types: list[str], segment: str) -> None:
    assert VOCABULARY.kind_of(own(name) for name in types).segment == segment


@pytest.mark.parametrize("types", [[], ["ResourceListing"], ["Activity"], ["IdentifierScheme"], ["Unknown"]])
def test_an_entity_of_no_kind_has_none(types: list[str]) -> None:
    assert VOCABULARY.kind_of([own(name) for name in types]) is None


def test_the_more_specific_of_two_kinds_wins_whatever_their_segments(tmp_path: Path) -> None:
    vocabulary = small(
        tmp_path,
        'my:Tool a owl:Class ; my:pathSegment "a-tool" . my:Saw a owl:Class ; rdfs:subClassOf my:Tool ; my:pathSegment "saw" .',
    )
    assert vocabulary.kind_of(["http://example.org/my#Saw"]).segment == "saw"
    assert vocabulary.kind_of(["http://example.org/my#Tool"]).segment == "a-tool"


# Links, roles, registers


def test_a_link_has_its_weight_and_its_sentence() -> None:
    link = VOCABULARY.links[own("leader")]
    assert (link.weight, link.derived) == (0.9, False)
    assert link.sentence["en"] == "{object} leads {subject}"


def test_a_derived_link_says_so() -> None:
    assert VOCABULARY.links[own("funds")].derived
    assert VOCABULARY.is_derived(own("funds"))
    assert not VOCABULARY.is_derived(own("leader"))
    assert own("funds") in VOCABULARY.derived_properties


@pytest.mark.parametrize("name", ["name", "legalForm", "publisher", "weeks"])
def test_a_property_without_the_mark_is_no_link(name: str) -> None:
    assert own(name) not in VOCABULARY.links


def test_properties_and_roles_have_sentences() -> None:
    assert VOCABULARY.sentence(own("publisher"))["fr"] == "{object} publie {subject}"
    assert VOCABULARY.sentence(f"{CODE}role/funds")["en"] == "{participant} funds {partnership}"
    assert VOCABULARY.sentence(own("name")) is None


def test_roles_are_the_codes_that_have_a_sentence() -> None:
    assert len(VOCABULARY.roles) == 11
    assert VOCABULARY.roles[f"{CODE}role/funds"].label["fr"] == "finance"
    assert f"{CODE}partnership-kind/funding" not in VOCABULARY.roles


def test_an_identifier_leads_to_its_public_record() -> None:
    assert VOCABULARY.register_link(own("siren"), "217500016") == "https://annuaire-entreprises.data.gouv.fr/entreprise/217500016"


@pytest.mark.parametrize("name", ["inseeCode", "reference", "name"])
def test_an_identifier_without_a_public_record_leads_nowhere(name: str) -> None:
    assert VOCABULARY.register_link(own(name), "91377") is None


def test_a_value_cannot_leave_its_place_in_an_address() -> None:
    scheme = IdentifierScheme("x", {}, "x", "https://example.org/{value}")
    assert scheme.url("../admin?x=1#y") == "https://example.org/..%2Fadmin%3Fx%3D1%23y"


# Files and documents


def test_the_files_of_each_graph_exist() -> None:
    files = VOCABULARY.graph_files()
    assert set(files) == {"ontology", "themes"}
    assert sorted(path for paths in files.values() for path in paths) == sorted(FOLDER.glob("*.ttl"))


@pytest.mark.parametrize("form", ["turtle", "json-ld"])
def test_a_document_says_all_that_the_files_say(form: str) -> None:
    said = Graph().parse(data=VOCABULARY.serialize(form), format=form)
    assert isomorphic(said, VOCABULARY.graph)


def test_the_turtle_keeps_the_comments_of_the_files() -> None:
    assert VOCABULARY.serialize("turtle").startswith(b"# The Maillage ontology")


def test_the_json_ld_has_only_our_prefixes_in_its_context() -> None:
    context = json.loads(VOCABULARY.serialize("json-ld"))["@context"]
    assert context["maillage"] == str(MAILLAGE)
    assert "brick" not in context


def test_a_document_in_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="turtle or json-ld"):
        VOCABULARY.serialize("xml")


def test_a_document_has_the_same_bytes_in_another_process() -> None:
    program = "import sys; from pathlib import Path; from app.vocabulary import Vocabulary; "
    program += "sys.stdout.buffer.write(Vocabulary.load(Path('ontology')).serialize('json-ld'))"
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, env=environment)
    assert other.stdout == VOCABULARY.serialize("json-ld")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "maillage.ttl", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"codes\.ttl"):
        Vocabulary.load(tmp_path)


def test_an_ontology_without_a_namespace_is_refused(tmp_path: Path) -> None:
    for name in ("maillage.ttl", "codes.ttl", "alignments.ttl"):
        (tmp_path / name).write_text("")
    with pytest.raises(ValueError, match="preferredNamespaceUri"):
        Vocabulary.load(tmp_path)


def test_another_observatory_may_have_a_namespace_of_its_own(tmp_path: Path) -> None:
    vocabulary = small(tmp_path, 'my:Tool a owl:Class ; rdfs:label "Outil"@fr . my:uses a owl:ObjectProperty ; my:derived true .')
    assert vocabulary.known_terms == {"http://example.org/my#Tool", "http://example.org/my#uses"}
    assert vocabulary.derived_properties == {"http://example.org/my#uses"}
    assert vocabulary.label("http://example.org/my#Tool") == {"fr": str(Literal("Outil"))}


def test_a_vocabulary_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        VOCABULARY.folder = Path("elsewhere")
