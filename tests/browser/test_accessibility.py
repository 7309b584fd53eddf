"""Pages in a real browser: axe-core finds nothing, the keyboard reaches everything, a phone needs no sideways scroll."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.conftest import AXE, in_scheme

pytestmark = pytest.mark.browser

Show = Callable[..., webdriver.Chrome]
PATHS = {
    "home": "/",
    "list": "/actor",
    "long list": "/partnership?page=3",
    "actor": "/actor/grainerie",
    "hostile names": "/actor/hostile",
    "endless name": "/actor/long",
    "1,000 partnerships": "/actor/carrefour?page-partnerships=7",
    "partnership": "/partnership/convention",
    "project": "/project/marche",
    "theme": "/theme/epicerie-cooperative",
    "territory": "/territory/commune-99001",
    "editor": "/sparql",
    "result": "/sparql?query=SELECT+%3Fs+%3Fp+%3Fo+WHERE+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+20",
    "mistake": "/sparql?query=SELECT+%3Fs+WHERE+%7B",
    "ontology": "/ontology",
    "rules": "/shapes",
    "versions": "/versions",
    "version": "/versions/1",
    "questions": "/queries",
    "question": "/queries/possible-partners",
    "question not understood": "/queries/open-calls?theme=coop",
    "answer": "/queries/glossary?word=bio",
    "answer of none": "/queries/carpool-areas?area=territory%3Acommune-99001",
    "search": "/search?q=le",
    "search of none": "/search?q=xyzzy",
    "licences": "/licences",
    "accessibility": "/accessibility",
    "legal": "/legal",
    "error": "/actor/nobody",
    "narrowed list": "/actor?q=le&sort=name",
    "cards": "/actor?view=cards",
    "list on a map": "/actor?view=map",
    "list that is empty": "/actor?q=xyzzy",
    "themes": "/theme",
    "glossary": "/glossary",
    "neighbourhood": "/neighbourhood?iri=http://localhost:8000/id/actor/grainerie",
    "figures": "/statistics",
    "rows of a figure": "/statistics/list?measure=partnerships",
    "suggestions": "/suggestions",
    "suggestions for one": "/suggestions?for=http://localhost:8000/id/actor/grainerie",
    "needs and offers": "/matches",
    "communities": "/structure",
    "history": "/history?iri=http://localhost:8000/id/actor/grainerie",
    "evaluation": "/evaluation",
    "catalogue": "/catalog",
    "agenda": "/agenda",
    "opportunities": "/opportunities",
    "changes": "/changes",
    "quality": "/quality",
    "map": "/map",
    "explanations": "/paths?from=http://localhost:8000/id/actor/grainerie&to=http://localhost:8000/id/actor/atelier",
    "framed explanations": "/embed/paths?from=http://localhost:8000/id/actor/grainerie&to=http://localhost:8000/id/actor/atelier",
    "framed list": "/embed/actor",
    "framed map": "/embed/map",
    "framed figures": "/embed/statistics",
    "framed neighbourhood": "/embed/neighbourhood?iri=http://localhost:8000/id/actor/grainerie",
}
AUDIT = """
const [only, done] = arguments;
axe.run(document, {resultTypes: ['violations'], ...(only ? {runOnly: only} : {})}).then(found => done(found.violations.map(
  v => v.id + ': ' + v.help + ' — ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | '))));
"""


COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe whose verdict depends on the colour scheme."""


def audit(page: webdriver.Chrome, only: list[str] | None = None) -> list[str]:
    """What axe finds, by all its rules or only by some."""
    if not page.execute_script("return 'axe' in window"):
        page.execute_script(AXE)
    return page.execute_async_script(AUDIT, only)


def audit_in_both_schemes(page: webdriver.Chrome) -> list[str]:
    """What axe finds in the light scheme, and what the dark one adds to it."""
    found = audit(page)
    in_scheme(page, "dark")
    assert page.execute_script("return matchMedia('(prefers-color-scheme: dark)').matches")
    return found + audit(page, COLOURS)


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("name", PATHS)
def test_axe_finds_no_barrier_in_light_and_dark(show: Show, site: str, name: str, language: str) -> None:
    page = show(language + PATHS[name])
    _loads_nothing_from_elsewhere(page, site)
    assert audit_in_both_schemes(page) == []


@pytest.mark.parametrize("name", PATHS)
def test_a_phone_scrolls_down_only_and_finds_no_barrier(show: Show, name: str) -> None:
    page = show(PATHS[name], width=360)
    assert page.execute_script("return document.documentElement.scrollWidth") <= 360
    assert audit(page) == []


def test_the_rules_about_colours_do_find_a_grey_text(show: Show) -> None:
    page = show("/legal")
    page.execute_script("document.querySelector('main p').style.color = '#ddd'")
    assert [found.partition(":")[0] for found in audit(page, COLOURS)] == ["color-contrast"]


def _loads_nothing_from_elsewhere(page: webdriver.Chrome, site: str) -> None:
    loaded = page.execute_script("return performance.getEntriesByType('resource').map(r => r.name)")
    assert loaded
    assert all(address.startswith(site) for address in loaded)
    refused = [entry["message"] for entry in page.get_log("browser") if "Content Security Policy" in entry["message"]]
    assert refused == []


