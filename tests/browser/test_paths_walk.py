"""Explain how two actors are linked, by keyboard alone; no barrier in any state of the page."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.test_accessibility import audit, audit_in_both_schemes, press
from tests.conftest import BASE

pytestmark = pytest.mark.browser

Show = Callable[..., webdriver.Chrome]
ID = f"{BASE}id/actor/"
STATES = {
    "empty": "/paths",
    "explained": f"/paths?from={ID}grainerie&to={ID}atelier",
    "many partnerships": f"/paths?from={ID}grainerie&to={ID}carrefour",
    "several": f"/paths?from={ID}grainerie&to={ID}agglo&with={ID}atelier&link=partnership&link=theme",
    "nothing": f"/paths?from={ID}grainerie&to={ID}atelier&longest=1&without={BASE}id/partnership/convention",
    "not understood": "/paths?from=Grianerie&to=Atelier",
    "not linked": f"/paths?from={ID}grainerie&to={ID}long",
}


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("name", STATES)
def test_axe_finds_no_barrier_in_explanations(show: Show, name: str, language: str) -> None:
    assert audit_in_both_schemes(show(language + STATES[name])) == []


@pytest.mark.parametrize("name", STATES)
def test_explanations_need_no_sideways_scroll_on_a_phone(show: Show, name: str) -> None:
    page = show(STATES[name], width=360)
    assert page.execute_script("return document.documentElement.scrollWidth") <= 360
    assert audit(page) == []


def tab_to(page: webdriver.Chrome, wanted: str) -> None:
    for _ in range(60):
        if press(page, Keys.TAB) == wanted:
            return
    raise AssertionError(f"the keyboard does not reach {wanted}")


def complete(page: webdriver.Chrome, typed: str) -> None:
    """Type the beginning of a name and take the first that is offered."""
    webdriver.ActionChains(page).send_keys(typed).perform()
    WebDriverWait(page, 10).until(lambda shown: shown.switch_to.active_element.get_attribute("aria-expanded") == "true")
    webdriver.ActionChains(page).send_keys(Keys.ARROW_DOWN, Keys.ENTER).perform()


def test_how_two_actors_are_linked_is_explained_by_keyboard_alone(show: Show) -> None:
    page = show("/paths")
    tab_to(page, "p-from")
    complete(page, "graineri")
    tab_to(page, "p-to")
    complete(page, "atelie")
    while page.switch_to.active_element.tag_name != "button":
        press(page, Keys.TAB)
    press(page, Keys.ENTER)
    chain = WebDriverWait(page, 10).until(lambda shown: shown.find_element(By.CSS_SELECTOR, ".chain"))
    assert chain.text.startswith("La Grainerie signe")
    assert f"to={ID}atelier".replace(":", "%3A").replace("/", "%2F") in page.current_url
    while page.switch_to.active_element.get_attribute("aria-label") != "Chercher sans la convention de voisinage":
        press(page, Keys.TAB)
    press(page, Keys.ENTER)
    WebDriverWait(page, 10).until(lambda shown: "without=" in shown.current_url)
    assert len(page.find_elements(By.CSS_SELECTOR, ".chain")) == 2
    page.back()
    assert len(page.find_elements(By.CSS_SELECTOR, ".chain")) == 3


def test_the_address_of_an_explanation_is_short_enough_to_be_sent(show: Show) -> None:
    page = show("/paths")
    tab_to(page, "p-from")
    complete(page, "grain")
    tab_to(page, "p-to")
    complete(page, "atelier")
    webdriver.ActionChains(page).send_keys(Keys.ENTER).perform()
    WebDriverWait(page, 10).until(lambda shown: "from=" in shown.current_url)
    asked = parse_qs(urlsplit(page.current_url).query, keep_blank_values=True)
    assert asked == {"from": [f"{ID}grainerie"], "to": [f"{ID}atelier"]}


def test_one_choice_of_a_group_sends_the_whole_group(show: Show) -> None:
    page = show(f"/paths?from={ID}grainerie&to={ID}atelier")
    page.find_element(By.CSS_SELECTOR, "details.options summary").click()
    page.find_element(By.CSS_SELECTOR, "input[name=link][value=theme]").click()
    page.find_element(By.CSS_SELECTOR, ".paths-form button").click()
    WebDriverWait(page, 10).until(lambda shown: "link=" in shown.current_url)
    asked = parse_qs(urlsplit(page.current_url).query, keep_blank_values=True)
    assert asked.keys() == {"from", "to", "link"}
    assert "theme" not in asked["link"]
    assert len(asked["link"]) == 7
