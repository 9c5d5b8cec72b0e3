// Days are counted from 1970-01-01 in UTC: a date has no hour and no time zone here.

const MS = 86_400_000;

export type Step = "day" | "week" | "month";
export const STEPS: Step[] = ["day", "week", "month"];

/** `2019-10-16` (or a timestamp that begins so) as a day number; null for anything else. */
export function parseDay(text?: string | null): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)/.exec(text ?? "");
  if (!match) return null;
  const [, y, m, d] = match.map(Number);
  const time = Date.UTC(y!, m! - 1, d!);
  return Number.isNaN(time) || new Date(time).getUTCDate() !== d ? null : time / MS;
}

export const isoDay = (day: number) => new Date(day * MS).toISOString().slice(0, 10);

/** A step on from `day`: months keep the day of the month where there is one. */
export function addSteps(day: number, step: Step, count: number): number {
  if (step !== "month") return day + count * (step === "week" ? 7 : 1);
  const date = new Date(day * MS);
  const target = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count, 1);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count + 1, 0)).getUTCDate();
  return target / MS + Math.min(date.getUTCDate(), last) - 1;
}

/** The first day of the day, ISO week, or month that `day` is in. */
export function floorTo(day: number, step: Step): number {
  if (step === "day") return day;
  if (step === "week") return day - ((((day + 3) % 7) + 7) % 7);
  const date = new Date(day * MS);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / MS;
}

const formats = new Map<string, Intl.DateTimeFormat>();
/** The reader's own kind of a language, where the browser tells one: `en-GB` for `en`. */
const localeOf = (lang: string) => navigator.languages.find((tag) => tag.split("-")[0] === lang) ?? lang;
/** The digits of the interface's other numbers: the reader's own kind of the language may have different ones. */
const digitsOf = (lang: string) => new Intl.NumberFormat(lang).resolvedOptions().numberingSystem;
function format(lang: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = lang + JSON.stringify(options);
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(localeOf(lang), { ...options, timeZone: "UTC", numberingSystem: digitsOf(lang) })));
  return found;
}

const LONG = { day: "numeric", month: "long", year: "numeric" } as const;
const SHORT = { day: "numeric", month: "short", year: "numeric" } as const;

export const longDay = (lang: string, day: number) => format(lang, LONG).format(day * MS);
/** Written at each step of the slider, for the same days again and again: it is slow. */
const ranges = new Map<string, string>();
const MOST_RANGES = 10_000;
export function longRange(lang: string, from: number, to: number): string {
  const key = `${lang} ${from} ${to}`;
  let text = ranges.get(key);
  if (text === undefined) {
    if (ranges.size > MOST_RANGES) ranges.clear();
    ranges.set(key, (text = format(lang, LONG).formatRange(from * MS, to * MS)));
  }
  return text;
}
export const shortRange = (lang: string, from: number, to: number) => format(lang, SHORT).formatRange(from * MS, to * MS);
export const longMonth = (lang: string, day: number) => format(lang, { month: "long", year: "numeric" }).format(day * MS);
export const shortMonth = (lang: string, day: number) => format(lang, { month: "short" }).format(day * MS);
export const dayAndMonth = (lang: string, day: number) => format(lang, { day: "numeric", month: "long" }).format(day * MS);
export const shortDay = (lang: string, day: number) => format(lang, { day: "numeric", month: "short" }).format(day * MS);
export const yearOf = (day: number) => new Date(day * MS).getUTCFullYear();
