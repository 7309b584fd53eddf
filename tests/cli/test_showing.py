"""The date since when data are shown as they are: it stays over restarts, and moves with what pages are made of."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.cli.showing import FILE, shown_since
from app.engine.launch import run_folder
from app.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "data").mkdir()
    return Settings(data=tmp_path / "data")


def test_all_processes_and_later_starts_have_one_date(settings: Settings) -> None:
    with ThreadPoolExecutor(4) as pool:
        dates = set(pool.map(lambda _: shown_since(settings, "1.0"), range(12)))
    assert len(dates) == 1
    assert abs(datetime.now(UTC) - dates.pop()) < timedelta(minutes=1)


def test_another_release_and_another_setting_move_it_by_a_second_at_least(settings: Settings) -> None:
    first = shown_since(settings, "1.0")
    second = shown_since(settings, "1.1")
    third = shown_since(replace(settings, site_name="Essai"), "1.1")
    assert first + timedelta(seconds=1) <= second
    assert second + timedelta(seconds=1) <= third
    assert shown_since(replace(settings, site_name="Essai"), "1.1") == third
    assert shown_since(settings, "1.0") > third, "who goes back shows other pages once more"


@pytest.mark.parametrize("content", ["", "no JSON", "[]", '{"since": "soon", "manner": ""}', '{"since": 3}', "null"])
def test_a_file_that_says_nothing_is_written_anew(settings: Settings, content: str) -> None:
    file = run_folder(settings.data) / FILE
    file.parent.mkdir()
    file.write_text(content, encoding="utf-8")
    assert shown_since(settings, "1.0") == shown_since(settings, "1.0")


def test_where_nothing_can_be_kept_it_is_now(settings: Settings) -> None:
    run_folder(settings.data).write_text("a file where the folder should be", encoding="utf-8")
    before = datetime.now(UTC)
    assert before <= shown_since(settings, "1.0") <= datetime.now(UTC)
