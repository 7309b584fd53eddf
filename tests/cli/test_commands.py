"""Every command: what it gives to people and to programs, its exit code, and its explanation of a mistake."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from app.cli import INTERRUPTED, OK, REFUSED, STORE, USAGE, cli
from tests.cli.conftest import Command

HEAD = "@prefix maillage: <https://w3id.org/maillage/ontology#> .\n"
GOOD = HEAD + '<id/actor/essai> a maillage:InformalCollective ;\n    maillage:name "Essai"@fr .\n'
BAD = HEAD + '<id/actor/essai> a maillage:InformalCollective ;\n    maillage:siren "123" .\n'
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { <http://localhost:8000/id/actor/essai> ?p ?o }"


@pytest.fixture
def good(workplace: Path) -> str:
    (workplace / "essai.ttl").write_text(GOOD, encoding="utf-8")
    return "essai.ttl"


@pytest.fixture
def bad(workplace: Path) -> str:
    (workplace / "mauvais.ttl").write_text(BAD, encoding="utf-8")
    return "mauvais.ttl"


# Without a store


def test_help_lists_every_command_with_an_example_in_the_reader_s_language(maillage: Command) -> None:
    for language, word in (("fr", "Exemples"), ("en", "Examples")):
        told = maillage("--help", "--lang", language)
        assert told.code == OK
        assert word in told.output
        assert all(f"\n  {name} " in told.output for name in cli.modules)


@pytest.mark.parametrize(
    "command",
    [
        *cli.modules,
        *(f"versions {name}" for name in ["list", "show", "diff", "restore", "prune", "pin", "unpin", "rebuild", "optimize"]),
        *(f"token {name}" for name in ["create", "list", "revoke"]),
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_command_explains_itself_and_all_its_options(command: str, language: str, maillage: Command) -> None:
    told = maillage(*command.split(), "--help", "--lang", language)
    assert told.code == OK
    assert f"maillage {command}" in told.output.partition("xempl" if language == "fr" else "xampl")[2], "an example"
    assert "--lang" in told.output


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["nothing"], "nothing"),
        (["import"], "FILE"),
        (["import", "a", "--nothing"], "--nothing"),
        (["import", "a", "--format", "doc"], "doc"),
        (["versions", "show", "first"], "first"),
        (["versions", "nothing"], "nothing"),
        (["query", "a", "b"], "b"),
        (["serve", "--port", "-1"], "-1"),
        (["generate", "--actors", "1"], "1"),
        (["generate", "--load", "--output", "a.nq"], "--output"),
        (["export", "--output"], "--output"),
        ([], "serve"),
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_wrong_command_line_is_explained(arguments: list[str], part: str, language: str, maillage: Command) -> None:
    told = maillage("--lang", language, *arguments)
    assert (told.code, told.output) == (USAGE, "")
    assert part in told.error
    assert "Traceback" not in told.error


def test_the_language_is_the_locale_s_else_french(maillage: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    for locale, word in (("fr_FR.UTF-8", "Réglage"), ("C.UTF-8", "Réglage"), ("de_DE.UTF-8", "Setting"), ("", "Réglage")):
        monkeypatch.setenv("LANG", locale)
        assert word in maillage("settings").output
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert "Setting" in maillage("settings").output


def test_settings_tell_value_and_origin(maillage: Command, workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (workplace / "maillage.toml").write_text("query_rows = 7\n")
    monkeypatch.setenv("MAILLAGE_QUERY_SECONDS", "4")
    found = {each["name"]: each for each in maillage("settings", "--json").document}
    assert (found["query_rows"]["value"], found["query_rows"]["origin"]) == (7, "file")
    assert (found["query_seconds"]["value"], found["query_seconds"]["origin"]) == (4.0, "environment")
    assert found["port"]["origin"] == "default"
    assert "MAILLAGE_SERVICE_ALLOW" in maillage("settings").output


@pytest.mark.parametrize("command", [["settings"], ["serve"], ["query", "ASK {}"], ["versions", "list"]])
def test_a_wrong_setting_stops_every_command(command: list[str], maillage: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLAGE_QUERY_SECONDS", "long")
    told = maillage(*command)
    assert told.code == USAGE
    assert "MAILLAGE_QUERY_SECONDS" in told.error
    assert "give a number" in told.error


@pytest.mark.parametrize("command", [["versions", "list"], ["query", "ASK {}"], ["export"], ["check"], ["versions", "prune"]])
def test_commands_that_read_say_that_there_is_no_store_and_make_none(
    command: list[str], maillage: Command, workplace: Path
) -> None:
    told = maillage(*command)
    assert told.code == STORE
    assert "maillage serve" in told.error
    assert not (workplace / "data" / "versions").exists()


def test_generate_writes_the_same_statements_for_the_same_numbers(maillage: Command) -> None:
    first, second = maillage("generate", "--actors", "3", "--seed", "7"), maillage("generate", "--actors", "3", "--seed", "7")
    assert first.output == second.output
    assert "/graphs/synthetic> .\n" in first.output
    assert maillage("generate", "--actors", "3", "--output", "a.nq.gz").code == OK
    with gzip.open("a.nq.gz", "rt") as file:
        assert file.readline().endswith("/graphs/synthetic> .\n")


# With a store


def test_an_import_is_told_and_the_same_again_changes_nothing(store: Path, good: str, maillage: Command) -> None:
    dry = maillage("import", good, "--dry-run")
    assert (dry.code, "Dry run: nothing was written" in dry.output) == (OK, True)
    done = maillage("import", good, "--author", "Ada", "--message", "a try")
    assert "1 created, 0 changed, 0 removed, 0 unchanged" in done.output
    assert "Published: version 2" in done.output
    assert "Nothing to change" in maillage("import", good).output
    shown = maillage("versions", "show", "2", "--json").document
    assert (shown["author"], shown["message"], len(shown["added"])) == ("Ada", "a try", 2)


def test_an_import_for_programs_is_one_document(store: Path, good: str, maillage: Command) -> None:
    told = maillage("import", good, "--source", "autre", "--json").document
    assert (told["version"], told["created"], told["graph"]) == (2, 1, "http://localhost:8000/graphs/autre")


def test_an_import_reads_the_input(store: Path, maillage: Command) -> None:
    told = maillage("import", "-", "--source", "entree", "--format", "ttl", "--json", given=GOOD.encode())
    assert told.document["created"] == 1


def test_a_violation_is_told_line_by_line_and_changes_nothing(store: Path, bad: str, maillage: Command) -> None:
    told = maillage("import", bad)
    assert (told.code, told.output) == (REFUSED, "")
    assert "“123”" in told.error
    assert "(line 3, source: mauvais)" in told.error
    document = maillage("import", bad, "--json")
    lines = {each["line"] for each in document.document["report"]["findings"] if each["severity"] == "Violation"}
    assert (document.code, lines) == (REFUSED, {2, 3})
    assert len(maillage("versions", "list", "--json").document) == 1


def test_a_file_that_does_not_parse_is_told_with_its_place(store: Path, workplace: Path, maillage: Command) -> None:
    (workplace / "faux.ttl").write_text("<a> <b> <c>\n<d> <e> <f> .")
    told = maillage("import", "faux.ttl", "--lang", "fr")
    assert told.code == REFUSED
    assert "faux.ttl, ligne 2, colonne 1\u00a0: un point manque" in told.error


@pytest.mark.parametrize(
    ("arguments", "code", "part"),
    [
        (["import", "none.ttl"], REFUSED, "none.ttl"),
        (["import", "."], REFUSED, "folder"),
        (["import", "essai.ttl", "--source", "A B"], USAGE, "A B"),
        (["import", "essai.ttl", "--source", "derived"], STORE, "graphs/derived"),
        (["query", "none.rq"], REFUSED, "quote it"),
        (["query", "SELECT { nothing"], REFUSED, "line 1"),
        (["query", "{" * 3000], REFUSED, "1,000"),
        (["query", "ASK {}", "--at", "99"], STORE, "99"),
        (["export", "none"], USAGE, "none"),
        (["export", "--output", "a.doc"], USAGE, "a.doc"),
        (["export", "--output", "none/a.nq"], STORE, "none/"),
        (["versions", "show", "99"], STORE, "99"),
        (["versions", "diff", "1", "99"], STORE, "99"),
        (["versions", "restore", "99"], STORE, "99"),
    ],
)
def test_a_mistake_is_explained_without_a_traceback(
    arguments: list[str], code: int, part: str, store: Path, good: str, maillage: Command
) -> None:
    told = maillage(*arguments)
    assert told.code == code
    assert part in told.error
    assert told.error.startswith("maillage: ")
    document = maillage(*arguments, "--json")
    assert document.code == code
    assert set(document.document) >= {"error", "message"}


def test_validate_reports_and_writes_nothing(store: Path, good: str, bad: str, maillage: Command) -> None:
    fine = maillage("validate", good, "--json")
    assert (fine.code, fine.document["conforms"]) == (OK, True)
    refused = maillage("validate", bad)
    assert refused.code == REFUSED
    assert "(line 3, source: mauvais)" in refused.output
    assert "sh:ValidationReport" in maillage("validate", bad, "--report", "ttl").output
    assert json.loads(maillage("validate", bad, "--report", "jsonld").output)
    assert len(maillage("versions", "list", "--json").document) == 1


@pytest.mark.parametrize(
    ("query", "form", "start"),
    [
        ("SELECT (1 AS ?n) {}", "table", "n\n1"),
        ("SELECT (1 AS ?n) {}", "csv", "n\r\n1\r\n"),
        ("SELECT (1 AS ?n) {}", "tsv", "?n\n1\n"),
        ("SELECT (1 AS ?n) {}", "json", '{"head"'),
        ("SELECT (1 AS ?n) {}", "xml", "<?xml"),
        ("ASK {}", "table", "yes"),
        ("ASK { <http://e/none> ?p ?o }", "table", "no"),
        ("ASK {}", "json", '{"head"'),
        ("CONSTRUCT { <http://e/a> <http://e/b> 1 } {}", "table", "<http://e/a> <http://e/b> 1 ."),
        ("CONSTRUCT { <http://e/a> <http://e/b> 1 } {}", "nt", '<http://e/a> <http://e/b> "1"^^'),
        ("CONSTRUCT { <http://e/a> <http://e/b> 1 } {}", "jsonld", "[{"),
    ],
)
def test_query_answers_in_the_format_that_is_asked_for(query: str, form: str, start: str, store: Path, maillage: Command) -> None:
    told = maillage("query", query, "--format", form)
    assert told.code == OK
    assert "\n".join(line.rstrip(" ") for line in told.output.split("\n")).startswith(start)


def test_query_reads_a_file_the_input_and_an_old_version(store: Path, good: str, workplace: Path, maillage: Command) -> None:
    (workplace / "count.rq").write_text(COUNT)
    assert maillage("import", good).code == OK
    assert maillage("query", "count.rq", "--format", "csv").output == "n\r\n2\r\n"
    assert maillage("query", "-", "--format", "csv", given=COUNT.encode()).output == "n\r\n2\r\n"
    assert maillage("query", COUNT, "--format", "csv", "--at", "1").output == "n\r\n0\r\n"


def test_versions_are_listed_compared_and_restored(store: Path, good: str, maillage: Command) -> None:
    assert maillage("import", good).code == OK
    assert "2*" in maillage("versions", "list").output
    difference = maillage("versions", "diff", "1", "2")
    assert '+ essai: <http://localhost:8000/id/actor/essai> maillage:name "Essai"@fr' in difference.output
    back = maillage("versions", "diff", "2", "1", "--json").document
    assert (len(back["added"]), len(back["removed"])) == (0, 2)
    restored = maillage("versions", "restore", "1")
    assert "Version 1 restored as version 3 (statements: 0 added, 2 removed)" in restored.output
    assert maillage("versions", "diff", "1", "3", "--json").document["added"] == []
    assert "Nothing to restore" in maillage("versions", "restore", "1").output
    assert "Restores version 1" in maillage("versions", "show", "3").output


def test_versions_are_pruned_and_their_history_stays(store: Path, good: str, maillage: Command) -> None:
    maillage("import", good)
    assert "1 version pruned" in maillage("versions", "prune", "--keep", "1").output
    assert "1–" in maillage("versions", "list").output
    assert maillage("query", "ASK {}", "--at", "1").code == STORE
    assert maillage("versions", "optimize", "--json").document == {"version": 3}


def test_a_backup_is_made_and_put_back_elsewhere(
    store: Path, good: str, workplace: Path, maillage: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    maillage("import", good)
    told = maillage("backup", "copy", "--json")
    assert told.document == {"folder": "copy", "newest": 2, "versions": [1, 2], "linked": True}
    assert maillage("backup", "copy").code == STORE
    assert maillage("restore", "copy").code == STORE
    monkeypatch.setenv("MAILLAGE_DATA", "elsewhere")
    assert "2 versions restored in elsewhere (newest: 2)" in maillage("restore", "copy").output
    assert maillage("query", COUNT, "--format", "csv").output == "n\r\n2\r\n"


def test_what_the_system_says_is_said_in_the_reader_s_language(store: Path, maillage: Command) -> None:
    told = maillage("backup", "/proc/nowhere/copy", "--lang", "fr")
    assert told.code == STORE
    assert "n’existe pas, ou ne peut pas être créé là" in told.error
    assert "No such file" not in told.error


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["import", "a.ttl", "b.ttl"], "de trop\u00a0: b.ttl"),
        (["export", "--output", "/"], "/ est un dossier"),
        (["generate", "--output", "/"], "/ est un dossier"),
        (["query", "glossary", "--param", "nothing=1"], "elle a\u00a0: word"),
        (["query", "glossary", "--param", "word"], "écrivez NOM=VALEUR"),
        (["query", "ASK { }", "--param", "word=x"], "seules les questions du catalogue ont des paramètres"),
        (["import", "a.ttl", "--source", "É t é"], "donnez un nom fait de"),
    ],
)
def test_a_wrong_argument_is_told_in_the_reader_s_language(
    arguments: list[str], told: str, store: Path, workplace: Path, maillage: Command
) -> None:
    (workplace / "a.ttl").write_text("<a> <b> <c> .", encoding="utf-8")
    done = maillage(*arguments, "--lang", "fr")
    assert done.code == USAGE
    assert told in done.error


def test_a_backup_that_is_not_there_is_not_called_a_wrong_one(workplace: Path, maillage: Command) -> None:
    assert "this folder does not exist" in maillage("restore", "nowhere").error


def test_a_pruned_version_is_rebuilt_by_who_pins_it_and_pruning_leaves_it(store: Path, good: str, maillage: Command) -> None:
    maillage("import", good)
    maillage("versions", "prune", "--keep", "1")
    assert maillage("versions", "pin", "1", "--json").document == {"pinned": 1}
    assert maillage("query", COUNT, "--format", "csv", "--at", "1").output == "n\r\n0\r\n"
    assert "kept because they are pinned: 1" in maillage("versions", "prune", "--keep", "1").output
    assert maillage("versions", "unpin", "1").code == OK
    assert "1 version pruned" in maillage("versions", "prune", "--keep", "1").output
    assert maillage("versions", "rebuild", "1", "--json").document == {"rebuilt": 1, "pinned": 1}
    assert maillage("versions", "pin", "99").code == STORE


@pytest.mark.parametrize(("form", "mark"), [("nq", "graphs/themes> ."), ("ttl", "@prefix skos:"), ("trig", "graphs/themes> {")])
def test_a_source_is_exported(form: str, mark: str, store: Path, maillage: Command) -> None:
    told = maillage("export", "themes", "--format", form)
    assert told.code == OK
    assert mark in told.output


def test_what_is_exported_is_imported_again_without_a_change(store: Path, maillage: Command) -> None:
    assert maillage("export", "themes", "--output", "themes.nq.gz").code == OK
    assert maillage("import", "themes.nq.gz", "--json").document["version"] is None


def test_all_is_exported_without_the_derived_links_or_merged_with_them(store: Path, maillage: Command) -> None:
    assert maillage("export", "--output", "all.nq").code == OK
    assert maillage("export", "--output", "all.nt").code == OK
    assert "graphs/derived>" not in Path("all.nq").read_text(encoding="utf-8")
    assert "#takesPartIn>" in Path("all.nt").read_text(encoding="utf-8")


def test_checks_find_nothing_in_the_starting_data(store: Path, maillage: Command) -> None:
    told = maillage("check", "--json")
    assert told.code == OK
    assert {each["check"] for each in told.document} >= {"checks/same-siret-two-actors"}


def test_a_synthetic_data_set_is_loaded_and_keeps_to_the_rules(store: Path, maillage: Command) -> None:
    told = maillage("generate", "--actors", "20", "--load", "--json")
    assert told.document["source"] == "synthetic"
    assert told.document["created"] > 20


def test_a_base_that_nobody_set_is_the_store_s_and_one_that_differs_is_refused(
    store: Path, maillage: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILLAGE_PORT", "9000")
    assert maillage("query", "ASK {}").code == OK
    monkeypatch.setenv("MAILLAGE_BASE_IRI", "https://autre.example/")
    told = maillage("query", "ASK {}")
    assert told.code == STORE
    assert "https://autre.example/" in told.error


def test_the_exit_codes_differ() -> None:
    assert len({OK, REFUSED, USAGE, STORE, INTERRUPTED}) == 5
