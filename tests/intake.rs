//! Articles sent to the real program: who may, and that what was answered stays.

#[expect(dead_code, reason = "what other tests need of it")]
mod program;

use std::path::Path;
use std::time::{Duration, Instant};

use program::{Service, run};
use serde_json::{Value, json};
use tempfile::TempDir;

const TEXT: &str =
    "On Wednesday Syrian government forces entered the border town of Kobani, witnesses said.";

/// Makes a token for a store.
fn token(folder: &Path, store: &Path, name: &str, scope: &str) -> String {
    let store = store.to_str().expect("UTF-8");
    let made = run(
        &[
            "token", "create", "--store", store, "--name", name, "--scope", scope,
        ],
        folder,
    );
    assert_eq!(made.code, Some(0), "{}", made.stderr);
    made.stdout.trim().to_owned()
}

/// A service over an empty store.
fn empty() -> Service {
    let folder = TempDir::new().expect("a folder");
    let store = folder.path().join("store.gpkg");
    Service::start(folder, store)
}

impl Service {
    fn token(&self, name: &str, scope: &str) -> String {
        token(self.folder.path(), &self.store, name, scope)
    }

    fn post(&self, token: &str, media_type: &str, body: &str) -> (u16, Value) {
        let answer = ureq::post(format!("{}/articles", self.url))
            .config()
            .http_status_as_error(false)
            .build()
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", media_type)
            .send(body);
        let mut answer = answer.expect("an answer");
        let body = answer.body_mut().read_json().expect("JSON");
        (answer.status().as_u16(), body)
    }

    fn send(&self, token: &str, article: &Value) -> (u16, Value) {
        self.post(token, "application/json", &article.to_string())
    }

    fn get(&self, path: &str, token: Option<&str>) -> u16 {
        let mut request = ureq::get(format!("{}{path}", self.url))
            .config()
            .http_status_as_error(false)
            .build();
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        request.call().expect("an answer").status().as_u16()
    }
}

#[test]
fn what_was_answered_is_there_though_the_service_is_killed_the_moment_after() {
    let mut service = empty();
    let write = service.token("feeds", "write");
    for n in 0..5 {
        let id = format!("a{n}");
        let (status, said) = service.send(&write, &json!({"id": id, "text": TEXT}));
        // It is killed, not told to end.
        service.restart();
        assert_eq!(status, 201, "{said}");
        let path = format!("/collections/articles/items/{id}");
        assert_eq!(service.get(&path, None), 200, "{id} is gone");
        let event = said["events"][0].as_str().expect("an event");
        assert_eq!(
            service.get(&format!("/collections/events/items/{event}"), None),
            200
        );
    }
    let (status, said) = service.send(&write, &json!({"id": "a0", "text": TEXT}));
    assert_eq!((status, &said["outcome"]), (200, &json!("unchanged")));
    assert_eq!(
        service.events().len(),
        5 * said["events"].as_array().expect("a list").len()
    );
}

#[cfg(unix)]
#[test]
fn a_service_that_is_told_to_end_leaves_all_of_it_in_the_one_file() {
    let mut service = empty();
    let write = service.token("feeds", "write");
    let (status, said) = service.send(&write, &json!({"id": "a", "text": TEXT}));
    assert_eq!(status, 201, "{said}");
    // A client that follows the stream does not keep it.
    let stream = ureq::get(format!("{}/stream", service.url)).call();
    let stream = stream.expect("an answer");
    assert_eq!(service.terminate(), Some(0));
    drop(stream);
    let files = std::fs::read_dir(service.folder.path()).expect("the folder");
    let names = files.map(|file| file.expect("a file").file_name());
    let mut names: Vec<_> = names.collect();
    names.sort();
    assert_eq!(names, ["serve.log", "store.gpkg"]);
    assert!(!service.events().is_empty());
}

#[test]
fn what_was_sent_can_be_read_at_once() {
    let service = empty();
    let write = service.token("feeds", "write");
    for n in 0..20 {
        let article = json!({"id": format!("a{n}"), "text": TEXT});
        assert_eq!(service.send(&write, &article).0, 201);
        let path = format!("/collections/articles/items/a{n}");
        assert_eq!(service.get(&path, None), 200, "a{n}");
    }
    let lines: Vec<_> = (0..300)
        .map(|n| json!({"id": format!("b{n}"), "text": format!("Day {n} was quiet.")}).to_string())
        .collect();
    let (status, said) = service.post(&write, "application/x-ndjson", &lines.join("\n"));
    assert_eq!(status, 207);
    let results = said["results"].as_array().expect("a list");
    assert!(results.len() == 300 && results.iter().all(|result| result["status"] == 201));
    assert_eq!(service.get("/collections/articles/items/b299", None), 200);
}

#[test]
fn a_token_is_good_as_soon_as_it_is_made_and_until_it_is_revoked() {
    let mut service = empty();
    let article = json!({"text": TEXT});
    assert_eq!(service.send("sitmap_none", &article).0, 401);
    let read = service.token("reader", "read");
    let write = service.token("feeds", "write");
    assert_eq!(service.send(&read, &article).0, 403);
    assert_eq!(service.send(&write, &article).0, 201);
    service.restart();
    assert_eq!(service.send(&write, &article).0, 200);
    let store = service.store.to_str().expect("UTF-8").to_owned();
    let revoked = run(
        &["token", "revoke", "--store", &store, "feeds"],
        service.folder.path(),
    );
    assert_eq!(revoked.code, Some(0), "{}", revoked.stderr);
    let until = Instant::now() + Duration::from_secs(10);
    while service.send(&write, &article).0 != 401 {
        assert!(Instant::now() < until, "it is still good");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn where_reading_wants_a_token_nobody_reads_without() {
    let folder = TempDir::new().expect("a folder");
    let store = folder.path().join("store.gpkg");
    let service = Service::start_with(folder, store, &["--reads", "token"]);
    let read = service.token("reader", "read");
    for path in [
        "/collections",
        "/collections/events/items",
        "/?f=json",
        "/tiles",
    ] {
        assert_eq!(service.get(path, None), 401, "{path}");
        assert_eq!(service.get(path, Some("sitmap_none")), 401, "{path}");
        assert_eq!(service.get(path, Some(&read)), 200, "{path}");
    }
    assert_eq!(service.get("/health", None), 200);
    assert_eq!(service.get("/?f=html", None), 200);
}

#[test]
fn a_store_that_another_program_holds_is_told_as_busy_and_taken_up_again() {
    let service = empty();
    let write = service.token("feeds", "write");
    let other = rusqlite::Connection::open(&service.store).expect("SQLite");
    other
        .execute_batch("BEGIN IMMEDIATE")
        .expect("a transaction");
    let article = json!({"text": TEXT});
    let (status, said) = service.send(&write, &article);
    assert_eq!(status, 503, "{said}");
    assert!(!said.to_string().contains("gpkg"), "{said}");
    assert_eq!(service.get("/health", None), 200);
    other.execute_batch("ROLLBACK").expect("its end");
    assert_eq!(service.send(&write, &article).0, 201);
}
