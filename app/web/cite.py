"""Citations as files at ``/cite.<suffix>``: of a record (``iri``), a list (``kind``), a question or a query, of one version."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, abort, request

from app.citing import Work, bibtex, csl, plain
from app.entities.addresses import is_iri
from app.entities.past import last_seen
from app.errors import BadParameter, UnknownChoice
from app.web import works
from app.web.entity import absence
from app.web.lists import called
from app.web.questions import cite_question
from app.web.responses import conditional
from app.web.site import Visit, visit
from app.web.sparql_request import dataset_of
from app.web.works import SUFFIXES, Cited

blueprint = Blueprint("cite", __name__)
_WRITE: Mapping[str, Callable[[Work], str]] = {"bib": bibtex, "json": csl, "txt": lambda work: plain(work) + "\n"}
_NAMING = ("iri", "kind", "question", "query")


@blueprint.get("/cite.<suffix>")
def file(suffix: str) -> Response:
    """Raises :class:`app.errors.BadParameter` where not exactly one thing is named."""
    if suffix not in _WRITE:
        abort(404)
    seen = visit()
    response = conditional(f"cite {suffix}", lambda: Response(_WRITE[suffix](_named(seen).work), content_type=SUFFIXES[suffix]))
    response.content_type = SUFFIXES[suffix]
    response.headers["Content-Disposition"] = f'attachment; filename="citation-v{seen.version}.{suffix}"'
    return response


def _named(seen: Visit) -> Cited:
    given = [name for name in _NAMING if request.args.get(name)]
    if len(given) != 1:
        raise BadParameter(name=" | ".join(_NAMING), value=", ".join(given), reason="only-one")
    value = request.args[given[0]]
    match given[0]:
        case "iri":
            return _entity(seen, value)
        case "kind":
            return _list(seen, value)
        case "question":
            return cite_question(seen, value)
    return works.of_query(seen, value, seen.version, dataset_of(request.args))


def _entity(seen: Visit, iri: str) -> Cited:
    if not is_iri(iri):
        raise BadParameter(name="iri", value=iri[:200], reason="iri")
    found = last_seen(iri, seen.questions, seen.site.vocabulary, seen.language)
    if found is None:
        raise absence(seen, iri)
    return works.of_entity(seen, iri, found.label, found.kind)


def _list(seen: Visit, segment: str) -> Cited:
    kinds = {kind.segment: kind for kind in seen.site.vocabulary.kinds()}
    if segment not in kinds:
        raise UnknownChoice(name="kind", value=segment[:200], choices=", ".join(sorted(kinds)))
    return works.of_list(seen, segment, called(seen, kinds[segment]))
