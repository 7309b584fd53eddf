// What an answer says, whatever its format: columns and rows of terms, or yes or no. Reading only; views draw it.

/** @typedef {{columns: string[], rows: (import("./terms.js").Term|null)[][], graph: boolean, complete: boolean, total: number}} Result */

/** SPARQL 1.1 Query Results JSON. */
export function fromJson(document) {
  if (typeof document.boolean === "boolean") return { boolean: document.boolean };
  const columns = document.head.vars;
  const rows = document.results.bindings.map((binding) => columns.map((name) => term(binding[name])));
  return { columns, rows, graph: isTriples(columns), complete: true, total: rows.length };
}

function term(given) {
  if (!given) return null;
  if (given.type === "uri") return { type: "iri", value: given.value };
  if (given.type === "bnode") return { type: "bnode", value: given.value };
  if (given.type === "triple") return { type: "literal", value: JSON.stringify(given.value) };
  return { type: "literal", value: given.value, language: given["xml:lang"], datatype: given.datatype };
}

function isTriples(columns) {
  return columns.length === 3 && columns.join(" ") === "s p o";
}

const TERM = /<([^<>"{}|^`\\\s]*)>|_:([^\s]+)|"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^<>\s]*)>)?/g;

/** N-Triples. */
export function fromTriples(text) {
  const rows = text.split("\n").filter(Boolean).map((line) => [...line.matchAll(TERM)].slice(0, 3).map(fromMatch));
  return { columns: ["subject", "predicate", "object"], rows, graph: true, complete: true, total: rows.length };
}

function fromMatch([, iri, blank, text, language, datatype]) {
  if (iri !== undefined) return { type: "iri", value: unescape(iri) };
  if (blank !== undefined) return { type: "bnode", value: blank };
  return { type: "literal", value: unescape(text), language, datatype };
}

const LETTERS = { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f" };

function unescape(text) {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/gs, (_, four, eight, letter) =>
    four || eight ? String.fromCodePoint(parseInt(four ?? eight, 16)) : (LETTERS[letter] ?? letter));
}

/** The table that the server wrote into the page; its cells say what they are. */
export function fromTable(table, total) {
  const columns = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent);
  const rows = [...table.querySelectorAll("tbody tr")].map((row) => [...row.cells].map(fromCell));
  const triples = columns.join(" ") === "subject predicate object" || isTriples(columns);
  return { columns, rows, graph: triples, complete: rows.length >= total, total };
}

function fromCell(cell) {
  const { iri, datatype } = cell.dataset;
  if (iri) return { type: "iri", value: iri };
  const text = cell.querySelector("span");
  if (!text || !text.textContent) return null;
  return { type: "literal", value: text.textContent, language: text.lang || undefined, datatype: datatype?.replace(/^(xsd|geo):/, (_, prefix) => SPELT[prefix]) };
}

const SPELT = { xsd: "http://www.w3.org/2001/XMLSchema#", geo: "http://www.opengis.net/ont/geosparql#" };
