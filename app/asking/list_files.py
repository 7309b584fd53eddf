"""A whole list as a file: CSV, XLSX, GeoJSON or JSON-LD; not how it is downloaded."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.asking.exports import XLSX, Citation, csv_line, workbook
from app.asking.listing import Line
from app.media import CSV, JSON_LD, Format
from app.terms import MAILLAGE, PREFIXES
from app.text import say

GEO_JSON = Format("application/geo+json", "geojson")
COLUMNS = ("iri", "name", "type", "territory", "period", "theme", "start", "end", "amount", "links", "latitude", "longitude")
_CONTEXT = {
    "@vocab": str(MAILLAGE),
    "xsd": PREFIXES["xsd"],
    "dcterms": PREFIXES["dcterms"],
    "territory": {"@type": "@id"},
    "theme": {"@type": "@id"},
    "name": {"@container": "@language"},
    "hasPart": {"@id": "dcterms:hasPart", "@container": "@list"},
    "title": "dcterms:title",
    "hasVersion": "dcterms:hasVersion",
    "rights": "dcterms:rights",
    "source": "dcterms:source",
}


def _values(line: Line) -> tuple[str | float | None, ...]:
    longitude, latitude = line.point or (None, None)
    return (
        line.node.iri,
        line.node.label,
        ", ".join(line.types),
        ", ".join(one.label for one in line.territories),
        line.period,
        ", ".join(one.label for one in line.themes),
        line.start,
        line.end,
        line.amount,
        line.links,
        latitude,
        longitude,
    )


def write_csv(lines: Sequence[Line], citation: Citation) -> bytes:  # noqa: ARG001 a header is the first line here
    """A header and a row an entity, for programs: the columns have the same names in both languages, and nothing is above."""
    return "".join(csv_line(values) for values in (COLUMNS, *map(_values, lines))).encode("utf-8")


def write_xlsx(lines: Sequence[Line], citation: Citation) -> bytes:
    """The same under headings in the reader's language, and where it comes from."""
    headings = tuple(say(f"list.column-{name}", citation.language) for name in COLUMNS)
    return workbook((headings, *map(_values, lines)), citation, "list.method")


def write_geojson(lines: Sequence[Line], citation: Citation) -> bytes:
    """RFC 7946: a feature an entity, without geometry where no place is known of it."""
    features = [_feature(line) for line in lines]
    meta = {"title": citation.question, "version": citation.version, "address": citation.address, "rights": citation.licences}
    return _json({"type": "FeatureCollection", "metadata": meta, "features": features})


def _feature(line: Line) -> dict[str, Any]:
    told = {name: value for name, value in zip(COLUMNS, _values(line), strict=True) if name not in ("latitude", "longitude")}
    geometry = {"type": "Point", "coordinates": list(line.point)} if line.point else None
    return {"type": "Feature", "id": line.node.iri, "geometry": geometry, "properties": told}


def write_jsonld(lines: Sequence[Line], citation: Citation) -> bytes:
    """The list as a resource with its version and rights, and each entity with its name, themes and territories."""
    listed = [_entity(line, citation.language) for line in lines]
    about = {"title": citation.question, "hasVersion": str(citation.version), "rights": list(citation.licences)}
    return _json({"@context": _CONTEXT, "@id": citation.address, **about, "hasPart": listed})


def _entity(line: Line, language: str) -> dict[str, Any]:
    tag = line.node.language or language
    told: dict[str, Any] = {"@id": line.node.iri, "name": {tag: line.node.label}}
    if line.themes:
        told["theme"] = [one.iri for one in line.themes]
    if line.territories:
        told["territory"] = [one.iri for one in line.territories]
    for name, value in (("startDate", line.start), ("endDate", line.end)):
        if value:
            told[name] = {"@value": value, "@type": {4: "xsd:gYear", 7: "xsd:gYearMonth"}.get(len(value), "xsd:date")}
    if line.amount is not None:
        told["amount"] = line.amount
    return told


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


FILES: Mapping[str, tuple[Format, Callable[[Sequence[Line], Citation], bytes]]] = {
    "xlsx": (XLSX, write_xlsx),
    "csv": (CSV, write_csv),
    "geojson": (GEO_JSON, write_geojson),
    "jsonld": (JSON_LD, write_jsonld),
}
"""By suffix; first the one for most readers."""
