"""Communities, bridges, isolated actors and projects to pool at ``/structure``; worked out in app.discovery.structure."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox
from flask import Blueprint, Response, abort, make_response, render_template, request

from app.asking import EXPORTS, Filled, fill_one
from app.discovery.network import Network
from app.discovery.structure import PARTS, Whole, narrowed, rows_of, whole_from
from app.discovery.structure.model import KEPT, SMALLEST
from app.entities.model import Part
from app.entities.names import Names
from app.errors import UnknownChoice
from app.queries import Parameter
from app.web.entity import see_other
from app.web.questions import options
from app.web.responses import conditional
from app.web.site import Visit, asked_number, visit
from app.web.suggestions import suggester_of
from app.web.tables import Sheet, links, send
from app.web.underway import AT_ONCE
from app.web.works import narrowed as narrowed_to

blueprint = Blueprint("structure", __name__)
PARAMETERS = {
    "area": Parameter("area", "iri", of_class="maillage:Territory"),
    "theme": Parameter("theme", "iri", of_class="maillage:Theme"),
}
_SHOWN, _PAGE, _MEMBERS, _MOST_ROWS = 20, 50, 8, 5_000


@blueprint.get("/structure")
def page() -> Response:
    seen = visit()
    if request.args.get("part"):
        return see_other(f"{seen.urls.here(part=None)}#{_part()}")
    filled = _filled(seen)
    whole = whole_of(seen)
    if whole is None or whole.version != seen.version:
        response = make_response(_render(seen, filled, whole))
        response.cache_control.no_store = True
        return response
    return conditional("html", lambda: _render(seen, filled, whole))


@blueprint.get("/structure.<suffix>")
def file(suffix: str) -> Response:
    if suffix not in EXPORTS:
        abort(404)
    seen = visit()
    part = _part()
    filled = _filled(seen)
    wrong = next((one for one in filled.values() if one.reason), None)
    if wrong is not None:
        raise wrong.refusal()
    address = seen.urls.page("/structure", **_query(filled), version=seen.version)
    return send(seen, f"structure-{part}", suffix, address, lambda: _sheet(seen, part, filled))


def _part() -> str:
    """Which table is asked for: a file has one, a page has them all, each under its heading."""
    part = request.args.get("part") or PARTS[0]
    if part not in PARTS:
        raise UnknownChoice(name="part", value=part[:40], choices=", ".join(PARTS))
    return part


def whole_of(seen: Visit, *, wait: bool = False) -> Whole | None:
    """The structure of the version, or of the newest earlier one that is known while it is worked out."""
    version, kept = seen.version, seen.site.kept

    def make() -> Whole:
        suggester = suggester_of(seen)
        return whole_from(suggester.network, suggester.scopes, seen.facts, version)

    if wait or len(seen.network) <= AT_ONCE:
        return kept.get("structure", version, make)
    kept.begin("structure", version, make)
    found = kept.latest("structure", version)
    return found[1] if found and isinstance(found[1], Whole) else None


def _filled(seen: Visit) -> dict[str, Filled]:
    return {name: fill_one(parameter, request.args, seen.questions) for name, parameter in PARAMETERS.items()}


def _query(filled: Mapping[str, Filled]) -> dict[str, str | None]:
    return {name: one.term.value if isinstance(one.term, ox.NamedNode) else None for name, one in filled.items()}


def _render(seen: Visit, filled: dict[str, Filled], whole: Whole | None) -> str:
    query = _query(filled)
    is_unclear = any(one.reason for one in filled.values())
    whole = None if is_unclear else whole
    network = _network(seen, whole)
    shown = _filtered(seen, whole, query) if whole and network is not None else None
    part = Part(0)
    if shown is not None:
        total = len(shown.shape.alone)
        part = Part(total, min(asked_number("page") or 1, Part(total, size=_PAGE).pages), _PAGE)
    names = _names(seen, network, shown, part, query)
    return render_template(
        "structure.html",
        whole=shown,
        is_unclear=is_unclear,
        network=network,
        name=lambda node: names.node(network.iri(node) if network is not None else ""),
        node_of=names.node,
        filled=filled,
        texts={name: _text(names, one) for name, one in filled.items()},
        query=query,
        called=narrowed_to(seen, seen.say("structure.title"), query.values()),
        themes=options(seen, filled["theme"]),
        part=part,
        alone=[] if shown is None else shown.shape.alone[part.first - 1 : part.last].tolist(),
        shown=_SHOWN,
        members=_MEMBERS,
        least=SMALLEST,
        kept=KEPT,
        parts=PARTS,
        files={name: links(seen, "/structure", part=name, **query) for name in PARTS},
    )


def _text(names: Names, one: Filled) -> str:
    iri = one.term.value if isinstance(one.term, ox.NamedNode) else None
    return names.node(iri).label if iri and names.is_named(iri) else one.text


def _network(seen: Visit, whole: Whole | None) -> Network | None:
    """The network that the numbers are of: that of the version that was worked out."""
    return seen.site.networks.at(whole.version) if whole else None


def _filtered(seen: Visit, whole: Whole, query: Mapping[str, str | None]) -> Whole:
    """Only what is in the area and about the theme, with names in the reader's order."""
    whole = whole.told_in(seen.language)
    if not any(query.values()):
        return whole
    network = seen.site.networks.at(whole.version)
    return narrowed(whole, network, suggester_of(seen).scopes, query["area"], query["theme"])


def _names(seen: Visit, network: Network | None, whole: Whole | None, part: Part, query: Mapping[str, str | None]) -> Names:
    """The names of all that the page shows."""
    names = Names(seen.site.vocabulary, seen.language)
    wanted = {iri for iri in query.values() if iri}
    if network is not None and whole is not None:
        shape = whole.shape
        nodes = [one.node for one in shape.bridges[:_SHOWN]] + [one.node for one in shape.central[:_SHOWN]]
        nodes += shape.alone[part.first - 1 : part.last].tolist()
        for community in shape.communities[:_SHOWN]:
            nodes += [*community.themes, *community.anchors, *community.members[:_MEMBERS]]
        for pool in whole.pools.items[:_SHOWN]:
            nodes += pool.projects[:_MEMBERS]
            wanted |= {pool.theme, pool.area}
        wanted |= {network.iri(node) for node in nodes}
    names.ask(seen.questions, wanted)
    return names


def _sheet(seen: Visit, part: str, filled: Mapping[str, Filled]) -> Sheet:
    whole = _filtered(seen, _ready(seen), _query(filled))
    network = seen.site.networks.at(whole.version)
    columns, rows = rows_of(part, whole, network)
    named = narrowed_to(seen, seen.say(f"structure.question-{part}"), _query(filled).values())
    return Sheet(named, columns, rows[:_MOST_ROWS], seen.say("structure.method-how"))


def _ready(seen: Visit) -> Whole:
    """A file waits until its version is worked out."""
    whole = whole_of(seen, wait=True)
    if whole is None:
        raise LookupError(seen.version)
    return whole
