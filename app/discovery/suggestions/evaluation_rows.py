"""An evaluation as rows, one a method, and in words: what was hidden, how the measures were taken."""

from __future__ import annotations

import pyoxigraph as ox

from app.discovery.suggestions.evaluation import FEWEST_CASES, OURS, Evaluation, Measure
from app.discovery.suggestions.ranking import Interval
from app.terms import PREFIXES, EngineTerm
from app.text import Language, say

_MEASURES = ("auc", "first10", "first50")
EVALUATED = ("method", *(f"{name}{part}" for name in _MEASURES for part in ("", "Low", "High")), "verdict")
_DECIMAL = ox.NamedNode(PREFIXES["xsd"] + "decimal")
_DIGITS = 4


def evaluated_row(told: Evaluation, one: Measure, language: Language) -> dict[str, EngineTerm]:
    """One method under :data:`EVALUATED`: each measure with the ends of its interval, and what ours is beside it."""
    row: dict[str, EngineTerm] = {"method": ox.Literal(say(f"suggestions.name-{one.method}", language))}
    for name, interval in zip(_MEASURES, (one.auc, one.first_10, one.first_50), strict=True):
        row |= _ends(name, interval)
    if one.method != OURS:
        row["verdict"] = ox.Literal(say(f"suggestions.verdict-{told.verdict(one.method)}", language))
    return row


def _ends(name: str, interval: Interval) -> dict[str, EngineTerm]:
    """A value and its interval; an end that is no number, of too few draws, is left out."""
    ends = {name: interval.value, f"{name}Low": interval.low, f"{name}High": interval.high}
    return {key: ox.Literal(f"{end:.{_DIGITS}f}", datatype=_DECIMAL) for key, end in ends.items() if end == end}


def evaluated(told: Evaluation | None, language: Language) -> str:
    """What was hidden, how many cases there are, and how the intervals were drawn."""

    def tell(key: str, **values: object) -> str:
        return say(f"suggestions.{key}", language, **values)

    if told is None:
        return tell("evaluation-none")
    years = {"year": str(told.year), "since": str(told.since)}
    parts = [
        tell("evaluation-what"),
        tell("evaluation-data", **years, known=told.known, actors=told.actors, things=told.things),
        tell("evaluation-came", year=str(told.year), came=told.came, n=told.foreseeable),
    ]
    if not told.measures:
        return " ".join([*parts, tell("evaluation-nothing")])
    parts.append(tell("evaluation-cases", n=told.cases))
    if told.too_few:
        parts.append(tell("evaluation-too-few", fewest=FEWEST_CASES))
    caption = tell("measures-caption", candidates=told.candidates, samples=told.samples, seed=told.seed)
    return " ".join([*parts, caption, tell("auc-how")])
