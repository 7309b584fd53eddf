"""``maillage check``: asks the questions of ``queries/checks/``, which must find nothing, and tells what they find."""

from __future__ import annotations

from typing import Any

from app import sparql
from app.assembly import load_catalogue
from app.cli.console import Console
from app.cli.parts import open_place, pass_console
from app.cli.wording import make
from app.engine.direct import DirectEngine
from app.queries import CannedQuery
from app.terms import compact

FOUND = 1


@make("check")
@pass_console
def check(console: Console) -> int:
    engine = DirectEngine(open_place().repository)
    checks = list(load_catalogue().within("checks"))
    told = []
    with console.progress("checking") as progress:
        for done, question in enumerate(checks):
            progress(done, len(checks))
            found = sparql.rows(engine, question.bind({}))
            told.append((question, [{name: str(getattr(term, "value", term)) for name, term in row.items()} for row in found]))
    console.result([_document(question, rows, console) for question, rows in told])
    for question, rows in told:
        _tell(question, rows, console)
    return FOUND if any(rows and question.severity == "violation" for question, rows in told) else 0


def _document(question: CannedQuery, rows: list[dict[str, str]], console: Console) -> dict[str, Any]:
    said = {"problem": question.problem[console.language], "solution": question.solution[console.language]}
    return {"check": question.name, "severity": question.severity, **said, "found": rows}


def _tell(question: CannedQuery, rows: list[dict[str, str]], console: Console) -> None:
    name = question.name.removeprefix("checks/")
    if not rows:
        console.tell("check-fine", name=name)
        return
    console.tell("check-found", name=name, n=len(rows))
    console.tell("check-problem", problem=question.problem[console.language], solution=question.solution[console.language])
    for row in rows:
        console.tell("check-row", row="  ".join(compact(value) for value in row.values()))


COMMAND = check
