// The page's own words, in its language: the messages of one area, put into the page by the server.

const element = document.getElementById("words");
const texts = element ? JSON.parse(element.textContent) : {};
export const language = document.documentElement.lang || "fr";
export const locale = language === "en" ? "en-GB" : language;
const numbers = new Intl.NumberFormat(locale);

/** The text of a key with its {placeholders} filled; `key-one` and `key-many` are chosen by `n`. */
export function say(key, values = {}) {
  let text = texts[key];
  if (text === undefined && "n" in values) {
    const single = language === "fr" ? Math.abs(values.n) < 2 : values.n === 1;
    text = texts[`${key}-${single ? "one" : "many"}`];
  }
  return (text ?? key).replace(/\{(\w+)\}/g, (_, name) => shown(values[name]));
}

export function shown(value) {
  return typeof value === "number" ? numbers.format(value) : String(value);
}
