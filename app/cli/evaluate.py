"""``maillage evaluate``: whether the suggestions would have foretold the links of a hidden year, beside simpler methods."""

from __future__ import annotations

from dataclasses import asdict

import click

from app.cli.console import Console
from app.cli.discovering import discover, suggester_on
from app.cli.parts import open_place, pass_console
from app.cli.wording import Whole, make
from app.discovery.suggestions.evaluation import FEWEST_CASES, METHODS, OURS, Evaluation, evaluate
from app.discovery.suggestions.ranking import Interval
from app.text import say


@make("evaluate")
@click.option("--year", type=Whole(1), metavar="YEAR")
@click.option("--seed", type=Whole(0), default=1, metavar="S")
@click.option("--samples", type=Whole(1), default=2000, metavar="N")
@click.option("--at", "version", type=Whole(1), metavar="N")
@pass_console
def evaluate_(console: Console, year: int | None, seed: int, samples: int, version: int | None) -> int:
    place = open_place()
    questions = discover(place, version)
    told = evaluate(suggester_on(place, questions, version), year, seed=seed, samples=samples)
    if told is None:
        console.result(None)
        console.tell("evaluate-none")
        return 0
    rivals = [method for method in METHODS if method != OURS and told.measures]
    console.result({**asdict(told), "too_few": told.too_few, "verdicts": {rival: told.verdict(rival) for rival in rivals}})
    _tell(told, console)
    return 0


def _tell(told: Evaluation, console: Console) -> None:
    def tell(key: str, **values: object) -> None:
        if not console.as_json:
            console.write(say(f"suggestions.{key}", console.language, **values))

    years = {"year": str(told.year), "since": str(told.since)}
    tell("evaluation-data", **years, known=told.known, actors=told.actors, things=told.things)
    tell("evaluation-came", year=str(told.year), came=told.came, n=told.foreseeable)
    if not told.measures:
        tell("evaluation-nothing")
        return
    tell("evaluation-cases", n=told.cases)
    if told.too_few:
        tell("evaluation-too-few", fewest=FEWEST_CASES)
    if not console.as_json:
        titles = ("method-name", "auc", "first-10", "first-50", "verdict")
        console.table([say(f"suggestions.{title}", console.language) for title in titles], _rows(told, console))
    tell("measures-caption", candidates=told.candidates, samples=told.samples, seed=told.seed)


def _rows(told: Evaluation, console: Console) -> list[list[str]]:
    rows = []
    for one in told.measures:
        verdict = "–" if one.method == OURS else say(f"suggestions.verdict-{told.verdict(one.method)}", console.language)
        figures = [_written(value, console) for value in (one.auc, one.first_10, one.first_50)]
        rows.append([say(f"suggestions.name-{one.method}", console.language), *figures, verdict])
    return rows


def _written(one: Interval, console: Console) -> str:
    value, low, high = (round(number, 3) for number in (one.value, one.low, one.high))
    return say("suggestions.interval", console.language, value=value, low=low, high=high)


COMMAND = evaluate_
