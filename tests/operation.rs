//! What whoever operates a service has of it: metrics, a log, names of requests.

#[expect(dead_code, reason = "its services tell their operator nothing")]
mod program;

use std::fs::{self, File};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// How long a start may take on a busy machine with a debug build.
const PATIENCE: Duration = Duration::from_secs(60);

/// A service over the example articles that tells its operator what it does. Ends when dropped.
struct Operated {
    child: Child,
    folder: TempDir,
}

impl Operated {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let open = |name| File::create(folder.path().join(name)).expect("a file");
        let child = program::command(&["serve", "--listen", "127.0.0.1:0"], folder.path())
            .env("SITMAP_METRICS", "127.0.0.1:0")
            .env("SITMAP_LOG_FORMAT", "json")
            .env("RUST_LOG", "info")
            .stdout(open("out"))
            .stderr(open("log"))
            .stdin(Stdio::null())
            .spawn()
            .expect("the program starts");
        Self { child, folder }
    }

    /// The address that stands in one of its files.
    fn address(&self, file: &str) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let text = self.text(file);
            let found = text.lines().find_map(|line| line.split_once("http://"));
            if let Some((_, address)) = found.filter(|_| text.ends_with('\n')) {
                return format!("http://{}", address.trim_end_matches('/'));
            }
            assert!(Instant::now() < end, "no address in {file}: {text}");
            sleep(Duration::from_millis(50));
        }
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.folder.path().join(file)).expect("a file")
    }

    /// What was logged of requests.
    fn requests(&self) -> Vec<Value> {
        let log = self.text("log");
        let lines = log.lines().filter(|line| line.starts_with('{'));
        let lines = lines.map(|line| serde_json::from_str(line).expect("a JSON object"));
        lines
            .filter(|line: &Value| line["target"] == "sitmap::requests")
            .collect()
    }
}

impl Drop for Operated {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn get(url: &str) -> ureq::http::Response<ureq::Body> {
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .new_agent();
    agent.get(url).call().expect("an answer")
}

fn text(url: &str) -> String {
    get(url).body_mut().read_to_string().expect("a text")
}

#[test]
fn the_operator_is_told_what_was_asked_and_how_it_went() {
    let service = Operated::start();
    let url = service.address("out");
    let metrics = service.address("log");
    assert!(metrics.ends_with("/metrics"), "{metrics}");

    for (path, status) in [
        ("/ready", 200),
        ("/collections/events/items?limit=1", 200),
        ("/collections/events/items?limit=2", 200),
        ("/collections/nothing/items", 404),
        ("/no/such/page", 404),
    ] {
        assert_eq!(get(&format!("{url}{path}")).status(), status, "{path}");
    }
    let told = text(&metrics);
    let items = "route=\"/collections/{collection}/items\",method=\"GET\"";
    for line in [
        &format!("sitmap_http_requests_total{{{items},status=\"200\"}} 2"),
        &format!("sitmap_http_requests_total{{{items},status=\"404\"}} 1"),
        "sitmap_http_requests_total{route=\"other\",method=\"GET\",status=\"404\"} 1",
        "sitmap_http_request_duration_seconds_count{route=\"/ready\"} 1",
        "sitmap_http_requests_under_way 0",
        "sitmap_store_failures_total 0",
        "# EOF",
    ] {
        assert!(told.lines().any(|l| l == line), "{line} is not in:\n{told}");
    }
    let health: Value = serde_json::from_str(&text(&format!("{url}/health"))).expect("JSON");
    let events = format!(
        "sitmap_index_features{{collection=\"events\"}} {}",
        health["events"]
    );
    assert!(told.lines().any(|l| l == events), "{events}:\n{told}");

    // Nobody else is told.
    assert_eq!(get(&format!("{url}/metrics")).status(), 404);

    let requests = service.requests();
    let items: Vec<_> = requests
        .iter()
        .filter(|line| line["uri"] == "/collections/events/items?limit=2")
        .collect();
    assert_eq!(items.len(), 1, "{requests:?}");
    assert_eq!(items[0]["status"], 200);
    assert!(items[0]["ms"].is_number());
}

#[test]
fn a_request_has_a_name_in_the_answer_and_in_the_log() {
    let service = Operated::start();
    let url = service.address("out");
    let ask = |id: &str| {
        let answer = ureq::get(&format!("{url}/health"))
            .header("x-request-id", id)
            .call()
            .expect("an answer");
        let id = answer.headers()["x-request-id"].to_str().expect("text");
        id.to_owned()
    };
    assert_eq!(ask("proxy-7.1_a"), "proxy-7.1_a");
    // What could be taken for something else in a log is not taken over.
    let other = ask("a b\"c");
    assert!(!other.contains([' ', '"']), "{other}");
    let requests = service.requests();
    for id in ["proxy-7.1_a", &other] {
        assert!(requests.iter().any(|line| line["id"] == id), "{id}");
    }
}
