"""SHACL property paths as values: read, written, turned round, walked and taken apart; what is at their ends is not judged here.

Definitions: https://www.w3.org/TR/shacl/#property-paths.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import RDF, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from app.terms import SH, EngineTerm

Neighbours = Callable[["Step", EngineTerm], Iterable[EngineTerm]]
"""The nodes one step away from a node."""

Spread = Callable[["Step", set[EngineTerm]], set[EngineTerm]]
"""The nodes one step away from any of several."""


@dataclass(frozen=True)
class Step:
    """One statement, with any of the predicates, read from its subject or (inverse) from its object."""

    predicates: frozenset[ox.NamedNode]
    inverse: bool = False


@dataclass(frozen=True)
class Seq:
    """One after the other; with no parts, the path that stays where it is."""

    parts: tuple[Path, ...]


@dataclass(frozen=True)
class Alt:
    """Either of several."""

    parts: tuple[Path, ...]


@dataclass(frozen=True)
class Star:
    """Any number of times, none included."""

    part: Path


@dataclass(frozen=True)
class Opt:
    """Once or not at all."""

    part: Path


Path = Step | Seq | Alt | Star | Opt

HERE = Seq(())


def step(predicate: str, *, inverse: bool = False) -> Step:
    """The path of one predicate."""
    return Step(frozenset((ox.NamedNode(predicate),)), inverse)


def then(*paths: Path) -> Path:
    """The paths one after the other."""
    parts = [part for path in paths for part in (path.parts if isinstance(path, Seq) else (path,))]
    return parts[0] if len(parts) == 1 else Seq(tuple(parts))


def either(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The same choices, fewer: single steps that go on alike are one step with several predicates."""
    steps: dict[tuple[bool, tuple[Path, ...]], set[ox.NamedNode]] = {}
    others: dict[Path, None] = {}
    for path in paths:
        head, *tail = path.parts if isinstance(path, Seq) and path.parts else (path,)
        if isinstance(head, Step):
            steps.setdefault((head.inverse, tuple(tail)), set()).update(head.predicates)
        else:
            others[path] = None
    merged = (then(Step(frozenset(predicates), inverse), *tail) for (inverse, tail), predicates in steps.items())
    return (*merged, *others)


def read(graph: Graph, node: Node) -> Path:
    """The path that a node of a shapes graph describes. Raises ``ValueError`` for one that is not supported."""
    if isinstance(node, URIRef):
        return step(str(node))
    if (node, RDF.first, None) in graph:
        return then(*(read(graph, part) for part in Collection(graph, node)))
    for predicate, build in _BUILDERS.items():
        part = graph.value(node, predicate)
        if part is not None:
            return build(graph, part)
    raise ValueError(f"{node}: not a property path")


def _read_inverse(_: Graph, node: Node) -> Path:
    if not isinstance(node, URIRef):
        raise ValueError(f"{node}: sh:inversePath takes a property, not a path")
    return step(str(node), inverse=True)


def _read_choice(graph: Graph, node: Node) -> Path:
    choices = either(read(graph, part) for part in Collection(graph, node))
    return choices[0] if len(choices) == 1 else Alt(choices)


def _read_plus(graph: Graph, node: Node) -> Path:
    part = read(graph, node)
    return then(part, Star(part))


_BUILDERS: dict[URIRef, Callable[[Graph, Node], Path]] = {
    SH.inversePath: _read_inverse,
    SH.alternativePath: _read_choice,
    SH.zeroOrMorePath: lambda graph, node: Star(read(graph, node)),
    SH.oneOrMorePath: _read_plus,
    SH.zeroOrOnePath: lambda graph, node: Opt(read(graph, node)),
}


def reverse(path: Path) -> Path:
    """The path from the other end."""
    match path:
        case Step():
            return Step(path.predicates, not path.inverse)
        case Seq():
            return Seq(tuple(reverse(part) for part in reversed(path.parts)))
        case Alt():
            return Alt(tuple(reverse(part) for part in path.parts))
        case Star():
            return Star(reverse(path.part))
        case Opt():
            return Opt(reverse(path.part))


