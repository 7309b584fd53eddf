// “Around me”: a button beside each field that asks for a commune (`data-near`, the address of /communes.json). On a click, and
// only then, the browser is asked for its position; the nearest commune is found here, and its name alone is sent with the form.

const FAR_KM = 50;
const WAIT = 15000;

const radians = (degrees) => (degrees * Math.PI) / 180;

// Kilometres on the sphere (haversine).
function apart([west, south], [east, north]) {
  const across = Math.sin(radians(east - west) / 2) ** 2 * Math.cos(radians(south)) * Math.cos(radians(north));
  return 2 * 6371.0088 * Math.asin(Math.sqrt(Math.min(1, Math.sin(radians(north - south) / 2) ** 2 + across)));
}

export function nearest(communes, point) {
  let best = null;
  for (const [word, name, longitude, latitude] of communes) {
    const km = apart(point, [longitude, latitude]);
    if (!best || km < best.km) best = { word, name, km };
  }
  return best;
}

function position() {
  return new Promise((found, failed) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => found([coords.longitude, coords.latitude]),
      failed,
      { enableHighAccuracy: false, timeout: WAIT, maximumAge: 600000 },
    );
  });
}

function offer(input) {
  const { say, sayFinding, sayRefused, sayFailed, sayFar, near } = input.dataset;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "quiet around", textContent: say });
  const status = document.createElement("span");
  status.className = "note";
  status.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    button.disabled = true;
    status.textContent = sayFinding;
    try {
      const [point, response] = await Promise.all([position(), fetch(near, { headers: { Accept: "application/json" } })]);
      if (!response.ok) throw new Error(String(response.status));
      const found = nearest((await response.json()).communes, point);
      if (!found || found.km > FAR_KM) {
        status.textContent = sayFar;
        return;
      }
      status.textContent = found.name;
      input.dispatchEvent(new CustomEvent("place", { detail: { label: found.name, iri: found.word } }));
      input.form.requestSubmit();
    } catch (error) {
      status.textContent = error.code === 1 ? sayRefused : sayFailed;
    } finally {
      button.disabled = false;
    }
  });
  // The page kept room for it, so that nothing moves when it comes.
  input.closest("div, fieldset").querySelector(".around-room").append(button, status);
}

for (const input of document.querySelectorAll("input[data-near]")) {
  if (navigator.geolocation) offer(input);
  else input.closest("div, fieldset").querySelector(".around-room").remove();
}
