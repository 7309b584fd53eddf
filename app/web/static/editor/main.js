// The query page, enriched: the text with colours and completion, a run that can be stopped, views of the result, history.
// Without this script the page is a form that the server answers.

import { copied } from "../site/copying.js";
import { Completion, missing } from "./completion.js";
import { make, save } from "./dom.js";
import { forget, past, remember } from "./history.js";
import { fromJson, fromTable, fromTriples } from "./results.js";
import { Namespaces } from "./terms.js";
import { edit } from "./text.js";
import { switcher, viewsOf } from "./views.js";
import { locale, say } from "./words.js";

const form = document.querySelector("form.editor");
const area = document.getElementById("query");
const place = document.getElementById("result-place");
const status = document.getElementById("run-status");
const buttons = { run: document.getElementById("run"), stop: document.getElementById("stop") };
const site = form.dataset;
const ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9";
const FILES = { rows: ["csv", "json", "tsv", "xml"], triples: ["ttl", "jsonld", "nt", "rdf"] };

const completion = new Completion(site.vocabulary, site.entities);
const names = new Namespaces(JSON.parse(document.getElementById("prefixes").textContent), site);
let text = null;
let running = null;

await start();

async function start() {
  form.addEventListener("submit", submitted);
  buttons.stop.addEventListener("click", () => running?.abort());
  showHistory();
  findExamples();
  text = await edit(area, site.codemirror, completion, () => run());
  document.documentElement.classList.add("enriched");
  markServed();
  enrichServed();
}

/** In place for the page's own form; a file is fetched the ordinary way. */
function submitted(event) {
  if (form.elements.format.value !== "html") return;
  event.preventDefault();
  run();
}

async function run() {
  running?.abort();
  const mine = (running = new AbortController());
  const query = area.value;
  if (!query.trim()) return text.focus();
  busy(true);
  const began = performance.now();
  try {
    const response = await fetch(site.endpoint, { method: "POST", body: parameters(query), headers: { Accept: ACCEPT }, signal: mine.signal });
    const body = await response.text();
    if (response.ok) answered(query, response, body, (performance.now() - began) / 1000);
    else failed(JSON.parse(body));
  } catch (error) {
    if (running === mine) failed({ detail: say(error.name === "AbortError" ? "stopped" : "unreachable"), details: {} });
  } finally {
    if (running === mine) {
      running = null;
      busy(false);
    }
  }
}

function parameters(query, extra = {}) {
  const given = new URLSearchParams({ query, ...extra });
  for (const name of ["version", "default-graph-uri", "named-graph-uri"]) {
    for (const field of form.querySelectorAll(`input[name="${name}"]`)) if (!(name in extra)) given.append(name, field.value);
  }
  return given;
}

function busy(now) {
  buttons.stop.hidden = !now;
  buttons.run.disabled = now;
  form.setAttribute("aria-busy", String(now));
  if (now) status.textContent = say("running");
}

function answered(query, response, body, seconds) {
  const version = response.headers.get("X-Maillage-Version");
  const result = response.headers.get("Content-Type").includes("json") ? fromJson(JSON.parse(body)) : fromTriples(body);
  text.mark(null);
  area.removeAttribute("aria-invalid");
  const address = `${form.action.split("?")[0]}?${parameters(query)}`;
  history.pushState(null, "", address);
  place.replaceChildren(section(result, query, version));
  status.textContent = summary(result, version, seconds);
  remember({ query, when: new Date().toISOString(), rows: result.total ?? null, seconds });
  showHistory();
}

function duration(seconds) {
  const milliseconds = Math.round(seconds * 1000);
  if (milliseconds >= 1000) return say("seconds", { seconds: Math.round(seconds * 100) / 100 });
  return milliseconds ? say("milliseconds", { n: milliseconds }) : say("instant");
}

function summary(result, version, seconds) {
  const size = "boolean" in result ? say(result.boolean ? "yes" : "no") : say(result.columns[1] === "predicate" ? "triples" : "rows", { n: result.total });
  return [size, duration(seconds), say("version", { version })].join(" · ");
}

function section(result, query, version) {
  const whole = make("section", { "aria-labelledby": "result" }, make("h2", { id: "result" }, say("result")));
  if ("boolean" in result) whole.append(make("p", { class: "boolean" }, say(result.boolean ? "yes" : "no")));
  else if (result.rows.length === 0) whole.append(make("p", { class: "empty" }, say("nothing")));
  else whole.append(...switcher(viewsOf(result, names), say("views")));
  whole.append(...files(result, query, version), sharing(query, version));
  return whole;
}

function files(result, query, version) {
  const kinds = "boolean" in result ? ["json", "xml"] : FILES[result.columns[1] === "predicate" ? "triples" : "rows"];
  const links = kinds.map((format) => make("li", {}, make("a", { href: `${site.endpoint}?${parameters(query, { format, version })}`, download: `maillage-v${version}.${format}` }, say(`format-${format}`))));
  const list = make("ul", { class: "formats", "aria-label": say("files") }, ...links);
  return kinds.includes("csv") ? [list, make("p", { class: "note" }, say("csv-in-excel"))] : [list];
}

