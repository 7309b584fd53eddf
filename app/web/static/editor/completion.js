// What can be completed: prefixes, classes and properties of this observatory's vocabulary, variables of the query, keywords, and
// entities by name. The vocabulary is one file per version; entities are asked of the site as they are typed.

import { say } from "./words.js";

const KEYWORDS = (
  "SELECT DISTINCT CONSTRUCT DESCRIBE ASK WHERE FILTER OPTIONAL UNION MINUS GRAPH VALUES BIND AS GROUP BY ORDER BY HAVING LIMIT OFFSET PREFIX " +
  "EXISTS NOT IN UNDEF COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT STR LANG DATATYPE BOUND IRI CONCAT CONTAINS STRSTARTS STRENDS REPLACE REGEX " +
  "LCASE UCASE YEAR MONTH DAY NOW IF COALESCE ABS ROUND"
).split(" ");
const MOST = 60;

export class Completion {
  constructor(vocabularyAddress, entitiesAddress) {
    this.entitiesAddress = entitiesAddress;
    this.vocabularyAddress = vocabularyAddress;
    this.found = new Map();
  }

  /** Read when the text is first entered; a failure is tried again. */
  get vocabulary() {
    this.read ??= fetch(this.vocabularyAddress).then((response) => response.json());
    this.read.catch(() => (this.read = undefined));
    return this.read;
  }

