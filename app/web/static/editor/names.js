// What the IRIs in a result's cells are called: asked of the site some at a time and once each; fetched with the first rows.

const ASKED = 50;
const called = new Map();

/** Fills the cells of `root` that wait for a name. */
export async function name(root, site) {
  const cells = [...root.querySelectorAll("[data-named]:empty")];
  const unknown = [...new Set(cells.map((cell) => cell.dataset.named))].filter((iri) => !called.has(iri));
  for (let place = 0; place < unknown.length; place += ASKED) {
    const some = unknown.slice(place, place + ASKED);
    const address = new URL(site.names, document.baseURI);
    for (const iri of some) address.searchParams.append("iri", iri);
    const response = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
    const found = response?.ok ? await response.json() : {};
    for (const iri of some) called.set(iri, found[iri] ?? null);
  }
  for (const cell of cells) {
    const known = called.get(cell.dataset.named);
    if (!known) continue;
    cell.textContent = known.label;
    if (known.language) cell.lang = known.language;
  }
}
