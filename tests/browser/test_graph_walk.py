"""The neighbourhood in a real browser: opened when asked for, explored by keyboard, filtered, exported; without barrier."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.test_accessibility import audit, focused, press
from tests.browser.test_editor_walk import SHIFTS, click, find

pytestmark = pytest.mark.browser

Show = Callable[..., webdriver.Chrome]
GRAINERIE = "http://localhost:8000/id/actor/grainerie"
PATH = f"/neighbourhood?iri={quote(GRAINERIE, safe='')}"


def explored(show: Show, path: str = PATH, **how: object) -> webdriver.Chrome:
    page = show(path, **how)
    find(page, ".net canvas")
    return page


def said(page: webdriver.Chrome) -> str:
    return page.find_element(By.CSS_SELECTOR, ".net .said").text


def rows(page: webdriver.Chrome) -> list[str]:
    return [row.text for row in page.find_elements(By.CSS_SELECTOR, "#table ~ .scroll tbody tr")]


def to_canvas(page: webdriver.Chrome) -> None:
    for _ in range(60):
        press(page, Keys.TAB)
        if focused(page) == "CANVAS":
            return
    pytest.fail("the graph cannot be reached by Tab")


def test_a_record_loads_its_graph_only_when_it_is_opened(show: Show) -> None:
    page = show("/actor/grainerie")
    asked = "return performance.getEntriesByType('resource').map(r => r.name)"
    assert not [name for name in page.execute_script(asked) if "neighbourhood" in name or "canvas" in name or "picture" in name]
    click(page, find(page, ".neighbourhood summary"))
    assert find(page, ".neighbourhood .net canvas").is_displayed()
    assert [name for name in page.execute_script(asked) if "/neighbourhood.json" in name]
    width = "return document.querySelector('{}').getBoundingClientRect().width"
    assert page.execute_script(width.format(".net canvas")) > 0.9 * page.execute_script(width.format(".net"))
    assert audit(page) == []


def test_the_graph_is_walked_opened_and_explained_by_keyboard_alone(show: Show) -> None:
    page = explored(show)
    to_canvas(page)
    outline = page.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    press(page, Keys.ARROW_RIGHT)
    assert said(page).startswith("La Grainerie, ")
    seen = set()
    for key in (Keys.ARROW_UP, Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ARROW_LEFT, Keys.ARROW_LEFT, Keys.ARROW_UP):
        press(page, key)
        seen.add(said(page))
    assert len(seen) >= 3
    press(page, Keys.SPACE)
    assert page.find_elements(By.CSS_SELECTOR, ".side .path li")
    press(page, Keys.ENTER)
    WebDriverWait(page, 10).until(lambda shown: "de plus" in said(shown) or "déjà montré" in said(shown))
    assert "open=" in page.current_url
    press(page, Keys.ESCAPE)
    assert "Choisissez un élément" in page.find_element(By.CSS_SELECTOR, ".side").text
    press(page, Keys.TAB)
    assert focused(page) != "CANVAS"


def test_opening_a_thing_moves_nothing_and_the_address_brings_the_same_picture_back(show: Show) -> None:
    page = explored(show)
    to_canvas(page)
    before = len(rows(page))
    for key in (Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_DOWN):
        press(page, key)
    press(page, Keys.ENTER)
    WebDriverWait(page, 10).until(lambda shown: "de plus" in said(shown) or "déjà montré" in said(shown))
    after = rows(page)
    assert len(after) >= before
    page.refresh()
    find(page, ".net canvas")
    assert rows(page) == after


def test_a_kind_of_link_a_theme_and_a_period_filter_the_picture_its_table_its_files_and_its_address(show: Show) -> None:
    page = explored(show)
    click(page, find(page, ".net .filters summary"))
    every = rows(page)
    labels = page.find_elements(By.CSS_SELECTOR, ".net .kinds label")
    others = [label for label in labels if not label.text.startswith("signe")]
    for label in others:
        click(page, label)
    assert [row.split(" signe ")[0] for row in rows(page)] == ["La Grainerie", "L’Atelier"]
    assert len(every) > 2
    assert "link=" in page.current_url
    assert "link=" in page.find_element(By.CSS_SELECTOR, "#files + .formats a").get_attribute("href")
    for label in others:
        click(page, label)
    assert rows(page) == every
    slider = page.find_element(By.ID, "net-from")
    page.execute_script("arguments[0].value = 2021; arguments[0].dispatchEvent(new Event('input'))", slider)
    assert not [row for row in rows(page) if "l’aide au marché de 2019" in row]
    page.refresh()
    find(page, ".net canvas")
    assert not [row for row in rows(page) if "l’aide au marché de 2019" in row]
    assert page.find_element(By.ID, "net-from").get_attribute("value") == "2021"


def test_what_the_server_says_of_filters_the_script_says_too(show: Show) -> None:
    for query in ("&hubs=no", "&from=2020&to=2020", "&theme=https://w3id.org/maillage/theme/epicerie-cooperative"):
        page = show(PATH + query)
        page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        page.get(page.current_url)
        told = rows(page)
        page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
        page.refresh()
        find(page, ".net canvas")
        assert sorted(rows(page)) == sorted(told), query


def test_a_very_linked_thing_is_drawn_in_part_and_says_what_is_left_out(show: Show) -> None:
    page = explored(show, f"/neighbourhood?iri={quote('http://localhost:8000/id/actor/carrefour', safe='')}")
    assert said(page).startswith("152 éléments")
    to_canvas(page)
    press(page, Keys.ARROW_RIGHT)
    assert "+ 850 : signe" in page.find_element(By.CSS_SELECTOR, ".side").text


def test_a_picture_is_saved_as_svg_that_holds_every_thing(show: Show) -> None:
    page = explored(show)
    grab = """
const done = arguments[arguments.length - 1];
const kept = URL.createObjectURL;
URL.createObjectURL = blob => { blob.text().then(done); return kept.call(URL, blob); };
[...document.querySelectorAll('.net .bar button')].at(-1).click();
"""
    svg = page.execute_async_script(grab)
    assert svg.startswith("<svg ")
    assert svg.count("<path ") == int(said(page).split()[0])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_no_barrier_in_the_graph(show: Show, language: str, scheme: str, width: int) -> None:
    page = explored(show, language + PATH, scheme=scheme, width=width)
    to_canvas(page)
    press(page, Keys.ARROW_RIGHT)
    click(page, find(page, ".net .filters summary"))
    assert audit(page) == []
    assert page.execute_script("return document.documentElement.scrollWidth") <= width


def test_the_graph_of_a_query_is_drawn_from_its_triples(show: Show) -> None:
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ <{GRAINERIE}> }} ?s ?p ?o }}"
    page = show(f"/sparql?query={quote(query)}")
    click(page, find(page, "[data-view=graph]"))
    find(page, ".net canvas")
    assert "lien" in said(page)
    assert audit(page) == []


def test_the_page_of_the_graph_hardly_moves_when_the_script_takes_over(show: Show) -> None:
    assert explored(show).execute_async_script(SHIFTS) < 0.1
