//! A million features: how long they take and how much memory. Run in release, by
//! `cargo test --release a_million -- --ignored --nocapture --test-threads=1`.

use std::fs;
use std::time::Instant;

use super::*;

const FEATURES: u64 = 1_000_000;
/// So much memory (in KiB) may a writer take.
const ALLOWED: u64 = 20 * 1024;

fn million() -> impl Iterator<Item = Result<Feature, Infallible>> {
    (0..FEATURES).map(|n| {
        let spread = |step: f64| (n as f64 * step).fract();
        let point = point!(
            x: spread(0.754_877_666_246_692_7) * 360.0 - 180.0,
            y: spread(0.569_840_290_998_053_2) * 180.0 - 90.0,
        );
        let properties = json!({
            "place": "Ras al-ʿAyn",
            "quote": "Two people were wounded when shells hit the market.",
            "dead": n % 10,
            "share": 0.25,
            "confirmed": n % 2 == 0,
            "start": "2019-10-16",
        });
        Ok(feature(
            &format!("event-{n}"),
            Some(point.into()),
            properties,
        ))
    })
}

/// A number of `/proc/self/status`, in KiB.
fn memory(field: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(field))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn measured(name: &str, write: impl FnOnce() -> u64) {
    // Linux forgets the peak that was before; elsewhere the memory is not measured.
    let forgotten = fs::write("/proc/self/clear_refs", "5").is_ok();
    let before = memory("VmRSS:");
    let start = Instant::now();
    assert_eq!(write(), FEATURES, "{name}");
    let seconds = start.elapsed().as_secs_f64();
    let peak = memory("VmHWM:").filter(|_| forgotten);
    let growth = peak
        .zip(before)
        .map(|(peak, before)| peak.saturating_sub(before));
    eprintln!("{name}: {seconds:.1} s, {growth:?} KiB");
    assert!(growth.is_none_or(|growth| growth < ALLOWED), "{name}");
}

#[test]
#[ignore = "takes a minute"]
fn a_million_features_need_no_more_memory_than_a_few() {
    let mut layer = layer(GeometryType::Point, Crs::Crs84, &[]);
    layer.count = FEATURES;
    measured("only the features", || million().count() as u64);
    measured("csv", || {
        csv::write(&layer, million(), io::sink()).expect("written")
    });
    measured("kml", || {
        kml::write(&layer, million(), io::sink()).expect("written")
    });
    measured("flatgeobuf", || {
        flatgeobuf::write(&layer, million(), io::sink()).expect("written")
    });
    measured("lines", || {
        let texts = million().map(|feature| feature.map(|feature| feature.id));
        lines::write(lines::Framing::Newline, texts, io::sink()).expect("written")
    });
    measured("geopackage", || {
        let mut file = geopackage::file(&layer, million(), None).expect("written");
        let size = io::copy(&mut file, &mut io::sink()).expect("read");
        eprintln!("geopackage: {} MB", size / 1_000_000);
        FEATURES
    });
}
