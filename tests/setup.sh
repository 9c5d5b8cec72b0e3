#!/usr/bin/env bash
# Installs what the tests need beside Rust: by apt where that is allowed, else it says what is missing and
# which tests are skipped for it. With CI=true a missing thing is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/need.sh

# command | Debian packages | what is skipped without it
needs='
cc|build-essential|everything: SQLite is built from C
make|build-essential|everything
git|git ca-certificates|the comparison of web/dist
ogrinfo|gdal-bin|GDAL as a client (tests/gis.rs)
node|nodejs npm|the build of the page and the browser tests
npm|npm|the build of the page and the browser tests
chromium|chromium|the browser tests
python3|python3 python3-venv|the conformance tests of OGC API Features
sqlite3|sqlite3|looking into the store by hand'

packages=()
while IFS='|' read -r command package _; do
  [ -z "$command" ] || command -v "$command" >/dev/null || packages+=($package)
done <<<"$needs"

if [ ${#packages[@]} -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing: ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q >/dev/null
  apt-get install -q -y --no-install-recommends "${packages[@]}" >/dev/null
fi

while IFS='|' read -r command _ skipped; do
  [ -z "$command" ] || need "$command" "$skipped" || true
done <<<"$needs"

# The page's build needs a recent Node.
if command -v node >/dev/null && [ "$(node -p 'parseInt(process.versions.node)')" -lt 20 ]; then
  absent 'Node 20 or newer' 'the build of the page and the browser tests' || true
fi

# The conformance tests stand beside this package, where they are at hand at all.
if [ -f ../shared/eval/api/ets_port.py ] && command -v python3 >/dev/null; then
  python=target/python
  if ! cmp -s tests/requirements.txt "$python/installed.txt"; then
    if python3 -m venv "$python" && "$python/bin/pip" install -q --disable-pip-version-check -r tests/requirements.txt; then
      cp tests/requirements.txt "$python/installed.txt"
    else
      absent 'a Python with tests/requirements.txt' 'the conformance tests of OGC API Features' || true
    fi
  fi
fi
