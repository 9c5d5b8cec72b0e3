//! What is left when the program is killed, the disk is full, or the folder may not be written: everything that was
//! acknowledged, once, and a store that is whole. `SITMAP_FAULTS` says how often it is killed; the long run is
//! `SITMAP_FAULTS=500 cargo test --test faults -- --nocapture`.

#[allow(dead_code, reason = "what other tests need of it")]
mod cluster;
#[expect(dead_code, reason = "what other tests need of it")]
mod program;
#[allow(dead_code, reason = "what other tests need of it")]
mod tools;

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cluster::Cluster;
use program::{Service, command, run};
use sitmap::store::{self, Location};
use tempfile::TempDir;

/// Kills in the normal run.
const KILLS: u64 = 10;
/// Articles that each run begins to take in.
const ARTICLES: u64 = 400;
/// Events in each of them.
const EVENTS: u64 = 1;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// JSON lines of small articles, from a number on.
fn articles(from: u64) -> String {
    let towns = ["Raqqa", "Manbij", "Aleppo", "Kobani"];
    (from..from + ARTICLES).fold(String::new(), |mut lines, number| {
        let town = towns[number as usize % towns.len()];
        let day = number % 28 + 1;
        let _ = writeln!(
            lines,
            r#"{{"id":"a{number}","published":"2019-10-{day:02}","language":"en","text":"Syrian government forces entered the town of {town} on Wednesday, witnesses said. Report {number}."}}"#
        );
        lines
    })
}

/// A plain generator of numbers (xorshift), which a seed makes again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// Takes a file into a store until some articles were acknowledged and a moment passed, then kills it. Gives all that were
/// acknowledged.
fn ingest_and_kill(
    folder: &Path,
    store: &str,
    batch: u64,
    after: u64,
    moment: Duration,
) -> Vec<String> {
    let batch = batch.to_string();
    let arguments = [
        "ingest",
        "--store",
        store,
        "--acknowledge",
        "--batch",
        &batch,
        "articles.jsonl",
    ];
    let mut child = command(&arguments, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its standard output")).lines();
    let mut acknowledged = Vec::new();
    let mut take = |line: String| {
        // A line that was broken off acknowledges nothing.
        if let Ok(line) = serde_json::from_str::<serde_json::Value>(&line) {
            acknowledged.push(line["article"].as_str().expect("an id").to_owned());
        }
    };
    for line in lines.by_ref().take(after as usize) {
        take(line.expect("a line"));
    }
    std::thread::sleep(moment);
    // SIGKILL: it can clean nothing up.
    child.kill().expect("killed");
    child.wait().expect("it ends");
    lines.map_while(Result::ok).for_each(take);
    acknowledged
}

fn verify(folder: &Path, store: &str) {
    let verified = run(&["verify", "--store", store], folder);
    assert_eq!(verified.code, Some(0), "{verified:#?}");
}

/// How often each article is in the store.
fn stored(at: &Location) -> HashMap<String, usize> {
    let store = store::open_to_read(at).expect("a store");
    let mut times = HashMap::new();
    for article in store.articles() {
        *times.entry(article.expect("an article").id).or_default() += 1;
    }
    times
}

/// That all of them are there, and each once, with its event.
fn assert_kept(at: &Location, acknowledged: &BTreeSet<String>) {
    let stored = stored(at);
    for id in acknowledged {
        assert_eq!(stored.get(id), Some(&1), "{id} was acknowledged");
    }
    assert!(stored.values().all(|times| *times == 1), "{stored:?}");
    let store = store::open_to_read(at).expect("a store");
    let counts = store.counts().expect("counts");
    assert_eq!(
        counts.events,
        counts.articles * EVENTS,
        "an article is half there"
    );
}

/// How often a program or server is killed.
fn kills() -> u64 {
    let given = std::env::var("SITMAP_FAULTS").ok();
    given.map_or(KILLS, |kills| {
        kills.parse().expect("SITMAP_FAULTS is a number")
    })
}

/// Another one each time; a seed that is told makes it again.
fn chance() -> Chance {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let seed = now.expect("a time").as_nanos() as u64 | 1;
    println!("seed {seed}");
    Chance(seed)
}

#[test]
fn whatever_was_acknowledged_is_in_the_file_once_after_the_program_is_killed_at_any_moment() {
    let folder = folder();
    let path = folder.path().join("store.gpkg");
    kill_again_and_again(folder, &path);
}

#[test]
fn whatever_was_acknowledged_is_in_the_database_once_after_the_program_is_killed_at_any_moment() {
    if let Some(cluster) = Cluster::start() {
        kill_again_and_again(folder(), Path::new(&cluster.database()));
    }
}

/// Beside a service on the store, which is killed, too, and asked.
fn kill_again_and_again(folder: TempDir, store: &Path) {
    let mut chance = chance();
    let at = Location::from(store);
    drop(store::open(&at).expect("a store"));
    let name = store.to_str().expect("UTF-8");
    let mut service = Service::start(folder, store.to_owned());
    let folder = service.folder.path().to_owned();
    let mut acknowledged = BTreeSet::new();
    let mut from = 0;
    for kill in 1..=kills() {
        fs::write(folder.join("articles.jsonl"), articles(from)).expect("written");
        let batch = [1, 7, 50][chance.below(3) as usize];
        let after = chance.below(ARTICLES / 2);
        let moment = Duration::from_micros(chance.below(20_000));
        let told = ingest_and_kill(&folder, name, batch, after, moment);
        acknowledged.extend(told);
        verify(&folder, name);
        assert_kept(&at, &acknowledged);
        let answer = ureq::get(format!("{}/health", service.url)).call();
        assert_eq!(answer.expect("the service answers").status(), 200);
        // Most input comes again, as whoever was killed would send it.
        from += chance.below(ARTICLES / 4);
        println!("kill {kill}: {} acknowledged", acknowledged.len());
        if kill % 5 == 0 {
            service.restart();
        }
    }
    assert!(
        !acknowledged.is_empty(),
        "each was killed before it had done anything"
    );
    fs::write(folder.join("articles.jsonl"), articles(from)).expect("written");
    for unchanged in ["", "0 new, 0 replaced, 400 unchanged, 0 failed"] {
        let whole = run(&["ingest", "--store", name, "articles.jsonl"], &folder);
        assert_eq!(whole.code, Some(0), "{whole:#?}");
        assert!(whole.stdout.contains(unchanged), "{whole:#?}");
    }
    acknowledged.extend((from..from + ARTICLES).map(|number| format!("a{number}")));
    assert_kept(&at, &acknowledged);
    verify(&folder, name);
}

#[test]
fn whatever_was_acknowledged_is_there_once_after_the_database_is_killed_at_any_moment() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let mut chance = chance();
    let folder = folder();
    let database = cluster.database();
    let at = Location::from(database.as_str());
    drop(store::open(&at).expect("a store"));
    let mut acknowledged = BTreeSet::new();
    for kill in 0..kills().div_ceil(4) {
        let from = kill * ARTICLES / 2;
        fs::write(folder.path().join("articles.jsonl"), articles(from)).expect("written");
        let arguments = [
            "ingest",
            "--store",
            &database,
            "--acknowledge",
            "--batch",
            "3",
            "articles.jsonl",
        ];
        let child = command(&arguments, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // It takes a while to load what it reads with; some are killed before they have begun.
        std::thread::sleep(Duration::from_millis(chance.below(2_500)));
        cluster.kill();
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() || said.contains(" is away: "),
            "{said}"
        );
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
            acknowledged.insert(line["article"].as_str().expect("an id").to_owned());
        }
        cluster.start_again();
        verify(folder.path(), &database);
        assert_kept(&at, &acknowledged);
        println!("kill {kill}: {} acknowledged", acknowledged.len());
    }
    assert!(
        !acknowledged.is_empty(),
        "it was killed each time before anything was acknowledged"
    );
    let arguments = ["ingest", "--store", &database, "articles.jsonl"];
    let whole = run(&arguments, folder.path());
    assert_eq!(whole.code, Some(0), "{whole:#?}");
    assert_kept(&at, &acknowledged);
    verify(folder.path(), &database);
}

