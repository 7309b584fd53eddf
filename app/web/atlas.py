"""The map at ``/map``: a measure by territory, who acts where, links between communes, with the same in tables beside it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from flask import Blueprint, Response, render_template, request

from app.charts import clusters
from app.charts.maps import Projection, steps
from app.charts.viewing import MOST, View
from app.entities.model import Node
from app.entities.names import Names
from app.entities.wording import collation
from app.errors import UnknownChoice
from app.facts import Facts
from app.facts.extents import Extent
from app.statistics import CONDITIONS, MEASURES, Question, tabulate
from app.statistics.geography import LEVELS, Gathered, Thread, gather, largest, level_in, parts, threads
from app.statistics.wording import Labels, figure, title
from app.terms import TERRITORY
from app.web.figures import cell_links, labels
from app.web.looking import allow_tiles, look
from app.web.places import asked_place, large_territories, theme_options
from app.web.responses import conditional
from app.web.site import Visit, visit
from app.web.statistics.form import titled

blueprint = Blueprint("atlas", __name__)
Link = Callable[[str], str]
_LINES, _CIRCLES, _EMPTY = 20, 300, 210
"""Lines of the tables; territories without a figure that are named one by one."""
_MOST_PARTS = 3_000
_A_FIGURE = 200
"""Bytes, roughly, with the words of its lines."""

_APART, _CLOSER = 22, 3.0
"""Pixels between circles, at the least; how many times nearer a cluster's link leads."""


@dataclass(frozen=True)
class Area:
    """One territory of the map and line of its table."""

    node: Node
    path: str
    step: int
    text: str
    link: str | None
    zoom: str


@dataclass(frozen=True)
class Circle:
    """Entities of one territory, actors and projects; its centre in pixels."""

    node: Node
    x: float
    y: float
    actors: int
    projects: int
    links: tuple[str | None, str | None]
    drawn: bool

    @property
    def is_partial(self) -> bool:
        """Whether more stands in a part of the territory, so that no list is of as many."""
        return any(count and link is None for count, link in zip((self.actors, self.projects), self.links, strict=True))


@dataclass(frozen=True)
class Cluster:
    """Circles too near to be told apart, drawn as one in the middle of their entities; ``closer`` is where they come apart."""

    circles: tuple[Circle, ...]
    x: float
    y: float
    radius: float
    closer: str | None

    @property
    def label(self) -> str:
        return ", ".join(one.node.label for one in self.circles[:3]) + (" …" if len(self.circles) > 3 else "")

    @property
    def actors(self) -> int:
        return sum(one.actors for one in self.circles)

    @property
    def projects(self) -> int:
        return sum(one.projects for one in self.circles)


@dataclass(frozen=True)
class Line:
    """Partnerships between the actors of two communes."""

    one: Node
    other: Node
    points: tuple[float, float, float, float]
    width: float
    count: int


@blueprint.get("/map")
def page() -> Response:
    seen = visit()

    def build() -> str:
        with seen.reading(Extent(outlines=True)):  # figures are told by themselves
            return _page(seen)

    return allow_tiles(seen, conditional("html", build))


def _page(seen: Visit) -> str:
    place = asked_place(seen, "territory")
    facts = seen.facts
    frame = facts.tables.territories.find(str(TERRITORY) + place.word) if place.word else largest(facts)
    question = _question(facts, frame)
    level = level_in(facts, frame, _level())
    question = Question.read({**question.given, "rows": level})
    said = labels(seen, Names(seen.site.vocabulary, seen.language))
    projection = Projection.fitting(facts.outlines.rings(frame)) if frame and not place.reason else None
    areas = _areas(seen, facts, question, frame, level, said, projection) if projection else []
    empty = [area for area in areas if not area.step][_EMPTY:]
    shown = areas[: len(areas) - len(empty)]
    circles = _circles(seen, facts, question, frame, said, projection) if projection else []
    lines = _lines(seen, facts, question, frame, said, projection) if projection else []
    looking = look(seen, projection, lambda part: seen.urls.here(**part)) if projection else None
    return render_template(
        "map.html",
        place=place,
        frame=said.node("territory", _word(facts, frame)) if frame else None,
        above=[said.node("territory", _word(facts, n)) for n in facts.tables.territory_tree[frame].parents],
        outline=projection.path(facts.outlines.rings(frame)) if projection else "",
        projection=projection,
        looking=looking,
        areas=shown,
        nothing="".join(area.path for area in empty),
        without=len(empty),
        circles=circles,
        clusters=_clusters(seen, circles, looking.view) if looking else [],
        lines=lines,
        shown_lines=_LINES,
        question=question,
        title=title(question, seen.language),
        titled=titled(seen, question),
        level=level,
        levels=list(LEVELS),
        measures=list(MEASURES),
        themes=theme_options(seen, said),
        large=large_territories(seen, said),
        given=dict(question.conditions),
        figures=seen.urls.page("/statistics", **question.given, version=seen.asked_version),
    )


def _level() -> str:
    level = request.args.get("level", "")
    if level and level not in LEVELS:
        raise UnknownChoice(name="level", value=level[:200], choices=", ".join(LEVELS))
    return level


def _question(facts: Facts, frame: int) -> Question:
    """What the areas are coloured by, with the conditions of the address."""
    given = {name: value for name, value in request.args.items() if name in CONDITIONS and value.strip()}
    given |= {"measure": request.args.get("measure") or "actors", "rows": "commune"}
    given["territory"] = _word(facts, frame) if frame else ""
    return Question.read(given)


def _word(facts: Facts, number: int) -> str:
    return facts.tables.territories[number].removeprefix(str(TERRITORY))


