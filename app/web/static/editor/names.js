// What the IRIs of a result are called: asked of the site some at a time and once each; fetched with the first rows.

const ASKED = 50;
const called = new Map();

/** Fills the cells of `root` that wait for a name. */
export async function name(root, site) {
  const cells = [...root.querySelectorAll("[data-named]:empty")];
  await ask(cells.map((cell) => cell.dataset.named), site);
  for (const cell of cells) {
    const known = called.get(cell.dataset.named);
    if (!known) continue;
    cell.textContent = known.label;
    if (known.language) cell.lang = known.language;
  }
}

/** The names of those IRIs that have one, and the kinds of those that are records. */
export async function labels(iris, site) {
  await ask(iris, site);
  return new Map(iris.flatMap((iri) => (called.get(iri) ? [[iri, called.get(iri)]] : [])));
}

async function ask(iris, site) {
  const unknown = [...new Set(iris)].filter((iri) => !called.has(iri));
  for (let place = 0; place < unknown.length; place += ASKED) {
    const some = unknown.slice(place, place + ASKED);
    const address = new URL(site.names, document.baseURI);
    for (const iri of some) address.searchParams.append("iri", iri);
    const response = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
    const found = response?.ok ? await response.json() : {};
    for (const iri of some) called.set(iri, found[iri] ?? null);
  }
}
