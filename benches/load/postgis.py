"""The same questions to PostGIS, through prepared statements: a cluster of its own, gone at the end."""

import glob
import os
import re
import shutil
import subprocess

from server import CONNECTIONS

# Longer than loading ten million events takes.
LOADED = 3600
COLUMNS = "id, day, kind, deaths, actor1, actor2, country, confidence, address, title"
TABLES = """
CREATE EXTENSION postgis;
CREATE UNLOGGED TABLE lines (id int, lon float8, lat float8, day date, kind text, deaths int, actor1 text,
  actor2 text, country text, confidence float8, address text, title text);
"""
INDEXES = f"""
CREATE UNLOGGED TABLE events AS
  SELECT {COLUMNS}, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS geom FROM lines;
DROP TABLE lines;
CREATE INDEX ON events USING gist (geom);
CREATE UNLOGGED TABLE boxes (features int, number int, geom geometry, PRIMARY KEY (features, number));
"""
QUESTION = """\\set number random(1, {boxes})
SELECT '{{"type":"FeatureCollection","features":[' || coalesce(string_agg(ST_AsGeoJSON(found.*), ','), '') || ']}}'
FROM (SELECT {columns}, events.geom FROM boxes JOIN events ON events.geom && boxes.geom
  WHERE boxes.features = {features} AND boxes.number = :number {condition} LIMIT {features}) found;
"""


def programs():
    """The folder of PostgreSQL's programs, the newest there is; nothing where it or PostGIS is missing."""
    folders = glob.glob("/usr/lib/postgresql/*/bin")
    for folder in sorted(folders, key=lambda folder: int(folder.split("/")[-2]), reverse=True):
        version = folder.split("/")[-2]
        extension = f"/usr/share/postgresql/{version}/extension/postgis.control"
        if os.path.exists(f"{folder}/pgbench") and os.path.exists(extension):
            return folder
    return None


class PostGIS:
    """A cluster with the events, listening on a socket in its folder and on no port."""

    def __init__(self, bin_folder, folder):
        self.bin, self.folder = bin_folder, folder
        # PostgreSQL refuses to run as root.
        self.user = "postgres" if os.geteuid() == 0 else None
        os.mkdir(folder)
        if self.user:
            shutil.chown(folder, self.user)
        self.data = os.path.join(folder, "data")

    def __enter__(self):
        self._run("initdb", "-D", self.data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale", "C")
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
        # A quarter of the memory, as its manual has it; no compiling of queries that take a millisecond.
        settings = f"-k {self.folder} -c listen_addresses= -c shared_buffers={memory // 4}MB -c jit=off"
        log = os.path.join(self.folder, "log")
        self._run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", log, "-o", settings, "start")
        return self

    def __exit__(self, *_):
        self._run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-m", "immediate", "stop")

    def load(self, lines, boxes):
        """Takes in the lines of events, and for each number of features a file of boxes."""
        self._sql(TABLES)
        with open(lines) as events:
            self._sql("COPY lines FROM STDIN (NULL '')", "-c", stdin=events)
        self._sql(INDEXES)
        for features, path in boxes.items():
            with open(path) as file:
                rows = [
                    f"({features}, {number}, ST_MakeEnvelope({box.strip()}, 4326))"
                    for number, box in enumerate(file, 1)
                ]
            self._sql(f"INSERT INTO boxes VALUES {', '.join(rows)}")
        self._sql("VACUUM ANALYZE events; VACUUM ANALYZE boxes")

    def run(self, features, boxes, condition, seconds):
        """The same figures as of a load over HTTP."""
        script = os.path.join(self.folder, "question.sql")
        with open(script, "w") as file:
            file.write(QUESTION.format(features=features, boxes=boxes, condition=condition, columns=COLUMNS))
        prefix = os.path.join(self.folder, "took")
        output = self._run(
            "pgbench", "-h", self.folder, "-U", "postgres", "-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j", "1",
            "-T", str(seconds), "-l", "--log-prefix", prefix, "-f", script, "postgres",
        )
        took = []
        for path in glob.glob(f"{prefix}.*"):
            with open(path) as file:
                took += [int(line.split()[2]) / 1e3 for line in file]
            os.remove(path)
        took.sort()
        rate = float(re.search(r"tps = ([0-9.]+)", output)[1])
        return {"rate": rate, "p50": took[len(took) // 2], "p99": took[len(took) * 99 // 100], "errors": 0}

    def _sql(self, statements, option="-f", stdin=None):
        arguments = ["-h", self.folder, "-U", "postgres", "-q", "-v", "ON_ERROR_STOP=1"]
        if option == "-c":
            self._run("psql", *arguments, "-c", statements, stdin=stdin)
        else:
            self._run("psql", *arguments, input=statements)

    def _run(self, program, *arguments, **more):
        # pg_ctl leaves a server behind that keeps a pipe open: what is said goes into a file.
        said = os.path.join(self.folder, "said")
        with open(said, "w+") as output:
            done = subprocess.run(
                [os.path.join(self.bin, program), *arguments], cwd=self.folder, user=self.user, text=True,
                stdout=output, stderr=subprocess.STDOUT, timeout=LOADED, **more,
            )
            output.seek(0)
            text = output.read()
        if done.returncode:
            raise RuntimeError(f"{program}: {text}")
        return text
