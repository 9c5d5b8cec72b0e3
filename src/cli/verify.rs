use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use sitmap::store::{EventStore, Finding, GeoPackage};
use sitmap::verify;

use super::serve::{self, Image};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The store to look through; it may be in use
    #[arg(long, value_name = "FILE", default_value = super::STORE, env = "SITMAP_STORE")]
    store: PathBuf,
}

/// Each finding is a line on standard output, and the last line says how many there were. With any the exit code is 1.
pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let name = options.store.display();
    let store = GeoPackage::open_to_read(&options.store)?;
    // A service and an ingest may go on meanwhile: what is looked at is one moment.
    store.freeze()?;
    let mut findings = 0_u64;
    let mut found = |finding: Finding| {
        findings += 1;
        // Whoever reads no further still wants the exit code.
        let _ = super::print(&format!("{finding}\n"));
    };
    store.verify(&mut found)?;
    let kinship = serve::kinship()?;
    let index = verify::events(&store, kinship.clone(), &mut found)?;
    verify::indexed("the index", &store, &index, &mut found)?;
    drop(index);
    let edition = store.edition()?;
    let image = Image::of(&options.store, store.identity()?);
    let saved = image.open(edition, kinship);
    let image_is = match &saved {
        Some(index) => {
            let version = index.snapshot().edition.version;
            // As a service does that starts from it.
            if version < edition.version {
                let (articles, events) = serve::load_after(&store, version)?;
                index.put_as(edition, articles, events);
            }
            let path = image.path.display().to_string();
            verify::indexed(&path, &store, index, &mut found)?;
            format!("; {path} fits it")
        }
        None if image.path.exists() => format!(
            "; {} is of another program, or of another or later store: it is not used",
            image.path.display()
        ),
        None => String::new(),
    };
    let counts = store.counts()?;
    let counts = format!(
        "{} articles, {} events, {} of them with a position",
        counts.articles, counts.events, counts.located
    );
    if findings == 0 {
        super::print(&format!("{name}: {counts}: all is well{image_is}\n"))
    } else {
        super::print(&format!("{name}: {counts}: {findings} findings\n"))?;
        Ok(ExitCode::FAILURE)
    }
}