def focused(page: webdriver.Chrome) -> str:
    return page.execute_script("const e = document.activeElement; return e.id || e.getAttribute('href') || e.tagName")


def press(page: webdriver.Chrome, key: str) -> str:
    webdriver.ActionChains(page).send_keys(key).perform()
    return focused(page)


def test_the_first_tab_offers_to_skip_to_the_content(show: Show) -> None:
    page = show("/actor/grainerie")
    assert press(page, Keys.TAB) == "#content"
    assert page.switch_to.active_element.is_displayed()
    press(page, Keys.ENTER)
    assert page.execute_script("return location.hash") == "#content"
    assert press(page, Keys.TAB) not in ("#content", "/")


def test_the_keyboard_reaches_every_link_and_each_shows_its_focus(show: Show) -> None:
    page = show("/actor/grainerie")
    visible = "a[href], summary, [tabindex='0']"
    wanted = [e for e in page.find_elements(By.CSS_SELECTOR, visible) if e.is_displayed()]
    seen = 0
    for _ in range(len(wanted) + 5):
        press(page, Keys.TAB)
        if focused(page) == "BODY":
            break
        outline = page.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", focused(page)
        seen += 1
    assert seen >= len(wanted)


def write(page: webdriver.Chrome, query: str) -> None:
    """Tab to the text, empty it and type, as a keyboard does."""
    while focused(page) != "editor-text":
        press(page, Keys.TAB)
    webdriver.ActionChains(page).key_down(Keys.CONTROL).send_keys("a").key_up(Keys.CONTROL).send_keys(Keys.DELETE).perform()
    webdriver.ActionChains(page).send_keys(query).perform()


def test_a_query_is_written_and_run_with_the_keyboard_alone(show: Show) -> None:
    page = show("/sparql")
    WebDriverWait(page, 10).until(lambda shown: shown.find_elements(By.CLASS_NAME, "code"))
    write(page, "ASK { ?s ?p ?o }")
    while focused(page) != "run":
        press(page, Keys.TAB)
    press(page, Keys.ENTER)
    answer = WebDriverWait(page, 10).until(lambda shown: shown.find_element(By.CLASS_NAME, "boolean"))
    assert answer.text == "Oui"


def test_a_record_is_searched_with_the_keyboard_alone(show: Show, site: str) -> None:
    page = show("/legal")
    while focused(page) != "q":
        press(page, Keys.TAB)
    webdriver.ActionChains(page).send_keys("epicerie de l'oeuf", Keys.ENTER).perform()
    found = WebDriverWait(page, 10).until(lambda shown: shown.find_element(By.CSS_SELECTOR, ".found a"))
    assert found.text == "Épicerie de l’Œuf"
    assert page.current_url.startswith(f"{site}/search?q=")


def test_a_wish_leads_from_the_home_page_to_its_answer_in_two_presses(show: Show) -> None:
    page = show("/", width=360)
    while press(page, Keys.TAB) != "SUMMARY":
        pass
    press(page, Keys.ENTER)
    link = page.find_element(By.CSS_SELECTOR, "#citoyen a")
    assert link.is_displayed()
    press(page, Keys.TAB)
    assert page.switch_to.active_element == link
    press(page, Keys.ENTER)
    WebDriverWait(page, 10).until(lambda shown: "/queries/" in shown.current_url)
    assert page.find_element(By.ID, "answer").is_displayed()


@pytest.mark.parametrize("audience", ["citoyen", "organisation", "collectivite", "ecole"])
def test_each_kind_of_people_may_be_opened_without_barrier(show: Show, audience: str) -> None:
    for width in (360, 1280):
        page = show("/", width=width)
        page.find_element(By.CSS_SELECTOR, f"#{audience} summary").send_keys(Keys.ENTER)
        assert page.execute_script("return document.documentElement.scrollWidth") <= width
        assert audit(page) == []


def test_the_query_behind_a_block_opens_with_the_keyboard_and_can_be_followed(show: Show) -> None:
    page = show("/actor/grainerie")
    summary = page.find_element(By.CSS_SELECTOR, "#partnerships summary")
    summary.send_keys(Keys.ENTER)
    link = page.find_element(By.CSS_SELECTOR, "#partnerships details a")
    assert link.is_displayed()
    link.send_keys(Keys.ENTER)
    assert "participant" in page.find_element(By.ID, "query").get_attribute("value")
    assert page.find_element(By.CSS_SELECTOR, "table.result tbody tr")


def test_the_language_is_changed_in_place(show: Show, site: str) -> None:
    page = show("/actor/grainerie")
    page.find_element(By.LINK_TEXT, "English").click()
    assert page.current_url == f"{site}/en/actor/grainerie"
    page.find_element(By.LINK_TEXT, "Français").click()
    assert page.current_url == f"{site}/actor/grainerie"


def test_text_twice_as_large_breaks_nothing(show: Show) -> None:
    page = show("/actor/grainerie", width=640)
    page.execute_script("document.documentElement.style.fontSize = '200%'")
    assert page.execute_script("return document.documentElement.scrollWidth") <= 640
