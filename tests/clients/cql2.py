"""Random filters, each in three languages: CQL2 text, CQL2 JSON and SQL."""

import json

import shapely

import rows

TEXTS = [
    "action", "status", "actor", "actor_id", "counterpart", "claimed_by", "place", "place_as_written", "country",
    "admin1", "origin", "date", "date_precision", "date_basis", "quantity", "quantity_unit", "rule", "title",
    "publisher", "published", "language", "article",
]
NUMBERS = [
    "geo_precision", "radius_km", "origin_lon", "origin_lat", "destination_lat", "confidence", "quote_start",
    "quote_end",
]
DATES = ["start", "end"]
COLUMNS = {**dict.fromkeys(TEXTS, "VARCHAR"), **dict.fromkeys(NUMBERS, "DOUBLE"), **dict.fromkeys(DATES, "DATE")}
# Operators of CQL2, and what Shapely calls them.
SPATIAL = {
    "s_intersects": shapely.intersects, "s_disjoint": shapely.disjoint, "s_within": shapely.within,
    "s_touches": shapely.touches, "s_crosses": shapely.crosses, "s_overlaps": shapely.overlaps,
    "s_contains": shapely.contains, "s_equals": shapely.equals,
}
SHAPES = 40


class Written:
    """An expression in the three languages."""

    def __init__(self, text, tree, sql):
        self.text, self.tree, self.sql = text, tree, sql


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def column(rng, name):
    plain = name not in ("date", "end") and rng.random() < 0.7
    return Written(name if plain else f'"{name}"', {"property": name}, f'"{name}"')


def string(text):
    return Written(quoted(text), text, quoted(text))


def number(value):
    return Written(str(value), value, str(value))


def day(text):
    return Written(f"DATE('{text}')", {"date": text}, f"DATE '{text}'")


def infix(op, a, b):
    return Written(f"{a.text} {op} {b.text}", {"op": op, "args": [a.tree, b.tree]}, f"{a.sql} {op} {b.sql}")


def casei(value):
    return Written(f"CASEI({value.text})", {"op": "casei", "args": [value.tree]}, f"casei({value.sql})")


def negated(a, word, text, sql):
    """NOT as a word within the predicate; JSON has it around."""
    return Written(text, {"op": "not", "args": [a.tree]}, sql) if word else a


