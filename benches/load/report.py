"""What was measured, as Markdown and as a picture."""

import datetime
import os
import re
import subprocess
from xml.sax.saxutils import escape

# What the table of single figures calls them, and how they are written.
ONCE = [
    ("start", "start until /health answers", "s"),
    ("start, first", "first start of all, which makes the image of the index", "s"),
    ("start, empty", "start with an empty store", "s"),
    ("start of the bare server", "start of the bare server", "s"),
    ("memory", "memory after the start", "MB"),
    ("memory of an event", "memory of an event, its article and its incident", "bytes"),
    ("memory, first", "memory after the first start of all", "MB"),
    ("memory, after the load", "memory after the load, pages of the mapped image among it", "MB"),
    ("memory of its own, after the load", "of that, without those pages", "MB"),
    ("memory of an event, after the load", "memory of an event after the load", "bytes"),
    ("memory, empty", "memory with an empty store", "MB"),
    ("memory of the bare server", "memory of the bare server", "MB"),
    ("articles that came", "articles a second that came while it was asked", ""),
]

HOW = """
How: `make bench` made the events and asked everything in one run on one machine, so that the ratios hold where the
figures do not. wrk keeps eight connections busy for {seconds} s a line, on the same processor as the server, and each
request is one that was not asked before, unless the line says so. A box of 100 holds about 100 events; all of them are
in the answer. The milliseconds are what half and 99 % of the requests took at most.

The bare server is the yardstick: an R-tree and features written out beforehand behind the same HTTP library, and
nothing else. Its features have as many bytes as ours. It keeps no answers, so that a line with one that was asked
before stands beside its box of the same size, and it has no filters. It was measured before and behind the rest; the
ratios are to the mean. PostGIS is asked for the same events as
JSON through prepared statements over a socket, by pgbench, without HTTP before it. Stores lie in the cache of the
operating system.
"""


def grouped(number):
    return f"{number:,.0f}"


def short(number):
    """Three digits of it."""
    return grouped(number) if number >= 100 else f"{number:.{1 if number >= 10 else 2}f}"


def machine():
    with open("/proc/cpuinfo") as file:
        model = re.search(r"model name\s*: (.*)", file.read())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    name = model[1] if model else "a processor that does not say its name"
    return f"{len(os.sched_getaffinity(0))} cores of {name}, {memory:.0f} GB of memory"


def revision():
    command = ["git", "describe", "--always", "--dirty"]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return "unknown"


def bare_rate(figures, name):
    """The mean of the yardstick's runs; nothing where it has none."""
    rates = [found[name]["rate"] for found in figures.bare if name in found]
    return sum(rates) / len(rates) if rates else None


def ratio(found, bare):
    return found["rate"] / bare if found and bare else None


def drift(figures):
    """By how much the second run of the yardstick differs from the first, at most."""
    if len(figures.bare) < 2:
        return None
    first, second = figures.bare
    return max(abs(second[name]["rate"] / first[name]["rate"] - 1) for name in first if first[name]["rate"])


def row(figures, name):
    ours, other = figures.ours[name], figures.postgis.get(name)
    bare = bare_rate(figures, name)
    cells = [name + (f" ({ours['errors']} failed)" if ours["errors"] else "")]
    cells += [grouped(ours["rate"]), short(ours["p50"]), short(ours["p99"]), short(ours["bytes"] / 1e3)]
    cells += [grouped(bare) if bare else "–"]
    of_bare = ratio(ours, bare)
    cells += [f"**{short(of_bare)}**" if of_bare else "–"]
    cells += [grouped(other["rate"]), short(other["p50"]), short(other["p99"])] if other else ["–"] * 3
    times = ours["rate"] / other["rate"] if other and other["rate"] else None
    cells += [f"**{short(times)}**" if times else "–"]
    return cells


def table(heads, rows):
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def single(figures):
    rows = []
    for name, told, unit in ONCE:
        value = figures.once.get(name)
        if value is not None:
            value = value / 1e6 if unit == "MB" else value
            rows.append([told, f"{short(value)} {unit}".strip()])
    return table(["", "measured"], rows)


