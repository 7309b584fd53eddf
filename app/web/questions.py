"""The catalogue: all questions at ``/queries``, and each at ``/queries/<name>`` as form, table and file; no query of its own."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request

from app import sparql
from app.asking import EXPORTS, Citation, Filled, Table, fill, table, write
from app.asking.sheets import licences
from app.asking.tables import nodes
from app.entities.names import Names
from app.entities.questions import Row
from app.entities.wording import collation
from app.errors import AnswerTooLarge, ResultTooLarge, UnknownQuery
from app.media import LINKED
from app.queries import CannedQuery
from app.queries.parts import first_rows, quickly_sorted, row_count
from app.terms import PREFIXES, EngineTerm
from app.web import works
from app.web.errors import expected
from app.web.narrowing import narrower
from app.web.question_charts import Sums, chart_of, rows_answered, summed, sums_answered, sums_asked
from app.web.responses import conditional
from app.web.site import Visit, visit
from app.web.wishes import by_audience, by_subject, examples, other_ways
from app.web.works import Cited

blueprint = Blueprint("questions", __name__)
SHOWN_ROWS = 500
Ask = Callable[[str], tuple[tuple[str, ...], list[Row]]]
_SCHEMES = {"maillage:Theme": "https://w3id.org/maillage/theme"}


@dataclass(frozen=True)
class Answered:
    """A question with its parameters, and its answer when they were all understood."""

    query: CannedQuery
    filled: tuple[Filled, ...]
    text: str
    columns: tuple[str, ...] = ()
    rows: Sequence[Row] = ()
    total: int = 0
    sums: Sums = field(default_factory=dict)
    asked: bool = False


@blueprint.errorhandler(UnknownQuery)
def unknown(error: UnknownQuery) -> Response:
    """The page of an error lists the question whose name comes near, and where all questions stand."""
    return expected(error, lambda: _instead(visit(), error.details.get("nearest")))


def _instead(seen: Visit, nearest: object) -> list[tuple[str, str]]:
    near = seen.site.catalogue.queries.get(str(nearest))
    found = [(seen.urls.page(f"/queries/{near.name}"), near.question[seen.language])] if near and "/" not in near.name else []
    return [*found, (seen.urls.page("/queries"), seen.say("queries.all"))]


@blueprint.get("/queries")
def index() -> Response:
    seen = visit()
    files = {suffix: (form, seen.urls.data(f"/queries.{suffix}")) for suffix, form in LINKED.items()}
    response = conditional(
        "html",
        lambda: render_template("queries.html", audiences=by_audience(seen), subjects=by_subject(seen), files=files),
    )
    response.headers.extend([("Link", f'<{link}>; rel="alternate"; type="{form.media_type}"') for form, link in files.values()])
    return response


@blueprint.get("/queries/<name>")
def question(name: str) -> Response:
    stem, _, suffix = name.rpartition(".")
    if suffix in EXPORTS and stem:
        return _file(stem, suffix)
    return conditional("html", lambda: _page(name))


def _page(name: str) -> str:
    seen = visit()
    found = _ask(seen, name, SHOWN_ROWS)
    given = {one.parameter.name: _address(one.term) for one in found.filled if one.term is not None}
    texts = _texts(seen, found)
    return render_template(
        "query.html",
        query=found.query,
        filled=found.filled,
        given=given,
        texts=texts,
        asked=bool(request.args),
        options={one.parameter.name: options(seen, one) for one in found.filled},
        table=_table(seen, found.columns, found.rows[:SHOWN_ROWS]) if found.asked else None,
        total=found.total,
        ways=other_ways(seen, found.query),
        text=found.text,
        suffixes=tuple(EXPORTS),
        formats={suffix: form.media_type for suffix, (form, _) in EXPORTS.items()},
        files={s: seen.urls.page(f"/queries/{name}.{s}", **given, version=seen.version) for s in EXPORTS},
        example=_example(seen, found),
        drawing=chart_of(found.query, found.sums, seen) if found.asked else None,
        cited=_cited(seen, found, texts) if found.asked else None,
        narrower=narrower(seen, name, found.filled, given) if found.total > seen.site.settings.query_rows else None,
        most=seen.site.settings.query_rows,
    )


def _texts(seen: Visit, found: Answered) -> dict[str, str]:
    """What stands in each field: the name of an entity that was given by its address, else what was typed."""
    names = Names(seen.site.vocabulary, seen.language)
    entities = {one.parameter.name: one.term.value for one in found.filled if isinstance(one.term, ox.NamedNode)}
    names.ask(seen.questions, entities.values())
    return {
        one.parameter.name: names.node(entities[one.parameter.name]).label
        if one.parameter.name in entities and names.is_named(entities[one.parameter.name])
        else one.text
        for one in found.filled
    }


def _example(seen: Visit, found: Answered) -> str | None:
    """The question with its examples filled in, when something required is still missing."""
    given = examples(found.query)
    if found.asked or given is None:
        return None
    return seen.urls.page(f"/queries/{found.query.name}", **given)


def _file(name: str, suffix: str) -> Response:
    seen = visit()
    found = _ask(seen, name)
    _require_understood(found)

    def build() -> Response:
        body = write(suffix, _table(seen, found.columns, found.rows), _citation(seen, found))
        return Response(body, content_type=EXPORTS[suffix][0].media_type + ("; charset=utf-8" if suffix != "xlsx" else ""))

    response = conditional(suffix, build, daily=True)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-v{seen.version}.{suffix}"'
    response.headers["X-Maillage-Rows"] = str(found.total)
    return response


def _ask(seen: Visit, name: str, most: int | None = None) -> Answered:
    """A question with its answer: all rows, or the first ``most`` with the number of all and the sums that its chart draws."""
    found = _understood(seen, name)
    if any(one.reason for one in found.filled):
        return found
    ask = partial(sparql.solutions, seen.site.engine, version=seen.version)
    columns, rows = _whole(seen, found, ask) if most is None else ask(first_rows(found.text, most + 1))
    if most is None or len(rows) <= most:
        return replace(found, columns=columns, rows=rows, total=len(rows), sums=summed(found.query, rows), asked=True)
    summed_up = ask(sums_asked(found.query, found.text))[1] if found.query.chart else []
    total = rows_answered(summed_up) or _counted(ask(row_count(found.text))[1])
    drawn = sums_answered(found.query, summed_up) if summed_up else {}
    return replace(found, columns=columns, rows=rows[:most], total=total, sums=drawn, asked=True)


def _whole(seen: Visit, found: Answered, ask: Ask) -> tuple[tuple[str, ...], list[Row]]:
    """All rows. Raises :class:`app.errors.AnswerTooLarge` where parameters would narrow them."""
    try:
        return ask(quickly_sorted(found.text))
    except ResultTooLarge as error:
        if not found.filled:
            raise
        names = ", ".join(one.parameter.name for one in found.filled)
        raise AnswerTooLarge(**error.details, parameters=names, page=_link(seen, found)) from error


def _counted(rows: Sequence[Row]) -> int:
    number = rows[0]["rows"]
    return int(number.value) if isinstance(number, ox.Literal) else 0


def _require_understood(found: Answered) -> None:
    wrong = next((one for one in found.filled if one.reason), None)
    if wrong is not None:
        raise wrong.refusal()


def _understood(seen: Visit, name: str) -> Answered:
    """A question with what was given for its parameters; not yet asked."""
    query = seen.site.catalogue.get(name)
    if "/" in name:
        raise UnknownQuery(name=name)
    filled = fill(query, request.args, seen.questions)
    wrong = any(one.reason for one in filled)
    return Answered(query, filled, query.body if wrong else query.bind(_terms(filled)))


def _terms(filled: Sequence[Filled]) -> dict[str, EngineTerm]:
    return {one.parameter.name: one.term for one in filled if one.term is not None}


def cite_question(seen: Visit, name: str) -> Cited:
    """What the answer to a question is cited as. Raises :class:`app.errors.BadParameter` for what was not understood."""
    found = _understood(seen, name)
    _require_understood(found)
    return _cited(seen, found, _texts(seen, found))


def _cited(seen: Visit, found: Answered, texts: Mapping[str, str]) -> Cited:
    terms = {name: _address(term) for name, term in _terms(found.filled).items()}
    values = [(one.parameter.label[seen.language], texts[one.parameter.name]) for one in found.filled if one.term is not None]
    return works.of_question(seen, found.query.name, found.query.question[seen.language], terms, values, found.text)


def _table(seen: Visit, columns: Sequence[str], rows: Sequence[Row]) -> Table:
    names = Names(seen.site.vocabulary, seen.language)
    names.ask(seen.questions, nodes(rows))
    return table(columns, rows, names, seen.language)


def options(seen: Visit, one: Filled) -> list[tuple[str, str]]:
    """What a list offers where the values are concepts of one scheme: IRI and name."""
    class_ = one.parameter.of_class or ""
    scheme = _SCHEMES.get(class_) or (PREFIXES["code"] + class_.removeprefix("code:") if class_.startswith("code:") else None)
    if scheme is None:
        return []
    labels: dict[str, dict[str | None, str]] = {}
    for row in seen.questions.rows("concepts-of-a-scheme", scheme=ox.NamedNode(scheme)):
        concept, label = row["concept"], row["label"]
        if isinstance(concept, ox.NamedNode) and isinstance(label, ox.Literal):
            labels.setdefault(concept.value, {})[label.language] = label.value
    named = [(iri, texts.get(seen.language) or next(iter(texts.values()))) for iri, texts in labels.items()]
    return sorted(named, key=lambda pair: collation(pair[1]))


def _link(seen: Visit, found: Answered) -> str:
    """The address of this very answer: the question, its parameters as terms, and the version."""
    terms = {one.parameter.name: _address(one.term) for one in found.filled if one.term is not None}
    return seen.urls.absolute(seen.urls.page(f"/queries/{found.query.name}", **terms, version=seen.version))


def _address(term: EngineTerm) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def _citation(seen: Visit, found: Answered) -> Citation:
    return Citation(
        question=found.query.question[seen.language],
        version=seen.version,
        date=datetime.date.today().isoformat(),
        address=_link(seen, found),
        query=found.text,
        licences=licences_of(seen),
        language=seen.language,
    )


def licences_of(seen: Visit) -> tuple[str, ...]:
    """Each source of the version with its licence."""
    return licences(seen.questions, seen.site.addresses, seen.site.vocabulary, seen.language)
