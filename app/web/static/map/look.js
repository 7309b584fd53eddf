// Moves a map where it stands: drag, arrow keys, + and −, Ctrl and wheel, the links of its steps. What is shown is kept in the
// address (centre, zoom), as the server writes it, so that the page can be shared, reloaded and read without this script.
// A figure with `data-refresh` is asked for anew at each distance: what is gathered comes apart, tiles become sharp.

const MARGIN = 10;
const STEP = 0.4;
const DRAGGED = 4;
const SMALLER = 0.75;
const MOVES = { ArrowLeft: "west", ArrowRight: "east", ArrowUp: "north", ArrowDown: "south", "+": "nearer", "=": "nearer", "-": "further", 0: "whole" };
const ASIDE = { west: [-1, 0], east: [1, 0], north: [0, -1], south: [0, 1] };
const DIGITS = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });

class Look {
  constructor(figure) {
    this.figure = figure;
    this.take();
    figure.addEventListener("click", (event) => this.clicked(event), true);
    figure.addEventListener("keydown", (event) => this.pressed(event));
    figure.addEventListener("pointerdown", (event) => this.grabbed(event));
    figure.addEventListener("dragstart", (event) => event.preventDefault());
    figure.addEventListener("wheel", (event) => this.wheeled(event), { passive: false });
    figure.classList.add("moving");
  }

  // Reads what the server drew.
  take() {
    this.svg = this.figure.querySelector("svg[data-west]");
    const { width, height, west, north, across, down, most } = this.svg.dataset;
    Object.assign(this, { width: +width, height: +height, west: +west, north: +north, across: +across, down: +down, most: +most });
    const box = this.svg.viewBox.baseVal;
    this.zoom = this.width / box.width;
    this.x = box.x + box.width / 2;
    this.y = box.y + box.height / 2;
    this.drawnAt = this.zoom;
    this.svg.tabIndex = 0;
    this.svg.classList.toggle("near", this.zoom > 1);
    this.resize();
  }

  inside(x, y, zoom) {
    const near = Math.min(Math.max(zoom, 1), this.most);
    const [halfX, halfY] = [this.width / near / 2, this.height / near / 2];
    return { x: Math.min(Math.max(x, halfX), this.width - halfX), y: Math.min(Math.max(y, halfY), this.height - halfY), zoom: near };
  }

  show(x, y, zoom) {
    Object.assign(this, this.inside(x, y, zoom));
    const [width, height] = [this.width / this.zoom, this.height / this.zoom];
    this.svg.setAttribute("viewBox", `${this.x - width / 2} ${this.y - height / 2} ${width} ${height}`);
    this.svg.classList.toggle("near", this.zoom > 1);
    this.resize();
    clearTimeout(this.later);
    this.later = setTimeout(() => this.settle(), 200);
  }

  // Pixels of the drawing in one of the screen.
  scale() {
    return Math.max(this.width / this.svg.clientWidth, this.height / this.svg.clientHeight) / this.zoom;
  }

  // Points keep their size on the screen; on a small one they are a little smaller, not as small as the map.
  resize() {
    if (this.sizedAt === this.zoom) return;
    this.sizedAt = this.zoom;
    const size = Math.max(1 / this.zoom, SMALLER * this.scale());
    for (const one of this.svg.querySelectorAll("[data-r]")) one.setAttribute("r", one.dataset.r * size);
    for (const one of this.svg.querySelectorAll("[data-size]")) one.setAttribute("font-size", one.dataset.size * size);
  }

  address({ x, y, zoom }) {
    const address = new URL(window.location.href);
    address.searchParams.delete("centre");
    address.searchParams.delete("zoom");
    if (zoom > 1) {
      const longitude = this.west + (x - MARGIN) / this.across;
      const latitude = this.north - (y - MARGIN) / this.down;
      address.searchParams.set("centre", `${longitude.toFixed(4)},${latitude.toFixed(4)}`);
      address.searchParams.set("zoom", String(Math.round(zoom * 100) / 100));
    }
    return address;
  }

  after(step) {
    const [right, down] = ASIDE[step] || [0, 0];
    const times = { nearer: 2, further: 0.5 }[step] || 1;
    if (step === "whole") return this.inside(this.width / 2, this.height / 2, 1);
    const { width, height, zoom } = this;
    return this.inside(this.x + (right * STEP * width) / zoom, this.y + (down * STEP * height) / zoom, zoom * times);
  }

  settle() {
    const address = this.address(this);
    window.history.replaceState(window.history.state, "", address);
    for (const link of this.figure.querySelectorAll("[data-step]")) {
      const next = this.after(link.dataset.step);
      const still = ["x", "y", "zoom"].every((name) => Math.abs(next[name] - this[name]) < 0.01);
      if (still) {
        link.removeAttribute("href");
        link.setAttribute("role", "link");
        link.setAttribute("aria-disabled", "true");
      } else {
        link.href = this.address(next).href;
        link.removeAttribute("aria-disabled");
        link.removeAttribute("role");
      }
    }
    const status = this.figure.querySelector("[role=status]");
    status.textContent = status.dataset.say.replace("{n}", DIGITS.format(this.zoom));
    if (this.figure.hasAttribute("data-refresh") && this.zoom !== this.drawnAt) this.refresh(address);
  }

  async refresh(address) {
    this.asked?.abort();
    this.asked = new AbortController();
    try {
      const response = await fetch(address, { signal: this.asked.signal, headers: { Accept: "text/html" } });
      if (!response.ok) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      for (const part of page.querySelectorAll("[data-part]")) {
        document.querySelector(`[data-part="${part.dataset.part}"]`)?.replaceChildren(...part.childNodes);
      }
      this.drawnAt = this.zoom;
      this.sizedAt = 0;
      this.resize();
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }

  step(name) {
    const { x, y, zoom } = this.after(name);
    this.show(x, y, zoom);
  }

  clicked(event) {
    if (this.dragged) {
      this.dragged = false;
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const link = event.target.closest("[data-step]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.step(link.dataset.step);
  }

  pressed(event) {
    const step = MOVES[event.key];
    if (!step || event.target !== this.svg || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.step(step);
  }

  grabbed(event) {
    if (event.button !== 0 || !this.svg.contains(event.target) || (event.pointerType === "touch" && this.zoom === 1)) return;
    const from = { left: event.clientX, top: event.clientY, x: this.x, y: this.y };
    const scale = this.scale();
    this.dragged = false;
    const move = (moved) => {
      const [right, down] = [moved.clientX - from.left, moved.clientY - from.top];
      if (!this.dragged && Math.hypot(right, down) < DRAGGED) return;
      this.dragged = true;
      this.show(from.x - right * scale, from.y - down * scale, this.zoom);
    };
    const stop = () => {
      window.removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) window.removeEventListener(name, stop);
      setTimeout(() => { this.dragged = false; });
    };
    window.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, stop);
  }

  // The point below the pointer stays there.
  wheeled(event) {
    if (!event.ctrlKey || !this.svg.contains(event.target)) return;
    event.preventDefault();
    const frame = this.svg.getBoundingClientRect();
    const [right, down] = [(event.clientX - frame.left) / frame.width - 0.5, (event.clientY - frame.top) / frame.height - 0.5];
    const next = Math.min(Math.max(this.zoom * Math.exp(-event.deltaY / 200), 1), this.most);
    const kept = 1 / this.zoom - 1 / next;
    this.show(this.x + right * this.width * kept, this.y + down * this.height * kept, next);
  }
}

for (const figure of document.querySelectorAll("[data-look]")) new Look(figure);
document.documentElement.classList.add("enriched");
