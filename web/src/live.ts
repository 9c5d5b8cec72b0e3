// New, changed and removed events, as the server tells of them (server-sent events). Many at once are one change.

const GATHER_MS = 300;
/** The browser comes back by itself in less; only what lasts is worth a word. */
const LOST_MS = 5_000;
/** Where the browser gives up, which it does when the server refuses. */
const RETRY_MS = 10_000;

export interface Listener {
  /** Features to put in their places, and ids of what is no more. */
  onChange(features: unknown[], gone: string[]): void;
  /** The server has another store than before. */
  onReset(): void;
  onConnection(isThere: boolean): void;
  /** Whether changes have to wait; `flush` is called when they need not any more. */
  isHeld(): boolean;
}

export interface Live {
  open(): void;
  flush(): void;
}

export function createLive(listener: Listener): Live {
  let source: EventSource | null = null;
  /** The id of what was told last: what comes behind it is asked for. */
  let last = "";
  let puts = new Map<string, unknown>();
  let gone = new Set<string>();
  let [gathering, losing, retrying] = [0, 0, 0];
  let gatherMs = GATHER_MS;
  let [wasThere, isLost] = [false, false];

  function open(): void {
    close();
    const query = new URLSearchParams({ collection: "events", ...(last && { "last-event-id": last }) });
    source = new EventSource(`stream?${query}`);
    source.onopen = () => {
      window.clearTimeout(losing);
      losing = 0;
      wasThere = true;
      if (isLost) listener.onConnection(true);
      isLost = false;
    };
    source.onerror = () => {
      // A server that never had a stream for us is no loss.
      if (wasThere) losing ||= window.setTimeout(() => listener.onConnection(!(isLost = true)), LOST_MS);
      if (source?.readyState === EventSource.CLOSED) retrying = window.setTimeout(open, RETRY_MS);
    };
    on("start", () => undefined);
    on("put", (feature) => {
      puts.set(String(feature.id), feature);
      gone.delete(String(feature.id));
    });
    on("remove", ({ id }) => {
      puts.delete(String(id));
      gone.add(String(id));
    });
    on("reset", () => {
      puts.clear();
      gone.clear();
      listener.onReset();
    });
  }

  function close(): void {
    source?.close();
    for (const timer of [losing, retrying]) window.clearTimeout(timer);
    losing = 0;
  }

  function on(name: string, take: (data: { id?: unknown }) => void): void {
    source!.addEventListener(name, ({ data, lastEventId }) => {
      if (lastEventId) last = lastEventId;
      try {
        take(JSON.parse(data));
      } catch (error) {
        console.warn("stream:", error);
      }
      if (puts.size + gone.size > 0) gathering ||= window.setTimeout(flush, gatherMs);
    });
  }

  function flush(): void {
    window.clearTimeout(gathering);
    gathering = 0;
    if (puts.size + gone.size === 0 || listener.isHeld()) return;
    const [features, ids] = [[...puts.values()], [...gone]];
    puts = new Map();
    gone = new Set();
    const began = performance.now();
    listener.onChange(features, ids);
    // Of very many events, showing them anew takes its time: the page is left more of it than that.
    gatherMs = Math.max(GATHER_MS, 4 * (performance.now() - began));
  }

  // A page in the background needs no news, and browsers have few connections for one server.
  document.addEventListener("visibilitychange", () => {
    if (source) (document.hidden ? close : open)();
  });
  return { open, flush };
}

/** Changes what a box holds, without moving what is being read in it or taking the keyboard away. */
export function inPlace(box: HTMLElement, change: () => void): void {
  const named = (id?: string) => [...box.querySelectorAll<HTMLElement>("button[data-event]")].find((one) => (id ? one.dataset["event"] === id : one.getBoundingClientRect().bottom > box.getBoundingClientRect().top));
  const focused = box.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["event"] : undefined;
  const [top, read] = [box.scrollTop, box.scrollTop > 0 ? named() : undefined];
  const id = read?.dataset["event"];
  const was = read?.getBoundingClientRect().top ?? 0;
  change();
  box.scrollTop = top;
  const again = id && named(id);
  if (again) box.scrollTop += again.getBoundingClientRect().top - was;
  if (focused) named(focused)?.focus({ preventScroll: true });
}
