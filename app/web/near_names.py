"""Who a name may mean that no entity bears to the letter; names that several bear are app.asking's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import pyoxigraph as ox

from app.asking import Choice, Filled
from app.entities.names import Names
from app.entities.wording import collation
from app.search import Ask
from app.search.words import MOST_CHARACTERS
from app.web.site import Visit

_OFFERED = 6
_ARTICLE = re.compile(r"^(l'|(le|la|les|the) )")


def offering(seen: Visit, one: Filled, kinds: Iterable[str] = ()) -> Filled:
    """For a name that no entity bears to the letter: who bears it but for case, accents and article, else what a search finds
    among ``kinds`` (none: all)."""
    if one.reason != "unknown-name":
        return one
    hits = seen.search.find(Ask(one.text[:MOST_CHARACTERS], kinds=frozenset(kinds), names_only=True, limit=_OFFERED)).hits
    if not hits:
        return one
    names = Names(seen.site.vocabulary, seen.language)
    names.ask(seen.questions, [hit.iri for hit in hits])
    choices = tuple(Choice(hit.iri, names.node(hit.iri).label) for hit in hits)
    same = [choice for choice in choices if _bare(choice.label) == _bare(one.text)]
    if len(same) == 1:
        return replace(one, term=ox.NamedNode(same[0].iri), reason=None, candidates=())
    return replace(one, candidates=choices)


def _bare(name: str) -> str:
    """A name without case, accents and article."""
    return _ARTICLE.sub("", collation(name).strip().replace("’", "'"))
