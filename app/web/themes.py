"""The themes as a tree at ``/theme``, and the glossary in alphabetical order at ``/glossary``."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from app.entities.themes import read_concepts
from app.web.responses import conditional
from app.web.site import Visit, visit

blueprint = Blueprint("themes", __name__)
_LONGEST_WORD = 100


@blueprint.get("/theme")
def tree() -> Response:
    seen = visit()
    response = conditional("html", lambda: _tree(seen))
    table = seen.urls.data("/theme.csv", version=seen.asked_version)
    response.headers.add("Link", f'<{table}>; rel="alternate"; type="text/csv"')
    return response


def _tree(seen: Visit) -> str:
    concepts = read_concepts(seen.questions, seen.language, "theme")
    return render_template("themes.html", tree=concepts.tree(), total=len(concepts.by_iri), query=concepts.query)


@blueprint.get("/glossary")
def glossary() -> Response:
    """The whole glossary, or with ``?q=`` the entries that hold a text."""
    seen = visit()
    word = request.args.get("q", "")[:_LONGEST_WORD]
    return conditional(f"html {word}", lambda: _glossary(seen, word))


def _glossary(seen: Visit, word: str) -> str:
    concepts = read_concepts(seen.questions, seen.language, "glossary")
    letters = concepts.letters(word)
    found = sum(len(letter.entries) for letter in letters)
    return render_template("glossary.html", letters=letters, word=word, found=found, query=concepts.query)
