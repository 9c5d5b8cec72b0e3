#!/usr/bin/env python3
"""Adds synthetic events to a store, so that clients have pages to turn and edges to stumble over.

usage: make_store.py STORE [EVENTS]

The same store and number give the same rows. They lie in the wars' countries, on both sides of the antimeridian
and at the poles; some have no position, some no date or only a part of one, some are movements.
"""

import calendar
import datetime
import hashlib
import random
import sqlite3
import struct
import sys

# name, country, longitude, latitude, half width, half height, share of the events
REGIONS = [
    ("Syria", "SY", 38.5, 35.0, 3.5, 2.0, 30),
    ("Ukraine", "UA", 34.0, 48.5, 5.0, 2.5, 25),
    ("Sahel", "ML", -1.0, 15.0, 8.0, 4.0, 15),
    ("Sudan", "SD", 30.0, 14.0, 5.0, 4.0, 12),
    ("Fiji", "FJ", 179.5, -17.5, 3.0, 2.0, 10),
    ("North Pole", None, 0.0, 88.5, 180.0, 1.5, 3),
    ("South Pole", "AQ", 0.0, -88.5, 180.0, 1.5, 3),
]
ACTIONS = "withdrawal deployment advance capture offensive clash strike siege evacuation".split()
STATUSES = ["occurred", "ongoing", "planned", "denied"]
BASES = ["explicit", "relative", "inferred", "published"]
# With what is hard on quoting, patterns and encodings.
NAMES = [
    "Hill 100%", "under_score", "O'Hara", "Saint-Étienne", "ДЕБАЛЬЦЕВЕ", "دير الزور", "A, B and C", "Łódź", "Straße",
    "back\\slash", "\"quoted\"", "a+b&c=d", "Camp Alpha", "camp beta", "CAMP GAMMA",
]
EVENTS_TO_AN_ARTICLE = 20


def blob(lon, lat):
    """A point as GeoPackage has it: its header, then WKB."""
    return b"GP\x00\x01" + struct.pack("<i", 4326) + struct.pack("<BIdd", 1, 1, lon, lat)


def position(rng, region):
    _, _, lon, lat, width, height, _ = region
    lon = (lon + rng.uniform(-width, width) + 180.0) % 360.0 - 180.0
    lat = max(-90.0, min(90.0, lat + rng.uniform(-height, height)))
    # Round numbers lie on the edges of the boxes that are asked for.
    return (round(lon, rng.choice([0, 1, 5])), round(lat, rng.choice([0, 1, 5])))


def month_end(day):
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def dates(rng):
    """date, start, end, date_precision, date_basis"""
    day = datetime.date(2011, 1, 1) + datetime.timedelta(days=rng.randrange(5600))
    basis = rng.choice(BASES)
    kind = rng.random()
    if kind < 0.70:
        return str(day), day, day, "day", basis
    if kind < 0.78:
        return f"{day:%Y-%m}", day.replace(day=1), month_end(day), "month", basis
    if kind < 0.83:
        end = day + datetime.timedelta(days=rng.randrange(1, 9))
        return f"{day}/{end}", day, end, "week", basis
    if kind < 0.86:
        end = month_end(day + datetime.timedelta(days=rng.randrange(40, 200)))
        return f"{day:%Y-%m}/{end:%Y-%m}", day.replace(day=1), end, "season", basis
    if kind < 0.89:
        return str(day.year), day.replace(month=1, day=1), day.replace(month=12, day=31), "year", basis
    if kind < 0.92:
        return f"XXXX-{day:%m-%d}", None, None, "day", "explicit"
    if kind < 0.94:
        return f"../{day}", None, None, "day", "explicit"
    return None, None, None, "unknown", "none"


