"""The list of each kind at ``/<kind>``, narrowed by facets, and as files at ``/<kind>.<suffix>``; what is listed is chosen in
app.browsing. The address holds all that narrows a list (:mod:`app.browsing.selection`)."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, Response, abort, render_template, request
from werkzeug.datastructures import MultiDict

from app.asking.exports import Citation
from app.asking.list_files import FILES
from app.asking.listing import Line, Lines
from app.browsing import FACETS, SORTS, VIEWS, Facet, Listed, Selection, Value
from app.browsing.selection import Given, word
from app.browsing.translating import translate
from app.browsing.understanding import Unclear, Understood, understand
from app.entities.listing import read_listing
from app.entities.model import Node, Part
from app.entities.wording import best
from app.errors import BadParameter, UnknownChoice
from app.facts.kept import UNKEPT
from app.vocabulary import Kind
from app.web import works
from app.web.entity import see_other
from app.web.home import counts_of
from app.web.list_links import Chip, Doubt, Links
from app.web.list_map import draw_points
from app.web.looking import allow_tiles
from app.web.questions import licences_of
from app.web.responses import conditional
from app.web.site import Visit, asked_number, visit

blueprint = Blueprint("lists", __name__)
SIZE = 50
ROWS = 50_000
"""Of one file; a longer list goes on in the next, ``?page=2``."""
_MAPPED = 2_000
_PARTS = 10_000
_TYPED = ("territory", "partner", "near")
"""What is asked for by a name."""
_GIVEN_UP = {"partner": ("partner",), "near": ("near", "km")}


@blueprint.get("/<kind>")
def page(kind: str) -> Response:
    seen = visit()
    found = _kind(seen, kind)
    number = asked_number("page") or 1
    if kind in UNKEPT:
        return conditional("html", lambda: _plain(seen, found, number))
    selection, links = _selection(seen, kind, request.args), Links.of(seen, kind)
    understood = _understood(seen, links)
    if understood.pairs != links.pairs:
        return see_other(replace(links, pairs=understood.pairs).page())
    response = conditional("html", lambda: _render(seen, found, selection, number, understood.unclear))
    response.headers.extend(
        [("Link", f'<{links.file(suffix)}>; rel="alternate"; type="{form.media_type}"') for suffix, (form, _) in FILES.items()]
    )
    return allow_tiles(seen, response) if request.args.get("view") == "map" else response


@blueprint.get("/<kind>.<any(csv,xlsx,geojson,jsonld,json):suffix>")
def table(kind: str, suffix: str) -> Response:
    """The whole list, or as many of its files as it takes: ``?page=2`` goes on after the first 50,000 rows.

    Who looks for JSON finds JSON-LD.
    """
    seen = visit()
    found = _kind(seen, kind)
    if suffix == "json":
        return see_other(Links.of(seen, kind).file("jsonld", page=asked_number("page")))
    number = asked_number("page") or 1
    part, read = _read_parts(seen, found, number) if kind in UNKEPT else _read_listed(seen, kind, number)
    form, write = FILES[suffix]

    def build() -> Response:
        lines = read()
        text = "; charset=utf-8" if form.media_type.startswith("text/") else ""
        return Response(write(lines, _citation(seen, called(seen, found), kind)), content_type=form.media_type + text)

    response = conditional(suffix, build, daily=True)
    name = f"{kind}-v{seen.version}" + (f"-{part.page}" if part.pages > 1 else "")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    response.headers["X-Maillage-Rows"] = str(part.total)
    links = Links.of(seen, kind)
    related = {"canonical": links.file(suffix, version=seen.version), "alternate": links.page()}
    if part.page < part.pages:
        related["next"] = links.file(suffix, version=seen.version, page=part.page + 1)
    response.headers.extend([("Link", f'<{link}>; rel="{relation}"') for relation, link in related.items()])
    return response


Read = Callable[[], tuple[Line, ...]]


def _understood(seen: Visit, links: Links) -> Understood:
    return understand(seen.browser, seen.site.vocabulary, links.pairs, seen.site.addresses.base)


def _read_listed(seen: Visit, kind: str, number: int) -> tuple[Part, Read]:
    """Whoever takes a file away does not see what a page would say: what is not understood is refused."""
    understood = _understood(seen, Links.of(seen, kind))
    selection = _selection(seen, kind, MultiDict(understood.pairs))
    listed = _listed(seen, selection)
    for one in (*understood.unclear, *_unplaced(selection, listed)):
        nearest = ", ".join(_word(seen, one.parameter, iri) for iri in one.candidates)
        raise BadParameter(name=one.parameter, value=one.text[:200], reason="nearest" if nearest else "unknown", nearest=nearest)
    part = _part(len(listed), number, ROWS)
    return part, lambda: Lines(seen.browser, seen.site.vocabulary, seen.language).of(listed.rows[part.first - 1 : part.last])


def _read_parts(seen: Visit, kind: Kind, number: int) -> tuple[Part, Read]:
    """Of a kind whose entities are parts of others, which have no facts of their own."""
    total = counts_of(seen)[kind.segment]
    part = _part(total, number, _PARTS)
    listing = read_listing(seen.questions, seen.site.vocabulary, kind, seen.language, total, part.page, _PARTS)
    return part, lambda: tuple(
        Line(one.node, tuple(node.label for node in one.types), one.territories, period=one.period) for one in listing.lines
    )


def _kind(seen: Visit, segment: str) -> Kind:
    found = next((kind for kind in seen.site.vocabulary.kinds() if kind.segment == segment), None)
    return found or abort(404)


def _selection(seen: Visit, kind: str, given: Given) -> Selection:
    try:
        return Selection.read(kind, seen.site.addresses.base, given)
    except ValueError as error:
        name = str(error)
        value = request.args.get(name, "")[:40]
        raise BadParameter(name=name, value=value, reason=f"list.reason-{name}") from error


def _listed(seen: Visit, selection: Selection) -> Listed:
    return seen.browser.listed(selection, _one_of("sort", SORTS), seen.language)


def _one_of(name: str, known: tuple[str, ...]) -> str:
    value = request.args.get(name, "")
    if value and value not in known:
        raise UnknownChoice(name=name, value=value[:40], choices=", ".join(known))
    return value


def _part(total: int, page: int, size: int) -> Part:
    return Part(total, min(page, Part(total, size=size).pages), size)


def _render(seen: Visit, kind: Kind, selection: Selection, number: int, unclear: tuple[Unclear, ...]) -> str:
    listed = _listed(seen, selection)
    view = _one_of("view", VIEWS) or "table"
    part = _part(len(listed), number, _MAPPED if view == "map" else SIZE)
    rows = listed.rows[part.first - 1 : part.last]
    lines = Lines(seen.browser, seen.site.vocabulary, seen.language).of(rows, themed=view == "cards", placed=view == "map")
    facets = seen.browser.facets(selection)
    links_ = Links.of(seen, kind.segment)
    chips = _chips(seen, selection, facets, listed)
    return render_template(
        "list.html",
        kind=kind,
        selection=selection,
        listed=listed,
        lines=lines,
        part=part,
        view=view,
        facets=facets,
        label=lambda facet, value: _label(seen, facet, value),
        links=links_,
        chips=chips,
        called=_called(seen, kind, chips),
        told=_told(seen, chips),
        same=translate(selection, seen.site.vocabulary),
        partner=_named(seen, selection.partner) if selection.partner else None,
        near=_named(seen, listed.place.territories[0]).label if listed.place and len(listed.place.territories) == 1 else "",
        unclear=[_doubt(seen, links_, one) for one in (*unclear, *_unplaced(selection, listed))],
        drawn=draw_points(seen, lines, links_.page_of) if view == "map" else None,
        files={suffix: form.media_type for suffix, (form, _) in FILES.items()},
        most=ROWS,
        cited=works.Citing(works.of_list, (kind.segment, _called(seen, kind, chips))),
        word=word,
    )


def _doubt(seen: Visit, links: Links, unclear: Unclear) -> Doubt:
    """What a page says of a value that it does not understand, with the lists that may be meant."""
    name, text = unclear.parameter, unclear.text
    own = unclear.parameter if unclear.parameter in _TYPED else "value"
    said = seen.say(f"list.unclear-{own}", text=text, facet=seen.say(f"list.facet-{name}") if own == "value" else "")
    meant = [(_meant(seen, name, iri), links.instead(name, text, _word(seen, name, iri))) for iri in unclear.candidates]
    return Doubt(said, tuple(meant), links.less(name, text) if name in FACETS else links.less(*_GIVEN_UP[name]))


def _meant(seen: Visit, name: str, iri: str) -> str:
    """How a reader is told what may be meant."""
    if name not in FACETS or name == "territory":
        return _named(seen, iri).label
    tree = seen.tables.theme_tree[seen.tables.themes.find(iri)] if name == "theme" else None
    return _label(seen, name, Value(iri, _word(seen, name, iri), 0, names=tree.names if tree else {}))


def _word(seen: Visit, name: str, iri: str) -> str:
    """How an address writes what may be meant."""
    base = seen.site.addresses.base
    return iri if name == "partner" else word("territory" if name == "near" else name, iri, base)


def _unplaced(selection: Selection, listed: Listed) -> list[Unclear]:
    """The place of "near", where nothing is called so."""
    if selection.near is None or listed.place is None or listed.place.territories:
        return []
    return [Unclear("near", selection.near.place, listed.place.candidates)]


def _plain(seen: Visit, kind: Kind, number: int) -> str:
    """The list of a kind whose entities are parts of others: no facets."""
    total = counts_of(seen)[kind.segment]
    listing = read_listing(seen.questions, seen.site.vocabulary, kind, seen.language, total, number)
    cited = works.Citing(works.of_list, (kind.segment, kind.plural(seen.language)))
    taken = {"files": tuple(FILES), "links": Links.of(seen, kind.segment), "most": _PARTS}
    return render_template("list-plain.html", kind=kind, listing=listing, cited=cited, **taken)


def _label(seen: Visit, facet: str, value: Value) -> str:
    """A value's name: from the trees, the ontology, or the record of a source."""
    if value.names:
        found = best(value.names, seen.language)
        return found[0] if found else value.word
    if facet == "source":
        iri = seen.site.addresses.source_of(value.iri)
        return _named(seen, iri).label if iri else value.word
    found = best(seen.site.vocabulary.label(value.iri), seen.language)
    return found[0] if found else value.word


