//! Names of territories and subdivisions from CLDR's XML files, as Debian's `unicode-cldr-core` has them.
//! They hold one element a line, which is all that is read of XML here.

use std::collections::HashMap;
use std::path::Path;

use super::names::{LANGUAGES, is_readable};
use super::report::BuildError;

/// Names by code, each with the number of its language.
pub(super) type Names = HashMap<String, Vec<(u8, String)>>;

/// What is taken from CLDR.
#[derive(Debug, Default)]
pub(super) struct Cldr {
    /// By ISO 3166-1 alpha-2 or, for groups of countries, UN M.49 code. A code's first name of a language is
    /// the usual one; variants follow.
    pub(super) territories: Names,
    /// By ISO 3166-2 code in CLDR's spelling: `syhl`.
    pub(super) subdivisions: Names,
    /// UN M.49 groups: members are groups or countries.
    pub(super) groups: HashMap<String, Vec<String>>,
}

/// Reads the folder that holds `main`, `subdivisions` and `supplemental`, or its parent.
pub(super) fn read(folder: &Path) -> Result<Cldr, BuildError> {
    let common = folder.join("common");
    let folder = if common.is_dir() { &common } else { folder };
    let mut cldr = Cldr::default();
    for (number, language) in LANGUAGES.iter().enumerate() {
        let file = format!("{language}.xml");
        let territories = folder.join("main").join(&file);
        let subdivisions = folder.join("subdivisions").join(&file);
        names_of(
            "territory",
            number as u8,
            &territories,
            &mut cldr.territories,
        )?;
        names_of(
            "subdivision",
            number as u8,
            &subdivisions,
            &mut cldr.subdivisions,
        )?;
    }
    let path = folder.join("supplemental/supplementalData.xml");
    for line in text_of(&path)?.lines() {
        if !line.trim_start().starts_with("<group ")
            || attribute(line, "status") == Some("deprecated")
        {
            continue;
        }
        if let Some((code, members)) = attribute(line, "type").zip(attribute(line, "contains"))
            && code.bytes().all(|b| b.is_ascii_digit())
        {
            let members = members.split_whitespace().map(str::to_owned).collect();
            cldr.groups.insert(code.to_owned(), members);
        }
    }
    if cldr.groups.is_empty() {
        return Err(BuildError::source(&path, "no group of territories in it"));
    }
    Ok(cldr)
}

fn text_of(path: &Path) -> Result<String, BuildError> {
    std::fs::read_to_string(path).map_err(BuildError::file(path))
}

/// Reads one language's names. Not every language has a file.
fn names_of(element: &str, language: u8, path: &Path, names: &mut Names) -> Result<(), BuildError> {
    if !path.exists() && LANGUAGES[usize::from(language)] != "en" {
        return Ok(());
    }
    let start = format!("<{element} type=");
    for line in text_of(path)?.lines() {
        let line = line.trim();
        if !line.starts_with(&start) {
            continue;
        }
        let name = line
            .split_once('>')
            .and_then(|(_, rest)| rest.split_once("</"))
            .map(|(name, _)| unescape(name));
        if let Some((code, name)) = attribute(line, "type").zip(name)
            && is_readable(&name)
        {
            names
                .entry(code.to_owned())
                .or_default()
                .push((language, name));
        }
    }
    Ok(())
}

fn attribute<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}
