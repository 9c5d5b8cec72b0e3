//! What servers may do to who asks them, and what of it gets anywhere.

use std::io::Write;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use super::server::{Reply, Server};
use super::{STORY, assert_says, feed_only, folder, once, poll, rss};

/// Bytes, packed.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes).expect("memory");
    writer.finish().expect("memory")
}

#[test]
fn a_redirect_leads_to_no_private_address() {
    // Nobody may come here.
    let inside = TcpListener::bind("127.0.0.1:0").expect("a free port");
    inside.set_nonblocking(true).expect("a setting");
    let port = inside.local_addr().expect("its address").port();
    let cases = [
        (format!("http://127.0.0.1:{port}/"), format!("port {port}")),
        ("http://127.0.0.1/".to_owned(), "loopback".to_owned()),
        ("http://localhost/".to_owned(), "loopback".to_owned()),
        ("http://2130706433/".to_owned(), "loopback".to_owned()),
        ("http://0/".to_owned(), "this network".to_owned()),
        ("http://[::1]/".to_owned(), "loopback".to_owned()),
        ("http://[::ffff:10.0.0.1]/".to_owned(), "private".to_owned()),
        ("https://192.168.0.1/".to_owned(), "private".to_owned()),
        (
            "http://169.254.169.254/latest/meta-data/".to_owned(),
            "link-local".to_owned(),
        ),
        (
            "file:///etc/passwd".to_owned(),
            "only http and https".to_owned(),
        ),
        (
            "//me:secret@127.0.0.1/".to_owned(),
            "name or password".to_owned(),
        ),
    ];
    for (target, why) in cases {
        let location = format!("Location: {target}");
        let server = feed_only(move |_| Reply::new(302).with(location.clone()));
        assert_says(&poll(&folder(), &server), 1, &[&why]);
        assert_eq!(server.asked("/feed"), 1, "{target}");
    }
    // With the port allowed, the address still is not.
    let location = format!("Location: http://127.0.0.1:{port}/");
    let server = feed_only(move |_| Reply::new(301).with(location.clone()));
    let port = port.to_string();
    let finished = once(
        &folder(),
        &server,
        &[&server.url("/feed")],
        &["--allow-port", &port],
    );
    assert_says(&finished, 1, &["loopback", "--allow-private"]);
    assert!(inside.accept().is_err(), "somebody came");
}

