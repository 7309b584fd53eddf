"""What a process loads before it can do its work: no more than that, so that it starts soon."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app.cli import cli
from app.cli.warming import LATER
from app.engine.hand import environment

HEAVY = {"scipy", "sknetwork", "openpyxl", "pyshacl", "rdflib.plugins.sparql", "pyparsing"}


def loaded(script: str) -> set[str]:
    """The modules, and the packages that they are of, that a new process has loaded at the end of a script."""
    command = [sys.executable, "-P", "-c", f"import sys\n{script}\nprint('loaded:', *sys.modules)"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=environment()).stdout
    return set(said.rpartition("loaded:")[2].split())


def test_a_web_server_starts_without_what_few_ask_for() -> None:
    assert not loaded("import app.cli.web_server") & HEAVY


def test_what_it_did_without_is_loaded_before_the_first_pages_are_built() -> None:
    modules = ", ".join(LATER)
    assert loaded(f"import {modules}") >= HEAVY


@pytest.mark.parametrize("command", ["serve", "versions", "query", "search", "paths", "export"])
def test_a_command_that_works_nothing_out_starts_without_it_too(command: str) -> None:
    assert not loaded(f"import {cli.modules[command]}") & HEAVY


def test_the_list_of_commands_loads_none_of_them() -> None:
    found = loaded("from app.cli import run\nassert run(['--help']) == 0")
    assert not found & {"flask", "rdflib", "numpy", "pyoxigraph", *cli.modules.values()}


@pytest.mark.parametrize("name", cli.modules)
def test_a_command_s_line_in_that_list_is_its_own(name: str) -> None:
    context = cli.make_context("maillage", [name], resilient_parsing=True)
    command = cli.get_command(context, name)
    assert command is not None
    with context:
        assert cli.line_of(context, name) == command.get_short_help_str()
