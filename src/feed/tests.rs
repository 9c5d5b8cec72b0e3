use std::time::Duration;

use super::lookup::{HostPort, Policy};
use super::schedule::{max_age, retry_after};
use super::{Pace, Robots, why_not_public};

#[test]
fn only_public_addresses_may_be_asked() {
    let public = [
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2001:200::1",
        "2a00:1450:4001::1",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2002:808:808::1",
    ];
    for address in public {
        let why = why_not_public(address.parse().expect("an address"));
        assert_eq!(why, None, "{address}");
    }
    let others = [
        ("0.0.0.0", "this network"),
        ("0.1.2.3", "this network"),
        ("10.0.0.1", "private"),
        ("10.255.255.255", "private"),
        ("100.64.0.1", "shared by a carrier"),
        ("100.127.255.255", "shared by a carrier"),
        ("127.0.0.1", "loopback"),
        ("127.255.255.254", "loopback"),
        ("169.254.0.1", "link-local"),
        ("169.254.169.254", "link-local"),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.0.0.192", "for protocols"),
        ("192.0.2.1", "for documentation"),
        ("192.88.99.1", "a 6to4 relay"),
        ("192.168.1.1", "private"),
        ("198.18.0.1", "for benchmarks"),
        ("198.19.255.255", "for benchmarks"),
        ("198.51.100.7", "for documentation"),
        ("203.0.113.7", "for documentation"),
        ("224.0.0.1", "multicast"),
        ("239.255.255.255", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
        ("::", "this network"),
        ("::1", "loopback"),
        ("::127.0.0.1", "not global"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::ffff:10.0.0.1", "private"),
        ("::ffff:169.254.169.254", "link-local"),
        ("64:ff9b::10.0.0.1", "private"),
        ("64:ff9b::169.254.169.254", "link-local"),
        ("64:ff9b:1::8.8.8.8", "local NAT64"),
        ("100::1", "not global"),
        ("2001::1", "for protocols"),
        ("2001:1ff::1", "for protocols"),
        ("2001:db8::1", "for documentation"),
        ("2002:7f00:1::1", "loopback"),
        ("2002:a9fe:a9fe::", "link-local"),
        ("2002:c0a8:101::1", "private"),
        ("3fff::1", "for documentation"),
        ("4000::1", "not global"),
        ("5f00::1", "not global"),
        ("fc00::1", "unique-local"),
        ("fd00:ec2::254", "unique-local"),
        ("fe80::1", "link-local"),
        ("fec0::1", "site-local"),
        ("ff02::1", "multicast"),
    ];
    for (address, what) in others {
        let why = why_not_public(address.parse().expect("an address"));
        assert_eq!(why, Some(what), "{address}");
    }
}

#[test]
fn an_address_is_refused_for_what_it_is_written_with() {
    let policy = Policy {
        ports: [8080].into(),
        private: ["127.0.0.1:9000", "[::1]:80", "news.intranet:8000"]
            .map(|host| host.parse().expect("a host"))
            .into(),
    };
    for url in [
        "http://example.org/feed",
        "https://example.org/feed#top",
        "HTTPS://Example.org:443/",
        "http://example.org:8080/",
        "http://127.0.0.1:9000/feed",
        "http://0x7f.1:9000/feed",
        "http://[::1]/",
        "http://NEWS.intranet:8000/",
    ] {
        let read = policy.url(url);
        assert!(read.is_ok(), "{url}: {read:?}");
    }
    let long = format!("http://example.org/{}", "a".repeat(4_000));
    for (url, why) in [
        ("ftp://example.org/", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("gopher://example.org/", "only http and https"),
        ("javascript:alert(1)", "only http and https"),
        ("data:text/plain,a", "only http and https"),
        ("http://me@example.org/", "name or password"),
        ("http://me:secret@example.org/", "name or password"),
        ("http://example.org:22/", "port 22"),
        ("https://example.org:6379/", "port 6379"),
        ("http://127.0.0.1:9001/", "port 9001"),
        ("http://localhost:9000/", "port 9000"),
        ("feed.xml", "no address"),
        ("http://", "no address"),
        (&long, "longer than"),
    ] {
        let error = policy.url(url).expect_err(url).to_string();
        assert!(error.contains(why), "{url}: {error}");
    }
}

#[test]
fn a_private_host_is_named_with_its_port_and_nothing_else() {
    for (text, host) in [
        ("127.0.0.1:8080", "127.0.0.1:8080"),
        ("[::1]:443", "[::1]:443"),
        ("News.Intranet:80", "news.intranet:80"),
    ] {
        let read: HostPort = text.parse().expect(text);
        assert_eq!(read.to_string(), host);
    }
    for text in [
        "",
        "host",
        "host:",
        "host:http",
        "a/b:80",
        "me@host:80",
        "::1",
        "host:80/feed",
        "host:99999",
    ] {
        assert!(text.parse::<HostPort>().is_err(), "{text:?}");
    }
}

#[test]
fn robots_txt_is_read_as_the_standard_says() {
    // The file, then paths that it allows, and paths that it does not.
    let cases: &[(&str, &[&str], &[&str])] = &[
        ("", &["/", "/a"], &[]),
        ("User-agent: *\nDisallow:", &["/", "/a"], &[]),
        ("User-agent: *\nDisallow: /", &[], &["/", "/a?b"]),
        (
            "\u{feff}user-agent:*\r\ndisallow:/a # no\r\n",
            &["/", "/b"],
            &["/a", "/abc", "/a/b"],
        ),
        // The group of one's own name counts alone, wherever it stands.
        (
            "User-agent: *\nDisallow: /\n\nUser-agent: SitMap/2.0\nDisallow: /x",
            &["/", "/a"],
            &["/x"],
        ),
        (
            "User-agent: sitmap\nAllow: /\nUser-agent: *\nDisallow: /",
            &["/a"],
            &[],
        ),
        (
            "User-agent: sitmap\n\nUser-agent: other\nDisallow: /a",
            &["/b"],
            &["/a"],
        ),
        // Of one's own there may be several, which are one.
        (
            "User-agent: sitmap\nDisallow: /a\nUser-agent: x\nDisallow: /c\nUser-agent: sitmap\nDisallow: /b",
            &["/c"],
            &["/a", "/b"],
        ),
        ("User-agent: sitmapper\nDisallow: /", &["/a"], &[]),
        // Rules before any group mean nobody.
        ("Disallow: /\nUser-agent: *\nDisallow: /a", &["/b"], &["/a"]),
        (
            "User-agent: *\nSitemap: https://e.org/s\nDisallow: /a",
            &["/b"],
            &["/a"],
        ),
        // The longest rule counts, and of two the kinder.
        (
            "User-agent: *\nDisallow: /a\nAllow: /a/b",
            &["/a/b", "/a/bc"],
            &["/a", "/a/c"],
        ),
        (
            "User-agent: *\nAllow: /a/b\nDisallow: /a",
            &["/a/b"],
            &["/a/c"],
        ),
        ("User-agent: *\nDisallow: /a\nAllow: /a", &["/a"], &[]),
        (
            "User-agent: *\nDisallow: /*.xml$",
            &["/a.xml?b", "/a.xmls"],
            &["/a.xml", "/b/a.xml"],
        ),
        ("User-agent: *\nDisallow: /a$", &["/ab", "/a/"], &["/a"]),
        ("User-agent: *\nDisallow: /a*$", &["/b"], &["/a", "/ab"]),
        ("User-agent: *\nDisallow: /*?", &["/a"], &["/a?b"]),
        (
            "User-agent: *\nDisallow: /a*b*c",
            &["/acb", "/ab"],
            &["/abc", "/a-b-c-d"],
        ),
        // However it is escaped.
        (
            "User-agent: *\nDisallow: /%7euser\nDisallow: /é",
            &["/e"],
            &["/~user", "/%7Euser", "/%c3%A9"],
        ),
        ("User-agent: *\nDisallow: /a%2Fb", &["/a/b"], &["/a%2fb"]),
        (
            "User-agent: *\nDisallow: /%\nDisallow: /%+f",
            &["/a"],
            &["/%", "/%zz", "/%+f"],
        ),
    ];
    for (file, allowed, others) in cases {
        let robots = Robots::parse(file);
        for path in *allowed {
            assert!(robots.allows(path), "{file:?} allows {path}");
        }
        for path in *others {
            assert!(!robots.allows(path), "{file:?} does not allow {path}");
        }
    }
}

#[test]
fn headers_that_say_how_long_are_read() {
    let seconds = |seconds| Some(Duration::from_secs(seconds));
    for (header, age) in [
        ("max-age=600", seconds(600)),
        ("public, MAX-AGE = \"60\", immutable", seconds(60)),
        ("s-maxage=5", None),
        ("no-store", None),
        ("max-age=-1", None),
        ("max-age=99999999999999999999", seconds(u64::MAX)),
    ] {
        assert_eq!(max_age(header), age, "{header}");
    }
    assert_eq!(retry_after(" 120 "), seconds(120));
    assert_eq!(retry_after("soon"), None);
    assert_eq!(
        retry_after("Fri, 31 Dec 1999 23:59:59 GMT"),
        None,
        "it is past"
    );
    let later = retry_after("Thu, 31 Dec 2099 23:59:59 GMT").expect("a time");
    assert!(later > Duration::from_secs(365 * 24 * 60 * 60));
}

#[test]
fn the_pace_is_slower_for_failures_and_for_who_asks_and_never_faster() {
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    let pace = Pace {
        interval: minutes(20),
    };
    let day = minutes(24 * 60);
    assert_eq!(pace.after_success(None), Duration::ZERO);
    assert_eq!(pace.after_success(Some(minutes(60))), minutes(60));
    assert_eq!(pace.after_success(Some(Duration::from_secs(u64::MAX))), day);
    assert_eq!(pace.after_failure(1, None), minutes(18));
    assert_eq!(pace.after_failure(2, None), minutes(36));
    assert_eq!(pace.after_failure(3, None), minutes(72));
    assert_eq!(pace.after_failure(u32::MAX, None), day);
    assert_eq!(pace.after_failure(1, Some(minutes(90))), minutes(90));
    assert_eq!(
        pace.after_failure(1, Some(Duration::from_secs(u64::MAX))),
        day * 7
    );
    for wait in [Duration::ZERO, minutes(1), minutes(300)] {
        let least = wait.max(pace.interval);
        let next: Vec<_> = (0..50).map(|_| pace.next(wait)).collect();
        assert!(
            next.iter()
                .all(|next| *next >= least && *next <= least * 11 / 10)
        );
        assert!(
            next.iter().any(|other| *other != next[0]),
            "not all at one time"
        );
    }
}
