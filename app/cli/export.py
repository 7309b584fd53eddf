"""``maillage export``: the graphs of sources, or all of them merged, as one RDF file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import click
import pyoxigraph as ox

from app.cli.console import Console
from app.cli.parts import open_place, pass_console, written_file
from app.cli.wording import NewFile, OneOf, Whole, make
from app.engine.versions import Reader
from app.errors import UnknownChoice
from app.ingest.importing import graph_of
from app.media import GRAPHS
from app.terms import PREFIXES

_FORMATS = {form.suffix: ox.RdfFormat.from_media_type(form.media_type) for form in GRAPHS}
_COMPUTED = ("derived", "merge")


@make("export")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--format", "format_", type=OneOf(_FORMATS))
@click.option("--output", type=NewFile(), metavar="FILE")
@click.option("--at", "version", type=Whole(1), metavar="N")
@pass_console
def export(console: Console, sources: tuple[str, ...], format_: str | None, output: Path | None, version: int | None) -> int:
    form = _FORMATS[format_ or _suffix(output) or "nq"]
    if form is None:
        raise UnknownChoice(name="format", value=str(format_), choices=", ".join(_FORMATS))
    place = open_place()
    with place.repository.reader(version) as reader, written_file(output) as file:
        graphs = [ox.NamedNode(graph_of(place.settings.base_iri, source)) for source in sources]
        _require(reader, graphs)
        ox.serialize(_statements(reader, graphs, form, place.settings.base_iri), file, form, prefixes=_prefixes(form))
        number = reader.version.number
    if output is not None:
        console.note("exported", file=str(output), version=str(number))
        console.result({"file": str(output), "version": number})
    return 0


def _suffix(output: Path | None) -> str | None:
    """The format that a file's name tells."""
    if output is None:
        return None
    name = output.name.removesuffix(".gz")
    suffix = name.rpartition(".")[2]
    if suffix not in _FORMATS:
        raise UnknownChoice(name="output", value=output.name, choices=", ".join(f".{known}" for known in _FORMATS))
    return suffix


def _require(reader: Reader, graphs: Iterable[ox.NamedNode]) -> None:
    for graph in graphs:
        if next(iter(reader.quads(graph=graph)), None) is None:
            known = sorted(_name(name) for name in reader.store.named_graphs())
            raise UnknownChoice(name="source", value=_name(graph), choices=", ".join(known))


def _statements(
    reader: Reader, graphs: list[ox.NamedNode], form: ox.RdfFormat, base: str
) -> Iterator[ox.Quad] | Iterator[ox.Triple]:
    """Quads with their source where the format has graphs, else triples; all sources, merged, when none is named."""
    if form.supports_datasets:
        computed = {ox.NamedNode(f"{base}graphs/{name}") for name in _COMPUTED}
        named = {name for name in reader.store.named_graphs() if isinstance(name, ox.NamedNode)}
        wanted = graphs or sorted(named - computed, key=str)
        return chain.from_iterable(reader.quads(graph=graph) for graph in wanted)
    if not graphs:
        return (quad.triple for quad in reader.quads(graph=ox.DefaultGraph()))
    return (quad.triple for graph in graphs for quad in reader.quads(graph=graph))


def _prefixes(form: ox.RdfFormat) -> dict[str, str] | None:
    return None if form in (ox.RdfFormat.N_QUADS, ox.RdfFormat.N_TRIPLES) else PREFIXES


def _name(graph: object) -> str:
    return str(graph).strip("<>").rpartition("/")[2]


COMMAND = export
