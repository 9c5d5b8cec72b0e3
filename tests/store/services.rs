//! Services that share one database, as the real program.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;
use sitmap::store::{self, Address, EventStore, Ingested, PostGis, StoreError};

use crate::cluster::Cluster;
use crate::program::{self, Service};
use crate::report;

/// How long something may take that takes a second or two.
const PATIENCE: Duration = Duration::from_secs(20);

/// Asks until the answer is as wanted.
fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn serve(at: &str) -> Service {
    let folder = tempfile::tempdir().expect("a folder");
    Service::start(folder, PathBuf::from(at))
}

/// The status, the header `Retry-After`, and the body of an answer.
fn get(service: &Service, path: &str) -> (u16, Option<String>, Value) {
    let agent = ureq::Agent::new_with_config(
        ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build(),
    );
    let url = format!("{}{path}", service.url);
    let mut response = agent.get(url).call().expect("an answer");
    let retry = response.headers().get("retry-after");
    let retry = retry.map(|value| value.to_str().expect("text").to_owned());
    let body = response.body_mut().read_json().expect("JSON");
    (response.status().as_u16(), retry, body)
}

fn matched(service: &Service, collection: &str) -> u64 {
    let path = format!("/collections/{collection}/items?f=json&limit=1");
    let (status, _, body) = get(service, &path);
    assert_eq!(status, 200, "{body}");
    body["numberMatched"].as_u64().expect("a number")
}

fn ingest(at: &str, articles: &Path) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let arguments = [
        "ingest".as_ref(),
        "--store".as_ref(),
        at.as_ref(),
        articles.as_os_str(),
    ];
    let finished = program::run(&arguments, folder.path());
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    finished.stdout
}

#[test]
fn what_is_ingested_beside_them_shows_in_all_services_of_a_database() {
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let at = cluster.database();
    let services = [serve(&at), serve(&at)];
    for service in &services {
        assert_eq!(matched(service, "articles"), 0);
    }
    let said = ingest(&at, &program::example_articles());
    assert!(said.contains("written to postgres://postgres@"), "{said}");
    let [one, other] = &services;
    wait_for("the articles", || matched(one, "articles") > 0);
    wait_for("the articles", || matched(other, "articles") > 0);
    assert_eq!(matched(one, "events"), matched(other, "events"));
    let events = one.events();
    assert_eq!(events.len() as u64, matched(one, "events"));
    let article = events[0]["properties"]["article"].as_str().expect("an id");
    let path = format!("/collections/articles/items/{article}?f=json");
    let (status, _, body) = get(other, &path);
    assert_eq!(status, 200, "{body}");
    assert!(body["properties"]["text"].is_string(), "{body}");
    assert!(ingest(&at, &program::example_articles()).contains(" 0 new, 0 replaced"));
}

#[test]
fn a_server_that_dies_costs_nothing_that_was_acknowledged_and_is_read_from_memory_meanwhile() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let at = cluster.database();
    let address = Address::find(&at).expect("an address");
    let mut reader = PostGis::open(&address).expect("a store");
    reader
        .ingest("1", &[report("first", "x")])
        .expect("ingested");
    let services = [serve(&at), serve(&at)];

    let all = |number| report(&format!("a{number}"), "x");
    // The server dies while somebody writes.
    let acknowledged = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut store = PostGis::open(&address).expect("a store");
            let mut acknowledged = Vec::new();
            for number in 0.. {
                match store.ingest("1", &[all(number)]) {
                    Ok(_) => acknowledged.push(number),
                    Err(error) => {
                        assert!(matches!(error, StoreError::Away { .. }), "{error}");
                        break;
                    }
                }
            }
            acknowledged
        });
        wait_for("an article", || matched(&services[0], "articles") > 1);
        cluster.kill();
        writer.join().expect("a writer")
    });
    assert!(!acknowledged.is_empty());

    let start = Instant::now();
    for _ in 0..3 {
        let error = reader.counts().expect_err("an error");
        assert!(matches!(error, StoreError::Away { .. }), "{error}");
    }
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "the handle waits for the dead"
    );
    let error = reader
        .events()
        .next()
        .expect("an answer")
        .expect_err("an error");
    assert!(matches!(error, StoreError::Away { .. }), "{error}");
    for service in &services {
        assert!(matched(service, "events") > 0, "what was in memory is gone");
        let path = "/collections/articles/items/first?f=json";
        let (status, retry, body) = get(service, path);
        assert_eq!(status, 503, "{body}");
        assert!(
            retry.is_some(),
            "the answer does not say when to come again"
        );
    }

    cluster.start_again();
    wait_for("the handle", || reader.counts().is_ok());
    let articles = reader
        .articles()
        .map(|article| article.expect("an article").id);
    let articles: Vec<_> = articles.collect();
    let distinct: HashSet<_> = articles.iter().cloned().collect();
    assert_eq!(distinct.len(), articles.len());
    for number in &acknowledged {
        assert!(
            distinct.contains(&format!("a{number}")),
            "a{number} was lost"
        );
    }
    // The one whose answer was lost is there or not; to send all again is right in both cases.
    let again = (0..=acknowledged.len()).map(all).collect::<Vec<_>>();
    let outcomes = reader.ingest("1", &again).expect("ingested");
    let (last, before) = outcomes.split_last().expect("outcomes");
    assert!(before.iter().all(|outcome| *outcome == Ingested::Unchanged));
    assert!(matches!(last, Ingested::New | Ingested::Unchanged));
    let total = acknowledged.len() as u64 + 2;
    let counts = reader.counts().expect("counts");
    assert_eq!((counts.articles, counts.events), (total, 2 * total));
    for service in &services {
        wait_for("all articles", || matched(service, "articles") == total);
        wait_for("a text", || {
            get(service, "/collections/articles/items/first?f=json").0 == 200
        });
    }
    let store = store::open_to_read(&at.as_str().into()).expect("a store");
    assert_eq!(store.events().count() as u64, 2 * total);
}

