"""The catalogue (DCAT-AP), the figures (VoID) and the files: what is told is what can be fetched."""

from __future__ import annotations

import gzip
import hashlib
import signal
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, VOID
from werkzeug.test import TestResponse

from app.engine.versions import Repository
from app.settings import Settings
from app.web.making import Making
from tests.web.reading import Page
from tests.web.writing import BASE, actor, publish, site, stored

HERE = Path(__file__).parent
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
ALL = rdflib.URIRef(f"{BASE}catalog#dataset-all")
LETTRE = rdflib.URIRef(f"{BASE}catalog#dataset-lettre")
SHAPES = rdflib.Graph().parse(HERE / "dcat_ap.ttl")
SOURCE = f"{BASE}id/source/lettre"
DESCRIPTION = f"""
@prefix m: <https://w3id.org/maillage/ontology#> .
<{SOURCE}> a m:Source ; m:name "La lettre du vallon"@fr ; m:publisherName "Ville & Vallon" ;
    m:licence <https://creativecommons.org/licenses/by/4.0/> ; m:licenceName "CC BY 4.0" ;
    m:attribution "Source : La lettre" ; m:accessUrl <https://lettre.example/> .
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    folder = tmp_path_factory.mktemp("published")
    store = stored(folder / "data")
    described = [quad.triple for quad in ox.parse(DESCRIPTION, ox.RdfFormat.TURTLE)]
    publish(store, folder, [*actor("jardin", "Jardin"), *described], "un")
    publish(store, folder, [*actor("jardin", "Jardin"), *actor("autre", "Autre")], "deux", source="annexe")
    return store


@pytest.fixture(scope="module")
def own(store: Repository, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    data = store.health()["path"]
    settings = Settings(data=Path(data), legal_publisher="Collectif du Vallon", legal_contact="bonjour@vallon.example")
    return site(store, settings).test_client()


def fetch(own: FlaskClient, path: str, **headers: str) -> TestResponse:
    """A whole answer, closed."""
    answer = own.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer.get_data()
    answer.close()
    return answer


def graph(own: FlaskClient, path: str) -> rdflib.Graph:
    answer = own.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "text/turtle"
    return rdflib.Graph().parse(data=answer.data, format="turtle")


def test_the_catalogue_has_all_that_dcat_ap_requires(own: FlaskClient) -> None:
    found = graph(own, "/catalog.ttl")
    conforms, _, told = pyshacl.validate(found, shacl_graph=SHAPES)
    assert conforms, told
    assert len(set(found.subjects(RDF.type, DCAT.Dataset))) == 3
    assert len(set(found.subjects(RDF.type, DCAT.Catalog))) == 1


@pytest.mark.parametrize(
    "lost", [DCTERMS.title, DCTERMS.description, DCAT.accessURL, DCAT.endpointURL, FOAF.name, DCTERMS.publisher]
)
def test_the_shapes_would_notice_what_is_missing(own: FlaskClient, lost: rdflib.URIRef) -> None:
    found = graph(own, "/catalog.ttl")
    found.remove((None, lost, None))
    assert pyshacl.validate(found, shacl_graph=SHAPES)[0] is False


def test_a_source_is_a_dataset_with_its_own_publisher_licence_and_origin(own: FlaskClient) -> None:
    found = graph(own, "/catalog.ttl")
    assert found.value(LETTRE, DCTERMS.title) == rdflib.Literal("La lettre du vallon", lang="fr")
    assert str(found.value(found.value(LETTRE, DCTERMS.publisher), FOAF.name)) == "Ville & Vallon"
    assert found.value(LETTRE, DCTERMS.source) == rdflib.URIRef("https://lettre.example/")
    for file in found.objects(LETTRE, DCAT.distribution):
        assert found.value(file, DCTERMS.license) == rdflib.URIRef("https://creativecommons.org/licenses/by/4.0/")
    publisher = found.value(ALL, DCTERMS.publisher)
    assert str(found.value(publisher, FOAF.name)) == "Collectif du Vallon"


@pytest.mark.parametrize(
    ("path", "accept", "type_"),
    [
        ("/catalog", "text/turtle", "text/turtle"),
        ("/catalog", "application/ld+json", "application/ld+json"),
        ("/catalog", "text/html", "text/html"),
        ("/catalog.rdf", "*/*", "application/rdf+xml"),
        ("/.well-known/void", "*/*", "text/turtle"),
        ("/.well-known/void", "application/rdf+xml", "application/rdf+xml"),
        ("/void.nt", "*/*", "application/n-triples"),
    ],
)
def test_each_form_can_be_negotiated_or_named(own: FlaskClient, path: str, accept: str, type_: str) -> None:
    answer = own.get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, type_)
    again = own.get(path, headers={"Accept": accept, "If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert own.get(path.partition(".ttl")[0], headers={"Accept": "image/png"}).status_code in (200, 406)


def test_what_has_no_form_is_refused(own: FlaskClient) -> None:
    assert own.get("/catalog", headers={"Accept": "image/png"}).status_code == 406
    assert own.get("/catalog.docx").status_code == 404
    assert own.get("/catalog.ttl?version=9").status_code == 404


def test_void_tells_how_much_there_is_of_what_in_the_merge_and_in_each_source(own: FlaskClient) -> None:
    found = graph(own, "/.well-known/void")
    association = rdflib.URIRef("https://w3id.org/maillage/ontology#Association")

    def entities(dataset: rdflib.URIRef) -> int:
        (part,) = [p for p in found.objects(dataset, VOID.classPartition) if found.value(p, VOID["class"]) == association]
        return int(found.value(part, VOID.entities))

    annexe = rdflib.URIRef(f"{BASE}catalog#dataset-annexe")
    assert (entities(ALL), entities(LETTRE), entities(annexe)) == (2, 1, 2)
    assert [int(found.value(one, VOID.triples)) for one in (ALL, LETTRE, annexe)] == [11, 9, 4]
    assert set(found.objects(ALL, VOID.subset)) == {LETTRE, annexe}
    assert found.value(ALL, VOID.sparqlEndpoint) == rdflib.URIRef(f"{BASE}sparql")


def test_an_older_version_is_told_as_it_was(own: FlaskClient) -> None:
    found = graph(own, "/void.ttl?version=1")
    assert int(found.value(ALL, VOID.triples)) == 9
    assert set(found.objects(ALL, VOID.subset)) == {LETTRE}
    assert all("version=1" in dump for dump in found.objects(ALL, VOID.dataDump))


def test_the_catalogue_tells_the_checksum_of_a_file_once_it_was_made(own: FlaskClient) -> None:
    before = own.get("/catalog.ttl?version=1")
    answer = fetch(own, "/dumps/lettre.nq.gz?version=1")
    assert answer.status_code == 200
    after = own.get("/catalog.ttl?version=1", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    found = rdflib.Graph().parse(data=after.data, format="turtle")
    file = rdflib.URIRef(f"{BASE}dumps/lettre.nq.gz?version=1#file")
    assert str(found.value(found.value(file, SPDX.checksum), SPDX.checksumValue)) == hashlib.sha256(answer.data).hexdigest()
    assert int(found.value(file, DCAT.byteSize)) == len(answer.data)
    assert pyshacl.validate(found, shacl_graph=SHAPES)[0]


# Dumps


@pytest.fixture(scope="module")
def whole(own: FlaskClient) -> bytes:
    return fetch(own, "/dumps/all.nq.gz?version=2").data


def test_every_file_that_the_catalogue_names_can_be_fetched_and_holds_what_it_says(own: FlaskClient) -> None:
    found = graph(own, "/catalog.ttl")
    addresses = {str(a) for a in found.objects(None, DCAT.downloadURL)}
    assert len(addresses) == 9
    for address in sorted(addresses):
        answer = fetch(own, address.removeprefix("http://localhost:8000"))
        assert answer.status_code == 200
        assert answer.mimetype in ("application/gzip", "application/zstd")
        assert "Content-Encoding" not in answer.headers
        assert "attachment" in answer.headers["Content-Disposition"]
    quads = set(ox.parse(gzip.decompress(fetch(own, "/dumps/annexe.nq.gz?version=2").data), ox.RdfFormat.N_QUADS))
    assert {q.subject.value for q in quads} == {f"{BASE}id/actor/jardin", f"{BASE}id/actor/autre"}


def test_the_checksum_beside_a_file_is_the_files(own: FlaskClient, whole: bytes) -> None:
    text = fetch(own, "/dumps/all.nq.gz.sha256?version=2").text
    assert text == f"{hashlib.sha256(whole).hexdigest()}  all.nq.gz\n"


def test_without_a_version_the_newest_one_is_named_in_the_address(own: FlaskClient) -> None:
    answer = fetch(own, "/dumps/all.trig.gz")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/dumps/all.trig.gz?version=2")


@pytest.mark.parametrize(("asked", "first", "last"), [("bytes=0-9", 0, 9), ("bytes=5-", 5, None), ("bytes=-7", -7, None)])
def test_a_range_of_bytes_is_sent_as_such(own: FlaskClient, whole: bytes, asked: str, first: int, last: int | None) -> None:
    """RFC 9110 §14.2, §15.3.7."""
    answer = fetch(own, "/dumps/all.nq.gz?version=2", Range=asked)
    part = whole[first:] if last is None else whole[first : last + 1]
    assert (answer.status_code, answer.data) == (206, part)
    start = first if first >= 0 else len(whole) + first
    assert answer.headers["Content-Range"] == f"bytes {start}-{start + len(part) - 1}/{len(whole)}"


def test_a_file_says_that_it_takes_ranges(own: FlaskClient) -> None:
    """RFC 9110 §14.3."""
    assert fetch(own, "/dumps/all.nq.gz?version=2").headers["Accept-Ranges"] == "bytes"
    with own.head("/dumps/all.nq.gz?version=2") as head:
        assert (head.headers["Accept-Ranges"], head.data) == ("bytes", b"")


def test_a_range_beyond_the_end_is_refused_with_the_length(own: FlaskClient, whole: bytes) -> None:
    """RFC 9110 §15.5.17."""
    answer = own.get("/dumps/all.nq.gz?version=2", headers={"Range": f"bytes={len(whole) + 10}-"})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(whole)}"


def test_an_interrupted_download_goes_on_only_with_the_same_file(own: FlaskClient, whole: bytes) -> None:
    """RFC 9110 §13.1.5."""
    tag = fetch(own, "/dumps/all.nq.gz?version=2").headers["ETag"]
    same = fetch(own, "/dumps/all.nq.gz?version=2", Range="bytes=5-", If_Range=tag)
    assert (same.status_code, same.data) == (206, whole[5:])
    other = fetch(own, "/dumps/all.nq.gz?version=2", Range="bytes=5-", If_Range='"another"')
    assert (other.status_code, other.data) == (200, whole)


def test_a_file_that_the_reader_has_is_not_sent_again(own: FlaskClient) -> None:
    tag = fetch(own, "/dumps/all.nq.gz?version=2").headers["ETag"]
    assert fetch(own, "/dumps/all.nq.gz?version=2", If_None_Match=tag).status_code == 304


@pytest.mark.parametrize(
    "name",
    [
        "nothing.nq.gz",
        "all.ttl.gz",
        "all.nq",
        "all",
        ".nq.gz",
        "..%2F..%2Fcurrent.nq.gz",
        "annexe.nq.gz",
        f"{200 * 'x'}.nq.gz",
        f"{60 * '%C3%A9'}.nq.gz",
    ],
)
def test_what_is_no_dump_is_not_found(own: FlaskClient, name: str) -> None:
    assert fetch(own, f"/dumps/{name}?version=1").status_code == 404


def test_a_name_that_no_graph_has_starts_no_process(own: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger who tries names costs no more than a page."""
    monkeypatch.setattr("subprocess.Popen", None)
    assert fetch(own, "/dumps/unknown.nq.gz?version=2").status_code == 404


