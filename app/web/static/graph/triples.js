// The graph of a query's triples: the most linked node in the middle, its neighbours around it, theirs around them.

import { make } from "../editor/dom.js";
import { say } from "../editor/words.js";
import { Explorer } from "./explorer.js";
import { Model } from "./model.js";

const MOST = 400;
const [APART, RING] = [48, 110];

export async function showTriples(place, result, names, called) {
  const { links, degree, order, cut } = read(result);
  const data = told(result, { links, degree, order }, names, await called(order));
  const explorer = new Explorer(new Model(data), { name: "maillage-graphe" });
  place.append(...(cut ? [make("p", { class: "note" }, say("cut-graph", { n: MOST }))] : []), explorer.element);
  explorer.start();
}

/** Resources become nodes, the most linked first; what are only types and texts links nothing. */
function read(result) {
  const links = result.rows.filter(([s, p, o]) => s && p && o && o.type !== "literal" && !/[#/]type$/.test(p.value));
  const degree = new Map();
  for (const [s, , o] of links) for (const { value } of [s, o]) degree.set(value, (degree.get(value) ?? 0) + 1);
  const order = [...degree.keys()].sort((a, b) => degree.get(b) - degree.get(a));
  return { links, degree, order: order.slice(0, MOST), cut: order.length > MOST };
}

/** Properties are kinds of links; a type gives a node its nature, a name its label: those of the result, else the site's. */
function told(result, { links, degree, order }, names, called) {
  const [labels, natures] = [textsOf(result, /[#/](name|prefLabel|label|title)$/), textsOf(result, /[#/]type$/, names)];
  const kept = new Set(order);
  const kinds = [...new Set(links.map(([, p]) => p.value))];
  const natureOf = (iri) => natures.get(iri) ?? called.get(iri)?.kind ?? null;
  const nodes = order.map((iri) => ({
    iri, label: labels.get(iri) ?? called.get(iri)?.label ?? names.compact(iri), nature: natureOf(iri), kind: natureOf(iri), page: names.page(iri),
    degree: degree.get(iri), family: "actor", shape: "circle", opened: true, parent: null, x: 0, y: 0,
  }));
  const index = new Map(nodes.map(({ iri }, i) => [iri, i]));
  const drawn = links.filter(([s, , o]) => kept.has(s.value) && kept.has(o.value)).map(([s, p, o]) => ({
    source: index.get(s.value), target: index.get(o.value), kind: kinds.indexOf(p.value),
    sentence: `${nodes[index.get(s.value)].label} → ${names.compact(p.value)} → ${nodes[index.get(o.value)].label}`,
  }));
  layOut(nodes, drawn);
  colour(nodes);
  const natures_ = Object.fromEntries(nodes.map(({ kind }) => [kind, kind ?? say("other")]));
  const named = kinds.map((iri) => ({ iri, label: names.compact(iri), family: "other" }));
  return { nodes, links: drawn, kinds: named, natures: natures_ };
}

function textsOf(result, path, names) {
  const found = new Map();
  for (const [s, p, o] of result.rows) if (s && p && o && path.test(p.value) && !found.has(s.value)) found.set(s.value, names ? names.text(o) : o.value);
  return found;
}

/** Parts of the graph that are apart stand beside each other, each around its most linked node. */
function layOut(nodes, links) {
  const beside = nodes.map(() => new Set());
  for (const { source, target } of links) beside[source].add(target), beside[target].add(source);
  let left = 0;
  for (const [start, node] of nodes.entries()) {
    if (node.placed) continue;
    const taken = [];
    Object.assign(node, { x: 0, y: 0, placed: true });
    const group = [start];
    taken.push(node);
    for (const at of group) {
      const fresh = [...beside[at]].filter((other) => !nodes[other].placed);
      fan(nodes[at], fresh.map((other) => nodes[other]), taken, at === start);
      for (const other of fresh) nodes[other].placed = true, nodes[other].parent = at;
      group.push(...fresh);
    }
    const xs = group.map((at) => nodes[at].x);
    const shift = left - Math.min(...xs);
    for (const at of group) nodes[at].x += shift;
    left += Math.max(...xs) - Math.min(...xs) + RING;
  }
}

function fan(parent, children, taken, isFirst) {
  const away = isFirst ? 0 : Math.atan2(parent.y, parent.x);
  let [radius, turn] = [RING, 0];
  for (const child of children) {
    for (;;) {
      const step = APART / radius;
      const spread = Math.PI / step;
      if (turn > 2 * spread) [radius, turn] = [radius + APART, 0];
      const angle = away + Math.ceil(turn / 2) * step * (turn % 2 ? 1 : -1);
      turn += 1;
      const [x, y] = [parent.x + radius * Math.cos(angle), parent.y + radius * Math.sin(angle)];
      if (taken.every((other) => Math.hypot(other.x - x, other.y - y) > APART * 0.95)) {
        Object.assign(child, { x, y });
        taken.push(child);
        break;
      }
    }
  }
}

function colour(nodes) {
  const looks = [["actor", "circle"], ["partnership", "diamond"], ["project", "square"], ["theme", "hexagon"], ["territory", "triangle"], ["other", "tip"]];
  const kinds = [...new Set(nodes.map(({ kind }) => kind))];
  for (const node of nodes) [node.family, node.shape] = looks[Math.min(kinds.indexOf(node.kind), looks.length - 1)];
}