def _named(seen: Visit, iri: str) -> Node:
    hit = seen.search.of([iri]).get(iri)
    texts: dict[str | None, str] = {}
    for text, tag in (*hit.names, *hit.other_names) if hit else ():
        texts.setdefault(tag, text)
    found = best(texts, seen.language)
    return Node(iri, found[0] if found else iri.rpartition("/")[2], None)


def _chips(seen: Visit, selection: Selection, facets: tuple[Facet, ...], listed: Listed | None) -> list[Chip]:
    """What narrows the list, each with the link that gives it up."""
    links = Links.of(seen, selection.kind)
    known = {(facet.name, one.iri): one for facet in facets for one in _flat(facet.values)}
    chips = []
    for facet, iris in selection.values.items():
        for iri in iris:
            value, own = known.get((facet, iri)), word(facet, iri, selection.base)
            raw = next((one for one in request.args.getlist(facet) if one in (own, iri)), own)
            label = _label(seen, facet, value) if value else _meant(seen, facet, iri)
            chips.append(Chip(seen.say(f"list.facet-{facet}"), label, links.less(facet, raw)))
    if selection.text:
        chips.append(Chip(seen.say("list.words"), selection.text, links.less("q")))
    if selection.partner:
        chips.append(Chip(seen.say("list.partner"), _named(seen, selection.partner).label, links.less("partner")))
    if selection.first_year or selection.last_year:
        years = f"{selection.first_year or '…'} – {selection.last_year or '…'}"
        chips.append(Chip(seen.say("list.period"), years, links.less("from", "to")))
    if selection.near:
        found = [_named(seen, iri).label for iri in listed.place.territories] if listed and listed.place else []
        where = ", ".join(found[:3]) or selection.near.place
        text = seen.say("list.within-km", km=selection.near.km, place=where)
        chips.append(Chip(seen.say("list.near"), text, links.less("near", "km")))
    return chips


