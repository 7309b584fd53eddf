"""Find actors on a theme in a territory and take them away, by keyboard alone; completion; no barrier in any state of a list."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.test_accessibility import audit, audit_in_both_schemes, focused, press

pytestmark = pytest.mark.browser

Show = Callable[..., webdriver.Chrome]
STATES = {
    "narrowed": "/actor?theme=alimentation&territory=commune-99001&q=grainerie&from=1990",
    "cards": "/actor?view=cards",
    "map of none": "/actor?view=map&sort=links",
    "nothing left": "/actor?theme=velo&near=Atlantis&km=3",
    "unknown values": "/actor?theme=alimentatio&territory=Atlantis",
    "mistyped": "/search?q=grianerie",
    "some words": "/search?q=vallon+grainerie+inconnue",
    "one kind": "/search?q=la+convention&kind=partnership&page=3",
}


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("name", STATES)
def test_axe_finds_no_barrier_in_lists_and_results(show: Show, name: str, language: str) -> None:
    assert audit_in_both_schemes(show(language + STATES[name])) == []


@pytest.mark.parametrize("name", STATES)
def test_lists_and_results_need_no_sideways_scroll_on_a_phone(show: Show, name: str) -> None:
    page = show(STATES[name], width=360)
    assert page.execute_script("return document.documentElement.scrollWidth") <= 360
    assert audit(page) == []


def tab_to(page: webdriver.Chrome, wanted: str) -> None:
    for _ in range(150):
        if press(page, Keys.TAB) == wanted:
            return
    raise AssertionError(f"the keyboard does not reach {wanted}")


def type_(page: webdriver.Chrome, text: str) -> None:
    webdriver.ActionChains(page).send_keys(text).perform()


def completed(page: webdriver.Chrome) -> list[str]:
    """The names that are offered below the box that has the focus."""

    def shown(page: webdriver.Chrome) -> list[str]:
        box = page.switch_to.active_element
        if box.get_attribute("aria-expanded") != "true":
            return []
        names = f"#{box.get_attribute('aria-controls')} [role=option] > :first-child"
        return [option.text for option in page.find_elements(By.CSS_SELECTOR, names)]

    return WebDriverWait(page, 5).until(shown)


def test_actors_on_a_theme_in_a_territory_are_found_and_exported_by_keyboard(show: Show, site: str) -> None:
    page = show("/en/actor")
    tab_to(page, "f-theme-alimentation")
    press(page, Keys.SPACE)
    tab_to(page, "f-territory")
    type_(page, "vall")
    assert completed(page)[0] == "Vallon"
    press(page, Keys.ARROW_DOWN)
    option = page.switch_to.active_element.get_attribute("aria-activedescendant")
    assert page.find_element(By.ID, option).get_attribute("aria-selected") == "true"
    press(page, Keys.ENTER)
    assert page.switch_to.active_element.get_attribute("value") == "Vallon"
    assert page.current_url == f"{site}/en/actor"
    press(page, Keys.ENTER)
    WebDriverWait(page, 5).until(lambda p: "territory=" in p.current_url)
    assert page.current_url == f"{site}/en/actor?theme=alimentation&territory=commune-99001"
    assert [row.text for row in page.find_elements(By.CSS_SELECTOR, "tbody th")] == ["La Grainerie"]
    tab_to(page, "/en/actor.csv?theme=alimentation&territory=commune-99001")
    text = page.execute_async_script(
        "const done = arguments[0]; fetch(document.activeElement.href).then(r => r.text()).then(done)"
    )
    assert [row[1] for row in csv.reader(io.StringIO(text))] == ["name", "La Grainerie"]
    page.back()
    assert page.find_element(By.ID, "f-territory").is_enabled()


def test_the_search_box_completes_and_leads_to_the_record(show: Show, site: str) -> None:
    page = show("/")
    tab_to(page, "q")
    type_(page, "grain")
    assert completed(page) == ["La Grainerie"]
    assert audit(page) == []
    press(page, Keys.ARROW_DOWN)
    press(page, Keys.ENTER)
    WebDriverWait(page, 5).until(lambda p: p.current_url == f"{site}/actor/grainerie")


def test_escape_closes_the_completions_and_enter_searches_what_was_typed(show: Show, site: str) -> None:
    page = show("/")
    tab_to(page, "q")
    type_(page, "vallon")
    completed(page)
    press(page, Keys.ESCAPE)
    assert page.switch_to.active_element.get_attribute("aria-expanded") == "false"
    press(page, Keys.ENTER)
    WebDriverWait(page, 5).until(lambda p: p.current_url == f"{site}/search?q=vallon")
    assert focused(page) == "BODY"


def test_a_question_sends_the_record_that_was_chosen(show: Show, site: str) -> None:
    page = show("/queries/what-an-actor-offers")
    tab_to(page, "p-actor")
    type_(page, "graine")
    assert completed(page) == ["La Grainerie"]
    press(page, Keys.ARROW_DOWN)
    press(page, Keys.ENTER)
    press(page, Keys.ENTER)
    WebDriverWait(page, 5).until(lambda p: "actor=" in p.current_url)
    assert page.current_url.endswith("actor=http%3A%2F%2Flocalhost%3A8000%2Fid%2Factor%2Fgrainerie")
    assert page.find_elements(By.ID, "answer")


def test_on_a_wide_screen_the_keyboard_skips_the_rows_to_the_filters(show: Show) -> None:
    page = show("/partnership", width=1280)
    steps = 0
    while page.switch_to.active_element.text != "Filtrer la liste":
        press(page, Keys.TAB)
        steps += 1
        assert steps < 30
    assert page.switch_to.active_element.rect["width"] > 100, "it shows while it has the focus"
    press(page, Keys.ENTER)
    press(page, Keys.TAB)
    assert page.execute_script("return document.activeElement.closest('#filters') !== null")


@pytest.mark.parametrize(
    ("language", "typed", "said"),
    [
        ("", "zzzzzz", "Aucune proposition."),
        ("/en", "zzzzzz", "No suggestion."),
        ("", "", "propositions, à parcourir avec les flèches."),
    ],
)
def test_who_sees_no_list_is_told_how_many_names_are_offered(show: Show, language: str, typed: str, said: str) -> None:
    page = show(f"{language}/paths")
    page.find_element(By.ID, "p-from").send_keys(typed or "a")
    status = page.find_element(By.CSS_SELECTOR, "#p-from ~ [role=status]")
    WebDriverWait(page, 10).until(lambda _: status.get_attribute("textContent").endswith(said))
