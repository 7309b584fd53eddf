"""What each page offers to cite, with its permanent address; how a citation is written is in app.citing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from app.citing import Work, bibtex, csl, plain, query_hash
from app.entities.addresses import is_iri
from app.web.site import Visit

SUFFIXES = {
    "bib": "application/x-bibtex; charset=utf-8",
    "json": "application/vnd.citationstyles.csl+json",
    "txt": "text/plain; charset=utf-8",
}
"""Of ``/cite.<suffix>``: the media type of each format."""

_LONGEST = 6_000
"""Characters of an address that every browser and proxy passes on."""


@dataclass(frozen=True)
class Cited:
    """A work as a page shows it: its reference, its hash, and the files for reference managers by suffix, as addresses or,
    where ``/cite`` does not know the page, as their texts."""

    work: Work
    text: str
    files: Mapping[str, str]
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def fits(self) -> bool:
        """Whether the address is one that can be passed on."""
        return len(self.work.address) <= _LONGEST


@dataclass(frozen=True)
class Citing:
    """What is to be cited of whichever version a page is shown for: one of the functions below, and what it is given."""

    of: Callable[..., Cited]
    given: tuple[str, ...]

    def now(self, seen: Visit) -> Cited:
        return self.of(seen, *self.given)


def narrowed(seen: Visit, named: str, values: Iterable[str | None]) -> str:
    """What is asked, with what narrows it in words, as files and references name it; of values that are IRIs, the names."""
    given = [value for value in values if value]
    seen.names.ask(seen.questions, {value for value in given if is_iri(value)})
    told = ", ".join(seen.names.node(value).label if is_iri(value) else value for value in given)
    return seen.say("citing.with-values", question=named, values=told) if told else named


def of_entity(seen: Visit, iri: str, label: str, kind: str | None) -> Cited:
    """The record of an entity."""
    title = f"{label} ({kind})" if kind else label
    return _cited(seen, title, seen.urls.entity(iri, version=seen.version), {"iri": iri})


def of_list(seen: Visit, segment: str, called: str) -> Cited:
    """The list of a kind, with what the address of this request narrows it to, which ``called`` says in words."""
    title = seen.say("citing.list-title", kind=called)
    narrowed = [(name, value) for name, value in seen.urls.query if name not in ("kind", "version")]
    path = f"/{segment}?{urlencode(narrowed)}" if narrowed else f"/{segment}"
    query = urlencode([("kind", segment), *narrowed])
    return _cited(seen, title, seen.urls.page(path, version=seen.version), {}, query=f"?{query}")


def of_question(
    seen: Visit, name: str, question: str, terms: Mapping[str, str], values: Sequence[tuple[str, str]], text: str
) -> Cited:
    """The answer to a question of the catalogue; ``values`` are its parameters in words, ``text`` the query that ran."""
    told = ", ".join(seen.say("citing.value", label=label, value=value) for label, value in values)
    title = seen.say("citing.with-values", question=question, values=told) if told else question
    address = seen.urls.page(f"/queries/{name}", **terms, version=seen.version)
    return _cited(seen, title, address, {"question": name, **terms}, text)


def of_query(seen: Visit, text: str, version: int, graphs: Sequence[tuple[str, str]] = ()) -> Cited:
    """The result of a SPARQL query, with the dataset that it was put to."""
    query = urlencode([("query", text), *graphs])
    address = seen.urls.page(f"/sparql?{query}", version=version)
    return _cited(seen, seen.say("citing.sparql-title"), address, {}, text, version, f"?{query}")


def of_page(seen: Visit, title: str) -> Cited:
    """This page as its address asks for it, on the version that is read."""
    found = _cited(seen, title, seen.urls.here(version=seen.version), {})
    return replace(found, files={}, texts={"bib": bibtex(found.work), "json": csl(found.work)})


def _cited(
    seen: Visit,
    title: str,
    address: str,
    named: Mapping[str, str],
    text: str | None = None,
    version: int | None = None,
    query: str = "",
) -> Cited:
    number = seen.version if version is None else version
    settings = seen.site.settings
    work = Work(
        title=title,
        site=settings.site_name,
        publisher=settings.legal_publisher or settings.site_name,
        version=number,
        published=seen.site.history.version(number).moment.date(),
        address=seen.urls.absolute(address),
        language=seen.language,
        query=query_hash(text) if text is not None else None,
    )
    files = {suffix: seen.urls.page(f"/cite.{suffix}{query}", **named, version=number) for suffix in SUFFIXES}
    return Cited(work, plain(work), files)
