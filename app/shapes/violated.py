"""What a verdict names: a constraint of a shape, and what breaks it; how it is reached is in :mod:`app.shapes.validator`."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib.term import Node

from app.terms import EngineTerm

RdfTriple = tuple[Node, Node, Node]


@dataclass(frozen=True, slots=True)
class Violated:
    """A constraint that a value or a focus node breaks; the shape and a SPARQL constraint by their ids in the shapes graph."""

    focus: EngineTerm
    shape: str
    component: str
    value: EngineTerm | None = None
    constraint: str | None = None
