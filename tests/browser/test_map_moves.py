"""A map is moved about where it stands: by its steps, by keyboard, by dragging; the address says what is shown."""

from __future__ import annotations

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.test_accessibility import audit

pytestmark = pytest.mark.browser
PAGES = ["/map", "/actor?view=map"]


def opened(driver: webdriver.Chrome, address: str, width: int = 1280) -> WebElement:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    driver.get(address)
    driver.execute_script("window.stayed = true")
    svg = WebDriverWait(driver, 10).until(lambda page: page.find_element(By.CSS_SELECTOR, ".moving svg[data-west]"))
    driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", svg)
    return svg


def box(svg: WebElement) -> list[float]:
    return [float(part) for part in str(svg.get_dom_attribute("viewBox")).split()]


def settled(driver: webdriver.Chrome, text: str) -> None:
    WebDriverWait(driver, 10).until(lambda page: text in page.current_url)


@pytest.mark.parametrize("path", PAGES)
def test_steps_and_keys_move_it_without_a_new_page_and_a_reload_shows_the_same(
    driver: webdriver.Chrome, seed: str, path: str
) -> None:
    svg = opened(driver, seed + path)
    whole = box(svg)
    driver.find_element(By.CSS_SELECTOR, "[data-step=nearer]").send_keys(Keys.ENTER)
    settled(driver, "zoom=2")
    svg.send_keys("+")
    settled(driver, "zoom=4")
    before = box(svg)
    assert before[2] == pytest.approx(whole[2] / 4)
    svg.send_keys(Keys.ARROW_RIGHT)
    WebDriverWait(driver, 10).until(lambda _: box(svg)[0] > before[0])
    WebDriverWait(driver, 10).until(
        lambda page: "agrandie 4 fois" in page.find_element(By.CSS_SELECTOR, ".keys [role=status]").text
    )
    assert driver.execute_script("return window.stayed") is True
    moved = box(svg)
    assert audit(driver) == []
    driver.refresh()
    again = driver.find_element(By.CSS_SELECTOR, "svg[data-west]")
    assert box(again) == pytest.approx(moved, abs=0.6)
    again.send_keys("0")
    WebDriverWait(driver, 10).until(lambda page: "zoom" not in page.current_url)
    assert box(driver.find_element(By.CSS_SELECTOR, "svg[data-west]")) == pytest.approx(whole)


def test_dragging_moves_the_map_and_opens_nothing(driver: webdriver.Chrome, seed: str) -> None:
    svg = opened(driver, f"{seed}/map?zoom=4&centre=2.35,48.7")
    before = box(svg)
    webdriver.ActionChains(driver).move_to_element(svg).click_and_hold().move_by_offset(-80, 0).release().perform()
    WebDriverWait(driver, 10).until(lambda _: box(svg)[0] > before[0])
    assert driver.execute_script("return window.stayed") is True
    assert "territory" not in driver.current_url


@pytest.mark.parametrize(("path", "part"), [("/actor?view=map", "marks"), ("/map?centre=2.4,48.64&zoom=1.1", "clusters")])
def test_marks_come_apart_without_a_new_page(driver: webdriver.Chrome, seed: str, path: str, part: str) -> None:
    svg = opened(driver, seed + path)
    few = len(svg.find_elements(By.CSS_SELECTOR, f"[data-part={part}] circle"))
    for zoom in ("2", "4", "8"):
        svg.send_keys("+")
        settled(driver, f"zoom={zoom}")
    WebDriverWait(driver, 10).until(lambda _: len(svg.find_elements(By.CSS_SELECTOR, f"[data-part={part}] circle")) > few)
    assert driver.execute_script("return window.stayed") is True


@pytest.mark.parametrize("path", PAGES)
def test_a_map_fits_a_phone(driver: webdriver.Chrome, seed: str, path: str) -> None:
    opened(driver, seed + path, width=360)
    assert driver.execute_script("return document.documentElement.scrollWidth") <= 360
    assert audit(driver) == []
