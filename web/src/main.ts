// The page: loads the events, keeps what the reader chose, and tells the parts what to show.
import "./style/base.css";
import "./style/live.css";
import "./style/map.css";
import "./style/marks.css";
import "./style/panel.css";
import "./style/paste.css";
import "./style/search.css";
import "./style/share.css";
import "./style/table.css";
import "./style/tiles.css";
import "./style/timeline.css";
import "./style/why.css";
import "./style/readers.css";
import "./style/embed.css";
import worldUrl from "../basemap/world.json?url";
import { loadEvents } from "./api";
import { longRange, shortRange } from "./days";
import { EventSet } from "./events";
import { filtered, sceneOf, withUndated, type Scene } from "./filter";
import { directionOf, fill, loadLanguage, plural, textsOf } from "./i18n";
import { createLive, inPlace } from "./live";
import { MapView } from "./map";
import { isEmbedded, settings } from "./settings";
import { hashFromState, stateFromHash, Store } from "./state";
import { createDetail } from "./ui/detail";
import { fillWith, h } from "./ui/dom";
import { createWholeLink } from "./ui/embed";
import { createFilters } from "./ui/filters";
import { createHeader } from "./ui/header";
import { icon } from "./ui/icons";
import { shortcut } from "./ui/keys";
import { createList, type List } from "./ui/list";
import { noticeEmpty, noticeError, noticeLoading } from "./ui/notices";
import { createPasting } from "./ui/pasting";
import { createMoment } from "./ui/moment";
import { linkPointing } from "./ui/pointing";
import { createSearch } from "./ui/search";
import { createTool } from "./ui/tool";
import { createViews } from "./ui/views";
import { createTimeline } from "./ui/timeline";
import { createToast } from "./ui/toast";

const store = new Store(stateFromHash(location.hash));
const app = document.getElementById("app")!;
/** How much of the map's sides the card of filters covers, in pixels; inside another page, that of an event, too. */
const covered = () => {
  const sides = [filters.element.offsetWidth, isEmbedded ? panel.offsetWidth : 0];
  const [left, right] = directionOf(store.state.lang) === "rtl" ? sides.reverse() : sides;
  return { left: left!, top: 0, right: right! };
};

/** What is shown: the server's events, or those of an article that the reader pasted. */
let events = new EventSet([]);
let served = events;
let scene: Scene | null = null;
/** What was clicked on the map is in sight: the map stays where it is. */
let inSight: string | null = null;

const search = createSearch(store, (place) => map.showPlace(place, covered()));
const header = createHeader(store, search.element);
const help = createTool(store, "keys", "keyboard", ({ keys }) => keys.open, () => void import("./ui/help").then(({ openHelp }) => openHelp(store)));
shortcut("t", () => store.set({ table: !store.state.table }));
shortcut("?", () => help.button.click());
const pressed = (it: boolean) => () => void mapElement.toggleAttribute("data-pressed", it);
const mapElement: HTMLElement = h("div", { class: "map", id: "map", role: "region", dir: "ltr", on: { pointerdown: pressed(true), keydown: pressed(false), blur: pressed(false) } });
const notice = h("div", { class: "notice-holder" });
const filters = createFilters(store, () => openFilters(false));
const filterButton = h("button", { type: "button", class: "filter-button", data: { control: "filters" }, aria: { controls: "filters", expanded: false }, on: { click: () => openFilters(filters.element.dataset["open"] !== "true") } });
const paste = createPasting(store, {
  place: (banner) => stage.append(banner),
  show: (pasted) => show(pasted ?? served),
  fit: (bottom) => map.fit(events.events, { ...covered(), top: 40, bottom }),
  goTo: (view) => map.setView(view),
});
header.tools.append(paste.button);
const toast = createToast(store);
const live = createLive({
  onChange: changeServed,
  onReset: () => void loadEvents().then(({ events: loaded, matched }) => showServed(new EventSet(loaded, matched)), () => undefined),
  onConnection: toast.connection,
  // While time runs, what is on the map is the story of that time.
  isHeld: () => store.state.playing || !document.documentElement.dataset["ready"],
});
const moment = createMoment(store);
const stage = h("main", { class: "stage" }, mapElement, notice, filters.element, filterButton, moment.element, toast.element);
const timeline = createTimeline(store);
const list = createList(store);
/** Loaded when it is first wanted; the list stands in for it until then. */
let table: List | null = null;
const views = createViews(store);
const shown = () => ({ events, shown: scene?.current.length ?? 0, range: range(), bounds: map.bounds() });
const share = createTool(store, "share", "share", (texts) => texts.share.open, () => void import("./ui/share").then(({ openShare }) => openShare(store, shown)));
header.tools.append(share.button);
const detail = createDetail(store, () => events, (place, back) => {
  map.lookAt(place, covered());
  if (back) map.focus(back, covered());
});
const grow = h("button", { type: "button", class: "quiet grow", aria: { expanded: false }, on: { click: () => growPanel(panel.dataset["tall"] !== "true") } }, icon("expand"));
const scroll = h("div", { class: "panel-scroll" }, list.element, detail.element);
const panel = h("aside", { class: "panel", tabindex: "-1" }, grow, views.element, scroll);
// Not followed: what stands in the address behind # is the view.
const skip = h("a", { class: "skip", href: "#list", on: { click: (e) => { e.preventDefault(); panel.focus(); } } });
header.tools.append(help.button);
fillWith(app, skip, header.element, stage, timeline.element, panel);
app.dataset["state"] = "loading";
if (isEmbedded) {
  document.documentElement.dataset["embed"] = "true";
  header.element.append(createWholeLink(store));
}

