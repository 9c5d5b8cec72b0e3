#!/usr/bin/env bash
# Drives the map in a real browser: the real program, with the example articles in a store of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/need.sh
need npm 'the browser tests' || exit 0
need chromium 'the browser tests' || exit 0

cargo build --locked
sitmap="${CARGO_TARGET_DIR:-target}/debug/sitmap"
work=$(mktemp -d)
service=
trap '[ -z "$service" ] || kill "$service" 2>/dev/null || true; rm -rf "$work"' EXIT

"$sitmap" ingest --store "$work/store.gpkg" data/articles
"$sitmap" serve --no-examples --store "$work/store.gpkg" --listen 127.0.0.1:0 \
  >"$work/address" 2>"$work/log" &
service=$!

# The service prints its address when it is ready.
for _ in $(seq 300); do
  SITMAP_URL=$(grep -om1 'http://[^ ]*' "$work/address" || true)
  [ -z "$SITMAP_URL" ] || break
  kill -0 "$service" 2>/dev/null || break
  sleep 0.2
done
if [ -z "$SITMAP_URL" ]; then
  echo 'error: the service did not start:' >&2
  cat "$work/log" >&2
  exit 1
fi

export SITMAP_URL CHROMIUM="${CHROMIUM:-$(command -v chromium)}"
cd tests/browser
npm ci
npm test
