"""The menu on a phone: one line that scrolls sideways, with the page that is read in view, also where nothing is scripted."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

pytestmark = pytest.mark.browser

Show = Callable[..., webdriver.Chrome]
INSIDE = """
const box = arguments[0].getBoundingClientRect();
return box.left >= 0 && box.right <= document.documentElement.clientWidth;
"""
SCROLLED = "return document.querySelector('header.site nav ul').scrollLeft"


@pytest.fixture(params=[False, True], ids=["scripted", "without scripts"])
def page_at(request: pytest.FixtureRequest, show: Show, driver: webdriver.Chrome) -> Iterator[Show]:
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": request.param})
    yield lambda path, width: show(path, width=width)
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.parametrize("path", ["/actor", "/statistics", "/agenda", "/sparql", "/en/queries"])
def test_the_entry_of_the_page_is_in_view(page_at: Show, path: str) -> None:
    page = page_at(path, 360)
    current = page.find_element(By.CSS_SELECTOR, "header.site nav [aria-current]")
    assert page.execute_script(INSIDE, current)


def test_each_entry_comes_into_view_as_the_keyboard_reaches_it(show: Show) -> None:
    page = show("/actor", width=360)
    for entry in page.find_elements(By.CSS_SELECTOR, "header.site nav a"):
        page.execute_script("arguments[0].focus()", entry)
        WebDriverWait(page, 5).until(lambda page, one=entry: page.execute_script(INSIDE, one), entry.text)
    assert page.execute_script(SCROLLED) > 0


def test_nothing_is_scrolled_where_the_menu_has_room(show: Show) -> None:
    assert show("/sparql", width=1280).execute_script(SCROLLED) == 0
