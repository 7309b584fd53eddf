"""Who was paid: the rows of the posts file, and which of them certainly name the same organisation. It writes nothing.

Two rows name the same organisation if their valid SIRETs begin with the same SIREN, or if they have no valid identifier and the
very same text in the identifier's column. Names that merely look alike are never merged; ``likenesses`` lists them for a person
to judge.
"""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

NAMES_CUT_AT = 50  # the longest name beside a SIRET; longer ones end in the middle of a word
PRIVATE = re.compile(r"@|\b(?:M|MR|MME|MLLE|MONSIEUR|MADAME|MADEMOISELLE)\.?\s|(?:\d\D?){10}", re.IGNORECASE)
ASSOCIATION = {"ASSOCIATION", "ASSOC", "ASSO", "ASS"}


@dataclass(frozen=True)
class Row:
    """One line of the file, counted from 1 with the header."""

    line: int
    scheme: str
    year: str
    post: str
    payee: str
    name: str
    amount: Decimal
    contract: str
    department: str

    @property
    def facts(self) -> tuple[object, ...]:
        """All but the line: equal for a row that stands twice."""
        return (self.scheme, self.year, self.post, self.payee, self.name, self.amount, self.contract, self.department)


def read_rows(path: Path) -> list[Row]:
    """The rows in file order."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                number,
                row["dispositif"],
                row["annee"],
                row["id_poste"],
                row["code_tiers"],
                row["raison_sociale"],
                Decimal(row["montant"]),
                row["code_cv"],
                row["insee_dep"],
            )
            for number, row in enumerate(csv.DictReader(file), start=2)
        ]


def has_key(number: str) -> bool:
    """Whether the last digit is the check digit that INSEE gives (ISO/IEC 7812-1, "Luhn")."""
    doubled = [int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(number))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def is_siret(value: str) -> bool:
    """Fourteen digits whose keys are right, both of the SIRET and of its SIREN."""
    return bool(re.fullmatch(r"[0-9]{14}", value)) and has_key(value) and has_key(value[:9])


def tidy(name: str) -> str:
    """The same name without doubled spaces."""
    return " ".join(name.split())


def words(name: str) -> list[str]:
    """Its words in plain capitals."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    joined = re.sub(r"\b([A-Z])\.(?=[A-Z]\b)", r"\1", plain)  # M.J.C is one word
    return re.findall(r"[A-Z0-9]+", joined)


def slug(name: str) -> str:
    """Its words in small letters, joined by hyphens, up to some 40 characters."""
    result = ""
    for word in words(name):
        if result and len(result) + len(word) >= 40:
            break
        result += f"-{word}" if result else word
    return result.lower()


@dataclass(frozen=True)
class Payee:
    """An organisation and its rows, in file order; ``siren`` is empty if the file gives no valid identifier."""

    siren: str
    rows: tuple[Row, ...]

    @cached_property
    def spellings(self) -> list[str]:
        """Its names, the one of the latest year first."""
        latest = {row.name: (row.year, -row.line) for row in reversed(self.rows)}
        return list(dict.fromkeys(tidy(name) for name in sorted(latest, key=latest.__getitem__, reverse=True)))

    @property
    def name(self) -> str:
        """The name of the latest year."""
        return self.spellings[0]

    @property
    def sirets(self) -> list[str]:
        """Its establishments."""
        return sorted({row.payee for row in self.rows}) if self.siren else []

    @cached_property
    def slug(self) -> str:
        """From the first name in the file, so that a later year does not change it, and from its identifier."""
        identifier = self.siren or hashlib.sha256(self.rows[0].payee.encode()).hexdigest()[:6]
        return f"{slug(self.rows[0].name)}-{identifier}"

    @property
    def is_association(self) -> bool:
        """Whether one of its names says so."""
        return any(ASSOCIATION.intersection(words(name)) for name in self.spellings)


def payees(rows: list[Row]) -> list[Payee]:
    """The organisations, in the order of their first rows."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.payee[:9] if is_siret(row.payee) else row.payee, []).append(row)
    return [Payee(key if is_siret(group[0].payee) else "", tuple(group)) for key, group in groups.items()]


def repeated(rows: list[Row] | tuple[Row, ...]) -> list[list[Row]]:
    """Groups of rows that are equal in every field."""
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(row.facts, []).append(row)
    return [group for group in groups.values() if len(group) > 1]
