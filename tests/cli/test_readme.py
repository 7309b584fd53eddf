"""The README's tour does what it says: its commands run in order in one folder, and print what stands below them.

In blocks marked ``console``, a line ``$ …`` is a command and what follows is its output; ``cat NAME`` also makes the file that it
shows. ``…`` stands for anything within a line, and alone on a line for any number of lines; runs of spaces count as one.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from app.engine.hand import environment
from app.settings import Settings
from tests.cli.conftest import BASE

README = Path(__file__).parents[2] / "README.md"
TOUR = re.findall(r"^```console\n(.*?)^```", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
STEPS = [
    (command, shown) for block in TOUR for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
]


def pattern(shown: str) -> re.Pattern[str]:
    """A shown output as a pattern."""
    made = ""
    for line in shown.splitlines():
        if line.strip() == "…":
            made += r"(?:.*\n)*?"
        else:
            parts = [r"\s+".join(map(re.escape, part.split(" "))) for part in re.sub(" +", " ", line).split("…")]
            made += ".*".join(parts) + r"[ \t]*\n"
    return re.compile(made)


class Tour:
    """A shell on the folder of the tour, and the service once it runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self.service: subprocess.Popen[str] | None = None
        scripts = str(Path(sys.executable).parent)
        self.environment = {
            **{name: value for name, value in environment().items() if not name.startswith(("MAILLAGE_", "LC_"))},
            "PATH": os.pathsep.join([scripts, os.environ["PATH"]]),
            "LANG": "en_GB.UTF-8",
        }
        self.code = 0

    def run(self, command: str, shown: str) -> str:
        """What a command prints on both streams."""
        if command.startswith("cat "):
            (self.folder / command.split()[1]).write_text(shown, encoding="utf-8")
        if command == "echo $?":
            return f"{self.code}\n"
        if command == "maillage serve &":
            return self._serve()
        address = f"http://localhost:{self.port}/"
        told = command.replace(BASE, address) if command.startswith("curl") else command
        done = subprocess.run(
            ["bash", "-c", told], cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        self.code = done.returncode
        text = done.stdout + done.stderr
        return text if text.endswith("\n") or not text else f"{text}\n"

    def _serve(self) -> str:
        """Another port than the README's, since that one may be taken; the data's addresses stay."""
        told = {**self.environment, "MAILLAGE_PORT": str(self.port), "MAILLAGE_BASE_IRI": BASE}
        self.service = subprocess.Popen(["maillage", "serve"], cwd=self.folder, env=told, stderr=subprocess.PIPE, text=True)
        assert self.service.stderr is not None
        said = []
        for line in self.service.stderr:
            said.append(line)
            if "ready" in line:
                break
        return "".join(said).replace(f"http://localhost:{self.port}/", BASE)

    def close(self) -> None:
        if self.service is not None and self.service.stderr is not None:
            self.service.send_signal(signal.SIGTERM)
            self.service.wait()
            self.service.stderr.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
def tour(store: Path) -> Iterator[Tour]:
    made = Tour(store.parent)
    yield made
    made.close()


def test_the_tour_has_all_its_steps() -> None:
    assert len(STEPS) > 10


def test_the_tour_prints_what_it_shows(tour: Tour) -> None:
    for command, shown in STEPS:
        printed = tour.run(command, shown)
        assert pattern(shown).fullmatch(printed), f"$ {command}\n{printed}"


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", README.read_text(encoding="utf-8")))
def test_what_the_readme_points_to_is_there(link: str) -> None:
    assert link.startswith("http") or (README.parent / link).exists()


def test_every_command_of_the_makefile_that_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", (README.parent / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", README.read_text(encoding="utf-8"), re.MULTILINE))
    assert named
    assert named <= targets


def test_every_setting_of_the_readme_exists() -> None:
    known = {f"MAILLAGE_{declared.name.upper()}" for declared in fields(Settings)}
    assert set(re.findall(r"MAILLAGE_[A-Z_]+", README.read_text(encoding="utf-8"))) <= known
