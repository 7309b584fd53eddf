"""Settings come from the file and the environment; a wrong one is refused with its name and what to do."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from app.errors import SettingsError
from app.settings import PREFIX, Settings, gather
from app.text import LANGUAGES, explain, messages


def written(folder: Path, text: str | bytes) -> Path:
    (folder / "maillage.toml").write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def refused(environment: dict[str, str], folder: Path) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        Settings.load(environment, folder)
    return caught.value


def test_without_file_and_environment_all_have_their_default(tmp_path: Path) -> None:
    assert Settings.load({}, tmp_path) == Settings()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    written(tmp_path, 'query_seconds = 3\nsite_name = "Essonne"\n')
    loaded = Settings.load({"MAILLAGE_QUERY_SECONDS": "4.5"}, tmp_path)
    assert (loaded.query_seconds, loaded.site_name) == (4.5, "Essonne")
    assert {name: given.origin for name, given in gather({"MAILLAGE_QUERY_SECONDS": "4"}, tmp_path).items()} == {
        "query_seconds": "environment",
        "site_name": "file",
    }


@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_variable_is_as_none(value: str, tmp_path: Path) -> None:
    assert Settings.load({"MAILLAGE_PORT": value}, tmp_path).port == 8000


def test_the_data_s_iris_follow_the_port_unless_they_are_set(tmp_path: Path) -> None:
    assert Settings.load({"MAILLAGE_PORT": "9000"}, tmp_path).base_iri == "http://localhost:9000/"
    both = {"MAILLAGE_PORT": "9000", "MAILLAGE_BASE_IRI": "https://observatoire.example/"}
    assert Settings.load(both, tmp_path).base_iri == "https://observatoire.example/"


def test_endpoints_are_a_list_in_the_file_and_comma_separated_in_the_environment(tmp_path: Path) -> None:
    written(tmp_path, 'service_allow = ["http://a.example/sparql"]')
    assert Settings.load({}, tmp_path).service_allow == ("http://a.example/sparql",)
    two = Settings.load({"MAILLAGE_SERVICE_ALLOW": "http://a.example/, https://b.example/q,"}, tmp_path)
    assert two.service_allow == ("http://a.example/", "https://b.example/q")


@pytest.mark.parametrize("address", ["https://a.example/?r={iri}&v={version}", "mailto:a@b.example?subject={iri}", ""])
def test_a_correction_is_a_web_or_a_mail_address(address: str, tmp_path: Path) -> None:
    assert Settings.load({"MAILLAGE_CORRECTION_URL": address}, tmp_path).correction_url == address


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("PORT", "abc", "not-int"),
        ("PORT", "8000.5", "not-int"),
        ("PORT", "-1", "too-small"),
        ("PORT", "70000", "too-large"),
        ("QUERY_ROWS", "1e5", "not-int"),
        ("QUERY_ROWS", "0", "too-small"),
        ("QUERY_SECONDS", "nan", "not-float"),
        ("QUERY_SECONDS", "inf", "not-float"),
        ("QUERY_SECONDS", "0", "too-small"),
        ("QUERY_MEMORY_MB", "beaucoup", "not-int"),
        ("MAP_TILES", "tuiles", "not-tiles"),
        ("MAP_TILES", "https://a.example/{z}/{x}.png", "not-tiles"),
        ("MAP_TILES", "https://a.example/{z}/{x}/{y}/{y}.png", "not-tiles"),
        ("MAP_TILES", "https://{x}.example/{z}/{x}/{y}.png", "not-tiles"),
        ("MAP_TILES", "https://a.example;script-src/{z}/{x}/{y}.png", "not-tiles"),
        ("MAP_TILES", "https://*/{z}/{x}/{y}.png", "not-tiles"),
        ("MAP_TILES", "https://*.example/{z}/{x}/{y}.png", "not-tiles"),
        ("MAP_TILES", "https://плитки.example/{z}/{x}/{y}.png", "not-tiles"),
        ("MAP_TILES", "https://me@a.example/{z}/{x}/{y}.png", "not-tiles"),
        ("BASE_IRI", "observatoire", "not-http"),
        ("BASE_IRI", "ftp://a.example/", "not-http"),
        ("BASE_IRI", "http://a.example", "not-base"),
        ("BASE_IRI", "http://a.example/?q=/", "not-base"),
        ("BASE_IRI", "http://a.example/#/", "not-base"),
        ("BASE_IRI", "http://a b/", "not-http"),
        ("BASE_IRI", "http://[::1/", "not-http"),
        ("BASE_IRI", "http://a.example:port/", "not-http"),
        ("CORRECTION_URL", "javascript:alert(1)", "not-correction"),
        ("CORRECTION_URL", "https://a.example/{iri}/{other}", "not-correction"),
        ("CORRECTION_URL", "mailto:nobody", "not-correction"),
        ("CORRECTION_URL", "{iri}", "not-correction"),
        ("SERVICE_ALLOW", "http://a.example/,file:///etc/passwd", "not-http"),
    ],
)
def test_a_wrong_value_is_refused_by_its_variable_s_name_with_a_remedy(
    name: str, value: str, reason: str, tmp_path: Path
) -> None:
    error = refused({PREFIX + name: value}, tmp_path)
    assert (error.details["name"], error.details["reason"]) == (PREFIX + name, reason)
    for language in LANGUAGES:
        told = explain(error, language)
        assert PREFIX + name in told
        assert reason not in told, "the reason is said in words"


@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        ("port = true", "port (maillage.toml)", "not-int"),
        ("port = 80.5", "port (maillage.toml)", "not-int"),
        ("port = [80]", "port (maillage.toml)", "not-int"),
        ("site_name = [1]", "site_name (maillage.toml)", "not-str"),
        ("service_allow = [1]", "service_allow (maillage.toml)", "not-tuple"),
        ("service_allow = 1", "service_allow (maillage.toml)", "not-tuple"),
        ("data = 1", "data (maillage.toml)", "not-path"),
        ("prot = 80", "prot (maillage.toml)", "unknown"),
        ("[web]\nport = 80", "web (maillage.toml)", "unknown"),
    ],
)
def test_a_wrong_value_in_the_file_is_refused(text: str, name: str, reason: str, tmp_path: Path) -> None:
    error = refused({}, written(tmp_path, text))
    assert (error.details["name"], error.details["reason"]) == (name, reason)


@pytest.mark.parametrize("text", ["port 8000", b"site_name = '\xe9'"])
def test_a_file_that_is_no_toml_is_refused_by_its_path(text: str | bytes, tmp_path: Path) -> None:
    error = refused({}, written(tmp_path, text))
    assert error.details["reason"] == "not-toml"
    assert "maillage.toml" in explain(error, "fr")


def test_a_misspelt_variable_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    error = refused({"MAILLAGE_QUERY_SECOND": "5"}, tmp_path)
    assert error.details["nearest"] == "MAILLAGE_QUERY_SECONDS"


def test_a_variable_that_resembles_none_belongs_to_somebody_else(tmp_path: Path) -> None:
    assert Settings.load({"MAILLAGE_BACKUP_TARGET": "x", "maillage_port": "1"}, tmp_path) == Settings()


@pytest.mark.parametrize("name", [declared.name for declared in fields(Settings)])
def test_every_setting_is_explained(name: str) -> None:
    assert f"settings.about-{name}" in messages()


def test_nothing_else_is_explained() -> None:
    about = {key.removeprefix("settings.about-") for key in messages() if key.startswith("settings.about-")}
    assert about == {declared.name for declared in fields(Settings)}


def test_tiles_need_their_authors(tmp_path: Path) -> None:
    tiles = {"MAILLAGE_MAP_TILES": "https://a.example:8443/{z}/{x}/{y}.png"}
    error = refused(tiles, tmp_path)
    assert (error.details["name"], error.details["reason"]) == ("MAILLAGE_MAP_TILES_CREDIT", "no-credit")
    assert Settings.load({**tiles, "MAILLAGE_MAP_TILES_CREDIT": "© Nous"}, tmp_path).map_tiles == tiles["MAILLAGE_MAP_TILES"]
