// A chart of a result with one column of names or years and one of numbers: bars or a line, as SVG with a text for those who do not see it.

import { draw, make } from "./dom.js";
import { numberOf, yearOf } from "./terms.js";
import { say, shown } from "./words.js";

const BARS = 40;
const ROW = 28;

/** The columns of names and of numbers, or null when the result has none to draw. */
export function charted(result) {
  const filled = result.rows.slice(0, 200);
  const numeric = result.columns.map((_, i) => filled.length > 0 && filled.every((row) => !row[i] || numberOf(row[i]) !== null) && filled.some((row) => row[i]));
  const years = result.columns.map((_, i) => filled.length > 0 && filled.every((row) => row[i] && yearOf(row[i]) !== null));
  const label = years.includes(true) ? years.indexOf(true) : labelColumn(result, filled, numeric);
  const value = numeric.findLastIndex((yes, i) => yes && i !== label);
  if (label < 0 || value < 0 || result.graph) return null;
  return { label, value, line: years[label] };
}

/** Of the columns that are no numbers, the last texts rather than addresses. */
function labelColumn(result, rows, numeric) {
  const texts = result.columns.findIndex((_, i) => !numeric[i] && rows.some((row) => row[i]?.type === "literal"));
  return texts >= 0 ? texts : numeric.indexOf(false);
}

export function chart(result, columns, names) {
  const points = result.rows
    .map((row) => ({ name: names.text(row[columns.label]) || "–", value: numberOf(row[columns.value]), year: yearOf(row[columns.label]) }))
    .filter((point) => point.value !== null);
  const title = say("chart-of", { value: result.columns[columns.value], label: result.columns[columns.label] });
  const drawing = columns.line ? line(points, title) : bars(points.slice(0, BARS), title);
  const figure = make("figure", { class: "chart" }, make("div", { class: "scroll", role: "group", tabindex: "0", "aria-label": title }, drawing));
  const cut = !columns.line && points.length > BARS ? ` · ${say("chart-first", { n: BARS })}` : "";
  figure.append(make("figcaption", {}, title + cut));
  return figure;
}

function bars(points, title) {
  const least = Math.min(0, ...points.map((point) => point.value));
  const span = Math.max(0, ...points.map((point) => point.value)) - least || 1;
  const svg = draw("svg", { viewBox: `0 0 720 ${points.length * ROW + 4}`, role: "img", "aria-label": title });
  points.forEach((point, i) => {
    const [y, x] = [i * ROW, 270 + (380 * (Math.min(0, point.value) - least)) / span];
    const width = Math.max(1, (380 * Math.abs(point.value)) / span);
    svg.append(
      draw("text", { x: 260, y: y + 18, "text-anchor": "end" }, cut(point.name, 34)),
      draw("rect", { class: "bar", x, y: y + 3, width, height: ROW - 8, rx: 2 }, draw("title", {}, `${point.name} : ${shown(point.value)}`)),
      draw("text", { class: "value", x: Math.min(x + width + 6, 660), y: y + 18 }, shown(point.value)),
    );
  });
  return svg;
}

function line(points, title) {
  points.sort((a, b) => a.year - b.year || a.name.localeCompare(b.name));
  const most = Math.max(1, ...points.map((point) => point.value));
  const least = Math.min(0, ...points.map((point) => point.value));
  const [first, span] = [points[0]?.year ?? 0, (points.at(-1)?.year ?? 0) - (points[0]?.year ?? 0) || 1];
  const at = (point) => [60 + (630 * (point.year - first)) / span, 250 - (220 * (point.value - least)) / (most - least)];
  const svg = draw("svg", { viewBox: "0 0 720 290", role: "img", "aria-label": title });
  for (const share of [0, 0.5, 1]) {
    const y = 250 - 220 * share;
    svg.append(draw("line", { class: "axis", x1: 60, x2: 690, y1: y, y2: y }), draw("text", { x: 52, y: y + 5, "text-anchor": "end" }, shown(least + (most - least) * share)));
  }
  svg.append(draw("polyline", { class: "curve", points: points.map((point) => at(point).join(",")).join(" ") }));
  const every = Math.ceil(points.length / 12);
  points.forEach((point, i) => {
    const [x, y] = at(point);
    svg.append(draw("circle", { class: "dot", cx: x, cy: y, r: 4 }, draw("title", {}, `${point.name} : ${shown(point.value)}`)));
    if (i % every === 0) svg.append(draw("text", { x, y: 276, "text-anchor": "middle" }, String(point.year)));
  });
  return svg;
}

export function cut(text, most) {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