def walk(path: Path, starts: Iterable[EngineTerm], neighbours: Neighbours) -> set[EngineTerm]:
    """The nodes at the path's end, from any of the starts; each node is asked once for each step."""
    return reach(path, set(starts), lambda step, here: {there for node in here for there in neighbours(step, node)})


def reach(path: Path, here: set[EngineTerm], spread: Spread) -> set[EngineTerm]:
    """The same, where a step is taken from all nodes at once."""
    match path:
        case Step():
            return spread(path, here)
        case Seq():
            for part in path.parts:
                here = reach(part, here, spread)
            return here
        case Alt():
            return {there for part in path.parts for there in reach(part, here, spread)}
        case Opt():
            return here | reach(path.part, here, spread)
        case Star():
            front, found = here, set(here)
            while front:
                front = reach(path.part, front, spread) - found
                found |= front
            return found


def occurrences(path: Path) -> Iterator[tuple[Step, Path]]:
    """Each step of the path, with the prefix by which it is reached from the focus node."""
    match path:
        case Step():
            yield path, HERE
        case Seq():
            for at, part in enumerate(path.parts):
                yield from ((found, then(*path.parts[:at], prefix)) for found, prefix in occurrences(part))
        case Alt():
            for part in path.parts:
                yield from occurrences(part)
        case Opt():
            yield from occurrences(path.part)
        case Star():
            yield from ((found, then(path, prefix)) for found, prefix in occurrences(path.part))


def property_of(path: Path) -> tuple[str, bool] | None:
    """The IRI of a path of one property, and whether it is read from the object; None for a longer one."""
    if isinstance(path, Step) and len(path.predicates) == 1:
        (predicate,) = path.predicates
        return predicate.value, path.inverse
    return None


def text(path: Path) -> str:
    """The bare IRI of a single property; the syntax of SPARQL for the rest."""
    simple = property_of(path)
    return simple[0] if simple and not simple[1] else _sparql(path)


def _sparql(path: Path) -> str:
    match path:
        case Step():
            names = sorted(f"{'^' * path.inverse}{predicate}" for predicate in path.predicates)
            return names[0] if len(names) == 1 else f"({'|'.join(names)})"
        case Seq():
            return "/".join(_sparql(part) for part in path.parts)
        case Alt():
            return f"({'|'.join(_sparql(part) for part in path.parts)})"
        case Star() | Opt():
            return f"({_sparql(path.part)}){'*' if isinstance(path, Star) else '?'}"


def write(path: Path, graph: Graph) -> Node:
    """Describe the path in a graph of SHACL and return its node."""
    match path:
        case Step():
            choices = [_write_step(predicate, path.inverse, graph) for predicate in sorted(path.predicates, key=str)]
            return choices[0] if len(choices) == 1 else _write(SH.alternativePath, _write_list(choices, graph), graph)
        case Seq():
            return _write_list([write(part, graph) for part in path.parts], graph)
        case Alt():
            return _write(SH.alternativePath, _write_list([write(part, graph) for part in path.parts], graph), graph)
        case Star():
            return _write(SH.zeroOrMorePath, write(path.part, graph), graph)
        case Opt():
            return _write(SH.zeroOrOnePath, write(path.part, graph), graph)


def _write_step(predicate: ox.NamedNode, inverse: bool, graph: Graph) -> Node:
    iri = URIRef(predicate.value)
    return _write(SH.inversePath, iri, graph) if inverse else iri


def _write_list(nodes: list[Node], graph: Graph) -> Node:
    return Collection(graph, BNode(), nodes).uri


def _write(predicate: URIRef, part: Node, graph: Graph) -> Node:
    node = BNode()
    graph.add((node, predicate, part))
    return node
