"""Makes ``seed/posts-politique-de-la-ville.ttl`` and its report from the file of State-funded posts in Essonne, 2020 to 2023."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from seed.make.funding import SCHEMES, Funding, fundings
from seed.make.likenesses import likenesses
from seed.make.payees import Payee, payees, read_rows, words
from seed.make.posts_report import report
from seed.make.territories import SOURCES, read_communes, read_intercommunalities
from seed.make.turtle import Statement, code, described, document, iri, text, typed

TARGET = "posts-politique-de-la-ville.ttl"
REPORT = "reports/posts.md"
POSTS, CONTRACTS = SOURCES / "essonne-postes-politique-de-la-ville.csv", SOURCES / "essonne-contrats-de-ville.geojson"
COMMENT = """State-funded posts of organisations in Essonne, 2020-2023: organisations, yearly funding, city contracts.
Made by `python -m seed.make` from seed/sources; see seed/README.md and seed/reports/posts.md. Not to be edited by hand."""
SOURCE: Statement = ("dcterms:source", "<id/source/posts-politique-de-la-ville>")
THEME: Statement = ("maillage:mainTheme", "theme:politique-de-la-ville")
LEGAL_FORMS = {"CA": "7348", "CC": "7346", "CU": "7343", "METRO": "7344"}
NO_IDENTIFIER = (
    "Le fichier ne donne pas d’identifiant, seulement ce nom : cette organisation est peut-être décrite aussi sous un autre nom."
)


def territories_by_siren() -> dict[str, tuple[str, str]]:
    """Which territory an authority governs, with its legal form: communes and intercommunalities bear its SIREN."""
    governed = {it.siren: (f"territory:commune-{it.code}", "7210") for it in read_communes()}
    return governed | {it.code: (f"territory:epci-{it.code}", LEGAL_FORMS.get(it.kind, "")) for it in read_intercommunalities()}


def kind(payee: Payee, governed: dict[str, tuple[str, str]]) -> tuple[str, list[Statement]]:
    """Its class and what comes with it: only what its identifier or its name states."""
    if payee.siren in governed:
        area, form = governed[payee.siren]
        known = code("legal-form", form) if form else ""
        return "LocalAuthority", [("maillage:legalForm", known), ("maillage:governs", area)]
    first, whole = words(payee.name)[0], " ".join(words(payee.name))
    if payee.siren.startswith("26") and (first == "CCAS" or whole.startswith("CENTRE COMMUNAL D ACTION SOCIAL")):
        return "PublicBody", [("maillage:legalForm", code("legal-form", "7361"))]
    if payee.siren.startswith("19") and first in {"LEG", "LYCEE", "COLLEGE"}:
        return "EducationalInstitution", []
    return ("Association" if payee.is_association else "Organization"), []


def payee_turtle(payee: Payee, governed: dict[str, tuple[str, str]]) -> str:
    """An organisation."""
    its_kind, extra = kind(payee, governed)
    return described(
        iri(f"id/actor/{payee.slug}"),
        f"maillage:{its_kind}",
        [
            ("maillage:name", text(payee.name, "fr")),
            ("maillage:alternativeName", [text(name, "fr") for name in payee.spellings[1:]]),
            ("maillage:siren", text(payee.siren) if payee.siren else ""),
            ("maillage:siret", [text(siret) for siret in payee.sirets]),
            *extra,
            ("maillage:territory", [f"territory:departement-{area}" for area in sorted({row.department for row in payee.rows})]),
            ("maillage:note", "" if payee.siren else text(NO_IDENTIFIER, "fr")),
            *reviewed("certain" if payee.siren else "probable"),
        ],
    )


def reviewed(confidence: str) -> list[Statement]:
    """Made by a script, so no person has reviewed it."""
    return [
        ("maillage:reviewStatus", code("review-status", "to-review")),
        ("maillage:confidence", code("confidence", confidence)),
        SOURCE,
    ]


def funding_turtle(it: Funding) -> Iterator[str]:
    """A partnership and its two participations: the State agency funds, the organisation receives."""
    french, english = it.scheme.counted(len(it.rows))
    paid, received = iri(f"id/participation/{it.slug}-anct"), iri(f"id/participation/{it.slug}-beneficiaire")
    title = f"{it.scheme.short} {it.year}\u00a0: {it.payee.name} ({it.contract})"
    yield described(
        iri(f"id/partnership/{it.slug}"),
        "maillage:Partnership",
        [
            ("maillage:name", text(title, "fr")),
            ("maillage:partnershipKind", code("partnership-kind", "funding")),
            ("maillage:object", [text(f"{french} en {it.year}.", "fr"), text(f"{english} in {it.year}.", "en")]),
            ("maillage:participation", [paid, received]),
            ("maillage:fundingProgramme", iri(f"id/programme/{it.scheme.slug}")),
            ("maillage:amount", f"{it.amount:.2f}"),
            ("maillage:numberOfPosts", str(len(it.rows))),
            ("maillage:reference", [text(post) for post in sorted({row.post for row in it.rows})]),
            ("maillage:servesPolicy", iri(f"id/policy/{it.contract.lower()}")),
            ("maillage:startDate", typed(it.year, "xsd:gYear")),
            ("maillage:endDate", typed(it.year, "xsd:gYear")),
            THEME,
            ("maillage:territory", [f"territory:departement-{area}" for area in sorted({row.department for row in it.rows})]),
            ("maillage:note", text(doubt(it), "fr") if it.repeats else ""),
            *reviewed("uncertain" if it.repeats else "certain"),
        ],
    )
    for subject, party, role in (
        (paid, "<id/actor/anct>", "funds"),
        (received, iri(f"id/actor/{it.payee.slug}"), "receives-funding"),
    ):
        statements = [("maillage:participant", party), ("maillage:role", code("role", role))]
        yield described(subject, "maillage:Participation", statements)


def doubt(it: Funding) -> str:
    """What is not sure about a funding some of whose rows are repeated."""
    number, amount = len(it.repeats), sum((row.amount for row in it.repeats), Decimal(0))
    lines = "une ligne répétée" if number == 1 else f"{number} lignes répétées"
    euros = f"{amount:.2f}".replace(".", ",")
    return (
        f"Le fichier contient {lines} à l’identique (même poste, même année, même montant)\u00a0: "
        f"si c’est une erreur, le montant est trop élevé de {euros}\u00a0€."
    )


def contract_turtle(feature: dict[str, Any], current: set[str]) -> str:
    """A city contract; its territory only where the code of its intercommunality is still in use."""
    its = feature["properties"]
    number, old = its["code_cv"], its["codgeo"]
    label = its["lib_cv"].removeprefix(f"{its['insee_dep']} - ")
    stale = (
        f"Le fichier relie ce contrat à l’intercommunalité {old}, d’avant les fusions de 2016, "
        "absente de la géographie de 2026\u00a0: aucun territoire actuel ne lui est attribué."
    )
    return described(
        iri(f"id/policy/{number.lower()}"),
        "maillage:CityContract",
        [
            ("maillage:name", text(f"Contrat de ville {number}\u00a0: {label}", "fr")),
            ("maillage:alternativeName", text(its["lib_cv"], "fr")),
            ("maillage:policyKind", code("policy-kind", "city-contract")),
            ("maillage:reference", [text(number), text(old)]),
            ("maillage:coversTerritory", f"territory:epci-{old}" if old in current else ""),
            THEME,
            ("maillage:note", "" if old in current else text(stale, "fr")),
            *reviewed("certain"),
        ],
    )


def agency_turtle() -> Iterator[str]:
    """The funder and its two schemes."""
    yield described(
        "<id/actor/anct>",
        "maillage:StateAgency",
        [
            ("maillage:name", text("Agence nationale de la cohésion des territoires", "fr")),
            ("maillage:acronym", text("ANCT")),
            THEME,
            *reviewed("certain"),
        ],
    )
    for scheme in SCHEMES.values():
        yield described(
            iri(f"id/programme/{scheme.slug}"),
            "maillage:Programme",
            [
                ("maillage:name", text(scheme.name, "fr")),
                ("maillage:description", text(scheme.description, "fr")),
                ("maillage:leader", "<id/actor/anct>"),
                THEME,
                *reviewed("certain"),
            ],
        )


def source_turtle() -> str:
    """Where it all comes from."""
    return described(
        "<id/source/posts-politique-de-la-ville>",
        "maillage:Source",
        [
            (
                "maillage:name",
                [
                    text("Postes de la politique de la ville en Essonne, 2020-2023", "fr"),
                    text("Posts of the urban policy in Essonne, 2020-2023", "en"),
                ],
            ),
            (
                "maillage:description",
                [
                    text(
                        "Postes FONJEP et adultes-relais financés par l’État, et les contrats de ville dont ils relèvent.", "fr"
                    ),
                    text(
                        "FONJEP and adulte-relais posts funded by the State, and the city contracts that they come under.", "en"
                    ),
                ],
            ),
            ("maillage:publisher", "<id/actor/anct>"),
            ("maillage:publisherName", text("Agence nationale de la cohésion des territoires (ANCT)")),
            ("maillage:licence", "<https://www.etalab.gouv.fr/licence-ouverte-open-licence>"),
            ("maillage:licenceName", text("Licence Ouverte 2.0")),
            ("maillage:attribution", text("ANCT, via anct-carto/ci-ville")),
            ("maillage:accessUrl", "<https://github.com/anct-carto/ci-ville>"),
            ("maillage:retrieved", typed("2026-11-24", "xsd:date")),
        ],
    )


def build() -> dict[str, str]:
    """The names and contents of the Turtle file and of the report."""
    rows = read_rows(POSTS)
    found = payees(rows)
    funded = fundings(found)
    governed = territories_by_siren()
    contracts = sorted(
        json.loads(CONTRACTS.read_text(encoding="utf-8"))["features"], key=lambda one: one["properties"]["code_cv"]
    )
    current = {it.code for it in read_intercommunalities()}
    subjects = [source_turtle(), *agency_turtle(), *(contract_turtle(one, current) for one in contracts)]
    subjects += (payee_turtle(payee, governed) for payee in found)
    subjects += (written for it in funded for written in funding_turtle(it))
    kinds = {payee.slug: kind(payee, governed)[0] for payee in found}
    told = report(rows, found, kinds, likenesses(found), contracts, current, len(funded))
    return {TARGET: document(COMMENT, subjects), REPORT: told}
