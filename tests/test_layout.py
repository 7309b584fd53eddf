"""How shapes lay out pages and tell the data-entry rules."""

from __future__ import annotations

import pytest
from rdflib import XSD

from app.resources import folder
from app.shapes import ClassRules, Field, Group, Shapes
from app.text import LANGUAGES
from tests.gates import ONTOLOGY, PREFIXES, superclasses

SHAPES = """
shape:Late a sh:PropertyGroup ; rdfs:label "Tard"@fr, "Late"@en ; sh:order 9 .
shape:Early a sh:PropertyGroup ; rdfs:label "Tôt"@fr, "Early"@en ; sh:order 1 .
shape:Actor a sh:NodeShape ; sh:targetClass maillage:Actor ; sh:property shape:name, shape:partner, shape:age, shape:advised,
    shape:unique, shape:members, shape:parents, shape:bare .
shape:Association a sh:NodeShape ; sh:targetClass maillage:Association ; sh:property shape:Association-name .
shape:name a sh:PropertyShape ; sh:path maillage:name ; sh:name "Nom"@fr, "Name"@en ; sh:minCount 1 ; sh:group shape:Early ;
    sh:order 2 ; sh:or ( [ sh:datatype xsd:string ] [ sh:datatype rdf:langString ] ) ; sh:uniqueLang true ;
    sh:message "Donnez un nom, par exemple « La Ruche »."@fr, "Give a name, for instance “The Hive”."@en .
shape:Association-name a sh:PropertyShape ; sh:path maillage:name ; sh:name "Nom de l’association"@fr, "Association’s name"@en ;
    sh:group shape:Early ; sh:order 2 .
shape:age a sh:PropertyShape ; sh:path maillage:age ; sh:name "Âge"@fr, "Age"@en ; sh:datatype xsd:integer ; sh:maxCount 1 ;
    sh:description "En années."@fr, "In years."@en ; sh:minInclusive 0 ; sh:group shape:Early ; sh:order 1 .
shape:advised a sh:PropertyShape ; sh:path maillage:unitOf ; sh:minCount 1 ; sh:severity sh:Warning ; sh:group shape:Late ;
    sh:order 1 .
shape:partner a sh:PropertyShape ; sh:path maillage:unitOf ; sh:class maillage:Actor ; sh:name "Membre de"@fr, "Member of"@en ;
    sh:group shape:Late ; sh:order 1 .
shape:unique a sh:PropertyShape ; sh:path ( maillage:siren [ sh:inversePath maillage:siren ] ) ; sh:maxCount 1 ;
    sh:group shape:Late ; sh:order 2 ; sh:name "Doublons"@fr, "Duplicates"@en .
shape:parents a sh:PropertyShape ; sh:path ( maillage:age maillage:age ) ; sh:minCount 1 .
shape:members a sh:PropertyShape ; sh:path [ sh:inversePath maillage:unitOf ] ; sh:name "Membres"@fr, "Members"@en ;
    sh:group shape:Late ; sh:order 3 .
shape:bare a sh:PropertyShape ; sh:path maillage:bare .
"""
MINI = Shapes.parse([(PREFIXES + SHAPES).encode()], superclasses)
REAL = Shapes.load(folder("shapes"))


def laid(*classes: str) -> list[Group]:
    return MINI.layout([ONTOLOGY + name for name in classes])


def field(name: str, *classes: str, inverse: bool = False) -> Field:
    (found,) = [f for g in laid(*classes) for f in g.fields if f.path == ONTOLOGY + name and f.inverse == inverse]
    return found


def test_groups_and_fields_come_in_their_order() -> None:
    groups = laid("Actor")
    assert [group.label.get("fr") for group in groups] == ["Tôt", "Tard", None]
    assert [f.path.removeprefix(ONTOLOGY) for f in groups[0].fields] == ["age", "name"]


def test_a_class_without_shape_has_no_layout() -> None:
    assert laid("Place") == []


