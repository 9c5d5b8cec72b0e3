use std::process::ExitCode;

use clap::Args;
use sitmap::domain::Edition;
use sitmap::index::Index;
use sitmap::store::{self, EventStore, Finding, Location};
use sitmap::verify;

use super::index::{self, Image};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The store to look through, a file or `postgres://USER@HOST/DATABASE`; it may be in use
    #[arg(
        long,
        value_name = "STORE",
        default_value = super::STORE,
        env = "SITMAP_STORE",
        hide_env_values = true,
        value_parser = super::location()
    )]
    store: Location,
}

/// Each finding is a line on standard output, and the last line says how many there were. With any the exit code is 1.
pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let name = &options.store;
    let store = store::open_to_read(name)?;
    // A service and an ingest may go on meanwhile: what is looked at is one moment.
    store.freeze()?;
    let mut findings = 0_u64;
    let mut found = |finding: Finding| {
        findings += 1;
        // Whoever reads no further still wants the exit code.
        let _ = super::print(&format!("{finding}\n"));
    };
    store.verify(&mut found)?;
    let kinship = index::kinship()?;
    let index = verify::events(&*store, kinship.clone(), &mut found)?;
    verify::indexed("the index", &*store, &index, &mut found)?;
    drop(index);
    let edition = store.edition()?;
    let image_is = match Image::of(name, store.identity()?) {
        Some(image) => {
            let saved = image.open(edition, kinship);
            image_is(&*store, edition, &image, saved, &mut found)?
        }
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

/// Holds an index that was saved against its store; tells what became of it.
fn image_is(
    store: &dyn EventStore,
    edition: Edition,
    image: &Image,
    saved: Option<Index>,
    found: &mut dyn FnMut(Finding),
) -> anyhow::Result<String> {
    let path = image.path.display().to_string();
    let Some(index) = saved else {
        return Ok(if image.path.exists() {
            format!("; {path} is of another program, or of another or later store: it is not used")
        } else {
            String::new()
        });
    };
    let version = index.snapshot().edition.version;
    // As a service does that starts from it.
    if version < edition.version {
        let (articles, events) = index::load_after(store, version)?;
        index.put_as(edition, articles, events);
    }
    verify::indexed(&path, store, &index, found)?;
    Ok(format!("; {path} fits it"))
}
