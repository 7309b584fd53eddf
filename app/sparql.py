"""Asking the engine from our own code: a question's text in, terms out; not the endpoint that strangers ask (web)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager

import pyoxigraph as ox

from app.engine.asks import Answer, Ask, Engine
from app.media import JSON_RESULTS, N_TRIPLES
from app.terms import EngineTerm

Row = Mapping[str, EngineTerm]


def rows(engine: Engine, text: str, *, version: int | None = None) -> list[Row]:
    """The rows of a SELECT, each with only its bound variables. Raises what the engine raises (:mod:`app.errors`)."""
    return solutions(engine, text, version=version)[1]


def solutions(engine: Engine, text: str, *, version: int | None = None) -> tuple[tuple[str, ...], list[Row]]:
    """The variables of a SELECT in order, and its rows."""
    with _answer(engine, text, version).body as body:
        found = ox.parse_query_results(body.read(), ox.QueryResultsFormat.JSON)
        if not isinstance(found, ox.QuerySolutions):
            raise TypeError("only a SELECT has rows")
        names = tuple(variable.value for variable in found.variables)
        return names, [{name: term for name, term in zip(names, row, strict=True) if term is not None} for row in found]


def triples(engine: Engine, text: str, *, version: int | None = None) -> list[ox.Triple]:
    """The triples of a CONSTRUCT or DESCRIBE."""
    with _answer(engine, text, version).body as body:
        return [quad.triple for quad in ox.parse(body.read(), ox.RdfFormat.N_TRIPLES)]


def ahead(engine: Engine, texts: Sequence[str], *, version: int | None = None) -> AbstractContextManager[None]:
    """Each of these questions is asked within the block: see :meth:`app.engine.asks.Engine.ahead`."""
    return engine.ahead([_ask(text, version) for text in texts])


def _answer(engine: Engine, text: str, version: int | None) -> Answer:
    return engine.answer(_ask(text, version))


def _ask(text: str, version: int | None) -> Ask:
    return Ask(
        query=text, lane="page", solutions=JSON_RESULTS.media_type, graph=N_TRIPLES.media_type, version=version, client="page"
    )
