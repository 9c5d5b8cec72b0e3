# To be sourced. What a test needs is either there, or its absence is said; with CI=true it is an error.

# need COMMAND WHAT-IS-SKIPPED: whether the command is there.
need() {
  command -v "$1" >/dev/null && return 0
  absent "$1" "$2"
}

# absent THING WHAT-IS-SKIPPED: says so and fails, or ends the run.
absent() {
  if [ "${CI:-}" = true ]; then
    echo "error: $1 is missing ($2)" >&2
    exit 1
  fi
  echo "missing: $1; skipped: $2" >&2
  return 1
}
