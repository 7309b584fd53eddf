"""Communities, bridges, isolated actors and projects to pool at ``/structure``; worked out in app.discovery.structure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyoxigraph as ox
from flask import Blueprint, Response, abort, make_response, render_template, request

from app.asking import EXPORTS, Filled, fill_one
from app.discovery.arrays import Ints
from app.discovery.network import Network
from app.discovery.structure import Pool, Pools, Shape, pools, shape_of
from app.discovery.structure.shape import KEPT, SMALLEST
from app.entities.model import Part
from app.entities.names import Names
from app.errors import BadParameter
from app.queries import Parameter
from app.terms import EngineTerm
from app.web.questions import options
from app.web.responses import conditional
from app.web.site import Visit, asked_number, visit
from app.web.suggestions import suggester_of
from app.web.tables import Sheet, links, send
from app.web.underway import AT_ONCE

blueprint = Blueprint("structure", __name__)
PARAMETERS = {
    "area": Parameter("area", "iri", of_class="maillage:Territory"),
    "theme": Parameter("theme", "iri", of_class="maillage:Theme"),
}
PARTS = ("communities", "bridges", "central", "isolated", "pools")
_SHOWN, _PAGE, _MEMBERS, _MOST_ROWS = 20, 50, 8, 5_000


@dataclass(frozen=True)
class Whole:
    """What was worked out of a version."""

    version: int
    shape: Shape
    pools: Pools


@blueprint.get("/structure")
def page() -> Response:
    seen = visit()
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
    part = request.args.get("part", "communities")
    if part not in PARTS:
        raise BadParameter(name="part", value=part[:40], reason=", ".join(PARTS))
    filled = _filled(seen)
    wrong = next((one for one in filled.values() if one.reason), None)
    if wrong is not None:
        raise BadParameter(name=wrong.parameter.name, value=wrong.text, reason=seen.say(f"queries.{wrong.reason}"))
    address = seen.urls.page("/structure", **_query(filled), version=seen.version)
    return send(seen, f"structure-{part}", suffix, address, lambda: _sheet(seen, part, filled))


def whole_of(seen: Visit, *, wait: bool = False) -> Whole | None:
    """The structure of the version, or of the newest earlier one that is known while it is worked out."""
    version, kept = seen.version, seen.site.kept

    def make() -> Whole:
        suggester = suggester_of(seen)
        return Whole(version, shape_of(suggester.network), pools(suggester.network, suggester.scopes))

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
        network=network,
        name=lambda node: names.node(network.iri(node) if network is not None else ""),
        node_of=names.node,
        filled=filled,
        texts={name: _text(names, one) for name, one in filled.items()},
        query=query,
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
    """Only what is in the area and about the theme; communities are those of the whole."""
    if not any(query.values()):
        return whole
    suggester = suggester_of(seen)
    places, tree = suggester.scopes.places, suggester.scopes.tree
    network = seen.site.networks.at(whole.version)
    area, theme = query["area"], query["theme"]
    themes = frozenset(tree.below(theme)) if theme else None
    chosen = linked_to(network, places.below(area)) if area else None
    if themes is not None:
        about = linked_to(network, themes)
        chosen = about if chosen is None else np.intersect1d(chosen, about)
    kept = set() if chosen is None else set(chosen.tolist())
    shape = replace(
        whole.shape,
        bridges=tuple(one for one in whole.shape.bridges if one.node in kept),
        central=tuple(one for one in whole.shape.central if one.node in kept),
        alone=whole.shape.alone[np.isin(whole.shape.alone, chosen)] if chosen is not None else whole.shape.alone,
    )
    pooled = tuple(
        one
        for one in whole.pools.items
        if (not area or area in places.above(one.area)) and (themes is None or one.theme in themes)
    )
    return replace(whole, shape=shape, pools=replace(whole.pools, items=pooled))


def linked_to(network: Network, iris: frozenset[str]) -> Ints:
    """The nodes that are linked with one of some themes or territories."""
    nodes = [node for iri in sorted(iris) if (node := network.ordinal(iri)) is not None]
    rows, _ = network.around(np.array(nodes, dtype=np.int32))
    return np.unique(rows.targets)


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
    columns, rows = _table(part, whole, network)
    return Sheet(seen.say(f"structure.question-{part}"), columns, rows[:_MOST_ROWS], seen.say("structure.method-how"))


def _ready(seen: Visit) -> Whole:
    """A file waits until its version is worked out."""
    whole = whole_of(seen, wait=True)
    if whole is None:
        raise LookupError(seen.version)
    return whole


def _table(part: str, whole: Whole, network: Network) -> tuple[Sequence[str], list[dict[str, EngineTerm]]]:
    def node(number: int) -> ox.NamedNode:
        return ox.NamedNode(network.iri(number))

    shape = whole.shape
    if part == "communities":
        rows: list[dict[str, EngineTerm]] = [
            {"community": ox.Literal(one.number), "actor": node(member)} for one in shape.communities for member in one.members
        ]
        return ("community", "actor"), rows
    if part == "bridges":
        return ("actor", "cutOff", "otherCommunities"), [
            {"actor": node(one.node), "cutOff": ox.Literal(one.cut_off), "otherCommunities": ox.Literal(one.communities)}
            for one in shape.bridges
        ]
    if part == "central":
        return ("actor", "partners", "share"), [
            {"actor": node(one.node), "partners": ox.Literal(one.partners), "share": ox.Literal(round(one.share, 6))}
            for one in shape.central
        ]
    if part == "isolated":
        return ("actor",), [{"actor": node(one)} for one in shape.alone.tolist()]
    return ("theme", "area", "project"), [row for pool in whole.pools.items for row in _pooled(pool, node)]


def _pooled(pool: Pool, node: Callable[[int], ox.NamedNode]) -> list[dict[str, EngineTerm]]:
    theme, area = ox.NamedNode(pool.theme), ox.NamedNode(pool.area)
    return [{"theme": theme, "area": area, "project": node(one)} for one in pool.projects]