def _told(seen: Visit, chips: list[Chip]) -> str:
    """What narrows the list, in one sentence: values of one filter widen each other, filters narrow."""
    by_name: dict[str, list[str]] = {}
    for chip in chips:
        by_name.setdefault(chip.name, []).append(seen.say("list.quoted", text=chip.value))
    either = f" {seen.say('list.or')} "
    return seen.say("versions.semicolon").join(
        f"{name}{seen.say('versions.colon')}{either.join(values)}" for name, values in by_name.items()
    )


def _flat(values: tuple[Value, ...]) -> list[Value]:
    return [one for value in values for one in (value, *_flat(value.below))]


def called(seen: Visit, kind: Kind) -> str:
    """What the list of this request is called in files and references: its kind, and what it is narrowed to."""
    if kind.segment in UNKEPT:
        return kind.plural(seen.language)
    links = Links.of(seen, kind.segment)
    selection = _selection(seen, kind.segment, MultiDict(_understood(seen, links).pairs))
    listed = _listed(seen, selection) if selection.near else None
    return _called(seen, kind, _chips(seen, selection, (), listed))


def _called(seen: Visit, kind: Kind, chips: list[Chip]) -> str:
    narrowed = ", ".join(chip.value for chip in chips)
    return f"{kind.plural(seen.language)}{seen.say('versions.colon')}{narrowed}" if narrowed else kind.plural(seen.language)


def _citation(seen: Visit, name: str, kind: str) -> Citation:
    links = Links.of(seen, kind)
    return Citation(
        question=name,
        version=seen.version,
        date=datetime.date.today().isoformat(),
        address=seen.urls.absolute(links.page(version=seen.version)),
        query=seen.say("list.method-what"),
        licences=licences_of(seen),
        language=seen.language,
    )
