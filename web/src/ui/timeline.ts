// The time line: histogram, window with two handles, and playback.
import { addSteps, isoDay, longDay, parseDay, STEPS, type Step } from "../days";
import type { SitEvent } from "../event";
import { textsOf } from "../i18n";
import { isEmbedded } from "../settings";
import { SPEEDS, type Store } from "../state";
import { fillWith, h } from "./dom";
import { drawHistogram, type Histogram } from "./histogram";
import { icon } from "./icons";
import { shortcut } from "./keys";

const TICK_MS = 900;

export interface Timeline {
  element: HTMLElement;
  /** Tells the events that the filters leave, at any time, and the days that all events span; none is dated without. */
  setEvents(events: SitEvent[], span: [number, number] | null): void;
  /** Writes texts and positions anew. */
  render(): void;
}

/** The step that suits a span: some tens of steps from end to end. */
export const stepFor = (days: number): Step => (days <= 120 ? "day" : days <= 900 ? "week" : "month");

/** A window for playing: wide enough to see what belongs together. */
const playWindow = (step: Step) => (step === "day" ? 3 : step === "week" ? 14 : 61);

export function createTimeline(store: Store): Timeline {
  let span: [number, number] = [0, 0];
  let whole = { least: -1, most: 1 };
  /** The part of time that the line shows: all of it, or enlarged around the window. */
  let { least, most } = whole;
  const part = (day: number) => (day - least) / (most - least);
  let events: SitEvent[] = [];
  let timer = 0;

  const range = () => store.state.range ?? span;
  /** Chosen, or what suits the part of time that the line shows. */
  const step = () => store.state.step ?? stepFor(most - least);
  const clamp = (day: number) => Math.max(whole.least, Math.min(whole.most, day));
  const setRange = (from: number, to: number) => {
    const [a, b] = [clamp(Math.min(from, to)), clamp(Math.max(from, to))];
    store.set({ range: a <= span[0] && b >= span[1] ? null : [a, b] });
  };
  const moveWindow = (days: number) => {
    const [from, to] = range();
    const by = Math.max(whole.least - from, Math.min(whole.most - to, days));
    if (by !== 0) setRange(from + by, to + by);
  };

  const handle = (end: 0 | 1) =>
    h("input", {
      type: "range", class: "handle", step: "1", data: { handle: end ? "to" : "from" },
      on: {
        input: (e) => moveHandle(end, Number((e.currentTarget as HTMLInputElement).value)),
        keydown: (e) => {
          const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[e.key];
          const month = { PageUp: 1, PageDown: -1 }[e.key];
          if (steps === undefined && month === undefined) return;
          e.preventDefault();
          const day = range()[end];
          const target = steps === undefined ? addSteps(day, "month", month!) : addSteps(day, step(), steps);
          if (e.shiftKey) moveWindow(target - day);
          else moveHandle(end, target);
        },
      },
    });
  const moveHandle = (end: 0 | 1, day: number) => {
    const [from, to] = range();
    // A handle takes the other along rather than stop at it.
    if (end === 0) setRange(day, Math.max(day, to));
    else setRange(Math.min(day, from), day);
  };
  const dateInput = (end: 0 | 1) =>
    h("input", {
      type: "date", class: "date", data: { date: end ? "to" : "from" },
      on: { change: (e) => {
        const day = parseDay((e.currentTarget as HTMLInputElement).value);
        if (day !== null) moveHandle(end, day);
        else render();
      } },
    });

  const handles = [handle(0), handle(1)] as const;
  const dates = [dateInput(0), dateInput(1)] as const;
  const dateLabels = [h("span"), h("span")] as const;
  const body = h("div", { class: "window" });
  const chart = h("div", { class: "chart" });
  // Time runs from left to right in every language, and so do the arrow keys.
  const track = h("div", { class: "track-area", dir: "ltr" }, chart, body, ...handles);
  const play = h("button", { type: "button", class: "play", data: { control: "play" }, on: { click: () => toggle() } });
  const enlarge = h("button", { type: "button", class: "quiet", data: { control: "enlarge" }, on: { click: () => (isEnlarged() ? showAll() : showAround(2.5)) } }, icon("enlarge"));
  const wholeSpan = h("button", { type: "button", class: "quiet", data: { control: "whole" }, on: { click: () => { showAll(); store.set({ range: null, playing: false }); } } }, icon("span"));
  const stepSelect = h("select", { data: { control: "step" }, on: { change: () => store.set({ step: stepSelect.value as Step }) } });
  const speedSelect = h("select", { data: { control: "speed" }, on: { change: () => store.set({ speed: Number(speedSelect.value) }) } });
  const stepLabel = h("span", { class: "small" });
  const speedLabel = h("span", { class: "small" });
  const element = h(
    "section", { class: "timeline", id: "timeline", hidden: true },
    h("div", { class: "playback" }, play,
      h("label", { class: "field" }, stepLabel, stepSelect),
      h("label", { class: "field" }, speedLabel, speedSelect)),
    track,
    h("div", { class: "dates" },
      h("label", { class: "field" }, dateLabels[0], dates[0]),
      h("label", { class: "field" }, dateLabels[1], dates[1]), enlarge, wholeSpan),
  );

  // --- pointer: the window's body is dragged, the empty line brings the nearer handle
  const dayAt = (clientX: number) => {
    const box = chart.getBoundingClientRect();
    return Math.round(least + ((clientX - box.left) / box.width) * (most - least));
  };
  track.addEventListener("pointerdown", (e) => {
    if (e.button !== 0 || e.target instanceof HTMLInputElement) return;
    e.preventDefault();
    const start = dayAt(e.clientX);
    const [from, to] = range();
    const dragging = e.target === body && store.state.range !== null;
    if (!dragging) {
      const end = Math.abs(start - from) < Math.abs(start - to) ? 0 : 1;
      moveHandle(end, start);
      handles[end].focus();
      return;
    }
    track.setPointerCapture(e.pointerId);
    const move = (m: PointerEvent) => {
      const by = Math.max(least - from, Math.min(most - to, dayAt(m.clientX) - start));
      setRange(from + by, to + by);
    };
    const stop = () => track.removeEventListener("pointermove", move);
    track.addEventListener("pointermove", move);
    track.addEventListener("pointerup", stop, { once: true });
    track.addEventListener("pointercancel", stop, { once: true });
  });

  // --- enlarging: the wheel over the line, or the button
  const isEnlarged = () => least !== whole.least || most !== whole.most;
  function showAll(): void {
    ({ least, most } = whole);
    render();
  }
  function showAround(times: number): void {
    const [from, to] = range();
    showSpan((from + to) / 2, Math.max(14, (to - from + 1) * times));
  }
  function showSpan(middle: number, length: number): void {
    const wanted = Math.min(whole.most - whole.least, length);
    least = Math.round(Math.max(whole.least, Math.min(whole.most - wanted, middle - wanted / 2)));
    most = Math.min(whole.most, least + Math.round(wanted));
    render();
  }
  track.addEventListener("wheel", (e) => {
    if (isEmbedded && !element.contains(document.activeElement)) return;
    e.preventDefault();
    const at = dayAt(e.clientX);
    const length = Math.max(14, (most - least) * (e.deltaY > 0 ? 1.25 : 0.8));
    // The day under the pointer stays there.
    showSpan(at + ((least + most) / 2 - at) * (length / (most - least)), length);
  }, { passive: false });
  /** Keeps the window's end on the line while it plays or is moved. */
  function follow(): void {
    const [from, to] = range();
    if (isEnlarged() && (to > most || from < least)) showSpan(to > most ? to + (most - least) * 0.3 : from, most - least);
  }

  // --- playback
  function toggle(): void {
    if (store.state.playing) return store.set({ playing: false });
    store.set({ playing: true, ...(atEnd() ? { range: beginning() } : {}) });
  }
  /** From the whole span, or from its end, playing begins at the beginning. */
  const atEnd = () => store.state.range === null || store.state.range[1] >= span[1];
  const beginning = (): [number, number] => [span[0] - playWindow(step()) + 1, span[0]];
  function tick(): void {
    // A link may say to play before there are events, or what it shows is all of time.
    if (element.hidden) return;
    if (atEnd()) return store.set({ range: beginning() });
    const [from, to] = range();
    const next = addSteps(to, step(), 1);
    const end = Math.min(next, span[1]);
    store.set({ range: [from + (end - to), end], ...(end >= span[1] ? { playing: false } : {}) });
  }
  function schedule(): void {
    window.clearInterval(timer);
    timer = store.state.playing ? window.setInterval(tick, TICK_MS / store.state.speed) : 0;
  }
  shortcut(" ", toggle);

  let width = 0;
  let histogram: Histogram | null = null;
  let drawnOf: unknown[] = [];
  function renderChart(): void {
    const { lang } = store.state;
    const wanted = [events, width, least, most, lang];
    if (wanted.some((part, i) => part !== drawnOf[i])) {
      drawnOf = wanted;
      histogram = width > 0 ? drawHistogram({ events, width, least, most, lang }) : null;
      fillWith(chart, histogram?.element);
    }
    histogram?.light(range());
  }
  new ResizeObserver(() => {
    width = chart.clientWidth;
    renderChart();
  }).observe(chart);

  function render(): void {
    const { lang, playing, speed } = store.state;
    const texts = textsOf(lang);
    element.setAttribute("aria-label", texts.timeLabel);
    fillWith(play, icon(playing ? "pause" : "play"), h("span", {}, playing ? texts.pause : texts.play));
    play.setAttribute("aria-label", playing ? texts.pause : texts.play);
    fillWith(stepSelect, ...STEPS.map((s) => h("option", { value: s, selected: s === step() }, texts.steps[s])));
    fillWith(speedSelect, ...SPEEDS.map((s) => h("option", { value: String(s), selected: s === speed }, `${new Intl.NumberFormat(lang).format(s)}×`)));
    stepLabel.textContent = texts.step;
    speedLabel.textContent = texts.speed;
    wholeSpan.title = texts.wholeSpan;
    wholeSpan.setAttribute("aria-label", texts.wholeSpan);
    handles.forEach((input, end) => {
      input.setAttribute("aria-label", end ? texts.windowEnd : texts.windowStart);
      dateLabels[end]!.textContent = end ? texts.to : texts.from;
    });
    place();
  }

  /** The window has moved: at each step of a playback only what follows it is written. */
  function place(): void {
    const { lang } = store.state;
    const texts = textsOf(lang);
    const [from, to] = range();
    // Not disabled: that would take the keyboard from whoever has just pressed it.
    const all = String(store.state.range === null && !isEnlarged());
    wholeSpan.setAttribute("aria-disabled", all);
    enlarge.title = isEnlarged() ? texts.showAllTime : texts.enlargeTime;
    enlarge.setAttribute("aria-label", enlarge.title);
    enlarge.setAttribute("aria-pressed", String(isEnlarged()));
    enlarge.setAttribute("aria-disabled", all);
    [from, to].forEach((day, end) => {
      const input = handles[end]!;
      input.min = String(least);
      input.max = String(most);
      input.value = String(day);
      input.setAttribute("aria-valuetext", longDay(lang, day));
      dates[end]!.min = isoDay(whole.least);
      dates[end]!.max = isoDay(whole.most);
      dates[end]!.value = isoDay(clamp(day));
    });
    const inside = (value: number) => Math.max(0, Math.min(1, value));
    const [left, right] = [inside(part(from - 0.5)), inside(part(to + 0.5))];
    body.style.left = `calc(var(--handle) / 2 + (100% - var(--handle)) * ${left})`;
    body.style.width = `calc((100% - var(--handle)) * ${Math.max(0, right - left)})`;
    body.title = store.state.range ? texts.windowMove : "";
    renderChart();
  }

  store.onChange((_, changed) => {
    if (changed.has("playing") || changed.has("speed")) schedule();
    if (changed.has("range")) follow();
    if (["lang", "step", "speed", "playing"].some((key) => changed.has(key as "range"))) render();
    else if (changed.has("range")) place();
  });
  schedule();

  /** The line keeps the part of time that it shows, if it is enlarged. */
  function setSpan(wanted: [number, number]): void {
    const all = !isEnlarged();
    span = wanted;
    const pad = Math.max(1, Math.round((span[1] - span[0]) * 0.012));
    whole = { least: span[0] - pad, most: span[1] + pad };
    if (all) ({ least, most } = whole);
    render();
  }
  function setEvents(wanted: SitEvent[], days: [number, number] | null): void {
    events = wanted;
    element.hidden = !days;
    if (days && days.join() !== span.join()) setSpan(days);
    else renderChart();
  }
  return { element, setEvents, render };
}