def test_few_requests_wait_for_a_file_and_the_others_are_told_at_once() -> None:
    making = Making(places=BoundedSemaphore(1))
    with subprocess.Popen(["sleep", "20"]) as process, ThreadPoolExecutor() as pool:
        patient = pool.submit(making.code, process, 20)
        until(lambda: making.places._value == 0)
        assert making.code(process, 20) is None
        assert process.poll() is None  # it was told before the file was made
        process.terminate()
        assert patient.result() == -signal.SIGTERM


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true() and time.monotonic() < deadline:
        time.sleep(0.01)


def test_a_pruned_version_has_the_files_that_were_made_of_it(tmp_path: Path) -> None:
    store = stored(tmp_path / "data")
    for name in ("Un", "Deux"):
        publish(store, tmp_path, actor("jardin", name), name)
    own = site(store, Settings(data=tmp_path / "data")).test_client()
    kept = fetch(own, "/dumps/all.nq.gz?version=1").data
    store.prune(1)
    assert fetch(own, "/dumps/all.nq.gz?version=1").data == kept
    gone = fetch(own, "/dumps/all.trig.gz?version=1", Accept="application/json")
    assert gone.status_code == 410
    assert "maillage versions rebuild 1" in gone.json["detail"]


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_page_of_the_catalogue_leads_to_every_file(own: FlaskClient, language: str) -> None:
    page = Page(own.get(f"{language}/catalog", headers={"Accept": "text/html"}))
    assert page.status == 200
    assert "La lettre du vallon" in page.text
    assert {f"{BASE}dumps/{name}.nq.gz?version=2" for name in ("all", "lettre", "annexe")} <= page.hrefs()
    assert "/void.ttl" in page.hrefs()
