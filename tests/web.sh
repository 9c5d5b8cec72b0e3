#!/usr/bin/env bash
# Builds the page from its source: what is committed in web/dist must come out of it, byte for byte.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/need.sh
need npm 'the build of the page' || exit 0

(cd web && npm ci && npm run build)

if [ -n "$(git status --porcelain -- web/dist)" ]; then
  echo 'error: web/dist is not what web/src builds; run `make web` and commit the result:' >&2
  git status --short -- web/dist >&2
  exit 1
fi
echo 'web/dist is what web/src builds'
