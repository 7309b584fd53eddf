// Names beside the marks of a picture: at most so many letters, cut at their end, or in their middle where several would be alike
// then. The same as `shortened` in app/web/drawing.py, which makes the picture without a script.

export const LONGEST = 28;

export function shortened(names, most = LONGEST) {
  const cut = names.map((name) => (name.length <= most ? name : `${name.slice(0, most - 1).trimEnd()}…`));
  const counts = new Map();
  for (const text of cut) counts.set(text, (counts.get(text) ?? 0) + 1);
  return names.map((name, i) => (cut[i] === name || counts.get(cut[i]) === 1 ? cut[i] : middle(name, most)));
}

function middle(name, most) {
  const half = Math.floor((most - 1) / 2);
  return `${name.slice(0, most - 1 - half).trimEnd()}…${name.slice(-half).trimStart()}`;
}
