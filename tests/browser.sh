#!/usr/bin/env bash
# Drives the map in a real browser: the real program, with the example articles in a store of its own, and another
# one with 50,000 events.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/need.sh
need npm 'the browser tests' || exit 0
need chromium 'the browser tests' || exit 0

# With the tests, as they are built already: without them the library has other features of crates, and is made anew.
cargo build --locked --bins --tests
SITMAP=$(realpath "${CARGO_TARGET_DIR:-target}/debug/sitmap")
work=$(mktemp -d)
services=()
trap '[ ${#services[@]} -eq 0 ] || kill "${services[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT

# serve NAME: serves the store of the name, and puts its address into $url when it is ready.
serve() {
  "$SITMAP" serve --no-examples --store "$work/$1.gpkg" --listen 127.0.0.1:0 >"$work/$1.address" 2>"$work/$1.log" &
  services+=($!)
  for _ in $(seq 600); do
    url=$(grep -om1 'http://[^ ]*' "$work/$1.address" || true)
    [ -z "$url" ] || return 0
    kill -0 "${services[-1]}" 2>/dev/null || break
    sleep 0.2
  done
  echo 'error: the service did not start:' >&2
  cat "$work/$1.log" >&2
  exit 1
}

"$SITMAP" ingest --store "$work/store.gpkg" data/articles
serve store
SITMAP_URL=$url
if command -v python3 >/dev/null; then
  cp "$work/store.gpkg" "$work/many.gpkg"
  python3 tests/clients/make_store.py "$work/many.gpkg" 50000
  serve many
  export MANY_URL=$url
fi

export SITMAP SITMAP_URL CHROMIUM="${CHROMIUM:-$(command -v chromium)}"
cd tests/browser
npm ci
npm test
