"""Buttons that copy, in a browser that lets pages write to the clipboard, in one that does not, and in one that never answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.test_accessibility import audit
from tests.browser.test_editor_walk import ready, run

pytestmark = pytest.mark.browser
CLIPBOARD = "Object.defineProperty(Navigator.prototype, 'clipboard', {value: %s});"
BROWSERS = {
    "asynchronous": "",
    "plain http": CLIPBOARD % "undefined",
    "refused": CLIPBOARD % "{writeText: () => Promise.reject(new DOMException('', 'NotAllowedError'))}",
    "never answered": CLIPBOARD % "{writeText: () => new Promise(() => {})}",
}
NO_OTHER_WAY = "document.execCommand = () => false;"


@pytest.fixture
def made(request: pytest.FixtureRequest, driver: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """The browser as a script makes it before each page."""
    script = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": request.param})
    yield driver
    driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


def press(page: webdriver.Chrome, place: str, number: int = 0) -> str:
    """Press the copy button of a field, and read what is said beside it."""
    button = page.find_elements(By.CSS_SELECTOR, f"{place} button")[number]
    page.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", button)
    button.click()
    said = page.find_elements(By.CSS_SELECTOR, f"{place} [role=status]")[number]
    return WebDriverWait(page, 10).until(lambda _: said.text)


def opened(page: webdriver.Chrome, address: str, summary: str = ".embed-code summary") -> list[WebElement]:
    page.get(address)
    fold = WebDriverWait(page, 20).until(lambda shown: shown.find_element(By.CSS_SELECTOR, summary))
    page.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", fold)
    fold.click()
    return page.find_elements(By.CSS_SELECTOR, ".copying textarea")


def pasted(page: webdriver.Chrome) -> str:
    """What the clipboard holds, as a reader finds out."""
    field = page.find_element(By.CSS_SELECTOR, "input[type=search]")
    field.clear()
    field.send_keys(Keys.CONTROL, "v")
    return field.get_attribute("value") or ""


@pytest.mark.parametrize("made", BROWSERS.values(), ids=BROWSERS, indirect=True)
def test_each_code_is_copied_and_that_is_said(made: webdriver.Chrome, seed: str) -> None:
    fields = opened(made, f"{seed}/actor")
    assert len(fields) == 2
    for number, field in enumerate(fields):
        assert press(made, ".copying", number) == "Copié"
        assert pasted(made) == field.get_attribute("value")
    assert audit(made) == []


@pytest.mark.parametrize("made", [BROWSERS["refused"] + NO_OTHER_WAY], ids=["nothing is allowed"], indirect=True)
def test_what_cannot_be_copied_is_selected_and_that_is_said(made: webdriver.Chrome, seed: str) -> None:
    field = opened(made, f"{seed}/en/actor")[1]
    assert press(made, ".copying", 1) == "Selected: copy it with the keyboard"
    assert made.switch_to.active_element == field
    chosen = made.execute_script("const f = arguments[0]; return f.value.slice(f.selectionStart, f.selectionEnd)", field)
    assert chosen == field.get_attribute("value") != ""


@pytest.mark.parametrize(
    ("made", "said"),
    [(BROWSERS["plain http"], "Copié"), (BROWSERS["refused"] + NO_OTHER_WAY, "Sélectionné : copiez-le au clavier")],
    ids=["plain http", "nothing is allowed"],
    indirect=["made"],
)
def test_the_address_of_an_answer_is_copied_too(made: webdriver.Chrome, seed: str, said: str) -> None:
    made.get(f"{seed}/sparql?query=SELECT%20(1%20AS%20%3Fn)%20%7B%7D")
    page = ready(made)
    page.execute_script("document.querySelector('.code').shadowRoot.querySelector('.cm-content').focus()")
    run(page)
    fold = WebDriverWait(made, 20).until(lambda shown: shown.find_element(By.CSS_SELECTOR, "details.share summary"))
    made.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", fold)
    fold.click()
    assert press(made, ".share .copy").replace("\u00a0", " ") == said
