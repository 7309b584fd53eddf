"""Figures, map, agenda, territories and themes in a real browser, on the seed: a keyboard walk, axe, and a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.test_accessibility import audit_in_both_schemes

pytestmark = pytest.mark.browser
PATHS = {
    "figures": "/statistics",
    "heat map": "/statistics?measure=entities&rows=kind&columns=source&chart=heat",
    "comparison": "/statistics?measure=posts&rows=programme&territory=Essonne&from=2020&to=2020&from2=2023&to2=2023",
    "lines": "/statistics?measure=amounts&rows=receiver&columns=year&chart=lines",
    "not understood": "/statistics?territory=Paris",
    "nothing": "/statistics?measure=events&territory=Massy",
    "list": "/statistics/list?measure=amounts&rows=year&row=2022",
    "links": "/statistics/list?measure=links&rows=year&row=2022",
    "map": "/map",
    "map of a department": "/map?territory=Essonne&measure=amounts",
    "agenda": "/agenda",
    "opportunities": "/opportunities?territory=Essonne",
    "territory": "/territory/departement-91",
    "empty territory": "/territory/commune-77001",
    "theme": "/theme/emploi",
    "question": "/queries/who-funds-whom?year=2022",
}


@pytest.fixture(scope="session")
def site(seed: str) -> str:
    """Pages are shown from the seed here."""
    return seed


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_axe_finds_nothing(show: Callable[..., webdriver.Chrome], path: str, language: str) -> None:
    assert audit_in_both_schemes(show(language + path)) == []


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_a_phone_needs_no_sideways_scroll(show: Callable[..., webdriver.Chrome], path: str) -> None:
    page = show(path, width=360)
    assert page.execute_script("return document.documentElement.scrollWidth") <= 360


def test_what_a_phone_cuts_off_at_the_side_is_signalled_there(show: Callable[..., webdriver.Chrome]) -> None:
    box = show(PATHS["heat map"], width=360).find_element(By.CSS_SELECTOR, "[aria-labelledby=table].scroll")
    assert box.parent.execute_script("return arguments[0].scrollWidth > arguments[0].clientWidth", box)
    assert box.value_of_css_property("background-attachment") == "local, local, scroll, scroll"
    assert box.value_of_css_property("background-image").count("linear-gradient") == 4


def reach(page: webdriver.Chrome, wanted: str, most: int = 120) -> None:
    """Press Tab until the focus is on what a selector names."""
    for _ in range(most):
        page.switch_to.active_element.send_keys(Keys.TAB)
        if page.execute_script("return document.activeElement.matches(arguments[0])", wanted):
            return
    raise AssertionError(f"the keyboard does not reach {wanted}")


def test_the_evolution_of_a_theme_in_a_territory_is_read_and_a_figure_opened_by_keyboard(
    show: Callable[..., webdriver.Chrome], site: str
) -> None:
    page = show("/")
    reach(page, "a[href$='/statistics']")
    page.switch_to.active_element.send_keys(Keys.ENTER)
    WebDriverWait(page, 20).until(lambda shown: shown.current_url.endswith("/statistics"))
    reach(page, "#f-measure")
    page.switch_to.active_element.send_keys("Partenariats")
    reach(page, "#f-columns")
    page.switch_to.active_element.send_keys("Rien")
    reach(page, "summary")
    page.switch_to.active_element.send_keys(Keys.ENTER)
    reach(page, "#f-territory")
    page.switch_to.active_element.send_keys("Essonne")
    reach(page, "#f-theme")
    page.switch_to.active_element.send_keys("Citoyenneté")
    reach(page, "form.ask button")
    page.switch_to.active_element.send_keys(Keys.ENTER)
    WebDriverWait(page, 20).until(lambda shown: "theme=citoyennete" in shown.current_url)
    assert page.find_element(By.TAG_NAME, "h1").text == "Partenariats par année de début"
    rows = [row.text.split() for row in page.find_elements(By.CSS_SELECTOR, ".figures-table tbody tr")]
    assert rows[:4] == [["2020", "68"], ["2021", "82"], ["2022", "91"], ["2023", "94"]]
    reach(page, ".figures-table tbody tr:nth-child(4) a")
    page.switch_to.active_element.send_keys(Keys.ENTER)
    WebDriverWait(page, 20).until(lambda shown: "/statistics/list" in shown.current_url)
    assert page.find_element(By.TAG_NAME, "h1").text == "94 : Partenariats"
    assert len(page.find_elements(By.CSS_SELECTOR, "table.list tbody tr")) == 50
    page.back()
    WebDriverWait(page, 20).until(lambda shown: "/statistics?" in shown.current_url)
    assert page.find_element(By.ID, "f-territory").get_attribute("value") == "Essonne"


@pytest.mark.parametrize("path", ["/statistics", "/map"])
def test_what_only_leads_on_is_not_printed(show: Callable[..., webdriver.Chrome], path: str) -> None:
    page = show(path)
    onward = page.find_elements(By.CSS_SELECTOR, ".onward")
    assert onward
    assert any(one.is_displayed() for one in onward)
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert not any(one.is_displayed() for one in onward[:5])
        assert page.find_element(By.CSS_SELECTOR, "main table").is_displayed()
    finally:
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_the_total_of_a_check_is_seen_on_a_phone(show: Callable[..., webdriver.Chrome]) -> None:
    page = show("/quality", width=360)
    edges = page.execute_script(
        "return [...document.querySelectorAll('.quality tbody td:nth-of-type(1)')].map(c => c.getBoundingClientRect().right)"
    )
    assert edges
    assert max(edges) <= 360


def test_a_name_of_one_long_word_leaves_the_other_columns_in_reach_on_a_phone(show: Callable[..., webdriver.Chrome]) -> None:
    page = show("/actor", width=360)
    width = page.execute_script(
        "const cell = document.querySelector('table.list th[scope=row]'); cell.querySelector('a').textContent = 'x'.repeat(150);"
        "return cell.getBoundingClientRect().width"
    )
    assert width < 300


@pytest.mark.parametrize(("path", "hint"), [("/statistics", "#f-from-hint"), ("/changes", "#from-hint")])
def test_the_date_of_an_example_is_never_broken_by_the_end_of_a_line(
    show: Callable[..., webdriver.Chrome], path: str, hint: str
) -> None:
    page = show(path, width=360)
    broken = page.execute_script(
        """
        const hint = document.querySelector(arguments[0]), dates = [...hint.querySelectorAll(".unbroken")];
        const at = (width) => { hint.style.display = "block"; hint.style.width = `${width}px`; return dates; };
        hint.closest("details")?.setAttribute("open", "");
        const cut = [...Array(250).keys()].filter((one) => at(100 + one).some((date) => date.getClientRects().length !== 1));
        return [dates.length, cut];
        """,
        hint,
    )
    assert broken[0] >= 1
    assert broken[1] == []
