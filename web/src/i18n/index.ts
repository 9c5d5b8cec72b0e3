// The interface's languages. A language is one file of texts, fetched when it is wanted; English, which says what
// texts there are, comes with the page.
import languageFiles from "virtual:languages";
import en from "./en.json";

/** A text whose form depends on a number: CLDR plural categories, `{n}` stands for the number. */
export type Plural = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;
export type Texts = typeof en;
/** An ISO 639-1 code of a language that has texts. */
export type Language = string;

interface Loaded {
  texts: Texts;
  /** Names of actors by their ids. */
  actors: Record<string, string>;
}
const loaded = new Map<Language, Loaded>([["en", { texts: en, actors: {} }]]);

/** All that there are texts for. */
export const ALL_LANGUAGES: Language[] = ["en", ...Object.keys(languageFiles)];
const RIGHT_TO_LEFT = ["ar", "fa", "he", "ur"];
export const directionOf = (lang: Language) => (RIGHT_TO_LEFT.includes(lang) ? "rtl" : "ltr");

/** The texts of a language that has been loaded. */
export const textsOf = (lang: Language): Texts => (loaded.get(lang) ?? loaded.get("en")!).texts;

/** Fetches a language's texts; what it lacks stays English. False where they cannot be had. */
export async function loadLanguage(lang: Language): Promise<boolean> {
  if (loaded.has(lang)) return true;
  try {
    const answer = await fetch(languageFiles[lang]!);
    if (!answer.ok) return false;
    const { texts, actors } = (await answer.json()) as Loaded;
    loaded.set(lang, { texts: filledUp(en, texts), actors });
    return true;
  } catch {
    return false;
  }
}

function filledUp<T extends object>(whole: T, part: Partial<T>): T {
  const filled: Record<string, unknown> = { ...whole, ...part };
  for (const [key, value] of Object.entries(whole)) {
    // Plural forms differ from language to language: they are taken as they are.
    if (typeof value === "object" && !("other" in value)) filled[key] = filledUp(value as object, (part as Record<string, object>)[key] ?? {});
  }
  return filled as T;
}

export function preferredLanguage(offered: Language[]): Language {
  for (const tag of navigator.languages ?? [navigator.language]) {
    const found = offered.find((lang) => tag.toLowerCase().split("-")[0] === lang);
    if (found) return found;
  }
  return offered[0] ?? "en";
}

export function plural(lang: Language, text: Plural, n: number): string {
  const form = text[new Intl.PluralRules(lang).select(n)] ?? text.other;
  return form.replace("{n}", new Intl.NumberFormat(lang).format(n));
}

/** A text by a key that the server gives; it may have one that we do not know. */
export const lookUp = (texts: Record<string, string>, key: string): string | undefined => texts[key];

export const fill = (text: string, values: Record<string, string>) =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

/** Isolated by Unicode's FSI and PDI. What is made of isolated parts stays as it is: it has no direction of its own. */
export const apart = (text: string) => (text.startsWith("\u2068") ? text : `\u2068${text}\u2069`);

/**
 * Parts of one line. Where one is written from right to left, or hides a change of direction, each is isolated: else a
 * number or a dot goes to the wrong side of a name in the other script.
 */
export function joined(parts: (string | null | undefined | false)[], by = " · "): string {
  const told = parts.filter((part) => !!part) as string[];
  return (/[\u0590-\u08ff\u202a-\u202e]/.test(told.join("")) ? told.map(apart) : told).join(by);
}

const displayNames = new Map<string, Intl.DisplayNames>();
function nameOf(lang: Language, type: "region" | "language", code: string): string {
  const key = `${type} ${lang}`;
  let names = displayNames.get(key);
  if (!names) displayNames.set(key, (names = new Intl.DisplayNames(lang, { type })));
  return names.of(code) ?? code;
}

/** A country's name in the reader's language, from its ISO 3166-1 code. */
export const countryName = (lang: Language, code: string) => (/^[A-Z]{2}$/.test(code) ? nameOf(lang, "region", code) : code);

/** A language's name in itself: "français". */
export const languageName = (lang: Language) => nameOf(lang, "language", lang);

/** An actor's name: the registry's in the reader's language, else as the server gives it. */
export function actorName(lang: Language, name?: string | null, id?: string | null): string | null {
  if (!name) return null;
  if (lang === "en" || !id) return name;
  // A state's id is its ISO code.
  return loaded.get(lang)?.actors[id] ?? (/^[a-z]{2}$/.test(id) ? countryName(lang, id.toUpperCase()) : name);
}
