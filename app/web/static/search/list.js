// Keeps the addresses of a list short: a form's empty fields are not sent. Without this script they are, and mean nothing.

for (const form of document.querySelectorAll("form.filters, form.within")) {
  form.addEventListener("submit", () => {
    for (const field of form.elements) {
      if (field.name && field.type !== "checkbox" && !field.value.trim()) field.disabled = true;
    }
  });
}
window.addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form.filters :disabled, form.within :disabled")) field.disabled = false;
});
