"""What figures can be broken down by: for each dimension the values of every row, and the rows of one value.

Values are words of an address: ``departement-91``, ``2021``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from app.facts import Facts, Mask, masks
from app.facts.arrays import Ints
from app.facts.dates import years
from app.facts.kept import missing
from app.facts.sharing import Chosen, Shared, of_columns, of_list
from app.terms import CODE, MAILLAGE, TERRITORY, THEME

NONE = "none"
"""The value of rows that have none."""

Pair = tuple[Ints, Ints]
_LEVELS = {"region": "Region", "department": "Department", "intercommunality": "Intercommunality", "commune": "Commune"}
_GRAPHS = "/graphs/"
_LONGEST = 200
"""Years that one entity may last in figures; a longer span is an error of entry."""


@dataclass(frozen=True)
class Dimension:
    """``pairs``: rows, sorted, beside numbers above 0, each pair once. ``word`` and ``number`` are the two ways between a
    number and its word (0 for a word that nothing has); ``where`` is the rows of a number, found without ``pairs``."""

    pairs: Callable[[Facts], Pair]
    word: Callable[[Facts, int], str]
    number: Callable[[Facts, str], int]
    where: Callable[[Facts, int], Mask]
    ordered: bool = False
    shared: Callable[[Facts], Shared] | None = None


def select(facts: Facts, name: str, word: str) -> Mask:
    """The rows of a value; none for a word that nothing has."""
    dimension = DIMENSIONS[name]
    if word == NONE:
        mask = facts.alive.copy()
        mask[pairs_of(facts, name)[0]] = False
        return mask
    number = dimension.number(facts, word)
    return dimension.where(facts, number) if number else np.zeros(facts.size, bool)


def pairs_of(facts: Facts, name: str) -> Pair:
    """The rows and values of a dimension, worked out once a version."""
    return facts.remembered(f"statistics {name}", lambda: DIMENSIONS[name].pairs(facts))


def pairs_among(facts: Facts, name: str, chosen: Chosen) -> Pair:
    """The rows and values of a dimension, of some rows."""
    shared = shared_of(facts, name)
    if shared is not None:
        return shared.pairs(chosen)
    rows, values = pairs_of(facts, name)
    among = chosen.mask[rows]
    return rows[among], values[among]


def tallied(facts: Facts, name: str, chosen: Chosen, size: int = 1) -> Ints:
    """How many of some rows have each value of a dimension, by its number; ``size`` numbers at the least."""
    shared = shared_of(facts, name)
    parts = [pairs_among(facts, name, chosen)[1]] if shared is None else shared.parts(chosen)
    size = max(size, *(int(values.max(initial=0)) + 1 for values in parts))
    found: Ints = np.sum([np.bincount(values, minlength=size) for values in parts], axis=0)
    return found


def used(facts: Facts, name: str) -> list[int]:
    """The values of a dimension that any row has, worked out once a version."""

    def make() -> list[int]:
        shared = shared_of(facts, name)
        values = shared.of(Chosen.of(facts.alive)) if shared is not None else pairs_of(facts, name)[1]
        found: list[int] = np.flatnonzero(np.bincount(values.astype(np.int64), minlength=1)).tolist()
        return found

    return facts.remembered(f"used {name}", make)


def shared_of(facts: Facts, name: str) -> Shared | None:
    """A dimension as versions share it; None where they do not."""
    make = DIMENSIONS[name].shared
    return None if make is None else facts.remembered(f"shared {name}", lambda: make(facts))


def unique(rows: Ints, values: Ints) -> Pair:
    """Each pair once, in order; faster than by columns, since both fit into one number."""
    keys = rows.astype(np.int64) << 32 | values.astype(np.int64)
    keys.sort()
    if len(keys):
        keys = keys[np.concatenate(([True], keys[1:] != keys[:-1]))]
    return keys >> 32, keys & 0xFFFFFFFF


def _raised(key: str, name: str, numbers: Callable[[Facts], list[int]]) -> Callable[[Facts], Shared]:
    """Rows beside those of some themes or territories that are theirs or above theirs."""

    def shared(facts: Facts) -> Shared:
        tables = facts.tables
        tree, names = (tables.theme_tree, tables.themes) if name == "themes" else (tables.territory_tree, tables.territories)

        def columns() -> list[Ints]:
            """For each theme or territory those that it is raised to, one in each column."""
            wanted = set(numbers(facts))
            above = [[up for up in sorted(tree.above(own)) if up in wanted] if own else [] for own in range(len(names))]
            return [np.array([ups[k] if k < len(ups) else 0 for ups in above]) for k in range(max(map(len, above), default=0))]

        found = facts.base.once(f"statistics {key} above", (tree.shape, len(names)), columns)
        return of_list(facts, f"statistics {key}", name, tree.shape, lambda rows, own: _each_once(rows, [c[own] for c in found]))

    return shared


def _each_once(rows: Ints, columns: list[Ints]) -> Pair:
    """Rows, sorted and perhaps repeated, beside the values above 0 of some columns, each pair once: what may repeat is sorted."""
    again = np.zeros(len(rows), bool)
    if len(rows):
        same = rows[1:] == rows[:-1]
        again[1:] |= same
        again[:-1] |= same
    alone = rows[~again]
    own = [(alone[values > 0], values[values > 0]) for values in (column[~again] for column in columns)]
    repeated = [(rows[again][values > 0], values[values > 0]) for values in (column[again] for column in columns)]
    if repeated:
        own.append(unique(np.concatenate([r for r, _ in repeated]), np.concatenate([v for _, v in repeated])))
    if not own:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    all_rows, values = np.concatenate([r for r, _ in own]), np.concatenate([v for _, v in own])
    order = np.argsort(all_rows, kind="stable")
    return all_rows[order].astype(np.int64), values[order].astype(np.int64)


def _tree(key: str, name: str, space: str, numbers: Callable[[Facts], list[int]]) -> Dimension:
    def word(facts: Facts, number: int) -> str:
        return facts.tables.names(name)[number].removeprefix(space)

    def number(facts: Facts, said: str) -> int:
        found = facts.tables.names(name).find(space + said) or facts.tables.names(name).find(said)
        return found if found in set(numbers(facts)) else 0

    def where(facts: Facts, number: int) -> Mask:
        iri = facts.tables.names(name)[number]
        return masks.about(facts, iri) if name == "themes" else masks.within(facts, iri)

    raised = _raised(key, name, numbers)
    return Dimension(lambda facts: raised(facts).whole(), word, number, where, shared=raised)


def _listed(name: str, table: str, shorten: Callable[[str], str]) -> Dimension:
    """The values of a list as they are, by exact value."""

    def number(facts: Facts, said: str) -> int:
        return next((n for n, iri in enumerate(facts.tables.names(table).iris) if n and said in (shorten(iri), iri)), 0)

    def where(facts: Facts, number: int) -> Mask:
        rows, values = facts.pairs(name)
        mask = np.zeros(facts.size, bool)
        mask[rows[values == number]] = True
        return mask

    return Dimension(lambda facts: facts.pairs(name), lambda facts, n: shorten(facts.tables.names(table)[n]), number, where)


def _coded(column: str) -> Dimension:
    space = str(CODE)

    def where(facts: Facts, number: int) -> Mask:
        return masks.coded(facts, column, facts.tables.codes[number])

    return Dimension(
        lambda facts: _of_column(facts.column(column)),
        lambda facts, number: facts.tables.codes[number].removeprefix(space),
        lambda facts, said: facts.tables.codes.find(space + said) or facts.tables.codes.find(said),
        where,
    )


def _of_column(values: Ints) -> Pair:
    rows = np.flatnonzero(values > 0)
    return rows, values[rows].astype(np.int64)


def _kind() -> Dimension:
    return Dimension(
        lambda facts: _of_column(facts.column("kind")),
        lambda facts, number: facts.tables.kinds[number],
        lambda facts, said: facts.tables.kind_number(said),
        lambda facts, number: masks.of_kind(facts, facts.tables.kinds[number]),
    )


def _start(facts: Facts) -> Shared:
    return of_columns(facts, "statistics year", masks.SPANNING, lambda *told: _of_column(years(masks.spans_of(*told)[0])))


def _active(facts: Facts) -> Shared:
    """Each year from the first to the last day of a row."""
    return of_columns(facts, "statistics active", masks.SPANNING, lambda *told: _lasting_years(*masks.spans_of(*told)))


def _lasting_years(first_days: Ints, last_days: Ints) -> Pair:
    first, last = years(first_days), years(last_days)
    rows = np.flatnonzero(first > 0)
    counts = np.minimum(last[rows] - first[rows] + 1, _LONGEST)
    repeated = np.repeat(np.arange(len(rows)), counts)
    steps = np.arange(len(repeated)) - np.repeat(np.cumsum(counts) - counts, counts)
    return rows[repeated], first[rows][repeated] + steps


def _year(shared: Callable[[Facts], Shared], where: Callable[[Facts, int], Mask]) -> Dimension:
    return Dimension(
        lambda facts: shared(facts).whole(), lambda _, year: str(year), lambda _, said: _as_year(said), where, True, shared
    )


def _as_year(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 4 else 0


def _starting(facts: Facts, year: int) -> Mask:
    first, _ = masks.spans(facts)
    mask: Mask = years(first) == year
    return mask


def _lasting(facts: Facts, year: int) -> Mask:
    first, last = masks.spans(facts)
    mask: Mask = (first != missing("start")) & (years(first) <= year)
    return mask & (years(last) >= year) & (years(first) + _LONGEST > year)


def _acting(*roles: str) -> Dimension:
    """Partnerships by those who have one of some roles in them."""

    def numbers(facts: Facts) -> list[int]:
        return [number for role in roles if (number := facts.tables.codes.find(f"{CODE}role/{role}"))]

    def pairs(facts: Facts) -> Pair:
        partnerships, actors, own = facts.parties
        chosen = np.isin(own, numbers(facts))
        return unique(partnerships[chosen], actors[chosen].astype(np.int64) + 1)

    def where(facts: Facts, number: int) -> Mask:
        partnerships, own = facts.engagements(number - 1)
        mask = np.zeros(facts.size, bool)
        mask[partnerships[np.isin(own, numbers(facts))]] = True
        return mask

    return Dimension(pairs, lambda facts, number: facts.iri(number - 1), _row_number, where)


def _row_number(facts: Facts, iri: str) -> int:
    row = facts.row(iri)
    return row + 1 if row is not None else 0


def _referring(name: str) -> Dimension:
    def pairs(facts: Facts) -> Pair:
        rows, values = facts.pairs(name)
        return rows, values.astype(np.int64) + 1

    def where(facts: Facts, number: int) -> Mask:
        rows, values = facts.pairs(name)
        mask = np.zeros(facts.size, bool)
        mask[rows[values == number - 1]] = True
        return mask

    return Dimension(pairs, lambda facts, number: facts.iri(number - 1), _row_number, where)


def _territories(name: str, level: str) -> Dimension:
    return _tree(name, "territories", str(TERRITORY), lambda facts: facts.tables.territory_tree.of_level(level))


DIMENSIONS: Mapping[str, Dimension] = {
    "theme": _tree("theme", "themes", str(THEME), lambda facts: facts.tables.theme_tree.roots()),
    "subtheme": _tree("subtheme", "themes", str(THEME), lambda facts: list(range(1, len(facts.tables.themes)))),
    **{name: _territories(name, level) for name, level in _LEVELS.items()},
    "year": _year(_start, _starting),
    "active": _year(_active, _lasting),
    "kind": _kind(),
    "class": _listed("classes", "classes", lambda iri: iri.removeprefix(str(MAILLAGE))),
    "form": _coded("legal_form"),
    "nature": _coded("nature"),
    "status": _coded("status"),
    "programme": _referring("programmes"),
    "policy": _referring("policies"),
    "funder": _acting("funds"),
    "receiver": _acting("receives-funding", "is-supported"),
    "source": _listed("sources", "graphs", lambda iri: iri.rpartition(_GRAPHS)[2]),
    "review": _coded("review"),
    "confidence": _coded("confidence"),
}
"""By name in the address; titles stand in ``app/messages/statistics.toml``."""
