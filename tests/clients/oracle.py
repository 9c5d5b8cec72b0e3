#!/usr/bin/env python3
"""A second opinion on filters: random CQL2 to the service, the same as SQL to DuckDB, and how many rows each finds.

usage: oracle.py BASEURL STORE [EXPRESSIONS [SEED]]

Every expression is made as a tree and written three times: as CQL2 text, as CQL2 JSON and as SQL. The rows come from
the store by sqlite3; Shapely says which of them meet a shape, Python how letters fold. Only classes that the service
declares are used. Exit 1 on any difference.
"""

import json
import os
import random
import sys
import tempfile
import urllib.error
import urllib.parse

import duckdb
import numpy
import shapely

import rows
from cql2 import COLUMNS, SPATIAL, Maker


def judge(all, op, parts):
    """What Shapely says of the rows' geometries; None where there is none."""
    shapes = [row["geometry"] for row in all]
    shapes = [shapely.Point(shape) if isinstance(shape, tuple) else shape for shape in shapes]
    shapes = numpy.array(shapes, dtype=object)
    truths = SPATIAL[op](shapes, shapely.union_all(parts))
    return [bool(truth) if shape is not None else None for shape, truth in zip(shapes, truths)]


def database(all, shapes):
    """The rows in DuckDB, with a column of truths for each shape."""
    truths = {f"shape{n}": judge(all, op, parts) for n, (op, _, _, parts) in enumerate(shapes)}
    connection = duckdb.connect()
    fold = lambda text: text.casefold()
    connection.create_function("casei", fold, ["VARCHAR"], "VARCHAR")
    columns = {**COLUMNS, **dict.fromkeys(truths, "BOOLEAN")}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "rows.ndjson")
        with open(path, "w", encoding="utf-8") as file:
            for n, row in enumerate(all):
                values = {name: row[name] for name in COLUMNS} | {name: truth[n] for name, truth in truths.items()}
                file.write(json.dumps(values) + "\n")
        types = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
        source = f"read_json('{path}', format = 'newline_delimited', columns = {{{types}}})"
        connection.execute(f"CREATE TABLE rows AS SELECT * FROM {source}")
    return connection


def matched(base, collection, **filter):
    """numberMatched, or what the service says is wrong."""
    query = urllib.parse.urlencode({**filter, "limit": 1})
    try:
        return rows.get(f"{base}/collections/{collection}/items?{query}")["numberMatched"]
    except urllib.error.HTTPError as error:
        return f"{error.code} {error.read(300).decode(errors='replace')}"


def examine(base, collection, all, classes, expressions, rng):
    """How many expressions, and how many of them were not agreed on."""
    maker = Maker(rng, all, classes)
    connection = database(all, maker.shapes)
    differences = 0
    some = 0
    for number in range(expressions):
        written = maker.expression(rng.randrange(4))
        expected, = connection.execute(f"SELECT count(*) FROM rows WHERE {written.sql}").fetchone()
        some += 0 < expected < len(all)
        got = {"text": matched(base, collection, filter=written.text, **{"filter-lang": "cql2-text"})}
        if "cql2-json" in classes and number % 2 == 0:
            got["JSON"] = matched(base, collection, filter=json.dumps(written.tree), **{"filter-lang": "cql2-json"})
        if any(count != expected for count in got.values()):
            differences += 1
            print(f"{collection}: {got}, DuckDB {expected}:\n  {written.text}\n  {written.sql}", file=sys.stderr)
    agree = f"{expressions - differences} of {expressions} filters agree"
    print(f"{collection}: {agree}; {some} find some rows and not all", flush=True)
    return differences


def main(base, store, expressions=240, seed=1):
    conforms = rows.get(f"{base}/conformance", "application/json")["conformsTo"]
    classes = {uri.rsplit("/", 1)[1] for uri in conforms if "/cql2/" in uri}
    if "cql2-text" not in classes:
        print("the service does not declare that it filters by CQL2", file=sys.stderr)
        return 1
    print("CQL2: " + ", ".join(sorted(classes)))
    rng = random.Random(seed)
    events = rows.events(store)
    lines = list(rows.movements(events))
    differences = examine(base, "events", events, classes, expressions * 5 // 6, rng)
    differences += examine(base, "movements", lines, classes, expressions // 6, rng)
    return 1 if differences else 0


if __name__ == "__main__":
    base, store, *numbers = sys.argv[1:]
    sys.exit(main(base.rstrip("/"), store, *map(int, numbers)))
