"""One file becomes the whole content of one source: counted, judged, published once, or explained and nothing changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from app.assembly import load_shapes, load_vocabulary
from app.engine.versions import Options, Repository
from app.errors import BadParameter, NoStore, ProtectedGraph, Refused, UnreadableInput
from app.ingest.importing import ImportReport, Source, import_file, source_name
from app.shapes.gate import Gate

BASE = "http://localhost:8000/"
HEAD = "@prefix maillage: <https://w3id.org/maillage/ontology#> .\n"
ONE = '<id/actor/un> a maillage:InformalCollective ; maillage:name "Un"@fr .\n'
TWO = '<id/actor/deux> a maillage:InformalCollective ;\n    maillage:name "Deux"@fr .\n'
NAMELESS = '<id/actor/rien> a maillage:InformalCollective ;\n    maillage:siren "123" .\n'


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate(load_shapes(load_vocabulary()), BASE)


@pytest.fixture
def repository(tmp_path: Path, gate: Gate) -> Repository:
    return Repository(tmp_path / "data", BASE, gate, options=Options())


@pytest.fixture
def given(tmp_path: Path) -> Source:
    (tmp_path / "essai.ttl").write_text(HEAD + ONE + TWO, encoding="utf-8")
    return Source(tmp_path / "essai.ttl", "essai")


def load(repository: Repository, given: Source, *, dry_run: bool = False) -> ImportReport:
    return import_file(repository, BASE, given, author="test", message="essai", dry_run=dry_run)


def change(given: Source, text: str) -> Source:
    given.path.write_text(HEAD + text, encoding="utf-8")
    return given


def figures(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.changed, report.removed, report.unchanged


def test_a_first_import_creates_every_entity(repository: Repository, given: Source) -> None:
    report = load(repository, given)
    assert figures(report) == (2, 0, 0, 0)
    assert (report.statements, report.added_statements, report.removed_statements) == (4, 4, 0)
    assert report.version is not None
    assert report.version == repository.current()
    assert report.version.message == "essai"
    with repository.reader() as reader:
        assert {str(quad.graph_name) for quad in reader.quads(graph=ox.NamedNode(f"{BASE}graphs/essai"))}


def test_the_same_file_again_changes_nothing_and_publishes_nothing(repository: Repository, given: Source) -> None:
    load(repository, change(given, ONE + TWO + '<id/actor/un> maillage:place [ maillage:locality "Massy" ; a maillage:Place ] .'))
    again = load(repository, given)
    assert (again.is_empty, again.version, figures(again)) == (True, None, (0, 0, 0, 2))
    assert repository.current().number == 1


def test_another_file_replaces_the_content_and_tells_what_that_means(repository: Repository, given: Source) -> None:
    load(repository, given)
    third = '<id/actor/trois> a maillage:InformalCollective ; maillage:name "Trois"@fr .\n'
    report = load(repository, change(given, ONE.replace('"Un"', '"Un bis"') + third))
    assert figures(report) == (1, 1, 1, 0)
    assert (report.added_statements, report.removed_statements) == (3, 3)


def test_a_literal_that_the_store_writes_otherwise_is_no_change(repository: Repository, given: Source) -> None:
    text = ONE + "<id/actor/un> maillage:note 01 ."
    load(repository, change(given, text.replace("maillage:note", "<http://e/n>")))
    assert load(repository, given).is_empty


def test_another_source_is_left_alone(repository: Repository, given: Source) -> None:
    load(repository, given)
    report = load(repository, replace(change(given, ONE), source="autre"))
    assert figures(report) == (1, 0, 0, 0)
    with repository.reader() as reader:
        assert len(list(reader.quads(graph=ox.NamedNode(f"{BASE}graphs/essai")))) == 4


def test_a_dry_run_tells_the_same_and_writes_nothing(repository: Repository, given: Source) -> None:
    report = load(repository, given, dry_run=True)
    assert (figures(report), report.version) == ((2, 0, 0, 0), None)
    assert report.report is not None
    assert report.report.conforms
    assert {finding.line for finding in report.report.findings} <= {2, 3, 4}
    with pytest.raises(NoStore):
        repository.current()


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_violation_refuses_all_with_the_line_of_each_finding(repository: Repository, given: Source, dry_run: bool) -> None:
    load(repository, given)
    with pytest.raises(Refused) as caught:
        load(repository, change(given, ONE + NAMELESS), dry_run=dry_run)
    found = {(f.path or "").rpartition("#")[2]: f.line for f in caught.value.report.findings if f.severity == "Violation"}
    assert found == {"name": 3, "siren": 4}
    assert repository.current().number == 1
    assert load(repository, change(given, ONE + TWO)).is_empty


def test_a_finding_about_a_blank_node_has_its_line(repository: Repository, given: Source) -> None:
    place = "<id/actor/un> maillage:place [ a maillage:Place ;\n    maillage:latitude 91.0 ; maillage:longitude 2.0 ] ."
    with pytest.raises(Refused) as caught:
        load(repository, change(given, ONE + place))
    lines = {f.line for f in caught.value.report.findings if (f.path or "").endswith("latitude")}
    assert lines == {4}


def test_a_file_without_statements_empties_a_source_only_when_that_is_meant(repository: Repository, given: Source) -> None:
    load(repository, given)
    with pytest.raises(UnreadableInput) as caught:
        load(repository, change(given, ""))
    assert caught.value.details["reason"] == "empty"
    report = load(repository, replace(given, may_be_empty=True))
    assert figures(report) == (0, 0, 2, 0)


@pytest.mark.parametrize("source", ["derived", "merge"])
def test_computed_graphs_are_not_imported_into(source: str, repository: Repository, given: Source) -> None:
    with pytest.raises(ProtectedGraph):
        load(repository, replace(given, source=source))


@pytest.mark.parametrize("source", ["", "Essai", "a b", "../x", "a--b", "é", "a/b", "-a"])
def test_a_source_s_name_can_stand_in_an_address(source: str, repository: Repository, given: Source) -> None:
    with pytest.raises(BadParameter):
        load(repository, replace(given, source=source))


def test_an_exported_source_is_imported_again_without_a_change(repository: Repository, given: Source, tmp_path: Path) -> None:
    load(repository, given)
    copy = tmp_path / "copie.nq"
    with repository.reader() as reader:
        ox.serialize(reader.quads(graph=ox.NamedNode(f"{BASE}graphs/essai")), str(copy), ox.RdfFormat.N_QUADS)
    assert load(repository, Source(copy, "essai")).is_empty


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("annuaire.ttl", "annuaire"),
        ("Annuaire ESS (2026).ttl.gz", "annuaire-ess-2026"),
        ("dossier/Économie_sociale.nq", "economie-sociale"),
        ("-", "import"),
    ],
)
def test_a_file_names_its_source(file: str, source: str) -> None:
    assert source_name(Path(file)) == source
