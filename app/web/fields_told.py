"""Properties within a text, such as ``maillage:mainTheme``, told by their labels, which lead to what they mean; nothing else."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from app.entities.wording import best
from app.terms import PREFIXES, expand
from app.text import say
from app.vocabulary import Vocabulary
from app.web.urls import Urls

_PROPERTY = re.compile(rf"\b(?:{'|'.join(PREFIXES)}):[a-z]\w*")


def fields_in(text: str, vocabulary: Vocabulary, urls: Urls) -> Markup:
    """The text with the label of each property that the ontology names, its term as the title; of any other the term, as code."""

    def told(match: re.Match[str]) -> str:
        term, iri = match[0], expand(match[0])
        found = best(vocabulary.label(iri), urls.language)
        if not found:
            return f"<code>{term}</code>"
        name = escape(say("quality.field", urls.language, name=found[0]))
        return f'<a href="{escape(urls.entity(iri))}" title="{term}">{name}</a>'

    return Markup(_PROPERTY.sub(told, str(escape(text))))  # noqa: S704  each part is escaped
