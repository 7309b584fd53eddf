"""A question of the catalogue on the command line: name and parameters read into the SPARQL that answers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import click

from app import sparql
from app.asking import fill
from app.cli.misread import misread
from app.engine.asks import Engine
from app.entities.questions import Questions
from app.errors import BadParameter
from app.queries import Catalogue
from app.text import Language, say


def is_question(given: str, catalogue: Catalogue) -> bool:
    """Whether an argument names a question of the catalogue; a file of that name comes first."""
    return given in catalogue.queries and _folder(given) in ("", "profiles") and not Path(given).exists()


def text_of(
    name: str, pairs: Sequence[str], catalogue: Catalogue, engine: Engine, version: int | None, language: Language
) -> str:
    """The question with its parameters. Raises :class:`app.errors.BadParameter` for one that is not understood,
    ``click.UsageError`` for one that is missing."""
    query = catalogue.get(name)
    given = _given(pairs)
    for unknown in given.keys() - {parameter.name for parameter in query.params}:
        known = ", ".join(param.name for param in query.params)
        raise BadParameter(name=unknown, value=given[unknown], reason="unknown-blank" if known else "no-blanks", known=known)
    rows, triples = partial(sparql.rows, engine, version=version), partial(sparql.triples, engine, version=version)
    filled = fill(query, given, Questions(catalogue, rows, triples))
    for one in filled:
        if one.reason == "missing":
            raise click.UsageError(say("cli.missing-param", language, name=one.parameter.name), click.get_current_context())
        if one.reason:
            raise misread(one, one.parameter.name, language)
    return query.bind({one.parameter.name: one.term for one in filled if one.term is not None})


def _given(pairs: Sequence[str]) -> Mapping[str, str]:
    """``name=value`` as a mapping."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or name in found:
            raise BadParameter(name=name, value=value, reason="name-value")
        found[name] = value
    return found


def _folder(name: str) -> str:
    return name.rpartition("/")[0]
