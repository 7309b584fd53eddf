"""What is read while something is made is noted, also where a kept value brings it; what cannot be compared is told."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Thread

import pyoxigraph as ox

from app import reads
from app.reads import Later, Made, Reads


@dataclass(frozen=True)
class Subject:
    """Something that was read of a node."""

    iri: str
    size: int = 1

    def holds(self, later: Later) -> bool:
        return self.iri not in later.subjects


NODE, OTHER = Subject("http://example.org/node"), Subject("http://example.org/other")


def later(*subjects: str) -> Later:
    name = ox.NamedNode("http://example.org/name")
    return Later(2, [ox.Triple(ox.NamedNode(one), name, ox.Literal("x")) for one in subjects])


def test_what_was_read_holds_until_one_of_its_notes_does_not() -> None:
    with reads.reading() as read:
        reads.note(NODE, OTHER)
        reads.note(NODE)
    assert read.notes == {NODE, OTHER}
    assert read.still_hold(later("http://example.org/third"))
    assert not read.still_hold(later(OTHER.iri))


def test_what_cannot_be_compared_never_holds() -> None:
    with reads.reading() as read:
        reads.lose("the day")
        reads.lose("the hour")
    assert read.lost == "the day"
    assert not read.still_hold(later())


def test_outside_a_block_nothing_is_noted() -> None:
    reads.note(NODE)
    reads.lose("the day")
    reads.asked("SELECT")
    with reads.reading() as read:
        assert reads.current() is read
        with reads.unheeded():
            reads.note(NODE)
            reads.lose("the day")
    assert read == Reads()
    assert reads.current() is None


def test_a_query_is_what_was_expected_of_its_text_and_no_other() -> None:
    with reads.reading() as read:
        reads.expect("SELECT 1", NODE)
        reads.expect("SELECT 2", OTHER)
        reads.asked("SELECT 1")
    assert (read.notes, read.lost) == ({NODE}, "")
    with reads.reading() as read:
        reads.asked("SELECT 1")
    assert read.lost


def test_who_uses_a_kept_value_reads_what_it_was_made_of() -> None:
    def make() -> str:
        reads.note(NODE)
        return "made"

    with reads.reading() as first:
        made = Made.by(make)
    assert first.notes == set(), "making alone is not using"
    for _ in range(2):
        with reads.reading() as read:
            assert made.given() == "made"
        assert read.notes == {NODE}
    lost = Made.by(lambda: reads.lose("the day"))
    with reads.reading() as read:
        lost.given()
    assert read.lost == "the day"


def test_a_thread_notes_for_itself() -> None:
    with reads.reading() as read:
        reads.begin()
        thread = Thread(target=lambda: reads.note(OTHER))
        thread.start()
        thread.join()
        assert reads.current() == Reads()
        reads.end()
    assert read.notes == set()
