"""A citation as a line for a bibliography, as BibTeX (any LaTeX) and as CSL-JSON (Zotero, Pandoc, Citation.js).

The line follows DataCite's recommendation: creator (year): title, version, publisher, resource type, identifier.
"""

from __future__ import annotations

import json
from typing import Any

from app.citing.work import Work
from app.text import date, number, say

_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "$&#_%"},
}
"""BibTeX counts braces even after a backslash, so those of a text have names."""
_BABEL = {"fr": "french", "en": "english"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def plain(work: Work) -> str:
    """One line in the reader's language."""
    return say(
        "citing.line-query" if work.query else "citing.line",
        work.language,
        publisher=work.publisher,
        year=str(work.published.year),
        title=work.title,
        site=work.site,
        version=number(work.version, work.language),
        date=date(work.published, work.language),
        query=work.query or "",
        address=work.address,
    )


def bibtex(work: Work) -> str:
    """One entry that classic BibTeX and biblatex both read."""
    fields = {
        "author": _braced(work.publisher),
        "title": _braced(work.title),
        "year": f"{{{work.published.year}}}",
        "month": _MONTHS[work.published.month - 1],
        "howpublished": f"{{{_tex(_container(work))}. \\url{{{_url(work.address)}}}}}",
        "url": f"{{{_url(work.address)}}}",
        "version": f"{{{work.version}}}",
        "language": f"{{{_BABEL[work.language]}}}",
    }
    if work.query:
        fields["note"] = f"{{{_tex(say('citing.query', work.language, query=work.query))}}}"
    lines = ",\n".join(f"  {name} = {value}" for name, value in fields.items())
    return f"@misc{{{work.key},\n{lines}\n}}\n"


def csl(work: Work) -> str:
    """A list of one item, as reference managers import it (https://docs.citationstyles.org)."""
    day = work.published
    item: dict[str, Any] = {
        "id": work.key,
        "type": "dataset",
        "title": work.title,
        "author": [{"literal": work.publisher}],
        "container-title": work.site,
        "publisher": work.publisher,
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "version": str(work.version),
        "language": work.language,
        "URL": work.address,
    }
    if work.query:
        item["note"] = say("citing.query", work.language, query=work.query)
    return json.dumps([item], ensure_ascii=False, indent=1) + "\n"


def _container(work: Work) -> str:
    return say("citing.container", work.language, site=work.site, version=number(work.version, work.language))


def _braced(text: str) -> str:
    """A field whose capitals no style changes, and which no comma or “and” cuts in two."""
    return f"{{{{{_tex(text)}}}}}"


def _tex(text: str) -> str:
    return "".join(_TEX.get(letter, letter) for letter in text)


def _url(address: str) -> str:
    """An address as it can stand between braces: what the field would end or change at is percent-encoded."""
    return "".join(f"%{ord(letter):02X}" if letter in '{}\\^"<>` ' else letter for letter in address)
