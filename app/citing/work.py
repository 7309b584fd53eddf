"""What is cited: an answer, a list or a record, of one version; not how a citation is written."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date

from app.text import Language

_UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class Work:
    """An answer that can be repeated: ``address`` names its version, ``query`` is the short hash of the text that was asked.

    ``published`` is the day of the version. The texts are single lines, whatever the data hold.
    """

    title: str
    site: str
    publisher: str
    version: int
    published: date
    address: str
    language: Language
    query: str | None = None

    def __post_init__(self) -> None:
        for name in ("title", "site", "publisher"):
            object.__setattr__(self, name, _UNPRINTED.sub(" ", getattr(self, name)).strip())

    @property
    def key(self) -> str:
        """A name for reference managers: letters, digits and hyphens; the same work has the same."""
        place = hashlib.sha256(self.address.encode()).hexdigest()[:8]
        name = re.sub(r"[^a-z0-9]+", "-", self.site.casefold()).strip("-") or "maillage"
        return f"{name}-v{self.version}-{self.query or place}"


def query_hash(text: str) -> str:
    """Twelve hexadecimal digits that stand for a query: the first of the SHA-256 of its text as it was asked."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]
