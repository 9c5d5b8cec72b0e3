// The interface's languages. A language is one file of texts; `en` says which texts there are.
import actorNames from "virtual:actor-names";
import { en } from "./en";
import { fr } from "./fr";

/** A text whose form depends on a number: CLDR plural categories, `{n}` stands for the number. */
export type Plural = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;
export type Texts = typeof en;

const TEXTS = { en, fr };
export type Language = keyof typeof TEXTS;
export const LANGUAGES = Object.keys(TEXTS) as Language[];

export const textsOf = (lang: Language): Texts => TEXTS[lang];

export function preferredLanguage(): Language {
  for (const tag of navigator.languages ?? [navigator.language]) {
    const found = LANGUAGES.find((lang) => tag.toLowerCase().split("-")[0] === lang);
    if (found) return found;
  }
  return "en";
}

export function plural(lang: Language, text: Plural, n: number): string {
  const form = text[new Intl.PluralRules(lang).select(n)] ?? text.other;
  return form.replace("{n}", new Intl.NumberFormat(lang).format(n));
}

export const fill = (text: string, values: Record<string, string>) =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

const regionNames = new Map<Language, Intl.DisplayNames>();

/** A country's name in the reader's language, from its ISO 3166-1 code. */
export function countryName(lang: Language, code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  let names = regionNames.get(lang);
  if (!names) regionNames.set(lang, (names = new Intl.DisplayNames(lang, { type: "region" })));
  return names.of(code) ?? code;
}

/** An actor's name: the registry's in the reader's language, else as the server gives it. */
export function actorName(lang: Language, name?: string | null, id?: string | null): string | null {
  if (!name) return null;
  if (lang === "en" || !id) return name;
  // A state's id is its ISO code.
  return actorNames[lang]?.[id] ?? (/^[a-z]{2}$/.test(id) ? countryName(lang, id.toUpperCase()) : name);
}
