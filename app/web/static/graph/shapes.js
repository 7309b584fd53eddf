// The outlines of nodes, the same as the server's pictures have (app/asking/marks.py).

const CORNERS = { diamond: [4, 0, 1.25], square: [4, Math.PI / 4, 1.25], hexagon: [6, 0, 1.1], triangle: [3, -Math.PI / 2, 1.45], tip: [5, -Math.PI / 2, 1.15] };

export function radius(node, isFirst) {
  return isFirst ? 15 : 6 + Math.min(5, Math.log2(1 + node.degree));
}

/** Adds an outline to a canvas path. */
export function trace(context, shape, x, y, r) {
  if (shape === "circle") {
    context.moveTo(x + r, y);
    context.arc(x, y, r, 0, 2 * Math.PI);
    return;
  }
  for (const [i, [px, py]] of corners(shape, x, y, r).entries()) i ? context.lineTo(px, py) : context.moveTo(px, py);
  context.closePath();
}

/** The same as the text of an SVG path. */
export function outline(shape, x, y, r) {
  if (shape === "circle") return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
  return `M${corners(shape, x, y, r).map((pair) => pair.map((n) => n.toFixed(1)).join(" ")).join("L")}z`;
}

function corners(shape, x, y, r) {
  const [count, turn, scale] = CORNERS[shape] ?? CORNERS.tip;
  return Array.from({ length: count }, (_, n) => {
    const angle = turn + (2 * Math.PI * n) / count;
    return [x + scale * r * Math.cos(angle), y + scale * r * Math.sin(angle)];
  });
}
