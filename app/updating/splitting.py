"""The text of a SPARQL Update taken apart into its operations, and each into prologue, templates and WHERE; nothing is evaluated.

SPARQL 1.1 Query Language §19.8, rules 29 to 52. Only the outline is read: a group is what stands between its braces, and the
engine parses what is in it. So it is enough to know strings, comments and IRIs, and the one doubt is whether ``<`` begins an
IRI or compares. Both readings can be tried (``sure``): whoever uses the parts has the engine parse each of them and the whole,
and parts that parse by themselves are the parts of the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from app.engine.calls import STRING

Kind = Literal["insert-data", "delete-data", "delete-where", "modify", "load", "clear", "drop", "create", "add", "move", "copy"]

_IRI = r'<(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>'
_SURE_IRI = r"<(?![?$(+\-0-9])" + _IRI[1:]
_COMMENT = r"#[^\r\n]*+"
_BLANK = re.compile(rf"(?:[\s\ufeff]|{_COMMENT})*+")
_WORD = re.compile(r"[A-Za-z]++(?![\w.:-])")
_REFERENCE = re.compile(_IRI + r"""|(?:\\.|[^\s<>{}()\[\];,"'#\\])*?:(?:\\.|[^\s<>{}()\[\];,"'#\\])*+""")
_TEXT = re.compile(STRING)
_VARIABLE = re.compile(rf"{STRING}|{_IRI}|{_COMMENT}|\\.|[?$](\w++)", re.DOTALL)
_LABEL = re.compile(rf"{STRING}|{_IRI}|{_COMMENT}|\\.|(?<![\w.:-])_:([\w·.-]*[\w·-])", re.DOTALL)


class NotSplit(Exception):
    """The text has not the outline of an update from ``place`` on; ``unclosed`` where a group begins there and does not end.

    ``start`` is where the operation begins, ``prologue`` what was declared before it.
    """

    def __init__(self, place: int, start: int, prologue: str, *, unclosed: bool) -> None:
        super().__init__(place)
        self.place, self.start, self.prologue, self.unclosed = place, start, prologue, unclosed


@dataclass(frozen=True)
class Operation:
    """One operation: ``start`` and ``end`` in the text, the declarations in force, and its parts as they are written.

    ``delete``, ``insert`` and ``where`` are groups with their braces. ``using`` are (is named, reference). ``source`` and
    ``target`` are references to graphs or documents, or the words ``default``, ``named``, ``all``.
    """

    kind: Kind
    start: int
    end: int
    prologue: str
    within: str | None = None
    delete: str | None = None
    insert: str | None = None
    using: tuple[tuple[bool, str], ...] = ()
    where: str | None = None
    silent: bool = False
    source: str | None = None
    target: str | None = None


def split(text: str, *, sure: bool = False) -> list[Operation]:
    """The operations in order. ``sure`` takes for IRIs only what cannot be a comparison. Raises :class:`NotSplit`."""
    return list(_Reader(text, _SURE_IRI if sure else _IRI).operations())


def variables(group: str) -> list[str]:
    """The names of the variables of a template, each once."""
    return list(dict.fromkeys(found[1] for found in _VARIABLE.finditer(group) if found[1]))


def labels(group: str) -> set[str]:
    """The labels of the blank nodes of a group."""
    return {found[1] for found in _LABEL.finditer(group) if found[1]}


@dataclass
class _Reader:
    text: str
    iri: str
    place: int = 0
    start: int = 0
    prologue: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._braces = re.compile(rf"{STRING}|{self.iri}|{_COMMENT}|\\.|([{{}}])", re.DOTALL)

    def operations(self) -> Iterator[Operation]:
        while True:
            self.start = self.place
            self._declarations()
            self.start = self._skip()
            if self.place == len(self.text):
                return
            made = self._operation(self.start)
            yield replace(made, start=self.start, end=self.place, prologue="\n".join(self.prologue))
            if self._skip() == len(self.text):
                return
            self.start = self.place
            if self.text[self.place] != ";":
                raise self._not_split()
            self.place += 1

    def _not_split(self, *, unclosed: bool = False) -> NotSplit:
        return NotSplit(self._skip(), self.start, "\n".join(self.prologue), unclosed=unclosed)

    def _declarations(self) -> None:
        while (word := self._peek()) in ("BASE", "PREFIX", "VERSION"):
            start = self.place
            self._take(word)
            if word == "PREFIX":
                name = re.compile(r"[^\s<>:#]*:").match(self.text, self._skip())
                self._require(name)
            if word == "VERSION":
                self._require(_TEXT.match(self.text, self._skip()))
            else:
                self._reference()
            self.prologue.append(self.text[start : self.place])

    def _operation(self, start: int) -> Operation:
        word = self._word()
        blank = Operation("modify", start, start, "")
        match word:
            case "INSERT" if self._take("DATA"):
                return replace(blank, kind="insert-data", insert=self._group())
            case "DELETE" if self._take("DATA"):
                return replace(blank, kind="delete-data", delete=self._group())
            case "DELETE" if self._peek() == "WHERE":
                self._take("WHERE")
                return replace(blank, kind="delete-where", where=self._group())
            case "WITH":
                within = self._reference()
                return replace(self._modify(blank, self._word()), within=within)
            case "INSERT" | "DELETE":
                return self._modify(blank, word)
            case "LOAD":
                return self._load(blank)
            case "CLEAR" | "DROP" | "CREATE":
                return self._one_graph(blank, word)
            case "ADD" | "MOVE" | "COPY":
                return self._two_graphs(blank, word)
        self.place = start
        raise self._not_split()

    def _modify(self, blank: Operation, word: str) -> Operation:
        delete = self._group() if word == "DELETE" else None
        insert = self._group() if word == "INSERT" or self._take("INSERT") else None
        if delete is None and insert is None:
            raise self._not_split()
        using = []
        while self._take("USING"):
            using.append((self._take("NAMED"), self._reference()))
        if not self._take("WHERE"):
            raise self._not_split()
        return replace(blank, delete=delete, insert=insert, using=tuple(using), where=self._group())

    def _load(self, blank: Operation) -> Operation:
        silent, source = self._take("SILENT"), self._reference()
        if not self._take("INTO"):
            return replace(blank, kind="load", silent=silent, source=source)
        if not self._take("GRAPH"):
            raise self._not_split()
        return replace(blank, kind="load", silent=silent, source=source, target=self._reference())

    def _one_graph(self, blank: Operation, word: str) -> Operation:
        kind: Kind = "clear" if word == "CLEAR" else "drop" if word == "DROP" else "create"
        silent = self._take("SILENT")
        for general in ("DEFAULT", "NAMED", "ALL"):
            if kind != "create" and self._take(general):
                return replace(blank, kind=kind, silent=silent, target=general.lower())
        if not self._take("GRAPH"):
            raise self._not_split()
        return replace(blank, kind=kind, silent=silent, target=self._reference())

    def _two_graphs(self, blank: Operation, word: str) -> Operation:
        kind: Kind = "add" if word == "ADD" else "move" if word == "MOVE" else "copy"
        silent, source = self._take("SILENT"), self._graph_or_default()
        if not self._take("TO"):
            raise self._not_split()
        return replace(blank, kind=kind, silent=silent, source=source, target=self._graph_or_default())

    def _graph_or_default(self) -> str:
        if self._take("DEFAULT"):
            return "default"
        self._take("GRAPH")
        return self._reference()

    def _skip(self) -> int:
        found = _BLANK.match(self.text, self.place)
        self.place = found.end() if found else self.place
        return self.place

    def _peek(self) -> str:
        found = _WORD.match(self.text, self._skip())
        return found[0].upper() if found else ""

    def _word(self) -> str:
        word = self._peek()
        self.place += len(word)
        return word

    def _take(self, word: str) -> bool:
        """Whether the word stands here; it is read then."""
        if self._peek() != word:
            return False
        self.place += len(word)
        return True

    def _reference(self) -> str:
        found = _REFERENCE.match(self.text, self._skip())
        self._require(found)
        return found[0] if found else ""

    def _group(self) -> str:
        """What stands between this brace and the one that closes it."""
        start = self._skip()
        if not self.text.startswith("{", start):
            raise self._not_split()
        depth = 0
        for found in self._braces.finditer(self.text, start):
            depth += {"{": 1, "}": -1}.get(found[1], 0)
            if depth == 0 and found[1]:
                self.place = found.end()
                return self.text[start : self.place]
        raise self._not_split(unclosed=True)

    def _require(self, found: re.Match[str] | None) -> None:
        if found is None:
            raise self._not_split()
        self.place = found.end()
