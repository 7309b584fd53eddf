"""What every template may use: links, words, numbers, the menu; no template reads the request or the graph by itself."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from markupsafe import Markup, escape

from app.citing import remarks
from app.entities.model import Node
from app.entities.wording import best
from app.errors import StoreError
from app.text import Language, date, duration, messages, number, say
from app.web.embedding import embedded
from app.web.entity import data_block
from app.web.fields_told import fields_in
from app.web.lasting import in_words, late, stated
from app.web.menu import menu, pages_of, tools
from app.web.site import Site, current_site, visit
from app.web.urls import Urls
from app.web.works import Cited, Citing, of_page

if TYPE_CHECKING:
    from app.engine.versions import Version


_DATE = re.compile(r"\b\d{4}-\d{2}(?:-\d{2})?\b")


def register(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["unbroken"] = unbroken
    pages = pages_of(app)
    app.context_processor(lambda: _globals(pages))


def _globals(pages: frozenset[str]) -> dict[str, Any]:
    site = current_site()
    urls = Urls.of(request, site.addresses)
    language = urls.language
    return {
        "urls": urls,
        "language": language,
        "other_language": "en" if language == "fr" else "fr",
        "say": lambda key, **values: say(key, language, **values),
        "say_in": lambda key, other, **values: say(key, other, **values),
        "static": lambda name: urls.data(f"/static/at/{site.release}/{name}"),
        "words": lambda *areas: _words(areas, language),
        "number": lambda value: number(value, language),
        "duration": lambda seconds: duration(seconds, language),
        "remark": lambda version: remarks.said(version.message, language),
        "moment": lambda value: _moment(value, language),
        "menu": menu(pages, site.vocabulary, language),
        "tools": lambda: tools(pages, language),
        "site_name": site.settings.site_name,
        "settings": site.settings,
        "release": site.release,
        "embedded": embedded(),
        "cite_page": lambda title: Citing(of_page, (title,)),
        "version": lambda: visit().version,
        "stated": lambda: stated(visit()),
        "in_words": lambda: in_words(visit()),
        "late": late,
        "cite": cite,
        "of_now": lambda work: work.now(visit()) if isinstance(work, Citing) else work,
        "reading": lambda: _reading(site, urls),
        "asked_version": request.args.get("version", type=int),
        "source_line": _source_line,
        "node_link": lambda node: _node_link(urls, node),
        "text_in": lambda texts: _text_in(texts, language),
        "fields_in": lambda text: fields_in(text, site.vocabulary, urls),
        "class_name": lambda iri: _text_in(site.vocabulary.label(iri), language) or iri,
    }


def unbroken(text: str) -> Markup:
    """A text whose dates in figures, as examples have them, stay on one line; what is copied of it has plain hyphens."""
    return Markup(_DATE.sub(r'<span class="unbroken">\g<0></span>', str(escape(text))))  # noqa: S704 escaped here


def cite(work: Cited | Citing) -> Markup:
    """The part of a page that tells how it is cited."""
    return late("cite.html", work=work)


def _reading(site: Site, urls: Urls) -> Version | None:
    """The version that the reader chose, where there is one of that number."""
    try:
        return site.history.version(int(urls.version)) if urls.version else None
    except StoreError:
        return None


@cache
def _words(areas: tuple[str, ...], language: Language) -> Markup | None:
    """The messages of some areas, for the scripts of a page; placeholders are left to them."""
    said = {key: texts[language] for key, texts in messages().items()}
    return data_block({key.removeprefix(f"{area}."): said[key] for area in areas for key in said if key.startswith(f"{area}.")})


def _moment(value: Any, language: Language) -> str:
    """A time as a date and an hour; text that is an ISO time is read as one."""
    moment = datetime.datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{date(moment, language)}, {moment:%H:%M}"


def _text_in(texts: Mapping[Any, str] | None, language: Language) -> str | None:
    """The reader's text among texts by language."""
    found = best(texts, language)
    return found[0] if found else None


def _node_link(urls: Urls, node: Node) -> Markup:
    """A name with a link to its page, where it has one. Pages have hundreds: a macro would take as long as all the rest."""
    tongue = f' lang="{escape(node.language)}"' if node.language else ""
    name = escape(node.label)
    if not node.iri:
        return Markup(f"<strong{tongue}>{name}</strong>")  # noqa: S704  each part is escaped
    return Markup(f'<a href="{escape(urls.entity(node.iri))}"{tongue}>{name}</a>')  # noqa: S704  each part is escaped


def _source_line(text: str, line: int) -> str | None:
    """One line of a query, for showing where it went wrong."""
    lines = text.splitlines()
    return lines[line - 1] if 0 < line <= len(lines) else None
