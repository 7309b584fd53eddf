"""The catalogue on the command line: questions are listed, asked by name, and what is missing or not understood is told."""

from pathlib import Path

import pytest

from app.cli import REFUSED, USAGE
from app.queries import Catalogue
from tests.cli.conftest import Command

CATALOGUE = Catalogue.load(Path("queries"))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_question_is_listed_with_its_parameters(maillage: Command, language: str) -> None:
    done = maillage("queries", "--lang", language)
    assert done.code == 0
    for query in CATALOGUE.within(""):
        assert f"{query.name}\n  {query.question[language]}\n" in done.output
        assert all(f"--param {one.name}=" in done.output for one in query.params)


def test_the_list_is_a_document_for_programs(maillage: Command) -> None:
    found = {one["name"]: one for one in maillage("queries", "--json").document}
    assert set(found) == {query.name for folder in ("", "profiles") for query in CATALOGUE.within(folder)}
    assert found["partnerships-on-a-date"]["params"][0]["required"] is True


def test_a_question_is_asked_by_its_name(maillage: Command, store: Path) -> None:
    done = maillage("query", "glossary", "--param", "word=vélo", "--format", "csv")
    assert done.code == 0
    assert "https://w3id.org/maillage/theme/velo" in done.output


def test_an_entity_may_be_given_by_its_name(maillage: Command, store: Path) -> None:
    assert maillage("query", "open-calls", "--param", "theme=Vélo", "--json").code == 0


def test_a_profile_is_a_graph(maillage: Command, store: Path) -> None:
    done = maillage("query", "profiles/pair", "--format", "nt")
    assert done.code == 0
    assert "virtual-assembly.org/ontologies/pair#label" in done.output


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["partnerships-on-a-date"], USAGE),
        (["partnerships-on-a-date", "--param", "day=yesterday"], USAGE),
        (["partnerships-on-a-date", "--param", "day"], USAGE),
        (["partnerships-on-a-date", "--param", "day=2021-01-01", "--param", "day=2021-01-02"], USAGE),
        (["glossary", "--param", "words=bio"], USAGE),
        (["open-calls", "--param", "theme=nowhere at all"], USAGE),
        (["glosary", "--param", "word=bio"], USAGE),
        (["rules/funds"], REFUSED),
    ],
)
def test_what_is_missing_or_not_understood_is_refused(maillage: Command, store: Path, arguments: list[str], code: int) -> None:
    done = maillage("query", *arguments)
    assert done.code == code
    assert done.output == ""
    assert done.error.startswith("maillage: ")


def test_a_file_with_the_name_of_a_question_comes_first(maillage: Command, store: Path, workplace: Path) -> None:
    (workplace / "glossary").write_text("ASK {}")
    assert maillage("query", "glossary").output == "yes\n"
