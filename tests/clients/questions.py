"""What the clients are asked, and how many rows each answer should have."""

import rows

# West, south, east, north.
BOXES = [
    (-180, -90, 180, 90),
    (0, 0, 180, 90),
    (35, 32, 43, 38),
    (38, 35, 42, 37),
    (37.8, 36.4, 38.1, 36.7),
    (29, 46, 39, 51),
    (37.5, 48.2, 38.5, 48.9),
    (-9, 11, 7, 19),
    (25, 10, 35, 18),
    (25, -5, 31, 3),
    (39, 35, 39, 35),  # a point
    (35, 36, 42, 36),  # a line
    (-40, 30, -30, 40),  # nothing but sea
    (176, -20, 180, -15),
    (-180, -20, -177, -15),
    (-180, 85, 180, 90),
    (-180, -90, 180, -85),
    # Over the antimeridian.
    (177, -20, -178, -15),
    (170, -90, -170, 90),
    (20, -90, -20, 90),
]
# First and last day; None is open.
PERIODS = [
    ("2019-10-01", "2019-10-31"),
    ("2014-01-01", "2016-12-31"),
    ("2020-02-29", "2020-02-29"),
    ("2012-01-01", None),
    (None, "2012-06-30"),
]
# Reading more rows than this takes too long to do it with every client, and of other collections than events.
MANY = 4_000
MANY_OTHERS = 1_000


class Collection:
    """A collection with what is known of it."""

    def __init__(self, name, all):
        self.name = name
        self.rows = list(all)
        places = rows.Places(self.rows)
        self.in_box = {box: places.count_in(box) for box in BOXES}
        self.in_period = {days: sum(rows.overlaps(row, *days) for row in self.rows) for days in PERIODS}

    def boxes(self):
        """The boxes to ask clients for that know none over the antimeridian: all for events, else some."""
        plain = [(box, expected) for box, expected in self.in_box.items() if box[0] <= box[2]]
        if self.name == "events":
            return plain[:1] + [(box, expected) for box, expected in plain if expected <= MANY]
        return [(box, expected) for box, expected in plain if expected <= MANY_OTHERS][:5]

    def periods(self):
        # Articles have no time.
        return self.in_period.items() if self.name in ("events", "incidents", "movements") else []


def known(base, store):
    """The collections of the service, and their rows."""
    events = rows.events(store)
    ours = {"events": events, "movements": rows.movements(events), "articles": rows.articles(store)}
    names = [collection["id"] for collection in rows.get(f"{base}/collections", "application/json")["collections"]]
    assert set(ours) <= set(names), names
    theirs = lambda name: rows.served(base, name, "start,end" if name == "incidents" else "id")
    return [Collection(name, ours[name] if name in ours else theirs(name)) for name in names]


def datetime(first, last):
    return f"{first or '..'}/{last or '..'}" if first != last else first


def where(first, last):
    """The same for clients that compare columns; a condition on one end of each is what they can hand on."""
    conditions = [last and f"\"start\" <= '{last}'", first and f"\"end\" >= '{first}'"]
    return " AND ".join(filter(None, conditions))


def text(box):
    return ",".join(map(str, box))
