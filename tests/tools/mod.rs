//! Programs that tests ask, and that not every machine has.

use std::io::Write;
use std::process::Command;

/// Whether a test that needs `tool` can run here. Where everything must run, it can or fails.
pub(crate) fn available(tool: &str, probe: &[&str]) -> bool {
    let found = Command::new(tool)
        .args(probe)
        .output()
        .is_ok_and(|output| output.status.success());
    if !found {
        missing(tool);
    }
    found
}

/// Says that a test is skipped for want of something; where everything must run, it fails.
pub(crate) fn missing(tool: &str) {
    let required = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(
        !required,
        "{tool} is missing; tests/setup.sh installs what is needed"
    );
    // Not by a macro: its output would be kept back for a test that passes.
    writeln!(
        std::io::stderr(),
        "skipped: no {tool} here, see tests/setup.sh"
    )
    .ok();
}
