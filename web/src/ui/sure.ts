// How sure an event is, in a word and a number, and what of it speaks for and against. Only what the data say: how
// the confidence was reckoned is the server's matter.
import type { SitEvent } from "../event";
import { fill, textsOf, type Language } from "../i18n";
import { h } from "./dom";
import { precisionText, surenessText } from "./words";

/** UCDP `where_prec`: the place itself; and from which on only a division, a region or a country is known. */
const EXACT = 1;
const REGION = 4;

interface Ground {
  text: string;
  isFor: boolean;
}

function groundsOf(lang: Language, event: SitEvent): Ground[] {
  const { sure } = textsOf(lang);
  const { at, days, is, reports } = event;
  const precision = is.geo_precision ?? 0;
  const told = (when: unknown, text: string, isFor: boolean) => (when ? [{ text, isFor }] : []);
  return [
    ...told(is.date_basis === "explicit", sure.explicitDate, true),
    ...told(is.date_basis === "relative", sure.relativeDate, true),
    ...told(is.date_basis === "inferred", sure.inferredDate, false),
    ...told(is.date_basis === "published", sure.publishedDate, false),
    // A day whose year is not known is a date still.
    ...told(!days && !is.date, sure.noDate, false),
    ...told(at && precision === EXACT, sure.exactPlace, true),
    ...told(at && precision > EXACT && precision < REGION, precisionText(lang, event), false),
    ...told(at && precision >= REGION, sure.vaguePlace, false),
    ...told(!at, sure.unplaced, false),
    // What one report gives as a party's word, another may state.
    ...told(reports.every((report) => report.is.claimed_by), sure.claimed, false),
    ...told(new Set(reports.map((report) => report.is.article)).size > 1, sure.severalReports, true),
  ];
}

/** Word, meter, percent and rule, then the grounds, folded. */
export function sureOf(lang: Language, event: SitEvent): (Node | string | null)[] {
  const { confidence, rule } = event.is;
  if (typeof confidence !== "number") return [];
  const texts = textsOf(lang);
  const percent = new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 0 }).format(confidence);
  const meter = h("meter", { min: "0", max: "1", value: String(confidence), aria: { label: texts.confidence }, title: fill(texts.confidenceNote, { percent }) });
  const grounds = groundsOf(lang, event).map(({ text, isFor }) => h("li", { class: isFor ? "is-for" : "is-against" }, isFor ? "+ " : "− ", text));
  return [
    h("strong", {}, surenessText(lang, confidence)), " ", meter, percent,
    rule ? h("span", { class: "soft" }, `${texts.rule} `, h("code", {}, rule)) : null,
    grounds.length > 0 ? h("details", { class: "because" }, h("summary", {}, texts.sure.basis), h("ul", {}, ...grounds)) : null,
  ];
}