/** The address of this very answer, which names its version, to be sent or cited. */
function sharing(query, version) {
  const address = new URL(`${form.action.split("?")[0]}?${parameters(query, { version })}`, location.href).href;
  const day = new Date().toLocaleDateString(locale, { day: "numeric", month: "long", year: "numeric" });
  const cited = field("share-citation", say("citation", { site: site.name, version, day, address }), "cite");
  const files = ["bib", "json", "txt"].map((suffix) => make("li", {}, make("a", { href: `${site.cite}.${suffix}?${parameters(query, { version })}`, download: true }, say(`cite-${suffix}`))));
  return make("details", { class: "share", ontoggle: () => quote(cited.querySelector("input"), query, version) }, make("summary", {}, say("share")),
    field("share-address", address, "share-version"), cited, make("ul", { class: "formats" }, ...files));
}

/** The reference as every other page of the site words it; until it is here, or without it, our own stands. */
async function quote(input, query, version) {
  const response = await fetch(`${site.cite}.txt?${parameters(query, { version })}`).catch(() => null);
  if (response?.ok) input.value = (await response.text()).trim();
}

function field(id, value, label) {
  const input = make("input", { id, type: "text", readonly: true, value, onfocus: () => input.select() });
  const done = make("span", { role: "status", class: "note" });
  const copy = async () => {
    done.textContent = "";
    done.textContent = say((await copied(input)) ? "copied" : "select-and-copy");
  };
  return make("div", { class: "copy" }, make("label", { for: id }, say(label)), input, make("button", { type: "button", onclick: copy }, say("copy")), done);
}

function failed(problem) {
  const { line, column } = problem.details ?? {};
  const alert = make("p", { id: "problem", role: "alert" }, problem.detail);
  const whole = make("section", { class: "problem", "aria-labelledby": "problem-title" }, make("h2", { id: "problem-title" }, say("problem")), alert);
  const lines = missing(area.value, names.prefixes);
  if (lines.length) whole.append(make("p", { class: "actions" }, make("button", { type: "button", "data-do": "declare", onclick: () => declare(lines) }, say("declare"))));
  place.replaceChildren(whole);
  status.textContent = "";
  if (line) {
    area.setAttribute("aria-invalid", "true");
    text.mark({ line, column, text: problem.detail });
    text.focus();
  }
}

function declare(lines) {
  text.value = [...lines, area.value].join("\n");
  run();
}

/** What the server answered already: the mark of its refusal, the views of its table. */
function markServed() {
  const problem = document.getElementById("problem");
  if (problem?.dataset.line) text.mark({ line: Number(problem.dataset.line), column: Number(problem.dataset.column) || 1, text: problem.textContent });
}

function enrichServed() {
  const served = place.querySelector("table.result");
  if (!served) return;
  const frame = served.closest(".scroll");
  const mark = document.createComment("");
  frame.before(mark);
  mark.replaceWith(...switcher(viewsOf(fromTable(served, Number(served.dataset.total)), names, frame), say("views")));
}

function showHistory() {
  const list = document.getElementById("history");
  const kept = past();
  list.hidden = kept.length === 0;
  const items = kept.map((one) => make("li", {}, make("button", { type: "button", class: "past", onclick: () => again(one.query) }, make("code", {}, gist(one.query))),
    make("span", { class: "when" }, new Date(one.when).toLocaleString(locale), one.rows === null ? "" : ` · ${say("rows", { n: one.rows })}`)));
  list.querySelector("ol").replaceChildren(...items);
  list.querySelector("[data-do=forget]").onclick = () => { forget(); showHistory(); };
  list.querySelector("[data-do=keep]").onclick = () => save("maillage-sparql.json", new Blob([JSON.stringify(past(), null, 1)], { type: "application/json" }));
}

/** A query in one line, without its prefixes. */
function gist(query) {
  const bare = query.replace(/^\s*(#.*|PREFIX\s+\S*\s*<[^>]*>)\s*$/gim, "").replace(/\s+/g, " ").trim();
  return bare.length > 140 ? `${bare.slice(0, 139)}…` : bare;
}

function again(query) {
  text.value = query;
  text.focus();
  form.scrollIntoView();
}

/** The examples are many: a word finds those whose question has it. */
function findExamples() {
  const list = document.getElementById("example-list");
  const items = [...list.children].map((item) => [folded(item.textContent), item]);
  const input = document.getElementById("find-example");
  input.addEventListener("input", () => {
    const words = folded(input.value).split(/\s+/).filter(Boolean);
    for (const [said, item] of items) item.hidden = !words.every((word) => said.includes(word));
  });
}

function folded(words) {
  return words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

window.addEventListener("popstate", () => location.reload());
