"""``maillage search``: records by what people type, as the search page finds them."""

from __future__ import annotations

from typing import Any

import click

from app.asking.finding import Result, Wording
from app.assembly import load_vocabulary
from app.cli.console import Console
from app.cli.parts import open_place, pass_console
from app.cli.wording import Whole, make
from app.engine.indexes import Indexes
from app.errors import UnknownChoice
from app.search import NAME, Ask, load
from app.vocabulary import Vocabulary

_MOST = 1_000


@make("search")
@click.argument("text")
@click.option("--kind", "kinds", multiple=True, metavar="KIND")
@click.option("--limit", type=Whole(1), default=20, metavar="N")
@click.option("--at", "version", type=Whole(1), metavar="N")
@pass_console
def search(console: Console, text: str, kinds: tuple[str, ...], limit: int, version: int | None) -> int:
    place, vocabulary = open_place(), load_vocabulary()
    number = version if version is not None else place.repository.current_number()
    opened = Indexes(place.repository.lease, NAME, load).at(number)
    found = opened.find(Ask(text, kinds=_known(kinds, vocabulary), limit=min(limit, _MOST)))
    results = Wording(opened, vocabulary, console.language).results(found)
    console.result(
        {
            "version": number,
            "reading": found.reading,
            "total": found.total,
            "kinds": dict(found.kinds),
            "results": [_document(one) for one in results],
        }
    )
    if not console.as_json:
        columns = [console.say(f"search-{name}") for name in ("name", "what", "where", "iri")]
        console.table(columns, [[one.label, one.what or "–", ", ".join(one.where), one.iri] for one in results])
        console.note(f"search-{found.reading}", n=found.total, version=str(number))
    return 0


def _known(kinds: tuple[str, ...], vocabulary: Vocabulary) -> frozenset[str]:
    known = [kind.segment for kind in vocabulary.kinds()]
    for one in kinds:
        if one not in known:
            raise UnknownChoice(name="kind", value=one, choices=", ".join(known))
    return frozenset(kinds)


def _document(one: Result) -> dict[str, Any]:
    return {
        "iri": one.iri,
        "label": one.label,
        "kind": one.kind or None,
        "what": one.what,
        "where": list(one.where),
        "why": one.why,
        "said": "".join(text for text, _ in one.said) or None,
    }


COMMAND = search
