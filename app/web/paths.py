"""How entities are linked, at ``/paths?from=…&to=…``: sentences, picture, table and files; the search is app.discovery.paths."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, abort, render_template, request

from app.asking import Citation, Filled, fill_one
from app.asking.explaining import FAMILIES, MOST_BEST, MOST_ENDS, Explained, Wish, easier, fitting, search, tell
from app.asking.path_files import FILES
from app.discovery.costs import COMMON_KINDS
from app.discovery.network import Network
from app.discovery.paths import LONGEST, Found, nearest
from app.entities.addresses import is_iri
from app.entities.model import Node
from app.entities.names import Names
from app.errors import BadParameter, UnknownChoice
from app.media import SVG
from app.queries import Parameter
from app.web.drawing import drawing
from app.web.lasting import stated
from app.web.near_names import offering
from app.web.questions import licences_of
from app.web.responses import conditional
from app.web.site import Visit, asked_number, visit

blueprint = Blueprint("paths", __name__)
_MEDIA = {**{suffix: form for suffix, (form, _) in FILES.items()}, SVG.suffix: SVG}
"""Every file of the page, by suffix."""
_MOST_WITHOUT = 20
_TRIED = 500
_FIRST_YEAR, _LAST_YEAR = 1, 9999


@dataclass(frozen=True)
class End:
    """One of the entities that are asked for: what was typed, what it was understood as, and what stands in its field."""

    filled: Filled
    text: str

    @property
    def iri(self) -> str | None:
        return self.filled.term.value if isinstance(self.filled.term, ox.NamedNode) else None


@dataclass(frozen=True)
class Asked:
    """A request as it was understood; ``problem`` is why there is nothing to look for, by a key of the messages. ``has_length``
    tells that the longest way is named."""

    ends: tuple[End, ...]
    wished: Wish
    network: Network
    has_length: bool

    @cached_property
    def given(self) -> tuple[End, ...]:
        """The fields in which something stands."""
        return tuple(end for end in self.ends if end.filled.text)

    @property
    def named(self) -> str:
        """What stands in the fields, one name after the other."""
        return ", ".join(end.text for end in self.given)

    @property
    def iris(self) -> list[str]:
        return [end.iri for end in self.given if end.iri is not None]

    @property
    def nodes(self) -> list[int]:
        found = (self.network.ordinal(iri) for iri in self.iris)
        return [node for node in found if node is not None]

    @property
    def wish(self) -> Wish:
        """What is looked for: where no length is named, as long as need be."""
        return self.wished if self.problem else self._searched[0]

    @property
    def found(self) -> Found:
        """What is found, where there is no problem."""
        return self._searched[1]

    @cached_property
    def _searched(self) -> tuple[Wish, Found]:
        if self.has_length:
            return self.wished, search(self.network, self.nodes, self.wished)
        return fitting(self.network, self.nodes, self.wished, LONGEST)

    @cached_property
    def problem(self) -> str | None:
        if len(self.given) < 2 or len(self.iris) < len(self.given):
            return "incomplete"
        if len(set(self.iris)) < len(self.iris):
            return "same"
        return "not-linked" if self.unlinked else None

    @property
    def unlinked(self) -> list[str]:
        """Those that the network does not have, or has without any link."""
        nodes = {iri: self.network.ordinal(iri) for iri in self.iris}
        return [iri for iri, node in nodes.items() if node is None or not self.network.degree(node)]


@blueprint.get("/paths")
def page() -> Response:
    seen = visit()
    return conditional("html", lambda: _render(seen, _asked(seen)))


@blueprint.get("/paths.<suffix>")
def file(suffix: str) -> Response:
    if suffix not in _MEDIA:
        abort(404)
    seen, form = visit(), _MEDIA[suffix]
    response = conditional(suffix, lambda: _file(seen, suffix), daily=True)
    response.content_type = form.media_type + ("; charset=utf-8" if suffix == "csv" else "")
    response.headers["Content-Disposition"] = f'attachment; filename="paths-v{seen.version}.{suffix}"'
    return response


def _file(seen: Visit, suffix: str) -> Response:
    asked = _asked(seen)
    for end, name in zip(asked.ends, _names_of_fields(asked), strict=True):
        if end.filled.reason:
            raise end.filled.refusal(name)
    if asked.problem:
        raise BadParameter(name="to", value=", ".join(asked.iris), reason=f"paths.{asked.problem}")
    told = _told(seen, asked)
    if suffix == SVG.suffix:
        return Response(_picture(seen, asked, told))
    return Response(FILES[suffix][1](told, _citation(seen, asked)))


def _picture(seen: Visit, asked: Asked, told: Explained) -> str:
    """The picture of the explanations by itself. Raises :class:`app.errors.BadParameter` where nothing is explained."""
    if not told.explanations:
        raise BadParameter(name="to", value=", ".join(asked.iris), reason="paths.none", n=asked.wish.longest)
    drawn = drawing(told.picture)
    heading = seen.say("paths.question", names=asked.named)
    label = f"{seen.say('paths.picture')}{seen.say('versions.colon')}{seen.say('paths.picture-what', n=len(drawn.marks))}"
    return render_template("neighbourhood.svg", drawn=drawn, alone=True, heading=heading, label=label)


def _asked(seen: Visit) -> Asked:
    """Raises :class:`app.errors.BadParameter` for options that are not of the page's lists."""
    more = [text for text in request.args.getlist("with") if text.strip()][: MOST_ENDS - 2]
    texts = [("from", request.args.get("from", "")), ("to", request.args.get("to", "")), *(("with", text) for text in more)]
    filled = [
        offering(seen, fill_one(Parameter(name, "iri", required=True), {name: text}, seen.questions)) for name, text in texts
    ]
    names = Names(seen.site.vocabulary, seen.language)
    names.ask(seen.questions, [one.term.value for one in filled if isinstance(one.term, ox.NamedNode)])
    ends = tuple(End(one, _shown(one, names)) for one in filled)
    return Asked(ends, _wish(), seen.network, bool(request.args.get("longest")))


