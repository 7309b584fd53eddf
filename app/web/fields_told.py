"""Properties within a text, such as ``maillage:mainTheme``, told by their names, which lead to what they mean; nothing else."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from app.discovery.quality.telling import PROPERTY, field
from app.terms import expand
from app.vocabulary import Vocabulary
from app.web.urls import Urls


def fields_in(text: str, vocabulary: Vocabulary, urls: Urls) -> Markup:
    """The text with the name of each property that the ontology has, its term as the title; of any other the term, as code."""

    def told(match: re.Match[str]) -> str:
        term = match[0]
        name = field(term, vocabulary, urls.language)
        if name is None:
            return f"<code>{term}</code>"
        return f'<a href="{escape(urls.entity(expand(term)))}" title="{term}">{escape(name)}</a>'

    return Markup(PROPERTY.sub(told, str(escape(text))))  # noqa: S704  each part is escaped
