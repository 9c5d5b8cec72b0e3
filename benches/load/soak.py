#!/usr/bin/env python3
"""Asks a service for minutes on end while articles come, and looks whether it stays as it is.

usage: soak.py [--minutes 10] [--idle 1000] [--busy 200] [--articles 5] --sitmap PROGRAM EVENTS

EVENTS is a folder that `cargo bench --bench generate` made; a copy of its store is served. Idle clients keep a connection
open and ask nothing, or once; when the service closes it, they come again. Busy ones ask for boxes, pages and tiles, each
as soon as it has its answer: the rate and the times are as much those of this program as of the service. So many articles
a second are sent with a token.

What is wrong ends the run with 1: an answer that is neither 2xx nor 304, a connection that breaks off while something is
asked, an idle one that is not closed, resident memory that leaves the tenth around what it was after the first minute (in a
shorter run after a quarter of it), and files that stay open. What the new events themselves take is not held against it: of
each as much as there is in the image of the index, which holds the same, for each event in the beginning.
"""

import argparse
import asyncio
import collections
import datetime
import itertools
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time

from run import boxes_of, examples
from server import Server, free_port

# Seconds between two looks at the service; within which an idle connection is closed (the service says 20, and this program
# may be late); longer than any answer may take.
LOOK, IDLE, PATIENCE = 10, 40, 90
# How far memory may go from what it was; files that are open beside connections; how many send articles.
TOLERANCE, FILES, SENDERS = 0.1, 64, 20
FIRST = "/collections/events/items?limit=50"


