"""The tree of errors is drawn as it is, each has its text in both languages, and each survives the way over a socket."""

from __future__ import annotations

import json
import re
from string import Formatter

import pytest

from app import errors
from app.errors import BadParameter, MaillageError, QuerySyntax, QueryTimeout, Refused
from app.text import LANGUAGES, explain, messages


def family(error: type[MaillageError], depth: int = 0) -> list[tuple[int, str]]:
    found = [(depth, error.__name__)]
    for child in error.__subclasses__():
        found += family(child, depth + 1)
    return found


def test_the_tree_at_the_top_of_the_module_is_the_tree() -> None:
    drawing = [line for line in str(errors.__doc__).splitlines() if "──" in line or line.strip() == "MaillageError"]
    drawn = [(line.index(found[0]) // 4 - 1, found[0]) for line in drawing if (found := re.findall(r"[A-Z]\w+", line))]
    assert sorted(drawn) == sorted(family(MaillageError))


@pytest.mark.parametrize("key", ["error", *MaillageError.registry])
def test_every_error_is_said_in_both_languages(key: str) -> None:
    assert set(messages()[f"errors.{key}"]) == set(LANGUAGES)


def test_no_text_is_left_of_an_error_that_is_gone() -> None:
    assert {key.removeprefix("errors.") for key in messages() if key.startswith("errors.")} == {"error", *MaillageError.registry}


@pytest.mark.parametrize("kind", [kind for kind in MaillageError.registry.values() if kind.__doc__ and "``" in kind.__doc__])
def test_what_a_text_names_is_among_the_details_that_the_class_documents(kind: type[MaillageError]) -> None:
    named = {name for _, name, _, _ in Formatter().parse(messages()[f"errors.{kind.key}"]["fr"]) if name}
    documented = set(re.findall(r"``(\w+)``", str(kind.__doc__)))
    assert named <= documented | ({"place"} if {"line", "column"} <= documented else set())


def test_a_key_is_the_class_s_name_in_small_words() -> None:
    assert QueryTimeout.key == "query-timeout"


def test_an_error_comes_back_from_its_key_and_details() -> None:
    sent = json.dumps([QueryTimeout.key, QueryTimeout(seconds=10).details])
    back = MaillageError.revive(*json.loads(sent))
    assert isinstance(back, QueryTimeout)
    assert explain(back, "en").startswith("The query was stopped: it ran past the limit of 10 s.")


def test_an_unknown_key_comes_back_as_an_unexpected_error() -> None:
    assert type(MaillageError.revive("no-such-error", {"a": 1})) is MaillageError


def test_an_error_says_its_key_and_details_to_programmers() -> None:
    assert str(QueryTimeout(seconds=10)) == "query-timeout (seconds: 10)"


def test_a_refusal_keeps_the_report_off_its_details() -> None:
    assert Refused(object(), violations=2).details == {"violations": 2}


def test_a_missing_detail_is_said_as_none() -> None:
    assert "–" in explain(MaillageError.revive("query-timeout", {"seconds": None}), "fr")


@pytest.mark.parametrize(
    ("line", "column", "said"),
    [(2, 7, "valid SPARQL, line 2, column 7: x."), (2, None, "valid SPARQL, line 2: x."), (None, None, "valid SPARQL: x.")],
)
def test_a_place_is_told_as_far_as_it_is_known(line: int | None, column: int | None, said: str) -> None:
    assert explain(QuerySyntax(line=line, column=column, reason="x"), "en").endswith(said)


def test_a_reason_that_is_a_sentence_ends_with_one_full_stop() -> None:
    for reason in ("Indiquez une année.", "une année", "Indiquez une année. "):
        said = explain(BadParameter(name="from", value="hier", reason=reason), "fr")
        assert said.endswith(reason.strip().removesuffix(".") + ".")
        assert not said.endswith(("..", ". ."))
