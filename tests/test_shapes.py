"""What all shapes owe their readers and the gate: words in two languages, a place on the page, terms that exist; not verdicts."""

import re
import unicodedata
import warnings
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from pyshacl.errors import ShapeRecursionWarning
from rdflib import OWL, RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery
from shape_files import FILES, SEVERITIES, Prepared, local, ontology, paths_in, property_shapes, shapes

from app.terms import CODE, MAILLAGE, PREFIXES, SHAPE

LANGUAGES = {"fr", "en"}
DESCRIBED = (SH.name, SH.description, SH.message)
REUSED = ("rdf", "rdfs", "skos", "dcterms", "geo")
"""Prefixes of the vocabularies whose properties the shapes may use beside our own."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_two_parsers_read_the_same_statements(path: Path):
    assert len(list(ox.parse(path=path))) == len(Graph().parse(path, format="turtle"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_says_first_what_it_is_and_holds_one_targeted_class(path: Path):
    graph = Graph().parse(path, format="turtle")
    assert path.read_text(encoding="utf-8").startswith("# ")
    named = {local(shape).partition("-")[0] for shape in property_shapes() if (shape, RDF.type, None) in graph}
    assert len(named) <= 1


def test_the_shapes_are_well_formed_by_shacl_s_own_shapes():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ShapeRecursionWarning)  # the shapes of shapes are recursive
        conforms, _, told = pyshacl.validate(Graph(), shacl_graph=shapes(), meta_shacl=True)
    assert conforms, told


def test_each_property_shape_has_a_name_of_its_own_under_its_class():
    for shape in property_shapes():
        assert re.fullmatch(r"[A-Z][A-Za-z]+-[a-z][A-Za-z]+(-[a-z]+)?", local(shape))


@pytest.mark.parametrize("shape", property_shapes(), ids=local)
def test_a_property_shape_explains_itself_in_both_languages(shape: URIRef):
    for word in DESCRIBED:
        texts = list(shapes().objects(shape, word))
        assert sorted(text.language for text in texts) == sorted(LANGUAGES)
        assert all(text.strip() for text in texts)
    assert len(list(shapes().objects(shape, SH.order))) == 1
    assert (shapes().value(shape, SH.group), RDF.type, SH.PropertyGroup) in shapes()
    assert shapes().value(shape, SH.severity) in {SH[severity] for severity in SEVERITIES}


NOT_BLANK = Literal("[^ ]")
NAMED_ONE_BY_ONE = {"Entity-reviewStatus", "Entity-confidence"}
"""Their messages name all values that there are."""


@pytest.mark.parametrize("shape", [shape for shape in property_shapes() if (shape, SH.pattern, None) in shapes()], ids=local)
def test_what_must_have_a_form_is_told_with_an_example(shape: URIRef):
    if shapes().value(shape, SH.pattern) == NOT_BLANK or local(shape) in NAMED_ONE_BY_ONE:
        return
    said = {text.language: str(text) for text in shapes().objects(shape, SH.message)}
    assert re.search("«\u00a0[^»]+\u00a0»", said["fr"])
    assert re.search("“[^”]+”", said["en"])


def test_each_group_has_a_label_in_both_languages_and_an_order_of_its_own():
    groups = list(shapes().subjects(RDF.type, SH.PropertyGroup))
    for group in groups:
        assert {label.language for label in shapes().objects(group, RDFS.label)} == LANGUAGES
    assert len({shapes().value(group, SH.order) for group in groups}) == len(groups)


def test_each_message_is_in_both_languages():
    for owner in set(shapes().subjects(SH.message, None)):
        assert sorted(text.language for text in shapes().objects(owner, SH.message)) == sorted(LANGUAGES)


def test_french_texts_keep_their_spaces_and_quotation_marks():
    for text in shapes().objects():
        if isinstance(text, Literal) and text.language == "fr":
            assert not re.search(r" [:;?!»%€]|«[^\u00a0]|[^\u00a0]»|'", text), text
            assert unicodedata.is_normalized("NFC", text)


def test_no_text_says_e_mail_addresses_or_telephone_numbers_in_its_examples():
    private = re.compile(str(shapes().value(SHAPE.PrivateContact, SH.pattern)))
    assert not [text for text in shapes().objects() if isinstance(text, Literal) and text.language and private.search(text)]


def place_on_page(shape: URIRef) -> tuple[str, int]:
    return (local(shapes().value(shape, SH.group)), int(shapes().value(shape, SH.order)))


@pytest.mark.parametrize("kind", sorted(set(shapes().objects(None, SH.targetClass))), ids=lambda kind: kind.fragment)
def test_each_property_of_a_class_has_one_place_on_the_page_and_shares_it_with_no_other(kind: URIRef):
    nodes = {
        node
        for above in ontology().transitive_objects(kind, RDFS.subClassOf)
        for node in shapes().subjects(SH.targetClass, above)
    }
    fields = {
        (shapes().value(shape, SH.path), place_on_page(shape))
        for node in nodes
        for shape in shapes().objects(node, SH.property)
        if isinstance(shapes().value(shape, SH.path), URIRef)
    }
    paths, places = zip(*fields, strict=True) if fields else ((), ())
    assert not [path for path in paths if paths.count(path) > 1]
    assert not [place for place in places if places.count(place) > 1]


def declared(term: URIRef) -> bool:
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property)
    return any((term, RDF.type, kind) in ontology() for kind in kinds)


def test_each_path_is_a_term_of_the_ontology_or_of_a_known_vocabulary():
    terms = {term for word in (SH.path, SHAPE.reads) for path in shapes().objects(None, word) for term in paths_in(path)}
    known = tuple(PREFIXES[prefix] for prefix in REUSED)
    assert sorted(str(term) for term in terms if not declared(term) and not str(term).startswith(known)) == []


def test_each_targeted_or_demanded_class_is_a_term_of_the_ontology():
    classes = {*shapes().objects(None, SH.targetClass), *shapes().objects(None, SH["class"])}
    ours = {kind for kind in classes if str(kind).startswith(str(MAILLAGE))}
    assert sorted(str(kind) for kind in ours if (kind, RDF.type, OWL.Class) not in ontology()) == []


def test_what_a_shape_demands_is_within_the_range_that_the_ontology_states():
    for shape in property_shapes():
        stated = ontology().value(shapes().value(shape, SH.path), RDFS.range)
        for demanded in (*shapes().objects(shape, SH.datatype), *shapes().objects(shape, SH["class"])):
            assert stated is None or stated in ontology().transitive_objects(demanded, RDFS.subClassOf), shape


def test_the_ontology_and_the_themes_conform():
    with_supertypes = Prepared()
    with_supertypes += ontology()
    for subject, kind in list(ontology().subject_objects(RDF.type)):
        for above in ontology().transitive_objects(kind, RDFS.subClassOf):
            with_supertypes.add((subject, RDF.type, above))
    _, report, told = pyshacl.validate(with_supertypes, shacl_graph=shapes(), inplace=True)
    assert not list(report.objects(None, SH.result)), told


def test_each_code_list_exists_and_is_the_one_that_the_pattern_admits():
    for shape, scheme in shapes().subject_objects(SHAPE.codeList):
        pattern = str(shapes().value(shape, SH.pattern)).replace("\\.", ".")
        assert pattern.startswith(f"^{scheme}/")
        assert (scheme, None, None) in ontology(), scheme


def test_only_datatypes_that_the_store_keeps_are_asked_for():
    kept = {"integer", "decimal", "boolean", "date", "dateTime", "gYear", "gYearMonth", "string", "langString", "wktLiteral"}
    assert {str(datatype).rpartition("#")[2] for datatype in shapes().objects(None, SH.datatype)} <= kept


def test_no_shape_uses_scripts_rules_or_targets_that_are_queries():
    refused = {SH.js, SH.rule, SH.target, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.expression}
    assert not refused & set(shapes().predicates())


def sparql_constraints() -> list[URIRef]:
    return sorted(shapes().subjects(SH.select, None))


@pytest.mark.parametrize("constraint", sparql_constraints(), ids=local)
def test_a_sparql_constraint_reads_only_what_it_says(constraint: URIRef):
    """Its triple patterns use the properties of ``shape:reads``, or it has none at all."""
    select = str(shapes().value(constraint, SH.select))
    reads = {term for path in shapes().objects(constraint, SHAPE.reads) for term in paths_in(path)}
    named = {
        PREFIXES[prefix] + name
        for prefix, name in re.findall(r"\b(maillage|skos|dcterms):(\w+)", select)  #
    }
    assert named == {str(term) for term in reads}


@pytest.mark.parametrize("constraint", sparql_constraints(), ids=local)
def test_two_engines_read_a_sparql_constraint(constraint: URIRef):
    select = str(shapes().value(constraint, SH.select))
    assert prepareQuery(select, initNs={name: PREFIXES[name] for name in ("maillage", "skos", "xsd")})
    prologue = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("maillage", "skos", "xsd"))
    assert list(ox.Store().query(prologue + select, substitutions={ox.Variable("this"): ox.Literal("x")})) == []


@pytest.mark.parametrize("constraint", sparql_constraints(), ids=local)
def test_a_comment_says_why_a_constraint_is_not_in_core(constraint: URIRef):
    owner = local(shapes().value(None, SH.sparql, constraint))
    text = next(text for text in (path.read_text(encoding="utf-8") for path in FILES) if f"\nshape:{owner}\n" in text)
    assert "# SPARQL because" in text.split(f"\nshape:{owner}\n")[0].rpartition("\n\n")[2]


@pytest.mark.parametrize("pattern", sorted(set(map(str, shapes().objects(None, SH.pattern)))))
@pytest.mark.parametrize("piece", ["a", "0", "0 ", "a@", "33 ", "<", "(", "-", "https://"])
def test_a_pattern_takes_a_long_text_without_running_away(pattern: str, piece: str):
    """Every step of a search over 100,000 characters is bounded; a pattern that backtracks would not come back."""
    re.search(pattern, piece * (100_000 // len(piece)) + "!")


def test_every_scheme_of_codes_is_under_the_shared_address():
    assert all(str(scheme).startswith(str(CODE)) for scheme in shapes().objects(None, SHAPE.codeList))
