use std::fs::File;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, ValueEnum};
use sitmap::export::{self, Exported, Format};
use sitmap::store::{self, Location, Tokens};

/// What a store can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum As {
    /// One GeoJSON FeatureCollection.
    Geojson,
    /// A GeoJSON Feature a line.
    Ndjson,
    /// A table with lon and lat.
    Csv,
    /// Aligned columns for people.
    Table,
    /// A GeoPackage: a compact copy of the whole store, but for its tokens.
    Gpkg,
}

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The store to read, a file or `postgres://USER@HOST/DATABASE`
    #[arg(
        long,
        value_name = "STORE",
        default_value = super::STORE,
        env = "SITMAP_STORE",
        hide_env_values = true,
        value_parser = super::location()
    )]
    store: Location,
    /// The format
    #[arg(long, value_enum, default_value_t = As::Geojson)]
    format: As,
    /// The file to write; standard output if none is named
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let format = match options.format {
        As::Geojson => Format::GeoJson,
        As::Ndjson => Format::Ndjson,
        As::Csv => Format::Csv,
        As::Table => Format::Table,
        As::Gpkg => {
            let output = options
                .output
                .as_ref()
                .context("--format gpkg needs --output FILE")?;
            store::copy_to(&options.store, output, Tokens::LeftOut)?;
            return Ok(ExitCode::SUCCESS);
        }
    };
    let store = store::open_to_read(&options.store)?;
    let exported = match &options.output {
        Some(path) => {
            if is_store(path, &options.store) {
                anyhow::bail!(
                    "--output {} is the store itself: name another file",
                    path.display()
                );
            }
            let file =
                File::create(path).with_context(|| format!("--output {}", path.display()))?;
            export::write(store.events(), format, None, file)?
        }
        None => export::write(
            store.events(),
            format,
            terminal_width(),
            io::stdout().lock(),
        )?,
    };
    if let (Exported::All(count), Some(path)) = (exported, &options.output) {
        eprintln!("{count} events written to {}", path.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether a path leads to the store's file, and that is there.
pub(super) fn is_store(path: &Path, store: &Location) -> bool {
    let Location::File(store) = store else {
        return false;
    };
    matches!((path.canonicalize(), store.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// The terminal's width in columns; `None` when the output goes elsewhere.
pub(super) fn terminal_width() -> Option<usize> {
    let stdout = io::stdout();
    stdout
        .is_terminal()
        .then(|| std::env::var("COLUMNS").ok()?.parse().ok())
        .flatten()
        .or_else(|| stdout.is_terminal().then_some(160))
}
