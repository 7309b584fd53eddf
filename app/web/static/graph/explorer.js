// The picture with all that stands around it: tools, filters, what is said of the selected thing, legend, files.

import { make, save, draw } from "../editor/dom.js";
import { say } from "../editor/words.js";
import { toSvg } from "./export.js";
import { Picture } from "./picture.js";
import { outline } from "./shapes.js";

const SENTENCES = 30;

export class Explorer {
  /** `open(iri)` fetches more and returns new data, or null; `changed()` is told when the filters are; `paths` explains two ends. */
  constructor(model, { open, changed, name, paths }) {
    Object.assign(this, { model, open, changed, name, paths });
    this.canvas = make("canvas", { tabindex: "0", role: "application", "aria-label": say("instructions") });
    this.said = make("p", { class: "said", role: "status" });
    this.side = make("div", { class: "side", role: "region", "aria-label": say("selected") });
    this.filters = make("details", { class: "filters" });
    this.legend = make("ul", { class: "legend", "aria-label": say("legend") });
    this.element = make("div", { class: "net" }, this.canvas, this.side, this.said, this.#bar(), this.filters, this.legend);
  }

  /** To be called when the element stands in the page. */
  start() {
    this.picture = new Picture(this.canvas, this.model, { select: (node) => this.select(node), open: (node) => this.grow(node), path: (node) => this.showPath(node) });
    this.#refresh();
    this.select(null);
  }

  select(node) {
    this.picture.select(node);
    this.side.replaceChildren(...(node === null ? [make("p", { class: "note" }, say("select-hint")), make("p", { class: "note" }, say("keys"))] : this.#about(node)));
    if (node !== null) this.said.textContent = this.#spoken(node);
  }

  async grow(node) {
    const { opened, iri } = this.model.nodes[node];
    if (opened || !this.open) return this.select(node);
    const before = this.model.nodes.length;
    const data = await this.open(iri);
    if (!data) return;
    this.model.take(data);
    this.#refresh();
    this.select(this.model.nodes.findIndex((one) => one.iri === iri));
    const more = this.model.nodes.length - before;
    this.said.textContent = more ? say("new-things", { n: more }) : say("nothing-new");
    if (more && before < 400) this.picture.fit();
  }

  showPath(node) {
    const path = this.model.path(0, node);
    this.select(node);
    if (!path?.length) {
      this.said.textContent = say("no-path");
      return;
    }
    this.picture.mark(path);
    this.side.append(make("ol", { class: "path" }, ...path.map((i) => make("li", {}, this.#sentence(i)))));
  }

  refilter() {
    this.model.apply();
    this.picture.redraw();
    this.#count();
    this.changed?.();
  }

  #refresh() {
    this.picture.redraw();
    this.filters.replaceChildren(...this.#controls());
    this.legend.replaceChildren(...this.#keys());
    this.#count();
    this.changed?.();
  }

  #count() {
    const shown = this.model.shown.filter(Boolean).length;
    this.said.textContent = [say("things", { n: shown }), say("counts", { n: this.model.drawn.filter(Boolean).length })].join(" · ");
  }

  #about(node) {
    const { label, nature, page, degree, opened, language } = this.model.nodes[node];
    const title = make("p", { class: "name", lang: language ?? null }, page ? make("a", { href: page }, label) : label);
    const links = this.model.beside[node].filter((i) => this.model.drawn[i]);
    const buttons = [
      opened || !this.open ? null : make("button", { type: "button", onclick: () => this.grow(node) }, say("open")),
      node === 0 ? null : make("button", { type: "button", onclick: () => this.showPath(node) }, say("show-path")),
      node === 0 || !this.paths ? null : make("a", { href: this.#explained(node) }, say("explain")),
    ];
    return [
      title,
      make("p", { class: "note" }, [nature, say("counts", { n: degree }), opened ? say("opened") : null].filter(Boolean).join(" · ")),
      make("p", { class: "actions" }, ...buttons.filter(Boolean)),
      make("ul", { tabindex: "0", "aria-label": label }, ...links.slice(0, SENTENCES).map((i) => make("li", {}, this.#sentence(i))), ...this.#rest(node)),
    ];
  }

  /** The page that explains how the centre and a thing are linked, by more than what is drawn. */
  #explained(node) {
    const address = new URL(this.paths, location.href);
    address.searchParams.set("from", this.model.nodes[0].iri);
    address.searchParams.set("to", this.model.nodes[node].iri);
    return address.href;
  }

  #rest(node) {
    const { more = [], kinds } = this.model.data;
    return more.filter((rest) => rest.node === node).map((rest) =>
      make("li", {}, make("a", { href: this.model.nodes[node].page }, say("grouped", { n: rest.count, kind: kinds[rest.kind].label }))));
  }

  #sentence(i) {
    const { sentence, period } = this.model.links[i];
    return period ? `${sentence} (${period})` : sentence;
  }

  #spoken(node) {
    const { label, nature, degree } = this.model.nodes[node];
    return say("spoken", { name: label, nature: nature ?? say("other"), n: degree });
  }

  #bar() {
    const button = (key, press, text) => make("button", { type: "button", onclick: press, "aria-label": text ? say(key) : null }, text ?? say(key));
    return make("div", { class: "bar", role: "toolbar", "aria-label": say("tools") },
      button("zoom-in", () => this.picture.zoom(1.3), "+"), button("zoom-out", () => this.picture.zoom(1 / 1.3), "−"), button("zoom-all", () => this.picture.fit()),
      button("png", () => this.canvas.toBlob((blob) => save(`${this.name}.png`, blob))),
      button("svg", () => save(`${this.name}.svg`, new Blob([toSvg(this.model, this.picture.colours)], { type: "image/svg+xml" }))));
  }

  #controls() {
    const { model } = this;
    const counts = model.data.kinds.map(() => 0);
    for (const link of model.links) counts[link.kind] += 1;
    const boxes = model.data.kinds.map(({ label }, kind) => make("label", {}, make("input", { type: "checkbox", value: kind, checked: !model.filter.links || model.filter.links.has(kind),
      onchange: () => this.#chooseLinks(kinds) }), ` ${label} `, make("span", { class: "count" }, String(counts[kind]))));
    const kinds = make("fieldset", { class: "kinds" }, make("legend", {}, say("links-shown")), ...boxes);
    return [make("summary", {}, say("filters")), kinds, make("div", { class: "controls" }, this.#themes(), this.#period(), this.#hubs())];
  }

  #chooseLinks(kinds) {
    const boxes = [...kinds.querySelectorAll("input")];
    this.model.filter.links = boxes.every((box) => box.checked) ? null : new Set(boxes.filter((box) => box.checked).map((box) => Number(box.value)));
    this.refilter();
  }

  #themes() {
    const themes = Object.entries(this.model.data.themes ?? {});
    if (!themes.length) return null;
    const choose = (event) => { this.model.filter.theme = event.target.value; this.refilter(); };
    return make("span", {}, make("label", { for: "net-theme" }, say("theme")), " ", make("select", { id: "net-theme", onchange: choose }, make("option", { value: "" }, say("any-theme")),
      ...themes.map(([iri, label]) => make("option", { value: iri, selected: this.model.filter.theme === iri }, label))));
  }

  /** Two sliders over the years that are known. */
  #period() {
    const { years, filter } = this.model;
    if (!years || years[0] === years[1]) return null;
    const row = (name, key, none) => {
      const shown = make("output", { for: `net-${name}` }, String(filter[key] ?? none));
      const slide = (event) => {
        const year = Number(event.target.value);
        filter[key] = year === none ? null : year;
        shown.textContent = String(year);
        this.refilter();
      };
      return [make("label", { for: `net-${name}` }, say(`${name}-year`)), make("input", { id: `net-${name}`, type: "range", min: years[0], max: years[1], value: filter[key] ?? none, oninput: slide }), shown];
    };
    return make("div", { class: "years", role: "group", "aria-label": say("period") }, ...row("from", "first", years[0]), ...row("to", "last", years[1]));
  }

  #hubs() {
    if (!this.model.nodes.some((node, i) => node.hub && i)) return null;
    const choose = (event) => { this.model.filter.hubs = !event.target.checked; this.refilter(); };
    return make("label", { class: "hubs" }, make("input", { type: "checkbox", checked: !this.model.filter.hubs, onchange: choose }), ` ${say("hide-hubs")}`);
  }

  /** What each mark stands for: kinds that look alike are named together. */
  #keys() {
    const marks = new Map();
    for (const { kind, shape, family } of this.model.nodes) {
      const mark = `${shape} ${family}`;
      if (!marks.has(mark)) marks.set(mark, { shape, family, names: new Set() });
      marks.get(mark).names.add(this.model.data.natures?.[kind] ?? say("other"));
    }
    return [...marks.values()].map(({ shape, family, names }) => make("li", {},
      draw("svg", { viewBox: "-12 -12 24 24", width: 20, height: 20, "aria-hidden": "true" }, draw("path", { class: `k-${family}`, d: outline(shape, 0, 0, 8) })),
      [...names].join(", ")));
  }
}