/// Runs the program on a store, which must succeed.
fn on(at: &str, folder: &Path, command: &[&str]) -> String {
    let mut run = program::command(command, folder);
    let output = run.env("SITMAP_STORE", at).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn post(service: &Service, token: &str, id: &str) -> (u16, Option<String>, Value) {
    let text = "Syrian government forces entered the town of Kobani on Wednesday, witnesses said.";
    let article = serde_json::json!({"id": id, "published": "2019-10-17", "text": text});
    let request = ureq::post(format!("{}/articles", service.url))
        .config()
        .http_status_as_error(false)
        .build();
    let answer = request
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .send(article.to_string());
    let mut answer = answer.expect("an answer");
    let retry = answer.headers().get("retry-after");
    let retry = retry.map(|value| value.to_str().expect("text").to_owned());
    let body = answer.body_mut().read_json().expect("JSON");
    (answer.status().as_u16(), retry, body)
}

#[test]
fn an_article_sent_to_one_service_shows_in_all_and_is_refused_while_the_database_is_away() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let at = cluster.database();
    let (one, other) = (serve(&at), serve(&at));
    let folder = one.folder.path();
    let make = ["token", "create", "--name", "feeds", "--scope", "write"];
    let token = on(&at, folder, &make);
    let token = token.trim();
    let (status, _, body) = post(&one, token, "a");
    assert_eq!(status, 201, "{body}");
    assert_eq!(
        matched(&one, "articles"),
        1,
        "its own service has it at once"
    );
    wait_for("the article", || matched(&other, "articles") == 1);
    let (status, _, body) = post(&other, token, "a");
    assert_eq!(
        (status, &body["outcome"]),
        (200, &"unchanged".into()),
        "{body}"
    );

    cluster.kill();
    for service in [&one, &other] {
        let (status, retry, body) = post(service, token, "b");
        assert_eq!(status, 503, "{body}");
        assert!(retry.is_some(), "it does not say when to come again");
        assert_eq!(matched(service, "events"), 1);
    }
    cluster.start_again();
    wait_for("the service", || post(&one, token, "b").0 < 300);
    wait_for("the article", || matched(&other, "articles") == 2);
    assert_eq!(
        post(&other, token, "b").0,
        200,
        "it is there, and not there twice"
    );
    assert!(on(&at, folder, &["verify"]).contains("2 articles, 2 events"));
    on(&at, folder, &["token", "revoke", "feeds"]);
    wait_for("the end of the token", || post(&other, token, "c").0 == 401);
}

#[test]
fn a_database_is_read_anew_looked_through_and_backed_up() {
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let at = cluster.database();
    ingest(&at, &program::example_articles());
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let events = on(&at, folder, &["export", "--format", "ndjson"]);
    let mut database = crate::cluster::client(&at);
    let old = "UPDATE sitmap.articles SET rules = '0.0.1-0123456789abcdef'";
    let articles = database.execute(old, &[]).expect("changed");
    let said = on(&at, folder, &["reextract"]);
    assert!(said.contains("0 events added, 0 gone, 0 changed"), "{said}");
    // In the order in which they were read anew.
    let sorted = |lines: &str| {
        let mut lines: Vec<_> = lines.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let again = on(&at, folder, &["export", "--format", "ndjson"]);
    assert_eq!(sorted(&again), sorted(&events));
    let said = on(&at, folder, &["verify"]);
    assert!(said.contains("all is well"), "{said}");
    for make in [
        &["backup", "b.gpkg"][..],
        &["export", "--format", "gpkg", "--output", "e.gpkg"],
    ] {
        on(&at, folder, make);
        let copy = make
            .iter()
            .find(|word| word.ends_with("gpkg") && word.len() > 4);
        let copy = copy.expect("a file");
        let copied = on(copy, folder, &["export", "--format", "ndjson"]);
        assert_eq!(sorted(&copied), sorted(&events), "{copy}");
        let said = on(copy, folder, &["verify"]);
        assert!(said.contains(&format!("{articles} articles, ")), "{said}");
    }
}

#[test]
fn a_password_is_shown_neither_by_help_nor_by_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [
        &["serve", "--help"][..],
        &["ingest", "--help"],
        &["export", "--help"],
        &["backup", "--help"],
        &["reextract", "--help"],
        &["token", "list", "--help"],
        &["verify", "--help"],
        &["watch", "--help"],
        &["verify"],
        &["token", "list"],
        &["backup", "b.gpkg"],
        &["import", "ucdp", "--help"],
        &["export"],
        &["serve", "--listen", "127.0.0.1:0"],
    ] {
        for at in [
            "postgres://me:secret@127.0.0.1:1/db?connect_timeout=2",
            "postgres://me:secret@h:port/db",
        ] {
            let output = program::command(arguments, folder.path())
                .env("SITMAP_STORE", at)
                .output()
                .expect("the program starts");
            let told = [output.stdout, output.stderr].concat();
            let told = String::from_utf8_lossy(&told);
            assert!(!told.contains("secret"), "{arguments:?}: {told}");
            let is_help = arguments.contains(&"--help");
            assert_eq!(output.status.success(), is_help, "{arguments:?}: {told}");
        }
    }
}
