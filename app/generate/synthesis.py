"""The synthetic world, one actor after the other, each with what hangs on it; it keeps no triples.

Communes are drawn by population, themes by Zipf's law, parties by preferential attachment, dates over fifteen years. SIRENs begin
with 0, as no real one does. An actor with what hangs on it makes about 35 triples.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from app.generate.chance import Popularity, Weighted, heavy_tailed, pareto, with_key
from app.generate.inputs import Commune
from app.generate.repertoire import (
    ACTORS,
    CONFIDENCES,
    DAYS,
    KINDS,
    LAST_YEAR,
    PARTIES,
    RESOURCES,
    REVIEW,
    SOURCE,
    STATUSES,
    TYPE,
    XSD,
    YEARS,
    code,
    term,
)

__all__ = ["GRAPH", "LAST_YEAR", "MOST_ACTORS", "YEARS", "generate"]

GRAPH = "synthetic"
MOST_ACTORS = 9_999_999
Pairs = list[tuple[str, str]]
"""Predicates and objects, already in N-Quads."""

NAME, TERRITORY, MAIN_THEME, THEME = term("name"), term("territory"), term("mainTheme"), term("theme")
START, END, CONFIDENCE = term("startDate"), term("endDate"), term("confidence")


def generate(actors: int, seed: int, base: str, communes: Sequence[Commune], themes: Sequence[str]) -> Iterator[str]:
    """Lines of N-Quads, each with its end, for the graph ``<base>graphs/synthetic``.

    The same numbers, base, communes and themes always give the same lines. ``themes`` are IRIs, the commonest first.
    Raises ``ValueError`` for less than two actors or more than ``MOST_ACTORS``, or if there are no communes or themes.
    """
    if not 2 <= actors <= MOST_ACTORS:
        raise ValueError(f"a synthetic network has between 2 and {MOST_ACTORS} actors")
    return Synthesis(actors, seed, base, communes, themes).lines()


class Synthesis:
    """One run: the draws so far, and how many there are of each kind of entity. Numbers begin at 1."""

    def __init__(self, actors: int, seed: int, base: str, communes: Sequence[Commune], themes: Sequence[str]) -> None:
        self._actors, self._seed, self._base = actors, seed, base
        self._draws = random.Random(seed)  # noqa: S311 - no secret depends on it
        self._communes = Weighted((f"<{one.iri}>" for one in communes), (one.population for one in communes))
        self._themes = heavy_tailed([f"<{iri}>" for iri in themes])
        self._partners, self._hubs = Popularity(0.3), Popularity(0.05)
        self._counts: dict[str, int] = {}
        self._end = f" <{base}graphs/{GRAPH}> .\n"
        self._source = f"<{base}id/source/{GRAPH}>"
        self._tail = [REVIEW, (SOURCE, self._source)]

    def lines(self) -> Iterator[str]:
        """The source, then each actor with what it takes part in; only the first may have to do with a later one, the second."""
        often = (
            (0.45, self._project),
            (0.45, self._partnership),
            (0.3, self._membership),
            (0.2, self._event),
            (0.15, self._offer),
            (0.15, self._need),
        )
        yield from self._write(self._source, self._describe_source())
        for actor in range(1, self._actors + 1):
            yield from self._actor(actor)
            for probability, make in often:
                if self._draws.random() < probability:
                    yield from make(actor)

    def _iri(self, kind: str, number: int) -> str:
        return f"<{self._base}id/{kind}/synthetique-{number:06}>"

    def _next(self, kind: str) -> int:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return self._counts[kind]

    def _write(self, subject: str, pairs: Pairs) -> list[str]:
        end = self._end
        return [f"{subject} {predicate} {value}{end}" for predicate, value in pairs]

    def _entity(self, path: str, number: int, kind: str, word: str, others: Pairs) -> list[str]:
        """Class, name, theme, place and provenance, as most entities have them, and what is its own."""
        draws = self._draws
        pairs = [
            (TYPE, kind),
            (NAME, f'"{word} {number:06}"@fr'),
            (MAIN_THEME, self._themes.draw(draws)),
            (TERRITORY, self._communes.draw(draws)),
            (CONFIDENCE, CONFIDENCES.draw(draws)),
            *self._tail,
            *others,
        ]
        return self._write(self._iri(path, number), pairs)

    def _period(self, longest: int) -> Pairs:
        """A start and, in two cases of three, an end within ``longest`` days and the fifteen years."""
        start = int(self._draws.random() * len(DAYS))
        if self._draws.random() > 0.67:
            return [(START, DAYS[start])]
        end = min(start + int(self._draws.random() * longest), len(DAYS) - 1)
        return [(START, DAYS[start]), (END, DAYS[end])]

    def _actor(self, number: int) -> list[str]:
        kind, word, form = ACTORS.draw(self._draws)
        others = [(THEME, self._themes.draw(self._draws))]
        if form:
            siren = with_key(f"0{number:07}")
            others += [
                (term("legalForm"), code("legal-form", form)),
                (term("siren"), f'"{siren}"'),
                (term("siret"), f'"{with_key(f"{siren}0001")}"'),
            ]
        return self._entity("actor", number, kind, f"{word} synthétique", others)

    def _project(self, actor: int) -> list[str]:
        number = self._next("project")
        others = [
            (term("leader"), self._iri("actor", actor)),
            (term("status"), code("project-status", STATUSES.draw(self._draws))),
            (term("goal"), f'"But inventé du projet synthétique {number:06}."@fr'),
            *self._period(1500),
        ]
        return self._entity("project", number, term("Project"), "Projet synthétique", others)

    def _partnership(self, actor: int) -> list[str]:
        kind, first, rest = KINDS.draw(self._draws)
        parties = [(self._iri("participation", self._next("participation")), party) for party in self._parties(actor)]
        others = [(term("partnershipKind"), code("partnership-kind", kind))]
        others += [(term("participation"), participation) for participation, _ in parties]
        others += self._period(1100)
        if kind == "funding":
            others.append((term("amount"), f'"{int(1000 * pareto(self._draws, 1.2, 500))}"^^<{XSD}decimal>'))
        if projects := self._counts.get("project"):
            others.append((term("concerns"), self._iri("project", 1 + int(self._draws.random() * projects))))
        lines = self._entity("partnership", self._next("partnership"), term("Partnership"), "Partenariat synthétique", others)
        for participation, party in parties:
            role = code("role", first if party == parties[0][1] else rest)
            pairs = [
                (TYPE, term("Participation")),
                (term("participant"), self._iri("actor", party)),
                (term("role"), role),
            ]
            lines += self._write(participation, pairs)
        return lines

    def _parties(self, actor: int) -> list[int]:
        """Two to eight different actors, the eldest first; it leads or funds."""
        known = max(actor, 2)
        wanted = min(PARTIES.draw(self._draws), known)
        found = {actor, *(self._partners.draw(self._draws, known) for _ in range(wanted - 1))}
        if len(found) < 2:
            found.add(1 + (actor + int(self._draws.random() * (known - 1))) % known)
        parties = sorted(found)
        self._partners.keep(parties)
        return parties

    def _membership(self, actor: int) -> list[str]:
        known = max(actor, 2)
        hub = self._hubs.draw(self._draws, known)
        hub = hub if hub != actor else 1 + actor % known
        self._hubs.keep([hub])
        pairs = [
            (TYPE, term("Membership")),
            (term("member"), self._iri("actor", actor)),
            (term("memberOf"), self._iri("actor", hub)),
            (CONFIDENCE, CONFIDENCES.draw(self._draws)),
            *self._tail,
            *self._period(2000),
        ]
        return self._write(self._iri("membership", self._next("membership")), pairs)

    def _event(self, actor: int) -> list[str]:
        day = DAYS[int(self._draws.random() * len(DAYS))]
        others = [(term("organizer"), self._iri("actor", actor)), (START, day), (END, day)]
        return self._entity("event", self._next("event"), term("Event"), "Événement synthétique", others)

    def _offer(self, actor: int) -> list[str]:
        return self._entity("offer", self._next("offer"), term("Offer"), "Offre synthétique", self._listing("offeredBy", actor))

    def _need(self, actor: int) -> list[str]:
        return self._entity("need", self._next("need"), term("Need"), "Besoin synthétique", self._listing("neededBy", actor))

    def _listing(self, by: str, actor: int) -> Pairs:
        start = int(self._draws.random() * (len(DAYS) - 365))
        return [
            (term(by), self._iri("actor", actor)),
            (term("resourceKind"), code("resource-kind", RESOURCES.draw(self._draws))),
            (term("validFrom"), DAYS[start]),
            (term("validThrough"), DAYS[start + int(self._draws.random() * 365)]),
        ]

    def _describe_source(self) -> Pairs:
        return [
            (TYPE, term("Source")),
            (NAME, f'"Données synthétiques ({self._actors} acteurs, graine {self._seed})"@fr'),
            (NAME, f'"Synthetic data ({self._actors} actors, seed {self._seed})"@en'),
            (
                term("description"),
                '"Données inventées par un programme pour les essais et les démonstrations\u00a0: rien n’y est réel."@fr',
            ),
            (term("description"), '"Data invented by a program for tests and demonstrations: nothing in them is real."@en'),
            (term("publisherName"), '"Maillage"'),
            (term("licence"), "<https://creativecommons.org/publicdomain/zero/1.0/>"),
            (term("licenceName"), '"CC0 1.0"'),
            (term("retrieved"), f'"{LAST_YEAR}-12-31"^^<{XSD}date>'),
        ]
