#!/bin/sh
# Builds the fuzz targets with the coverage that libFuzzer needs, and runs all, or those that are named, one after the
# other: fuzz/run.sh [SECONDS each] [TARGET…]. The targets are in targets/mod.rs, what each begins with in corpus/.
# What is found is put into target/fuzz, to be mended, made small, and added to the corpus.
# What cargo-fuzz does, on the stable toolchain: without a sanitizer, which safe code can do without.
set -eu
cd "$(dirname "$0")"
seconds=${1:-600}
[ $# -gt 0 ] && shift
if [ $# -eq 0 ]; then
    cd corpus
    set -- *
    cd ..
fi
host=$(rustc -vV | sed -n 's/^host: //p')
RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table" \
    cargo build --release --target "$host" --target-dir ../target/fuzz
failed=
for target; do
    echo "== $target"
    found=../target/fuzz/corpus/$target
    mkdir -p "$found"
    SITMAP_FUZZ=$target "../target/fuzz/$host/release/fuzz" -max_total_time="$seconds" -max_len=4000 -timeout=10 \
        -print_final_stats=1 -artifact_prefix="../target/fuzz/$target-" "$found" "corpus/$target" || failed="$failed $target"
done
[ -z "$failed" ] || { echo "found something:$failed" >&2; exit 1; }
