"""The links of a list: the same list with something more, less or otherwise; an address keeps all the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from app.web.site import Visit

_OF_THE_PAGE = ("page", "version")
_OF_THE_VIEW = ("view", "centre", "zoom")


@dataclass(frozen=True)
class Chip:
    """One thing that narrows a list: what it is, its value, and the address of the list without it."""

    name: str
    value: str
    without: str


@dataclass(frozen=True)
class Doubt:
    """A value that is not understood: the sentence that says so, what may be meant (name and address), the list without it."""

    said: str
    meant: tuple[tuple[str, str], ...]
    without: str


@dataclass(frozen=True)
class Links:
    """The addresses around one list; ``pairs`` are all parameters but page and version."""

    seen: Visit
    kind: str
    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, seen: Visit, kind: str) -> Links:
        return cls(seen, kind, tuple(pair for pair in seen.urls.query if pair[0] not in _OF_THE_PAGE and pair[1]))

    def page(self, version: int | None = None, **changed: str | None) -> str:
        """The list with some parameters changed; None drops one."""
        path = self._path(f"/{self.kind}", self._with(changed))
        return self.seen.urls.page(path, version=version) if version is not None else self.seen.urls.page(path)

    def page_of(self, changed: Mapping[str, str | None]) -> str:
        """The same, of parameters in a mapping."""
        return self.seen.urls.page(self._path(f"/{self.kind}", self._with(changed)))

    def less(self, *names: str) -> str:
        """Without some parameters; of a name and a value, without that value alone."""
        if len(names) == 2 and sum(name == names[0] for name, _ in self.pairs) and (names[0], names[1]) in self.pairs:
            kept = [pair for pair in self.pairs if pair != (names[0], names[1])]
        else:
            kept = [pair for pair in self.pairs if pair[0] not in names]
        return self.seen.urls.page(self._path(f"/{self.kind}", kept))

    def instead(self, name: str, text: str, other: str) -> str:
        """With another value of a parameter in the place of one."""
        pairs = [(own, other if own == name and value.strip() == text else value) for own, value in self.pairs]
        return self.seen.urls.page(self._path(f"/{self.kind}", list(dict.fromkeys(pairs))))

    def file(self, suffix: str, version: int | None = None, page: int | None = None) -> str:
        """The list as a file."""
        pairs = [pair for pair in self.pairs if pair[0] not in _OF_THE_VIEW]
        path = self._path(f"/{self.kind}.{suffix}", pairs)
        asked = self.seen.asked_version if version is None else version
        return self.seen.urls.page(path, version=asked, page=page)

    def hidden(self, *names: str) -> list[tuple[str, str]]:
        """What a form that asks for some parameters must carry of the others."""
        return [pair for pair in self.pairs if pair[0] not in names]

    def _with(self, changed: Mapping[str, str | None]) -> list[tuple[str, str]]:
        kept = [pair for pair in self.pairs if pair[0] not in changed]
        return [*kept, *((name, value) for name, value in changed.items() if value)]

    def _path(self, path: str, pairs: list[tuple[str, str]]) -> str:
        return f"{path}?{urlencode(pairs)}" if pairs else path
