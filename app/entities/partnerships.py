"""Partnerships and memberships in sentences: who does what with whom, since when, and who says so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from app.entities import wording
from app.entities.facts import Facts, Stated, sortable, text_of
from app.entities.fields import TYPE, Writer
from app.entities.model import Links, Node, Sentence
from app.entities.questions import Questions, Row, Window, iris
from app.entities.sentences import Words, enumerate_nodes, few, fill
from app.terms import MAILLAGE, EngineTerm
from app.text import say

PARTICIPANT, PARTICIPATION = str(MAILLAGE.participant), str(MAILLAGE.participation)
MEMBER, MEMBER_OF = str(MAILLAGE.member), str(MAILLAGE.memberOf)
_TOLD = ("partnershipKind", "object", "amount", "fundingProgramme", "concerns")
_BARE = ("partnershipKind", "object", "amount")
"""What needs no label before it."""

_STOP = re.compile(r"(?<!\.)(?<!\betc)(?<!\b\w)\.\Z")
"""A full stop at the end of a text that is neither an abbreviation’s nor of an ellipsis."""

_NAMED_OTHERS = 3
_MOST_PARTIES = 2_000


@dataclass(frozen=True)
class Block:
    """A kind of block: the question behind it, the property whose edges it counts, and in which direction."""

    key: str
    question: str
    path: str
    inward: bool = True


PARTNERSHIPS = Block("partnerships", "actor-partnerships", PARTICIPANT)
PARTIES = Block("parties", "partnership-parties", PARTICIPATION, inward=False)
MEMBERSHIPS = Block("memberships", "memberships", MEMBER)
MEMBERS = Block("members", "members", MEMBER_OF)
BLOCKS = (PARTIES, PARTNERSHIPS, MEMBERSHIPS, MEMBERS)


@dataclass
class Engagements:
    """The rows of each block, and what is said of the partnerships among them."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    parties: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    said: dict[str, dict[str, Stated]] = field(default_factory=dict)

    @classmethod
    def ask(cls, questions: Questions, facts: Facts) -> Engagements:
        found = cls()
        for block in BLOCKS:
            text = found.texts[block.key] = _text(questions, facts, block)
            found.rows[block.key] = questions.ask_rows(text) if _total(facts, block) else []
        found._read_partnerships(questions)
        found._read_carriers(questions)
        return found

    def _read_partnerships(self, questions: Questions) -> None:
        """The parties of the partnerships that are shown."""
        shown = {text_of(row["partnership"]) for row in self.rows[PARTNERSHIPS.key]}
        if shown:
            for row in questions.rows("partnership-parties", Window(_MOST_PARTIES), partnership=iris(sorted(shown))):
                self.parties[text_of(row["partnership"])].append(row)

    def _read_carriers(self, questions: Questions) -> None:
        """What is told of the nodes that carry the links, and which graphs say so."""
        carriers = {
            text_of(row[name])
            for rows in self.rows.values()
            for row in rows
            for name in ("partnership", "membership")
            if name in row
        }
        for row in questions.about_each("carriers", "entity", carriers):
            stated = self.said.setdefault(text_of(row["entity"]), {}).setdefault(text_of(row["property"]), {})
            stated[row["value"]] = (*stated.get(row["value"], ()), text_of(row["graph"]))

    def resources(self) -> set[str]:
        """Every IRI that sentences mention; they do not mention participations."""
        rows = (row.items() for group in (*self.rows.values(), *self.parties.values()) for row in group)
        mentioned = {
            term.value for row in rows for name, term in row if name != "participation" and isinstance(term, ox.NamedNode)
        }
        told = {t.value for said in self.said.values() for v in said.values() for t in v if isinstance(t, ox.NamedNode)}
        return mentioned | told

    def graphs(self) -> set[str]:
        return {graph for carrier in self.said for graph in self.graphs_of(carrier)}

    def graphs_of(self, carrier: str) -> tuple[str, ...]:
        """The graphs that state a partnership or a membership."""
        return tuple(sorted({graph for graphs in self.said.get(carrier, {}).get(TYPE, {}).values() for graph in graphs}))


def first_texts(questions: Questions, facts: Facts) -> list[str]:
    """The questions that :meth:`Engagements.ask` puts whatever is answered."""
    return [_text(questions, facts, block) for block in BLOCKS if _total(facts, block)]


def _text(questions: Questions, facts: Facts, block: Block) -> str:
    total = _total(facts, block)
    terms = {"partnership" if block is PARTIES else "entity": facts.node}
    question = sortable(block.question, total) if block is PARTNERSHIPS else block.question
    return questions.text(question, facts.window(facts.part(total, block.key)), **terms)


