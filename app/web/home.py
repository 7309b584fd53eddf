"""The home page: what this observatory is, what four kinds of people ask of it, its figures and its latest changes."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from app.entities.counts import Counts, count_kinds, known_counts
from app.entities.wording import collation
from app.errors import StoreError
from app.web.responses import conditional
from app.web.site import Visit, visit
from app.web.wishes import wish_links

blueprint = Blueprint("home", __name__)
_LATEST = 5
_KEPT = 4
MAIN_KINDS = ("actor", "partnership", "project", "programme", "theme", "territory")


@blueprint.get("/")
def page() -> Response:
    seen = visit()
    return conditional("html", lambda: _render(seen))


def _render(seen: Visit) -> str:
    kinds = seen.site.vocabulary.kinds()
    counts = counts_of(seen)
    shown = [kind for kind in kinds if counts[kind.segment]]
    main = sorted((k for k in shown if k.segment in MAIN_KINDS), key=lambda k: MAIN_KINDS.index(k.segment))
    others = sorted((k for k in shown if k.segment not in MAIN_KINDS), key=lambda k: collation(k.plural(seen.language)))
    return render_template(
        "home.html",
        wishes=wish_links(seen),
        main=main,
        others=others,
        counts=counts,
        latest=seen.site.history.versions(seen.version - _LATEST + 1, seen.version)[::-1],
    )


def counts_of(seen: Visit) -> Counts:
    """The counts of a version: asked once, then kept with those of a few other versions."""
    kept = seen.site.counts
    found = kept.get(seen.version)
    if found is None:
        found = count_kinds(seen.questions, seen.site.vocabulary, _known(seen))
        while len(kept) >= _KEPT:
            kept.pop(list(kept)[0], None)  # noqa: RUF015  another thread may change it between two steps
        kept[seen.version] = found
    return found


def _known(seen: Visit) -> Counts:
    """Nothing for a version whose indexes were made by an earlier release."""
    try:
        return known_counts(seen.site.vocabulary, seen.facts, seen.site.descriptions.at(seen.version).merge.classes)
    except StoreError:
        return {}
