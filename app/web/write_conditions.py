"""The conditions of a request that writes a graph (RFC 9110 §13), as what the writer asks under its lock."""

from __future__ import annotations

from flask import request

from app.errors import PreconditionFailed
from app.media import GRAPHS
from app.text import LANGUAGES
from app.updating.conditions import Expectation, Found, nothing
from app.updating.writing import DEFAULT
from app.web import validators
from app.web.site import Site, current_site

_HEADERS = ("If-Match", "If-None-Match", "If-Unmodified-Since")


def last_change(site: Site, graph: str, version: int) -> int:
    """The version that gave a graph the state that it has in a version; 0 where none said anything in it."""
    return site.history.last_change(None if graph == DEFAULT else graph, version)


def variant(site: Site, graph: str, media_type: str, since: int) -> str:
    """What names one representation of a graph that was last changed by version ``since``, and when: where a backup was put back,
    there may be another version of that number."""
    return f"graph {graph} {media_type} {site.history.version(since).created if since else ''}"


def expectation(graph: str) -> Expectation:
    """What this request expects of a graph. ``If-Match`` may give the tag of any format that the graph is read in."""
    if not any(header in request.headers for header in _HEADERS):
        return nothing
    site = current_site()

    def require(found: Found) -> None:
        is_there = found.is_there or graph == DEFAULT  # the default graph can always be read
        state = _state(site, graph, found.version) if is_there and found.version else validators.State(frozenset(), None)
        condition = state.broken()
        if condition is not None:
            raise PreconditionFailed(condition=condition, reason=_reason(condition, is_there=is_there))

    return require


def _state(site: Site, graph: str, version: int) -> validators.State:
    since = last_change(site, graph, version)
    names = [variant(site, graph, form.media_type, since) for form in GRAPHS]
    tags = frozenset(validators.tag(site, since, language, name) for name in names for language in LANGUAGES)
    return validators.State(tags, validators.modified(site, since))


def _reason(condition: validators.Condition, *, is_there: bool) -> str:
    if condition == "If-None-Match":
        return "there-already" if request.if_none_match.star_tag else "known-already"
    if not is_there:
        return "not-there"
    given = request.if_match
    return "weak" if condition == "If-Match" and given.as_set(include_weak=True) != given.as_set() else "changed"
