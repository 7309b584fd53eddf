"""Memento (RFC 7089) for entities, one requirement a test, each with its section."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.citing.mementos import Memento, Series, series
from app.engine.versions import Repository
from tests.web.writing import actor, publish, site, stored

ROOT = "http://localhost:8000"
START = datetime(2026, 1, 1, 12, tzinfo=UTC)
LINK = re.compile(r'<([^>]*)>((?:; [a-z]+="[^"]*")*)')
PARTNER = "http://partner.example/id/1.ttl"


def day(n: int) -> str:
    """When version ``n`` is published: noon of the n-th of January."""
    return (START + timedelta(days=n - 1)).strftime("%a, %d %b %Y %H:%M:%S GMT")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Seven versions, a day each: the garden opens (2), changes its name (4), closes (6), opens again (7)."""
    folder: Path = tmp_path_factory.mktemp("memento")
    store = stored(folder / "data")
    clock = iter(START + timedelta(days=n) for n in range(99))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.engine.transaction.now", lambda: next(clock).isoformat())
        for i, garden in enumerate(["", "Jardin", "Jardin", "Grand Jardin", "Grand Jardin", "", "Nouveau Jardin"]):
            named = [("jardin", garden)] if garden else []
            publish(store, folder, [t for one in [("autre", f"Autre {i}"), *named] for t in actor(*one)], "")
    return store


@pytest.fixture(scope="module")
def own(store: Repository) -> FlaskClient:
    return site(store).test_client()


def links(response: TestResponse | str) -> dict[str, tuple[str, str | None]]:
    """Address and datetime of each link by its relation types."""
    text = response if isinstance(response, str) else ", ".join(response.headers.getlist("Link"))
    found = {}
    for address, rest in LINK.findall(text):
        told = dict(re.findall(r'([a-z]+)="([^"]*)"', rest))
        found[told["rel"]] = (address, told.get("datetime"))
    return found


def test_2_1_1_a_memento_tells_its_moment_in_the_http_date_format(own: FlaskClient) -> None:
    assert own.get("/actor/jardin?version=3").headers["Memento-Datetime"] == day(3) == "Sat, 03 Jan 2026 12:00:00 GMT"
    assert own.get("/actor/jardin.ttl?version=4").headers["Memento-Datetime"] == day(4)


def test_2_1_1_only_mementos_have_a_memento_datetime(own: FlaskClient) -> None:
    for path in ("/actor/jardin", "/actor/jardin.ttl", "/timegate/actor/jardin", "/timemap/actor/jardin"):
        assert "Memento-Datetime" not in own.get(path).headers


def test_2_1_2_a_timegate_varies_with_accept_datetime_and_originals_do_not(own: FlaskClient) -> None:
    assert "accept-datetime" in own.get("/timegate/actor/jardin").headers["Vary"].casefold()
    assert "accept-datetime" not in own.get("/actor/jardin").headers.get("Vary", "").casefold()


def test_2_2_1_a_memento_and_a_timegate_link_to_the_original(own: FlaskClient) -> None:
    assert links(own.get("/actor/jardin?version=3"))["original"] == (f"{ROOT}/actor/jardin", None)
    assert links(own.get("/timegate/actor/jardin.ttl"))["original"] == (f"{ROOT}/actor/jardin.ttl", None)


@pytest.mark.parametrize("path", ["/actor/jardin", "/en/actor/jardin", "/actor/jardin.ttl", "/id/actor/jardin"])
@pytest.mark.parametrize("version", ["", "?version=3"])
def test_2_2_2_originals_and_mementos_link_to_their_timegate(own: FlaskClient, path: str, version: str) -> None:
    gate = path.replace("/en/", "/en/timegate/") if path.startswith("/en/") else f"/timegate{path}"
    assert links(own.get(path + version))["timegate"][0] == ROOT + gate
    assert own.get(gate).status_code == 302