class Maker:
    """Makes expressions of what the service declares, with values that the rows have."""

    def __init__(self, rng, all, classes):
        self.rng, self.all = rng, all
        kinds = [self.compare_text, self.compare_number, self.compare_day, self.is_null]
        if "advanced-comparison-operators" in classes:
            kinds += [self.like, self.like, self.between, self.is_in]
            if "case-insensitive-comparison" in classes:
                kinds += [self.like_in_any_case, self.equal_in_any_case]
        if "basic-spatial-functions" in classes:
            kinds += [self.spatial, self.spatial]
        if "temporal-functions" in classes:
            kinds += [self.temporal]
        if "arithmetic" in classes:
            kinds += [self.arithmetic]
        if "property-property" in classes:
            kinds += [self.two_columns]
        self.kinds = kinds
        self.operators = list(SPATIAL) if "spatial-functions" in classes else ["s_intersects"]
        self.shapes = [self.shape() for _ in range(SHAPES)] if "basic-spatial-functions" in classes else []

    def value(self, name):
        """One that occurs, else anything of the kind."""
        for _ in range(20):
            found = self.rng.choice(self.all)[name]
            if found is not None:
                return found
        return {"VARCHAR": "nothing", "DOUBLE": 1, "DATE": "2019-10-16"}[COLUMNS[name]]

    def number(self, name):
        rng = self.rng
        value = self.value(name)
        return number(rng.choice([value, value, round(value * rng.uniform(0.5, 1.5), 2), -1, 0, 1.5e3]))

    def day(self, name):
        value = self.value(name)
        return day(self.rng.choice([value, value, value[:8] + "15", "2016-02-29", "1999-12-31"]))

    def compare_text(self):
        name = self.rng.choice(TEXTS)
        op = self.rng.choice(["=", "=", "<>", "<", ">", "<=", ">="])
        return infix(op, column(self.rng, name), string(self.value(name)))

    def compare_number(self):
        name = self.rng.choice(NUMBERS)
        op = self.rng.choice(["=", "<>", "<", ">", "<=", ">="])
        return infix(op, column(self.rng, name), self.number(name))

    def compare_day(self):
        name = self.rng.choice(DATES)
        op = self.rng.choice(["=", "<>", "<", ">", "<=", ">="])
        return infix(op, column(self.rng, name), self.day(name))

    def two_columns(self):
        a, b = self.rng.choice([("place", "place_as_written"), ("start", "end"), ("quote_start", "quote_end"),
                                ("origin_lat", "destination_lat"), ("actor", "counterpart")])
        return infix(self.rng.choice(["=", "<>", "<", ">="]), column(self.rng, a), column(self.rng, b))

    def arithmetic(self):
        a, b = self.rng.sample(["confidence", "radius_km", "quote_start", "quote_end", "geo_precision"], 2)
        op = self.rng.choice("+-*")
        other = self.rng.choice([column(self.rng, b), number(self.rng.randrange(1, 100))])
        left = infix(op, column(self.rng, a), other)
        return infix(self.rng.choice(["<", ">="]), left, self.number(self.rng.choice([a, b])))

    def is_null(self):
        name = column(self.rng, self.rng.choice(list(COLUMNS)))
        word = self.rng.choice(["", "NOT "])
        plain = Written(f"{name.text} IS NULL", {"op": "isNull", "args": [name.tree]}, f"{name.sql} IS NULL")
        return negated(plain, word, f"{name.text} IS NOT NULL", f"{name.sql} IS NOT NULL")

    def between(self):
        name = self.rng.choice(NUMBERS)
        a, low, high = column(self.rng, name), self.number(name), self.number(name)
        word = self.rng.choice(["", "", "NOT "])
        form = lambda word: [f"{x} {word}BETWEEN {y} AND {z}" for x, y, z in
                             ((a.text, low.text, high.text), (a.sql, low.sql, high.sql))]
        tree = {"op": "between", "args": [a.tree, low.tree, high.tree]}
        return negated(Written(form("")[0], tree, form("")[1]), word, *form(word))

    def is_in(self):
        name = self.rng.choice(TEXTS + NUMBERS + DATES)
        one = {"VARCHAR": lambda: string(self.value(name)), "DOUBLE": lambda: number(self.value(name)),
               "DATE": lambda: day(self.value(name))}[COLUMNS[name]]
        return self.among(column(self.rng, name), [one() for _ in range(self.rng.randrange(1, 5))])

    def among(self, a, values):
        word = self.rng.choice(["", "", "NOT "])
        form = lambda word: [f"{x} {word}IN ({', '.join(list)})" for x, list in
                             ((a.text, [v.text for v in values]), (a.sql, [v.sql for v in values]))]
        tree = {"op": "in", "args": [a.tree, [v.tree for v in values]]}
        return negated(Written(form("")[0], tree, form("")[1]), word, *form(word))

    def pattern(self, name):
        """A value with signs for any letter and any letters in it."""
        rng = self.rng
        # What a backslash before another letter means, implementations differ on.
        value = self.value(name).replace("\\", "_")
        literal = value.replace("%", r"\%").replace("_", r"\_") if rng.random() < 0.5 else value
        middle = rng.randrange(len(value) + 1)
        return rng.choice([
            literal, value[:middle] + "%", "%" + value[middle:], f"%{value[middle:middle + 3]}%", "_" * len(value),
            value[:middle] + "_" + value[middle + 1:], "%", "", f"{value[:1]}%_{value[-1:]}",
        ])

    def alike(self, a, pattern):
        word = self.rng.choice(["", "", "NOT "])
        form = lambda word: (f"{a.text} {word}LIKE {pattern.text}", rf"{a.sql} {word}LIKE {pattern.sql} ESCAPE '\'")
        tree = {"op": "like", "args": [a.tree, pattern.tree]}
        return negated(Written(form("")[0], tree, form("")[1]), word, *form(word))

    def like(self):
        name = self.rng.choice(TEXTS)
        return self.alike(column(self.rng, name), string(self.pattern(name)))

    def in_other_case(self, text):
        return self.rng.choice([text.upper(), text.lower(), text.swapcase(), text])

    def like_in_any_case(self):
        name = self.rng.choice(TEXTS)
        pattern = string(self.in_other_case(self.pattern(name)))
        return self.alike(casei(column(self.rng, name)), casei(pattern))

    def equal_in_any_case(self):
        name = self.rng.choice(TEXTS)
        a = casei(column(self.rng, name))
        values = [casei(string(self.in_other_case(self.value(name)))) for _ in range(3)]
        if self.rng.random() < 0.5:
            return self.among(a, values)
        return infix(self.rng.choice(["=", "<>"]), a, values[0])

    def temporal(self):
        rng = self.rng
        first, last = sorted([self.value("start"), self.value("end")])
        span = Written('INTERVAL(start, "end")', {"interval": [{"property": "start"}, {"property": "end"}]}, None)
        given = Written(f"INTERVAL('{first}', '{last}')", {"interval": [first, last]}, None)
        start = column(rng, "start")
        op, a, b, sql = rng.choice([
            ("t_after", start, day(first), f"start > DATE '{first}'"),
            ("t_before", start, day(first), f"start < DATE '{first}'"),
            ("t_after", span, given, f"start > DATE '{last}'"),
            ("t_before", span, given, f"\"end\" < DATE '{first}'"),
            ("t_intersects", span, given, f"(start <= DATE '{last}' AND \"end\" >= DATE '{first}')"),
            ("t_disjoint", span, given, f"NOT (start <= DATE '{last}' AND \"end\" >= DATE '{first}')"),
            ("t_during", span, given, f"(start > DATE '{first}' AND \"end\" < DATE '{last}')"),
        ])
        return Written(f"{op.upper()}({a.text}, {b.text})", {"op": op, "args": [a.tree, b.tree]}, sql)

    def shape(self):
        """A shape to compare with: an operator, the two ways to write it, and what Shapely makes of it."""
        rng = self.rng
        op = rng.choice(self.operators)
        located = [row for row in self.all if row["geometry"] is not None]
        near = rng.choice(located)["geometry"]
        x, y = near if isinstance(near, tuple) else map(float, shapely.get_coordinates(near)[0])
        kind = rng.random()
        if kind < 0.15:
            return op, f"POINT({x} {y})", json.loads(shapely.to_geojson(shapely.Point(x, y))), [shapely.Point(x, y)]
        if kind < 0.5:
            # Whole degrees: there are rows on the edges. Some go over the antimeridian.
            west, south = round(x) - rng.randrange(4), max(-90, round(y) - rng.randrange(4))
            east, north = west + rng.randrange(1, 8), min(90, south + rng.randrange(1, 8))
            west, east = [(lon + 180) % 360 - 180 for lon in (west, east)]
            box = (west, south, east, north)
            # What touches the seam of its two halves is a matter of taste.
            op = op if west < east else "s_intersects"
            return op, f"BBOX({', '.join(map(str, box))})", {"bbox": list(box)}, rows.parts(box)
        # Away from round numbers, so that no row lies on a slanted edge, where the last digit would decide.
        ring = [(x + rng.uniform(1, 4) * dx + 0.00371, max(-90, min(90, y + rng.uniform(1, 4) * dy + 0.00217)))
                for dx, dy in [(-1, -1), (0, -1), (1, -0.7), (0.4, 0.1), (1, 1), (-0.6, 0.8)]]
        polygon = shapely.Polygon(ring, [[(x + dx, y + dy) for dx, dy in [(-.21, -.19), (.22, -.2), (.01, .23)]]]
                                  if rng.random() < 0.3 and abs(y) < 85 else [])
        if not polygon.is_valid or max(abs(lon) for lon, _ in ring) > 180:
            return self.shape()
        return op, shapely.to_wkt(polygon, rounding_precision=17), json.loads(shapely.to_geojson(polygon)), [polygon]

    def spatial(self):
        number = self.rng.randrange(len(self.shapes))
        op, text, tree, _ = self.shapes[number]
        tree = {"op": op, "args": [{"property": "geometry"}, tree]}
        return Written(f"{op.upper()}(geometry, {text})", tree, f"shape{number}")

    def expression(self, depth):
        rng = self.rng
        if depth == 0 or rng.random() < 0.25:
            return rng.choice(self.kinds)()
        if rng.random() < 0.25:
            a = self.expression(depth - 1)
            return Written(f"NOT ({a.text})", {"op": "not", "args": [a.tree]}, f"NOT ({a.sql})")
        op = rng.choice(["AND", "OR"])
        parts = [self.expression(depth - 1) for _ in range(rng.randrange(2, 4))]
        join = lambda texts: f" {op} ".join(f"({text})" for text in texts)
        tree = {"op": op.lower(), "args": [part.tree for part in parts]}
        return Written(join(part.text for part in parts), tree, join(part.sql for part in parts))
