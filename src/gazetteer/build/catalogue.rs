//! Names of GeoNames places by language, from the message catalogues (`.mo`) of Debian's
//! `libgeonames-common`: keyed by geoname id, by division (`SY.09`) or by country (`SY`).

use std::collections::HashMap;
use std::path::Path;

use super::names::{LANGUAGES, is_readable};
use super::report::{BuildError, Summary};

const MAGIC: u32 = 0x9504_12de;

/// For each key its names, with the number of their language.
pub(super) type Catalogue = HashMap<String, Vec<(u8, String)>>;

/// Reads `<folder>/<language>/LC_MESSAGES/geonames.mo` of every language that is kept.
pub(super) fn read(folder: &Path, summary: &mut Summary) -> Result<Catalogue, BuildError> {
    let mut catalogue = Catalogue::new();
    for (number, language) in LANGUAGES.iter().enumerate() {
        let path = folder.join(language).join("LC_MESSAGES/geonames.mo");
        if !path.exists() && *language != "en" {
            continue;
        }
        let data = std::fs::read(&path).map_err(BuildError::file(&path))?;
        let word = |at: usize| Some(u32::from_le_bytes(*data.get(at..)?.first_chunk()?) as usize);
        if word(0) != Some(MAGIC as usize) {
            return Err(BuildError::source(&path, "no message catalogue (.mo)"));
        }
        let (Some(count), Some(keys), Some(values)) = (word(8), word(12), word(16)) else {
            return Err(BuildError::source(
                &path,
                "a message catalogue that is cut off",
            ));
        };
        let string = |table: usize, index: usize| {
            let at = table.checked_add(index.checked_mul(8)?)?;
            let start = word(at + 4)?;
            std::str::from_utf8(data.get(start..start.checked_add(word(at)?)?)?).ok()
        };
        for index in 0..count {
            let Some((key, name)) = string(keys, index).zip(string(values, index)) else {
                summary.refuse(
                    &path,
                    format!("entry {index}"),
                    "lies outside the file or is no UTF-8",
                );
                continue;
            };
            // The entry without a key describes the catalogue.
            if !key.is_empty() && is_readable(name) {
                let names = catalogue.entry(key.to_owned()).or_default();
                names.push((number as u8, name.to_owned()));
            }
        }
    }
    Ok(catalogue)
}
