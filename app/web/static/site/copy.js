// Buttons that copy what stands in a field; without this script the field can be selected and copied as any text.

import { copied } from "./copying.js";

for (const field of document.querySelectorAll("[data-copy]")) {
  const said = Object.assign(document.createElement("span"), { className: "note" });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: field.dataset.copy });
  said.setAttribute("role", "status");
  button.setAttribute("aria-describedby", field.labels[0].id);
  button.addEventListener("click", async () => {
    said.textContent = ""; // so that a second copy is said again
    const done = await copied(field);
    if (done) button.focus(); // or else the focus stays where the keyboard copies
    said.textContent = ` ${done ? field.dataset.copied : field.dataset.selected}`;
  });
  field.after(button, said);
}
