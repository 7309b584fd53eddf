// A neighbourhood as it is explored: things, links, what the filters let through, shortest ways; nothing is drawn here.

export class Model {
  constructor(data) {
    this.filter = { links: null, theme: "", first: null, last: null, hubs: true };
    this.take(data);
  }

  /** New data; the places of what was there are the same, since the server never moves them. */
  take(data) {
    Object.assign(this, { data, nodes: data.nodes, links: data.links });
    this.more = new Map();
    for (const rest of data.more ?? []) this.more.set(rest.node, (this.more.get(rest.node) ?? 0) + rest.count);
    this.beside = data.nodes.map(() => []);
    data.links.forEach((link, i) => {
      this.beside[link.source].push(i);
      if (link.target !== link.source) this.beside[link.target].push(i);
    });
    this.apply();
  }

  get years() {
    const known = this.links.flatMap((link) => [link.from, link.to]).filter((year) => year !== undefined);
    return known.length ? [Math.min(...known), Math.max(...known)] : null;
  }

  /** Marks what is shown: the centre (or the centres of the parts of a graph), and all that is still joined to it. */
  apply() {
    const { hubs, theme } = this.filter;
    const allowed = this.nodes.map((node) => node.parent === null || ((hubs || !node.hub) && !theme));
    if (theme) this.#bringThemed(allowed, theme);
    const open = this.links.map((link) => allowed[link.source] && allowed[link.target] && this.#letsThrough(link));
    this.shown = this.nodes.map(() => false);
    const roots = this.nodes.flatMap(({ parent }, i) => (parent === null ? [i] : []));
    for (const [node] of this.#walk(roots, (i) => open[i])) this.shown[node] = true;
    this.drawn = this.links.map((link, i) => open[i] && this.shown[link.source] && this.shown[link.target]);
  }

  /** A thing that has the theme brings those over which it was reached. */
  #bringThemed(allowed, theme) {
    this.nodes.forEach((node, place) => {
      if (!node.themes?.includes(theme) || (node.hub && !this.filter.hubs)) return;
      for (let step = place; step !== null && !allowed[step]; step = this.nodes[step].parent) allowed[step] = true;
    });
  }

  #letsThrough({ kind, from, to }) {
    const { links, first, last } = this.filter;
    const [began, lasted] = [last === null || from === undefined || from <= last, first === null || to === undefined || to >= first];
    return (!links || links.has(kind)) && began && lasted;
  }

  /** Each node that can be reached over some links, nearest first, with the link that led there. */
  *#walk(starts, usable) {
    const seen = new Map(starts.map((start) => [start, null]));
    for (const [node, by] of seen) {
      yield [node, by];
      for (const i of this.beside[node]) {
        const other = this.other(i, node);
        if (usable(i) && !seen.has(other)) seen.set(other, i);
      }
    }
  }

  other(link, node) {
    const { source, target } = this.links[link];
    return source === node ? target : source;
  }

  /** The links of a shortest way between two nodes in what is shown, from the first; null where there is none. */
  path(from, to) {
    const by = new Map();
    for (const [node, link] of this.#walk([from], (i) => this.drawn[i])) {
      by.set(node, link);
      if (node === to) break;
    }
    if (!by.has(to)) return null;
    const links = [];
    for (let node = to; node !== from; node = this.other(links[0], node)) links.unshift(by.get(node));
    return links;
  }

  /** The shown node nearest to another in a direction (a unit vector), within 60 degrees of it. */
  toward(node, [dx, dy]) {
    const here = this.nodes[node];
    let [best, least] = [null, Infinity];
    this.nodes.forEach((other, i) => {
      if (i === node || !this.shown[i]) return;
      const [x, y] = [other.x - here.x, other.y - here.y];
      const [along, far] = [x * dx + y * dy, Math.hypot(x, y)];
      const cost = far * (2 - along / far);
      if (along > far * 0.5 && cost < least) [best, least] = [i, cost];
    });
    return best;
  }
}
