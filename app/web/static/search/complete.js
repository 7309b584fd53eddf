// Completes names as they are typed: an ARIA combobox with a list box (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/) on
// each input that has `data-complete`, the address of /search.json with its restrictions. Without this script the inputs are
// plain. `data-complete-go` has a choice open the entity's page; otherwise the choice is written into the input as its name,
// and the IRI is sent in its place, so that the form needs no second guess.

const WAIT = 120;
let counter = 0;

class Completion {
  constructor(input) {
    this.input = input;
    this.goes = input.hasAttribute("data-complete-go");
    this.results = [];
    this.active = -1;
    this.wrap();
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
    input.addEventListener("place", (event) => this.put(event.detail));
    input.form?.addEventListener("submit", () => this.close());
  }

  wrap() {
    const { input } = this;
    this.list = document.createElement("ul");
    Object.assign(this.list, { id: `completions-${(counter += 1)}`, className: "completions", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.dataset.completeLabel || input.labels?.[0]?.textContent.trim() || "");
    this.status = document.createElement("span");
    this.status.className = "hidden";
    this.status.setAttribute("role", "status");
    const around = document.createElement("span");
    around.className = "completed";
    const focused = document.activeElement === input;
    input.replaceWith(around);
    around.append(input, this.list, this.status);
    if (focused) input.focus();
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", this.list.id]]) {
      input.setAttribute(name, value);
    }
    input.removeAttribute("list"); // the few that are offered without this script
    if (!this.goes) this.keepIri();
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(Number(option.dataset.place));
    });
  }

  keepIri() {
    // The name stays readable in the box; the IRI travels in a hidden field of the same name.
    this.hidden = document.createElement("input");
    this.hidden.type = "hidden";
    this.name = this.input.name;
    this.input.after(this.hidden);
    const initial = this.input.dataset.completeIri;
    if (initial) this.carry(initial);
  }

  carry(iri) {
    this.hidden.value = iri || "";
    this.hidden.name = iri ? this.name : "";
    this.input.name = iri ? "" : this.name;
  }

  typed() {
    if (this.hidden) this.carry("");
    clearTimeout(this.timer);
    this.asked?.abort();
    const text = this.input.value.trim();
    if (!text) return this.close();
    this.timer = setTimeout(() => this.ask(text), WAIT);
  }

  async ask(text) {
    const address = new URL(this.input.dataset.complete, document.baseURI);
    address.searchParams.set("q", this.input.value);
    address.searchParams.set("names", "1");
    address.searchParams.set("limit", "8");
    this.asked = new AbortController();
    try {
      const response = await fetch(address, { signal: this.asked.signal, headers: { Accept: "application/json" } });
      if (!response.ok) return this.close();
      const found = await response.json();
      if (this.input.value.trim() === text && document.activeElement === this.input) this.show(found.results);
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  show(results) {
    this.results = results;
    this.list.replaceChildren(...results.map((result, place) => this.option(result, place)));
    this.list.hidden = results.length === 0;
    this.input.setAttribute("aria-expanded", String(results.length > 0));
    const words = document.getElementById("q")?.dataset.offered.split("|") ?? ["0", "1", "…"];
    this.status.textContent = words[Math.min(results.length, 2)].replace("…", results.length);
    this.activate(-1);
  }

  option(result, place) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${place}`;
    option.dataset.place = place;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const name = document.createElement("span");
    name.textContent = result.why === "also" ? `${result.label} (${result.said})` : result.label;
    if (result.language) name.lang = result.language;
    const what = document.createElement("span");
    what.className = "what";
    what.textContent = [result.what, ...result.where].filter(Boolean).join(" · ");
    option.append(name, " ", what);
    return option;
  }

  activate(place) {
    this.active = place;
    [...this.list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === place)));
    if (place < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", this.list.children[place].id);
    this.list.children[place].scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    const open = !this.list.hidden;
    const last = this.results.length - 1;
    if (event.key === "ArrowDown" && !open && this.input.value.trim()) this.typed();
    else if (event.key === "ArrowDown" && open) this.activate(this.active >= last ? 0 : this.active + 1);
    else if (event.key === "ArrowUp" && open) this.activate(this.active <= 0 ? last : this.active - 1);
    else if (event.key === "Enter" && open && this.active >= 0) this.choose(this.active);
    else if (event.key === "Escape" && open) this.close();
    else return;
    event.preventDefault();
  }

  choose(place) {
    const result = this.results[place];
    this.close();
    if (this.goes) {
      window.location.assign(result.page);
      return;
    }
    this.put(result);
    this.input.dispatchEvent(new CustomEvent("completed", { bubbles: true, detail: result }));
  }

  // A name into the box, and what stands for it into the form; another script may ask for it ("place").
  put({ label, iri }) {
    clearTimeout(this.timer);
    this.input.value = label;
    this.carry(iri);
  }

  close() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.activate(-1);
  }
}

for (const input of document.querySelectorAll("input[data-complete]")) new Completion(input);
