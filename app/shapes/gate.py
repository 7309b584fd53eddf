"""The gate: whether a change may be published; it judges and never changes anything.

**What is judged.** A *case* is a node in a source graph that says something of it (every named graph but the derived and the
merged one). The node is judged by the shapes in this graph of its own:

1. what the source graph says of the node, in place of what the merge says of it; then, from the merge (the store's default
   graph), the statements of *other* nodes that the shapes' paths read, with the types of those that a class is asked of. All
   superclasses are stated, as the ontology has them; ``owl:sameAs`` is as if it were not there.
2. A graph that states no type of the node borrows its types from the merge, and is then not asked to be complete: findings of
   sh:minCount, sh:qualifiedMinCount and sh:hasValue are dropped. Correctness is due from everyone, completeness from the graph
   that declares the node.
3. A finding on a reference, whose cause is the type of the node referred to (sh:class, or a sh:or, sh:and, sh:not, sh:xone,
   sh:node or qualified count over it), is a Violation only where the change touched the referring node in that same graph, or
   what that graph says of the node referred to. Where another source's change left it dangling, it is a Warning.
4. Beyond SHACL: a term in the ontology's namespace that the ontology does not define, a derived property stated by hand and an
   RDF 1.2 triple term are Violations; an entity without a type in the merge is a Warning.

A Violation refuses the change. Warnings and advice (Info) are kept in the report.

**Which cases.** After a change, those of :mod:`app.shapes.affected`; the verdict equals that of judging every case of the whole
dataset, graded by the same change, and the findings of all other cases are as they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import pyoxigraph as ox
from rdflib import RDFS, SKOS

from app.shapes import batches, paths
from app.shapes.affected import Graphs, Pairs, Watch, affected
from app.shapes.batches import Batch
from app.shapes.case import Cases
from app.shapes.findings import Finding, Report, Tally
from app.shapes.grading import Grading, Touched
from app.shapes.lookup import MERGE, Change, Lookup, Progress, Subject
from app.shapes.shapes import Shapes
from app.shapes.violated import Violated
from app.terms import MAILLAGE

_NAMES = tuple(ox.NamedNode(str(name)) for name in (MAILLAGE.name, SKOS.prefLabel, RDFS.label))
_NAMED = 500
"""Nodes that a report names: more than any reader is shown."""


@dataclass(frozen=True)
class Gate:
    """Judges changes of a dataset whose IRIs start with ``base``."""

    shapes: Shapes
    base: str

    def judge(self, after: Lookup, change: Change, progress: Progress | None = None) -> Report:
        """The report on a change, from the state after it."""
        touched = Touched.by(change, self.shapes.of_values)
        found = affected(after, change, self._watch, self._graphs, touched.added)
        return self._report(Cases(after, self.shapes, found.stated, found.sole), found.pairs, touched, progress)

    def judge_all(self, after: Lookup, change: Change | None = None, progress: Progress | None = None) -> Report:
        """The report on a whole state, graded as caused by a change; without one, nothing counts as touched."""
        touched = Touched() if change is None else Touched.by(change, self.shapes.of_values)
        return self._report(Cases(after, self.shapes), self._graphs.everything(after), touched, progress)

    def affected(self, after: Lookup, change: Change) -> Pairs:
        """The nodes that a change can affect, by source graph."""
        return affected(after, change, self._watch, self._graphs, {}).pairs

    @cached_property
    def _graphs(self) -> Graphs:
        return Graphs(frozenset(ox.NamedNode(f"{self.base}graphs/{name}") for name in ("derived", "merge")))

    @cached_property
    def _watch(self) -> Watch:
        return Watch.of(self.shapes)

    def _report(self, cases: Cases, pairs: Pairs, touched: Touched, progress: Progress | None) -> Report:
        total = sum(len(nodes) for nodes in pairs.values())
        grading = Grading(self.shapes, cases, touched, f"{self.base}id/")
        tally, judged = Tally(), 0
        for batch, violated in batches.outcomes(self.shapes, _batches(cases, pairs)):
            by_node = {str(case.node): case for case in batch.cases}
            found: dict[str, list[Violated]] = {node: [] for node in by_node}
            for one in violated:
                found[str(one.focus)].append(one)
            tally.add(finding for node, case in by_node.items() for finding in grading.findings(case, found[node]))
            judged += len(batch.cases)
            if progress:
                progress(judged, total)
        return tally.report(judged, _labels(cases.after, tally.kept), self._long_paths)

    @cached_property
    def _long_paths(self) -> Mapping[str, paths.Path]:
        rules = (self.shapes.rule(str(part)) for target in self.shapes.targets for part in self.shapes.parts(target.node))
        return {paths.text(rule.path): rule.path for rule in rules if rule.path is not None}


def _batches(cases: Cases, pairs: Pairs) -> Iterator[Batch]:
    for graph in sorted(pairs, key=str):
        nodes = iter(sorted(pairs[graph], key=str))
        while chunk := list(islice(nodes, batches.SIZE)):
            drawn = [case for node in chunk if (case := cases.case(node, graph))]
            if drawn:
                yield from batches.batches(drawn)


def _labels(after: Lookup, findings: Iterable[Finding]) -> dict[str, dict[str | None, str]]:
    """The names of the first nodes that have findings."""
    nodes = islice(dict.fromkeys(f.focus for f in findings if not f.focus.startswith("_:")), _NAMED)
    return {node: name for node in nodes if (name := _label(after, ox.NamedNode(node)))}


def _label(after: Lookup, node: Subject) -> dict[str | None, str]:
    for predicate in _NAMES:
        found = [quad.object for quad in after.quads(node, predicate, None, MERGE)]
        if names := {text.language: text.value for text in found if isinstance(text, ox.Literal)}:
            return names
    return {}
