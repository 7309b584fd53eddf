"""What stands around figures: the choices of the form, the conditions in words, how figures are counted, examples."""

from __future__ import annotations

from collections.abc import Mapping

from app.entities.model import Node
from app.entities.names import Names
from app.entities.wording import collation
from app.facts.extents import TABLES
from app.statistics import DIMENSIONS, MEASURES, Question
from app.statistics.wording import title
from app.web.figures import labels
from app.web.lasting import stated
from app.web.places import large_territories, theme_options, used_in
from app.web.site import Visit
from app.web.statistics.asking import CHARTS
from app.web.statistics.listing import lines_of

_WORDS = {
    "measure": ("measure", tuple(MEASURES)),
    "rows": ("by", tuple(DIMENSIONS)),
    "columns": ("by", tuple(DIMENSIONS)),
    "chart": ("chart", CHARTS),
}
"""Parameters with words of their own: how the keys of their labels begin, and the words."""

_LISTED = ("theme", "nature", "class", "form", "status")
_EXAMPLES = (
    {"measure": "amounts", "rows": "receiver", "columns": "year"},
    {"measure": "posts", "rows": "year", "columns": "programme"},
    {"measure": "engaged", "rows": "year"},
    {"measure": "actors", "rows": "theme", "columns": "department"},
    {"measure": "entities", "rows": "kind", "columns": "source"},
    {"measure": "density", "rows": "active"},
)


def options(seen: Visit) -> dict[str, list[tuple[str, str]]]:
    """What the lists of the form offer: values in use, by name."""
    said = labels(seen, Names(seen.site.vocabulary, seen.language))
    found = {"theme": theme_options(seen, said), "territory": large_territories(seen, said)}
    for name in ("nature", "class", "form", "status"):
        with seen.reading(TABLES):
            words = [DIMENSIONS[name].word(seen.facts, number) for number in used_in(seen, name)]
        found[name] = sorted(((word, said.node(name, word).label) for word in words), key=lambda one: collation(one[1]))
    return found


def instead(seen: Visit, name: str) -> list[tuple[str, str]]:
    """The same page with each value that a parameter may have, by name; none for what is typed freely."""
    words = _WORDS.get(name)
    if words:
        choices = [(word, seen.say(f"statistics.{words[0]}-{word}")) for word in words[1]]
    else:
        choices = options(seen).get(name, []) if name in _LISTED else []
    return [(seen.urls.here(**{name: word, "page": None}), label) for word, label in choices]


def conditions(seen: Visit, question: Question, link: Mapping[str, str | None]) -> list[tuple[str, Node, str]]:
    """Each condition in words, with the address that drops it."""
    names = Names(seen.site.vocabulary, seen.language)
    said = labels(seen, names)
    names.ask(seen.questions, {iri for name, value in question.conditions for iri in said.wanted(name, [value])})
    return [
        (
            seen.say(f"statistics.{'form-legal' if name == 'form' else name}"),
            said.node("subtheme" if name == "theme" else name, value),
            seen.urls.page("/statistics", **question.where(**{name: None}).given, **link, version=seen.asked_version),
        )
        for name, value in question.conditions
    ]


def titled(seen: Visit, question: Question) -> str:
    """What a table or the list behind a figure shows and what narrows it, as tabs, files and references name it."""
    lines = lines_of(question)
    names = Names(seen.site.vocabulary, seen.language)
    said = labels(seen, names)
    names.ask(seen.questions, {iri for name, value in lines for iri in said.wanted(name, [value])})
    pairs = [(seen.say(f"statistics.by-{name}").capitalize(), said.node(name, value).label) for name, value in lines]
    pairs += [(name, node.label) for name, node, _ in conditions(seen, question, {})]
    named = seen.say(f"statistics.measure-{question.measure}") if lines else title(question, seen.language)
    told = ", ".join(seen.say("citing.value", label=label, value=value) for label, value in pairs)
    return seen.say("citing.with-values", question=named, values=told) if told else named


def method(seen: Visit, question: Question) -> list[str]:
    """How the figures of a question are counted, a sentence each."""
    how = seen.say(f"statistics.how-{question.what.how}")
    rest = [seen.say(f"statistics.method-{name}") for name in ("contain", "dates")]
    return [how, seen.say("statistics.method-facts", version=stated(seen)), *rest]


def examples(seen: Visit) -> list[tuple[str, str]]:
    """Questions to begin with: address and title. They are built first for a new version, so that what each dimension needs is
    there."""
    return [(seen.urls.page("/statistics", **one), title(Question.read(one), seen.language)) for one in _EXAMPLES]
