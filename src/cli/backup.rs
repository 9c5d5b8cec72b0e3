use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use sitmap::store::{self, Location, Tokens};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The store to copy, a file or `postgres://USER@HOST/DATABASE`; it may be in use
    #[arg(
        long,
        value_name = "STORE",
        default_value = super::STORE,
        env = "SITMAP_STORE",
        hide_env_values = true,
        value_parser = super::location()
    )]
    store: Location,
    /// The file to write; one that is there is not overwritten
    #[arg(value_name = "FILE")]
    output: PathBuf,
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let counts = store::copy_to(&options.store, &options.output, Tokens::Kept)?;
    super::print(&format!(
        "{} articles and {} events copied to {}\n",
        counts.articles,
        counts.events,
        options.output.display()
    ))
}
