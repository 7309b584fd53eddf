"""Every wish of the four kinds of people, followed from the home page: at most two steps lead to its answer or its form."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

pytestmark = pytest.mark.browser

AUDIENCES = ["citoyen", "organisation", "collectivite", "ecole"]


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("language", ["", "/en"])
def test_each_wish_is_two_steps_from_home(
    show: Callable[..., webdriver.Chrome], client: FlaskClient, audience: str, language: str
) -> None:
    wishes = show(f"{language}/").find_elements(By.CSS_SELECTOR, f"#{audience} a")
    addresses = [wish.get_attribute("href") for wish in wishes]
    assert len(addresses) >= 4
    for place, address in enumerate(addresses):
        page = show(f"{language}/", width=360)
        page.find_element(By.CSS_SELECTOR, f"#{audience} summary").send_keys(Keys.ENTER)
        page.find_elements(By.CSS_SELECTOR, f"#{audience} a")[place].send_keys(Keys.ENTER)
        WebDriverWait(page, 20).until(lambda shown, wanted=address: shown.current_url == wanted)
        answered = page.find_elements(By.CSS_SELECTOR, "#answer, main form")
        assert answered, address
        path = "/" + address.split("/", 3)[3]
        assert client.get(path).status_code == 200, path
