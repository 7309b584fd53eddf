// A plain map of a result that has a latitude and a longitude, or a WKT text: outlines and points, no tiles, nothing from elsewhere.

import { draw, make } from "./dom.js";
import { say } from "./words.js";

const WKT = "http://www.opengis.net/ont/geosparql#wktLiteral";
const PAIR = /(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)/g;
const [WIDTH, MOST_SHAPES] = [720, 3000];

/** Which columns say where, or null. */
export function mapped(result) {
  const sample = result.rows.slice(0, 50);
  const wkt = result.columns.findIndex((_, i) => sample.some((row) => row[i]?.datatype === WKT));
  if (wkt >= 0) return { wkt };
  const latitude = result.columns.findIndex((name) => /^(lat|latitude)$/i.test(name));
  const longitude = result.columns.findIndex((name) => /^(lon|lng|long|longitude)$/i.test(name));
  return latitude >= 0 && longitude >= 0 ? { latitude, longitude } : null;
}

export function map(result, columns, names) {
  const shapes = result.rows.slice(0, MOST_SHAPES).map((row) => shape(row, columns, result, names)).filter(Boolean);
  const figure = make("figure", { class: "map chart" });
  if (shapes.length === 0) return make("p", { class: "empty" }, say("map-empty"));
  figure.append(drawn(shapes), make("figcaption", {}, say("map-of", { n: shapes.length })));
  return figure;
}

function shape(row, columns, result, names) {
  const label = result.columns.map((_, i) => (i === columns.wkt || i === columns.latitude || i === columns.longitude ? "" : names.text(row[i]))).filter(Boolean).join(" · ");
  const link = row.find((term) => term?.type === "iri")?.value;
  if (columns.wkt !== undefined) {
    const rings = ringsOf(row[columns.wkt]?.value ?? "");
    return rings.length ? { rings, label, link: link && names.page(link) } : null;
  }
  const [x, y] = [Number(row[columns.longitude]?.value), Number(row[columns.latitude]?.value)];
  return row[columns.latitude] && row[columns.longitude] && Number.isFinite(x + y) ? { rings: [[[x, y]]], label, link: link && names.page(link) } : null;
}

/** The rings, lines or points of a WKT text in longitude, latitude; a reference system before it is passed over. */
function ringsOf(text) {
  const bare = text.replace(/^\s*<[^>]*>\s*/, "");
  const parts = bare.match(/\([^()]+\)/g) ?? [];
  return parts.map((part) => [...part.matchAll(PAIR)].map(([, x, y]) => [Number(x), Number(y)])).filter((ring) => ring.length);
}

function drawn(shapes) {
  const all = shapes.flatMap((one) => one.rings.flat());
  const [west, east] = ends(all, 0), [south, north] = ends(all, 1);
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = (WIDTH - 60) / Math.max((east - west) * squeeze, north - south, 0.01);
  const height = Math.max(160, (north - south) * scale + 60);
  const left = (WIDTH - (east - west) * squeeze * scale) / 2;
  const at = ([x, y]) => [left + (x - west) * squeeze * scale, 30 + (north - y) * scale].map((n) => n.toFixed(1));
  const svg = draw("svg", { viewBox: `0 0 ${WIDTH} ${height.toFixed(0)}`, role: "group", "aria-label": say("map-label") });
  for (const one of shapes) svg.append(linked(one, one.rings[0].length === 1 ? point(one, at) : outline(one, at)));
  return svg;
}

/** The least and the most of one coordinate; a loop, since a spread of 100,000 numbers overflows the stack. */
function ends(points, axis) {
  let [least, most] = [Infinity, -Infinity];
  for (const point of points) [least, most] = [Math.min(least, point[axis]), Math.max(most, point[axis])];
  return [least, most];
}

function point(one, at) {
  const [cx, cy] = at(one.rings[0][0]);
  return draw("circle", { class: "point", cx, cy, r: 6 }, draw("title", {}, one.label));
}

function outline(one, at) {
  const d = one.rings.map((ring) => `M${ring.map((pair) => at(pair).join(" ")).join("L")}Z`).join("");
  return draw("path", { class: "here", d }, draw("title", {}, one.label));
}

function linked(one, drawing) {
  return one.link ? draw("a", { href: one.link, "aria-label": one.label || one.link }, drawing) : drawing;
}
