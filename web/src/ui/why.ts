// "Why here?": how an event's place name was read. The server is asked only once this is opened; what it
// answers is told in reasons.ts.
import { isMissing } from "../api";
import type { SitEvent } from "../event";
import { fill, textsOf, type Texts } from "../i18n";
import type { FoundPlace } from "../place";
import type { Reading } from "../reading";
import type { Store } from "../state";
import { fillWith, h } from "./dom";
import { icon } from "./icons";

export interface Why {
  element: HTMLElement;
  render(event: SitEvent | null): void;
}

/** Shows a place on the map; null ends that, and `back` is then the event to return to. */
export type Look = (place: FoundPlace | null, back?: SitEvent) => void;

export function createWhy(store: Store, look: Look): Why {
  let event: SitEvent | null = null;
  let open = false;
  let asking: AbortController | null = null;
  /** The button of the candidate that the map shows. */
  let looked: HTMLElement | null = null;

  const button = h("button", { type: "button", class: "text-button why-button", data: { control: "why" }, aria: { controls: "why", expanded: false }, on: { click: () => setOpen(!open, true) } });
  /** What is to be heard: that it is being loaded, how sure it is, or what is amiss. */
  const note = h("p", { class: "why-note", role: "status" });
  const answer = h("div");
  const seen = h("p", { class: "unseen", role: "status" });
  const body = h("div", { class: "why-body", id: "why", hidden: true }, note, answer, seen);
  const element = h("div", { class: "why" }, button, body);
  body.addEventListener("keydown", (e) => {
    if (e.key !== "Escape" || !looked) return;
    // One press, one thing: the event stays.
    e.stopPropagation();
    endLook(true);
  });

  function setOpen(wanted: boolean, byReader: boolean): void {
    open = wanted;
    button.setAttribute("aria-expanded", String(open));
    body.hidden = !open;
    asking?.abort();
    endLook(byReader);
    fillWith(note);
    fillWith(answer);
    if (open && event) void ask(event);
  }

  async function ask(about: SitEvent): Promise<void> {
    const texts = textsOf(store.state.lang).why;
    const question = (asking = new AbortController());
    fillWith(note, texts.loading);
    body.setAttribute("aria-busy", "true");
    await answered(about, question.signal, texts);
    if (!question.signal.aborted) body.removeAttribute("aria-busy");
  }

  async function answered(about: SitEvent, signal: AbortSignal, texts: Texts["why"]): Promise<void> {
    let reading: Reading | null;
    const telling = import("./reasons");
    try {
      const { loadReading } = await import("../reading");
      reading = await loadReading(about, signal);
    } catch (error) {
      if (signal.aborted) return;
      fillWith(note, isMissing(error) ? texts.noArticle : texts.failed);
      if (!isMissing(error)) fillWith(answer, h("button", { type: "button", class: "text-button", data: { control: "retry-why" }, on: { click: retry } }, textsOf(store.state.lang).retry));
      return;
    }
    if (signal.aborted) return;
    if (!reading) return fillWith(note, texts.none);
    const { candidatesOf, factsOf, verdictOf } = await telling;
    if (signal.aborted) return;
    const { lang } = store.state;
    fillWith(note, ...verdictOf(lang, reading.toponym));
    fillWith(answer, factsOf(lang, about, reading), candidatesOf(lang, reading.toponym, toggleLook));
    reveal();
  }

  /** Scrolls what was opened into sight, without moving its button out of it. */
  function reveal(): void {
    const box = element.closest(".panel-scroll");
    if (!box) return;
    const { top, bottom } = box.getBoundingClientRect();
    const below = body.getBoundingClientRect().bottom - bottom;
    if (below > 0) box.scrollTop += Math.min(below, button.getBoundingClientRect().top - top - 8);
  }

  function retry(): void {
    // This button goes away: the keyboard stays with the other.
    button.focus();
    setOpen(true, false);
  }

  /** A press shows a candidate, another leads back. */
  function toggleLook(place: FoundPlace, pressed: HTMLElement): void {
    const again = pressed === looked;
    endLook(again);
    if (again) return;
    looked = pressed;
    const texts = textsOf(store.state.lang);
    pressed.setAttribute("aria-pressed", "true");
    pressed.title = texts.why.lookOver;
    seen.textContent = fill(texts.placeShown, { place: place.label });
    look(place);
  }

  function endLook(goBack: boolean): void {
    if (!looked) return;
    looked.setAttribute("aria-pressed", "false");
    looked.title = textsOf(store.state.lang).why.look;
    looked = null;
    seen.textContent = "";
    look(null, goBack && event ? event : undefined);
  }

  function render(next: SitEvent | null): void {
    // In another language, the same event's reasons stay open.
    const stays = open && event?.id === next?.id;
    setOpen(false, false);
    event = next;
    element.hidden = !next?.is.article || !(next.is.place_as_written || next.is.place_id);
    fillWith(button, icon("expand"), textsOf(store.state.lang).why.open);
    if (stays) setOpen(true, false);
  }

  return { element, render };
}
