"""``maillage statistics`` on the store of the seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command


def test_figures_are_those_of_the_page(maillage: Command, store: Path) -> None:
    done = maillage(
        "statistics", "--measure", "posts", "--rows", "year", "--columns", "programme", "--where", "territory=Essonne", "--json"
    )
    assert done.code == 0
    figures = {(one["row"], one["column"]): one["value"] for one in done.document["figures"]}
    assert figures[None, None] == 715
    assert figures["2020", None] == 149


def test_a_table_for_people_has_names_and_a_total(maillage: Command, store: Path) -> None:
    done = maillage("statistics", "--measure", "amounts", "--rows", "nature")
    assert "€12,757,207.25" in done.output
    assert "All" in done.output


@pytest.mark.parametrize("where", ["territory=Atlantide", "colour=red", "theme", "theme=sorcery"])
def test_a_condition_that_means_nothing_is_refused(maillage: Command, store: Path, where: str) -> None:
    assert maillage("statistics", "--where", where).code == 2