#[test]
fn a_feed_in_a_private_network_is_asked_only_where_that_is_allowed() {
    let server = feed_only(|_| Reply::ok(rss(&[])));
    let port = server
        .host()
        .rsplit(':')
        .next()
        .map(str::to_owned)
        .expect("a port");
    let watch = |feed: &str, options: &[&str]| {
        let fixed = ["watch", "--once", "--store", "s.gpkg"];
        super::run(&[&fixed[..], options, &[feed]].concat(), folder().path())
    };
    let feed = server.url("/feed");
    assert_says(&watch(&feed, &[]), 1, &[&feed, "refused: port"]);
    assert_says(&watch(&feed, &["--allow-port", &port]), 1, &["loopback"]);
    // Another name of the same host is another host.
    let other = format!("http://localhost:{port}/feed");
    let options = ["--allow-port", &port, "--allow-private", &server.host()];
    assert_says(&watch(&other, &options), 1, &["loopback"]);
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn redirects_end() {
    let server = feed_only(|_| Reply::new(302).with("Location: /feed"));
    assert_says(&poll(&folder(), &server), 1, &["more than 5 redirects"]);
    assert_eq!(server.asked("/feed"), 6);
    let server = feed_only(|_| Reply::new(302));
    assert_says(
        &poll(&folder(), &server),
        1,
        &["a redirect without a good address"],
    );
}

#[test]
fn no_more_is_taken_than_ten_megabytes_packed_or_not() {
    let much = vec![b' '; 10_000_001];
    let bomb = packed(&vec![0; 100_000_000]);
    let server = feed_only(move |_| Reply::ok(much.clone()));
    assert_says(&poll(&folder(), &server), 1, &["larger than 10000 KB"]);
    let server = feed_only(move |_| Reply::ok(bomb.clone()).with("Content-Encoding: gzip"));
    assert_says(&poll(&folder(), &server), 1, &["larger than 10000 KB"]);
    let feed = packed(rss(&[("1", STORY)]).as_bytes());
    let server = feed_only(move |request| {
        assert!(
            request
                .header("accept-encoding")
                .is_some_and(|value| value.contains("gzip"))
        );
        Reply::ok(feed.clone()).with("Content-Encoding: gzip")
    });
    assert_says(&poll(&folder(), &server), 0, &["1 new"]);
}

#[test]
fn a_feed_without_a_bottom_is_refused() {
    let open = "<media:group>".repeat(200_000);
    let shut = "</media:group>".repeat(200_000);
    let feed = format!(
        "<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'><channel><item>{open}{shut}</item></channel></rss>"
    );
    let server = feed_only(move |_| Reply::ok(feed.clone()));
    assert_says(&poll(&folder(), &server), 1, &["nested more than 500 deep"]);
}

#[test]
fn who_answers_too_slowly_is_left() {
    let slow = Duration::from_millis(200);
    let server = feed_only(move |_| Reply::ok(rss(&[("1", STORY)])).slowly(slow));
    let start = Instant::now();
    let finished = once(
        &folder(),
        &server,
        &[&server.url("/feed")],
        &["--timeout", "2"],
    );
    assert_says(&finished, 1, &["no answer within 2 seconds"]);
    assert!(
        start.elapsed() < Duration::from_secs(40),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn robots_txt_is_obeyed() {
    let with = |robots: Reply| {
        Server::start(move |request| match request.path.as_str() {
            "/robots.txt" => robots.clone(),
            "/feed" => Reply::ok(rss(&[("1", STORY)])),
            _ => Reply::new(404),
        })
    };
    // More than is read of such a file, and a rule behind that.
    let long = format!(
        "User-agent: *\n{}Disallow: /feed\n",
        "# nothing\n".repeat(60_000)
    );
    let cases = [
        (
            Reply::ok("User-agent: *\nDisallow: /feed"),
            Some("does not allow"),
        ),
        (
            Reply::ok("User-agent: sitmap\nDisallow: /"),
            Some("does not allow"),
        ),
        (
            Reply::ok("User-agent: sitmap\nAllow: /feed\nUser-agent: *\nDisallow: /"),
            None,
        ),
        (Reply::ok("User-agent: *\nDisallow: /private"), None),
        (Reply::ok(long), None),
        (Reply::ok([0xff, 0xfe, 0]), None),
        (Reply::new(404), None),
        (Reply::new(403), None),
        (Reply::new(500), Some("status 500")),
        (Reply::new(429), Some("status 429")),
        (
            Reply::new(302).with("Location: http://169.254.169.254/"),
            Some("link-local"),
        ),
        (Reply::new(302).with("Location: /robots.txt"), None),
    ];
    for (robots, refused) in cases {
        let (folder, server) = (folder(), with(robots.clone()));
        let finished = poll(&folder, &server);
        match refused {
            Some(why) => assert_says(&finished, 1, &["robots.txt", why]),
            None => assert_says(&finished, 0, &["1 new"]),
        }
        let asked = usize::from(refused.is_none());
        assert_eq!(
            server.asked("/feed"),
            asked,
            "{:.300}",
            format!("{robots:?}")
        );
    }
}

#[test]
fn wrong_arguments_are_named() {
    for (arguments, parts) in [
        (
            &["ftp://example.org/feed"][..],
            &["ftp://example.org/feed", "http"][..],
        ),
        (&["feed.xml"], &["feed.xml", "no address"]),
        (&["http://example.org:22/"], &["port 22"]),
        (
            &["http://example.org/", "--contact", "two words"],
            &["--contact"],
        ),
        (
            &["http://example.org/", "--contact", "a\r\nHost: b"],
            &["--contact"],
        ),
    ] {
        let watch = [&["watch", "--once"], arguments].concat();
        assert_says(&super::run(&watch, folder().path()), 1, parts);
    }
    for arguments in [
        &["watch"][..],
        &["watch", "http://example.org/", "--interval", "0"],
        &["watch", "http://example.org/", "--timeout", "0"],
        &[
            "watch",
            "http://example.org/",
            "--allow-private",
            "10.0.0.0/8",
        ],
    ] {
        assert_says(&super::run(arguments, folder().path()), 2, &["--help"]);
    }
}
