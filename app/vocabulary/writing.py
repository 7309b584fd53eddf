"""The ontology as one document: its Turtle files as they were laid by hand, or JSON-LD; the same bytes each time."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from rdflib import Graph

Format = Literal["turtle", "json-ld"]


def write(form: Format, files: Iterable[Path], graph: Graph) -> bytes:
    """The document in a format. Raises ``ValueError`` for any other."""
    match form:
        case "turtle":
            return b"\n\n".join(path.read_bytes() for path in files)
        case "json-ld":
            return _json_ld(graph)
    raise ValueError(f"the ontology is written as turtle or json-ld, not as {form}")


def _json_ld(graph: Graph) -> bytes:
    context = {prefix: str(iri) for prefix, iri in sorted(graph.namespaces()) if prefix}
    document = json.loads(graph.serialize(format="json-ld", context=context, auto_compact=False))
    text = json.dumps(_ordered(document), ensure_ascii=False, indent=1, sort_keys=True)
    return text.encode()


def _ordered(value: Any) -> Any:
    """Lists in an order of their own: in JSON-LD those of this document are sets."""
    match value:
        case dict():
            return {key: _ordered(one) for key, one in value.items()}
        case list():
            return sorted((_ordered(one) for one in value), key=lambda one: json.dumps(one, sort_keys=True))
    return value
