"""The code lists: complete, in both languages, each code in one list; the registers and their addresses."""

import re
from collections import Counter
from itertools import product

import pytest
from ontology_files import CODES, CONCEPTS, EXPECTED, LANGUAGES, REGISTERS, SCHEMES, code_of, name_of, tags, written
from rdflib import SKOS, Literal, URIRef

from app.terms import CODE, MAILLAGE

FORMS = [code for code in CONCEPTS if "/legal-form/" in code]
ROLES = [code for code in CONCEPTS if "/role/" in code]
GENERIC = {"54": "5499", "57": "5710", "72": "7210", "92": "9220"}


@pytest.mark.parametrize("name", sorted(EXPECTED["lists"]))
def test_a_list_has_its_codes(name: str) -> None:
    scheme = URIRef(f"{CODE}{name}")
    assert {f"{scheme}/{code}" for code in EXPECTED["lists"][name]} <= set(map(str, CODES.subjects(SKOS.inScheme, scheme)))


def test_the_lists_are_those_of_the_model() -> None:
    assert [name_of(scheme) for scheme in SCHEMES] == sorted(EXPECTED["lists"])


def test_the_shapes_choose_from_lists_that_exist() -> None:
    chosen = {iri for text in written("shapes/*.ttl").values() for iri in re.findall(r"codeList <([^>]+)>", text)}
    assert chosen
    assert chosen <= set(map(str, SCHEMES))


def test_every_code_that_questions_and_seed_use_exists() -> None:
    pattern = r"(?:\bcode/|\bcode:)([a-z-]+\\?/[\w-]+)"
    used = {(path, code) for path, text in written("queries/**/*.rq", "seed/*.ttl").items() for code in re.findall(pattern, text)}
    known = {code_of(code) for code in [*CONCEPTS, *REGISTERS]}
    assert [(path, code) for path, code in sorted(used) if code.replace("\\", "") not in known] == []


@pytest.mark.parametrize("about", [SKOS.prefLabel, SKOS.definition], ids=name_of)
@pytest.mark.parametrize("code", [*CONCEPTS, *SCHEMES], ids=code_of)
def test_a_code_is_labelled_and_defined_in_both_languages(code: URIRef, about: URIRef) -> None:
    assert tags(CODES, code, about) == LANGUAGES


@pytest.mark.parametrize("code", CONCEPTS, ids=code_of)
def test_a_code_stands_in_one_list_on_top_or_just_below(code: URIRef) -> None:
    (scheme,) = CODES.objects(code, SKOS.inScheme)
    assert scheme in SCHEMES
    assert str(code).startswith(f"{scheme}/")
    (above,) = [*CODES.objects(code, SKOS.broader), *CODES.objects(code, SKOS.topConceptOf)]
    assert above == scheme or (above, SKOS.topConceptOf, scheme) in CODES


@pytest.mark.parametrize(("language", "scheme"), list(product(LANGUAGES, SCHEMES)), ids=name_of)
def test_a_label_means_one_code_of_a_level(language: str, scheme: URIRef) -> None:
    found = Counter(
        (str(label).casefold(), (code, SKOS.topConceptOf, scheme) in CODES)
        for code in CODES.subjects(SKOS.inScheme, scheme)
        for label in CODES.objects(code, SKOS.prefLabel)
        if label.language == language
    )
    assert [label for label, times in found.items() if times > 1] == []


@pytest.mark.parametrize("code", FORMS, ids=name_of)
def test_a_legal_form_has_its_code_as_notation_and_stands_in_its_group(code: URIRef) -> None:
    number = name_of(code)
    assert list(CODES.objects(code, SKOS.notation)) == [Literal(number)]
    assert re.fullmatch(r"\d{2}(\d{2})?", number)
    assert [name_of(group) for group in CODES.objects(code, SKOS.broader)] == ([number[:2]] if len(number) == 4 else [])


@pytest.mark.parametrize(("group", "form"), GENERIC.items())
def test_a_group_has_its_most_usual_form(group: str, form: str) -> None:
    assert (URIRef(f"{CODE}legal-form/{form}"), SKOS.broader, URIRef(f"{CODE}legal-form/{group}")) in CODES


def test_no_legal_form_is_a_scic() -> None:
    """It has no category of its own: collectiveInterest marks it."""
    labels = [str(label) for form in FORMS for label in CODES.objects(form, SKOS.prefLabel)]
    assert [label for label in labels if "SCIC" in label] == []


@pytest.mark.parametrize("role", ROLES, ids=name_of)
def test_the_sentence_of_a_role_joins_a_participant_and_a_partnership(role: URIRef) -> None:
    assert tags(CODES, role, MAILLAGE.sentence) == LANGUAGES
    for sentence in CODES.objects(role, MAILLAGE.sentence):
        assert sorted(re.findall(r"\{(\w+)\}", sentence)) == ["participant", "partnership"]


def test_only_roles_have_sentences() -> None:
    assert sorted(CODES.subjects(MAILLAGE.sentence, unique=True)) == ROLES


def test_the_rules_know_every_role_that_links_actors() -> None:
    rules = " ".join(written("queries/rules/*.rq").values())
    assert [name_of(role) for role in ROLES if f"role:{name_of(role)}" not in rules] == []


@pytest.mark.parametrize("register", REGISTERS, ids=name_of)
def test_a_register_is_described_and_its_address_takes_a_value(register: URIRef) -> None:
    assert tags(CODES, register, MAILLAGE.name) == tags(CODES, register, SKOS.definition) == LANGUAGES
    assert CODES.value(register, MAILLAGE.agency)
    for template in CODES.objects(register, MAILLAGE.urlTemplate):
        assert re.fullmatch(r"https://[^{} ]+\{value\}", template)
