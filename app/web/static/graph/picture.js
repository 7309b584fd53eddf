// The picture of a model on a canvas: drawn when something changed, moved and enlarged by pointer, touch and keyboard.
// It is drawn on a sheet beside the canvas that is somewhat larger than it; to move it, the sheet is only shown elsewhere.

import { shortened } from "./names.js";
import { radius, trace } from "./shapes.js";

const FAMILIES = ["other", "territory", "theme", "project", "partnership", "actor"];
const [LEAST, MOST] = [0.05, 4];
const LABELS = 140;
const MARGIN = 320;
const FONT = "12px system-ui, sans-serif";
const STEP = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Picture {
  /** `on` has `select(node)`, `open(node)`, `path(node)`: what the reader asked for. */
  constructor(canvas, model, on) {
    Object.assign(this, { canvas, model, on, selected: null, marked: new Set(), camera: { x: 0, y: 0, scale: 1 }, widths: new Map(), pointers: new Map() });
    this.screen = canvas.getContext("2d");
    this.sheet = document.createElement("canvas");
    this.context = this.sheet.getContext("2d");
    this.#listen();
    this.#resize();
    this.fit();
  }

  // What is seen

  fit() {
    const shown = this.model.nodes.filter((_, i) => this.model.shown[i]);
    const [left, right] = ends(shown.map((node) => node.x)), [top, bottom] = ends(shown.map((node) => node.y));
    const scale = Math.min((this.width - 90) / (right - left + 60), (this.height - 70) / (bottom - top + 60), 1.3);
    this.camera = { x: (left + right) / 2, y: (top + bottom) / 2, scale: Math.max(LEAST, scale) };
    this.redraw();
  }

  zoom(factor, [x, y] = [this.width / 2, this.height / 2]) {
    const scale = Math.min(MOST, Math.max(LEAST, this.camera.scale * factor));
    const [wx, wy] = this.#world(x, y);
    this.camera = { x: wx - (x - this.width / 2) / scale, y: wy - (y - this.height / 2) / scale, scale };
    this.redraw();
  }

  pan(dx, dy) {
    this.camera.x -= dx / this.camera.scale;
    this.camera.y -= dy / this.camera.scale;
    this.moving = true;
    this.#show();
  }

  select(node) {
    this.selected = node;
    this.marked = new Set();
    if (node !== null) this.#bringIntoView(node);
    this.redraw();
  }

  /** Links that are to be seen before all others. */
  mark(links) {
    this.marked = new Set(links);
    this.redraw();
  }

  /** To be called when anything but the place of the camera changed. */
  redraw() {
    this.drawn = null;
    this.#show();
  }

  #show() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  // Drawing

  draw() {
    const { screen, camera, ratio } = this;
    if (!this.#isOnSheet()) this.#drawSheet();
    const [dx, dy] = [(this.drawn.x - camera.x) * camera.scale - this.drawn.margin, (this.drawn.y - camera.y) * camera.scale - this.drawn.margin];
    screen.setTransform(1, 0, 0, 1, 0, 0);
    screen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    screen.drawImage(this.sheet, Math.round(dx * ratio), Math.round(dy * ratio));
  }

  /** Whether the sheet, as it was last drawn, covers all that the camera sees. */
  #isOnSheet() {
    const { drawn, camera } = this;
    return drawn && drawn.scale === camera.scale && Math.max(Math.abs(drawn.x - camera.x), Math.abs(drawn.y - camera.y)) * camera.scale <= drawn.margin;
  }

  /** While the picture is being moved, with a margin on all sides. */
  #drawSheet() {
    const { context, camera, ratio } = this;
    const margin = this.moving ? MARGIN : 0;
    [this.across, this.down] = [this.width + 2 * margin, this.height + 2 * margin];
    [this.sheet.width, this.sheet.height] = [Math.round(this.across * ratio), Math.round(this.down * ratio)];
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.places = this.model.nodes.map((node) => [(node.x - camera.x) * camera.scale + this.across / 2, (node.y - camera.y) * camera.scale + this.down / 2]);
    this.drawn = { ...camera, margin };
    this.#drawLinks();
    this.#drawNodes();
    this.#drawLabels();
  }

  #drawLinks() {
    const { context, model, places, colours } = this;
    const groups = new Map();
    const strong = [];
    model.links.forEach((link, i) => {
      if (!model.drawn[i]) return;
      if (this.marked.has(i) || link.source === this.selected || link.target === this.selected) return strong.push(i);
      const family = model.data.kinds[link.kind]?.family ?? "other";
      groups.has(family) ? groups.get(family).push(i) : groups.set(family, [i]);
    });
    context.lineWidth = 1;
    context.globalAlpha = this.marked.size || this.selected !== null ? 0.25 : 0.5;
    for (const [family, links] of groups) this.#stroke(links, colours[family] ?? colours.other);
    context.globalAlpha = 1;
    context.lineWidth = 2;
    this.#stroke(strong.filter((i) => !this.marked.has(i)), colours.ink);
    context.lineWidth = 4;
    this.#stroke([...this.marked].filter((i) => model.drawn[i]), colours.accent);
  }

  #stroke(links, colour) {
    const { context, model, places } = this;
    context.strokeStyle = colour;
    for (let from = 0; from < links.length; from += 400) {
      context.beginPath();
      for (const i of links.slice(from, from + 400)) {
        const [a, b] = [places[model.links[i].source], places[model.links[i].target]];
        context.moveTo(a[0], a[1]);
        context.lineTo(b[0], b[1]);
      }
      context.stroke();
    }
  }

  #drawNodes() {
    const { context, model, places, colours, across: width, down: height } = this;
    const size = Math.min(1.6, Math.max(0.35, this.camera.scale));
    context.lineWidth = 1.5;
    context.strokeStyle = colours.card;
    for (const family of FAMILIES) {
      context.beginPath();
      model.nodes.forEach((node, i) => {
        const [x, y] = places[i];
        if (model.shown[i] && (node.family ?? "other") === family && x > -30 && y > -30 && x < width + 30 && y < height + 30) {
          trace(context, node.shape, x, y, radius(node, i === 0) * size);
        }
      });
      context.fillStyle = colours[family];
      context.fill();
      context.stroke();
    }
    if (this.selected !== null && model.shown[this.selected]) this.#ring(this.selected, size);
  }

  #ring(i, size) {
    const { context, colours, places, model } = this;
    context.beginPath();
    context.arc(...places[i], (radius(model.nodes[i], i === 0) + 5) * size + 2, 0, 2 * Math.PI);
    context.strokeStyle = colours.focus;
    context.lineWidth = 3;
    context.stroke();
  }

  /** The selected, the first, then the most linked; none over another, nor over a node. */
  #drawLabels() {
    const { context, model, places, colours, across: width, down: height } = this;
    const size = Math.min(1.6, Math.max(0.35, this.camera.scale));
    context.font = FONT;
    context.textAlign = "center";
    context.lineWidth = 3;
    context.strokeStyle = colours.card;
    context.fillStyle = colours.ink;
    const taken = new Set();
    model.nodes.forEach((_, i) => model.shown[i] && take(taken, places[i][0] - 5, places[i][1] - 4, 10, 8));
    let count = 0;
    for (const i of this.#byWeight()) {
      const [x, y] = places[i];
      if (count >= LABELS || !model.shown[i] || x < 0 || y < 0 || x > width || y > height) continue;
      const text = this.#label(i);
      const half = this.#width(text) / 2;
      const at = Math.min(Math.max(x, half + 4), width - half - 4);
      const below = y + (radius(model.nodes[i], i === 0) * size) + 13;
      if (!take(taken, at - half, below - 10, 2 * half, 13)) continue;
      context.strokeText(text, at, below);
      context.fillText(text, at, below);
      count += 1;
    }
  }

  #label(i) {
    const rest = this.model.more.get(i);
    return this.#names()[i] + (rest ? ` +${rest}` : "");
  }

  // The nodes only ever become more.
  #names() {
    const { nodes } = this.model;
    if (this.names?.length !== nodes.length) this.names = shortened(nodes.map((node) => node.label));
    return this.names;
  }

  #width(text) {
    if (!this.widths.has(text)) this.widths.set(text, this.context.measureText(text).width);
    return this.widths.get(text);
  }

  #byWeight() {
    if (this.weighed !== this.model.nodes) {
      this.weighed = this.model.nodes;
      this.order = this.model.nodes.map((_, i) => i).sort((a, b) => this.model.nodes[b].degree - this.model.nodes[a].degree);
    }
    return [...(this.selected === null ? [] : [this.selected]), 0, ...this.order.filter((i) => i !== 0 && i !== this.selected)];
  }

  #readColours() {
    const style = getComputedStyle(this.canvas);
    const read = (name) => style.getPropertyValue(name).trim() || "#555";
    this.colours = { ink: read("--ink"), card: read("--card"), accent: read("--accent"), focus: read("--focus") };
    for (const family of FAMILIES) this.colours[family] = read(`--k-${family}`);
  }

  #resize() {
    const box = this.canvas.getBoundingClientRect();
    this.ratio = Math.min(2, devicePixelRatio || 1);
    [this.width, this.height] = [Math.max(50, box.width), Math.max(50, box.height)];
    [this.canvas.width, this.canvas.height] = [Math.round(this.width * this.ratio), Math.round(this.height * this.ratio)];
    this.#readColours();
    this.redraw();
  }

  #bringIntoView(node) {
    const { x, y } = this.model.nodes[node];
    const [sx, sy] = [(x - this.camera.x) * this.camera.scale + this.width / 2, (y - this.camera.y) * this.camera.scale + this.height / 2];
    if (sx < 30 || sy < 30 || sx > this.width - 30 || sy > this.height - 30) Object.assign(this.camera, { x, y });
  }

  // What the reader does

  #listen() {
    const { canvas } = this;
    new ResizeObserver(() => this.#resize()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => (this.#readColours(), this.redraw()));
    canvas.addEventListener("pointerdown", (event) => this.#press(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (event) => this.#release(event));
    canvas.addEventListener("dblclick", (event) => this.#at(event) !== null && this.on.open(this.#at(event)));
    canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    canvas.addEventListener("keydown", (event) => this.#key(event));
  }

  #press(event) {
    this.pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
    this.canvas.setPointerCapture(event.pointerId);
    this.moved = 0;
  }

  #move(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) {
      this.canvas.style.cursor = this.#at(event) === null ? "" : "pointer";
      return;
    }
    const now = [event.offsetX, event.offsetY];
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) this.zoom(distance(now, other) / Math.max(1, distance(before, other)), middle(now, other));
    else this.pan(now[0] - before[0], now[1] - before[1]);
    this.moved += distance(now, before);
    this.pointers.set(event.pointerId, now);
  }

  #release(event) {
    const pressed = this.pointers.delete(event.pointerId);
    this.moving = false;
    if (pressed && event.type === "pointerup" && this.moved < 5) this.on.select(this.#at(event));
  }

  #wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return; // the page scrolls as everywhere
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY / 300), [event.offsetX, event.offsetY]);
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const selected = this.selected ?? 0;
    const actions = {
      Enter: () => this.on.open(selected), " ": () => this.on.path(selected), Escape: () => this.on.select(null), 0: () => this.fit(),
      "+": () => this.zoom(1.3), "=": () => this.zoom(1.3), "-": () => this.zoom(1 / 1.3),
    };
    const action = actions[event.key] ?? (STEP[event.key] && (() => this.#step(event.key)));
    if (!action) return;
    event.preventDefault();
    action();
  }

  #step(key) {
    const next = this.selected === null ? 0 : this.model.toward(this.selected, STEP[key]);
    if (next !== null) this.on.select(next);
  }

  #at({ offsetX, offsetY }) {
    const [wx, wy] = this.#world(offsetX, offsetY);
    let [best, least] = [null, 22 / this.camera.scale];
    this.model.nodes.forEach(({ x, y }, i) => {
      const far = Math.hypot(x - wx, y - wy);
      if (this.model.shown[i] && far < least) [best, least] = [i, far];
    });
    return best;
  }

  #world(x, y) {
    return [(x - this.width / 2) / this.camera.scale + this.camera.x, (y - this.height / 2) / this.camera.scale + this.camera.y];
  }
}

function ends(numbers) {
  let [least, most] = [Infinity, -Infinity];
  for (const n of numbers) [least, most] = [Math.min(least, n), Math.max(most, n)];
  return [least, most];
}

/** Takes a rectangle of a coarse grid, unless a part of it is taken. */
function take(taken, x, y, width, height) {
  const cells = [];
  for (let column = Math.floor(x / 12); column <= Math.floor((x + width) / 12); column++) {
    for (let row = Math.floor(y / 8); row <= Math.floor((y + height) / 8); row++) cells.push(column * 10000 + row);
  }
  if (cells.some((cell) => taken.has(cell))) return false;
  for (const cell of cells) taken.add(cell);
  return true;
}

const distance = ([a, b], [c, d]) => Math.hypot(a - c, b - d);
const middle = ([a, b], [c, d]) => [(a + c) / 2, (b + d) / 2];
