#!/usr/bin/env python3
"""Measures the program under load, and other servers on the same events beside it; writes a report.

usage: run.py [--quick] [--micro FILE] --sitmap PROGRAM --out FOLDER EVENTS…

Each EVENTS is a folder that `cargo bench --bench generate` made. The report is performance.md and performance.svg in
FOLDER; FILE is what the benches said, to stand in it. SITMAP_BENCH_LIMIT names a bare server, the yardstick: started
as `PROGRAM events.tsv PORT`, it answers /pre (packed: /z/pre) with bbox and limit from an R-tree of features written
out beforehand, and /etag with 304. PostGIS is asked where it is installed. What is not there is said to be absent.
Copies of the stores lie in the folder for temporary files (TMPDIR) meanwhile.
"""

import argparse
import contextlib
import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import postgis
import report
from server import Load, Server, free_port

SIZES = (10, 100, 1000)
# A year of the eight, and the kind of three events in ten.
FILTER = "&datetime=2018-01-01/2018-12-31&action=strike"
CONDITION = "AND day BETWEEN '2018-01-01' AND '2018-12-31' AND kind = 'strike'"
# Articles that come in a second.
INGESTED = 500
ARTICLES = "data/articles"
# Longer than any call of the program may take.
DONE = 600
# Longer than the image of the index takes to be written; a small store gets none.
IMAGED = 60


@dataclasses.dataclass
class Workload:
    """What is asked, and of whom."""

    name: str
    ours: str
    theirs: str | None = None
    features: int = 100
    # How the events of PostGIS are told from others; None: it is not asked.
    condition: str | None = None
    repeated: bool = False
    encoding: str | None = None
    known: bool = False


def items(features):
    return f"/collections/events/items?bbox={{box}}&limit={features}"


def bare(features):
    return f"/pre?bbox={{box}}&limit={features}"


TILE = "/tiles/WebMercatorQuad/0/0/0"
WORKLOADS = [
    *(Workload(f"box of {n}", items(n), bare(n), n, "") for n in SIZES),
    *(Workload(f"box of {n}, one year, strikes", items(n) + FILTER, None, n, CONDITION) for n in SIZES),
    Workload("box of 100, packed (gzip)", items(100), "/z" + bare(100), encoding="gzip"),
    Workload("box of 100, asked before", items(100), bare(100), repeated=True),
    Workload("known to the client (304)", "/collections/events/items?limit=100", "/etag", known=True),
    Workload("world tile, all days", TILE + "?datetime={day}/..", repeated=False),
    Workload("world tile, asked before", TILE, repeated=True),
]
INGESTING = "box of 100, while articles come"


@dataclasses.dataclass
class Figures:
    """What was measured on a store: by workload, then by name."""

    events: int
    ours: dict = dataclasses.field(default_factory=dict)
    bare: list = dataclasses.field(default_factory=list)
    postgis: dict = dataclasses.field(default_factory=dict)
    once: dict = dataclasses.field(default_factory=dict)
    absent: list = dataclasses.field(default_factory=list)


def say(text, began=time.monotonic()):
    print(f"{time.monotonic() - began:5.0f} s  {text}", file=sys.stderr, flush=True)


def boxes_of(folder, features):
    return os.path.join(folder, f"{features}.txt")


def measure(server, workload, path, folder, load):
    known = None
    if workload.known:
        known = server.get(path)[1].get("ETag", '"any"')
    boxes = boxes_of(folder, workload.features)
    found = load.run(server, path, boxes, workload.repeated, workload.encoding, known)
    say(f"  {workload.name}: {found['rate']:.0f} a second")
    return found


def warm(server, path, folder, load):
    load.run(server, path, boxes_of(folder, 100), seconds=min(2, load.seconds))


def measure_bare(program, folder, load, log):
    port = free_port()
    command = [program, os.path.join(folder, "events.tsv"), str(port)]
    with Server(command, port, "/etag", log) as server:
        once = {"start": server.seconds_to_start, "memory": server.memory()}
        warm(server, bare(100), folder, load)
        asked, found = {}, {}
        for workload in WORKLOADS:
            if not workload.theirs:
                continue
            # It keeps no answers: what differs in that alone is asked once.
            key = (workload.theirs, workload.encoding, workload.known)
            if key not in asked:
                asked[key] = measure(server, workload, workload.theirs, folder, load)
            found[workload.name] = asked[key]
        found[INGESTING] = found["box of 100"]
    return found, once


