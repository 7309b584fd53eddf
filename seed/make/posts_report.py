"""Tells, in Markdown, what is dirty in the posts file and what was done about it; it changes nothing."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from seed.make.payees import NAMES_CUT_AT, PRIVATE, Payee, Row, is_siret, repeated, tidy

HEAD = """# The posts file: what it holds, what is dirty in it, what was done

Made by `python -m seed.make` from `seed/sources/essonne-postes-politique-de-la-ville.csv` and
`essonne-contrats-de-ville.geojson`; not to be edited by hand. Lines are counted from 1, the header being line 1.
Nothing is corrected by guess: what is not certain stays as it is published and is told here.
"""


def table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    heads = list(columns)
    return "\n".join(["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads), *lines]) + "\n"


def prose(text: str) -> str:
    """A paragraph."""
    return textwrap.fill(text, 120) + "\n\n"


def euros(amount: Decimal) -> str:
    """An exact amount."""
    return f"{amount:,.2f}"


def total(rows: Iterable[Row]) -> Decimal:
    """The exact sum of the amounts."""
    return sum((row.amount for row in rows), Decimal(0))


def lines(rows: Iterable[Row]) -> str:
    """Line numbers, consecutive ones as a range."""
    numbers = sorted(row.line for row in rows)
    starts = [n for n in numbers if n - 1 not in numbers]
    ends = [n for n in numbers if n + 1 not in numbers]
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in zip(starts, ends, strict=True))


def report(
    rows: list[Row],
    found: list[Payee],
    kinds: dict[str, str],
    alike: list[tuple[Payee, Payee, str]],
    contracts: list[dict[str, Any]],
    current: set[str],
    partnerships: int,
) -> str:
    """The whole report."""
    sections = [
        HEAD,
        totals(rows, found, partnerships),
        repeats(rows),
        without_identifier(found),
        spellings(found),
        establishments(found),
        candidates(alike),
        names(rows, found),
        unusual(rows),
        stale_contracts(contracts, current),
        classes(found, kinds),
        checked(rows),
    ]
    return "\n".join(sections)


def totals(rows: list[Row], found: list[Payee], partnerships: int) -> str:
    """Every row and every cent is accounted for."""
    again = [row for group in repeated(rows) for row in group[1:]]
    body = []
    for scheme, year in sorted({(row.scheme, row.year) for row in rows}):
        part = [row for row in rows if (row.scheme, row.year) == (scheme, year)]
        less = [row for row in again if (row.scheme, row.year) == (scheme, year)]
        body.append((scheme, year, len(part), euros(total(part)), len(less), euros(total(part) - total(less))))
    body.append(("all", "", len(rows), euros(total(rows)), len(again), euros(total(rows) - total(again))))
    texts, spelt = {row.payee for row in rows}, {row.name for row in rows}
    return (
        "## Totals\n\n"
        + prose(
            f"{len(rows)} rows became {partnerships} yearly fundings of {len(found)} organisations (the file has "
            f"{len(spelt)} different names and {len(texts)} different payee codes). The graph holds the amounts of the "
            "column “as published”."
        )
        + table(["scheme", "year", "rows", "euros, as published", "repeated rows", "euros, without the repeats"], body)
    )


def repeats(rows: list[Row]) -> str:
    """Rows that stand twice."""
    groups = repeated(rows)
    body = [
        (lines(group), group[0].year, group[0].post, tidy(group[0].name), group[0].amount, group[0].contract) for group in groups
    ]
    places = ", ".join(sorted({group[0].contract for group in groups}))
    years = ", ".join(sorted({group[0].year for group in groups}))
    return (
        "## Rows repeated word for word\n\n"
        + prose(
            f"{len(groups)} rows stand twice, equal in all nine fields. All are FONJEP posts under {places}, in "
            f"{years}; where the same posts come again in 2023, they stand once. That speaks for an error in the making "
            "of the file. But a post may also have been paid in two halves (D00483: twice 3,582 euros, half of the "
            "usual 7,164), and the file cannot tell. So both rows are counted, as published; each funding concerned is "
            "marked *uncertain* and *to review*, with a note that gives the amount in doubt. The table above gives "
            "both sums."
        )
        + table(["lines", "year", "post", "name", "amount of each", "contract"], body)
    )


def without_identifier(found: list[Payee]) -> str:
    """Names in the place of identifiers."""
    bare = [payee for payee in found if not payee.siren]
    body = [(lines(payee.rows), payee.rows[0].payee, f"actor/{payee.slug}") for payee in bare]
    count = sum(len(payee.rows) for payee in bare)
    return (
        "## A name in place of the identifier\n\n"
        + prose(
            f"In {count} rows, all of the FONJEP scheme, `code_tiers` repeats the name instead of giving a SIRET. A name is no "
            f"identifier and is not kept as one; the {len(bare)} organisations are known by their name only, marked *probable*, "
            "and never merged with another one."
        )
        + table(["lines", "code_tiers", "became"], body)
    )


def spellings(found: list[Payee]) -> str:
    """Several names of one SIREN."""
    several = [payee for payee in found if len(payee.spellings) > 1]
    body = []
    for payee in several:
        for name in payee.spellings:
            its = [row for row in payee.rows if tidy(row.name) == name]
            done = "name" if name == payee.name else "other name"
            body.append((payee.siren, name, lines(its), done))
    return (
        "## Several spellings under one SIREN\n\n"
        + prose("Certainly one organisation. The spelling of the latest year is its name, the others are kept as other names.")
        + table(["SIREN", "raison_sociale", "lines", "kept as"], body)
    )


def establishments(found: list[Payee]) -> str:
    """Several SIRETs of one SIREN."""
    several = [(payee, siret) for payee in found if len(payee.sirets) > 1 for siret in payee.sirets]
    body = [(payee.siren, siret, lines(row for row in payee.rows if row.payee == siret)) for payee, siret in several]
    return (
        "## Several SIRETs under one SIREN\n\n"
        + prose("Establishments of one organisation, often a former and a present address. All are kept.")
        + table(["SIREN", "code_tiers", "lines"], body)
    )


def candidates(alike: list[tuple[Payee, Payee, str]]) -> str:
    """Pairs for a person to judge."""
    body = [
        (one.name, one.siren or "none", lines(one.rows), other.name, other.siren or "none", lines(other.rows), why)
        for one, other, why in alike
    ]
    return (
        "## Perhaps the same: for a person to judge\n\n"
        + prose("Names that look alike, with no identifier to prove it. Nothing was merged.")
        + table(["name", "SIREN", "lines", "other name", "SIREN", "lines", "why"], body)
    )


def names(rows: list[Row], found: list[Payee]) -> str:
    """Names that are cut or oddly spaced."""
    body = []
    for payee in found:
        for name in dict.fromkeys(row.name for row in payee.rows):
            its = [row for row in payee.rows if row.name == name]
            if payee.siren and len(name) >= NAMES_CUT_AT:
                body.append((lines(its), name, f"cut after {NAMES_CUT_AT} characters", "left as it is"))
            if name != tidy(name):
                body.append((lines(its), name.replace("  ", " ␣"), "two spaces in a row", "one space"))
    lower = sorted({row.name for row in rows if row.name != row.name.upper()})
    return (
        "## Names\n\n"
        f"Names are in capitals, mostly without accents, except {', '.join(lower)}; words may be misspelt, shortened or\n"
        "missing. They are left as published.\n\n" + table(["lines", "raison_sociale", "found", "done"], body)
    )


def unusual(rows: list[Row]) -> str:
    """Amounts that differ from the scheme's usual one, and posts numbered elsewhere."""
    usual = {
        key: Counter(row.amount for row in rows if (row.scheme, row.year) == key).most_common(1)[0][0]
        for key in {(r.scheme, r.year) for r in rows}
    }
    odd = [row for row in rows if row.amount != usual[row.scheme, row.year]]
    body: list[tuple[object, ...]] = [
        (row.line, "montant", row.amount, f"usual: {usual[row.scheme, row.year]}", "kept") for row in odd
    ]
    away = [row for row in rows if re.match(r"0\d\d\d\d", row.post) and row.post[1:3] != row.department]
    body += [
        (lines(r for r in away if r.post == post), "id_poste", post, "numbered in another department", "kept")
        for post in sorted({r.post for r in away})
    ]
    return "## Unusual values\n\n" + table(["lines", "field", "value", "found", "done"], body)


