"""The query editor in a real browser: written, completed, run, stopped and looked at; no inline style is needed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.test_accessibility import audit, focused, press, write

pytestmark = pytest.mark.browser

Show = Callable[..., webdriver.Chrome]
YEARS = """PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?year (STRLEN(STR(?year)) + ?n AS ?total) {
  VALUES (?year ?n) { ("2021"^^xsd:gYear 3) ("2020"^^xsd:gYear 1) ("2022"^^xsd:gYear 9) } }"""
BARS = 'SELECT ?name ?n { VALUES (?name ?n) { ("deux" 2) ("dix" 10) ("un" 1) } }'
PLACES = 'SELECT ?name ?lat ?lon { VALUES (?name ?lat ?lon) { ("Evry" 48.63 2.44) ("Massy" 48.73 2.28) } }'

NEVER = """
window.kept = window.fetch;
window.fetch = (address, options) => options?.method !== 'POST' ? window.kept(address, options)
  : new Promise((_, no) => options.signal.addEventListener('abort', () => no(options.signal.reason)));
"""
"""Queries that are never answered, until they are given up."""
SHIFTS = """
const done = arguments[arguments.length - 1];
let total = 0;
const add = list => { for (const entry of list.getEntries()) total += entry.value; };
new PerformanceObserver(add).observe({type: 'layout-shift', buffered: true});
setTimeout(() => done(total), 300);
"""
"""How much of the page has moved by itself since it was opened (Cumulative Layout Shift)."""


def ready(page: webdriver.Chrome) -> webdriver.Chrome:
    WebDriverWait(page, 10).until(lambda shown: shown.execute_script("return document.querySelector('.enriched .code')"))
    return page


def in_text(page: webdriver.Chrome, selector: str) -> list[WebElement]:
    return page.execute_script("return [...document.querySelector('.code').shadowRoot.querySelectorAll(arguments[0])]", selector)


def find(page: webdriver.Chrome, selector: str) -> WebElement:
    return WebDriverWait(page, 10).until(lambda shown: shown.find_element(By.CSS_SELECTOR, selector))


def text(page: webdriver.Chrome) -> str:
    return page.execute_script("return document.getElementById('query').value")


def run(page: webdriver.Chrome) -> None:
    webdriver.ActionChains(page).key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()


def asked(show: Show, query: str) -> webdriver.Chrome:
    """A query run in the page by its keys, and answered there."""
    page = ready(show("/sparql"))
    page.execute_script("document.querySelector('.code').shadowRoot.querySelector('.cm-content').focus()")
    webdriver.ActionChains(page).key_down(Keys.CONTROL).send_keys("a").key_up(Keys.CONTROL).send_keys(Keys.DELETE).perform()
    page.execute_cdp_cmd("Input.insertText", {"text": query})
    run(page)
    find(page, "#result-place section")
    return page


def cells(page: webdriver.Chrome) -> list[list[str]]:
    rows = page.find_elements(By.CSS_SELECTOR, "#result-place tbody tr")
    return [[cell.text for cell in row.find_elements(By.TAG_NAME, "td")] for row in rows]


def click(page: webdriver.Chrome, element: WebElement) -> None:
    """A click where the page has come to rest: it scrolls smoothly by itself."""
    page.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
    element.click()


def choose(page: webdriver.Chrome, view: str) -> None:
    click(page, page.find_element(By.CSS_SELECTOR, f"[data-view={view}]"))


def test_keywords_and_variables_have_colours_of_their_own_without_a_style_element(show: Show) -> None:
    page = ready(show("/sparql"))
    seen = "return [...new Set(arguments[0].map(e => getComputedStyle(e).color))]"
    assert len(page.execute_script(seen, in_text(page, ".cm-line span"))) >= 3
    assert page.execute_script("return document.querySelectorAll('style').length") == 0
    assert [entry["message"] for entry in page.get_log("browser") if "Content Security Policy" in entry["message"]] == []


def test_a_class_is_completed_by_its_french_name_and_its_prefix_is_declared(show: Show) -> None:
    page = ready(show("/sparql"))
    write(page, "SELECT * WHERE { ?p a partenar")
    WebDriverWait(page, 10).until(lambda shown: in_text(shown, "[role=option]"))
    assert in_text(page, "[role=option][aria-selected]")[0].text.split() == ["maillage:Partnership", "Partenariat"]
    press(page, Keys.ENTER)
    assert text(page).startswith(
        "PREFIX maillage: <https://w3id.org/maillage/ontology#>\nSELECT * WHERE { ?p a maillage:Partnership"
    )


def test_a_record_is_completed_by_its_name(show: Show) -> None:
    page = ready(show("/sparql"))
    write(page, "SELECT * WHERE { <epicerie de l'oeuf")
    WebDriverWait(page, 10).until(lambda shown: in_text(shown, "[role=option]"))
    press(page, Keys.ENTER)
    assert "<http://localhost:8000/id/actor/épicerie-œuf>" in text(page)


def test_tab_leaves_the_text(show: Show) -> None:
    page = ready(show("/sparql"))
    write(page, "ASK {}")
    assert press(page, Keys.TAB) == "format"
    assert press(page, Keys.TAB) == "run"


def test_an_answer_comes_in_place_with_its_rows_its_time_and_its_address(show: Show) -> None:
    page = asked(show, BARS)
    assert cells(page) == [["deux", "2"], ["dix", "10"], ["un", "1"]]
    assert re.match(r"3 lignes · (\d+ ms|\d+(,\d+)? s) · version ", page.find_element(By.ID, "run-status").text)
    assert page.current_url.endswith(urlencode({"query": BARS}))
    page.refresh()
    assert cells(ready(page)) == [["deux", "2"], ["dix", "10"], ["un", "1"]]


def test_a_column_is_sorted_as_numbers_are(show: Show) -> None:
    page = asked(show, BARS)
    heading = page.find_elements(By.CSS_SELECTOR, ".sort")[1]
    click(page, heading)
    assert [row[1] for row in cells(page)] == ["1", "2", "10"]
    click(page, heading)
    assert [row[1] for row in cells(page)] == ["10", "2", "1"]
    assert page.find_element(By.CSS_SELECTOR, "th[aria-sort]").get_attribute("aria-sort") == "descending"


def test_a_name_and_a_number_are_bars_and_years_are_a_line(show: Show) -> None:
    page = asked(show, BARS)
    choose(page, "chart")
    bars = page.find_elements(By.CSS_SELECTOR, ".chart .bar")
    widths = [float(bar.get_attribute("width")) for bar in bars]
    assert [round(width / widths[1], 1) for width in widths] == [0.2, 1.0, 0.1]
    page = asked(show, YEARS)
    choose(page, "chart")
    assert len(page.find_elements(By.CSS_SELECTOR, ".chart .dot")) == 3
    titles = [one.get_attribute("textContent") for one in page.find_elements(By.CSS_SELECTOR, ".chart .dot title")]
    assert titles == ["2020 : 5", "2021 : 7", "2022 : 13"]


def test_coordinates_are_a_map_with_north_at_the_top(show: Show) -> None:
    page = asked(show, PLACES)
    choose(page, "map")
    evry, massy = page.find_elements(By.CSS_SELECTOR, ".map circle")
    assert float(massy.get_attribute("cy")) < float(evry.get_attribute("cy"))
    assert float(massy.get_attribute("cx")) < float(evry.get_attribute("cx"))


def test_a_result_that_has_no_number_or_place_is_a_table_only(show: Show) -> None:
    page = asked(show, "SELECT ?type { <http://localhost:8000/id/actor/grainerie> a ?type }")
    assert page.find_elements(By.CSS_SELECTOR, ".choice") == []
    assert "maillage:ConsumerCooperative" in page.find_element(By.ID, "result-place").text


def test_the_table_that_the_server_wrote_has_its_views_too(show: Show) -> None:
    page = ready(show(f"/sparql?{urlencode({'query': BARS})}"))
    find(page, ".choice")
    choose(page, "chart")
    assert len(page.find_elements(By.CSS_SELECTOR, ".chart .bar")) == 3


@pytest.mark.parametrize("path", ["/sparql", "/en/sparql"])
def test_a_mistake_is_marked_at_its_place_and_said(show: Show, path: str) -> None:
    page = ready(show(path))
    write(page, "ASK { ?s nonsense ?o }")
    webdriver.ActionChains(page).send_keys(Keys.ESCAPE).perform()
    run(page)
    alert = find(page, "#problem")
    assert ("ligne 1, colonne 10" if path == "/sparql" else "line 1, column 10") in alert.text
    assert [mark.text for mark in in_text(page, ".cm-lintRange-error")] == ["nonsense"]
    assert focused(page) == "editor-text"


def test_the_mistake_that_the_server_told_is_marked_when_the_page_opens(show: Show) -> None:
    page = ready(show(f"/sparql?{urlencode({'query': 'ASK { ?s ?p } '})}"))
    assert WebDriverWait(page, 10).until(lambda shown: in_text(shown, ".cm-lintRange-error, .cm-lintPoint"))


def test_what_was_run_is_kept_in_this_browser_until_it_is_cleared(show: Show) -> None:
    page = asked(show, BARS)
    assert json.loads(page.execute_script("return localStorage.getItem('maillage.queries')"))[0]["query"] == BARS
    page = ready(show("/sparql"))
    click(page, page.find_element(By.CSS_SELECTOR, ".past"))
    assert text(page) == BARS
    click(page, page.find_element(By.CSS_SELECTOR, "[data-do=forget]"))
    assert not page.find_element(By.ID, "history").is_displayed()
    assert page.execute_script("return localStorage.getItem('maillage.queries')") is None


def test_an_answer_can_be_downloaded_shared_and_cited_with_its_version(show: Show) -> None:
    page = asked(show, BARS)
    files = {a.text: a.get_attribute("href") for a in page.find_elements(By.CSS_SELECTOR, "#result-place .formats[aria-label] a")}
    assert set(files) == {"CSV", "JSON", "TSV", "XML"}
    assert "version=2" in files["CSV"]
    assert "Excel ouvre ce CSV par Données" in page.find_element(By.CSS_SELECTOR, "#result-place .formats + .note").text
    click(page, page.find_element(By.CSS_SELECTOR, ".share summary"))
    assert "version=2" in page.find_element(By.ID, "share-address").get_attribute("value")
    cited = page.find_element(By.ID, "share-citation")
    WebDriverWait(page, 10).until(lambda _: "requête SPARQL" in cited.get_attribute("value"))
    assert "ersion 2" in cited.get_attribute("value")


def test_a_query_that_is_stopped_says_so_and_the_next_one_runs(show: Show) -> None:
    page = ready(show("/sparql"))
    page.execute_script(NEVER)
    write(page, "ASK {}")
    run(page)
    stop = page.find_element(By.ID, "stop")
    assert stop.is_displayed()
    click(page, stop)
    assert "arrêté" in find(page, "#problem").text
    page.execute_script("window.fetch = window.kept")
    click(page, page.find_element(By.ID, "run"))
    assert find(page, ".boolean").text == "Oui"


def test_an_example_is_found_by_its_words(show: Show) -> None:
    page = ready(show("/sparql"))
    page.find_element(By.ID, "find-example").send_keys("COVOIT aires")
    shown = [item.text for item in page.find_elements(By.CSS_SELECTOR, "#example-list li") if item.is_displayed()]
    assert len(shown) == 1
    assert "covoiturage" in shown[0]


def test_the_letters_of_a_chart_are_readable_on_a_phone(show: Show) -> None:
    page = ready(show(f"/sparql?{urlencode({'query': BARS})}", width=360))
    choose(page, "chart")
    size = page.execute_script(
        "const text = document.querySelector('.chart text');"
        "return parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a"
    )
    assert size >= 10


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("query", [BARS, PLACES, "SELECT * WHERE { ?s ?p ?o } LIMITE 3"], ids=["chart", "map", "mistake"])
def test_axe_finds_no_barrier_in_the_editor_and_its_views(show: Show, scheme: str, language: str, query: str) -> None:
    for width in (1280, 360):
        page = ready(show(f"{language}/sparql?{urlencode({'query': query})}", scheme=scheme, width=width))
        for button in page.find_elements(By.CSS_SELECTOR, ".choice")[1:]:
            click(page, button)
        assert audit(page) == []
        assert page.execute_script("return document.documentElement.scrollWidth") <= width


def test_axe_finds_no_barrier_in_the_list_of_completions(show: Show) -> None:
    page = ready(show("/sparql"))
    write(page, "SELECT * WHERE { ?p a partenar")
    WebDriverWait(page, 10).until(lambda shown: in_text(shown, "[role=option]"))
    assert audit(page) == []


def test_the_page_does_not_move_when_the_editor_takes_its_place(show: Show) -> None:
    page = ready(show("/sparql"))
    assert page.execute_async_script(SHIFTS) < 0.02


def test_names_stand_beside_the_iris_of_a_result_that_came_without_a_new_page(show: Show) -> None:
    page = asked(show, "SELECT ?a { VALUES ?a { <http://localhost:8000/id/actor/grainerie> <http://nowhere.example/> } }")
    WebDriverWait(page, 10).until(lambda _: "La Grainerie" in page.find_element(By.CSS_SELECTOR, "#result-place tbody").text)
    assert [row[0].split("\n")[-1] for row in cells(page)] == ["La Grainerie", "http://nowhere.example/"]
    fetched = page.execute_script("return performance.getEntriesByType('resource').map(one => one.name)")
    assert len([one for one in fetched if "/sparql/names.json" in one]) == 1


def test_prefixes_that_are_not_declared_are_declared_by_a_button(show: Show) -> None:
    page = ready(show("/sparql"))
    write(page, 'SELECT ?n WHERE { ?a a maillage:Association ; maillage:name ?n FILTER(?n != "role:x <geo:y>") } # skos:z')
    run(page)
    click(page, find(page, "#result-place [data-do=declare]"))
    find(page, "#result-place table.result")
    assert text(page).splitlines()[0] == "PREFIX maillage: <https://w3id.org/maillage/ontology#>"
    assert len(text(page).splitlines()) == 2


def test_what_columns_of_a_table_link_is_drawn_with_names(show: Show) -> None:
    prefix = "PREFIX maillage: <https://w3id.org/maillage/ontology#>"
    page = asked(show, f"{prefix}\nSELECT ?who ?n ?what WHERE {{ ?who maillage:name ?n ; maillage:theme ?what }}")
    choose(page, "graph")
    find(page, ".net canvas").send_keys(Keys.ARROW_RIGHT)
    assert find(page, ".net .side .name").text
    assert "/" not in page.find_element(By.CSS_SELECTOR, ".net .side .name").text


def test_nodes_of_a_result_without_types_are_told_apart_by_their_kinds(show: Show) -> None:
    page = asked(show, "SELECT ?a ?theme WHERE { ?a a ?class ; <https://w3id.org/maillage/ontology#theme> ?theme }")
    choose(page, "graph")
    find(page, ".net canvas")
    keys = [one.text for one in page.find_elements(By.CSS_SELECTOR, ".net li") if one.find_elements(By.CSS_SELECTOR, "path")]
    assert {"Acteur", "Thème"} <= set(keys)
    shapes = {one.get_attribute("class") for one in page.find_elements(By.CSS_SELECTOR, ".net li path")}
    assert len(shapes) > 1


def test_a_keyword_that_is_typed_is_offered_before_names_that_begin_alike(show: Show) -> None:
    page = ready(show("/sparql"))
    write(page, "PREF")
    WebDriverWait(page, 10).until(lambda shown: in_text(shown, "[role=option]"))
    assert in_text(page, "[role=option][aria-selected]")[0].text.split()[0] == "PREFIX"