def event(rng, number, article, actors):
    region = rng.choices(REGIONS, [region[-1] for region in REGIONS])[0]
    name, country = region[:2]
    located = rng.random() > 0.05
    lon, lat = position(rng, region)
    actor, actor_id = rng.choice(actors)
    counterpart, counterpart_id = rng.choice(actors) if rng.random() < 0.4 else (None, None)
    moves = rng.random() < 0.15
    ends = [position(rng, region) for _ in range(2)] if moves else [(None, None)] * 2
    date, start, end, precision, basis = dates(rng)
    place = f"{name} {rng.randrange(300)}" if rng.random() < 0.8 else rng.choice(NAMES)
    return {
        "geom": blob(lon, lat) if located else None,
        "id": hashlib.blake2b(f"event {number}".encode(), digest_size=8).hexdigest(),
        "article": article["id"],
        "action": rng.choice(ACTIONS),
        "status": rng.choices(STATUSES, [80, 10, 7, 3])[0],
        "actor": actor,
        "actor_id": actor_id,
        "counterpart": counterpart,
        "counterpart_id": counterpart_id,
        "claimed_by": rng.choice(NAMES) if rng.random() < 0.1 else None,
        "place": place if located or rng.random() < 0.5 else None,
        "place_id": None,
        "place_as_written": place,
        "country": country,
        "admin1": f"{name} {rng.choice('ABC')}" if rng.random() < 0.7 else None,
        "geo_precision": rng.choice([1, 1, 1, 2, 3, 4, 5]) if located else 7,
        "radius_km": rng.choice([None, 0.5, 2.0, 5.0, 12.5]),
        "origin": "Origin" if moves else None,
        "origin_lon": ends[0][0],
        "origin_lat": ends[0][1],
        "destination": "Destination" if moves else None,
        "destination_lon": ends[1][0],
        "destination_lat": ends[1][1],
        "date": date,
        "start": start and str(start),
        "end": end and str(end),
        "date_precision": precision,
        "date_basis": basis,
        "quantity": rng.choice([None, None, "some 200", "30", "dozens"]),
        "quantity_unit": rng.choice([None, "soldiers", "vehicles"]),
        "confidence": round(rng.betavariate(4, 2), 3),
        "quote": f"Event {number}.",
        "quote_start": rng.randrange(1000),
        "quote_end": rng.randrange(1000, 2000),
        "rule": rng.choice(["synthetic.one", "synthetic.two"]),
        "title": article["title"],
        "url": article["url"],
        "publisher": article["publisher"],
        "published": article["published"],
        "language": article["language"],
    }


def article(rng, number):
    day = datetime.date(2011, 1, 1) + datetime.timedelta(days=rng.randrange(5600))
    return {
        "id": f"synthetic-{number}",
        "title": rng.choice([None, f"Report {number}", f"{rng.choice(NAMES)}, {number}"]),
        "text": f"Synthetic article {number}.",
        "url": rng.choice([None, f"https://example.org/{number}?a=b&c=d"]),
        "publisher": rng.choice(["Agency", "Gazette", None]),
        "published": rng.choice([str(day), f"{day:%Y-%m}", None]),
        "language": rng.choice(["en", "fr"]),
        "content_hash": "0" * 64,
        "rules": "synthetic",
    }


def insert(connection, table, row):
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))


def main(path, events):
    rng = random.Random(events)
    connection = sqlite3.connect(path)
    query = "SELECT DISTINCT actor, actor_id FROM events ORDER BY actor, actor_id"
    actors = connection.execute(query).fetchall() + [(None, None)] * 10 + [("Group " + name, None) for name in NAMES]
    with connection:
        for number in range(events):
            if number % EVENTS_TO_AN_ARTICLE == 0:
                current = article(rng, number // EVENTS_TO_AN_ARTICLE)
                insert(connection, "articles", current)
            insert(connection, "events", event(rng, number, current, actors))
        connection.execute("UPDATE sitmap_state SET value = value + 1 WHERE key = 'version'")
        connection.execute(
            "UPDATE gpkg_contents SET min_x = -180, min_y = -90, max_x = 180, max_y = 90 WHERE table_name = 'events'"
        )
    connection.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20_000)
