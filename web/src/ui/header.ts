// The bar at the top: what is shown, in words, and the reader's language and appearance.
import { languageName, textsOf } from "../i18n";
import { settings } from "../settings";
import type { Store, Theme } from "../state";
import { fillWith, h } from "./dom";
import { icon } from "./icons";

export interface Header {
  element: HTMLElement;
  tools: HTMLElement;
  summarize(range: string, shortRange: string, counts: string[], playing: boolean): void;
  render(): void;
}

const THEMES: Theme[] = ["auto", "light", "dark"];

/** `search` is the box that finds places; on a phone it hangs below the bar. */
export function createHeader(store: Store, search: HTMLElement): Header {
  const range = h("span", { class: "range" });
  const shortRange = h("span", { class: "range-short", aria: { hidden: true } });
  const counts = h("span", { class: "counts" });
  const summary = h("p", { class: "summary", role: "status" }, range, shortRange, counts);
  const languages = h("select", { class: "language", data: { control: "language" }, on: { change: () => store.set({ lang: languages.value }) } });
  const theme = h("button", { type: "button", class: "quiet", data: { control: "theme" }, on: { click: () => {
    const next = THEMES[(THEMES.indexOf(store.state.theme) + 1) % THEMES.length]!;
    store.set({ theme: next });
    render();
  } } });
  /** Buttons of what can be done with the view. */
  const tools = h("div", { class: "tools" });
  /** On a phone, language and theme are behind a button. */
  const appearance = h("div", { class: "appearance", id: "appearance", popover: "auto" }, languages, theme);
  const more = h("button", { type: "button", class: "quiet more-tools", popovertarget: "appearance", data: { control: "appearance" } }, icon("more"));
  const element = h("header", { class: "top" }, h("h1", {}, settings.title), summary, search, tools, more, appearance);

  function render(): void {
    const texts = textsOf(store.state.lang);
    languages.setAttribute("aria-label", texts.languageLabel);
    fillWith(languages, ...settings.languages.map((lang) => h("option", { value: lang, lang, selected: lang === store.state.lang }, languageName(lang))));
    languages.hidden = settings.languages.length < 2;
    const label = `${texts.themeLabel}: ${texts.themes[store.state.theme]}`;
    fillWith(theme, icon(store.state.theme));
    theme.title = label;
    theme.setAttribute("aria-label", label);
    more.title = texts.appearance;
    more.setAttribute("aria-label", texts.appearance);
  }

  return {
    element, tools, render,
    summarize: (wanted, short, numbers, playing) => {
      // Not read out at every step of a playback, only where it stops.
      summary.setAttribute("aria-live", playing ? "off" : "polite");
      range.textContent = wanted;
      shortRange.textContent = short;
      fillWith(counts, ...numbers.filter(Boolean).map((text, i) => h("span", { class: i === 0 ? "count-now" : "count-past" }, text)));
    },
  };
}