def test_a_subclass_has_the_fields_of_its_superclasses_once_each() -> None:
    assert len([f for g in laid("Association") for f in g.fields]) == len([f for g in laid("Actor") for f in g.fields])


def test_the_most_special_class_names_a_field_and_the_general_one_still_requires_it() -> None:
    assert field("name", "Association").name == {"fr": "Nom de l’association", "en": "Association’s name"}
    assert field("name", "Association").required
    assert field("name", "Actor").name["fr"] == "Nom"


def test_a_field_tells_what_its_values_are() -> None:
    age = field("age", "Actor")
    assert (age.datatype, age.single, age.required, age.severity) == (str(XSD.integer), True, False, None)
    assert age.description == {"fr": "En années.", "en": "In years."}
    assert field("name", "Actor").datatype is None
    assert len(field("name", "Actor").datatypes) == 2
    assert field("unitOf", "Actor").of_class == ONTOLOGY + "Actor"


def test_two_shapes_of_one_property_are_one_field_with_the_gravest_absence() -> None:
    assert field("unitOf", "Actor").severity == "Warning"
    assert not field("unitOf", "Actor").required
    assert field("unitOf", "Actor").name["fr"] == "Membre de"


def test_an_inverse_field_is_told_from_the_forward_one() -> None:
    assert field("unitOf", "Actor", inverse=True).name["fr"] == "Membres"


def test_a_property_that_only_a_longer_path_reads_is_a_field_of_which_nothing_is_asked() -> None:
    siren = field("siren", "Actor")
    assert (siren.name["fr"], siren.single, siren.severity) == ("Doublons", False, None)


def test_a_longer_path_asks_nothing_of_a_field_that_has_a_shape_of_its_own() -> None:
    assert not field("age", "Actor").required


def rules(of_class: str) -> ClassRules:
    labels = {ONTOLOGY + "Actor": {"fr": "Acteur", "en": "Actor"}}
    (found,) = [r for r in MINI.rules(lambda iri: labels.get(iri, {})) if ONTOLOGY + of_class in r.classes]
    return found


def test_the_rules_of_a_field_are_told_in_both_languages() -> None:
    (name,) = [f for f in rules("Actor").fields if f.name.get("fr") == "Nom"]
    assert name.constraints["fr"] == (
        "Obligatoire", "une valeur au plus par langue", "un texte sans langue ou un texte avec sa langue",
    )  # fmt: skip
    assert name.constraints["en"][0] == "Required"
    assert name.example == {"fr": "La Ruche", "en": "The Hive"}
    assert name.message["en"].startswith("Give a name")


def test_each_shape_of_a_field_has_its_rule_and_severity() -> None:
    units = [f for f in rules("Actor").fields if f.path == ONTOLOGY + "unitOf"]
    told = {(f.severity, f.absence, f.constraints["fr"]) for f in units}
    assert told == {("Warning", "Warning", ("Recommandé",)), ("Violation", None, ("un lien vers\u00a0: Acteur",))}


def test_the_rules_of_a_class_name_the_classes_whose_rules_it_shares() -> None:
    assert rules("Association").inherits == (ONTOLOGY + "Actor",)
    assert [f.path for f in rules("Association").fields] == [ONTOLOGY + "name"]
    assert rules("Actor").label == {"fr": "Acteur", "en": "Actor"}


@pytest.mark.parametrize("ruled", REAL.rules(), ids=lambda ruled: ruled.shape.rpartition("#")[2])
def test_every_real_rule_is_told_in_both_languages(ruled: ClassRules) -> None:
    for told in ruled.fields:
        assert all(set(LANGUAGES) <= set(texts) for texts in (told.name, told.description, told.message)), told.shape
        assert len(told.constraints["fr"]) == len(told.constraints["en"])
        assert set(told.example) in ({"fr", "en"}, set()), told.shape


def test_every_real_field_has_a_group_with_a_name() -> None:
    for target in REAL.targets:
        for group in REAL.layout(target.classes):
            assert set(group.label) == {"fr", "en"}, (target.node, group.iri)
