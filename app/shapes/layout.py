"""How shapes lay out an entity: groups of fields for a page, a form or a template; the rules in words are apart."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rdflib import RDFS, Graph, Literal
from rdflib.collection import Collection as RdfList
from rdflib.term import Node

from app.shapes import paths
from app.shapes.findings import SEVERITIES
from app.shapes.paths import Seq
from app.terms import SH, SHAPE

if TYPE_CHECKING:
    from app.shapes.shapes import Shapes, Target


@dataclass(frozen=True)
class Field:
    """A property as an entity of some class has it.

    Names and descriptions are by language. ``severity`` is that of leaving it out (None: it may be), ``required`` that this is a
    violation. ``of_classes`` and ``datatypes`` are those of its values, any of them; ``single`` that there is at most one.
    """

    path: str
    inverse: bool
    name: Mapping[str, str]
    description: Mapping[str, str]
    order: float
    datatypes: tuple[str, ...] = ()
    of_classes: tuple[str, ...] = ()
    severity: str | None = None
    single: bool = False
    code_list: str | None = None
    shape: str = ""

    @property
    def required(self) -> bool:
        """Whether an entity without it is refused."""
        return self.severity == "Violation"

    @property
    def datatype(self) -> str | None:
        """The datatype of its values, where there is one only."""
        return self.datatypes[0] if len(self.datatypes) == 1 else None

    @property
    def of_class(self) -> str | None:
        """The class of its values, where there is one only."""
        return self.of_classes[0] if len(self.of_classes) == 1 else None


@dataclass(frozen=True)
class Group:
    """Fields under one heading."""

    iri: str
    label: Mapping[str, str]
    order: float
    fields: tuple[Field, ...]


def groups(shapes: Shapes, classes: Collection[str]) -> list[Group]:
    """The groups and fields of an entity of the given classes, in order.

    Where shapes of several classes describe the same property, the most special class names it. A property that only a longer
    path reads has the name of that path's shape.
    """
    found: dict[tuple[str, bool], list[Node]] = {}
    longer: dict[tuple[str, bool], list[Node]] = {}
    for part in _parts(shapes, classes):
        read = paths.read(shapes.graph, _path(shapes.graph, part))
        if simple := paths.property_of(read):
            found.setdefault(simple, []).append(part)
        elif isinstance(read, Seq) and (first := paths.property_of(read.parts[0])):
            longer.setdefault(first, []).append(part)
    placed: dict[str, list[Field]] = {}
    for (path, inverse), parts in (longer | found).items():
        field = _field(shapes, path, inverse, parts)
        if (path, inverse) not in found:  # only a longer path reads it: what is asked there is asked of other nodes
            field = replace(field, datatypes=(), of_classes=(), severity=None, single=False, code_list=None)
        placed.setdefault(str(shapes.graph.value(parts[0], SH.group) or ""), []).append(field)
    laid = [_group(shapes, iri, fields) for iri, fields in placed.items()]
    return sorted(laid, key=lambda group: (group.order, group.iri))


def _parts(shapes: Shapes, classes: Collection[str]) -> Iterator[Node]:
    """The property shapes for entities of some classes: those of special classes before those of general ones."""
    wanted = {above for name in classes for above in (name, *shapes.superclasses(name))}
    aiming = [target for target in shapes.targets if not target.classes.isdisjoint(wanted)]
    seen: set[Node] = set()
    for target in sorted(aiming, key=lambda target: (-depth(shapes, target), str(target.node))):
        for part in sorted(shapes.parts(target.node), key=lambda part: (_order(shapes.graph, part), str(part))):
            if part not in seen and (part, SH.path, None) in shapes.graph:
                seen.add(part)
                yield part


def depth(shapes: Shapes, target: Target) -> int:
    """How special the classes of a shape are: the number of classes above them."""
    return max((len(set(shapes.superclasses(name)) - {name}) for name in target.classes), default=0)


def _field(shapes: Shapes, path: str, inverse: bool, parts: list[Node]) -> Field:
    graph, first = shapes.graph, parts[0]
    lists = (graph.value(part, SHAPE.codeList) for part in parts)
    return Field(
        path=path,
        inverse=inverse,
        name=next((text for part in parts if (text := shapes.texts(part, SH.name))), {}),
        description=next((text for part in parts if (text := shapes.texts(part, SH.description))), {}),
        order=_order(graph, first),
        datatypes=_values(graph, parts, SH.datatype),
        of_classes=_values(graph, parts, SH["class"]),
        severity=next((severity for severity in SEVERITIES if severity in {absence(graph, part) for part in parts}), None),
        single=any(int(n) <= 1 for part in parts for n in graph.objects(part, SH.maxCount) if isinstance(n, Literal)),
        code_list=next((str(found) for found in lists if found), None),
        shape=shapes.name_of(first),
    )


def _group(shapes: Shapes, iri: str, fields: list[Field]) -> Group:
    node = next((group for group in shapes.graph.objects(None, SH.group) if str(group) == iri), None)
    label = shapes.texts(node, RDFS.label) if node else {}
    order = _order(shapes.graph, node) if node else float("inf")
    return Group(iri, label, order, tuple(sorted(fields, key=lambda field: (field.order, field.path, field.inverse))))


def absence(graph: Graph, part: Node) -> str | None:
    """How grave it is that a property shape finds no value; None where it asks for none."""
    counts = (count for least in (SH.minCount, SH.qualifiedMinCount) for count in graph.objects(part, least))
    if (part, SH.hasValue, None) not in graph and not any(isinstance(n, Literal) and int(n) > 0 for n in counts):
        return None
    return str(graph.value(part, SH.severity) or SH.Violation).rpartition("#")[2]


def alternatives(graph: Graph, part: Node) -> tuple[Node, ...]:
    """The shape itself and those that it lists in sh:or."""
    members = (member for choice in graph.objects(part, SH["or"]) for member in RdfList(graph, choice))
    return (part, *members)


def _values(graph: Graph, parts: list[Node], predicate: Node) -> tuple[str, ...]:
    nodes = (node for part in parts for node in alternatives(graph, part) if (node, SH.path, None) not in graph or node == part)
    return tuple(dict.fromkeys(str(value) for node in nodes for value in graph.objects(node, predicate)))


def _path(graph: Graph, part: Node) -> Node:
    return next(graph.objects(part, SH.path))


def _order(graph: Graph, node: Node) -> float:
    value = graph.value(node, SH.order)
    return float(value) if isinstance(value, Literal) else float("inf")
