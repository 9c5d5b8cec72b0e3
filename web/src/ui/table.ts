// The events of the map as a table: the same as in the list, sorted by any column.
import { placeOf, type SitEvent } from "../event";
import type { EventSet } from "../events";
import type { Scene } from "../filter";
import { glyphOf } from "../glyphs";
import { actorName, countryName, fill, plural, textsOf, type Language } from "../i18n";
import { COLUMNS, type Column, type Store } from "../state";
import { fillWith, h } from "./dom";
import { groupHead, swatch, type List } from "./list";
import { actionText, actorText, dateText, placeText } from "./words";

/** So many rows are written at first; the rest on demand. The table is written at each step of the slider. */
const FIRST = 50;
const PAGE = 200;
/** So many are kept. */
const MOST_MADE = 2000;

/** What a column is sorted by; null comes last, whichever way. */
const VALUES: Record<Column, (lang: Language, event: SitEvent) => string | number | null> = {
  // By the first day, then by the last.
  date: (_, { days }) => days && days[0] + days[1] / 1e6,
  action: actionText,
  status: (lang, { status }) => textsOf(lang).statuses[status],
  place: (_, event) => placeOf(event) || null,
  country: (lang, { country }) => (country ? countryName(lang, country) : null),
  actor: (lang, { is }) => actorName(lang, is.actor, is.actor_id),
  counterpart: (lang, { is }) => actorName(lang, is.counterpart, is.counterpart_id),
  confidence: (_, { is }) => is.confidence ?? null,
  reports: (_, { reports }) => reports.length,
};

const columnOf = (sort: string) => sort.replace("-", "") as Column;
const descends = (sort: string) => sort.startsWith("-");

/** All events in the order of a column; those alike stay as they are. */
function sorted({ events }: EventSet, lang: Language, sort: string): SitEvent[] {
  const values = events.map((event) => VALUES[columnOf(sort)](lang, event));
  // Comparing texts is slow, and few are different: they are numbered once.
  const texts = [...new Set(values)].filter((value) => typeof value === "string").sort(new Intl.Collator(lang, { numeric: true }).compare);
  const ranks = new Map(texts.map((text, rank) => [text, rank]));
  const sign = descends(sort) ? -1 : 1;
  const keys = values.map((value) => (value === null ? Infinity : sign * (typeof value === "string" ? ranks.get(value)! : value)));
  return events.map((_, i) => i).sort((a, b) => keys[a]! - keys[b]! || a - b).map((i) => events[i]!);
}

