"""Pages that no record, list or question stands behind are cited too: by their whole address, on the version that is read."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.web.reading import Page, text_of

Fetch = Callable[..., Page]
POLE = "http%3A%2F%2Flocalhost%3A8000%2Fid%2Factor%2Fcarrefour"
AGGLO = "http%3A%2F%2Flocalhost%3A8000%2Fid%2Factor%2Fagglo"


@pytest.mark.parametrize(
    "path",
    [
        f"/paths?from={POLE}&to={AGGLO}",
        "/statistics?measure=actors&rows=class",
        "/map",
        "/suggestions",
        "/matches",
        "/structure",
        "/changes",
        "/quality",
    ],
)
def test_a_page_is_cited_with_its_own_address_and_version(fetch: Fetch, path: str) -> None:
    page = fetch(path)
    assert page.status == 200
    (block,) = page.all("details", class_="cite")
    links = [a.get("href", "") for a in block.iter("a")]
    assert len(links) == 1
    assert links[0].startswith("http://localhost:8000" + path.partition("?")[0])
    assert links[0].endswith("version=2")
    bib, reference = [text_of(pre) for pre in block.iter("pre")]
    assert bib.startswith("@")
    assert json.loads(reference)[0]["URL"] == links[0]


def test_a_framed_page_does_not_repeat_the_citation(fetch: Fetch) -> None:
    assert fetch("/embed/statistics?measure=actors&rows=class").all("details", class_="cite") == []
