"""Sentence patterns with their blanks filled."""

from app.entities.model import Node
from app.entities.sentences import enumerate_nodes, few, fill, flat

A, B, C = (Node(f"urn:{name}", name) for name in "ABC")


def test_a_pattern_keeps_its_words_around_the_nodes() -> None:
    assert fill("{subject} finance {object}", {"subject": A, "object": B}) == (A, " finance ", B)


def test_a_pattern_reads_from_the_other_side_too() -> None:
    assert flat(fill("Depuis {object}, {subject} agit", {"subject": A, "object": B})) == "Depuis B, A agit"


def test_a_blank_without_filling_is_an_ellipsis() -> None:
    assert flat(fill("{subject} finance {somebody}", {"subject": A})) == "A finance …"


def test_an_enumeration_ends_with_its_conjunction() -> None:
    assert flat(enumerate_nodes([A], "et")) == "A"
    assert flat(enumerate_nodes([A, B, C], "et")) == "A, B et C"
    assert flat(enumerate_nodes([A, B], "et", "3 autres")) == "A, B et 3 autres"
    assert enumerate_nodes([], "et") == ()


def test_a_last_one_is_named_rather_than_counted_as_one_other() -> None:
    assert [len(few("ABCDE"[:count], 3)) for count in range(6)] == [0, 1, 2, 3, 4, 3]
