// What is shown, as an SVG file that needs nothing else.

import { shortened } from "./names.js";
import { outline, radius } from "./shapes.js";

export function toSvg(model, colours) {
  const shown = model.nodes.map((node, i) => [node, i]).filter(([, i]) => model.shown[i]);
  const xs = shown.map(([node]) => node.x), ys = shown.map(([node]) => node.y);
  const [left, top] = [Math.min(...xs) - 90, Math.min(...ys) - 45];
  const [width, height] = [Math.max(...xs) + 90 - left, Math.max(...ys) + 60 - top];
  const lines = model.links.filter((_, i) => model.drawn[i]).map((link) => line(model, link, colours));
  const names = shortened(shown.map(([node]) => node.label));
  const marks = shown.map(([node, i], place) => mark(node, i, colours, names[place]));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${left} ${top} ${width} ${height}" width="${Math.round(width)}" height="${Math.round(height)}" font-family="sans-serif" font-size="11">
<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="${escaped(colours.card)}"/>
<g stroke-opacity="0.55">${lines.join("\n")}</g>
${marks.join("\n")}
</svg>
`;
}

function line(model, link, colours) {
  const [a, b] = [model.nodes[link.source], model.nodes[link.target]];
  const colour = colours[model.data.kinds[link.kind]?.family] ?? colours.other;
  return `<line x1="${a.x}" y1="${a.y}" x2="${b.x}" y2="${b.y}" stroke="${escaped(colour)}"><title>${escaped(link.sentence ?? "")}</title></line>`;
}

function mark(node, i, colours, label) {
  const r = radius(node, i === 0);
  return `<path d="${outline(node.shape, node.x, node.y, r)}" fill="${escaped(colours[node.family] ?? colours.other)}"><title>${escaped(node.label)}</title></path>
<text x="${node.x}" y="${node.y + r + 13}" text-anchor="middle" fill="${escaped(colours.ink)}">${escaped(label)}</text>`;
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "");
}
