"""What the parser's messages mean, so that they can be said in French and English (``app/messages/ingest.toml``)."""

from __future__ import annotations

import re

from app.errors import SyntaxRefused

_MEANINGS: tuple[tuple[str, str], ...] = (
    (r"(?i:invalid utf-8|only utf-8 is supported|using utf-8)", "not-utf8"),
    (r"LoadDocumentCallback", "remote-context"),
    (r"No scheme found in an absolute IRI|Relative IRI", "relative-iri"),
    (r"Invalid IRI code point '(?P<found>.*?)'", "iri-character"),
    (r"Invalid (?:IRI percent encoding|character|host|port|scheme)\b.*?'(?P<found>[^']*)'", "iri-form"),
    (r"Unknown prefix (?P<found>\S+?):?$|The prefix (?P<prefix>\S*?):? has not been declared", "unknown-prefix"),
    (r"A dot is expected|must be followed by a dot", "missing-dot"),
    (r"Line jumps are not allowed", "line-break"),
    (r"Unexpected escape character '(?P<found>.*?)'", "escape"),
    (r"[Ll]anguage (?:code|sub|tag)", "language-tag"),
    (r"'?(?P<found>.+?)'? is not a valid (?:RDF )?object", "not-object"),
    (r"(?P<found>.+?) is not a valid (?:RDF )?(?:subject|predicate|graph)", "not-term"),
    (r"'(?P<found>.+?)' is not allowed at the beginning of a prefix name", "not-term"),
    (r"[Ee]xpecting a datatype IRI", "datatype"),
    (r"Max stack size|[Rr]ecursion|too (?:deep|nested)", "too-deep"),
    (r"must be an IRI", "not-term-of-triple"),
    (r"expected `(?P<wanted>.*?)`, but `(?P<found>.*?)` was found", "xml-tags"),
    (r"unrecognized entity `(?P<found>.*?)`", "xml-entity"),
    (r"namespaces are required", "not-rdf-xml"),
    (r"[Uu]nexpected end|not closed|should end with", "unexpected-end"),
    (r"variables are not allowed", "variable"),
)
_PLACE = re.compile(r"^Parser error at line \d+[^:]*: (?P<told>.*?)(?: \(line \d+\))?$", re.DOTALL)


def refusal(error: SyntaxError, path: str, line: int) -> SyntaxRefused:
    """The parser's error with its place; ``line`` is where the reader stood, for formats whose parser tells none.

    ``reason`` is a key of messages/ingest.toml; that for the parser's own words where they mean nothing known.
    """
    said = _PLACE.match(str(error.msg))
    told = said["told"] if said else str(error.msg)
    place = {"path": path, "line": error.lineno or max(line, 1), "column": error.offset}
    for pattern, key in _MEANINGS:
        meant = re.search(pattern, told)
        if meant:
            found = {name: value[:80] for name, value in meant.groupdict().items() if value is not None}
            found.setdefault("found", found.pop("prefix", ""))
            return SyntaxRefused(**place, reason=key, **found)
    return SyntaxRefused(**place, reason="unread", found=told[:300])
