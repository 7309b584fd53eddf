"""What a filter of a parsed query lets through, as far as its text tells; nothing is run."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import URIRef, Variable
from rdflib.plugins.sparql.parserutils import CompValue


def allowed(test: object) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What variables must be for a filter to hold: those of ``?variable IN (IRIs)``, in the order of the text."""
    match test:
        case CompValue(name="ConditionalAndExpression"):
            for one in (test.expr, *test.other):
                yield from allowed(one)
        case CompValue(name="RelationalExpression", op="IN", expr=Variable()):
            if all(isinstance(one, URIRef) for one in test.other):
                yield str(test.expr), tuple(map(str, test.other))
