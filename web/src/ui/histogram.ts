// How many events when: bars by day, week or month. What is only known to a coarser date is not put into
// a bar that would say more than the text: it lies below as a line as long as its uncertainty.
import { addSteps, floorTo, shortDay, shortMonth, yearOf, type Step } from "../days";
import type { SitEvent } from "../event";
import { apart, type Language } from "../i18n";
import { svg } from "../glyphs";

interface Wanted {
  events: SitEvent[];
  width: number;
  least: number;
  most: number;
  lang: Language;
}

export interface Histogram {
  element: SVGElement;
  /** Lights what lies in a window: the window moves often, what there is changes seldom. */
  light(range: [number, number]): void;
}

const BARS = 34;
const LANES = 3;
const LANE = 4;
const AXIS = 16;
const HEIGHT = BARS + LANES * LANE + AXIS;
const STEP_DAYS: Record<Step, number> = { day: 1, week: 7, month: 31 };

export function drawHistogram({ events, width, least, most, lang }: Wanted): Histogram {
  const root = svg("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, class: "histogram", "aria-hidden": "true" });
  const x = (day: number) => ((day - 0.5 - least) / (most - least)) * width;
  const binStep: Step = (most - least) * 3.2 <= width ? "day" : (most - least) * 0.6 <= width ? "week" : "month";

  const { bins, coarse } = binned(events, binStep);
  const parts: { element: SVGElement; from: number; to: number; isIn: boolean }[] = [];
  const add = (element: SVGElement, from: number, to: number) => {
    root.append(element);
    parts.push({ element, from, to, isIn: false });
  };

  const highest = Math.max(1, ...bins.values());
  for (const [bin, count] of bins) {
    const next = addSteps(bin, binStep, 1);
    if (next <= least || bin > most) continue;
    const [left, right] = [x(bin), x(next)];
    const thick = Math.max(2, Math.min(right - left - 1, 18));
    const tall = Math.max(3, Math.sqrt(count / highest) * BARS);
    const beginning = Math.max(0, Math.min(width - thick, (left + right - thick) / 2));
    add(svg("rect", { x: beginning, y: BARS - tall, width: thick, height: tall, rx: Math.min(2, thick / 3), class: "bar" }), bin, next - 1);
  }

  const lanes: number[] = Array(LANES).fill(-Infinity);
  for (const [from, to] of coarse) {
    if (to < least || from > most) continue;
    const lane = Math.max(0, lanes.findIndex((end) => end < x(from)));
    lanes[lane] = Math.max(lanes[lane]!, x(to + 1) + 1);
    const wide = Math.max(3, x(to + 1) - x(from));
    add(svg("rect", { x: x(from), y: BARS + 2 + lane * LANE, width: wide, height: LANE - 1.5, rx: 1.2, class: "coarse" }), from, to);
  }

  for (const { day, text, strong } of ticksFor(least, most, width, lang)) {
    const at = ((day - 0.5 - least) / (most - least)) * width;
    root.append(svg("path", { d: `M${at} ${BARS + 1}V${BARS + LANES * LANE + 2}`, class: "tick" }));
    const label = svg("text", { x: at + 3, y: HEIGHT - 4, class: strong ? "tick-text is-strong" : "tick-text" });
    // Isolated: the line runs from left to right, its words may not.
    label.textContent = apart(text);
    root.append(label);
  }
  return {
    element: root,
    light([first, last]) {
      for (const part of parts) {
        const isIn = part.from <= last && part.to >= first;
        if (isIn !== part.isIn) part.element.classList.toggle("is-in", (part.isIn = isIn));
      }
    },
  };
}

interface Bins {
  /** Number of events by the first day of the bin. */
  bins: Map<number, number>;
  /** The days of the events that no bin can hold, earliest first, each span once. */
  coarse: [number, number][];
}

function binned(events: SitEvent[], step: Step): Bins {
  const bins = new Map<number, number>();
  const coarse = new Map<string, [number, number]>();
  for (const { days } of events) {
    if (!days) continue;
    if (days[1] - days[0] + 1 > STEP_DAYS[step]) coarse.set(days.join(), days);
    else {
      const bin = floorTo(days[0], step);
      bins.set(bin, (bins.get(bin) ?? 0) + 1);
    }
  }
  return { bins, coarse: [...coarse.values()].sort((a, b) => a[0] - b[0]) };
}

interface Tick {
  day: number;
  text: string;
  strong: boolean;
}

/** Round dates about 84 pixels apart or more; years stand out. */
function ticksFor(least: number, most: number, width: number, lang: Language): Tick[] {
  const perDay = width / (most - least);
  const choices: [Step, number][] = [["day", 1], ["day", 2], ["week", 1], ["week", 2], ["month", 1], ["month", 2], ["month", 3], ["month", 6], ["month", 12], ["month", 24], ["month", 60], ["month", 120]];
  const [step, every] = choices.find(([s, n]) => STEP_DAYS[s] * n * perDay >= 84) ?? ["month", 240];
  const ticks: Tick[] = [];
  let day = floorTo(least, step);
  if (step === "month") {
    const date = new Date(day * 86_400_000);
    const months = date.getUTCFullYear() * 12 + date.getUTCMonth();
    day = addSteps(day, "month", -(months % every));
  }
  let year: number | null = null;
  for (; day <= most; day = addSteps(day, step, every)) {
    if (day < least || (most - day) * perDay < 44) continue;
    const newYear = yearOf(day) !== year;
    year = yearOf(day);
    const wholeYears = step === "month" && every % 12 === 0;
    const text = wholeYears ? String(year) : step === "month" ? (newYear ? `${shortMonth(lang, day)} ${year}` : shortMonth(lang, day)) : newYear ? `${shortDay(lang, day)} ${year}` : shortDay(lang, day);
    ticks.push({ day, text, strong: newYear && !wholeYears });
  }
  return ticks;
}
