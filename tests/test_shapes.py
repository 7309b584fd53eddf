"""The shapes: each on small cases whose first line says what must be found, and what all owe their readers; not the gate."""

import re
import unicodedata
import warnings
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyshacl.errors import ShapeRecursionWarning
from rdflib import OWL, RDF, RDFS, SH, XSD, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.plugins.sparql import prepareQuery

from app.resources import folder
from app.terms import CODE, MAILLAGE, PREFIXES, SHAPE, to_rdflib

FILES = sorted(folder("shapes").glob("*.ttl"))
CASES_FOLDER = Path(__file__).parent / "shapes"
CASES = sorted(CASES_FOLDER.glob("*/*.ttl"))
BASE = "https://example.org/"
LANGUAGES = {"fr", "en"}
DESCRIBED = (SH.name, SH.description, SH.message)
SEVERITIES = {"Violation", "Warning", "Info"}
REUSED = ("rdf", "rdfs", "skos", "dcterms", "geo")
"""Prefixes of the vocabularies whose properties the shapes may use beside our own."""


@cache
def shapes() -> Graph:
    graph = Graph()
    for path in FILES:
        graph.parse(path, format="turtle")
    return graph


@cache
def ontology() -> Graph:
    graph = Graph()
    for path in sorted(folder("ontology").glob("*.ttl")):
        graph.parse(path, format="turtle")
    return graph


@cache
def context() -> Graph:
    return Graph().parse(CASES_FOLDER / "context.ttl", format="turtle", publicID=BASE)


def property_shapes() -> list[URIRef]:
    return sorted(shapes().subjects(RDF.type, SH.PropertyShape))


def constraint_owners() -> list[URIRef]:
    """What a finding can name: the property shapes, and the node shapes that have a message of their own."""
    with_message = {s for s in shapes().subjects(SH.message, None) if (s, SH.targetClass, None) in shapes()}
    return sorted({*property_shapes(), *with_message})


def local(shape: URIRef) -> str:
    return str(shape).removeprefix(str(SHAPE))


class Prepared(Graph):
    """A graph that translates each text of a query once: reading a constraint takes a hundred times longer than running it."""

    def query(self, query_object, *args, **kwargs):
        return super().query(translated(query_object), *args, **kwargs)


@cache
def translated(query: str):
    return prepareQuery(query)


def with_context(said: Graph) -> Graph:
    """The case's statements with what they refer to, every superclass as a type of its own."""
    data = Prepared()
    data += said
    waiting = set(said.objects())
    while waiting:
        term = waiting.pop()
        for triple in (*context().triples((term, None, None)), *ontology().triples((term, None, None))):
            data.add(triple)
            if (triple[2], None, None) in context() and (triple[2], None, None) not in data:
                waiting.add(triple[2])
    for subject, kind in list(data.subject_objects(RDF.type)):
        for above in ontology().transitive_objects(kind, RDFS.subClassOf):
            data.add((subject, RDF.type, above))
    return data


def findings(said: Graph) -> set[str]:
    """``shape:Name Severity`` for each finding about the case's own subjects."""
    _, report, _ = pyshacl.validate(with_context(said), shacl_graph=shapes(), inplace=True, advanced=False, js=False)
    own = set(said.subjects()) - set(context().subjects())
    return {
        f"shape:{local(report.value(found, SH.sourceShape))} {report.value(found, SH.resultSeverity).fragment}"
        for found in report.objects(None, SH.result)
        if report.value(found, SH.focusNode) in own
    }


def expected(path: Path) -> set[str]:
    """What the first line announces, for instance ``# expects: shape:Actor-siren Violation``."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    announced = re.fullmatch(r"# expects: (.+)", first)
    assert announced, f"{path}: start with “# expects: conforms” or “# expects: shape:Name Severity, …”"
    return set() if announced[1] == "conforms" else set(announced[1].split(", "))


def read_case(path: Path) -> Graph:
    """As the gate reads: the engine's terms, their lexical forms untouched by rdflib."""
    graph = Graph()
    for quad in ox.parse(path=path, base_iri=BASE):
        graph.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
    return graph


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_case_is_judged_as_its_first_line_says(path: Path):
    assert findings(read_case(path)) == expected(path)


def test_each_case_names_shapes_that_exist():
    known = {f"shape:{local(shape)} {severity}" for shape in constraint_owners() for severity in SEVERITIES}
    assert {claim for path in CASES for claim in expected(path)} <= known


def test_each_shape_that_can_fail_does_so_in_a_case():
    failing = {claim.removeprefix("shape:").split()[0] for path in CASES for claim in expected(path)}
    assert sorted({local(shape) for shape in constraint_owners()} - failing) == []


def test_each_class_that_is_targeted_has_a_case_that_conforms():
    """Somewhere below the class, for a class whose kinds are what is written."""
    conforming = {kind for path in CASES if not expected(path) for kind in read_case(path).objects(None, RDF.type)}
    above = {above for kind in conforming for above in ontology().transitive_objects(kind, RDFS.subClassOf)}
    assert set(shapes().objects(None, SH.targetClass)) <= above | {OWL.DatatypeProperty, OWL.AnnotationProperty}


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


