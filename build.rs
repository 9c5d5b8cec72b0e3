//! Unpacks the bundled gazetteer, so that the program holds it ready to be used: git keeps 14 MB of it, the
//! program maps 30 MB, and a start costs neither the time nor the memory of unpacking.

use std::path::Path;
use std::{env, fs};

const PACKED: &str = "data/gazetteer/bundled.sitgaz";
/// Bytes of an image before its checksum, and behind it. `src/gazetteer/image.rs` says what they are.
const SUM: std::ops::Range<usize> = 24..56;

fn main() {
    println!("cargo::rerun-if-changed={PACKED}");
    let packed = fs::read(PACKED).unwrap_or_else(|error| panic!("{PACKED}: {error}"));
    let image = zstd::decode_all(&packed[..]).unwrap_or_else(|error| panic!("{PACKED}: {error}"));
    let sound = image.len() > SUM.end && blake3::hash(&image[SUM.end..]).as_bytes() == &image[SUM];
    assert!(sound, "{PACKED}: damaged, its checksum does not fit");
    let folder = env::var_os("OUT_DIR").expect("cargo names a folder");
    fs::write(Path::new(&folder).join("bundled.sitgaz"), image).expect("the folder can be written");
}
