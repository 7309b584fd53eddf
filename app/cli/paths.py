"""``maillage paths``: how two entities or more are linked, in sentences with their periods and sources."""

from __future__ import annotations

import json
from functools import partial

import click
import pyoxigraph as ox

from app import sparql
from app.asking import Citation, fill_one
from app.asking.explaining import MOST_BEST, MOST_ENDS, Explained, Wish, fitting, search, tell
from app.asking.path_files import to_json
from app.assembly import load_catalogue, load_vocabulary
from app.cli.console import Console
from app.cli.misread import misread
from app.cli.parts import open_place, pass_console
from app.cli.wording import Whole, make
from app.discovery.network import Network
from app.discovery.paths import LONGEST
from app.engine.direct import DirectEngine
from app.engine.indexes import Indexes
from app.entities.addresses import Addresses
from app.entities.questions import Questions
from app.errors import BadParameter
from app.queries import Parameter
from app.text import say


@make("paths")
@click.argument("ends", nargs=-1, required=True, metavar="FROM TO")
@click.option("--longest", type=Whole(1), metavar="N")
@click.option("--best", type=Whole(1), default=5, metavar="N")
@click.option("--at", "version", type=Whole(1), metavar="N")
@pass_console
def paths(console: Console, ends: tuple[str, ...], longest: int | None, best: int, version: int | None) -> int:
    if not 2 <= len(ends) <= MOST_ENDS:
        raise click.UsageError(console.say("paths-ends", most=MOST_ENDS))
    wish = Wish(min(longest or 4, LONGEST), min(best, MOST_BEST))
    place = open_place()
    number = version if version is not None else place.repository.current_number()
    network = Indexes(place.repository.lease, "network", Network.open).at(number)
    engine, catalogue, vocabulary = DirectEngine(place.repository), load_catalogue(), load_vocabulary()
    questions = Questions(
        catalogue, partial(sparql.rows, engine, version=number), partial(sparql.triples, engine, version=number)
    )
    nodes = [_node(text, "TO" if nth else "FROM", questions, network, console) for nth, text in enumerate(ends)]
    if len(set(nodes)) < len(nodes):
        raise BadParameter(name="TO", value=ends[-1], reason=say("paths.same", console.language))
    wish, found = (wish, search(network, nodes, wish)) if longest else fitting(network, nodes, wish, LONGEST)
    addresses = Addresses(place.settings.base_iri, frozenset(kind.segment for kind in vocabulary.kinds()))
    told = tell(found, network, nodes, questions, vocabulary, addresses, console.language)
    console.result(json.loads(to_json(told, Citation("", number, "", "", "", (), console.language))))
    _show(told, wish, console)
    return 0


def _node(text: str, name: str, questions: Questions, network: Network, console: Console) -> int:
    """The entity of a name or an address. Raises :class:`app.errors.BadParameter` with those that it may be."""
    one = fill_one(Parameter("name", "iri", required=True), {"name": text}, questions)
    if one.reason or not isinstance(one.term, ox.NamedNode):
        raise misread(one, name, console.language)
    node = network.ordinal(one.term.value)
    if node is None:
        raise BadParameter(name=name, value=text, reason=say("paths.not-linked", console.language))
    return node


def _show(told: Explained, wish: Wish, console: Console) -> None:
    if not told.explanations:
        console.tell("paths-none", n=wish.longest)
    for number, one in enumerate(told.explanations, 1):
        console.tell("paths-one", number=number, text=one.text)
        sources = sorted({told.sources[g].node.label for step in one.steps for g in step.graphs if g in told.sources})
        if sources:
            console.tell("paths-sources", names=", ".join(sources))


COMMAND = paths
