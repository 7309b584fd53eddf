"""Entries as an Atom feed (RFC 4287): every element that the RFC asks for, texts that XML can hold; no network."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_ATOM = "http://www.w3.org/2005/Atom"
_UNPRINTABLE = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class Entry:
    """``updated`` is when what it says last changed; ``link`` the page that shows it; ``terms`` its subjects.

    ``language`` is that of the title and ``told_in`` that of the summary, where it is not the feed's.
    """

    id: str
    title: str
    updated: datetime.datetime
    link: str
    summary: str = ""
    published: datetime.date | None = None
    terms: tuple[tuple[str, str], ...] = ()
    language: str | None = None
    told_in: str | None = None


@dataclass(frozen=True)
class Feed:
    """``link`` is the page and ``own`` the feed's own address, which is its id too."""

    title: str
    own: str
    link: str
    updated: datetime.datetime
    author: str
    language: str


def write_feed(feed: Feed, entries: Iterable[Entry]) -> bytes:
    """The whole feed."""
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed", {_LANG: feed.language})
    _text(root, "title", feed.title)
    _text(root, "id", feed.own)
    _text(root, "updated", _moment(feed.updated))
    _text(_element(root, "author"), "name", feed.author)
    _element(root, "link", rel="self", href=feed.own, type="application/atom+xml")
    _element(root, "link", rel="alternate", href=feed.link, type="text/html")
    for entry in entries:
        _entry(root, entry)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _entry(root: ET.Element, entry: Entry) -> None:
    own = _element(root, "entry")
    _text(own, "title", entry.title, entry.language)
    _text(own, "id", entry.id)
    _text(own, "updated", _moment(entry.updated))
    if entry.published:
        _text(own, "published", f"{entry.published.isoformat()}T00:00:00Z")
    _element(own, "link", rel="alternate", href=entry.link, type="text/html")
    for term, label in entry.terms:
        _element(own, "category", term=term, label=_clean(label))
    if entry.summary:
        _text(own, "summary", entry.summary, entry.told_in)


def _element(parent: ET.Element, name: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)


def _text(parent: ET.Element, name: str, text: str, language: str | None = None) -> None:
    own = _element(parent, name)
    own.text = _clean(text)
    if language:
        own.set(_LANG, language)


def _clean(text: str) -> str:
    """Only characters that XML 1.0 may hold (§2.2)."""
    return _UNPRINTABLE.sub("", text)


def _moment(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"
