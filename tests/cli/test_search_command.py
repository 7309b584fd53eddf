"""``maillage search`` on the store of the seed."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Command


def test_what_is_found_is_what_the_page_finds(maillage: Command, store: Path) -> None:
    done = maillage("search", "poles noe", "--json")
    assert done.code == 0
    first = done.document["results"][0]
    assert (first["label"], first["kind"]) == ("PôleS NOE", "actor")
    assert done.document["reading"] == "words"


def test_a_typo_is_forgiven_and_said(maillage: Command, store: Path) -> None:
    done = maillage("search", "palaisseau", "--kind", "territory")
    assert "Palaiseau" in done.output
    assert "1 record comes near" in done.error


def test_a_kind_that_does_not_exist_is_refused_and_nothing_found_is_no_failure(maillage: Command, store: Path) -> None:
    assert maillage("search", "x", "--kind", "planet").code == 2
    assert maillage("search", "xyzzyx").code == 0