const map = new MapView(
  mapElement,
  {
    onSelect: (event) => {
      inSight = event.id;
      store.set({ selected: event.id });
    },
    onGroup: (group) => store.set({ group: group.map((event) => event.id), selected: null }),
    onView: (view) => store.set({ view }),
    onBase: (base) => store.set({ base }),
  },
  store.state.lang,
);
const given = store.state.view ?? settings.view;
if (given) map.setView(given);
map.setBase(store.state.base);
// Without a basemap the events still stand where they stand.
map.loadBasemap(worldUrl).catch((error: unknown) => console.warn("basemap:", error));

applyTheme();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => map.refreshTheme());
new ResizeObserver(() => map.resized()).observe(mapElement);
void start();

async function start(): Promise<void> {
  // Before the events are asked for: what changes meanwhile comes behind them.
  if (!isEmbedded) live.open();
  const loading = loadEvents();
  // What goes wrong is told below, once there are words for it.
  loading.catch(() => undefined);
  await applyLanguage();
  fillWith(notice, noticeLoading(store.state.lang));
  try {
    const { events: loaded, matched } = await loading;
    await begin(new EventSet(loaded, matched));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    fillWith(notice, noticeError(store.state.lang, reason, () => void start()));
  }
}

/** The first events are there. */
async function begin(loaded: EventSet): Promise<void> {
  listen();
  const restored = store.state.view !== null;
  show((served = loaded), () => {
    if (!restored && !settings.view) map.fit(events.events.filter((event) => event.days), covered());
  });
  // Panel and time line have just taken their part of the page: the view is what was asked for, to the pixel.
  map.resized();
  if (given) map.setView(given);
  renderPanel(false);
  const first = events.get(store.state.selected);
  if (first && !restored) map.focus(first, covered());
  await wantTable();
  document.documentElement.dataset["ready"] = "true";
  performance.mark("ready");
  live.flush();
}

/** Puts these events in the place of those before. `place` moves the map to where they are, before they are drawn. */
function show(wanted: EventSet, place?: () => void): void {
  events = wanted;
  app.dataset["state"] = events.events.length > 0 ? "events" : "empty";
  filters.setEvents(events);
  renderNotice();
  renderFiltered();
  renderView();
  place?.();
  renderScene();
}

/** The server told of a change. */
function changeServed(features: unknown[], gone: string[]): void {
  const before = served;
  const ids = features.map((feature) => String((feature as { id?: unknown }).id));
  const added = new Set(ids.filter((id) => !before.get(id)));
  showServed(served.changed(features, gone));
  if (paste.isShown()) return;
  toast.count({ added: added.size, changed: ids.length - added.size, removed: gone.filter((id) => before.get(id)).length });
  for (const mark of mapElement.querySelectorAll<HTMLElement>(".mark[data-event]")) mark.classList.toggle("is-new", added.has(mark.dataset["event"]!));
}

/** The server has other events than before: nothing moves but they. */
function showServed(wanted: EventSet): void {
  served = wanted;
  if (paste.isShown()) return;
  const wasEmpty = events.events.length === 0;
  const before = events.get(store.state.selected);
  const reports = before?.reports;
  map.renew();
  inPlace(scroll, () => show(wanted));
  if (wasEmpty) map.fit(events.events, covered());
  if (!before) return;
  const after = events.get(before.id);
  if (!after) store.set({ selected: null });
  else if (after !== before || after.reports.length !== reports!.length) renderPanel(detail.element.contains(document.activeElement));
}

function openFilters(open: boolean): void {
  filters.setOpen(open);
  filterButton.setAttribute("aria-expanded", String(open));
  filterButton.hidden = open;
  (open ? filters.element.querySelector<HTMLElement>("button.close") : filterButton)?.focus();
}
function growPanel(tall: boolean): void {
  panel.dataset["tall"] = String(tall);
  grow.setAttribute("aria-expanded", String(tall));
  grow.setAttribute("aria-label", tall ? textsOf(store.state.lang).closePanel : textsOf(store.state.lang).openPanel);
}

/** The events are listed in one of two ways. */
const eventsView = () => (store.state.table && table) || list;
const range = () => store.state.range ?? events.span ?? [0, 0];

