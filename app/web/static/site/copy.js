// Buttons that copy what stands in a field; without this script the field can be selected and copied as any text.

for (const field of document.querySelectorAll("[data-copy]")) {
  const { copy, copied, selected } = field.dataset;
  const button = document.createElement("button");
  const said = document.createElement("span");
  button.type = "button";
  button.className = "quiet";
  button.textContent = copy;
  said.className = "note";
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    field.select();
    const done = await navigator.clipboard?.writeText(field.value).then(() => true, () => false);
    said.textContent = ` ${done ? copied : selected}`;
  });
  field.after(button, said);
}