def word(found: Engagements, facts: Facts, writer: Writer, *, expected: bool) -> list[Links]:
    """The blocks that have links, and on an actor's page (``expected``) also partnerships and memberships that are empty."""
    tellers = {PARTIES.key: _party, PARTNERSHIPS.key: _partnership, MEMBERSHIPS.key: _membership, MEMBERS.key: _member}
    blocks = []
    for block in BLOCKS:
        total = _total(facts, block)
        empty = say(f"entity.no-{block.key}", writer.language) if expected and block in (PARTNERSHIPS, MEMBERSHIPS) else None
        if total or empty:
            told = tuple(tellers[block.key](row, found, facts, writer) for row in found.rows[block.key])
            part = facts.part(total, block.key)
            blocks.append(
                Links(block.key, say(f"entity.{block.key}", writer.language), told, part, found.texts[block.key], empty)
            )
    return blocks


def _total(facts: Facts, block: Block) -> int:
    return (facts.degree.into if block.inward else facts.degree.out).get(block.path, 0)


def _partnership(row: Row, found: Engagements, facts: Facts, writer: Writer) -> Sentence:
    iri = text_of(row["partnership"])
    parties = found.parties[iri]
    role = next((p.get("role") for p in parties if p["participation"] == row["participation"]), None)
    closest = sorted(parties, key=lambda p: p.get("role") != role)
    others = list(dict.fromkeys(text_of(p["participant"]) for p in closest if text_of(p["participant"]) != facts.iri))
    partnership = writer.names.node(iri)
    words = _role_words(role, Node("", writer.names.node(facts.iri).label), partnership, writer)
    if others:
        words = (*words, say("entity.with", writer.language), *_some(others, writer))
    period = wording.period(_literal(row.get("start")), _literal(row.get("end")), writer.language)
    return Sentence(words, period, _notes(found.said.get(iri, {}), writer), found.graphs_of(iri))


def _party(row: Row, found: Engagements, facts: Facts, writer: Writer) -> Sentence:
    me = Node("", say("entity.this-partnership", writer.language))
    return Sentence(
        _role_words(row.get("role"), writer.names.node(text_of(row["participant"])), me, writer),
        graphs=found.graphs_of(facts.iri),
    )


def _role_words(role: EngineTerm | None, actor: Node, partnership: Node, writer: Writer) -> Words:
    patterns = writer.vocabulary.sentence(role.value) if isinstance(role, ox.NamedNode) else None
    found = wording.best(patterns, writer.language)
    pattern = found[0] if found else say("entity.plain-role", writer.language)
    return fill(pattern, {"participant": actor, "partnership": partnership})


def _some(others: list[str], writer: Writer) -> Words:
    """The first few by name, those of the same role before the others, and how many more there are: two at least."""
    named = few(others, _NAMED_OTHERS)
    more = len(others) - len(named)
    rest = say("entity.others", writer.language, n=more) if more else None
    return enumerate_nodes([writer.names.node(iri) for iri in named], say("entity.and", writer.language), rest)


def _notes(said: Mapping[str, Stated], writer: Writer) -> tuple[str, ...]:
    """Kind, object, amount… of a partnership, as short texts."""
    notes = []
    for name in _TOLD:
        path = str(MAILLAGE[name])
        values = ", ".join(_STOP.sub("", value.text) for value in writer.values(path, said.get(path, {})))
        if values and name in _BARE:
            notes.append(values)
        elif values:
            notes.append(say("entity.note", writer.language, label=writer.names.term(path).label, value=values))
    return tuple(notes)


def _membership(row: Row, found: Engagements, facts: Facts, writer: Writer) -> Sentence:
    me = Node("", writer.names.node(facts.iri).label)
    return _belonging(row, found, me, writer.names.node(text_of(row["other"])), writer)


def _member(row: Row, found: Engagements, facts: Facts, writer: Writer) -> Sentence:
    me = Node("", writer.names.node(facts.iri).label)
    return _belonging(row, found, writer.names.node(text_of(row["other"])), me, writer)


def _belonging(row: Row, found: Engagements, member: Node, group: Node, writer: Writer) -> Sentence:
    role = row.get("role")
    words = fill(say("entity.membership", writer.language), {"member": member, "group": group})
    notes = (writer.names.node(role.value).label,) if isinstance(role, ox.NamedNode) else ()
    period = wording.period(_literal(row.get("start")), _literal(row.get("end")), writer.language)
    carrier = text_of(row["membership"])
    return Sentence(words, period, notes, found.graphs_of(carrier), writer.names.node(carrier))


def _literal(term: EngineTerm | None) -> ox.Literal | None:
    return term if isinstance(term, ox.Literal) else None
