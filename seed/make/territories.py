"""Makes ``seed/territories.ttl.gz``: communes, intercommunalities, departments and the region of Île-de-France in 2026."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seed.make.outlines import Polygon, centre, from_geojson, join, wkt, wkt_point
from seed.make.turtle import PREFIXES, Statement, described, document, iri, text, typed

SOURCES = Path(__file__).resolve().parent.parent / "sources"
TARGET = "territories.ttl.gz"
COMMENT = """The communes, intercommunalities, departments and the region of Île-de-France in 2026.
Made by `python -m seed.make` from seed/sources; see seed/README.md. Not to be edited by hand."""

REGION = ("11", "Île-de-France")
DEPARTMENTS = {
    "75": "Paris",
    "77": "Seine-et-Marne",
    "78": "Yvelines",
    "91": "Essonne",
    "92": "Hauts-de-Seine",
    "93": "Seine-Saint-Denis",
    "94": "Val-de-Marne",
    "95": "Val-d'Oise",
}
VINTAGE, POPULATION_YEAR = "2026", "2023"  # the reference populations in force in 2026 are those of 2023
CUT_BY_THE_BORDER = (
    "Une partie de ses communes est hors d’Île-de-France\u00a0: "
    "ni contour, ni population, ni territoire qui la contient ne sont donnés."
)


@dataclass(frozen=True)
class Commune:
    """A commune as the source describes it."""

    code: str
    name: str
    siren: str
    department: str
    population: int
    postcodes: tuple[str, ...]
    intercommunalities: tuple[str, ...]
    outline: tuple[Polygon, ...]


@dataclass(frozen=True)
class Intercommunality:
    """An intercommunality; ``kind`` is CA, CC, CU, METRO or EPT, ``outside`` are the codes of its communes in other regions."""

    code: str
    name: str
    kind: str
    outside: tuple[str, ...]


def read_communes() -> list[Commune]:
    """All communes, by code."""
    with gzip.open(SOURCES / "ile-de-france-communes.geojson.gz", "rt", encoding="utf-8") as file:
        features = json.load(file)["features"]
    return sorted((commune(feature) for feature in features), key=lambda one: one.code)


def commune(feature: dict[str, Any]) -> Commune:
    """One feature of the source."""
    its = feature["properties"]
    return Commune(
        its["code"],
        its["nom"],
        its["siren"],
        its["departement"],
        its["population"],
        tuple(sorted(its["codesPostaux"])),
        tuple(sorted(one["code"] for one in its["epci"])),
        tuple(from_geojson(feature["geometry"])),
    )


def read_intercommunalities() -> list[Intercommunality]:
    """All intercommunalities that have a commune in the region, by code."""
    with (SOURCES / "intercommunalites-2026.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [Intercommunality(row["code"], row["nom"], row["type"], tuple(row["communes_hors_region"].split())) for row in rows]


def territory(level: str, code: str) -> str:
    """The IRI of a territory."""
    return f"{PREFIXES['territory']}{level}-{code}"


def one(level: str, kind: str, code: str, name: str, statements: Iterable[Statement], outline: list[Polygon]) -> Iterator[str]:
    """A territory and, if its outline is known, the outline and the centre."""
    subject = territory(level, code)
    shapes = [("geo:hasGeometry", iri(f"{subject}#outline")), ("geo:hasCentroid", iri(f"{subject}#centre"))] if outline else []
    common: list[Statement] = [
        ("maillage:vintage", typed(VINTAGE, "xsd:gYear")),
        *shapes,
        ("dcterms:source", "<id/source/territories>"),
    ]
    named: list[Statement] = [("maillage:name", text(name, "fr")), ("maillage:inseeCode", text(code))]
    yield described(f"territory:{level}-{code}", f"maillage:{kind}", [*named, *statements, *common])
    if outline:
        for part, drawn in (("outline", wkt(outline)), ("centre", wkt_point(centre(outline)))):
            yield described(iri(f"{subject}#{part}"), "geo:Geometry", [("geo:asWKT", typed(drawn, "geo:wktLiteral"))])


def within(*codes: tuple[str, str]) -> Statement:
    """The territories that contain it directly, each by level and code."""
    return "maillage:within", [f"territory:{level}-{code}" for level, code in codes]


def inhabitants(number: int) -> list[Statement]:
    """The population and its year."""
    return [("maillage:population", str(number)), ("maillage:populationYear", typed(POPULATION_YEAR, "xsd:gYear"))]


def commune_turtle(it: Commune) -> Iterator[str]:
    """A commune lies in its department and its intercommunality; around Paris in two, the metropolis and a part of it."""
    parents = within(("departement", it.department), *(("epci", code) for code in it.intercommunalities))
    postcodes: Statement = ("maillage:postalCode", [text(code) for code in it.postcodes])
    statements = [("maillage:siren", text(it.siren)), postcodes, *inhabitants(it.population), parents]
    return one("commune", "Commune", it.code, it.name, statements, join(it.outline))


def intercommunality_turtle(it: Intercommunality, members: list[Commune], containers: list[str]) -> Iterator[str]:
    """An intercommunality lies in a department only if all its communes do, else in the region if all do, else nowhere."""
    departments = {commune.department for commune in members}
    inside = len(departments) == 1
    area = ("departement", departments.pop()) if inside else ("region", REGION[0])
    parents = within(*([] if it.outside else [area]), *(("epci", code) for code in containers))
    note: Statement = ("maillage:note", text(CUT_BY_THE_BORDER, "fr") if it.outside else "")
    population = [] if it.outside else inhabitants(sum(commune.population for commune in members))
    statements = [("maillage:siren", text(it.code)), *population, parents, note]
    outline = [] if it.outside else join(part for commune in members for part in commune.outline)
    return one("epci", "Intercommunality", it.code, it.name, statements, outline)


def region_turtle(communes: list[Commune]) -> Iterator[str]:
    """The departments and the region, whose outlines and populations come from their communes."""
    for code, name in DEPARTMENTS.items():
        members = [commune for commune in communes if commune.department == code]
        statements = [*inhabitants(sum(it.population for it in members)), within(("region", REGION[0]))]
        yield from one("departement", "Department", code, name, statements, join(part for it in members for part in it.outline))
    total = inhabitants(sum(it.population for it in communes))
    yield from one("region", "Region", *REGION, total, join(part for it in communes for part in it.outline))


def source_turtle() -> str:
    """Where it all comes from."""
    return described(
        "<id/source/territories>",
        "maillage:Source",
        [
            (
                "maillage:name",
                [text("Territoires d’Île-de-France, 2026", "fr"), text("Territories of Île-de-France, 2026", "en")],
            ),
            (
                "maillage:description",
                [
                    text("Communes, intercommunalités, départements et région, avec leurs codes, populations et contours.", "fr"),
                    text(
                        "Communes, intercommunalities, departments and region, with their codes, populations and outlines.", "en"
                    ),
                ],
            ),
            ("maillage:publisherName", text("IGN, INSEE")),
            ("maillage:licence", "<https://www.etalab.gouv.fr/licence-ouverte-open-licence>"),
            ("maillage:licenceName", text("Licence Ouverte / Open Licence (Etalab)")),
            (
                "maillage:attribution",
                [
                    text("Contours : IGN, Admin Express COG 2018, via gregoiredavid/france-geojson"),
                    text(
                        "Codes et populations : INSEE, Code officiel géographique 2026, via @etalab/decoupage-administratif 6.0.0"
                    ),
                ],
            ),
            (
                "maillage:accessUrl",
                [
                    "<https://github.com/gregoiredavid/france-geojson>",
                    "<https://www.npmjs.com/package/@etalab/decoupage-administratif>",
                ],
            ),
            ("maillage:retrieved", typed("2026-11-24", "xsd:date")),
        ],
    )


def build() -> dict[str, str]:
    """The file's name and content."""
    communes = read_communes()
    members: dict[str, list[Commune]] = {}
    for it in communes:
        for code in it.intercommunalities:
            members.setdefault(code, []).append(it)
    sets = {code: {it.code for it in group} for code, group in members.items()}
    subjects = [source_turtle(), *region_turtle(communes)]
    for group in read_intercommunalities():
        containers = [] if group.outside else sorted(code for code in sets if sets[group.code] < sets[code])
        subjects += intercommunality_turtle(group, members[group.code], containers)
    subjects += (written for it in communes for written in commune_turtle(it))
    return {TARGET: document(COMMENT, subjects)}
