"""Yearly funding: the schemes of the posts file, and its rows put together by organisation, scheme, year and city contract."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from seed.make.payees import Payee, Row, repeated


@dataclass(frozen=True)
class Scheme:
    """A scheme of the file: its slug, its name in a title, and one or several of its posts in both languages."""

    slug: str
    name: str
    description: str
    short: str
    post: tuple[str, str]
    posts: tuple[str, str]

    def counted(self, number: int) -> tuple[str, str]:
        """So many posts, in French and in English."""
        french, english = self.post if number == 1 else self.posts
        return f"{number} {french}", f"{number} {english}"


SCHEMES = {
    "adulte-relais": Scheme(
        "adulte-relais",
        "Adultes-relais",
        "Postes d’adulte-relais financés par l’État dans le cadre de la politique de la ville.",
        "Adultes-relais",
        ("poste d’adulte-relais", "adulte-relais post"),
        ("postes d’adulte-relais", "adulte-relais posts"),
    ),
    "postes-fonjep": Scheme(
        "fonjep-politique-de-la-ville",
        "Postes FONJEP de la politique de la ville",
        "Postes FONJEP financés par l’État dans le cadre de la politique de la ville.",
        "FONJEP",
        ("poste FONJEP", "FONJEP post"),
        ("postes FONJEP", "FONJEP posts"),
    ),
}


@dataclass(frozen=True)
class Funding:
    """What one organisation got by one scheme in one year under one city contract."""

    payee: Payee
    scheme: Scheme
    year: str
    contract: str
    rows: tuple[Row, ...]

    @property
    def slug(self) -> str:
        """For its IRI."""
        return f"{self.scheme.slug}-{self.year}-{self.contract.lower()}-{self.payee.slug}"

    @property
    def amount(self) -> Decimal:
        """The exact sum of its rows, in euros."""
        return sum((row.amount for row in self.rows), Decimal(0))

    @cached_property
    def repeats(self) -> list[Row]:
        """Rows that only repeat another one."""
        return [row for group in repeated(self.rows) for row in group[1:]]


def fundings(found: list[Payee]) -> list[Funding]:
    """The funding of each organisation, by scheme, year and city contract."""
    result = []
    for payee in found:
        groups: dict[tuple[str, str, str], list[Row]] = {}
        for row in payee.rows:
            groups.setdefault((row.scheme, row.year, row.contract), []).append(row)
        result += [Funding(payee, SCHEMES[key[0]], key[1], key[2], tuple(groups[key])) for key in sorted(groups)]
    return result
