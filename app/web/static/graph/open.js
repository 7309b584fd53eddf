// Brings pictures of neighbourhoods to life: at once on their own page, when it is opened on the page of an entity.

for (const place of document.querySelectorAll("[data-neighbourhood]")) {
  const start = () => import("./neighbourhood.js").then(({ explore }) => explore(place));
  if (place.tagName === "DETAILS" && !place.open) place.addEventListener("toggle", start, { once: true });
  else start();
}
