#!/usr/bin/env bash
# Installs what the tests need beside Rust: by apt where that is allowed, else it says what is missing and
# which tests are skipped for it. With CI=true a missing thing is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/need.sh

# command, or a line that succeeds where the thing is | Debian packages | what is skipped without it
needs='
cc|build-essential|everything: SQLite is built from C
make|build-essential|everything
git|git ca-certificates|the comparison of web/dist
ogrinfo|gdal-bin|GDAL as a client (tests/gis.rs, tests/clients.sh)
node|nodejs npm|the build of the page and the browser tests
npm|npm|the build of the page and the browser tests
chromium|chromium|the browser tests
python3|python3 python3-venv|the conformance tests of OGC API Features
sqlite3|sqlite3|looking into the store by hand
nginx|nginx-light|nginx before the service (tests/deploy.sh)
curl|curl|nginx before the service (tests/deploy.sh)
openssl|openssl|nginx before the service (tests/deploy.sh)
systemd-analyze|systemd|the units of systemd (tests/deploy.sh)
valgrind|valgrind|the count of instructions (tests/instructions.rs)
ls /usr/lib/postgresql/*/bin/initdb /usr/share/postgresql/*/extension/postgis.control|postgresql postgresql-postgis|the store in PostGIS (tests/store, tests/faults.rs)
faketime|faketime|a clock that jumps (tests/faults.rs)
/usr/bin/python3 -c "import qgis.core"|python3-qgis|QGIS as a client (tests/clients.sh)
Rscript -e "library(sf); library(httr)"|r-cran-sf r-cran-httr|R as a client (tests/clients.sh)'

# there THING: whether a command is there, or a line of them succeeds.
there() {
  case $1 in
    *' '*) bash -c "$1" >/dev/null 2>&1 ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

packages=()
while IFS='|' read -r thing debian _; do
  [ -z "$thing" ] || there "$thing" || packages+=($debian)
done <<<"$needs"

if [ ${#packages[@]} -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing: ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q >/dev/null
  apt-get install -q -y --no-install-recommends -o Dpkg::Options::=--force-unsafe-io "${packages[@]}" >/dev/null
fi

while IFS='|' read -r thing _ skipped; do
  [ -z "$thing" ] || there "$thing" || absent "$thing" "$skipped" || true
done <<<"$needs"

# The page's build needs a recent Node.
if command -v node >/dev/null && [ "$(node -p 'parseInt(process.versions.node)')" -lt 20 ]; then
  absent 'Node 20 or newer' 'the build of the page and the browser tests' || true
fi

# What the tests in Python need, in a folder of its own.
if command -v python3 >/dev/null; then
  python=target/python
  if ! cmp -s tests/requirements.txt "$python/installed.txt"; then
    # Compiled when it is first used: most of it never is.
    if python3 -m venv "$python" && "$python/bin/pip" install -q --disable-pip-version-check --no-compile \
      --only-binary :all: -r tests/requirements.txt; then
      cp tests/requirements.txt "$python/installed.txt"
    else
      absent 'a Python with tests/requirements.txt' 'the conformance tests, tests/clients.sh and tests/audit.sh' || true
    fi
  fi
fi
