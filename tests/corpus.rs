//! What the fuzzer begins with, and what it once found, goes through its targets: `fuzz/corpus/<target>`.

#[path = "../fuzz/targets/mod.rs"]
mod targets;

use std::collections::BTreeSet;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus")
}

#[test]
fn each_target_bears_its_corpus() {
    let mut failed = Vec::new();
    for (name, target) in targets::TARGETS {
        let files = entries(&corpus().join(name));
        assert!(files.len() > 2, "{name} has hardly a corpus");
        for file in files {
            let bytes = fs::read(&file).expect("a file");
            if panic::catch_unwind(AssertUnwindSafe(|| target(&bytes))).is_err() {
                failed.push(file);
            }
        }
    }
    assert!(failed.is_empty(), "panicked on {failed:#?}");
}

#[test]
fn each_folder_of_the_corpus_has_its_target() {
    let folders = entries(&corpus());
    let folders: BTreeSet<_> = folders
        .iter()
        .filter_map(|folder| folder.file_name()?.to_str())
        .collect();
    let targets = targets::TARGETS.iter().map(|(name, _)| *name).collect();
    assert_eq!(folders, targets);
}