def _shown(one: Filled, names: Names) -> str:
    is_named = isinstance(one.term, ox.NamedNode) and names.is_named(one.term.value)
    return names.node(one.term.value).label if is_named and isinstance(one.term, ox.NamedNode) else one.text


def _wish() -> Wish:
    families = set(_known("link", FAMILIES))
    since, until = _year("since"), _year("until")
    if since and until and until < since:
        raise BadParameter(name="until", value=str(until), reason="ends-before", since=str(since))
    return Wish(
        longest=_bounded("longest", 4, LONGEST),
        best=_bounded("best", 5, MOST_BEST),
        families=frozenset(families) if len(families) < len(FAMILIES) else frozenset(),
        since=since,
        until=until,
        without=_left_out(),
        avoided=frozenset(_known("avoid", COMMON_KINDS)),
    )


def _left_out() -> tuple[str, ...]:
    found = tuple(dict.fromkeys(iri for iri in request.args.getlist("without") if iri))[:_MOST_WITHOUT]
    for iri in found:
        if not is_iri(iri):
            raise BadParameter(name="without", value=iri[:200], reason="iri")
    return found


def _bounded(name: str, usual: int, most: int) -> int:
    number = asked_number(name) or usual
    if number > most:
        raise BadParameter(name=name, value=str(number), reason="at-most", most=most)
    return number


def _year(name: str) -> int | None:
    number = asked_number(name)
    if number is not None and not _FIRST_YEAR <= number <= _LAST_YEAR:
        raise BadParameter(name=name, value=str(number), reason="at-most", most=_LAST_YEAR)
    return number


def _known(name: str, words: Iterable[str]) -> list[str]:
    known = list(words)
    found = [word for word in request.args.getlist(name) if word]
    for word in found:
        if word not in known:
            raise UnknownChoice(name=name, value=word[:40], choices=", ".join(known))
    return found


def _told(seen: Visit, asked: Asked) -> Explained:
    site = seen.site
    return tell(asked.found, asked.network, asked.nodes, seen.questions, site.vocabulary, site.addresses, seen.language)


