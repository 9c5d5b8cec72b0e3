//! Memory that the opened gazetteer takes after a million look-ups: `cargo bench --bench gazetteer_memory`.

use sitmap::gazetteer::Gazetteer;
use sitmap::text::fold;

/// Look-ups before memory is read again.
const LOOKUPS: usize = 1_000_000;

fn main() {
    let before = resident();
    let gazetteer = Gazetteer::bundled().expect("the bundled image opens");
    let opened = resident();
    let mut found = 0;
    let mut done = 0;
    // Every name of the image in turn, so that all of its pages are touched.
    while done < LOOKUPS {
        for place in gazetteer.places() {
            found += gazetteer.lookup(gazetteer.main_name(place), None).len();
            found += usize::from(gazetteer.name(&fold(gazetteer.main_name(place))).is_some());
            done += 2;
        }
    }
    let after = resident();
    let info = gazetteer.info();
    println!(
        "image                         {:>8.1} MB, {} places",
        info.bytes as f64 / 1e6,
        info.places
    );
    println!("resident when opened          {:>8.1} MB", opened - before);
    println!(
        "resident after {done} look-ups {:>6.1} MB ({found} places found)",
        after - before
    );
}

/// Megabytes of the process in memory; Linux only, elsewhere 0.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1e3
}
