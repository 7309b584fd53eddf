"""Search over HTTP: the page at ``/search`` and its data at ``/search.json``; what is found and why is decided in app.search.

``GET /search.json`` (below ``/en`` for English labels) serves completion as well as programs. Parameters: ``q``, what is typed;
``names=1`` looks at names and identifiers only and takes the last word for the beginning of one (completion); ``kind`` (a path
segment, may be repeated) and ``class`` (an IRI or ``maillage:Actor``; subclasses are included; may be repeated) restrict it;
``limit`` (1 to 100, default 20) and ``offset`` (to 10,000) choose a part; ``version``. The answer::

    {"version": 7, "q": "vel", "reading": "words", "total": 12, "kinds": {"actor": 9, "theme": 3},
     "results": [{"iri": "…", "page": "/actor/velo-solidaire", "label": "Vélo solidaire", "language": null, "kind": "actor",
                  "what": "Association", "where": ["Massy"], "why": "name", "said": "On y répare les vélos."}]}

``reading`` is ``words`` (each word was found), ``typos`` (words were taken for mistyped) or ``some`` (no entity has all words).
``kinds`` is empty with ``names=1``. ``why`` tells what matched: ``name``, ``also`` (another name, in ``said``), ``identifier``,
``subject`` (a theme or territory), ``place``, ``text``.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from app.asking.finding import Result, Wording
from app.entities.addresses import is_iri
from app.entities.model import Part
from app.errors import BadParameter, UnknownChoice
from app.search import Ask, Found
from app.search.marking import Marks
from app.search.words import MOST_CHARACTERS
from app.terms import expand
from app.web.responses import conditional
from app.web.site import Visit, asked_number, visit

blueprint = Blueprint("search", __name__)
SIZE = 20
_MOST, _FARTHEST = 100, 10_000


@blueprint.get("/search")
def page() -> Response:
    seen = visit()
    asked = _asked(seen, SIZE, ((asked_number("page") or 1) - 1) * SIZE)
    return conditional("html", lambda: _render(seen, asked))


@blueprint.get("/search.json")
def data() -> Response:
    seen = visit()
    asked = _asked(seen, _bounded("limit", SIZE, 1, _MOST), _bounded("offset", 0, 0, _FARTHEST))
    return conditional("json", lambda: _json(seen, asked))


def _asked(seen: Visit, limit: int, offset: int) -> Ask:
    """Raises :class:`app.errors.BadParameter` for a kind, a class or a place in the list that there is not."""
    if offset > _FARTHEST:
        raise BadParameter(name="page", value=str(offset // limit + 1), reason="at-most", most=_FARTHEST // limit + 1)
    return Ask(
        text=" ".join(request.args.get("q", "")[:MOST_CHARACTERS].split(" ")),
        kinds=frozenset(_kind(seen, one) for one in request.args.getlist("kind") if one),
        classes=frozenset(below for one in request.args.getlist("class") if one for below in _classes(seen, one)),
        names_only=request.args.get("names") in ("1", "true"),
        limit=limit,
        offset=offset,
    )


def _kind(seen: Visit, segment: str) -> str:
    known = [kind.segment for kind in seen.site.vocabulary.kinds()]
    if segment not in known:
        raise UnknownChoice(name="kind", value=segment[:40], choices=", ".join(known))
    return segment


def _classes(seen: Visit, name: str) -> frozenset[str]:
    iri = expand(name)
    if not is_iri(iri):
        raise BadParameter(name="class", value=name[:200], reason="iri")
    return seen.site.vocabulary.subclasses(iri)


def _bounded(name: str, default: int, least: int, most: int) -> int:
    value = asked_number(name, least=least)
    if value is not None and value > most:
        raise BadParameter(name=name, value=str(value), reason="at-most", most=most)
    return default if value is None else value


def _render(seen: Visit, asked: Ask) -> str:
    found, results = _find(seen, asked)
    kinds = [kind for kind in seen.site.vocabulary.kinds() if found.kinds.get(kind.segment)]
    return render_template(
        "search.html",
        text=asked.text.strip(),
        found=found,
        results=results,
        part=Part(min(found.total, _FARTHEST + SIZE), asked.offset // SIZE + 1, SIZE),
        kinds=sorted(kinds, key=lambda kind: (-found.kinds[kind.segment], kind.segment)),
        chosen=asked.kinds,
        everything=sum(found.kinds.values()),
        plurals={kind.segment: kind.plural(seen.language) for kind in seen.site.vocabulary.kinds()},
    )


def _find(seen: Visit, asked: Ask) -> tuple[Found, tuple[Result, ...]]:
    opened = seen.search
    found = opened.find(asked)
    return found, Wording(opened, seen.site.vocabulary, seen.language).results(found)


def _json(seen: Visit, asked: Ask) -> Response:
    found, results = _find(seen, asked)
    return jsonify(
        version=seen.version,
        q=asked.text,
        reading=found.reading,
        total=found.total,
        kinds={kind or "other": number for kind, number in found.kinds.items()},
        results=[_told(seen, one) for one in results],
    )


def _told(seen: Visit, one: Result) -> dict[str, Any]:
    return {
        "iri": one.iri,
        "page": seen.urls.entity(one.iri),
        "label": one.label,
        "language": one.language,
        "kind": one.kind or None,
        "what": one.what,
        "where": list(one.where),
        "why": one.why,
        "said": _plain(one.said),
    }


def _plain(marks: Marks) -> str | None:
    return "".join(text for text, _ in marks) or None
