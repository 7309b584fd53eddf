"""The main tasks of a project officer, from the home page and by keyboard alone, on the starting data."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from flask import Flask
from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

pytestmark = pytest.mark.browser
_TABS = 400


@pytest.fixture
def page(driver: webdriver.Chrome, seed: str) -> webdriver.Chrome:
    driver.get(f"{seed}/")
    return driver


def keys(page: webdriver.Chrome, *pressed: str) -> None:
    webdriver.ActionChains(page).send_keys(*pressed).perform()


def tab_to(page: webdriver.Chrome, wanted: str) -> None:
    """Tab until the element ``e`` that has the focus is as wanted, in JavaScript."""
    for _ in range(_TABS):
        keys(page, Keys.TAB)
        if page.execute_script(f"const e = document.activeElement; return !!({wanted})"):
            return
    pytest.fail(f"not reached by Tab: {wanted}")


def follow(page: webdriver.Chrome, wanted: str) -> None:
    """To a link or a button by Tab, and through it by Enter; waits for the page that it leads to."""
    tab_to(page, wanted)
    before = page.find_element("tag name", "html")
    keys(page, Keys.ENTER)
    WebDriverWait(page, 20).until(lambda shown: shown.find_element("tag name", "html") != before)
    WebDriverWait(page, 20).until(lambda shown: shown.execute_script("return document.readyState") == "complete")


def heading(page: webdriver.Chrome) -> str:
    return page.find_element("tag name", "h1").text


def test_actors_on_a_theme_in_a_territory_are_found_and_taken_away(page: webdriver.Chrome, seed_app: Flask) -> None:
    follow(page, "e.textContent === 'Acteurs'")
    every = int(heading(page).split()[1])
    tab_to(page, "e.name === 'theme' && e.labels[0].textContent.startsWith('Coopération')")
    keys(page, Keys.SPACE)
    tab_to(page, "e.name === 'territory' && e.type === 'checkbox' && e.labels[0].textContent.startsWith('Essonne')")
    keys(page, Keys.SPACE)
    follow(page, "e.tagName === 'BUTTON' && e.type === 'submit' && e.form?.id === 'filters'")
    found = int(heading(page).split()[1])
    assert 0 < found < every
    tab_to(page, "e.tagName === 'A' && e.href.includes('.csv?')")
    file = urlsplit(page.execute_script("return document.activeElement.href"))
    table = seed_app.test_client().get(f"{file.path}?{file.query}").text
    rows = [line for line in table.splitlines() if line and not line.startswith("#")]
    assert len(rows) == found + 1


def test_how_two_actors_are_linked_is_explained_in_sentences(page: webdriver.Chrome) -> None:
    follow(page, "e.textContent === 'Liens' && e.closest('nav')")
    tab_to(page, "e.name === 'from'")
    keys(page, "PôleS NOE")
    tab_to(page, "e.name === 'to'")
    keys(page, "Viens voir mon taf")
    follow(page, "e.tagName === 'BUTTON' && e.closest('main')")
    text = page.find_element("id", "content").text
    assert "PôleS NOE signe" in text
    assert "Viens voir mon taf" in text


def test_suggestions_come_with_their_reasons(page: webdriver.Chrome) -> None:
    follow(page, "e.textContent === 'Rencontres'")
    tab_to(page, "e.tagName === 'INPUT' && e.name !== 'q'")
    keys(page, "PôleS NOE")
    follow(page, "e.tagName === 'BUTTON'")
    text = page.find_element("id", "content").text
    assert "PôleS NOE" in text
    assert any(reason in text for reason in ("sont liés au même programme", "travaillent", "agissent"))


def test_a_need_is_matched_with_an_offer_and_both_sides_see_why(page: webdriver.Chrome) -> None:
    follow(page, "e.textContent === 'Besoins et offres'")
    assert "même territoire : Massy" in page.find_element("id", "content").text
    follow(page, "e.closest('main') && e.textContent.includes('ses raisons')")
    assert "même thème : Stages et découverte des métiers" in page.find_element("id", "content").text


def test_an_evolution_is_read_and_a_figure_opens_the_list_behind_it(page: webdriver.Chrome) -> None:
    follow(page, "e.textContent === 'Chiffres'")
    assert page.find_elements("css selector", "svg")
    follow(page, "e.closest('main') && e.textContent === 'Postes financés par année de début et par programme'")
    follow(page, "e.closest('tbody td') && /^[1-9]/.test(e.textContent)")
    assert page.find_elements("css selector", "table tbody tr")


def test_the_links_of_an_actor_are_explored_from_the_search_box(page: webdriver.Chrome) -> None:
    tab_to(page, "e.id === 'q'")
    keys(page, "poles noe")
    follow(page, "e.tagName === 'BUTTON'")
    follow(page, "e.closest('main') && e.textContent.trim() === 'PôleS NOE'")
    tab_to(page, "e.tagName === 'SUMMARY' && e.closest('.neighbourhood')")
    keys(page, Keys.ENTER)
    WebDriverWait(page, 10).until(lambda shown: shown.find_elements("css selector", ".net canvas"))
    tab_to(page, "e.tagName === 'CANVAS'")
    keys(page, Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.SPACE)
    assert page.find_elements("css selector", ".side .path li")
