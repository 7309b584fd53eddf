"""Links of an entity as sentences, one block a property: those that come in, and the direct ones that rules derive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from app.entities.facts import Facts, Stated
from app.entities.fields import Writer, key_of
from app.entities.model import Links, Node, Part, Sentence
from app.entities.questions import Questions
from app.entities.sentences import Words, fill, flat
from app.entities.wording import best, borrowed, collation
from app.terms import EngineTerm
from app.text import say


def derived_links(facts: Facts, writer: Writer, questions: Questions) -> Iterator[Links]:
    """Direct links from the entity that rules derive from its partnerships and memberships."""
    for path in sorted(p for p in facts.values if writer.vocabulary.is_derived(p)):
        text = questions.text("entity-statements", entity=facts.node, property=ox.NamedNode(path))
        yield _links(facts, path, facts.values[path], writer, text, outward=True)


def incoming_links(facts: Facts, writer: Writer, questions: Questions) -> Iterator[Links]:
    """Everything that points to the entity; a symmetric link is told once."""
    for path in sorted(facts.incoming):
        if not (path in facts.values and writer.vocabulary.is_derived(path) and _same(facts, path)):
            text = questions.text("entity-incoming", entity=facts.node, property=ox.NamedNode(path))
            yield _links(facts, path, facts.incoming[path], writer, text, outward=False)


def _same(facts: Facts, path: str) -> bool:
    """Whether a property links the entity to the same others in both directions, as far as they are shown."""
    return facts.degree.out.get(path) == facts.degree.into.get(path) and set(facts.values[path]) == set(facts.incoming[path])


def _links(facts: Facts, path: str, stated: Stated, writer: Writer, text: str, *, outward: bool) -> Links:
    key = key_of(path) if outward else f"from-{key_of(path)}"
    degree = facts.degree.out if outward else facts.degree.into
    me = writer.names.node(facts.iri)
    part = facts.part(degree.get(path, len(stated)), key)
    sentences = tuple(_sentence(path, other, graphs, me, writer, outward=outward) for other, graphs in stated.items())
    return Links(
        key=key,
        title=_title(path, me, writer, outward=outward),
        sentences=tuple(sorted(sentences, key=lambda s: collation(flat(s.words)))),
        part=part if part.pages > 1 else Part(len(stated)),
        query=text,
        derived=writer.vocabulary.is_derived(path),
    )


def _title(path: str, me: Node, writer: Writer, *, outward: bool) -> str:
    """The sentence with an ellipsis where the others stand: “… finance Le PôleS NOE”."""
    return flat(_words(path, me, "…", writer) if outward else _words(path, "…", me, writer))


def _sentence(path: str, other: EngineTerm, graphs: Iterable[str], me: Node, writer: Writer, *, outward: bool) -> Sentence:
    if not isinstance(other, ox.NamedNode):
        return Sentence((str(other),), graphs=tuple(graphs))
    node = writer.names.node(other.value)
    here = Node("", me.label, me.language)
    words = _words(path, here, node, writer) if outward else _words(path, node, here, writer)
    notes = (node.kind,) if node.kind else ()
    return Sentence(words, writer.names.period(other.value), notes, tuple(graphs))


def _words(path: str, subject: Node | str, target: Node | str, writer: Writer) -> Words:
    pattern = best(writer.vocabulary.sentence(path), writer.language)
    text = pattern[0] if pattern else borrowed(path, writer.language, "-sentence")
    if text:
        return fill(text, {"subject": subject, "object": target})
    label = writer.names.term(path).label
    return fill(say("entity.plain-link", writer.language), {"subject": subject, "object": target, "property": label})
