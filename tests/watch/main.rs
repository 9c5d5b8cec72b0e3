//! `sitmap watch`: what it asks of servers, how often, and what it does with what they answer.

mod entries;
mod network;
#[path = "../program/mod.rs"]
#[expect(dead_code, reason = "what runs a service is for other tests")]
mod program;
mod server;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use program::{Finished, command, run};
use server::{Reply, Request, Server};
use tempfile::TempDir;

/// A sentence with one plain event.
const STORY: &str = "L'armée syrienne est entrée mercredi dans la ville de Raqqa.";

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// A feed with items of these ids and texts.
fn rss(items: &[(&str, &str)]) -> String {
    let item = |(id, text): &(&str, &str)| {
        format!(
            "<item><guid isPermaLink='false'>{id}</guid><title>Raqqa</title><link>/page/{id}</link>
            <pubDate>Thu, 17 Oct 2019 08:00:00 GMT</pubDate><description>{text}</description></item>"
        )
    };
    let items: String = items.iter().map(item).collect();
    format!(
        "<?xml version='1.0'?><rss version='2.0'><channel><title>J</title>{items}</channel></rss>"
    )
}

/// Answers `/feed` in some way, and has nothing else.
fn feed_only(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Server {
    Server::start(move |request| match request.path.as_str() {
        "/feed" => answer(request),
        _ => Reply::new(404),
    })
}

/// Polls feeds once. The first must be the server's.
fn once(folder: &TempDir, server: &Server, feeds: &[&str], options: &[&str]) -> Finished {
    let host = server.host();
    let fixed = [
        "watch",
        "--once",
        "--store",
        "s.gpkg",
        "--threads",
        "1",
        "--allow-private",
        &host,
    ];
    run(&[&fixed[..], options, feeds].concat(), folder.path())
}

fn poll(folder: &TempDir, server: &Server) -> Finished {
    once(folder, server, &[&server.url("/feed")], &[])
}

/// It ended so, said this, and did not panic.
fn assert_says(finished: &Finished, code: i32, parts: &[&str]) {
    assert_eq!(finished.code, Some(code), "{finished:#?}");
    assert!(!finished.stderr.contains("panicked"), "{finished:#?}");
    let said = format!("{}{}", finished.stdout, finished.stderr);
    for part in parts {
        assert!(said.contains(part), "{part:?} is not said: {finished:#?}");
    }
}

/// The articles of the events in the store.
fn articles(folder: &TempDir) -> Vec<String> {
    let export = ["export", "--format", "ndjson", "--store", "s.gpkg"];
    let lines = run(&export, folder.path()).stdout;
    let mut ids: Vec<_> = lines
        .lines()
        .map(|line| {
            let event: serde_json::Value = serde_json::from_str(line).expect("JSON");
            event["properties"]["article"]
                .as_str()
                .expect("an id")
                .to_owned()
        })
        .collect();
    ids.dedup();
    ids
}

#[test]
fn what_is_new_is_stored_and_the_rest_is_unchanged() {
    let (folder, server) = (
        folder(),
        feed_only(|_| Reply::ok(rss(&[("1", STORY), ("2", STORY)]))),
    );
    let first = once(
        &folder,
        &server,
        &[&server.url("/feed")],
        &["--contact", "desk@example.org"],
    );
    assert_says(
        &first,
        0,
        &[
            "2 items: 2 new, 0 replaced, 0 unchanged, 0 failed; 2 events",
            "next in 1",
        ],
    );
    assert_eq!(first.stdout.lines().count(), 1, "a line for a poll");
    // The ids of two feeds are not taken for each other's.
    let host = server.host();
    assert_eq!(
        articles(&folder),
        [format!("{host}/1"), format!("{host}/2")]
    );
    let expected = format!("sitmap/{} (+desk@example.org)", env!("CARGO_PKG_VERSION"));
    for request in server.requests() {
        assert_eq!(
            request.header("user-agent"),
            Some(expected.as_str()),
            "{request:?}"
        );
    }

    let again = poll(&folder, &server);
    assert_says(
        &again,
        0,
        &["2 items: 0 new, 0 replaced, 2 unchanged, 0 failed; 0 events"],
    );
    assert_eq!(server.asked("/robots.txt"), 1, "asked for once a day");
}

#[test]
fn a_feed_that_has_not_changed_is_not_sent_again() {
    let folder = folder();
    let server = feed_only(|request| {
        let tag = request.header("if-none-match") == Some("\"v1\"");
        let time = request.header("if-modified-since") == Some("Thu, 17 Oct 2019 08:00:00 GMT");
        match (tag, time) {
            (true, true) => Reply::new(304),
            _ => Reply::ok(rss(&[("1", STORY)]))
                .with("ETag: \"v1\"")
                .with("Last-Modified: Thu, 17 Oct 2019 08:00:00 GMT"),
        }
    });
    assert_says(&poll(&folder, &server), 0, &["1 new"]);
    for _ in 0..2 {
        assert_says(&poll(&folder, &server), 0, &["not modified"]);
    }
}

#[test]
fn who_asks_to_be_left_alone_is() {
    let busy = |status| move |_: &Request| Reply::new(status).with("Retry-After: 3600");
    let ttl = rss(&[("1", STORY)]).replace("<title>J", "<ttl>60</ttl><title>J");
    let servers = [
        (1, "status 429", feed_only(busy(429))),
        (1, "status 503", feed_only(busy(503))),
        // Without a word of how long, the first failure is one interval.
        (1, "status 500", feed_only(|_| Reply::new(500))),
        (0, "1 new", feed_only(move |_| Reply::ok(ttl.clone()))),
        (
            0,
            "1 new",
            feed_only(|_| {
                Reply::ok(rss(&[("1", STORY)])).with("Cache-Control: public, max-age=3600")
            }),
        ),
    ];
    for (code, said, server) in servers {
        let folder = folder();
        assert_says(&poll(&folder, &server), code, &[said]);
        assert_says(&poll(&folder, &server), 0, &["left alone until"]);
        assert_eq!(server.asked("/feed"), 1, "{said}");
    }
}

#[test]
fn a_feed_that_moved_for_good_is_asked_where_it_is() {
    for (status, asked) in [(301, 1), (308, 1), (302, 2), (307, 2)] {
        let folder = folder();
        let server = Server::start(move |request| match request.path.as_str() {
            "/feed" => Reply::new(status).with("Location: /new"),
            "/new" if request.header("if-none-match").is_some() => Reply::new(304),
            "/new" => Reply::ok(rss(&[("1", STORY)])).with("ETag: \"v1\""),
            _ => Reply::new(404),
        });
        assert_says(&poll(&folder, &server), 0, &["1 new"]);
        assert_says(&poll(&folder, &server), 0, &["not modified"]);
        assert_eq!(
            (server.asked("/feed"), server.asked("/new")),
            (asked, 2),
            "{status}"
        );
    }
}

#[test]
fn one_bad_feed_does_not_keep_the_others() {
    let folder = folder();
    let server = Server::start(|request| match request.path.as_str() {
        "/broken" => Reply::ok("<?xml version='1.0'?><rss version='2.0'><channel><item></rss>"),
        "/page" => Reply::ok("<!doctype html><html><p>No feed.</p></html>"),
        "/empty" => Reply::ok(""),
        "/good" => Reply::ok(rss(&[("1", STORY), ("2", ""), ("3", STORY)])),
        _ => Reply::new(404),
    });
    let urls = ["/broken", "/page", "/empty", "/gone", "/good"].map(|path| server.url(path));
    let finished = once(&folder, &server, &urls.each_ref().map(String::as_str), &[]);
    let said = [
        "/good, entry 2: it is empty",
        "3 items: 2 new, 0 replaced, 0 unchanged, 1 failed",
    ];
    assert_says(&finished, 1, &said);
    assert_says(&finished, 1, &["/gone failed: answered with status 404"]);
    assert_eq!(
        finished
            .stdout
            .matches("failed: no feed (RSS or Atom)")
            .count(),
        3,
        "{finished:#?}"
    );
    assert_eq!(articles(&folder).len(), 2);
}

#[test]
fn no_more_than_a_thousand_items_are_taken() {
    let ids: Vec<_> = (0..1_003).map(|id| id.to_string()).collect();
    let items: Vec<_> = ids.iter().map(|id| (id.as_str(), "Rien.")).collect();
    let feed = rss(&items);
    let (folder, server) = (folder(), feed_only(move |_| Reply::ok(feed.clone())));
    assert_says(
        &poll(&folder, &server),
        0,
        &["1000 items: 1000 new", "; 3 more were left;"],
    );
}

#[test]
fn the_linked_pages_are_read_if_that_is_wished_and_once() {
    let folder = folder();
    let page = format!(
        "<!doctype html><html><head><title>T</title></head><body><nav>Menu</nav><article><h1>Raqqa</h1><p>{STORY}</p>
        <p>Les combats dans la ville ont duré toute la nuit, selon des habitants joints au téléphone.</p></article></body></html>"
    );
    let server = Server::start(move |request| match request.path.as_str() {
        "/feed" => {
            let feed = rss(&[
                ("a", "Court."),
                ("b", "Court."),
                ("c", STORY),
                ("d", STORY),
                ("e", "Court."),
            ]);
            let feed = feed.replace("/page/c", "http://169.254.169.254/latest/meta-data/");
            Reply::ok(feed.replace("/page/d", "/secret")).with("ETag: \"v1\"")
        }
        "/robots.txt" => Reply::ok("User-agent: *\nDisallow: /secret"),
        "/page/a" | "/page/b" => Reply::ok(page.clone()),
        "/page/e" => Reply::new(503),
        _ => Reply::new(404),
    });
    let full = || once(&folder, &server, &[&server.url("/feed")], &["--full"]);
    let first = full();
    assert_says(
        &first,
        1,
        &[
            "4 new, 0 replaced, 0 unchanged, 1 failed",
            "link-local",
            "robots.txt",
        ],
    );
    assert!(
        first.stderr.contains("/page/e: answered with status 503"),
        "{first:#?}"
    );
    let host = server.host();
    assert_eq!(
        articles(&folder),
        ["a", "b", "c", "d"].map(|id| format!("{host}/{id}"))
    );

    assert_says(&full(), 1, &["0 new, 0 replaced, 4 unchanged, 1 failed"]);
    let asked = ["/page/a", "/page/b", "/page/e", "/secret"].map(|path| server.asked(path));
    assert_eq!(
        asked,
        [1, 1, 2, 0],
        "what failed is tried again, the rest is not"
    );
}

#[test]
fn a_damaged_memory_is_named_and_left() {
    let (folder, server) = (folder(), feed_only(|_| Reply::ok(rss(&[]))));
    let path = folder.path().join("s.gpkg-feeds.json");
    fs::write(&path, "{\n\"feeds\": 3}").expect("a file");
    assert_says(&poll(&folder, &server), 1, &["s.gpkg-feeds.json", "line 2"]);
    assert_eq!(
        fs::read_to_string(&path).expect("the file"),
        "{\n\"feeds\": 3}"
    );
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn ctrl_c_ends_a_watch_that_waits() {
    let (folder, server) = (folder(), feed_only(|_| Reply::ok(rss(&[("1", STORY)]))));
    let (host, feed) = (server.host(), server.url("/feed"));
    let watch = [
        "watch",
        "--store",
        "s.gpkg",
        "--allow-private",
        &host,
        &feed,
    ];
    let mut child = command(&watch, folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    let mut output = BufReader::new(child.stdout.take().expect("its output"));
    output.read_line(&mut line).expect("a line");
    assert!(line.contains("1 new"), "{line}");
    assert_eq!(child.try_wait().expect("its state"), None, "it goes on");
    let kill = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(kill.expect("kill").success());
    assert_eq!(child.wait().expect("its end").code(), Some(0));
    assert_eq!(server.asked("/feed"), 1, "and does not ask again at once");
    assert!(
        !Path::new(&folder.path().join("s.gpkg-wal")).exists(),
        "the store is whole"
    );
}
