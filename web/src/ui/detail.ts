// One event: what is known, how well, and the article with the sentence that says so.
import { loadArticle, loadEventsOf, loadReports } from "../api";
import { colourOf } from "../colours";
import { longDay, parseDay } from "../days";
import { incidentOf, type Article, type SitEvent } from "../event";
import type { EventSet } from "../events";
import { glyphOf } from "../glyphs";
import { actorName, fill, joined, lookUp, plural, textsOf } from "../i18n";
import type { Store } from "../state";
import { articleText, type Quote } from "./article";
import { fillWith, h } from "./dom";
import { icon } from "./icons";
import { reportsOf } from "./reports";
import { sureOf } from "./sure";
import { createWalk } from "./walk";
import { actionText, actorText, dateText, placeText, precisionText, whereText } from "./words";
import { createWhy, type Look } from "./why";

export interface Detail {
  element: HTMLElement;
  render(event: SitEvent | null): void;
  /** Puts the keyboard on the event's name; who walks from report to report keeps the button. */
  focus(): void;
}

/** `events` are those that are loaded. */
export function createDetail(store: Store, events: () => EventSet, look: Look): Detail {
  const heading = h("h2", { tabindex: "-1" });
  const element = h("section", { class: "detail", id: "detail", hidden: true });
  const back = h("button", { type: "button", class: "text-button back", data: { control: "back" }, on: { click: () => store.set({ selected: null }) } });
  const head = h("header", { class: "detail-head" });
  const known = h("div");
  const reports = h("div");
  const body = h("div", { class: "article" });
  const others = h("div");
  const why = createWhy(store, look);
  const select = ({ id }: { id: string }) => store.set({ selected: id });
  const walk = createWalk(select);

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
    // What the wedges of its mark say.
    const end = event.oneEnd && texts[event.oneEnd];
    const ends = [is.origin && fill(texts.fromPlace, { place: is.origin }), is.destination && fill(texts.toPlace, { place: is.destination })].filter(Boolean).join(" ");
    const basis = is.date_basis && is.date_basis !== "none" ? lookUp(texts.dateBasis, is.date_basis) : undefined;
    const written = is.place_as_written && is.place_as_written !== is.place ? fill(texts.asWritten, { text: is.place_as_written }) : "";
    const precision = joined([precisionText(lang, event), written], texts.comma);
    return h(
      "dl", { class: "facts" },
      ...fact(texts.date, dateText(lang, event), basis ? soft(basis) : null),
      ...fact(texts.where, whereText(lang, event), precision ? soft(precision) : null),
      ...fact(texts.actor, dot, actorText(lang, event)),
      ...(is.counterpart ? fact(texts.counterpart, actorName(lang, is.counterpart, is.counterpart_id) ?? "") : []),
      ...(ends ? fact(texts.movement, ends, end ? soft(end) : null) : []),
      ...(is.quantity ? fact(texts.quantity, [is.quantity, is.quantity_unit].filter(Boolean).join(" ")) : []),
      ...(is.claimed_by ? fact(texts.claimedBy, is.claimed_by) : []),
      ...(typeof is.confidence === "number" ? fact(texts.confidence, ...sureOf(lang, event)) : []),
    );
  }

  function source(event: SitEvent): HTMLElement | null {
    const { lang } = store.state;
    const texts = textsOf(lang);
    const { publisher, published, url } = event.is;
    const day = parseDay(published);
    const line = joined([publisher, day === null ? published : fill(texts.published, { date: longDay(lang, day) })], texts.comma);
    const link = url && /^https?:\/\//i.test(url)
      ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer external" }, texts.readSource, icon("outside")) : null;
    return line || link ? h("p", { class: "source" }, line, line && link ? " · " : "", link) : null;
  }

  function otherEvents(list: SitEvent[]): HTMLElement | null {
    const { lang } = store.state;
    if (list.length === 0) return null;
    return h("div", { class: "others" },
      h("h3", {}, plural(lang, textsOf(lang).otherEvents, list.length)),
      h("ul", {}, ...list.map((other) => h("li", {}, h(
        "button", { type: "button", class: "other", data: { event: other.id, action: other.action, place: other.is.place ?? "" }, on: { click: () => select(other) } },
        glyphOf(other), h("span", {}, h("strong", {}, placeText(lang, other)), ` ${joined([actionText(lang, other), dateText(lang, other)])}`))))));
  }

  /** What the rows do not tell: the sentence, the article around it with its other events, the other reports. */
  async function load(event: SitEvent): Promise<void> {
    const id = event.is.article;
    const [article, all, told] = await Promise.all([
      // What is missing is said where it would stand; the rest is shown.
      id ? loadArticle(id).catch(() => null) : null,
      id ? loadEventsOf(id).catch(() => []) : [],
      event.reports.length > 1 ? loadReports(incidentOf(event)).catch(() => []) : [],
    ]);
    if (store.state.selected !== event.id) return;
    for (const whole of [...all, ...told]) {
      const own = events().get(whole.id);
      if (own) Object.assign(own.is, whole.is);
    }
    const { lang } = store.state;
    fillWith(known, facts(event));
    fillWith(reports, reportsOf(lang, event, select));
    const rest = all.filter((other) => other.id !== event.id);
    fillWith(others, otherEvents(rest));
    showArticle(event, article, rest);
  }

  function showArticle(event: SitEvent, article: Article | null, rest: SitEvent[]): void {
    const texts = textsOf(store.state.lang);
    const quoteOf = (one: SitEvent): Quote => ({ id: one.id, start: one.is.quote_start ?? null, end: one.is.quote_end ?? null, text: one.is.quote ?? "" });
    if (!article?.text) {
      fillWith(body, event.is.quote ? h("blockquote", {}, h("mark", { data: { event: event.id } }, event.is.quote)) : null, h("p", { class: "note" }, texts.articleMissing));
      return;
    }
    const title = article.title || event.is.title;
    fillWith(
      body, h("h3", { class: "article-title", dir: "auto" }, title || texts.articleText), source(event),
      articleText(article.text, quoteOf(event), rest.map(quoteOf), texts.markedQuote, (other) => select({ id: other })),
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
    for (const part of [body, reports, others]) fillWith(part);
    fillWith(known, facts(event));
    element.dataset["event"] = event.id;
    fillWith(back, icon("back"), texts.back);
    fillWith(head, glyphOf(event), h("div", {}, heading, h("p", {}, actionText(lang, event), h("span", { class: `tag is-${event.status}` }, texts.statuses[event.status]))));
    walk.render(lang, event);
    // What stays in the page keeps the keyboard.
    if (!element.contains(head)) fillWith(element, back, head, walk.element, known, why.element, reports, body, others);
    void load(event);
  }

  const focus = () => {
    if (!walk.element.contains(document.activeElement)) heading.focus({ preventScroll: true });
  };
  return { element, render, focus };
}
