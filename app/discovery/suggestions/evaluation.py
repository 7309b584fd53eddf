"""Would the suggestions have foretold what came? Later links of actors predicted from earlier ones, beside simple rivals.

The links of a year are hidden. Each actor and each thing (a city contract, a policy) that are not linked yet get a score; a good
score puts the pairs that were linked in the hidden year before the others. A thing is scored for an actor by the pair scores of
the actor with those who have the thing, so that what is judged is the score of pairs that the pages show. Funders are left
out: who funds everybody says nothing of who should meet.

Rivals: popularity (Barabási and Albert, Science 1999), common neighbours, Adamic and Adar (Social Networks 25, 2003), resource
allocation (Zhou, Lü and Zhang, Eur. Phys. J. B 71, 2009). Intervals: percentile bootstrap over actors (Efron, Tibshirani 1993).
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.discovery.arrays import Links
from app.discovery.files import Base, Patch
from app.discovery.network import Network
from app.discovery.suggestions.contexts import around, shared
from app.discovery.suggestions.ranking import Interval, Ranking
from app.discovery.suggestions.suggester import Suggester
from app.discovery.upkeep import folded
from app.terms import CODE

Method = Literal["suggestions", "resource-allocation", "adamic-adar", "common-neighbours", "popularity"]
METHODS: tuple[Method, ...] = ("suggestions", "resource-allocation", "adamic-adar", "common-neighbours", "popularity")
OURS: Method = "suggestions"
Verdict = Literal["better", "worse", "inconclusive"]

FEWEST_CASES = 10
"""With fewer actors who gained a link, whatever the intervals say, nothing is concluded."""

MOST_ACTORS = 2_000
THING = "policy"
_FUNDS = str(CODE) + "role/funds"
Pair = tuple[int, int]


@dataclass(frozen=True)
class Measure:
    """How one method did: the probability that a pair that came is ranked before one that did not (AUC), and the share of pairs
    that came among the ten and the fifty ranked first."""

    method: Method
    auc: Interval
    first_10: Interval
    first_50: Interval


@dataclass(frozen=True)
class Evaluation:
    """What was hidden, and how each method foretold it.

    ``came`` pairs were linked in the hidden year and not before; ``foreseeable`` of them are of actors that had a link before;
    ``cases`` is the number of these actors. None of the measures exists where nothing was foreseeable.
    """

    year: int
    since: int
    actors: int
    things: int
    known: int
    came: int
    foreseeable: int
    cases: int
    candidates: int
    measures: tuple[Measure, ...] = ()
    samples: int = 0
    seed: int = 0

    @property
    def too_few(self) -> bool:
        return self.cases < FEWEST_CASES

    def verdict(self, rival: Method) -> Verdict:
        """Of the suggestions beside a rival: inconclusive where the intervals overlap or there are too few cases."""
        by_name = {measure.method: measure.auc for measure in self.measures}
        ours, theirs = by_name[OURS], by_name[rival]
        if self.too_few or not (ours.low > theirs.high or ours.high < theirs.low):
            return "inconclusive"
        return "better" if ours.low > theirs.high else "worse"


def evaluate(suggester: Suggester, year: int | None = None, *, seed: int = 1, samples: int = 2_000) -> Evaluation | None:
    """Hide a year, the last one with such links where none is named. None where no dated partnership serves a policy."""
    network = suggester.network
    dated = _pairs_by_year(network, _links_of(network))
    years = sorted(dated)
    hidden = year if year is not None else years[-1] if years else None
    if hidden is None or hidden not in dated:
        return None
    known = {pair for one, pairs in dated.items() if one < hidden for pair in pairs}
    came = dated[hidden] - known
    old = {actor for actor, _ in known}
    foreseeable = {pair for pair in came if pair[0] in old}
    told = Evaluation(
        year=hidden,
        since=min((one for one in years if one < hidden), default=hidden),
        actors=len(old),
        things=len({thing for _, thing in known}),
        known=len(known),
        came=len(came),
        foreseeable=len(foreseeable),
        cases=len({actor for actor, _ in foreseeable}),
        candidates=0,
    )
    if not foreseeable:
        return told
    return _measured(told, suggester.on(before(network, hidden)), known, foreseeable, seed, samples)


def before(network: Network, year: int) -> Network:
    """The network as it was before a year, without the links of funders; nodes keep their numbers."""
    links = _links_of(network)
    funds = network.scheme.numbers.get(_FUNDS, -1)
    first = datetime.date(year, 1, 1).toordinal()
    kept = links[(links["start"] < first) & (links["kind"] != funds)]
    base = folded(network)
    return Network(network.scheme, Base.of(base.iris, base.kinds, kept), Patch())


def _links_of(network: Network) -> Links:
    """All links, with the numbers that a folded network has."""
    return folded(network).rows.links()[0]


def _pairs_by_year(network: Network, links: Links) -> Mapping[int, set[Pair]]:
    """Actors and things joined by partnerships, by the year in which these began; funders are not among the actors."""
    base = folded(network)
    kinds = {name: network.kinds.index(name) for name in ("actor", "partnership", THING)}
    funds = network.scheme.numbers.get(_FUNDS, -1)
    actors: dict[int, set[int]] = defaultdict(set)
    things: dict[int, set[int]] = defaultdict(set)
    years: dict[int, int] = {}
    for source, target, kind, start, _ in links.tolist():
        ends = int(base.kinds[source]), int(base.kinds[target])
        if ends == (kinds["actor"], kinds["partnership"]) and kind != funds:
            actors[target].add(source)
        elif ends == (kinds["partnership"], kinds[THING]) and start > 0:
            things[source].add(target)
            years[source] = datetime.date.fromordinal(start).year
    found: dict[int, set[Pair]] = defaultdict(set)
    for partnership, year in years.items():
        found[year] |= {(actor, thing) for actor in actors[partnership] for thing in things[partnership]}
    return found


def _measured(told: Evaluation, suggester: Suggester, known: set[Pair], came: set[Pair], seed: int, samples: int) -> Evaluation:
    draws = np.random.default_rng(seed)
    actors = np.array(sorted({actor for actor, _ in known}), dtype=np.int32)
    if len(actors) > MOST_ACTORS:
        gained = np.array(sorted({actor for actor, _ in came}), dtype=np.int32)
        others = np.setdiff1d(actors, gained)
        actors = np.union1d(gained, draws.choice(others, MOST_ACTORS - len(gained), replace=False))
    things = sorted({thing for _, thing in known} | {thing for _, thing in came})
    scores = _scores(suggester, actors.tolist(), things, known)
    pairs = [(actor, thing) for actor in actors.tolist() for thing in things if (actor, thing) not in known]
    is_new = np.array([pair in came for pair in pairs])
    groups = np.searchsorted(actors, [actor for actor, _ in pairs])
    picks = draws.multinomial(len(actors), np.full(len(actors), 1 / len(actors)), size=samples)
    measures = tuple(
        _measure(method, np.array([scores[method].get(pair, 0.0) for pair in pairs]), is_new, groups, picks) for method in METHODS
    )
    return Evaluation(**{**told.__dict__, "candidates": len(pairs), "measures": measures, "samples": samples, "seed": seed})


def _measure(
    method: Method, scores: NDArray[np.float64], is_new: NDArray[np.bool_], groups: NDArray[np.int64], picks: NDArray[np.int64]
) -> Measure:
    ranking = Ranking(scores, is_new, groups, picks)
    return Measure(method, ranking.auc(), ranking.precision(10), ranking.precision(50))


def _scores(
    suggester: Suggester, actors: Iterable[int], things: Iterable[int], known: set[Pair]
) -> Mapping[Method, Mapping[Pair, float]]:
    """What each method gives each pair of an actor and a thing."""
    having: dict[int, set[int]] = defaultdict(set)
    for actor, thing in known:
        having[thing].add(actor)
    counts = {actor: sum(1 for one, _ in known if one == actor) for actor in {actor for actor, _ in known}}
    found: dict[Method, dict[Pair, float]] = {method: {} for method in METHODS}
    for actor in actors:
        by_method = _pair_scores(suggester, actor)
        for thing in things:
            found["popularity"][actor, thing] = float(counts.get(actor, 0) * len(having[thing]))
            for method, others in by_method.items():
                found[method][actor, thing] = sum(others.get(other, 0.0) for other in having[thing])
    return found


def _pair_scores(suggester: Suggester, actor: int) -> Mapping[Method, Mapping[int, float]]:
    """What each method but popularity gives an actor and each other actor."""
    found: dict[Method, dict[int, float]] = {
        "suggestions": {one.other: one.score for one in suggester.for_entity(actor, founded=False).items},
        "resource-allocation": defaultdict(float),
        "adamic-adar": defaultdict(float),
        "common-neighbours": defaultdict(float),
    }
    common = shared(suggester.network, around(suggester.network, actor), ("actor",))
    for other, degree in zip(common.candidates.tolist(), common.attached.tolist(), strict=True):
        found["resource-allocation"][other] += 1.0 / max(degree, 1)
        found["adamic-adar"][other] += 1.0 / float(np.log(max(degree, 2)))
        found["common-neighbours"][other] += 1.0
    return found
