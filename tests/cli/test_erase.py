"""``maillage erase`` on a store with all its indexes: nothing of a person's texts is left, in it or in a backup."""

from __future__ import annotations

import gzip
from pathlib import Path

from app.cli import OK, REFUSED, USAGE
from tests.cli.conftest import BASE, Command

NAME = "Zéphirine Quidamoiseau"
PLACE = "Bellecombe-sur-Oubli"
IRI = f"{BASE}id/person/zephirine"
TURTLE = f"""
@prefix maillage: <https://w3id.org/maillage/ontology#> .
<id/person/zephirine> a maillage:Person ; maillage:name "{NAME}"@fr ; maillage:publicRole "maire" ;
    maillage:description "Née à {PLACE}."@fr .
<id/actor/cercle> a maillage:Association ; maillage:name "Le Cercle"@fr ; maillage:webPage <https://cercle.example/> .
"""


def holds(folder: Path, text: str) -> list[str]:
    """The files whose bytes have a text, also those that are packed."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            found += [str(path)] if text.encode() in raw + (gzip.decompress(raw) if path.suffix == ".gz" else b"") else []
    return found


def test_a_person_s_texts_leave_the_store_its_indexes_and_a_backup(store: Path, workplace: Path, maillage: Command) -> None:
    (workplace / "cercle.ttl").write_text(TURTLE, encoding="utf-8")
    imported = maillage("import", "cercle.ttl")
    assert imported.code == OK, imported.error
    assert maillage("backup", "copy").code == OK
    word = "quidamoiseau"
    assert len(holds(store, NAME)) > 1
    asked = maillage("erase", IRI)
    assert "add --yes" in asked.output
    assert holds(store, NAME)
    done = maillage("erase", IRI, "--backup", "copy", "--yes", "--json")
    assert done.code == OK, done.error
    assert [(one["folder"], one["statements"], one["versions"], one["waiting"]) for one in done.document] == [
        ("data", 3, [2], []),
        ("copy", 3, [2], []),
    ]
    for text in (NAME, word, PLACE):
        assert holds(store, text) == []
        assert holds(workplace / "copy", text) == []
    assert maillage("query", f"ASK {{ <{IRI}> ?p ?o }}", "--format", "json").output.strip().endswith('"boolean":true}')
    assert maillage("query", 'ASK { ?s ?p "Le Cercle"@fr }', "--format", "json").output.strip().endswith('"boolean":true}')


def test_what_is_no_iri_is_refused(store: Path, maillage: Command) -> None:
    assert maillage("erase", "Zéphirine", "--yes").code == USAGE


def test_a_record_that_no_version_knows_is_not_said_to_be_erased(store: Path, maillage: Command) -> None:
    for arguments in ([], ["--yes"]):
        told = maillage("erase", f"{BASE}id/person/nobody", *arguments)
        assert told.code == REFUSED
        assert "No version says anything of" in told.error


def test_a_backup_that_is_not_there_is_told_in_the_reader_s_language(store: Path, maillage: Command) -> None:
    told = maillage("erase", IRI, "--backup", "nowhere", "--yes", "--lang", "fr")
    assert told.code == USAGE
    assert "le dossier nowhere n’existe pas" in told.error