@pytest.mark.parametrize("path", ["/actor/jardin", "/actor/jardin?version=3", "/timegate/actor/jardin"])
def test_2_2_3_all_link_to_the_timemap(own: FlaskClient, path: str) -> None:
    assert links(own.get(path))["timemap"][0] == f"{ROOT}/timemap/actor/jardin"
    assert 'type="application/link-format"' in ", ".join(own.get(path).headers.getlist("Link"))


def test_2_2_4_a_memento_links_to_the_first_the_last_and_its_neighbours_with_their_moments(own: FlaskClient) -> None:
    found = {role: told for role, told in links(own.get("/actor/jardin?version=5")).items() if "memento" in role}
    assert found == {
        "first prev memento": (f"{ROOT}/actor/jardin?version=2", day(2)),
        "last next memento": (f"{ROOT}/actor/jardin?version=7", day(7)),
    }


def test_2_2_4_the_first_has_none_before_and_the_last_none_after(own: FlaskClient) -> None:
    assert "next memento" in links(own.get("/actor/jardin?version=3"))
    assert not [role for role in links(own.get("/actor/jardin?version=3")) if "prev" in role]
    assert not [role for role in links(own.get("/actor/jardin?version=7")) if "next" in role]


@pytest.mark.parametrize(
    ("moment", "version"),
    [
        (day(2), 2),
        ("Sun, 04 Jan 2026 11:59:59 GMT", 2),
        (day(4), 4),
        (day(6), 4),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 2),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 7),
    ],
)
def test_4_2_1_a_timegate_sends_to_the_state_at_that_moment(own: FlaskClient, moment: str, version: int) -> None:
    answer = own.get("/timegate/actor/jardin", headers={"Accept-Datetime": moment})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{ROOT}/actor/jardin?version={version}")


def test_4_1_1_without_a_moment_a_timegate_sends_to_the_newest_state(own: FlaskClient) -> None:
    assert own.get("/timegate/actor/jardin").headers["Location"] == f"{ROOT}/actor/jardin?version=7"


@pytest.mark.parametrize("path", ["actor/jardin", "http://localhost:8000/actor/jardin", "http:/localhost:8000/actor/jardin"])
def test_a_timegate_takes_the_path_of_the_original_or_its_whole_address(own: FlaskClient, path: str) -> None:
    answer = own.get(f"/timegate/{path}", headers={"Accept-Datetime": day(3)}, follow_redirects=False)
    while answer.status_code == 308:
        answer = own.get(answer.headers["Location"], headers={"Accept-Datetime": day(3)})
    assert answer.headers["Location"] == f"{ROOT}/actor/jardin?version=2"


def test_each_language_and_format_is_an_original_of_its_own(own: FlaskClient) -> None:
    for path in ("/en/timegate/actor/jardin", "/timegate/http://localhost:8000/en/actor/jardin"):
        answer = own.get(path, headers={"Accept-Datetime": day(3)}, follow_redirects=False)
        while answer.status_code == 308:
            answer = own.get(answer.headers["Location"], headers={"Accept-Datetime": day(3)})
        assert answer.headers["Location"] == f"{ROOT}/en/actor/jardin?version=2"
    assert own.get("/timegate/actor/jardin.nt").headers["Location"] == f"{ROOT}/actor/jardin.nt?version=7"


def test_4_5_2_the_timegate_of_a_deleted_original_still_leads_to_its_past(tmp_path: Path) -> None:
    store = stored(tmp_path / "data")
    publish(store, tmp_path, [*actor("jardin", "Jardin"), *actor("autre", "Autre")], "")
    publish(store, tmp_path, actor("autre", "Autre"), "")
    own = site(store).test_client()
    gone = own.get("/actor/jardin")
    assert gone.status_code == 410
    assert own.get(links(gone)["timegate"][0]).headers["Location"] == f"{ROOT}/actor/jardin?version=1"
    assert "Memento-Datetime" not in gone.headers


