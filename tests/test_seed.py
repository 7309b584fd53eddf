"""The starting data: made again it is the same, it says what its sources say, to the row and the cent, and nothing private."""

import csv
import re
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from app.terms import CODE, GEO, MAILLAGE, TERRITORY
from seed.make import posts, territories
from seed.make.funding import SCHEMES, fundings
from seed.make.payees import PRIVATE, Row, is_siret, payees, read_rows
from seed.make.turtle import read

SEED = Path("seed")
BASE = "http://localhost:8000/"
FILES = [SEED / name for name in (territories.TARGET, posts.TARGET, "observatoire.ttl")]
NAMES = [path.name.split(".")[0] for path in FILES]


@cache
def made() -> dict[str, str]:
    return {**territories.build(), **posts.build()}


@cache
def graph_of(name: str) -> Graph:
    """What a file says."""
    path = FILES[NAMES.index(name)]
    return Graph().parse(data=read(path), format="turtle", publicID=BASE)


def areas() -> Graph:
    return graph_of(NAMES[0])


def jobs() -> Graph:
    return graph_of(NAMES[1])


def observatory() -> Graph:
    return graph_of(NAMES[2])


def partnerships() -> list[Node]:
    return sorted(jobs().subjects(RDF.type, MAILLAGE.Partnership))


@cache
def rows() -> list[Row]:
    return read_rows(posts.POSTS)


def here(path: str) -> URIRef:
    return URIRef(BASE + path)


def published() -> list[dict[str, str]]:
    with posts.POSTS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- Made again


@pytest.mark.parametrize("name", [posts.TARGET, posts.REPORT, territories.TARGET])
def test_making_it_again_gives_the_committed_file(name: str) -> None:
    assert read(SEED / name) == made()[name], "run: python -m seed.make"


def test_the_compressed_file_bears_no_date_that_would_change_it_every_time() -> None:
    assert (SEED / territories.TARGET).read_bytes()[4:8] == bytes(4)


# --- Any file of it


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_two_parsers_read_the_same_statements(path: Path) -> None:
    statements = set(ox.parse(read(path).encode(), format=ox.RdfFormat.TURTLE, base_iri=BASE))
    assert len(statements) == len(graph_of(path.name.split(".")[0]))


@pytest.mark.parametrize("name", NAMES)
def test_every_subject_has_a_class_and_no_node_is_blank(name: str) -> None:
    graph = graph_of(name)
    assert {subject for subject in graph.subjects() if (subject, RDF.type, None) not in graph} == set()
    assert all(isinstance(node, URIRef) for node in graph.subjects())


@pytest.mark.parametrize("name", NAMES)
def test_a_file_describes_its_own_source(name: str) -> None:
    source = here(f"id/source/{name}")
    assert (source, RDF.type, MAILLAGE.Source) in graph_of(name)
    for property_ in ("name", "licence", "licenceName", "publisherName", "retrieved"):
        assert graph_of(name).value(source, MAILLAGE[property_], any=True) is not None, property_


def test_the_territories_keep_both_attributions() -> None:
    attributions = " ".join(str(text) for text in areas().objects(here("id/source/territories"), MAILLAGE.attribution))
    assert "IGN, Admin Express COG 2018" in attributions
    assert "INSEE, Code officiel géographique 2026" in attributions


@pytest.mark.parametrize("name", NAMES)
def test_what_comes_from_a_source_names_one_that_is_described(name: str) -> None:
    graph = graph_of(name)
    assert all((source, RDF.type, MAILLAGE.Source) in graph for source in graph.objects(None, DCTERMS.source))


@pytest.mark.parametrize("name", ["posts-politique-de-la-ville", "observatoire"])
def test_every_actor_and_partnership_says_its_source_its_review_and_its_confidence(name: str) -> None:
    graph = graph_of(name)
    entities = {
        node for node in graph.subjects() if re.search("/id/(actor|partnership|project|programme|policy|opportunity)/", node)
    }
    assert entities
    for property_ in (MAILLAGE.name, DCTERMS.source, MAILLAGE.reviewStatus, MAILLAGE.confidence):
        assert {node for node in entities if (node, property_, None) not in graph} == set(), property_


@pytest.mark.parametrize("path", [*FILES, SEED / posts.REPORT, SEED / "README.md", posts.POSTS], ids=lambda path: path.name)
def test_there_is_no_e_mail_address_and_no_telephone_number(path: Path) -> None:
    told = re.sub(r'"[^"]*"\^\^geo:wktLiteral|0\d{4}R\d{6}|\d{14}', "", read(path))
    assert not re.search(r"[\w.+-]+@[\w-]+\.[a-z]", told)
    assert not re.search(r"(?<!\d)(?:\+33|0)[ .-]?[1-9](?:[ .-]?\d\d){4}(?!\d)", told)


