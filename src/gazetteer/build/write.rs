//! The drafts as an image.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use super::designators::Designators;
use super::draft::{Draft, Drafts, Id};
use super::extents::Areas;
use super::names::{LANGUAGES, keys};
use super::report::{BuildError, Summary};
use crate::domain::PlaceKind;
use crate::gazetteer::area;
use crate::gazetteer::image::assemble;
use crate::gazetteer::lookup::{LAST, MAIN, POSTING_BITS};
use crate::gazetteer::records::{CAPITAL, DEGREE, NONE, RADIUS_PER_KM, WIDTH, WRITTEN_ID};
use crate::text::fold;

/// The image's bytes.
pub(super) fn image(
    drafts: &Drafts,
    areas: &Areas,
    designators: &Designators,
    sources: &[String],
    summary: &mut Summary,
) -> Result<Vec<u8>, BuildError> {
    let (names, postings) = names(drafts, designators, summary)?;
    let (places, strings) = places(drafts)?;
    let mut meta = vec![format!("languages\t{}", LANGUAGES.join(","))];
    meta.extend(sources.iter().map(|source| format!("source\t{source}")));
    let countries: Vec<String> = drafts
        .countries
        .iter()
        .zip(&drafts.neighbours)
        .map(|(code, near)| format!("{code}\t{}\t{}", drafts.country[code], near.join(",")))
        .collect();
    let mut kinds = BTreeMap::new();
    for draft in &drafts.list {
        *kinds.entry(draft.kind).or_default() += 1;
    }
    summary.kinds = kinds.into_iter().collect();
    let image = assemble([
        meta.join("\n").into_bytes(),
        names,
        postings,
        places,
        strings,
        countries.join("\n").into_bytes(),
        polygons(drafts, areas, summary),
    ]);
    summary.bytes = image.len();
    Ok(image)
}

/// The map of folded names, and the places that each may mean.
fn names(
    drafts: &Drafts,
    designators: &Designators,
    summary: &mut Summary,
) -> Result<(Vec<u8>, Vec<u8>), BuildError> {
    let too_large = |what: &str| BuildError::TooLarge(what.to_owned());
    let mut found: Vec<(String, u32, bool)> = Vec::new();
    for (index, draft) in drafts.list.iter().enumerate() {
        let place = index as u32;
        // A division may be called "Nord"; a town found by that is a slip.
        let town = draft.kind == PlaceKind::Settlement;
        let useful = |name: &&str| !(town && designators.is_direction(name));
        for name in draft.main_names().filter(useful) {
            found.extend(keys(name).map(|key| (key, place, true)));
            found.extend(short_key(draft, name).map(|key| (key, place, true)));
        }
        for name in draft.others.iter().map(String::as_str).filter(useful) {
            found.extend(keys(name).map(|key| (key, place, false)));
        }
    }
    let population = |place: u32| drafts.list[place as usize].population;
    found.sort_unstable_by(|a, b| {
        (a.0.cmp(&b.0))
            .then(population(b.1).cmp(&population(a.1)))
            .then(a.1.cmp(&b.1))
            .then(b.2.cmp(&a.2))
    });
    found.dedup_by(|later, first| later.0 == first.0 && later.1 == first.1);
    let mut map = fst::MapBuilder::memory();
    let mut postings: Vec<u32> = Vec::with_capacity(found.len());
    for group in found.chunk_by(|a, b| a.0 == b.0) {
        map.insert(&group[0].0, postings.len() as u64)
            .map_err(|error| BuildError::TooLarge(error.to_string()))?;
        for (_, place, main) in group {
            let place = place
                .checked_mul(1 << POSTING_BITS)
                .ok_or_else(|| too_large("more than a thousand million places"))?;
            postings.push(place | if *main { MAIN } else { 0 });
        }
        if let Some(last) = postings.last_mut() {
            *last |= LAST;
        }
        summary.names += 1;
    }
    u32::try_from(postings.len())
        .map_err(|_| too_large("more names than four thousand million"))?;
    summary.postings = postings.len();
    let map = map
        .into_inner()
        .map_err(|error| BuildError::TooLarge(error.to_string()))?;
    Ok((
        map,
        postings.into_iter().flat_map(u32::to_le_bytes).collect(),
    ))
}

/// A country's name of two letters: "US", "UK". For others these are too short.
fn short_key(draft: &Draft, name: &str) -> Option<String> {
    let key = fold(name);
    (draft.kind == PlaceKind::Country && key.chars().count() == 2).then_some(key)
}

