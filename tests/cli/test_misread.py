"""What a command says of a word that leads nowhere: which argument it was, and what to do next."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import BASE, Command

SEARCH = 'No record bears exactly this name. Look for it with “maillage search "{}"”'


@pytest.mark.parametrize(
    ("arguments", "name", "given"),
    [
        (("paths", "Atlantide", "PôleS NOE"), "FROM", "Atlantide"),
        (("paths", "PôleS NOE", "Atlantide"), "TO", "Atlantide"),
        (("suggest", "Atlantide"), "ENTITY", "Atlantide"),
        (("matches", "--for", "Atlantide"), "--for", "Atlantide"),
        (("structure", "--area", "Atlantide"), "--area", "Atlantide"),
        (("query", "actors-on-a-theme", "--param", "area=Atlantide"), "area", "Atlantide"),
        (("statistics", "--where", "territory=Atlantide"), "territory", "Atlantide"),
    ],
)
def test_a_name_that_nothing_bears_is_told_by_its_argument_with_the_command_that_finds_it(
    maillage: Command, store: Path, arguments: tuple[str, ...], name: str, given: str
) -> None:
    done = maillage(*arguments)
    assert done.code == 2
    assert f"The parameter {name} cannot be used (value received: “{given}”): {SEARCH.format(given)}" in done.error


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("serach", "bio"), "there is no command “serach”; did you mean “search”?"),
        (("frobnicate",), "there is no command “frobnicate”."),
        (("versions", "lst"), "there is no command “lst”; did you mean “list”?"),
        (("query", "glosary"), "The catalogue has no question called “glosary”. The nearest: glossary."),
        (("query", "actors-on-a-theme"), "the parameter “area” of this question is missing; add --param area=…"),
        (("matches", "--on", "demain"), "give the year, the month and the day, for instance 2027-01-31"),
        (("statistics", "--where", "territory"), "write NAME=VALUE, for instance territory=Essonne"),
        (
            ("statistics", "--where", "colour=red"),
            "The parameter --where does not take “colour”; choose one of: territory, theme",
        ),
        (
            ("suggest", "https://w3id.org/maillage/theme/alimentation"),
            "Meetings are suggested for an actor, a project or a territory.",
        ),
        (("suggest", f"{BASE}id/partnership/convention-viens-voir-mon-taf"), "Check the address"),
    ],
)
def test_what_is_mistaken_is_told_with_what_would_be_right(
    maillage: Command, store: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = maillage(*arguments)
    assert done.code in (1, 2)
    assert said in done.error


@pytest.mark.parametrize(
    ("query", "format_", "told"),
    [
        ("SELECT ?s { ?s ?p ?o } LIMIT 1", "ttl", "SELECT and ASK are read in JSON, XML, CSV or TSV"),
        ("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1", "csv", "CONSTRUCT and DESCRIBE are read in Turtle"),
    ],
)
def test_a_format_that_the_answer_has_not_is_refused_rather_than_another_written(
    maillage: Command, store: Path, query: str, format_: str, told: str
) -> None:
    done = maillage("query", query, "--format", format_)
    assert (done.code, done.output) == (1, "")
    assert told in done.error


@pytest.mark.parametrize(("format_", "begins"), [("json", "["), ("xml", "<?xml"), ("nt", "<")])
def test_a_graph_is_written_in_the_format_of_that_name(maillage: Command, store: Path, format_: str, begins: str) -> None:
    assert maillage("query", "CONSTRUCT WHERE { ?s a ?o } LIMIT 1", "--format", format_).output.startswith(begins)


def test_a_file_that_is_not_there_is_no_question_of_the_catalogue(maillage: Command, store: Path) -> None:
    assert "cannot be read" in maillage("query", "glosary.rq").error


def test_each_number_of_the_suggestions_agrees_with_its_word(maillage: Command, store: Path) -> None:
    last = maillage("suggest", "PôleS NOE", "--lang", "fr").output.splitlines()[-1]
    assert last.replace("\xa0", " ") == "1 rencontre proposée : 1 montrée, 1 possibilité trouvée, 1 comparée"