def paths_in(path: object) -> set[URIRef]:
    """The properties of a SHACL path, however it nests."""
    if isinstance(path, URIRef):
        return {path}
    if (path, RDF.first, None) in shapes():
        return {term for step in Collection(shapes(), path) for term in paths_in(step)}
    return {term for _, inner in shapes().predicate_objects(path) for term in paths_in(inner)}


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


STRANGE = (
    URIRef(BASE),
    URIRef("mailto:a@example.org"),
    Literal(""),
    Literal("x", lang="fr"),
    Literal("x" * 10_000),
    Literal("not a date", datatype=XSD.date, normalize=False),
    Literal("0000", datatype=XSD.gYear, normalize=False),
    Literal("-12345-01-01", datatype=XSD.date, normalize=False),
    Literal("2024-01-01T00:00:00", datatype=XSD.dateTime),
    Literal("2024-01-01T00:00:00Z", datatype=XSD.dateTime),
    Literal("9" * 400, datatype=XSD.integer),
    Literal("NaN", datatype=XSD.double),
    Literal("perhaps", datatype=XSD.boolean, normalize=False),
    Literal("x", datatype=URIRef(f"{BASE}datatype")),
)


@pytest.mark.parametrize("value", STRANGE, ids=lambda value: value.n3()[:40])
def test_no_value_however_strange_stops_the_judgement(value: URIRef | Literal):
    """Every property with that value and a day, on a node of every class: findings, not a failure."""
    properties = {term for path in shapes().objects(None, SH.path) for term in paths_in(path)} - {RDF.type}
    said = Graph()
    for name, kind in enumerate(sorted(set(shapes().objects(None, SH.targetClass)))):
        said.add((URIRef(f"{BASE}{name}"), RDF.type, kind))
        for term in properties:
            said.add((URIRef(f"{BASE}{name}"), term, value))
            said.add((URIRef(f"{BASE}{name}"), term, Literal("2024-01-01", datatype=XSD.date)))
    assert findings(said)


# The keys, against calculations by hand


def luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = (2 * digit - 9 * (digit > 4) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def register_key(number: str) -> bool:
    la_poste = len(number) == 14 and number.startswith("356000000") and number != "35600000000048"
    return sum(map(int, number)) % 5 == 0 if la_poste else luhn(number)


def school_key(code: str) -> bool:
    return "ABCDEFGHJKLMNPRSTUVWXYZ"[int(code[:7]) % 23] == code[7]


@cache
def prepared(constraint: str) -> tuple[object, str]:
    select = str(shapes().value(SHAPE[constraint], SH.select))
    xsd = PREFIXES["xsd"]
    return prepareQuery(select, initNs={"xsd": xsd}), f"PREFIX xsd: <{xsd}>\n{select}"


def accepts(constraint: str, value: str) -> bool:
    """The verdict of the constraint's query, which both engines must share."""
    query, text = prepared(constraint)
    by_rdflib = not list(Graph().query(query, initBindings={"this": Literal(value)}))
    by_oxigraph = not list(ox.Store().query(text, substitutions={ox.Variable("this"): ox.Literal(value)}))
    assert by_rdflib == by_oxigraph
    return by_rdflib


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


def completed(number: str) -> str:
    return next(number + key for key in "0123456789" if luhn(number + key))


@settings(max_examples=200, deadline=None)
@given(st.one_of(digits(9), digits(14), digits(5).map("356000000".__add__), digits(8).map(completed), digits(13).map(completed)))
def test_the_key_of_siren_and_siret_is_luhn_s_save_for_la_poste(number: str):
    assert accepts("RegisterKey-luhn", number) == register_key(number)


@settings(max_examples=100, deadline=None)
@given(digits(7), st.sampled_from("ABCDEFGHJKLMNPRSTUVWXYZ"))
def test_the_letter_of_a_uai_is_its_number_modulo_23(number: str, letter: str):
    right = "ABCDEFGHJKLMNPRSTUVWXYZ"[int(number) % 23]
    assert accepts("SchoolKey-letter", number + right)
    assert accepts("SchoolKey-letter", number + letter) == (letter == right)


REAL_NUMBERS = (
    *("42143076000049", "49983617900014", "39450967300023", "20008352500010", "44367596200015", "21910286000018"),
    *("217500016", "200054781", "356000000", "35600000000048", "35600000049837"),
)


@pytest.mark.parametrize("number", REAL_NUMBERS)
def test_the_key_of_a_real_number_is_right(number: str):
    assert register_key(number)
    assert accepts("RegisterKey-luhn", number)


@pytest.mark.parametrize("pattern", sorted(set(map(str, shapes().objects(None, SH.pattern)))))
@pytest.mark.parametrize("piece", ["a", "0", "0 ", "a@", "33 ", "<", "(", "-", "https://"])
def test_a_pattern_takes_a_long_text_without_running_away(pattern: str, piece: str):
    """Every step of a search over 100,000 characters is bounded; a pattern that backtracks would not come back."""
    re.search(pattern, piece * (100_000 // len(piece)) + "!")


def test_every_scheme_of_codes_is_under_the_shared_address():
    assert all(str(scheme).startswith(str(CODE)) for scheme in shapes().objects(None, SHAPE.codeList))
