"""Each event is one line of JSON, bounded, at the level that was asked for; the last warnings are kept without query texts."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from app.engine.hand import environment
from app.events import LEVELS, LONGEST

_CODE = """
import logging, sys
from app import events
recent = events.begin(sys.argv[1])
for level in ("debug", "info", "warning", "error"):
    events.tell(level, "happened", of=level, query="SELECT\\n" * 1000, seconds=0.12345678)
logging.getLogger("library").info("unheard")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("library").error("it %s", "broke", exc_info=True)
print(recent.told())
"""


def told(level: str) -> tuple[list[dict[str, Any]], str]:
    done = subprocess.run(
        [sys.executable, "-P", "-c", _CODE, level], capture_output=True, text=True, check=True, env=environment()
    )
    return [json.loads(line) for line in done.stderr.splitlines()], done.stdout


@pytest.mark.parametrize("level", LEVELS)
def test_events_of_the_level_and_above_are_written_one_line_each(level: str) -> None:
    lines, _ = told(level)
    ours = [line["of"] for line in lines if line["event"] == "happened"]
    assert ours == list(LEVELS[LEVELS.index(level) : -1])


def test_a_text_is_bounded_and_its_length_told() -> None:
    line = told("error")[0][0]
    assert line["query"] == f"{('SELECT' + chr(10)) * 1000}"[:LONGEST] + "… (7000)"
    assert (line["event"], line["level"], line["seconds"]) == ("happened", "error", 0.123457)
    assert line["time"].endswith("Z")


def test_what_a_library_says_is_a_line_too_with_its_traceback() -> None:
    line = told("error")[0][-1]
    assert (line["event"], line["logger"], line["text"]) == ("library", "library", "it broke")
    assert line["traceback"].endswith("ZeroDivisionError: division by zero")


@pytest.mark.parametrize("level", ["debug", "off"])
def test_warnings_and_errors_are_kept_whatever_is_written_without_the_texts_of_queries(level: str) -> None:
    kept = eval(told(level)[1])  # what our own code printed
    assert [event["of"] for event in kept] == ["warning", "error"]
    assert not any("query" in event for event in kept)