@pytest.mark.parametrize(
    "moment", ["hier", "", "2026-01-03T12:00:00Z", "Sat, 03 Jan 2026 12:00:00 +0100", "Sat, 99 Jan 2026 12:00:00 GMT"]
)
def test_4_5_3_a_moment_that_is_no_http_date_is_refused(own: FlaskClient, moment: str) -> None:
    answer = own.get("/timegate/actor/jardin", headers={"Accept-Datetime": moment, "Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.json["details"]["name"] == "Accept-Datetime"


def test_4_5_4_the_redirection_of_an_iri_is_a_memento_too(own: FlaskClient) -> None:
    answer = own.get("/id/actor/jardin?version=3", headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/actor/jardin.ttl?version=3")
    assert answer.headers["Memento-Datetime"] == day(3)


def test_5_a_timemap_lists_the_original_itself_the_timegate_and_each_state_with_its_moment(own: FlaskClient) -> None:
    answer = own.get("/timemap/actor/jardin")
    assert answer.content_type == "application/link-format"
    assert answer.text == (
        f'<{ROOT}/actor/jardin>; rel="original",\n'
        f'<{ROOT}/timemap/actor/jardin>; rel="self"; type="application/link-format"; from="{day(2)}"; until="{day(7)}",\n'
        f'<{ROOT}/timegate/actor/jardin>; rel="timegate",\n'
        f'<{ROOT}/actor/jardin?version=2>; rel="first memento"; datetime="{day(2)}",\n'
        f'<{ROOT}/actor/jardin?version=4>; rel="memento"; datetime="{day(4)}",\n'
        f'<{ROOT}/actor/jardin?version=7>; rel="last memento"; datetime="{day(7)}"\n'
    )


def test_5_every_state_that_is_listed_can_be_read(own: FlaskClient) -> None:
    for role, (address, moment) in links(own.get("/timemap/actor/jardin").text).items():
        if "memento" in role:
            answer = own.get(address.removeprefix(ROOT))
            assert (answer.status_code, answer.headers["Memento-Datetime"]) == (200, moment)


def test_a_state_whose_first_version_is_pruned_is_read_in_a_later_one_that_shows_it(tmp_path: Path) -> None:
    store = stored(tmp_path / "data")
    for i, name in enumerate(["Jardin", "Jardin", "Grand Jardin", "Grand Jardin"]):
        publish(store, tmp_path, [*actor("jardin", name), *actor("autre", f"Autre {i}")], "")
    store.pin(2)
    store.prune(1)
    listed = links(site(store).test_client().get("/timemap/actor/jardin").text)
    assert listed["first memento"][0] == f"{ROOT}/actor/jardin?version=2"
    assert listed["last memento"][0] == f"{ROOT}/actor/jardin?version=4"


@pytest.mark.parametrize("gate", ["timegate", "timemap"])
@pytest.mark.parametrize("path", ["actor/nobody", "nothing/at-all", "actor", "sparql", "http://elsewhere.example/x", "about"])
def test_what_is_no_entity_has_no_past(own: FlaskClient, gate: str, path: str) -> None:
    answer = own.get(f"/{gate}/{path}")
    assert answer.status_code in (404, 308)


def test_an_iri_of_a_partner_has_a_past_at_its_own_page(tmp_path: Path) -> None:
    import pyoxigraph as ox

    store = stored(tmp_path / "data")
    about = [ox.Triple(ox.NamedNode(PARTNER), triple.predicate, triple.object) for triple in actor("x", "Ailleurs")]
    publish(store, tmp_path, about, "")
    own = site(store).test_client()
    found = links(own.get(f"/en/about?iri={quote(PARTNER, safe='')}"))
    assert found["timegate"][0] == f"{ROOT}/en/timegate/about?iri={quote(PARTNER, safe='')}"
    answer = own.get(found["timegate"][0].removeprefix(ROOT))
    assert answer.headers["Location"] == f"{ROOT}/en/about?iri={quote(PARTNER, safe='')}&version=1"


def test_a_series_without_states_is_told_by_nothing_present() -> None:
    assert series([2, 4], [4], [5], {5: START}, 5) == Series(())
    assert series([2, 4], [], [3, 5], {3: START, 5: START}, 5) == Series((Memento(3, START), Memento(5, START)))
