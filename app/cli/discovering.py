"""What the commands of discovery share: the questions put to a version, an entity by its address or its name."""

from __future__ import annotations

from functools import partial

from app import sparql
from app.asking import fill_one, settled
from app.assembly import load_catalogue
from app.cli.misread import misread
from app.cli.parts import Place
from app.discovery.matching import Market
from app.discovery.matching.files import Stated
from app.discovery.matching.index import NAME
from app.discovery.matching.opening import market_on
from app.discovery.network import Network
from app.discovery.suggestions import Scopes, Suggester
from app.engine.direct import DirectEngine
from app.engine.indexes import Indexes
from app.entities.questions import Questions
from app.queries import Parameter
from app.text import Language


def discover(place: Place, version: int | None = None) -> Questions:
    """The catalogue put to a version of the store, the newest where none is named."""
    engine = DirectEngine(place.repository)
    number = version if version is not None else engine.version()
    return Questions(
        load_catalogue(), partial(sparql.rows, engine, version=number), partial(sparql.triples, engine, version=number)
    )


def suggester_on(place: Place, questions: Questions, version: int | None = None) -> Suggester:
    """The suggester of a version. Raises :class:`app.errors.IndexMissing` for one without a network."""
    number = version if version is not None else place.repository.current_number()
    network = Indexes(place.repository.lease, "network", Network.open).at(number)
    market = market_of(place, questions, number)
    return Suggester(network, Scopes(network, market.tree, market.places), market)


def market_of(place: Place, questions: Questions, version: int | None = None) -> Market:
    """The needs, offers and calls of a version."""
    number = version if version is not None else place.repository.current_number()
    return market_on(Indexes(place.repository.lease, NAME, Stated.read), number, questions)


def entity_of(text: str, questions: Questions, name: str, language: Language) -> str:
    """An entity by its address or its exact name, from the argument or option ``name``.

    Raises :class:`app.errors.BadParameter`, with those that are like it.
    """
    filled = settled(fill_one(Parameter("for", "iri"), {"for": text}, questions))
    if filled.term is None:
        raise misread(filled, name, language)
    return str(getattr(filled.term, "value", filled.term))
