"""The history of one entity at ``/history?iri=…``: the versions that changed it, and what changed between two of them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request

from app.engine.changes import Change
from app.engine.manifest import Version
from app.entities.addresses import is_iri
from app.entities.changes import Statement, word_changes
from app.entities.model import Node, Part
from app.entities.past import change_between, last_seen
from app.errors import BadParameter, StoreError, UnknownEntity, VersionPruned
from app.web.responses import conditional
from app.web.site import Visit, asked_number, visit

blueprint = Blueprint("history", __name__)
_PAGE = 50


@dataclass(frozen=True)
class Asked:
    """An entity, the versions that changed it up to the one that is read, and the two that are compared."""

    iri: str
    touched: tuple[int, ...]
    first: int
    last: int

    @classmethod
    def of(cls, seen: Visit) -> Asked:
        """Raises :class:`app.errors.BadParameter`, ``UnknownEntity`` or ``NoSuchVersion``."""
        iri = request.args.get("iri", "")
        if not is_iri(iri):
            raise BadParameter(name="iri", value=iri[:200], reason="iri")
        touched = tuple(n for n in seen.site.history.changes_of(iri) if n <= seen.version)
        if not touched:
            raise UnknownEntity(iri=iri)
        first, last = asked_number("from", least=0), asked_number("to", least=0)
        last = touched[-1] if last is None else last
        first = _before(touched, last) if first is None else first
        return cls(iri, touched, _known(seen, first), _known(seen, last))


def _known(seen: Visit, number: int) -> int:
    """A version that was published, or 0 for what was before all."""
    if number:
        seen.site.history.version(number)
    return number


@blueprint.get("/history")
def page() -> Response:
    seen = visit()
    return conditional("html", lambda: _render(seen, Asked.of(seen)))


@blueprint.get("/history.json")
def data() -> Response:
    """The same for programs; statements as N-Quads."""
    seen = visit()
    response = conditional("json", lambda: Response(_write(seen, Asked.of(seen)), content_type="application/json"))
    response.headers.add(
        "Link", f'<{seen.urls.page("/history", iri=request.args.get("iri"))}>; rel="alternate"; type="text/html"'
    )
    return response


def _render(seen: Visit, asked: Asked) -> str:
    part = Part(len(asked.touched), 1, _PAGE)
    part = Part(part.total, min(asked_number("page") or 1, part.pages), _PAGE)
    newest_first = asked.touched[::-1]
    shown = newest_first[part.first - 1 : part.last]
    statements, problem = _statements(seen, asked)
    return render_template(
        "history.html",
        entity=_entity(seen, asked),
        rows=[(seen.site.history.version(n), _before(asked.touched, n)) for n in shown],
        choices=[seen.site.history.version(n) for n in _offered(asked)],
        part=part,
        asked=asked,
        statements=statements,
        problem=problem,
        links={suffix: seen.urls.data("/history.json", iri=asked.iri, **_compared(asked)) for suffix in ("json",)},
    )


def _before(touched: tuple[int, ...], n: int) -> int:
    """What a version is compared with: the change before it, else the version before it."""
    return max((one for one in touched if one < n), default=max(n - 1, 0))


def _offered(asked: Asked) -> list[int]:
    """The versions that can be chosen: the newest changes, and the two that are compared."""
    return sorted({*asked.touched[-200:], asked.first, asked.last} - {0}, reverse=True)


def _compared(asked: Asked) -> dict[str, str | int | None]:
    return {"from": asked.first, "to": asked.last}


def _entity(seen: Visit, asked: Asked) -> Node:
    """The entity as the version that is read calls it, or the last one that named it."""
    for number in (seen.version, asked.touched[-1], asked.touched[-1] - 1):
        found = last_seen(asked.iri, seen.site.questions(number), seen.site.vocabulary, seen.language) if number else None
        if found is not None:
            return found
    return Node(asked.iri, asked.iri)


def _change(seen: Visit, asked: Asked) -> Change:
    return change_between(asked.iri, asked.first, asked.last, seen.site.history, seen.site.questions)


def _statements(seen: Visit, asked: Asked) -> tuple[tuple[Statement, ...], StoreError | None]:
    """What changed, in words; names are those of the later version, or of the newest where that was pruned."""
    try:
        change = _change(seen, asked)
    except VersionPruned as pruned:
        return (), pruned
    site = seen.site
    for number in dict.fromkeys((max(asked.first, asked.last), seen.version)):
        try:
            questions = site.questions(number)
            return word_changes(change.added, change.removed, questions, site.vocabulary, site.addresses, seen.language), None
        except VersionPruned as pruned:
            problem = pruned
    return (), problem


def _write(seen: Visit, asked: Asked) -> str:
    change = _change(seen, asked)
    told = {
        "iri": asked.iri,
        "versions": [_told(seen.site.history.version(n)) for n in asked.touched],
        **_compared(asked),
        "added": sorted(f"{quad} ." for quad in change.added),
        "removed": sorted(f"{quad} ." for quad in change.removed),
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _told(version: Version) -> dict[str, str | int]:
    return {"number": version.number, "created": version.created, "author": version.author, "message": version.message}
