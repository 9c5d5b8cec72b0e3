// What several reports say of one happening: who says it, in which sentence, and where they disagree.
import { longDay, parseDay } from "../days";
import type { SitEvent } from "../event";
import { fill, joined, plural, textsOf, type Language } from "../i18n";
import { h } from "./dom";
import { actionText, actorText, dateText, placeText } from "./words";

/** What reports can disagree on, and how each of them has it. */
const POINTS = {
  action: actionText,
  status: (lang: Language, { status }: SitEvent) => textsOf(lang).statuses[status],
  actor: (lang: Language, event: SitEvent) => (event.actorKey ? actorText(lang, event) : ""),
  place: placeText,
  date: (lang: Language, event: SitEvent) => (event.days ? dateText(lang, event) : ""),
};
type Point = keyof typeof POINTS;

/** "3 reports in 2 articles"; nothing for an event that is told once. */
export function reportsText(lang: Language, { reports }: SitEvent): string {
  if (reports.length < 2) return "";
  const texts = textsOf(lang);
  const articles = new Set(reports.map(({ is }) => is.article)).size;
  return fill(texts.reportsIn, { reports: plural(lang, texts.reports, reports.length), articles: plural(lang, texts.articles, articles) });
}

/** What they give two answers to; who says nothing of it does not disagree. */
function differences(lang: Language, reports: SitEvent[]): Point[] {
  const said = (point: Point) => new Set(reports.map((report) => POINTS[point](lang, report)).filter(Boolean));
  return (Object.keys(POINTS) as Point[]).filter((point) => said(point).size > 1);
}

export function reportsOf(lang: Language, event: SitEvent, select: (event: SitEvent) => void): HTMLElement | null {
  const { reports } = event;
  if (reports.length < 2) return null;
  const texts = textsOf(lang);
  const points = differences(lang, reports);
  const what = new Intl.ListFormat(lang).format(points.map((point) => texts.reportPoints[point]));
  const item = (report: SitEvent) => {
    const { publisher, published, title, quote } = report.is;
    const day = parseDay(published);
    const source = joined([publisher || title, day === null ? published : longDay(lang, day)], texts.comma);
    const said = joined(points.map((point) => POINTS[point](lang, report)));
    return h("li", {}, h(
      "button",
      { type: "button", class: "report", aria: { current: report === event ? "true" : undefined }, data: { report: report.id }, on: { click: () => select(report) } },
      h("span", { class: "report-source" }, source || texts.source), said && h("span", { class: "report-said" }, said),
      quote && h("q", { dir: "auto", lang: report.is.language ?? undefined }, quote)));
  };
  return h("div", { class: "reports", id: "reports" },
    h("h3", {}, reportsText(lang, event)),
    points.length > 0 && h("p", { class: "disagree" }, fill(texts.disagree, { what })),
    h("ol", {}, ...reports.map(item)));
}
