"""The wheel holds all that the service reads, and works from it in an empty folder, far from the source tree."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True, capture_output=True
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked as an installer does; what it depends on is found where it is already."""
    target = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(target)
    return target


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> object:
    """Runs a command line of the wheel in an empty folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAILLAGE_")}
    environment = {**kept, "PYTHONPATH": str(installed), "LANG": "en_GB.UTF-8"}

    def command(*arguments: str) -> str:
        entry = "import app, app.cli; assert '_data' in str(app.resources.folder('seed')); app.cli.main()"
        started = [sys.executable, "-P", "-c", entry.replace("import app,", "import app, app.resources,"), *arguments]
        done = subprocess.run(started, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return command


@pytest.mark.parametrize("folder", ["ontology", "shapes", "queries"])
def test_every_file_of_a_data_folder_is_in_the_wheel(folder: str, wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    files = [path for path in (ROOT / folder).rglob("*") if path.suffix in (".ttl", ".rq")]
    assert files
    assert not [path for path in files if f"app/_data/{path.relative_to(ROOT).as_posix()}" not in names]


def test_templates_styles_messages_and_licences_are_in_the_wheel(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for folder, pattern in (("app/messages", "*.toml"), ("app/web/templates", "*"), ("app/web/static", "*")):
        assert not [p for p in (ROOT / folder).glob(pattern) if p.is_file() and p.relative_to(ROOT).as_posix() not in names]
    assert {"app/_data/ontology/LICENSE", "app/_data/seed/LICENSE"} <= set(names)
    assert [name for name in names if name.endswith("licenses/LICENSE")]


def test_what_the_service_does_not_read_is_left_out(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert not [name for name in names if "seed/sources" in name or "seed/make" in name or name.startswith("tests/")]
    assert not [name for name in names if "__pycache__" in name]


def test_it_shows_its_settings_in_an_empty_folder(run: object) -> None:
    assert callable(run)
    assert {each["origin"] for each in json.loads(run("settings", "--json"))} == {"default"}


def test_it_creates_a_store_and_answers_in_an_empty_folder(run: object, tmp_path: Path) -> None:
    assert callable(run)
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("raise ImportError('another program of that name')")
    (tmp_path / "a.ttl").write_text(
        '<id/actor/a> a <https://w3id.org/maillage/ontology#InformalCollective> ; <https://w3id.org/maillage/ontology#name> "A" .'
    )
    assert json.loads(run("import", "a.ttl", "--json"))["version"] == 2
    counted = "SELECT (COUNT(DISTINCT ?g) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
    assert int(run("query", counted, "--format", "csv").split()[1]) > 5
