"""The command line: ``maillage COMMAND``; each command is a module of its own, loaded when it is called."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from app.cli.console import Console
from app.cli.languages import chosen_language
from app.cli.wording import Commands, usage_problem
from app.errors import BadParameter, EngineUnavailable, MaillageError, SettingsError, StoreError, UnknownQuery
from app.text import say_system

OK, REFUSED, USAGE, STORE, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit codes: done; the data or the query are refused; a wrong command or setting; the store or the engine cannot; Ctrl-C."""

cli = Commands(
    "maillage",
    {
        "serve": "app.cli.serve",
        "import": "app.cli.import_",
        "validate": "app.cli.validate",
        "query": "app.cli.query",
        "queries": "app.cli.queries",
        "search": "app.cli.search",
        "paths": "app.cli.paths",
        "export": "app.cli.export",
        "versions": "app.cli.versions",
        "backup": "app.cli.backup",
        "restore": "app.cli.restore",
        "erase": "app.cli.erase",
        "generate": "app.cli.generate",
        "check": "app.cli.check",
        "matches": "app.cli.matches",
        "suggest": "app.cli.suggest",
        "evaluate": "app.cli.evaluate",
        "statistics": "app.cli.statistics",
        "structure": "app.cli.structure",
        "changes": "app.cli.changes",
        "quality": "app.cli.quality",
        "settings": "app.cli.settings",
        "token": "app.cli.token",
    },
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command and ends the process with its exit code."""
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: list[str]) -> int:
    """Runs one command; what goes wrong is explained on the error stream, in the language of the arguments or the locale."""
    console = Console(chosen_language(arguments, os.environ), as_json="--json" in arguments)
    try:
        code = cli.main(arguments, prog_name="maillage", standalone_mode=False, obj=console)
        return code if isinstance(code, int) else OK
    except click.UsageError as error:
        console.problem("usage", usage_problem(error, console.language))
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        console.problem("interrupted", console.say("interrupted"))
        return INTERRUPTED
    except MaillageError as error:
        console.refuse(error)
        return exit_code(error)
    except BrokenPipeError:  # the reader of our output has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except OSError as error:
        console.problem(
            "system",
            console.say("system", path=error.filename or "–", reason=say_system(error.strerror or str(error), console.language)),
        )
        return STORE


def exit_code(error: MaillageError) -> int:
    """The exit code that says the same as an error."""
    if isinstance(error, SettingsError | BadParameter | UnknownQuery):
        return USAGE
    if isinstance(error, StoreError | EngineUnavailable):
        return STORE
    return REFUSED