def stale_contracts(contracts: list[dict[str, Any]], current: set[str]) -> str:
    """City contracts whose intercommunality is no more."""
    body = []
    for feature in contracts:
        its = feature["properties"]
        done = (
            f"covers epci-{its['codgeo']}" if its["codgeo"] in current else "no current territory; old code kept as a reference"
        )
        body.append((its["code_cv"], its["lib_cv"], its["codgeo"], done))
    return (
        "## City contracts\n\n"
        + prose(
            "`codgeo` is the intercommunality of before the mergers of 2016. Only a code that is still in use in 2026 "
            "gives a territory; no successor is guessed. The point of the contract and the population of its priority "
            "neighbourhoods are not taken over."
        )
        + table(["code_cv", "lib_cv", "codgeo", "done"], body)
    )


def classes(found: list[Payee], kinds: dict[str, str]) -> str:
    """What kind of organisation each was taken for."""
    counts = Counter(kinds.values())
    other = [
        (payee.name, payee.siren, kinds[payee.slug])
        for payee in found
        if kinds[payee.slug] not in ("Association", "Organization")
    ]
    return (
        "## Kinds of organisation\n\n"
        + prose(
            "Local authority: the SIREN is that of a current commune or intercommunality. Public body: the SIREN "
            "begins with 26 and the name says CCAS. Educational institution: the SIREN begins with 19 and the name "
            "says LEG, lycée or collège. Association: the name says so. All others are plain organisations."
        )
        + table(["kind", "organisations"], sorted(counts.items()))
        + "\n"
        + table(["name", "SIREN", "kind"], other)
    )


def checked(rows: list[Row]) -> str:
    """What was looked for; the counts are computed, so a new edition of the file shows what is new."""
    holders: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        holders.setdefault((row.year, row.post), set()).add(row.payee)
    body = [
        ("missing, zero or negative amount", sum(row.amount <= 0 for row in rows)),
        (
            "fourteen digits with a wrong key in `code_tiers`",
            sum(bool(re.fullmatch(r"\d{14}", row.payee)) and not is_siret(row.payee) for row in rows),
        ),
        ("one post paid to two payees in a year", sum(len(payees) > 1 for payees in holders.values())),
        ("row of another department than Essonne", sum(row.department != "91" for row in rows)),
        (
            "payee that looks like a person, an e-mail address or a telephone number",
            sum(bool(PRIVATE.search(row.name)) for row in rows),
        ),
    ]
    return "## Looked for\n\n" + table(["what", "rows"], body)