def markdown(measured, names, extraction, seconds, micro):
    today = datetime.date.today()
    parts = [
        "# Performance\n",
        f"Measured on {today} at {revision()}, on {machine()}.",
        "Requests a second, as parts of what a bare server does:\n",
        "![Requests a second as parts of the bare server's](performance.svg)\n",
        HOW.format(seconds=seconds).strip() + "\n",
    ]
    heads = ["", "requests a second", "50 % ms", "99 % ms", "KB", "bare server", "of it"]
    heads += ["PostGIS", "50 % ms", "99 % ms", "times it"]
    for figures in measured:
        parts.append(f"## {figures.events:,} events\n")
        if figures.absent:
            parts.append(f"Absent, and so not measured: {', '.join(figures.absent)}.\n")
        parts.append(table(heads, [row(figures, name) for name in names if name in figures.ours]))
        differs = drift(figures)
        if differs is not None:
            size = figures.bare[0]["box of 100"]["bytes"] / 1e3
            parts.append(
                f"The two runs of the bare server differ by {differs:.0%} at most. Its answer to a box of 100 has "
                f"{short(size)} KB.\n"
            )
        parts.append(single(figures))
    parts.append("## Reading articles\n")
    parts.append("The example articles over and over, from a file of JSON lines to lines of events:\n")
    rows = [[str(threads), grouped(rate)] for threads, rate in extraction.items()]
    parts.append(table(["threads", "articles a second"], rows))
    if 2 not in extraction:
        parts.append("`sitmap extract` has no `--threads`: it reads with one.\n")
    if micro:
        parts.append("## Parts\n")
        parts.append("What `cargo bench` says of each part alone:\n")
        parts.append(f"```text\n{benches(micro)}\n```\n")
    return "\n".join(parts)


def benches(said):
    """Times and throughputs; without allocations, and what Cargo says of tests that are passed over."""
    kept = []
    for line in said.splitlines():
        passed_over = re.match(r"(running \d+ tests?|test |Timer precision)", line)
        # Of a bench divan tells time, throughput and then allocations, line by line.
        allocations = "│" in line and not re.search(r"fastest|[├╰]─|(item|B)/s", line)
        if not passed_over and not allocations:
            kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


# The picture's measures, in pixels.
LEFT, WIDTH, LINE, BAR = 250, 760, 34, 11
STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #222 } .head { font-weight: 600 }
  .ours { fill: #1f6fb2 } .postgis { fill: #c2742d } .one { stroke: #666; stroke-dasharray: 3 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd } .ours { fill: #5aa9e6 } .postgis { fill: #e0a064 } .one { stroke: #aaa }
  }
"""


def bars(figures, names):
    """Of each line its name, and the ratios of ours and PostGIS."""
    found = []
    for name in names:
        bare = bare_rate(figures, name)
        if bare and name in figures.ours:
            found.append((name, ratio(figures.ours[name], bare), ratio(figures.postgis.get(name), bare)))
    return found


def picture(measured, names):
    """Bars of the ratios, with a line where the bare server stands."""
    groups = [(figures.events, bars(figures, names)) for figures in measured]
    largest = max([1.0] + [value or 0.0 for _, lines in groups for line in lines for value in line[1:]])
    scale = (WIDTH - LEFT - 60) / largest
    drawn, y = [], 24
    drawn.append(f'<text class="head" x="8" y="{y}">Requests a second, the bare server being 1</text>')
    for kind, x, label in [("ours", LEFT + 130, "sitmap"), ("postgis", LEFT + 210, "PostGIS")]:
        drawn.append(f'<rect class="{kind}" x="{x}" y="{y - 10}" width="11" height="11"/>')
        drawn.append(f'<text x="{x + 16}" y="{y}">{label}</text>')
    for events, lines in groups:
        y += 30
        drawn.append(f'<text class="head" x="8" y="{y}">{events:,} events</text>')
        top = y + 6
        if not lines:
            drawn.append(f'<text x="{LEFT}" y="{y}">no bare server was there to compare with</text>')
        for name, ours, other in lines:
            y += LINE
            drawn.append(f'<text x="{LEFT - 8}" y="{y}" text-anchor="end">{escape(name)}</text>')
            for kind, value, at in [("ours", ours, y - 14), ("postgis", other, y - 1)]:
                if value is not None:
                    width = max(1.0, value * scale)
                    drawn.append(f'<rect class="{kind}" x="{LEFT}" y="{at}" width="{width:.1f}" height="{BAR}"/>')
                    drawn.append(f'<text x="{LEFT + width + 5:.1f}" y="{at + 10}">{short(value)}</text>')
        if lines:
            x = LEFT + scale
            drawn.append(f'<line class="one" x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{y + 14}"/>')
    height = y + 28
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    title = "<title>Requests a second as parts of the bare server's</title>"
    return "\n".join([head, title, f"<style>{STYLE}</style>", *drawn, "</svg>"]) + "\n"
