"""Who should meet, needs and offers, structure, changes, quality in a real browser: walks by keyboard alone, and no barrier."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.conftest import serving
from tests.browser.test_accessibility import audit_in_both_schemes, focused, press
from tests.conftest import BASE

pytestmark = pytest.mark.browser

Show = Callable[..., webdriver.Chrome]
FILES = (Path("tests/discovery/market.ttl"), Path("tests/discovery/meetings.ttl"))
PATHS = {
    "matches": "/matches",
    "matches of one": f"/matches?for={BASE}id/need/cuisine&on=2024-05-01",
    "matches not understood": "/matches?area=Nulle+part&on=hier",
    "calls": "/matches?by=call",
    "suggestions": "/suggestions",
    "suggestions for one": f"/suggestions?for={BASE}id/actor/cantine",
    "suggestions not understood": "/suggestions?for=Canti",
    "evaluation": "/evaluation",
    "structure": "/structure",
    "changes": "/changes?from=2019&to=2021",
    "changes not understood": "/changes?from=hier",
    "quality": "/quality",
    "quality list": "/quality?check=no-source",
    "an actor": "/actor/cantine",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site over the invented market and meetings."""
    from app.assembly import DerivedLinks, load_catalogue, load_indexes, load_shapes, load_vocabulary
    from app.engine.direct import DirectEngine
    from app.engine.versions import Repository
    from app.queries.rules import Rules
    from app.resources import folder
    from app.settings import Settings
    from app.web import create_app
    from tests.conftest import _publish, _turtle

    root = tmp_path_factory.mktemp("walks")
    repository = Repository(root / "data", BASE, None, DerivedLinks(Rules.of(load_catalogue())), indexes=load_indexes())
    files = {"ontology": [folder("ontology") / f"{name}.ttl" for name in ("maillage", "codes")]}
    files |= {"themes": [folder("ontology") / "themes.ttl"], "invented": list(FILES)}
    _publish(repository, root, {name: [t for path in paths for t in _turtle(path)] for name, paths in files.items()})
    engine, vocabulary = DirectEngine(repository), load_vocabulary()
    app = create_app(engine, Settings(), vocabulary, load_shapes(vocabulary), load_catalogue(), repository)
    with serving(app) as address:
        yield address
    engine.close()


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("name", PATHS)
def test_axe_finds_no_barrier(show: Show, name: str, language: str) -> None:
    assert audit_in_both_schemes(show(language + PATHS[name])) == []


@pytest.mark.parametrize("name", PATHS)
def test_a_phone_scrolls_down_only(show: Show, name: str) -> None:
    page = show(PATHS[name], width=360)
    assert page.execute_script("return document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("name", PATHS)
def test_a_page_loads_nothing_from_elsewhere_and_breaks_no_policy(show: Show, site: str, name: str) -> None:
    page = show(PATHS[name])
    loaded = page.execute_script("return performance.getEntriesByType('resource').map(r => r.name)")
    assert all(address.startswith(site) for address in loaded)
    assert [entry["message"] for entry in page.get_log("browser") if "Content Security Policy" in entry["message"]] == []


def tab_to(page: webdriver.Chrome, wanted: Callable[[], bool]) -> None:
    """Tab until what is wanted has the focus."""
    for _ in range(120):
        if wanted():
            return
        press(page, Keys.TAB)
    raise AssertionError(focused(page))


def test_suggestions_with_their_reasons_are_reached_with_the_keyboard_alone(show: Show) -> None:
    page = show("/")
    tab_to(page, lambda: page.switch_to.active_element.text == "Rencontres")
    press(page, Keys.ENTER)
    WebDriverWait(page, 10).until(lambda shown: shown.current_url.endswith("/suggestions"))
    tab_to(page, lambda: focused(page) == "p-for")
    webdriver.ActionChains(page).send_keys("La Cantine", Keys.ENTER).perform()
    WebDriverWait(page, 10).until(lambda shown: "for=" in shown.current_url)
    assert page.find_element(By.TAG_NAME, "h1").text.replace("\u00a0", " ") == "Qui devrait rencontrer La Cantine ?"
    reasons = [one.text.replace("\u00a0", " ") for one in page.find_elements(By.CSS_SELECTOR, ".suggestion .reasons li")]
    assert any(reason.startswith("partagent 2 partenaires : La Banque et La Ville") for reason in reasons)
    tab_to(page, lambda: page.switch_to.active_element.text == "Le Fournil")
    press(page, Keys.ENTER)
    WebDriverWait(page, 10).until(lambda shown: shown.current_url.endswith("/actor/fournil"))
    assert "Qui devrait rencontrer Le Fournil" in page.find_element(By.ID, "suggestions").text


def test_a_need_is_matched_with_offers_with_the_keyboard_alone(show: Show) -> None:
    page = show("/matches")
    tab_to(page, lambda: focused(page) == "p-area")
    webdriver.ActionChains(page).send_keys("Amont", Keys.ENTER).perform()
    WebDriverWait(page, 10).until(lambda shown: "area=" in shown.current_url)
    tab_to(page, lambda: page.switch_to.active_element.text.startswith("Voir les 2 propositions"))
    press(page, Keys.ENTER)
    WebDriverWait(page, 10).until(lambda shown: "for=" in shown.current_url)
    assert page.find_element(By.TAG_NAME, "h1").text == "Offres qui pourraient répondre à ce besoin"
    first = page.find_element(By.CSS_SELECTOR, ".proposals li")
    assert "La cuisine de la halle" in first.text
    states = [one.text for one in first.find_elements(By.CSS_SELECTOR, ".criteria .state")]
    assert states == ["convient", "convient", "convient", "conviennent", "proche"]
    tab_to(page, lambda: page.switch_to.active_element.text == "La cuisine de la halle")
    press(page, Keys.ENTER)
    WebDriverWait(page, 10).until(lambda shown: shown.current_url.endswith("/offer/cuisine-de-la-halle"))
    assert "Besoins auxquels cette offre pourrait répondre" in page.find_element(By.TAG_NAME, "main").text


def test_a_count_of_the_quality_view_opens_its_list_with_the_keyboard_alone(show: Show) -> None:
    page = show("/quality")
    tab_to(page, lambda: "check=" in (page.switch_to.active_element.get_attribute("href") or ""))
    count = int(page.switch_to.active_element.text)
    press(page, Keys.ENTER)
    WebDriverWait(page, 10).until(lambda shown: "check=" in shown.current_url)
    assert page.find_element(By.ID, "found").text.startswith(str(count))
    assert len(page.find_elements(By.CSS_SELECTOR, "tbody tr")) == count
