"""Small graphs of all kinds of terms, and queries of the part of SPARQL that columns answer, for the tests of columns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pyoxigraph as ox
from hypothesis import strategies as st

from app.columns import Columns

XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = f"PREFIX : <http://e/> PREFIX xsd: <{XSD}>\n"
NODES = [f"http://e/{name}" for name in ("a", "b", "b/c", "d-1", "é")]
PROPERTIES = [f"http://e/{name}" for name in ("p", "q", "r")]


def typed(value: str, name: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(XSD + name))


LITERALS = [
    *map(ox.Literal, ("a", "b", "ab", "x0042", "", 'é"\n\\t\t€', "B", "Évry ŒUF", "İA", "\U0001f600")),
    ox.Literal("a", language="fr"),
    ox.Literal("b", language="fr"),
    ox.Literal("a", language="en-GB"),
    *(typed(text, "integer") for text in ("1", "01", "2", "10", "-3", "abc", "9999999999")),
    *(typed(text, "decimal") for text in ("1.0", "1.5", "-0.5")),
    *(typed(text, "double") for text in ("1", "NaN", "1e3", "-0")),
    typed("0.1", "float"),
    typed("true", "boolean"),
    typed("0", "boolean"),
    *(typed(text, "date") for text in ("2023-01-01", "2023-12-31", "2024-02-29", "2023-02-31", "2023-01-01Z", "-0044-03-15")),
    typed("2023-01-01T00:00:00Z", "dateTime"),
    typed("2023-01-01T00:00:00", "dateTime"),
    typed("2023", "gYear"),
    typed("x", "string"),
    ox.Literal("x", datatype=ox.NamedNode("http://e/type")),
]
iris = st.sampled_from(NODES).map(ox.NamedNode)
blanks = st.sampled_from(["b1", "b2"]).map(ox.BlankNode)
dates = st.sampled_from([each for each in LITERALS if each.datatype.value == XSD + "date"][:3])
integers = st.integers(-3, 12).map(ox.Literal)
names = st.sampled_from(["a", "b", "ab", "x0042", "é"]).map(ox.Literal)
everything = st.one_of(iris, iris, blanks, st.sampled_from(LITERALS))


@st.composite
def graphs(draw: st.DrawFn) -> list[ox.Triple]:
    """Triples whose objects are, by property, of one kind or of all."""
    kinds = {each: draw(st.sampled_from([iris, dates, integers, names, everything])) for each in PROPERTIES}
    subjects = st.one_of(iris, iris, iris, blanks) if draw(st.booleans()) else iris
    triple = st.sampled_from(PROPERTIES).flatmap(
        lambda name: st.tuples(subjects, kinds[name]).map(lambda ends: ox.Triple(ends[0], ox.NamedNode(name), ends[1]))
    )
    return draw(st.lists(triple, max_size=24))


VARIABLES = ("?s", "?o", "?x", "?y")
variables = st.sampled_from(VARIABLES)
nodes = st.sampled_from([":a", ":b", "<http://e/b/c>", "<http://e/d-1>", ":nothing"])
constants = st.sampled_from(
    [
        ":a", "<http://e/b/c>", '"a"', '"b"', "'ab'", '"a"@fr', '"A"', "1", "2", "-3", "1.5", "1e0", "true",
        '"01"^^xsd:integer', '"2023-12-31"^^xsd:date', '"2023-02-31"^^xsd:date', '"x"^^:type', '"2023"^^xsd:gYear',
        '"\\u00e9"', '"é\\"\\n\\\\t\\t€"',
    ]
)  # fmt: skip
predicates = st.sampled_from([":p", ":p", ":q", ":q", ":r", "?x", ":p/:q", "^:p", ":r/^:p", "a"])
subjects = st.one_of(variables, variables, variables, nodes, st.sampled_from(["_:z", "[]"]))
objects = st.one_of(variables, variables, variables, constants, st.sampled_from(["_:z", "[]", "[ :q ?y ]", "?o, ?y"]))


@st.composite
def triples(draw: st.DrawFn, most: int = 3) -> str:
    found = []
    for _ in range(draw(st.integers(1, most))):
        found.append(f"{draw(subjects)} {draw(predicates)} {draw(objects)}")
        if draw(st.integers(0, 2)) == 0:
            found[-1] += f" ; {draw(predicates)} {draw(objects)}"
    return " . ".join(found)


def _conditions() -> st.SearchStrategy[str]:
    compared = st.builds(
        "{} {} {}".format, variables, st.sampled_from(["=", "!=", "<", ">", "<=", ">="]), st.one_of(variables, constants)
    )
    texts = st.builds("STR({}) {} STR({})".format, variables, st.sampled_from(["=", "!=", "<", ">", "<=", ">="]), variables)
    needles = st.sampled_from(['"0042"', '"a"', '""', '"e/"', '"é"', '"t"', '"\\""'])
    holds = st.builds(
        "{}({}, {})".format,
        st.sampled_from(["CONTAINS", "STRSTARTS", "STRENDS"]),
        st.one_of(variables, variables.map("STR({})".format), variables.map("LCASE(STR({}))".format)),
        needles,
    )
    others = st.one_of(
        variables.map('LANG({}) = "fr"'.format),
        variables.map('LANGMATCHES(LANG({}), "en")'.format),
        variables.map("BOUND({})".format),
        variables.map("!BOUND({})".format),
        variables.map("isIRI({})".format),
        variables.map("isLiteral({})".format),
        variables.map("YEAR({}) >= 2023".format),
        variables.map("{} IN (1, :a, \"a\")".format),
        variables.map("{} NOT IN (2, :b)".format),
        variables.map("xsd:integer({}) > 1".format),
        variables.map('REGEX(STR({}), "^[ab]", "i")'.format),
        variables,
    )  # fmt: skip
    simple = st.one_of(compared, compared, texts, holds, others)
    return st.one_of(
        simple,
        simple,
        st.builds("{} && {}".format, simple, simple),
        st.builds("{} || {}".format, simple, simple),
        st.builds("!({})".format, simple),
        st.builds("({} || {}) && {}".format, simple, simple, simple),
    )


conditions = _conditions()
expressions = st.one_of(
    variables.map("YEAR({})".format),
    variables.map("MONTH({})".format),
    variables.map("STR({})".format),
    variables.map("LANG({})".format),
    variables.map("STRLEN(STR({}))".format),
    st.builds("IF({}, {}, {})".format, conditions, variables, constants),
    st.builds("{} + 1".format, variables),
)
parts = st.one_of(
    conditions.map("FILTER({})".format),
    conditions.map("FILTER({})".format),
    triples(2).map("OPTIONAL {{ {} }}".format),
    st.builds("OPTIONAL {{ {} FILTER({}) }}".format, triples(1), conditions),
    triples(2).map("FILTER NOT EXISTS {{ {} }}".format),
    triples(2).map("FILTER EXISTS {{ {} }}".format),
    triples(2).map("MINUS {{ {} }}".format),
    st.builds("{{ {} }} UNION {{ {} }}".format, triples(2), triples(2)),
    st.builds("{{ {} FILTER({}) }} UNION {{ {} }}".format, triples(1), conditions, triples(1)),
    expressions.map("BIND({} AS ?made)".format),
    st.builds("VALUES {} {{ {} {} }}".format, variables, constants, constants),
    st.builds("VALUES (?s ?o) {{ ({} {}) ({} {}) }}".format, nodes, constants, nodes, constants),
    triples(1),
)


@dataclass(frozen=True)
class Query:
    """``whole``: without its LIMIT and OFFSET; ``keys`` are the projected variables that it is sorted by."""

    whole: str
    cut: str = ""
    keys: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return self.whole + self.cut


@st.composite
def queries(draw: st.DrawFn) -> Query:
    where = [draw(triples()), *draw(st.lists(parts, max_size=3))]
    body = "{ " + " . ".join(where) + " }"
    used = [name for name in (*VARIABLES, "?made") if name in body] or ["?s"]
    chosen = st.lists(st.sampled_from(used), min_size=1, max_size=3, unique=True)
    if draw(st.booleans()):
        return draw(_grouped(body, used))
    names = draw(chosen)
    heads = [*names, f"({draw(expressions)} AS ?more)"] if draw(st.integers(0, 5)) == 0 else names
    head = f"SELECT {draw(st.sampled_from(['', '', 'DISTINCT ']))}{' '.join(heads)}"
    return draw(_sorted(f"{PREFIXES}{head} WHERE {body}", names))


@st.composite
def _grouped(draw: st.DrawFn, body: str, used: list[str]) -> Query:
    keys = draw(st.lists(st.sampled_from(used), max_size=2, unique=True))
    aggregates = st.one_of(
        st.just("COUNT(*)"),
        st.builds("COUNT({})".format, st.sampled_from(used)),
        st.builds("COUNT(DISTINCT {})".format, st.sampled_from(used)),
        st.builds("{}({})".format, st.sampled_from(["MIN", "MAX", "SUM", "AVG"]), st.sampled_from(used)),
    )
    made = draw(st.lists(aggregates, min_size=1, max_size=2))
    heads = [*keys, *(f"({aggregate} AS ?n{place})" for place, aggregate in enumerate(made))]
    group = f" GROUP BY {' '.join(keys)}" if keys else ""
    if keys and draw(st.integers(0, 4)) == 0:
        group += f" ({draw(expressions)} AS ?key)"
        heads.append("?key")
    if draw(st.integers(0, 4)) == 0:
        group += f" HAVING({draw(aggregates)} {draw(st.sampled_from(['>', '=', '!=', '<']))} {draw(st.integers(0, 3))})"
    return draw(_sorted(f"{PREFIXES}SELECT {' '.join(heads)} {body}{group}", [*keys, *(f"?n{n}" for n in range(len(made)))]))


@st.composite
def _sorted(draw: st.DrawFn, text: str, names: list[str]) -> Query:
    if draw(st.booleans()):
        return Query(text)
    keys = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    order = " ".join(draw(st.sampled_from(["{}", "ASC({})", "DESC({})"])).format(key) for key in keys)
    cut = draw(st.sampled_from(["", " LIMIT 1", " LIMIT 3", " LIMIT 2 OFFSET 1", " OFFSET 2", " LIMIT 0"]))
    return Query(f"{text} ORDER BY {order}", cut, tuple(keys))


def store_of(triples: list[ox.Triple]) -> ox.Store:
    store = ox.Store()
    store.extend(ox.Quad(each.subject, each.predicate, each.object, ox.DefaultGraph()) for each in triples)
    return store


def columns_of(store: ox.Store) -> Columns:
    """Which answer also what the engine finds sooner."""
    columns = Columns.of(store)
    assert columns is not None
    columns.few = 0
    return columns


def same(columns: Columns, store: ox.Store, query: Query) -> bool:
    """Whether the columns answered; what they did is held against the engine's answer."""
    found = columns.answer(query.text)
    try:
        expected = rows_of(store.query(query.text))
    except SyntaxError:
        assert found is None, "the engine refuses it"
        return False
    if found is None:
        return False
    names, ours = rows_of(found)
    assert names == expected[0]
    assert [row[key] for row in as_dicts(names, ours) for key in query.keys] == [
        row[key] for row in as_dicts(*expected) for key in query.keys
    ]
    if query.cut:
        _, whole = rows_of(store.query(query.whole))
        assert len(ours) == len(expected[1])
        assert not Counter(ours) - Counter(whole)
    else:
        assert Counter(ours) == Counter(expected[1])
    return True


def rows_of(found: object) -> tuple[list[str], list[tuple[str, ...]]]:
    """Variables and rows as the engine writes them."""
    assert isinstance(found, ox.QuerySolutions)
    lines = found.serialize(format=ox.QueryResultsFormat.TSV).decode().split("\n")[:-1]  # type: ignore[union-attr]
    return lines[0].split("\t"), [tuple(line.split("\t")) for line in lines[1:]]


def as_dicts(names: list[str], rows: list[tuple[str, ...]]) -> list[dict[str, str]]:
    return [dict(zip(names, row, strict=True)) for row in rows]
