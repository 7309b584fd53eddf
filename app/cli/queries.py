"""``maillage queries``: the questions of the catalogue with their parameters, as ``maillage query`` takes them."""

from __future__ import annotations

from typing import Any

from app.assembly import load_catalogue
from app.cli.console import Console
from app.cli.parts import pass_console
from app.cli.wording import make
from app.queries import CannedQuery


@make("queries")
@pass_console
def queries(console: Console) -> int:
    catalogue = load_catalogue()
    questions = [*catalogue.within(""), *catalogue.within("profiles")]
    console.result([_document(question) for question in questions])
    for question in questions:
        console.tell("queries-question", name=question.name, question=question.question[console.language])
        for one in question.params:
            key = "queries-required" if one.required else "queries-optional"
            console.tell(key, name=one.name, type=one.type, label=one.label.get(console.language, ""), example=one.example or "–")
    return 0


def _document(question: CannedQuery) -> dict[str, Any]:
    params = [
        {
            "name": p.name,
            "type": p.type,
            "required": p.required,
            "label": dict(p.label),
            "class": p.of_class,
            "example": p.example,
        }
        for p in question.params
    ]
    return {"name": question.name, "question": dict(question.question), "tags": list(question.tags), "params": params}


COMMAND = queries
