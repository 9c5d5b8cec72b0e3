use std::io;

use clap::ValueEnum;
use tracing_subscriber::EnvFilter;

/// How a service writes its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// For programs: an object a line.
    Json,
}

/// Begins the log, on standard error. `RUST_LOG` says what stands in it; warnings and errors unless it does.
pub(super) fn begin(format: Format) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    match format {
        Format::Text => log.init(),
        Format::Json => log.json().flatten_event(true).init(),
    }
}
