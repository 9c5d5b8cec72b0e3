#!/usr/bin/env python3
"""Whether GDAL, pyogrio, QGIS, OWSLib and plain HTTP find as many rows in the service as there are.

usage: counts.py BASEURL STORE

Events, movements and articles are counted in the store; incidents, places and areas, which the service makes by itself,
in its own full answer. QGIS is asked in a process of its own: it belongs to the system's Python ($SYSTEM_PYTHON).
"""

import csv
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

import pyogrio
from owslib.ogcapi.features import Features

import rows
from proxy import Proxy
from questions import BOXES, MANY, PERIODS, datetime, known, text, where

differences = 0
compared = 0


def compare(client, collection, question, got, expected):
    global differences, compared
    compared += 1
    if got != expected:
        differences += 1
        print(f"{client}, {collection}, {question}: {got} rows, not {expected}", file=sys.stderr)


def over_http(base, collections):
    """numberMatched of every question, and the rows of all pages, each once."""
    for collection in collections:
        address = f"{base}/collections/{collection.name}/items"
        questions = [("", len(collection.rows))]
        questions += [(f"bbox={text(box)}", n) for box, n in collection.in_box.items()]
        questions += [(f"datetime={datetime(*days)}", n) for days, n in collection.periods()]
        for question, expected in questions:
            matched = rows.get(f"{address}?{question}&limit=1")["numberMatched"]
            compare("HTTP", collection.name, question or "all", matched, expected)
            # Where there are several pages; and over the antimeridian, where clients never ask.
            across = collection.name != "places" and "bbox=17" in question
            if not across and not (collection.name == "events" and expected > 1000):
                continue
            ids = [f["id"] for page in rows.pages(f"{address}?{question}&limit=1000") for f in page["features"]]
            compare("HTTP, pages", collection.name, question or "all", len(ids), expected)
            compare("HTTP, distinct", collection.name, question or "all", len(set(ids)), expected)


def over_ogrinfo(base, collections):
    def count(name, *options):
        # Older ones ask for ten rows at a time.
        command = ["ogrinfo", "-ro", "-so", "-oo", "PAGE_SIZE=1000", f"OAPIF:{base}/", name, *options]
        done = subprocess.run(command, capture_output=True, text=True)
        found = re.search(r"^Feature Count: (\d+)$", done.stdout, re.M)
        complaint = re.search(r"ERROR.*", done.stderr)
        return complaint.group()[:200] if complaint else found and int(found.group(1))

    for collection in collections:
        name = collection.name
        compare("ogrinfo", name, "all", count(name), len(collection.rows))
        for box, expected in collection.boxes():
            compare("ogrinfo", name, box, count(name, "-spat", *map(str, box)), expected)
        for days, expected in collection.periods():
            compare("ogrinfo", name, where(*days), count(name, "-where", where(*days)), expected)


def over_pyogrio(base, collections):
    def count(name, **question):
        try:
            _, fids, _, _ = pyogrio.raw.read(
                f"OAPIF:{base}/", layer=name, columns=["id"], read_geometry=False, return_fids=True, **question
            )
        except Exception as error:
            return f"{type(error).__name__}: {error}"[:200]
        return len(fids)

    for collection in collections:
        name = collection.name
        total = pyogrio.read_info(f"OAPIF:{base}/", layer=name)["features"]
        compare("pyogrio", name, "all", total, len(collection.rows))
        for box, expected in collection.boxes():
            compare("pyogrio", name, box, count(name, bbox=box), expected)
        for days, expected in collection.periods():
            compare("pyogrio", name, where(*days), count(name, where=where(*days)), expected)


def over_owslib(base, collections):
    service = Features(f"{base}/")
    offered = service.feature_collections()
    compare("OWSLib", "collections", "names", sorted(offered), sorted(c.name for c in collections))
    for collection in collections:
        name = collection.name
        questions = [({"bbox": list(box)}, n) for box, n in collection.in_box.items()]
        questions += [({"datetime": datetime(*days)}, n) for days, n in collection.periods()]
        for question, expected in questions:
            page = service.collection_items(name, limit=1, **question)
            compare("OWSLib", name, question, page["numberMatched"], expected)
    turned = 0
    cursor = {}
    while cursor is not None:
        page = service.collection_items("events", limit=5000, **cursor)
        turned += page["numberReturned"]
        following = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
        parameters = urllib.parse.urlsplit(following or "").query
        cursor = {"cursor": urllib.parse.parse_qs(parameters)["cursor"][0]} if following else None
    events = next(c for c in collections if c.name == "events")
    compare("OWSLib", "events", "all pages", turned, len(events.rows))


def read_file(form, body):
    """How many rows a downloaded file has, by a reader of its own where Python has one."""
    if form == "csv":
        csv.field_size_limit(10**7)  # a country's outline
        return len(list(csv.DictReader(io.StringIO(body.decode(), newline=""))))
    if form in ("ndjson", "geojsonseq"):
        # splitlines() would take the record separator for the end of a line.
        lines = filter(None, body.decode().split("\n"))
        return sum(json.loads(line.lstrip("\x1e"))["type"] == "Feature" for line in lines)
    if form in ("geojson", "jsonfg"):
        return len(json.loads(body)["features"])
    if form == "columns":
        return len(json.loads(body)["columns"]["id"])
    with tempfile.NamedTemporaryFile(suffix="." + form) as file:
        file.write(body)
        file.flush()
        if form == "gpkg":
            (layer,), = sqlite3.connect(file.name).execute("SELECT table_name FROM gpkg_contents").fetchall()
            return sqlite3.connect(file.name).execute(f'SELECT count(*) FROM "{layer}"').fetchone()[0]
        # To GDAL, a KML without features has no layer either.
        layers = len(pyogrio.list_layers(file.name))
        return layers and len(pyogrio.raw.read(file.name, columns=[], read_geometry=False, return_fids=True)[1])


