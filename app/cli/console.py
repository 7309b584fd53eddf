"""What a command says and shows: results on the output, progress and explanations on the error stream."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import rich.console
import rich.progress
import rich.table

from app.errors import MaillageError, Refused
from app.text import Language, explain, say

Progress = Callable[[int, int], None]
"""Told how much is done and how much there is."""

_SHOWN_AFTER = 1.0


@dataclass(frozen=True)
class Console:
    """One run's two streams. With ``as_json``, the output is exactly one JSON document, whatever happens."""

    language: Language
    as_json: bool = False

    def say(self, key: str, **values: Any) -> str:
        """A text of ``app/messages/cli.toml``."""
        return say(f"cli.{key}", self.language, **values)

    def tell(self, key: str, **values: Any) -> None:
        """One line of a result, for people; nothing when the result is JSON."""
        if not self.as_json:
            self.write(self.say(key, **values))

    def note(self, key: str, **values: Any) -> None:
        """One line on the error stream: what is going on, or worth knowing."""
        print(self.say(key, **values), file=sys.stderr, flush=True)  # noqa: T201

    def write(self, text: str) -> None:
        """Text on the output as it is."""
        print(text, flush=True)  # noqa: T201

    def result(self, document: Any) -> None:
        """The result for programs; nothing when it is for people."""
        if self.as_json:
            self.write(json.dumps(document, ensure_ascii=False, indent=1, default=str))

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Rows under the names of their columns (texts as they are; numbers are written by who gives them)."""
        made = rich.table.Table(box=None, pad_edge=False, header_style="bold")
        for column in columns:
            made.add_column(column, overflow="fold")
        for row in rows:
            made.add_row(*(rich.markup.escape(cell) for cell in row))
        width = None if sys.stdout.isatty() else 200
        rich.console.Console(file=sys.stdout, width=width, highlight=False).print(made)

    def problem(self, key: str, text: str, **more: Any) -> None:
        """What went wrong: explained on the error stream; as JSON on the output when that is asked for."""
        if self.as_json:
            self.write(json.dumps({"error": key, "message": text, **more}, ensure_ascii=False, indent=1, default=str))
        else:
            print(f"maillage: {text}", file=sys.stderr, flush=True)  # noqa: T201

    def refuse(self, error: MaillageError) -> None:
        """An expected failure, with the gate's report when it is one."""
        more = {"details": error.details}
        text = explain(error, self.language)
        if isinstance(error, Refused) and self.as_json:
            more["report"] = error.report.as_problem(self.language)
        elif isinstance(error, Refused):
            text = f"{text}\n\n{error.report.as_text(self.language).rstrip()}"
        self.problem(error.key, text, **more)

    @contextmanager
    def progress(self, key: str, **values: Any) -> Iterator[Progress]:
        """A bar on the error stream for what takes over a second; none where nobody watches."""
        watched = rich.console.Console(stderr=True)
        bar = rich.progress.Progress(console=watched, transient=True, disable=not watched.is_terminal)
        begun = time.monotonic()
        task: list[rich.progress.TaskID] = []

        def tell(done: int, total: int) -> None:
            if time.monotonic() - begun < _SHOWN_AFTER:
                return
            if not task:
                bar.start()
                task.append(bar.add_task(self.say(key, **values), total=total))
            bar.update(task[0], completed=done, total=total)

        try:
            yield tell
        finally:
            bar.stop()