#[test]
fn each_article_is_acknowledged_once_it_is_stored_with_what_became_of_it() {
    let folder = folder();
    fs::write(folder.path().join("a.jsonl"), articles(0)).expect("written");
    for outcome in ["new", "unchanged"] {
        let arguments = [
            "ingest",
            "--acknowledge",
            "--store",
            "store.gpkg",
            "a.jsonl",
        ];
        let finished = run(&arguments, folder.path());
        assert_eq!(finished.code, Some(0), "{finished:#?}");
        let line = |n| format!("{{\"article\":\"a{n}\",\"outcome\":\"{outcome}\"}}");
        let expected: Vec<String> = (0..ARTICLES).map(line).collect();
        assert_eq!(finished.stdout.lines().collect::<Vec<_>>(), expected);
        assert!(
            finished.stderr.contains("400 articles read"),
            "{finished:#?}"
        );
    }
}

#[test]
fn a_reader_that_is_gone_is_an_error_and_not_taken_for_an_acknowledgement() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let folder = folder();
    fs::write(folder.path().join("a.jsonl"), articles(0)).expect("written");
    let arguments = [
        "ingest",
        "--acknowledge",
        "--batch",
        "10",
        "--store",
        "store.gpkg",
        "a.jsonl",
    ];
    let full = fs::OpenOptions::new().write(true).open("/dev/full");
    let output = command(&arguments, folder.path())
        .stdout(full.expect("a device"))
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("standard output"), "{said}");
    assert_eq!(
        stored(&folder.path().join("store.gpkg").into()).len(),
        10,
        "it went on"
    );
    verify(folder.path(), "store.gpkg");
}

/// A small disk of its own; `None` where there may be none.
struct Disk<'a>(&'a Path);

