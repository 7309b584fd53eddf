"""The export profiles over HTTP: formats, validators, names of files, and what there is not."""

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from app.web.profiles import FORMATS


@pytest.mark.parametrize("name", ["pair", "schema-org"])
def test_each_format_says_the_same(client: FlaskClient, name: str) -> None:
    found = []
    for suffix, form in FORMATS.items():
        answer = client.get(f"/profiles/{name}.{suffix}")
        assert answer.status_code == 200
        assert answer.mimetype == form.media_type
        assert f"{name}-v" in answer.headers["Content-Disposition"]
        read = ox.parse(answer.data, ox.RdfFormat.from_media_type(form.media_type))
        found.append({(q.subject, q.predicate, q.object) for q in read})
    assert found[0]
    assert found == [found[0]] * len(FORMATS)


def test_a_profile_is_not_made_again_for_who_has_it(client: FlaskClient) -> None:
    first = client.get("/profiles/pair.nt")
    again = client.get("/profiles/pair.nt", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_an_older_version_can_be_exported(client: FlaskClient) -> None:
    assert b"Le Disparu" in client.get("/profiles/pair.nt?version=1").data
    assert b"Le Disparu" not in client.get("/profiles/pair.nt").data


@pytest.mark.parametrize("address", ["/profiles/pair.pdf", "/profiles/foaf.ttl", "/profiles/pair.ttl?version=99"])
def test_what_there_is_not_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_asking_for_the_headers_sends_no_body(client: FlaskClient) -> None:
    answer = client.head("/profiles/pair.ttl")
    assert answer.data == b""
    assert int(answer.headers["Content-Length"]) > 0
