"""A writer process for the tests: ``python writer.py DATA NUMBER STEP`` adds statement NUMBER; it kills itself at STEP."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

from versioned import BASE, FAST, said, write

from app.engine.versions import Repository, Retention


def main(data: str, number: str, fatal: str = "", seconds: str = "30") -> None:
    def step(name: str) -> None:
        if name == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    options = replace(FAST, step=step, keep=Retention(2), wait_seconds=float(seconds))
    i = int(number)
    write(Repository(Path(data), BASE, options=options), [said(i), said(i, source="b")], [said(i - 1)], message=number)


if __name__ == "__main__":
    main(*sys.argv[1:])
