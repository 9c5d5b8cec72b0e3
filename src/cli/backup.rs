use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use sitmap::store::{GeoPackage, Tokens};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The store to copy; it may be in use
    #[arg(long, value_name = "FILE", default_value = super::STORE, env = "SITMAP_STORE")]
    store: PathBuf,
    /// The file to write; one that is there is not overwritten
    #[arg(value_name = "FILE")]
    output: PathBuf,
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let counts =
        GeoPackage::open_to_read(&options.store)?.copy_to(&options.output, Tokens::Kept)?;
    super::print(&format!(
        "{} articles and {} events copied to {}\n",
        counts.articles,
        counts.events,
        options.output.display()
    ))
}
