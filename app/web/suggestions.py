"""Who should meet, at ``/suggestions``, and how far to trust it, at ``/evaluation``; the engine is app.discovery.suggestions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from flask import Blueprint, Response, abort, render_template, request

from app.asking import EXPORTS, Filled, fill_one, settled
from app.discovery.suggestions import Scopes, Suggester, Suggestion, Suggestions
from app.discovery.suggestions.evaluation import FEWEST_CASES, METHODS, OURS, Evaluation, evaluate
from app.discovery.suggestions.evaluation_rows import EVALUATED, evaluated, evaluated_row
from app.discovery.suggestions.suggester import PAIRS_EACH
from app.discovery.suggestions.wording import Told, Words, mentioned
from app.entities.model import Node, Part
from app.entities.sentences import Words as Sentence
from app.entities.sentences import flat
from app.entities.wording import collation
from app.errors import BadParameter, StoreError, UnderWay
from app.queries import Parameter
from app.terms import EngineTerm
from app.web.market import market_of
from app.web.near_names import offering
from app.web.responses import conditional
from app.web.site import Visit, asked_number, visit
from app.web.tables import Sheet, links, send
from app.web.underway import leave_unfinished, worked_out
from app.web.works import narrowed

blueprint = Blueprint("suggestions", __name__)
FOR = Parameter("for", "iri")
_KINDS = {"actor": ("actor",), "project": ("project", "actor")}
_AREA = "territory"
_PAGE, _BLOCK, _MOST_ROWS = 20, 3, 300
_MOST_EVALUATED = 20_000


@dataclass(frozen=True)
class Found:
    """What is suggested for something: of an entity, of a territory, or of the whole observatory."""

    subject: Node | None
    is_area: bool
    suggestions: Suggestions


@blueprint.get("/suggestions")
def page() -> Response:
    seen = visit()
    return conditional("html", lambda: _render(seen, _asked(seen)))


@blueprint.get("/suggestions.<suffix>")
def file(suffix: str) -> Response:
    if suffix not in EXPORTS:
        abort(404)
    seen = visit()
    filled = _asked(seen)
    if filled.reason:
        raise filled.refusal("for")
    found = _found(seen, _iri(filled))
    if found is None:
        raise BadParameter(name="for", value=filled.text, reason="suggestions.wrong-kind")
    address = seen.urls.page("/suggestions", **{"for": _iri(filled)}, version=seen.version)
    return send(seen, "suggestions", suffix, address, lambda: _sheet(seen, found))


@blueprint.get("/evaluation")
def evaluation() -> Response:
    seen = visit()
    return conditional("html", lambda: _render_evaluation(seen))


@blueprint.get("/evaluation.<suffix>")
def evaluation_file(suffix: str) -> Response:
    if suffix not in EXPORTS:
        abort(404)
    seen = visit()
    if len(seen.network) > _MOST_EVALUATED:
        raise BadParameter(name="version", value=str(seen.version), reason="suggestions.evaluation-large")
    address = seen.urls.page("/evaluation", version=seen.version)
    return send(seen, "evaluation", suffix, address, lambda: _evaluation_sheet(seen))


def suggester_of(seen: Visit) -> Suggester:
    """The suggester of the version that is read: made once, then kept. Raises :class:`app.errors.UnderWay` as the market does."""

    market = market_of(seen)

    def make() -> Suggester:
        network = seen.network
        return Suggester(network, Scopes(network, market.tree, market.places), market)

    return seen.site.kept.get("suggester", seen.number, make)


def evaluation_of(seen: Visit) -> Evaluation | None:
    """The evaluation on the version that is read: worked out once, then kept."""
    return seen.site.kept.get("evaluation", seen.version, lambda: evaluate(suggester_of(seen)))


def first_for(seen: Visit, iri: str, kind: str | None) -> tuple[Sequence[Suggestion] | None, int]:
    """The first few suggestions for an actor or a project, and how many there are; none where the version has no network.

    None instead of them while they cannot be known yet.
    """
    if kind not in _KINDS:
        return (), 0
    try:
        found = _suggested(suggester_of(seen), iri)
    except UnderWay:
        leave_unfinished()
        return None, 0
    except StoreError:
        return (), 0
    items = found[1].items if found else ()
    return items[:_BLOCK], len(items)


def named_in(seen: Visit, items: Sequence[Suggestion]) -> set[str]:
    """The IRIs whose names are needed to tell some suggestions."""
    return mentioned(suggester_of(seen), items) if items else set()


def _render(seen: Visit, filled: Filled) -> str:
    found = None if filled.reason else _found(seen, _iri(filled))
    items = found.suggestions.items if found else ()
    number = asked_number("page") or 1
    part = Part(len(items), min(number, Part(len(items), size=_PAGE).pages), _PAGE)
    hubs = found.suggestions.hubs if found else ()
    return render_template(
        "suggestions.html",
        filled=filled,
        found=found,
        text=found.subject.label if found and found.subject else filled.text,
        told=told(seen, items[part.first - 1 : part.last]),
        hubs=_hubs(seen, hubs),
        part=part,
        each=PAIRS_EACH,
        files=links(seen, "/suggestions", **{"for": _iri(filled)}) if found else {},
        formats={suffix: form.media_type for suffix, (form, _) in EXPORTS.items()},
        wider=_wider(seen, _iri(filled)) if found and not items else [],
    )


def _wider(seen: Visit, iri: str | None) -> list[Node]:
    """What holds a territory: where to look when nothing is suggested in it."""
    holders = sorted(suggester_of(seen).scopes.places.holders.get(iri or "", ()))
    seen.names.ask(seen.questions, holders)
    return sorted((seen.names.node(holder) for holder in holders), key=lambda node: collation(node.label))


def _asked(seen: Visit) -> Filled:
    """What is asked for, with near names where nothing bears the one that was typed."""
    return offering(seen, settled(fill_one(FOR, request.args, seen.questions)), (*_KINDS, _AREA))


def _iri(filled: Filled) -> str | None:
    return filled.term.value if isinstance(filled.term, ox.NamedNode) else None


def _found(seen: Visit, iri: str | None) -> Found | None:
    """The suggestions for an entity; None where nothing is suggested for its kind."""
    suggester = suggester_of(seen)
    if iri is None:
        best = worked_out(seen, "suggestions", lambda: suggester.within(None))
        return Found(None, True, best)
    found = _suggested(suggester, iri)
    if found is None:
        return None
    seen.names.ask(seen.questions, [iri])
    return Found(seen.names.node(iri), *found)


def _suggested(suggester: Suggester, iri: str) -> tuple[bool, Suggestions] | None:
    """Whether it is an area, and its suggestions; None where nothing is suggested for its kind."""
    node = suggester.network.ordinal(iri)
    kind = suggester.network.kind(node) if node is not None else None
    if node is None or kind not in (*_KINDS, _AREA):
        return None
    if kind == _AREA:
        return True, suggester.within(iri)
    return False, suggester.for_entity(node, _KINDS[str(kind)])


def told(seen: Visit, items: Sequence[Suggestion]) -> list[Told]:
    """Some suggestions in words."""
    words = _words(seen, named_in(seen, items)) if items else None
    return [words.suggestion(one) for one in items] if words else []


def _hubs(seen: Visit, nodes: tuple[int, ...]) -> Sentence:
    return _words(seen, mentioned(suggester_of(seen), (), nodes)).hubs(nodes) if nodes else ()


def _words(seen: Visit, wanted: set[str]) -> Words:
    seen.names.ask(seen.questions, wanted)
    return Words(suggester_of(seen), seen.names, seen.language)


def _sheet(seen: Visit, found: Found) -> Sheet:
    rows = list(_rows(told(seen, found.suggestions.items[:_MOST_ROWS]), seen.say("versions.semicolon")))
    columns = ("one", "other", "score", "why")
    return Sheet(
        narrowed(seen, seen.say("suggestions.question"), (found.subject.iri if found.subject else None,)),
        columns,
        rows,
        seen.say("suggestions.method-how"),
    )


def _rows(told: list[Told], between: str) -> Iterator[dict[str, EngineTerm]]:
    """A row a suggestion, with its reasons in one text."""
    for one in told:
        why = between.join(flat(reason.words) for reason in one.reasons)
        score = ox.Literal(f"{one.score:.4f}", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
        yield {
            "one": ox.NamedNode(one.one.iri),
            "other": ox.NamedNode(one.other.iri),
            "score": score,
            "why": ox.Literal(why),
        }


def _render_evaluation(seen: Visit) -> str:
    too_large = len(seen.network) > _MOST_EVALUATED
    told = None if too_large else evaluation_of(seen)
    rivals = [method for method in METHODS if method != OURS]
    verdicts = {rival: told.verdict(rival) for rival in rivals} if told and told.measures else {}
    return render_template(
        "evaluation.html",
        too_large=too_large,
        told=told,
        verdicts=verdicts,
        fewest=FEWEST_CASES,
        meaning=meaning(list(verdicts.values())),
        files=links(seen, "/evaluation") if told and told.measures else {},
        formats={suffix: form.media_type for suffix, (form, _) in EXPORTS.items()},
    )


def _evaluation_sheet(seen: Visit) -> Sheet:
    """A row a method, none where nothing was foreseeable; what was hidden stands with the method."""
    told = evaluation_of(seen)
    rows = [evaluated_row(told, one, seen.language) for one in told.measures] if told else []
    return Sheet(seen.say("suggestions.evaluation-title"), EVALUATED, rows, evaluated(told, seen.language))


def meaning(verdicts: list[str]) -> str:
    """What all verdicts together say."""
    if "worse" in verdicts:
        return "worse"
    return "better" if verdicts and set(verdicts) == {"better"} else "inconclusive"
