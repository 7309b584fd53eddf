"""The website and the query endpoint: an engine goes in, a Flask app comes out; nothing is kept at module level."""

from __future__ import annotations

from flask import Flask

from app import reads
from app.citing.description import Description
from app.discovery.matching.files import Stated
from app.discovery.network import Network
from app.engine.asks import Engine
from app.engine.disk import MEGABYTE
from app.engine.dumping import Dumps
from app.engine.indexes import Indexes
from app.entities.addresses import Addresses
from app.facts import Opening
from app.queries import Catalogue
from app.search import NAME, load
from app.settings import Settings
from app.shapes import Shapes
from app.vocabulary import Vocabulary
from app.web import (
    agenda,
    assets,
    atlas,
    catalogue,
    changes,
    cite,
    compression,
    dumps,
    editor,
    embedding,
    entity,
    erasures,
    errors,
    graph_store,
    health,
    history,
    home,
    legal,
    lists,
    long_addresses,
    matches,
    memento,
    near,
    neighbourhood,
    ontology,
    openapi,
    opensearch,
    paths,
    portrait,
    problems,
    profiles,
    published,
    quality,
    questions,
    search,
    shapes,
    sitemap,
    sparql,
    statistics,
    structure,
    suggestions,
    templating,
    themes,
    timing,
    versions,
)
from app.web.heeding import HeededHistory
from app.web.release import release
from app.web.responses import secure
from app.web.site import History, Site
from app.web.urls import LanguagePrefix

_BLUEPRINTS = (
    home,
    questions,
    search,
    opensearch,
    paths,
    legal,
    sitemap,
    themes,
    matches,
    suggestions,
    neighbourhood,
    statistics,
    structure,
    changes,
    agenda,
    atlas,
    portrait,
    quality,
    near,
    lists,
    entity,
    sparql,
    editor,
    graph_store,
    ontology,
    shapes,
    versions,
    history,
    cite,
    memento,
    published,
    dumps,
    health,
    timing,
    assets,
    problems,
    openapi,
    catalogue,
    profiles,
)
_FORM_OVERHEAD = 64 * 1024
_BYTES_A_CHARACTER = 12
"""A character may take four bytes, and each of them three when it is percent-encoded."""


def create_app(
    engine: Engine, settings: Settings, vocabulary: Vocabulary, shapes_: Shapes, catalogue: Catalogue, history: History
) -> Flask:
    """A WSGI app that answers for one store. It opens nothing and starts nothing."""
    app = Flask(__name__, static_folder=None)
    addresses = Addresses(settings.base_iri, frozenset(kind.segment for kind in vocabulary.kinds()))
    networks = Indexes(history.lease, "network", Network.open)
    searches = Indexes(history.lease, NAME, load)
    facts = Indexes(history.lease, "facts", Opening())
    timed = timing.TimedEngine(engine)
    described = Indexes(history.lease, "description", Description.read)
    markets = Indexes(history.lease, "market", Stated.read)
    dumped = Dumps(settings.data, settings.base_iri, settings.dumps_mb * MEGABYTE)
    parts = (timed, settings, vocabulary, shapes_, catalogue, HeededHistory(history), release(), addresses)
    app.extensions["maillage"] = Site(*parts, networks, searches, facts, described, markets, dumped, erased=history.erased())
    limit = settings.query_characters * _BYTES_A_CHARACTER + _FORM_OVERHEAD
    app.config.update(MAX_CONTENT_LENGTH=limit, MAX_FORM_MEMORY_SIZE=limit)
    app.url_map.strict_slashes = False
    for part in _BLUEPRINTS:
        app.register_blueprint(part.blueprint)
    erasures.register(app)
    compression.register(app)
    timing.register(app)
    errors.register(app)
    long_addresses.register(app)
    templating.register(app)
    app.teardown_request(lambda _: reads.end())
    app.after_request(embedding.frameable)
    app.after_request(secure)
    inner = embedding.EmbedPrefix(app.wsgi_app, (kind.segment for kind in vocabulary.kinds()))
    app.wsgi_app = LanguagePrefix(inner, settings.base_iri)  # type: ignore[method-assign]
    return app