/** The table takes more room than the list. */
function renderView(): void {
  app.dataset["view"] = store.state.table ? "table" : "list";
}
function renderNotice(): void {
  fillWith(notice, events.events.length === 0 && noticeEmpty(store.state.lang));
}
function renderScene(): void {
  scene = sceneOf(events, store.state, range());
  filters.render(scene);
  // Of several reports the most exact one stands on the map for all.
  // Of an article that was just pasted, the undated ones too: it may have nothing else.
  map.show(paste.isShown() ? withUndated(scene) : scene, events.get(store.state.selected)?.reports[0] ?? null);
  renderView();
  eventsView().render(scene);
  moment.render(scene);
  const { lang } = store.state;
  const texts = textsOf(lang);
  const [from, to] = range();
  const number = new Intl.NumberFormat(lang);
  header.summarize(events.span ? longRange(lang, from, to) : "", events.span ? shortRange(lang, from, to) : "", [
    plural(lang, texts.events, scene.current.length),
    scene.past.length > 0 ? plural(lang, texts.earlier, scene.past.length) : "",
    events.matched > events.all.length ? fill(texts.onlyNewest, { shown: number.format(events.all.length), n: number.format(events.matched) }) : "",
  ], store.state.playing);
}
function renderFiltered(): void {
  // The histogram shows all of time: the filters' choice, whatever the window.
  timeline.setEvents(filtered(events, store.state), events.span);
}
function renderTexts(): void {
  const texts = textsOf(store.state.lang);
  fillWith(filterButton, icon("filter"), texts.filters);
  panel.setAttribute("aria-label", texts.listLabel);
  growPanel(panel.dataset["tall"] === "true");
  header.render();
  help.render();
  skip.textContent = texts.skipToList;
  search.render();
  views.render();
  share.render();
  paste.render();
  timeline.render();
  map.setLanguage(store.state.lang);
}

let listPlace = 0;
async function wantTable(): Promise<void> {
  if (!store.state.table || table) return;
  const { createTable } = await import("./ui/table");
  table = createTable(store, () => events);
  detail.element.before(table.element);
  fillWith(list.element);
  renderScene();
  renderPanel(false);
}

/** The panel holds either the list, as such or as a table, or one event. */
function renderPanel(focus: boolean): void {
  const event = events.get(store.state.selected);
  const wasList = detail.element.hidden;
  if (event && wasList) listPlace = scroll.scrollTop;
  for (const view of [list, table]) if (view) view.element.hidden = !!event || view !== eventsView();
  views.element.hidden = !!event;
  detail.render(event);
  scroll.scrollTop = event ? 0 : listPlace;
  if (focus && event) detail.focus();
}

/** Follows what the reader does, once there is something to do it with. */
function listen(): void {
  linkPointing(app, (id) => events.get(id));
  filterButton.hidden = filters.element.dataset["open"] === "true";
  store.onChange((state, changed) => {
    const previous = detail.element.dataset["event"];
    const has = (...keys: (keyof typeof state)[]) => keys.some((key) => changed.has(key));
    if (has("theme")) applyTheme();
    if (has("base")) map.setBase(state.base);
    if (has("lang")) void applyLanguage().then(() => renderAll());
    if (has("playing")) live.flush();
    if (has("filters")) renderFiltered();
    if (has("range", "filters", "selected", "group", "playing", "table", "sort")) renderScene();
    if (has("table")) {
      listPlace = 0;
      views.render();
      renderPanel(false);
      void wantTable();
    }
    if (has("selected")) {
      renderPanel(true);
      const event = events.get(state.selected);
      if (event && (isEmbedded || inSight !== event.id)) map.focus(event, covered());
      else if (!event && previous) eventsView().focus(events.get(previous)?.reports[0]?.id ?? previous);
      inSight = null;
    }
    writeHash();
    // A group is a look at one moment.
    if (state.group && has("range", "filters")) store.set({ group: null });
  });
  shortcut("escape", () => {
    if (filters.element.dataset["open"] === "true" && filters.element.contains(document.activeElement)) openFilters(false);
    else if (store.state.selected) store.set({ selected: null });
    else if (store.state.group) store.set({ group: null });
    else search.clear();
  });
  window.addEventListener("hashchange", () => {
    if (location.hash === hashFromState(store.state)) return;
    paste.leave();
    const wanted = stateFromHash(location.hash);
    if (wanted.view) map.setView(wanted.view);
    store.set({ ...wanted, group: null });
  });
}

function renderAll(): void {
  renderNotice();
  renderFiltered();
  renderScene();
  renderPanel(false);
}

function applyTheme(): void {
  const { theme } = store.state;
  if (theme === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  map.refreshTheme();
}

async function applyLanguage(): Promise<void> {
  const { lang } = store.state;
  await loadLanguage(lang);
  if (store.state.lang !== lang) return;
  document.documentElement.lang = lang;
  document.documentElement.dir = directionOf(lang);
  document.title = `${settings.title} – ${textsOf(lang).appTagline}`;
  renderTexts();
}

let writing = 0;
/** Browsers allow few changes of the address per second: the last of a burst is written. */
function writeHash(): void {
  window.clearTimeout(writing);
  // What the reader pasted is nobody else's: a link to it would lead to nothing.
  if (paste.isShown()) return;
  writing = window.setTimeout(() => history.replaceState(null, "", hashFromState(store.state)), 150);
}
