"""Tokens: kept as digests, readable by their owner alone, scoped to graphs and operations, revoked at once, each use logged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadParameter, OutOfScope, TokenRefused
from app.tokens import OPERATIONS, Operation, Token, Tokens, Use

BASE = "http://observatoire.example/"
NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path / "data", BASE)


def scoped(*graphs: str, operations: Sequence[Operation] = OPERATIONS) -> Token:
    return Token("1", "Essai", "", graphs, tuple(operations), "2026-01-01T00:00:00+00:00")


def test_no_token_exists_beforehand(tokens: Tokens) -> None:
    assert tokens.all() == []
    with pytest.raises(TokenRefused):
        tokens.find("maillage_00000000_secret")


def test_a_token_is_found_by_its_text(tokens: Tokens) -> None:
    made, text = tokens.create("Annuaire", ["annuaire"])
    assert tokens.find(text) == made
    assert made.graphs == ("http://observatoire.example/graphs/annuaire",)
    assert made.operations == ("add", "remove")


def test_another_process_finds_it_too(tokens: Tokens, tmp_path: Path) -> None:
    made, text = tokens.create("Annuaire", ["*"])
    assert Tokens(tmp_path / "data", BASE).find(text) == made


def test_only_a_digest_is_kept_and_only_the_owner_reads_it(tokens: Tokens) -> None:
    _, text = tokens.create("Annuaire", ["*"])
    tokens.record(Use("1", "Annuaire", "PUT", "done"))
    kept = tokens.path.read_text(encoding="utf-8")
    assert text not in kept
    assert text.split("_", 2)[2] not in kept
    assert [path.stat().st_mode & 0o777 for path in (tokens.path, tokens.log)] == [0o600, 0o600]


def test_two_tokens_have_nothing_in_common(tokens: Tokens) -> None:
    (one, first), (two, second) = (tokens.create("Annuaire", ["*"]) for _ in range(2))
    assert one.id != two.id
    assert first.split("_", 2)[2] != second.split("_", 2)[2]
    assert len(first.split("_", 2)[2]) >= 43, "256 bits"


@pytest.mark.parametrize(
    "wrong", ["", "x", "maillage_", "__", "maillage_{id}_", "maillage_{id}_{secret}x", "{id}_{secret}", "é\ud800"]
)
def test_anything_else_is_refused_without_being_repeated(wrong: str, tokens: Tokens) -> None:
    made, text = tokens.create("Annuaire", ["*"])
    with pytest.raises(TokenRefused) as caught:
        tokens.find(wrong.replace("{id}", made.id).replace("{secret}", text.split("_", 2)[2]))
    assert caught.value.details == {"reason": "unknown"}


def test_the_secret_of_one_does_not_open_the_other(tokens: Tokens) -> None:
    (one, _), (_, second) = (tokens.create("Annuaire", ["*"]) for _ in range(2))
    with pytest.raises(TokenRefused):
        tokens.find(f"maillage_{one.id}_{second.split('_', 2)[2]}")


def test_a_revoked_token_is_refused_at_once_everywhere(tokens: Tokens, tmp_path: Path) -> None:
    made, text = tokens.create("Annuaire", ["*"])
    elsewhere = Tokens(tmp_path / "data", BASE)
    assert elsewhere.find(text)
    tokens.revoke(made.id)
    with pytest.raises(TokenRefused) as caught:
        elsewhere.find(text)
    assert caught.value.details == {"reason": "revoked"}


def test_a_token_that_is_unknown_or_revoked_cannot_be_revoked(tokens: Tokens) -> None:
    made, _ = tokens.create("Annuaire", ["*"])
    tokens.revoke(made.id)
    for number in (made.id, "ffffffff", ""):
        with pytest.raises(BadParameter):
            tokens.revoke(number)


def test_an_expired_token_is_refused() -> None:
    token = Token("1", "Essai", "", ("*",), OPERATIONS, "2026-01-01T00:00:00+00:00", "2026-05-01T00:00:00+00:00")
    assert token.state(NOW - timedelta(seconds=1)) == "valid"
    assert token.state(NOW) == "expired"


def test_what_has_expired_cannot_be_made(tokens: Tokens) -> None:
    with pytest.raises(BadParameter):
        tokens.create("Annuaire", ["*"], expires=datetime.now(UTC))


@pytest.mark.parametrize(
    ("graphs", "graph", "reached"),
    [
        ([f"{BASE}graphs/a"], f"{BASE}graphs/a", True),
        ([f"{BASE}graphs/a"], f"{BASE}graphs/ab", False),
        ([f"{BASE}graphs/a"], f"{BASE}graphs/", False),
        ([f"{BASE}graphs/a*"], f"{BASE}graphs/ab", True),
        ([f"{BASE}graphs/a*"], f"{BASE}graphs/b", False),
        (["*"], "urn:anything", True),
        ([f"{BASE}graphs/a", "urn:b"], "urn:b", True),
    ],
)
def test_a_token_reaches_its_graphs_alone(graphs: list[str], graph: str, reached: bool) -> None:
    assert scoped(*graphs).reaches(graph) is reached


@given(st.text(), st.text())
def test_without_a_star_a_graph_is_reached_by_its_name_alone(named: str, asked: str) -> None:
    named = named.rstrip("*") or "a"
    assert scoped(named).reaches(asked) is (named == asked)


def test_an_operation_that_the_token_lacks_is_refused_with_graph_and_operation() -> None:
    with pytest.raises(OutOfScope) as caught:
        scoped("urn:a", operations=["add"]).require("urn:a", ["add", "remove"])
    assert caught.value.details == {"name": "Essai", "graph": "urn:a", "operation": "remove", "reason": "remove"}
    with pytest.raises(OutOfScope) as caught:
        scoped("urn:a").require("urn:b")
    assert caught.value.details["reason"] == "graph"


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 81])
def test_a_name_is_one_line_of_text(name: str, tokens: Tokens) -> None:
    with pytest.raises(BadParameter):
        tokens.create(name, ["*"])


@pytest.mark.parametrize("graphs", [[], [""], ["a b"], ["a/b"], ["**"]])
def test_a_graph_that_cannot_be_one_is_refused(graphs: list[str], tokens: Tokens) -> None:
    with pytest.raises(BadParameter):
        tokens.create("Annuaire", graphs)


def test_each_use_is_a_line_of_the_log(tokens: Tokens) -> None:
    tokens.create("Annuaire", ["*"])
    tokens.record(Use("1", "Annuaire", "PUT /graphs/é", "done", ("urn:a",), 3, 1, 7, "127.0.0.1"))
    tokens.record(Use("1", "Annuaire", "update", "out-of-scope"))
    first, second = (json.loads(line) for line in tokens.log.read_text(encoding="utf-8").splitlines())
    assert (first["action"], first["added"], first["removed"], first["version"]) == ("PUT /graphs/é", 3, 1, 7)
    assert second["outcome"] == "out-of-scope"
    assert [use["action"] for use in tokens.uses()] == ["PUT /graphs/é", "update"]


def test_a_line_that_was_cut_hides_no_other(tokens: Tokens) -> None:
    tokens.create("Annuaire", ["*"])
    tokens.record(Use("1", "a", "one", "done"))
    with tokens.log.open("a", encoding="utf-8") as log:
        log.write('{"time": "20\n')
    tokens.record(Use("1", "a", "two", "done"))
    assert [use["action"] for use in tokens.uses()] == ["one", "two"]


def test_a_log_that_is_full_makes_room_and_keeps_the_last_uses(tokens: Tokens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.tokens._LONGEST_LOG", 2_000)
    tokens.create("Annuaire", ["*"])
    for number in range(100):
        tokens.record(Use("1", "Annuaire", f"use {number}", "done"))
    files = sorted(tokens.log.parent.glob("tokens.log*"))
    told = [use["action"] for use in tokens.uses()]
    assert {path.name for path in files} <= {"tokens.log", "tokens.log.1"}
    assert sum(path.stat().st_size for path in files) < 5_000
    assert told == [f"use {number}" for number in range(100 - len(told), 100)]
    assert 10 <= len(told) < 40
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)


def test_many_writers_lose_no_use_when_the_log_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.tokens._LONGEST_LOG", 15_000)
    Tokens(tmp_path, BASE).create("Annuaire", ["*"])

    def write(part: int) -> None:
        for number in range(25):
            Tokens(tmp_path, BASE).record(Use("1", "Annuaire", f"{part}-{number}", "done"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    expected = {f"{part}-{number}" for part in range(4) for number in range(25)}
    assert {use["action"] for use in Tokens(tmp_path, BASE).uses()} == expected


def test_of_many_graphs_the_log_names_a_few_and_counts_the_rest(tokens: Tokens) -> None:
    tokens.create("Annuaire", ["*"])
    tokens.record(Use("1", "Annuaire", "update", "done", tuple(f"urn:{number}" for number in range(5_000))))
    (told,) = tokens.uses()
    assert (len(told["graphs"]), told["more_graphs"]) == (20, 4_980)
