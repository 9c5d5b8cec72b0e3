// The bar at the top: what is shown, in words, and the reader's language and appearance.
import { LANGUAGES, textsOf, type Language } from "../i18n";
import type { Store, Theme } from "../state";
import { fillWith, h } from "./dom";
import { icon } from "./icons";

export interface Header {
  element: HTMLElement;
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
  const languages = h("div", { class: "switch", role: "group" });
  const theme = h("button", { type: "button", class: "quiet", data: { control: "theme" }, on: { click: () => {
    const next = THEMES[(THEMES.indexOf(store.state.theme) + 1) % THEMES.length]!;
    store.set({ theme: next });
    render();
  } } });
  const element = h("header", { class: "top" }, h("h1", {}, "sitmap"), summary, search, languages, theme);

  function languageButton(lang: Language): HTMLElement {
    return h("button", {
      type: "button", lang, title: textsOf(lang).languageName, data: { lang }, aria: { pressed: lang === store.state.lang },
      on: { click: () => {
        store.set({ lang });
        languages.querySelector<HTMLElement>(`[data-lang="${lang}"]`)?.focus();
      } },
    }, lang.toUpperCase());
  }

  function render(): void {
    const texts = textsOf(store.state.lang);
    languages.setAttribute("aria-label", texts.languageLabel);
    fillWith(languages, ...LANGUAGES.map(languageButton));
    const label = `${texts.themeLabel}: ${texts.themes[store.state.theme]}`;
    fillWith(theme, icon(store.state.theme));
    theme.title = label;
    theme.setAttribute("aria-label", label);
  }

  return {
    element, render,
    summarize: (wanted, short, numbers, playing) => {
      // Not read out at every step of a playback, only where it stops.
      summary.setAttribute("aria-live", playing ? "off" : "polite");
      range.textContent = wanted;
      shortRange.textContent = short;
      fillWith(counts, ...numbers.filter(Boolean).map((text, i) => h("span", { class: i === 0 ? "count-now" : "count-past" }, text)));
    },
  };
}
