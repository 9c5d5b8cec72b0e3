use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};
use flate2::bufread::MultiGzDecoder;
use sitmap::event::Registry;
use sitmap::import::Ged;
use sitmap::store::{self, Ingested, Location, Report};

/// Articles a transaction: one sync to disk for all of them.
const BATCH: usize = 1000;
/// Errors that are told one by one.
const TOLD: usize = 20;
/// What coded the events, as the store remembers it.
const RULES: &str = "ucdp-ged 1";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// UCDP's Georeferenced Event Dataset: a CSV table, packed by gzip or not
    Ucdp(Options),
}

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The table
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The store to write, a file or `postgres://USER@HOST/DATABASE`; it is made if it is not there
    #[arg(
        long,
        value_name = "STORE",
        default_value = super::STORE,
        env = "SITMAP_STORE",
        hide_env_values = true,
        value_parser = super::location()
    )]
    store: Location,
    #[command(flatten)]
    places: super::Places,
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    let Command::Ucdp(options) = command;
    let name = || options.file.display().to_string();
    let table = open(&options.file).with_context(name)?;
    let gazetteer = options.places.open()?;
    let rows = Ged::new(&gazetteer, Registry::bundled()?)
        .read(table)
        .with_context(name)?;
    let mut store = store::open(&options.store)?;
    let (mut written, mut unchanged, mut failed) = (0, 0, 0);
    let mut batch = Vec::with_capacity(BATCH);
    let mut write = |batch: &mut Vec<Report>| -> anyhow::Result<()> {
        for ingested in store.ingest(RULES, batch)? {
            match ingested {
                Ingested::Unchanged => unchanged += 1,
                Ingested::New | Ingested::Replaced => written += 1,
            }
        }
        batch.clear();
        Ok(())
    };
    for row in rows {
        match row {
            Ok((article, event)) => batch.push(Report {
                article,
                events: vec![event],
            }),
            Err(error) => {
                failed += 1;
                if failed <= TOLD {
                    eprintln!("error: {}: {error}", name());
                }
            }
        }
        if batch.len() == BATCH {
            write(&mut batch)?;
        }
    }
    write(&mut batch)?;
    if failed > TOLD {
        eprintln!(
            "error: {}: {} more rows are no events",
            name(),
            failed - TOLD
        );
    }
    println!(
        "{written} events written to {}, {unchanged} unchanged, {failed} rows failed",
        options.store
    );
    Ok(if failed > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Opens a table; of a file packed by gzip what is in it.
fn open(path: &Path) -> std::io::Result<Box<dyn Read>> {
    const GZIP: [u8; 2] = [0x1f, 0x8b];
    let mut file = BufReader::new(File::open(path)?);
    let is_packed = file.fill_buf()?.starts_with(&GZIP);
    Ok(if is_packed {
        Box::new(MultiGzDecoder::new(file))
    } else {
        Box::new(file)
    })
}
