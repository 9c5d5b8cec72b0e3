//! Writes what the load is measured on, the same each time: `cargo bench --bench generate -- EVENTS FOLDER`.
//!
//! - `events.gpkg`: a store with so many events in articles
//! - `events.tsv`: a line for each event with a point, for a bare server that is the yardstick: number, longitude,
//!   latitude, date, kind, deaths, two actors, country, confidence, address, title. Title is as long as makes its
//!   feature as many bytes as ours.
//! - `10.txt`, `100.txt`, `1000.txt`: boxes (west,south,east,north) that hold about so many of them
//! - `events.txt`, when all else is done: how many events there are

mod world;

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use rstar::{AABB, RTree};
use sitmap::domain::{EventRecord, Point};
use sitmap::store::{EventStore as _, GeoPackage, Report};
use world::{Random, World};

/// Articles of a transaction.
const BATCH: usize = 5_000;
/// What stands around the values in the other server's feature.
const AROUND: usize = r#"{"type":"Feature","id":,"geometry":{"type":"Point","coordinates":[,]},"properties":{"event_time":"","event_type":"","fatalities":0,"actor1":"","actor2":"","country":"","confidence":,"source_url":"","title":""}}"#.len();
/// What the index writes beside an event: its incident, the id of which ends in that of an event.
const INCIDENT: usize = r#","incident":"i-""#.len();
const BOXES: usize = 1_000;

fn main() -> anyhow::Result<()> {
    // Cargo adds a `--bench` of its own.
    let arguments: Vec<_> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let [events, folder] = &arguments[..] else {
        anyhow::bail!("usage: cargo bench --bench generate -- EVENTS FOLDER");
    };
    let events = events.parse().context("EVENTS")?;
    let folder = PathBuf::from(folder);
    fs::create_dir_all(&folder)?;
    let points = write_events(events, &folder)?;
    for features in [10, 100, 1_000] {
        let boxes = boxes(&points, features);
        ensure!(
            !boxes.is_empty(),
            "no box holds about {features} of {events} events: take more"
        );
        fs::write(folder.join(format!("{features}.txt")), boxes.join("\n"))?;
    }
    fs::write(folder.join("events.txt"), events.to_string())?;
    println!(
        "{events} events, {} of them with a point, in {}",
        points.size(),
        folder.display()
    );
    Ok(())
}

/// Writes store and lines; gives the points of the events.
fn write_events(events: usize, folder: &Path) -> anyhow::Result<RTree<[f64; 2]>> {
    let path = folder.join("events.gpkg");
    for part in ["", "-wal", "-shm"] {
        let old = folder.join(format!("events.gpkg{part}"));
        if old.exists() {
            fs::remove_file(old)?;
        }
    }
    let mut store = GeoPackage::open(&path)?;
    let mut lines = BufWriter::new(File::create(folder.join("events.tsv"))?);
    let mut points = Vec::with_capacity(events);
    let world = World::new();
    let mut batch = Vec::with_capacity(BATCH);
    for report in world.reports(events) {
        for event in &report.events {
            let record = EventRecord::new(event, &report.article);
            if let Some(point) = record.point {
                let title = &report.article.text;
                writeln!(lines, "{}", line(points.len(), &record, point, title))?;
                points.push([point.lon, point.lat]);
            }
        }
        batch.push(report);
        if batch.len() == BATCH {
            write_batch(&mut store, &mut batch)?;
        }
    }
    write_batch(&mut store, &mut batch)?;
    lines.flush()?;
    Ok(RTree::bulk_load(points))
}

fn write_batch(store: &mut GeoPackage, batch: &mut Vec<Report>) -> anyhow::Result<()> {
    store.ingest("made", batch)?;
    batch.clear();
    Ok(())
}

/// An event as the other server reads it.
fn line(number: usize, record: &EventRecord, point: Point, text: &str) -> String {
    let columns = [
        number.to_string(),
        point.lon.to_string(),
        point.lat.to_string(),
        record.start.map(|day| day.to_string()).unwrap_or_default(),
        record.action.to_string(),
        "0".to_owned(),
        record.actor.clone().unwrap_or_default(),
        record.counterpart.clone().unwrap_or_default(),
        record.country.clone().unwrap_or_default(),
        record.confidence.to_string(),
        record.url.clone().unwrap_or_default(),
    ];
    let ours = record.to_feature().to_string().len() + INCIDENT + record.id.len();
    // The deaths are counted as what stands around.
    let theirs = AROUND + columns.iter().map(String::len).sum::<usize>() - 1;
    let words = text.split_whitespace().flat_map(|word| [word, " "]);
    let title: String = words
        .flat_map(str::chars)
        .cycle()
        .take(ours.saturating_sub(theirs))
        .collect();
    format!("{}\t{title}", columns.join("\t"))
}

/// Boxes around events by chance that hold about so many. Where many stand on one point there is none.
fn boxes(points: &RTree<[f64; 2]>, features: usize) -> Vec<String> {
    let all: Vec<_> = points.iter().collect();
    let mut random = Random::new(features);
    let tries = (0..BOXES * 50).map(|_| all[random.below(all.len())]);
    tries
        .filter_map(|centre| box_around(points, *centre, features))
        .take(BOXES)
        .collect()
}

fn box_around(points: &RTree<[f64; 2]>, centre: [f64; 2], features: usize) -> Option<String> {
    let [lon, lat] = *points.nearest_neighbor_iter(centre).nth(features - 1)?;
    let distance = (lon - centre[0]).hypot(lat - centre[1]);
    // A square as large as the circle that holds them.
    let half = distance * std::f64::consts::PI.sqrt() / 2.0 + 1e-5;
    let [west, south] = [centre[0] - half, centre[1] - half];
    let [east, north] = [centre[0] + half, centre[1] + half];
    let square = AABB::from_corners([west, south], [east, north]);
    let held = points.locate_in_envelope(square).take(features * 2).count();
    let fits = (features * 4 / 5..=features * 5 / 4).contains(&held);
    fits.then(|| format!("{west:.5},{south:.5},{east:.5},{north:.5}"))
}
