"""What the gate finds, as values; how they are told is in :mod:`app.shapes.telling`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from rdflib import Graph

from app.shapes import telling
from app.shapes.paths import Path
from app.terms import EngineTerm
from app.text import Language

Severity = Literal["Violation", "Warning", "Info"]
SEVERITIES: tuple[Severity, ...] = ("Violation", "Warning", "Info")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or could be better, about a node in a source graph.

    ``focus``, ``graph``, ``component`` and ``shape`` are IRIs (``_:`` and an id for a blank node); ``path`` is the IRI of a
    property, or a longer path in the syntax of SPARQL. ``names`` are those of the field, ``messages`` say what to do, both by
    language; they and the line in a file are no part of a finding's identity.
    """

    severity: Severity
    focus: str
    path: str | None
    value: EngineTerm | None
    graph: str
    component: str
    shape: str
    messages: Mapping[str, str] = field(compare=False)
    names: Mapping[str, str] = field(default_factory=dict, compare=False)
    line: int | None = field(default=None, compare=False)

    @property
    def order(self) -> tuple[object, ...]:
        """The gravest first, then node by node."""
        return (
            SEVERITIES.index(self.severity),
            self.graph,
            self.focus,
            self.path or "",
            self.shape,
            self.component,
            str(self.value),
        )


@dataclass(frozen=True)
class Report:
    """The gate's answer: what it found about how many judged nodes.

    ``counts`` are exact; of each severity ``findings`` keeps the first ``KEPT``. ``labels`` name the nodes by language, and
    ``paths`` are those that findings write in the syntax of SPARQL.
    """

    findings: tuple[Finding, ...] = ()
    nodes: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str | None, str]] = field(default_factory=dict, compare=False)
    paths: Mapping[str, Path] = field(default_factory=dict, compare=False)

    KEPT = 20_000

    @classmethod
    def of(cls, findings: Iterable[Finding], nodes: int = 0) -> Report:
        """The report on some findings."""
        tally = Tally()
        tally.add(findings)
        return tally.report(nodes)

    @property
    def conforms(self) -> bool:
        """Whether there is no violation, so that the change may be published."""
        return not self.counts.get("Violation")

    def located(self, line: Callable[[Finding], int | None]) -> Report:
        """The same findings with their lines in the file that was read."""
        return replace(self, findings=tuple(replace(finding, line=line(finding)) for finding in self.findings))

    def to_graph(self) -> Graph:
        """A SHACL validation report, as RDF."""
        return telling.graph(self)

    def to_turtle(self) -> str:
        """The same in Turtle."""
        return telling.graph(self).serialize(format="turtle")

    def to_jsonld(self) -> str:
        """The same in JSON-LD."""
        return telling.graph(self).serialize(format="json-ld", auto_compact=True)

    def as_problem(self, language: Language) -> dict[str, object]:
        """The members of a problem document (RFC 9457); the status is the web's affair."""
        return telling.problem(self, language)

    def as_text(self, language: Language) -> str:
        """The report for a reader, node by node."""
        return telling.text(self, language)


class Tally:
    """Counts findings as they come, and keeps as many as a report holds."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._kept: list[Finding] = []

    def add(self, findings: Iterable[Finding]) -> None:
        """Count some findings, each one once."""
        for finding in sorted(set(findings), key=lambda f: f.order):
            self._counts[finding.severity] += 1
            if self._counts[finding.severity] <= Report.KEPT:
                self._kept.append(finding)

    @property
    def kept(self) -> list[Finding]:
        """The findings that are kept, in the order of a report."""
        return sorted(self._kept, key=lambda f: f.order)

    def report(
        self,
        nodes: int,
        labels: Mapping[str, Mapping[str | None, str]] | None = None,
        paths: Mapping[str, Path] | None = None,
    ) -> Report:
        """The report on what was counted."""
        return Report(tuple(self.kept), nodes, dict(self._counts), labels or {}, paths or {})
