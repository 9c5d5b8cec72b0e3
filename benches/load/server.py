"""Programs that answer on a port of this machine, and the load on them."""

import http.client
import json
import os
import socket
import subprocess
import time

CONNECTIONS = 8
# Longer than any program may take to start, or to end.
STARTED, ENDED = 1800, 20
HERE = os.path.dirname(os.path.abspath(__file__))


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """A program that was started, and has ended when the block around it does."""

    def __init__(self, command, port, ready, log):
        self.port = port
        began = time.monotonic()
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self._wait(ready, began + STARTED)
        except BaseException:
            self.close()
            raise
        self.seconds_to_start = time.monotonic() - began

    def _wait(self, ready, end):
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.process.args[0]} ended at its start")
            try:
                if self.get(ready, timeout=end - time.monotonic())[0] == 200:
                    return
            except (ConnectionError, http.client.HTTPException):
                pass
            time.sleep(0.005)
        raise RuntimeError(f"{self.process.args[0]} did not start in {STARTED} s")

    def get(self, path, timeout=60):
        """Status, headers and body of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def memory(self, kind="VmRSS"):
        """Resident bytes: all, or RssAnon, those that are in no file."""
        with open(f"/proc/{self.process.pid}/status") as status:
            line = next(line for line in status if line.startswith(f"{kind}:"))
        return int(line.split()[1]) * 1024

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(ENDED)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Load:
    """Runs wrk; no two runs ask the same, but where they are told to."""

    # More than the requests of a run.
    STEP = 5_000_000

    def __init__(self, seconds):
        self.seconds = seconds
        self.runs = 0

    def run(self, server, path, boxes, repeated=False, encoding=None, known=None, seconds=None):
        """Requests a second, milliseconds that half and 99 % of them took at most, bytes of one."""
        self.runs += 1
        seconds = seconds or self.seconds
        asked = {"PATH_OF_REQUEST": path, "BOXES": boxes, "ENCODING": encoding, "KNOWN": known}
        if not repeated:
            asked["SERIAL"] = str(self.runs * self.STEP)
        environment = dict(os.environ, **{name: value for name, value in asked.items() if value is not None})
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s"]
        command += ["-s", os.path.join(HERE, "load.lua"), f"http://127.0.0.1:{server.port}/"]
        output = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=seconds + 120, check=True
        ).stdout
        line = next(line for line in output.splitlines() if line.startswith("FIGURES "))
        return json.loads(line.removeprefix("FIGURES "))