  /** CodeMirror's source of completions. */
  source = async (context) => {
    const before = (pattern) => context.matchBefore(pattern);
    const { prefixes, terms } = await this.vocabulary;
    let word;
    if ((word = before(/\bPREFIX\s+[\w-]*$/i))) return declarations(word, prefixes);
    if (inComment(context)) return null;
    if ((word = before(/[?$]\w*$/))) return variables(word, context.state.doc.toString());
    if ((word = before(/<[^<>\n]{2,60}$/))) return this.entities(word, word.text.slice(1), context);
    if ((word = before(/[\p{L}][\p{L}\p{N}_-]*:[\p{L}\p{N}_-]*$/u))) return prefixed(word, terms, place(context, word.from), prefixes);
    word = before(/[\p{L}][\p{L}\p{N}_’'-]*$/u);
    if (!word && !context.explicit) return null;
    const from = word ? word.from : context.pos;
    const text = word ? word.text : "";
    if (text.length < 2 && !context.explicit) return null;
    const wanted = place(context, from);
    const [meant, written] = [named(text, terms, wanted, prefixes), wanted ? [] : keywords(text)];
    const options = text === text.toUpperCase() ? [...written, ...meant] : [...meant, ...written];
    if (text.length >= 3 && !wanted) options.push(...(await this.lookUp(text, context)));
    return options.length ? { from, options, filter: false } : null;
  };

  async entities(word, text, context) {
    const options = await this.lookUp(text, context);
    return options.length ? { from: word.from, options, filter: false } : null;
  }

  /** Entities by a part of their name. What was asked once is remembered; a newer letter ends an older request. */
  async lookUp(text, context) {
    const key = text.trim().toLowerCase();
    if (!key || /^(https?|urn|mailto):/.test(key)) return [];
    if (!this.found.has(key)) {
      const abort = new AbortController();
      context.addEventListener("abort", () => abort.abort());
      try {
        const response = await fetch(`${this.entitiesAddress}${encodeURIComponent(key)}`, { signal: abort.signal, headers: { Accept: "application/json" } });
        if (!response.ok) return [];
        this.found.set(key, (await response.json()).map(entity));
      } catch {
        return [];
      }
    }
    return this.found.get(key);
  }
}

function entity({ iri, label, kind }) {
  return { label, displayLabel: label, detail: kind || say("entity"), type: "entity", apply: `<${iri}>` };
}

function inComment(context) {
  const line = context.state.doc.lineAt(context.pos);
  return /^\s*#/.test(line.text);
}

function declarations(word, prefixes) {
  const from = word.from + /^PREFIX\s+/i.exec(word.text)[0].length;
  const options = Object.entries(prefixes).map(([name, iri]) => ({ label: name, detail: iri, type: "prefix", apply: `${name}: <${iri}>\n` }));
  return { from, options, validFor: /^[\w-]*$/ };
}

function variables(word, text) {
  const names = new Set([...text.matchAll(/[?$](\w+)/g)].map((match) => match[1]));
  names.delete(word.text.slice(1));
  return names.size ? { from: word.from + 1, options: [...names].sort().map((label) => ({ label, type: "variable" })), validFor: /^\w*$/ } : null;
}

/** Where in a pattern the word stands: a class is wanted after `a`, a property after a subject or `;`. */
function place(context, from) {
  const before = context.state.doc.sliceString(Math.max(0, from - 300), from);
  if (/(^|\s)(a|rdf:type)\s+$/.test(before)) return "class";
  if (/(;|[{.]\s*([?$]\w+|<[^<>]*>|[\w-]+:[\w-]*)|\/|\||\^)\s*$/.test(before)) return "property";
  return null;
}

function prefixed(word, terms, wanted, prefixes) {
  const typed = word.text.toLowerCase();
  const options = ranked(terms, wanted, (term) => (term.name.toLowerCase().startsWith(typed) ? 2 : term.name.toLowerCase().includes(typed) ? 1 : 0));
  return options.length ? { from: word.from, options: options.map((term) => termOption(term, prefixes)), filter: false } : null;
}

function named(text, terms, wanted, prefixes) {
  const typed = folded(text);
  const score = (term) => {
    const [local, label] = [term.name.split(":")[1].toLowerCase(), folded(term.label)];
    if (!typed) return wanted ? 1 : 0;
    return local.startsWith(typed) || label.startsWith(typed) ? 2 : local.includes(typed) || label.includes(` ${typed}`) ? 1 : 0;
  };
  return ranked(terms, wanted, score).map((term) => termOption(term, prefixes));
}

function ranked(terms, wanted, score) {
  const scored = terms.map((term) => [score(term), term]).filter(([points, term]) => points && (!wanted || term.sort === wanted));
  return scored.sort(([a], [b]) => b - a).slice(0, MOST).map(([, term]) => term);
}

/** A term is written with its prefix, which is declared at the top when it is not yet. */
function termOption(term, prefixes) {
  const apply = (view, completion, from, to) => {
    const changes = [{ from, to, insert: term.name }];
    const prefix = term.name.split(":")[0];
    const declared = isDeclared(prefix, view.state.doc.toString());
    const heading = `PREFIX ${prefix}: <${prefixes[prefix]}>\n`;
    if (!declared) changes.unshift({ from: 0, insert: heading });
    const end = from + term.name.length + (declared ? 0 : heading.length);
    view.dispatch({ changes, selection: { anchor: end }, userEvent: "input.complete" });
  };
  return { label: term.name, detail: term.label, info: term.definition || undefined, type: term.sort, apply };
}

function isDeclared(prefix, query) {
  return new RegExp(`\\bPREFIX\\s+${prefix}:`, "i").test(query);
}

/** The lines that declare what a query uses of the prefixes that this site knows, and does not declare. */
export function missing(query, prefixes) {
  const bare = query.replace(/"[^"\n]*"|<[^<>\s]*>|#.*$/gm, " ");
  const used = new Set([...bare.matchAll(/(?<![\w:?$@-])([A-Za-z][\w-]*):/g)].map((match) => match[1]));
  return prefixes.filter(([name]) => used.has(name) && !isDeclared(name, query)).map(([name, iri]) => `PREFIX ${name}: <${iri}>`);
}

function keywords(text) {
  const typed = text.toUpperCase();
  return typed ? KEYWORDS.filter((word) => word.startsWith(typed)).map((label) => ({ label, type: "keyword" })) : [];
}

function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
