#!/usr/bin/env python3
"""Runs the commands of a document as they stand in it, but for the address, which is the service's under test.

usage: docs.py DOCUMENT BASEURL

Fenced blocks of sh, python, r and html are run, one after the other in one folder. One fails that ends with an error,
complains as GDAL does, or says and leaves nothing.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

ADDRESS = "http://127.0.0.1:8080"
# What QGIS has running before its console does.
QGIS = """from qgis.core import QgsApplication
application = QgsApplication([], False)
application.initQgis()
{block}
QgsProject.instance().clear()
application.exitQgis()
"""


def blocks(path):
    """Line, language and text of every fenced block."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for found in re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.M | re.S):
        yield text.count("\n", 0, found.start()) + 1, found.group(1), found.group(2)


def leaflet(root):
    """Leaflet as it stands in the packages of the page."""
    path = os.path.join(root, "web/node_modules/leaflet/dist/")
    return path if os.path.isdir(path) else None


def command(language, block, folder, root):
    """The program that runs a block and what it is given; None where it is not here."""
    if language == "sh":
        return ["bash", "-euo", "pipefail", "-c", block], None
    if language == "python" and "qgis" in block:
        return [os.environ.get("SYSTEM_PYTHON", "/usr/bin/python3"), "-"], QGIS.format(block=block)
    if language == "python":
        return [sys.executable, "-"], block
    if language == "r":
        return ["Rscript", "--vanilla", "-"], block
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not browser or not leaflet(root):
        return None
    with open(os.path.join(folder, "page.html"), "w", encoding="utf-8") as file:
        file.write(re.sub(r"https://unpkg\.com/leaflet@[^/]*/dist/", f"file://{leaflet(root)}", block))
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=10000", "--dump-dom"]
    return [browser, *options, f"file://{folder}/page.html"], None


def fault(language, done, left):
    """What is wrong with how a block ended."""
    if done.returncode != 0:
        return f"exit {done.returncode}"
    if complaint := re.search(r"^(ERROR|Warning|Error in).*", done.stderr, re.M):
        return complaint.group()
    if language == "html":
        drawn = done.stdout.count('class="leaflet-interactive"')
        return None if drawn > 10 else f"{drawn} features were drawn"
    if not done.stdout.strip() and not left:
        return "it said nothing, and left no file"
    # curl ends well with a service that answers that something is wrong.
    return re.search(r'"status":[45]\d\d.*|^[45]\d\d$', done.stdout, re.M) and done.stdout


def main(document, base):
    root = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
    failed = ran = 0
    with tempfile.TemporaryDirectory() as folder:
        for line, language, block in blocks(document):
            running = command(language, block.replace(ADDRESS, base.rstrip("/")), folder, root)
            if running is None:
                print(f"{document}:{line}: skipped, no Chromium or Leaflet here", file=sys.stderr)
                failed += os.environ.get("CI") == "true"
                continue
            before = set(os.listdir(folder))
            program, text = running
            done = subprocess.run(program, input=text, capture_output=True, text=True, cwd=folder, timeout=120)
            ran += 1
            if wrong := fault(language, done, set(os.listdir(folder)) - before):
                failed += 1
                said = f"{done.stdout[:2000]}\n{done.stderr[:2000]}"
                print(f"{document}:{line}: {wrong}\n{block}\n{said}", file=sys.stderr)
    print(f"{document}: {ran} blocks run, {failed} failed")
    return 1 if failed or not ran else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1]), sys.argv[2]))
