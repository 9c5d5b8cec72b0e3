// One event: what is known, how well, and the article with the sentence that says so.
import { loadArticle } from "../api";
import { colourOf } from "../colours";
import { longDay, parseDay } from "../days";
import type { Article, SitEvent } from "../event";
import { glyphOf } from "../glyphs";
import { actorName, fill, plural, textsOf } from "../i18n";
import type { Store } from "../state";
import { articleText, type Quote } from "./article";
import { fillWith, h } from "./dom";
import { icon } from "./icons";
import { reportsOf } from "./reports";
import { actionText, actorText, dateText, placeText, precisionText, whereText } from "./words";
import { createWhy, type Look } from "./why";

export interface Detail {
  element: HTMLElement;
  render(event: SitEvent | null): void;
}

export function createDetail(store: Store, events: SitEvent[], look: Look): Detail {
  const heading = h("h2", { tabindex: "-1" });
  const element = h("section", { class: "detail", id: "detail", hidden: true });
  const body = h("div", { class: "article" });
  const why = createWhy(store, look);
  const byArticle = new Map<string, SitEvent[]>();
  for (const event of events) {
    const id = event.is.article;
    if (id) byArticle.set(id, [...(byArticle.get(id) ?? []), event]);
  }
  const select = (event: SitEvent) => store.set({ selected: event.id });

  function fact(name: string, ...value: (Node | string | null | false)[]): HTMLElement[] {
    return [h("dt", {}, name), h("dd", {}, ...value)];
  }

  function facts(event: SitEvent): HTMLElement {
    const { lang } = store.state;
    const texts = textsOf(lang);
    const { is } = event;
    const soft = (text: string) => h("span", { class: "soft" }, text);
    const dot = h("span", { class: "actor-dot" });
    dot.style.backgroundColor = colourOf(event.actorKey).fill;
    const ends = [is.origin && fill(texts.fromPlace, { place: is.origin }), is.destination && fill(texts.toPlace, { place: is.destination })].filter(Boolean).join(" ");
    const basis = is.date_basis && is.date_basis !== "none" ? texts.dateBasis[is.date_basis] : undefined;
    const written = is.place_as_written && is.place_as_written !== is.place ? fill(texts.asWritten, { text: is.place_as_written }) : "";
    const precision = [precisionText(lang, event), written].filter(Boolean).join(", ");
    return h(
      "dl", { class: "facts" },
      ...fact(texts.date, dateText(lang, event), basis ? soft(basis) : null),
      ...fact(texts.where, whereText(lang, event), precision ? soft(precision) : null),
      ...fact(texts.actor, dot, actorText(lang, event)),
      ...(is.counterpart ? fact(texts.counterpart, actorName(lang, is.counterpart, is.counterpart_id) ?? "") : []),
      ...(ends ? fact(texts.movement, ends) : []),
      ...(is.quantity ? fact(texts.quantity, [is.quantity, is.quantity_unit].filter(Boolean).join(" ")) : []),
      ...(is.claimed_by ? fact(texts.claimedBy, is.claimed_by) : []),
      ...confidence(event),
    );
  }

  function confidence(event: SitEvent): HTMLElement[] {
    const { lang } = store.state;
    const texts = textsOf(lang);
    const value = event.is.confidence;
    if (typeof value !== "number") return [];
    const percent = new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 0 }).format(value);
    const meter = h("meter", { min: "0", max: "1", value: String(value), aria: { label: texts.confidence }, title: fill(texts.confidenceNote, { percent }) });
    return fact(texts.confidence, meter, percent, event.is.rule ? h("span", { class: "soft" }, `${texts.rule} `, h("code", {}, event.is.rule)) : null);
  }

  function source(event: SitEvent): HTMLElement | null {
    const { lang } = store.state;
    const texts = textsOf(lang);
    const { publisher, published, url } = event.is;
    const day = parseDay(published);
    const line = [publisher, day === null ? published : fill(texts.published, { date: longDay(lang, day) })].filter(Boolean).join(", ");
    const link = url && /^https?:\/\//i.test(url)
      ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer external" }, texts.readSource, icon("outside")) : null;
    return line || link ? h("p", { class: "source" }, line, line && link ? " · " : "", link) : null;
  }

  function others(event: SitEvent): SitEvent[] {
    return (byArticle.get(event.is.article ?? "") ?? []).filter((other) => other !== event);
  }

  function otherEvents(event: SitEvent): HTMLElement | null {
    const { lang } = store.state;
    const list = others(event);
    if (list.length === 0) return null;
    return h("div", { class: "others" },
      h("h3", {}, plural(lang, textsOf(lang).otherEvents, list.length)),
      h("ul", {}, ...list.map((other) => h("li", {}, h(
        "button", { type: "button", class: "other", data: { event: other.id, action: other.is.action, place: other.is.place ?? "" }, on: { click: () => select(other) } },
        glyphOf(other), h("span", {}, h("strong", {}, placeText(lang, other)), ` ${actionText(lang, other)} · ${dateText(lang, other)}`))))));
  }

  async function showArticle(event: SitEvent): Promise<void> {
    const texts = textsOf(store.state.lang);
    const id = event.is.article;
    let article: Article | null = null;
    try {
      article = id ? await loadArticle(id) : null;
    } catch {
      // The quote is still at hand: it is shown with a word about the rest.
    }
    if (store.state.selected !== event.id) return;
    const quoteOf = (one: SitEvent): Quote => ({ id: one.id, start: one.is.quote_start ?? null, end: one.is.quote_end ?? null, text: one.is.quote ?? "" });
    if (!article?.text) {
      fillWith(body, event.is.quote ? h("blockquote", {}, h("mark", { data: { event: event.id } }, event.is.quote)) : null, h("p", { class: "note" }, texts.articleMissing));
      return;
    }
    const title = article.title || event.is.title;
    fillWith(
      body, h("h3", { class: "article-title", dir: "auto" }, title || texts.articleText), source(event),
      articleText(article.text, quoteOf(event), others(event).map(quoteOf), texts.markedQuote, (other) => store.set({ selected: other })),
    );
    if (article.language) body.setAttribute("lang", article.language);
    scrollToMark();
  }

  /** Brings the sentence into sight without moving the heading away when both fit. */
  function scrollToMark(): void {
    const mark = body.querySelector<HTMLElement>("mark.is-current");
    const box = element.parentElement;
    if (!mark || !box) return;
    const below = mark.getBoundingClientRect().bottom - box.getBoundingClientRect().bottom;
    if (below > -24) box.scrollTop += Math.min(below + 90, mark.getBoundingClientRect().top - box.getBoundingClientRect().top - 60);
  }

  function render(event: SitEvent | null): void {
    element.hidden = !event;
    why.render(event);
    if (!event) return fillWith(element);
    const { lang } = store.state;
    const texts = textsOf(lang);
    element.setAttribute("aria-label", texts.detailLabel);
    fillWith(heading, placeText(lang, event));
    fillWith(body);
    element.dataset["event"] = event.id;
    fillWith(
      element,
      h("button", { type: "button", class: "text-button back", data: { control: "back" }, on: { click: () => store.set({ selected: null }) } }, icon("back"), texts.back),
      h("header", { class: "detail-head" }, glyphOf(event),
        h("div", {}, heading, h("p", {}, actionText(lang, event), h("span", { class: `tag is-${event.is.status}` }, texts.statuses[event.is.status])))),
      facts(event), why.element, reportsOf(lang, event, select), body, otherEvents(event),
    );
    void showArticle(event);
  }

  return { element, render };
}
