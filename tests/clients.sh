#!/usr/bin/env bash
# Programs that others wrote as clients: the real program with a large store, asked by GDAL, pyogrio, QGIS, OWSLib and R;
# its filters by DuckDB's opinion; its description by schemathesis; and the document on clients, as it is written.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/need.sh
what='the clients'
need ogrinfo "$what" || exit 0
need Rscript "$what" || exit 0
need sqlite3 "$what" || exit 0

# QGIS belongs to the system's Python, the other packages to one of ours.
SYSTEM_PYTHON=/usr/bin/python3
python=$PWD/target/python/bin/python
"$SYSTEM_PYTHON" -c 'import qgis.core' 2>/dev/null || absent 'QGIS for Python' "$what" || exit 0
"$python" -c 'import duckdb, geopandas, owslib, pyogrio, schemathesis' 2>/dev/null ||
  absent 'a Python with tests/requirements.txt' "$what" || exit 0
export SYSTEM_PYTHON QT_QPA_PLATFORM=offscreen

# EVENTS=n makes the store larger, SITMAP names a program to test in place of the one that is built here.
sitmap=${SITMAP:-}
if [ -z "$sitmap" ]; then
  # With the tests, as they are built already: without them the library has other features of crates, and is made anew.
  cargo build --locked --bins --tests
  sitmap="${CARGO_TARGET_DIR:-target}/debug/sitmap"
fi
work=$(mktemp -d)
services=()
trap '[ ${#services[@]} -eq 0 ] || kill "${services[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
export XDG_RUNTIME_DIR="$work/runtime"
mkdir -m 700 "$XDG_RUNTIME_DIR"

# serve NAME OPTION…: serves the store of the name, and puts its address into $url.
serve() {
  "$sitmap" serve --no-examples --store "$work/$1.gpkg" --listen 127.0.0.1:0 "${@:2}" \
    >"$work/$1.address" 2>"$work/$1.log" &
  services+=($!)
  for _ in $(seq 300); do
    url=$(grep -om1 'http://[^ ]*[^ /]' "$work/$1.address" || true)
    [ -z "$url" ] || return 0
    kill -0 "${services[-1]}" 2>/dev/null || break
    sleep 0.2
  done
  echo 'error: the service did not start:' >&2
  cat "$work/$1.log" >&2
  exit 1
}

# timed WHAT COMMAND…: runs it, and says how long that took; one that fails does not keep the others from running.
failed=()
timed() {
  local began=$SECONDS
  echo "== $1"
  "${@:2}" || failed+=("$1")
  echo "== $1: $((SECONDS - began)) s"
}

"$sitmap" ingest --store "$work/small.gpkg" data/articles
cp "$work/small.gpkg" "$work/large.gpkg"
cp "$work/small.gpkg" "$work/filled.gpkg"
token=$("$sitmap" token create --store "$work/filled.gpkg" --name schemathesis --scope write)
"$python" tests/clients/make_store.py "$work/large.gpkg" "${EVENTS:-12000}"
serve large
large=$url
serve small
small=$url
serve filled --posts-per-minute 0
filled=$url

timed 'rows that each client finds' "$python" tests/clients/counts.py "$large" "$work/large.gpkg"
timed 'filters that DuckDB agrees with' "$python" tests/clients/oracle.py "$large" "$work/large.gpkg"
timed 'docs/clients.md as it is written' "$python" tests/clients/docs.py docs/clients.md "$small"
st="$(dirname "$python")/st"
timed 'schemathesis' timeout 120 "$st" --config-file tests/clients/schemathesis.toml \
  run --no-color --report-dir "$work" "$small/api"
timed 'schemathesis with a token' timeout 120 "$st" --config-file tests/clients/schemathesis.toml \
  run --no-color --report-dir "$work" --include-path /articles --max-examples 60 \
  --header "Authorization: Bearer $token" "$filled/api"
timed 'the store that schemathesis filled' "$sitmap" verify --store "$work/filled.gpkg"

# What is on the picture in the document is drawn anew, into another place.
timed 'a picture by QGIS' "$SYSTEM_PYTHON" tests/clients/qgis_picture.py "$small" "$work/qgis.png"

# The same clients by somebody else's hand, where that stands beside this package.
theirs=../shared/eval/api/clients.sh
by_others() {
  PATH="$(dirname "$SYSTEM_PYTHON"):$PATH" PY=$python bash "$theirs" "$small" events start | tee "$work/theirs"
  ! grep -E 'ERR|valid False|subset.* False' "$work/theirs"
}
[ ! -f "$theirs" ] || timed 'the clients of others' by_others

if [ ${#failed[@]} -gt 0 ]; then
  printf 'error: %s\n' "${failed[@]}" >&2
  exit 1
fi
