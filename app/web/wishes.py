"""The wishes of the four kinds of people as links: each to its answer, and to the other ways; no page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.queries import AUDIENCES, CannedQuery, Wish
from app.web.site import Visit


@dataclass(frozen=True)
class Link:
    """An address of the site and its words."""

    text: str
    href: str


@dataclass(frozen=True)
class WishLinks:
    """A wish in the reader's language, the link to its answer, and those to what answers it otherwise."""

    text: str
    answer: str
    others: tuple[Link, ...]


def wish_links(seen: Visit) -> Mapping[str, list[WishLinks]]:
    """By audience, in the order of the observatory's own text."""
    wishes = seen.site.catalogue.wishes
    return {audience: [_links(seen, wish) for wish in wishes.get(audience, ())] for audience in AUDIENCES}


def _links(seen: Visit, wish: Wish) -> WishLinks:
    first, *rest = (seen.site.catalogue.get(name) for name in wish.questions)
    questions = [Link(query.question[seen.language], answer_link(seen, query)) for query in rest]
    pages = [Link(way.text[seen.language], seen.urls.page(way.path)) for way in wish.pages]
    return WishLinks(wish.text[seen.language], answer_link(seen, first), (*pages, *questions))


def other_ways(seen: Visit, query: CannedQuery) -> tuple[Link, ...]:
    """What else answers the wishes that a question answers: pages first, then further questions."""
    wishes = [w for asked in seen.site.catalogue.wishes.values() for w in asked if query.name in w.questions]
    pages = [Link(way.text[seen.language], seen.urls.page(way.path)) for wish in wishes for way in wish.pages]
    names = dict.fromkeys(name for wish in wishes for name in wish.questions if name != query.name)
    questions = [seen.site.catalogue.get(name) for name in names]
    found = (*pages, *(Link(one.question[seen.language], answer_link(seen, one)) for one in questions))
    return tuple({link.href: link for link in found}.values())


def answer_link(seen: Visit, query: CannedQuery) -> str:
    """The shortest way to an answer: the question with what it requires filled in by example, else its form."""
    return seen.urls.page(f"/queries/{query.name}", **(examples(query) or {}))


def examples(query: CannedQuery) -> dict[str, str] | None:
    """An example for each required parameter; None when one of them has none."""
    required = [p for p in query.params if p.required]
    found = {p.name: p.example for p in required if p.example}
    return found if len(found) == len(required) else None


def by_audience(seen: Visit) -> Mapping[str, list[CannedQuery]]:
    """The questions of each kind of people: those of their wishes in order, then those that are only marked as theirs."""
    public = list(seen.site.catalogue.within(""))
    return {audience: _ordered(seen, audience, [q for q in public if audience in q.tags]) for audience in AUDIENCES}


def _ordered(seen: Visit, audience: str, marked: list[CannedQuery]) -> list[CannedQuery]:
    asked = [name for wish in seen.site.catalogue.wishes.get(audience, ()) for name in wish.questions]
    names = dict.fromkeys([*asked, *(query.name for query in marked)])
    return [seen.site.catalogue.get(name) for name in names]


def by_subject(seen: Visit) -> Mapping[str, list[CannedQuery]]:
    """The questions of each other tag, tags in alphabetical order of the language's words."""
    found: dict[str, list[CannedQuery]] = {}
    for query in seen.site.catalogue.within(""):
        for tag in query.tags:
            if tag not in AUDIENCES:
                found.setdefault(tag, []).append(query)
    return dict(sorted(found.items(), key=lambda pair: seen.say(f"queries.subject-{pair[0]}")))
