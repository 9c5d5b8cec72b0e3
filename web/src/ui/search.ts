// The box that finds places: a combobox after the ARIA pattern. The keyboard stays in the field; the
// arrows move through the list below it, and Enter takes what is marked there.
import { findPlaces } from "../api";
import { fill, plural, textsOf } from "../i18n";
import type { FoundPlace } from "../place";
import type { Store } from "../state";
import { fillWith, h } from "./dom";
import { icon } from "./icons";
import { shortcut } from "./keys";
import { aboutPlace } from "./words";

export interface Search {
  element: HTMLElement;
  render(): void;
  /** Empties the field and takes the place off the map. */
  clear(): void;
}

/** The keyboard rests so long before the server is asked. */
const PAUSE_MS = 150;
const MOST = 8;

export function createSearch(store: Store, onPlace: (place: FoundPlace | null) => void): Search {
  let found: FoundPlace[] = [];
  let active = 0;
  let timer = 0;
  /** The question on its way, its pause included; null once there is an answer. */
  let asking: AbortController | null = null;
  /** Enter came before the answer: its first place is taken. */
  let hurried = false;
  let chosen = false;

  const label = h("label", { class: "unseen", for: "search" });
  const input = h("input", {
    id: "search", type: "text", role: "combobox", inputmode: "search", enterkeyhint: "search", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
    // The server refuses longer ones.
    maxlength: "100",
    aria: { autocomplete: "list", controls: "search-list", expanded: false, keyshortcuts: "/" },
    on: { input: () => (input.value.trim() ? ask(PAUSE_MS) : clear()), keydown, blur: close },
  });
  const hint = h("kbd", { aria: { hidden: true } }, "/");
  const clearButton = h("button", { type: "button", class: "quiet", data: { control: "clear-search" }, on: { click: () => {
    // The button goes away: whoever pressed it by the keyboard is put back into the field.
    if (document.activeElement === clearButton) input.focus();
    clear();
  } } }, icon("close"));
  const box = h("div", { class: "search-box" }, icon("search"), input, hint, clearButton);
  const list = h("ul", { class: "search-list", id: "search-list", role: "listbox", hidden: true });
  /** Says how many there are, or that there is none; only the latter needs to be seen. */
  const note = h("p", { class: "search-note unseen", role: "status" });
  const element = h("div", { class: "search", role: "search" }, label, box, list, note);

  // A press beside the field's text would take the keyboard, or a phone's keys, out of the field.
  for (const part of [list, clearButton]) part.addEventListener("mousedown", (e) => e.preventDefault());
  shortcut("/", () => {
    input.focus();
    input.select();
  });

  function keydown(e: KeyboardEvent): void {
    if (e.isComposing) return;
    const open = !list.hidden || !note.classList.contains("unseen");
    if (e.key === "Escape") {
      if (!open && !input.value) return;
      // One press, one thing: an event in the panel stays.
      e.stopPropagation();
      if (open) close();
      else clear();
    } else if (e.key === "Enter") {
      if (!input.value.trim()) return;
      if (!asking && !list.hidden) choose(found[active]!);
      else if (!asking && found.length > 0) show();
      else {
        hurried = true;
        ask(0);
      }
    } else if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      if (found.length === 0) return;
      if (list.hidden) show();
      else mark((active + (e.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
    } else return;
    e.preventDefault();
  }

  function stop(): void {
    window.clearTimeout(timer);
    asking?.abort();
    asking = null;
  }
  /** Asks for what stands in the field, unless more is typed within the pause. */
  function ask(pause: number): void {
    stop();
    if (pause > 0) hurried = false;
    clearButton.hidden = false;
    const question = (asking = new AbortController());
    timer = window.setTimeout(() => void answer(question), pause);
  }
  async function answer(question: AbortController): Promise<void> {
    const { lang } = store.state;
    let failed = false;
    let places: FoundPlace[] = [];
    try {
      places = await findPlaces(input.value.trim(), lang, MOST, question.signal);
    } catch {
      failed = true;
    }
    // Another question, or none: whatever came of this one.
    if (question.signal.aborted) return;
    asking = null;
    found = places;
    active = 0;
    const texts = textsOf(lang);
    if (found.length === 0) {
      close();
      say(failed ? texts.searchFailed : texts.searchNone, true);
    } else if (hurried) choose(found[0]!);
    else {
      say(plural(lang, texts.placesFound, found.length));
      if (document.activeElement === input) show();
    }
    hurried = false;
  }

  function show(): void {
    const { lang } = store.state;
    fillWith(list, ...found.map((place, i) =>
      h("li", { id: `search-${i}`, role: "option", data: { place: place.id }, on: { click: () => choose(place) } },
        h("strong", {}, place.label), " ", h("span", {}, aboutPlace(lang, place)))));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(active);
    note.classList.add("unseen");
  }
  function mark(wanted: number): void {
    active = wanted;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
    input.setAttribute("aria-activedescendant", `search-${active}`);
    list.children[active]?.scrollIntoView({ block: "nearest" });
  }
  function close(): void {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    note.classList.add("unseen");
  }
  function say(text: string, seen = false): void {
    note.textContent = text;
    note.classList.toggle("unseen", !seen);
  }

  function choose(place: FoundPlace): void {
    stop();
    close();
    chosen = true;
    input.value = place.label;
    say(fill(textsOf(store.state.lang).placeShown, { place: place.label }));
    // The keys on the screen make room for the map.
    if (matchMedia("(pointer: coarse)").matches) input.blur();
    onPlace(place);
  }
  function clear(): void {
    stop();
    close();
    say("");
    found = [];
    input.value = "";
    clearButton.hidden = true;
    if (chosen) onPlace(null);
    chosen = false;
  }

  function render(): void {
    const texts = textsOf(store.state.lang);
    label.textContent = input.placeholder = texts.searchLabel;
    list.setAttribute("aria-label", texts.searchLabel);
    clearButton.title = texts.searchClear;
    clearButton.setAttribute("aria-label", texts.searchClear);
    clearButton.hidden = !input.value;
    // What was found bears the names of the language before.
    stop();
    close();
    say("");
    found = [];
  }

  return { element, render, clear };
}