# --- Territories


def test_there_are_as_many_territories_as_the_source_has() -> None:
    counts = Counter(str(kind).split("#")[1] for kind in areas().objects(None, RDF.type))
    assert counts["Commune"] == 1266
    assert (counts["Intercommunality"], counts["Department"], counts["Region"]) == (63, 8, 1)


def test_all_but_what_crosses_its_border_lies_in_the_region() -> None:
    region = TERRITORY["region-11"]
    inside = set(areas().transitive_subjects(MAILLAGE.within, region))
    assert set(areas().subjects(MAILLAGE.inseeCode)) - inside == {TERRITORY["epci-247800550"]}


@pytest.mark.parametrize(
    ("area", "containers"),
    [
        ("commune-91228", {"departement-91", "epci-200059228"}),
        ("commune-94081", {"departement-94", "epci-200054781", "epci-200058014"}),  # Greater Paris has two levels
        ("epci-200056232", {"departement-91"}),
        ("epci-200059228", {"region-11"}),  # in two departments
        ("epci-200058014", {"region-11", "epci-200054781"}),
        ("departement-91", {"region-11"}),
        ("region-11", set()),
    ],
)
def test_containment_is_direct_and_whole(area: str, containers: set[str]) -> None:
    assert set(areas().objects(TERRITORY[area], MAILLAGE.within)) == {TERRITORY[name] for name in containers}


def test_populations_of_departments_add_up_to_that_of_the_region() -> None:
    departments = areas().subjects(RDF.type, MAILLAGE.Department)
    total = sum(int(str(areas().value(node, MAILLAGE.population))) for node in departments)
    assert total == int(str(areas().value(TERRITORY["region-11"], MAILLAGE.population))) == 12_463_067


def test_the_population_of_an_intercommunality_is_that_of_its_communes() -> None:
    sums: Counter[URIRef] = Counter()
    for commune in territories.read_communes():
        sums.update({TERRITORY[f"epci-{code}"]: commune.population for code in commune.intercommunalities})
    said = {area: int(str(areas().value(area, MAILLAGE.population, default=0))) for area in sums}
    assert {area for area in sums if sums[area] != said[area]} == {TERRITORY["epci-247800550"]}
    assert said[TERRITORY["epci-247800550"]] == 0


def test_outlines_give_longitude_before_latitude_and_stay_around_the_region() -> None:
    for drawn in areas().objects(None, GEO.asWKT):
        pairs = re.findall(r"(-?[\d.]+) (-?[\d.]+)", str(drawn))
        assert pairs
        assert all(1.4 < float(x) < 3.6 and 48.1 < float(y) < 49.3 for x, y in pairs)


def test_outlines_are_valid_and_those_of_groups_are_those_of_their_members() -> None:
    shapely = pytest.importorskip("shapely")
    outline = {str(node).rsplit("/", 1)[1]: shapely.from_wkt(str(drawn)) for node, drawn in areas().subject_objects(GEO.asWKT)}
    assert [name for name, shape in outline.items() if not shape.is_valid] == []
    members = [outline[f"commune-{it.code}#outline"] for it in territories.read_communes() if it.department == "91"]
    assert shapely.union_all(members).symmetric_difference(outline["departement-91#outline"]).area == 0


# --- Posts


def test_every_row_is_accounted_for() -> None:
    numbers = [int(str(number)) for number in jobs().objects(None, MAILLAGE.numberOfPosts)]
    assert sum(numbers) == len(published()) == 715
    references = {str(text) for partnership in partnerships() for text in jobs().objects(partnership, MAILLAGE.reference)}
    assert references == {row["id_poste"] for row in published()}


