#!/usr/bin/env bash
# Holds the dependencies against deny.toml: licences, sources, and what is known of their weaknesses. The list of these
# is on GitHub; where that cannot be reached the rest is checked, and it is said.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/need.sh

if ! cargo deny --version >/dev/null 2>&1; then
  absent 'cargo-deny (cargo install --locked cargo-deny)' 'the check of dependencies' || exit 0
fi
cargo deny --locked check --hide-inclusion-graph licenses bans sources
if cargo deny --locked fetch db >/dev/null 2>&1; then
  cargo deny --locked check --disable-fetch advisories
else
  absent 'the list of advisories (github.com/RustSec/advisory-db)' 'the check for known weaknesses' || exit 0
fi
