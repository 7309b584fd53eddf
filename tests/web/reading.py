"""Pages as a test reads them: parsed by an HTML parser, asked for by role rather than by markup."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import html5rdf
from werkzeug.test import TestResponse


def text_of(element: Element) -> str:
    """The words of an element, with ordinary spaces and no more than one between words."""
    return " ".join("".join(element.itertext()).replace("\u00a0", " ").replace("\u202f", " ").split())


class Page:
    """One answer of the site, read as HTML."""

    def __init__(self, response: TestResponse) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self.root: Element = html5rdf.parse(response.text, namespaceHTMLElements=False)

    @property
    def text(self) -> str:
        return text_of(self.all("body")[0])

    @property
    def language(self) -> str:
        return self.root.get("lang", "")

    @property
    def heading(self) -> str:
        return text_of(self.all("h1")[0])

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Elements of a tag whose attributes have these values; ``class_`` stands for ``class``."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [e for e in self.root.iter(tag) if all(e.get(name) == value for name, value in wanted.items())]

    def links(self) -> dict[str, str]:
        """Addresses by the words of their links; the last of a repeated text."""
        return {text_of(a): a.get("href", "") for a in self.all("a")}

    def hrefs(self) -> set[str]:
        return {a.get("href", "") for a in self.all("a")}

    def sentences(self, block: str) -> list[str]:
        """The sentences of one block of links."""
        section = self.all("section", id=block)[0]
        return [text_of(li) for ul in section.iter("ul") for li in ul.iter("li")]

    def field(self, key: str) -> str:
        """The value of one field of the record."""
        row = self.all("div", id=key)[0]
        return text_of(next(row.iter("dd")))
