"""A question's table: exact figures by rows and columns, and their totals, in which each entity counts once.

An entity with two themes stands in two rows, so that rows may add up to more than their total: the total is counted by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from app.facts import Facts
from app.facts.arrays import Ints, begins, join, merged
from app.facts.sharing import Chosen, Shared
from app.statistics.dimensions import DIMENSIONS, NONE, Pair, pairs_among, unique
from app.statistics.measures import MEASURES
from app.statistics.question import Question

MOST_ROWS, MOST_COLUMNS = 400, 60
_MOST_TICKS, _TICKS_A_VALUE = 50_000_000, 100
"""Bytes that ticking off may take, in all and for each value: clearing them takes less than sorting the values."""


@dataclass(frozen=True)
class Figure:
    """One figure: ``value`` in units of the measure (amounts in cents); ``parts`` are two numbers that a density is made of."""

    value: int
    parts: tuple[int, int] | None = None


@dataclass(frozen=True)
class Table:
    """Figures by the words of rows and columns; "" stands for all. ``left_out`` counts rows and columns not shown."""

    question: Question
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    figures: Mapping[tuple[str, str], Figure]
    left_out: tuple[int, int] = (0, 0)

    def __getitem__(self, place: tuple[str, str]) -> Figure:
        return self.figures.get(place, Figure(0, (0, 0) if self.question.what.how == "density" else None))


def count(facts: Facts, question: Question, about: Chosen | None = None) -> Figure:
    """The figure of all that a question is about, without its lines; ``about`` is what that is, where it is known already."""
    about = Chosen.of(question.mask(facts)) if about is None else about
    return _Counting(facts, question, about).figures(_whole(about.rows), 1)[0]


def of_kinds(facts: Facts, wanted: Collection[str], rows: Ints, kinds: Ints) -> Ints:
    """Those of some rows, of these ``kinds``, that are of the wanted ones."""
    is_wanted = np.array([kind in wanted for kind in facts.tables.kinds])
    chosen: Ints = rows[is_wanted[kinds]]
    return chosen


def measured(facts: Facts, measure: str, rows: Ints, kinds: Ints) -> Ints:
    """Those of some rows, of these ``kinds``, that a measure is about, without looking at any other."""
    what = MEASURES[measure]
    chosen = of_kinds(facts, what.kinds, rows, kinds)
    if what.how == "sum":
        column = facts.column(what.column)
        chosen = chosen[column[chosen] > np.iinfo(column.dtype).min]
    return chosen


def count_among(facts: Facts, measure: str, rows: Ints, kinds: Ints) -> int | None:
    """The figure of some rows, of these ``kinds``: None for a measure of actors or links."""
    what, chosen = MEASURES[measure], measured(facts, measure, rows, kinds)
    if what.how == "sum":
        return int(facts.column(what.column)[chosen].astype(np.int64).sum())
    return len(chosen) if what.how == "count" else None


def tabulate(
    facts: Facts,
    question: Question,
    *,
    most: tuple[int, int] = (MOST_ROWS, MOST_COLUMNS),
    rows: Sequence[str] | None = None,
    about: Chosen | None = None,
) -> Table:
    """The table of a question, of its largest rows and columns where there are many; ``rows`` names the rows instead. ``about``
    is what it is about, where that is known already."""
    about = Chosen.of(question.mask(facts)) if about is None else about
    down, across = (_lines(facts, name, about) for name in (question.rows, question.columns))
    counting = _Counting(facts, question, about)
    whole = _whole(about.rows)
    row_totals = counting.figures(down, len(down))
    column_totals = counting.figures(across, len(across))
    shown_down = _shown(down, row_totals, most[0]) if rows is None else _named(down, rows)
    shown_across = _shown(across, column_totals, most[1]) if question.columns else []
    figures = {("", ""): counting.figures(whole, 1)[0]}
    row_words, column_words = down.words(shown_down), across.words(shown_across)
    figures |= {(word, ""): row_totals[n] for word, n in zip(row_words, shown_down, strict=True)}
    figures |= {("", word): column_totals[n] for word, n in zip(column_words, shown_across, strict=True)}
    if question.columns:
        crossed = counting.figures(_crossed(down, shown_down, across, shown_across), len(shown_down) * len(shown_across))
        figures |= dict(zip(product(row_words, column_words), crossed, strict=True))
    left_out = (len(down) - len(shown_down), len(across) - len(shown_across) if question.columns else 0)
    return Table(question, row_words, column_words, figures, (max(0, left_out[0]), max(0, left_out[1])))


@dataclass(frozen=True)
class _Lines:
    """Entities beside the places of their lines; these are ``numbers`` of a dimension, and one more for entities without any."""

    entities: Ints
    places: Ints
    numbers: Sequence[int] = ()
    word: Callable[[int], str] = str
    has_none: bool = False
    ordered: bool = False

    def __len__(self) -> int:
        return len(self.numbers) + self.has_none

    def words(self, places: Iterable[int]) -> tuple[str, ...]:
        """The words of some places: those of thousands are not asked for to show ten."""
        return tuple(self.word(self.numbers[n]) if n < len(self.numbers) else NONE for n in places)


def _whole(entities: Ints) -> _Lines:
    return _Lines(entities, np.zeros(len(entities), np.int64))


def _lines(facts: Facts, name: str, about: Chosen) -> _Lines:
    """The lines of a dimension that some of the entities have, and where some have none, the line of those."""
    if not name:
        return _Lines(np.zeros(0, np.int64), np.zeros(0, np.int64))
    dimension = DIMENSIONS[name]
    rows, values = pairs_among(facts, name, about)
    rows = rows.astype(np.int64)
    used, places = distinct(values)
    without = about.mask.copy()
    without[rows] = False
    alone = about.rows[without[about.rows]]
    if len(alone):
        rows, places = np.concatenate((rows, alone)), np.concatenate((places, np.full(len(alone), len(used))))
        order = np.argsort(rows, kind="stable")
        rows, places = rows[order], places[order]
    word = partial(dimension.word, facts)
    return _Lines(rows, places.astype(np.int64), used.tolist(), word, len(alone) > 0, dimension.ordered)


def distinct(values: Ints) -> tuple[Ints, Ints]:
    """The different values in order, and the place of each among them: counted, since values are small numbers."""
    used = np.flatnonzero(np.bincount(values)) if len(values) else np.zeros(0, np.int64)
    places = np.zeros(int(used[-1]) + 1 if len(used) else 0, np.int64)
    places[used] = np.arange(len(used))
    return used, places[values]


def _shown(lines: _Lines, totals: Sequence[Figure], most: int) -> list[int]:
    """The places that a table shows, the largest where there are too many; years in their order; those without any last."""
    places, values = range(len(lines.numbers)), [total.value for total in totals]
    least = sorted(values[: len(places)], reverse=True)[most - 1] if 0 < most < len(places) else None
    near = [n for n in places if least is None or values[n] >= least]
    words = dict(zip(near, lines.words(near), strict=True))
    shown = sorted(near, key=lambda n: (-values[n], words[n]))[:most]
    if lines.ordered:
        shown.sort(key=lambda n: words[n].rjust(8))
    return [*shown, len(places)] if lines.has_none and len(shown) < most else shown


def _named(lines: _Lines, words: Sequence[str]) -> list[int]:
    places = {word: n for n, word in enumerate(lines.words(range(len(lines))))}
    return [places[word] for word in words if word in places]


def _crossed(down: _Lines, shown_down: Sequence[int], across: _Lines, shown_across: Sequence[int]) -> _Lines:
    """Entities beside the cells that they stand in."""
    row_of, column_of = np.full(len(down), -1), np.full(len(across), -1)
    row_of[list(shown_down)] = np.arange(len(shown_down))
    column_of[list(shown_across)] = np.arange(len(shown_across))
    left, right = join(down.entities, across.entities)
    rows, columns = row_of[down.places[left]], column_of[across.places[right]]
    there = (rows >= 0) & (columns >= 0)
    return _Lines(down.entities[left][there], (rows * max(1, len(shown_across)) + columns)[there])


class _Counting:
    """Makes figures of entities that stand in places."""

    def __init__(self, facts: Facts, question: Question, about: Chosen) -> None:
        self._facts = facts
        self._how = question.what.how
        self._column = question.what.column
        self._parties = parties_within(facts, about) if self._how in ("actors", "links", "density") else None
        self._pairs = _numbered_pairs(facts, about) if self._how in ("links", "density") else None

    def figures(self, lines: _Lines, size: int) -> list[Figure]:
        """A figure for each place below ``size``."""
        match self._how:
            case "count":
                return [Figure(n) for n in np.bincount(lines.places, minlength=size).tolist()]
            case "sum":
                return [Figure(n) for n in _sums(lines, self._facts.column(self._column), size).tolist()]
            case "actors":
                return [Figure(n) for n in self._actors(lines, size).tolist()]
            case "links":
                return [Figure(n) for n in self._links(lines, size).tolist()]
        both = zip(self._links(lines, size).tolist(), self._actors(lines, size).tolist(), strict=True)
        return [density(links, actors) for links, actors in both]

    def _actors(self, lines: _Lines, size: int) -> Ints:
        partnerships, actors = self._parties or (np.zeros(0, np.int64), np.zeros(0, np.int64))
        left, right = join(lines.entities, partnerships)
        return different(lines.places[left], actors[right], size)

    def _links(self, lines: _Lines, size: int) -> Ints:
        partnerships, pairs = self._pairs or (np.zeros(0, np.int64), np.zeros(0, np.int64))
        left, right = join(lines.entities, partnerships)
        return different(lines.places[left], pairs[right], size)


def different(places: Ints, values: Ints, size: int) -> Ints:
    """How many different values stand beside each place below ``size``: ticked off where there are not too many, else sorted."""
    most = int(values.max(initial=-1)) + 1
    if size * most > min(_MOST_TICKS, _TICKS_A_VALUE * len(values)):
        return np.bincount(unique(places, values)[0], minlength=size)
    ticks = np.zeros((size, most), bool)
    ticks.ravel()[places * most + values] = True
    return np.array([np.count_nonzero(its) for its in ticks], np.int64)


def density(links: int, actors: int) -> Figure:
    """In millionths: how many of the pairs that some actors could form are linked."""
    possible = actors * (actors - 1) // 2
    return Figure(round(1_000_000 * links / possible) if possible else 0, (links, possible))


def _sums(lines: _Lines, column: npt.NDArray[Any], size: int) -> Ints:
    found = np.zeros(size, np.int64)
    np.add.at(found, lines.places, column[lines.entities].astype(np.int64))
    return found


def parties_within(facts: Facts, chosen: Chosen) -> Pair:
    """Some partnerships beside each of their actors, once."""
    return facts.remembered("statistics parties", lambda: _looked_up(facts, _each_party(*facts.parties[:2]))).pairs(chosen)


def _numbered_pairs(facts: Facts, chosen: Chosen) -> Pair:
    """Some partnerships beside the number of each pair of their actors."""
    return facts.remembered("statistics pairs", lambda: _looked_up(facts, _all_numbered(facts))).pairs(chosen)


def _looked_up(facts: Facts, pairs: Pair) -> Shared:
    """A list of a version in which few rows are looked up."""
    return Shared(pairs, None, facts.changed, begins(pairs[0], facts.size))


def _each_party(partnerships: Ints, actors: Ints) -> Pair:
    """Each actor of a partnership once; parties are sorted by partnership and, in each, by actor."""
    new = np.ones(len(partnerships), bool)
    new[1:] = (partnerships[1:] != partnerships[:-1]) | (actors[1:] != actors[:-1])
    return partnerships[new].astype(np.int64), actors[new].astype(np.int64)


def _all_numbered(facts: Facts) -> Pair:
    """Of the base once; a version leaves out what is gone and adds the pairs of the partnerships that changed."""
    arrays = facts.base.arrays
    parties = arrays["parties-partnerships"], arrays["parties-actors"]
    partnerships, numbers, keys = facts.base.once(
        "statistics pairs", None, lambda: _numbered(*pairs_within(*_each_party(*parties)))
    )
    if not len(facts.delta.rows):
        return partnerships, numbers
    gone = ~facts.alive
    stays = ~(gone[keys >> 32] | gone[keys & 0xFFFFFFFF])[numbers]
    own, pairs = pairs_within(*parties_within(facts, Chosen.of(facts.changed)))
    places = np.searchsorted(keys, pairs)
    known = places < len(keys)
    known[known] = keys[places[known]] == pairs[known]
    new = np.where(known, places, len(keys) + np.unique(pairs, return_inverse=True)[1])
    return merged((partnerships[stays], numbers[stays]), (own, new), facts.changed)


def _numbered(partnerships: Ints, pairs: Ints) -> tuple[Ints, Ints, Ints]:
    """Partnerships beside the place of each pair among all, and these, sorted."""
    keys, numbers = np.unique(pairs, return_inverse=True)
    return partnerships, numbers, keys


def pairs_within(partnerships: Ints, actors: Ints) -> Pair:
    """Partnerships beside each pair of their actors: the lower row times 2³² and the higher."""
    left, right = join(partnerships, partnerships)
    one, other = actors[left], actors[right]
    below = one < other
    return partnerships[left][below], one[below] << 32 | other[below]
