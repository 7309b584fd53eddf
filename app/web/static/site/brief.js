// Keeps the addresses of forms short, so that they can be sent: what the address did not name and nobody touched is not sent.
// Without this script it is, and means the same.

for (const form of document.querySelectorAll("form[data-brief]")) {
  form.addEventListener("submit", () => {
    const named = new URLSearchParams(location.search);
    const fields = [...form.elements].filter((field) => field.name);
    const touched = new Set(fields.filter((field) => named.has(field.name) || !isAsServed(field)).map((field) => field.name));
    for (const field of fields) if (!touched.has(field.name) || isEmpty(field)) field.disabled = true;
  });
}
window.addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form[data-brief] :disabled")) field.disabled = false;
});

function isAsServed(field) {
  if (field.type === "checkbox") return field.checked === field.defaultChecked;
  if (field.options) return field.selectedIndex === Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
  return field.type !== "hidden" && field.value === field.defaultValue;
}

function isEmpty(field) {
  return field.type !== "checkbox" && !field.value.trim();
}
