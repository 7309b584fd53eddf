"""What the site can do, as its menu and as the tools of the home page: in order, without what this site has no page for."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask

from app.text import Language, say
from app.vocabulary import Vocabulary

MENU = (
    "actor",
    "project",
    "partnership",
    "theme",
    "territory",
    "paths",
    "suggestions",
    "matches",
    "statistics",
    "map",
    "agenda",
    "queries",
    "sparql",
)
"""First kinds of things, then what can be done with them; each is also its page's path."""

TOOLS = ("paths", "suggestions", "matches", "statistics", "map", "agenda", "structure", "changes", "quality")
"""What no list does; a sentence for each stands in ``app/messages/menu.toml``."""


@dataclass(frozen=True)
class Tool:
    """A page of the site with its name and what it is for."""

    path: str
    name: str
    purpose: str


def pages_of(app: Flask) -> frozenset[str]:
    """The first-level pages that an app has: ``queries`` for a route ``/queries``."""
    return frozenset(rule.rule.removeprefix("/") for rule in app.url_map.iter_rules() if "<" not in rule.rule)


def menu(pages: frozenset[str], vocabulary: Vocabulary, language: Language) -> list[tuple[str, str]]:
    """Path and words of each entry."""
    kinds = {kind.segment: kind for kind in vocabulary.kinds()}
    return [
        (f"/{name}", kinds[name].plural(language) if name in kinds else say(f"menu.{name}", language))
        for name in MENU
        if name in kinds or name in pages
    ]


def tools(pages: frozenset[str], language: Language) -> list[Tool]:
    """The tools of the home page."""
    return [
        Tool(f"/{name}", say(f"menu.{name}-title", language), say(f"menu.{name}-what", language))
        for name in TOOLS
        if name in pages
    ]