/** `events` are all that are loaded. */
export function createTable(store: Store, events: () => EventSet): List {
  const group = h("div");
  const caption = h("span");
  const heads = h("tr");
  const body = h("tbody", { on: { click: (e) => {
    const row = (e.target as Element).closest("tr");
    if (row) store.set({ selected: row.dataset["event"]! });
  } } });
  const table = h("table", {}, h("caption", {}, caption), h("thead", {}, heads), body);
  const none = h("p", { class: "none" });
  const more = h("button", { type: "button", class: "text-button more" });
  const element = h("section", { class: "table", id: "table", hidden: true }, group, table, none, more);

  let shown = FIRST;
  let madeFor = "";
  /** Rows that were made before, each for the reports that it tells of. */
  const made = new Map<SitEvent, { row: HTMLTableRowElement; reports: SitEvent[] }>();
  let order: SitEvent[] = [];
  let orderOf: unknown[] = [];

  /** The order changes seldom, what is shown of it at each step of the slider. */
  function inOrder(): SitEvent[] {
    const { lang, sort } = store.state;
    const wanted = [events(), lang, sort];
    if (wanted.some((part, i) => part !== orderOf[i])) {
      order = sorted(events(), lang, sort);
      orderOf = wanted;
    }
    return order;
  }

  function rowOf(event: SitEvent): HTMLTableRowElement {
    let kept = made.get(event);
    if (kept?.reports !== event.reports) made.set(event, (kept = { row: newRow(event), reports: event.reports }));
    const button = kept.row.querySelector("button")!;
    if (event.reports.some(({ id }) => id === store.state.selected)) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    return kept.row;
  }

  function newRow(event: SitEvent): HTMLTableRowElement {
    const { lang } = store.state;
    const texts = textsOf(lang);
    const { status, country } = event;
    const { confidence, counterpart, counterpart_id } = event.is;
    const cells: Record<Column, (Node | string | null)[]> = {
      date: [event.days ? dateText(lang, event) : h("span", { class: "tag" }, dateText(lang, event))],
      action: [h("span", { class: "table-action" }, glyphOf(event), actionText(lang, event))],
      status: [h("span", { class: status === "occurred" ? "" : `tag is-${status}` }, texts.statuses[status])],
      place: [h("button", { type: "button", class: "text-button", title: texts.table.show }, h("bdi", {}, placeText(lang, event)))],
      country: [country ? countryName(lang, country) : ""],
      actor: [swatch(event), h("bdi", {}, actorText(lang, event))],
      counterpart: [h("bdi", {}, actorName(lang, counterpart, counterpart_id) ?? "")],
      confidence: [typeof confidence === "number" ? percent(lang).format(confidence) : ""],
      reports: [String(event.reports.length)],
    };
    return h("tr", { class: event.days ? "" : "is-undated", data: { event: event.id } },
      ...COLUMNS.map((column) => h(column === "place" ? "th" : "td", { class: `is-${column}`, scope: column === "place" ? "row" : undefined }, ...cells[column])));
  }

  function renderHeads(): void {
    const { lang, sort } = store.state;
    const texts = textsOf(lang).table;
    element.setAttribute("aria-label", texts.label);
    if (madeFor !== lang) {
      fillWith(heads, ...COLUMNS.map((column) => h("th", { scope: "col", class: `is-${column}` },
        h("button", {
          type: "button", title: fill(texts.sort, { column: texts.columns[column] }), data: { sort: column },
          // Chosen once more, the column is turned round.
          on: { click: () => store.set({ sort: store.state.sort === column ? `-${column}` : column }) },
        }, texts.columns[column]))));
    }
    COLUMNS.forEach((column, i) => {
      const head = heads.children[i]!;
      if (column === columnOf(sort)) head.setAttribute("aria-sort", descends(sort) ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  }

  function render(scene: Scene): void {
    const { lang, sort, group: wanted } = store.state;
    const texts = textsOf(lang);
    if (madeFor !== lang || made.size > MOST_MADE) made.clear();
    renderHeads();
    madeFor = lang;
    const ids = wanted && new Set(wanted);
    const current = ids ? scene.current.filter(({ id }) => ids.has(id)) : scene.current;
    const undated = ids ? [] : scene.undated;
    const all = new Set(current);
    for (const event of undated) all.add(event);
    const first: SitEvent[] = [];
    for (const event of all.size > 0 ? inOrder() : []) {
      if (first.length === shown) break;
      if (all.has(event)) first.push(event);
    }
    fillWith(group, wanted && groupHead(store, current.length));
    caption.textContent = [
      plural(lang, texts.table.caption, current.length),
      undated.length > 0 && `${texts.undated} (${new Intl.NumberFormat(lang).format(undated.length)})`,
      `${texts.table.columns[columnOf(sort)]} (${descends(sort) ? texts.table.descending : texts.table.ascending})`,
    ].filter(Boolean).join(" · ");
    // A row that is put back would lose the keyboard.
    const focused = document.activeElement;
    fillWith(body, ...first.map(rowOf));
    if (body.contains(focused)) (focused as HTMLElement).focus({ preventScroll: true });
    none.textContent = texts.noneInWindow;
    none.hidden = all.size > 0;
    const rest = all.size - first.length;
    more.hidden = rest === 0;
    more.textContent = plural(lang, texts.showMore, Math.min(rest, PAGE));
    more.onclick = () => {
      shown += PAGE;
      render(scene);
      body.rows[first.length]?.querySelector("button")?.focus();
    };
  }

  return {
    element, render,
    focus: (id) => [...body.rows].find((row) => row.dataset["event"] === id)?.querySelector("button")?.focus(),
  };
}

const percents = new Map<Language, Intl.NumberFormat>();
function percent(lang: Language): Intl.NumberFormat {
  const known = percents.get(lang) ?? new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 0 });
  percents.set(lang, known);
  return known;
}
