#!/bin/sh
# Builds the fuzz target with the coverage that libFuzzer needs, and runs it: fuzz/run.sh [SECONDS].
# What cargo-fuzz does, on the stable toolchain: without a sanitizer, which safe code can do without.
set -eu
cd "$(dirname "$0")"
host=$(rustc -vV | sed -n 's/^host: //p')
RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table" \
    cargo build --release --target "$host" --target-dir ../target/fuzz
mkdir -p ../target/fuzz/corpus
exec "../target/fuzz/$host/release/text" -max_total_time="${1:-600}" -max_len=2000 -timeout=10 \
    -artifact_prefix=../target/fuzz/ ../target/fuzz/corpus
