"""One question in one file: the ``#+`` header that describes it, and the binding of its parameters; nothing is run here.

The header is YAML behind ``#+ `` (the syntax of grlc, https://github.com/CLARIAH/grlc) with a closed list of keys. A parameter is
a line ``VALUES ?name { UNDEF }`` in the text, so that the file is valid SPARQL as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from app.errors import BadParameter
from app.terms import EngineTerm
from app.text import LANGUAGES

KEYS = {"question", "tags", "params", "see", "problem", "solution", "severity", "derives", "explanation", "chart"}
PARAMETER_KEYS = {"type", "required", "label", "class", "example"}
CHART_KEYS = {"shape", "x", "y", "series"}
CHART_SHAPES = {"columns", "bars", "lines"}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C, which comes with most builds of PyYAML, is ten times as fast."""

_LINE = re.compile(r"VALUES\s+\?(?P<name>\w+)\s*\{\s*UNDEF\s*\}")


@dataclass(frozen=True)
class Parameter:
    """One blank of a question: its type (``iri`` or an XSD local name such as ``gYear``) and its label in each language."""

    name: str
    type: str
    required: bool = False
    label: Mapping[str, str] = field(default_factory=dict)
    of_class: str | None = None
    example: str | None = None


@dataclass(frozen=True)
class CannedQuery:
    """A question as it stands in its file; ``name`` is the path below ``queries/`` without the suffix."""

    name: str
    text: str
    question: Mapping[str, str] = field(default_factory=dict)
    explanation: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    params: tuple[Parameter, ...] = ()
    see: tuple[str, ...] = ()
    problem: Mapping[str, str] = field(default_factory=dict)
    solution: Mapping[str, str] = field(default_factory=dict)
    severity: str | None = None
    derives: str | None = None
    chart: Mapping[str, str] = field(default_factory=dict)
    """How an answer is drawn: ``shape``, and the variables ``x`` (categories), ``y`` (added up) and, if several, ``series``."""

    @classmethod
    def read(cls, path: Path, root: Path) -> CannedQuery:
        """The question in one file. Raises ``ValueError`` naming the file when its header does not keep to the rules."""
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(root).with_suffix("").as_posix()
        header = _header(text, name)
        params = tuple(_parameter(name, key, value) for key, value in (header.pop("params", None) or {}).items())
        blanks = set(_LINE.findall(text))
        unknown = {p.name for p in params} - blanks
        if unknown:
            raise ValueError(f"{name}: no line VALUES ?… {{ UNDEF }} for the parameters {sorted(unknown)}")
        header |= {key: tuple(header.get(key) or ()) for key in ("tags", "see")}
        return cls(name=name, text=text, params=params, **header)

    @cached_property
    def body(self) -> str:
        """The SPARQL without its header."""
        return "\n".join(line for line in self.text.splitlines() if not line.startswith("#+")).strip() + "\n"

    @cached_property
    def blanks(self) -> tuple[str, ...]:
        """The names of all variables that have a ``VALUES … { UNDEF }`` line, in order."""
        return tuple(dict.fromkeys(_LINE.findall(self.text)))

    def bind(self, terms: Mapping[str, EngineTerm | Sequence[EngineTerm] | None]) -> str:
        """The text with every line of a given parameter replaced, in one pass, by terms that the library serialised.

        A sequence binds to each of its terms in turn; None and an absent name leave the parameter open. Raises
        :class:`app.errors.BadParameter` for a name that the query does not have or a required one that is missing.
        """
        for name in terms:
            if name not in self.blanks:
                raise BadParameter(name=name, value="", reason="unknown-blank", known=", ".join(self.blanks))
        for parameter in self.params:
            if parameter.required and terms.get(parameter.name) is None:
                raise BadParameter(name=parameter.name, value="", reason="required")

        def fill(line: re.Match[str]) -> str:
            value = terms.get(line["name"])
            if value is None:
                return line[0]
            values = value if isinstance(value, list | tuple) else (value,)
            return f"VALUES ?{line['name']} {{ {' '.join(str(term) for term in values)} }}"

        return _LINE.sub(fill, self.body)


def _header(text: str, name: str) -> dict[str, Any]:
    lines = [line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
    try:
        header = yaml.load("\n".join(lines), _LOADER) or {}  # noqa: S506  one of the safe ones
    except yaml.YAMLError as error:
        raise ValueError(f"{name}: the header is not YAML: {error}") from error
    if not isinstance(header, dict) or set(header) - KEYS:
        raise ValueError(f"{name}: unknown header keys {sorted(set(header) - KEYS)}")
    for key in ("question", "problem", "solution"):
        if key in header and set(header[key]) != set(LANGUAGES):
            raise ValueError(f"{name}: {key} is not in each of {LANGUAGES}")
    _require_chart(name, header.get("chart") or {})
    return header


def _require_chart(name: str, chart: Mapping[str, Any]) -> None:
    if chart and (set(chart) - CHART_KEYS or not {"x", "y"} <= set(chart) or chart.get("shape") not in CHART_SHAPES):
        raise ValueError(f"{name}: a chart has a shape of {sorted(CHART_SHAPES)}, x, y and perhaps series")


def _parameter(query: str, name: str, described: Mapping[str, Any]) -> Parameter:
    if set(described) - PARAMETER_KEYS:
        raise ValueError(f"{query}: unknown keys of ?{name}: {sorted(set(described) - PARAMETER_KEYS)}")
    return Parameter(
        name=name,
        type=described.get("type", "iri"),
        required=bool(described.get("required", False)),
        label=described.get("label", {}),
        of_class=described.get("class"),
        example=None if described.get("example") is None else str(described["example"]),
    )
