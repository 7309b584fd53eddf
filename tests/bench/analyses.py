"""The questions of the SPARQL benchmark: look-ups, and what an analyst asks of a network; each over the default graph alone."""

from __future__ import annotations

PREFIXES = """PREFIX m: <https://w3id.org/maillage/ontology#>
PREFIX role: <https://w3id.org/maillage/code/role/>
"""
ACTOR = "<http://localhost:8000/id/actor/synthetique-000007>"

LOOK_UPS = {
    "what is said of an actor": f"SELECT ?p ?o {{ {ACTOR} ?p ?o }}",
    "who names an actor": f"SELECT ?s ?p {{ ?s ?p {ACTOR} }}",
    "an actor by its SIREN": 'SELECT ?s ?name { ?s m:siren "000000018" ; m:name ?name }',
}

ANALYSES = {
    "statements": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "entities by class": "SELECT ?class (COUNT(?s) AS ?n) { ?s a ?class } GROUP BY ?class",
    "uses by property": "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
    "projects by theme": "SELECT ?theme (COUNT(?s) AS ?n) { ?s a m:Project ; m:mainTheme ?theme } GROUP BY ?theme",
    "projects by theme and status": """SELECT ?theme ?status (COUNT(?s) AS ?n)
        { ?s a m:Project ; m:mainTheme ?theme ; m:status ?status } GROUP BY ?theme ?status""",
    "projects by year": """SELECT ?year (COUNT(?s) AS ?n)
        { ?s a m:Project ; m:startDate ?d . BIND(YEAR(?d) AS ?year) } GROUP BY ?year""",
    "actors by commune": """SELECT ?place (COUNT(?s) AS ?n)
        { ?s a m:Association ; m:territory ?place } GROUP BY ?place ORDER BY DESC(?n) LIMIT 20""",
    "actors by territory, all levels": """SELECT ?area (COUNT(?s) AS ?n)
        { ?s a m:Association ; m:territory ?place . ?place m:within ?area } GROUP BY ?area""",
    "busiest actors": """SELECT ?actor (COUNT(?part) AS ?n)
        { ?part m:participant ?actor } GROUP BY ?actor ORDER BY DESC(?n) LIMIT 20""",
    "partners of an actor": f"""SELECT DISTINCT ?other
        {{ ?p m:participation/m:participant {ACTOR} ; m:participation/m:participant ?other . FILTER(?other != {ACTOR}) }}""",
    "partners of partners": f"""SELECT (COUNT(DISTINCT ?third) AS ?n)
        {{ ?p m:participation/m:participant {ACTOR} ; m:participation/m:participant ?other .
           ?q m:participation/m:participant ?other ; m:participation/m:participant ?third }}""",
    "pairs that work together most": """SELECT ?a ?b (COUNT(DISTINCT ?p) AS ?n)
        { ?p m:participation ?x, ?y . ?x m:participant ?a . ?y m:participant ?b . FILTER(STR(?a) < STR(?b)) }
        GROUP BY ?a ?b ORDER BY DESC(?n) LIMIT 10""",
    "themes that meet": """SELECT ?one ?two (COUNT(DISTINCT ?p) AS ?n)
        { ?p a m:Partnership ; m:participation ?x, ?y . ?x m:participant/m:mainTheme ?one . ?y m:participant/m:mainTheme ?two .
          FILTER(STR(?one) < STR(?two)) } GROUP BY ?one ?two ORDER BY DESC(?n) LIMIT 20""",
    "needs and offers that match": """SELECT (COUNT(*) AS ?n)
        { ?need a m:Need ; m:resourceKind ?kind ; m:territory ?place .
          ?offer a m:Offer ; m:resourceKind ?kind ; m:territory ?place }""",
    "actors without a project": """SELECT (COUNT(?s) AS ?n)
        { ?s a m:Association . FILTER NOT EXISTS { ?p m:leader ?s } }""",
    "roles by theme": """SELECT ?role ?theme (COUNT(*) AS ?n)
        { ?p m:mainTheme ?theme ; m:participation/m:role ?role } GROUP BY ?role ?theme""",
    "names that hold a number": """SELECT (COUNT(*) AS ?n) { ?s m:name ?name . FILTER(CONTAINS(STR(?name), "0042")) }""",
    "the longest projects": """SELECT ?s ?from ?to
        { ?s a m:Project ; m:startDate ?from ; m:endDate ?to .
          FILTER(?to > "2023-01-01"^^<http://www.w3.org/2001/XMLSchema#date>) }
        ORDER BY ?from LIMIT 20""",
}
