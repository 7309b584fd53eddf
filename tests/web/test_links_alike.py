"""Links of a row of cells, written once, against each written by itself."""

from __future__ import annotations

import pytest

from app.entities.addresses import Addresses
from app.text import Language
from app.web.urls import Urls

ADDRESSES = Addresses("https://base.test/here/", ("actor",))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("version", [(), (("version", "3"),)])
@pytest.mark.parametrize("word", ["departement-91", "", "https://base.test/id/actor/é & ü?a=b#c", "a+b %", "100 %"])
def test_a_link_is_as_if_it_were_written_by_itself(language: Language, version: tuple[tuple[str, str], ...], word: str) -> None:
    urls = Urls(ADDRESSES, language, "/map", version)

    def link(value: str) -> str:
        return urls.page("/statistics/list?a=1", theme="x", row=value, column="y#z")

    assert urls.like(link)(word) == link(word)


def test_a_page_without_a_query_is_as_its_path_says() -> None:
    assert Urls(ADDRESSES, "en", "/").page("/map#here") == "/here/en/map#here"
    assert Urls(ADDRESSES, "fr", "/", (("version", "3"),)).page("/map#here") == "/here/map?version=3#here"
    assert Urls(ADDRESSES, "fr", "/", (("version", "3"),)).page("/map", version=None) == "/here/map"
