//! Programs that tests ask, and that not every machine has.

use std::io::Write;
use std::process::Command;

/// Whether a test that needs `tool` can run here. Where everything must run, it can or fails.
pub(crate) fn available(tool: &str, probe: &[&str]) -> bool {
    let found = Command::new(tool)
        .args(probe)
        .output()
        .is_ok_and(|output| output.status.success());
    let required = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(
        found || !required,
        "{tool} {} fails; tests/setup.sh installs what is needed",
        probe.join(" ")
    );
    if !found {
        // Not by a macro: its output would be kept back for a test that passes.
        writeln!(
            std::io::stderr(),
            "skipped: no {tool} here, see tests/setup.sh"
        )
        .ok();
    }
    found
}