/// The columns of places, and their names for people.
fn places(drafts: &Drafts) -> Result<(Vec<u8>, Vec<u8>), BuildError> {
    let count = drafts.list.len();
    let mut strings = Vec::new();
    let mut wide: [Vec<u8>; 5] = std::array::from_fn(|_| Vec::with_capacity(count * 4));
    let mut narrow: [Vec<u8>; 3] = std::array::from_fn(|_| Vec::with_capacity(count * 2));
    let mut bytes: [Vec<u8>; 2] = std::array::from_fn(|_| Vec::with_capacity(count));
    for draft in &drafts.list {
        let at = u32::try_from(strings.len())
            .map_err(|_| BuildError::TooLarge("names beyond four gigabytes".to_owned()))?;
        let number = write_names(draft, &mut strings);
        let degrees = |value: f64| ((value * DEGREE).round() as i32).cast_unsigned();
        let values = [
            number,
            degrees(draft.point.lat),
            degrees(draft.point.lon),
            draft.population,
            at,
        ];
        for (column, value) in wide.iter_mut().zip(values) {
            column.extend(value.to_le_bytes());
        }
        let code = draft.country.as_ref();
        let country = code.and_then(|code| drafts.countries.binary_search(code).ok());
        let values = [
            reference(country)?,
            reference(draft.admin1)?,
            (draft.radius_km * RADIUS_PER_KM).round() as u16,
        ];
        for (column, value) in narrow.iter_mut().zip(values) {
            column.extend(value.to_le_bytes());
        }
        let written = matches!(draft.id, Id::Written(_));
        bytes[0].push(draft.kind as u8);
        bytes[1]
            .push(if draft.capital { CAPITAL } else { 0 } | if written { WRITTEN_ID } else { 0 });
    }
    let mut columns = Vec::with_capacity(count * WIDTH);
    for column in wide.iter().chain(&narrow).chain(&bytes) {
        columns.extend(column);
    }
    Ok((columns, strings))
}

/// An index that fits a column of two bytes.
fn reference(index: Option<usize>) -> Result<u16, BuildError> {
    match index.map(u16::try_from) {
        None => Ok(NONE),
        Some(Ok(index)) if index != NONE => Ok(index),
        Some(_) => Err(BuildError::TooLarge(
            "more than 65,534 countries and divisions".to_owned(),
        )),
    }
}

/// Writes a place's strings; its number, where that is its id.
fn write_names(draft: &Draft, strings: &mut Vec<u8>) -> u32 {
    let number = match &draft.id {
        Id::GeoNames(number) => *number,
        Id::Written(id) => {
            write_string(id, strings);
            0
        }
    };
    write_string(&draft.name, strings);
    strings.push(draft.tagged.len() as u8);
    for (language, name) in &draft.tagged {
        strings.push(*language);
        write_string(if *name == draft.name { "" } else { name }, strings);
    }
    number
}

/// Names are no longer than a byte can say: `names::is_readable` has seen to that.
fn write_string(string: &str, out: &mut Vec<u8>) {
    let length = u8::try_from(string.len()).unwrap_or_default();
    out.push(length);
    out.extend(&string.as_bytes()[..usize::from(length)]);
}

/// The polygons, in the order of their places.
fn polygons(drafts: &Drafts, areas: &Areas, summary: &mut Summary) -> Vec<u8> {
    let mut entries = Vec::new();
    let mut data = Vec::new();
    let mut count = 0u32;
    for (place, polygon) in areas {
        let start = data.len() as u32;
        let Some(bounds) = area::encode(polygon, &mut data) else {
            continue;
        };
        entries.extend((*place as u32).to_le_bytes());
        entries.extend(start.to_le_bytes());
        entries.extend(bounds.into_iter().flat_map(i32::to_le_bytes));
        match drafts.list[*place].kind {
            PlaceKind::Country => summary.areas.0 += 1,
            _ => summary.areas.1 += 1,
        }
        count += 1;
    }
    let mut section = count.to_le_bytes().to_vec();
    section.extend(entries);
    section.extend(data);
    section
}

/// Writes a file so that it is there whole or not at all.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), BuildError> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = Path::new(&partial);
    let write = || {
        let mut file = std::fs::File::create(partial)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(partial, path)
    };
    write().map_err(|error| {
        // What is left of it is of no use; the first error is the one to tell.
        let _ = std::fs::remove_file(partial);
        BuildError::file(path)(error)
    })
}
