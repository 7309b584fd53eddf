"""“Around me”: the browser finds its own commune and sends no more than that."""

from __future__ import annotations

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.test_accessibility import audit

pytestmark = pytest.mark.browser


def stand(driver: webdriver.Chrome, origin: str, latitude: float, longitude: float, setting: str = "granted") -> None:
    asked = {"permission": {"name": "geolocation"}, "setting": setting, "origin": origin}
    driver.execute_cdp_cmd("Browser.setPermission", asked)
    here = {"latitude": latitude, "longitude": longitude, "accuracy": 20}
    driver.execute_cdp_cmd("Emulation.setGeolocationOverride", here)


def click_around(driver: webdriver.Chrome) -> None:
    button = WebDriverWait(driver, 10).until(lambda page: page.find_element(By.CSS_SELECTOR, "button.around"))
    driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", button)
    button.click()


@pytest.mark.parametrize("path", ["/actor", "/agenda", "/opportunities", "/matches"])
def test_the_nearest_commune_is_sent_and_no_coordinates(driver: webdriver.Chrome, seed: str, path: str) -> None:
    stand(driver, seed, 48.7301, 2.2712)
    driver.get(seed + path)
    click_around(driver)
    WebDriverWait(driver, 10).until(lambda page: "near=commune-91377" in page.current_url)
    assert driver.find_element(By.ID, "f-near").get_attribute("value") == "Massy"
    asked = driver.execute_script("return performance.getEntriesByType('resource').map(one => one.name)")
    assert not [one for one in [*asked, driver.current_url] if "48.7" in one or "2.27" in one]
    assert audit(driver) == []


@pytest.mark.parametrize(
    ("latitude", "setting", "said"),
    [(43.3, "granted", "Aucune commune connue ici"), (48.73, "denied", "Votre navigateur ne donne pas votre position")],
)
def test_what_cannot_be_found_is_told_and_nothing_is_sent(
    driver: webdriver.Chrome, seed: str, latitude: float, setting: str, said: str
) -> None:
    stand(driver, seed, latitude, 2.2712, setting)
    driver.get(f"{seed}/agenda")
    click_around(driver)
    WebDriverWait(driver, 10).until(lambda page: said in page.find_element(By.CSS_SELECTOR, ".around + [role=status]").text)
    assert driver.current_url == f"{seed}/agenda"
