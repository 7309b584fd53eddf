"""What a list is narrowed to, as its address says it: facets, words, years, a place and a distance; not how it is found.

Values are written as short as they are unequivocal: ``theme=velo``, ``territory=commune-91377``, ``class=Association``,
``status=project-status/ongoing``, ``source=lettre``; a whole IRI is understood as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from app.terms import CODE, MAILLAGE, TERRITORY, THEME

FACETS = ("class", "legal_form", "nature", "theme", "territory", "status", "role", "review", "source")
"""In the order in which they are offered."""
SORTS = ("name", "links", "newest")
VIEWS = ("table", "cards", "map")
_SPACES = {
    "class": str(MAILLAGE),
    "theme": str(THEME),
    "territory": str(TERRITORY),
    **dict.fromkeys(("legal_form", "nature", "status", "role", "review"), str(CODE)),
}
MOST_VALUES = 40
_MOST_KM = 500


class Given(Protocol):
    """A query string."""

    def get(self, name: str) -> str | None: ...
    def getlist(self, name: str) -> Sequence[str]: ...


@dataclass(frozen=True)
class Near:
    """Within so many kilometres of a place: a commune or a postcode, as it was typed, or the word or IRI of a territory."""

    place: str
    km: float = 10

    @classmethod
    def read(cls, given: Given) -> Near | None:
        """From a query string; None where it names no place. Raises ``ValueError("km")`` for no distance."""
        place = (given.get("near") or "").strip()[:200]
        return cls(place, _kilometres(given.get("km"))) if place else None


@dataclass(frozen=True)
class Selection:
    """All that narrows a list of one kind; values are IRIs by facet. Values of one facet widen each other, facets narrow."""

    kind: str
    base: str
    values: Mapping[str, tuple[str, ...]]
    text: str = ""
    partner: str | None = None
    first_year: int | None = None
    last_year: int | None = None
    near: Near | None = None

    @classmethod
    def read(cls, kind: str, base: str, given: Given) -> Selection:
        """From a query string. Raises ``ValueError`` with the name of the parameter that cannot be read."""
        chosen = {facet: tuple(_iris(facet, given.getlist(facet), base)) for facet in FACETS}
        partner = (given.get("partner") or "").strip()
        return cls(
            kind,
            base,
            {facet: values for facet, values in chosen.items() if values},
            (given.get("q") or "").strip()[:200],
            _entity(partner, base) if partner else None,
            _year("from", given.get("from")),
            _year("to", given.get("to")),
            Near.read(given),
        )

    def without(self, facet: str) -> Selection:
        """The same, whatever the values of one facet."""
        return replace(self, values={name: values for name, values in self.values.items() if name != facet})

    @property
    def is_narrowed(self) -> bool:
        return bool(self.values or self.text or self.partner or self.near or self.first_year or self.last_year)

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for equal selections."""
        return (
            self.kind,
            tuple(sorted(self.values.items())),
            self.text,
            self.partner,
            self.first_year,
            self.last_year,
            self.near,
        )


def word(facet: str, iri: str, base: str) -> str:
    """A value as an address writes it."""
    return iri.removeprefix(f"{base}graphs/" if facet == "source" else _SPACES[facet])


def iri_of(facet: str, text: str, base: str) -> str:
    """What a value of an address stands for."""
    space = f"{base}graphs/" if facet == "source" else _SPACES[facet]
    return text if ":" in text else space + text


def _iris(facet: str, words: Sequence[str], base: str) -> Iterator[str]:
    for one in dict.fromkeys(text.strip() for text in words[:MOST_VALUES]):
        if one:
            yield iri_of(facet, one, base)


def _entity(text: str, base: str) -> str:
    """``actor/grainerie`` as the IRI that it stands for below the base."""
    return text if ":" in text else f"{base}id/{text.removeprefix('/')}"


def _year(name: str, text: str | None) -> int | None:
    if not text or not text.strip():
        return None
    year = text.strip()
    if not (year.isascii() and year.isdigit() and len(year) == 4 and int(year) > 0):
        raise ValueError(name)
    return int(year)


def _kilometres(text: str | None) -> float:
    if not text or not text.strip():
        return 10
    try:
        number = float(text.replace(",", ".").strip())
    except ValueError:
        raise ValueError("km") from None
    if not 0 < number <= _MOST_KM:
        raise ValueError("km")
    return number
