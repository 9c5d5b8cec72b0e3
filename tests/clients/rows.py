"""What the service should say: its rows, read from the store with nothing of the service's own code.

A row is a dict of the columns, with `geometry`: None, a position (longitude, latitude), or a shape.
"""

import json
import sqlite3
import struct
import urllib.request

import numpy
import shapely


def position(blob):
    """The point of a GeoPackage geometry without an envelope."""
    if blob is None:
        return None
    magic, _, flags, _, order, kind, lon, lat = struct.unpack("<2sBBiBIdd", blob)
    assert (magic, flags, order, kind) == (b"GP", 1, 1, 1), blob
    return lon, lat


def line(origin, destination):
    """The shorter way, cut in two where it crosses the antimeridian."""
    (x1, y1), (x2, y2) = origin, destination
    if abs(x2 - x1) <= 180:
        return shapely.LineString([origin, destination])
    edge = 180.0 if x1 > 0 else -180.0
    unwrapped = x2 + 2 * edge
    y = y1 + (edge - x1) / (unwrapped - x1) * (y2 - y1) if unwrapped != x1 else y1
    return shapely.MultiLineString([[(x1, y1), (edge, y)], [(-edge, y), (x2, y2)]])


def select(store, sql):
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    return [dict(row) for row in connection.execute(sql)]


def events(store):
    rows = select(store, "SELECT * FROM events ORDER BY fid")
    for row in rows:
        row["geometry"] = position(row.pop("geom"))
    return rows


def movements(events):
    """The events that have both ends."""
    for event in events:
        origin = event["origin_lon"], event["origin_lat"]
        destination = event["destination_lon"], event["destination_lat"]
        if None not in origin + destination:
            yield {**event, "geometry": line(origin, destination)}


def articles(store):
    return [{**row, "geometry": None} for row in select(store, "SELECT id FROM articles ORDER BY fid")]


def get(url, accept="application/geo+json"):
    request = urllib.request.Request(url, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


def pages(url):
    """The pages of an address, by their next links."""
    while url:
        page = get(url)
        yield page
        url = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)


def served(base, collection, columns="id"):
    """All features of a collection, as the service itself gives them, with these columns."""
    for page in pages(f"{base}/collections/{collection}/items?properties={columns}&limit=10000"):
        for feature in page["features"]:
            geometry = feature["geometry"]
            if geometry and geometry["type"] == "Point":
                geometry = tuple(geometry["coordinates"])
            elif geometry:
                geometry = shapely.from_geojson(json.dumps(geometry))
            yield {**feature["properties"], "id": feature["id"], "geometry": geometry}


def shape(west, south, east, north):
    """A box as a shape: a polygon of no width is none."""
    if west < east and south < north:
        return shapely.box(west, south, east, north)
    corners = [(west, south), (east, north)]
    return shapely.Point(corners[0]) if corners[0] == corners[1] else shapely.LineString(corners)


def parts(box):
    """The one or two shapes that a box covers; west may be east of east."""
    west, south, east, north = box
    if west <= east:
        return [shape(*box)]
    return [shape(west, south, 180.0, north), shape(-180.0, south, east, north)]


class Places:
    """Where rows lie, to be counted by boxes."""

    def __init__(self, rows):
        shapes = [row["geometry"] for row in rows if row["geometry"] is not None]
        points = [shape for shape in shapes if isinstance(shape, tuple)]
        self.x, self.y = numpy.array(points, dtype=float).reshape(-1, 2).T
        self.shapes = numpy.array([shape for shape in shapes if not isinstance(shape, tuple)], dtype=object)

    def count_in(self, box):
        """How many lie in the box, or touch it."""
        west, south, east, north = box
        after, before = west <= self.x, self.x <= east
        across = after & before if west <= east else after | before
        touched = numpy.zeros(len(self.shapes), dtype=bool)
        for part in parts(box):
            touched |= shapely.intersects(self.shapes, part)
        return int(numpy.sum(across & (south <= self.y) & (self.y <= north)) + numpy.sum(touched))


def overlaps(row, first, last):
    """Whether the row has a day of these, both included; None is open."""
    start, end = row.get("start"), row.get("end") or row.get("start")
    return start is not None and (last is None or start <= last) and (first is None or end >= first)
