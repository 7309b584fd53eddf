// The queries that this browser ran, kept in this browser alone; nothing is sent anywhere.

const KEY = "maillage.queries";
const MOST = 50;

export function past() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter((one) => typeof one?.query === "string") : [];
  } catch {
    return []; // storage refused, or what is there is not ours
  }
}

export function remember(entry) {
  const kept = [entry, ...past().filter((one) => one.query !== entry.query)].slice(0, MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // refused or full: the query ran all the same
  }
}

export function forget() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // refused
  }
}
