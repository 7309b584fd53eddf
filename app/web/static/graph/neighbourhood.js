// A neighbourhood explored in place: its data come from the server, which also says where each thing stands.
// On its own page the address, the table and the files follow what is shown.

import { make } from "../editor/dom.js";
import { say } from "../editor/words.js";
import { Explorer } from "./explorer.js";
import { Model } from "./model.js";

const FILTERS = ["link", "theme", "from", "to", "hubs"];

export async function explore(place) {
  const inside = place.tagName === "DETAILS" ? place.appendChild(make("div")) : place;
  const status = make("p", { class: "note", role: "status" }, say("loading"));
  inside.prepend(status);
  try {
    await new Exploration(place, inside).start();
    status.remove();
  } catch {
    status.textContent = say("failed");
  }
}

class Exploration {
  constructor(place, inside) {
    this.place = place;
    this.inside = inside;
    this.own = place.tagName === "FIGURE";
    this.source = new URL(place.dataset.neighbourhood, location.href);
    this.asked = new URLSearchParams(this.source.search);
    for (const name of FILTERS) this.source.searchParams.delete(name);
  }

  async start() {
    const data = await this.#fetch();
    this.model = new Model(data);
    this.#restoreFilters();
    this.explorer = new Explorer(this.model, { open: (iri) => this.#open(iri), changed: () => this.own && this.#tell(), name: "maillage-voisinage", paths: this.place.dataset.paths });
    if (this.own) this.#takeOver();
    this.inside.append(this.explorer.element);
    this.explorer.start();
  }

  async #fetch() {
    const response = await fetch(this.source, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    return response.json();
  }

  async #open(iri) {
    this.source.searchParams.append("open", iri);
    try {
      return await this.#fetch();
    } catch {
      const kept = this.source.searchParams.getAll("open").filter((one) => one !== iri);
      this.source.searchParams.delete("open");
      for (const one of kept) this.source.searchParams.append("open", one);
      this.explorer.said.textContent = say("failed");
      return null;
    }
  }

  /** The filters that the address of the page has. */
  #restoreFilters() {
    const { filter, data } = this.model;
    const links = this.asked.getAll("link");
    if (links.length) filter.links = new Set(data.kinds.flatMap(({ iri }, kind) => (links.includes(iri) ? [kind] : [])));
    filter.theme = this.asked.get("theme") ?? "";
    filter.first = Number(this.asked.get("from")) || null;
    filter.last = Number(this.asked.get("to")) || null;
    filter.hubs = this.asked.get("hubs") !== "no";
    this.model.apply();
  }

  /** The picture, the form and the legend that the server made give way. */
  #takeOver() {
    this.place.querySelector("svg")?.remove();
    this.place.querySelector("figcaption")?.remove();
    document.querySelector(".graph-filters").hidden = true;
    document.querySelector(".graph-filters + .legend").hidden = true;
  }

  #query() {
    const { filter, data } = this.model;
    const query = new URLSearchParams({ iri: data.nodes[0].iri });
    for (const iri of this.source.searchParams.getAll("open")) query.append("open", iri);
    for (const kind of filter.links ?? []) query.append("link", data.kinds[kind].iri);
    if (filter.theme) query.set("theme", filter.theme);
    if (filter.first !== null) query.set("from", filter.first);
    if (filter.last !== null) query.set("to", filter.last);
    if (!filter.hubs) query.set("hubs", "no");
    return query;
  }

  /** Address, files and table say what the picture shows. */
  #tell() {
    const query = this.#query();
    const read = new URLSearchParams(location.search).get("version");
    history.replaceState(null, "", `${location.pathname}?${new URLSearchParams([...query, ...(read ? [["version", read]] : [])])}`);
    for (const link of document.querySelectorAll("#files + .formats a")) {
      const address = new URL(link.href);
      address.search = new URLSearchParams([...query, ["version", address.searchParams.get("version")]]);
      link.href = address.href;
    }
    const rows = this.model.links.filter((_, i) => this.model.drawn[i]);
    document.querySelector("#table .count").textContent = String(rows.length);
    document.querySelector("#table ~ .scroll tbody").replaceChildren(...rows.slice(0, 500).map((link) => this.#row(link)));
  }

  #row(link) {
    return make("tr", {}, make("td", {}, ...this.#linked(link)), make("td", {}, this.model.data.kinds[link.kind].label), make("td", {}, link.period ?? ""));
  }

  /** The sentence with the names of its ends as links, where they are found in it. */
  #linked({ sentence, source, target }) {
    let parts = [sentence];
    for (const node of [this.model.nodes[source], this.model.nodes[target]]) {
      parts = parts.flatMap((part) => {
        const at = typeof part === "string" ? part.indexOf(node.label) : -1;
        return at < 0 ? [part] : [part.slice(0, at), make("a", { href: node.page }, node.label), part.slice(at + node.label.length)];
      });
    }
    return parts.filter((part) => part !== "");
  }
}
