// What stands in a field, on the clipboard: where the browser lets a page write there, or else in the older way, which plain http has too.

const PATIENCE = 1000; // milliseconds; a browser that asks its reader first may never answer

/** Whether it was copied; it is selected in any case, so that it can be copied by keyboard. */
export async function copied(field) {
  select(field);
  if (await written(field.value)) return true;
  select(field);
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  }
}

function select(field) {
  field.focus();
  field.select();
}

function written(text) {
  const late = new Promise((done) => setTimeout(done, PATIENCE, false));
  const now = navigator.clipboard?.writeText(text).then(() => true, () => false) ?? false;
  return Promise.race([now, late]);
}
