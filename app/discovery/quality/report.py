"""Puts the questions of ``queries/quality`` and ``queries/checks`` to a version; gathers what they find, by source and place."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pyoxigraph as ox

from app.discovery.matching.reading import read_scopes
from app.discovery.network import Network
from app.discovery.places import Places
from app.discovery.quality.likenesses import gathered, look_alikes
from app.entities.questions import Questions, Row, Window
from app.queries import CannedQuery
from app.terms import PREFIXES

Group = Literal["empty", "stale", "unsourced", "duplicated", "unlinked", "wrong", "unsure"]
GROUPS: tuple[Group, ...] = ("wrong", "duplicated", "unsourced", "stale", "unlinked", "empty", "unsure")
MOST = 5_000
"""Findings of one check that are gathered; where there are more, the report says so."""

OLD = datetime.timedelta(days=730)
_LOOK_ALIKES, _ISOLATED = "look-alikes", "isolated"
_GROUPS: Mapping[str, Group] = {
    "checks/link-to-nothing": "wrong",
    "checks/partnership-ends-before-it-starts": "wrong",
    "checks/same-siret-two-actors": "duplicated",
    "quality/same-siren": "duplicated",
    _LOOK_ALIKES: "duplicated",
    "quality/no-source": "unsourced",
    "quality/old-source": "stale",
    "quality/past-listing": "stale",
    "quality/ongoing-but-ended": "stale",
    "quality/unlinked-project": "unlinked",
    _ISOLATED: "unlinked",
    "quality/no-date": "empty",
    "quality/no-theme": "empty",
    "quality/no-territory": "empty",
    "quality/no-description": "empty",
    "quality/uncertain": "unsure",
    "quality/not-reviewed": "unsure",
}
_DATED = ("quality/past-listing", "quality/ongoing-but-ended")
_ROWS = 50_000


@dataclass(frozen=True)
class Finding:
    """One record that a check found; ``other`` is the one that it may be a double of, ``detail`` a value or two names."""

    entity: str
    other: str | None = None
    detail: str = ""
    sources: tuple[str, ...] = ()
    territories: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Check:
    """What a check looks for and what it found; ``query`` is None for one that no single question answers."""

    name: str
    group: Group
    query: CannedQuery | None
    text: str
    findings: tuple[Finding, ...]
    complete: bool = True

    @property
    def key(self) -> str:
        """Its name in an address."""
        return self.name.rpartition("/")[2]

    @property
    def by_source(self) -> Mapping[str, int]:
        """How many findings each source has to mend."""
        return Counter(source for finding in self.findings for source in finding.sources)


@dataclass(frozen=True)
class Report:
    """All checks of a version on a day."""

    version: int
    day: datetime.date
    checks: tuple[Check, ...]

    @property
    def sources(self) -> list[str]:
        """The graphs that have something to mend, those with most first."""
        total: Counter[str] = Counter()
        for check in self.checks:
            total.update(check.by_source)
        return [source for source, _ in sorted(total.items(), key=lambda one: (-one[1], one[0]))]

    def get(self, key: str) -> Check | None:
        return next((check for check in self.checks if check.key == key), None)


def report_of(questions: Questions, network: Network, isolated: Iterable[int], version: int, day: datetime.date) -> Report:
    """Ask everything: seconds on a large graph, so it is kept by version and day."""
    found = [_asked(questions, name, day) for name in _GROUPS if "/" in name]
    found.append(_look_alikes(questions))
    alone = [Finding(network.iri(node)) for node in isolated]
    found.append(Check(_ISOLATED, "unlinked", None, "", tuple(alone[:MOST]), len(alone) <= MOST))
    placed = _placed(questions, found)
    order = list(_GROUPS)
    return Report(version, day, tuple(sorted(placed, key=lambda one: (GROUPS.index(one.group), order.index(one.name)))))


def chosen(check: Check, places: Places, source: str | None, area: str | None) -> Sequence[Finding]:
    """The findings of a check in one source and one area."""
    return [
        one
        for one in check.findings
        if (not source or source in one.sources) and (not area or places.holds(area, one.territories))
    ]


def _asked(questions: Questions, name: str, day: datetime.date) -> Check:
    query = questions.catalogue.get(name)
    text = query.bind(_days(name, day)) + str(Window(MOST + 1))
    findings = dict.fromkeys(_finding(row) for row in questions.ask_rows(text) if isinstance(row.get("entity"), ox.NamedNode))
    return Check(name, _GROUPS[name], query, text, tuple(findings)[:MOST], len(findings) <= MOST)


def _days(name: str, day: datetime.date) -> dict[str, ox.Literal]:
    """The day that a question of staleness compares with: today, or the oldest day of a source that is not old."""
    if name not in (*_DATED, "quality/old-source"):
        return {}
    compared = day if name in _DATED else day - OLD
    return {"day": ox.Literal(compared.isoformat(), datatype=ox.NamedNode(PREFIXES["xsd"] + "date"))}


def _finding(row: Row) -> Finding:
    entity, other, value = row["entity"], row.get("other"), row.get("value")
    detail = value.value if isinstance(value, ox.Literal | ox.NamedNode) else ""
    return Finding(str(getattr(entity, "value", "")), other.value if isinstance(other, ox.NamedNode) else None, detail)


def _look_alikes(questions: Questions) -> Check:
    pairs = list(look_alikes(gathered(_names(questions))))
    findings = tuple(Finding(one, other, names) for one, other, names in pairs[:MOST])
    return Check(_LOOK_ALIKES, "duplicated", None, questions.text("actor-names"), findings, len(pairs) <= MOST)


def _names(questions: Questions) -> Iterator[tuple[str, str, str | None]]:
    start = 0
    while True:
        rows = questions.rows("actor-names", Window(_ROWS, start))
        for row in rows:
            entity, name, siren = row["entity"], row["name"], row.get("siren")
            if isinstance(entity, ox.NamedNode) and isinstance(name, ox.Literal):
                yield entity.value, name.value, siren.value if isinstance(siren, ox.Literal) else None
        if len(rows) < _ROWS:
            return
        start += _ROWS


def _placed(questions: Questions, checks: Sequence[Check]) -> Iterator[Check]:
    """The checks with the sources and territories of what they found."""
    wanted = {entity for check in checks for one in check.findings for entity in (one.entity, one.other) if entity}
    sources: dict[str, set[str]] = defaultdict(set)
    for row in questions.about_each("sources-of-each", "entity", wanted):
        entity, graph = row["entity"], row["graph"]
        if isinstance(entity, ox.NamedNode) and isinstance(graph, ox.NamedNode):
            sources[entity.value].add(graph.value)
    scopes = read_scopes(questions, wanted)
    for check in checks:
        findings = tuple(
            Finding(
                one.entity,
                one.other,
                one.detail,
                tuple(sorted(sources[one.entity] | (sources[one.other] if one.other else set()))),
                scopes[one.entity].territories,
            )
            for one in check.findings
        )
        yield Check(check.name, check.group, check.query, check.text, findings, check.complete)
