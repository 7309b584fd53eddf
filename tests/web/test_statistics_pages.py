"""The page of figures: tables whose numbers open their lists, files, comparisons, refusals; on the seed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from app.web.statistics.showing import lines_a_page
from tests.web.reading import Page, text_of

AMOUNTS = "/statistics?measure=amounts&rows=year&columns=programme"


def rows_of(page: Page) -> list[list[str]]:
    return [[text_of(cell) for cell in row if cell.tag in ("th", "td")] for row in page.all("table")[0].iter("tr")]


def number_in(text: str) -> float:
    """A number as French writes it."""
    return float(re.sub(r"[^\d,]", "", text).replace(",", "."))


def test_the_page_shows_a_table_and_a_chart_before_anything_is_asked(seen: Callable[[str], Page]) -> None:
    page = seen("/statistics")
    assert page.status == 200
    assert page.heading == "Montants des partenariats par année de début et par programme"
    assert rows_of(page)[0] == ["Année de début", "Adultes-relais", "Postes FONJEP de la politique de la ville", "Ensemble"]
    assert rows_of(page)[-1] == ["Ensemble", "11 599 624,25 €", "1 157 583 €", "12 757 207,25 €"]
    assert len(page.all("figure", id="chart")) == 1


def test_english_has_its_own_words(seen: Callable[[str], Page]) -> None:
    page = seen("/en/statistics?measure=partnerships&rows=nature")
    assert (page.language, page.heading) == ("en", "Partnerships by category")
    assert [row[1] for row in rows_of(page)[1:]] == ["335", "1", "1", "337"]


def test_a_single_known_year_is_no_line(seen: Callable[[str], Page]) -> None:
    """On the seed no actor tells when it began: bars by theme, rather than a point a theme over « Non renseigné »."""
    page = seen("/statistics?measure=actors&rows=theme&columns=year")
    assert "Emploi et insertion 4 Éducation et jeunesse 3" in text_of(page.all("figure", id="chart")[0])


def test_every_number_opens_a_list_of_its_length(seen: Callable[[str], Page]) -> None:
    page = seen("/statistics?measure=partnerships&rows=year&columns=programme")
    cells = [(text_of(a), a.get("href", "")) for td in page.all("td") for a in td.iter("a")]
    assert len(cells) == 18
    for text, link in cells:
        listed = seen(link)
        assert listed.heading.startswith(f"{text} :")
        assert text_of(listed.all("caption")[0]).endswith(f"sur {text}") or len(rows_of(listed)) - 1 == int(text)


def test_the_amounts_of_a_list_add_up_to_its_figure(seed_site: FlaskClient, seen: Callable[[str], Page]) -> None:
    listed = seen("/statistics/list?measure=amounts&rows=year&columns=programme&row=2021")
    lines = seed_site.get("/statistics/list.csv?measure=amounts&rows=year&row=2021").text.splitlines()
    table = list(csv.reader(line for line in lines if not line.startswith("#")))
    assert table[0] == ["Nom", "Nom (IRI)", "Montant"]
    assert len(table) - 1 == 82
    assert round(sum(float(row[2]) for row in table[1:]), 2) == number_in(listed.heading.partition(":")[0]) == 2_944_624.42


def test_the_table_is_a_result_set_in_turtle_whatever_its_columns_are_called(seed_site: FlaskClient) -> None:
    text = seed_site.get(f"/statistics.ttl?{AMOUNTS.partition('?')[2]}").text
    assert len(list(ox.parse(text, ox.RdfFormat.TURTLE))) > 20


def test_a_long_table_is_shown_a_part_at_a_time_under_the_totals_of_all(seen: Callable[[str], Page]) -> None:
    question = "/statistics?measure=amounts&rows=receiver&columns=year"
    parts = [seen(question), seen(f"{question}&page=2")]
    lines = [rows_of(part)[1:-1] for part in parts]
    assert [len(part) for part in lines] == [100, 4]
    assert len({tuple(line) for part in lines for line in part}) == 104
    assert [rows_of(part)[-1][-1] for part in parts] == ["12 757 207,25 €"] * 2
    assert "101 à 104 sur 104" in parts[1].text
    assert parts[0].links()["Suivant"].endswith("&page=2")
    assert rows_of(seen(f"{question}&page=99")) == rows_of(parts[1])
    permanent = [text for text in parts[1].links() if text.startswith("http")]
    assert [text.endswith("&page=2&version=1") for text in permanent] == [True]


def test_two_long_tables_side_by_side_are_shown_a_part_at_a_time(seen: Callable[[str], Page]) -> None:
    page = seen("/statistics?measure=amounts&rows=receiver&from=2020&to=2020&from2=2023&to2=2023&page=2")
    assert "101 à 104 sur 104" in page.text
    assert len(rows_of(page)) == 1 + 4 + 1


@pytest.mark.parametrize(("columns", "lines"), [(1, 100), (10, 100), (17, 58), (61, 16), (201, 10)])
def test_the_more_columns_a_table_has_the_fewer_lines_a_page_shows(columns: int, lines: int) -> None:
    assert lines_a_page(columns) == lines


def test_files_name_version_date_and_licences(seed_site: FlaskClient) -> None:
    text = seed_site.get(f"/statistics.csv?{AMOUNTS.partition('?')[2]}").text
    assert "Licence Ouverte 2.0" in text
    assert re.search(r"^# Version.*: 1\r?$", text, re.M)
    book = load_workbook(io.BytesIO(seed_site.get(f"/statistics.xlsx?{AMOUNTS.partition('?')[2]}").data))
    assert next(cell.value for cell in next(book.worksheets[0].iter_rows())) == "Année de début"
    assert seed_site.get("/statistics.pdf").status_code == 404


def test_two_periods_stand_side_by_side_with_their_difference(seen: Callable[[str], Page]) -> None:
    page = seen("/statistics?measure=posts&rows=programme&from=2020&to=2020&from2=2023&to2=2023")
    assert rows_of(page) == [
        ["Programme", "2020", "2023", "Écart"],
        ["Adultes-relais", "105", "161", "+56"],
        ["Postes FONJEP de la politique de la ville", "44", "32", "−12"],
        ["Ensemble", "149", "193", "+44"],
    ]


def test_a_territory_is_asked_for_by_name_and_can_be_dropped(seen: Callable[[str], Page]) -> None:
    page = seen("/statistics?measure=projects&rows=kind&territory=seine%20saint%20denis")
    assert rows_of(page)[-1] == ["Ensemble", "1"]
    dropped = seen(page.links()["Retirer Territoire"])
    assert rows_of(dropped)[-1] == ["Ensemble", "8"]


def test_a_name_that_several_or_no_territories_have_is_told_and_nothing_is_counted(
    seed_site: FlaskClient, seen: Callable[[str], Page]
) -> None:
    several = seen("/statistics?measure=actors&rows=theme&territory=Paris")
    assert several.all("table") == []
    assert "Plusieurs territoires portent ce nom" in several.text
    assert "Paris (Département), Paris (Commune)" in several.text
    assert "Aucun territoire ne porte ce nom" in seen("/statistics?territory=Atlantide").text
    assert seed_site.get("/statistics.csv?territory=Atlantide").status_code == 400


def test_communes_of_one_name_are_told_apart_by_their_department(seen: Callable[[str], Page]) -> None:
    assert "Blandy (Commune, Seine-et-Marne), Blandy (Commune, Essonne)" in seen("/statistics?territory=Blandy").text


def test_without_figures_the_page_says_what_to_do(seen: Callable[[str], Page]) -> None:
    page = seen("/statistics?measure=events&rows=year&territory=Massy")
    assert "Rien ne répond à ces conditions" in page.text


@pytest.mark.parametrize(
    "query", ["measure=x", "rows=x", "columns=theme&rows=theme", "from=x", "chart=pie", "theme=x", "version=99"]
)
def test_words_that_mean_nothing_are_refused(seed_site: FlaskClient, query: str) -> None:
    assert seed_site.get(f"/statistics?{query}").status_code in (400, 404)


@pytest.mark.parametrize(
    ("query", "word", "heading"),
    [
        ("measure=x&rows=year", "Projets et programmes", "Projets et programmes par année de début"),
        ("measure=projects&rows=x", "thème", "Projets et programmes par thème"),
        ("measure=projects&rows=year&theme=x", "Citoyenneté et vie associative", "Projets et programmes par année de début"),
        ("measure=projects&rows=year&chart=x", "Aucun", "Projets et programmes par année de début"),
    ],
)
def test_a_word_that_means_nothing_is_answered_with_those_that_do(
    seen: Callable[[str], Page], query: str, word: str, heading: str
) -> None:
    refused = seen(f"/statistics?{query}")
    assert refused.status == 400
    assert [text_of(h) for h in refused.all("h2", id="offered")] == ["Ce qui peut être choisi"]
    assert "actors, projects" not in refused.text
    chosen = seen(refused.links()[word])
    assert (chosen.status, chosen.heading) == (200, heading)


def test_a_date_that_is_none_offers_no_list(seen: Callable[[str], Page]) -> None:
    assert seen("/statistics?from=x").all("h2", id="offered") == []


@pytest.mark.parametrize("path", ["/statistics?from=2023&to=2020", "/map?from=2023&to=2020"])
def test_a_period_that_ends_before_it_begins_is_said(seen: Callable[[str], Page], path: str) -> None:
    assert "La période finit avant de commencer" in seen(path).text
    assert "La période finit avant de commencer" not in seen(path.replace("to=2020", "to=2023")).text


def test_an_unknown_line_has_an_empty_list(seen: Callable[[str], Page]) -> None:
    page = seen("/statistics/list?measure=actors&rows=theme&row=sorcellerie")
    assert (page.status, page.heading) == (200, "0 : Acteurs")


def test_what_has_no_year_is_in_the_table_and_not_among_the_shares_of_years(seen: Callable[[str], Page]) -> None:
    page = seen("/statistics?measure=density&rows=active")
    assert "Non renseigné" in [row[0] for row in rows_of(page)]
    (figure,) = page.all("figure", id="chart")
    assert "2023" in text_of(figure)
    assert "Non renseigné" not in text_of(figure)
    (counted,) = seen("/statistics?measure=partnerships&rows=year").all("figure", id="chart")
    assert "Non renseigné" in text_of(counted)


def test_a_density_tells_its_parts_and_opens_its_links(seen: Callable[[str], Page]) -> None:
    page = seen("/statistics?measure=density&rows=year")
    assert rows_of(page)[1] == ["2020", "2,9 % 68 paires liées sur 2 346 possibles"]
    listed = seen(page.links()["2,9 %"])
    assert text_of(listed.all("caption")[0]).endswith("sur 68")


def test_the_answer_is_the_same_for_the_same_version(seed_site: FlaskClient) -> None:
    first = seed_site.get(AMOUNTS)
    again = seed_site.get(AMOUNTS, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("measure=foo", "L’adresse demande « foo », que cette page ne connaît pas."),
        ("theme=foo", "Le paramètre theme ne convient pas (valeur reçue : « foo ») : rien ici ne porte ce nom."),
        ("from=hier", "donnez une année, un mois ou un jour, par exemple 2020"),
        ("rows=year&columns=year", "choisissez en colonnes autre chose qu’en lignes"),
    ],
)
def test_what_cannot_be_asked_is_told_with_what_can(seen: Callable[[str], Page], query: str, told: str) -> None:
    page = seen(f"/statistics?{query}")
    assert page.status == 400
    assert told in page.text


def test_a_file_says_in_both_languages_which_territories_a_name_may_mean(seed_site: FlaskClient) -> None:
    problem = seed_site.get("/statistics.csv?measure=actors&rows=theme&territory=Paris").json
    assert problem is not None
    offered = ["https://w3id.org/maillage/territory/departement-75", "https://w3id.org/maillage/territory/commune-75056"]
    assert problem["details"]["offered"] == offered
    assert problem["explanations"]["fr"].endswith(f"Plusieurs territoires portent ce nom\xa0: {', '.join(offered)}.")
    assert problem["explanations"]["en"].endswith(f"Several territories have this name: {', '.join(offered)}.")


def test_a_figure_is_named_with_what_narrows_it_in_its_title_its_reference_and_its_files(
    seed_site: FlaskClient, seen: Callable[[str], Page]
) -> None:
    asked = "measure=amounts&rows=year&columns=programme&territory=departement-91&from=2021"
    named = "Montants des partenariats par année de début et par programme (Territoire : Essonne, À partir de : 2021)"
    page = seen(f"/statistics?{asked}")
    assert text_of(page.all("title")[0]) == f"{named} – Maillage"
    assert named in text_of(page.all("dd", class_="reference")[0])
    assert page.heading == "Montants des partenariats par année de début et par programme"
    first = seed_site.get(f"/statistics.csv?{asked}").text.splitlines()[0]
    assert first.replace("\u00a0", " ") == f"# Question: {named}"
    behind = seed_site.get("/statistics/list.csv?measure=amounts&rows=year&row=2020").text.splitlines()[0]
    assert behind.replace("\u00a0", " ") == "# Question: Montants des partenariats (Année de début : 2020)"
