"""How the gate's report is told: as a SHACL report, as a problem document, as a text."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from pyoxigraph import Literal as Value
from pyoxigraph import RdfFormat, parse
from rdflib import Graph, Literal, URIRef

from app.shapes import Finding, Report
from app.terms import SH, SHAPE
from app.text import LANGUAGES, Language
from tests.gates import BASE, NOTHING, ONTOLOGY, judged, quads

REFUSED = judged(
    NOTHING,
    quads(
        one="""
        <id/actor/a> a maillage:Actor ; maillage:name 12, 'Une  très\\nbelle école' ; maillage:unitOf <id/place/p> .
        <id/actor/b> a maillage:Actor ; maillage:name 'B' ; maillage:siren '1' ; maillage:nme 'B' .
        <id/actor/c> a maillage:Actor ; maillage:name 'C' ; maillage:siren '1' .
        """
    ),
)
ACCEPTED = judged(NOTHING, quads(one="<id/actor/a> a maillage:Actor ; maillage:name 'A' ; maillage:description 'd' ."))


@pytest.mark.parametrize(("text", "form", "name"), [
    (REFUSED.to_turtle(), RdfFormat.TURTLE, "turtle"),
    (REFUSED.to_jsonld(), RdfFormat.JSON_LD, "json-ld"),
])  # fmt: skip
def test_the_report_is_rdf_that_two_parsers_read_alike(text: str, form: RdfFormat, name: str) -> None:
    assert len(Graph().parse(data=text, format=name)) == len({quad.triple for quad in parse(text, format=form)})


def test_the_report_says_of_each_result_what_shacl_says_and_its_source() -> None:
    told = REFUSED.to_graph()
    (report,) = told.subjects(SH.conforms, Literal(False))
    results = [r for r in told.objects(report, SH.result) if told.value(r, SH.sourceShape) == SHAPE["Actor-name"]]
    (result,) = [r for r in results if told.value(r, SH.sourceConstraintComponent) == SH.DatatypeConstraintComponent]
    assert told.value(result, SH.focusNode) == URIRef(f"{BASE}id/actor/a")
    assert told.value(result, SH.resultPath) == URIRef(f"{ONTOLOGY}name")
    assert told.value(result, SH.resultSeverity) == SH.Violation
    assert told.value(result, SH.value) == Literal(12)
    assert told.value(result, SHAPE.graph) == URIRef(f"{BASE}graphs/one")
    assert {m.language for m in told.objects(result, SH.resultMessage)} == {"fr", "en"}


def test_a_longer_path_is_written_as_shacl_writes_it() -> None:
    told = REFUSED.to_graph()
    result = next(told.subjects(SH.sourceShape, SHAPE["Actor-siren-unique"]))
    first, second = told.items(told.value(result, SH.resultPath))
    assert first == URIRef(f"{ONTOLOGY}siren")
    assert told.value(second, SH.inversePath) == URIRef(f"{ONTOLOGY}siren")


def test_advice_alone_conforms() -> None:
    report = judged(NOTHING, quads(one="<id/actor/a> a maillage:Actor ; maillage:name 'A' ."))
    assert report.findings
    assert list(report.to_graph().objects(None, SH.conforms)) == [Literal(True)]


def test_a_line_is_told_once_the_file_is_known() -> None:
    located = REFUSED.located(lambda finding: 7 if finding.path == f"{ONTOLOGY}name" else None)
    assert located.findings == REFUSED.findings
    assert {str(line) for line in located.to_graph().objects(None, SHAPE.line)} == {"7"}
    assert "ligne 7" in located.as_text("fr")
    assert {f["line"] for f in located.as_problem("en")["findings"]} == {7, None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_problem_document_is_json_with_every_member(language: Language) -> None:
    problem = json.loads(json.dumps(REFUSED.as_problem(language)))
    assert problem["type"].startswith("https://")
    assert problem["title"]
    assert str(REFUSED.counts["Violation"]) in problem["detail"]
    first = problem["findings"][0]
    assert set(first) == {"severity", "node", "property", "value", "message", "graph", "line", "shape"}
    assert all(finding["message"] for finding in problem["findings"])


def test_the_two_languages_differ() -> None:
    assert REFUSED.as_problem("fr")["title"] != REFUSED.as_problem("en")["title"]
    assert "Donnez un nom." in REFUSED.as_text("fr")
    assert "Give a name." in REFUSED.as_text("en")


def test_the_text_tells_node_by_node_with_names_fields_and_values() -> None:
    text = REFUSED.as_text("fr")
    assert f"B <{BASE}id/actor/b>" in text
    assert "Erreur – Nom – «\u00a012\u00a0» – Donnez un nom. (source\u00a0: one)" in text
    assert text.count(f"<{BASE}id/actor/b>") == 1
    assert "maillage:name" in text


def test_findings_that_read_alike_are_told_and_counted_once_and_all_stand_in_the_shacl_report() -> None:
    first = Finding(
        severity="Violation",
        focus=f"{BASE}id/partnership/p",
        path=f"{ONTOLOGY}startDate",
        value=Value("hier"),
        graph=f"{BASE}graphs/one",
        component=str(SH.DatatypeConstraintComponent),
        shape=str(SHAPE["Dated-start"]),
        messages={"en": "Give one start."},
    )
    alike = replace(first, component=str(SH.PatternConstraintComponent))
    other = replace(first, value=Value("demain"))
    report = Report.of([first, alike, other])
    lines = report.as_text("en").splitlines()
    assert lines[1] == "Nothing was published: 2 errors must be corrected."
    assert lines[-2:] == [
        "  Error – maillage:startDate – “demain” – Give one start. (source: one)",
        "  Error – maillage:startDate – “hier” – Give one start. (source: one)",
    ]
    problem = json.loads(json.dumps(report.as_problem("en")))
    assert ([one["value"] for one in problem["findings"]], problem["omitted"]) == (["demain", "hier"], 0)
    assert [str(value) for value in report.to_graph().objects(None, SH.value)].count("hier") == 2


def test_a_property_that_is_unknown_is_named_once() -> None:
    report = judged(NOTHING, quads(one="<id/actor/a> a maillage:Actor ; maillage:name 'A' ; maillage:nme 'B' ."))
    assert "  Error – maillage:nme – Replace the property maillage:nme, which the ontology does not know" in report.as_text("en")


def test_the_text_of_an_accepted_change_is_short() -> None:
    assert ACCEPTED.as_text("fr") == "Les données respectent les règles de saisie\n1 fiche vérifiée, aucune erreur.\n"
    assert ACCEPTED.as_problem("en")["findings"] == []


def many(n: int) -> Report:
    stated = "".join(f"<id/actor/{i:05}> a maillage:Actor ; maillage:name {i} ; maillage:description 'd' ." for i in range(n))
    return judged(NOTHING, quads(one=stated))


def test_long_lists_end_with_how_many_more() -> None:
    report = many(262)
    assert report.as_text("fr").rstrip().endswith("… et 212 autres")
    assert report.as_text("en").rstrip().endswith("… and 212 others")
    assert report.counts == {"Violation": 262}


def test_many_findings_of_one_node_are_cut_too() -> None:
    values = ", ".join(str(i) for i in range(30))
    report = judged(NOTHING, quads(one=f"<id/a> a maillage:Actor ; maillage:description 'd' ; maillage:name {values} ."))
    assert "  … et 21 autres" in report.as_text("fr").splitlines()


def test_a_problem_document_is_bounded_and_says_what_it_omits() -> None:
    problem = many(520).as_problem("fr")
    assert (len(problem["findings"]), problem["omitted"]) == (500, 20)


def test_a_long_value_is_shortened() -> None:
    long = "x" * 5000
    stated = f"<id/a> a maillage:Actor ; maillage:description 'd' ; maillage:name 'a', '''{long}\n'''@fr ."
    report = judged(NOTHING, quads(one=stated))
    assert len(report.as_text("fr")) < 1500
    assert all(len(finding["value"] or "") <= 120 for finding in report.as_problem("fr")["findings"])


def test_a_report_keeps_a_bounded_number_of_findings_and_counts_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Report, "KEPT", 5)
    report = many(12)
    assert (len(report.findings), report.counts, report.conforms) == (5, {"Violation": 12}, False)
