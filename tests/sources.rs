//! Every data file says where it comes from, and every file of code can be read in one sitting.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The most lines that a file of code may have.
const MAX_LINES: usize = 600;

/// One entry of `data/SOURCES.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// From the root of the package; `/**` at the end means all files of a folder.
    path: String,
    source: Source,
    licence: Option<String>,
    attribution: Option<String>,
    /// What was done to what the sources gave.
    changes: String,
    /// For a file that a program makes: how.
    made_by: Option<String>,
    /// Of a file that a program makes, in hexadecimal digits.
    sha256: Option<String>,
}

/// Where a file comes from: in words, or from several sources, each with its own terms.
#[derive(Debug, serde::Deserialize)]
#[serde(untagged)]
enum Source {
    Words(String),
    Several(Vec<Origin>),
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Origin {
    name: String,
    /// Where it was taken from, with its version.
    package: Option<String>,
    licence: String,
    attribution: String,
}

#[derive(Debug, serde::Deserialize)]
struct Sources {
    file: Vec<Entry>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder but those that are installed or hidden.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name == "node_modules" || name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<Entry> {
    let text = fs::read_to_string(root().join("data/SOURCES.toml")).expect("data/SOURCES.toml");
    let sources: Sources =
        toml::from_str(&text).unwrap_or_else(|error| panic!("data/SOURCES.toml: {error}"));
    sources.file
}

/// Whether an entry's path means the file.
fn covers(pattern: &str, file: &str) -> bool {
    match pattern.strip_suffix("**") {
        Some(folder) => file.starts_with(folder),
        None => file == pattern,
    }
}

#[test]
fn every_data_file_is_listed_with_its_source_and_every_listed_file_is_there() {
    let folders = ["data", "web/basemap"].map(|folder| files(&root().join(folder)));
    let below = |path: &PathBuf| {
        path.strip_prefix(root())
            .expect("below the root")
            .display()
            .to_string()
    };
    let present: Vec<_> = folders
        .iter()
        .flatten()
        .map(below)
        .filter(|file| file != "data/SOURCES.toml")
        .collect();
    let sources = sources();

    let is_listed = |file: &&String| sources.iter().any(|entry| covers(&entry.path, file));
    let unlisted: Vec<_> = present.iter().filter(|file| !is_listed(file)).collect();
    assert!(
        unlisted.is_empty(),
        "not listed in data/SOURCES.toml: {unlisted:#?}"
    );

    let is_there = |entry: &&Entry| present.iter().any(|file| covers(&entry.path, file));
    let missing: Vec<_> = sources
        .iter()
        .filter(|entry| !is_there(entry))
        .map(|entry| &entry.path)
        .collect();
    assert!(
        missing.is_empty(),
        "listed in data/SOURCES.toml, but not there: {missing:#?}"
    );
}

#[test]
fn every_source_says_its_licence_whom_to_name_and_what_was_changed() {
    for entry in sources() {
        let mut said = vec![&entry.changes];
        said.extend(&entry.made_by);
        match &entry.source {
            Source::Words(words) => {
                let of_file = entry.licence.iter().chain(&entry.attribution);
                assert_eq!(
                    of_file.clone().count(),
                    2,
                    "{}: licence and attribution",
                    entry.path
                );
                said.push(words);
                said.extend(of_file);
            }
            Source::Several(origins) => {
                assert!(!origins.is_empty(), "{}: no source", entry.path);
                said.extend(
                    origins
                        .iter()
                        .flat_map(|origin| [&origin.name, &origin.licence, &origin.attribution]),
                );
                said.extend(origins.iter().filter_map(|origin| origin.package.as_ref()));
            }
        }
        assert!(
            said.iter().all(|text| !text.trim().is_empty()),
            "{entry:#?}"
        );
    }
}

#[test]
fn a_made_file_is_the_one_that_its_entry_was_written_for() {
    for entry in sources() {
        let Some(expected) = entry.sha256 else {
            continue;
        };
        let output = Command::new("sha256sum")
            .arg(root().join(&entry.path))
            .output();
        let sum = String::from_utf8(output.expect("sha256sum, of the GNU core utilities").stdout)
            .expect("UTF-8");
        assert!(
            sum.starts_with(&expected),
            "{} has changed: {sum}",
            entry.path
        );
    }
}

#[test]
fn no_file_of_code_is_too_long_to_be_read_in_one_sitting() {
    let folders =
        ["src", "tests", "benches", "web/src", "web/scripts"].map(|folder| root().join(folder));
    let present = folders.iter().filter(|folder| folder.is_dir());
    let is_code = |path: &PathBuf| {
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        ["rs", "ts", "js", "mjs", "css", "html", "sh", "py"].contains(&&*extension)
    };
    let mut too_long = Vec::new();
    for path in present.flat_map(|folder| files(folder)).filter(is_code) {
        let lines = fs::read_to_string(&path)
            .expect("a file of UTF-8")
            .lines()
            .count();
        if lines > MAX_LINES {
            too_long.push(format!("{}: {lines} lines", path.display()));
        }
    }
    assert!(
        too_long.is_empty(),
        "over {MAX_LINES} lines, split before: {too_long:#?}"
    );
}
