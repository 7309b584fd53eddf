"""What a first visit costs: bytes as they are sent, requests, movement of the page; and nothing comes from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from selenium import webdriver

from tests.browser.test_accessibility import PATHS
from tests.browser.test_editor_walk import SHIFTS

pytestmark = pytest.mark.browser

MOST_BYTES = 150_000
MOST_REQUESTS = 25
MOST_SHIFT = 0.1
"""Cumulative Layout Shift below which a page counts as still (https://web.dev/articles/cls)."""
LOADED = """
const [page] = performance.getEntriesByType('navigation');
return [page, ...performance.getEntriesByType('resource')].map(one => [one.name, one.encodedBodySize]);
"""
WEIGHED = {name: path for name, path in PATHS.items() if name not in ("mistake", "error", "question not understood")} | {
    "graph": f"/neighbourhood?iri={quote('http://localhost:8000/id/actor/grainerie', safe='')}",
    "framed graph": f"/embed/neighbourhood?iri={quote('http://localhost:8000/id/actor/grainerie', safe='')}",
    "framed list": "/embed/actor",
}


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", WEIGHED)
def test_a_first_visit_is_light_and_still(show: Callable[..., webdriver.Chrome], site: str, name: str, width: int) -> None:
    page = show("/legal", width=width)
    page.execute_cdp_cmd("Network.enable", {})
    page.execute_cdp_cmd("Network.clearBrowserCache", {})
    page = show(WEIGHED[name], width=width)
    shift = page.execute_async_script(SHIFTS)
    loaded = page.execute_script(LOADED)
    assert all(address.startswith(site) for address, _ in loaded)
    assert len(loaded) <= MOST_REQUESTS
    assert sum(size for _, size in loaded) <= MOST_BYTES, loaded
    assert shift <= MOST_SHIFT