def over_downloads(base, collections):
    """Every format as a file, of everything and of the box over the antimeridian."""
    description = rows.get(f"{base}/collections/events/items?limit=1")
    offered = [link["href"] for link in description["links"] if link["rel"] in ("self", "alternate")]
    forms = [parameters["f"][0] for href in offered if "f" in (parameters := urllib.parse.parse_qs(href.split("?")[1]))]
    for collection in collections:
        across = f"bbox={text(BOXES[17])}&limit=10000"
        questions = [(across, collection.in_box[BOXES[17]])]
        # Pages come as one form or the other; a file is everything.
        if collection.name == "events":
            questions.append(("", len(collection.rows)))
        for form in set(forms) - {"json", "html"}:
            for question, expected in questions:
                if form == "jsonfg" and not question:
                    continue
                address = f"{base}/collections/{collection.name}/items?{question}&f={form}"
                with urllib.request.urlopen(address.replace("?&", "?"), timeout=60) as answer:
                    compare(f"file as {form}", collection.name, question, read_file(form, answer.read()), expected)


DURING = ("2019-10-01", "2019-12-31")
CONFIDENT = '"confidence" > 0.9 AND ' + where(*PERIODS[1])


def questions_for_qgis(collections):
    """What QGIS is asked for: little, for it takes a millisecond for each row."""
    for collection in collections:
        # A box of no width or height means no box to it; and what was read for the world, which therefore comes last,
        # it does not ask for again.
        boxes = [box for box, n in collection.boxes() if n <= MANY and box[0] < box[2] and box[1] < box[3]]
        filters = []
        if collection.name == "events":
            boxes.append(BOXES[0])
            filters.append(CONFIDENT)
        if collection.name in ("events", "movements"):
            filters += [where(*days) for days, n in collection.periods() if n <= MANY]
        yield collection.name, {"boxes": boxes, "filters": filters}


def start_qgis(url, collections):
    layers = dict(questions_for_qgis(collections))
    plan = json.dumps({"base": url, "layers": layers, "during": DURING})
    environment = {
        # Of the system's Python, not of a virtual environment's.
        **{name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))},
        "QT_QPA_PLATFORM": "offscreen",
    }
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "qgis_counts.py")
    process = subprocess.Popen(
        [os.environ.get("SYSTEM_PYTHON", "/usr/bin/python3"), script],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    )
    process.stdin.write(plan)
    process.stdin.close()
    process.stdin = None
    return process


def check_qgis(process, proxy, collections):
    output, complaints = process.communicate(timeout=300)
    if process.returncode != 0:
        compare("QGIS", "all", "runs", complaints, "")
        return
    answer = json.loads(output)
    by_name = {collection.name: collection for collection in collections}
    for name, question, got in answer["counts"]:
        collection = by_name[name]
        compare("QGIS", name, question, got, expected_of(collection, question))
    columns = answer["columns"]
    for column, kind in [("start", "Date"), ("end", "Date"), ("confidence", "Real"), ("temporal", ["start", "end"])]:
        compare("QGIS", "events", f"type of {column}", columns[column], kind)
    asked = [path for path in proxy.asked if "/events/items" in path]
    compare("QGIS", "events", "hands on the box", any("bbox=" in path for path in asked), True)
    in_time = any("datetime=" in path or "filter=" in path and "DATE(" in path for path in asked)
    compare("QGIS", "events", "hands on the time", in_time, True)
    # QGIS 3.40 writes CQL2; 3.22 reads everything and filters by itself.
    if answer["version"] >= 34000:
        pushed = any("filter=" in path and "confidence" in path for path in asked)
        compare("QGIS", "events", "hands on the filter", pushed, True)


def expected_of(collection, question):
    if question == "all":
        return len(collection.rows)
    if question == "during":
        return sum(rows.overlaps(row, *DURING) for row in collection.rows)
    if question == CONFIDENT:
        return sum(row["confidence"] > 0.9 and rows.overlaps(row, *PERIODS[1]) for row in collection.rows)
    for days, expected in collection.periods():
        if question == where(*days):
            return expected
    return collection.in_box[tuple(question)]


def main(base, store):
    began = time.monotonic()

    def lap(what):
        nonlocal began
        now = time.monotonic()
        print(f"{what}: {now - began:.0f} s, {compared} counts compared, {differences} differ", flush=True)
        began = now

    collections = known(base, store)
    lap(", ".join(f"{len(c.rows)} {c.name}" for c in collections))
    proxy = Proxy(base)
    qgis = start_qgis(proxy.url, collections)
    for client in (over_http, over_downloads, over_ogrinfo, over_pyogrio, over_owslib):
        client(base, collections)
        lap(client.__name__.removeprefix("over_"))
    check_qgis(qgis, proxy, collections)
    lap("QGIS")
    proxy.close()
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1].rstrip("/"), sys.argv[2]))