def files_of(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


class Client:
    """One connection, over which one thing after the other is asked."""

    def __init__(self, port):
        self.port, self.streams = port, None

    async def ask(self, path, *headers, body=None):
        """Status, headers by their names in small letters, and the body of the answer."""
        if not self.streams:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        reader, writer = self.streams
        lines = [f"{'GET' if body is None else 'POST'} {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
        writer.write("\r\n".join([*lines, "", ""]).encode() + (body or b""))
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head[0].split(" ")[1])
        told = {name.lower(): value for name, value in (line.split(": ", 1) for line in head[1:] if line)}
        # Nothing is asked whose length is not known beforehand.
        answer = await reader.readexactly(0 if status in (204, 304) else int(told["content-length"]))
        if told.get("connection") == "close":
            self.close()
        return status, told, answer

    def close(self):
        if self.streams:
            self.streams[1].close()
            self.streams = None


class Soak:
    """What was asked, and how it went; `took` has the milliseconds of this minute's requests."""

    def __init__(self, port, boxes, seconds, image):
        self.port, self.boxes, self.image = port, boxes, image
        self.ends = time.monotonic() + seconds
        self.errors = collections.Counter()
        self.took = []
        self.all, self.sent, self.shed, self.idle = 0, 0, 0, 0

    def goes_on(self):
        return time.monotonic() < self.ends

    async def timed(self, client, path, *headers, body=None):
        """Asks, and counts; None where nothing came of it."""
        began = time.monotonic()
        route = path.split("?")[0].split("/")[1]
        try:
            status, told, answer = await asyncio.wait_for(client.ask(path, *headers, body=body), PATIENCE)
        except (OSError, EOFError, ValueError, KeyError, asyncio.TimeoutError) as error:
            client.close()
            self.errors[f"/{route}: {type(error).__name__}"] += 1
            await asyncio.sleep(1)
            return None
        if not (200 <= status < 300 or status == 304):
            self.errors[f"/{route}: {status}"] += 1
        self.all += 1
        self.took.append((time.monotonic() - began) * 1000)
        return status, told, answer

    async def busy(self, number):
        """Asks for boxes, the next page, tiles, and once more for what it has."""
        chance, client = random.Random(number), Client(self.port)
        page, known = FIRST, None
        while self.goes_on():
            kind = chance.randrange(10)
            if kind < 5:
                box = f"/collections/events/items?bbox={chance.choice(self.boxes)}&limit=100"
                told = await self.timed(client, box)
                known = (box, told[1]["etag"]) if told and "etag" in told[1] else None
            elif kind < 7:
                told = await self.timed(client, page)
                links = json.loads(told[2])["links"] if told and told[0] == 200 else []
                after = [link["href"] for link in links if link["rel"] == "next"]
                page = "/" + after[0].split("/", 3)[3] if after else FIRST
            elif kind < 9 or not known:
                zoom = chance.randrange(8)
                row, column = chance.randrange(1 << zoom), chance.randrange(1 << zoom)
                await self.timed(client, f"/tiles/WebMercatorQuad/{zoom}/{row}/{column}")
            else:
                await self.timed(client, known[0], f"If-None-Match: {known[1]}")
        client.close()

    async def rest(self, number):
        """Keeps a connection, and comes again when it is closed."""
        while self.goes_on():
            client = Client(self.port)
            if number % 2:
                await self.timed(client, "/health")
            try:
                if not client.streams:
                    client.streams = await asyncio.open_connection("127.0.0.1", self.port)
                self.idle += 1
                await self.closed(client.streams[0])
                self.idle -= 1
            except OSError as error:
                self.errors[f"connecting: {type(error).__name__}"] += 1
                await asyncio.sleep(1)
            client.close()

    async def closed(self, reader):
        """Waits until the service closes the connection, or the run ends."""
        patience = min(IDLE, max(0.1, self.ends - time.monotonic()))
        try:
            await asyncio.wait_for(reader.read(), patience)
            self.shed += 1
        except asyncio.TimeoutError:
            if patience == IDLE:
                self.errors[f"an idle connection was open for {IDLE} s"] += 1

    async def send(self, token, rate, first):
        """One of some who together send articles, no two the same, at a steady rate. Each time around they are of a week
        later, so that most tell of something new."""
        client, known = Client(self.port), examples()
        began = time.monotonic()
        for number in itertools.count(first, SENDERS):
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            if not self.goes_on():
                break
            article = known[number % len(known)]
            article = dict(article, id=f"soak-{number}", text=f"{article['text']}\n\n{number}.")
            if published := article.get("published"):
                day = datetime.date.fromisoformat(published[:10]) + datetime.timedelta(weeks=number // len(known))
                article["published"] = f"{day}{published[10:]}"
            body = json.dumps(article).encode()
            headers = (f"Authorization: Bearer {token}", "Content-Type: application/json", f"Content-Length: {len(body)}")
            told = await self.timed(client, "/articles", *headers, body=body)
            self.sent += bool(told and told[0] == 201)
        client.close()

    async def events(self):
        """How many events the service has."""
        client = Client(self.port)
        health = json.loads((await client.ask("/health"))[2])
        client.close()
        return health["events"]

    async def look(self, server, seconds):
        """Says how it goes, and whether memory and files stay as they are."""
        began = last = time.monotonic()
        loaded = await self.events()
        first, after, most, grown, minute, asked = None, min(60, seconds / 4), 0, 0, 1, 0
        print("     s  requests/s  idle  memory MB  of its own  of new events  files")
        while self.goes_on():
            await asyncio.sleep(min(LOOK, max(0.1, self.ends - time.monotonic())))
            now = time.monotonic()
            if server.process.poll() is not None:
                self.ends = now
                break
            memory, files, events = server.memory(), files_of(server), await self.events()
            if now - began >= after:
                if not first:
                    first, many, of_event = memory, events, os.path.getsize(self.image) / loaded
                grown = (events - many) * of_event
                most = max(most, abs((memory - grown) / first - 1))
            print(f"{now - began:6.0f} {(self.all - asked) / (now - last):11.0f} {self.idle:5} {memory / 1e6:10.1f}"
                  f" {server.memory('RssAnon') / 1e6:11.1f} {grown / 1e6:14.1f} {files:6}", flush=True)
            asked, last = self.all, now
            if now - began >= 60 * minute or not self.goes_on():
                took, self.took = sorted(self.took), []
                p50, p99 = (took[int(len(took) * part)] if took else 0 for part in (0.5, 0.99))
                print(f"minute {minute}: p50 {p50:.1f} ms, p99 {p99:.1f} ms, {sum(self.errors.values())} errors", flush=True)
                minute += 1
        if first:
            print(f"memory went from {first / 1e6:.1f} to {memory / 1e6:.1f} MB ({memory / first - 1:+.1%}), {grown / 1e6:.1f} MB"
                  f" of it for {events - many} new events; without these it stayed within {most:.1%}")
        if most > TOLERANCE:
            self.errors["memory did not stay as it was"] += 1


async def soak(options, server, token, image):
    with open(boxes_of(options.events, 100)) as file:
        boxes = file.read().split()
    seconds = options.minutes * 60
    run = Soak(server.port, boxes, seconds, image)
    clients = [*map(run.busy, range(options.busy)), *map(run.rest, range(options.idle))]
    clients += [run.send(token, options.articles, first) for first in range(SENDERS)]
    await asyncio.gather(*clients, run.look(server, seconds))
    print(f"{run.all} requests, {run.sent} articles of {seconds * options.articles:.0f},"
          f" {run.shed} idle connections closed by the service")
    # All have gone: what is open now stays open.
    await asyncio.sleep(1)
    if server.process.poll() is None and (files := files_of(server)) > FILES:
        run.errors[f"{files} files are still open"] += 1
    return run.errors


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in {"minutes": 10.0, "idle": 1000, "busy": 200, "articles": 5.0}.items():
        arguments.add_argument(f"--{name}", type=type(usual), default=usual)
    arguments.add_argument("--sitmap", required=True, help="the program")
    arguments.add_argument("events", help="a folder with events")
    options = arguments.parse_args()
    connections = options.idle + options.busy + 100
    # Connections that are closed here are gone a moment later.
    files, most = 2 * connections + FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if most != resource.RLIM_INFINITY and most < files:
        sys.exit(f"error: {files} open files are needed, and {most} allowed (ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    with tempfile.TemporaryDirectory(prefix="sitmap-soak-") as work, open(os.path.join(work, "log"), "w+") as log:
        store = os.path.join(work, "events.gpkg")
        shutil.copyfile(os.path.join(options.events, "events.gpkg"), store)
        create = [options.sitmap, "token", "create", "--store", store, "--name", "soak", "--scope", "write"]
        token = subprocess.run(create, capture_output=True, text=True, check=True).stdout.strip()
        port = free_port()
        command = [options.sitmap, "serve", "--no-examples", "--store", store, "--listen", f"127.0.0.1:{port}"]
        command += ["--connections", str(connections), "--posts-per-minute", "0"]
        try:
            with Server(command, port, "/ready", log) as server:
                errors = asyncio.run(soak(options, server, token, f"{store}-index"))
        finally:
            log.seek(0)
            sys.stderr.write(log.read()[-4000:])
    if server.process.returncode:
        errors[f"the service ended with {server.process.returncode}"] += 1
    for error, times in errors.items():
        print(f"error: {error} ({times} times)")
    sys.exit(1 if errors else 0)


if __name__ == "__main__":
    main()
