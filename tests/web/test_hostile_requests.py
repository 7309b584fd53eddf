"""What nobody means is refused and explained, never an error of ours; each address was one once."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.web import figures

CARREFOUR, AGGLO = (f"http://localhost:8000/id/actor/{name}" for name in ("carrefour", "agglo"))
LONG = "9" * 5_000
BETWEEN = f"from={CARREFOUR}&to={AGGLO}"


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("path", ["/actor", "/paths", "/actor/grainerie"])
def test_a_version_of_thousands_of_digits_is_refused(client: FlaskClient, path: str, language: str) -> None:
    answer = client.get(f"{language}{path}?version={LONG}", headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert f"version={LONG}" not in answer.text


@pytest.mark.parametrize("query", [f"version=&version={LONG}", "version=&version=1"])
def test_the_first_version_that_is_named_counts(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/actor?{query}", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["X-Maillage-Version"]) == (200, "2")
    assert "?version=1" not in answer.text


@pytest.mark.parametrize("iri", ["javascript:<>", "a b", "%00", "relative"])
def test_what_is_left_out_of_a_path_must_be_an_iri(client: FlaskClient, iri: str) -> None:
    assert client.get(f"/paths?{BETWEEN}&without={iri}").status_code == 400


@pytest.mark.parametrize("radius", ["1e-99999999", "0e-99999999", "0e99999999", "nan", "1e13"])
def test_a_number_is_refused_that_would_be_written_with_a_million_zeros(client: FlaskClient, radius: str) -> None:
    address = f"/queries/actors-around-a-commune.csv?commune={AGGLO}&radius={radius}"
    answer = client.get(address, headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert len(answer.data) < 10_000


@pytest.mark.parametrize(
    "date",
    [
        "Thu, 26 Nov 99999999999999999999 14:00:00 GMT",
        "Mon, 31 Dec 9999 23:59:59 -1400 GMT",
        "Thu, 26 Nov 2026 99:00:00 GMT",
        "GMT",
    ],
)
def test_a_moment_that_no_calendar_has_is_refused(client: FlaskClient, date: str) -> None:
    assert client.get("/timegate/actor/carrefour", headers={"Accept-Datetime": date}).status_code == 400


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("query", ["measure=actors&rows=theme", "measure=actors&rows=theme&columns=department"])
def test_a_table_of_figures_is_turtle_too_whatever_its_columns_are_called(client: FlaskClient, language: str, query: str) -> None:
    answer = client.get(f"{language}/statistics.ttl?{query}")
    assert answer.status_code == 200
    assert answer.mimetype == "text/turtle"


@pytest.mark.parametrize("path", ["/actor", "/en/search", "/statistics", "/agenda.ics", "/embed/map", "/"])
def test_an_address_that_would_fill_a_page_with_itself_is_refused(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{path}?x={'y' * 40_000}", headers={"Accept": "text/html"})
    assert answer.status_code == 414
    assert len(answer.data) < 400_000


def test_a_long_query_is_still_asked_by_its_address(client: FlaskClient) -> None:
    text = "ASK { } # " + 40_000 * "x"
    assert client.get("/sparql", query_string={"query": text}, headers={"Accept": "application/json"}).status_code == 200
    assert client.get("/cite.bib", query_string={"query": text}).status_code == 200


def test_only_so_many_names_of_places_are_looked_for(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    monkeypatch.setattr("app.browsing.understanding.territories_named", lambda search, facts, name: looked.append(name) or [])
    assert client.get("/actor?" + "&".join(f"territory=lieu{n}" for n in range(1_000))).status_code == 200
    assert len(looked) == 40


def test_the_figures_that_are_kept_are_bounded_by_their_cells(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "_CELLS", 20)
    kept = client.application.extensions["maillage"].figures
    kept.clear()
    for rows in ("theme", "nature", "year", "class", "theme", "status"):
        assert client.get(f"/statistics?measure=entities&rows={rows}&columns=department").status_code == 200
        newest = len(list(kept.values())[-1].figures)
        assert sum(len(table.figures) for table in kept.values()) <= 20 + newest


@pytest.mark.parametrize("path", ["/statistics", "/statistics/list", "/statistics/list.csv", "/map"])
@pytest.mark.parametrize(
    "query",
    ["column=x", "row=x", "rows=funder&row=a b", "rows=funder&row=javascript:<>", "columns=source&column=<>", "funder=a b"],
)
def test_a_line_of_figures_that_there_is_not_is_no_error_of_ours(client: FlaskClient, path: str, query: str) -> None:
    assert client.get(f"{path}?{query}").status_code in (200, 400)


def test_a_line_of_figures_is_called_by_few_words(client: FlaskClient) -> None:
    assert client.get(f"/statistics/list?rows=theme&row={3_000 * 'x'}").status_code == 400
