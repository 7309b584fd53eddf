"""Writes hand-laid Turtle in a fixed order, so that the same input always gives the same bytes; it reads nothing."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Sequence
from pathlib import Path

PREFIXES = {
    "code": "https://w3id.org/maillage/code/",
    "dcterms": "http://purl.org/dc/terms/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "maillage": "https://w3id.org/maillage/ontology#",
    "territory": "https://w3id.org/maillage/territory/",
    "theme": "https://w3id.org/maillage/theme/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

Statement = tuple[str, str | Sequence[str]]
"""A predicate and its object or objects, already in Turtle."""


def text(value: str, language: str = "") -> str:
    """A literal, with its language if it has one."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"' + (f"@{language}" if language else "")


def typed(value: object, datatype: str) -> str:
    """A literal of a datatype that is given as a prefixed name."""
    return f'"{value}"^^{datatype}'


def iri(value: str) -> str:
    """An absolute IRI, or one relative to the base of the observatory."""
    return f"<{value}>"


def code(scheme: str, name: str) -> str:
    """A concept of one of the ontology's code lists."""
    return iri(f"{PREFIXES['code']}{scheme}/{name}")


def described(subject: str, kind: str, statements: Iterable[Statement]) -> str:
    """One subject with its class and statements; a statement without objects is left out."""
    lines = [f"    a {kind}"]
    for predicate, objects in statements:
        several = [objects] if isinstance(objects, str) else list(objects)
        if several and several != [""]:
            lines.append(f"    {predicate} " + " ,\n        ".join(several))
    return f"{subject}\n" + " ;\n".join(lines) + " .\n"


def document(comment: str, subjects: Iterable[str]) -> str:
    """A whole file: what it is, the prefixes, the subjects."""
    head = "".join(f"# {line}\n" for line in comment.splitlines())
    body = "\n".join(subjects)
    used = [
        (prefix, namespace)
        for prefix, namespace in PREFIXES.items()
        if f" {prefix}:" in body or f"\n{prefix}:" in body or f"^^{prefix}:" in body
    ]
    return head + "\n" + "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in used) + "\n" + body


def write(path: Path, content: str) -> None:
    """Write a file; one whose name ends in ``.gz`` is compressed without a date in its header."""
    if path.suffix != ".gz":
        path.write_text(content, encoding="utf-8", newline="\n")
        return
    with path.open("wb") as out, gzip.GzipFile(filename="", fileobj=out, mode="wb", mtime=0, compresslevel=9) as packed:
        packed.write(content.encode())


def read(path: Path) -> str:
    """The text of a file, compressed or not."""
    if path.suffix != ".gz":
        return path.read_text(encoding="utf-8")
    with gzip.open(path, "rt", encoding="utf-8") as packed:
        return packed.read()