impl<'a> Disk<'a> {
    fn of(size: &str, at: &'a Path) -> Option<Self> {
        let options = format!("size={size}");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(at);
        let mounted = mount.stderr(Stdio::null()).status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self(at));
        }
        println!("skipped: a disk of {size} cannot be made here");
        None
    }

    fn make_read_only(&self) {
        let mut mount = Command::new("mount");
        mount.args(["-o", "remount,ro"]).arg(self.0);
        assert!(mount.status().expect("mount").success());
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        Command::new("umount").arg(self.0).status().ok();
    }
}

#[test]
fn a_full_disk_is_told_and_leaves_what_was_acknowledged() {
    let folder = folder();
    let small = folder.path().join("small");
    fs::create_dir(&small).expect("a folder");
    let Some(_disk) = Disk::of("1m", &small) else {
        return;
    };
    let lines: String = (0..5).map(|part| articles(part * ARTICLES)).collect();
    fs::write(folder.path().join("a.jsonl"), lines).expect("written");
    let arguments = [
        "ingest",
        "--acknowledge",
        "--batch",
        "20",
        "--store",
        "small/store.gpkg",
        "a.jsonl",
    ];
    let finished = run(&arguments, folder.path());
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(
        finished.stderr.contains("small/store.gpkg: "),
        "{}",
        finished.stderr
    );
    assert!(finished.stderr.contains("full"), "{}", finished.stderr);
    let acknowledged: BTreeSet<String> = finished
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
        .map(|line| line["article"].as_str().expect("an id").to_owned())
        .collect();
    assert!(!acknowledged.is_empty());
    assert_kept(&small.join("store.gpkg").into(), &acknowledged);
    verify(&small, "store.gpkg");
    let backup = run(
        &["backup", "--store", "small/store.gpkg", "small/b.gpkg"],
        folder.path(),
    );
    assert_eq!(backup.code, Some(1), "{backup:#?}");
    assert!(!small.join("b.gpkg").exists());
    let names = fs::read_dir(&small).expect("the disk");
    let mut names: Vec<_> = names
        .map(|file| file.expect("a file").file_name())
        .collect();
    names.retain(|name| !name.to_string_lossy().starts_with("store.gpkg"));
    assert!(names.is_empty(), "the copy that failed has left {names:?}");
}

#[test]
fn a_folder_that_may_not_be_written_is_told() {
    let folder = folder();
    let small = folder.path().join("small");
    fs::create_dir(&small).expect("a folder");
    let Some(disk) = Disk::of("8m", &small) else {
        return;
    };
    fs::write(folder.path().join("a.jsonl"), articles(0)).expect("written");
    let ingest = |store: &str| run(&["ingest", "--store", store, "a.jsonl"], folder.path());
    let backup = |to: &str| {
        run(
            &["backup", "--store", "small/store.gpkg", to],
            folder.path(),
        )
    };
    assert_eq!(ingest("small/store.gpkg").code, Some(0));
    assert_eq!(backup("small/backup.gpkg").code, Some(0));
    disk.make_read_only();
    for store in ["small/store.gpkg", "small/new.gpkg"] {
        let finished = ingest(store);
        assert_eq!(finished.code, Some(1), "{finished:#?}");
        assert!(finished.stderr.contains(store), "{finished:#?}");
    }
    // A store that was written to is read with files beside it; a backup needs none.
    let verified = run(&["verify", "--store", "small/backup.gpkg"], folder.path());
    assert_eq!(verified.code, Some(0), "{verified:#?}");
    let arguments = ["backup", "--store", "small/backup.gpkg", "small/b.gpkg"];
    let finished = run(&arguments, folder.path());
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    assert!(finished.stderr.contains("small/b.gpkg"), "{finished:#?}");
}

#[test]
fn a_clock_that_jumps_back_loses_nothing() {
    if !tools::available("faketime", &["--version"]) {
        return;
    }
    let folder = folder();
    for (from, time) in [(0, "2030-01-01"), (200, "2001-01-01")] {
        fs::write(folder.path().join("a.jsonl"), articles(from)).expect("written");
        let ingest = command(
            &["ingest", "--store", "store.gpkg", "a.jsonl"],
            folder.path(),
        );
        let mut faked = Command::new("faketime");
        faked
            .arg(time)
            .arg(ingest.get_program())
            .args(ingest.get_args());
        let status = faked
            .current_dir(folder.path())
            .status()
            .expect("it starts");
        assert!(status.success());
        verify(folder.path(), "store.gpkg");
    }
    let path = folder.path().join("store.gpkg");
    let connection = rusqlite::Connection::open(&path).expect("SQLite");
    let days =
        "SELECT min(substr(ingested, 1, 4)) || ' ' || max(substr(ingested, 1, 4)) FROM articles";
    let years: String = connection
        .query_row(days, [], |row| row.get(0))
        .expect("years");
    assert_eq!(years, "2001 2030");
    drop(connection);
    assert_eq!(stored(&path.into()).len(), 600);
}
