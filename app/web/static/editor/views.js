// The ways to see a result: table, chart, map, graph. Each is offered only where the result has what it needs.

import { chart, charted } from "./charts.js";
import { make } from "./dom.js";
import { map, mapped } from "./maps.js";
import { numberOf } from "./terms.js";
import { language, say } from "./words.js";

const STEP = 100;

/** The views that a result has, by name: functions that make an element. */
export function viewsOf(result, names, ready) {
  const views = { table: ready ? () => ready : () => table(result, names) };
  const [columns, place] = [charted(result), mapped(result)];
  if (columns) views.chart = () => chart(result, columns, names);
  if (place) views.map = () => map(result, place, names);
  const linked = result.graph ? result.rows : paired(result);
  if (linked.some((row) => row[2] && row[2].type !== "literal")) views.graph = () => graph({ ...result, rows: linked }, names);
  return views;
}

/** The rows of a table as links: what the first column of resources names, with each other resource of its row. */
function paired({ columns, rows }) {
  const first = columns.findIndex((_, i) => rows.some((row) => row[i]?.type === "iri"));
  if (first < 0) return [];
  return rows.flatMap((row) => row.flatMap((term, i) =>
    (i > first && term?.type === "iri" && row[first]?.type === "iri" ? [[row[first], { type: "iri", value: columns[i] }, term]] : [])));
}

/** Buttons for the views, and the one that is chosen. */
export function switcher(views, label) {
  const stage = make("div", { class: "stage" });
  const buttons = Object.keys(views).map((name) =>
    make("button", { type: "button", class: "choice", "aria-pressed": "false", onclick: () => choose(name), "data-view": name }, say(`view-${name}`)));
  const choose = (name) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.view === name));
    stage.replaceChildren(views[name]());
  };
  choose("table");
  return buttons.length > 1 ? [make("div", { class: "choices", role: "group", "aria-label": label }, ...buttons), stage] : [stage];
}

function table(result, names) {
  const body = make("tbody");
  const head = make("tr");
  const whole = make("table", { class: "result" }, make("caption", { class: "hidden" }, say("view-table")), make("thead", {}, head), body);
  const frame = make("div", { class: "scroll", role: "group", tabindex: "0", "aria-label": say("view-table") }, whole);
  const more = make("button", { type: "button", class: "more-rows", onclick: () => grow() });
  let rows = result.rows;
  let count = 0;
  const grow = () => {
    body.append(...rows.slice(count, count + STEP).map((row) => line(row, names)));
    count = Math.min(rows.length, count + STEP);
    more.textContent = say("more-rows", { n: Math.min(STEP, rows.length - count) });
    more.hidden = count >= rows.length;
    import("./names.js").then(({ name }) => name(body, names.site), () => {});
  };
  const sort = (column, descending) => {
    rows = sorted(result.rows, column, descending);
    count = 0;
    body.replaceChildren();
    grow();
  };
  head.append(...result.columns.map((name, i) => heading(name, head, (descending) => sort(i, descending))));
  grow();
  return make("div", {}, frame, more);
}

function heading(name, head, sort) {
  const cell = make("th", { scope: "col" });
  const press = () => {
    const descending = cell.getAttribute("aria-sort") === "ascending";
    for (const other of head.children) other.removeAttribute("aria-sort");
    cell.setAttribute("aria-sort", descending ? "descending" : "ascending");
    sort(descending);
  };
  cell.append(make("button", { type: "button", class: "sort", title: say("sort"), onclick: press }, name));
  return cell;
}

function sorted(rows, column, descending) {
  const key = (row) => row[column]?.value ?? "";
  const order = (a, b) => {
    const [x, y] = [numberOf(a[column]), numberOf(b[column])];
    return x !== null && y !== null ? x - y : key(a).localeCompare(key(b), language, { numeric: true });
  };
  return [...rows].sort((a, b) => (descending ? order(b, a) : order(a, b)));
}

function line(row, names) {
  return make("tr", {}, ...row.map((term) => make("td", { "data-datatype": term?.datatype ? names.compact(term.datatype) : null }, ...cell(term, names))));
}

function cell(term, names) {
  if (!term) return [];
  if (term.type === "iri") {
    return [make("a", { href: names.page(term.value), title: term.value }, ...afterPrefix(names.text(term))), " ", make("span", { class: "named", "data-named": term.value })];
  }
  const text = make("span", { lang: term.language ?? null }, term.value.length > 1000 ? `${term.value.slice(0, 1000)}…` : names.text(term));
  return term.language ? [text, " ", make("span", { class: "tag" }, term.language)] : [text];
}

/** A shortened name may be broken behind its prefix, rather than anywhere. */
function afterPrefix(text) {
  const start = text.indexOf(":") + 1;
  return start && text[start] !== "/" ? [text.slice(0, start), make("wbr"), text.slice(start)] : [text];
}

/** The graph is drawn by a module of its own, fetched when it is first wanted, with the names of what it draws. */
function graph(result, names) {
  const place = make("div", { class: "graph-place" });
  Promise.all([import("../graph/triples.js"), import("./names.js")])
    .then(([{ showTriples }, { labels }]) => showTriples(place, result, names, (iris) => labels(iris, names.site)))
    .catch(() => place.append(say("failed")));
  return place;
}