def serve(program, store, log):
    port = free_port()
    command = [program, "serve", "--no-examples", "--store", store, "--listen", f"127.0.0.1:{port}"]
    return Server(command, port, "/health", log)


def wait_for_image(store):
    """Until a service that was started for the first time has written what saves the next the time."""
    end = time.monotonic() + IMAGED
    while time.monotonic() < end and not os.path.exists(f"{store}-index"):
        time.sleep(0.1)


def measure_ours(program, folder, work, load, log, figures):
    with serve(program, os.path.join(work, "empty.gpkg"), log) as server:
        figures.once["start, empty"] = server.seconds_to_start
        empty = figures.once["memory, empty"] = server.memory()
    # Articles are added to it: what was made stays as it is.
    store = os.path.join(work, "events.gpkg")
    shutil.copyfile(os.path.join(folder, "events.gpkg"), store)
    with serve(program, store, log) as server:
        figures.once["start, first"] = server.seconds_to_start
        figures.once["memory, first"] = server.memory()
        wait_for_image(store)
    with serve(program, store, log) as server:
        figures.once["start"] = server.seconds_to_start
        held = json.loads(server.get("/health")[2])["events"]
        if held != figures.events:
            raise RuntimeError(f"the service holds {held} events of {figures.events}")
        figures.once["memory"] = server.memory()
        figures.once["memory of an event"] = (figures.once["memory"] - empty) / figures.events
        warm(server, items(100), folder, load)
        for workload in WORKLOADS:
            figures.ours[workload.name] = measure(server, workload, workload.ours, folder, load)
        figures.once["memory, after the load"] = server.memory()
        figures.once["memory of an event, after the load"] = (server.memory() - empty) / figures.events
        figures.once["memory of its own, after the load"] = server.memory("RssAnon")
        with Ingest(program, store, work, log) as ingest:
            path = Workload(INGESTING, items(100))
            figures.ours[INGESTING] = measure(server, path, path.ours, folder, load)
        figures.once["articles that came"] = ingest.rate


def examples():
    """The example articles as they are written, lines of JSON."""
    articles = []
    for name in sorted(os.listdir(ARTICLES)):
        with open(os.path.join(ARTICLES, name)) as file:
            articles += [json.loads(line) for line in file if line.strip()]
    return articles


def write_articles(path, count, first=0):
    """So many articles, no two the same: the examples over and over, each with its number."""
    known = examples()
    with open(path, "w") as file:
        for number in range(first, first + count):
            article = dict(known[number % len(known)], id=f"load-{number}")
            article["text"] += f"\n\n{number}."
            file.write(json.dumps(article) + "\n")


class Ingest:
    """Adds articles to a store from another process, a slice each second, until the block ends."""

    def __init__(self, program, store, work, log):
        self.command = [program, "ingest", "--store", store]
        self.path, self.log = os.path.join(work, "slice.jsonl"), log
        self.rate, self.failed = 0.0, None
        self.ends = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self):
        began, added = time.monotonic(), 0
        try:
            while not self.ends.is_set():
                turn = time.monotonic()
                write_articles(self.path, INGESTED, added)
                command = [*self.command, self.path]
                subprocess.run(command, stdout=self.log, stderr=self.log, timeout=DONE, check=True)
                added += INGESTED
                self.ends.wait(max(0.0, turn + 1 - time.monotonic()))
        except (OSError, subprocess.SubprocessError) as error:
            self.failed = error
        self.rate = added / (time.monotonic() - began)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ends.set()
        self.thread.join()
        if self.failed:
            raise RuntimeError(f"ingest failed: {self.failed}")


def extract(program, work, threads, count):
    """Seconds to read so many articles."""
    path = os.path.join(work, "articles.jsonl")
    write_articles(path, count)
    began = time.monotonic()
    command = [program, "extract", *threads, "--format", "ndjson", path]
    subprocess.run(command, stdout=subprocess.DEVNULL, timeout=DONE, check=True)
    return time.monotonic() - began


def measure_extraction(program, work, seconds):
    """Articles a second, by threads; the start of the program is not counted."""
    usage = subprocess.run([program, "extract", "--help"], capture_output=True, text=True, timeout=60, check=True)
    options = {1: ["--threads", "1"], 2: ["--threads", "2"]} if "--threads" in usage.stdout else {1: []}
    found = {}
    for threads, option in options.items():
        start, count, took = extract(program, work, option, 1), 100, 0.0
        # As many as take long enough to tell how many fit into the time.
        while took < 0.5 and count < 100_000:
            count *= 2
            took = extract(program, work, option, count) - start
        many = max(count, int(count / took * seconds))
        found[threads] = many / (extract(program, work, option, many) - start)
        say(f"extraction, threads {threads}: {found[threads]:.0f} articles a second")
    return found


