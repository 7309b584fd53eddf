// The text of the query: CodeMirror in place of the text area, which stays in the form and holds the same text.
// It stands in a shadow root, where its styles are constructed sheets: the site's policy allows no style element.

import { say } from "./words.js";

const KEY = { run: "Mod-Enter" };

export async function edit(area, address, completion, run) {
  const cm = await import(address);
  const host = document.createElement("div");
  host.className = "code";
  host.id = "editor-text";
  area.before(host);
  const root = host.attachShadow({ mode: "open" });
  const { EditorState, EditorView } = cm;
  host.style.setProperty("--least", `${area.offsetHeight}px`); // the page does not move when the one takes the other's place
  const view = new EditorView({ root, parent: root, state: EditorState.create({ doc: area.value, extensions: extensions(cm, area, completion, run) }) });
  area.hidden = true;
  area.required = false; // a hidden field that is required could not be submitted
  document.querySelector(`label[for="${area.id}"]`)?.addEventListener("click", () => view.focus());
  return new Text(cm, view);
}

class Text {
  constructor(cm, view) {
    Object.assign(this, { cm, view });
  }

  get value() {
    return this.view.state.doc.toString();
  }

  set value(text) {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text }, selection: { anchor: 0 } });
  }

  focus() {
    this.view.focus();
  }

  /** Mark what is wrong where it is; null clears the mark. The cursor goes there. */
  mark(problem) {
    const { view, cm } = this;
    if (!problem?.line || problem.line > view.state.doc.lines) return view.dispatch(cm.setDiagnostics(view.state, []));
    const line = view.state.doc.line(problem.line);
    const at = Math.min(line.from + Math.max(0, (problem.column ?? 1) - 1), line.to);
    view.dispatch(cm.setDiagnostics(view.state, [{ ...wordAt(line, at), severity: "error", message: problem.text }]));
    view.dispatch({ selection: { anchor: at }, scrollIntoView: true });
  }
}

/** The word at a place, or the one that ends there, or one character: something that can be seen. */
function wordAt(line, at) {
  const after = /^[\p{L}\p{N}_?:-]+/u.exec(line.text.slice(at - line.from));
  if (after) return { from: at, to: at + after[0].length };
  const before = /[\p{L}\p{N}_?:-]+\s*$/u.exec(line.text.slice(0, at - line.from));
  if (before) return { from: line.from + before.index, to: line.from + before.index + before[0].trimEnd().length };
  return { from: Math.min(at, Math.max(line.from, line.to - 1)), to: Math.min(line.to, at + 1) };
}

function extensions(cm, area, completion, run) {
  const { EditorView, EditorState, keymap } = cm;
  return [
    cm.lineNumbers(), cm.history(), cm.drawSelection(), cm.bracketMatching(), cm.closeBrackets(), cm.highlightActiveLine(), cm.highlightActiveLineGutter(),
    cm.indentUnit.of("    "), EditorState.tabSize.of(4), EditorView.lineWrapping,
    cm.StreamLanguage.define(cm.sparql), cm.syntaxHighlighting(colours(cm)),
    cm.autocompletion({ override: [completion.source], icons: false, maxRenderedOptions: 60 }),
    keymap.of([{ key: KEY.run, run: () => (run(), true) }, ...cm.closeBracketsKeymap, ...cm.completionKeymap, ...cm.defaultKeymap, ...cm.historyKeymap]),
    EditorView.contentAttributes.of({ "aria-label": say("query-label"), spellcheck: "false", autocapitalize: "off", tabindex: "0", id: "query-text" }),
    EditorView.domEventHandlers({ focus: () => void completion.vocabulary }),
    EditorView.updateListener.of((update) => { if (update.docChanged) area.value = update.state.doc.toString(); }),
    EditorState.phrases.of({ Completions: say("completions"), Diagnostics: say("errors"), "Control character": say("control-character") }),
    look(EditorView),
  ];
}

function colours({ HighlightStyle, tags }) {
  return HighlightStyle.define([
    { tag: tags.keyword, color: "var(--code-keyword)", fontWeight: "600" },
    { tag: [tags.variableName, tags.local(tags.variableName)], color: "var(--code-variable)" },
    { tag: [tags.string, tags.literal], color: "var(--code-string)" },
    { tag: tags.atom, color: "var(--code-name)" },
    { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
    { tag: [tags.meta, tags.number], color: "var(--code-string)" },
    { tag: [tags.operator, tags.bracket], color: "var(--ink)" },
  ]);
}

function look(EditorView) {
  return EditorView.theme({
    "&": { background: "var(--card)", color: "var(--ink)", border: "1px solid var(--soft)", borderRadius: "var(--radius)", fontSize: "0.9rem" },
    "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "2px" },
    ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", maxHeight: "36rem", overflow: "auto" },
    ".cm-content, .cm-gutter": { minHeight: "calc(var(--least) - 2px)" },
    ".cm-content": { padding: "0.6rem 0", caretColor: "var(--ink)" },
    ".cm-cursor": { borderLeftColor: "var(--ink)" },
    ".cm-gutters": { background: "var(--tint)", color: "var(--soft)", border: "0", borderRight: "1px solid var(--line)" },
    ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--tint) 60%, transparent)" },
    ".cm-activeLineGutter": { backgroundColor: "var(--line)", color: "var(--ink)" },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--code-selection)" },
    "&.cm-focused .cm-matchingBracket": { background: "var(--code-selection)", outline: "1px solid var(--soft)" },
    ".cm-tooltip": { background: "var(--card)", color: "var(--ink)", border: "1px solid var(--soft)", borderRadius: "var(--radius)", maxWidth: "min(36rem, 92vw)" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--sans)", fontSize: "0.92rem", maxHeight: "16rem" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.25rem 0.7rem", display: "flex", gap: "0.8rem", alignItems: "baseline", justifyContent: "space-between" },
    ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--link)", color: "var(--paper)" },
    ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600" },
    ".cm-completionDetail": { fontStyle: "normal", color: "inherit", opacity: "0.85", marginLeft: "0", textAlign: "right" },
    ".cm-tooltip.cm-completionInfo": { padding: "0.5rem 0.8rem", font: "0.9rem/1.5 var(--sans)", maxWidth: "20rem" },
    ".cm-diagnostic": { font: "0.92rem/1.5 var(--sans)", padding: "0.4rem 0.8rem", borderLeft: "4px solid var(--bad)" },
    ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad)", textUnderlineOffset: "0.2em", background: "color-mix(in srgb, var(--bad) 18%, transparent)" },
    ".cm-lintPoint": { borderBottom: "3px solid var(--bad)" },
  });
}
