"""The home page: what this observatory is, what four kinds of people ask of it, its figures and its latest changes."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from app.entities.counts import Counts, count_kinds
from app.entities.wording import collation
from app.web.questions import answer_link, by_audience
from app.web.responses import conditional
from app.web.site import Visit, visit

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
    latest = [v for v in seen.site.history.versions() if v.number <= seen.version]
    return render_template(
        "home.html",
        wishes=_wishes(seen),
        main=main,
        others=others,
        counts=counts,
        latest=sorted(latest, key=lambda v: -v.number)[:_LATEST],
    )


def _wishes(seen: Visit) -> dict[str, list[tuple[str, str]]]:
    """What each kind of people may ask: the question, and the link that answers it."""
    return {
        audience: [(query.question[seen.language], answer_link(seen, query)) for query in asked]
        for audience, asked in by_audience(seen).items()
    }


def counts_of(seen: Visit) -> Counts:
    """The counts of a version: asked once, then kept with those of a few other versions."""
    kept = seen.site.counts
    found = kept.get(seen.version)
    if found is None:
        found = count_kinds(seen.questions, seen.site.vocabulary)
        while len(kept) >= _KEPT:
            kept.pop(next(iter(kept)), None)
        kept[seen.version] = found
    return found
