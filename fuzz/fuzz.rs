//! One program for all targets: `SITMAP_FUZZ` names the one that libFuzzer's bytes go to. `run.sh` starts it.

#![no_main]

mod targets;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

static TARGET: LazyLock<targets::Target> = LazyLock::new(|| {
    let name = std::env::var("SITMAP_FUZZ").expect("SITMAP_FUZZ names a target");
    let named = targets::TARGETS.iter().find(|(target, _)| *target == name);
    named
        .unwrap_or_else(|| panic!("there is no target {name}"))
        .1
});

fuzz_target!(|bytes: &[u8]| TARGET(bytes));
