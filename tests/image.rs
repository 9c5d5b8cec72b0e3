//! The file beside a store that the index is served from: made by the first start, used by the next, and done without
//! where it cannot be.

#[path = "../benches/load/world.rs"]
mod world;

#[expect(dead_code, reason = "what other tests need of it")]
mod program;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use program::Service;
use serde_json::Value;
use sitmap::store::{EventStore, GeoPackage};
use world::World;

/// As few as a service makes an image for.
const EVENTS: usize = 50_000;
/// How long what comes by and by may take on a busy machine with a debug build.
const PATIENCE: Duration = Duration::from_secs(120);

/// A store with events that were made up.
fn store(folder: &Path) -> PathBuf {
    let path = folder.join("store.gpkg");
    let mut store = GeoPackage::open(&path).expect("a store");
    let reports: Vec<_> = World::new().reports(EVENTS).collect();
    store.ingest("made", &reports).expect("written");
    path
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what} did not come");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn get(service: &Service, path: &str) -> Value {
    let mut answer = ureq::get(format!("{}{path}", service.url))
        .call()
        .expect("an answer");
    answer.body_mut().read_json().expect("JSON")
}

fn events(service: &Service) -> u64 {
    get(service, "/health")["events"]
        .as_u64()
        .expect("a number")
}

/// Features of every collection, found in every way; without the links, which name the port.
fn told(service: &Service) -> Vec<Value> {
    let questions = [
        "events/items?bbox=-20,0,60,60&limit=500",
        "events/items?datetime=2020-01-01/2020-03-31&action=strike&sortby=-confidence",
        "events/items?limit=10&q=zu",
        "movements/items?limit=300",
        "articles/items?limit=20",
        "incidents/items?bbox=30,30,45,40",
    ];
    questions
        .map(|question| get(service, &format!("/collections/{question}")))
        .map(|answer| serde_json::json!([answer["numberMatched"], answer["features"]]))
        .into()
}

/// The image is held against the store, also when somebody has changed that behind its back.
fn look_through(service: &Service) {
    let verify = || {
        let arguments = [
            "verify".as_ref(),
            "--store".as_ref(),
            service.store.as_os_str(),
        ];
        program::run(&arguments, service.folder.path())
    };
    let change = |sql: &str| {
        let connection = rusqlite::Connection::open(&service.store).expect("SQLite");
        connection.execute_batch(sql).expect("changed");
    };
    let verified = verify();
    assert_eq!(verified.code, Some(0), "{verified:#?}");
    assert!(verified.stdout.contains("-index fits it"), "{verified:#?}");
    change("UPDATE events SET rule = 'x' || rule WHERE fid = 7");
    let verified = verify();
    assert_eq!(verified.code, Some(1), "{verified:#?}");
    let said = "it has another rule in ";
    assert_eq!(verified.stdout.matches(said).count(), 1, "{verified:#?}");
    change("UPDATE events SET rule = substr(rule, 2) WHERE fid = 7");
}

#[test]
fn a_service_starts_from_what_the_one_before_has_saved_and_goes_on_from_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(folder.path());
    let image = folder.path().join("store.gpkg-index");
    // A service that was ended while it wrote has left this.
    let unfinished = folder.path().join(".store.gpkg-index.abc");
    fs::write(&unfinished, "SITIDX").expect("written");

    let mut service = Service::start(folder, store);
    wait_until("the image", || image.exists());
    assert!(!unfinished.exists());
    let made = told(&service);
    assert!(made.iter().all(|answer| answer[0].as_u64() > Some(0)));
    let saved = fs::metadata(&image).and_then(|file| file.modified());

    service.restart();
    assert_eq!(told(&service), made, "from the image");
    look_through(&service);

    // What is stored while one serves, and what is stored while none does.
    let [first, second] =
        ["syria.jsonl", "sudan.jsonl"].map(|name| program::example_articles().join(name));
    let ingest = |service: &Service, articles: &Path| {
        let arguments = [
            "ingest".as_ref(),
            "--store".as_ref(),
            service.store.as_os_str(),
            articles.as_os_str(),
        ];
        let finished = program::run(&arguments, service.folder.path());
        assert_eq!(finished.code, Some(0), "{}", finished.stderr);
        GeoPackage::open(&service.store)
            .and_then(|store| store.counts())
            .expect("counts")
            .events
    };
    let stored = ingest(&service, &first);
    assert!(stored > EVENTS as u64);
    wait_until("the first articles", || events(&service) == stored);
    let stored = ingest(&service, &second);
    service.restart();
    wait_until("the second articles", || events(&service) == stored);
    let now = fs::metadata(&image).and_then(|file| file.modified());
    assert_eq!(
        now.ok(),
        saved.ok(),
        "so little is no reason to save it anew"
    );
    let made = told(&service);

    // Without a usable image all is made from the store.
    let whole = fs::read(&image).expect("there");
    // A file in use must not change: another takes its place.
    fs::remove_file(&image).expect("removed");
    fs::write(&image, &whole[..whole.len() / 2]).expect("written");
    service.restart();
    assert_eq!(told(&service), made, "from the store");
}
