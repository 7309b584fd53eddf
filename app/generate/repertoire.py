"""What synthetic entities are made of: classes, codes and how often each comes, already in N-Quads; no draw is made here."""

from __future__ import annotations

from datetime import date, timedelta

from app.generate.chance import Weighted
from app.terms import CODE, MAILLAGE

LAST_YEAR, YEARS = 2025, 15
XSD = "http://www.w3.org/2001/XMLSchema#"


def term(name: str) -> str:
    """A term of the ontology."""
    return f"<{MAILLAGE}{name}>"


def code(scheme: str, name: str) -> str:
    """A concept of a code list."""
    return f"<{CODE}{scheme}/{name}>"


FIRST_DAY, LAST_DAY = date(LAST_YEAR - YEARS + 1, 1, 1), date(LAST_YEAR, 12, 31)
DAYS = [f'"{(FIRST_DAY + timedelta(day)).isoformat()}"^^<{XSD}date>' for day in range((LAST_DAY - FIRST_DAY).days + 1)]

TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
SOURCE = "<http://purl.org/dc/terms/source>"
REVIEW = (term("reviewStatus"), code("review-status", "to-review"))
CONFIDENCES = Weighted([code("confidence", name) for name in ("certain", "probable", "uncertain")], (7, 2, 1))

# class, word of the name, legal form; without a legal form there is no SIREN either
ACTORS = Weighted(
    [
        (term("Association"), "Association", "9220"),
        (term("WorkerCooperative"), "Coopérative", "5458"),
        (term("Company"), "Entreprise", ""),
        (term("SocialEnterprise"), "Entreprise solidaire", ""),
        (term("MutualSociety"), "Mutuelle", "8210"),
        (term("Foundation"), "Fondation", "9300"),
        (term("Network"), "Réseau", ""),
        (term("InformalCollective"), "Collectif", ""),
    ],
    (70, 8, 6, 5, 1, 1, 3, 6),
)
# kind, the first party's role, the others' role
KINDS = Weighted(
    [
        ("convention", "signs", "signs"),
        ("joint-project", "leads", "takes-part"),
        ("funding", "funds", "receives-funding"),
        ("support", "supports", "is-supported"),
        ("provision-of-premises", "provides-premises", "is-supported"),
        ("sponsorship", "sponsors", "is-supported"),
        ("prescription", "prescribes", "takes-part"),
    ],
    (30, 25, 20, 12, 6, 5, 2),
)
PARTIES = Weighted(range(2, 9), (1 / parties**2 for parties in range(2, 9)))
RESOURCES = Weighted(("volunteers", "premises", "skills", "equipment", "staff", "funding"), (32, 24, 18, 12, 8, 6))
STATUSES = Weighted(("ongoing", "completed", "in-preparation", "idea", "dormant", "abandoned"), (40, 35, 10, 7, 5, 3))