def _render(seen: Visit, asked: Asked) -> str:
    told = None if asked.problem else _told(seen, asked)
    missing = bool(told) and not told.explanations if told else False
    return render_template(
        "paths.html",
        asked=asked,
        fields=list(zip(_names_of_fields(asked), asked.ends, strict=True)),
        most_ends=MOST_ENDS,
        told=told,
        drawn=drawing(told.picture) if told and told.explanations else None,
        easier=_easier(seen, asked) if missing else None,
        near=_near(seen, asked) if missing else [],
        unlinked=_nodes(seen, asked.unlinked) if asked.problem == "not-linked" else [],
        left_out=_nodes(seen, list(asked.wish.without)),
        families=list(FAMILIES),
        commons=COMMON_KINDS,
        longest=LONGEST,
        address=lambda **changed: _address(seen, **changed),
        example=None if asked.given else _example(seen),
        files=_files(seen, told) if told else {},
        media={suffix: form.media_type for suffix, form in _MEDIA.items()},
    )


def _files(seen: Visit, told: Explained) -> dict[str, str]:
    """Where the files of an answer are, by suffix; there is no picture of nothing."""
    made = (suffix for suffix in _MEDIA if told.explanations or suffix != "svg")
    return {suffix: _address(seen, f"/paths.{suffix}", version=stated(seen)) for suffix in made}


def _example(seen: Visit) -> list[Node]:
    """Two actors of the partnership of most actors, to try the page with: looked for once a version, among some hundreds."""

    def find() -> list[str]:
        network = seen.network
        found: list[int] = []
        for partnership in network.nodes("partnership")[:_TRIED].tolist():
            targets = dict.fromkeys(network.neighbours(partnership).targets.tolist())
            actors = [node for node in targets if network.kind(node) == "actor"]
            found = actors if len(actors) > max(1, len(found)) else found
        return [network.iri(node) for node in found[:2]]

    return _nodes(seen, seen.site.kept.get("paths-example", seen.number, find))


def _names_of_fields(asked: Asked) -> Iterator[str]:
    yield from ("from", "to", *("with" for _ in asked.ends[2:]))


def _nodes(seen: Visit, iris: Sequence[str]) -> list[Node]:
    names = Names(seen.site.vocabulary, seen.language)
    names.ask(seen.questions, iris)
    return [names.node(iri) for iri in iris]


def _easier(seen: Visit, asked: Asked) -> str | None:
    """The address of a search that finds something, where only the options stand in the way."""
    if len(asked.nodes) != 2:
        return None
    wish = easier(asked.network, asked.nodes, asked.wish, LONGEST)
    if wish is None:
        return None
    dropped = () if wish.is_narrow else ("link", "avoid", "without", "since", "until")
    return _address(seen, **{"longest": wish.longest, **dict.fromkeys(dropped)})


def _near(seen: Visit, asked: Asked) -> list[tuple[Node, list[Node]]]:
    """Each end with the actors that are closest to it."""
    close = {node: nearest(asked.network, node) for node in asked.nodes}
    iris = {node: asked.network.iri(node) for ends in ([*close], *close.values()) for node in ends}
    names = Names(seen.site.vocabulary, seen.language)
    names.ask(seen.questions, iris.values())
    return [(names.node(iris[node]), [names.node(iris[one]) for one in found]) for node, found in close.items()]


def _address(seen: Visit, path: str = "/paths", /, **changed: str | int | None) -> str:
    """This search with something changed; None drops it, and ``also_without`` leaves out one entity more."""
    one_more = changed.pop("also_without", None)
    back = changed.pop("again", None)
    version = changed.pop("version", seen.urls.version)
    pairs = [
        (name, value)
        for name, value in seen.urls.query
        if value and name not in (*changed, "version") and not (name == "without" and value == back)
    ]
    pairs += [(name, str(value)) for name, value in changed.items() if value is not None]
    pairs += [("without", str(one_more))] if one_more else []
    query = f"?{urlencode(pairs)}" if pairs else ""
    return seen.urls.page(path + query, version=version)


def _citation(seen: Visit, asked: Asked) -> Citation:
    return Citation(
        question=seen.say("paths.question", names=asked.named),
        version=seen.version,
        date=datetime.date.today().isoformat(),
        address=seen.urls.absolute(_address(seen, version=seen.version)),
        query=seen.say("paths.method-text"),
        licences=licences_of(seen),
        language=seen.language,
    )