@pytest.mark.parametrize("year", ["2020", "2021", "2022", "2023"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_amounts_add_up_to_the_cent(scheme: str, year: str) -> None:
    said = [Decimal(row["montant"]) for row in published() if (row["dispositif"], row["annee"]) == (scheme, year)]
    programme = here(f"id/programme/{SCHEMES[scheme].slug}")
    held = [
        Decimal(str(jobs().value(node, MAILLAGE.amount)))
        for node in jobs().subjects(MAILLAGE.fundingProgramme, programme)
        if str(jobs().value(node, MAILLAGE.startDate)) == year
    ]
    assert sum(held) == sum(said) > 0


def test_a_funding_is_given_by_the_agency_to_one_organisation() -> None:
    roles: Counter[str] = Counter()
    for partnership in partnerships():
        parties = {
            str(jobs().value(part, MAILLAGE.role)).rsplit("/", 1)[1]: jobs().value(part, MAILLAGE.participant)
            for part in jobs().objects(partnership, MAILLAGE.participation)
        }
        assert parties["funds"] == here("id/actor/anct")
        assert (parties["receives-funding"], MAILLAGE.name, None) in jobs()
        roles.update(parties.keys())
    assert roles == {"funds": 335, "receives-funding": 335}


def test_a_funding_lasts_a_year_and_serves_a_city_contract() -> None:
    for partnership in partnerships():
        start, end = (jobs().value(partnership, property_) for property_ in (MAILLAGE.startDate, MAILLAGE.endDate))
        assert start == end
        assert (jobs().value(partnership, MAILLAGE.servesPolicy), RDF.type, MAILLAGE.CityContract) in jobs()


def test_only_fundings_with_repeated_rows_are_uncertain_and_they_say_why() -> None:
    uncertain = set(jobs().subjects(MAILLAGE.confidence, CODE["confidence/uncertain"]))
    doubtful = {here(f"id/partnership/{it.slug}") for it in fundings(payees(rows())) if it.repeats}
    assert uncertain == doubtful != set()
    assert all("à l’identique" in str(jobs().value(node, MAILLAGE.note)) for node in uncertain)


def test_identifiers_have_their_keys_and_belong_to_one_organisation() -> None:
    sirens = [str(siren) for siren in jobs().objects(None, MAILLAGE.siren)]
    assert len(sirens) == len(set(sirens)) == 75
    for node, siret in jobs().subject_objects(MAILLAGE.siret):
        assert is_siret(str(siret))
        assert str(siret).startswith(str(jobs().value(node, MAILLAGE.siren)))


def test_an_authority_governs_the_territory_that_bears_its_siren() -> None:
    governed = list(jobs().subject_objects(MAILLAGE.governs))
    assert len(governed) == len(set(jobs().subjects(RDF.type, MAILLAGE.LocalAuthority))) == 11
    assert all(jobs().value(actor, MAILLAGE.siren) == areas().value(area, MAILLAGE.siren) for actor, area in governed)


def test_a_city_contract_covers_a_territory_only_if_its_code_is_still_in_use() -> None:
    covered = list(jobs().subject_objects(MAILLAGE.coversTerritory))
    assert covered == [(here("id/policy/cv342"), TERRITORY["epci-200017846"])]
    assert len(set(jobs().subjects(RDF.type, MAILLAGE.CityContract))) == 11


def test_no_payee_looks_like_a_private_person() -> None:
    assert [row for row in rows() if PRIVATE.search(row.name)] == []


def test_the_report_tells_every_organisation_without_identifier_and_every_repeated_row() -> None:
    told = read(SEED / posts.REPORT)
    for found in payees(rows()):
        if not found.siren:
            assert f"| actor/{found.slug} |" in told
    for funding in fundings(payees(rows())):
        for row in funding.repeats:
            assert f"-{row.line} | {row.year} | {row.post} |" in told


# --- The Observatory


def test_the_observatory_has_a_steering_committee_and_five_working_groups_with_missions() -> None:
    project = here("id/project/observatoire-cooperatif")
    units = Counter(observatory().value(unit, RDF.type) for unit in observatory().subjects(MAILLAGE.unitOf, project))
    assert units == {MAILLAGE.SteeringCommittee: 1, MAILLAGE.WorkingGroup: 5}
    groups = observatory().subjects(RDF.type, MAILLAGE.WorkingGroup)
    assert all(observatory().value(group, MAILLAGE.mission) for group in groups)


def test_the_agreement_has_two_signatories_and_no_date_that_the_article_does_not_give() -> None:
    agreement = here("id/partnership/convention-poles-noe-viens-voir-mon-taf")
    roles = Counter(observatory().value(part, MAILLAGE.role) for part in observatory().objects(agreement, MAILLAGE.participation))
    assert roles == {CODE["role/signs"]: 2, CODE["role/is-supported"]: 3}
    assert observatory().value(agreement, MAILLAGE.startDate) is None
    weeks = sorted(str(observatory().value(week, MAILLAGE.startDate)) for week in observatory().objects(None, MAILLAGE.weeks))
    assert weeks == ["2020-11-16", "2020-12-07", "2020-12-14"]


@pytest.mark.parametrize("kind", ["Project", "WorkingGroup", "SteeringCommittee", "Period", "EducationalInstitution"])
def test_every_record_made_by_hand_has_its_evidence(kind: str) -> None:
    made = set(observatory().subjects(RDF.type, MAILLAGE[kind]))
    assert made
    assert made <= set(observatory().objects(None, MAILLAGE.aboutSubject))
