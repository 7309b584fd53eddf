"""What the catalogue tells of a version, gathered: names, licences, figures and files of the sources; not how it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

import pyoxigraph as ox

from app.citing.datasets import ALL, Dataset, Dump, Published
from app.citing.description import Description, Figures
from app.engine.dumping import Wanted
from app.entities.model import Source
from app.entities.provenance import list_sources
from app.entities.questions import Window
from app.errors import IndexMissing
from app.terms import ONTOLOGY_IRI, PREFIXES
from app.text import LANGUAGES, Language, say
from app.web.site import Visit

MOST = 1_000
FILES = (("nq", "gz"), ("trig", "gz"), ("nq", "zst"))
"""The forms and packings that the catalogue names; every other pair is made on demand too."""

MEDIA = {"nq": "application/n-quads", "trig": "application/trig"}
PACKED = {"gz": "application/gzip", "zst": "application/zstd"}
_COMPUTED = ("derived", "merge")
_KEPT = 4


def published(seen: Visit) -> Published:
    """The version that is read, with at most :data:`MOST` sources: put together once, but for which files there are."""
    kept = seen.site.published
    found = kept.get(seen.version)
    if found is None:
        found = _published(seen)
        while len(kept) >= _KEPT:
            kept.pop(list(kept)[0], None)  # noqa: RUF015  another thread may change it between two steps
        kept[seen.version] = found
    sources = tuple(replace(source, dumps=_dumps(seen, source.name)) for source in found.sources)
    return replace(found, whole=replace(found.whole, dumps=_dumps(seen, ALL)), sources=sources)


def _published(seen: Visit) -> Published:
    settings, history = seen.site.settings, seen.site.history
    version = history.version(seen.version)
    description = _description(seen)
    graphs = _graphs(seen)
    told = {
        language: list_sources(seen.questions, list(graphs.values()), seen.site.vocabulary, language) for language in LANGUAGES
    }
    whole = Dataset(
        name=ALL,
        titles={language: say("catalogue.whole", language, site=settings.site_name) for language in LANGUAGES},
        descriptions={language: say("catalogue.whole-what", language, site=settings.site_name) for language in LANGUAGES},
        modified=version.created,
        figures=description.merge,
        page=settings.base_iri,
    )
    sources = [
        _source(seen, graph, {language: told[language][place] for language in LANGUAGES}, description, version.created)
        for place, graph in enumerate(graphs)
    ]
    return Published(
        base=settings.base_iri,
        site=settings.site_name,
        publisher=settings.legal_publisher or settings.site_name,
        contact=settings.legal_contact or None,
        version=version.number,
        issued=history.version(1).created,
        modified=version.created,
        message=version.message,
        whole=whole,
        sources=tuple(sources),
        vocabularies=(f"{ONTOLOGY_IRI}#", PREFIXES["skos"], PREFIXES["prov"], PREFIXES["geo"]),
    )


def _description(seen: Visit) -> Description:
    """The figures of the version; none for one that an older release wrote."""
    try:
        return seen.site.descriptions.at(seen.version)
    except IndexMissing:
        return Description({})


def _graphs(seen: Visit) -> dict[str, str]:
    """The source graphs with the IRIs of their descriptions."""
    found = [row["graph"] for row in seen.questions.rows("graphs", Window(MOST))]
    pairs = {graph.value: seen.site.addresses.source_of(graph.value) for graph in found if isinstance(graph, ox.NamedNode)}
    return {graph: source for graph, source in pairs.items() if source and graph.rpartition("/")[2] not in _COMPUTED}


def _source(seen: Visit, graph: str, told: Mapping[Language, Source], description: Description, published: str) -> Dataset:
    name = graph.removeprefix(f"{seen.site.settings.base_iri}graphs/")
    source = told[LANGUAGES[0]]
    figures = description.graphs.get(graph, Figures())
    site = seen.site.settings.site_name
    return Dataset(
        name=name,
        titles={one.node.language or language: one.node.label for language, one in told.items()},
        descriptions={
            language: say("catalogue.source-what", language, name=one.node.label, site=site) for language, one in told.items()
        },
        modified=min(figures.changed or published, published),
        figures=figures,
        graph=graph,
        page=seen.urls.absolute(seen.urls.data(seen.site.addresses.path(source.node.iri))),
        publisher=source.publisher,
        licence=source.licence.link if source.licence else None,
        licence_name=source.licence.text if source.licence else None,
        attribution=source.attribution,
        landing=source.address,
    )


def _dumps(seen: Visit, name: str, files: Sequence[tuple[str, str]] = FILES) -> tuple[Dump, ...]:
    return tuple(_dump(seen, Wanted(seen.version, name, form, packing)) for form, packing in files)


def _dump(seen: Visit, wanted: Wanted) -> Dump:
    made = seen.site.dumps.found(wanted)
    return Dump(
        address=seen.urls.absolute(seen.urls.data(dump_path(wanted), version=wanted.version)),
        media_type=MEDIA[wanted.form],
        packed=PACKED[wanted.packing],
        size=made.size if made else None,
        sha256=made.sha256 if made else None,
    )


def dump_path(wanted: Wanted) -> str:
    return f"/dumps/{quote(wanted.name, safe='')}.{wanted.form}.{wanted.packing}"