def _zoom(seen: Visit, word: str) -> str:
    return seen.urls.here(territory=word, level=None, centre=None, zoom=None)


def _keep(facts: Facts, frame: int, question: Question | None = None) -> Callable[[str, Callable[[], Any]], Any]:
    """How what a map is made of is kept: of the map that is seen first, as long as the facts, whatever else is looked at."""
    narrowed = question is not None and question.where(territory="").conditions
    return facts.lately if narrowed or frame != largest(facts) else facts.remembered


def _areas(
    seen: Visit, facts: Facts, question: Question, frame: int, level: str, said: Labels, projection: Projection
) -> list[Area]:
    numbers, most = parts(facts, frame, level)[:_MOST_PARTS], (_MOST_PARTS, 0)
    table = seen.told(
        f"map {question}",
        lambda facts: _keep(facts, frame, question)(f"map {question}", lambda: tabulate(facts, question, most=most)),
        _A_FIGURE * len(numbers),
    )
    words = [_word(facts, number) for number in numbers]
    values = [table[word, ""] for word in words]
    list_of, map_of = cell_links(seen, question.at), seen.urls.like(partial(_zoom, seen))
    name = f"map paths {frame} {level}"  # of any measure and conditions
    paths = _keep(facts, frame)(name, lambda: [projection.path(facts.outlines.rings(number)) for number in numbers])
    found = []
    for word, path, value, step in zip(words, paths, values, steps([value.value for value in values]), strict=True):
        link = list_of(word) if value.value else None
        text = figure(value, question, seen.language)
        found.append((value.value, Area(said.node("territory", word), path, step, text, link, map_of(word))))
    return [area for _, area in sorted(found, key=lambda one: (-one[0], collation(one[1].node.label)))]


def _circles(seen: Visit, facts: Facts, question: Question, frame: int, said: Labels, projection: Projection) -> list[Circle]:
    """Actors and projects under the same conditions, by their own territory."""
    asked = [Question.read({**question.given, "measure": measure, "rows": "kind"}) for measure in ("actors", "projects")]
    narrowed = [one.where(nature=None, funder=None, receiver=None, programme=None) for one in asked]
    found = seen.told(
        f"map circles {frame} {narrowed}",
        lambda facts: gather(facts, [one.mask(facts) for one in narrowed], frame),
        _A_FIGURE * _CIRCLES,
    )
    actors, projects = (cell_links(seen, partial(_in_territory, one)) for one in narrowed)
    held = [{one.territory for one in found if one.counts[place]} for place in range(2)]
    return [_circle(facts, one, held, (actors, projects), said, projection) for one in found[:_CIRCLES]]


def _in_territory(question: Question, word: str) -> Question:
    return question.where(territory=word)


def _circle(
    facts: Facts, one: Gathered, held: Sequence[set[int]], lists: tuple[Link, Link], said: Labels, projection: Projection
) -> Circle:
    """``held`` are the territories that have some of each: the list of one counts also what is placed in a part of it."""
    centre = facts.tables.territory_tree[one.territory].centre
    x, y = projection.place(*centre) if centre else (0.0, 0.0)
    inside = centre is not None and 0 <= x <= projection.width and 0 <= y <= projection.height
    word = _word(facts, one.territory)
    within = facts.tables.territory_tree.below(one.territory)
    actors, projects = (link(word) if within & own == {one.territory} else None for link, own in zip(lists, held, strict=True))
    return Circle(said.node("territory", word), x, y, one.counts[0], one.counts[1], (actors, projects), inside)


def _clusters(seen: Visit, circles: Sequence[Circle], view: View) -> list[Cluster]:
    """The circles that lie on the drawing, gathered for the distance that it is seen from; the largest gather those around."""
    drawn = sorted((one for one in circles if one.drawn), key=lambda one: -(one.actors + one.projects))
    groups = [
        [drawn[place] for place in group] for group in clusters.gather([(one.x, one.y) for one in drawn], _APART / view.zoom)
    ]
    most = max((sum(one.actors + one.projects for one in group) for group in groups), default=1)
    return [_cluster(seen, group, view, most) for group in groups]


def _cluster(seen: Visit, group: Sequence[Circle], view: View, most: int) -> Cluster:
    weights = [one.actors + one.projects for one in group]
    x, y = np.average([(one.x, one.y) for one in group], axis=0, weights=weights).round(2).tolist()
    closer = seen.urls.here(**view.at(x, y, view.zoom * _CLOSER).given) if len(group) > 1 and view.zoom < MOST else None
    return Cluster(tuple(group), x, y, round(4 + 18 * math.sqrt(sum(weights) / most), 1), closer)


def _lines(seen: Visit, facts: Facts, question: Question, frame: int, said: Labels, projection: Projection) -> list[Line]:
    asked = Question.read({**question.given, "measure": "partnerships", "territory": ""})
    name = f"map {frame} {asked.given}"
    found = seen.told(
        name, lambda facts: _keep(facts, frame, asked)(name, lambda: threads(facts, asked.mask(facts), frame)), _A_FIGURE * _LINES
    )
    most = max((one.partnerships for one in found), default=1)
    return [line for one in found if (line := _line(facts, one, said, projection, most))]


def _line(facts: Facts, one: Thread, said: Labels, projection: Projection, most: int) -> Line | None:
    tree = facts.tables.territory_tree
    ends = [tree[number].centre for number in (one.one, one.other)]
    if ends[0] is None or ends[1] is None:
        return None
    points = (*projection.place(*ends[0]), *projection.place(*ends[1]))
    nodes = [said.node("territory", _word(facts, number)) for number in (one.one, one.other)]
    return Line(nodes[0], nodes[1], points, round(1 + 5 * one.partnerships / most, 1), one.partnerships)
