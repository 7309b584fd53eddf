"""What a public site owes its readers: sources and licences, accessibility, legal notice; words and settings, no advice."""

from __future__ import annotations

import pyoxigraph as ox
from flask import Blueprint, Response, render_template

from app.entities.listing import read_listing
from app.entities.model import Part
from app.entities.provenance import list_sources, web_address
from app.terms import MAILLAGE
from app.web.home import counts_of
from app.web.responses import conditional
from app.web.site import Visit, asked_number, current_site, visit

blueprint = Blueprint("legal", __name__)
_PAGE = 100
TESTED = ("axe", "keyboard", "narrow", "large", "script")
LIMITS = ("readers", "audit", "passages", "names", "pictures", "tables", "editor")


@blueprint.get("/licences")
def licences() -> Response:
    seen = visit()
    number = asked_number("page") or 1
    return conditional("html", lambda: _licences(seen, number))


def _licences(seen: Visit, number: int) -> str:
    kind = next(one for one in seen.site.vocabulary.kinds() if one.iri == str(MAILLAGE.Source))
    total = counts_of(seen)[kind.segment]
    listing = read_listing(seen.questions, seen.site.vocabulary, kind, seen.language, total, number, _PAGE)
    shown = [line.node.iri for line in listing.lines]
    part = Part(total, listing.part.page, _PAGE)
    sources = list_sources(seen.questions, shown, seen.site.vocabulary, seen.language)
    return render_template("licences.html", sources=sources, part=part, query=listing.query)


@blueprint.get("/accessibility")
def accessibility() -> Response:
    return conditional("html", lambda: render_template("accessibility.html", tested=TESTED, limits=LIMITS, contact=_contact()))


@blueprint.get("/legal")
def notice() -> Response:
    return conditional("html", lambda: render_template("legal.html", contact=_contact()))


def _contact() -> tuple[str, str | None]:
    """How to reach the publisher: the text, and the link that it is, if it is one."""
    text = current_site().settings.legal_contact
    if any(letter.isspace() for letter in text):
        return text, None
    is_mail = "@" in text.strip("@") and ":" not in text
    return text, f"mailto:{text}" if is_mail else web_address(ox.Literal(text))