def measure_postgis(folder, work, seconds):
    bin_folder = postgis.programs()
    if not bin_folder:
        return {}
    found = {}
    boxes = {features: boxes_of(folder, features) for features in SIZES}
    with postgis.PostGIS(bin_folder, os.path.join(work, "postgis")) as cluster:
        cluster.load(os.path.join(folder, "events.tsv"), boxes)
        for workload in WORKLOADS:
            if workload.condition is None:
                continue
            with open(boxes[workload.features]) as file:
                lines = len(file.readlines())
            found[workload.name] = cluster.run(workload.features, lines, workload.condition, seconds)
            say(f"  {workload.name}: {found[workload.name]['rate']:.0f} a second")
    return found


def count_events(folder):
    with open(os.path.join(folder, "events.txt")) as file:
        return int(file.read())


def fits(folder):
    """Whether the bare server's memory suffices for its file, three times as large in it."""
    with open("/proc/meminfo") as file:
        line = next(line for line in file if line.startswith("MemAvailable:"))
    return 3 * os.path.getsize(os.path.join(folder, "events.tsv")) < int(line.split()[1]) * 1024


def measure_all(options, folder, seconds, work, log):
    figures = Figures(count_events(folder))
    load = Load(seconds)
    limit = os.environ.get("SITMAP_BENCH_LIMIT")
    if limit and not fits(folder):
        figures.absent.append("the bare server (it holds all in memory, and there is too little)")
        limit = None
    elif not limit:
        figures.absent.append("the bare server (SITMAP_BENCH_LIMIT)")
    # The yardstick before and behind the rest: what the machine did meanwhile shows in the difference.
    if limit:
        say(f"{figures.events} events: the bare server")
        found, once = measure_bare(limit, folder, load, log)
        figures.bare.append(found)
        figures.once |= {f"{name} of the bare server": value for name, value in once.items()}
    say(f"{figures.events} events: sitmap")
    measure_ours(options.sitmap, folder, work, load, log, figures)
    say(f"{figures.events} events: PostGIS")
    figures.postgis = measure_postgis(folder, work, seconds)
    if not figures.postgis:
        figures.absent.append("PostGIS")
    if limit:
        say(f"{figures.events} events: the bare server again")
        figures.bare.append(measure_bare(limit, folder, load, log)[0])
    return figures


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--quick", action="store_true", help="two seconds each")
    arguments.add_argument("--micro", help="a file of what the benches said")
    arguments.add_argument("--sitmap", required=True, help="the program")
    arguments.add_argument("--out", required=True, help="the folder of the report")
    arguments.add_argument("events", nargs="+", help="folders with events")
    options = arguments.parse_args()
    if not shutil.which("wrk"):
        sys.exit("error: wrk is missing (Debian: apt-get install wrk)")
    # Who ends the run ends the servers with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    seconds = 2 if options.quick else 10
    micro = None
    if options.micro:
        with open(options.micro) as file:
            micro = file.read()
    measured = []
    with contextlib.ExitStack() as stack:
        work = stack.enter_context(tempfile.TemporaryDirectory(prefix="sitmap-bench-", ignore_cleanup_errors=True))
        # PostgreSQL runs as somebody else.
        os.chmod(work, 0o755)
        # What the programs say is shown where something went wrong.
        log = stack.enter_context(open(os.path.join(work, "log"), "w+"))
        try:
            extraction = measure_extraction(options.sitmap, work, seconds)
            for number, folder in enumerate(options.events):
                part = os.path.join(work, str(number))
                os.mkdir(part)
                os.chmod(part, 0o755)
                measured.append(measure_all(options, folder, seconds, part, log))
                shutil.rmtree(part, ignore_errors=True)
        except Exception:
            log.seek(0)
            sys.stderr.write(log.read()[-4000:])
            raise
    os.makedirs(options.out, exist_ok=True)
    names = [workload.name for workload in WORKLOADS] + [INGESTING]
    for name, text in {
        "performance.md": report.markdown(measured, names, extraction, seconds, micro),
        "performance.svg": report.picture(measured, names),
    }.items():
        with open(os.path.join(options.out, name), "w") as file:
            file.write(text)
    say(f"written: {options.out}/performance.md")


if __name__ == "__main__":
    main()
