// An article that the reader pastes or drops. The server reads it and keeps nothing; it stands on the map alone
// until the reader goes back to all events.
import { readArticle, remember, type Pasted } from "../api";
import { joinReports, type SitEvent } from "../event";
import { EventSet } from "../events";
import { plural, textsOf } from "../i18n";
import type { State, Store } from "../state";
import { fillWith, h } from "./dom";
import { icon } from "./icons";

/** So much the server takes. */
const MOST_BYTES = 1024 * 1024;

export interface Page {
  /** Puts what stands over the map while an article is shown in its place. */
  place(banner: HTMLElement): void;
  /** Puts these events on the map, or with null all of the server's again. */
  show(events: EventSet | null): void;
  /** Brings all that is shown into view; the lowest pixels of the map are covered. */
  fit(covered: number): void;
  goTo(view: NonNullable<State["view"]>): void;
}

export interface Paste {
  /** Opens the dialog. */
  open(): void;
  /** A file is dragged over the page, leaves it, or was let go. */
  drag(leaves: boolean, file?: File): void;
  isShown(): boolean;
  leave(): void;
  render(): void;
}

/** `button` is where the keyboard goes back to. */
export function createPaste(store: Store, page: Page, button: HTMLElement): Paste {
  let shown: Pasted | null = null;
  /** What the reader had chosen before. */
  let before: State | null = null;
  /** The media type of the file that the text is from; empty for what was typed or pasted. */
  let type = "";
  let asking: AbortController | null = null;

  const banner = h("section", { class: "pasted", hidden: true });
  const text = h("textarea", { rows: 9, required: true, dir: "auto", spellcheck: "false", on: { input: () => (type = "") } });
  const published = h("input", { type: "date", aria: { describedby: "undated-hint" } });
  const file = h("input", { type: "file", hidden: true, accept: ".txt,.html,.htm,.json,text/plain,text/html,application/json", on: { change: () => void take(file.files?.[0], false) } });
  const note = h("p", { class: "note", role: "status" });
  const problem = h("p", { class: "problem", role: "alert", dir: "auto" });
  const dialog = h("dialog", {
    class: "paste", aria: { labelledby: "paste-title" },
    on: { close: () => asking?.abort(), keydown: (e) => e.stopPropagation() },
  });
  const drop = h("div", { class: "drop", popover: "manual" });
  document.body.append(dialog, drop);
  page.place(banner);

  function open(): void {
    const { paste, close } = textsOf(store.state.lang);
    for (const part of [note, problem]) fillWith(part);
    fillWith(
      dialog,
      h("form", { on: { submit: (e) => { e.preventDefault(); void read(); } } },
        h("header", {},
          h("h2", { id: "paste-title" }, paste.title),
          h("button", { type: "button", class: "quiet", aria: { label: close }, on: { click: () => dialog.close() } }, icon("close"))),
        h("p", { class: "note" }, paste.hint),
        h("label", {}, paste.text, text),
        h("div", { class: "published" }, h("label", {}, paste.published, published), h("p", { class: "note", id: "undated-hint" }, paste.undatedHint)),
        h("div", {}, note, problem),
        h("footer", {},
          h("button", { type: "button", class: "text-button", data: { control: "file" }, on: { click: () => file.click() } }, paste.file), file,
          h("button", { class: "primary", data: { control: "read" } }, paste.run))));
    dialog.showModal();
    text.focus();
    text.select();
  }

  async function take(given: File | undefined, andRead: boolean): Promise<void> {
    // The same file can be chosen again, when it has been mended.
    file.value = "";
    if (!given) return;
    const { paste } = textsOf(store.state.lang);
    try {
      const content = given.size > MOST_BYTES ? null : await given.text();
      fillWith(problem, content === null && paste.tooLong);
      if (content === null) return;
      text.value = content;
      type = /\.html?$/i.test(given.name) ? "text/html" : /\.json$/i.test(given.name) ? "application/json" : "";
      if (andRead) await read();
    } catch {
      fillWith(problem, paste.failed);
    }
  }

  async function read(): Promise<void> {
    const { paste } = textsOf(store.state.lang);
    const source = text.value;
    const kind = type || (/^\s*<(!doctype|html)\b/i.test(source) ? "text/html" : "text/plain");
    asking?.abort();
    const { signal } = (asking = new AbortController());
    fillWith(problem);
    if (new Blob([source]).size > MOST_BYTES) return fillWith(problem, paste.tooLong);
    fillWith(note, paste.reading);
    try {
      const pasted = await readArticle(source, kind, textOf(source, kind), published.value, signal);
      if (pasted.events.length > 0) {
        dialog.close();
        enter(pasted);
      } else {
        fillWith(problem, paste.none);
      }
    } catch (error) {
      if (!signal.aborted) fillWith(problem, paste.failed, " ", String((error as Error).message));
    }
    if (!signal.aborted) fillWith(note);
  }

  function enter(pasted: Pasted): void {
    before ??= store.state;
    remember((shown = pasted));
    joinReports(pasted.events);
    page.show(new EventSet(pasted.events));
    const all = new Set<string>();
    store.set({ range: null, filters: { actor: all, action: all, status: all, country: all }, selected: null, group: null, playing: false });
    banner.hidden = false;
    render();
    page.fit(banner.offsetHeight);
    banner.querySelector("h2")?.focus();
  }

  function leave(): void {
    if (!before) return;
    const { range, filters, selected, group, view } = before;
    shown = before = null;
    remember(null);
    banner.hidden = true;
    page.show(null);
    store.set({ range, filters, selected, group, playing: false });
    if (view) page.goTo(view);
    button.focus();
  }

  function render(): void {
    const { lang } = store.state;
    const { paste } = textsOf(lang);
    if (!shown) return;
    banner.setAttribute("aria-label", paste.banner);
    const unplaced = new Set(shown.toponyms.filter(({ geometry, properties: { said } }) => !geometry || said === false).map(({ properties }) => properties.text));
    const undated = shown.events.some((event: SitEvent) => !event.days);
    const list = new Intl.ListFormat(lang, { type: "unit" });
    fillWith(
      banner,
      h("h2", { tabindex: "-1" }, paste.banner),
      h("p", { role: "status" }, plural(lang, paste.found, shown.events.length)),
      undated && !shown.article.published && h("p", { class: "note" }, paste.undatedHint),
      unplaced.size > 0 && h("details", {}, h("summary", {}, plural(lang, paste.unplaced, unplaced.size)),
        h("p", {}, ...list.formatToParts(unplaced).map(({ type, value }) => (type === "element" ? h("bdi", {}, value) : value)))),
      h("p", { class: "actions" },
        h("button", { type: "button", class: "text-button", data: { control: "again" }, on: { click: open } }, paste.again),
        h("button", { type: "button", class: "text-button", data: { control: "leave" }, on: { click: leave } }, icon("back"), paste.leave)));
  }

  function drag(leaves: boolean, given?: File): void {
    drop.textContent = textsOf(store.state.lang).paste.drop;
    drop.togglePopover(!leaves);
    if (!given) return;
    open();
    void take(given, true);
  }

  return { open, drag, isShown: () => before !== null, leave, render };
}

/** What a reader sees of an article; never more than text. */
function textOf(source: string, type: string): string {
  if (type === "application/json") {
    try {
      const { text, html } = JSON.parse(source);
      return typeof text === "string" ? text : textOf(String(html ?? ""), "text/html");
    } catch {
      return "";
    }
  }
  if (type !== "text/html") return source;
  // A document of its own: nothing in it is loaded or run. Its styles are left out before: the page's policy complains.
  const unstyled = source.replace(/<style\b[^]*?<\/style\s*>/gi, "").replace(/\sstyle\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, "");
  const { body } = new DOMParser().parseFromString(unstyled, "text/html");
  for (const hidden of body.querySelectorAll("script, style, noscript, template")) hidden.remove();
  for (const block of body.querySelectorAll("p, div, li, br, h1, h2, h3, h4, h5, h6, tr, blockquote, section, article, header, footer, nav")) {
    // A sign that no page has: its own line breaks are spaces.
    block.before("\0");
    block.after("\0");
  }
  return (body.textContent ?? "").replace(/\s+/g, " ").replace(/ ?\0[\0 ]*/g, "\n\n").trim();
}
