"""``maillage token``: made and shown once, listed without its secret, revoked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli import OK, USAGE
from app.tokens import Tokens, Use
from tests.cli.conftest import BASE, Command


def tokens(place: Path) -> Tokens:
    return Tokens(place / "data", BASE)


def test_a_token_is_shown_once_and_works(workplace: Path, maillage: Command) -> None:
    made = maillage("token", "create", "Annuaire", "--graph", "annuaire", "--expires", "2099-12-31")
    assert made.code == OK
    text = made.output.splitlines()[-1]
    assert tokens(workplace).find(text).name == "Annuaire"
    assert "never be shown again" in made.error
    listed = maillage("token", "list")
    assert "Annuaire" in listed.output
    assert "2099-12-31T23:59:59" in listed.output
    assert text not in listed.output + maillage("token", "list", "--json").output


def test_programs_are_told_too(workplace: Path, maillage: Command) -> None:
    made = maillage("token", "create", "Capteur", "--graph", "mesures-*", "--operation", "add", "--json").document
    assert tokens(workplace).find(made["token"]).id == made["id"]
    assert made["graphs"] == [f"{BASE}graphs/mesures-*"]
    assert made["operations"] == ["add"]
    assert "digest" not in made
    tokens(workplace).record(Use(made["id"], "Capteur", "update", "done", version=3))
    assert json.loads(maillage("token", "list", "--json").output)[0]["last_use"]["version"] == 3


def test_a_revoked_token_says_so(workplace: Path, maillage: Command) -> None:
    made = maillage("token", "create", "Annuaire", "--graph", "*", "--json").document
    assert maillage("token", "revoke", made["id"]).code == OK
    assert "revoked" in maillage("token", "list").output
    again = maillage("token", "revoke", made["id"])
    assert again.code == USAGE
    assert "there is no valid token, so there is nothing to revoke" in again.error


@pytest.mark.parametrize(
    "arguments",
    [
        ["Annuaire"],
        ["Annuaire", "--graph", "a b"],
        ["Annuaire", "--graph", "http://["],
        ["Annuaire", "--graph", "a*b"],
        ["Annuaire", "--graph", "**"],
        ["Annuaire", "--graph", "a", "--operation", "own"],
        ["Annuaire", "--graph", "a", "--expires", "tomorrow"],
        ["Annuaire", "--graph", "a", "--expires", "2020-01-01"],
    ],
)
def test_what_cannot_be_a_token_is_refused(arguments: list[str], workplace: Path, maillage: Command) -> None:
    assert maillage("token", "create", *arguments).code == USAGE
    assert tokens(workplace).all() == []


@pytest.mark.parametrize("name", ["derived", "merge", f"{BASE}graphs/derived"])
def test_no_token_is_made_for_a_graph_that_nobody_writes_to(name: str, workplace: Path, maillage: Command) -> None:
    told = maillage("token", "create", "Annuaire", "--graph", name)
    assert told.code != OK
    assert "is not written by hand" in told.error
    assert tokens(workplace).all() == []


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (["--graph", "a b"], "donnez le nom d’une source"),
        (["--graph", "a", "--expires", "demain"], "donnez un jour comme 2027-12-31"),
    ],
)
def test_a_refusal_says_what_to_give(arguments: list[str], remedy: str, workplace: Path, maillage: Command) -> None:
    assert remedy in maillage("token", "create", "Annuaire", *arguments, "--lang", "fr").error
